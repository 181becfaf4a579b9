//! Regressions as tables.

use canvass::bare::estimate::Row;
use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value};

use super::shown::{degrees, p, places};

/// Coefficients, tests of terms, and the whole model.
pub(super) fn model(rows: &[&Row], language: Language) -> Vec<Table> {
    let caption = &rows[0].variable;
    let of = |statistic: &str| -> Vec<&Row> {
        let rows = rows.iter().filter(|row| row.statistic == statistic);
        rows.copied().collect()
    };
    let mut tables = vec![coefficients(caption, &of("coefficient"), language)];
    let terms = of("wald");
    if !terms.is_empty() {
        tables.push(terms_table(&terms, language));
    }
    tables.push(whole(rows, language));
    tables
}

fn coefficients(caption: &str, rows: &[&Row], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let ratios = rows.iter().any(|row| row.added.ratio.is_some());
    let mut columns = vec![
        Column::text(say("coefficient", "系数")),
        Column::text(say("for", "范围")),
        Column::number(say("estimate", "估计值")),
        Column::number(say("standard error", "标准误")),
        Column::number(say("t", "t值")),
        Column::number(say("p", "p值")),
        Column::number(say("from", "区间下限")),
        Column::number(say("to", "区间上限")),
    ];
    if ratios {
        columns.extend([
            Column::number(say("ratio", "比值")),
            Column::number(say("ratio from", "比值下限")),
            Column::number(say("ratio to", "比值上限")),
        ]);
    }
    let mut table = Table::new("coefficients", caption, columns);
    for row in rows {
        let places = places(row.se.unwrap_or(row.estimate)).max(4);
        let mut line = vec![
            Value::text(row.level.as_deref().unwrap_or_default()),
            Value::text(&row.domain),
            Value::number(row.estimate, places),
            Value::maybe(row.se, places),
            Value::maybe(row.added.t, 3),
            p(row.added.p),
            Value::maybe(row.ci_low, places),
            Value::maybe(row.ci_high, places),
        ];
        if ratios {
            let added = &row.added;
            let all = [added.ratio, added.ratio_low, added.ratio_high];
            line.extend(all.map(|ratio| Value::maybe(ratio, 4)));
        }
        table.push(line);
    }
    table
}

fn terms_table(rows: &[&Row], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("term", "项")),
        Column::text(say("for", "范围")),
        Column::number(say("F", "F值")),
        Column::number(say("df", "分子自由度")),
        Column::number(say("and df", "分母自由度")),
        Column::number(say("p", "p值")),
    ];
    let mut table = Table::new("terms", say("Tests of terms", "各项的检验"), columns);
    for row in rows {
        table.push(vec![
            Value::text(row.level.as_deref().unwrap_or_default()),
            Value::text(&row.domain),
            Value::number(row.estimate, 4),
            degrees(row.added.df1),
            degrees(row.added.df2),
            p(row.added.p),
        ]);
    }
    table
}

fn whole(rows: &[&Row], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("for", "范围")),
        Column::number(say("n", "样本量")),
        Column::number(say("left out", "未计入")),
        Column::number(say("df", "自由度")),
        Column::number(say("dispersion", "离散参数")),
        Column::number(say("deviance", "偏差")),
        Column::number(say("explained", "解释比例")),
    ];
    let caption = say("The whole model", "模型整体");
    let mut table = Table::new("models", caption, columns);
    for row in rows.iter().filter(|row| row.statistic == "dispersion") {
        let other = |statistic: &str| {
            let is = |other: &&&Row| other.statistic == statistic && other.domain == row.domain;
            rows.iter().find(is).map(|row| row.estimate)
        };
        table.push(vec![
            Value::text(&row.domain),
            Value::Whole(row.n),
            Value::Whole(row.added.left_out.unwrap_or_default()),
            Value::Whole(row.df),
            Value::number(row.estimate, 4),
            Value::maybe(other("deviance"), 4),
            Value::maybe_share(other("explained"), 1),
        ]);
    }
    table
}
