//! Where statistic, ledger and replicates meet.

use rayon::prelude::*;

use super::Replicates;
use super::jointly::Maker;
use crate::estimate::within::Counting;
use crate::estimate::{
    Domain, Error, Estimate, Evaluated, Statistic, Unknown, View, effect, interval,
};
use crate::field::Outcomes;
use crate::weigh::{self, Ledger};

/// A statistic, and for whom.
pub type Figure<'f> = (&'f dyn Statistic, &'f Domain<'f>);

/// Of its figure, so much may be left of a spread that is 0: rounding.
const NOTHING: f64 = 1e-12;

/// Figures from the same replicates, and what they have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// The figures, in the order asked for.
    pub estimates: Vec<Estimate>,
    /// Ĉ, row by row, in that order; or why there is none.
    pub covariance: Result<Vec<Vec<f64>>, Unknown>,
}

/// Estimates figures with variances from replicates, as [`Estimator`](crate::estimate::Estimator) does
/// with those from scores.
///
/// Weighting steps are taken again for every replicate, so figures that are asked for together cost
/// little more than one.
#[derive(Debug)]
pub struct Replicated<'a> {
    replicates: &'a Replicates<'a>,
    ledger: &'a Ledger,
    outcomes: &'a Outcomes,
    confidence: f64,
}

/// What the replicates give for the figures: one row per replicate.
type Rows = Vec<Result<Vec<Option<f64>>, weigh::Error>>;

/// Each figure by itself. Who counts in a domain is found out once for all of its figures.
pub(super) fn each(figures: &[Figure<'_>]) -> impl Fn(&[f64], &[bool]) -> Vec<Option<f64>> + Sync {
    let mut domains: Vec<(&Domain<'_>, Vec<usize>)> = Vec::new();
    for (place, (_, domain)) in figures.iter().enumerate() {
        match domains
            .iter_mut()
            .find(|(known, _)| std::ptr::eq(*known, *domain))
        {
            Some((_, places)) => places.push(place),
            None => domains.push((domain, vec![place])),
        }
    }
    move |weights, interviewed| {
        let mut values = vec![None; figures.len()];
        for (domain, places) in &domains {
            let view = View::new(weights, interviewed, domain);
            let counting = Counting::of(&view);
            for &place in places {
                values[place] = figures[place].0.value(&view.knowing(&counting));
            }
        }
        values
    }
}

impl<'a> Replicated<'a> {
    /// For these replicates of the ledger's base weights; `outcomes` are what its steps go by, and
    /// intervals are stated at `confidence`.
    ///
    /// # Panics
    ///
    /// If the replicates and the ledger are of different rows: our own bug.
    #[must_use]
    pub fn new(
        replicates: &'a Replicates<'a>,
        ledger: &'a Ledger,
        outcomes: &'a Outcomes,
        confidence: f64,
    ) -> Replicated<'a> {
        assert_eq!(
            replicates.rows(),
            ledger.weights().len(),
            "a weight per row"
        );
        Replicated {
            replicates,
            ledger,
            outcomes,
            confidence,
        }
    }

    /// What a statistic sees of the full sample.
    pub(in crate::estimate) fn view<'v>(&'v self, domain: &'v Domain<'v>) -> View<'v> {
        View::new(self.ledger.weights(), self.ledger.interviewed(), domain)
    }

    /// The weights of a replicate, counted from 0, after all steps: what may be published as a column
    /// [named](Replicates::name) for it.
    ///
    /// # Errors
    ///
    /// What a step runs into.
    pub fn weights(&self, replicate: usize) -> Result<Vec<f64>, weigh::Error> {
        let base = self
            .replicates
            .weights(replicate, self.ledger.base_weights());
        self.ledger.replay(base, self.outcomes)
    }

    /// The weights of all replicates after all steps, column by column. They take as much memory as
    /// there are rows times replicates; [`Replicated::weights`] gives them one by one.
    ///
    /// # Errors
    ///
    /// What a step runs into.
    pub fn columns(&self) -> Result<Vec<Vec<f64>>, weigh::Error> {
        (0..self.replicates.count())
            .into_par_iter()
            .map(|replicate| self.weights(replicate))
            .collect()
    }

    /// Estimates a figure of a domain. Where several are wanted, [`Replicated::estimates`] takes the
    /// weighting steps once for all of them.
    ///
    /// # Formula
    ///
    /// ```text
    /// V̂(θ̂) = c Σ_r c_r (θ̂_r − θ̂)²
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswers`] if nobody in the domain answered, or the ratio would be over 0.
    ///
    /// # Source
    ///
    /// Wolter (2007), ch. 2 to 5; Rust, Rao (1996) for taking the steps again.
    pub fn estimate(
        &self,
        statistic: &dyn Statistic,
        domain: &Domain<'_>,
    ) -> Result<Estimate, Error> {
        let figure: Figure<'_> = (statistic, domain);
        let mut estimates = self.estimates(&[figure]);
        estimates.pop().expect("one for each")
    }

    /// Estimates several figures from one pass over the replicates.
    #[must_use]
    pub fn estimates(&self, figures: &[Figure<'_>]) -> Vec<Result<Estimate, Error>> {
        let rows = self.rows(&each(figures));
        let each = figures.par_iter().enumerate();
        each.map(|(place, figure)| {
            let full = self.full(figure)?;
            let variance = self.values(&rows, place).and_then(|values| {
                self.moved(&full, &values)?;
                let own = (full.value, values.as_slice());
                Ok(self.replicates.covariance(own, own))
            });
            Ok(self.told(figure, &full, variance))
        })
        .collect()
    }

    /// Estimates several figures, and how they vary together.
    ///
    /// # Formula
    ///
    /// ```text
    /// Ĉ_jk = c Σ_r c_r (θ̂_jr − θ̂_j)(θ̂_kr − θ̂_k)
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswers`] of the first figure that cannot be made.
    ///
    /// # Source
    ///
    /// Wolter (2007), §2.2.
    pub fn covariance(&self, figures: &[Figure<'_>]) -> Result<Joint, Error> {
        let rows = self.rows(&each(figures));
        let full = figures.iter().map(|figure| self.full(figure));
        let full: Vec<Evaluated> = full.collect::<Result<_, _>>()?;
        let values: Vec<Result<Vec<f64>, Unknown>> = (full.iter().enumerate())
            .map(|(place, full)| {
                let values = self.values(&rows, place)?;
                self.moved(full, &values).map(|()| values)
            })
            .collect();
        let known: Result<Vec<Vec<f64>>, Unknown> = values.iter().cloned().collect();
        let cell = |known: &[Vec<f64>], j: usize, k: usize| {
            let of = |j: usize| (full[j].value, known[j].as_slice());
            self.replicates.covariance(of(j), of(k))
        };
        let covariance = known.map(|known| {
            let row = |j| (0..known.len()).map(|k| cell(&known, j, k)).collect();
            (0..known.len()).map(row).collect()
        });
        let told = figures
            .iter()
            .zip(&full)
            .zip(values)
            .map(|((figure, full), values)| {
                let variance = values.map(|values| {
                    let own = (full.value, values.as_slice());
                    self.replicates.covariance(own, own)
                });
                self.told(figure, full, variance)
            });
        Ok(Joint {
            estimates: told.collect(),
            covariance,
        })
    }

    pub(super) fn replicates(&self) -> &Replicates<'a> {
        self.replicates
    }

    pub(super) fn full(&self, (statistic, domain): &Figure<'_>) -> Result<Evaluated, Error> {
        let view = View::new(self.ledger.weights(), self.ledger.interviewed(), domain);
        statistic.evaluate(&view).ok_or_else(|| Error::NoAnswers {
            item: statistic.item(),
            domain: domain.label().to_owned(),
        })
    }

    /// All figures of all replicates, each replicate by itself, in their order.
    pub(super) fn rows(&self, maker: Maker<'_>) -> Rows {
        let interviewed = self.ledger.interviewed();
        let row = |replicate| Ok(maker(&self.weights(replicate)?, interviewed));
        (0..self.replicates.count())
            .into_par_iter()
            .map(row)
            .collect()
    }

    /// The values of one figure, if it and all steps can be had in every replicate.
    pub(super) fn values(&self, rows: &Rows, place: usize) -> Result<Vec<f64>, Unknown> {
        let replicates = rows.len() as u64;
        let mut failures = rows
            .iter()
            .enumerate()
            .filter_map(|(r, row)| Some((r, row.as_ref().err()?)));
        if let Some((first, reason)) = failures.next() {
            return Err(Unknown::NotWeighed {
                failed: 1 + failures.count() as u64,
                replicates,
                first: first as u64 + 1,
                reason: reason.to_string(),
            });
        }
        let values = rows.iter().flatten().map(|row| row[place]);
        let known: Vec<f64> = values.flatten().filter(|value| value.is_finite()).collect();
        match replicates - known.len() as u64 {
            0 => Ok(known),
            undefined => Err(Unknown::Undefined {
                undefined,
                replicates,
            }),
        }
    }

    /// Whether the spread of the values tells anything: where all answers are from one cluster, none
    /// moves a mean, and a variance of 0 would say that clusters do not differ.
    pub(super) fn moved(&self, full: &Evaluated, values: &[f64]) -> Result<(), Unknown> {
        let still = |value: &f64| (value - full.value).abs() <= NOTHING * full.value.abs();
        if !values.iter().all(still)
            || self.degrees(&full.answered) > 0
            || !self.replicates.moves(&full.answered)
        {
            return Ok(());
        }
        Err(match full.answered.len() {
            1 => Unknown::OneAnswer,
            _ => Unknown::Still,
        })
    }

    pub(super) fn degrees(&self, answered: &[usize]) -> u64 {
        (self.replicates).degrees(answered, self.ledger.base_weights())
    }

    pub(super) fn told(
        &self,
        (statistic, domain): &Figure<'_>,
        full: &Evaluated,
        variance: Result<f64, Unknown>,
    ) -> Estimate {
        let weights = |unit: &usize| self.ledger.weights()[*unit];
        let weights: Vec<f64> = full.answered.iter().map(weights).collect();
        let known = variance.as_ref().ok().copied();
        let simple = effect::simple_variance(&weights, &full.clone().few());
        let df = self.degrees(&full.answered);
        Estimate {
            statistic: statistic.card().key.to_owned(),
            item: statistic.item(),
            domain: domain.label().to_owned(),
            value: full.value,
            variance,
            df,
            n: full.answered.len() as u64,
            design_effect: known.zip(simple).map(|(design, simple)| design / simple),
            confidence: self.confidence,
            interval: known.and_then(|v| interval::student(full.value, v, df, self.confidence)),
        }
    }
}
