//! Satisfaction in one figure.

use canvass::language::Words;
use canvass::report::{Column, Table, Value, notice_tables};
use canvass::study::Indexed;
use clap::Args;

use super::{Common, Screen, study};

/// Satisfaction in one figure.
///
/// Reads survey.toml, 3-sample.parquet, 5-outcomes.parquet and 6-weights.parquet; writes
/// 8-indices.json: the index of each firm and service, its level, its interval, and the chance that
/// the level is another.
///
/// Next: canvass report
#[derive(Debug, Args)]
pub struct Index {}

impl Index {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let done = study(common)?.index(screen.monitor())?;
        let mut tables = vec![scores(&done.value, screen)];
        tables.extend(notice_tables(
            &done.value.table,
            done.value.compared.as_ref(),
            screen.language(),
        ));
        screen.show("indices", &done, &tables, "canvass report");
        Ok(())
    }
}

/// How many interviews have a score, and how they came to it.
fn scores(indexed: &Indexed, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("interviews with", "访问")),
        Column::number(say("count", "数量")),
    ];
    let mut table = Table::new("scores", say("Scores", "得分情况"), columns);
    let rows = [
        (
            say("an answer to every item", "全部题项均有回答"),
            indexed.whole,
        ),
        (
            say(
                "a score in spite of missing answers",
                "部分题项缺失但可计分",
            ),
            indexed.part,
        ),
        (say("no score", "无法计分"), indexed.without),
    ];
    for (what, count) in rows {
        table.push(vec![Value::text(what), Value::Whole(count)]);
    }
    table
}
