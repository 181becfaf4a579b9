//! Drawn units that share a number, of which one was asked about.

use super::{Adjusted, Error, Step};
use crate::draw::stages::Asking;
pub use crate::draw::stages::one_call::CARD;
use crate::field::Outcomes;
use crate::math::sum;
use crate::method::Card;

/// The step, a first one after the base weights.
#[derive(Debug)]
pub struct OneCall {
    asked: Vec<bool>,
    chance: Vec<f64>,
}

impl OneCall {
    /// For a sample of which these units were asked about.
    ///
    /// ```
    /// use canvass::draw::stages::Asking;
    /// use canvass::field::Outcomes;
    /// use canvass::weigh::{OneCall, Step};
    /// let asking = Asking {
    ///     asked: vec![true, false, true],
    ///     chance_asked: vec![0.5, 0.5, 1.0],
    ///     ..Asking::default()
    /// };
    /// let adjusted = OneCall::of(&asking).forward(&[10.0, 20.0, 5.0], &Outcomes::default())?;
    /// assert_eq!(adjusted.after, [20.0, 0.0, 5.0]);
    /// # Ok::<(), canvass::weigh::Error>(())
    /// ```
    #[must_use]
    pub fn of(asking: &Asking) -> OneCall {
        OneCall {
            asked: asking.asked.clone(),
            chance: asking.chance_asked.clone(),
        }
    }
}

impl Step for OneCall {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// # Panics
    ///
    /// If there is not one chance per weight: our own bug.
    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        assert_eq!(before.len(), self.chance.len(), "a chance per unit");
        let factor = self.asked.iter().zip(&self.chance);
        let factor = factor.map(|(&asked, chance)| if asked { 1.0 / chance } else { 0.0 });
        Ok(Adjusted::by(before, factor.collect()))
    }

    /// Leaves scores as they are: over the choices within calls they are those of all drawn units, on
    /// average. The design rule sees their spread times 1 − π; what is missing is returned.
    ///
    /// # Formula
    ///
    /// ```text
    /// extra = Σ_asked (1 − P_k) t_k² / d_k,   d the weight before, t the weighted score
    /// ```
    ///
    /// Units of one call are never asked about together, and nothing tells how their answers go together:
    /// where they are alike, as a person's are, the sum is too large rather than too small.
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §9.3, with a second phase that treats drawn units one by one.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        // Units of replicates that were never released have weight 0 and score 0.
        let asked = (0..scores.len()).filter(|&unit| self.asked[unit]);
        sum(asked.map(|unit| {
            (1.0 - self.chance[unit]) * scores[unit].powi(2) / adjusted.before[unit].max(1.0)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::OneCall;
    use crate::draw::stages::Asking;
    use crate::field::Outcomes;
    use crate::weigh::Step;

    #[test]
    fn a_choice_adds_what_the_draw_does_not_see() {
        // Two units of one call, drawn with π = 1/4 and 1/2; the first was asked about, with chance 1/2.
        let asking = Asking {
            asked: vec![true, false],
            chance_asked: vec![0.5, 0.5],
            ..Asking::default()
        };
        let step = OneCall::of(&asking);
        let adjusted = step
            .forward(&[4.0, 2.0], &Outcomes::default())
            .expect("a step");
        assert_eq!(adjusted.after, [8.0, 0.0]);
        let mut scores = vec![24.0, 0.0];
        let extra = step.back(&adjusted, &mut scores);
        assert!((extra - 0.5 * 24.0 * 24.0 / 4.0).abs() < 1e-12, "{extra}");
        assert_eq!(scores, [24.0, 0.0]);
    }
}
