//! The rows that weigh most, on a screen.

use canvass::bare::weights::Checked;
use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value};
use canvass::weigh::heavy::{Heaviest, Weighty};
use canvass::weigh::review::Dominant;

use super::tables::{SHOWN, label};

/// Rows that make up much of a domain or a total, as far as there are any.
pub(super) fn heavy(checked: &Checked, language: Language) -> Vec<Table> {
    let mut tables = Vec::new();
    if !checked.heaviest.is_empty() {
        tables.push(heaviest(&checked.heaviest, language));
    }
    if !checked.dominant.is_empty() {
        tables.push(dominant(&checked.dominant, language));
    }
    if !checked.weighty.is_empty() {
        tables.push(weighty(&checked.weighty, language));
    }
    tables
}

/// A row's id; "n/a" where there are none.
pub(super) fn id(id: Option<&String>) -> Value {
    id.map_or(Value::Absent, Value::text)
}

/// A part's label; that of all rows is said in the language.
fn part(name: &str, language: Language) -> Value {
    match name {
        "all" => Value::text(Words::new("all", "合计").say(language)),
        name => label(name, language),
    }
}

fn heaviest(rows: &[Heaviest], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("of", "范围")),
        Column::number(say("rows", "行数")),
        Column::number(say("row", "行号")),
        Column::text(say("id", "编号")),
        Column::number(say("weight", "权数")),
        Column::number(say("share", "占比")),
    ];
    let caption = say("The row with the largest weight", "权数最大的行");
    let mut table = Table::new("heaviest", caption, columns);
    for one in rows.iter().take(SHOWN) {
        table.push(vec![
            part(&one.label, language),
            Value::Whole(one.rows),
            Value::Whole(one.row),
            id(one.id.as_ref()),
            Value::number(one.weight, 3),
            Value::share(one.share, 1),
        ]);
    }
    table
}

fn weighty(rows: &[Weighty], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("of", "范围")),
        Column::number(say("row", "行号")),
        Column::text(say("id", "编号")),
        Column::number(say("weight", "权数")),
        Column::number(say("answer", "回答")),
        Column::number(say("share of the total", "占总量")),
    ];
    let caption = say(
        "Rows that make up most of the answer's total",
        "对回答总量贡献最大的行",
    );
    let mut table = Table::new("weighty", caption, columns);
    for one in rows.iter().take(2 * SHOWN) {
        table.push(vec![
            part(&one.label, language),
            Value::Whole(one.row),
            id(one.id.as_ref()),
            Value::number(one.weight, 3),
            Value::number(one.answer, 2),
            Value::share(one.share, 2),
        ]);
    }
    table
}

fn dominant(rows: &[Dominant], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::number(say("row", "行号")),
        Column::text(say("id", "编号")),
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
            id(one.id.as_ref()),
            part(&one.label, language),
            Value::number(one.weight, 3),
            Value::share(one.share, 1),
        ]);
    }
    table
}
