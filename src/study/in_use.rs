//! How many of the list's numbers are in use, from how calls to them ended.

use super::estimate::rule_of;
use crate::draw::Sample;
use crate::estimate::{Domain, Estimator, Mean};
use crate::field::{self, Class, Item, Outcomes};
use crate::frame::Codes;
use crate::math::sum;
use crate::report::InUse;
use crate::weigh::{Ledger, Unknown};

/// The share of every cell, and of the whole, with its interval; nothing for a cell of whose numbers
/// nothing became known, and nothing for the whole then either.
pub(super) fn in_use(sample: &Sample, outcomes: &Outcomes, confidence: f64) -> Vec<InUse> {
    let known = field::in_use(outcomes);
    let whole = Codes::new(vec!["all".to_owned()], vec![0; sample.len()]);
    let mut found = shares(sample, outcomes, &known, &whole, confidence);
    found.extend(shares(sample, outcomes, &known, &sample.cell, confidence));
    found
}

fn shares(
    sample: &Sample,
    outcomes: &Outcomes,
    known: &[Option<bool>],
    by: &Codes,
    confidence: f64,
) -> Vec<InUse> {
    // A number of which something is known "answers" whether it is in use.
    let class = outcomes
        .class
        .iter()
        .zip(known)
        .map(|(class, known)| match (class, known) {
            (Class::NotReleased, _) => Class::NotReleased,
            (_, Some(_)) => Class::Interview,
            (_, None) => Class::UnknownNumber,
        });
    let said = known
        .iter()
        .map(|known| known.map(|used| f64::from(u8::from(used))));
    let item = Item {
        name: "in use".to_owned(),
        values: said.collect(),
    };
    let told = Outcomes {
        class: class.collect(),
        items: Vec::new(),
        ..outcomes.clone()
    };
    let Ok(mut ledger) = Ledger::base(sample, &told) else {
        return Vec::new();
    };
    let base = ledger.weights().to_vec();
    let unknown = Unknown::within(sample.cell.clone(), &told);
    if ledger.take(Box::new(unknown), &told).is_err() {
        return Vec::new();
    }
    let estimator = Estimator::by(rule_of(sample, &ledger), &ledger, confidence);
    let shares = Domain::each(by).into_iter().filter_map(|domain| {
        let share = estimator.estimate(&Mean::of(&item), &domain).ok()?;
        let here = || (0..sample.len()).filter(|&unit| domain.holds(unit));
        let all = sum(here().map(|unit| base[unit]));
        let of = |wanted: Option<bool>| {
            let some = here()
                .filter(|&unit| known[unit] == wanted && told.class[unit] != Class::NotReleased);
            sum(some.map(|unit| base[unit])) / all
        };
        let least = of(Some(true));
        Some(InUse {
            share,
            least,
            most: least + of(None),
        })
    });
    shares.collect()
}
