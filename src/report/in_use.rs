//! How many of the numbers are in use.

use serde::{Deserialize, Serialize};

use super::document::{Column, Table, Value};
use super::words;
use crate::estimate::Estimate;
use crate::language::{Language, Words};

/// The share of a cell's numbers that are in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InUse {
    /// The share, if numbers of which nothing is known are in use as often as others of their cell.
    pub share: Estimate,
    /// The share if none of them is.
    pub least: f64,
    /// The share if all of them are.
    pub most: f64,
}

/// Gives one row per cell.
#[must_use]
pub fn table(cells: &[InUse], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("cell", "报告单元")),
        Column::number(say("numbers known", "已判明号码数")),
        Column::number(say("in use", "在用比例")),
        Column::number(say("standard error", "标准误")),
        Column::number(say("from", "区间下限")),
        Column::number(say("to", "区间上限")),
        Column::number(say("if no unknown one is", "未知号码均不在用")),
        Column::number(say("if all unknown ones are", "未知号码均在用")),
    ];
    let caption = say(
        "Share of the list's numbers that are in use",
        "名单中在用号码的比例",
    );
    let mut table = Table::new("numbers-in-use", caption, columns);
    for cell in cells {
        let share = &cell.share;
        table.push(vec![
            Value::text(words::cell(&share.domain, language)),
            Value::Whole(share.n),
            Value::share(share.value, 1),
            Value::maybe_share(share.standard_error(), 1),
            Value::maybe_share(share.interval.map(|(low, _)| low), 1),
            Value::maybe_share(share.interval.map(|(_, high)| high), 1),
            Value::share(cell.least, 1),
            Value::share(cell.most, 1),
        ]);
    }
    table
}
