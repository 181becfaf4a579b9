//! What became of figures since an earlier wave.

use super::discretion::{self, Discretion};
use super::document::{Block, Column, Table, Value};
use super::{results, words};
use crate::estimate::change::{Bound, Change};
use crate::language::{Language, Words};

/// Figures less those of an earlier survey.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Changes<'a> {
    /// The earlier survey's name.
    pub since: &'a str,
    /// One per figure and domain.
    pub changes: &'a [Change],
}

/// The chapter's tables and remarks.
pub(super) fn chapter(
    all: &[Changes<'_>],
    discretion: Discretion,
    language: Language,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (place, changes) in all.iter().enumerate() {
        let name = format!("changes-{}", place + 1);
        blocks.push(Block::Table(changes.table(name, discretion, language)));
        let reasons = remarks(changes, language).into_iter().map(Block::Note);
        blocks.extend(reasons);
    }
    let changes = || all.iter().flat_map(|all| all.changes);
    if !blocks.is_empty() {
        blocks.push(Block::Note(legend(changes(), language)));
    }
    let least = discretion.least;
    let few = |change: &Change| {
        [&change.first, &change.second].map(|one| discretion::withholds(one.n, least))
    };
    if changes().any(|change| few(change).contains(&true)) {
        blocks.push(Block::Note(discretion::rule(least, language)));
    }
    blocks
}

/// Gives one row per figure and domain: then, now, and the change between them.
#[must_use]
pub fn table(
    changes: &Changes<'_>,
    discretion: impl Into<Discretion>,
    language: Language,
) -> Table {
    changes.table("changes".to_owned(), discretion.into(), language)
}

impl Changes<'_> {
    fn table(&self, name: String, discretion: Discretion, language: Language) -> Table {
        let say = |en, zh| Words::new(en, zh).say(language);
        let columns = vec![
            Column::text(say("statistic", "统计量")),
            Column::text(say("of", "项目")),
            Column::text(say("for", "范围")),
            Column::number(say("then", "前期")),
            Column::number(say("now", "本期")),
            Column::number(say("change", "变化")),
            Column::number(say("standard error", "标准误")),
            Column::number(say("from", "区间下限")),
            Column::number(say("to", "区间上限")),
            Column::number(say("n then", "前期样本量")),
            Column::number(say("n now", "本期样本量")),
            Column::number(say("drawn in both", "两期共同抽中")),
        ];
        let caption = match language {
            Language::English => format!("Changes since {}", self.since),
            Language::Chinese => format!("与“{}”相比的变化", self.since),
        };
        let mut table = Table::new(name, caption, columns);
        for change in self.changes {
            let now = &change.second;
            let mut row = vec![
                Value::text(words::statistic(&now.statistic, language)),
                Value::text(&now.item),
                Value::text(words::cell(&now.domain, language)),
            ];
            row.extend(figures(change, discretion, language));
            row.extend([change.first.n, now.n].map(Value::Whole));
            row.push(change.common.map_or(Value::Unknown, Value::Whole));
            table.push(row);
        }
        table
    }
}

/// Then, now, and what stands between; a wave that is not printed leaves no change.
fn figures(change: &Change, discretion: Discretion, language: Language) -> [Value; 6] {
    let Change { first, second, .. } = change;
    let statistic = second.statistic.as_str();
    let show = |value: Option<f64>| words::value(statistic, value);
    let instead = [first, second].map(|one| discretion.instead(one, language));
    let alone = |place: usize, value: f64| match &instead[place] {
        Some(instead) => Value::text(instead),
        None => show(Some(value)),
    };
    let printed = instead.iter().all(Option::is_none);
    let of = |value: Option<f64>| show(value.filter(|_| printed));
    let (low, high) = change.change.interval.unzip();
    [
        alone(0, first.value),
        alone(1, second.value),
        of(Some(change.change.value)),
        of(change.change.standard_error()),
        of(low),
        of(high),
    ]
}

/// Why some variances are unknown: each reason once.
fn remarks(changes: &Changes<'_>, language: Language) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for change in changes.changes {
        let why = change.change.variance.as_ref().err();
        let sentence = why.map(|why| results::unknown(why, language));
        said.extend(sentence.filter(|sentence| !said.contains(sentence)));
    }
    said
}

/// How to read the tables, and what stands in for what waves without common units do not tell.
fn legend<'c>(changes: impl Iterator<Item = &'c Change>, language: Language) -> String {
    let (mut apart, mut lists, mut kept, mut stages) = (false, false, false, false);
    for bound in changes.flat_map(|change| &change.bounds) {
        match bound {
            Bound::Few => apart = true,
            Bound::Lists => lists = true,
            Bound::KeptApart => kept = true,
            Bound::FirstStage => stages = true,
        }
    }
    let both = Words::new(
        "Units that both waves drew answer alike twice; what they share is taken off the variance of the \
         change. That people answer at all is taken to be independent between waves.",
        "两期均抽中的单位其回答相关，所含协方差已从变化的方差中扣除；是否应答视为两期之间相互独立。",
    );
    let none = Words::new(
        " Where fewer than two units, or clusters, of a stratum are in both, the covariance is taken to be what \
         makes the variance greatest.",
        "层内两期共同的单位或群不足两个的，协方差取使方差最大之值。",
    );
    let mut legend = both.say(language).to_owned();
    let differ = Words::new(
        " Where the lists differ and nobody knows who is in both, the covariance is taken to be the least it may be.",
        "两期名单不同且共有单位数未知的，协方差取其最小可能值。",
    );
    let away = Words::new(
        " Where permanent numbers keep units of one wave out of the other, the covariance is taken to be the least \
         it may be.",
        "永久随机数使两期单位相互错开的，协方差取其最小可能值。",
    );
    let first = Words::new(
        " Where one seed drew both waves in stages other than two simple ones, all released, clusters of the first stage \
         stand for all that was drawn within them: as a rule the variance of the change is too large rather than too small.",
        "同一种子分阶段抽取、且非两阶段均为简单随机并全部放出的，以第一阶段的群代表群内各阶段的抽取：\
         变化的方差一般偏大而不偏小。",
    );
    for (is_so, words) in [
        (apart, none),
        (lists, differ),
        (kept, away),
        (stages, first),
    ] {
        legend.extend(is_so.then(|| words.say(language)));
    }
    legend
}

#[cfg(test)]
mod tests {
    use super::{Changes, chapter, table};
    use crate::estimate::Estimate;
    use crate::estimate::change::{Bound, Change};
    use crate::language::Language::{Chinese, English};
    use crate::report::Block;
    use crate::report::discretion::Discretion;

    fn estimate(statistic: &str, value: f64, n: u64) -> Estimate {
        Estimate {
            statistic: statistic.into(),
            item: "complained = 1".into(),
            domain: "all".into(),
            value,
            variance: Ok(0.0004),
            df: 100,
            n,
            design_effect: None,
            confidence: 0.95,
            interval: Some((value - 0.04, value + 0.04)),
        }
    }

    fn change(n: u64, common: u64) -> Change {
        Change {
            first: estimate("share", 0.2, n),
            second: estimate("share", 0.25, 90),
            change: estimate("change", 0.05, n + 90),
            covariance: Some(0.0001),
            common: Some(common),
            bounds: if common < 2 {
                vec![Bound::Few]
            } else {
                Vec::new()
            },
        }
    }

    #[test]
    fn a_change_is_shown_in_the_unit_of_its_figure() {
        let changes = [change(80, 30), change(12, 0)];
        let since = Changes {
            since: "Coffee 2024",
            changes: &changes,
        };
        let shown = table(&since, 30, English);
        let row = |place: usize| -> Vec<String> {
            let row = shown.rows[place].iter();
            row.map(|value| value.say(English)).collect()
        };
        assert_eq!(
            row(0)[3..],
            [
                "20.00%", "25.00%", "5.00%", "2.00%", "1.00%", "9.00%", "80", "90", "30"
            ]
        );
        assert_eq!(row(1)[3..6], ["too few", "25.00%", "—"]);
        let text = |language| {
            let blocks = chapter(&[since], Discretion::from(30), language);
            let notes = blocks.into_iter().filter_map(|block| match block {
                Block::Note(text) => Some(text),
                _ => None,
            });
            notes.collect::<String>()
        };
        assert!(
            text(English).contains("fewer than two units, or clusters, of a stratum are in both")
        );
        assert!(text(Chinese).contains("两期共同的单位或群不足两个"));
    }
}
