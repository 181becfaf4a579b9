//! What a weighting step must know how to do.

use super::{Controls, Error};
use crate::field::Outcomes;
use crate::language::Language;
use crate::method::Card;
use crate::notice::Notice;

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

    /// Where the step finds a unit: its class, or its levels and amounts. Empty where the step looks
    /// at the weight alone.
    fn finds(&self, _: &Adjusted, _unit: usize) -> Vec<String> {
        Vec::new()
    }

    /// The known totals it meets, if it meets any.
    fn controls(&self) -> Option<Controls> {
        None
    }

    /// What it found that a reader should see in words, such as the classes that a tree made.
    fn notes(&self, _: &Adjusted, _: Language) -> Vec<String> {
        Vec::new()
    }

    /// What a reader of the weights must hear of it.
    fn notices(&self, _: &Adjusted) -> Vec<Notice> {
        Vec::new()
    }
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
    /// What the step keeps for the way back, one number per unit: a propensity, a class. Empty for
    /// steps that keep nothing.
    pub kept: Vec<f64>,
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
            kept: Vec::new(),
        }
    }
}
