//! Known totals of anything, met with the least change of weights.

use super::conflict::conflict;
use super::control::Kinds;
use super::newton::{End, Newton};
use super::{Adjusted, Bounds, Controls, Distance, Error, Step};
use crate::field::Outcomes;
use crate::method::Card;

/// How far from 1 bounds are looked for: so many times as far as those that were given.
const WIDEST: f64 = 1024.0;

/// How close the tightest bounds are found, relative to their distance from 1.
const CLOSE: f64 = 1e-3;

/// The step.
#[derive(Debug)]
pub struct Calibrate {
    controls: Controls,
    distance: Distance,
    tolerance: f64,
    rounds: u32,
}

impl Calibrate {
    /// To these controls, with this distance; every control is met when │T − Σ w x│ / (1 + │T│) is
    /// below `tolerance`, and Newton's method may take so many `rounds`.
    ///
    /// # Errors
    ///
    /// [`Error::BadBounds`] if the logit distance has no upper bound.
    pub fn to(
        controls: Controls,
        distance: Distance,
        tolerance: f64,
        rounds: u32,
    ) -> Result<Calibrate, Error> {
        match distance {
            Distance::Logit(bounds) if bounds.high().is_infinite() => Err(Error::BadBounds {
                low: bounds.low(),
                high: bounds.high(),
            }),
            _ => Ok(Calibrate {
                controls,
                distance,
                tolerance,
                rounds,
            }),
        }
    }

    /// The controls.
    #[must_use]
    pub fn controls(&self) -> &Controls {
        &self.controls
    }

    /// The tightest bounds with which these weights can meet the controls, if any can: those of the
    /// distance, moved nearer to 1 or further from it. Found by halving, with the method itself, to a
    /// thousandth of their distance from 1; none for a distance without bounds.
    ///
    /// # Example
    ///
    /// Two people speak for ten each; the list has 12 in the north and 8 in the south. Factors of 1.2
    /// and 0.8 are needed:
    ///
    /// ```
    /// use canvass::frame::Codes;
    /// use canvass::weigh::{Bounds, Calibrate, Controls, Distance, Margin};
    /// let totals = [("north".to_owned(), 12.0), ("south".to_owned(), 8.0)].into();
    /// let side = Margin::new("side", Codes::from_labels(["north", "south"]), &totals)?;
    /// let truncated = Distance::Truncated(Bounds::new(0.9, 1.1)?);
    /// let step = Calibrate::to(Controls::new(vec![side], vec![])?, truncated, 1e-9, 100)?;
    /// let bounds = step.tightest_bounds(&[10.0, 10.0]).expect("some bounds will do");
    /// assert!((bounds.low() - 0.8).abs() < 1e-3 && (bounds.high() - 1.2).abs() < 1e-3);
    /// # Ok::<(), canvass::Error>(())
    /// ```
    #[must_use]
    pub fn tightest_bounds(&self, before: &[f64]) -> Option<Bounds> {
        self.distance.bounds()?;
        let kinds = self.controls.kinds(before, &self.active(before));
        let search = Newton::new(&self.controls, &kinds, self.tolerance, self.rounds);
        self.tightest(&search)
    }

    fn tightest(&self, search: &Newton<'_>) -> Option<Bounds> {
        let meets = |widen: f64| search.run(self.distance.widened(widen)).met;
        let (mut low, mut high) = (0.0, 1.0);
        while !meets(high) {
            if high >= WIDEST {
                return None;
            }
            (low, high) = (high, 2.0 * high);
        }
        while high - low > CLOSE * high {
            let middle = (low + high) / 2.0;
            if meets(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        self.distance.widened(high).bounds()
    }

    /// The units that calibration moves: those with a weight, except where a level is to hold nobody
    /// and the distance allows a factor of 0.
    fn active(&self, before: &[f64]) -> Vec<usize> {
        let empties = self.empties();
        let moves =
            |&unit: &usize| before[unit].abs() > 0.0 && !(empties && self.controls.is_void(unit));
        (0..before.len()).filter(moves).collect()
    }

    /// Whether units of a level that is to hold nobody get weight 0 at once. Factors are 0 or more
    /// then, so there is no other way.
    fn empties(&self) -> bool {
        match self.distance.bounds() {
            Some(bounds) => bounds.low() <= 0.0,
            None => self.distance == Distance::Raking,
        }
    }

    /// Takes from each score what the controls explain of it; returns B̂, by which the figure moves
    /// with each total.
    pub(super) fn explain(&self, adjusted: &Adjusted, scores: &mut [f64]) -> Vec<f64> {
        let Adjusted {
            before,
            factor,
            after,
            ..
        } = adjusted;
        let active: Vec<usize> = (0..after.len())
            .filter(|&unit| after[unit].abs() > 0.0)
            .collect();
        let (mut pulls, mut values) = (vec![0.0; after.len()], vec![0.0; after.len()]);
        for &unit in &active {
            pulls[unit] = before[unit] * self.distance.pull(factor[unit]);
            values[unit] = scores[unit] / after[unit];
        }
        let (fit, left) = self.controls.fitted(&pulls, &values, &active);
        for &unit in &active {
            scores[unit] = after[unit] * left[unit];
        }
        fit
    }

    /// Why the controls were not met.
    fn complaint(&self, search: &Newton<'_>, kinds: &Kinds, end: &End) -> Error {
        let worst = end.worst.map_or(0, |worst| worst.column);
        let control = self.controls.name(worst);
        let (target, reached) = (self.controls.totals()[worst], end.held[worst]);
        let limits = self
            .distance
            .bounds()
            .or_else(|| Bounds::new(0.0, f64::INFINITY).ok());
        // Squared changes without limits find a way wherever there is one.
        let limits = limits.filter(|_| self.distance != Distance::Linear);
        let conflict = limits
            .and_then(|limits| conflict(&self.controls, kinds, limits))
            .map(Box::new);
        match self.distance.bounds() {
            Some(bounds) => Error::OutOfBounds {
                control,
                target,
                reached,
                low: bounds.low(),
                high: bounds.high(),
                feasible: self
                    .tightest(search)
                    .map(|bounds| (bounds.low(), bounds.high())),
                conflict,
            },
            None => Error::NotCalibrated {
                control,
                target,
                reached,
                tolerance: self.tolerance,
                rounds: end.rounds,
                conflict,
            },
        }
    }
}

impl Step for Calibrate {
    fn card(&self) -> &'static Card {
        self.distance.card()
    }

    /// # Errors
    ///
    /// [`Error::EmptyLevel`] if a level is to hold something and nobody there has a weight;
    /// [`Error::NotCalibrated`] or, with bounds, [`Error::OutOfBounds`] names the control that is
    /// furthest from its total.
    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        let active = self.active(before);
        self.controls.are_held(before, &active)?;
        let kinds = self.controls.kinds(before, &active);
        let search = Newton::new(&self.controls, &kinds, self.tolerance, self.rounds);
        let end = search.run(self.distance);
        if !end.met {
            return Err(self.complaint(&search, &kinds, &end));
        }
        let factor = kinds
            .of
            .iter()
            .zip(before)
            .map(|(kind, &before)| match kind {
                Some(kind) => end.factor[*kind],
                // A level that is to hold nobody.
                None if before.abs() > 0.0 => 0.0,
                None => 1.0,
            });
        let (misfit, rounds) = (Some(end.misfit()), Some(end.rounds));
        let adjusted = Adjusted::by(before, factor.collect());
        Ok(Adjusted {
            misfit,
            rounds,
            ..adjusted
        })
    }

    /// Takes from each score what the controls explain of it. The fit is the one that Newton's
    /// method itself makes, so scores are the derivatives of the calibrated figure by the weights
    /// before.
    ///
    /// # Formula
    ///
    /// ```text
    /// s′_k = w_k (z_k − x_k′ B̂),   B̂ = (Σ q x x′)⁻ Σ q x z,   q = d F′
    ///
    /// linear, truncated: q = d      raking, bounded raking: q = w      logit: q = d F′(u)
    /// ```
    ///
    /// # Source
    ///
    /// Demnati, Rao (2004), §3; Deville, Särndal (1992), §3.4, who show that q = d and q = w agree as
    /// samples grow. R `survey` takes q = d for every distance, so the linear ones agree with it and
    /// the others nearly do.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        self.explain(adjusted, scores);
        0.0
    }

    fn finds(&self, _: &Adjusted, unit: usize) -> Vec<String> {
        let margins = self.controls.margins().iter().map(|margin| margin.of(unit));
        let amounts = self.controls.amounts().iter();
        let amounts = amounts.map(|amount| format!("{}: {}", amount.name(), amount.values()[unit]));
        margins.chain(amounts).collect()
    }

    fn controls(&self) -> Option<Controls> {
        Some(self.controls.clone())
    }
}

#[cfg(test)]
mod tests;
