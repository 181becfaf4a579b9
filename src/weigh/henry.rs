//! What weights cost an answer that a calibration already knows something about.

use crate::language::Words;
use crate::math::solve::Tall;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "henry",
    title: Words::new("Henry's design effect", "Henry设计效应"),
    says: Words::new(
        "By how much unequal weights widen the variance of an answer's total, if weights are calibrated \
         to columns that go along with the answer. Far below Kish's where these tell most of it.",
        "当权数按与回答相关的变量校准时，权数不等使该回答总量的方差扩大的倍数；\
         校准变量能解释大部分回答时远小于Kish设计效应。",
    ),
    formula: "deff = K σ²_u/σ²_y + n σ_w/(N̂ σ²_y) (ρ_{u²w} σ_{u²} − 2α ρ_{uw} σ_u);  y = α + x′β + e,  u = α + e",
    sources: &[
        Source::new("Henry (2011)"),
        Source::new("Henry, Valliant (2015)"),
        Source::at("Valliant, Dever, Kreuter (2018)", "§14.4"),
    ],
};

/// The design effect of weights on the total of an answer that is calibrated to auxiliary columns,
/// which need no constant; none with fewer than two answers, or where nobody differs. Columns that
/// are made of others change nothing.
///
/// # Formula
///
/// ```text
/// deff = K σ²_u/σ²_y + n σ_w/(N̂ σ²_y) · (ρ_{u²w} σ_{u²} − 2 α ρ_{uw} σ_u),   K = n Σw² / (Σw)²
///
/// y = α + x′β + e, fitted with the weights;  u = α + e;  N̂ = Σ w;  σ and ρ weighted, with divisor N̂
/// ```
///
/// As Σ w e = 0, this is the same as
///
/// ```text
/// deff = n Σ w² e² / (N̂² σ²_y)
/// ```
///
/// which is what is computed.
///
/// # Source
///
/// Henry (2011); Henry, Valliant (2015). The weights are those of the design there, one over the
/// chance, and drawing is in one stage with replacement. The function `deffH` of R's `PracTools`
/// multiplies ρ_{u²w} by σ_u where the formula has σ_{u²}, and takes n/(n − 1) into the variances: it
/// comes to another number.
///
/// # Example
///
/// The column tells the answer, and nothing is left to chance. Without a column, and with equal
/// weights, there is nothing to gain or lose.
///
/// ```
/// use canvass::weigh::henry::henry;
/// let (weights, lines) = ([1.0, 2.0, 4.0, 8.0], vec![3.0, 1.0, 2.0, 5.0]);
/// let answers: Vec<f64> = lines.iter().map(|x| 7.0 + 2.0 * x).collect();
/// assert!(henry(&weights, &answers, &[lines]).expect("they differ") < 1e-20);
/// let alike = henry(&[2.0; 4], &answers, &[]).expect("they differ");
/// assert!((alike - 1.0).abs() < 1e-15);
/// ```
///
/// # Panics
///
/// If columns differ in length, or a weight is not above 0: our own bug.
#[must_use]
pub fn henry(weights: &[f64], answers: &[f64], auxiliaries: &[Vec<f64>]) -> Option<f64> {
    assert!(
        auxiliaries.iter().all(|x| x.len() == weights.len()) && answers.len() == weights.len(),
        "a number for each weight"
    );
    assert!(weights.iter().all(|w| *w > 0.0), "weights above 0");
    if weights.len() < 2 {
        return None;
    }
    let n = weights.len() as f64;
    let people = sum(weights.iter().copied());
    let mean = sum(weights.iter().zip(answers).map(|(w, y)| w * y)) / people;
    let spread = sum(weights
        .iter()
        .zip(answers)
        .map(|(w, y)| w * (y - mean) * (y - mean)))
        / people;
    if spread <= 0.0 {
        return None;
    }
    let errors = errors(weights, answers, auxiliaries)?;
    let left = sum(weights.iter().zip(&errors).map(|(w, e)| (w * e) * (w * e)));
    Some(n * left / (people * people * spread))
}

/// What a fit with a constant, by weights, leaves of the answers.
fn errors(weights: &[f64], answers: &[f64], auxiliaries: &[Vec<f64>]) -> Option<Vec<f64>> {
    let roots: Vec<f64> = weights.iter().map(|w| w.sqrt()).collect();
    let scaled =
        |x: &[f64]| -> Vec<f64> { x.iter().zip(&roots).map(|(x, root)| x * root).collect() };
    let mut columns = vec![roots.clone()];
    columns.extend(auxiliaries.iter().map(|x| scaled(x)));
    let tall = loop {
        match Tall::new(columns.clone()) {
            Ok(tall) => break tall,
            Err(0) => return None,
            Err(place) => drop(columns.remove(place)),
        }
    };
    let fit = tall.solve(scaled(answers));
    let errors = answers.iter().enumerate().map(|(row, y)| {
        let mut fitted = Sum::default();
        for (column, slope) in columns.iter().zip(&fit) {
            fitted.add(slope * column[row] / roots[row]);
        }
        y - fitted.value()
    });
    Some(errors.collect())
}

#[cfg(test)]
mod tests {
    use super::henry;

    const W: [f64; 6] = [3.0, 5.0, 8.0, 13.0, 21.0, 4.0];
    const Y: [f64; 6] = [9.0, 4.0, 6.0, 1.0, 3.0, 7.0];
    const X: [f64; 6] = [5.0, 3.0, 3.0, 1.0, 1.0, 2.0];
    const Z: [f64; 6] = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0];

    fn near(found: Option<f64>, wanted: f64) {
        let found = found.expect("they differ");
        assert!((found - wanted).abs() < 1e-12 * wanted, "{found}");
    }

    #[test]
    fn it_agrees_with_the_published_formula_in_r() {
        // R 4.2.2, the long formula: see tests/data/cards/make.R
        near(henry(&W, &Y, &[X.to_vec()]), ONE);
        near(henry(&W, &Y, &[X.to_vec(), Z.to_vec()]), TWO);
        near(henry(&W, &Y, &[]), NONE);
    }

    const ONE: f64 = 0.284_808_560_305_018_8;
    const TWO: f64 = 0.135_842_988_237_907_66;
    const NONE: f64 = 0.887_207_410_448_555_8;

    #[test]
    fn a_column_made_of_others_changes_nothing() {
        let one = henry(&W, &Y, &[X.to_vec()]).expect("they differ");
        let double: Vec<f64> = X.iter().map(|x| 2.0 * x - 1.0).collect();
        near(henry(&W, &Y, &[X.to_vec(), double]), one);
    }

    #[test]
    fn an_answer_that_all_give_has_none() {
        assert_eq!(henry(&[1.0, 2.0], &[4.0, 4.0], &[]), None);
        assert_eq!(henry(&[1.0], &[4.0], &[]), None);
    }
}
