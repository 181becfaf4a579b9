//! Two sets of weights beside each other, on a screen.

use canvass::bare::weights::{Aside, Compared};
use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value};
use canvass::weigh::differ::Part;

use super::tables::{SHOWN, label};

pub(super) fn compared(compared: &Compared, language: Language) -> Vec<Table> {
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut counts = counts(compared.aside.as_ref(), language);
    let compared = &compared.differences;
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
    let mut tables = vec![counts];
    if compared.parts.len() > 1 || !compared.differing.is_empty() {
        tables.push(parts(&compared.parts, language));
    }
    let alone = [
        (say("ours", "本方"), &compared.only_ours),
        (say("theirs", "对方"), &compared.only_theirs),
    ];
    if alone.iter().any(|(_, ids)| !ids.is_empty()) {
        tables.push(apart(&alone, language));
    }
    if compared.differing.is_empty() {
        return tables;
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
    tables.push(table);
    tables
}

/// The table of counts, with those that are not compared.
fn counts(aside: Option<&Aside>, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::number(say("records", "记录数")),
    ];
    let mut counts = Table::new("records", say("The records", "记录"), columns);
    let Some(Aside {
        column,
        ours,
        theirs,
    }) = aside
    else {
        return counts;
    };
    let of = |what: &str| format!("{what} ({column} = 0)");
    let what = say("set aside of ours", "本方不计入");
    counts.push(vec![Value::text(of(what)), Value::Whole(*ours)]);
    let (what, count) = match theirs {
        Some(count) => (of(say("set aside of theirs", "对方不计入")), *count),
        None => (
            match language {
                Language::English => format!("set aside of theirs, which has no '{column}'"),
                Language::Chinese => format!("对方不计入（没有“{column}”一列）"),
            },
            0,
        ),
    };
    counts.push(vec![Value::text(what), Value::Whole(count)]);
    counts
}

/// Records that stand in one table only.
fn apart(alone: &[(&str, &Vec<String>)], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("id", "编号")),
        Column::text(say("only in", "仅在")),
    ];
    let caption = say("Records of one table only", "仅一方有的记录");
    let mut table = Table::new("apart", caption, columns);
    for (whose, ids) in alone {
        for id in ids.iter().take(SHOWN) {
            table.push(vec![Value::text(id), Value::text(*whose)]);
        }
    }
    table
}

/// The differences in sum, of all and by domain.
fn parts(parts: &[Part], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("for", "范围")),
        Column::number(say("in both", "两者都有")),
        Column::number(say("another weight", "权数不一致")),
        Column::number(say("only ours", "仅本方")),
        Column::number(say("only theirs", "仅对方")),
        Column::number(say("our sum", "本方合计")),
        Column::number(say("their sum", "对方合计")),
        Column::number(say("mean difference", "平均相对差异")),
        Column::number(say("largest", "最大")),
    ];
    let caption = say("Differences by domain", "各范围差异");
    let mut table = Table::new("domains", caption, columns);
    for (place, part) in parts.iter().enumerate() {
        let off =
            |off: Option<f64>| off.map_or(Value::Unknown, |off| Value::text(format!("{off:.3e}")));
        let name = match place {
            0 => Value::text(say("all", "合计")),
            _ => label(&part.label, language),
        };
        table.push(vec![
            name,
            Value::Whole(part.both),
            Value::Whole(part.differing),
            Value::Whole(part.only_ours),
            Value::Whole(part.only_theirs),
            Value::number(part.ours, 2),
            Value::number(part.theirs, 2),
            off(part.mean),
            off(part.largest),
        ]);
    }
    table
}
