//! Tables that cross two columns, shares beside others, and their tests.

use canvass::bare::estimate::Row;
use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value};

use super::shown::{CELLS, degrees, p, places};

/// The cells of a table, four figures to a line.
pub(super) fn cells(rows: &[&Row], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("cell", "单元格")),
        Column::text(say("for", "范围")),
        Column::number(say("people", "人数")),
        Column::number(say("±", "标准误")),
        Column::number(say("of all", "占总体")),
        Column::number(say("±", "标准误")),
        Column::number(say("of the row", "占行")),
        Column::number(say("±", "标准误")),
        Column::number(say("of the column", "占列")),
        Column::number(say("±", "标准误")),
        Column::number(say("n", "样本量")),
    ];
    let mut table = Table::new("cells", &rows[0].variable, columns);
    for cell in rows.chunks(CELLS.len()) {
        let people = cell[0];
        let mut line = vec![
            Value::text(people.level.as_deref().unwrap_or_default()),
            Value::text(&people.domain),
            Value::number(
                people.estimate,
                places(people.se.unwrap_or(people.estimate)),
            ),
            Value::maybe(people.se, places(people.se.unwrap_or(people.estimate))),
        ];
        for share in &cell[1..] {
            line.push(Value::share(share.estimate, 1));
            line.push(Value::maybe_share(share.se, 2));
        }
        line.push(Value::Whole(people.n));
        table.push(line);
    }
    table
}

/// Shares that were found beside those that were expected.
pub(super) fn fit(rows: &[&Row], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("level", "取值")),
        Column::text(say("for", "范围")),
        Column::number(say("share", "比例")),
        Column::number(say("±", "标准误")),
        Column::number(say("expected", "预期比例")),
        Column::number(say("n", "样本量")),
    ];
    let mut table = Table::new("fit", &rows[0].variable, columns);
    for row in rows {
        table.push(vec![
            Value::text(row.level.as_deref().unwrap_or_default()),
            Value::text(&row.domain),
            Value::share(row.estimate, 2),
            Value::maybe_share(row.se, 2),
            Value::maybe_share(row.added.expected, 2),
            Value::Whole(row.n),
        ]);
    }
    table
}

pub(super) fn tests(rows: &[&Row], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("test", "检验")),
        Column::text(say("of", "项目")),
        Column::text(say("for", "范围")),
        Column::number(say("statistic", "统计量")),
        Column::number(say("df", "自由度")),
        Column::number(say("and df", "分母自由度")),
        Column::number(say("p", "p值")),
    ];
    let mut table = Table::new("tests", say("Tests", "检验"), columns);
    for row in rows {
        let name = Value::text(test(&row.statistic, language));
        table.push(vec![
            name,
            Value::text(&row.variable),
            Value::text(&row.domain),
            Value::number(row.estimate, 4),
            degrees(row.added.df1),
            degrees(row.added.df2),
            p(row.added.p),
        ]);
    }
    table
}

/// What a person calls a test.
fn test(key: &str, language: Language) -> String {
    let (of, order) = match key.split_once("-scott") {
        Some((_, order)) => ("Pearson", order),
        None => match key.strip_prefix("likelihood") {
            Some(order) => (
                Words::new("likelihood ratio", "似然比").say(language),
                order,
            ),
            None if key == "wald-table" => return "Wald".to_owned(),
            None => {
                return Words::new("Wald, adjusted", "校正Wald")
                    .say(language)
                    .to_owned();
            }
        },
    };
    let order = match order {
        "-first" => Words::new("first order", "一阶校正"),
        "-satterthwaite" => Words::new("Satterthwaite", "Satterthwaite"),
        "-exact" => Words::new("exact mixture", "精确混合分布"),
        _ => Words::new("Rao–Scott F", "Rao–Scott F"),
    };
    format!("{of}, {}", order.say(language))
}
