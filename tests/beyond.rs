//! Replicates, tables, models and families of a bare file: `canvass estimate --data`, beside R.
//!
//! Numbers are those of R 4.2.2 with survey 4.1-1; the call stands beside each. `strat` is
//! `svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc)` of apistrat.csv, and `clus1` is
//! `svydesign(~dnum, weights = ~pw, fpc = ~fpc)` of apiclus1.csv.

use std::path::Path;

use serde_json::Value;

use crate::support::{Bench, assert_close};

const STRAT: &str = "estimate --data apistrat.csv --weight pw --strata stype --fpc fpc";
const CLUS1: &str = "estimate --data apiclus1.csv --weight pw --psu dnum --fpc fpc";

/// Standard errors of other programs, and p values.
const NEAR: f64 = 1e-8;

fn bench() -> Bench {
    let bench = Bench::new();
    for name in ["apistrat.csv", "apiclus1.csv"] {
        let from = Path::new("tests/data/api/regress").join(name);
        std::fs::copy(from, bench.path(name)).expect("can be copied");
    }
    bench
}

/// The rows of what was asked; words are apart by blanks.
fn rows(bench: &Bench, asked: &str) -> Vec<Value> {
    let asked = format!("{asked} --format json");
    let json = bench
        .done(&asked.split_whitespace().collect::<Vec<_>>())
        .json();
    json["rows"].as_array().expect("rows").clone()
}

fn row<'r>(rows: &'r [Value], statistic: &str, level: &str) -> &'r Value {
    let is =
        |row: &&Value| row["statistic"] == statistic && (level.is_empty() || row["level"] == level);
    rows.iter()
        .find(is)
        .unwrap_or_else(|| panic!("{statistic} {level}"))
}

#[track_caller]
fn close(row: &Value, fields: &[(&str, f64)]) {
    for (field, wanted) in fields {
        let found = row[field]
            .as_f64()
            .unwrap_or_else(|| panic!("{field} of {row}"));
        assert_close(found, *wanted, NEAR);
    }
}

#[test]
fn tables_and_their_tests_agree_with_r() {
    let bench = bench();
    let found = rows(
        &bench,
        &format!("{STRAT} --table sch.widexstype --tests all"),
    );
    // svytotal(~interaction(sch.wide, stype), strat); svymean; svyby(~factor(stype), ~sch.wide, strat, svymean)
    close(
        row(&found, "people", "No / E"),
        &[
            ("estimate", 397.889_991_760_254),
            ("se", 125.711_999_825_03),
        ],
    );
    close(
        row(&found, "cell_share", "Yes / H"),
        &[
            ("estimate", 0.063_383_921_953_165_5),
            ("se", 0.008_406_613_825_465_77),
        ],
    );
    close(
        row(&found, "row_share", "Yes / M"),
        &[
            ("estimate", 0.138_954_163_962_872),
            ("se", 0.011_517_323_363_832_7),
        ],
    );
    close(
        row(&found, "column_share", "No / H"),
        &[("estimate", 0.48), ("se", 0.068_967_634_922_816_3)],
    );
    // svychisq(~sch.wide + stype, strat, statistic = "F"), "Chisq", "Wald", "adjWald"
    let f = row(&found, "rao-scott", "");
    close(
        f,
        &[
            ("estimate", 17.247_443_963_888_8),
            ("df1", 1.828_671_504_163_58),
            ("df2", 360.248_286_320_226),
            ("p", 2.035_046_359_465_16e-7),
        ],
    );
    assert_eq!(
        (&f["variable"], &f["df"], &f["n"]),
        (&"sch.wide × stype".into(), &197.into(), &200.into())
    );
    close(
        row(&found, "rao-scott-first", ""),
        &[("p", 3.232_438_416_288_65e-8), ("df1", 2.0)],
    );
    close(
        row(&found, "rao-scott-exact", ""),
        &[("estimate", 26.753_534_035_890_7)],
    );
    close(
        row(&found, "wald-table", ""),
        &[
            ("estimate", 16.132_021_768_391_5),
            ("p", 3.249_618_797_002_49e-7),
        ],
    );
    close(
        row(&found, "adjusted-wald", ""),
        &[
            ("estimate", 16.050_133_333_018_9),
            ("p", 3.505_639_704_441_23e-7),
        ],
    );
    let one = rows(&bench, &format!("{STRAT} --table sch.wide,stype"));
    assert_eq!(one.len(), 6 * 4 + 1, "Rao and Scott's alone");
}

#[test]
fn a_table_without_a_test_says_why() {
    let bench = bench();
    let asked = format!("{STRAT} --table sch.wide,stype --by stype");
    let said = bench.done(&asked.split(' ').collect::<Vec<_>>());
    assert!(
        said.out.contains("No / E") && !said.out.contains("Rao–Scott"),
        "{}",
        said.out
    );
    assert!(
        said.err.contains("not tested in 'E'") && said.err.contains("test a larger domain"),
        "{}",
        said.err
    );
    let said = bench.done(&format!("{asked} --lang zh").split(' ').collect::<Vec<_>>());
    assert!(
        said.out.contains("单元格") && said.err.contains("未作检验"),
        "{}",
        said.err
    );
}

#[test]
fn a_fit_agrees_with_r() {
    let bench = bench();
    bench.write("shares.csv", "level,share\nM,15\nE,70\nH,15\n");
    let found = rows(
        &bench,
        &format!("{CLUS1} --fit stype=shares.csv --tests all"),
    );
    // svymean(~stype, clus1)
    close(
        row(&found, "fit", "E"),
        &[("estimate", 0.786_885_245_901_639), ("expected", 0.7)],
    );
    // svygofchisq(~stype, p = c(.7, .15, .15), clus1): p = 0.0741469276294358; its X² is of people, not of
    // answers: 297.259945971935 · 183 / 6194.
    let test = row(&found, "rao-scott-satterthwaite", "");
    close(
        test,
        &[
            ("p", 0.074_146_927_629_435_8),
            ("df1", 1.461_830_287_151_82),
        ],
    );
    let x2 = 297.259_945_971_935 * 183.0 / 6_194.000_324_249_27;
    assert_close(
        row(&found, "rao-scott-exact", "")["estimate"]
            .as_f64()
            .expect("a number"),
        x2,
        1e-7,
    );
    bench.write("shares.csv", "level,share\nE,70\nH,15\n");
    let asked = format!("{CLUS1} --fit stype=shares.csv");
    let said = bench.says(&asked.split(' ').collect::<Vec<_>>());
    assert!(
        said.err.contains("says nothing of levels of 'stype': 'M'"),
        "{}",
        said.err
    );
}

#[test]
fn models_agree_with_r() {
    let bench = bench();
    let found = rows(
        &bench,
        &format!("{STRAT} --regress api00~ell+meals+mobility"),
    );
    // summary(svyglm(api00 ~ ell + meals + mobility, strat)); confint
    close(
        row(&found, "coefficient", "(intercept)"),
        &[
            ("estimate", 820.887_315_905_623),
            ("se", 10.077_735_949_885_4),
        ],
    );
    let ell = row(&found, "coefficient", "ell");
    close(
        ell,
        &[
            ("estimate", -0.480_586_612_171_949),
            ("se", 0.391_973_403_222_528),
            ("t", -1.226_069_443_030_84),
        ],
    );
    close(
        ell,
        &[
            ("p", 0.221_658_715_155_487),
            ("ci_low", -1.253_663_028_983_47),
            ("ci_high", 0.292_489_804_639_568),
        ],
    );
    assert!(ell["ratio"].is_null() && ell["df"] == 194);
    close(
        row(&found, "dispersion", ""),
        &[("estimate", 5_171.965_987_282)],
    );

    // svyglm(I(sch.wide == "Yes") ~ ell + meals + stype, strat, family = quasibinomial()); regTermTest(~stype)
    let asked = "--regress I(sch.wide='Yes')~ell+meals+stype --family binomial";
    let found = rows(&bench, &format!("{STRAT} {asked}"));
    let high = row(&found, "coefficient", "stype[H]");
    close(
        high,
        &[
            ("estimate", -2.515_228_843_950_42),
            ("se", 0.551_206_914_641_139),
        ],
    );
    close(high, &[("ratio", (-2.515_228_843_950_425_f64).exp())]);
    // R takes the errors from the weights of its last round but one: 1e-8 of them, and more of p.
    let p = high["p"].as_f64().expect("p");
    assert_close(p, 8.951_830_769_982_04e-6, 1e-6);
    let term = row(&found, "wald", "stype");
    close(term, &[("df", 193.0), ("df1", 2.0), ("df2", 193.0)]);
    assert_close(
        term["estimate"].as_f64().expect("F"),
        10.411_138_654_137_5,
        1e-7,
    );
    assert_close(
        term["p"].as_f64().expect("p"),
        5.083_590_728_610_52e-5,
        1e-6,
    );

    // svyglm(api00 ~ meals, subset(strat, stype == …)), one for each
    let found = rows(&bench, &format!("{STRAT} --regress api00~meals --by stype"));
    let slopes: Vec<&Value> = found
        .iter()
        .filter(|row| row["level"] == "meals" && row["statistic"] == "coefficient")
        .collect();
    for (row, (domain, slope, se)) in slopes.iter().zip([
        ("E", -3.703_553_902_030_3, 0.184_003_616_795_265),
        ("H", -3.458_546_895_907_88, 0.307_395_140_762_158),
        ("M", -4.106_796_929_224_11, 0.277_060_421_672_277),
    ]) {
        assert_eq!(row["domain"], domain);
        close(row, &[("estimate", slope), ("se", se)]);
    }
}

#[test]
fn what_a_model_leaves_out_is_counted_and_what_cannot_be_fitted_is_named() {
    let bench = bench();
    // acs.core is not asked in middle and high schools of some kinds.
    let asked = format!("{STRAT} --regress api00~acs.core --by stype");
    let said = bench.done(
        &format!("{asked} --format json")
            .split(' ')
            .collect::<Vec<_>>(),
    );
    let json = said.json();
    let told = json["notices"].to_string();
    let rows = json["rows"].as_array().expect("rows");
    let left: u64 = rows.iter().filter_map(|row| row["left_out"].as_u64()).sum();
    assert!(left > 0 && told.contains("missing_answers"), "{told}");
    for (words, what) in [
        ("--regress api00~", "cannot be understood"),
        (
            "--regress api00~ell --family normal",
            "no family is called 'normal'",
        ),
        ("--regress api00~ell --family poisson(logit)", "no family"),
        ("--regress api00~nothing", "no column 'nothing'"),
        ("--regress api00~ell+I(2*ell)", "made of the other terms"),
        ("--regress sch.wide~ell", "holds labels"),
        ("--family binomial --mean api00", "--regress"),
    ] {
        let said = bench.says(&format!("{STRAT} {words}").split(' ').collect::<Vec<_>>());
        assert_eq!(said.code, Some(2), "{words}: {}", said.err);
        assert!(said.err.contains(what), "{words}: {}", said.err);
    }
}

#[test]
fn functions_of_totals_agree_with_r() {
    let bench = bench();
    // svycontrast(svytotal(~api.stu + enroll, strat), quote(log(api.stu) / log(enroll)))
    let found = rows(
        &bench,
        &format!(
            "{STRAT} --figure log(sum(api.stu))/log(sum(enroll)) --figure sum(api.stu)/sum(enroll) --ratio api.stu/enroll"
        ),
    );
    close(
        row(&found, "function", ""),
        &[
            ("estimate", 0.988_228_945_631_258),
            ("se", 0.000_612_872_768_209_711),
        ],
    );
    // svyratio(~api.stu, ~enroll, strat); figures of functions come last.
    close(&found[0], &[("se", 0.007_757_103_166_64)]);
    for field in ["estimate", "se"] {
        let both = [&found[0], &found[2]].map(|row| row[field].as_f64().expect("a number"));
        assert_close(both[0], both[1], 1e-12);
    }
}

#[test]
fn p_values_of_many_differences_are_corrected_as_in_r() {
    let bench = bench();
    // svycontrast(svyby(~api00, ~stype, strat, svymean, covmat = TRUE), …); p by t of 148, 148 and 98 degrees
    // of freedom; p.adjust(p, "holm"), "BH", "bonferroni"
    let wanted = [
        (
            "holm",
            [
                0.039_942_848_995_757_8,
                0.131_393_554_597_991,
                0.625_953_115_116_56,
            ],
        ),
        (
            "bh",
            [
                0.039_942_848_995_757_8,
                0.098_545_165_948_493_4,
                0.625_953_115_116_56,
            ],
        ),
        (
            "bonferroni",
            [0.039_942_848_995_757_8, 0.197_090_331_896_987, 1.0],
        ),
    ];
    for (how, corrected) in wanted {
        let found = rows(
            &bench,
            &format!("{STRAT} --mean api00 --compare stype --correct {how}"),
        );
        let pairs: Vec<&Value> = found
            .iter()
            .filter(|row| row["statistic"] == "difference")
            .collect();
        close(
            pairs[0],
            &[("t", 2.505_391_746_381_38), ("p", 0.013_314_282_998_585_6)],
        );
        for (pair, corrected) in pairs.iter().zip(corrected) {
            close(pair, &[("p_corrected", corrected)]);
            assert_eq!(pair["sim_low"].is_null(), how != "bonferroni");
        }
    }
}

#[test]
fn the_largest_t_and_ranks_come_from_the_seed() {
    let bench = bench();
    let asked = format!(
        "{STRAT} --mean api00 --compare stype --correct max-t --ranks --format json --seed"
    );
    let said =
        |seed: &str| bench.done(&[&asked.split(' ').collect::<Vec<_>>()[..], &[seed]].concat());
    let (json, other) = (said("a").json(), said("b").json());
    assert_eq!(said("a").out, said("a").out);
    // mvtnorm::qmvt(0.95, corr, df = 197, tail = "both.tails"): 2.35951728217787
    let family = &json["families"][0];
    let (critical, error) = (
        family["critical"].as_f64(),
        family["critical_error"].as_f64(),
    );
    let error = error.expect("an error");
    assert!((critical.expect("a number") - 2.359_517_28).abs() < 4.0 * error && error < 0.001);
    assert_eq!(
        (&family["draws"], &family["compared"]),
        (&12_000.into(), &serde_json::json!(["E", "H", "M"]))
    );
    assert_ne!(other["families"][0]["critical"], family["critical"]);
    let rows = json["rows"].as_array().expect("rows");
    let ranks = |row: &Value| ["rank", "rank_best", "rank_worst"].map(|field| row[field].as_u64());
    assert_eq!(ranks(&rows[0]), [Some(1), Some(1), Some(2)]);
    assert_eq!(
        (
            &rows[0]["letters"],
            &rows[1]["letters"],
            &rows[2]["letters"]
        ),
        (&"a".into(), &"b".into(), &"ab".into())
    );
    let p = rows[3]["p_corrected"].as_f64().expect("p");
    assert!((0.034..0.037).contains(&p), "{p}");
    assert!(rows[3]["sim_low"].as_f64() > Some(0.0) && rows[4]["sim_low"].as_f64() < Some(0.0));
    let table = bench.done(
        &[
            &asked
                .replace("--format json", "")
                .split_whitespace()
                .collect::<Vec<_>>()[..],
            &["a"],
        ]
        .concat(),
    );
    assert!(
        table.out.contains("1 (1–2)") && table.out.contains("12,000"),
        "{}",
        table.out
    );
}

#[test]
fn domains_without_answers_are_not_compared_and_named() {
    let bench = bench();
    bench.write(
        "x.csv",
        "w,y,g\n1,1,a\n1,2,a\n1,5,b\n1,7,b\n1,,c\n1,,c\n1,9,d\n",
    );
    let asked =
        "estimate --data x.csv --weight w --mean y --compare g --correct holm --format json";
    let json = bench.done(&asked.split(' ').collect::<Vec<_>>()).json();
    let family = &json["families"][0];
    assert_eq!(family["compared"], serde_json::json!(["a", "b"]));
    assert_eq!(family["left_out"], serde_json::json!(["c", "d"]));
    assert!(
        json["notices"].to_string().contains("not_compared"),
        "{}",
        json["notices"]
    );
}

/// A table with replicate weights, the columns of which stand in another order.
fn published(bench: &Bench) {
    let asked = format!("{CLUS1} --mean api00 --resample jk1 --export full.csv");
    bench.done(&asked.split(' ').collect::<Vec<_>>());
    let text = bench.read("full.csv");
    let turned: Vec<String> = text
        .lines()
        .map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            cells.reverse();
            cells
                .join(",")
                .replace("replicate_0", "rw")
                .replace("replicate_", "rw")
        })
        .collect();
    bench.write("published.csv", &(turned.join("\n") + "\n"));
}

#[test]
fn replicate_weights_of_the_data_agree_with_r() {
    let bench = bench();
    published(&bench);
    // j <- as.svrepdesign(clus1, type = "JK1", mse = TRUE); j$scale = 0.914839277851167
    let given = "estimate --data published.csv --weight pw --replicates rw[0-9]+ --replicate-type jk1 --scale 0.914839277851167";
    let found = rows(
        &bench,
        &format!(
            "{given} --mean api00 --ratio api.stu/enroll --total enroll --regress api00~ell+meals"
        ),
    );
    close(
        &found[0],
        &[
            ("estimate", 644.169_398_907_104),
            ("se", 26.334_857_668_459_1),
        ],
    );
    assert_eq!(found[0]["df"], 14, "degf(j)");
    close(
        row(&found, "ratio", ""),
        &[
            ("estimate", 0.849_708_741_724_488),
            ("se", 0.009_519_363_481_564_56),
        ],
    );
    close(
        row(&found, "total", ""),
        &[("estimate", 3_404_940.134_53), ("se", 932_235.027_041)],
    );
    // svyglm(api00 ~ ell + meals, j): fitted anew for each replicate
    close(
        row(&found, "coefficient", "ell"),
        &[
            ("estimate", -0.508_796_683_416_46),
            ("se", 0.345_457_248_988_337),
            ("p", 0.166_538_352_660_09),
        ],
    );
    // mse = FALSE: from the replicates' own mean
    let mean = rows(
        &bench,
        &format!("{given} --mean api00 --ratio api.stu/enroll --centre mean"),
    );
    close(&mean[0], &[("se", 26.329_360_589_527_6)]);
    close(&mean[1], &[("se", 0.009_517_085_175_614_78)]);
    // svyby(~api00, ~stype, j, svymean)
    let by = rows(&bench, &format!("{given} --mean api00 --by stype"));
    for (row, se) in by.iter().zip([
        25.380_122_540_31,
        46.359_577_638_221_5,
        33.687_692_042_207_3,
    ]) {
        close(row, &[("se", se)]);
    }
    let star = rows(
        &bench,
        &format!("{} --mean api00 --mse", given.replace("rw[0-9]+", "rw*")),
    );
    assert_eq!(star, rows(&bench, &format!("{given} --mean api00")));
    let stated = rows(&bench, &format!("{given} --mean api00 --degrees 9"));
    assert_eq!(stated[0]["df"], 9);
}

#[test]
fn tables_are_tested_by_the_shares_of_replicates_as_in_r() {
    let bench = bench();
    // j <- as.svrepdesign(clus1, type = "JK1"); svychisq(~sch.wide + stype, j, statistic = "F"), "Chisq", "Wald",
    // "adjWald". "lincom" and "saddlepoint" take the degrees of freedom for infinite with replicates: the p of
    // "exact" is integrate() of Imhof's integrand to 1e-11, with those of the design.
    let table = "--table sch.wide,stype --tests all --fit stype=shares.csv";
    bench.write("shares.csv", "level,share\nE,0.6\nH,0.15\nM,0.25\n");
    let mean = rows(
        &bench,
        &format!("{CLUS1} {table} --resample jk1 --centre mean"),
    );
    let f = row(&mean, "rao-scott", "");
    close(
        f,
        &[
            ("estimate", 4.463_905_381_929_588),
            ("df1", 1.419_725_479_694_603_5),
            ("df2", 19.876_156_715_724_45),
            ("p", 0.035_773_399_013_596_43),
        ],
    );
    assert_eq!((&f["df"], &f["n"]), (&14.into(), &183.into()));
    close(
        row(&mean, "rao-scott-first", ""),
        &[("p", 0.011_517_295_902_777_879), ("df1", 2.0)],
    );
    close(
        row(&mean, "rao-scott-exact", ""),
        &[
            ("estimate", 11.940_892_080_745_34),
            ("p", 0.035_384_199_212_090_57),
        ],
    );
    close(
        row(&mean, "wald-table", ""),
        &[
            ("estimate", 2.401_058_600_602_686),
            ("p", 0.126_896_300_602_350_21),
        ],
    );
    close(
        row(&mean, "adjusted-wald", ""),
        &[
            ("estimate", 2.229_554_414_845_351_7),
            ("p", 0.147_057_886_901_247_7),
        ],
    );
    // mse = TRUE; svygofchisq(~stype, c(.6, .15, .25), j)
    let full = rows(&bench, &format!("{CLUS1} {table} --resample jk1"));
    close(
        row(&full, "rao-scott", ""),
        &[
            ("estimate", 4.459_263_202_938_028),
            ("df1", 1.419_248_419_732_990_7),
            ("p", 0.035_885_160_979_371_92),
        ],
    );
    close(
        row(&full, "rao-scott-exact", ""),
        &[("p", 0.035_490_264_938_343_286)],
    );
    close(
        full.iter()
            .find(|row| row["statistic"] == "rao-scott-satterthwaite" && row["variable"] == "stype")
            .expect("a fit"),
        &[
            ("df1", 1.333_879_609_844_86),
            ("p", 0.002_516_536_008_906_9),
        ],
    );
    // as.svrepdesign(strat, type = "JKn", mse = TRUE): those of Taylor's method, to the last digit
    let strat = rows(&bench, &format!("{STRAT} {table} --resample jkn"));
    close(
        row(&strat, "rao-scott", ""),
        &[
            ("estimate", 17.247_443_963_888_752),
            ("p", 2.035_046_359_465_269e-7),
        ],
    );
}

#[test]
fn models_are_fitted_anew_for_every_replicate_as_in_r() {
    let bench = bench();
    // svyglm(I(sch.wide == "Yes") ~ ell + meals, as.svrepdesign(clus1, type = "JK1", mse = TRUE),
    //        family = quasibinomial, control = list(epsilon = 1e-14))
    let words: Vec<&str> = CLUS1.split(' ').collect();
    let model = [
        "--regress",
        "sch.wide = 'Yes' ~ ell + meals",
        "--family",
        "binomial",
        "--resample",
        "jk1",
        "--format",
        "json",
    ];
    let json = bench.done(&[&words[..], &model].concat()).json();
    let found = json["rows"].as_array().expect("rows").clone();
    for (term, value, se) in [
        (
            "(intercept)",
            1.899_556_911_136_405_5,
            0.535_543_832_272_303_8,
        ),
        ("ell", 0.039_925_410_797_830_24, 0.013_592_064_137_361_63),
        (
            "meals",
            -0.019_114_682_466_154_24,
            0.009_616_434_376_433_416,
        ),
    ] {
        close(
            row(&found, "coefficient", term),
            &[("estimate", value), ("se", se)],
        );
    }
}

#[test]
fn replicates_that_are_made_are_those_that_are_exported() {
    let bench = bench();
    // as.svrepdesign(strat, type = "JKn", mse = TRUE)
    let made = rows(
        &bench,
        &format!("{STRAT} --mean api00 --ratio api.stu/enroll --resample jkn"),
    );
    close(&made[0], &[("se", 9.408_940_802_784_5)]);
    close(&made[1], &[("se", 0.007_772_509_050_560_12)]);
    for (method, ending) in [
        ("bootstrap:40", "parquet"),
        ("sdr:20", "csv"),
        ("random-groups:10", "sav"),
        ("canty-davison:30", "xlsx"),
        ("generalised-bootstrap:30", "dta"),
    ] {
        let design = match method {
            "random-groups:10" => "estimate --data apistrat.csv --weight pw",
            "sdr:20" | "canty-davison:30" => "estimate --data apistrat.csv --weight pw",
            _ => STRAT,
        };
        // Successive differences leave nothing to chance.
        let seed = if method == "sdr:20" { "" } else { "--seed x" };
        let export = format!(
            "{design} --mean api00 --by stype --resample {method} {seed} --export all.{ending}"
        );
        let made = rows(&bench, &export);
        let told: Value =
            serde_json::from_str(&bench.read(&format!("all.{ending}.json"))).expect("JSON");
        let wanted = if seed.is_empty() {
            Value::Null
        } else {
            "x".into()
        };
        assert_eq!(told["seed"], wanted, "{method}");
        assert_eq!(told["kind"], "canvass/replicates");
        let given = format!(
            "estimate --data all.{ending} --weight pw --replicates replicate_* --replicate-type other --rscales all.{ending}.json"
        );
        let came = rows(&bench, &format!("{given} --mean api00 --by stype"));
        for (made, came) in made.iter().zip(&came) {
            close(
                came,
                &[
                    ("estimate", made["estimate"].as_f64().expect("a number")),
                    ("se", made["se"].as_f64().expect("a number")),
                ],
            );
        }
    }
}

#[test]
fn what_the_file_beside_replicates_states_is_taken_and_said() {
    let bench = bench();
    let words =
        |asked: &str| -> Vec<String> { asked.split_whitespace().map(str::to_owned).collect() };
    let says = |asked: &str| {
        let words = words(asked);
        bench.says(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let figures = "--mean api00 --ratio api.stu/enroll";
    let made = format!("{STRAT} {figures} --resample jkn --centre mean --export m.csv");
    let made = rows(&bench, &made);
    let given = format!(
        "estimate --data m.csv --weight pw --replicates replicate_* --replicate-type other --rscales m.csv.json {figures}"
    );
    // By the centre that the file states; from the full sample's figure it is another number.
    let came = rows(&bench, &given);
    for (made, came) in made.iter().zip(&came) {
        close(came, &[("se", made["se"].as_f64().expect("a number"))]);
    }
    let json = says(&format!("{given} --format json")).json();
    let told = &json["replicates"];
    assert_eq!(
        (&told["centre"], &told["combined"]),
        (&"mean".into(), &true.into())
    );
    assert_eq!(
        told["stated"],
        serde_json::json!({"path": "m.csv.json", "taken": ["centre", "combined", "scale"]})
    );
    assert_eq!(json["read"], serde_json::json!(["m.csv", "m.csv.json"]));
    let said = says(&given);
    for part in [
        "The replicates, as m.csv.json states",
        "measured from",
        "their own mean",
        "weights",
    ] {
        assert!(said.out.contains(part), "no '{part}' in {}", said.out);
    }
    let said = says(&format!("{given} --lang zh"));
    assert!(
        said.out.contains("重复权数：按m.csv.json所述") && said.out.contains("各重复估计值的均值")
    );
    // Flags that agree change nothing, and are not told as taken.
    let same = "--centre mean --combined yes --scale 1";
    let json = says(&format!("{given} {same} --format json")).json();
    assert_eq!(json["replicates"]["stated"]["taken"], serde_json::json!([]));
    assert!(
        !says(&format!("{given} {same}"))
            .out
            .contains("as m.csv.json states")
    );
    for (flags, wanted) in [
        (
            "--centre full",
            "m.csv.json states centre mean, and --centre full is asked for",
        ),
        (
            "--mse",
            "m.csv.json states centre mean, and --centre full is asked for",
        ),
        (
            "--combined no --scale 2",
            "m.csv.json states combined yes, scale 1, and --combined no, --scale 2 is asked for",
        ),
    ] {
        for script in ["", "--script r"] {
            let said = says(&format!("{given} {flags} {script}"));
            assert_eq!(said.code, Some(2), "{flags}: {}", said.err);
            assert!(said.err.contains(wanted), "{flags}: {}", said.err);
        }
    }
    assert!(
        says(&format!("{given} --script r"))
            .out
            .contains("mse = FALSE")
    );
    // Constants alone state nothing of it.
    bench.write("half.txt", &"0.5 ".repeat(4));
    bench.write(
        "f.csv",
        "w,y,f1,f2,f3,f4\n2,1,0,2,1,1\n2,4,2,0,1,1\n3,2,1,1,0,2\n3,7,1,1,2,0\n",
    );
    let factors =
        "estimate --data f.csv --weight w --replicates f? --replicate-type jkn --mean y --rscales";
    let wanted = rows(
        &bench,
        &format!("{factors} half.txt --combined no --centre mean"),
    );
    let full = rows(&bench, &format!("{factors} half.txt --combined no"));
    let states = r#"{"kind": "canvass/replicates", "schema": 1, "method": "jkn", "count": 4, "columns": ["f1", "f4"],
        "scale": 1, "rscales": [0.5, 0.5, 0.5, 0.5], "centre": "CENTRE", "combined": false}"#;
    for (centre, wanted) in [("mean", wanted), ("full", full)] {
        bench.write("f.json", &states.replace("CENTRE", centre));
        let found = rows(&bench, &format!("{factors} f.json"));
        close(
            &found[0],
            &[("se", wanted[0]["se"].as_f64().expect("a number"))],
        );
        let said = says(&format!("{factors} f.json"));
        assert!(
            said.out.contains("factors of the full weight"),
            "{}",
            said.out
        );
        let script = says(&format!("{factors} f.json --script r"));
        assert!(
            script.out.contains("combined.weights = FALSE"),
            "{}",
            script.out
        );
    }
}

/// Strata of two clusters, and so many of them.
fn pairs(strata: u32) -> String {
    let row = |at: u32| {
        let (stratum, weight) = (at / 2, 5 + at % 3);
        format!("{stratum},{at},{weight},{}\n", (at * at * 7) % 23)
    };
    let rows: String = (0..2 * strata).map(row).collect();
    format!("h,c,w,y\n{rows}")
}

#[test]
fn exported_replicates_are_read_by_their_own_type() {
    let bench = Bench::new();
    bench.write("t.csv", &pairs(5));
    let design = "estimate --data t.csv --weight w --strata h --psu c --mean y --total y";
    let given = "estimate --data m.csv --weight w --replicates replicate_* --mean y --total y --rscales m.csv.json";
    for (made, kind) in [
        ("brr", "brr"),
        ("brr --centre mean", "brr"),
        ("fay:0.3", "fay --rho 0.3"),
        ("jk2 --seed x", "jk2"),
        ("sdr:20", "sdr"),
        ("sdr:20", "acs"),
        ("jkn", "jkn"),
    ] {
        let wanted = rows(
            &bench,
            &format!("{design} --resample {made} --export m.csv"),
        );
        for kind in [kind, "other"] {
            let came = rows(&bench, &format!("{given} --replicate-type {kind}"));
            for (wanted, came) in wanted.iter().zip(&came) {
                let of = |field: &str| wanted[field].as_f64().expect("a number");
                close(came, &[("estimate", of("estimate")), ("se", of("se"))]);
            }
        }
    }
    rows(&bench, &format!("{design} --resample brr --export m.csv"));
    let of = |asked: &str| {
        let asked = format!("{given} {asked}");
        let said = bench.says(&asked.split_whitespace().collect::<Vec<_>>());
        assert_eq!(said.code, Some(2), "{asked}: {}", said.err);
        said.err
    };
    for script in ["", "--script r"] {
        let said = of(&format!("--replicate-type jk2 {script}"));
        let wanted =
            "m.csv.json states scale 0.125, and --replicate-type jk2 with scale 1 is asked for";
        assert!(
            said.contains(wanted) && said.contains("--replicate-type other"),
            "{said}"
        );
    }
    let said = of("--replicate-type brr --scale 0.126");
    assert!(
        said.contains("states scale 0.125, and --scale 0.126"),
        "{said}"
    );
    // Without a file: the type's own constant may be written, rounded too, and no other.
    let alone = given.replace(" --rscales m.csv.json", " --replicate-type fay --rho 0.3");
    let wanted = rows(&bench, &alone);
    assert_eq!(rows(&bench, &format!("{alone} --scale 0.255102")), wanted);
    let asked = format!("{alone} --scale 0.25");
    let said = bench.says(&asked.split_whitespace().collect::<Vec<_>>());
    let both = "the scale is 0.25510204081632";
    assert!(
        said.err.contains(both) && said.err.contains("0.25 is given"),
        "{}",
        said.err
    );
    // Pairs have no constants of single replicates.
    bench.write("half.txt", &"0.5 ".repeat(8));
    let asked = given.replace("m.csv.json", "half.txt --replicate-type jk2");
    let said = bench.says(&asked.split_whitespace().collect::<Vec<_>>());
    assert!(
        said.err
            .contains("every scale is 1 by the kind itself, and 0.5 is given"),
        "{}",
        said.err
    );
    let states = bench.read("m.csv.json").replace(
        "\"centre\"",
        "\"rscales\": [1, 1, 1, 1, 1, 1, 1, 0.5], \"centre\"",
    );
    let states = states.replace("\"scale\": 0.125", "\"scale\": 1");
    bench.write("m.csv.json", &states);
    let said = of("--replicate-type jk2");
    assert!(
        said.contains("states rscales such as 0.5, and --replicate-type jk2 with rscales 1"),
        "{said}"
    );
}

#[test]
fn no_bit_depends_on_threads_beyond_figures() {
    let bench = bench();
    bench.shuffle("apistrat.csv");
    let further = "--mean api00 --share sch.wide --figure mean(api00)/mean(api99) --compare stype --correct max-t --ranks \
                   --table sch.wide,comp.imp --tests all --regress api00~ell+meals+C(sch.wide) --format json --seed x";
    for how in ["", "--resample bootstrap:30"] {
        let asked = format!("{STRAT} {further} {how}");
        let asked: Vec<&str> = asked.split_whitespace().collect();
        let said = |folder: &str, threads: &str| bench.printed(folder, threads, &asked);
        let one = said(".", "1");
        assert!(String::from_utf8_lossy(&one).contains("rao-scott-exact"));
        for threads in ["2", "16"] {
            assert!(said(".", threads) == one, "{threads} threads");
        }
        assert!(said("shuffled", "2") == one, "another order");
    }
}

#[test]
fn rows_as_csv_have_columns_for_what_any_row_has() {
    let bench = bench();
    let asked = format!("{STRAT} --mean api00 --table sch.wide,stype --format csv");
    let out = bench.done(&asked.split(' ').collect::<Vec<_>>()).out;
    let heading = "statistic,variable,level,domain,estimate,se,cv,ci_low,ci_high,df,n,p,df1,df2";
    assert_eq!(out.lines().next(), Some(heading));
    assert!(
        out.contains("rao-scott,sch.wide × stype,,all,17.24744396,,,,,197,200,0.0000002035"),
        "{out}"
    );
    let asked = format!("{STRAT} --table sch.wide,stype -o table.parquet");
    bench.done(&asked.split(' ').collect::<Vec<_>>());
    assert!(bench.path("table.parquet").exists());
}

#[test]
fn what_cannot_be_is_refused() {
    let bench = bench();
    bench.write("bad.txt", "c\n1\nx\n");
    let jk = "estimate --data apistrat.csv --weight pw --mean api00 --replicates";
    for (asked, what) in [
        (
            format!("{jk} rw* --replicate-type jk1"),
            "no column of apistrat.csv is called 'rw*'",
        ),
        (
            format!("{jk} rw[ --replicate-type jk1"),
            "is no pattern of names",
        ),
        (
            format!("{jk} api.. --replicate-type jk9"),
            "no replicate type 'jk9'",
        ),
        (format!("{jk} api.. --replicate-type fay"), "needs --rho"),
        (
            format!("{jk} api* --replicate-type jk1 --strata stype"),
            "no use for --strata",
        ),
        (
            format!("{jk} api* --replicate-type other"),
            "the scale is not known",
        ),
        (
            format!("{jk} api* --replicate-type jkn --rscales bad.txt"),
            "holds 'x'",
        ),
        (format!("{jk} api*"), "--replicate-type"),
        (
            format!("{STRAT} --mean api00 --resample coin"),
            "no method of replicates 'coin'",
        ),
        (
            format!("{STRAT} --mean api00 --resample jkn:3"),
            "'jkn:3' makes no replicates",
        ),
        (
            format!("{STRAT} --mean api00 --resample bootstrap"),
            "no seed is given",
        ),
        (
            format!("{STRAT} --mean api00 --resample jk1"),
            "for a design without strata",
        ),
        (
            format!("{STRAT} --mean api00 --resample jkn --export x.txt"),
            "ends in none of .csv",
        ),
        (
            format!("{STRAT} --mean api00 --compare stype --ranks"),
            "no seed is given",
        ),
        (
            format!("{STRAT} --mean api00 --compare stype --correct tukey"),
            "no correction 'tukey'",
        ),
        (format!("{STRAT} --mean api00 --correct holm"), "--compare"),
        (
            format!("{STRAT} --mean api00 --compare stype --correct holm --seed x"),
            "no use for --seed: nothing is left to chance",
        ),
        (
            format!("{STRAT} --table sch.wide,stype --seed x"),
            "no use for --seed",
        ),
        (
            format!("{STRAT} --mean api00 --resample jkn --seed x"),
            "no use for --seed",
        ),
        (
            format!("{STRAT} --table stype"),
            "does not name two columns",
        ),
        (
            format!("{STRAT} --table stype,nothing"),
            "no column 'nothing'",
        ),
        (
            format!("{STRAT} --mean api00 --tests all"),
            "no use for --tests",
        ),
        (format!("{STRAT} --fit stype"), "no column and a file"),
        (
            format!("{STRAT} --figure sum(api00)/"),
            "cannot be understood",
        ),
        (format!("{STRAT} --figure sum(stype)"), "holds labels"),
        (
            format!("{STRAT} --table sch.wide,stype --tests all --script r"),
            "cannot repeat all tests of tables",
        ),
        (
            format!("{STRAT} --mean api00 --resample jkn --script stata"),
            "replicates that are made here (it would make others: write them with --export",
        ),
    ] {
        let said = bench.says(&asked.split(' ').collect::<Vec<_>>());
        assert!(
            matches!(said.code, Some(2 | 3)),
            "{asked}: {:?} {}",
            said.code,
            said.err
        );
        assert!(said.err.contains(what), "{asked}: {}", said.err);
    }
}

#[test]
fn variances_that_replicates_cannot_make_are_told() {
    let bench = bench();
    // Group b is left out in one replicate; in c nothing moves.
    bench.write("x.csv", "w,y,g,r1,r2,r3\n1,1,a,2,1,0\n1,2,a,0,1,2\n1,5,b,0,2,1\n1,7,b,0,1,2\n1,4,c,1,1,1\n1,6,c,1,1,1\n");
    let asked = "estimate --data x.csv --weight w --mean y --by g --replicates r? --replicate-type bootstrap --format json";
    let said = bench.done(&asked.split(' ').collect::<Vec<_>>());
    let json = said.json();
    let told = json["notices"].to_string();
    assert!(
        told.contains("not_in_replicates") && told.contains("nothing_moves"),
        "{told}"
    );
    assert!(json["rows"][1]["se"].is_null() && json["rows"][2]["se"].is_null());
    assert!(
        said.err.contains("cannot be had in 1 of 3 replicates: 'b'"),
        "{}",
        said.err
    );
    assert!(json["strata"].is_null() && json["replicates"]["count"] == 3);
}
