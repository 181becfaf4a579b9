use super::{Basis, CellRates, rates_by};
use crate::field::{Class, Eligible, Outcomes, Rate};
use crate::frame::Codes;

/// Values that were computed and not rounded.
const EXACT: f64 = 1e-12;

fn agree(rates: &[Rate], expected: &[(&str, f64)], tolerance: f64) {
    for (name, expected) in expected {
        let rate = rates.iter().find(|rate| rate.name == *name);
        let found = rate.and_then(|rate| rate.value).expect("a value");
        assert!(
            (found - expected).abs() < tolerance,
            "{name}: {found}, not {expected}"
        );
    }
}

/// Outcomes with so many units of each class, in the order of `Class::ALL`.
fn outcomes(tally: &[usize]) -> Outcomes {
    let many = |(&class, &count): (&Class, &usize)| std::iter::repeat_n(class, count);
    let class = Class::ALL.iter().zip(tally).flat_map(many).collect();
    Outcomes {
        class,
        ..Outcomes::default()
    }
}

fn one_cell(outcomes: &Outcomes) -> Codes {
    Codes::from_labels(outcomes.class.iter().map(|_| "here"))
}

#[test]
fn ten_thousand_numbers_agree_with_casro() {
    // E = 3 600, NE = 2 400, so e = 0.6; U = 3 000.
    let outcomes = outcomes(&[1000, 50, 900, 1500, 150, 2600, 400, 2400, 1000]);
    let basis = Basis {
        none_eligible_because: Some("a test"),
        ..Basis::default()
    };
    let found = rates_by(&one_cell(&outcomes), &outcomes, None, &basis);
    let all = &found[0];
    assert_eq!(all.cell, "all");
    assert_eq!(all.tally[8], 1000);
    assert!((all.eligible_share.expect("determined") - 0.6).abs() < EXACT);
    let expected = [
        ("RR1", 0.151515),
        ("RR2", 0.159091),
        ("RR3", 0.185185),
        ("RR4", 0.194444),
        ("RR5", 0.277778),
        ("RR6", 0.291667),
        ("COOP1", 0.476190),
        ("COOP2", 0.5),
        ("COOP3", 0.512821),
        ("COOP4", 0.538462),
        ("REF1", 0.136364),
        ("REF2", 0.166667),
        ("REF3", 0.25),
        ("CON1", 0.318182),
        ("CON2", 0.388889),
        ("CON3", 0.583333),
    ];
    agree(&all.rates, &expected, 0.5e-6 + EXACT);
}

#[test]
fn eligibility_is_found_in_groups_and_not_in_cells() {
    // Group g: E 2, NE 2 → e = 1/2. Group h: E 3, NE 1 → e = 3/4.
    // Cell x holds one unknown of g and three of h: e = (1/2 + 3 · 3/4) / 4 = 11/16.
    let rows = [
        ("g", "y", Class::Interview, 2),
        ("g", "y", Class::NotEligible, 2),
        ("g", "x", Class::UnknownNumber, 1),
        ("h", "x", Class::Refusal, 3),
        ("h", "y", Class::NotEligible, 1),
        ("h", "x", Class::UnknownPerson, 3),
    ];
    let units = || rows.iter().flat_map(|row| std::iter::repeat_n(row, row.3));
    let groups = Codes::from_labels(units().map(|row| row.0));
    let cell = Codes::from_labels(units().map(|row| row.1));
    let class = units().map(|row| row.2).collect();
    let outcomes = Outcomes {
        class,
        ..Outcomes::default()
    };
    let basis = Basis {
        homogeneous: Some(("service", &groups)),
        ..Basis::default()
    };
    let found = rates_by(&cell, &outcomes, None, &basis);
    let of = |cell: &str| {
        found
            .iter()
            .find(|found| found.cell == cell)
            .expect("a cell")
    };
    assert!((of("x").eligible_share.expect("known") - 11.0 / 16.0).abs() < EXACT);
    assert!((of("all").eligible_share.expect("known") - 11.0 / 16.0).abs() < EXACT);
    assert_eq!(of("x").e_method, "casro within service");
    // No unknown numbers: no e is needed, and RR5 may be printed.
    assert_eq!(of("y").eligible_share, None);
    agree(&of("y").rates, &[("RR3", 1.0), ("RR5", 1.0)], EXACT);
    // REF2 of x = 3 / (3 + 11/16 · 4).
    agree(&of("x").rates, &[("REF2", 3.0 / 5.75)], EXACT);
}

#[test]
fn a_group_without_determined_numbers_says_whose_share_it_takes() {
    let groups = Codes::from_labels(["g", "g", "h"]);
    let class = vec![Class::Interview, Class::NotEligible, Class::UnknownNumber];
    let outcomes = Outcomes {
        class,
        ..Outcomes::default()
    };
    let basis = Basis {
        homogeneous: Some(("area", &groups)),
        ..Basis::default()
    };
    let found = rates_by(&groups, &outcomes, None, &basis);
    assert_eq!(
        found[0].e_method,
        "casro within area, 1 with e of the whole"
    );
    agree(&found[0].rates, &[("RR3", 1.0 / 1.5)], EXACT);
}

#[test]
fn weights_count_in_rates_but_not_in_the_tally() {
    let class = vec![
        Class::Interview,
        Class::Refusal,
        Class::UnknownNumber,
        Class::NotEligible,
    ];
    let outcomes = Outcomes {
        class,
        ..Outcomes::default()
    };
    let weights = [6.0, 2.0, 4.0, 8.0];
    let cell = one_cell(&outcomes);
    let found = rates_by(&cell, &outcomes, Some(&weights), &Basis::default());
    // e = 8/16; RR3 = 6 / (8 + 4/2).
    agree(
        &found[1].rates,
        &[("RR1", 0.5), ("RR3", 0.6), ("COOP1", 0.75)],
        EXACT,
    );
    assert_eq!(found[1].tally, [1, 0, 1, 0, 0, 1, 0, 1, 0]);
}

#[test]
fn other_ways_to_eligibility_are_named() {
    let outcomes = outcomes(&[4, 0, 0, 0, 0, 8, 0, 4, 0]);
    let cell = one_cell(&outcomes);
    let with = |eligible: Eligible| -> CellRates {
        let basis = Basis {
            eligible,
            ..Basis::default()
        };
        rates_by(&cell, &outcomes, None, &basis).remove(0)
    };
    let given = with(Eligible::Given {
        share: 0.25,
        source: "the operator".into(),
    });
    assert_eq!(given.e_method, "given: the operator");
    agree(&given.rates, &[("RR3", 4.0 / 6.0)], EXACT);
    assert_eq!(with(Eligible::All).e_method, "max");
    agree(&with(Eligible::All).rates, &[("RR3", 4.0 / 12.0)], EXACT);
    agree(&with(Eligible::None).rates, &[("RR3", 1.0)], EXACT);
    assert_eq!(with(Eligible::Casro).e_method, "casro");
}
