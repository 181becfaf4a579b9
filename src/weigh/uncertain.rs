//! Totals that are themselves estimates, and uncertain.
//!
//! Where nobody has counted, totals come from a larger survey. Weights are calibrated to them as if
//! they were known; their uncertainty is then part of every figure that leans on them.

use super::{Adjusted, Calibrate, Controls, Error, Step};
use crate::field::Outcomes;
use crate::language::Words;
use crate::math::solve::Symmetric;
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "estimated-controls",
    title: Words::new("Calibration to estimated totals", "以估计总量校准"),
    says: Words::new(
        "The totals that weights are calibrated to come from another survey and have a covariance of their \
         own. Weights are as if they were known. The variance of a figure has a second part: how much it \
         moves with each total, times how uncertain the totals are. Left out, figures look too certain.",
        "校准所用的总量来自另一项调查，本身带有协方差。权数与总量已知时相同，但估计量的方差多出一项：\
         估计量对各总量的敏感程度乘以总量的不确定性。若略去此项，精度会被高估。",
    ),
    formula: "V̂ = V̂(Σ w (z − x′B̂)) + B̂′ V̂(T̂) B̂,   B̂ = (Σ q x x′)⁻ Σ q x z",
    sources: &[
        Source::new("Dever, Valliant (2010)"),
        Source::new("Dever, Valliant (2016)"),
        Source::new("Opsomer, Erciulescu (2021)"),
    ],
};

/// The step.
#[derive(Debug)]
pub struct Uncertain {
    calibrate: Calibrate,
    covariance: Symmetric,
}

impl Uncertain {
    /// This calibration, to totals with this covariance: one row per column of
    /// [`Controls`](super::Controls), in their order. The other survey must not share people with this
    /// one.
    ///
    /// Margins hang together: their totals add up to the same. A covariance under which they would
    /// not, such as standard errors alone for two margins, is taken as far as calibration can follow.
    ///
    /// # Errors
    ///
    /// [`Error::BadCovariance`] names a control whose variance is negative or no number, or whose
    /// covariance with another is larger than their variances allow.
    ///
    /// # Example
    ///
    /// Sixteen people in the north, give or take two, and four in the south, give or take one:
    ///
    /// ```
    /// use canvass::field::{Class, Outcomes};
    /// use canvass::frame::Codes;
    /// use canvass::math::solve::Symmetric;
    /// use canvass::weigh::{Calibrate, Controls, Distance, Margin, Step, Uncertain};
    ///
    /// let totals = [("north".to_owned(), 16.0), ("south".to_owned(), 4.0)].into();
    /// let side = Margin::new("side", Codes::from_labels(["north", "south"]), &totals)?;
    /// let controls = Controls::new(vec![side], vec![])?;
    /// let mut covariance = Symmetric::zero(2);
    /// covariance.add(0, 0, 4.0);
    /// covariance.add(1, 1, 1.0);
    /// let calibrate = Calibrate::to(controls, Distance::Linear, 1e-9, 100)?;
    /// let step = Uncertain::with(calibrate, covariance)?;
    ///
    /// let outcomes = Outcomes { class: vec![Class::Interview; 2], code: vec![None; 2], attempts: vec![1; 2], items: vec![] };
    /// let adjusted = step.forward(&[10.0, 10.0], &outcomes)?;
    /// // The total of answers 3 and 5: each total moves it by its answer.
    /// let extra = step.back(&adjusted, &mut [16.0 * 3.0, 4.0 * 5.0]);
    /// assert!((extra - (9.0 * 4.0 + 25.0 * 1.0)).abs() < 1e-9);
    /// # Ok::<(), canvass::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If the covariance has not one row per control: our own bug.
    pub fn with(calibrate: Calibrate, covariance: Symmetric) -> Result<Uncertain, Error> {
        let controls = calibrate.controls();
        let order = controls.totals().len();
        assert_eq!(
            covariance.order(),
            order,
            "a row of the covariance per control"
        );
        for row in 0..order {
            for column in 0..=row {
                let value = covariance.get(row, column);
                let most = (covariance.get(row, row) * covariance.get(column, column)).sqrt();
                // Rounding of a correlation of 1 is forgiven.
                let fits =
                    value.abs() <= most * (1.0 + 1e-9) && covariance.get(column, column) >= 0.0;
                if !fits {
                    return Err(Error::BadCovariance {
                        control: controls.name(row),
                        other: controls.name(column),
                        value,
                    });
                }
            }
        }
        Ok(Uncertain {
            calibrate,
            covariance,
        })
    }
}

impl Step for Uncertain {
    fn card(&self) -> &'static Card {
        self.calibrate.card()
    }

    fn cards(&self) -> Vec<&'static Card> {
        vec![&CARD, self.calibrate.card()]
    }

    /// # Errors
    ///
    /// As [`Calibrate`].
    fn forward(&self, before: &[f64], outcomes: &Outcomes) -> Result<Adjusted, Error> {
        self.calibrate.forward(before, outcomes)
    }

    /// As calibration to known totals, and the variance that comes with the totals.
    ///
    /// # Formula
    ///
    /// ```text
    /// s′_k  = w_k (z_k − x_k′ B̂),   extra = B̂′ V̂(T̂) B̂
    /// ```
    ///
    /// # Source
    ///
    /// Dever, Valliant (2010); Opsomer, Erciulescu (2021): B̂ is the derivative of the figure by
    /// the totals.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        let fit = self.calibrate.explain(adjusted, scores);
        sum((0..fit.len()).map(|row| {
            let along =
                sum((0..fit.len()).map(|column| self.covariance.get(row, column) * fit[column]));
            fit[row] * along
        }))
    }

    fn finds(&self, adjusted: &Adjusted, unit: usize) -> Vec<String> {
        self.calibrate.finds(adjusted, unit)
    }

    fn controls(&self) -> Option<Controls> {
        Some(self.calibrate.controls().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::Uncertain;
    use crate::field::{Class, Outcomes};
    use crate::frame::Codes;
    use crate::math::solve::Symmetric;
    use crate::math::sum;
    use crate::weigh::{Amount, Bounds, Calibrate, Controls, Distance, Error, Margin, Step};

    const BEFORE: [f64; 8] = [4.0, 6.0, 5.0, 3.0, 7.0, 5.0, 4.0, 6.0];
    const ANSWERS: [f64; 8] = [1.0, 4.0, 2.0, 8.0, 5.0, 7.0, 1.0, 3.0];

    fn calibrate(distance: Distance, totals: [f64; 3]) -> Calibrate {
        let side = Codes::from_labels(["n", "n", "n", "s", "s", "s", "n", "s"]);
        let known = [("n".to_owned(), totals[0]), ("s".to_owned(), totals[1])].into();
        let margin = Margin::new("side", side, &known).expect("totals");
        let lines = vec![1.0, 2.0, 4.0, 1.0, 3.0, 2.0, 5.0, 1.0];
        let amount = Amount::new("lines", lines, totals[2]).expect("numbers");
        let controls = Controls::new(vec![margin], vec![amount]).expect("one margin");
        Calibrate::to(controls, distance, 1e-13, 100).expect("good bounds")
    }

    fn total(step: &dyn Step) -> f64 {
        let adjusted = step.forward(&BEFORE, &everybody()).expect("it can be met");
        sum(adjusted.after.iter().zip(ANSWERS).map(|(w, y)| w * y))
    }

    fn everybody() -> Outcomes {
        Outcomes {
            class: vec![Class::Interview; 8],
            code: vec![None; 8],
            attempts: vec![1; 8],
            items: vec![],
        }
    }

    #[test]
    fn what_is_added_is_how_the_figure_moves_with_its_totals() {
        const STEP: f64 = 1e-5;
        const TOTALS: [f64; 3] = [22.0, 19.0, 97.0];
        let covariance = [[4.0, -1.0, 2.0], [-1.0, 3.0, 0.5], [2.0, 0.5, 40.0]];
        let mut matrix = Symmetric::zero(3);
        for (i, row) in covariance.iter().enumerate() {
            for (j, value) in row.iter().enumerate().take(i + 1) {
                matrix.add(i, j, *value);
            }
        }
        let bounds = Bounds::new(0.3, 3.0).expect("1 lies between");
        for distance in [Distance::Linear, Distance::Raking, Distance::Logit(bounds)] {
            let slope: Vec<f64> = (0..3)
                .map(|k| {
                    let moved = |by: f64| {
                        let mut totals = TOTALS;
                        totals[k] += by;
                        total(&calibrate(distance, totals))
                    };
                    (moved(STEP) - moved(-STEP)) / (2.0 * STEP)
                })
                .collect();
            let wanted =
                sum((0..9).map(|c| slope[c / 3] * covariance[c / 3][c % 3] * slope[c % 3]));
            let step = Uncertain::with(calibrate(distance, TOTALS), matrix.clone()).expect("fits");
            let adjusted = step.forward(&BEFORE, &everybody()).expect("it can be met");
            let weighted = |a: &[f64]| {
                a.iter()
                    .zip(ANSWERS)
                    .map(|(w, y)| w * y)
                    .collect::<Vec<_>>()
            };
            let mut scores = weighted(&adjusted.after);
            let extra = step.back(&adjusted, &mut scores);
            assert!(
                (extra - wanted).abs() < 1e-6 * wanted,
                "{distance:?}: {extra} is not {wanted}"
            );
            // Beside it, nothing is new.
            let mut known = weighted(&adjusted.after);
            assert_eq!(
                calibrate(distance, TOTALS)
                    .back(&adjusted, &mut known)
                    .to_bits(),
                0
            );
            assert_eq!(scores, known);
        }
    }

    #[test]
    fn a_covariance_that_cannot_be_is_refused() {
        let refused = |cells: &[(usize, usize, f64)]| {
            let mut matrix = Symmetric::zero(3);
            for &(i, j, x) in cells {
                matrix.add(i, j, x);
            }
            Uncertain::with(calibrate(Distance::Linear, [22.0, 19.0, 97.0]), matrix).err()
        };
        assert_eq!(refused(&[(0, 0, 1.0), (1, 1, 4.0), (0, 1, 2.0)]), None);
        assert_eq!(
            refused(&[(0, 0, 1.0), (1, 1, 4.0), (0, 1, 2.5)]),
            Some(Error::BadCovariance {
                control: "side = s".into(),
                other: "side = n".into(),
                value: 2.5
            })
        );
        assert!(refused(&[(2, 2, -1.0)]).is_some() && refused(&[(2, 2, f64::NAN)]).is_some());
    }
}
