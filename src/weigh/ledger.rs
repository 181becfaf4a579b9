//! Base weights and the steps after them: a tape that is read both ways.

use super::{Adjusted, Error, OneCall, Quality, Release, Step, base, quality, release};
use crate::draw::Sample;
use crate::draw::stages::dealt::dealt_in;
use crate::field::Outcomes;

/// A step that was taken, and what it did.
#[derive(Debug)]
pub struct Entry {
    step: Box<dyn Step>,
    adjusted: Adjusted,
}

impl Entry {
    /// The step's card key.
    #[must_use]
    pub fn key(&self) -> &'static str {
        self.step.card().key
    }

    /// The step.
    #[must_use]
    pub fn step(&self) -> &dyn Step {
        self.step.as_ref()
    }

    /// What it did.
    #[must_use]
    pub fn adjusted(&self) -> &Adjusted {
        &self.adjusted
    }
}

/// The weights of all drawn units, and how they came about.
///
/// final weight = 1/π × the product of all factors, for every unit, to the last bit.
#[derive(Debug)]
pub struct Ledger {
    base: Vec<f64>,
    entries: Vec<Entry>,
    /// Whether a unit belongs to the sample that was worked: its replicate was released.
    worked: Vec<bool>,
    interviewed: Vec<bool>,
}

impl Ledger {
    /// A ledger with base weights only. If some replicates were not released, their weight goes to
    /// the others: a first step. So is the chance to be asked about, where each number is called once.
    ///
    /// # Errors
    ///
    /// [`Error::NotReleased`] if a stratum has drawn units and none that was released.
    pub fn base(sample: &Sample, outcomes: &Outcomes) -> Result<Ledger, Error> {
        let worked = release::worked(sample, outcomes);
        let interviewed = outcomes
            .class
            .iter()
            .map(|class| class.responds())
            .collect();
        let all = worked.iter().all(|&worked| worked);
        let mut ledger = Ledger {
            base: base::base(sample),
            entries: Vec::new(),
            worked,
            interviewed,
        };
        if !all {
            let release = Release::of(dealt_in(sample).clone(), ledger.worked.clone());
            ledger.take(Box::new(release), outcomes)?;
        }
        if let Some(asking) = &sample.basis.asking {
            ledger.take(Box::new(OneCall::of(asking)), outcomes)?;
        }
        Ok(ledger)
    }

    /// A ledger of weights that came with the data, without steps: nobody knows what was done to
    /// them. Every row counts as interviewed and worked; one with weight 0 stays in the design and is
    /// part of no figure.
    ///
    /// # Errors
    ///
    /// [`Error::BadWeights`] if some are negative or no numbers.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::weigh::Ledger;
    /// assert_eq!(Ledger::given(vec![12.5, 0.0])?.weights(), [12.5, 0.0]);
    /// assert!(Ledger::given(vec![12.5, -1.0]).is_err());
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn given(weights: Vec<f64>) -> Result<Ledger, Error> {
        let bad = |weight: &f64| !(weight.is_finite() && *weight >= 0.0);
        let rows: Vec<usize> = (0..weights.len())
            .filter(|&row| bad(&weights[row]))
            .collect();
        if let Some(&row) = rows.first() {
            return Err(Error::BadWeights {
                count: rows.len(),
                row,
                weight: weights[row],
            });
        }
        let all = vec![true; weights.len()];
        Ok(Ledger {
            base: weights,
            entries: Vec::new(),
            worked: all.clone(),
            interviewed: all,
        })
    }

    /// Takes a step.
    ///
    /// # Errors
    ///
    /// What the step runs into.
    pub fn take(&mut self, step: Box<dyn Step>, outcomes: &Outcomes) -> Result<(), Error> {
        let adjusted = step.forward(self.weights(), outcomes)?;
        self.entries.push(Entry { step, adjusted });
        Ok(())
    }

    /// 1/π, one per drawn unit.
    #[must_use]
    pub fn base_weights(&self) -> &[f64] {
        &self.base
    }

    /// The steps taken, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The final weights, one per drawn unit.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        self.entries
            .last()
            .map_or(&self.base, |entry| &entry.adjusted.after)
    }

    /// Whether each drawn unit gave a complete interview.
    #[must_use]
    pub fn interviewed(&self) -> &[bool] {
        &self.interviewed
    }

    /// Whether each drawn unit belongs to the sample that was worked.
    #[must_use]
    pub fn worked(&self) -> &[bool] {
        &self.worked
    }

    /// Reads the ledger backwards: scores per unit weight become weighted scores for the variance of
    /// the draw, and the sum of the variances that the steps themselves add.
    ///
    /// # Formula
    ///
    /// ```text
    /// V̂(θ̂) = V_design( back₁( … back_k( w · z ) ) ) + Σ extra_j
    /// ```
    ///
    /// # Source
    ///
    /// Deville, Särndal (1992), §3.4 for calibration; Fay (1991) and Shao, Steel (1999) for
    /// nonresponse; the order is that of Särndal, Swensson, Wretman (1992), ch. 9 and 15.
    #[must_use]
    pub fn back(&self, scores: &[f64]) -> (Vec<f64>, f64) {
        let mut weighted: Vec<f64> = self
            .weights()
            .iter()
            .zip(scores)
            .map(|(w, z)| w * z)
            .collect();
        let mut extra = 0.0;
        for entry in self.entries.iter().rev() {
            extra += entry.step.back(&entry.adjusted, &mut weighted);
        }
        (weighted, extra)
    }

    /// What the same steps, taken again from other base weights, give: one set of weights of many, for
    /// variances from replicates.
    ///
    /// # Errors
    ///
    /// What a step runs into.
    pub fn replay(&self, base: Vec<f64>, outcomes: &Outcomes) -> Result<Vec<f64>, Error> {
        self.entries.iter().try_fold(base, |weights, entry| {
            Ok(entry.step.forward(&weights, outcomes)?.after)
        })
    }

    /// What the weights look like at first and after each step.
    #[must_use]
    pub fn quality(&self) -> Vec<Quality> {
        let steps = self.entries.iter().map(|entry| {
            let adjusted = &entry.adjusted;
            let quality = quality::of(entry.key(), &adjusted.after, &self.interviewed);
            Quality {
                misfit: adjusted.misfit,
                rounds: adjusted.rounds,
                ..quality
            }
        });
        std::iter::once(quality::of(base::CARD.key, &self.base, &self.interviewed))
            .chain(steps)
            .collect()
    }
}
