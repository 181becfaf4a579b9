//! The variance of a sum of scores over strata from which units were drawn.

use super::Rule;
use crate::draw::Sample;
use crate::estimate::Unknown;
use crate::frame::Codes;
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "taylor",
    title: Words::new("Linearised variance over strata", "分层线性化方差"),
    says: Words::new(
        "Every answer is replaced by how much it moves the figure, corrected for each weighting step; \
         the variance is that of the sum of these scores over simple samples in strata. A stratum that \
         was taken whole adds nothing. A stratum with a single drawn unit has no variance, and is named.",
        "以每个回答对估计量的影响（得分）代替回答本身，并逐步扣除各加权步骤的影响；\
         方差即各层简单随机样本得分合计的方差。全部抽取的层不产生方差；只抽中一个单位的层\
         无法估计方差，将予以列名。",
    ),
    formula: "V̂ = Σ_h (1 − n_h/N_h) · n_h/(n_h − 1) · Σ_{i∈h} (t_i − t̄_h)²,  t = corrected w z",
    sources: &[
        Source::at("Cochran (1977)", "§5.6"),
        Source::at("Särndal, Swensson, Wretman (1992)", "§5.5"),
    ],
};

/// The strata of a sample: which units were worked, and how many units each stratum has.
#[derive(Debug, Clone)]
pub struct Strata<'a> {
    stratum: &'a Codes,
    worked: &'a [bool],
    population: &'a [u64],
    /// n_h, the worked units of each stratum.
    drawn: Vec<u64>,
}

impl<'a> Strata<'a> {
    /// The strata of `sample`; `worked` says which of its units were released.
    #[must_use]
    pub fn of(sample: &'a Sample, worked: &'a [bool]) -> Strata<'a> {
        let mut drawn = vec![0; sample.population.len()];
        for unit in (0..worked.len()).filter(|&unit| worked[unit]) {
            drawn[sample.stratum.code(unit)] += 1;
        }
        Strata {
            stratum: &sample.stratum,
            worked,
            population: &sample.population,
            drawn,
        }
    }

    /// Whether somebody answered in each stratum.
    fn heard(&self, answered: &[usize]) -> Vec<bool> {
        let mut heard = vec![false; self.drawn.len()];
        for &unit in answered {
            heard[self.stratum.code(unit)] = true;
        }
        heard
    }

    fn units(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.worked.len()).filter(|&unit| self.worked[unit])
    }
}

impl Rule for Strata<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// The variance of Σ t over the samples that might have been drawn.
    ///
    /// # Formula
    ///
    /// ```text
    ///                   n_h
    /// V̂ = Σ_h (1 − f_h) ─────── Σ_{i∈h} (t_i − t̄_h)²,     f_h = n_h / N_h
    ///                 n_h − 1
    /// ```
    ///
    /// # Arguments
    ///
    /// | symbol | argument | shape | unit                              |
    /// |--------|----------|-------|-----------------------------------|
    /// | t      | `scores` | n     | weighted: of the figure           |
    ///
    /// `answered` are the units that the figure is made of.
    ///
    /// # Errors
    ///
    /// [`Unknown::LonelyStratum`] names strata with one drawn unit, and more in the list. One that
    /// has neither an answer nor a score has nothing to do with the figure and is left out.
    /// [`Unknown::OneAnswer`] if the figure is one answer, and that answer its own mean: a variance of
    /// 0 would say that nobody differs from it.
    ///
    /// # Source
    ///
    /// Cochran (1977), §5.6.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        let strata = self.drawn.len();
        let heard = self.heard(answered);
        let mut sums = vec![Sum::default(); strata];
        for unit in self.units() {
            sums[self.stratum.code(unit)].add(scores[unit]);
        }
        let means: Vec<f64> = sums
            .iter()
            .zip(&self.drawn)
            .map(|(s, &n)| s.value() / n as f64)
            .collect();
        let mut squares = vec![Sum::default(); strata];
        for unit in self.units() {
            let stratum = self.stratum.code(unit);
            squares[stratum].add((scores[unit] - means[stratum]).powi(2));
        }
        let lonely: Vec<String> = (0..strata)
            .filter(|&h| self.drawn[h] == 1 && self.population[h] > 1)
            .filter(|&h| heard[h] || means[h].abs() > 0.0)
            .map(|h| self.stratum.labels()[h].clone())
            .collect();
        if !lonely.is_empty() {
            return Err(Unknown::LonelyStratum { strata: lonely });
        }
        if let [only] = answered
            && scores[*only].abs() <= 0.0
        {
            let stratum = self.stratum.code(*only);
            if self.drawn[stratum] < self.population[stratum] {
                return Err(Unknown::OneAnswer);
            }
        }
        Ok(sum((0..strata).filter(|&h| self.drawn[h] > 1).map(|h| {
            let (n, population) = (self.drawn[h] as f64, self.population[h] as f64);
            (1.0 - n / population) * n / (n - 1.0) * squares[h].value()
        })))
    }

    /// Degrees of freedom of a figure from these units: units less the strata they are from; 0 at
    /// the least.
    ///
    /// # Formula
    ///
    /// ```text
    /// ν = n − H,  over units that count
    /// ```
    ///
    /// # Source
    ///
    /// Korn, Graubard (1999), §5.2; as R's `survey` counts for domains.
    fn degrees(&self, answered: &[usize]) -> u64 {
        let strata = self
            .heard(answered)
            .into_iter()
            .filter(|heard| *heard)
            .count();
        answered.len().saturating_sub(strata) as u64
    }
}
