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
    limits: Option<(f64, f64)>,
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
                limits: None,
            }),
        }
    }

    /// The same, with every weight from `low` to `high`: bounds of factors that each unit has for itself.
    /// They are stronger than those of the distance, and a weight beyond them before is brought back.
    ///
    /// # Errors
    ///
    /// [`Error::BadLimits`] unless 0 ≤ low < high, and for a distance that is not cut off at its bounds.
    ///
    /// # Source
    ///
    /// Deville, Särndal (1992), §2, case 7, with bounds of each unit; `bounds.const` in R `survey`.
    ///
    /// # Example
    ///
    /// Three people speak for 2, 10 and 28; the list has 40, and nobody is to speak for more than 20:
    ///
    /// ```
    /// use canvass::field::Outcomes;
    /// use canvass::frame::Codes;
    /// use canvass::weigh::{Bounds, Calibrate, Controls, Distance, Margin, Step};
    /// let totals = [("all".to_owned(), 40.0)].into();
    /// let all = Margin::new("all", Codes::from_labels(["all"; 3]), &totals)?;
    /// let truncated = Distance::Truncated(Bounds::new(0.0, f64::INFINITY)?);
    /// let step = Calibrate::to(Controls::new(vec![all], vec![])?, truncated, 1e-9, 100)?.within(0.0, 20.0)?;
    /// let after = step.forward(&[2.0, 10.0, 28.0], &Outcomes::default())?.after;
    /// assert!((after[2] - 20.0).abs() < 1e-9 && (after[1] / after[0] - 5.0).abs() < 1e-9);
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn within(self, low: f64, high: f64) -> Result<Calibrate, Error> {
        let cut = matches!(
            self.distance,
            Distance::Truncated(_) | Distance::BoundedRaking(_)
        );
        if !(cut && low >= 0.0 && low < high) {
            return Err(Error::BadLimits { low, high });
        }
        Ok(Calibrate {
            limits: Some((low, high)),
            ..self
        })
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
        let kinds = self.kinds(before, &self.active(before));
        self.tightest(&self.search(&kinds))
    }

    /// The kinds of units that are multiplied alike.
    fn kinds(&self, before: &[f64], active: &[usize]) -> Kinds {
        match self.limits {
            Some(_) => Controls::each(before, active),
            None => self.controls.kinds(before, active),
        }
    }

    fn search<'a>(&'a self, kinds: &'a Kinds) -> Newton<'a> {
        Newton::new(&self.controls, kinds, self.tolerance, self.rounds).within(self.limits)
    }

    fn tightest(&self, search: &Newton<'_>) -> Option<Bounds> {
        let widen = least_widening(|widen| search.run(self.distance.widened(widen)).met)?;
        self.distance.widened(widen).bounds()
    }

    /// The limits nearest to those given with which the controls can be met: both are moved away from each
    /// other by the same factor.
    fn wider_limits(&self, kinds: &Kinds) -> Option<(f64, f64)> {
        let (low, high) = self.limits?;
        let wider = |widen: f64| (low / (1.0 + widen), high * (1.0 + widen));
        let meets = |widen: f64| {
            let search = Newton::new(&self.controls, kinds, self.tolerance, self.rounds);
            search.within(Some(wider(widen))).run(self.distance).met
        };
        least_widening(meets).map(wider)
    }
}

/// The least widening that will do, found by doubling and halving; none if nothing will.
fn least_widening(meets: impl Fn(f64) -> bool) -> Option<f64> {
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
    Some(high)
}

impl Calibrate {
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
        if let Some((low, _)) = self.limits {
            return low <= 0.0;
        }
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
            .and_then(|limits| {
                let own = |kind| search.own(self.distance, kind).bounds().unwrap_or(limits);
                conflict(&self.controls, kinds, &own)
            })
            .map(Box::new);
        if let Some((low, high)) = self.limits {
            return Error::OutOfLimits {
                control,
                target,
                reached,
                low,
                high,
                feasible: self.wider_limits(kinds),
                conflict,
            };
        }
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
    /// [`Error::EmptyLevels`] if levels are to hold something and nobody there has a weight;
    /// [`Error::NotCalibrated`] or, with bounds, [`Error::OutOfBounds`] or [`Error::OutOfLimits`] names the
    /// control that is furthest from its total.
    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        let active = self.active(before);
        self.controls.are_held(before, &active)?;
        let kinds = self.kinds(before, &active);
        let search = self.search(&kinds);
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

#[cfg(test)]
mod limits;
