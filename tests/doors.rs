//! What else may be asked of a draw from a file: to go on from an earlier one, to leave units in peace, to take
//! small strata whole, to land otherwise, to tell the chances of pairs; and what comes next.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::support::{Bench, EXACT, SUMMED, Said, assert_close};

/// 60 firms: 36 of the north, 20 of the south, 4 of the west; in shops of four.
fn firms() -> String {
    let mut list = "firm,region,shop,turnover,people\n".to_owned();
    for at in 0..60_u32 {
        let region = match at {
            0..36 => "north",
            36..56 => "south",
            _ => "west",
        };
        let (shop, turnover) = (at / 4 % 9, 1 + at * 7 % 13);
        writeln!(
            list,
            "f{at:02},{region},s{shop},{turnover},{}",
            3 + at * 5 % 11
        )
        .expect("memory");
    }
    list
}

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("firms.csv", &firms());
    bench
}

const LIST: [&str; 7] = ["draw", "--data", "firms.csv", "--id", "firm", "--seed", "x"];

fn says(bench: &Bench, more: &[&str]) -> Said {
    bench.says(&[&LIST[..], more].concat())
}

#[track_caller]
fn done(bench: &Bench, more: &[&str]) -> Said {
    bench.done(&[&LIST[..], more].concat())
}

#[track_caller]
fn refused(said: &Said, code: i32, parts: &[&str]) {
    assert_eq!(said.code, Some(code), "{}{}", said.out, said.err);
    for part in parts {
        assert!(said.err.contains(part), "no '{part}' in\n{}", said.err);
    }
    assert_eq!(said.out, "");
}

fn rows(bench: &Bench, file: &str) -> Vec<BTreeMap<String, String>> {
    let text = bench.read(file);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

fn ids(bench: &Bench, file: &str) -> BTreeSet<String> {
    rows(bench, file)
        .into_iter()
        .map(|mut row| row.remove("firm").expect("an id"))
        .collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().expect("a number")
}

fn json(bench: &Bench, file: &str) -> serde_json::Value {
    serde_json::from_str(&bench.read(file)).expect("JSON")
}

/// A draw by these words, and one that goes on from it; what both share by the ids, and the manifest's word.
fn two(bench: &Bench, first: &[&str], second: &[&str], turn: &[&str]) -> (u64, serde_json::Value) {
    done(bench, &[first, &["-o", "one.csv"]].concat());
    let wave = [&["--before", "one.csv.json"], turn, &["-o", "two.csv"]].concat();
    let said = done(bench, &[second, &wave].concat());
    assert!(said.out.contains("Units to be shared with"), "{}", said.out);
    assert!(said.out.contains("Units shared with"), "{}", said.out);
    let both = ids(bench, "one.csv")
        .intersection(&ids(bench, "two.csv"))
        .count() as u64;
    let told = json(bench, "two.csv.json")["coordination"].clone();
    assert_eq!(told["all"]["found"].as_u64(), Some(both), "{told}");
    (both, told)
}

#[test]
fn an_earlier_draw_is_met_again_or_avoided() {
    let bench = bench();
    let simple = ["--strata", "region", "--n", "15"];
    let (both, told) = two(&bench, &simple, &simple, &["--turn", "same"]);
    assert_eq!((both, told["all"]["expected"].as_f64()), (15, Some(15.0)));
    let (both, told) = two(&bench, &simple, &simple, &["--turn", "reflect"]);
    assert_eq!((both, told["all"]["expected"].as_f64()), (0, Some(0.0)));
    assert_eq!(
        (told["all"]["exact"].as_bool(), told["turn"].as_str()),
        (Some(true), Some("reflect"))
    );
    // A third goes on from the second; and the same as the first.
    let third = [
        &simple[..],
        &[
            "--before",
            "two.csv",
            "--turn",
            "reflect",
            "-o",
            "three.csv",
        ],
    ]
    .concat();
    done(&bench, &third);
    assert_eq!(ids(&bench, "three.csv"), ids(&bench, "one.csv"));
    for turn in [
        ["--turn", "shift", "--share", "0.5"],
        ["--turn", "rotate", "--share", "0.25"],
    ] {
        let (_, told) = two(&bench, &simple, &simple, &turn);
        assert_eq!(told["all"]["exact"], true, "{told}");
    }
    // In proportion to size, from 15 to 20: near, and each unit on its own exactly.
    let by_size = |n: &'static str, method: &'static str| {
        [
            "--strata", "region", "--size", "turnover", "--n", n, "--method", method,
        ]
    };
    for (method, exact) in [("pareto", false), ("poisson", true)] {
        let (_, told) = two(
            &bench,
            &by_size("15", method),
            &by_size("20", method),
            &["--turn", "same"],
        );
        let expected = told["all"]["expected"].as_f64().expect("known");
        assert_eq!(told["all"]["exact"].as_bool(), Some(exact), "{told}");
        assert!((13.0..=15.0).contains(&expected), "{told}");
    }
}

#[test]
fn a_random_size_by_rate_is_turned_with_its_own_chance() {
    let bench = bench();
    let rate = ["--rate", "0.41", "--method", "bernoulli"];
    let (_, told) = two(&bench, &rate, &rate, &["--turn", "reflect"]);
    assert_close(told["all"]["expected"].as_f64().expect("known"), 0.0, EXACT);
    for row in rows(&bench, "two.csv") {
        assert_close(number(&row, "probability"), 0.41, SUMMED);
    }
}

#[test]
fn what_both_share_is_unknown_without_the_earlier_sample() {
    let bench = bench();
    done(&bench, &["--n", "10", "-o", "one.csv"]);
    let wave = ["--n", "10", "--before", "one.csv.json", "--turn", "same"];
    // On standard output stands the sample alone.
    let said = done(&bench, &wave);
    assert!(said.out.starts_with("firm,"), "{}", said.out);
    assert!(
        said.err.contains("10.0 units are expected in both samples"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("chances are exact") && said.err.contains("fingerprint"),
        "{}",
        said.err
    );
    std::fs::remove_file(bench.path("one.csv")).expect("it was there");
    done(&bench, &[&wave[..], &["-o", "two.csv"]].concat());
    let told = json(&bench, "two.csv.json")["coordination"]["all"].clone();
    assert_eq!(
        (told["expected"].as_f64(), told["found"].is_null()),
        (Some(10.0), true)
    );
    // Of a longer list, the earlier one is read again as long as it is there.
    bench.write("more.csv", &(firms() + "f60,west,s1,3,4\n"));
    let more = [
        "draw",
        "--data",
        "more.csv",
        "--id",
        "firm",
        "--seed",
        "x",
        "-o",
        "three.csv",
    ];
    bench.done(&[&more[..], &wave].concat());
    let told = json(&bench, "three.csv.json")["coordination"]["all"].clone();
    assert!(
        told["expected"]
            .as_f64()
            .is_some_and(|both| (9.0..=10.0).contains(&both)),
        "{told}"
    );
    assert_eq!(told["exact"], false);
}

#[test]
fn a_draw_that_cannot_go_on_is_refused_with_all_that_is_in_the_way() {
    let bench = bench();
    done(&bench, &["--n", "10", "-o", "one.csv"]);
    let other = [
        "draw",
        "--data",
        "firms.csv",
        "--id",
        "firm",
        "--seed",
        "y",
        "--n",
        "9",
    ];
    let wave = ["--before", "one.csv.json", "--turn", "same"];
    let said = bench.says(&[&other[..], &wave, &["--method", "pivotal"]].concat());
    let parts = [
        "by the seed 'x'",
        "drawn by 'simple'",
        "'pivotal' does not decide by permanent numbers",
    ];
    refused(&said, 2, &parts);
    let said = says(
        &bench,
        &[&["--n", "9", "--strata", "region"], &wave[..]].concat(),
    );
    refused(&said, 2, &["only in one of the two", "'north'"]);
    let before = ["--n", "9", "--before", "one.csv.json"];
    for (turn, part) in [
        (&["--turn", "shift"][..], "by how much"),
        (&["--turn", "same", "--share", "0.5"], "no use for --share"),
        (
            &["--turn", "back"],
            "none of same, reflect, shift and rotate",
        ),
        (&["--turn", "rotate", "--share", "2"], "not from 0 to 1"),
    ] {
        refused(&says(&bench, &[&before[..], turn].concat()), 2, &[part]);
    }
    refused(
        &says(&bench, &["--n", "9", "--turn", "same"]),
        2,
        &["none is named"],
    );
    let stages = [&["--stage", "shop:3", "--take", "2"], &wave[..]].concat();
    refused(
        &says(&bench, &stages),
        2,
        &["draws in stages are not coordinated"],
    );
    refused(
        &says(
            &bench,
            &[
                &["--n", "9"],
                &["--before", "firms.csv", "--turn", "same"][..],
            ]
            .concat(),
        ),
        5,
        &["firms.csv.json"],
    );
}

#[test]
fn who_rests_is_not_drawn_and_chances_are_those_of_the_others() {
    let bench = bench();
    let each = ["--strata", "region", "--each", "3"];
    done(&bench, &[&each[..], &["-o", "one.csv"]].concat());
    let again = [
        "--strata", "region", "--each", "1", "--rest", "one.csv", "-o", "two.csv",
    ];
    let said = done(&bench, &again);
    assert!(said.err.contains("9 of 60 units rest"), "{}", said.err);
    assert!(ids(&bench, "one.csv").is_disjoint(&ids(&bench, "two.csv")));
    for row in rows(&bench, "two.csv") {
        let there = BTreeMap::from([("north", 33.0), ("south", 17.0), ("west", 1.0)]);
        assert_close(
            number(&row, "probability"),
            1.0 / there[row["region"].as_str()],
            SUMMED,
        );
    }
    let told = json(&bench, "two.csv.json")["rest"].clone();
    assert_eq!(
        (&told["resting"], &told["elsewhere"]),
        (&9.into(), &0.into())
    );
    // Sizes are those of the others too: all weights of size add up to theirs.
    let by_size = [
        "--n",
        "12",
        "--size",
        "turnover",
        "--method",
        "sampford",
        "--rest",
        "one.csv",
        "-o",
        "three.csv",
    ];
    done(&bench, &by_size);
    let size: f64 = rows(&bench, "three.csv")
        .iter()
        .map(|row| number(row, "turnover") * number(row, "weight"))
        .sum();
    assert_close(
        json(&bench, "three.csv.json")["strata"][0]["size"]
            .as_f64()
            .expect("known"),
        size,
        1e-9,
    );
    // Clusters hold those who do not rest.
    done(
        &bench,
        &[
            "--stage", "shop:4", "--take", "2", "--rest", "one.csv", "-o", "four.csv",
        ],
    );
    assert!(ids(&bench, "one.csv").is_disjoint(&ids(&bench, "four.csv")));
    assert_eq!(json(&bench, "four.csv.json")["units"], 51);

    refused(
        &says(&bench, &[&each[..], &["--rest", "one.csv"]].concat()),
        3,
        &["stratum 'west' has 1 units"],
    );
    bench.write("unit.csv", "unit\nf01\n \n\n");
    refused(
        &says(&bench, &["--n", "5", "--rest", "unit.csv"]),
        3,
        &["1 units without an id (rows 2)"],
    );
    bench.write("none.csv", "frim\nf01\n");
    refused(
        &says(&bench, &["--n", "5", "--rest", "none.csv"]),
        3,
        &["no column 'firm'", "'frim'"],
    );
    let calls = ["--n", "5", "--rest", "one.csv", "--one-call", "shop"];
    refused(&says(&bench, &calls), 2, &["--one-call beside --rest"]);
}

#[test]
fn small_strata_and_clusters_are_taken_whole_if_that_is_asked_for() {
    let bench = bench();
    let each = ["--strata", "region", "--each", "10"];
    refused(
        &says(&bench, &each),
        3,
        &["stratum 'west' has 4 units, and 10 are asked for"],
    );
    let said = done(
        &bench,
        &[&each[..], &["--or-all", "-o", "one.csv"]].concat(),
    );
    assert!(
        said.err
            .contains("1 strata hold fewer units than are asked for"),
        "{}",
        said.err
    );
    let west: Vec<_> = rows(&bench, "one.csv")
        .into_iter()
        .filter(|row| row["region"] == "west")
        .collect();
    assert_eq!(west.len(), 4);
    assert!(
        west.iter()
            .all(|row| row["probability"] == "1" && row["certain"] == "1")
    );
    assert_eq!(json(&bench, "one.csv.json")["or_all"], true);
    // Shops hold four to eight; all five of six weights add up to 60 on average, and the chances are exact.
    let shops = ["--stage", "shop:9", "--take", "6"];
    refused(
        &says(&bench, &shops),
        3,
        &["clusters of 'shop' hold fewer than 6 units"],
    );
    let said = done(
        &bench,
        &[&shops[..], &["--or-all", "-o", "two.csv"]].concat(),
    );
    assert!(
        said.err.contains("hold fewer of 'firm' than are asked for"),
        "{}",
        said.err
    );
    let weights: f64 = rows(&bench, "two.csv")
        .iter()
        .map(|row| number(row, "weight"))
        .sum();
    assert_close(weights, 60.0, SUMMED);
    refused(
        &says(&bench, &["--n", "10", "--or-all"]),
        2,
        &["no use for --or-all"],
    );
    let alike = [
        "--stage",
        "shop:2",
        "--take",
        "6",
        "--or-all",
        "--self-weighting",
    ];
    refused(&says(&bench, &alike), 2, &["leave --or-all out"]);
}

#[test]
fn a_balanced_draw_lands_as_it_is_told_to() {
    let bench = bench();
    let cube = [
        "--n",
        "12",
        "--method",
        "cube",
        "--balance",
        "turnover,people",
    ];
    done(&bench, &[&cube[..], &["-o", "drop.csv"]].concat());
    assert_eq!(json(&bench, "drop.csv.json")["landing"], "drop");
    let said = done(
        &bench,
        &[&cube[..], &["--landing", "lp", "-o", "lp.csv"]].concat(),
    );
    assert_eq!(json(&bench, "lp.csv.json")["landing"], "lp");
    assert!(
        said.out.contains("landing") && said.out.contains("lp"),
        "{}",
        said.out
    );
    // Who is drawn differs for some seeds: the last few units are few.
    let drawn = |seed: &str, landing: &str| {
        let list = [&LIST[..5], &["--seed", seed, "--landing", landing]].concat();
        bench.done(&[&list[..], &cube].concat()).out
    };
    let differ = |seed: &&str| drawn(seed, "drop") != drawn(seed, "lp");
    assert!(["a", "b", "c", "d", "e"].iter().any(differ));
    let local = [
        "--n",
        "12",
        "--method",
        "local-cube",
        "--spread",
        "people",
        "--balance",
        "turnover",
        "--landing",
        "lp",
    ];
    done(&bench, &[&local[..], &["-o", "local.csv"]].concat());
    assert_eq!(rows(&bench, "local.csv").len(), 12);
    refused(
        &says(&bench, &["--n", "12", "--landing", "lp"]),
        2,
        &["'simple' has no use for --landing"],
    );
    refused(
        &says(&bench, &[&cube[..], &["--landing", "soft"]].concat()),
        2,
        &["none of drop, lp and pooled"],
    );
    let proof = bench.done(&["prove", "cube", "--landing", "lp", "--draws", "4000"]);
    assert!(proof.out.contains("holds"), "{}", proof.out);
    refused(
        &bench.says(&["prove", "pareto", "--landing", "lp"]),
        2,
        &["no landing to choose"],
    );
}

#[test]
fn strata_land_together_where_that_is_asked_for() {
    let bench = Bench::new();
    // 240 firms in 40 regions of six; the list again from its end.
    let mut lines: Vec<String> = (0..240_u32)
        .map(|at| {
            format!(
                "f{at:03},r{:02},{},{}",
                at % 40,
                1 + at * 7 % 53,
                3 + at * at % 41
            )
        })
        .collect();
    let head = "firm,region,turnover,people".to_owned();
    bench.write("firms.csv", &format!("{head}\n{}\n", lines.join("\n")));
    lines.reverse();
    bench.write("back.csv", &format!("{head}\n{}\n", lines.join("\n")));
    let draw = |list: &str, seed: &str, landing: &str| {
        let words = format!(
            "draw --data {list} --id firm --strata region --each 2 --method cube --balance turnover,people \
             --seed {seed} --landing {landing} -o out.csv"
        );
        bench.done(&words.split(' ').collect::<Vec<_>>());
        rows(&bench, "out.csv")
    };
    // How far the estimate of the first amount is from its total, which every unit stands for three times.
    let total: f64 = (0..240_u32).map(|at| f64::from(1 + at * 7 % 53)).sum();
    let off = |rows: &[BTreeMap<String, String>]| {
        let estimate: f64 = rows.iter().map(|row| 3.0 * number(row, "turnover")).sum();
        (estimate / total - 1.0).abs()
    };
    let (mut apart, mut together) = (0.0, 0.0);
    for seed in ["a", "b", "c", "d", "e", "f"] {
        let drawn = draw("firms.csv", seed, "pooled");
        assert_eq!(json(&bench, "out.csv.json")["landing"], "pooled");
        let mut regions: BTreeMap<&str, u32> = BTreeMap::new();
        for row in &drawn {
            *regions.entry(&row["region"]).or_default() += 1;
            assert_close(number(row, "probability"), 1.0 / 3.0, EXACT);
        }
        assert!(regions.len() == 40 && regions.values().all(|&taken| taken == 2));
        let firms = |rows: &[BTreeMap<String, String>]| -> Vec<String> {
            rows.iter().map(|row| row["firm"].clone()).collect()
        };
        assert_eq!(firms(&drawn), firms(&draw("back.csv", seed, "pooled")));
        together += off(&drawn);
        apart += off(&draw("firms.csv", seed, "drop"));
    }
    assert!(together < apart / 2.0, "{together} and {apart}");
    let words =
        "draw --data firms.csv --id firm --strata region --each 2 --seed x --landing pooled";
    let beside = |more: &str| bench.says(&format!("{words} {more}").split(' ').collect::<Vec<_>>());
    let local = "--method local-cube --spread people --balance turnover";
    refused(&beside(local), 2, &["only the cube"]);
    let pairs = "--method cube --balance turnover --joint pairs.csv -o out.csv";
    refused(&beside(pairs), 2, &["units of different strata"]);
    let proof = bench.done(&["prove", "cube", "--landing", "pooled", "--draws", "4000"]);
    assert!(proof.out.contains("holds"), "{}", proof.out);
}

#[test]
fn the_chances_of_pairs_are_written_with_the_formula_that_gave_them() {
    let bench = bench();
    // Of pairs within strata; every unit also has a line of its own, and one with each of another stratum.
    let pairs = |more: &[&str]| {
        done(
            &bench,
            &[more, &["-o", "one.csv", "--joint", "pairs.csv"]].concat(),
        );
        let told = json(&bench, "one.csv.json")["pairs"].clone();
        assert_eq!(told["sha256"].as_str().map(str::len), Some(64), "{told}");
        let mut lines = rows(&bench, "pairs.csv");
        let units = rows(&bench, "one.csv").len();
        assert_eq!(lines.len(), units * (units + 1) / 2);
        lines.retain(|row| !["itself", "apart"].contains(&row["formula"].as_str()));
        (lines, told["strata"].clone())
    };
    let shop = |id: &str| {
        let rows = rows(&bench, "one.csv");
        rows.into_iter()
            .find(|row| row["firm"] == id)
            .expect("drawn")
    };
    let (simple, told) = pairs(&["--strata", "region", "--each", "3"]);
    assert_eq!(simple.len(), 9);
    for row in &simple {
        let all = BTreeMap::from([("north", 36.0), ("south", 20.0), ("west", 4.0)]);
        let all: f64 = all[shop(&row["unit"])["region"].as_str()];
        assert_close(number(row, "chance"), 6.0 / (all * (all - 1.0)), SUMMED);
        assert_eq!(
            (row["exact"].as_str(), row["formula"].as_str()),
            ("1", "simple")
        );
        assert!(row["unit"] < row["other"]);
    }
    assert_eq!(told[0]["exact"], true);
    // They are what an estimate asks for: by Horvitz and Thompson's formula, of strata too.
    let design = [
        "--weight",
        "weight",
        "--chances",
        "probability",
        "--strata",
        "region",
    ];
    let table = [
        "estimate", "--data", "one.csv", "--total", "people", "--format", "json",
    ];
    let formula = ["--formula", "ht", "--joint", "pairs.csv", "--id", "firm"];
    let fpc = [
        "--weight",
        "weight",
        "--fpc",
        "probability",
        "--strata",
        "region",
    ];
    let error = |more: &[&str]| {
        let told = bench.done(&[&table[..], more].concat()).json();
        told["rows"][0]["se"].as_f64()
    };
    let by_pairs = error(&[&design[..], &formula].concat()).expect("a variance");
    let by_strata = error(&fpc).expect("a variance");
    assert_close(by_pairs, by_strata, 1e-9);
    let sized = |method: &'static str| ["--size", "turnover", "--n", "8", "--method", method];
    for (method, exact, formula) in [
        ("sampford", "1", "sampford"),
        ("poisson", "1", "poisson"),
        ("pps-systematic", "1", "pps-systematic"),
        ("pps-systematic-random", "0", "hartley-rao"),
        ("pareto", "0", "hajek"),
    ] {
        let (rows, _) = pairs(&sized(method));
        assert!(rows.len() >= 3, "{method}");
        for row in &rows {
            assert_eq!(
                (row["exact"].as_str(), row["formula"].as_str()),
                (exact, formula)
            );
            assert!((0.0..1.0).contains(&number(row, "chance")), "{row:?}");
        }
    }
    let (named, _) = pairs(&[&sized("pareto")[..], &["--joint-by", "overton"]].concat());
    assert!(named.iter().all(|row| row["formula"] == "overton"));
    // Two of nine shops, two of four to eight in each: within a shop, those of both times 2 / (M (M − 1)).
    let (staged, told) = pairs(&["--stage", "shop:2", "--take", "2"]);
    assert_eq!((staged.len(), told[0]["exact"].as_bool()), (6, Some(true)));
    for row in &staged {
        let (one, other) = (shop(&row["unit"]), shop(&row["other"]));
        let wanted = match one["shop"] == other["shop"] {
            true => {
                let within = number(&one, "probability.2");
                2.0 / 9.0 * within * (2.0 - 1.0) / (2.0 / within - 1.0)
            }
            false => {
                2.0 / (9.0 * 8.0) * number(&one, "probability.2") * number(&other, "probability.2")
            }
        };
        assert_close(number(row, "chance"), wanted, 1e-9);
    }
    // Nobody knows those of a draw that spreads, unless an approximation will do.
    let spread = [
        "--n",
        "8",
        "--method",
        "local-pivotal",
        "--spread",
        "people",
    ];
    let joint = ["-o", "one.csv", "--joint", "pairs.csv"];
    refused(
        &says(&bench, &[&spread[..], &joint].concat()),
        2,
        &["no formula is known"],
    );
    let (near, _) = pairs(&[&spread[..], &["--joint-by", "deville"]].concat());
    assert_eq!(near.len(), 28);
    let guess = [&sized("pareto")[..], &joint, &["--joint-by", "guess"]].concat();
    refused(
        &says(&bench, &guess),
        2,
        &["hartley-rao, hajek, brewer, deville, overton"],
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let bench = bench();
    let mut lines: Vec<String> = firms().lines().map(str::to_owned).collect();
    lines[3] = "f01,north,s0,-4,3".to_owned();
    lines[5] = "f03,north,s0,,3".to_owned();
    lines[6] = "f05,,s0,2,3".to_owned();
    lines[9] = "f07,north,s0,many,3".to_owned();
    bench.write("bad.csv", &(lines.join("\n") + "\n"));
    bench.write(
        "takes.csv",
        "region,n\nnorth,90\neast,1\nup,2\nsouth,30\nsouth,31\n",
    );
    let said = bench.says(&[
        "draw",
        "--data",
        "bad.csv",
        "--id",
        "firm",
        "--strata",
        "region",
        "--seed",
        "x",
        "--size",
        "turnover",
        "--method",
        "sampford",
        "--allocation",
        "takes.csv",
    ]);
    refused(
        &said,
        3,
        &[
            "6 rows whose id is not unique",
            "1 rows without a stratum",
            "3 cells of 'turnover' are no sizes of 0 or more (row 3: '-4', row 5: blank, row 9: 'many')",
            "1 strata are missing: 'west'",
            "2 strata are not in the list: 'east', 'up'",
            "1 lines name a stratum again: 'south'",
            "stratum 'north' has 32 units of a size above 0, and 90 are asked for",
            "stratum 'south' has 20 units of a size above 0, and 31 are asked for",
        ],
    );
}

#[test]
fn every_kind_of_sample_has_its_manifest_and_what_comes_next_is_an_estimate() {
    let bench = bench();
    let by_size = [
        "--strata", "region", "--each", "3", "--size", "turnover", "--method", "pareto",
    ];
    for ending in ["csv", "parquet", "xlsx", "sav", "dta"] {
        let out = format!("sample.{ending}");
        let said = done(&bench, &[&by_size[..], &["-o", &out]].concat());
        let told = json(&bench, &format!("{out}.json"));
        for key in [
            "method",
            "says",
            "seed",
            "seed_key",
            "fingerprint",
            "version",
            "sha256",
        ] {
            assert!(
                told[key].as_str().is_some_and(|text| !text.is_empty()),
                "{ending}: {key}"
            );
        }
        assert_eq!(told["chances"], "approximate");
        let next = format!(
            "estimate --data {out} --weight weight --strata region --chances probability --method pareto --mean"
        );
        assert!(
            said.err.contains(&format!("canvass {next} COLUMN")),
            "{}",
            said.err
        );
        bench.done(&format!("{next} people").split(' ').collect::<Vec<_>>());
    }
    for (draw, design) in [
        (&["--n", "20"][..], &["--fpc", "probability"][..]),
        (
            &["--stage", "shop:4", "--take", "2", "--self-weighting"],
            &[
                "--psu",
                "shop,firm",
                "--chances",
                "probability.1,probability.2",
            ],
        ),
        (
            &[
                "--stage", "shop:4", "--take", "2", "--strata", "region", "--or-all",
            ],
            &[
                "--strata",
                "region",
                "--psu",
                "shop,firm",
                "--fpc",
                "probability.1,probability.2",
                "--nest",
            ],
        ),
    ] {
        let said = done(&bench, &[draw, &["-o", "s.csv"]].concat());
        let next = format!(
            "canvass estimate --data s.csv --weight weight {} --mean COLUMN",
            design.join(" ")
        );
        assert!(said.err.contains(&next), "{next}\n{}", said.err);
        let args = [
            &[
                "estimate", "--data", "s.csv", "--weight", "weight", "--mean", "people",
            ],
            design,
        ]
        .concat();
        bench.done(&args);
    }
}

#[test]
fn a_call_about_all_leaves_weights_as_they_are() {
    let bench = bench();
    let calls = [
        "--rate",
        "0.5",
        "--method",
        "bernoulli",
        "--one-call",
        "shop",
    ];
    let said = done(
        &bench,
        &[&calls[..], &["--ask", "all", "-o", "one.csv"]].concat(),
    );
    assert!(said.err.contains("about all of them"), "{}", said.err);
    let rows = rows(&bench, "one.csv");
    for row in &rows {
        assert_eq!(
            (row["asked"].as_str(), row["chance_asked"].as_str()),
            ("1", "1")
        );
        assert_close(
            number(row, "weight") * number(row, "probability"),
            1.0,
            SUMMED,
        );
    }
    let told = json(&bench, "one.csv.json")["one_call"].clone();
    let numbers: BTreeSet<&String> = rows.iter().map(|row| &row["call"]).collect();
    assert_eq!(
        (told["ask"].as_str(), told["passed_over"].as_u64()),
        (Some("all"), Some(0))
    );
    assert_eq!(told["numbers"].as_u64(), Some(numbers.len() as u64));
    refused(
        &says(&bench, &["--n", "9", "--ask", "all"]),
        2,
        &["--one-call"],
    );
}
