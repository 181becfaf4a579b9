//! Weights within limits: made by another program, and laws.

use crate::field::Outcomes;
use crate::frame::Codes;
use crate::math::sum;
use crate::weigh::{Amount, Bounds, Calibrate, Controls, Distance, Error, Margin, Step};

const BEFORE: [f64; 10] = [2.0, 5.0, 9.0, 14.0, 30.0, 3.0, 8.0, 25.0, 4.0, 20.0];
const LINES: [f64; 10] = [1.0, 3.0, 2.0, 5.0, 4.0, 2.0, 6.0, 3.0, 1.0, 2.0];

fn step(distance: Distance, low: f64, high: f64) -> Result<Calibrate, Error> {
    let side = Codes::from_labels(["a", "a", "a", "b", "b", "b", "a", "b", "a", "b"]);
    let totals = [("a".to_owned(), 35.0), ("b".to_owned(), 95.0)].into();
    let side = Margin::new("side", side, &totals).expect("totals");
    let lines = Amount::new("lines", LINES.to_vec(), 420.0).expect("numbers");
    let controls = Controls::new(vec![side], vec![lines]).expect("one margin");
    Calibrate::to(controls, distance, 1e-13, 500)?.within(low, high)
}

fn free() -> Bounds {
    Bounds::new(0.0, f64::INFINITY).expect("around 1")
}

#[test]
fn limits_of_weights_agree_with_another_program() {
    // R 4.2.2, survey 4.1-1: calibrate(~g + x, bounds = c(4, 24), bounds.const = TRUE, epsilon = 1e-13). The
    // first weight is below 4 before, and two are above 24.
    let linear = [
        4.0,
        6.009_369_758_429_89,
        11.136_651_950_105_1,
        18.677_822_977_115_4,
        24.0,
        4.322_177_022_884_58,
        8.762_227_920_337_77,
        24.0,
        5.091_750_371_127_26,
        24.0,
    ];
    let raking = [
        4.0,
        5.999_369_065_947_23,
        11.119_360_344_952_4,
        18.639_529_725_766,
        24.0,
        4.360_470_274_234_04,
        8.792_662_469_171_04,
        24.0,
        5.088_608_119_929_34,
        24.0,
    ];
    for (distance, wanted) in [
        (Distance::Truncated(free()), linear),
        (Distance::BoundedRaking(free()), raking),
    ] {
        let met = step(distance, 4.0, 24.0).expect("limits");
        let met = met
            .forward(&BEFORE, &Outcomes::default())
            .expect("it can be met");
        for (got, wanted) in met.after.iter().zip(wanted) {
            assert!(
                (got - wanted).abs() < 1e-9 * wanted,
                "{got} is not {wanted}"
            );
        }
    }
}

#[test]
fn wide_limits_change_nothing_and_are_stronger_than_bounds() {
    let out = Outcomes::default();
    for distance in [Distance::Truncated(free()), Distance::BoundedRaking(free())] {
        let wide = step(distance, 0.0, 1e6).expect("limits");
        let wide = wide.forward(&BEFORE, &out).expect("it can be met");
        let plain = Calibrate {
            limits: None,
            ..step(distance, 0.0, 1e6).expect("limits")
        };
        let plain = plain.forward(&BEFORE, &out).expect("it can be met");
        for (one, other) in wide.after.iter().zip(&plain.after) {
            assert!((one - other).abs() < 1e-9 * other, "{one} is not {other}");
        }
        assert!(wide.after.iter().any(|weight| *weight > 24.0));
    }
    // Factors of 1.9 at the most, but nobody above 24 and nobody below 4.
    let bounds = Bounds::new(0.5, 1.9).expect("around 1");
    let met = step(Distance::Truncated(bounds), 4.0, 24.0).expect("limits");
    let met = met.forward(&BEFORE, &out).expect("it can be met");
    for (after, before) in met.after.iter().zip(BEFORE) {
        assert!((4.0 - 1e-9..=24.0 + 1e-9).contains(after), "{after}");
        let kept = (0.5..=1.9 + 1e-9).contains(&(after / before));
        assert!(kept || (*after - 4.0).abs() < 1e-9, "{after} from {before}");
    }
    assert!((sum(met.after.iter().zip(LINES).map(|(w, x)| w * x)) - 420.0).abs() < 1e-9);
}

#[test]
fn limits_that_are_too_tight_are_told_with_those_that_would_do() {
    let refused = step(Distance::Truncated(free()), 4.0, 15.0)
        .expect("limits")
        .forward(&BEFORE, &Outcomes::default())
        .expect_err("five cannot speak for 95");
    let Error::OutOfLimits {
        feasible, conflict, ..
    } = &refused
    else {
        panic!("{refused}")
    };
    let (low, high) = feasible.expect("some will do");
    assert!(low < 4.0 && (19.0..26.0).contains(&high), "{low} to {high}");
    let conflict = conflict.as_ref().expect("one side is out of reach");
    assert_eq!(conflict.controls, ["side = b"]);
    assert!(step(Distance::Truncated(free()), low, high).is_ok());
    for bad in [
        step(Distance::Linear, 4.0, 24.0),
        step(Distance::Truncated(free()), 24.0, 4.0),
    ] {
        assert!(matches!(bad, Err(Error::BadLimits { .. })));
    }
}
