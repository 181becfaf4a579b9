//! What is published of a draw, and what anyone can tell from it of one unit.

use serde::{Deserialize, Serialize};

use super::calls::DrawnCalls;
use super::commit::Kept;
use super::rest::Rested;
use super::wave::Coordination;
use crate::bare::{Repeated, StageBy, Stated, method};
use crate::draw::balance::lands::{Landing, Lands};
use crate::draw::equal::simple;
use crate::draw::sieve::Rule;
use crate::draw::walk::Turn;
use crate::draw::{Accuracy, How, Method};

/// How a sample was drawn: what is published of it, and what is needed to read its table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// The drawing method's card.
    pub method: String,
    /// What the card says, also of the chances.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub says: String,
    /// Whether the chances stated are those that units have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chances: Option<Stated>,
    /// The columns that the draw went by, beside ids and strata.
    #[serde(default, skip_serializing_if = "DrawnBy::is_nothing")]
    pub by: DrawnBy,
    /// The seed's key, from which anyone can compute any unit's number.
    pub seed_key: String,
    /// The list's fingerprint.
    pub fingerprint: String,
    /// Units drawn.
    pub drawn: u64,
    /// Into how many replicates the sample is cut.
    pub replicates: u32,
    /// What was promised before the draw, if anything was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<Kept>,
    /// The earlier wave that it was coordinated with, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordination: Option<Coordination>,
    /// Who rested, if anybody was to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<Rested>,
    /// How numbers are called, where each is called once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<DrawnCalls>,
    /// The stages, units last, where clusters were drawn first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<DrawnStage>,
    /// Whether every unit of a stratum had the same chance in them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub self_weighting: bool,
    /// Whether all were taken of a stratum or cluster that holds fewer than its take.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_all: bool,
    /// The strata, in order of their labels.
    pub strata: Vec<DrawnStratum>,
}

/// What was drawn at a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnStage {
    /// The column of the clusters' labels; that of ids at the last stage.
    pub column: String,
    /// The key of the method's card; none where all are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// What chances are in proportion to.
    pub by: StageBy,
    /// Whether the chances stated are exact.
    pub chances: Stated,
    /// Labels that stand in several strata, or clusters of the stage before: each names several clusters.
    #[serde(default, skip_serializing_if = "is_none")]
    pub labels_again: u64,
    /// Drawn clusters of the stage before, or strata, that hold fewer than their take: all in them were taken.
    #[serde(default, skip_serializing_if = "is_none")]
    pub whole: u64,
    /// The strata, in order of their labels.
    pub strata: Vec<StageStratum>,
}

/// What was drawn of a stratum at a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageStratum {
    /// The stratum's label.
    pub stratum: String,
    /// How many were to be drawn, in each cluster of the stage before; none if all.
    pub take: Option<u64>,
    /// Clusters or units there are, in clusters that may be drawn at the stage before.
    pub there: u64,
    /// Those that were drawn.
    pub drawn: u64,
    /// Drawn ones that had to be drawn, once what holds them was.
    pub certain: u64,
    /// The number of the last cluster of a first stage that was drawn simply: a cluster of this stratum was
    /// drawn if its own comes no later in the alphabet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

/// The column of each stage's clusters, which units have none of, and its method.
pub(super) fn columns_and_methods(
    stages: &[DrawnStage],
) -> Vec<(Option<String>, Option<&'static Method>)> {
    let last = stages.len().saturating_sub(1);
    let of = |(place, stage): (usize, &DrawnStage)| {
        let method = stage.method.as_deref().and_then(|key| method(key).ok());
        ((place < last).then(|| stage.column.clone()), method)
    };
    stages.iter().enumerate().map(of).collect()
}

/// The columns of the list that a draw goes by, beside ids and strata.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DrawnBy {
    /// The column of sizes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// The columns that the walk through the list is ordered by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<String>,
    /// Whether that order turns where a group ends.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub serpentine: bool,
    /// The columns of places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spread: Vec<String>,
    /// The columns of amounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub balance: Vec<String>,
    /// How a balanced draw landed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landing: Option<Lands>,
}

/// What was drawn from a stratum.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DrawnStratum {
    /// Its label.
    pub stratum: String,
    /// N_h, without those who rest.
    pub population: u64,
    /// Units that rest, if any were to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resting: Option<u64>,
    /// Units drawn.
    pub drawn: u64,
    /// n_h, what the plan asked for: hits, or the number on average, where that is not the number drawn
    /// as a matter of course.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
    /// Hits, if a unit may be hit more than once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hits: Option<u64>,
    /// Drawn units that had to be drawn, with chances in proportion to size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certain: Option<u64>,
    /// Units of size 0, which are never drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_size: Option<u64>,
    /// Σx over all units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<f64>,
    /// Drawn units in the first 1, 2, … replicates, if there are several. The chance to be among the first k
    /// is π times their share of all that were drawn here; in stages, of all that were drawn from its cluster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub in_first: Vec<u64>,
    /// The spatial balance of the sample: 0 is best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<f64>,
    /// What the sample makes of the amounts it is balanced on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub balance: Vec<Repeated>,
    /// The number of the last unit drawn by permanent numbers, as 64 hex digits. In a simple draw, a unit
    /// of this stratum was drawn if its own comes no later in the alphabet. None where nobody was drawn,
    /// or chance came another way.
    pub last: Option<String>,
    /// How far a draw by number and chance went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Threshold>,
    /// Whether the whole stratum was taken; then every number is drawn.
    pub whole: bool,
}

/// How far a draw by permanent number u and chance π went: who lies below was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// What is compared.
    pub of: Transformed,
    /// The size from which on a unit is certain: π = x / level below it. None if all chances are n_h / N_h.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<f64>,
    /// The largest that was drawn; of draws of random size 1, below which everybody is.
    pub most: f64,
}

/// What number and chance are made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Transformed {
    /// u / π.
    #[serde(rename = "u / π")]
    Ratio,
    /// u (1 − π) / (π (1 − u)).
    #[serde(rename = "u (1 − π) / (π (1 − u))")]
    Odds,
}

impl Transformed {
    /// What a rule compares.
    pub(super) fn by(rule: Rule) -> Transformed {
        match rule {
            Rule::Pareto => Transformed::Odds,
            Rule::Smallest | Rule::Below => Transformed::Ratio,
        }
    }

    /// Of a unit with this number and chance.
    #[must_use]
    pub fn of(self, u: f64, chance: f64) -> f64 {
        match self {
            Transformed::Ratio => u / chance,
            Transformed::Odds => u * (1.0 - chance) / (chance * (1.0 - u)),
        }
    }
}

/// Chances this close to 1 are 1: they come from sums of floats.
pub(super) const NEARLY: f64 = 1.0 - 1e-12;

impl Threshold {
    /// Whether a unit with this number and chance was drawn; unknown if floats cannot tell.
    fn takes(&self, u: f64, chance: f64) -> Option<bool> {
        const DOUBT: f64 = 1e-9;
        if chance >= NEARLY {
            return Some(true);
        }
        if chance <= 0.0 {
            return Some(false);
        }
        let mine = self.of.of(u, chance);
        ((mine - self.most).abs() > DOUBT * self.most).then_some(mine < self.most)
    }
}

impl DrawnStratum {
    /// Whether a unit of this stratum with this number was drawn; unknown if the draw does not say how far
    /// it went, or numbers alone do not decide.
    #[must_use]
    pub fn takes(&self, digest: &str) -> Option<bool> {
        match &self.last {
            _ if self.whole => Some(true),
            _ if self.drawn == 0 => Some(false),
            Some(last) if self.threshold.is_some() => (digest == last).then_some(true),
            last => last.as_deref().map(|last| digest <= last),
        }
    }

    /// The same for a unit of which no number is known: all or nobody.
    pub(super) fn takes_unseen(&self) -> Option<bool> {
        (self.whole || self.drawn == 0).then_some(self.whole)
    }

    /// The same for a unit of this size, whose number is also given as u.
    #[must_use]
    pub fn takes_sized(&self, digest: &str, u: f64, size: Option<f64>) -> Option<bool> {
        self.takes(digest).or_else(|| {
            let threshold = self.threshold.as_ref()?;
            threshold.takes(u, self.chance(size)?)
        })
    }

    /// The chance of a unit of this size, where the draw was by numbers; of equal chances, the size is of
    /// no account.
    #[must_use]
    pub fn chance(&self, size: Option<f64>) -> Option<f64> {
        match &self.threshold {
            Some(Threshold {
                level: Some(level), ..
            }) => Some((size? / level).min(1.0)),
            Some(_) => Some(self.expected? as f64 / self.population as f64),
            None => self
                .last
                .as_ref()
                .map(|_| self.drawn as f64 / self.population as f64),
        }
    }
}

impl DrawnBy {
    /// The columns of a draw.
    #[must_use]
    pub fn of(how: &How) -> DrawnBy {
        DrawnBy {
            size: how.size.clone(),
            sort: how.sort.clone(),
            serpentine: !how.sort.is_empty() && how.turn == Turn::Serpentine,
            spread: how.spread.clone(),
            balance: how.balance.clone(),
            landing: how.lands(),
        }
    }

    /// Whether the draw went by ids and strata alone.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == DrawnBy::default()
    }

    /// In a few words: "size turnover; sort district, street (serpentine)".
    #[must_use]
    pub fn words(&self) -> String {
        let turn = if self.serpentine { " (serpentine)" } else { "" };
        // Whoever says nothing of the landing has amounts dropped.
        let landing = match self.landing {
            Some(Lands::Apart(Landing::Programme)) => " (landing lp)",
            Some(Lands::Together) => " (landing pooled)",
            _ => "",
        };
        let named = |what: &str, columns: &[String], after: &str| {
            (!columns.is_empty()).then(|| format!("{what} {}{after}", columns.join(", ")))
        };
        let all = [
            named("size", self.size.as_slice(), ""),
            named("sort", &self.sort, turn),
            named("spread", &self.spread, ""),
            named("balance", &self.balance, landing),
        ];
        let all: Vec<String> = all.into_iter().flatten().collect();
        if all.is_empty() {
            "none".to_owned()
        } else {
            all.join("; ")
        }
    }
}

impl Drawn {
    /// The method and its columns, of units where clusters were drawn first; none if this version knows no such method.
    #[must_use]
    pub fn how(&self) -> Option<How> {
        let by = self.by.clone();
        let key = match self.stages.last() {
            Some(units) => units.method.as_deref().unwrap_or(simple::CARD.key),
            None => &self.method,
        };
        let method = method(key).ok()?;
        let turn = |wave: &Coordination| wave.turn;
        Some(How {
            method,
            size: by.size,
            sort: by.sort,
            turn: match by.serpentine {
                true => Turn::Serpentine,
                false => Turn::Nested,
            },
            spread: by.spread,
            balance: by.balance,
            landing: by.landing,
            numbers: self.coordination.as_ref().map(turn).unwrap_or_default(),
            rests: self.rest.is_some(),
        })
    }

    /// Units or hits that the plan asked for.
    #[must_use]
    pub fn expected(&self) -> u64 {
        let of = |stratum: &DrawnStratum| stratum.expected.unwrap_or(stratum.drawn);
        self.strata.iter().map(of).sum()
    }
}

/// Whether a method's chances are exact, as it is published.
pub(super) fn stated(how: &How) -> Stated {
    match how.method.chances {
        Accuracy::Exact => Stated::Exact,
        Accuracy::Approximate => Stated::Approximate,
    }
}

#[cfg(test)]
mod tests {
    use super::{DrawnBy, DrawnStratum, Threshold, Transformed};

    fn stratum(of: Transformed, level: Option<f64>, most: f64) -> DrawnStratum {
        DrawnStratum {
            stratum: "town".into(),
            population: 10,
            drawn: 2,
            expected: Some(2),
            last: Some("55".into()),
            threshold: Some(Threshold { of, level, most }),
            ..DrawnStratum::default()
        }
    }

    #[test]
    fn a_size_decides_together_with_a_number() {
        let ratio = stratum(Transformed::Ratio, Some(10.0), 0.6);
        // π = 1/2: 0.2 / 0.5 = 0.4, and 0.4 / 0.5 = 0.8.
        assert_eq!(ratio.takes_sized("11", 0.2, Some(5.0)), Some(true));
        assert_eq!(ratio.takes_sized("66", 0.4, Some(5.0)), Some(false));
        assert_eq!(ratio.takes_sized("66", 0.999, Some(10.0)), Some(true));
        assert_eq!(ratio.takes_sized("00", 0.0001, Some(0.0)), Some(false));
        assert_eq!(
            ratio.takes_sized("55", 0.3, Some(5.0)),
            Some(true),
            "the last one"
        );
        assert_eq!(
            ratio.takes_sized("50", 0.3, Some(5.0)),
            None,
            "too close to tell"
        );
        assert_eq!(ratio.takes_sized("11", 0.2, None), None);
        // π = 1/2: the odds of 0.2 are 1/4.
        let odds = stratum(Transformed::Odds, Some(10.0), 0.3);
        assert_eq!(odds.takes_sized("11", 0.2, Some(5.0)), Some(true));
        assert_eq!(odds.takes_sized("66", 0.25, Some(5.0)), Some(false));
    }

    #[test]
    fn of_equal_chances_a_number_is_enough() {
        let all = stratum(Transformed::Ratio, None, 1.0);
        assert_eq!(all.takes_sized("11", 0.19, None), Some(true));
        assert_eq!(all.takes_sized("66", 0.21, None), Some(false));
    }

    #[test]
    fn columns_are_told_in_a_few_words() {
        let by = DrawnBy {
            size: Some("turnover".into()),
            sort: vec!["district".into(), "street".into()],
            serpentine: true,
            ..DrawnBy::default()
        };
        assert_eq!(
            by.words(),
            "size turnover; sort district, street (serpentine)"
        );
        assert_eq!(DrawnBy::default().words(), "none");
    }
}
