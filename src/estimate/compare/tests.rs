//! As R's svyby, p.adjust and mvtnorm, and laws by simulation.

use super::{Comparison, Correction, MaxT, Order, Ranks, groups, letters};
use crate::estimate::regress::api::Api;
use crate::estimate::{Domain, Estimate, Estimator, Joint, Mean, Statistic, joint};
use crate::field::Item;
use crate::frame::Codes;
use crate::math::solve::Symmetric;
use crate::random::Seed;
use crate::random::pretend::Pretend;

pub(super) fn near(got: f64, expected: f64, within: f64) {
    assert!(
        (got - expected).abs() <= within,
        "{got:?} is not {expected:?}"
    );
}

pub(super) fn seed() -> Seed {
    Seed::new("comparisons").expect("not blank")
}

/// Schools by size: up to 300 pupils, 600, 1200, and more.
fn schools() -> Joint {
    let api = Api::read("strat");
    let ledger = api.ledger();
    let estimator = Estimator::by(api.rule(), &ledger, 0.95);
    let class = |pupils: &Option<f64>| match pupils.expect("pupils") {
        pupils if pupils <= 300.0 => "a",
        pupils if pupils <= 600.0 => "b",
        pupils if pupils <= 1_200.0 => "c",
        _ => "d",
    };
    let sizes: Vec<&str> = api.numbers("enroll").iter().map(class).collect();
    let codes = Codes::from_labels(sizes);
    let item = Item {
        name: "api00".into(),
        values: api.numbers("api00"),
    };
    let (mean, domains) = (Mean::of(&item), Domain::each(&codes));
    let family: Vec<_> = domains
        .iter()
        .map(|d| (&mean as &dyn Statistic, d))
        .collect();
    joint(&estimator, &family).expect("schools of each size")
}

/// A family of figures that are as given.
pub(super) fn family(values: &[f64], covariance: &[Vec<f64>], df: u64) -> Joint {
    let figure = |i: usize| Estimate {
        statistic: "mean".into(),
        item: "y".into(),
        domain: i.to_string(),
        value: values[i],
        variance: Ok(covariance[i][i]),
        df,
        n: 100,
        design_effect: None,
        confidence: 0.95,
        interval: None,
    };
    let known = |row: &Vec<f64>| row.iter().copied().map(Some).collect();
    Joint {
        figures: (0..values.len()).map(figure).collect(),
        covariance: covariance.iter().map(known).collect(),
        degrees: vec![vec![df; values.len()]; values.len()],
        df,
    }
}

#[test]
fn differences_and_corrections_agree_with_r() {
    // R 4.2.2, survey 4.1-1: svyby(…, covmat = TRUE), pt, p.adjust; mvtnorm 1.1-3: pmvt
    let schools = schools();
    near(
        schools.covariance[1][0].expect("known"),
        -0.488_185_017_243_986_1,
        1e-9,
    );
    let all = Comparison::of(&schools, 0.95, Correction::Holm, &seed());
    let difference = [
        9.339_911_824_714_25,
        76.376_630_643_347_54,
        71.174_793_176_365_6,
        67.036_718_818_633_29,
        61.834_881_351_651_35,
        -5.201_837_466_981_942,
    ];
    let error = [
        25.233_857_773_076_306,
        25.765_386_384_760_47,
        29.862_400_735_983_81,
        21.264_084_358_143_51,
        26.065_359_969_385_74,
        26.641_799_146_101_58,
    ];
    let p = [
        0.712_021_085_903_644_2,
        0.003_946_902_180_334_715,
        0.020_389_922_455_092_607,
        0.001_994_394_225_974_617_5,
        0.019_414_498_797_206_588,
        0.845_646_578_031_750_1,
    ];
    let holm = [
        1.0,
        0.019_734_510_901_673_576,
        0.077_657_995_188_826_35,
        0.011_966_365_355_847_705,
    ];
    let largest = [
        0.982_469, 0.020_079, 0.091_596, 0.010_474, 0.087_663, 0.997_331,
    ];
    for (i, pair) in all.pairs.iter().enumerate() {
        near(pair.difference, difference[i], 1e-9);
        near(pair.standard_error, error[i], 1e-8 * error[i]);
        near(pair.p, p[i], 1e-9);
        near(pair.p_largest, largest[i], 3e-4);
        if let Some(holm) = holm.get(i) {
            near(pair.corrected, *holm, 1e-9);
        }
    }
    near(all.critical.expect("pairs"), 2.584_608, 0.003);
    assert!(all.critical_error.expect("pairs") < 0.002);
    assert_eq!((all.df, all.draws, all.left_out.len()), (197, 12_000, 0));
    assert_eq!(letters(&all), ["a", "a", "b", "ab"].map(String::from));
}

#[test]
fn corrections_agree_with_r() {
    let p = [0.01, 0.04, 0.03, 0.2, 0.0004, 0.04, 0.9];
    for (correction, expected) in [
        (Correction::Holm, [0.06, 0.16, 0.15, 0.4, 0.0028, 0.16, 0.9]),
        (
            Correction::Bonferroni,
            [0.07, 0.28, 0.21, 1.0, 0.0028, 0.28, 1.0],
        ),
        (
            Correction::BenjaminiHochberg,
            [
                0.035,
                0.056,
                0.056,
                0.233_333_333_333_333_34,
                0.0028,
                0.056,
                0.9,
            ],
        ),
    ] {
        for (got, expected) in correction.adjust(&p).into_iter().zip(expected) {
            near(got, expected, 1e-15);
        }
    }
}

#[test]
fn the_largest_t_agrees_with_mvtnorm() {
    // R, mvtnorm 1.1-3: pmvt, uniroot; qtukey / √2. Far out pmvt has no digits left; there it is two million random
    // directions, NumPy, with the length integrated: ± 1e-7 and ± 1e-10.
    let rows = [
        [4.0, 1.0, 0.5, -1.0],
        [1.0, 9.0, 2.0, 0.0],
        [0.5, 2.0, 2.0, 0.3],
        [-1.0, 0.0, 0.3, 1.0],
    ];
    let mut matrix = Symmetric::zero(4);
    for (i, row) in rows.iter().enumerate() {
        (0..=i).for_each(|j| matrix.add(i, j, row[j]));
    }
    let pairs = contrasts(4);
    let of = |df: u64| MaxT::of(&matrix, &pairs, df, &seed()).expect("they vary");
    for (t, expected) in [
        (2.0, 0.198_301),
        (3.0, 0.026_003),
        (5.0, 1.872_1e-4),
        (8.0, 1.257_8e-7),
    ] {
        let got = of(25).beyond(t);
        near(got, expected, 0.005 * expected);
        let error = of(25).beyond_error(t);
        near(got, expected, 5.0 * error + 1e-3 * expected);
    }
    for (df, expected) in [(8, 3.141_732), (25, 2.703_789), (197, 2.549_540)] {
        near(of(df).critical(0.95), expected, 0.004);
    }
    let mut unit = Symmetric::zero(10);
    (0..10).for_each(|i| unit.add(i, i, 0.25));
    let tukey = MaxT::of(&unit, &contrasts(10), 190, &seed()).expect("they vary");
    near(tukey.critical(0.95), 3.201_717, 0.008);
    near(
        tukey.critical(0.95),
        3.201_717,
        5.0 * tukey.critical_error(3.2) + 0.001,
    );
}

fn contrasts(count: usize) -> Vec<Vec<f64>> {
    let mut all = Vec::new();
    for i in 0..count {
        for j in i + 1..count {
            let mut contrast = vec![0.0; count];
            (contrast[i], contrast[j]) = (1.0, -1.0);
            all.push(contrast);
        }
    }
    all
}

#[test]
fn of_two_figures_the_largest_t_is_t_itself() {
    let two = family(&[1.0, 3.5], &[vec![1.0, 0.3], vec![0.3, 0.5]], 20);
    let all = Comparison::of(&two, 0.95, Correction::Holm, &seed());
    let pair = &all.pairs[0];
    near(pair.p_largest, pair.p, 1e-12);
    near(pair.simultaneous.0, pair.interval.0, 1e-9);
    assert_eq!((all.draws, all.critical_error), (1, Some(0.0)));
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let schools = schools();
    let once = Comparison::of(&schools, 0.95, Correction::Holm, &seed());
    assert_eq!(
        once,
        Comparison::of(&schools, 0.95, Correction::Holm, &seed())
    );
    let other = Seed::new("another").expect("not blank");
    let other = Comparison::of(&schools, 0.95, Correction::Holm, &other);
    assert_ne!(once.critical, other.critical);
    near(
        once.critical.expect("pairs"),
        other.critical.expect("pairs"),
        0.006,
    );
}

#[test]
fn letters_are_those_of_the_blackboard() {
    // Told apart: 0–3, 1–3 and 2–3; 0–2. So {0 1}, {1 2}, {3}.
    let line: Vec<Vec<f64>> = (0..4)
        .map(|i| (0..4).map(|j| if i == j { 1.0 } else { 0.0 }).collect())
        .collect();
    let four = family(&[10.0, 8.0, 5.5, 0.0], &line, 500);
    let all = Comparison::of(&four, 0.95, Correction::Holm, &seed());
    assert_eq!(groups(&all), [vec![0, 1], vec![1, 2], vec![3]]);
    assert_eq!(letters(&all), ["a", "ab", "b", "c"].map(String::from));
    let sets = |ranks: &Ranks| -> Vec<(usize, usize, usize)> {
        ranks
            .ranks
            .iter()
            .map(|r| (r.rank, r.best, r.worst))
            .collect()
    };
    let ranks = Ranks::by_differences(&four, &all, Order::LargestFirst, &seed());
    assert_eq!(sets(&ranks), [(1, 1, 2), (2, 1, 3), (3, 2, 3), (4, 4, 4)]);
    let turned = Ranks::by_differences(&four, &all, Order::SmallestFirst, &seed());
    assert_eq!(sets(&turned), [(4, 3, 4), (3, 2, 4), (2, 2, 3), (1, 1, 1)]);
    // Intervals of ± 2.5 each: 10 and 5.5 overlap.
    let wider = Ranks::by_intervals(&four, 0.95, Order::LargestFirst, &seed());
    assert_eq!(sets(&wider), [(1, 1, 3), (2, 1, 3), (3, 1, 3), (4, 4, 4)]);
    let own = Ranks::each_by_differences(&four, &all, Order::LargestFirst, &seed());
    for (own, all) in own.ranks.iter().zip(&ranks.ranks) {
        assert!(own.best >= all.best && own.worst <= all.worst);
    }
}

#[test]
fn what_has_no_variance_is_left_out_and_named() {
    let mut three = family(&[1.0, 2.0, 9.0], &vec![vec![1.0, 0.0, 0.0]; 3], 9);
    for i in 0..3 {
        three.covariance[i][i] = Some(1.0);
    }
    three.covariance[1][1] = None;
    let all = Comparison::of(&three, 0.95, Correction::Holm, &seed());
    assert_eq!(
        (all.compared.clone(), all.left_out.clone()),
        (vec![0, 2], vec![1])
    );
    assert_eq!(letters(&all), ["a", "", "b"].map(String::from));
}

/// Five figures that hang together, with an error of their own and of their variance.
fn drawn(truth: &[f64], pretend: &mut Pretend, df: u64) -> Joint {
    let common = pretend.normal(0.0, 0.6);
    let values: Vec<f64> = truth
        .iter()
        .enumerate()
        .map(|(i, truth)| truth + common + pretend.normal(0.0, 0.5 + 0.2 * i as f64))
        .collect();
    let squares: f64 = (0..df).map(|_| pretend.normal(0.0, 1.0).powi(2)).sum();
    let scale = squares / df as f64;
    let cell = |i: usize, j: usize| {
        let own = if i == j {
            (0.5 + 0.2 * i as f64).powi(2)
        } else {
            0.0
        };
        scale * (0.36 + own)
    };
    let rows: Vec<Vec<f64>> = (0..truth.len())
        .map(|i| (0..truth.len()).map(|j| cell(i, j)).collect())
        .collect();
    family(&values, &rows, df)
}

#[test]
fn false_finds_are_as_rare_as_stated() {
    // If nothing differs, some pair is told apart in 5 %: 1 500 trials, three standard errors are 1.7 points.
    let mut pretend = Pretend::new(seed().stream("nothing differs"));
    let mut critical = None;
    let mut found = 0;
    for _ in 0..1_500 {
        let five = drawn(&[0.0; 5], &mut pretend, 12);
        // The shape is the same in all trials, and so is the critical value.
        let critical = *critical.get_or_insert_with(|| {
            let all = Comparison::of(&five, 0.95, Correction::Holm, &seed());
            all.critical.expect("pairs")
        });
        let apart = contrasts(5).iter().any(|contrast| {
            let (value, variance) = five.contrast(contrast);
            value.abs() > critical * variance.expect("known").sqrt()
        });
        found += u32::from(apart);
    }
    let share = f64::from(found) / 1_500.0;
    assert!((0.033..0.067).contains(&share), "{share}");
}
