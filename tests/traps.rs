//! Definitions that are easily got wrong, and what the wrong ones would give.
//!
//! Most of them are watched where they live, beside the code or in `tests/data/reference`. These are the
//! others. What another program says is of R 4.2.2 with survey 4.1-1 and sampling 2.9.

use canvass::draw::Probabilities;
use canvass::estimate::variance::replicate::{Method, Replicates, Units};
use canvass::estimate::variance::{Clusters, Design, Lonely, Stage};
use canvass::estimate::{Domain, Estimate, Estimator, Mean};
use canvass::field::Item;
use canvass::frame::Codes;
use canvass::plan::size;
use canvass::plan::whole::{Divisors, whole};
use canvass::random::Seed;
use canvass::weigh::Ledger;
use serde_json::Value;

use crate::support::{Bench, VS_R, assert_close};

const STRATIFIED: &str = "estimate --data apistrat.csv --weight pw --strata stype --fpc fpc";
const CLUSTERS: &str = "estimate --data apiclus1.csv --weight pw --psu dnum --fpc fpc";

fn schools() -> Bench {
    let bench = Bench::new();
    bench.bring("api/apistrat.csv");
    bench.bring("api/apiclus1.csv");
    bench
}

fn row<'r>(rows: &'r [Value], statistic: &str, level: &str, domain: &str) -> &'r Value {
    let is = |row: &&Value| {
        row["statistic"] == statistic
            && (level.is_empty() || row["level"] == level)
            && row["domain"] == domain
    };
    let mut found = rows.iter().filter(is);
    found
        .next()
        .unwrap_or_else(|| panic!("{statistic} {level} {domain}"))
}

#[track_caller]
fn close(row: &Value, fields: &[(&str, f64)]) {
    for (field, wanted) in fields {
        let found = row[field].as_f64();
        assert_close(
            found.unwrap_or_else(|| panic!("{field} of {row}")),
            *wanted,
            VS_R,
        );
    }
}

// Sizes.

#[test]
fn the_list_ends_before_nonresponse_begins() {
    // p = .5, ± .03, deff 1.5, N = 5 000, 30 % answer. Divided by .3 before the list's end: 2 582 numbers, as
    // ReGenesees has it, which give 775 interviews and ± .0396.
    let interviews = size::for_share(0.5, 0.03, 1.5, Some(5_000), 0.95);
    let numbers = interviews / 0.3;
    assert!(
        (numbers - 4_042.2).abs() < 0.1,
        "1 212.7 interviews, {numbers}"
    );
    let wrong = size::for_share(0.5, 0.03, 1.5 / 0.3, Some(5_000), 0.95);
    assert!((wrong - 2_581.4).abs() < 0.1, "{wrong}");
    let few: f64 = 0.3 * wrong;
    let reached = size::z(0.95) * (1.5 * 0.25 / few * (5_000.0 - few) / 4_999.0).sqrt();
    assert!((reached - 0.0396).abs() < 1e-4, "{reached}");
}

#[test]
fn a_design_effect_comes_before_the_lists_end_and_nobody_is_asked_twice() {
    // ± .05 in a list of 400 with deff 3; after the list's end it would be 3 · 197 = 591 of 400.
    let interviews = size::for_share(0.5, 0.05, 3.0, Some(400), 0.95);
    assert!((interviews - 297.1).abs() < 0.1, "{interviews}");
    for effect in [1.0, 10.0, 1e9] {
        assert!(size::for_share(0.5, 0.05, effect, Some(400), 0.95) <= 400.0);
    }
}

#[test]
fn a_chain_of_sizes_is_rounded_once() {
    // p = .8, ± .1, N = 1 000, deff 1.5, 85 % answer. Rounded up at every step, as svy does: 62, 93, 86, 102.
    let base = size::for_share(0.8, 0.1, 1.0, None, 0.95);
    let steps = |round: fn(f64) -> f64| {
        let base = round(base);
        let design = round(base * 1.5);
        let finite = round(1_000.0 * design / (999.0 + design));
        [base, design, finite, round(finite / 0.85)]
    };
    assert_eq!(steps(f64::ceil).map(|n| n as u64), [62, 93, 86, 102]);
    let interviews = size::for_share(0.8, 0.1, 1.5, Some(1_000), 0.95);
    assert_close(interviews, steps(|x| x)[2], 1e-12);
    assert_eq!((interviews / 0.85).ceil() as u64, 100);
}

#[test]
fn a_coefficient_of_variation_is_a_margin_too() {
    // PracTools: nProp(CV0 = .05, pU = .01) = 39 600, which is q / (p CV²).
    let margin = size::z(0.95) * 0.05 * 0.01;
    let interviews = size::for_share(0.01, margin, 1.0, None, 0.95);
    assert!((interviews - 39_600.0).abs() < 1e-6, "{interviews}");
}

// Whole numbers.

#[test]
fn the_optimum_is_not_the_rounded_ideal() {
    // N = (47, 61, 41), S = (10, 6, 4), n = 10: largest remainders give (5, 4, 1).
    let pulls = [470.0, 366.0, 164.0];
    let variance = |parts: &[u64]| -> f64 {
        let terms = pulls
            .iter()
            .zip(parts)
            .map(|(pull, &n)| pull * pull / n as f64);
        terms.sum::<f64>() - (4_700.0 + 2_196.0 + 656.0)
    };
    let best = whole(10, &pulls, &[(1, 47), (1, 61), (1, 41)], Divisors::Wright).expect("possible");
    assert_close(variance(&best), 94_610.0, 1e-12);
    assert_close(variance(&[5, 4, 1]), 97_013.0, 1e-12);
}

#[test]
fn proportional_numbers_favour_neither_large_nor_small_strata() {
    /// Jefferson, d'Hondt: the claim of the next unit is pull / (k + 1).
    fn jefferson(total: u64, pulls: &[f64]) -> Vec<u64> {
        let mut parts = vec![0_u64; pulls.len()];
        for _ in 0..total {
            let claim = |h: usize| pulls[h] / (parts[h] + 1) as f64;
            let most = (0..pulls.len()).max_by(|&a, &b| claim(a).total_cmp(&claim(b)));
            parts[most.expect("strata")] += 1;
        }
        parts
    }
    const TIMES: u32 = 2_000;
    let (mut ours, mut theirs) = (0.0, 0.0);
    let mut stream = Seed::new("apportion").expect("not blank").stream("test");
    for _ in 0..TIMES {
        let pulls: Vec<f64> = [8.0, 4.0, 2.0, 1.0, 1.0]
            .iter()
            .map(|size| size * (1.0 + 0.5 * stream.unit()))
            .collect();
        let ideal = 40.0 * pulls[0] / pulls.iter().sum::<f64>();
        let parts = whole(40, &pulls, &[(0, 40); 5], Divisors::Webster).expect("possible");
        ours += parts[0] as f64 - ideal;
        theirs += jefferson(40, &pulls)[0] as f64 - ideal;
    }
    let (ours, theirs) = (ours / f64::from(TIMES), theirs / f64::from(TIMES));
    // A rounding error has a spread of a third or so; four standard errors are .03.
    assert!(ours.abs() < 0.03, "{ours}");
    assert!(theirs > 0.5, "{theirs}");
}

// Chances.

#[test]
fn municipalities_are_as_certain_as_in_r() {
    let text = std::fs::read_to_string("tests/data/mu284/sizes.csv").expect("the sizes");
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|line| {
            line.split(',')
                .map(|cell| cell.parse().expect("a number"))
                .collect()
        })
        .collect();
    assert_eq!(rows.len(), 284);
    for (size, chance, take, certain) in [(1, 3, 50, 3), (2, 4, 30, 2)] {
        let sizes: Vec<f64> = rows.iter().map(|row| row[size]).collect();
        let found = Probabilities::by_size(&sizes, take).expect("possible");
        assert_eq!(found.certain().len(), certain);
        for (unit, row) in rows.iter().enumerate() {
            assert_close(found.of(unit), row[chance], 1e-12);
        }
    }
    // One pass is not enough: 3 · 26 < 140, but once the largest is out 2 · 26 > 50.
    let found = Probabilities::by_size(&[90.0, 26.0, 8.0, 8.0, 8.0], 3).expect("possible");
    assert_eq!(found.certain(), [0, 1]);
    assert_close(found.of(2), 1.0 / 3.0, 1e-15);
}

#[test]
fn numbers_below_a_large_number_are_equally_likely() {
    // With remainders of 64 bits by 3 · 2⁶², the lowest third would come in half of the cases.
    let mut stream = Seed::new("large").expect("not blank").stream("test");
    let third = 1_u64 << 62;
    let low = (0..30_000)
        .filter(|_| stream.below(3 * third) < third)
        .count();
    // 10 000 ± 82; five standard errors.
    assert!(low.abs_diff(10_000) < 410, "{low}");
}

// Variances.

fn mean_of(values: &[f64], weights: &[f64], stage: Stage<'_>, lonely: Lonely) -> Estimate {
    let ledger = Ledger::given(weights.to_vec()).expect("weights");
    let design = Design {
        stages: vec![stage],
        lonely,
        ..Design::of(ledger.weights())
    };
    let rule = Clusters::of(&design).expect("a design");
    let item = Item {
        name: "y".into(),
        values: values.iter().copied().map(Some).collect(),
    };
    let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
    estimator
        .estimate(&Mean::of(&item), &Domain::all())
        .expect("answers")
}

#[test]
fn without_degrees_of_freedom_there_is_a_variance_and_no_interval() {
    // Two strata of one village each, measured from the mean of both: 2 clusters − 2 strata.
    let (strata, villages) = (
        Codes::from_labels(["a", "a", "b", "b"]),
        Codes::from_labels(["1", "1", "2", "2"]),
    );
    let stage = Stage {
        strata: Some(&strata),
        clusters: Some(&villages),
        population: None,
    };
    let found = mean_of(&[1.0, 2.0, 5.0, 7.0], &[10.0; 4], stage, Lonely::Adjust);
    assert!(found.variance.clone().expect("measured from the mean") > 0.0);
    assert_eq!((found.df, found.interval), (0, None));
}

#[test]
fn normalised_weights_have_no_design_effect_and_the_same_standard_error() {
    let bench = schools();
    let table = bench.read("apistrat.csv");
    let mut lines = table.lines();
    let heading = lines.next().expect("a heading");
    let place = heading
        .split(',')
        .position(|name| name == "pw")
        .expect("weights");
    let scaled = lines.map(|line| {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        let weight: f64 = cells[place].parse().expect("a weight");
        cells[place] = (weight * 200.0 / 6_194.0).to_string();
        cells.join(",") + "\n"
    });
    bench.write(
        "normalised.csv",
        &format!("{heading}\n{}", scaled.collect::<String>()),
    );
    let asked = STRATIFIED.replace("apistrat", "normalised");
    let found = bench.rows(&format!("{asked} --mean api00 --deff"));
    // R says that the design effect is infinite.
    assert_eq!(found[0]["deff"], Value::Null);
    close(
        &found[0],
        &[
            ("estimate", 662.287_363_159_321),
            ("se", 9.408_940_802_784_6),
        ],
    );
}

#[test]
fn a_jackknife_in_strata_has_a_constant_for_every_stratum() {
    let text = std::fs::read_to_string("tests/data/api/apistrat.csv").expect("the schools");
    let mut types: Vec<&str> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).expect("a type"))
        .collect();
    types.sort_unstable();
    let strata = Codes::from_labels(types.iter().copied());
    let people: Vec<f64> = types
        .iter()
        .map(|label| match *label {
            "E" => 4_421.0,
            "H" => 755.0,
            _ => 1_018.0,
        })
        .collect();
    let weights = vec![1.0; 200];
    let stage = Stage {
        strata: Some(&strata),
        clusters: None,
        population: Some(&people),
    };
    let design = Design {
        stages: vec![stage],
        ..Design::of(&weights)
    };
    let seed = Seed::new("no chance").expect("not blank");
    let units = Units::of(&design).expect("a design");
    let replicates = Replicates::made(Method::Jkn, units, &seed).expect("strata");
    // as.svrepdesign(strat, type = "JKn")$rscales: (1 − f_h)(n_h − 1)/n_h, and not (R − 1)/R = .995 for all.
    let mut scales: Vec<f64> = replicates
        .scales()
        .iter()
        .map(|scale| scale * replicates.scale())
        .collect();
    scales.dedup();
    assert_eq!((replicates.count(), scales.len()), (200, 3));
    for (found, wanted) in scales.iter().zip([
        0.967_606_876_272_337,
        0.915_099_337_748_344,
        0.931_866_404_715_128,
    ]) {
        assert_close(*found, wanted, VS_R);
    }
}

#[test]
fn two_means_differ_with_the_designs_degrees_and_a_slope_with_one_less() {
    // svyttest(enroll ~ comp.imp, clus1): t = −.73105, df 13, p .4777, for it fits a line. As a difference of
    // two means of one sample it has the 14 of the design.
    let bench = schools();
    let fitted = bench.rows(&format!("{CLUSTERS} --regress enroll~comp.imp"));
    let slope = row(&fitted, "coefficient", "comp.imp[Yes]", "all");
    close(
        slope,
        &[
            ("estimate", -55.456_090_225_563_9),
            ("t", -0.731_051_146_956),
            ("p", 0.477_718_390_069),
            ("df", 13.0),
            ("ci_low", -219.337_372_174_36),
            ("ci_high", 108.425_191_723_23),
        ],
    );
    let found = bench.rows(&format!("{CLUSTERS} --mean enroll --compare comp.imp"));
    let difference = row(&found, "difference", "", "No − Yes");
    close(
        difference,
        &[("estimate", 55.456_090_225_563_9), ("df", 14.0)],
    );
    assert_close(
        difference["se"].as_f64().expect("a standard error"),
        slope["se"].as_f64().expect("a standard error"),
        1e-12,
    );
}

#[test]
fn a_part_of_a_total_is_a_ratio_and_its_errors_are_those_of_one() {
    // svycontrast(svyby(~enroll, ~stype, strat, svytotal, covmat = TRUE), quote(E / (E + H + M)))
    let bench = schools();
    let found = bench.rows(&format!(
        "{STRATIFIED} --figure sum(enroll*(stype='E'))/sum(enroll)"
    ));
    close(
        &found[0],
        &[
            ("estimate", 0.499_727_589_906_466),
            ("se", 0.015_544_321_340_054_2),
        ],
    );
}

#[test]
fn an_interval_of_a_domains_share_goes_by_the_domains_answers() {
    // svyciprop(~I(comp.imp == "Yes"), subset(clus1, stype == …), method = …): 14 and 25 schools, 7 and 11
    // degrees; with the 183 and 14 of the sample they would be a good deal narrower.
    let bench = schools();
    for (way, high, middle) in [
        (
            "beta",
            [0.243_331_787_439_71, 0.756_668_212_560_29],
            [0.261_371_686_328_783, 0.829_397_110_022_722],
        ),
        (
            "xlogit",
            [0.250_732_090_268_181, 0.749_267_909_731_819],
            [0.280_234_383_625_406, 0.806_218_475_086_285],
        ),
        (
            "arcsine",
            [0.239_784_418_425_469, 0.760_215_581_574_532],
            [0.274_600_045_542_323, 0.825_249_414_613],
        ),
        (
            "t",
            [0.226_322_097_545_202, 0.773_677_902_454_798],
            [0.268_148_724_436_608, 0.851_851_275_563_392],
        ),
    ] {
        let found = bench.rows(&format!(
            "{CLUSTERS} --share comp.imp --by stype --interval {way}"
        ));
        for (domain, [low, high]) in [("H", high), ("M", middle)] {
            let share = row(&found, "share", "Yes", domain);
            close(share, &[("ci_low", low), ("ci_high", high)]);
        }
    }
}

#[test]
fn quantiles_far_out_have_ends_by_the_same_rule() {
    // svyquantile(~api00, strat, c(.1, .25, .5, .75, .9), qrule = "math")
    let bench = schools();
    let asked = "--quantile api00:0.1,0.25,0.5,0.75,0.9 --rule math";
    let found = bench.rows(&format!("{STRATIFIED} {asked}"));
    let wanted = [
        ("0.1", 501.0, 476.0, 521.0, 11.409_279_047_447_7),
        ("0.25", 565.0, 535.0, 597.0, 15.719_451_132_039_1),
        ("0.5", 668.0, 642.0, 694.0, 13.184_055_788_161_8),
        ("0.75", 756.0, 726.0, 778.0, 13.184_055_788_161_8),
        ("0.9", 836.0, 806.0, 865.0, 14.958_832_528_875_9),
    ];
    for (level, estimate, low, high, se) in wanted {
        let found = row(&found, "quantile", level, "all");
        let fields = [
            ("estimate", estimate),
            ("ci_low", low),
            ("ci_high", high),
            ("se", se),
        ];
        close(found, &fields);
    }
}

#[test]
fn who_did_not_answer_is_in_no_table() {
    // Four schools without an answer. svychisq counts them: X² 10.382 instead of 10.155, which is that of
    // subset(clus1, !is.na(sch.wide)). F and p are the same, for all 15 districts are still there.
    let bench = schools();
    let table = bench.read("apiclus1.csv");
    let blank = |(place, line): (usize, &str)| {
        let mut cells: Vec<&str> = line.split(',').collect();
        if [1, 20, 40, 60].contains(&place) {
            cells[4] = "";
        }
        cells.join(",") + "\n"
    };
    bench.write(
        "apiclus1.csv",
        &table.lines().enumerate().map(blank).collect::<String>(),
    );
    let found = bench.rows(&format!("{CLUSTERS} --table sch.widexstype --tests all"));
    let exact = row(&found, "rao-scott-exact", "", "all");
    close(exact, &[("estimate", 10.155_429_821_577_8), ("n", 179.0)]);
    close(
        row(&found, "rao-scott", "", "all"),
        &[
            ("estimate", 4.304_848_463_182_46),
            ("df1", 1.481_575_845_964_65),
            ("df2", 20.742_061_843_505_2),
            ("p", 0.037_118_534_413_728_4),
        ],
    );
}
