//! Every step that is out of date, in order.

use std::collections::BTreeSet;

use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study::{Done, Ran, Study};
use clap::Args;
use serde::Serialize;

use super::{Common, Screen, study};

/// Take every step that is out of date, in order.
///
/// Reads survey.toml, journal.jsonl and whatever the steps read; writes whatever the steps write. A
/// step is out of date if something it read or wrote has changed since, or if another version of
/// canvass took it. Stops before canvass ingest while nothing has come back from the field.
///
/// Next: canvass ingest --attempts FILE --answers FILE; at the end, open 9-report.html
#[derive(Debug, Args)]
pub struct Run {}

/// The steps, and whether they were taken.
#[derive(Debug, Serialize)]
pub struct Steps {
    steps: Vec<Step>,
}

#[derive(Debug, Serialize)]
struct Step {
    step: &'static str,
    taken: bool,
    notices: usize,
}

impl Run {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let study = study(common)?;
        let ran = study.run(screen.monitor())?;
        let told = ran.iter().any(|ran| ran.step == "report");
        let (read, wrote) = files(&study, &ran)?;
        let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
        let table = table(
            &ran,
            screen,
            &say("Steps", "步骤"),
            [say("taken", "已执行"), say("up to date", "无需更新")],
        );
        let done = done(ran, read, wrote);
        let next = if told {
            format!("open {}", study.path("9-report.html").display())
        } else {
            "canvass ingest --attempts FILE --answers FILE".to_owned()
        };
        screen.show("run", &done, &[table], &next);
        Ok(())
    }
}

/// What happened to the steps, as a value.
pub fn done(ran: Vec<Ran>, read: Vec<String>, wrote: Vec<String>) -> Done<Steps> {
    let step = |ran: &Ran| Step {
        step: ran.step,
        taken: ran.taken,
        notices: ran.notices.len(),
    };
    let value = Steps {
        steps: ran.iter().map(step).collect(),
    };
    let notices = ran.into_iter().flat_map(|ran| ran.notices).collect();
    Done {
        value,
        notices,
        read,
        wrote,
    }
}

/// One row per step; `words` say that it was taken and that it was not.
pub fn table(ran: &[Ran], screen: &Screen, caption: &str, words: [String; 2]) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("step", "步骤")),
        Column::text(say("what became of it", "结果")),
        Column::number(say("notices", "提示")),
    ];
    let mut table = Table::new("steps", caption, columns);
    for ran in ran {
        let [taken, left] = &words;
        let became = if ran.taken { taken } else { left };
        let notices = Value::Whole(ran.notices.len() as u64);
        table.push(vec![Value::text(ran.step), Value::text(became), notices]);
    }
    table
}

/// What the steps that were taken read from outside, and what they wrote, as the journal says.
fn files(study: &Study, ran: &[Ran]) -> Result<(Vec<String>, Vec<String>), canvass::Error> {
    let (mut read, mut wrote) = (BTreeSet::new(), BTreeSet::new());
    for step in ran.iter().filter(|ran| ran.taken) {
        if let Some(entry) = study.journal().last(step.step)? {
            read.extend(entry.read.into_keys());
            wrote.extend(entry.wrote.into_keys());
        }
    }
    let read = read.difference(&wrote).cloned().collect();
    Ok((read, wrote.into_iter().collect()))
}
