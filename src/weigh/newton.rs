//! Newton's method on the calibration equations.

use std::cell::OnceCell;

use super::control::{Kinds, Worst};
use super::{Controls, Distance};
use crate::math::solve::Solver;

/// How often a step is halved before another way is tried.
const HALVINGS: i32 = 8;

/// How often it is halved where there is no other way: an exponential overflows quickly.
const MANY_HALVINGS: i32 = 60;

/// Rounds without a gain of a hundredth after which nothing more is hoped for.
const PATIENCE: u32 = 30;

/// A search for weights that meet controls, by any distance.
#[derive(Debug)]
pub(super) struct Newton<'a> {
    controls: &'a Controls,
    kinds: &'a Kinds,
    tolerance: f64,
    rounds: u32,
    /// The smallest and the largest weight, if there are limits; every unit is a kind of its own then.
    limits: Option<(f64, f64)>,
    /// Σ w x x′, for short steps: the same for every distance.
    spread: OnceCell<Option<Solver>>,
}

/// Where a search stands.
#[derive(Debug, Clone)]
struct Place {
    /// λ, one per control.
    pulls: Vec<f64>,
    /// u = x′λ, one per kind.
    along: Vec<f64>,
    /// F(u), one per kind.
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

/// Where a search ended.
#[derive(Debug)]
pub(super) struct End {
    /// F(u), one per kind.
    pub factor: Vec<f64>,
    /// Σ w F(u) x, one per control.
    pub held: Vec<f64>,
    /// The control that is worst met.
    pub worst: Option<Worst>,
    /// Rounds made.
    pub rounds: u32,
    /// Whether every control is met.
    pub met: bool,
}

impl End {
    /// How far the worst control is off.
    pub fn misfit(&self) -> f64 {
        self.worst.map_or(0.0, |worst| worst.misfit)
    }
}

impl<'a> Newton<'a> {
    /// For these controls and weights; a control is met below `tolerance`.
    pub fn new(
        controls: &'a Controls,
        kinds: &'a Kinds,
        tolerance: f64,
        rounds: u32,
    ) -> Newton<'a> {
        Newton {
            controls,
            kinds,
            tolerance,
            rounds,
            limits: None,
            spread: OnceCell::new(),
        }
    }

    /// The same search for weights within limits.
    pub fn within(self, limits: Option<(f64, f64)>) -> Newton<'a> {
        Newton { limits, ..self }
    }

    /// The distance as it is for a kind.
    pub fn own(&self, distance: Distance, kind: usize) -> Distance {
        match self.limits {
            Some(limits) => distance.limited(self.kinds.weight[kind], limits),
            None => distance,
        }
    }

    /// The largest F′ of all kinds, if there is one.
    fn steepest(&self, distance: Distance) -> Option<f64> {
        if self.limits.is_none() {
            return distance.steepest();
        }
        let kinds = 0..self.kinds.unit.len();
        let all = kinds.map(|kind| self.own(distance, kind).steepest());
        all.reduce(|one, other| Some(one?.max(other?)))?
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
    pub fn run(&self, distance: Distance) -> End {
        let mut here = self.place(distance, vec![0.0; self.controls.totals().len()]);
        let (mut best, mut since) = (here.misfit(), 0);
        let mut rounds = 0;
        while here.misfit() >= self.tolerance && rounds < self.rounds && since < PATIENCE {
            let long = self.long_step(distance, &here);
            let Some(there) = long.or_else(|| self.short_step(distance, &here)) else {
                break;
            };
            here = there;
            rounds += 1;
            since += 1;
            if here.misfit() < 0.99 * best {
                (best, since) = (here.misfit(), 0);
            }
        }
        let met = here.misfit() < self.tolerance;
        let Place {
            factor,
            held,
            worst,
            ..
        } = here;
        End {
            factor,
            held,
            worst,
            rounds,
            met,
        }
    }

    /// The units that stand for each kind, with what the kind weighs.
    fn weights(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.kinds
            .unit
            .iter()
            .copied()
            .zip(self.kinds.weight.iter().copied())
    }

    fn place(&self, distance: Distance, pulls: Vec<f64>) -> Place {
        let along = self.controls.along(&self.kinds.unit, &pulls);
        // Nothing pulls: exactly 1, so that what is met already does not change.
        let factor: Vec<f64> = along
            .iter()
            .enumerate()
            .map(|(kind, &u)| {
                if u.abs() > 0.0 || self.limits.is_some() {
                    self.own(distance, kind).factor(u)
                } else {
                    1.0
                }
            })
            .collect();
        let after = self
            .weights()
            .zip(&factor)
            .map(|((unit, weight), factor)| (unit, weight * factor));
        let held = self.controls.held(after);
        let worst = self.controls.worst(&held);
        Place {
            pulls,
            along,
            factor,
            held,
            worst,
        }
    }

    /// Newton's step, or so much of it as gains; none if no part does.
    fn long_step(&self, distance: Distance, here: &Place) -> Option<Place> {
        let along = here.along.iter().enumerate();
        let slopes = along.map(|(kind, &u)| self.own(distance, kind).slope(u));
        let pulls = self
            .weights()
            .zip(slopes)
            .map(|((unit, weight), slope)| (unit, weight * slope));
        let step = self.controls.solver(pulls)?.solve(&self.lacking(here));
        let most = if self.steepest(distance).is_some() {
            HALVINGS
        } else {
            MANY_HALVINGS
        };
        (0..=most).find_map(|halvings| {
            let there = self.moved(distance, here, &step, 0.5_f64.powi(halvings));
            (there.misfit() < here.misfit()).then_some(there)
        })
    }

    /// A step that cannot be too long; none if F′ has no limit.
    fn short_step(&self, distance: Distance, here: &Place) -> Option<Place> {
        let steepest = self.steepest(distance)?;
        let spread = self
            .spread
            .get_or_init(|| self.controls.solver(self.weights()));
        let step = spread.as_ref()?.solve(&self.lacking(here));
        let there = self.moved(distance, here, &step, 1.0 / steepest);
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
    fn moved(&self, distance: Distance, here: &Place, step: &[f64], part: f64) -> Place {
        let pulls = here
            .pulls
            .iter()
            .zip(step)
            .map(|(pull, step)| pull + part * step);
        self.place(distance, pulls.collect())
    }
}
