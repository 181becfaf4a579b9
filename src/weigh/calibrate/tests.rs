//! Against numbers made elsewhere, by hand, and laws that hold for any seed.

mod laws;

use std::collections::BTreeMap;

use crate::field::{Class, Outcomes};
use crate::frame::Codes;
use crate::math::sum;
use crate::weigh::{
    Amount, Bounds, Calibrate, Controls, Distance, Empty, Error, Margin, Poststratify, Rake, Step,
};

fn everybody(n: usize) -> Outcomes {
    Outcomes {
        class: vec![Class::Interview; n],
        code: vec![None; n],
        attempts: vec![1; n],
        items: vec![],
    }
}

fn margin(name: &str, levels: &[usize], totals: &[f64]) -> Margin {
    let codes = Codes::from_labels(levels.iter().map(usize::to_string));
    let totals: BTreeMap<String, f64> = totals
        .iter()
        .enumerate()
        .map(|(level, total)| (level.to_string(), *total))
        .collect();
    Margin::new(name, codes, &totals).expect("every level has a total")
}

fn bounds(low: f64, high: f64) -> Bounds {
    Bounds::new(low, high).expect("1 lies between")
}

fn near(a: f64, b: f64, within: f64) {
    assert!((a - b).abs() <= within * b.abs().max(1.0), "{a} is not {b}");
}

/// The table of Kalton, Flores-Cervantes (2003): a sample of 1 000 by two margins of 4 and 3 levels,
/// and the people there are.
const SAMPLE: [usize; 12] = [20, 50, 100, 30, 40, 140, 50, 100, 40, 310, 50, 70];
const PEOPLE: [f64; 12] = [
    80., 60., 170., 55., 40., 150., 60., 165., 55., 340., 200., 125.,
];

struct Kalton {
    a: Vec<usize>,
    b: Vec<usize>,
}

fn kalton() -> Kalton {
    let cells = || {
        SAMPLE
            .iter()
            .enumerate()
            .flat_map(|(cell, count)| std::iter::repeat_n(cell, *count))
    };
    Kalton {
        a: cells().map(|cell| cell % 4).collect(),
        b: cells().map(|cell| cell / 4).collect(),
    }
}

impl Kalton {
    fn margins(&self) -> Vec<Margin> {
        let of = |keep: &dyn Fn(usize) -> bool| {
            sum((0..12).filter(|&cell| keep(cell)).map(|cell| PEOPLE[cell]))
        };
        let a: Vec<f64> = (0..4).map(|level| of(&|cell| cell % 4 == level)).collect();
        let b: Vec<f64> = (0..3).map(|level| of(&|cell| cell / 4 == level)).collect();
        vec![margin("a", &self.a, &a), margin("b", &self.b, &b)]
    }

    /// One factor per cell; within a cell all must be alike.
    fn factors(&self, step: &dyn Step) -> Vec<f64> {
        let n = self.a.len();
        let adjusted = step
            .forward(&vec![1.0; n], &everybody(n))
            .expect("it converges");
        let mut factors = vec![f64::NAN; 12];
        for unit in 0..n {
            let cell = 4 * self.b[unit] + self.a[unit];
            assert!(
                factors[cell].is_nan() || (factors[cell] - adjusted.factor[unit]).abs() < 1e-12
            );
            factors[cell] = adjusted.factor[unit];
        }
        factors
    }

    fn calibrated(&self, distance: Distance) -> Vec<f64> {
        let controls = Controls::new(self.margins(), vec![]).expect("equal totals");
        self.factors(&Calibrate::to(controls, distance, 1e-13, 100).expect("good bounds"))
    }
}

fn all_near(got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len());
    for (got, expected) in got.iter().zip(expected) {
        near(*got, *expected, 1e-9);
    }
}

#[test]
fn published_factors_come_out_for_every_distance() {
    // R 4.2.2, survey 4.1-1: tests/kalton.R with epsilon = 1e-13. The saved output has two decimals.
    let sample = kalton();
    all_near(
        &sample.calibrated(Distance::Raking),
        &[
            1.810805093137,
            1.083564444003,
            2.196089099659,
            1.833225532373,
            1.452821944827,
            0.8693515436025,
            1.761938073221,
            1.470810024415,
            2.016775508605,
            1.206814715147,
            2.445883727461,
            2.041746165532,
        ],
    );
    all_near(
        &sample.calibrated(Distance::Linear),
        &[
            1.815310653095,
            1.094767743719,
            2.190819158184,
            1.829116131124,
            1.502181921985,
            0.7816390126099,
            1.877690427075,
            1.515987400015,
            1.965162751468,
            1.244619842092,
            2.340671256557,
            1.978968229497,
        ],
    );
    all_near(
        &sample.calibrated(Distance::Logit(bounds(0.5, 2.2))),
        &[
            1.874505891878,
            1.084442010206,
            2.165209832073,
            1.892226614829,
            1.460714479925,
            0.7360266807489,
            2.091923542349,
            1.489315083807,
            1.977032574136,
            1.266884400596,
            2.177656793505,
            1.990024188206,
        ],
    );
    all_near(
        &sample.calibrated(Distance::Truncated(bounds(0.5, 2.2))),
        &[
            1.809186107394,
            1.080918028972,
            2.2,
            1.82567921345,
            1.483243644191,
            0.7549755657688,
            2.0,
            1.499736750247,
            1.987163302112,
            1.25889522369,
            2.2,
            2.003656408168,
        ],
    );
}

#[test]
fn two_amounts_and_a_head_count_make_a_regression_estimator() {
    let sample = kalton();
    let amount = |name: &str, levels: &[usize], total: f64| {
        Amount::new(
            name,
            levels
                .iter()
                .map(|&level| level as f64 + 1.0)
                .collect::<Vec<f64>>(),
            total,
        )
        .expect("numbers")
    };
    let people = Amount::new("people", vec![1.0; 1_000], 1_500.0).expect("numbers");
    let amounts = vec![
        people,
        amount("a", &sample.a, 3_945.0),
        amount("b", &sample.b, 3_355.0),
    ];
    let controls = Controls::new(vec![], amounts).expect("no margins");
    let greg = Calibrate::to(controls, Distance::Linear, 1e-12, 10).expect("no bounds");
    all_near(
        &sample.factors(&greg),
        &[
            1.21080482202,
            1.43479803216,
            1.6587912423,
            1.88278445244,
            1.173958650973,
            1.397951861113,
            1.621945071253,
            1.845938281393,
            1.137112479925,
            1.361105690065,
            1.585098900205,
            1.809092110345,
        ],
    );
}

#[test]
fn the_raking_distance_gives_what_raking_gives() {
    let sample = kalton();
    let rake = Rake::to(sample.margins(), 1e-14, 1_000).expect("equal totals");
    all_near(&sample.factors(&rake), &sample.calibrated(Distance::Raking));
}

#[test]
fn bounds_that_do_not_bind_change_nothing() {
    let sample = kalton();
    let wide = bounds(0.01, 50.0);
    all_near(
        &sample.calibrated(Distance::Truncated(wide)),
        &sample.calibrated(Distance::Linear),
    );
    all_near(
        &sample.calibrated(Distance::BoundedRaking(wide)),
        &sample.calibrated(Distance::Raking),
    );
    let open = bounds(0.0, f64::INFINITY);
    all_near(
        &sample.calibrated(Distance::BoundedRaking(open)),
        &sample.calibrated(Distance::Raking),
    );
    assert!(matches!(
        Calibrate::to(
            Controls::new(vec![], vec![]).expect("nothing"),
            Distance::Logit(open),
            1e-9,
            9
        ),
        Err(Error::BadBounds { .. })
    ));
}

#[test]
fn one_margin_is_met_by_every_distance_as_by_poststratification() {
    let sample = kalton();
    let [a, _] = <[Margin; 2]>::try_from(sample.margins()).expect("two margins");
    let n = sample.a.len();
    let post = Poststratify::to(a.clone());
    let wanted = post
        .forward(&vec![1.0; n], &everybody(n))
        .expect("nobody is missing");
    let tight = bounds(0.5, 2.2);
    for distance in [
        Distance::Linear,
        Distance::Raking,
        Distance::Logit(tight),
        Distance::Truncated(tight),
        Distance::BoundedRaking(tight),
    ] {
        let controls = Controls::new(vec![a.clone()], vec![]).expect("one margin");
        let step = Calibrate::to(controls, distance, 1e-13, 100).expect("good bounds");
        let got = step
            .forward(&vec![1.0; n], &everybody(n))
            .expect("it converges");
        all_near(&got.factor, &wanted.factor);
        // Backwards too.
        let mut scores: Vec<f64> = (0..n)
            .map(|unit| got.after[unit] * (unit % 7) as f64)
            .collect();
        let mut wanted_scores = scores.clone();
        step.back(&got, &mut scores);
        post.back(&wanted, &mut wanted_scores);
        all_near(&scores, &wanted_scores);
    }
}

/// Two people, ten each; the list has 16 in the north and 4 in the south.
fn two(distance: Distance) -> Calibrate {
    let side = margin("side", &[0, 1], &[16.0, 4.0]);
    let controls = Controls::new(vec![side], vec![]).expect("one margin");
    Calibrate::to(controls, distance, 1e-9, 100).expect("good bounds")
}

#[test]
fn bounds_that_are_too_tight_are_told_with_those_that_would_do() {
    // Factors of 1.6 and 0.4 are needed.
    for distance in [
        Distance::Truncated(bounds(0.8, 1.2)),
        Distance::Logit(bounds(0.8, 1.2)),
        Distance::BoundedRaking(bounds(0.8, 1.2)),
    ] {
        let refused = two(distance)
            .forward(&[10.0, 10.0], &everybody(2))
            .expect_err("too tight");
        let Error::OutOfBounds {
            control,
            target,
            reached,
            low,
            high,
            feasible,
            conflict,
        } = refused
        else {
            panic!("{refused}")
        };
        assert_eq!((low, high), (0.8, 1.2));
        let conflict = conflict.expect("each side is out of reach");
        assert!(
            conflict.smallest && conflict.controls.len() == 1,
            "{conflict}"
        );
        let nearest = if control == "side = 0" { 12.0 } else { 8.0 };
        assert!(
            ["side = 0", "side = 1"].contains(&control.as_str()) && [16.0, 4.0].contains(&target)
        );
        near(reached, nearest, 1e-3);
        let (low, high) = feasible.expect("some bounds will do");
        assert!(
            low <= 0.4 + 1e-6 && high >= 1.6 - 1e-6,
            "{distance:?}: {low} to {high}"
        );
        let best = match distance {
            // Logarithms: 0.8^t ≤ 0.4 is the harder one.
            Distance::BoundedRaking(_) => (0.4, 1.2_f64.powf(0.4_f64.ln() / 0.8_f64.ln())),
            _ => (0.4, 1.6),
        };
        assert!(
            (low - best.0).abs() < 0.01 && (high - best.1).abs() < 0.02,
            "{distance:?}: {low} to {high}"
        );
    }
}

#[test]
fn controls_that_contradict_each_other_are_named_and_no_bounds_are_promised() {
    // Only the diagonal answered, so the two margins say different things of the same people.
    let margins = || {
        vec![
            margin("first", &[0, 1], &[40.0, 40.0]),
            margin("second", &[0, 1], &[50.0, 30.0]),
        ]
    };
    let step = |distance| {
        let controls = Controls::new(margins(), vec![]).expect("equal totals");
        Calibrate::to(controls, distance, 1e-9, 200).expect("good bounds")
    };
    for distance in [Distance::Linear, Distance::Raking] {
        let refused = step(distance)
            .forward(&[40.0, 40.0], &everybody(2))
            .expect_err("contradiction");
        assert!(matches!(refused, Error::NotCalibrated { .. }), "{refused}");
    }
    let tight = step(Distance::Truncated(bounds(0.5, 2.0)));
    let refused = tight
        .forward(&[40.0, 40.0], &everybody(2))
        .expect_err("contradiction");
    assert!(
        matches!(refused, Error::OutOfBounds { feasible: None, .. }),
        "{refused}"
    );
}

#[test]
fn a_level_where_nobody_has_a_weight_is_named() {
    let refused = two(Distance::Linear).forward(&[10.0, 0.0], &everybody(2));
    let expected = Empty {
        margin: "side".into(),
        level: "1".into(),
        total: 4.0,
        joins: vec!["0".into()],
    };
    assert_eq!(
        refused,
        Err(Error::EmptyLevels {
            empty: vec![expected]
        })
    );
}

#[test]
fn a_level_that_is_to_hold_nobody_is_left_with_weights_of_0() {
    let step = |distance| {
        let side = margin("side", &[0, 0, 1], &[20.0, 0.0]);
        let controls = Controls::new(vec![side], vec![]).expect("one margin");
        Calibrate::to(controls, distance, 1e-9, 100).expect("good bounds")
    };
    for distance in [
        Distance::Raking,
        Distance::Logit(bounds(0.0, 3.0)),
        Distance::Linear,
    ] {
        let met = step(distance)
            .forward(&[10.0, 5.0, 5.0], &everybody(3))
            .expect("it can be met");
        all_near(&met.after, &[40.0 / 3.0, 20.0 / 3.0, 0.0]);
    }
    let refused = step(Distance::Logit(bounds(0.1, 3.0))).forward(&[10.0, 5.0, 5.0], &everybody(3));
    assert!(matches!(refused, Err(Error::OutOfBounds { control, .. }) if control == "side = 1"));
}
