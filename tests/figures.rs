//! Figures of a bare file: `canvass estimate --data`.

use std::path::Path;

use canvass::files::{Column, Columns, parquet};

use crate::support::{Bench, VS_R, assert_close};

/// A table of the tests' data, put into the bench under its own name.
fn bring(bench: &Bench, name: &str) -> String {
    let text = std::fs::read_to_string(Path::new("tests/data/api").join(name)).expect("the table");
    bench.write(name, &text);
    text
}

/// What is asked of California's schools, in strata.
const STRATIFIED: [&str; 16] = [
    "estimate",
    "--data",
    "apistrat.csv",
    "--weight",
    "pw",
    "--strata",
    "stype",
    "--fpc",
    "fpc",
    "--mean",
    "api00",
    "--total",
    "enroll",
    "--ratio",
    "api.stu/enroll",
    "--deff",
];

#[test]
fn figures_of_a_bare_file_agree_with_r() {
    let bench = Bench::new();
    bring(&bench, "apistrat.csv");
    let said = bench.done(&[&STRATIFIED[..], &["--format", "json"]].concat());
    let json = said.json();
    assert_eq!(
        (&json["kind"], &json["strata"]),
        (&"canvass/figures".into(), &3.into())
    );
    // R 4.2.2, survey 4.1-1, data(api); the file has weights with 15 digits, as R's own data.
    let wanted = [
        (
            "mean",
            "api00",
            662.287_363_2,
            9.408_940_802_78,
            Some(1.204_457_268_538),
        ),
        ("total", "enroll", 3_687_177.532_44, 114_641.716_101, None),
        (
            "ratio",
            "api.stu / enroll",
            0.836_956_886_941,
            0.007_757_103_166_64,
            None,
        ),
    ];
    let rows = json["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), wanted.len());
    for (row, (statistic, variable, estimate, se, deff)) in rows.iter().zip(wanted) {
        assert_eq!(
            (&row["statistic"], &row["variable"]),
            (&statistic.into(), &variable.into())
        );
        assert_eq!(
            (&row["df"], &row["n"], &row["domain"]),
            (&197.into(), &200.into(), &"all".into())
        );
        assert_close(row["estimate"].as_f64().expect("a number"), estimate, VS_R);
        assert_close(row["se"].as_f64().expect("a number"), se, VS_R);
        if let Some(deff) = deff {
            assert_close(row["deff"].as_f64().expect("a number"), deff, VS_R);
        }
    }
}

#[test]
fn every_domain_has_its_own_degrees_of_freedom() {
    let bench = Bench::new();
    bring(&bench, "apiclus1.csv");
    let asked = "estimate --data apiclus1.csv --weight pw --psu dnum --fpc fpc --mean api00 --by stype --format json";
    let json = bench.done(&asked.split(' ').collect::<Vec<_>>()).json();
    let wanted = [
        ("E", 648.868_055_6, 22.362_408_89, 14),
        ("H", 618.571_428_6, 38.020_249_36, 7),
        ("M", 631.44, 31.609_465_23, 11),
    ];
    for (row, (domain, estimate, se, df)) in
        json["rows"].as_array().expect("rows").iter().zip(wanted)
    {
        assert_eq!((&row["domain"], &row["df"]), (&domain.into(), &df.into()));
        assert_close(row["estimate"].as_f64().expect("a number"), estimate, VS_R);
        assert_close(row["se"].as_f64().expect("a number"), se, VS_R);
    }
    // The filter means the same rows as the domain does, to the last bit.
    let asked = "estimate --data apiclus1.csv --weight pw --psu dnum --fpc fpc --mean api00 --where stype=H --format json";
    let filtered = bench.done(&asked.split(' ').collect::<Vec<_>>()).json();
    for key in ["estimate", "se", "ci_low", "ci_high", "df", "n"] {
        assert_eq!(filtered["rows"][0][key], json["rows"][1][key], "{key}");
    }
    assert_eq!(filtered["rows"][0]["domain"], "stype=H");
}

#[test]
fn no_bit_depends_on_threads_or_on_the_order_of_rows() {
    let bench = Bench::new();
    bring(&bench, "apiclus2.csv");
    bench.shuffle("apiclus2.csv");
    let asked = "estimate --data apiclus2.csv --weight weight --psu dnum,snum --fpc fpc1,fpc2 --mean api00,enroll \
                 --total enroll --ratio api.stu/enroll --share sch.wide --by stype,comp.imp --deff --format json";
    let asked: Vec<&str> = asked.split_whitespace().collect();
    let said = |folder: &str, threads: &str| bench.printed(folder, threads, &asked);
    let one = said(".", "1");
    assert!(String::from_utf8_lossy(&one).contains("\"sch.wide\""));
    for threads in ["1", "2", "16"] {
        assert_eq!(said(".", threads), one, "{threads} threads");
        assert_eq!(
            said("shuffled", threads),
            one,
            "{threads} threads, another order"
        );
    }
}

#[test]
fn typed_numbers_of_parquet_give_the_same_figures() {
    let bench = Bench::new();
    let text = bring(&bench, "apistrat.csv");
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let heading = lines.next().expect("a heading");
    let rows: Vec<Vec<&str>> = lines.collect();
    let mut columns = Columns::default();
    for (place, name) in heading.into_iter().enumerate() {
        let cells = rows.iter().map(|row| row[place]);
        columns.push(
            name,
            match name {
                "fpc" => Column::Whole(cells.map(|cell| cell.parse().expect("a count")).collect()),
                "pw" | "api00" | "enroll" | "api.stu" => {
                    Column::Real(cells.map(|cell| cell.parse().ok()).collect())
                }
                _ => Column::Text(cells.map(str::to_owned).collect()),
            },
        );
    }
    parquet::write(&bench.path("schools.parquet"), &columns).expect("can be written");
    let mut asked = [&STRATIFIED[..], &["--format", "csv"]].concat();
    let of_csv = bench.done(&asked).out;
    asked[2] = "schools.parquet";
    assert_eq!(bench.done(&asked).out, of_csv);
}

#[test]
fn rows_are_never_dropped_and_what_is_left_out_is_told() {
    let bench = Bench::new();
    // Villages a, b, c with two people each; nobody in c answered, and one weighs nothing.
    bench.write(
        "x.csv",
        "village,w,y,kind\na,10,1,u\na,10,3,v\nb,10,2,u\nb,0,9,u\nc,10,NA,\nc,10,,v\n",
    );
    let asked = "estimate --data x.csv --weight w --psu village --total y --by kind --format json";
    let said = bench.done(&asked.split(' ').collect::<Vec<_>>());
    let json = said.json();
    let u = &json["rows"][0];
    // u: villages come to 10, 20 and 0: 3/2 · (0² + 10² + 10²)
    assert_eq!(
        (&u["domain"], &u["estimate"], &u["n"], &u["df"]),
        (&"u".into(), &30.0.into(), &2.into(), &1.into())
    );
    assert_close(u["se"].as_f64().expect("a number"), 300_f64.sqrt(), 1e-12);
    assert_eq!(json["rows"][1]["notices"][0]["notice"], "missing_answers");
    let notices = json["notices"].as_array().expect("notices");
    let kinds: Vec<&str> = notices
        .iter()
        .map(|notice| notice["notice"].as_str().expect("a kind"))
        .collect();
    assert_eq!(kinds, ["no_domain", "missing_answers"]);
    assert!(
        said.err.contains("1 rows are in no domain")
            && said.err.contains("1 rows have no answer to 'y'"),
        "{}",
        said.err
    );
}

#[test]
fn a_lonely_stratum_is_named_with_every_remedy() {
    let bench = Bench::new();
    bring(&bench, "apiclus1.csv");
    let asked = |rule: &[&'static str]| {
        let mut words = vec![
            "estimate",
            "--data",
            "apiclus1.csv",
            "--weight",
            "pw",
            "--strata",
            "dnum",
        ];
        words.extend(["--total", "api00", "--format", "json"]);
        words.extend(rule);
        bench.done(&words)
    };
    let failed = asked(&[]);
    assert_eq!(failed.json()["rows"][0]["se"], serde_json::Value::Null);
    for word in ["'413'", "certainty", "adjust", "average", "collapse", "fpc"] {
        assert!(failed.err.contains(word), "{}", failed.err);
    }
    for (rule, wanted) in [
        ("adjust", 36_098.993),
        ("remove", 35_960.988),
        ("average", 37_223.159),
    ] {
        let json = asked(&["--lonely", rule]).json();
        assert_close(
            json["rows"][0]["se"].as_f64().expect("a number"),
            wanted,
            1e-7,
        );
        assert_eq!(json["notices"][0]["notice"], "lonely_taken");
    }
}

#[test]
fn what_is_wrong_with_a_table_is_told_at_once() {
    let bench = Bench::new();
    bring(&bench, "apiclus1.csv");
    bench.write("x.csv", "v,w,y,n\na,-1,1,3\n,2,x,3\nb,,2,0\n");
    let says = |words: &str| bench.says(&words.split(' ').collect::<Vec<_>>());
    let said = says("estimate --data x.csv --weight w --psu v --fpc n --mean y");
    assert_eq!(said.code, Some(3), "{}", said.err);
    for part in [
        "5 cells",
        "line 2, w: '-1'",
        "line 4, w: nothing",
        "line 3, v: nothing",
        "line 4, n: '0'",
        "line 3, y: 'x'",
    ] {
        assert!(said.err.contains(part), "{part}: {}", said.err);
    }
    let said = says("estimate --data apiclus1.csv --weight pww --strata dnun --mean api00");
    assert_eq!(said.code, Some(2));
    assert!(
        said.err.contains("no column 'pww', 'dnun'") && said.err.contains("'pw', 'dnum'?"),
        "{}",
        said.err
    );
    let said = says(
        "estimate --data apiclus1.csv --weight pw --strata stype --psu dnum --fpc api00 --mean api00",
    );
    assert_eq!(said.code, Some(3));
    assert!(
        said.err
            .contains("12 clusters of stage 1 are in more than one stratum"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("not the same in all rows of 3 strata") && said.err.contains("--nest"),
        "{}",
        said.err
    );
    for (words, what) in [
        (
            "estimate --data apiclus1.csv --weight pw",
            "no figure was asked for",
        ),
        (
            "estimate --data apiclus1.csv --weight pw --ratio api00",
            "no ratio of two columns",
        ),
        (
            "estimate --data apiclus1.csv --weight pw --mean api00 --confidence 95",
            "not between 0 and 1",
        ),
        (
            "estimate --data apiclus1.csv --weight pw --mean api00 --where api00>",
            "a value is needed",
        ),
        (
            "estimate --data apiclus1.csv --weight pw --mean api00 --fpc fpc,fpc",
            "fpc of 2 stages",
        ),
        (
            "estimate --data apiclus1.csv --weight pw --mean api00 --set plan.pool=3",
            "opens none",
        ),
    ] {
        let said = says(words);
        assert_eq!(said.code, Some(2), "{words}: {}", said.err);
        assert!(said.err.contains(what), "{words}: {}", said.err);
    }
}

/// The rows of a request on California's schools in strata, as JSON.
fn rows_of(bench: &Bench, words: &str) -> Vec<serde_json::Value> {
    let asked = format!(
        "estimate --data apistrat.csv --weight pw --strata stype --fpc fpc {words} --format json"
    );
    let json = bench
        .done(&asked.split_whitespace().collect::<Vec<_>>())
        .json();
    json["rows"].as_array().expect("rows").clone()
}

fn number(row: &serde_json::Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or_else(|| panic!("{key}: {row}"))
}

#[test]
fn quantiles_agree_with_r_by_every_rule() {
    let bench = Bench::new();
    bring(&bench, "apistrat.csv");
    // R 4.2.2, survey 4.1-1: svyquantile(~api00, d, c(.25, .5, .9), qrule = …), of the table in the order
    // of answers and weights: with equal answers of unequal weights, R's lines depend on its order.
    for (rule, interval, wanted) in [
        (
            "hf1",
            "t",
            [
                ("0.25", 565.0, 535.0, 597.0, 15.719_451_132_039_1),
                ("0.5", 668.0, 642.0, 694.0, 13.184_055_788_161_8),
                ("0.9", 836.0, 806.0, 865.0, 14.958_832_528_875_9),
            ],
        ),
        (
            "hf7",
            "t",
            [
                (
                    "0.25",
                    565.0,
                    536.958_224_981_307,
                    597.444_834_796_446,
                    15.335_746_889_222_3,
                ),
                (
                    "0.5",
                    667.608_572_533_523,
                    637.282_812_956_570,
                    680.819_591_653_403,
                    11.038_294_599_536_5,
                ),
                (
                    "0.9",
                    836.0,
                    805.372_316_111_801,
                    864.251_328_320_476,
                    14.928_157_340_596_9,
                ),
            ],
        ),
        (
            "hf7",
            "xlogit",
            [
                (
                    "0.25",
                    565.0,
                    540.553_975_664_968,
                    598.851_016_900_040,
                    14.780_604_690_922_4,
                ),
                (
                    "0.5",
                    667.608_572_533_523,
                    637.802_154_618_076,
                    680.600_141_753_152,
                    10.850_981_730_959_2,
                ),
                (
                    "0.9",
                    836.0,
                    786.123_331_788_895,
                    861.750_588_216_995,
                    19.174_499_381_801_7,
                ),
            ],
        ),
    ] {
        let words = format!("--quantile api00:0.25,0.5,0.9 --rule {rule} --interval {interval}");
        let rows = rows_of(&bench, &words);
        assert_eq!(rows.len(), 3);
        for (row, (level, estimate, low, high, se)) in rows.iter().zip(wanted) {
            assert_eq!(
                (&row["statistic"], &row["variable"]),
                (&"quantile".into(), &"api00".into())
            );
            assert_eq!(row["level"], level);
            assert_close(number(row, "estimate"), estimate, VS_R);
            assert_close(number(row, "ci_low"), low, VS_R);
            assert_close(number(row, "ci_high"), high, VS_R);
            assert_close(number(row, "se"), se, VS_R);
        }
    }
    // R's words for two of them; the median, unless shares are named; several columns at once.
    let math = rows_of(&bench, "--quantile api00 --quantile enroll:0.1 --rule math");
    assert_eq!(
        math,
        rows_of(&bench, "--quantile api00:0.5 --quantile enroll:0.1")
    );
    assert_eq!(
        rows_of(&bench, "--quantile api00 --rule school"),
        rows_of(&bench, "--quantile api00 --rule hf2")
    );
    for rule in ["hf3", "hf4", "hf5", "hf6", "hf8", "hf9"] {
        assert_eq!(
            rows_of(&bench, &format!("--quantile api00 --rule {rule}")).len(),
            1
        );
    }
}

#[test]
fn how_people_differ_agrees_with_r() {
    let bench = Bench::new();
    bring(&bench, "apistrat.csv");
    bring(&bench, "apiclus1.csv");
    let rows = rows_of(&bench, "--variance api00 --sd api00");
    // R: svyvar(~api00, d); the standard deviation is its root, by the delta method.
    let (variance, se) = (15_190.586_205_827_34, 1_255.739_978_680_98);
    assert_eq!(rows[0]["statistic"], "population-variance");
    assert_close(number(&rows[0], "estimate"), variance, VS_R);
    assert_close(number(&rows[0], "se"), se, VS_R);
    assert_close(number(&rows[1], "estimate"), variance.sqrt(), VS_R);
    assert_close(number(&rows[1], "se"), se / (2.0 * variance.sqrt()), VS_R);
    let asked = "estimate --data apiclus1.csv --weight pw --psu dnum --fpc fpc --correlation api00,enroll --format json";
    let json = bench.done(&asked.split(' ').collect::<Vec<_>>()).json();
    let row = &json["rows"][0];
    assert_eq!(row["variable"], "api00, enroll");
    assert_close(number(row, "estimate"), -0.140_617_653_982_025, VS_R);
}

#[test]
fn intervals_of_shares_agree_with_r() {
    let bench = Bench::new();
    bring(&bench, "apistrat.csv");
    // R: svyciprop(~I(sch.wide == "Yes"), d, method = …); its logit and likelihood fit a model, to fewer digits.
    for (way, low, high, within) in [
        ("xlogit", 0.774_539_654_746_768, 0.870_814_854_943_599, VS_R),
        ("logit", 0.774_539_654_351_568, 0.870_814_854_544_508, 1e-8),
        ("beta", 0.774_171_328_597_313, 0.873_431_592_620_735, VS_R),
        (
            "likelihood",
            0.776_411_853_428_491,
            0.872_415_866_051_528,
            1e-5,
        ),
        (
            "arcsine",
            0.777_417_908_234_320,
            0.873_178_834_149_903,
            VS_R,
        ),
        ("t", 0.779_938_180_972_881, 0.875_957_841_858_766, VS_R),
    ] {
        let rows = rows_of(&bench, &format!("--share sch.wide --interval {way}"));
        let yes = rows
            .iter()
            .find(|row| row["level"] == "Yes")
            .expect("schools");
        assert_close(number(yes, "estimate"), 0.827_948_011_415_824, VS_R);
        assert_close(number(yes, "ci_low"), low, within);
        assert_close(number(yes, "ci_high"), high, within);
    }
    assert_eq!(
        rows_of(&bench, "--share sch.wide --interval wilson").len(),
        2
    );
}

#[test]
fn every_pair_of_levels_is_compared_and_shares_what_it_shares() {
    let bench = Bench::new();
    bring(&bench, "apistrat.csv");
    bring(&bench, "apiclus1.csv");
    // R: svycontrast(svyby(~api00, ~stype, d, svymean, covmat = TRUE), …)
    let rows = rows_of(&bench, "--mean api00 --compare stype");
    let domains: Vec<&str> = rows
        .iter()
        .filter_map(|row| row["domain"].as_str())
        .collect();
    assert_eq!(domains, ["E", "H", "M", "E − H", "E − M", "H − M"]);
    for (row, (estimate, se)) in
        rows[3..]
            .iter()
            .zip([(48.61, 19.402_16), (37.83, 20.402_02), (-10.78, 22.046_19)])
    {
        assert_eq!(
            (&row["statistic"], &row["variable"]),
            (&"difference".into(), &"mean of api00".into())
        );
        assert_close(number(row, "estimate"), estimate, 1e-9);
        assert_close(number(row, "se"), se, 1e-6);
    }
    let asked = "estimate --data apiclus1.csv --weight pw --psu dnum --fpc fpc --mean api00 --by sch.wide --compare stype --format json";
    let json = bench.done(&asked.split(' ').collect::<Vec<_>>()).json();
    let rows = json["rows"].as_array().expect("rows");
    let pairs: Vec<&str> = rows
        .iter()
        .filter(|row| row["statistic"] == "difference")
        .filter_map(|row| row["domain"].as_str())
        .collect();
    assert_eq!(
        pairs,
        [
            "No / E − No / H",
            "No / E − No / M",
            "No / H − No / M",
            "Yes / E − Yes / H",
            "Yes / E − Yes / M",
            "Yes / H − Yes / M"
        ]
    );
    // Shares and quantiles are compared as well.
    let rows = rows_of(&bench, "--share sch.wide --quantile api00 --compare stype");
    let of: Vec<&str> = rows
        .iter()
        .filter(|row| row["domain"] == "E − H")
        .filter_map(|row| row["variable"].as_str())
        .collect();
    assert_eq!(
        of,
        [
            "share of sch.wide",
            "share of sch.wide",
            "quantile of api00"
        ]
    );
}

#[test]
fn standards_tell_what_speaks_against_a_share() {
    let bench = Bench::new();
    bring(&bench, "apistrat.csv");
    let rows = rows_of(
        &bench,
        "--share sch.wide --by comp.imp,stype --standards nchs",
    );
    let doubted = |row: &serde_json::Value| {
        let notices = row["notices"].as_array().expect("notices").clone();
        notices
            .into_iter()
            .find(|notice| notice["notice"] == "doubted")
    };
    let of = |domain: &str, level: &str| {
        let is = |row: &&serde_json::Value| row["domain"] == domain && row["level"] == level;
        doubted(rows.iter().find(is).expect("schools")).expect("a doubt")
    };
    let sure = of("Yes / E", "Yes");
    assert_eq!(
        (&sure["verdict"], &sure["doubts"]),
        (&"publish".into(), &serde_json::json!(["complement"])),
        "a footnote: that of the others is not to be published"
    );
    assert_eq!(
        of("Yes / E", "No")["doubts"],
        serde_json::json!(["wide_beside"])
    );
    let thin = of("No / E", "No");
    assert_eq!(thin["verdict"], "suppress");
    assert!(
        thin["doubts"]
            .as_array()
            .expect("doubts")
            .contains(&"few_answers".into()),
        "{thin}"
    );
    assert!(of("Yes / M", "No")["doubts"].to_string().contains("alike"));
    let whole = rows_of(&bench, "--share sch.wide --standards nchs");
    assert!(whole.iter().all(|row| doubted(row).is_none()));
    let asked = "estimate --data apistrat.csv --weight pw --strata stype --share sch.wide --by stype --standards nchs";
    let table = bench.done(&asked.split(' ').collect::<Vec<_>>()).out;
    assert!(
        table.contains("by the standards") && table.contains("publish"),
        "{table}"
    );
}

#[test]
fn what_decides_of_nothing_is_refused() {
    let bench = Bench::new();
    bring(&bench, "apistrat.csv");
    for (words, what) in [
        ("--mean api00 --rule hf7", "--rule decides of a quantile"),
        (
            "--mean api00 --interval logit",
            "--interval decides of a share",
        ),
        (
            "--quantile api00 --standards nchs",
            "--standards decides of a share",
        ),
        ("--quantile api00 --rule hf10", "no rule 'hf10'"),
        ("--share stype --interval exact", "no interval 'exact'"),
        ("--quantile api00:90", "no quantile"),
        ("--correlation api00", "no pair of columns"),
        ("--mean api00 --compare stipe", "no column 'stipe'"),
        ("--mean api00 --compare cds", "pairs"),
        ("--mean api00 -o figures.txt", "ends in none of .json"),
    ] {
        let asked = format!("estimate --data apistrat.csv --weight pw {words}");
        let said = bench.says(&asked.split_whitespace().collect::<Vec<_>>());
        assert_eq!(said.code, Some(2), "{words}: {}", said.err);
        assert!(said.err.contains(what), "{words}: {}", said.err);
    }
}
