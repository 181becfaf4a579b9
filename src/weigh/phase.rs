//! Weight handed on within classes: a second phase of chance, after the draw.

use super::{Adjusted, Error};
use crate::field::{Class, Outcomes};
use crate::frame::Codes;
use crate::math::Sum;

/// A unit's part in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// It takes weight.
    Takes,
    /// It gives its weight away.
    Gives,
    /// The phase does not concern it: it keeps its weight.
    Keeps,
}

/// Each unit's part in answering: those who gave an interview take, the other eligible ones give.
/// Without a step for unknown eligibility, unknown numbers count as eligible.
pub(super) fn answering(outcomes: &Outcomes) -> Vec<Part> {
    let part = |ended: &Class| match ended {
        responds if responds.responds() => Part::Takes,
        eligible if eligible.is_eligible() || eligible.is_unknown() => Part::Gives,
        _ => Part::Keeps,
    };
    outcomes.class.iter().map(part).collect()
}

/// Sums by class of a phase.
struct Classes {
    all: Vec<f64>,
    taking: Vec<f64>,
    cases: Vec<u64>,
}

fn sums(before: &[f64], parts: &[Part], class: &Codes) -> Classes {
    let count = class.labels().len();
    let (mut all, mut taking) = (vec![Sum::default(); count], vec![Sum::default(); count]);
    let mut cases = vec![0; count];
    for (unit, part) in parts.iter().enumerate() {
        let weight = before[unit];
        if *part == Part::Keeps || weight <= 0.0 {
            continue;
        }
        let class = class.code(unit);
        cases[class] += 1;
        all[class].add(weight);
        if *part == Part::Takes {
            taking[class].add(weight);
        }
    }
    let values = |sums: Vec<Sum>| sums.iter().map(Sum::value).collect();
    Classes {
        all: values(all),
        taking: values(taking),
        cases,
    }
}

/// Hands weight on within classes.
///
/// # Formula
///
/// ```text
/// f_c = Σ_{class c} w / Σ_{those who take} w;   0 for those who give
/// ```
///
/// # Source
///
/// Oh, Scheuren (1983), weighting classes.
pub(super) fn forward(
    step: &'static str,
    before: &[f64],
    parts: &[Part],
    class: &Codes,
) -> Result<Adjusted, Error> {
    let Classes { all, taking, cases } = sums(before, parts, class);
    if let Some(empty) = (0..all.len()).find(|&c| all[c] > 0.0 && taking[c] <= 0.0) {
        let class = class.labels()[empty].clone();
        return Err(Error::EmptyClass {
            step,
            class,
            cases: cases[empty],
        });
    }
    let factor = parts.iter().enumerate().map(|(unit, part)| match part {
        Part::Keeps => 1.0,
        Part::Gives => 0.0,
        Part::Takes => all[class.code(unit)] / taking[class.code(unit)],
    });
    Ok(Adjusted::by(before, factor.collect()))
}

/// Corrects scores for the phase, and returns the variance it adds.
///
/// With r for taking, w for the weight before and w f for the weight after, the estimator is
/// linear in the class totals of r and r z. Its linearised score spreads the class mean z̄ over all
/// of the class, and leaves to those who take what they differ from it:
///
/// # Formula
///
/// ```text
/// s′_k   = w_k z̄_c + r_k w_k f_c (z_k − z̄_c),     z̄_c = Σ_r w f z / Σ_r w f
/// extra  = Σ_c (f_c − 1) Σ_r w_k f_c (z_k − z̄_c)²
/// ```
///
/// The first line is what the draw's variance is computed from, given who responds; the second is
/// the variance of responding, if those of a class respond alike and independently.
///
/// # Source
///
/// Fay (1991); Shao, Steel (1999), §2: the reverse framework. The extra term is of the order of the
/// sampling fraction beside the first, and vanishes as the list grows.
pub(super) fn back(adjusted: &Adjusted, parts: &[Part], class: &Codes, scores: &mut [f64]) -> f64 {
    let count = class.labels().len();
    let (mut score, mut weight) = (vec![Sum::default(); count], vec![Sum::default(); count]);
    let taking = |unit: usize| parts[unit] == Part::Takes && adjusted.after[unit] > 0.0;
    for unit in (0..parts.len()).filter(|&unit| taking(unit)) {
        score[class.code(unit)].add(scores[unit]);
        weight[class.code(unit)].add(adjusted.after[unit]);
    }
    let mean: Vec<f64> = score
        .iter()
        .zip(&weight)
        .map(|(s, w)| {
            if w.value() > 0.0 {
                s.value() / w.value()
            } else {
                0.0
            }
        })
        .collect();
    let mut extra = Sum::default();
    for (unit, part) in parts.iter().enumerate() {
        if *part == Part::Keeps {
            continue;
        }
        let mean = mean[class.code(unit)];
        let (before, after) = (adjusted.before[unit], adjusted.after[unit]);
        if taking(unit) {
            let off = scores[unit] / after - mean;
            extra.add((adjusted.factor[unit] - 1.0) * after * off * off);
            scores[unit] += (before - after) * mean;
        } else {
            scores[unit] = before * mean;
        }
    }
    extra.value()
}
