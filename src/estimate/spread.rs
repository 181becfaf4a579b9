//! How much people differ: variance and standard deviation of an answer, and how two go together.

use super::{Answers, Evaluated, Statistic, View, mean};
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the variance says of itself.
pub const VARIANCE: Card = Card {
    key: "population-variance",
    title: Words::new("Variance in the population", "总体方差"),
    says: Words::new(
        "How much people's answers differ from their mean, squared. It is a mean of squares, and has a \
         standard error like any other figure.",
        "总体中各回答与均值之差的平方的平均；与其他估计量一样有其标准误。",
    ),
    formula: "θ̂ = n/(n − 1) · Σ w δ (y − ȳ)² / Σ w δ;  z = δ ( n/(n − 1) (y − ȳ)² − θ̂ ) / Σ w δ",
    sources: &[
        Source::at("Särndal, Swensson, Wretman (1992)", "§5.9"),
        Source::new("Lumley (2010)"),
    ],
};

/// What the standard deviation says of itself.
pub const CARD: Card = Card {
    key: "standard-deviation",
    title: Words::new("Standard deviation in the population", "总体标准差"),
    says: Words::new(
        "How far people's answers lie from their mean, in the unit of the answer: the root of the \
         variance. The next survey's plan asks for it.",
        "总体中各回答偏离均值的幅度，即方差的平方根，单位与回答相同；制定下一次调查方案时需要它。",
    ),
    formula: "θ̂ = √V;  z = z_V / (2 √V)",
    sources: &[
        Source::at("Särndal, Swensson, Wretman (1992)", "§5.9"),
        Source::new("Deville (1999)"),
    ],
};

/// What the correlation says of itself.
pub const CORRELATION: Card = Card {
    key: "correlation",
    title: Words::new("Correlation", "相关系数"),
    says: Words::new(
        "How closely two answers go together in a line, from −1 to 1, among those who gave both.",
        "同时作答两题者中，两项回答线性相关的程度，介于−1与1之间。",
    ),
    formula: "θ̂ = S_xy / (S_x S_y);  z = δ ( u v − θ̂ (u² + v²)/2 ) / Σ w δ,  u = (x − x̄)/S_x, v = (y − ȳ)/S_y",
    sources: &[
        Source::at("Särndal, Swensson, Wretman (1992)", "§5.9"),
        Source::new("Deville (1999)"),
    ],
};

/// The variance of an item among people.
#[derive(Debug, Clone, Copy)]
pub struct PopulationVariance<'a>(Answers<'a>);

impl<'a> PopulationVariance<'a> {
    /// Of this item.
    #[must_use]
    pub fn of(item: impl Into<Answers<'a>>) -> PopulationVariance<'a> {
        PopulationVariance(item.into())
    }
}

impl Statistic for PopulationVariance<'_> {
    fn card(&self) -> &'static Card {
        &VARIANCE
    }

    fn item(&self) -> String {
        self.0.name().to_owned()
    }

    /// None with fewer than two answers. R's `survey` counts those without an answer in n.
    ///
    /// # Formula
    ///
    /// ```text
    /// θ̂ = n/(n − 1) · Σ w δ (y − ȳ)² / N̂;     z = δ ( n/(n − 1) (y − ȳ)² − θ̂ ) / N̂
    /// ```
    ///
    /// The mean is estimated too, but does not move θ̂: Σ w δ (y − ȳ) is 0.
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §5.9.
    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        let of = |unit: usize| self.0.of(unit);
        let centre = mean::average(view, of)?;
        let n = centre.answered.len() as f64;
        if n < 2.0 {
            return None;
        }
        let square = |unit: usize| of(unit).map(|y| n / (n - 1.0) * (y - centre.value).powi(2));
        Some(mean::average(view, square)?.among(view.len()))
    }
}

/// The standard deviation of an item among people.
#[derive(Debug, Clone, Copy)]
pub struct Spread<'a>(Answers<'a>);

impl<'a> Spread<'a> {
    /// Of this item.
    #[must_use]
    pub fn of(item: impl Into<Answers<'a>>) -> Spread<'a> {
        Spread(item.into())
    }
}

impl Statistic for Spread<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn item(&self) -> String {
        self.0.name().to_owned()
    }

    /// None with fewer than two answers.
    ///
    /// # Formula
    ///
    /// ```text
    /// θ̂ = √V;     z = z_V / (2 √V)
    /// ```
    ///
    /// # Source
    ///
    /// Deville (1999), rule 4.
    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        let mut squared = PopulationVariance(self.0).evaluate(view)?;
        let value = squared.value.sqrt();
        if value > 0.0 {
            squared
                .scores
                .iter_mut()
                .for_each(|score| *score /= 2.0 * value);
        }
        Some(Evaluated { value, ..squared })
    }
}

/// The correlation of two items among people.
#[derive(Debug, Clone, Copy)]
pub struct Correlation<'a> {
    this: Answers<'a>,
    other: Answers<'a>,
}

impl<'a> Correlation<'a> {
    /// Of these two.
    #[must_use]
    pub fn of(this: impl Into<Answers<'a>>, other: impl Into<Answers<'a>>) -> Correlation<'a> {
        let (this, other) = (this.into(), other.into());
        Correlation { this, other }
    }
}

impl Statistic for Correlation<'_> {
    fn card(&self) -> &'static Card {
        &CORRELATION
    }

    fn item(&self) -> String {
        format!("{}, {}", self.this.name(), self.other.name())
    }

    /// None with fewer than two answers, or where one of the two is the same for everybody.
    ///
    /// # Formula
    ///
    /// ```text
    /// θ̂ = Σ w δ u v / N̂;     z = δ ( u v − θ̂ (u² + v²)/2 ) / N̂;     u = (x − x̄)/s_x,  v = (y − ȳ)/s_y
    /// ```
    ///
    /// with s² = Σ w δ (x − x̄)² / N̂: n/(n − 1) cancels.
    ///
    /// # Source
    ///
    /// Deville (1999), rules 1 to 4.
    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        let both = |unit: usize| Some((unit, self.this.of(unit)?, self.other.of(unit)?));
        let said: Vec<(usize, f64, f64)> = view.units().filter_map(both).collect();
        let weights: Vec<f64> = said.iter().map(|&(unit, ..)| view.weight(unit)).collect();
        let people = sum(weights.iter().copied());
        let standard = |values: Vec<f64>| {
            let weighed = |f: &dyn Fn(f64) -> f64| {
                let terms = values
                    .iter()
                    .zip(&weights)
                    .map(|(&value, weight)| weight * f(value));
                sum(terms) / people
            };
            let centre = weighed(&|x| x);
            let spread = weighed(&|x| (x - centre).powi(2)).sqrt();
            let away = |value: &f64| (value - centre) / spread;
            (spread > 0.0).then(|| values.iter().map(away).collect::<Vec<f64>>())
        };
        let u = standard(said.iter().map(|&(_, x, _)| x).collect())?;
        let v = standard(said.iter().map(|&(_, _, y)| y).collect())?;
        let mut total = Sum::default();
        for (weight, (u, v)) in weights.iter().zip(u.iter().zip(&v)) {
            total.add(weight * u * v);
        }
        let value = total.value() / people;
        let mut scores = vec![0.0; view.len()];
        for (&(unit, ..), (u, v)) in said.iter().zip(u.iter().zip(&v)) {
            scores[unit] = (u * v - value * (u * u + v * v) / 2.0) / people;
        }
        Some(Evaluated {
            value,
            scores,
            answered: said.into_iter().map(|(unit, ..)| unit).collect(),
        })
    }
}

#[cfg(test)]
mod tests;
