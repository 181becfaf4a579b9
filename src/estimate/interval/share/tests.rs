//! As R's svyciprop, by plain arithmetic, and laws.

use super::ShareInterval::{Arcsine, Beta, Likelihood, Logit, Nchs, Student, Wilson};
use super::{NOISE, ShareInterval};

fn near(what: ShareInterval, got: (f64, f64), expected: (f64, f64), within: f64) {
    for (got, expected) in [(got.0, expected.0), (got.1, expected.1)] {
        let off = (got - expected).abs();
        assert!(
            off <= within * expected.abs(),
            "{what:?}: {got:?} is not {expected:?}"
        );
    }
}

/// p, V̂, ν, n; then logit, asin, beta and mean of `survey::svyciprop`.
type Reference = ((f64, f64, u64, u64), [(f64, f64); 4]);

/// R 4.2.2, survey 4.1-1, data(api): schools in 15 districts, and schools in three strata.
const R: [Reference; 3] = [
    (
        (
            0.021_857_923_497_267_76,
            0.000_511_775_282_964_419_9,
            14,
            183,
        ),
        [
            (0.002_304_691_284_135_497, 0.177_747_766_822_699_52),
            (0.000_307_192_708_887_876_3, 0.095_576_736_366_842_95),
            (0.000_216_146_832_743_156_9, 0.137_507_763_914_980_76),
            (-0.026_662_407_957_766_986, 0.070_378_254_952_302_5),
        ],
    ),
    (
        (
            0.053_038_424_714_779_55,
            0.000_252_597_225_277_491_8,
            197,
            200,
        ),
        [
            (0.029_133_889_894_976_495, 0.094_644_726_737_670_7),
            (0.026_161_657_514_133_727, 0.088_643_225_949_744_76),
            (0.026_309_548_733_682_655, 0.093_986_733_571_854_5),
            (0.021_695_566_093_301_08, 0.084_381_283_336_258_02),
        ],
    ),
    (
        (0.655_649_011_943_978, 0.001_137_409_066_840_406_7, 197, 200),
        [
            (0.586_467_134_320_311_5, 0.718_806_401_667_219),
            (0.587_834_339_940_308_8, 0.720_419_087_440_184_7),
            (0.585_075_486_304_899_3, 0.721_493_505_854_003_5),
            (0.589_139_668_776_387_3, 0.722_158_355_111_568_6),
        ],
    ),
];

#[test]
fn intervals_agree_with_r() {
    for ((p, v, df, n), expected) in R {
        for (way, expected) in [Logit, Arcsine, Beta, Student].into_iter().zip(expected) {
            let mut got = way.of(p, v, df, n, 0.95).expect("mixed");
            if way == Arcsine && got.0 <= 0.0 {
                // R folds an angle below 0 back above it; here it ends at 0.
                let upper = expected.1.sqrt().asin();
                got.0 = (2.0 * p.sqrt().asin() - upper).sin().powi(2);
            }
            near(way, got, expected, 1e-9);
        }
    }
    let ((p, v, df, n), _) = R[0];
    assert!(Arcsine.of(p, v, df, n, 0.95).expect("mixed").0 <= 0.0);
}

#[test]
fn the_likelihood_agrees_with_r_as_far_as_r_looks() {
    // R lays a spline through a profile at steps of half a standard error or so.
    let r = [
        (0.000_663_921_180_934_2, 0.107_778_408_381_592_75, 4e-3),
        (0.027_298_086_337_402_35, 0.090_375_004_379_820_16, 1e-4),
        (0.587_254_054_555_593_8, 0.719_984_836_425_674_1, 3e-6),
    ];
    for (((p, v, df, n), _), (low, high, within)) in R.into_iter().zip(r) {
        let ends = Likelihood.of(p, v, df, n, 0.95).expect("mixed");
        near(Likelihood, ends, (low, high), within);
    }
    // The same equation, by R's uniroot.
    let roots = [
        (0.000_665_443_212_352_593_4, 0.108_116_879_889_651_64),
        (0.027_300_763_512_506_168, 0.090_381_904_955_055_76),
        (0.587_253_004_977_856_3, 0.719_982_928_982_778_6),
    ];
    for (((p, v, df, n), _), ends) in R.into_iter().zip(roots) {
        near(
            Likelihood,
            Likelihood.of(p, v, df, n, 0.95).expect("mixed"),
            ends,
            1e-10,
        );
    }
}

#[test]
fn wilson_and_the_standards_agree_with_plain_arithmetic() {
    // R: the formulas, in one line each.
    let ((p, v, df, n), _) = R[0];
    let wilson = Wilson.of(p, v, df, n, 0.95).expect("mixed");
    near(
        Wilson,
        wilson,
        (0.003_178_777_237_786_59, 0.135_391_285_147_164_36),
        1e-10,
    );
    // The design is worth less than the answers: nothing is cut off.
    for ((p, v, df, n), _) in R {
        assert_eq!(Nchs.of(p, v, df, n, 0.95), Beta.of(p, v, df, n, 0.95));
    }
    // Shares above 850 have n_eff 158; of 100 answers only 100 count.
    let few = Nchs.of(
        0.076_536_970_807_942_75,
        0.000_447_031_826_758_739_67,
        97,
        100,
        0.95,
    );
    near(
        Nchs,
        few.expect("mixed"),
        (0.032_867_620_610_304_34, 0.147_206_953_986_883),
        1e-9,
    );
}

#[test]
fn everybody_alike_has_an_interval_only_by_the_standards() {
    for way in ShareInterval::ALL {
        for share in [0.0, NOISE / 2.0, 1.0] {
            let ends = way.of(share, 0.0, 20, 40, 0.95);
            assert_eq!(ends.is_some(), way == Nchs, "{way:?}");
        }
        assert_eq!(
            way.of(0.3, 0.01, 0, 40, 0.95),
            None,
            "{way:?}: no degrees of freedom"
        );
    }
    // The rule of three, exactly: 1 − 0.025^(1/40).
    let (low, high) = Nchs.of(0.0, 0.0, 20, 40, 0.95).expect("40 answers");
    assert!(low.abs() <= 0.0 && (high - 0.088_097_302_878_802_35).abs() < 1e-12);
    let (mirrored, one) = Nchs.of(1.0, 0.0, 20, 40, 0.95).expect("40 answers");
    assert!((1.0 - mirrored - high).abs() < 1e-15 && one >= 1.0);
}

#[test]
fn a_share_that_is_known_is_its_own_interval() {
    for way in ShareInterval::ALL {
        let ends = way.of(0.25, 0.0, 20, 40, 0.95).expect("known");
        if way == Nchs {
            assert!(ends.0 < 0.25 && ends.1 > 0.25);
        } else {
            assert_eq!(ends, (0.25, 0.25), "{way:?}");
        }
    }
}

#[test]
fn all_ways_hold_the_share_mirror_and_agree_for_many() {
    for way in ShareInterval::ALL {
        for p in [0.002, 0.1, 0.5, 0.83] {
            for (v, df, n) in [(0.0004, 30, 300), (0.02, 3, 50), (1e-9, 4_000, 1_000_000)] {
                let (low, high) = way.of(p, v, df, n, 0.9).expect("mixed");
                assert!(low <= p && p <= high, "{way:?} of {p}: {low}, {high}");
                if way != Student {
                    assert!(low >= 0.0 && high <= 1.0, "{way:?} of {p}: {low}, {high}");
                }
                let (other, mirrored) = way.of(1.0 - p, v, df, n, 0.9).expect("mixed");
                let off = (1.0 - mirrored - low).abs().max((1.0 - other - high).abs());
                assert!(off < 1e-9, "{way:?} of {p}, {v}: off by {off:e}");
            }
        }
        let (low, high) = way
            .of(0.4, 2.4e-7, 999_990, 1_000_000, 0.95)
            .expect("mixed");
        let half = 1.959_964 * 2.4e-7_f64.sqrt();
        assert!(((high - low) / (2.0 * half) - 1.0).abs() < 2e-3, "{way:?}");
    }
}

#[test]
fn words_come_back() {
    for way in ShareInterval::ALL {
        assert_eq!(ShareInterval::named(way.word()), Some(way));
    }
}
