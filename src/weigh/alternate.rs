//! Known totals and a cap on weights, in turns until both hold.

use super::{Adjusted, Controls, Error, Step, Trim};
use crate::field::Outcomes;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "alternate",
    title: Words::new("Calibrated and trimmed in turns", "校准与截尾交替进行"),
    says: Words::new(
        "Trimming weights breaks the known totals, and meeting these makes new extremes. So the two take \
         turns until the totals are met by weights of which none is above the cap.",
        "截尾会破坏已知总量，恢复已知总量又会产生新的极端权数；因此两者交替进行，直至已知总量全部满足，\
         且没有权数超过上限。",
    ),
    formula: "w ← calibrate(w);  w ← trim(w);  … until Σ w x = T and max w ≤ C",
    sources: &[Source::at("Valliant, Dever, Kreuter (2018)", "§14.4")],
};

/// The step.
#[derive(Debug)]
pub struct Alternate {
    meet: Box<dyn Step>,
    trim: Trim,
    tolerance: f64,
    rounds: u32,
}

impl Alternate {
    /// Between a step that meets known totals and one that trims. Totals hold to what `meet` promises,
    /// the cap to a relative `tolerance`.
    #[must_use]
    pub fn between(meet: Box<dyn Step>, trim: Trim, tolerance: f64, rounds: u32) -> Alternate {
        Alternate {
            meet,
            trim,
            tolerance,
            rounds,
        }
    }

    /// The step that meets known totals.
    #[must_use]
    pub fn meet(&self) -> &dyn Step {
        self.meet.as_ref()
    }
}

impl Step for Alternate {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn cards(&self) -> Vec<&'static Card> {
        let mut cards = self.meet.cards();
        cards.extend([self.trim.card(), &CARD]);
        cards
    }

    /// The cap is found once, from the weights that first meet the totals.
    ///
    /// # Errors
    ///
    /// [`Error::CapTooLow`], what the other step runs into, or [`Error::NotBoth`] if the two do not
    /// come together.
    fn forward(&self, before: &[f64], outcomes: &Outcomes) -> Result<Adjusted, Error> {
        let mut met = self.meet.forward(before, outcomes)?;
        let cap = self.trim.cap(&met.after)?;
        for round in 0..=self.rounds {
            let largest = self.trim.largest(&met.after);
            if largest <= cap * (1.0 + self.tolerance) {
                let factor = met.after.iter().zip(before).map(|(&after, &before)| {
                    if before.abs() > 0.0 {
                        after / before
                    } else {
                        1.0
                    }
                });
                let at_cap = met
                    .after
                    .iter()
                    .filter(|weight| **weight >= cap * (1.0 - self.tolerance));
                let held = Some(at_cap.count() as u64);
                let adjusted = Adjusted::by(before, factor.collect());
                return Ok(Adjusted {
                    held,
                    misfit: met.misfit,
                    rounds: Some(round),
                    ..adjusted
                });
            }
            if round == self.rounds {
                return Err(Error::NotBoth {
                    largest,
                    cap,
                    rounds: round,
                });
            }
            let cut = self.trim.at(&met.after, cap);
            met = self.meet.forward(&cut.after, outcomes)?;
        }
        unreachable!("the last round returns")
    }

    /// The totals are met in the end, so what they explain is taken away, with the final weights.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        let end = Adjusted::by(&adjusted.after, vec![1.0; adjusted.after.len()]);
        self.meet.back(&end, scores)
    }

    fn finds(&self, adjusted: &Adjusted, unit: usize) -> Vec<String> {
        self.meet.finds(adjusted, unit)
    }

    fn controls(&self) -> Option<Controls> {
        self.meet.controls()
    }
}
