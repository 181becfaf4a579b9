use std::collections::BTreeMap;
use std::sync::Mutex;

use super::{CsvList, Sheet};
use crate::frame::List;

fn written(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.csv");
    std::fs::write(&path, text).expect("can be written");
    (folder, path)
}

#[test]
fn numbers_keep_their_zeros_and_blanks_are_blank() {
    let (_folder, path) = written("id;phone;note\n007;02312345678;\"a;b\"\n008;;x\n");
    let list = CsvList::open("x".into(), &path, None).expect("opens");
    assert_eq!(
        list.says(),
        "UTF-8 (every byte fits), cells parted by semicolon"
    );
    let seen = Mutex::new(Vec::new());
    list.scan(&["note", "phone"], &|batch| {
        let mut seen = seen.lock().expect("no panic");
        for row in 0..batch.rows() {
            seen.push(
                batch
                    .columns
                    .iter()
                    .map(|c| c[row].map(str::to_owned))
                    .collect::<Vec<_>>(),
            );
        }
        Ok(())
    })
    .expect("reads");
    let some = |text: &str| Some(text.to_owned());
    let seen = seen.into_inner().expect("no panic");
    assert_eq!(
        seen,
        [
            vec![some("a;b"), some("02312345678")],
            vec![some("x"), None]
        ]
    );
}

#[test]
fn a_row_of_another_length_is_refused_with_its_line() {
    let (_folder, path) = written("a,b\n1,2\n3\n");
    let list = CsvList::open("x".into(), &path, None).expect("opens");
    let error = list.scan(&["a"], &|_| Ok(())).expect_err("a short row");
    assert!(error.to_string().contains("line: 3"), "{error}");
}

/// The cells of both columns, by row, and how many batches there were.
fn scanned(text: &str) -> (BTreeMap<u64, [Option<String>; 2]>, usize) {
    let (_folder, path) = written(text);
    let list = CsvList::open("x".into(), &path, None).expect("opens");
    let seen = Mutex::new((BTreeMap::new(), 0));
    list.scan(&["id", "note"], &|batch| {
        let mut seen = seen.lock().expect("no panic");
        for row in 0..batch.rows() {
            let cell = |column: usize| batch.columns[column][row].map(str::to_owned);
            let at = batch.first_row + row as u64;
            assert!(
                seen.0.insert(at, [cell(0), cell(1)]).is_none(),
                "row {at} twice"
            );
        }
        seen.1 += 1;
        Ok(())
    })
    .expect("reads");
    seen.into_inner().expect("no panic")
}

#[test]
fn a_long_list_is_cut_without_anybody_noticing() {
    const ROWS: usize = 100_000;
    let filler = "x".repeat(50);
    let plain = |end: &str| -> Vec<String> {
        let row = |row: usize| format!("{row},{filler}{end}");
        (0..ROWS).map(row).collect()
    };
    let with = |mut rows: Vec<String>, at: usize, row: &str| {
        rows[at] = row.to_owned();
        rows.concat()
    };
    let quoted = "q,\"a\nb, \"\"c\"\"\"\n";
    for (body, batches) in [
        (plain("\n").concat(), 3),
        (plain("\r\n").concat(), 3),
        (plain("\r").concat(), 1),
        (plain("\n").concat().trim_end().to_owned(), 3),
        (with(plain("\n"), 60_000, "\n\n60000,\n\r\n"), 3),
        (with(plain("\n"), 0, quoted), 4),
        (with(plain("\n"), 60_000, quoted), 3),
        (with(plain("\n"), ROWS - 1, quoted), 3),
        // A mark within a cell that does not begin with one stands for itself.
        (with(plain("\n"), 50_000, "5\",\"\"\n"), 3),
    ] {
        let text = format!("id,note\n{body}");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let cell = |cell: &str| Some(cell.to_owned()).filter(|cell| !cell.is_empty());
        let whole: BTreeMap<u64, [Option<String>; 2]> = (0..)
            .zip(reader.records().map(|row| row.expect("a row")))
            .map(|(at, row)| (at, [cell(&row[0]), cell(&row[1])]))
            .collect();
        let (seen, many) = scanned(&text);
        assert!(seen == whole, "{} of {} rows", seen.len(), whole.len());
        assert!(many.abs_diff(batches) <= 1, "{many} batches");
    }
}

#[test]
fn a_row_of_another_length_is_found_wherever_it_is() {
    let rows: Vec<String> = (0..60_000)
        .map(|row| format!("{row},{row:060}\n"))
        .collect();
    for short in [0, 40_000, 59_999] {
        let mut rows = rows.clone();
        rows[short] = "short\n".to_owned();
        let (_folder, path) = written(&format!("a,b\n{}", rows.concat()));
        let list = CsvList::open("x".into(), &path, None).expect("opens");
        let error = list.scan(&["a"], &|_| Ok(())).expect_err("a short row");
        let line = format!("line: {},", short + 2);
        assert!(error.to_string().contains(&line), "{error}");
    }
    let all_short = format!("a,b\n{}", "short\n".repeat(3));
    let (_folder, path) = written(&all_short);
    let list = CsvList::open("x".into(), &path, None).expect("opens");
    let error = list.scan(&["a"], &|_| Ok(())).expect_err("short rows");
    assert!(error.to_string().contains("line: 2,"), "{error}");
}

#[test]
fn whoever_visits_may_end_the_reading() {
    let rows: Vec<String> = (0..200_000)
        .map(|row| format!("{row},{row:060}\n"))
        .collect();
    let (_folder, path) = written(&format!("a,b\n{}", rows.concat()));
    let list = CsvList::open("x".into(), &path, None).expect("opens");
    let stop = || crate::frame::Error::Stopped { list: "x".into() };
    let error = list.scan(&["a"], &|batch| match batch.first_row {
        0 => Ok(()),
        _ => Err(stop()),
    });
    assert_eq!(error.expect_err("stopped").to_string(), stop().to_string());
}

#[test]
fn all_problems_of_a_table_are_told_at_once() {
    let (_folder, path) = written("case_id,n\nA,1\nB,x\nC,\n");
    let mut sheet = Sheet::read(&path, &["case_id", "n"]).expect("reads");
    for row in 0..sheet.len() {
        sheet.need(row, "n", "a whole number", |cell| cell.parse::<u32>().ok());
    }
    let error = sheet.finish().expect_err("two problems").to_string();
    assert!(error.contains("2 cells"), "{error}");
    assert!(
        error.contains("line 3, n: 'x'") && error.contains("line 4, n: nothing"),
        "{error}"
    );
    let error = Sheet::read(&path, &["case", "m"])
        .expect_err("no such columns")
        .to_string();
    assert!(error.contains("'case', 'm'"), "{error}");
}
