//! The figures, and how sure they are.

use super::discretion::{self, Discretion};
use super::document::{Block, Column, Table, Value};
use super::{phrases, words};
use crate::estimate::{Estimate, Unknown};
use crate::language::{Language, Words};

/// The chapter's table and remarks.
pub(super) fn chapter(
    estimates: &[Estimate],
    discretion: impl Into<Discretion>,
    language: Language,
) -> Vec<Block> {
    let discretion = discretion.into();
    let least = discretion.least;
    let mut blocks = vec![Block::Table(table(estimates, discretion, language))];
    let reasons = unknowns(estimates, language);
    blocks.extend(reasons.into_iter().map(Block::Note));
    if estimates
        .iter()
        .any(|estimate| discretion::withholds(estimate.n, least))
    {
        blocks.push(Block::Note(discretion::rule(least, language)));
    }
    let judged = |estimate: &Estimate| discretion.verdict(estimate).is_some();
    if estimates.iter().any(judged) {
        blocks.push(Block::Note(discretion::standards(language)));
    }
    blocks
}

/// Gives one row per estimate, without the figures that are not to be printed: those of too few
/// completes, and shares that standards suppress.
#[must_use]
pub fn table(
    estimates: &[Estimate],
    discretion: impl Into<Discretion>,
    language: Language,
) -> Table {
    let discretion = discretion.into();
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut columns = vec![
        Column::text(say("statistic", "统计量")),
        Column::text(say("of", "项目")),
        Column::text(say("for", "范围")),
        Column::number(say("value", "估计值")),
        Column::number(say("standard error", "标准误")),
        Column::number(say("from", "区间下限")),
        Column::number(say("to", "区间上限")),
        Column::number(say("design effect", "设计效应")),
        Column::number(say("df", "自由度")),
        Column::number(say("completes n", "样本量")),
    ];
    let judged = estimates
        .iter()
        .any(|estimate| discretion.verdict(estimate).is_some());
    if judged {
        columns.push(Column::text(say("by the standards", "发布标准")));
    }
    let mut table = Table::new("estimates", say("Estimates", "估计结果"), columns);
    for estimate in estimates {
        let mut row = vec![
            Value::text(words::statistic(&estimate.statistic, language)),
            Value::text(&estimate.item),
            Value::text(words::cell(&estimate.domain, language)),
        ];
        row.extend(figures(estimate, discretion, language));
        row.push(Value::Whole(estimate.n));
        if judged {
            let verdict = discretion.verdict(estimate);
            let said = verdict.map_or("", |verdict| words::verdict(verdict).say(language));
            row.push(Value::text(said));
        }
        table.push(row);
    }
    table
}

fn figures(estimate: &Estimate, discretion: Discretion, language: Language) -> [Value; 6] {
    if let Some(instead) = discretion.instead(estimate, language) {
        return [
            Value::text(instead),
            Value::Unknown,
            Value::Unknown,
            Value::Unknown,
            Value::Unknown,
            Value::Unknown,
        ];
    }
    // A difference is in the unit of what it is of: "share of …".
    let statistic = match estimate.statistic.as_str() {
        "difference" => estimate.item.split(" of ").next().unwrap_or_default(),
        other => other,
    };
    let show = |value: Option<f64>| words::value(statistic, value);
    [
        show(Some(estimate.value)),
        show(estimate.standard_error()),
        show(estimate.interval.map(|(low, _)| low)),
        show(estimate.interval.map(|(_, high)| high)),
        Value::maybe(estimate.design_effect, 2),
        Value::Whole(estimate.df),
    ]
}

/// Why some variances are unknown: each reason once.
fn unknowns(estimates: &[Estimate], language: Language) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for reason in estimates
        .iter()
        .filter_map(|estimate| estimate.variance.as_ref().err())
    {
        let sentence = unknown(reason, language);
        if !said.contains(&sentence) {
            said.push(sentence);
        }
    }
    said
}

/// Why a variance is unknown, as a sentence.
pub(super) fn unknown(reason: &Unknown, language: Language) -> String {
    match language {
        Language::English => format!("No variance: {reason}."),
        Language::Chinese => chinese(reason),
    }
}

fn chinese(reason: &Unknown) -> String {
    match reason {
        Unknown::OneAnswer => "方差无法估计：该范围内只有一个回答。".to_owned(),
        Unknown::NoDegrees => "方差无法估计：没有自由度，分位数没有区间。".to_owned(),
        Unknown::BeyondAnswers => "方差无法估计：分位数的区间超出全部回答的范围。".to_owned(),
        Unknown::Negative => "方差无法估计：成对公式的结果小于0（小样本中可能发生）。".to_owned(),
        Unknown::PairImpossible => {
            "方差无法估计：按成对入样概率表，有两个入样单位不可能同时入样。".to_owned()
        }
        Unknown::TooFew { strata, least } => {
            format!(
                "方差无法估计：以下各层的入样单位少于{least}个：{}。",
                phrases::names(strata, Language::Chinese)
            )
        }
        Unknown::Undefined {
            undefined,
            replicates,
        } => format!("方差无法估计：{replicates}组重复权数中有{undefined}组无法得到该估计量。"),
        Unknown::NotWeighed {
            failed, replicates, ..
        } => format!("方差无法估计：{replicates}组重复权数中有{failed}组无法完成加权。"),
        Unknown::Still => "方差无法估计：各组重复权数均不改变该估计量。".to_owned(),
        Unknown::OneCluster { cluster } => {
            format!("方差无法估计：全部回答来自同一个群（“{cluster}”）。")
        }
        Unknown::LonelyStratum { strata } => {
            format!(
                "方差无法估计：以下各层只抽中一个单位：{}。",
                phrases::names(strata, Language::Chinese)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Discretion, chapter, table};
    use crate::estimate::{Estimate, Unknown};
    use crate::language::Language::English;
    use crate::report::{Block, Value};

    fn estimate(statistic: &str, value: f64, n: u64) -> Estimate {
        Estimate {
            statistic: statistic.into(),
            item: "overall".into(),
            domain: "all".into(),
            value,
            variance: Ok(0.0001),
            df: 100,
            n,
            design_effect: Some(1.1),
            confidence: 0.95,
            interval: Some((value - 0.02, value + 0.02)),
        }
    }

    #[test]
    fn each_statistic_is_shown_in_its_own_unit() {
        let rows = table(
            &[estimate("share", 0.25, 90), estimate("total", 1234.5, 90)],
            30,
            English,
        );
        let values = [&rows.rows[0][3], &rows.rows[1][3]].map(|value| value.say(English));
        assert_eq!(values, ["25.00%", "1,235"]);
    }

    #[test]
    fn few_completes_leave_nothing_but_their_number() {
        let blocks = chapter(&[estimate("mean", 7.5, 12)], 30, English);
        let Block::Table(table) = &blocks[0] else {
            panic!("a table first")
        };
        assert_eq!(table.rows[0][3], Value::text("too few"));
        assert!(
            table.rows[0][4..9]
                .iter()
                .all(|value| *value == Value::Unknown)
        );
        assert_eq!(table.rows[0][9], Value::Whole(12));
        assert_eq!(blocks.len(), 2);
    }

    #[test]
    fn standards_withhold_shares_and_say_so() {
        let discretion = Discretion {
            least: 10,
            nchs: true,
        };
        let mut sure = estimate("share", 0.4, 900);
        sure.variance = Ok(0.24 / 900.0);
        let few = estimate("share", 0.4, 12);
        let blocks = chapter(&[sure, few, estimate("mean", 7.5, 12)], discretion, English);
        let Block::Table(table) = &blocks[0] else {
            panic!("a table first")
        };
        let column = |place: usize| -> Vec<String> {
            let rows = table.rows.iter();
            rows.map(|row| row[place].say(English).to_string())
                .collect()
        };
        assert_eq!(column(3), ["40.00%", "too unsure", "7.50"]);
        assert_eq!(column(10), ["publish", "suppress", ""]);
        assert!(matches!(&blocks[1], Block::Note(text) if text.contains("NCHS")));
    }

    #[test]
    fn a_difference_is_shown_in_the_unit_of_what_differs() {
        let mut points = estimate("difference", 0.25, 90);
        points.item = "share of complained = 1".into();
        let rows = table(&[points, estimate("quantile", 12.345, 90)], 30, English);
        let values = [&rows.rows[0][3], &rows.rows[1][3]].map(|value| value.say(English));
        assert_eq!(values, ["25.00%", "12.35"]);
    }

    #[test]
    fn an_unknown_variance_is_explained_once() {
        let mut lonely = estimate("mean", 7.5, 90);
        lonely.variance = Err(Unknown::LonelyStratum {
            strata: vec!["islands".into()],
        });
        lonely.interval = None;
        let blocks = chapter(&[lonely.clone(), lonely], 30, English);
        assert_eq!(blocks.len(), 2);
        assert!(matches!(&blocks[1], Block::Note(text) if text.contains("'islands'")));
    }
}
