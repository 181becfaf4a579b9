//! Factors and replicates of weights, on a screen.

use canvass::bare::weights::Replicates;
use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value};
use canvass::weigh::factors::{Factors, Unequal};
use canvass::weigh::replicas::Mean;

use super::rows::id;
use super::tables::SHOWN;

/// What each factor did, and the rows whose weight is another than their product.
pub(super) fn factors(factors: &Factors, language: Language) -> Vec<Table> {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("after", "步骤")),
        Column::number(say("rows", "行数")),
        Column::number(say("blank", "空白")),
        Column::number(say("sum", "合计")),
        Column::number(say("smallest", "最小")),
        Column::number(say("largest", "最大")),
        Column::number(say("design effect of weighting", "加权设计效应")),
        Column::number(say("over the step before", "与上一步之比")),
        Column::number(say("effective rows", "有效样本量")),
        Column::number(say("of rows that are kept", "仅保留行")),
    ];
    let caption = say("Weights after each factor", "逐步加权");
    let mut table = Table::new("factors", caption, columns);
    for step in &factors.steps {
        table.push(vec![
            Value::text(&step.factor),
            Value::Whole(step.rows),
            Value::Whole(step.missing),
            Value::number(step.total, 2),
            Value::maybe(step.smallest, 3),
            Value::maybe(step.largest, 3),
            Value::maybe(step.kish, 3),
            step.ratio
                .map_or(Value::Absent, |ratio| Value::number(ratio, 3)),
            Value::maybe(step.effective, 1),
            Value::maybe(step.kept, 3),
        ]);
    }
    let mut tables = vec![table];
    if !factors.unequal.is_empty() {
        tables.push(unequal(&factors.unequal, language));
    }
    tables
}

fn unequal(rows: &[Unequal], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::number(say("row", "行号")),
        Column::text(say("id", "编号")),
        Column::number(say("weight", "权数")),
        Column::number(say("product", "乘积")),
        Column::number(say("relative difference", "相对差异")),
    ];
    let caption = match language {
        Language::English => format!(
            "Rows whose weight is not the product of their factors: {}",
            rows.len()
        ),
        Language::Chinese => format!("权数不等于各因子之积的行：{}", rows.len()),
    };
    let mut table = Table::new("unequal", caption, columns);
    for one in rows.iter().take(SHOWN) {
        table.push(vec![
            Value::Whole(one.row),
            id(one.id.as_ref()),
            Value::maybe(one.weight, 6),
            Value::maybe(one.product, 6),
            one.relative
                .map_or(Value::Unknown, |off| Value::text(format!("{off:.3e}"))),
        ]);
    }
    table
}

/// What can be seen of replicate weights.
pub(super) fn replicates(told: &Replicates, language: Language) -> Vec<Table> {
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut tables = vec![columns_table(told, language)];
    if let Some(mean) = &told.mean {
        tables.push(mean_table(mean, language));
    }
    if !told.doubts.is_empty() {
        let caption = say("What may be wrong with the replicates", "重复权数的疑点");
        let mut table = Table::new("doubts", caption, vec![Column::text(say("doubt", "疑点"))]);
        for doubt in &told.doubts {
            table.push(vec![Value::text(doubt.say(language))]);
        }
        tables.push(table);
    }
    tables
}

/// The columns; those with something to tell first, where there are many.
fn columns_table(told: &Replicates, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("column", "列")),
        Column::number(say("blank", "空白")),
        Column::number(say("0", "零")),
        Column::number(say("below 0", "负")),
        Column::number(say("sum over the full one", "合计之比")),
        Column::number(say("smallest factor", "最小因子")),
        Column::number(say("largest factor", "最大因子")),
        Column::text(say("the same as", "相同于")),
    ];
    let caption = match language {
        Language::English => format!("Replicate weights: {} columns", told.count),
        Language::Chinese => format!("重复权数：{}列", told.count),
    };
    let mut table = Table::new("replicates", caption, columns);
    let mut order: Vec<_> = told.columns.iter().collect();
    // A stable sort: else they stay in the table's order.
    order.sort_by_key(|one| {
        let quiet = one.missing + one.negative == 0 && !one.as_full && one.same_as.is_none();
        told.columns.len() > SHOWN && quiet
    });
    for one in order.into_iter().take(SHOWN) {
        let twin = match (&one.same_as, one.as_full) {
            (_, true) => say("the full weight", "主权数"),
            (Some(column), _) => column,
            (None, _) => "",
        };
        table.push(vec![
            Value::text(&one.column),
            Value::Whole(one.missing),
            Value::Whole(one.zero),
            Value::Whole(one.negative),
            Value::maybe(one.ratio, 4),
            Value::maybe(one.least, 4),
            Value::maybe(one.most, 4),
            Value::text(twin),
        ]);
    }
    table
}

fn mean_table(mean: &Mean, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::number(say("rows", "行数")),
        Column::number(say("sum over the full one", "合计之比")),
        Column::number(say("spread of sums", "合计离散")),
        Column::number(say("rows that differ", "不一致行数")),
        Column::number(say("largest difference", "最大差异")),
        Column::number(say("in row", "行号")),
        Column::text(say("id", "编号")),
    ];
    let caption = say("The mean over replicates", "重复权数的均值");
    let mut table = Table::new("mean", caption, columns);
    table.push(vec![
        Value::Whole(mean.rows),
        Value::number(mean.ratio, 6),
        Value::maybe(mean.spread, 4),
        Value::Whole(mean.off),
        Value::text(format!("{:.3e}", mean.largest)),
        Value::Whole(mean.row),
        id(mean.id.as_ref()),
    ]);
    table
}
