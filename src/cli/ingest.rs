//! Calls and answers come home.

use std::path::PathBuf;

use canvass::language::{Language, Words};
use canvass::report::{Column, Fieldwork, Finding, Table, Value, fieldwork_tables};
use canvass::study::{FieldResult, Study};
use clap::Args;

use super::{Common, Screen, study};

/// Take in calls and answers.
///
/// Reads survey.toml, 3-sample.parquet, 3-draw.json and the telephone centre's files; writes
/// 5-outcomes.parquet (how every number ended, and what was answered) and 5-field.json (counts,
/// rates, and what was wrong with the files). The files are kept in 5-returns/ as they came, beside
/// those taken in before; a file taken in twice changes nothing. Without files, all that were kept
/// are gone through again.
///
/// Next: canvass weigh
#[derive(Debug, Args)]
pub struct Ingest {
    /// Files of calls: case_id, attempt_no, started_at, raw_code …
    #[arg(long, value_name = "FILE", num_args = 1..)]
    attempts: Vec<PathBuf>,

    /// Files of answers: case_id, started_at, and a column for each item.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    answers: Vec<PathBuf>,
}

impl Ingest {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let study = study(common)?;
        let done = study.ingest(&self.attempts, &self.answers)?;
        let tables = tables(&study, &done.value, screen.language());
        screen.show("field", &done, &tables, "canvass weigh");
        Ok(())
    }
}

/// What was taken in, then what became of the numbers.
fn tables(study: &Study, result: &FieldResult, language: Language) -> Vec<Table> {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::number(say("lines", "行数")),
    ];
    let mut taken = Table::new("returns", say("What came back", "返回数据"), columns);
    taken.push(vec![
        Value::text(say("calls", "拨打记录")),
        Value::Whole(result.attempts),
    ]);
    taken.push(vec![
        Value::text(say("answers", "回答记录")),
        Value::Whole(result.answers),
    ]);
    let findings: Vec<Finding> = result
        .findings
        .iter()
        .map(|line| Finding {
            text: line.say(language).to_owned(),
            count: line.count,
            rows: line.rows.clone(),
        })
        .collect();
    let window = study.settings().field.window.as_ref();
    let field = Fieldwork {
        window: window.map(|window| (window.start, window.end)),
        cells: &result.rates,
        in_use: &result.in_use,
        findings: &findings,
    };
    let mut tables = vec![taken];
    tables.extend(fieldwork_tables(&field, language));
    tables
}
