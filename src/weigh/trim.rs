//! Extremes pulled in, and the total kept.

use super::{Adjusted, Error, Step};
use crate::field::Outcomes;
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "trim",
    title: Words::new("Trimmed weights", "权数截尾"),
    says: Words::new(
        "Weights of interviews above a cap are lowered to it, and what they had too much is shared out \
         among the others, so that the total stays. Figures vary less between samples; they may be a \
         little off where those with large weights answer otherwise.",
        "把超过上限的访问权数降至上限，超出部分分摊给其余访问，权数合计不变。估计量的方差减小，\
         但若大权数者回答不同，可能带来少许偏差。",
    ),
    formula: "w′ = min(w, C), the excess Σ (w − C)⁺ to the others: in equal parts, or in proportion until none is above C",
    sources: &[
        Source::new("Potter (1990)"),
        Source::at("Valliant, Dever, Kreuter (2018)", "§14.4"),
    ],
};

/// The largest weight that an interview may have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cap {
    /// This much.
    Weight(f64),
    /// So many times the median of the weights of all interviews.
    TimesMedian(f64),
    /// So many times their mean.
    TimesMean(f64),
}

/// How what is cut off is shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// Every interview below the cap gets the same, once. Some may end above the cap.
    Equal,
    /// Interviews below the cap grow in proportion to their weights; those that would pass the cap
    /// are held there and their part goes to the rest, until none is above it.
    Proportional,
}

/// The step. It concerns interviews alone: others keep their weights.
#[derive(Debug)]
pub struct Trim {
    cap: Cap,
    excess: Excess,
    mine: Vec<bool>,
}

/// Weights trimmed, and which were.
struct Cut {
    weights: Vec<f64>,
    trimmed: Vec<bool>,
}

impl Trim {
    /// To this cap.
    ///
    /// # Errors
    ///
    /// [`Error::BadCap`] unless it is finite and above 0.
    pub fn to(cap: Cap, excess: Excess, outcomes: &Outcomes) -> Result<Trim, Error> {
        let (Cap::Weight(most) | Cap::TimesMedian(most) | Cap::TimesMean(most)) = cap;
        if !(most.is_finite() && most > 0.0) {
            return Err(Error::BadCap { cap: most });
        }
        Ok(Trim {
            cap,
            excess,
            mine: outcomes
                .class
                .iter()
                .map(|class| class.responds())
                .collect(),
        })
    }

    /// The interviews that have a weight.
    fn interviews(&self, weights: &[f64]) -> Vec<usize> {
        (0..weights.len())
            .filter(|&unit| self.mine[unit] && weights[unit] > 0.0)
            .collect()
    }

    /// C, for these weights.
    ///
    /// # Errors
    ///
    /// [`Error::CapTooLow`] if it is below the mean, so that the total could not be kept.
    pub fn cap(&self, weights: &[f64]) -> Result<f64, Error> {
        let mut mine: Vec<f64> = self
            .interviews(weights)
            .into_iter()
            .map(|unit| weights[unit])
            .collect();
        mine.sort_by(f64::total_cmp);
        let count = mine.len();
        let mean = if count > 0 {
            sum(mine.iter().copied()) / count as f64
        } else {
            0.0
        };
        let cap = match self.cap {
            Cap::Weight(cap) => cap,
            Cap::TimesMedian(times) if count > 0 => {
                times * (mine[(count - 1) / 2] + mine[count / 2]) / 2.0
            }
            Cap::TimesMedian(_) => 0.0,
            Cap::TimesMean(times) => times * mean,
        };
        if cap < mean {
            return Err(Error::CapTooLow {
                cap,
                mean,
                interviews: count,
            });
        }
        Ok(cap)
    }

    /// The largest weight of an interview.
    pub(super) fn largest(&self, weights: &[f64]) -> f64 {
        self.interviews(weights)
            .into_iter()
            .fold(0.0, |largest, unit| largest.max(weights[unit]))
    }

    /// Weights cut at `cap`, and the excess shared out.
    fn cut(&self, before: &[f64], cap: f64) -> Cut {
        let mine = self.interviews(before);
        let mut cut = Cut {
            weights: before.to_vec(),
            trimmed: vec![false; before.len()],
        };
        match self.excess {
            Excess::Equal => equally(&mut cut, &mine, cap),
            Excess::Proportional => in_proportion(&mut cut, &mine, cap),
        }
        cut
    }

    /// The step with a cap that was found already.
    pub(super) fn at(&self, before: &[f64], cap: f64) -> Adjusted {
        let cut = self.cut(before, cap);
        let factor =
            cut.weights.iter().zip(before).map(
                |(&after, &before)| {
                    if before > 0.0 { after / before } else { 1.0 }
                },
            );
        let held = cut.trimmed.iter().filter(|trimmed| **trimmed).count() as u64;
        Adjusted {
            held: Some(held),
            ..Adjusted::by(before, factor.collect())
        }
    }
}

/// Cuts once; each of those below the cap gets the same part of the excess.
fn equally(cut: &mut Cut, mine: &[usize], cap: f64) {
    let mut excess = Sum::default();
    for &unit in mine.iter().filter(|&&unit| cut.weights[unit] > cap) {
        excess.add(cut.weights[unit] - cap);
        cut.trimmed[unit] = true;
    }
    let others = mine.iter().filter(|&&unit| !cut.trimmed[unit]).count();
    for &unit in mine {
        match cut.trimmed[unit] {
            true => cut.weights[unit] = cap,
            false => cut.weights[unit] += excess.value() / others as f64,
        }
    }
}

/// Cuts, lets the others grow, and cuts again, until none is above the cap. Each round holds at least
/// one more at the cap, so there are no more rounds than interviews.
fn in_proportion(cut: &mut Cut, mine: &[usize], cap: f64) {
    let before: Vec<f64> = mine.iter().map(|&unit| cut.weights[unit]).collect();
    let total = sum(before.iter().copied());
    let mut grown = 1.0;
    loop {
        let mut more = false;
        for (&unit, &weight) in mine.iter().zip(&before) {
            if !cut.trimmed[unit] && weight * grown > cap {
                cut.trimmed[unit] = true;
                more = true;
            }
        }
        if !more {
            break;
        }
        let held = mine.iter().filter(|&&unit| cut.trimmed[unit]).count() as f64 * cap;
        let free = sum(mine
            .iter()
            .zip(&before)
            .filter(|(unit, _)| !cut.trimmed[**unit])
            .map(|(_, w)| *w));
        grown = if free > 0.0 {
            (total - held) / free
        } else {
            1.0
        };
    }
    for (&unit, &weight) in mine.iter().zip(&before) {
        cut.weights[unit] = if cut.trimmed[unit] {
            cap
        } else {
            weight * grown
        };
    }
}

impl Step for Trim {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// # Errors
    ///
    /// [`Error::CapTooLow`] if the cap is below the mean.
    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        Ok(self.at(before, self.cap(before)?))
    }

    /// What is cut off a weight speaks with the mean of those who took it. The cap itself is taken to
    /// be fixed, also where it is a multiple of the median.
    ///
    /// # Formula
    ///
    /// ```text
    /// s′_k = w′_k z_k + (w_k − w′_k) z̄,   z̄ the mean of the untrimmed: plain if they got equal parts,
    ///                                      with weights w′ if in proportion
    /// ```
    ///
    /// So the number of people has the variance it had before. R `survey` leaves the second term out,
    /// as if the trimmed weights had been those of the draw.
    ///
    /// # Source
    ///
    /// Deville (1999), linearised by who is in the sample.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        let Adjusted { before, after, .. } = adjusted;
        let Ok(cap) = self.cap(before) else {
            return 0.0;
        };
        let trimmed = self.cut(before, cap).trimmed;
        let mine = self.interviews(before);
        let (mut score, mut weight) = (Sum::default(), Sum::default());
        let all = mine.iter().all(|&unit| trimmed[unit]);
        for &unit in mine.iter().filter(|&&unit| all || !trimmed[unit]) {
            let takes = match self.excess {
                Excess::Equal => 1.0,
                Excess::Proportional => after[unit],
            };
            score.add(takes * scores[unit] / after[unit]);
            weight.add(takes);
        }
        let mean = if weight.value() > 0.0 {
            score.value() / weight.value()
        } else {
            0.0
        };
        for &unit in &mine {
            scores[unit] += (before[unit] - after[unit]) * mean;
        }
        0.0
    }
}

#[cfg(test)]
mod tests;
