//! Every figure of a family beside every other.

use super::{Correction, MaxT};
use crate::estimate::Joint;
use crate::language::Words;
use crate::math::distribution::{t_beyond, t_quantile};
use crate::method::{Card, Source};
use crate::random::Seed;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "compare",
    title: Words::new("All pairwise differences", "两两比较"),
    says: Words::new(
        "Every figure of a family less every other, with what both share. Beside the plain p stands one \
         corrected for the number of pairs, and one from the largest |t|; the wider interval holds for all \
         pairs at once.",
        "同组各估计量两两相减，方差计入两者的相关。除普通p值外，给出按对数校正的p值与基于最大|t|的p值；\
         较宽的区间对所有各对同时成立。",
    ),
    formula: "t = (θ̂_i − θ̂_j) / √(V̂_i + V̂_j − 2 Ĉ_ij);  θ̂_i − θ̂_j ± c · se,  P(max |T| > c) = 1 − confidence",
    sources: &[
        Source::new("Hothorn, Bretz, Westfall (2008)"),
        Source::at("Korn, Graubard (1999)", "§5.2"),
    ],
};

/// A difference whose variance is this part of its figures' does not vary.
const NOTHING: f64 = 1e-12;

/// Of p values below this, a t cannot be told any more.
const TINY: f64 = 1e-12;

/// One difference of two figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The place of the figure that comes first.
    pub this: usize,
    /// The place of the one that is taken from it.
    pub other: usize,
    /// θ̂ of this less that of the other.
    pub difference: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The difference in standard errors.
    pub t: f64,
    /// Its degrees of freedom.
    pub df: u64,
    /// How likely a t as far from 0 is, by itself.
    pub p: f64,
    /// p, corrected for the number of pairs.
    pub corrected: f64,
    /// How likely any pair of the family has a t as far from 0.
    pub p_largest: f64,
    /// The t interval, by itself.
    pub interval: (f64, f64),
    /// An interval that holds for all pairs at once.
    pub simultaneous: (f64, f64),
}

impl Pair {
    /// Which is larger, if that can be said of all pairs at once.
    #[must_use]
    pub fn larger(&self) -> Option<usize> {
        match self.simultaneous {
            (low, _) if low > 0.0 => Some(self.this),
            (_, high) if high < 0.0 => Some(self.other),
            _ => None,
        }
    }
}

/// All differences among a family of figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The places of the figures that were compared.
    pub compared: Vec<usize>,
    /// The places of those that were not: without a variance, or without degrees of freedom.
    pub left_out: Vec<usize>,
    /// The differences: the first figure with all after it, then the second. A difference that does not vary
    /// has no place here.
    pub pairs: Vec<Pair>,
    /// How p was corrected.
    pub correction: Correction,
    /// The confidence of the intervals.
    pub confidence: f64,
    /// The degrees of freedom of the family.
    pub df: u64,
    /// How many standard errors an interval that holds for all has to each side; none without pairs.
    pub critical: Option<f64>,
    /// The standard error that simulation leaves in it.
    pub critical_error: Option<f64>,
    /// How many directions were simulated.
    pub draws: usize,
}

impl Comparison {
    /// Compares all figures of a family with one another.
    ///
    /// Degrees of freedom may differ between pairs. A t is then taken to the family's by its p, and the
    /// critical value back to the pair's.
    ///
    /// # Formula
    ///
    /// ```text
    /// t_ij = (θ̂_i − θ̂_j) / √(V̂_i + V̂_j − 2 Ĉ_ij)
    ///
    /// P(max |T| > c) = 1 − confidence,   (T) with ν degrees of freedom, hanging together as t_ij do
    /// ```
    ///
    /// # Source
    ///
    /// Hothorn, Bretz, Westfall (2008); Korn, Graubard (1999), §5.2, for degrees of freedom. As R's
    /// `multcomp::glht` with `adjusted("single-step")`.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::estimate::compare::{Comparison, Correction, letters};
    /// use canvass::estimate::variance::{Clusters, Design};
    /// use canvass::estimate::{Domain, Estimator, Mean, Statistic, joint};
    /// use canvass::field::Item;
    /// use canvass::frame::Codes;
    /// use canvass::random::Seed;
    /// use canvass::weigh::Ledger;
    ///
    /// let ledger = Ledger::given(vec![10.0; 9])?;
    /// let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
    /// let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
    /// let operator = Codes::from_labels(["a", "a", "a", "b", "b", "b", "c", "c", "c"]);
    /// let score = [7.0, 8.0, 9.0, 7.0, 7.0, 9.0, 2.0, 3.0, 2.0];
    /// let score = Item { name: "score".into(), values: score.map(Some).to_vec() };
    /// let (mean, operators) = (Mean::of(&score), Domain::each(&operator));
    /// let family: Vec<_> = operators.iter().map(|d| (&mean as &dyn Statistic, d)).collect();
    ///
    /// let family = joint(&estimator, &family).expect("all answered");
    /// let seed = Seed::new("an example").expect("not blank");
    /// let all = Comparison::of(&family, 0.95, Correction::Holm, &seed);
    /// assert_eq!(all.pairs.len(), 3);
    /// assert_eq!(letters(&all), ["a", "a", "b"]);
    /// # Ok::<(), canvass::Error>(())
    /// ```
    #[must_use]
    pub fn of(family: &Joint, confidence: f64, correction: Correction, seed: &Seed) -> Comparison {
        let alone = Comparison::one_by_one(family, confidence, correction);
        let (compared, mut pairs) = (&alone.compared, alone.pairs.clone());
        let places: Vec<(usize, usize)> = pairs.iter().map(|p| (p.this, p.other)).collect();
        let largest = largest(family, compared, &places, seed);
        let critical = largest.as_ref().map(|largest| largest.critical(confidence));
        if let Some((largest, critical)) = largest.as_ref().zip(critical) {
            for pair in &mut pairs {
                pair.p_largest = largest.beyond(carry(pair.t.abs(), pair.df, family.df));
                let half = carry(critical, family.df, pair.df) * pair.standard_error;
                pair.simultaneous = (pair.difference - half, pair.difference + half);
            }
        }
        Comparison {
            pairs,
            critical_error: largest
                .as_ref()
                .zip(critical)
                .map(|(largest, critical)| largest.critical_error(critical)),
            draws: largest.as_ref().map_or(0, MaxT::draws),
            critical,
            ..alone
        }
    }

    /// The same without chance: p is corrected by the number of differences alone, and no interval holds for
    /// all of them at once.
    #[must_use]
    pub fn one_by_one(family: &Joint, confidence: f64, correction: Correction) -> Comparison {
        let compared = family.known();
        let mut pairs = differences(family, &compared, confidence);
        let p: Vec<f64> = pairs.iter().map(|pair| pair.p).collect();
        for (pair, p) in pairs.iter_mut().zip(correction.adjust(&p)) {
            pair.corrected = p;
        }
        let all = 0..family.figures.len();
        Comparison {
            left_out: all.filter(|figure| !compared.contains(figure)).collect(),
            compared,
            pairs,
            correction,
            confidence,
            df: family.df,
            critical: None,
            critical_error: None,
            draws: 0,
        }
    }

    /// Whether two figures can be told apart, all pairs considered.
    #[must_use]
    pub fn apart(&self, one: usize, another: usize) -> bool {
        self.pairs.iter().any(|pair| {
            let these = [(pair.this, pair.other), (pair.other, pair.this)];
            these.contains(&(one, another)) && pair.larger().is_some()
        })
    }
}

/// Differences and what each says by itself.
fn differences(family: &Joint, compared: &[usize], confidence: f64) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (place, &this) in compared.iter().enumerate() {
        for &other in &compared[place + 1..] {
            let mut contrast = vec![0.0; family.figures.len()];
            (contrast[this], contrast[other]) = (1.0, -1.0);
            let (difference, variance) = family.contrast(&contrast);
            let both = [this, other].map(|i| family.covariance[i][i].unwrap_or_default());
            let Some(variance) = variance.filter(|v| *v > NOTHING * (both[0] + both[1])) else {
                continue;
            };
            let (standard_error, df) = (variance.sqrt(), family.degrees[this][other]);
            let t = difference / standard_error;
            let half = t_quantile((1.0 + confidence) / 2.0, df as f64) * standard_error;
            let interval = (difference - half, difference + half);
            let p = t_beyond(t, df as f64);
            pairs.push(Pair {
                this,
                other,
                difference,
                standard_error,
                t,
                df,
                p,
                // Of one pair, until the others are known.
                corrected: p,
                p_largest: p,
                interval,
                simultaneous: interval,
            });
        }
    }
    pairs
}

/// The largest |t| of these differences.
pub(super) fn largest(
    family: &Joint,
    compared: &[usize],
    pairs: &[(usize, usize)],
    seed: &Seed,
) -> Option<MaxT> {
    largest_of(family, compared, (pairs, &[]), seed)
}

/// Two figures of a family: this one less the other.
pub(super) type ThisAndOther = (usize, usize);

/// The largest of |t| of some differences and t of others.
pub(super) fn largest_of(
    family: &Joint,
    compared: &[usize],
    (both, above): (&[ThisAndOther], &[ThisAndOther]),
    seed: &Seed,
) -> Option<MaxT> {
    let contrasts = |pairs: &[(usize, usize)]| -> Vec<Vec<f64>> {
        let contrast = |&(this, other): &(usize, usize)| {
            let entry = |&figure: &usize| match figure {
                figure if figure == this => 1.0,
                figure if figure == other => -1.0,
                _ => 0.0,
            };
            compared.iter().map(entry).collect()
        };
        pairs.iter().map(contrast).collect()
    };
    let (both, above) = (contrasts(both), contrasts(above));
    MaxT::of_sides(&family.matrix(compared)?, (&both, &above), family.df, seed)
}

/// The t that is as unlikely at `to` degrees of freedom as `t` is at `from`.
pub(super) fn carry(t: f64, from: u64, to: u64) -> f64 {
    let p = t_beyond(t, from as f64);
    if from == to || !(TINY..1.0).contains(&p) {
        return t;
    }
    -t_quantile(p / 2.0, to as f64)
}
