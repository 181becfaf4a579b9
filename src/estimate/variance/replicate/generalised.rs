//! Normal chance with the covariances that a variance formula names.

use rayon::prelude::*;

use super::replicates::Scale;
use super::{Error, Pattern, Replicates, Units, bootstrap, successive};
use crate::language::Words;
use crate::math::distribution::normal_quantile;
use crate::math::solve::Symmetric;
use crate::math::sum;
use crate::method::{Card, Source};
use crate::random::{Seed, Stream};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "generalised-bootstrap",
    title: Words::new("Generalised bootstrap", "广义自助法"),
    says: Words::new(
        "Weights are moved by normal chance whose covariances are those of a variance formula, so that \
         totals get that formula's variance on average, and every other figure goes along: any \
         quadratic form becomes replicates. Deviations are shrunk until no weight is negative.",
        "以协方差等于某一方差公式之二次型的正态随机数扰动权数，使总量的方差在平均意义上等于该公式，\
         其他统计量亦随之可得。扰动按比例缩小，直至没有负权数。",
    ),
    formula: "w_r = w (1 + e/τ),  e ~ N(0, Σ),  V̂ = t′ Σ t;  c = τ²/R",
    sources: &[
        Source::new("Bertail, Combris (1997)"),
        Source::new("Beaumont, Patak (2012)"),
    ],
};

/// A variance of Σ t as a quadratic form t′ Σ t in the weighted totals of clusters.
#[derive(Debug, Clone)]
pub enum Form {
    /// Clusters drawn simply in strata, with the population's end.
    Strata,
    /// Half the squared differences between neighbours in the order of rows, going round in each
    /// stratum, with the population's end.
    Successive,
    /// Each cluster drawn on its own, with this probability: one for each cluster, in the order of
    /// [`Units::cluster`].
    Poisson(Vec<f64>),
    /// Any: Σ with a row for each cluster, in the order of [`Units::cluster`]. For Horvitz and
    /// Thompson's variance Σ_kl is 1 − π_k π_l / π_kl.
    Matrix(Symmetric),
}

/// Something that turns independent normal numbers into ones with the form's covariances.
#[derive(Debug)]
enum Root {
    Strata,
    /// The order of the clusters of each stratum.
    Successive(Vec<Vec<u32>>),
    Poisson(Vec<f64>),
    /// Lower triangle, row by row: L L′ = Σ.
    Matrix(Vec<Vec<f64>>),
}

#[derive(Debug)]
struct Generalised {
    root: Root,
    seed: Seed,
    /// τ.
    shrink: f64,
}

/// A standard normal number.
fn normal(stream: &mut Stream) -> f64 {
    // A half step above: never 0, never 1.
    normal_quantile(stream.unit() + 0.5 / 9_007_199_254_740_992.0)
}

impl Generalised {
    /// e of each cluster.
    fn deviations(&self, units: &Units, replicate: usize) -> Vec<f64> {
        let mut stream = (self.seed).stream(&format!("replicates: generalised {replicate}"));
        let chance: Vec<f64> = (0..units.clusters()).map(|_| normal(&mut stream)).collect();
        let mut off = vec![0.0; units.clusters()];
        match &self.root {
            Root::Strata => {
                for stratum in units.moving() {
                    let n = stratum.drawn();
                    let drawn = || stratum.clusters.iter().map(|&cluster| cluster as usize);
                    let mean = sum(drawn().map(|cluster| chance[cluster])) / n;
                    let depth = stratum.open() * (n / (n - 1.0)).sqrt();
                    drawn().for_each(|cluster| off[cluster] = depth * (chance[cluster] - mean));
                }
            }
            Root::Successive(order) => {
                for (stratum, clusters) in units.moving().zip(order) {
                    let depth = stratum.open() * 0.5_f64.sqrt();
                    let next = clusters.iter().cycle().skip(1);
                    for (&this, &next) in clusters.iter().zip(next) {
                        off[this as usize] =
                            depth * (chance[this as usize] - chance[next as usize]);
                    }
                }
            }
            Root::Poisson(depth) => {
                (off.iter_mut().zip(&chance).zip(depth)).for_each(|((off, g), d)| *off = d * g);
            }
            Root::Matrix(rows) => {
                for (off, row) in off.iter_mut().zip(rows) {
                    *off = sum(row.iter().zip(&chance).map(|(l, g)| l * g));
                }
            }
        }
        off
    }
}

impl Pattern for Generalised {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn apply(&self, units: &Units, replicate: usize, weights: &mut [f64]) {
        let mut factors = self.deviations(units, replicate);
        factors
            .iter_mut()
            .for_each(|e| *e = (1.0 + *e / self.shrink).max(0.0));
        units.multiply(0, &factors, weights);
    }
}

/// The generalised bootstrap of a quadratic form.
///
/// # Formula
///
/// ```text
/// a_r = 1 + e/τ,   e ~ N(0, Σ);      V̂ = τ²/R Σ_r (θ̂_r − θ̂)²
/// ```
///
/// τ is 1, or as much more, in hundredths, as keeps every factor at 0 or above. It depends on the seed
/// alone, and of totals it changes nothing.
///
/// # Errors
///
/// [`Error::Form`] if the form may be negative, as Horvitz and Thompson's sometimes is, or has not one
/// row for each cluster; [`Error::LaterStages`] if stages after the first add to the variance;
/// [`Error::Count`] if there are fewer than two.
///
/// # Source
///
/// Bertail, Combris (1997); Beaumont, Patak (2012), §3 and, for τ, §4.
pub fn generalised<'a>(
    units: Units,
    form: Form,
    count: usize,
    seed: &Seed,
) -> Result<Replicates<'a>, Error> {
    bootstrap::enough(count)?;
    let units = units.first_stage(CARD.key)?;
    let mut pattern = Generalised {
        root: root(&units, form)?,
        seed: seed.clone(),
        shrink: 1.0,
    };
    let lowest = |replicate| {
        let off = pattern.deviations(&units, replicate);
        off.into_iter().fold(0.0, f64::min)
    };
    // The smallest of numbers is the same in any order.
    let lowest = (0..count)
        .into_par_iter()
        .map(lowest)
        .reduce(|| 0.0, f64::min);
    pattern.shrink = ((-lowest * 100.0).ceil() / 100.0).max(1.0);
    let scale = Scale::Random(pattern.shrink * pattern.shrink);
    Ok(Replicates::of(
        units,
        Box::new(pattern),
        scale,
        vec![1.0; count],
    ))
}

fn root(units: &Units, form: Form) -> Result<Root, Error> {
    let fits = |rows: usize| {
        let why = format!("{rows} rows, and {} clusters", units.clusters());
        (rows == units.clusters())
            .then_some(())
            .ok_or(Error::Form { why })
    };
    Ok(match form {
        Form::Strata => Root::Strata,
        Form::Successive => Root::Successive(successive::in_order(units)),
        Form::Poisson(chances) => {
            fits(chances.len())?;
            if let Some(chance) = chances.iter().find(|chance| !(0.0..=1.0).contains(*chance)) {
                let why = format!("{chance} is no probability");
                return Err(Error::Form { why });
            }
            Root::Poisson(chances.iter().map(|chance| (1.0 - chance).sqrt()).collect())
        }
        Form::Matrix(matrix) => {
            fits(matrix.order())?;
            Root::Matrix(triangle(&matrix).ok_or_else(|| {
                let why = "of some totals the variance would be negative".to_owned();
                Error::Form { why }
            })?)
        }
    })
}

/// L with L L′ = Σ; none if Σ is negative in a direction.
///
/// # Formula
///
/// ```text
/// l_jj = √(s_jj − Σ_k<j l_jk²),   l_ij = (s_ij − Σ_k<j l_ik l_jk) / l_jj;   0 where l_jj is 0
/// ```
///
/// # Source
///
/// Golub, Van Loan (2013), §4.2.
fn triangle(matrix: &Symmetric) -> Option<Vec<Vec<f64>>> {
    const NOTHING: f64 = 1e-10;
    let order = matrix.order();
    let largest = (0..order).fold(0.0_f64, |most, j| most.max(matrix.get(j, j)));
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(order);
    for i in 0..order {
        let mut row: Vec<f64> = Vec::with_capacity(i + 1);
        for j in 0..i {
            let above: &Vec<f64> = &rows[j];
            let left = matrix.get(i, j) - sum(row.iter().zip(above).map(|(a, b)| a * b));
            let pivot = above[j];
            // A direction without variance has no covariances either.
            if pivot <= 0.0 && left.abs() > NOTHING.sqrt() * largest {
                return None;
            }
            row.push(if pivot > 0.0 { left / pivot } else { 0.0 });
        }
        let left = matrix.get(i, i) - sum(row.iter().map(|a| a * a));
        if left.is_nan() || left < -NOTHING * largest {
            return None;
        }
        row.push(if left > NOTHING * largest {
            left.sqrt()
        } else {
            0.0
        });
        rows.push(row);
    }
    Some(rows)
}
