//! Pearson's X² and the likelihood ratio, corrected for how the sample was drawn.

use serde::{Deserialize, Serialize};

use super::mixture;
use crate::language::Words;
use crate::math::distribution::{chi_above, f_above};
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "rao-scott",
    title: Words::new("Rao–Scott tests", "Rao–Scott 检验"),
    says: Words::new(
        "X² as if people had been drawn simply, divided by what the design makes of it. The design effects \
         of the table's contrasts tell how: by their mean (first order), by their mean and spread as an F \
         (second order, the one to use), or exactly as a sum of χ².",
        "先按简单随机样本计算X²，再按抽样设计的影响加以校正。校正量来自列联表各对比的广义设计效应：\
         一阶只用其均值；二阶同时用均值与离散程度，化为F统计量（建议采用）；也可按χ²的加权和精确计算。",
    ),
    formula: "F = X² / Σ λ  on  d = (Σ λ)² / Σ λ²  and  d ν  degrees of freedom;  λ the eigenvalues of V₀⁻¹ V̂",
    sources: &[
        Source::new("Rao, Scott (1984)"),
        Source::new("Thomas, Rao (1987)"),
    ],
};

/// A test that was made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// The figure that the test looks at.
    pub statistic: f64,
    /// Its degrees of freedom.
    pub df1: f64,
    /// Those of the denominator, where the statistic is an F; none where it is a χ², or a sum of them.
    pub df2: Option<f64>,
    /// How likely such a figure or a larger one is if there is nothing to find.
    pub p: f64,
}

/// X² of a table, and what the design makes of it.
///
/// ```
/// use canvass::estimate::RaoScott;
/// // Contrasts vary twice and four times as much as under simple sampling.
/// let test = RaoScott { statistic: 12.0, effects: vec![4.0, 2.0], df: 30 };
/// assert_eq!(test.first_order().statistic, 4.0);
/// assert_eq!(test.second_order().statistic, 2.0);
/// assert!((test.second_order().df1 - 1.8).abs() < 1e-12);
/// assert!((test.second_order().p - test.exact().p).abs() < 0.01);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RaoScott {
    /// X² or G², as of a simple sample of as many respondents.
    pub statistic: f64,
    /// λ, the design effects of the table's contrasts, from large to small.
    pub effects: Vec<f64>,
    /// ν, the degrees of freedom of the design.
    pub df: u64,
}

impl RaoScott {
    /// Divides by the mean design effect.
    ///
    /// # Formula
    ///
    /// ```text
    /// X² / λ̄ ~ χ²(m)
    /// ```
    ///
    /// # Source
    ///
    /// Rao, Scott (1984). R's `svychisq(statistic = "Chisq")`, which states X² and the p of X²/λ̄.
    #[must_use]
    pub fn first_order(&self) -> Tested {
        let count = self.effects.len() as f64;
        let statistic = self.statistic * count / sum(self.effects.iter().copied());
        Tested {
            statistic,
            df1: count,
            df2: None,
            p: chi_above(statistic, count),
        }
    }

    /// Allows for design effects that differ, and for the design having few degrees of freedom.
    ///
    /// # Formula
    ///
    /// ```text
    /// F = X² / Σ λ ~ F(d, d ν),   d = (Σ λ)² / Σ λ²
    /// ```
    ///
    /// # Source
    ///
    /// Rao, Scott (1984) for d; Thomas, Rao (1987) for the F. R's `svychisq(statistic = "F")`.
    #[must_use]
    pub fn second_order(&self) -> Tested {
        let (statistic, d) = self.moments();
        let df2 = d * self.df as f64;
        Tested {
            statistic,
            df1: d,
            df2: Some(df2),
            p: f_above(statistic, d, df2),
        }
    }

    /// As the second order, but as if the design effects were known: no F, but a χ².
    ///
    /// # Formula
    ///
    /// ```text
    /// X² d / Σ λ ~ χ²(d)
    /// ```
    ///
    /// # Source
    ///
    /// Rao, Scott (1984). R's `svygofchisq`, and `pchisqsum(method = "satterthwaite")`.
    #[must_use]
    pub fn satterthwaite(&self) -> Tested {
        let (statistic, d) = self.moments();
        Tested {
            statistic: statistic * d,
            df1: d,
            df2: None,
            p: chi_above(statistic * d, d),
        }
    }

    /// The distribution itself: a sum of χ²'s, each times its design effect, over the design's.
    ///
    /// # Formula
    ///
    /// ```text
    /// p = P( Σ λ_i χ²₁ > X² · χ²(d ν) / (d ν) )
    /// ```
    ///
    /// # Source
    ///
    /// Rao, Scott (1984); integrated after Rice (1980). R's `svychisq(statistic = "lincom")`, which rounds
    /// d ν down to a whole number, and `"saddlepoint"`, which approximates it; with replicates both leave ν
    /// out, as if it were without end.
    #[must_use]
    pub fn exact(&self) -> Tested {
        let (_, d) = self.moments();
        let df2 = d * self.df as f64;
        Tested {
            statistic: self.statistic,
            df1: self.effects.len() as f64,
            df2: Some(df2),
            p: mixture::above(&self.effects, self.statistic, df2),
        }
    }

    /// X² / Σ λ, and d.
    fn moments(&self) -> (f64, f64) {
        let total = sum(self.effects.iter().copied());
        let squares = sum(self.effects.iter().map(|effect| effect * effect));
        (self.statistic / total, total * total / squares)
    }
}
