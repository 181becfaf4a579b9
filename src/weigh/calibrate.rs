//! Known totals of anything, met with the least change of weights.

use super::control::Worst;
use super::{Adjusted, Controls, Distance, Error, Step};
use crate::field::Outcomes;
use crate::method::Card;

/// How often a step of Newton's method is halved before another way is tried.
const HALVINGS: i32 = 10;

/// How often it is halved where there is no other way: an exponential overflows quickly.
const MANY_HALVINGS: i32 = 60;

/// Rounds without a gain of a hundredth after which nothing more is hoped for.
const PATIENCE: u32 = 50;

/// The step.
#[derive(Debug)]
pub struct Calibrate {
    controls: Controls,
    distance: Distance,
    tolerance: f64,
    rounds: u32,
}

/// Where Newton's method stands.
#[derive(Debug, Clone)]
struct Place {
    /// λ, one per control.
    pulls: Vec<f64>,
    /// u = x′λ, one per unit.
    along: Vec<f64>,
    /// F(u), one per unit.
    factor: Vec<f64>,
    /// Σ w F(u) x, one per control.
    held: Vec<f64>,
    worst: Option<Worst>,
}

impl Place {
    fn misfit(&self) -> f64 {
        self.worst.map_or(0.0, |worst| worst.misfit)
    }
}

/// Where Newton's method ended.
#[derive(Debug)]
struct End {
    place: Place,
    rounds: u32,
    met: bool,
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
    pub fn tightest_bounds(&self, before: &[f64]) -> Option<super::Bounds> {
        const WIDEST: f64 = 1024.0;
        const CLOSE: f64 = 1e-3;
        self.distance.bounds()?;
        let active = self.active(before);
        let meets = |widen: f64| {
            self.newton(self.distance.widened(widen), before, &active)
                .met
        };
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
                high = middle
            } else {
                low = middle
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

    fn place(
        &self,
        distance: Distance,
        before: &[f64],
        active: &[usize],
        pulls: Vec<f64>,
    ) -> Place {
        let mut along = vec![0.0; before.len()];
        let mut factor = vec![1.0; before.len()];
        let mut after = vec![0.0; before.len()];
        for &unit in active {
            along[unit] = self.controls.along(unit, &pulls);
            // Nothing pulls: exactly 1, so that what is met already does not change.
            factor[unit] = if along[unit].abs() > 0.0 {
                distance.factor(along[unit])
            } else {
                1.0
            };
            after[unit] = before[unit] * factor[unit];
        }
        let held = self.controls.held(&after, active);
        let worst = self.controls.worst(&held);
        Place {
            pulls,
            along,
            factor,
            held,
            worst,
        }
    }

    /// Newton's method on the pulls, each step halved until it gains.
    ///
    /// # Formula
    ///
    /// ```text
    /// Σ w F(x′λ) x = T;     λ ← λ + (Σ w F′ x x′)⁻ (T − Σ w F x)
    /// ```
    ///
    /// Where no part of a step gains, because too many factors are cut off to see the way, the
    /// steepest F′ there is stands for every F′: such a step is short, and always right.
    ///
    /// # Source
    ///
    /// Deville, Särndal (1992), §2; Deville, Särndal, Sautory (1993), §3; the short step: Böhning,
    /// Lindsay (1988).
    fn newton(&self, distance: Distance, before: &[f64], active: &[usize]) -> End {
        let mut here = self.place(
            distance,
            before,
            active,
            vec![0.0; self.controls.totals().len()],
        );
        let (mut best, mut since) = (here.misfit(), 0);
        for round in 0..=self.rounds {
            if here.misfit() < self.tolerance {
                return End {
                    place: here,
                    rounds: round,
                    met: true,
                };
            }
            if round == self.rounds || since == PATIENCE {
                return End {
                    place: here,
                    rounds: round,
                    met: false,
                };
            }
            let next = self.long_step(distance, before, active, &here);
            match next.or_else(|| self.short_step(distance, before, active, &here)) {
                Some(place) => here = place,
                None => {
                    return End {
                        place: here,
                        rounds: round,
                        met: false,
                    };
                }
            }
            since += 1;
            if here.misfit() < 0.99 * best {
                (best, since) = (here.misfit(), 0);
            }
        }
        unreachable!("the last round returns")
    }

    /// Newton's step, or so much of it as gains; none if no part does.
    fn long_step(
        &self,
        distance: Distance,
        before: &[f64],
        active: &[usize],
        here: &Place,
    ) -> Option<Place> {
        let solver = self.controls.solver(
            |unit| before[unit] * distance.slope(here.along[unit]),
            active,
        )?;
        let step = solver.solve(&self.lacking(here));
        let most = if distance.steepest().is_some() {
            HALVINGS
        } else {
            MANY_HALVINGS
        };
        (0..=most).find_map(|halvings| {
            let there = self.moved(
                distance,
                before,
                active,
                (here, &step, 0.5_f64.powi(halvings)),
            );
            (there.misfit() < here.misfit()).then_some(there)
        })
    }

    /// A step that cannot be too long; none if F′ has no limit.
    fn short_step(
        &self,
        distance: Distance,
        before: &[f64],
        active: &[usize],
        here: &Place,
    ) -> Option<Place> {
        let steepest = distance.steepest()?;
        let solver = self
            .controls
            .solver(|unit| before[unit] * steepest, active)?;
        let step = solver.solve(&self.lacking(here));
        let there = self.moved(distance, before, active, (here, &step, 1.0));
        there.misfit().is_finite().then_some(there)
    }

    /// T − Σ w F x.
    fn lacking(&self, here: &Place) -> Vec<f64> {
        self.controls
            .totals()
            .iter()
            .zip(&here.held)
            .map(|(total, held)| total - held)
            .collect()
    }

    /// Where a part of a step leads.
    fn moved(
        &self,
        distance: Distance,
        before: &[f64],
        active: &[usize],
        (here, step, part): (&Place, &[f64], f64),
    ) -> Place {
        let pulls = here
            .pulls
            .iter()
            .zip(step)
            .map(|(pull, step)| pull + part * step)
            .collect();
        self.place(distance, before, active, pulls)
    }

    /// Why the controls were not met.
    fn complaint(&self, before: &[f64], end: &End) -> Error {
        let worst = end.place.worst.map_or(0, |worst| worst.column);
        let control = self.controls.name(worst);
        let (target, reached) = (self.controls.totals()[worst], end.place.held[worst]);
        match self.distance.bounds() {
            Some(bounds) => {
                let feasible = self.tightest_bounds(before);
                Error::OutOfBounds {
                    control,
                    target,
                    reached,
                    low: bounds.low(),
                    high: bounds.high(),
                    feasible: feasible.map(|bounds| (bounds.low(), bounds.high())),
                }
            }
            None => Error::NotCalibrated {
                control,
                target,
                reached,
                tolerance: self.tolerance,
                rounds: end.rounds,
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
        let end = self.newton(self.distance, before, &active);
        if !end.met {
            return Err(self.complaint(before, &end));
        }
        let mut factor = end.place.factor.clone();
        if self.empties() {
            let void = |&unit: &usize| before[unit].abs() > 0.0 && self.controls.is_void(unit);
            for unit in (0..before.len()).filter(void) {
                factor[unit] = 0.0;
            }
        }
        let (misfit, rounds) = (Some(end.place.misfit()), Some(end.rounds));
        Ok(Adjusted {
            misfit,
            rounds,
            ..Adjusted::by(before, factor)
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
        let left = self.controls.residuals(&pulls, &values, &active);
        for &unit in &active {
            scores[unit] = after[unit] * left[unit];
        }
        0.0
    }
}

#[cfg(test)]
mod tests;
