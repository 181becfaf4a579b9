//! Known totals that are met through other columns: those that tell who answers.
//!
//! Calibration moves weights along the columns whose totals are known. But what made people answer may
//! be something else: an answer itself, known of respondents only. With such instruments the totals are
//! met all the same, and weights move along what decided about answering.

use super::phase::{self, Part};
use super::{Adjusted, Controls, Distance, Error, Predictors, Step};
use crate::field::Outcomes;
use crate::language::Words;
use crate::math::square::Square;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "instruments",
    title: Words::new("Calibration with instruments", "工具变量广义校准"),
    says: Words::new(
        "Weights of interviews are multiplied so that known totals are met, by a factor that depends on \
         other columns than these: instruments, which tell who answers and may be known of respondents \
         only. It corrects for nonresponse that depends on an answer, if the instruments go along with the \
         controls; where they hardly do, weights and figures become wild.",
        "在满足已知总量的前提下调整完成访问者的权数，调整因子由工具变量决定。工具变量反映应答倾向，\
         可以只在完成访问者中已知，因此能校正与回答本身有关的无回答；若工具变量与控制变量相关很弱，\
         权数和估计量会很不稳定。",
    ),
    formula: "w = d F(z′λ),  λ such that Σ w x = T;  e = y − x′B̂,  B̂ = (Σ q z x′)⁻¹ Σ q z y,  q = d F′",
    sources: &[
        Source::new("Deville (2002)"),
        Source::new("Le Guennec, Sautory (2002)"),
        Source::new("Kott (2006)"),
    ],
};

/// Rounds in which a step is halved before it is given up.
const HALVINGS: i32 = 40;

/// The step. It takes the place of a step for nonresponse.
#[derive(Debug)]
pub struct Instruments {
    controls: Controls,
    /// The place of each column of the controls among those that are met; none for one that the others
    /// imply.
    place: Vec<Option<usize>>,
    instruments: Predictors,
    parts: Vec<Part>,
    distance: Distance,
    tolerance: f64,
    rounds: u32,
}

/// Where a search stands.
struct Place {
    pulls: Vec<f64>,
    factor: Vec<f64>,
    slope: Vec<f64>,
    held: Vec<f64>,
    misfit: f64,
    worst: usize,
}

impl Instruments {
    /// To these controls, through these instruments, of which there must be as many as controls that do
    /// not follow from others: of every margin after the first, one level is implied. `part` of the
    /// instruments are the interviews. Units that are not eligible keep their weight, and count towards
    /// the totals.
    ///
    /// # Errors
    ///
    /// [`Error::CountInstruments`] if there are more or fewer instruments than controls;
    /// [`Error::BadBounds`] if the logit distance has no upper bound.
    pub fn to(
        controls: Controls,
        instruments: Predictors,
        distance: Distance,
        tolerance: f64,
        rounds: u32,
        outcomes: &Outcomes,
    ) -> Result<Instruments, Error> {
        if let Distance::Logit(bounds) = distance
            && bounds.high().is_infinite()
        {
            return Err(Error::BadBounds {
                low: bounds.low(),
                high: bounds.high(),
            });
        }
        let mut place = vec![None; controls.totals().len()];
        let mut next = 0;
        for (column, place) in place.iter_mut().enumerate() {
            if !controls.is_implied(column) {
                *place = Some(next);
                next += 1;
            }
        }
        if next != instruments.columns() {
            return Err(Error::CountInstruments {
                controls: next,
                instruments: instruments.columns(),
            });
        }
        Ok(Instruments {
            controls,
            place,
            instruments,
            parts: phase::answering(outcomes),
            distance,
            tolerance,
            rounds,
        })
    }

    fn takes(&self, before: &[f64]) -> Vec<usize> {
        let takes = |&unit: &usize| self.parts[unit] == Part::Takes && before[unit] > 0.0;
        (0..before.len()).filter(takes).collect()
    }

    /// x of a unit, without the columns that are implied.
    fn row(&self, unit: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.controls
            .row(unit)
            .filter_map(|(column, x)| Some((self.place[column]?, x)))
    }

    /// Σ q x z′, or its mirror image, for units with their q.
    fn matrix(&self, pulls: impl Iterator<Item = (usize, f64)>, mirrored: bool) -> Vec<Vec<f64>> {
        let order = self.instruments.columns();
        let mut cells = vec![vec![Sum::default(); order]; order];
        for (unit, pull) in pulls {
            for (row, x) in self.row(unit) {
                for (column, z) in self.instruments.row(unit) {
                    let (i, j) = if mirrored {
                        (column, row)
                    } else {
                        (row, column)
                    };
                    cells[i][j].add(pull * x * z);
                }
            }
        }
        cells
            .iter()
            .map(|row| row.iter().map(Sum::value).collect())
            .collect()
    }

    fn place(&self, before: &[f64], takes: &[usize], pulls: Vec<f64>) -> Place {
        let along: Vec<f64> = takes
            .iter()
            .map(|&unit| self.instruments.along(unit, &pulls))
            .collect();
        let factor: Vec<f64> = along.iter().map(|&u| self.distance.factor(u)).collect();
        let slope = along.iter().map(|&u| self.distance.slope(u)).collect();
        let kept = (0..before.len())
            .filter(|&unit| self.parts[unit] == Part::Keeps)
            .map(|unit| (unit, before[unit]));
        let moved = takes
            .iter()
            .zip(&factor)
            .map(|(&unit, factor)| (unit, before[unit] * factor));
        let held = self.controls.held(kept.chain(moved));
        let worst = self.controls.worst(&held);
        Place {
            pulls,
            factor,
            slope,
            held,
            misfit: worst.map_or(0.0, |worst| worst.misfit),
            worst: worst.map_or(0, |worst| worst.column),
        }
    }

    /// Newton's step, halved until it gains; none if no part does.
    fn step(&self, before: &[f64], takes: &[usize], here: &Place) -> Result<Option<Place>, Error> {
        let pulls = takes
            .iter()
            .zip(&here.slope)
            .map(|(&unit, slope)| (unit, before[unit] * slope));
        let square = Square::new(&self.matrix(pulls, false)).map_err(|column| {
            let instrument = self.instruments.name(column).to_owned();
            Error::WeakInstrument { instrument }
        })?;
        let totals = self.controls.totals();
        let mut lacking = vec![0.0; self.instruments.columns()];
        for (column, place) in self.place.iter().enumerate() {
            if let Some(place) = place {
                lacking[*place] = totals[column] - here.held[column];
            }
        }
        let step = square.solve(&lacking);
        Ok((0..=HALVINGS).find_map(|halvings| {
            let part = 0.5_f64.powi(halvings);
            let pulls = here
                .pulls
                .iter()
                .zip(&step)
                .map(|(pull, step)| pull + part * step);
            let there = self.place(before, takes, pulls.collect());
            (there.misfit < here.misfit).then_some(there)
        }))
    }
}

impl Step for Instruments {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn cards(&self) -> Vec<&'static Card> {
        vec![self.distance.card(), &CARD]
    }

    /// # Errors
    ///
    /// [`Error::WeakInstrument`] names an instrument that does not go along with the controls;
    /// [`Error::EmptyLevels`] and [`Error::NotCalibrated`] a control that cannot be met.
    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        let takes = self.takes(before);
        let held: Vec<usize> = (0..before.len())
            .filter(|&unit| self.parts[unit] != Part::Gives && before[unit] > 0.0)
            .collect();
        self.controls.are_held(before, &held)?;
        let mut here = self.place(before, &takes, vec![0.0; self.instruments.columns()]);
        let mut rounds = 0;
        while here.misfit >= self.tolerance && rounds < self.rounds {
            let Some(there) = self.step(before, &takes, &here)? else {
                break;
            };
            here = there;
            rounds += 1;
        }
        // What is no number is not met.
        if here.misfit.is_nan() || here.misfit >= self.tolerance {
            return Err(Error::NotCalibrated {
                control: self.controls.name(here.worst),
                target: self.controls.totals()[here.worst],
                reached: here.held[here.worst],
                tolerance: self.tolerance,
                rounds,
                // With instruments there are no limits to tell by.
                conflict: None,
            });
        }
        let gives = |part: &Part| f64::from(u8::from(*part != Part::Gives));
        let mut factor: Vec<f64> = self.parts.iter().map(gives).collect();
        for (&unit, moved) in takes.iter().zip(&here.factor) {
            factor[unit] = *moved;
        }
        Ok(Adjusted {
            misfit: Some(here.misfit),
            rounds: Some(rounds),
            ..Adjusted::by(before, factor)
        })
    }

    /// Takes from each score what the controls explain of it, fitted through the instruments; and
    /// returns the variance of answering, if some did not answer.
    ///
    /// # Formula
    ///
    /// ```text
    /// s′_k  = w_k (y_k − x_k′ B̂),   B̂ = (Σ q z x′)⁻¹ Σ q z y,   q = d F′
    /// extra = Σ_r d_k F_k (F_k − 1) (y_k − x_k′ B̂)²      over those with F_k > 1
    /// ```
    ///
    /// 1/F is the propensity that calibration implies. Where a factor is below 1 it implies none, and
    /// nothing is added.
    ///
    /// # Source
    ///
    /// Deville (2002), for the residuals; Kott (2006), for the two phases. With z = x it is the
    /// residual of calibration.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        let Adjusted {
            before,
            factor,
            after,
            ..
        } = adjusted;
        let takes = self.takes(before);
        let pull = |unit: usize| before[unit] * self.distance.pull(factor[unit]);
        let pulls = takes.iter().map(|&unit| (unit, pull(unit)));
        let mut right = vec![Sum::default(); self.instruments.columns()];
        for &unit in takes.iter().filter(|&&unit| after[unit].abs() > 0.0) {
            let pulled = pull(unit) * scores[unit] / after[unit];
            for (column, z) in self.instruments.row(unit) {
                right[column].add(pulled * z);
            }
        }
        let right: Vec<f64> = right.iter().map(Sum::value).collect();
        let fit = Square::new(&self.matrix(pulls, true))
            .map_or(vec![0.0; right.len()], |square| square.solve(&right));
        for unit in 0..after.len() {
            let explained = sum(self.row(unit).map(|(column, x)| x * fit[column]));
            scores[unit] -= after[unit] * explained;
        }
        let gave = |unit: usize| self.parts[unit] == Part::Gives && before[unit] > 0.0;
        if !(0..before.len()).any(gave) {
            return 0.0;
        }
        let large = takes.iter().filter(|&&unit| factor[unit] > 1.0);
        sum(large.map(|&unit| {
            let off = scores[unit] / after[unit];
            after[unit] * (factor[unit] - 1.0) * off * off
        }))
    }

    fn finds(&self, _: &Adjusted, unit: usize) -> Vec<String> {
        self.instruments.has(unit)
    }

    fn controls(&self) -> Option<Controls> {
        Some(self.controls.clone())
    }
}

#[cfg(test)]
mod tests;
