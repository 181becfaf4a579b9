//! Balanced samples: what the known amounts explain does not vary.

use super::groups::Group;
use super::{Chances, Rule};
use crate::draw::Error;
use crate::estimate::Unknown;
use crate::language::Words;
use crate::math::solve::{Solver, Symmetric};
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "balanced",
    title: Words::new("Variance of balanced samples", "平衡抽样的方差"),
    says: Words::new(
        "For the cube method: scores are explained by the amounts on which the sample was balanced, whose \
         totals hardly vary, and what is left counts by how uncertain it was that its unit would be drawn. \
         What the landing spoiled of the balance is not seen.",
        "适用于立方体法：先以平衡变量解释得分（其总量估计几乎不变），再按各单位入样的不确定程度对残差平方加权求和。\
         着陆阶段造成的平衡偏差未计入。",
    ),
    formula: "V̂ = Σ_h n/(n − p) Σ (1 − π) e²,  e = t − b′x/π,  b by least squares with weights 1 − π",
    sources: &[Source::at("Deville, Tillé (2005)", "§4, c₁")],
};

/// Units of a sample that was balanced on known amounts, and on its size.
///
/// # Example
///
/// The amount explains all but a little:
///
/// ```
/// use canvass::estimate::variance::{Balanced, Chances, Rule, Unequal};
/// use canvass::frame::Codes;
///
/// let stratum = Codes::from_labels(["town"; 4]);
/// let chances = Chances::given(&stratum, &[0.5; 4])?;
/// let scores = [1.0, 2.1, 2.9, 4.0];
/// let simple = Unequal::of(chances.clone()).variance(&scores, &[0, 1, 2, 3]).expect("four units");
/// let rule = Balanced::on(&[vec![1.0, 2.0, 3.0, 4.0]], chances)?;
/// let balanced = rule.variance(&scores, &[0, 1, 2, 3]).expect("four units");
/// assert!(balanced < simple / 100.0);
/// assert_eq!(rule.degrees(&[0, 1, 2, 3]), 3);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Balanced<'a> {
    chances: Chances<'a>,
    amounts: Amounts,
}

impl<'a> Balanced<'a> {
    /// Balanced on these amounts within each stratum, one vector per amount with an entry per drawn unit,
    /// and on the size of each stratum. If the whole sample was balanced at once, all of it is one stratum
    /// here, and who is in a stratum is an amount of 0 and π.
    ///
    /// Where only some of a stratum's units were released, the rest is balanced on nothing but its size.
    ///
    /// # Errors
    ///
    /// [`Error::NoBalance`] if an amount is not a number for each unit.
    pub fn on(balance: &[Vec<f64>], chances: Chances<'a>) -> Result<Balanced<'a>, Error> {
        Ok(Balanced {
            amounts: Amounts::of(balance, &chances, &CARD)?,
            chances,
        })
    }

    fn part(&self, group: &Group, scores: &[f64]) -> Result<f64, Unknown> {
        let rest = self.amounts.unexplained(&self.chances, group, scores)?;
        let open = group.open.iter().map(|&unit| unit as usize);
        let left = open
            .zip(&rest.of)
            .map(|(unit, e)| (1.0 - self.chances.of_unit(unit)) * e * e);
        Ok(rest.factor * sum(left))
    }
}

/// What a sample was balanced on.
#[derive(Debug, Clone)]
pub(super) struct Amounts {
    /// x/π, one vector per unit; the size first, which is 1.
    rows: Vec<Vec<f64>>,
}

/// What amounts leave unexplained of the scores of a stratum.
pub(super) struct Rest {
    /// e of its open units, in order.
    pub of: Vec<f64>,
    /// n / (n − p).
    pub factor: f64,
}

impl Amounts {
    /// One vector per amount, with an entry per unit.
    pub fn of(balance: &[Vec<f64>], chances: &Chances<'_>, card: &Card) -> Result<Amounts, Error> {
        let good = |x: &Vec<f64>| x.len() == chances.len() && x.iter().all(|x| x.is_finite());
        if !balance.iter().all(good) {
            return Err(Error::NoBalance { method: card.key });
        }
        let row = |unit: usize| {
            let amounts = balance.iter().map(|x| x[unit] / chances.of_unit(unit));
            std::iter::once(1.0).chain(amounts).collect()
        };
        Ok(Amounts {
            rows: (0..chances.len()).map(row).collect(),
        })
    }

    /// What is left of the scores of a stratum after the fit.
    ///
    /// # Formula
    ///
    /// ```text
    /// e = t − b′x/π,   b = ( Σ (1 − π) x x′ / π² )⁻¹ Σ (1 − π) x t / π
    /// ```
    ///
    /// # Source
    ///
    /// Deville, Tillé (2005).
    pub fn unexplained(
        &self,
        chances: &Chances<'_>,
        group: &Group,
        scores: &[f64],
    ) -> Result<Rest, Unknown> {
        let columns = if group.partly {
            1
        } else {
            self.rows.first().map_or(1, Vec::len)
        };
        let open = || group.open.iter().map(|&unit| unit as usize);
        let left = |unit: usize| 1.0 - chances.of_unit(unit);
        let mut matrix = Symmetric::zero(columns);
        for unit in open() {
            let x = &self.rows[unit];
            for i in 0..columns {
                (0..=i).for_each(|j| matrix.add(i, j, left(unit) * x[i] * x[j]));
            }
        }
        let right = |i: usize| sum(open().map(|u| left(u) * self.rows[u][i] * scores[u]));
        let too_few = |least: usize| Unknown::TooFew {
            strata: vec![group.label.clone()],
            least: least as u64,
        };
        let solver = Solver::new(&matrix).ok_or_else(|| too_few(columns + 1))?;
        let fit = solver.solve(&(0..columns).map(right).collect::<Vec<f64>>());
        let (n, p) = (group.open.len(), solver.rank());
        if n <= p {
            return Err(too_few(p + 1));
        }
        let explained = |unit: usize| sum(self.rows[unit].iter().zip(&fit).map(|(x, b)| x * b));
        Ok(Rest {
            of: open().map(|unit| scores[unit] - explained(unit)).collect(),
            factor: n as f64 / (n - p) as f64,
        })
    }
}

impl Rule for Balanced<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// The variance of Σ t over the samples that might have been drawn.
    ///
    /// # Formula
    ///
    /// ```text
    ///             n_h
    /// V̂ = Σ_h ───────── Σ_{i∈h} (1 − π_i) e_i²,     e_i = t_i − b′x_i / π_i
    ///          n_h − p
    ///
    /// b = ( Σ (1 − π) x x′ / π² )⁻¹ Σ (1 − π) x t / π,     x with π among its amounts
    /// ```
    ///
    /// # Arguments
    ///
    /// | symbol | argument    | shape | unit                    |
    /// |--------|-------------|-------|-------------------------|
    /// | t      | `scores`    | n     | weighted: of the figure |
    /// | x      | of the rule | p × n | of the amount           |
    /// | π      | [`Chances`] | n     | –                       |
    ///
    /// p counts the amounts that are not made of others. With the size alone, this is Hájek's formula.
    ///
    /// # Errors
    ///
    /// [`Unknown::TooFew`] names a stratum with no more units than amounts; [`Unknown::LonelyStratum`] and
    /// [`Unknown::OneAnswer`] as for [`Unequal`](super::Unequal).
    ///
    /// # Source
    ///
    /// Deville, Tillé (2005), with the first of their weights.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        self.chances
            .variance(scores, answered, &|group| self.part(group, scores))
    }

    /// Units that were not certain less strata, as for [`Unequal`](super::Unequal): amounts that explain
    /// nothing of a figure would take degrees from it without reason.
    fn degrees(&self, answered: &[usize]) -> u64 {
        self.chances.degrees(answered)
    }
}
