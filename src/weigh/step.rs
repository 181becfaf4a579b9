//! What a weighting step must know how to do.

use super::Error;
use crate::field::Outcomes;
use crate::method::Card;

/// A correction of weights that can be read both ways.
pub trait Step: std::fmt::Debug + Send + Sync {
    /// What the step says of itself.
    fn card(&self) -> &'static Card;

    /// The cards of all methods it uses, its own last.
    fn cards(&self) -> Vec<&'static Card> {
        vec![self.card()]
    }

    /// Gives each drawn unit its factor. It depends on nothing but its inputs, so that it can be
    /// replayed.
    ///
    /// # Errors
    ///
    /// If the step cannot be taken; the message names the class or margin.
    fn forward(&self, before: &[f64], outcomes: &Outcomes) -> Result<Adjusted, Error>;

    /// Turns scores, weighted as after this step, into scores as if the step had not been taken but
    /// its effect on certainty had; returns the variance that the step itself adds.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64;
}

/// What a step did.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjusted {
    /// Weights before.
    pub before: Vec<f64>,
    /// What each was multiplied by.
    pub factor: Vec<f64>,
    /// Weights after: before × factor.
    pub after: Vec<f64>,
    /// The largest relative misfit of a margin, where the step has margins.
    pub misfit: Option<f64>,
    /// Rounds made, where the step goes in rounds.
    pub rounds: Option<u32>,
    /// Weights held at a cap, where the step has one.
    pub held: Option<u64>,
}

impl Adjusted {
    /// What multiplying `before` by `factor` gives.
    #[must_use]
    pub fn by(before: &[f64], factor: Vec<f64>) -> Adjusted {
        let after = before
            .iter()
            .zip(&factor)
            .map(|(weight, factor)| weight * factor)
            .collect();
        Adjusted {
            before: before.to_vec(),
            factor,
            after,
            misfit: None,
            rounds: None,
            held: None,
        }
    }
}
