//! Known totals, several margins, in turns.

use super::alike::Alike;
use super::conflict::{Conflict, conflict};
use super::{Adjusted, Bounds, Controls, Error, Margin, Step, empty, margin};
use crate::field::Outcomes;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "rake",
    title: Words::new("Raking to known totals", "迭代比例加权（耙平）"),
    says: Words::new(
        "Weights are scaled to one known margin after another, again and again, until every level of \
         every margin is met. A figure that goes along with the margins becomes more certain.",
        "依次按各已知边际总量调整权数，反复进行，直至所有边际的每一类都与已知总量一致。\
         与边际变量相关的指标因此更加精确。",
    ),
    formula: "w ← w · T_l / Σ_{level l} w,  margin after margin, until max |Σ_l w − T_l| / T_l ≤ tolerance",
    sources: &[
        Source::new("Deming, Stephan (1940)"),
        Source::at("Deville, Särndal, Sautory (1993)", "generalized raking"),
    ],
};

/// The step.
#[derive(Debug)]
pub struct Rake {
    margins: Vec<Margin>,
    alike: Alike,
    tolerance: f64,
    rounds: u32,
}

/// The level that is furthest from its total.
struct Worst {
    margin: usize,
    level: usize,
    reached: f64,
    misfit: f64,
}

impl Rake {
    /// To these margins, to within a relative `tolerance` of every total, in `rounds` at most.
    ///
    /// # Errors
    ///
    /// [`Error::Totals`] if margins do not add up to the same.
    pub fn to(margins: Vec<Margin>, tolerance: f64, rounds: u32) -> Result<Rake, Error> {
        margin::agree(&margins)?;
        Ok(Rake {
            alike: Alike::of(&margins),
            margins,
            tolerance,
            rounds,
        })
    }

    /// The margins.
    #[must_use]
    pub fn margins(&self) -> &[Margin] {
        &self.margins
    }

    /// The levels that contradict each other: no factors of 0 or more meet them.
    fn conflict(&self, before: &[f64], active: &[usize]) -> Option<Conflict> {
        let controls = self.controls()?;
        let limits = Bounds::new(0.0, f64::INFINITY).ok()?;
        conflict(&controls, &controls.kinds(before, active), &|_| limits)
    }

    /// Scales weights to one margin after another, from what levels hold to what they hold then. What a
    /// margin holds is found while weights are scaled to the one before it.
    fn round(
        &self,
        mut held: Vec<Vec<f64>>,
        weights: &mut [f64],
        active: &[usize],
    ) -> Result<Vec<Vec<f64>>, Error> {
        let margins = self.alike.margins();
        for (place, margin) in margins.iter().enumerate() {
            if margin.lacks(&held[place]) {
                empty::none(std::slice::from_ref(margin), weights, active)?;
            }
            let next = (place + 1) % margins.len();
            held[next] = margin.scaled(&held[place], weights, active, &margins[next]);
        }
        let first = std::mem::take(&mut held[0]);
        let others = margin::all_held(&margins[1..], weights, active);
        Ok(std::iter::once(first).chain(others).collect())
    }

    /// The worst of what the levels of all margins hold.
    fn worst(&self, held: &[Vec<f64>]) -> Worst {
        let mut worst = Worst {
            margin: 0,
            level: 0,
            reached: 0.0,
            misfit: 0.0,
        };
        for (place, (margin, held)) in self.margins.iter().zip(held).enumerate() {
            for (level, &held) in held.iter().enumerate() {
                let total = margin.totals()[level];
                let misfit = if total > 0.0 {
                    (held - total).abs() / total
                } else {
                    held.abs()
                };
                if misfit > worst.misfit {
                    worst = Worst {
                        margin: place,
                        level,
                        reached: held,
                        misfit,
                    };
                }
            }
        }
        worst
    }
}

impl Step for Rake {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// # Errors
    ///
    /// [`Error::EmptyLevels`] of all margins; [`Error::NotConverged`] names the worst level, its total, and
    /// what was reached.
    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        let active: Vec<usize> = (0..before.len())
            .filter(|&unit| before[unit] > 0.0)
            .collect();
        let start = self.alike.sums(before, &active);
        let cells: Vec<usize> = (0..start.len()).filter(|&cell| start[cell] > 0.0).collect();
        empty::none(self.alike.margins(), &start, &cells)?;
        let mut weights = start.clone();
        let mut made = 0;
        let mut held = margin::all_held(self.alike.margins(), &weights, &cells);
        let mut worst = self.worst(&held);
        while worst.misfit > self.tolerance {
            if made == self.rounds {
                let margin = &self.margins[worst.margin];
                return Err(Error::NotConverged {
                    margin: margin.name().to_owned(),
                    level: margin.levels().labels()[worst.level].clone(),
                    target: margin.totals()[worst.level],
                    reached: worst.reached,
                    misfit: worst.misfit,
                    tolerance: self.tolerance,
                    rounds: made,
                    conflict: self.conflict(before, &active).map(Box::new),
                });
            }
            held = self.round(held, &mut weights, &cells)?;
            made += 1;
            worst = self.worst(&held);
        }
        let mut factor = vec![1.0; before.len()];
        for &unit in &active {
            let cell = self.alike.cell(unit);
            factor[unit] = weights[cell] / start[cell];
        }
        let adjusted = Adjusted::by(before, factor);
        Ok(Adjusted {
            misfit: Some(worst.misfit),
            rounds: Some(made),
            ..adjusted
        })
    }

    /// Takes from each score what the margins explain of it: the residual of a weighted least-squares
    /// fit on the levels of all margins.
    ///
    /// # Formula
    ///
    /// ```text
    /// s′_k = w_k (z_k − x_k′ B̂),   B̂ = (Σ w x x′)⁻ Σ w x z
    /// ```
    ///
    /// The fit is found by taking level means away, margin after margin, until none is left: the
    /// same residuals without a matrix.
    ///
    /// # Source
    ///
    /// Deville, Särndal (1992), §3.4; alternating projections: von Neumann (1950). R `survey`
    /// stops after ten rounds; this goes on until level means are below 10⁻¹³ of the largest score.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        const SMALL: f64 = 1e-13;
        const MOST: u32 = 10_000;
        let after = &adjusted.after;
        let active: Vec<usize> = (0..after.len()).filter(|&unit| after[unit] > 0.0).collect();
        let weights = self.alike.sums(after, &active);
        let cells: Vec<usize> = (0..weights.len())
            .filter(|&cell| weights[cell] > 0.0)
            .collect();
        // Units that are alike have the same fit, and it goes by their mean.
        let mut mean = self.alike.sums(scores, &active);
        let mut largest = 0.0_f64;
        for &cell in &cells {
            mean[cell] /= weights[cell];
            largest = largest.max(mean[cell].abs());
        }
        let mut left = mean.clone();
        for _ in 0..MOST {
            let mut moved = 0.0_f64;
            for margin in self.alike.margins() {
                moved = moved.max(margin.centre(&weights, &cells, &mut left));
            }
            if moved <= SMALL * largest {
                break;
            }
        }
        for &unit in &active {
            let cell = self.alike.cell(unit);
            scores[unit] -= after[unit] * (mean[cell] - left[cell]);
        }
        0.0
    }

    fn finds(&self, _: &Adjusted, unit: usize) -> Vec<String> {
        self.margins.iter().map(|margin| margin.of(unit)).collect()
    }

    fn controls(&self) -> Option<Controls> {
        Controls::new(self.margins.clone(), Vec::new()).ok()
    }
}
