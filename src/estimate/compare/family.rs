//! What is told of a comparison: by labels, as it is written down and printed.

use serde::{Deserialize, Serialize};

use super::{Comparison, Order, Ranks, groups, letters};
use crate::estimate::Joint;
use crate::random::Seed;

/// One figure compared among the labels of a column, in every family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// What was estimated: "mean", "share".
    pub statistic: String,
    /// Of which item: "overall".
    pub item: String,
    /// The column whose labels are compared.
    pub among: String,
    /// The columns within whose combinations they are; none for everybody.
    pub within: Vec<String>,
    /// The card key of how p was corrected: "max-t", "holm".
    pub correction: String,
    /// The confidence of intervals, ranks and letters.
    pub confidence: f64,
    /// One per combination of `within`, in the order of their labels.
    pub families: Vec<Family>,
}

/// Figures that are compared with one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Family {
    /// Its combination of columns: "mobile phone", or "all".
    pub within: String,
    /// The figures that were compared, in the order of their labels.
    pub members: Vec<Member>,
    /// Those that were not, and why.
    pub left_out: Vec<LeftOut>,
    /// The groups of two and more members that cannot be told apart, each as large as it can be.
    pub alike: Vec<Vec<String>>,
    /// The first member less all after it, then the second. A difference that does not vary is not here.
    pub pairs: Vec<Apart>,
    /// The degrees of freedom of the family.
    pub df: u64,
    /// How many standard errors an interval that holds for all pairs has to each side; none without pairs.
    pub critical: Option<f64>,
    /// The standard error that simulation leaves in it.
    pub critical_error: Option<f64>,
}

/// A figure that was compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The label in the column compared.
    pub label: String,
    /// The figure.
    pub value: f64,
    /// Respondents who answered.
    pub n: u64,
    /// Members that share a letter cannot be told apart.
    pub letters: String,
    /// Its ranks, if ranks were asked for.
    pub ranks: Option<RankSet>,
}

/// The ranks that a figure may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankSet {
    /// In the sample; figures that are alike share the better one.
    pub sample: usize,
    /// The best that is not ruled out.
    pub best: usize,
    /// The worst that is not ruled out.
    pub worst: usize,
}

/// A figure that could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The label in the column compared.
    pub label: String,
    /// Why.
    pub why: Why,
}

/// Why a figure was not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nobody answered.
    NoAnswers,
    /// It is not published by itself, so no difference from it is.
    NotPublished,
    /// Its variance is not known, or it has no degrees of freedom.
    NoVariance,
}

/// One member less another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Apart {
    /// The member that comes first.
    pub this: String,
    /// The one that is taken from it.
    pub other: String,
    /// Their difference.
    pub difference: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The difference in standard errors.
    pub t: f64,
    /// Its degrees of freedom.
    pub df: u64,
    /// How likely a t as far from 0 is, by itself.
    pub p: f64,
    /// p, corrected for all pairs of the family.
    pub corrected: f64,
    /// An interval by itself.
    pub interval: (f64, f64),
    /// An interval that holds for all pairs at once.
    pub simultaneous: (f64, f64),
}

/// How p values of many differences are corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Corrected {
    /// By the largest of all t's, which knows how differences hang together.
    #[default]
    LargestT,
    /// By the p values alone.
    ByP(super::Correction),
}

impl Corrected {
    /// What it says of itself; its key is the word for it.
    #[must_use]
    pub fn card(self) -> &'static crate::method::Card {
        match self {
            Corrected::LargestT => &super::MAX_T,
            Corrected::ByP(correction) => correction.card(),
        }
    }

    /// How p values are corrected beside the largest t.
    #[must_use]
    pub fn by_p(self) -> super::Correction {
        match self {
            Corrected::LargestT => super::Correction::default(),
            Corrected::ByP(correction) => correction,
        }
    }
}

impl Family {
    /// What a comparison found, by the labels of its figures; ranks only if there is an order, and by a seed
    /// for what is simulated.
    ///
    /// # Panics
    ///
    /// If there is not one label per figure: our own bug.
    #[must_use]
    pub fn of(
        within: impl Into<String>,
        labels: &[String],
        (joint, comparison): (&Joint, &Comparison),
        corrected: Corrected,
        order: Option<(Order, &Seed)>,
    ) -> Family {
        assert_eq!(labels.len(), joint.figures.len(), "a label per figure");
        let ranks =
            order.map(|(order, seed)| Ranks::by_differences(joint, comparison, order, seed));
        let letters = letters(comparison);
        let ranks_of = |figure: usize| {
            let mut all = ranks.iter().flat_map(|ranks| &ranks.ranks);
            all.find(|rank| rank.figure == figure).map(|rank| RankSet {
                sample: rank.rank,
                best: rank.best,
                worst: rank.worst,
            })
        };
        let member = |&figure: &usize| Member {
            label: labels[figure].clone(),
            value: joint.figures[figure].value,
            n: joint.figures[figure].n,
            letters: letters[figure].clone(),
            ranks: ranks_of(figure),
        };
        let out = |&figure: &usize| LeftOut {
            label: labels[figure].clone(),
            why: Why::NoVariance,
        };
        let apart = |pair: &super::Pair| Apart {
            this: labels[pair.this].clone(),
            other: labels[pair.other].clone(),
            difference: pair.difference,
            standard_error: pair.standard_error,
            t: pair.t,
            df: pair.df,
            p: pair.p,
            corrected: match corrected {
                // Far out, rounding may leave the one below the other.
                Corrected::LargestT => pair.p_largest.max(pair.p),
                Corrected::ByP(_) => pair.corrected,
            },
            interval: pair.interval,
            simultaneous: pair.simultaneous,
        };
        let alike = groups(comparison)
            .into_iter()
            .filter(|group| group.len() > 1);
        let named = |group: Vec<usize>| {
            group
                .into_iter()
                .map(|figure| labels[figure].clone())
                .collect()
        };
        Family {
            within: within.into(),
            members: comparison.compared.iter().map(member).collect(),
            left_out: comparison.left_out.iter().map(out).collect(),
            alike: alike.map(named).collect(),
            pairs: comparison.pairs.iter().map(apart).collect(),
            df: comparison.df,
            critical: comparison.critical,
            critical_error: comparison.critical_error,
        }
    }

    /// The member of a label, if it was compared.
    #[must_use]
    pub fn member(&self, label: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.label == label)
    }
}
