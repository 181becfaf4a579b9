//! Report cards of weights that somebody brings: what R makes of them, and what is wrong with them.

use std::fmt::Write;
use std::path::Path;

use crate::support::{Bench, SUMMED, VS_R, assert_close};

fn words(text: &str) -> Vec<&str> {
    text.split(' ').collect()
}

/// A table of the tests' data, put into the bench under its own name.
fn bring(bench: &Bench, name: &str) {
    let text = std::fs::read_to_string(Path::new("tests/data/api").join(name)).expect("the table");
    bench.write(name, &text);
}

fn number(value: &serde_json::Value) -> f64 {
    value.as_f64().expect("a number")
}

#[test]
fn design_effects_are_those_of_r() {
    let bench = Bench::new();
    bring(&bench, "apistrat.csv");
    let asked = "weigh --check apistrat.csv --weight pw --strata stype --answer api00 --auxiliary enroll,stype --format json";
    let json = bench.done(&words(asked)).json();
    // R 4.2.2: tests/data/cards/make.R
    assert_close(number(&json["henry"]), 1.131_059_378_182_917_7, VS_R);
    let told = &json["chen_rust"];
    assert_close(number(&told["all"]["product"]), 1.197_495_145_176_172, VS_R);
    let wanted = [
        ("E", 1.052_285_792_421_470_8),
        ("H", 0.046_795_553_074_219_49),
        ("M", 0.098_413_799_680_481_63),
    ];
    for (label, stratification) in wanted {
        let all = told["strata"].as_array().expect("strata");
        let mine = all.iter().find(|one| one["label"] == label);
        let mine = mine.expect("a stratum");
        assert_close(number(&mine["stratification"]), stratification, VS_R);
        assert_close(number(&mine["weighting"]), 1.0, SUMMED);
        assert_close(number(&mine["clustering"]), 1.0, SUMMED);
    }

    bring(&bench, "apiclus1.csv");
    let asked = "weigh --check apiclus1.csv --weight pw --psu dnum --answer api00";
    let json = bench.done(&words(&format!("{asked} --format json"))).json();
    let told = &json["chen_rust"];
    assert_close(number(&told["all"]["product"]), 9.534_802_121_424_999, VS_R);
    let only = &told["strata"][0];
    assert_close(number(&only["size"]), 21.655_737_704_918_035, VS_R);
    assert_close(number(&only["alike"]), 0.413_192_801_116_607_06, VS_R);
    assert_eq!(
        (&only["clusters"], &json["henry"]),
        (&15.into(), &().into())
    );
    let shown = bench.done(&words(asked));
    assert!(shown.out.contains("9.535"), "{}", shown.out);
    let shown = bench.done(&words(&format!("{asked} --lang zh")));
    assert!(shown.out.contains("设计效应的分解"), "{}", shown.out);
}

/// Weights that five people got in three steps; the fourth weight is wrong.
const STEPS: &str = "id,base,nr,cal,w,y,side\n\
a,10,1.5,0.9,13.5,1,n\n\
b,10,0,1,0,,n\n\
c,20,1.2,1.1,26.4,-2,n\n\
d,20,1.5,1.05,31,3,s\n\
e,40,1.25,0.8,40,4,s\n";

#[test]
fn factors_tell_what_each_step_cost_and_which_weights_they_do_not_make() {
    let bench = Bench::new();
    bench.write("w.csv", STEPS);
    let asked = "weigh --check w.csv --weight w --id id --factors base,nr,cal --domain side --answer y --sum 111.4";
    let json = bench.done(&words(&format!("{asked} --format json"))).json();
    let steps = json["factors"]["steps"].as_array().expect("steps");
    // R 4.2.2: tests/data/cards/make.R
    let kish = [1.3, 1.186_639_361_627_003_7, 1.118_927_055_365_206_6];
    for (step, kish) in steps.iter().zip(kish) {
        assert_close(number(&step["kish"]), kish, SUMMED);
    }
    assert_close(number(&steps[1]["ratio"]), kish[1] / kish[0], SUMMED);
    let unequal = json["factors"]["unequal"].as_array().expect("rows");
    assert_eq!((unequal.len(), &unequal[0]["id"]), (1, &"d".into()));
    assert_close(number(&unequal[0]["product"]), 31.5, SUMMED);
    assert_close(number(&unequal[0]["relative"]), 0.5 / 31.5, 1e-10);
    // The weights add up to 110.9.
    let whole = &json["controls"][0];
    assert_eq!(
        (&whole["control"], &whole["target"]),
        (&"w".into(), &111.4.into())
    );
    assert_close(number(&whole["reached"]), 110.9, SUMMED);
    let heaviest = json["heaviest"].as_array().expect("rows");
    let told: Vec<(&str, &str)> = heaviest
        .iter()
        .filter_map(|one| Some((one["label"].as_str()?, one["id"].as_str()?)))
        .collect();
    assert_eq!(told, [("all", "e"), ("n", "c"), ("s", "e")]);
    assert_close(number(&heaviest[0]["share"]), 40.0 / 110.9, SUMMED);
    // 160 of 13.5 + 52.8 + 93 + 160.
    let weighty = json["weighty"].as_array().expect("rows");
    assert_eq!(weighty[0]["id"], "e");
    assert_close(number(&weighty[0]["share"]), 160.0 / 319.3, SUMMED);
    assert_eq!(weighty.len(), 4 + 4);
    let shown = bench.done(&words(asked));
    assert!(
        shown.out.contains("not the product of their factors: 1")
            && shown.err.contains("1 of 1 known totals are not met"),
        "{}{}",
        shown.out,
        shown.err
    );
    let said = bench.says(&words("weigh --check w.csv --weight w --sum 0"));
    assert_eq!(said.code, Some(2), "{}", said.err);
}

/// Eight people of four pairs, and replicates that leave half of each pair out. The last column
/// repeats the first, if it is asked for.
fn half_samples(repeated: bool) -> String {
    let signs = [
        "++++", "+-+-", "++--", "+--+", "----", "-+-+", "--++", "-++-",
    ];
    let mut table = "id,pair,who,w".to_owned();
    for place in 1..=signs.len() {
        write!(table, ",rw{place}").expect("memory");
    }
    table.push('\n');
    for person in 0..8 {
        let (pair, first) = (person / 2, person % 2 == 0);
        let weight = 10 + 2 * person;
        write!(table, "p{person},{pair},{person},{weight}").expect("memory");
        for place in 0..signs.len() {
            let place = if repeated && place == 7 { 0 } else { place };
            let plus = signs[place].as_bytes()[pair] == b'+';
            let factor = if plus == first { 2 } else { 0 };
            write!(table, ",{}", factor * weight).expect("memory");
        }
        table.push('\n');
    }
    table
}

#[test]
fn replicates_that_go_with_their_weights_raise_no_doubt_and_others_are_named() {
    let bench = Bench::new();
    bench.write("rw.csv", &half_samples(false));
    let asked = |file: &str, kind: &str| {
        format!(
            "weigh --check {file} --weight w --id id --strata pair --psu who --replicates rw[0-9]+ --replicate-type {kind} --format json"
        )
    };
    let json = bench.done(&words(&asked("rw.csv", "brr"))).json();
    let told = &json["replicates"];
    assert_eq!((&told["count"], &told["kind"]), (&8.into(), &"brr".into()));
    assert_eq!(told["doubts"], serde_json::json!([]));
    assert_close(number(&told["mean"]["ratio"]), 1.0, SUMMED);
    assert_eq!(told["mean"]["off"], 0);
    // Four of eight are left out; 2 · (10 + 14 + 18 + 22) of 136 are kept.
    let first = &told["columns"][0];
    assert_eq!(
        (&first["column"], &first["zero"]),
        (&"rw1".into(), &4.into())
    );
    assert_close(number(&first["ratio"]), 128.0 / 136.0, SUMMED);
    assert_eq!(
        (number(&first["least"]), number(&first["most"])),
        (0.0, 2.0)
    );

    bench.write("twice.csv", &half_samples(true));
    let json = bench.done(&words(&asked("twice.csv", "brr"))).json();
    let doubts = json["replicates"]["doubts"].as_array().expect("doubts");
    let words_of: Vec<&str> = doubts
        .iter()
        .filter_map(|one| one["doubt"].as_str())
        .collect();
    assert!(
        words_of.contains(&"alike") && words_of.contains(&"mean_rows"),
        "{words_of:?}"
    );
    // A jackknife of eight has as many columns; Fay's leaves nobody out.
    let json = bench.done(&words(&asked("rw.csv", "fay"))).json();
    assert_eq!(json["replicates"]["doubts"][0]["doubt"], "somebody_out");
    let json = bench.done(&words(&asked("rw.csv", "jk2"))).json();
    let number_of = &json["replicates"]["doubts"][0];
    assert_eq!(
        (&number_of["doubt"], &number_of["wanted"]),
        (&"number".into(), &4.into())
    );
    let shown = bench.done(&words(
        "weigh --check twice.csv --weight w --replicates rw[0-9]+ --replicate-type brr",
    ));
    assert!(shown.out.contains("rw8 = rw1"), "{}", shown.out);

    let said = bench.says(&words(
        "weigh --check rw.csv --weight w --replicates zz[0-9]+",
    ));
    assert_eq!(said.code, Some(2));
    assert!(
        said.err.contains("no column fits 'zz[0-9]+'"),
        "{}",
        said.err
    );
    let said = bench.says(&words(&asked("rw.csv", "brrr")));
    assert!(said.err.contains("did you mean 'brr'"), "{}", said.err);
    let said = bench.says(&words("weigh --check rw.csv --weight w --replicates rw(1)"));
    assert!(
        said.err.contains("is no pattern of columns"),
        "{}",
        said.err
    );
}

#[test]
fn differences_are_told_by_domain_with_both_directions_of_missing_ids() {
    let bench = Bench::new();
    bench.write("ours.csv", "id,side,w\na,n,1\nb,n,2\nc,s,4\nd,s,5\n");
    bench.write("theirs.csv", "w,id,side\n5,c,s\n2,b,n\n1,a,n\n7,e,w\n");
    let asked = "weigh --compare ours.csv theirs.csv --id id --weight w --domain side";
    let json = bench.done(&words(&format!("{asked} --format json"))).json();
    let parts = json["parts"].as_array().expect("parts");
    let counts: Vec<(&str, [u64; 4])> = parts
        .iter()
        .map(|part| {
            let counts = ["both", "differing", "only_ours", "only_theirs"];
            let label = part["label"].as_str().expect("a label");
            (
                label,
                counts.map(|key| part[key].as_u64().expect("a count")),
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("all", [3, 1, 1, 1]),
            ("n", [2, 0, 0, 0]),
            ("s", [1, 1, 1, 0]),
            ("w", [0, 0, 0, 1]),
        ]
    );
    assert_eq!(
        (number(&parts[0]["ours"]), number(&parts[0]["theirs"])),
        (12.0, 15.0)
    );
    assert_close(number(&parts[0]["mean"]), 0.2 / 3.0, SUMMED);
    let shown = bench.done(&words(asked));
    assert!(
        shown.out.contains("Differences by domain")
            && shown.out.contains("Records of one table only"),
        "{}",
        shown.out
    );
    // Their table needs no column of domains, and then what only they have counts for all.
    bench.write("bare.csv", "w,id\n5,c\n7,e\n");
    let asked = "weigh --compare ours.csv bare.csv --id id --weight w --domain side --format json";
    let json = bench.done(&words(asked)).json();
    assert_eq!(json["parts"].as_array().map(Vec::len), Some(3));
    assert_eq!(json["parts"][0]["only_theirs"], 1);
}
