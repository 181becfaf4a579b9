//! Samples spread over places: neighbours stand for what might have been drawn instead.

use super::balanced::Amounts;
use super::groups::Group;
use super::unequal::Formula;
use super::{Chances, Rule};
use crate::draw::Error;
use crate::draw::spread::neighbours::{Neighbours, check};
use crate::estimate::Unknown;
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "local-mean",
    title: Words::new("Local mean variance", "局部均值方差"),
    says: Words::new(
        "For samples that are spread over places: every unit is measured from the mean of its own \
         neighbourhood, itself and the drawn units nearest to it, so that what changes slowly from place to \
         place is not counted. Units at one distance count together. If the sample was balanced too, what \
         the amounts explain is taken off first.",
        "适用于空间均衡样本：每个单位以其邻域（自身及最近的若干入样单位）的均值为中心，\
         随位置缓慢变化的部分不计入方差；等距的邻近单位一并计入。若样本同时为平衡样本，先扣除平衡变量所解释的部分。",
    ),
    formula: "V̂ = Σ_i (1 − π_i) n_i/(n_i − 1) (t_i − t̄_i)²,  over the n_i units of i's neighbourhood",
    sources: &[
        Source::new("Stevens, Olsen (2003)"),
        Source::new("Grafström, Lundström, Schelin (2012)"),
        Source::new("Grafström, Tillé (2013)"),
        Source::new("Grafström, Schelin (2014)"),
    ],
};

/// Neighbours of each unit, unless one says otherwise.
pub const NEIGHBOURS: usize = 3;

/// Units with places, spread over them by the draw.
///
/// # Example
///
/// Two and two neighbours, far from each other:
///
/// ```
/// use canvass::estimate::variance::{Chances, LocalMean, Rule};
/// use canvass::frame::Codes;
///
/// let stratum = Codes::from_labels(["town"; 4]);
/// let chances = Chances::given(&stratum, &[0.5; 4])?;
/// let places = [vec![0.0], vec![1.0], vec![10.0], vec![11.0]];
/// let rule = LocalMean::of(chances, &places, 1)?;
/// // ½ · 2 · (½² + ½² + 1² + 1²)
/// assert_eq!(rule.variance(&[1.0, 2.0, 7.0, 9.0], &[0, 1, 2, 3]), Ok(2.5));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct LocalMean<'a> {
    chances: Chances<'a>,
    /// For each open unit, its neighbourhood with itself; empty for others.
    around: Vec<Vec<u32>>,
    /// What the sample was balanced on, if on anything.
    amounts: Option<Amounts>,
}

impl<'a> LocalMean<'a> {
    /// Of these units, each with a place and compared with the `neighbours` nearest drawn units of its
    /// stratum: [`NEIGHBOURS`] is a good number. All those equally near as the last are among them.
    /// Places are taken as they are; see
    /// [`standardised`](crate::draw::spread::neighbours::standardised).
    ///
    /// Where only some of a stratum's units were released, the rest is not spread any more; such a
    /// stratum has the variance of [`Unequal`](super::Unequal).
    ///
    /// # Errors
    ///
    /// [`Error::NoPlaces`] if units have no place, or one that is not a number.
    pub fn of(
        chances: Chances<'a>,
        places: &[Vec<f64>],
        neighbours: usize,
    ) -> Result<LocalMean<'a>, Error> {
        check(places, chances.len(), &CARD)?;
        let mut around = vec![Vec::new(); chances.len()];
        for group in chances.groups().iter().filter(|group| !group.partly) {
            let open: Vec<usize> = group.open.iter().map(|&unit| unit as usize).collect();
            let tree = Neighbours::new(places, open.clone());
            for unit in open {
                around[unit] = near(&tree, &places[unit], neighbours.max(1));
            }
        }
        Ok(LocalMean {
            chances,
            around,
            amounts: None,
        })
    }

    /// The same for a sample that was balanced on known amounts too: what they explain of the scores is
    /// taken off first, as [`Balanced`](super::Balanced) does, and the rest counts n/(n − p) times.
    ///
    /// # Errors
    ///
    /// [`Error::NoBalance`] if an amount is not a number for each unit.
    ///
    /// # Source
    ///
    /// Grafström, Tillé (2013), §4.
    pub fn balanced(self, balance: &[Vec<f64>]) -> Result<LocalMean<'a>, Error> {
        Ok(LocalMean {
            amounts: Some(Amounts::of(balance, &self.chances, &CARD)?),
            ..self
        })
    }

    fn part(&self, group: &Group, scores: &[f64]) -> Result<f64, Unknown> {
        if group.partly {
            return Ok(Formula::Hajek.part(&self.chances.sorted(group, scores)));
        }
        let Some(amounts) = &self.amounts else {
            return Ok(self.apart(group, scores));
        };
        let rest = amounts.unexplained(&self.chances, group, scores)?;
        let mut left = vec![0.0; scores.len()];
        for (&unit, e) in group.open.iter().zip(rest.of) {
            left[unit as usize] = e;
        }
        Ok(rest.factor * self.apart(group, &left))
    }

    /// How far units are from the means of their neighbourhoods.
    fn apart(&self, group: &Group, scores: &[f64]) -> f64 {
        sum(group.open.iter().map(|&unit| {
            let unit = unit as usize;
            let around = &self.around[unit];
            let n = around.len() as f64;
            let mean = sum(around.iter().map(|&other| scores[other as usize])) / n;
            (1.0 - self.chances.of_unit(unit)) * n / (n - 1.0) * (scores[unit] - mean).powi(2)
        }))
    }
}

/// A unit's neighbourhood: itself, those nearest to it, and all those as near as the last of these.
fn near(tree: &Neighbours, place: &[f64], neighbours: usize) -> Vec<u32> {
    let mut near = Vec::new();
    for group in tree.around(place) {
        near.extend(group.all().into_iter().map(|unit| unit as u32));
        if near.len() > neighbours {
            break;
        }
    }
    near.sort_unstable();
    near
}

impl Rule for LocalMean<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// The variance of Σ t over the samples that might have been drawn.
    ///
    /// # Formula
    ///
    /// ```text
    ///                      n_i
    /// V̂ = Σ_i (1 − π_i) ─────── (t_i − t̄_i)²,     t̄_i the mean of the n_i units of i's neighbourhood
    ///                    n_i − 1
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unknown::LonelyStratum`] and [`Unknown::OneAnswer`] as for [`Unequal`](super::Unequal);
    /// [`Unknown::TooFew`] names a stratum with no more units than amounts it was balanced on.
    ///
    /// # Source
    ///
    /// Grafström, Schelin (2014); with 1 − π, which they leave out, as in Grafström, Tillé (2013), so that
    /// units that were certain add nothing. With one neighbour it is the formula of Grafström, Lundström,
    /// Schelin (2012). Stevens, Olsen (2003) weight neighbours by rank and chance, so that each counts as
    /// much in all as any other; here all count alike.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        self.chances
            .variance(scores, answered, &|group| self.part(group, scores))
    }

    /// Units that were not certain less strata, as for [`Unequal`](super::Unequal).
    fn degrees(&self, answered: &[usize]) -> u64 {
        self.chances.degrees(answered)
    }
}
