//! Unknown is never zero.

use super::*;
use crate::estimate::{Domain, Mean, Unknown};
use crate::weigh::{Margin, Rake};

/// Ten clusters of two in one stratum, of which only the first has anybody in the north.
fn lopsided() -> (Town, Codes) {
    let mut stream = seed(19).stream("test");
    let town = Town::new(&[10], 6.0, &mut stream);
    let side = Codes::from_labels((0..20).map(|row| if row < 2 { "north" } else { "south" }));
    (town, side)
}

fn mean_of_the_north(town: &Town, side: &Codes, method: Method) -> crate::estimate::Estimate {
    let made = Replicates::made(method, town.units(false), &seed(19)).expect("replicates");
    let (ledger, outcomes) = (town.ledger(), all_answered(20));
    let replicated = Replicated::new(&made, &ledger, &outcomes, 0.95);
    let north = &Domain::each(side)[0];
    replicated
        .estimate(&Mean::of(&town.answers), north)
        .expect("two answers")
}

#[test]
fn a_figure_that_some_replicates_lack_is_unknown_and_says_in_how_many() {
    let (town, side) = lopsided();
    let found = mean_of_the_north(&town, &side, Method::Jk1);
    let undefined = Unknown::Undefined {
        undefined: 1,
        replicates: 10,
    };
    assert_eq!(found.variance, Err(undefined));
    assert_eq!((found.interval, found.design_effect), (None, None));
}

#[test]
fn a_mean_that_no_replicate_moves_is_unknown() {
    let (town, side) = lopsided();
    let successive = Method::Successive { replicates: 12 };
    let found = mean_of_the_north(&town, &side, successive.clone());
    assert_eq!((found.variance, found.df), (Err(Unknown::Still), 0));
    let one = Codes::from_labels((0..20).map(|row| if row < 1 { "north" } else { "south" }));
    let found = mean_of_the_north(&town, &one, successive);
    assert_eq!(found.variance, Err(Unknown::OneAnswer));
}

#[test]
fn a_step_that_fails_in_a_replicate_is_told_with_its_reason() {
    let (town, side) = lopsided();
    let totals = [("north".to_owned(), 30.0), ("south".to_owned(), 300.0)];
    let margin = Margin::new("side", side.clone(), &totals.into()).expect("a margin");
    let (mut ledger, outcomes) = (town.ledger(), all_answered(20));
    let step = Rake::to(vec![margin], 1e-9, 50).expect("a margin");
    ledger.take(Box::new(step), &outcomes).expect("raked");
    let made = Replicates::made(Method::Jk1, town.units(false), &seed(19)).expect("clusters");
    let replicated = Replicated::new(&made, &ledger, &outcomes, 0.95);
    let found = replicated.estimate(&Mean::of(&town.answers), &Domain::all());
    match found.expect("answers").variance {
        Err(Unknown::NotWeighed {
            failed,
            replicates,
            first,
            reason,
        }) => {
            assert_eq!((failed, replicates, first), (1, 10, 1));
            assert!(reason.contains("side = north"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}
