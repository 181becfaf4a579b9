use super::{Rate, rates};
use crate::field::casro;

/// Values that were computed and not rounded.
const EXACT: f64 = 1e-12;

fn value(rates: &[Rate], name: &str) -> Option<f64> {
    rates
        .iter()
        .find(|rate| rate.name == name)
        .expect("a rate of this name")
        .value
}

fn agree(rates: &[Rate], expected: &[(&str, f64)], tolerance: f64) {
    for (name, expected) in expected {
        let found = value(rates, name).expect("a value");
        assert!(
            (found - expected).abs() < tolerance,
            "{name}: {found}, not {expected}"
        );
    }
}

#[test]
fn a_small_tally_agrees_with_the_blackboard() {
    // I5 P3 R2 NC1 O2 UH1 UO1 NE1: E = 13, U = 2, e = 1/2, so E + U = 15 and E + eU = 14.
    let tally = [5.0, 3.0, 2.0, 1.0, 2.0, 1.0, 1.0, 1.0, 40.0];
    let found = rates(&tally, Some(0.5), true);
    let expected = [
        ("RR1", 5.0 / 15.0),
        ("RR2", 8.0 / 15.0),
        ("RR3", 5.0 / 14.0),
        ("RR4", 8.0 / 14.0),
        ("RR5", 5.0 / 13.0),
        ("RR6", 8.0 / 13.0),
        ("COOP1", 5.0 / 12.0),
        ("COOP2", 8.0 / 12.0),
        ("COOP3", 5.0 / 10.0),
        ("COOP4", 8.0 / 10.0),
        ("REF1", 2.0 / 15.0),
        ("REF2", 2.0 / 14.0),
        ("REF3", 2.0 / 13.0),
        ("CON1", 12.0 / 15.0),
        ("CON2", 12.0 / 14.0),
        ("CON3", 12.0 / 13.0),
    ];
    assert_eq!(found.len(), expected.len());
    agree(&found, &expected, EXACT);
    for rate in &found {
        let divided = rate.numerator / rate.denominator;
        assert!(
            (rate.value.expect("all printed") - divided).abs() < EXACT,
            "{rate:?}"
        );
    }
}

#[test]
fn rates_agree_with_the_r_package_outcomerate() {
    // The example of its README: I4 P2 R1 NC1 O1 UH1 UO1 NE1 and e = 0.9, to three decimals.
    let tally = [4.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0];
    let expected = [
        ("RR1", 0.364),
        ("RR2", 0.545),
        ("RR3", 0.370),
        ("RR4", 0.556),
        ("RR5", 0.444),
        ("RR6", 0.667),
        ("COOP1", 0.500),
        ("COOP2", 0.750),
        ("COOP3", 0.571),
        ("COOP4", 0.857),
        ("REF1", 0.091),
        ("REF2", 0.093),
        ("REF3", 0.111),
        ("CON1", 0.727),
        ("CON2", 0.741),
        ("CON3", 0.889),
    ];
    agree(&rates(&tally, Some(0.9), true), &expected, 0.5e-3 + EXACT);
}

#[test]
fn published_surveys_of_hong_kong_agree_to_the_digits_printed() {
    // The Public Opinion Programme's contact information, by class: I P R NC O UH UO NE; then
    // RR1 and RR3 in percent to one decimal, and e to three.
    let surveys: [([f64; 8], f64, f64, f64, f64); 4] = [
        (
            [1010., 24., 5., 1772., 52., 2322., 133., 3406.],
            8724.,
            19.0,
            25.4,
            0.457,
        ),
        (
            [1005., 19., 15., 2461., 470., 3359., 182., 4001.],
            11512.,
            13.4,
            17.5,
            0.498,
        ),
        (
            [1003., 17., 6., 2522., 316., 1974., 84., 1153.],
            7075.,
            16.9,
            18.4,
            0.770,
        ),
        (
            [1000., 75., 3., 402., 13., 17677., 234., 932.],
            20336.,
            5.2,
            8.0,
            0.616,
        ),
    ];
    for (counts, numbers, rr1, rr3, share) in surveys {
        let mut tally = [0.0; 9];
        tally[..8].copy_from_slice(&counts);
        assert!((tally.iter().sum::<f64>() - numbers).abs() < EXACT);
        let e = casro(&tally).expect("some were determined");
        assert!((e - share).abs() < 0.0005 + EXACT, "e {e}, not {share}");
        let found = rates(&tally, Some(e), false);
        agree(
            &found,
            &[("RR1", rr1 / 100.0), ("RR3", rr3 / 100.0)],
            0.0005 + EXACT,
        );
        assert_eq!(value(&found, "RR5"), None);
    }
}

#[test]
fn a_rate_of_nothing_is_unknown_and_not_zero() {
    let nothing = rates(&[0.0; 9], None, true);
    assert!(nothing.iter().all(|rate| rate.value.is_none()));
    assert_eq!(casro(&[0.0; 9]), None);
    // Only unknown numbers: nobody was met, so there is no cooperation; nobody of those there
    // are responded; and how many there are is unknown.
    let unknown = rates(&[0.0, 0.0, 0.0, 0.0, 0.0, 10.0, 0.0, 0.0, 0.0], None, false);
    assert_eq!(value(&unknown, "COOP1"), None);
    assert_eq!(value(&unknown, "RR3"), None);
    assert_eq!(
        value(&unknown, "RR1").map(f64::to_bits),
        Some(0.0_f64.to_bits())
    );
}

#[test]
fn without_unknown_numbers_all_response_rates_agree() {
    let tally = [30.0, 0.0, 10.0, 5.0, 5.0, 0.0, 0.0, 20.0, 0.0];
    for e in [None, Some(0.3)] {
        let found = rates(&tally, e, false);
        agree(
            &found,
            &[("RR1", 0.6), ("RR3", 0.6), ("RR5", 0.6), ("CON3", 0.9)],
            EXACT,
        );
    }
}
