//! How many people each answer speaks for.

use std::path::PathBuf;

use canvass::bare::weights::{Check, Checked, Compare, Compared, check, compare};
use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value, weights_table};
use canvass::weigh::review::{Dominant, Met, Spread};
use clap::{ArgGroup, Args};

use super::{Common, Screen, study};

/// How many people each answer speaks for: in a study, or weights that somebody brings.
///
/// Reads survey.toml, 3-sample.parquet, 3-draw.json and 5-outcomes.parquet; writes 6-weights.parquet
/// (one factor for each step, for every drawn unit) and 6-weights.json (what each step did to the
/// weights, and what it cost).
///
/// With --check, no study is needed, and nothing is written. Tells what can be seen of a table's
/// weights: totals against what is known, how unequal they are and what that costs, rows without a
/// weight, and rows that make up much of a domain. Rows are counted from 1, without the heading.
///
/// With --compare, two tables are matched by id, and the records named whose weights differ.
///
/// Next: canvass estimate
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("bare").args(["check", "compare"]))]
pub struct Weigh {
    /// A table whose weights are to be looked at: CSV, Parquet, or a folder of Parquet files.
    #[arg(
        long,
        value_name = "FILE",
        requires = "weight",
        conflicts_with = "compare"
    )]
    check: Option<PathBuf>,

    /// Two tables whose weights are to be compared, ours and theirs.
    #[arg(long, value_names = ["OURS", "THEIRS"], num_args = 2, requires_all = ["weight", "id"])]
    compare: Vec<PathBuf>,

    /// The column of weights; two for --compare, where theirs has another name.
    #[arg(long, value_name = "COL", value_delimiter = ',', requires = "bare")]
    weight: Vec<String>,

    /// The column of ids, in both tables.
    #[arg(long, value_name = "COL", requires = "compare")]
    id: Option<String>,

    /// The columns whose combinations are the strata.
    #[arg(long, value_name = "A,B", value_delimiter = ',', requires = "check")]
    strata: Vec<String>,

    /// The columns whose combinations are the domains.
    #[arg(long, value_name = "D1,D2", value_delimiter = ',', requires = "check")]
    domain: Vec<String>,

    /// Known totals: a CSV file with the columns column, level and total. A blank level means the total
    /// of the column's numbers; columns may be crossed: "region / sex", "north / f".
    #[arg(long, value_name = "FILE", requires = "check")]
    controls: Option<PathBuf>,

    /// A column of answers, for Spencer's design effect.
    #[arg(long, value_name = "COL", requires = "check")]
    answer: Option<String>,

    /// The share of a domain's weight above which a row is named.
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, requires = "check")]
    limit: f64,

    /// The relative difference up to which totals are met, and weights the same.
    #[arg(long, value_name = "R", default_value_t = 1e-6, requires = "bare")]
    within: f64,
}

impl Weigh {
    /// Whether no study is needed.
    pub fn is_bare(&self) -> bool {
        self.check.is_some() || !self.compare.is_empty()
    }

    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let weight = self.weight.first().cloned().unwrap_or_default();
        if let Some(data) = self.check {
            let asked = Check {
                data,
                weight,
                strata: self.strata,
                domains: self.domain,
                controls: self.controls,
                answer: self.answer,
                limit: self.limit,
                within: self.within,
            };
            let done = check(&asked)?;
            let tables = checked(&done.value, asked.within, screen.language());
            screen.show("weights-checked", &done, &tables, "");
            return Ok(());
        }
        if let [ours, theirs] = &self.compare[..] {
            let asked = Compare {
                ours: ours.clone(),
                theirs: theirs.clone(),
                id: self.id.unwrap_or_default(),
                their_weight: self
                    .weight
                    .get(1)
                    .cloned()
                    .unwrap_or_else(|| weight.clone()),
                weight,
                within: self.within,
            };
            let done = compare(&asked)?;
            screen.show(
                "weights-compared",
                &done,
                &compared(&done.value, screen.language()),
                "",
            );
            return Ok(());
        }
        let done = study(common)?.weigh(screen.monitor())?;
        let table = weights_table(&done.value.steps, canvass::weigh::CARDS, screen.language());
        screen.show("weights", &done, &[table], "canvass estimate");
        Ok(())
    }
}

/// Rows shown of a long table; JSON has them all.
const SHOWN: usize = 20;

fn checked(checked: &Checked, within: f64, language: Language) -> Vec<Table> {
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut tables = vec![rows(checked, language)];
    let mut all: Vec<Spread> = checked.all.iter().cloned().collect();
    if let [all] = &mut all[..] {
        all.label = say("all", "合计").to_owned();
    }
    let parts = |name: &str, caption: &str, spreads: &[Spread]| {
        spreads_table((name, caption), spreads, language)
    };
    tables.push(parts("weights", say("Weights", "权数"), &all));
    if !checked.strata.is_empty() {
        tables.push(parts(
            "strata",
            say("Weights by stratum", "各层权数"),
            &checked.strata,
        ));
    }
    if !checked.domains.is_empty() {
        tables.push(parts(
            "domains",
            say("Weights by domain", "各范围权数"),
            &checked.domains,
        ));
    }
    if !checked.controls.is_empty() {
        tables.push(controls(&checked.controls, within, language));
    }
    if !checked.dominant.is_empty() {
        tables.push(dominant(&checked.dominant, language));
    }
    tables
}

/// What is wrong with rows, and the part of the design effect that strata have.
fn rows(checked: &Checked, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::number(say("value", "值")),
        Column::text(say("rows", "行号")),
    ];
    let mut table = Table::new("rows", say("The rows", "各行情况"), columns);
    let faults = &checked.faults;
    table.push(vec![
        Value::text(say("rows", "行数")),
        Value::Whole(checked.rows),
        Value::text(""),
    ]);
    for (what, rows) in [
        (say("without a weight", "缺权数"), &faults.missing),
        (say("with a weight below 0", "权数为负"), &faults.negative),
        (say("with weight 0", "权数为零"), &faults.zero),
    ] {
        table.push(vec![
            Value::text(what),
            Value::Whole(rows.len() as u64),
            Value::text(first(rows)),
        ]);
    }
    if let Some(between) = checked.between {
        let what = say("design effect between strata", "层间设计效应");
        table.push(vec![
            Value::text(what),
            Value::number(between, 3),
            Value::text(""),
        ]);
    }
    table
}

/// The first of some rows.
fn first(rows: &[u64]) -> String {
    let shown: Vec<String> = rows.iter().take(SHOWN).map(u64::to_string).collect();
    let more = if rows.len() > SHOWN { " …" } else { "" };
    shown.join(" ") + more
}

/// A label; blank cells have a name.
fn label(label: &str, language: Language) -> Value {
    match label {
        "" => Value::text(Words::new("(blank)", "（空）").say(language)),
        label => Value::text(label),
    }
}

fn spreads_table((name, caption): (&str, &str), spreads: &[Spread], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut columns = vec![
        Column::text(say("for", "范围")),
        Column::number(say("rows", "行数")),
        Column::number(say("sum", "合计")),
        Column::number(say("smallest", "最小")),
        Column::number(say("largest", "最大")),
        Column::number(say("ratio", "极值比")),
        Column::number(say("cv", "变异系数")),
        Column::number(say("design effect of weighting", "加权设计效应")),
        Column::number(say("effective rows", "有效样本量")),
    ];
    let spencer = spreads.iter().any(|spread| spread.spencer.is_some());
    if spencer {
        columns.push(Column::number(say(
            "Spencer's design effect",
            "Spencer设计效应",
        )));
    }
    let mut table = Table::new(name, caption, columns);
    for spread in spreads {
        let mut row = vec![
            label(&spread.label, language),
            Value::Whole(spread.rows),
            Value::number(spread.total, 2),
            Value::number(spread.smallest, 3),
            Value::number(spread.largest, 3),
            Value::number(spread.ratio, 2),
            Value::number(spread.variation, 3),
            Value::number(spread.kish, 3),
            Value::number(spread.effective, 1),
        ];
        if spencer {
            row.push(Value::maybe(spread.spencer, 3));
        }
        table.push(row);
    }
    table
}

fn controls(met: &[Met], within: f64, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("control", "控制变量")),
        Column::text(say("level", "类别")),
        Column::number(say("known", "已知总量")),
        Column::number(say("weighted", "加权总量")),
        Column::number(say("off by", "相对偏差")),
        Column::text(say("met", "是否满足")),
    ];
    let mut table = Table::new("controls", say("Known totals", "已知总量"), columns);
    for one in met {
        let off = match (one.target, one.off()) {
            (_, Some(off)) => Value::share(off, 4),
            (None, None) => Value::Absent,
            (Some(_), None) => Value::Unknown,
        };
        table.push(vec![
            Value::text(&one.control),
            one.level
                .as_ref()
                .map_or(Value::text(""), |level| label(level, language)),
            one.target
                .map_or(Value::Absent, |target| Value::number(target, 2)),
            Value::maybe(one.reached, 2),
            off,
            Value::text(if one.holds(within) {
                say("yes", "是")
            } else {
                say("no", "否")
            }),
        ]);
    }
    table
}

fn dominant(rows: &[Dominant], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::number(say("row", "行号")),
        Column::text(say("of", "范围")),
        Column::number(say("weight", "权数")),
        Column::number(say("share", "占比")),
    ];
    let caption = say(
        "Rows that make up much of a domain",
        "在所属范围内占比很大的行",
    );
    let mut table = Table::new("dominant", caption, columns);
    for one in rows.iter().take(SHOWN) {
        table.push(vec![
            Value::Whole(one.row),
            label(&one.label, language),
            Value::number(one.weight, 3),
            Value::share(one.share, 1),
        ]);
    }
    table
}

fn compared(compared: &Compared, language: Language) -> Vec<Table> {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::number(say("records", "记录数")),
    ];
    let mut counts = Table::new("records", say("The records", "记录"), columns);
    for (what, count) in [
        (say("in both", "两者都有"), compared.both),
        (say("with the same weight", "权数一致"), compared.same),
        (
            say("with another weight", "权数不一致"),
            compared.differing.len() as u64,
        ),
        (
            say("only in ours", "仅在本方"),
            compared.only_ours.len() as u64,
        ),
        (
            say("only in theirs", "仅在对方"),
            compared.only_theirs.len() as u64,
        ),
    ] {
        counts.push(vec![Value::text(what), Value::Whole(count)]);
    }
    if compared.differing.is_empty() {
        return vec![counts];
    }
    let columns = vec![
        Column::text(say("record", "记录")),
        Column::number(say("ours", "本方权数")),
        Column::number(say("theirs", "对方权数")),
        Column::number(say("relative difference", "相对差异")),
    ];
    let mut table = Table::new(
        "differing",
        say("Largest differences", "差异最大的记录"),
        columns,
    );
    for one in compared.differing.iter().take(SHOWN) {
        table.push(vec![
            Value::text(&one.id),
            Value::maybe(one.ours, 6),
            Value::maybe(one.theirs, 6),
            one.relative
                .map_or(Value::Unknown, |off| Value::text(format!("{off:.3e}"))),
        ]);
    }
    vec![counts, table]
}
