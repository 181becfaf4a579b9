//! Against R's sampling, and laws.

use super::Instruments;
use crate::field::{Class, Outcomes};
use crate::frame::Codes;
use crate::math::sum;
use crate::random::Seed;
use crate::weigh::{
    Adjusted, Amount, Bounds, Calibrate, Controls, Distance, Error, Margin, Predictors, Step,
};

/// A town with a margin, an amount and a second margin, and an instrument that goes along with each.
struct Town {
    side: Codes,
    age: Codes,
    lines: Vec<f64>,
    /// What respondents said of the same.
    said: Vec<f64>,
    said_age: Codes,
    before: Vec<f64>,
    answers: Vec<f64>,
    wanted: Vec<f64>,
    outcomes: Outcomes,
}

fn town(seed: u64, silent: bool) -> Town {
    let mut stream = Seed::new(format!("instruments {seed}"))
        .expect("not blank")
        .stream("test");
    let n = 90;
    let side: Vec<u64> = (0..n)
        .map(|unit| if unit < 2 { unit } else { stream.below(2) })
        .collect();
    let age: Vec<u64> = (0..n)
        .map(|unit| if unit < 3 { unit } else { stream.below(3) })
        .collect();
    let lines: Vec<f64> = (0..n).map(|_| 1.0 + stream.below(6) as f64).collect();
    let said = lines
        .iter()
        .map(|x| x + stream.below(10) as f64 / 10.0)
        .collect();
    let said_age: Vec<u64> = age
        .iter()
        .enumerate()
        .map(|(unit, age)| {
            if unit > 2 && stream.below(10) == 0 {
                stream.below(3)
            } else {
                *age
            }
        })
        .collect();
    let before: Vec<f64> = (0..n)
        .map(|_| 5.0 + stream.below(60) as f64 / 10.0)
        .collect();
    let class: Vec<Class> = (0..n)
        .map(|unit| match stream.below(10) {
            _ if unit < 3 => Class::Interview,
            0..=2 if silent => Class::Refusal,
            3 => Class::NotEligible,
            _ => Class::Interview,
        })
        .collect();
    let times = if silent { 1.3 } else { 1.0 };
    let wanted = (0..n as usize)
        .map(|unit| match class[unit] {
            Class::Refusal => 0.0,
            Class::NotEligible => before[unit],
            _ => before[unit] * times * (0.9 + stream.below(30) as f64 / 100.0),
        })
        .collect();
    Town {
        side: Codes::from_labels(side.iter().map(u64::to_string)),
        age: Codes::from_labels(age.iter().map(u64::to_string)),
        said_age: Codes::from_labels(said_age.iter().map(u64::to_string)),
        answers: (0..n).map(|_| stream.below(100) as f64 / 10.0).collect(),
        outcomes: Outcomes {
            code: vec![None; class.len()],
            attempts: vec![1; class.len()],
            items: vec![],
            class,
        },
        lines,
        said,
        before,
        wanted,
    }
}

impl Town {
    fn controls(&self) -> Controls {
        let margin = |name: &str, codes: &Codes| {
            let of = |level: usize| {
                sum((0..codes.len())
                    .filter(|&u| codes.code(u) == level)
                    .map(|u| self.wanted[u]))
            };
            let totals = codes
                .labels()
                .iter()
                .enumerate()
                .map(|(l, label)| (label.clone(), of(l)));
            Margin::new(name, codes.clone(), &totals.collect()).expect("totals")
        };
        let lines = sum(self.lines.iter().zip(&self.wanted).map(|(x, w)| x * w));
        let amount = Amount::new("lines", self.lines.clone(), lines).expect("numbers");
        Controls::new(
            vec![margin("side", &self.side), margin("age", &self.age)],
            vec![amount],
        )
        .expect("equal totals")
    }

    fn part(&self) -> Vec<bool> {
        self.outcomes
            .class
            .iter()
            .map(|class| class.responds())
            .collect()
    }

    fn step(&self, distance: Distance) -> Instruments {
        let instruments = Predictors::of(self.part())
            .and_levels("side", self.side.clone())
            .and_levels("said age", self.said_age.clone())
            .and_numbers("said", self.said.clone())
            .expect("numbers");
        Instruments::to(
            self.controls(),
            instruments,
            distance,
            1e-12,
            100,
            &self.outcomes,
        )
        .expect("as many")
    }

    fn weighted(&self, adjusted: &Adjusted) -> Vec<f64> {
        let said = |unit: usize| match self.outcomes.class[unit].responds() {
            true => self.answers[unit],
            false => 0.0,
        };
        adjusted
            .after
            .iter()
            .enumerate()
            .map(|(unit, w)| w * said(unit))
            .collect()
    }
}

fn distances() -> [Distance; 3] {
    let bounds = Bounds::new(0.2, 4.0).expect("1 lies between");
    [Distance::Linear, Distance::Raking, Distance::Logit(bounds)]
}

#[test]
fn totals_are_met_and_those_who_gave_no_answer_have_no_weight() {
    for seed in 0..20 {
        let town = town(seed, true);
        for distance in distances() {
            let met = town
                .step(distance)
                .forward(&town.before, &town.outcomes)
                .expect("met");
            let controls = town.controls();
            let held = controls.held(met.after.iter().copied().enumerate());
            for (held, total) in held.iter().zip(controls.totals()) {
                assert!(
                    (held - total).abs() < 1e-9 * total,
                    "seed {seed}: {held} for {total}"
                );
            }
            for (unit, class) in town.outcomes.class.iter().enumerate() {
                match class {
                    Class::Refusal => assert_eq!(met.after[unit].to_bits(), 0),
                    Class::NotEligible => assert_eq!(met.factor[unit].to_bits(), 1.0_f64.to_bits()),
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn scores_are_derivatives_of_the_total() {
    const STEP: f64 = 1e-4;
    for seed in 0..3 {
        let town = town(seed, true);
        for distance in distances() {
            let step = town.step(distance);
            let met = step.forward(&town.before, &town.outcomes).expect("met");
            let mut scores = town.weighted(&met);
            step.back(&met, &mut scores);
            let total = |unit: usize, by: f64| {
                let mut before = town.before.clone();
                before[unit] += by;
                sum(town.weighted(&step.forward(&before, &town.outcomes).expect("met")))
            };
            for unit in (0..90).step_by(5) {
                let slope = (total(unit, STEP) - total(unit, -STEP)) / (2.0 * STEP);
                let score = scores[unit] / town.before[unit];
                assert!(
                    (slope - score).abs() < 1e-5,
                    "{distance:?}, {unit}: {slope} is not {score}"
                );
            }
        }
    }
}

#[test]
fn with_the_controls_as_instruments_it_is_calibration() {
    for seed in 0..10 {
        let mut town = town(seed, false);
        // Everybody counts, and nobody is without an answer.
        town.outcomes.class = vec![Class::Interview; 90];
        let instruments = Predictors::of(town.part())
            .and_levels("side", town.side.clone())
            .and_levels("age", town.age.clone())
            .and_numbers("lines", town.lines.clone())
            .expect("numbers");
        for distance in distances() {
            let step = Instruments::to(
                town.controls(),
                instruments.clone(),
                distance,
                1e-13,
                100,
                &town.outcomes,
            )
            .expect("as many");
            let same = Calibrate::to(town.controls(), distance, 1e-13, 100).expect("bounds");
            let (a, b) = (
                step.forward(&town.before, &town.outcomes).expect("met"),
                same.forward(&town.before, &town.outcomes).expect("met"),
            );
            let (mut mine, mut theirs) = (town.weighted(&a), town.weighted(&b));
            assert_eq!(step.back(&a, &mut mine).to_bits(), 0);
            same.back(&b, &mut theirs);
            for unit in 0..90 {
                assert!((a.after[unit] - b.after[unit]).abs() < 1e-9 * b.after[unit]);
                assert!(
                    (mine[unit] - theirs[unit]).abs() < 1e-7,
                    "{} {}",
                    mine[unit],
                    theirs[unit]
                );
            }
        }
    }
}

#[test]
fn it_agrees_with_the_published_program() {
    // R 4.2.2, sampling 2.9: gencalib(Xs, Zs, d, total, method = "linear");
    // Xs = cbind(side == 0, side == 1, lines), Zs = cbind(1, side == 1, said). With method = "raking"
    // it stops when totals are met to 1e-6, and its factors are these to 3e-6; the digits here are
    // those of the same equations solved to the end:
    // for (i in 1:50) { g <- exp(drop(Zs %*% l)); l <- l + solve(t(Xs) %*% (Zs * (d * g)), total - colSums(d * g * Xs)) }
    let side = Codes::from_labels(["0", "0", "0", "0", "1", "1", "1", "1"]);
    let lines = vec![1.0, 2.0, 3.0, 5.0, 2.0, 4.0, 1.0, 3.0];
    let said = vec![1.5, 1.0, 3.5, 4.0, 2.5, 5.0, 1.0, 2.0];
    let before = [10.0, 12.0, 8.0, 10.0, 9.0, 11.0, 10.0, 10.0];
    let outcomes = Outcomes {
        class: vec![Class::Interview; 8],
        code: vec![None; 8],
        attempts: vec![1; 8],
        items: vec![],
    };
    let totals = [("0".to_owned(), 48.0), ("1".to_owned(), 45.0)].into();
    let margin = Margin::new("side", side.clone(), &totals).expect("totals");
    let amount = Amount::new("lines", lines, 260.0).expect("numbers");
    let controls = Controls::new(vec![margin], vec![amount]).expect("one margin");
    let instruments = Predictors::of(vec![true; 8])
        .and_levels("side", side)
        .and_numbers("said", said)
        .expect("numbers");
    for (distance, wanted) in [(Distance::Linear, LINEAR), (Distance::Raking, RAKING)] {
        let step = Instruments::to(
            controls.clone(),
            instruments.clone(),
            distance,
            1e-13,
            100,
            &outcomes,
        )
        .expect("three of each");
        let met = step.forward(&before, &outcomes).expect("met");
        for (got, wanted) in met.factor.iter().zip(wanted) {
            assert!(
                (got - wanted).abs() < 1e-9,
                "{distance:?}: {got} is not {wanted}"
            );
        }
    }
}

const LINEAR: [f64; 8] = [
    1.092_492_639_842_982_8,
    1.031_059_862_610_401_7,
    1.338_223_748_773_307,
    1.399_656_526_005_888_2,
    1.101_962_708_537_782,
    1.409_126_594_700_687_2,
    0.917_664_376_840_038_8,
    1.040_529_931_305_201,
];
const RAKING: [f64; 8] = [
    1.087_009_862_462_080_8,
    1.032_521_256_198_072_1,
    1.335_277_152_225_774_5,
    1.405_742_908_319_613,
    1.089_734_556_995_701_3,
    1.409_266_537_819_439_8,
    0.933_936_337_291_314_9,
    1.035_109_369_811_17,
];

#[test]
fn too_few_and_idle_instruments_are_refused() {
    let town = town(1, true);
    let to = |instruments| {
        Instruments::to(
            town.controls(),
            instruments,
            Distance::Linear,
            1e-9,
            100,
            &town.outcomes,
        )
    };
    let few = Predictors::of(town.part()).and_levels("side", town.side.clone());
    assert_eq!(
        to(few).err(),
        Some(Error::CountInstruments {
            controls: 5,
            instruments: 2
        })
    );
    let idle = Predictors::of(town.part())
        .and_levels("side", town.side.clone())
        .and_levels("age", town.age.clone())
        .and_numbers(
            "twice",
            (0..90).map(|u| 2.0 * town.side.code(u) as f64).collect(),
        )
        .expect("numbers");
    assert!(matches!(
        to(idle).expect("as many").forward(&town.before, &town.outcomes),
        Err(Error::WeakInstrument { instrument }) if instrument == "twice"
    ));
}
