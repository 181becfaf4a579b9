//! Is the list fit to draw from?

use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study::{Checked, Study};
use clap::Args;

use super::{Common, Screen, study};

/// Is the list fit to draw from?
///
/// Reads survey.toml and the whole list, once; writes 1-check.json: the units of each stratum, and
/// every blank or repeated id, malformed number, empty stratum and shared number, with counts and
/// rows. Rows are counted from 1, without the heading.
///
/// Next: canvass plan
#[derive(Debug, Args)]
pub struct Check {
    /// Print every setting in force and where it comes from, and read no list.
    #[arg(long)]
    settings: bool,
}

impl Check {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let study = study(common)?;
        if self.settings {
            let table = in_force(&study, screen);
            screen.result(
                "settings",
                &serde_json::json!({ "values": study.settings().values() }),
                &[table],
            );
            return Ok(());
        }
        let done = study.check(screen.monitor())?;
        let tables = tables(&done.value, screen);
        screen.done("check", &done, &tables);
        screen.say(Words::new("found", "格式"), &done.value.format);
        screen.beside(&done, "canvass plan");
        Ok(())
    }
}

fn in_force(study: &Study, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("setting", "设置")),
        Column::text(say("value", "取值")),
        Column::text(say("from", "来源")),
    ];
    let mut table = Table::new("settings", say("Settings in force", "生效的设置"), columns);
    for value in study.settings().values() {
        table.push(vec![
            Value::text(&value.key),
            Value::text(&value.value),
            Value::text(value.origin.to_string()),
        ]);
    }
    table
}

/// The cells and their units, and what was found.
pub fn tables(checked: &Checked, screen: &Screen) -> Vec<Table> {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let census = &checked.census;
    let columns = vec![
        Column::text(say("cell", "报告单元")),
        Column::number(say("strata", "层数")),
        Column::number(say("units", "单位数")),
    ];
    let mut cells = Table::new("cells", say("What the list holds", "名单概况"), columns);
    let mut counts: std::collections::BTreeMap<&str, (u64, u64)> =
        std::collections::BTreeMap::new();
    for stratum in &census.strata {
        let (strata, units) = counts.entry(&stratum.cell).or_default();
        *strata += 1;
        *units += stratum.population;
    }
    for (cell, (strata, units)) in counts {
        cells.push(vec![
            Value::text(cell),
            Value::Whole(strata),
            Value::Whole(units),
        ]);
    }
    let total = census.strata.len() as u64;
    cells.push(vec![
        Value::text(say("all", "合计")),
        Value::Whole(total),
        Value::Whole(census.rows),
    ]);
    let columns = vec![
        Column::text(say("finding", "问题")),
        Column::number(say("count", "数量")),
        Column::text(say("first rows", "首批行号")),
    ];
    let mut findings = Table::new("findings", say("What was found", "检查结果"), columns);
    for (what, count, rows) in census.fitness.lines(screen.language()) {
        let rows: Vec<String> = rows.iter().take(8).map(u64::to_string).collect();
        findings.push(vec![
            Value::text(what),
            Value::Whole(count),
            Value::text(rows.join(", ")),
        ]);
    }
    let caption = say("What the draw cannot go by", "抽样依据列中的问题");
    let mut numbers = Table::new(
        "numbers",
        caption,
        vec![Column::text(say("finding", "问题"))],
    );
    for problem in checked.goes_by.iter().flat_map(|found| &found.problems) {
        numbers.push(vec![Value::text(problem)]);
    }
    let clusters = clusters(checked, screen);
    let found = [clusters, findings, numbers].into_iter();
    std::iter::once(cells)
        .chain(found.filter(|table| !table.rows.is_empty()))
        .collect()
}

/// How many clusters there are at each stage, and how large; empty unless clusters are drawn.
fn clusters(checked: &Checked, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("stage", "阶段")),
        Column::number(say("clusters", "群数")),
        Column::number(say("units in the smallest", "最小群的单位数")),
        Column::number(say("in the largest", "最大群的单位数")),
        Column::number(say("labels in several places", "见于多处的标签数")),
    ];
    let caption = say(
        "The clusters that are drawn before units",
        "先于单位抽取的群",
    );
    let mut table = Table::new("clusters", caption, columns);
    for stage in checked.goes_by.iter().flat_map(|found| &found.stages) {
        table.push(vec![
            Value::text(&stage.column),
            Value::Whole(stage.clusters),
            Value::Whole(stage.smallest),
            Value::Whole(stage.largest),
            Value::Whole(stage.labels_again),
        ]);
    }
    table
}
