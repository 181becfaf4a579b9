//! What comes back from the field: attempts.csv and answers.csv, in and (for rehearsals) out.
//!
//! | attempts.csv      | answers.csv    |                                         |
//! |-------------------|----------------|-----------------------------------------|
//! | `case_id`         | `case_id`      | needed                                  |
//! | `attempt_no`      |                | needed: 1, 2, 3 …                       |
//! | `started_at`      | `started_at`   | needed: 2016-01-05T10:03:00, local time |
//! | `raw_code`        |                | needed: an AAPOR code, as 2.111         |
//! | `interviewer`     | `interviewer`  | may be blank or absent                  |
//! | `ring_s` `talk_s` |                | may be blank or absent: seconds         |
//! |                   | `ended_at`     | may be blank or absent                  |
//! |                   | `lang`         | may be there; not read                  |
//! |                   | anything else  | an item: a number, or blank             |

use std::path::Path;

use jiff::civil::DateTime;

use super::csv::Sheet;
use super::{Error, write_text};
use crate::field::{Answer, Answers, Attempt};

/// Columns of answers.csv that are no items.
const NO_ITEMS: [&str; 5] = ["case_id", "interviewer", "started_at", "ended_at", "lang"];

fn time(cell: &str) -> Option<DateTime> {
    cell.parse().ok()
}

fn seconds(cell: &str) -> Option<u32> {
    cell.parse().ok()
}

/// Reads attempts.csv.
///
/// # Errors
///
/// [`Error::Columns`] or [`Error::Cells`]: everything that is wrong with the file at once.
pub fn read_attempts(path: &Path) -> Result<Vec<Attempt>, Error> {
    let mut sheet = Sheet::read(path, &["case_id", "attempt_no", "started_at", "raw_code"])?;
    let mut attempts = Vec::with_capacity(sheet.len());
    for row in 0..sheet.len() {
        let case = sheet.need(row, "case_id", "a case id", |cell| Some(cell.to_owned()));
        let number = sheet.need(row, "attempt_no", "a whole number", seconds);
        let started = sheet.need(row, "started_at", "a time as 2016-01-05T10:03:00", time);
        let code = sheet.need(row, "raw_code", "a code", |cell| Some(cell.to_owned()));
        let ring_seconds = sheet.maybe(row, "ring_s", "a whole number of seconds", seconds);
        let talk_seconds = sheet.maybe(row, "talk_s", "a whole number of seconds", seconds);
        if let (Some(case), Some(number), Some(started), Some(code)) = (case, number, started, code)
        {
            let interviewer = sheet
                .cell(row, "interviewer")
                .unwrap_or_default()
                .to_owned();
            let row = sheet.line(row);
            attempts.push(Attempt {
                row,
                case,
                number,
                started,
                ring_seconds,
                talk_seconds,
                interviewer,
                code,
            });
        }
    }
    sheet.finish()?;
    Ok(attempts)
}

/// Reads answers.csv.
///
/// # Errors
///
/// [`Error::Columns`] or [`Error::Cells`]: everything that is wrong with the file at once.
pub fn read_answers(path: &Path) -> Result<Answers, Error> {
    let mut sheet = Sheet::read(path, &["case_id", "started_at"])?;
    let items: Vec<String> = sheet
        .columns()
        .iter()
        .filter(|c| !NO_ITEMS.contains(&c.as_str()))
        .cloned()
        .collect();
    let mut rows = Vec::with_capacity(sheet.len());
    for row in 0..sheet.len() {
        let case = sheet.need(row, "case_id", "a case id", |cell| Some(cell.to_owned()));
        let started = sheet.need(row, "started_at", "a time as 2016-01-05T10:03:00", time);
        let ended = sheet.maybe(row, "ended_at", "a time as 2016-01-05T10:03:00", time);
        let finite = |cell: &str| cell.parse::<f64>().ok().filter(|value| value.is_finite());
        let values = items
            .iter()
            .map(|item| sheet.maybe(row, item, "a number, or blank", finite))
            .collect();
        if let (Some(case), Some(started)) = (case, started) {
            let interviewer = sheet
                .cell(row, "interviewer")
                .unwrap_or_default()
                .to_owned();
            rows.push(Answer {
                row: sheet.line(row),
                case,
                interviewer,
                started,
                ended,
                values,
            });
        }
    }
    sheet.finish()?;
    Ok(Answers { items, rows })
}

/// Writes attempts.csv.
///
/// # Errors
///
/// [`Error::Write`] if it cannot be written.
pub fn write_attempts(path: &Path, attempts: &[Attempt]) -> Result<(), Error> {
    let maybe = |value: Option<u32>| value.map(|v| v.to_string()).unwrap_or_default();
    let heading = [
        "case_id",
        "attempt_no",
        "started_at",
        "ring_s",
        "talk_s",
        "interviewer",
        "raw_code",
    ];
    let rows = attempts.iter().map(|attempt| {
        vec![
            attempt.case.clone(),
            attempt.number.to_string(),
            attempt.started.to_string(),
            maybe(attempt.ring_seconds),
            maybe(attempt.talk_seconds),
            attempt.interviewer.clone(),
            attempt.code.clone(),
        ]
    });
    write(path, heading.map(str::to_owned).to_vec(), rows)
}

/// Writes answers.csv.
///
/// # Errors
///
/// [`Error::Write`] if it cannot be written.
pub fn write_answers(path: &Path, answers: &Answers) -> Result<(), Error> {
    let mut heading = ["case_id", "interviewer", "started_at", "ended_at"]
        .map(str::to_owned)
        .to_vec();
    heading.extend(answers.items.iter().cloned());
    let rows = answers.rows.iter().map(|answer| {
        let mut row = vec![
            answer.case.clone(),
            answer.interviewer.clone(),
            answer.started.to_string(),
            answer
                .ended
                .map(|ended| ended.to_string())
                .unwrap_or_default(),
        ];
        row.extend(
            answer
                .values
                .iter()
                .map(|v| v.map(|v| v.to_string()).unwrap_or_default()),
        );
        row
    });
    write(path, heading, rows)
}

fn write(
    path: &Path,
    heading: Vec<String>,
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<(), Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in std::iter::once(heading).chain(rows) {
        writer
            .write_record(&row)
            .map_err(|why| Error::write(path, why))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|why| Error::write(path, why.error()))?;
    write_text(
        path,
        &String::from_utf8(bytes).map_err(|why| Error::write(path, why))?,
    )
}

#[cfg(test)]
mod tests {
    use super::{read_answers, read_attempts, write_answers, write_attempts};

    #[test]
    fn reading_what_was_written_gives_what_there_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let (calls, said) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
        std::fs::write(
            &calls,
            "raw_code,case_id,attempt_no,started_at,talk_s\n1.1,A,1,2016-01-05T10:03:00,300\n3.13,B,2,2016-01-05 18:00:00,\n",
        )
        .expect("can be written");
        std::fs::write(
            &said,
            "case_id,started_at,overall,ideal\nA,2016-01-05T10:03:00,9,\n",
        )
        .expect("can be written");
        let attempts = read_attempts(&calls).expect("reads");
        assert_eq!(
            (
                attempts[1].row,
                attempts[1].number,
                attempts[1].talk_seconds
            ),
            (3, 2, None)
        );
        let answers = read_answers(&said).expect("reads");
        assert_eq!(answers.items, ["overall", "ideal"]);
        assert_eq!(answers.rows[0].values, [Some(9.0), None]);
        write_attempts(&calls, &attempts).expect("writes");
        write_answers(&said, &answers).expect("writes");
        assert_eq!(read_attempts(&calls).expect("reads"), attempts);
        assert_eq!(read_answers(&said).expect("reads"), answers);
    }

    #[test]
    fn everything_wrong_with_a_file_is_told_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        std::fs::write(
            &path,
            "case_id,attempt_no,started_at,raw_code\nA,one,today,1.1\n,1,2016-01-05T10:03:00,\n",
        )
        .expect("can be written");
        let error = read_attempts(&path).expect_err("four problems").to_string();
        assert!(error.contains("4 cells"), "{error}");
        assert!(error.contains("line 2, attempt_no: 'one'"), "{error}");
        assert!(error.contains("line 3, raw_code: nothing"), "{error}");
    }
}
