//! What unequal weights cost an answer that goes along with them.

use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "spencer",
    title: Words::new("Spencer's design effect", "Spencer设计效应"),
    says: Words::new(
        "By how much unequal weights widen the variance of an answer's total, if the answer goes along \
         with the chance of being drawn. Below 1 where chances follow the answer well: then unequal \
         weights help. Where the two have nothing to do with each other it is near Kish's, or above it.",
        "当回答与入样概率相关时，权数不等使该回答总量的方差扩大的倍数。概率与回答密切相关时小于1，\
         即不等权反而有利；两者无关时接近或大于Kish设计效应。",
    ),
    formula: "deff = (1 − ρ²) K + (α/σ)² (K − 1),  K = n Σw² / (Σw)²;  y = α + β p,  p = 1/(n w)",
    sources: &[
        Source::new("Spencer (2000)"),
        Source::at("Valliant, Dever, Kreuter (2018)", "§14.4"),
    ],
};

/// The design effect of weights on the total of an answer; none with fewer than two answers, or
/// where nobody differs.
///
/// # Formula
///
/// ```text
/// deff = (1 − ρ²) K + (α/σ)² (K − 1),     K = n Σw² / (Σw)²
///
/// y = α + β p, fitted with the weights;  p = 1/(n w), the chance at one draw;
/// ρ the correlation of y and p, σ the spread of y, both weighted
/// ```
///
/// # Source
///
/// Spencer (2000). It leaves out how the errors of the fit go along with the weights; the
/// function `deffS` of R's `PracTools` keeps one of those two terms.
///
/// # Example
///
/// The answer is the chance itself, times ten: nothing is left to chance.
///
/// ```
/// use canvass::weigh::spencer::spencer;
/// let weights = [1.0, 2.0, 4.0, 8.0];
/// let answers = weights.map(|w| 10.0 / (4.0 * w));
/// assert!(spencer(&weights, &answers).expect("they differ").abs() < 1e-12);
/// // Alike weights cost nothing.
/// assert_eq!(spencer(&[2.0, 2.0, 2.0], &[1.0, 5.0, 3.0]), Some(1.0));
/// ```
///
/// # Panics
///
/// If there is not one answer per weight, or a weight is not above 0: our own bug.
#[must_use]
pub fn spencer(weights: &[f64], answers: &[f64]) -> Option<f64> {
    assert_eq!(weights.len(), answers.len(), "an answer per weight");
    assert!(
        weights.iter().all(|weight| *weight > 0.0),
        "weights above 0"
    );
    let n = weights.len() as f64;
    if n < 2.0 {
        return None;
    }
    let people = sum(weights.iter().copied());
    let mean = sum(weights.iter().zip(answers).map(|(w, y)| w * y)) / people;
    // Σ w p = 1, whatever the weights.
    let mean_chance = 1.0 / people;
    let (mut spread, mut spread_of_chance, mut together) =
        (Sum::default(), Sum::default(), Sum::default());
    for (w, y) in weights.iter().zip(answers) {
        let (off, chance) = (y - mean, 1.0 / (n * w) - mean_chance);
        spread.add(w * off * off);
        spread_of_chance.add(w * chance * chance);
        together.add(w * off * chance);
    }
    let (spread, spread_of_chance) = (spread.value() / people, spread_of_chance.value() / people);
    let together = together.value() / people;
    if spread <= 0.0 {
        return None;
    }
    let kish = super::quality::kish(weights.iter().copied())?.max(1.0);
    let alike = kish - 1.0 <= f64::EPSILON * n;
    if alike || spread_of_chance <= 0.0 {
        return Some(1.0);
    }
    let slope = together / spread_of_chance;
    let start = mean - slope * mean_chance;
    let explained = together * together / (spread * spread_of_chance);
    Some((1.0 - explained) * kish + start * start / spread * (kish - 1.0))
}

#[cfg(test)]
mod tests {
    use super::spencer;

    #[test]
    fn it_agrees_with_a_weighted_regression() {
        // R 4.2.2: w <- c(3, 5, 8, 13, 21); y <- c(9, 4, 6, 1, 3); p <- 1 / (5 * w)
        // m <- lm(y ~ p, weights = w); K <- 5 * sum(w^2) / sum(w)^2; s2 <- sum(w * (y - weighted.mean(y, w))^2) / sum(w)
        // (1 - summary(m)$r.squared) * K + coef(m)[1]^2 / s2 * (K - 1)
        let deff =
            spencer(&[3.0, 5.0, 8.0, 13.0, 21.0], &[9.0, 4.0, 6.0, 1.0, 3.0]).expect("they differ");
        assert!((deff - SPENCER).abs() < 1e-12, "{deff}");
    }

    const SPENCER: f64 = 0.814_634_506_195_677_3;

    #[test]
    fn an_answer_that_all_give_has_none() {
        assert_eq!(spencer(&[1.0, 2.0], &[4.0, 4.0]), None);
        assert_eq!(spencer(&[1.0], &[4.0]), None);
    }
}
