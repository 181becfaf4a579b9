//! The report card of weights, on a screen.

use canvass::bare::weights::Checked;
use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value};
use canvass::weigh::chen_rust::Decomposed;
use canvass::weigh::review::{Met, Spread};

use super::{copies, rows};

/// Rows shown of a long table; JSON has them all.
pub(super) const SHOWN: usize = 20;

pub(super) fn checked(checked: &Checked, within: f64, language: Language) -> Vec<Table> {
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut tables = vec![counts(checked, language)];
    let mut all: Vec<Spread> = checked.all.iter().cloned().collect();
    if let [all] = &mut all[..] {
        all.label = say("all", "合计").to_owned();
    }
    let parts = |name: &str, caption: &str, spreads: &[Spread]| {
        spreads_table((name, caption), spreads, language)
    };
    let weights = match checked.counted {
        None => say("Weights", "权数"),
        Some(_) => say("Weights of rows that are counted", "计入各行的权数"),
    };
    tables.push(parts("weights", weights, &all));
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
    if let Some(decomposed) = &checked.chen_rust {
        tables.push(decomposition(decomposed, language));
    }
    if let Some(factors) = &checked.factors {
        tables.extend(copies::factors(factors, language));
    }
    if let Some(replicates) = &checked.replicates {
        tables.extend(copies::replicates(replicates, language));
    }
    tables.extend(rows::heavy(checked, language));
    tables
}

/// What is wrong with rows, and the part of the design effect that strata have.
fn counts(checked: &Checked, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::number(say("value", "值")),
        Column::text(say("rows", "行号")),
    ];
    let mut table = Table::new("rows", say("The rows", "各行情况"), columns);
    let mut line = |what: String, count: u64, rows: &[u64]| {
        let rows = Value::text(first(rows));
        table.push(vec![Value::text(what), Value::Whole(count), rows]);
    };
    line(say("rows", "行数").to_owned(), checked.rows, &[]);
    if let Some(counted) = &checked.counted {
        let by = |what: &str, column: &str| format!("{what} ({column} = 1)");
        let what = say("that are counted", "计入");
        line(by(what, &counted.column), counted.rows, &[]);
        if let Some(column) = &counted.not_eligible {
            let what = say("not of the population", "不属于调查总体");
            line(by(what, column), counted.apart, &[]);
        }
    }
    let faults = &checked.faults;
    let zero = match checked.counted {
        None => say("with weight 0", "权数为零"),
        Some(_) => say("counted, with weight 0", "计入而权数为零"),
    };
    let weighing = checked.counted.iter().map(|counted| {
        let what = say("not counted, with a weight", "不计入而有权数");
        (what, &counted.weighing)
    });
    let found = [
        (say("without a weight", "缺权数"), &faults.missing),
        (say("with a weight below 0", "权数为负"), &faults.negative),
        (zero, &faults.zero),
    ];
    for (what, rows) in found.into_iter().chain(weighing) {
        line(what.to_owned(), rows.len() as u64, rows);
    }
    if let Some(between) = checked.between {
        let what = say("design effect between strata", "层间设计效应");
        table.push(vec![
            Value::text(what),
            Value::number(between, 3),
            Value::text(""),
        ]);
    }
    if let Some(henry) = checked.henry {
        let what = say("Henry's design effect", "Henry设计效应");
        table.push(vec![
            Value::text(what),
            Value::number(henry, 3),
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
pub(super) fn label(label: &str, language: Language) -> Value {
    Value::text(labelled(label, language))
}

/// The same, as words.
pub(super) fn labelled(label: &str, language: Language) -> &str {
    match label {
        "" => Words::new("(blank)", "（空）").say(language),
        label => label,
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

fn decomposition(decomposed: &Decomposed, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("stratum", "层")),
        Column::number(say("rows", "行数")),
        Column::number(say("clusters", "群数")),
        Column::number(say("rows of a cluster", "群规模")),
        Column::number(say("alike", "群内相关")),
        Column::number(say("of weights", "加权部分")),
        Column::number(say("of clusters", "整群部分")),
        Column::number(say("of strata", "分层部分")),
        Column::number(say("product", "乘积")),
    ];
    let caption = say(
        "The design effect by its parts (Chen, Rust)",
        "设计效应的分解（Chen、Rust）",
    );
    let mut table = Table::new("parts", caption, columns);
    // A single stratum tells the same as all.
    let strata = match &decomposed.strata[..] {
        [only] if only.label == decomposed.all.label => &[],
        strata => strata,
    };
    for parts in strata.iter().chain([&decomposed.all]) {
        let of_all = std::ptr::eq(parts, &decomposed.all);
        let name = match of_all {
            true => Value::text(say("all", "合计")),
            false => label(&parts.label, language),
        };
        let beside = |number: Option<f64>| number.map_or(Value::Absent, |x| Value::number(x, 3));
        table.push(vec![
            name,
            Value::Whole(parts.rows),
            Value::Whole(parts.clusters),
            beside(parts.size),
            beside(parts.alike),
            Value::maybe(parts.weighting, 3),
            Value::maybe(parts.clustering, 3),
            Value::maybe(parts.stratification, 3),
            Value::maybe(parts.product, 3),
        ]);
    }
    table
}
