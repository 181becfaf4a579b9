//! Figures from one pass over the replicates, with the covariance of each two.

use super::replicated::each;
use super::{Figure, Replicated};
use crate::estimate::{Error, Evaluated, Joint, Unknown};

/// What makes all figures anew of a set of weights, and of who was interviewed.
pub type Maker<'m> = &'m (dyn Fn(&[f64], &[bool]) -> Vec<Option<f64>> + Sync);

impl Replicated<'_> {
    /// Estimates several figures from one pass over the replicates, with the covariance and the degrees of
    /// freedom of each two.
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
    pub fn jointly(&self, figures: &[Figure<'_>]) -> Result<Joint, Error> {
        self.made(figures, &each(figures))
    }

    /// The same of figures that are made together: coefficients of one model, which is fitted once for each
    /// set of weights.
    ///
    /// # Errors
    ///
    /// As [`Replicated::jointly`].
    pub fn made(&self, figures: &[Figure<'_>], maker: Maker<'_>) -> Result<Joint, Error> {
        let rows = self.rows(maker);
        let full = figures.iter().map(|figure| self.full(figure));
        let full: Vec<Evaluated> = full.collect::<Result<_, _>>()?;
        let values: Vec<Result<Vec<f64>, Unknown>> = (full.iter().enumerate())
            .map(|(place, full)| {
                let values = self.values(&rows, place)?;
                self.moved(full, &values).map(|()| values)
            })
            .collect();
        let shared = |i: usize, j: usize| {
            let known = values[i].as_ref().ok().zip(values[j].as_ref().ok())?;
            let (this, other) = ((full[i].value, &known.0[..]), (full[j].value, &known.1[..]));
            Some(self.replicates().covariance(this, other))
        };
        let all = 0..figures.len();
        let row = |i: usize| all.clone().map(|j| shared(i, j)).collect();
        let degrees = |i: usize| {
            let both = |j: usize| self.degrees_of([&full[i], &full[j]]);
            all.clone().map(both).collect()
        };
        let told = figures.iter().zip(&full).enumerate();
        Ok(Joint {
            covariance: all.clone().map(row).collect(),
            degrees: all.clone().map(degrees).collect(),
            df: match full.is_empty() {
                true => 0,
                false => self.degrees_of(&full),
            },
            figures: told
                .map(|(i, (figure, full))| {
                    let variance = values[i].as_ref().map_err(Unknown::clone);
                    let variance = variance.map(|_| shared(i, i).unwrap_or_default());
                    self.told(figure, full, variance)
                })
                .collect(),
        })
    }

    /// Degrees of freedom over everybody who is part of any.
    fn degrees_of<'f>(&self, all: impl IntoIterator<Item = &'f Evaluated>) -> u64 {
        let mut answered: Vec<usize> = Vec::new();
        for full in all {
            if answered != full.answered {
                answered.extend(&full.answered);
                answered.sort_unstable();
                answered.dedup();
            }
        }
        self.degrees(&answered)
    }
}
