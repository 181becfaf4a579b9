//! How far the sample was from each known total before it was weighed to it, and how far it is now.

use serde::{Deserialize, Serialize};

use super::{Controls, Ledger};

/// One known total, and what weights make of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// The card key of the step that meets it.
    pub step: String,
    /// "age = 18–29", or the name of an amount.
    pub control: String,
    /// T.
    pub total: f64,
    /// Σ w x by the weights that the step found.
    pub before: f64,
    /// Σ w x by the weights it left.
    pub after: f64,
}

impl Balance {
    /// By how much of the total the sample was and is off; none for a total of 0.
    ///
    /// ```
    /// use canvass::weigh::Balance;
    /// let (step, control) = ("rake".into(), "side = north".into());
    /// let north = Balance { step, control, total: 50.0, before: 40.0, after: 50.0 };
    /// assert_eq!(north.off(), Some((-0.2, 0.0)));
    /// ```
    #[must_use]
    pub fn off(&self) -> Option<(f64, f64)> {
        let off = |held: f64| (held - self.total) / self.total.abs();
        (self.total.abs() > 0.0).then(|| (off(self.before), off(self.after)))
    }
}

/// Every known total that a step of the ledger meets, in the order of the steps.
#[must_use]
pub fn balance(ledger: &Ledger) -> Vec<Balance> {
    let mut all = Vec::new();
    for entry in ledger.entries() {
        let Some(controls) = entry.step().controls() else {
            continue;
        };
        let adjusted = entry.adjusted();
        let (before, after) = (
            held(&controls, &adjusted.before),
            held(&controls, &adjusted.after),
        );
        for (column, &total) in controls.totals().iter().enumerate() {
            all.push(Balance {
                step: entry.key().to_owned(),
                control: controls.name(column),
                total,
                before: before[column],
                after: after[column],
            });
        }
    }
    all
}

fn held(controls: &Controls, weights: &[f64]) -> Vec<f64> {
    let with = weights.iter().copied().enumerate();
    controls.held(with.filter(|(_, weight)| weight.abs() > 0.0))
}

#[cfg(test)]
mod tests {
    use super::balance;
    use crate::field::{Class, Outcomes};
    use crate::frame::Codes;
    use crate::weigh::{Ledger, Margin, Poststratify};

    #[test]
    fn a_level_is_off_before_and_met_after() {
        let totals = [("north".to_owned(), 30.0), ("south".to_owned(), 10.0)].into();
        let sides = Codes::from_labels(["north", "north", "south"]);
        let side = Margin::new("side", sides, &totals).expect("a margin");
        let outcomes = Outcomes {
            class: vec![Class::Interview; 3],
            code: vec![None; 3],
            attempts: vec![1; 3],
            items: vec![],
        };
        let mut ledger = Ledger::given(vec![10.0; 3]).expect("weights");
        assert!(balance(&ledger).is_empty());
        let step = Poststratify::to(side);
        ledger
            .take(Box::new(step), &outcomes)
            .expect("both are there");
        let found = balance(&ledger);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].control.as_str(), found[0].before),
            ("side = north", 20.0)
        );
        let (before, after) = found[0].off().expect("a total");
        assert!((before + 1.0 / 3.0).abs() < 1e-12 && after.abs() < 1e-12);
    }
}
