//! As R's svychisq, svygofchisq and svymean, R 4.2.2, survey 4.1-1, data(api); and laws.

use super::{Association, Category, Fit, Table, Tested, Untested};
use crate::estimate::regress::api::Api;
use crate::estimate::{Domain, Estimate, Estimator};
use crate::frame::Codes;

/// Numbers agree to so much of themselves.
const VS_R: f64 = 1e-8;

fn near(got: f64, expected: f64) {
    assert!(
        (got - expected).abs() <= VS_R * expected.abs(),
        "{got:?} is not {expected:?}"
    );
}

fn test(got: Tested, statistic: f64, df1: f64, df2: Option<f64>, p: f64) {
    near(got.statistic, statistic);
    near(got.df1, df1);
    near(got.df2.unwrap_or(1.0), df2.unwrap_or(1.0));
    near(got.p, p);
}

fn column(api: &Api, name: &str) -> Category {
    Category::column(name, &Codes::from_labels(api.labels(name)))
}

/// Pupils: up to 300, 600, 1200, and more.
fn size(api: &Api) -> Category {
    let class = |pupils: &Option<f64>| match pupils.expect("pupils") {
        pupils if pupils <= 300.0 => "a",
        pupils if pupils <= 600.0 => "b",
        pupils if pupils <= 1_200.0 => "c",
        _ => "d",
    };
    let labels: Vec<&str> = api.numbers("enroll").iter().map(class).collect();
    Category::column("q", &Codes::from_labels(labels))
}

/// F with its degrees, p of it; p of the first order, and by saddlepoint; Wald and adjusted Wald with p; X² and G².
struct Expected {
    second: (f64, f64, f64, f64),
    first: f64,
    saddlepoint: f64,
    wald: (f64, f64, f64, f64),
    adjusted: (f64, f64, f64, f64),
    pearson: f64,
    likelihood: f64,
}

fn agrees(case: &str, rows: fn(&Api) -> Category, columns: &str, expected: &Expected) {
    let api = Api::read(case);
    let ledger = api.ledger();
    let estimator = Estimator::by(api.rule(), &ledger, 0.95);
    let questions = [&rows(&api), &column(&api, columns)];
    let got = Association::of(&estimator, questions, &Domain::all()).expect("a test");
    near(got.pearson.statistic, expected.pearson);
    near(got.likelihood.statistic, expected.likelihood);
    let (f, df1, df2, p) = expected.second;
    test(got.pearson.second_order(), f, df1, Some(df2), p);
    near(got.pearson.first_order().p, expected.first);
    for (got, (f, df1, df2, p)) in [
        (got.wald, expected.wald),
        (got.adjusted_wald, expected.adjusted),
    ] {
        test(got.expect("it varies"), f, df1, Some(df2), p);
    }
    // R's "saddlepoint" is an approximation, with d ν rounded down.
    let exact = got.pearson.exact().p;
    let about = expected.saddlepoint;
    assert!((exact / about - 1.0).abs() < 0.2, "{exact} {about}");
}

#[test]
fn tests_of_independence_agree_with_r() {
    let wide = |api: &Api| column(api, "sch.wide");
    agrees(
        "strat",
        wide,
        "stype",
        &Expected {
            second: (
                17.247_443_963_888_813,
                1.828_671_504_163_584_4,
                360.248_286_320_226_1,
                2.035_046_359_465_121e-7,
            ),
            first: 3.232_438_416_288_592e-8,
            saddlepoint: 7.473_163_307_865_371e-7,
            wald: (16.132_021_768_391_47, 2.0, 197.0, 3.249_618_797_002_472e-7),
            adjusted: (16.050_133_333_018_927, 2.0, 196.0, 3.505_639_704_441_225e-7),
            pearson: 26.753_534_035_890_773,
            likelihood: 23.359_307_144_477_086,
        },
    );
    agrees(
        "clus1",
        wide,
        "stype",
        &Expected {
            second: (
                5.193_369_541_474_877,
                1.494_639_777_707_455_4,
                20.924_956_887_904_376,
                0.021_747_462_370_796_916,
            ),
            first: 0.005_553_263_303_113_219,
            saddlepoint: 0.026_441_127_709_637_507,
            wald: (2.401_058_600_602_679, 2.0, 14.0, 0.126_896_300_602_350_83),
            adjusted: (2.229_554_414_845_324_6, 2.0, 13.0, 0.147_057_886_901_248_44),
            pearson: 11.940_892_080_745_34,
            likelihood: 9.883_105_637_944_524,
        },
    );
}

#[test]
fn larger_tables_and_an_empty_cell_agree_with_r() {
    agrees(
        "strat",
        size,
        "comp.imp",
        &Expected {
            second: (
                4.727_127_154_909_509,
                2.703_926_380_560_28,
                532.673_496_970_375_1,
                0.004_064_646_664_348_186,
            ),
            first: 0.002_668_374_720_502_188,
            saddlepoint: 0.004_573_312_830_573_366_5,
            wald: (6.020_906_814_398_786, 3.0, 197.0, 6.057_490_515_909_06e-4),
            adjusted: (5.959_780_856_892_199, 3.0, 195.0, 6.582_667_222_996_858e-4),
            pearson: 13.489_033_862_677_195,
            likelihood: 12.950_738_674_317_877,
        },
    );
    agrees(
        "strat",
        size,
        "stype",
        &Expected {
            second: (
                31.723_922_200_540_69,
                5.647_027_417_414_505,
                1_112.464_401_230_657_6,
                1.413_457_226_422_142e-33,
            ),
            first: 2.150_498_168_750_212e-38,
            saddlepoint: 5.072_546_938_063_296e-27,
            wald: (30.487_757_391_930_77, 6.0, 197.0, 9.506_523_962_363_843e-26),
            adjusted: (
                29.713_956_442_896_993,
                6.0,
                192.0,
                4.670_421_811_290_108e-25,
            ),
            pearson: 115.880_085_330_356_82,
            likelihood: 98.425_345_010_444_66,
        },
    );
}

#[test]
fn the_fit_agrees_with_r() {
    let api = Api::read("strat");
    let ledger = api.ledger();
    let estimator = Estimator::by(api.rule(), &ledger, 0.95);
    let all = Domain::all();
    let fit = Fit::of(&estimator, &size(&api), &[4.0, 8.0, 5.0, 3.0], &all).expect("a test");
    // svygofchisq(~q, c(.2, .4, .25, .15)): as of the 6 194 schools, not of the 200 in the sample
    let scale: f64 = ledger.weights().iter().sum::<f64>() / 200.0;
    near(fit.pearson.statistic * scale, 302.158_374_875_106_74);
    let effects = [
        42.901_044_990_448_82,
        27.603_427_098_984_91,
        5.961_078_262_023_826,
    ];
    for (got, expected) in fit.pearson.effects.iter().zip(effects) {
        near(got * scale, expected);
    }
    let got = fit.pearson.satterthwaite();
    near(got.df1, 2.216_458_452_964_03);
    near(got.p, 0.015_839_510_301_018_83);

    let api = Api::read("clus1");
    let ledger = api.ledger();
    let estimator = Estimator::by(api.rule(), &ledger, 0.95);
    let fit = Fit::of(&estimator, &column(&api, "stype"), &[0.7, 0.1, 0.2], &all);
    let got = fit.expect("a test").pearson.satterthwaite();
    near(got.df1, 1.516_282_347_799_59);
    near(got.p, 0.143_270_609_107_530_92);
}

#[test]
fn cells_agree_with_r() {
    let api = Api::read("strat");
    let ledger = api.ledger();
    let estimator = Estimator::by(api.rule(), &ledger, 0.95);
    let questions = [&size(&api), &column(&api, "comp.imp")];
    let table = Table::of(&estimator, questions, &Domain::all()).expect("schools");
    let figure = |got: &Estimate, value: f64, error: f64| {
        near(got.value, value);
        near(got.standard_error().expect("known"), error);
    };
    let cell = &table.cells[3][1];
    figure(&cell.people, 156.260_004_043_579_1, 44.693_538_209_725_51);
    figure(
        &cell.share,
        0.025_227_640_475_003_713,
        0.007_215_618_100_178_38,
    );
    figure(
        &cell.row_share,
        0.294_908_088_789_743_84,
        0.077_301_070_176_961_35,
    );
    let cell = &table.cells[0][0];
    figure(
        &cell.share,
        0.057_276_396_050_876_82,
        0.018_530_817_369_194_7,
    );
    figure(
        &cell.row_share,
        0.302_986_566_976_847_95,
        0.085_736_872_033_903_94,
    );
    assert_eq!(table.answers, 200);
    assert_eq!(table.rows.labels, ["a", "b", "c", "d"]);
}

#[test]
fn shares_add_up_and_answers_are_counted() {
    let api = Api::read("clus1");
    let ledger = api.ledger();
    let estimator = Estimator::by(api.rule(), &ledger, 0.95);
    let mut labels = api.labels("sch.wide");
    labels[0] = String::new();
    labels[7] = " ".to_owned();
    let wide = Category::column("sch.wide", &Codes::from_labels(labels));
    let table = Table::of(&estimator, [&size(&api), &wide], &Domain::all()).expect("schools");
    assert_eq!((table.answers, table.missing), (181, 2));
    let share = |of: fn(&super::Cell) -> f64| table.cells.iter().flatten().map(of).sum::<f64>();
    assert!((share(|cell| cell.share.value) - 1.0).abs() < 1e-12);
    assert!((share(|cell| cell.row_share.value) - table.cells.len() as f64).abs() < 1e-12);
    assert!((share(|cell| cell.column_share.value) - 2.0).abs() < 1e-12);
    let counts: u64 = table.cells.iter().flatten().map(|cell| cell.answers).sum();
    assert_eq!(counts, table.answers);
}

#[test]
fn what_cannot_be_tested_is_not() {
    let api = Api::read("strat");
    let ledger = api.ledger();
    let estimator = Estimator::by(api.rule(), &ledger, 0.95);
    let all = Domain::all();
    let one = Category::column("one", &Codes::from_labels(vec!["x"; 200]));
    let size = size(&api);
    let refused = Association::of(&estimator, [&size, &one], &all).expect_err("one column");
    assert!(
        refused
            .to_string()
            .contains("'one' has answers in 1 category")
    );
    let shares = Fit::of(&estimator, &size, &[0.5, 0.5, 0.0, 0.0], &all).expect_err("no shares");
    assert!(matches!(
        shares,
        Untested::Shares {
            categories: 4,
            given: 2,
            ..
        }
    ));
    // A row that is a column: nothing is left to vary but what is known.
    let types = column(&api, "stype");
    let same = Association::of(&estimator, [&types, &types], &all);
    assert!(
        matches!(same, Err(Untested::NothingVaries { .. })),
        "{same:?}"
    );
}
