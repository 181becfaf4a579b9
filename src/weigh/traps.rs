//! What weighting programs get wrong, and this one must not.

use super::{Error, Ledger, Margin, Nonresponse, Poststratify, Rake, Step, Unknown};
use crate::field::{Class, Outcomes};
use crate::frame::Codes;
use crate::math::sum;

fn outcomes(class: Vec<Class>) -> Outcomes {
    Outcomes {
        code: vec![None; class.len()],
        attempts: vec![1; class.len()],
        items: vec![],
        class,
    }
}

fn margin(name: &str, levels: &[&str], totals: &[(&str, f64)]) -> Margin {
    let totals = totals.iter().map(|&(l, t)| (l.to_owned(), t)).collect();
    Margin::new(name, Codes::from_labels(levels), &totals).expect("a margin")
}

#[test]
fn every_way_to_end_has_its_part_and_only_interviews_take_weight() {
    let out = outcomes(Class::ALL.to_vec());
    let n = Class::ALL.len();
    let all = || Codes::from_labels(vec!["all"; n]);
    let known = Unknown::within(all(), &out)
        .forward(&vec![1.0; n], &out)
        .expect("some are known");
    let after = Nonresponse::within(all(), &out)
        .forward(&known.after, &out)
        .expect("one answered");
    // Of 9, two are unknown: 9 − 1 never released are shared among 6 known ones; I takes over P R NC O.
    let share = 8.0 / 6.0;
    for (class, (known, after)) in Class::ALL.iter().zip(known.after.iter().zip(&after.after)) {
        let wanted = match class {
            Class::Interview => (share, 5.0 * share),
            Class::Partial | Class::Refusal | Class::NonContact | Class::Other => (share, 0.0),
            Class::UnknownNumber | Class::UnknownPerson => (0.0, 0.0),
            // Not eligible: it keeps what it has, and has no part in figures.
            Class::NotEligible => (share, share),
            Class::NotReleased => (1.0, 1.0),
        };
        assert!((known - wanted.0).abs() < 1e-12, "{class:?}: {known}");
        assert!((after - wanted.1).abs() < 1e-12, "{class:?}: {after}");
    }
}

#[test]
fn raking_starts_from_the_weights_of_the_draw() {
    // Within a cell of all margins, weights keep their ratios: w = d × the factor of the cell.
    let sides = ["n", "n", "n", "s", "s", "s"];
    let ages = ["o", "o", "y", "o", "y", "y"];
    let before = [2.0, 8.0, 5.0, 4.0, 1.0, 9.0];
    let margins = vec![
        margin("side", &sides, &[("n", 40.0), ("s", 60.0)]),
        margin("age", &ages, &[("o", 55.0), ("y", 45.0)]),
    ];
    let out = outcomes(vec![Class::Interview; 6]);
    let met = Rake::to(margins, 1e-13, 1_000)
        .expect("the same town")
        .forward(&before, &out)
        .expect("it converges");
    let ratio = |a: usize, b: usize| met.after[a] / met.after[b] - before[a] / before[b];
    assert!(ratio(1, 0).abs() < 1e-12 && ratio(5, 4).abs() < 1e-12);
    // From equal weights it would be another result.
    let level = Rake::to(
        vec![
            margin("side", &sides, &[("n", 40.0), ("s", 60.0)]),
            margin("age", &ages, &[("o", 55.0), ("y", 45.0)]),
        ],
        1e-13,
        1_000,
    );
    let level = level
        .expect("the same town")
        .forward(&[1.0; 6], &out)
        .expect("it converges");
    assert!((level.after[2] - met.after[2]).abs() > 1.0);
}

#[test]
fn a_level_that_is_to_hold_nobody_gets_weight_0_by_every_way_of_scaling() {
    let sides = ["n", "n", "s"];
    let side = || margin("side", &sides, &[("n", 30.0), ("s", 0.0)]);
    let out = outcomes(vec![Class::Interview; 3]);
    let before = [10.0, 5.0, 5.0];
    let steps: [Box<dyn Step>; 2] = [
        Box::new(Poststratify::to(side())),
        Box::new(Rake::to(vec![side()], 1e-12, 100).expect("one margin")),
    ];
    for step in steps {
        assert_eq!(
            step.forward(&before, &out).expect("it can").after,
            [20.0, 10.0, 0.0]
        );
    }
    // Emptied by one margin, a level of another can no longer be met: that is told, with its level.
    let age = margin("age", &["o", "o", "y"], &[("o", 20.0), ("y", 10.0)]);
    let refused = Rake::to(vec![side(), age], 1e-12, 100)
        .expect("30 each")
        .forward(&before, &out);
    assert!(
        matches!(&refused, Err(Error::EmptyLevels { empty }) if empty[0].level == "y"),
        "{refused:?}"
    );
}

#[test]
fn raking_stops_when_every_level_is_met_and_not_when_tables_stop_changing() {
    // Two margins that hang together: each round gains little, long before they are met.
    let firsts: Vec<&str> = [vec!["a"; 19], vec!["b"; 19]].concat();
    let seconds: Vec<&str> = [vec!["x"; 18], vec!["y"; 1], vec!["x"; 1], vec!["y"; 18]].concat();
    let margins = || {
        vec![
            margin("first", &firsts, &[("a", 10.0), ("b", 28.0)]),
            margin("second", &seconds, &[("x", 26.0), ("y", 12.0)]),
        ]
    };
    let out = outcomes(vec![Class::Interview; 38]);
    let before = [1.0; 38];
    let met = Rake::to(margins(), 1e-12, 100_000)
        .expect("38 each")
        .forward(&before, &out)
        .expect("it converges");
    assert!(met.rounds > Some(10), "{:?}", met.rounds);
    for margin in margins() {
        for (level, total) in margin.totals().iter().enumerate() {
            let here = (0..38).filter(|&unit| margin.levels().code(unit) == level);
            let held = sum(here.map(|unit| met.after[unit]));
            assert!((held - total).abs() <= 1e-12 * total, "{held} for {total}");
        }
    }
    // Ten rounds, as another program makes them, are not enough, and that is an error.
    let refused = Rake::to(margins(), 1e-12, 10)
        .expect("38 each")
        .forward(&before, &out);
    let Err(Error::NotConverged {
        target,
        reached,
        misfit,
        ..
    }) = refused
    else {
        panic!("ten rounds are not enough: {refused:?}")
    };
    assert!(((reached - target).abs() / target - misfit).abs() < 1e-12);
}

#[test]
fn weights_that_came_with_data_are_no_chain() {
    assert!(
        Ledger::given(vec![1.0, 2.0])
            .expect("weights")
            .entries()
            .is_empty()
    );
}
