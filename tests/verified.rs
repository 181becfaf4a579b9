//! Draws from a file that others look at: drawn again, one unit at a time, promised before and signed; and the
//! line that comes next, run as it was printed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::support::{Bench, EXACT, Said, assert_close, refused};

/// 90 firms in three regions, in shops of five.
fn firms() -> String {
    let mut list = "firm,region,shop,phone,turnover,people\n".to_owned();
    for at in 0..90_u32 {
        let region = ["north", "south", "west"][at as usize / 30];
        let (shop, phone, turnover) = (at / 5 % 6, 100 + at * 7 % 61, 3 + at * 7 % 13);
        writeln!(
            list,
            "f{at:02},{region},s{shop},{phone},{turnover},{}",
            3 + at * 5 % 11
        )
        .expect("memory");
    }
    list
}

/// A bench with the list, and what some draws go by beside it.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("firms.csv", &firms());
    bench.write("takes.csv", "region,n\nnorth,9\nsouth,7\nwest,0\n");
    bench.write("rest.csv", "unit\nf01\nf05\nf44\n");
    let before = format!("{DRAW} --n 20 -o before.csv");
    done(&bench, &before);
    bench
}

const DRAW: &str = "draw --data firms.csv --id firm --seed evening";

const VERIFY: &str = "verify --data firms.csv --sample out.csv";

fn words(asked: &str) -> Vec<&str> {
    asked.split_whitespace().collect()
}

#[track_caller]
fn done(bench: &Bench, asked: &str) -> Said {
    bench.done(&words(asked))
}

fn says(bench: &Bench, asked: &str) -> Said {
    bench.says(&words(asked))
}

fn rows(bench: &Bench, file: &str) -> Vec<BTreeMap<String, String>> {
    let text = bench.read(file);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

/// What was compared: by its name, how many and how many differ.
fn compared(said: &Said) -> BTreeMap<String, (u64, u64)> {
    let json = said.json();
    let all = json["compared"].as_array().expect("what was compared");
    let one = |of: &Value| {
        let number = |key: &str| of[key].as_u64().expect("a count");
        let what = of["what"].as_str().expect("a name").to_owned();
        (what, (number("count"), number("differ")))
    };
    all.iter().map(one).collect()
}

/// Every method, and everything else that may be asked.
const ASKED: [(&str, &str); 45] = [
    ("--n 12", "--fpc probability"),
    (
        "--strata region --each 4",
        "--strata region --fpc probability",
    ),
    (
        "--strata region --each 4 --method systematic",
        "--strata region --chances probability --method systematic --order walk",
    ),
    (
        "--strata region --each 6 --method systematic --sort shop,people --serpentine --replicates 2",
        "--strata region --chances probability --method systematic --order walk",
    ),
    (
        "--rate 0.3 --method bernoulli",
        "--chances probability --method bernoulli",
    ),
    (
        "--strata region --rate 0.3 --method bernoulli",
        "--strata region --chances probability --method bernoulli",
    ),
    (
        "SIZED --method pps-systematic",
        "BY pps-systematic --order walk",
    ),
    (
        "SIZED --method pps-systematic-random",
        "BY pps-systematic-random",
    ),
    (
        "SIZED --method pivotal --sort people",
        "BY pivotal --order walk",
    ),
    ("SIZED --method pivotal-random", "BY pivotal-random"),
    ("SIZED --method chromy", "BY chromy --order walk"),
    ("SIZED --method sampford", "BY sampford"),
    ("SIZED --method brewer", "BY brewer"),
    ("SIZED --method conditional", "BY conditional"),
    ("SIZED --method tille", "BY tille"),
    ("SIZED --method midzuno", "BY midzuno"),
    ("SIZED --method sequential-poisson", "BY sequential-poisson"),
    ("SIZED --method pareto --replicates 3", "BY pareto"),
    ("SIZED --method pareto-adjusted", "BY pareto-adjusted"),
    ("SIZED --method poisson", "BY poisson"),
    (
        "SIZED --method pps-with-replacement",
        "--strata region --method pps-with-replacement --hits hits",
    ),
    (
        "--n 40 --method simple-with-replacement",
        "--method simple-with-replacement --hits hits",
    ),
    (
        "SIZED --method local-pivotal --spread people,phone",
        "BY local-pivotal --spread people,phone",
    ),
    (
        "SIZED --method correlated-poisson --spread people",
        "BY correlated-poisson --spread people",
    ),
    (
        "--n 12 --method cube --balance turnover,people",
        "--chances probability --method cube --balance turnover,people",
    ),
    (
        "--strata region --allocation takes.csv --method cube --balance turnover,people --landing lp",
        "BY cube --balance turnover,people",
    ),
    (
        "--strata region --each 3 --method cube --balance turnover,people --landing lp",
        "--strata region --chances probability",
    ),
    (
        "--strata region --each 5 --method cube --balance turnover --landing pooled",
        "--strata region --chances probability --method stratified-cube --balance turnover",
    ),
    (
        "--n 20 --method local-cube --spread people --balance turnover",
        "--chances probability --method local-cube --spread people --balance turnover",
    ),
    (
        "--strata region --allocation takes.csv",
        "--strata region --fpc probability",
    ),
    (
        "--strata shop --each 99 --or-all",
        "--strata shop --fpc probability",
    ),
    ("--n 20 --replicates 4", "--fpc probability"),
    ("--n 30 --one-call phone", ""),
    ("--n 30 --one-call phone --replicates 3", ""),
    ("--n 30 --one-call phone --ask all", "--fpc probability"),
    ("--n 20 --rest rest.csv", "--fpc probability"),
    (
        "--n 20 --before before.csv.json --turn rotate --share 0.25",
        "--fpc probability",
    ),
    ("SIZED --method sampford --joint pairs.csv", "BY sampford"),
    (
        "--n 8 --method local-pivotal --spread people --joint pairs.csv --joint-by deville",
        "--chances probability --method local-pivotal --spread people",
    ),
    (
        "--stage shop:4 --take 2 --self-weighting",
        "--psu shop,firm --chances probability.1,probability.2",
    ),
    (
        "--strata region --stage shop:3:pps-systematic --take 2 --joint pairs.csv --joint-by hajek",
        "--strata region --psu shop,firm --chances probability.1,probability.2 --nest",
    ),
    (
        "--strata region --stage shop:all --take 2",
        "--strata region --psu shop,firm --fpc probability.1,probability.2 --nest",
    ),
    (
        "--stage region:2 --stage shop:2:sampford --take 1",
        "--psu region",
    ),
    (
        "--stage shop:4:pareto --take 3 --size turnover --method sampford --or-all",
        "--psu shop,firm --chances probability.1,probability.2",
    ),
    (
        "--stage shop:4 --take all",
        "--psu shop,firm --fpc probability.1,probability.2",
    ),
];

#[test]
fn every_draw_is_the_same_again_and_its_next_line_runs_as_it_is_printed() {
    let bench = bench();
    for (asked, design) in ASKED {
        let asked = asked.replace("SIZED", "--strata region --each 6 --size turnover");
        let design = design.replace("BY", "--strata region --chances probability --method");
        let drawn = done(&bench, &format!("{DRAW} {asked} -o out.csv"));
        let blank = if design.is_empty() { "" } else { " " };
        let next =
            format!("canvass estimate --data out.csv --weight weight{blank}{design} --mean COLUMN");
        assert!(
            drawn.err.contains(&format!("next    {next}\n")),
            "{asked}:\n{}",
            drawn.err
        );
        let next = next.replace("COLUMN", "people").replace("canvass ", "");
        let figure = done(&bench, &format!("{next} --format json")).json();
        assert!(
            figure["rows"][0]["se"].is_number(),
            "{asked}: {next}: {figure}"
        );
        let said = done(&bench, &format!("{VERIFY} --format json"));
        let found = compared(&said);
        let units = rows(&bench, "out.csv").len() as u64;
        assert_eq!(found["units"], (units, 0), "{asked}");
        assert!(
            found["chances"].0 >= units && found["weights"].0 == units,
            "{asked}"
        );
        assert_eq!(
            found.contains_key("pairs"),
            asked.contains("--joint "),
            "{asked}"
        );
        assert!(
            found.values().all(|one| one.0 > 0 && one.1 == 0),
            "{asked}: {found:?}"
        );
    }
}

#[test]
fn other_formats_are_read_again_and_their_columns_are_called_as_they_call_them() {
    let bench = bench();
    for ending in ["parquet", "xlsx", "sav", "dta"] {
        for asked in [
            "--strata region --each 6 --size turnover --method chromy",
            "--strata region --stage shop:3:pps-systematic --take 2",
        ] {
            let drawn = done(&bench, &format!("{DRAW} {asked} -o out.{ending}"));
            let next = drawn
                .err
                .lines()
                .find_map(|line| line.strip_prefix("next    canvass "));
            let next = next.expect("what comes next").replace("COLUMN", "people");
            done(&bench, &next);
            done(
                &bench,
                &format!("verify --data firms.csv --sample out.{ending}.json"),
            );
        }
    }
}

#[test]
fn threads_and_the_order_of_rows_are_of_no_account() {
    let bench = bench();
    let mut lines: Vec<String> = firms().lines().map(str::to_owned).collect();
    lines[1..].reverse();
    bench.write("back.csv", &(lines.join("\n") + "\n"));
    for asked in [
        "--n 12",
        "--strata region --each 6 --size turnover --method pareto",
        "--strata region --each 6 --size turnover --method local-pivotal --spread people",
        "--strata region --stage shop:3:pps-systematic --take 2",
    ] {
        done(&bench, &format!("{DRAW} {asked} -o out.csv"));
        for (list, threads) in [("firms.csv", "1"), ("back.csv", "1"), ("back.csv", "3")] {
            let verify = format!("verify --data {list} --sample out.csv");
            let mut command = bench.canvass(&words(&verify));
            command
                .env("RAYON_NUM_THREADS", threads)
                .env("POLARS_MAX_THREADS", threads);
            command.assert().success();
        }
    }
}

/// What is found once a file has been changed.
#[track_caller]
fn found_out(bench: &Bench, wanted: &[(&str, u64)]) {
    let said = says(bench, &format!("{VERIFY} --format json"));
    refused(
        &said,
        3,
        &["out.csv is not what its manifest and the list give"],
    );
    let found = compared(&said);
    for (what, (_, differ)) in &found {
        let wanted = wanted.iter().find(|(known, _)| known == what);
        assert_eq!(
            *differ,
            wanted.map_or(0, |(_, differ)| *differ),
            "{what}: {found:?}"
        );
    }
}

#[test]
fn a_changed_sample_list_or_manifest_is_found_out() {
    let bench = bench();
    let draw =
        format!("{DRAW} --strata region --each 4 --size turnover --method pareto -o out.csv");
    done(&bench, &draw);
    let (sample, manifest) = (bench.read("out.csv"), bench.read("out.csv.json"));
    let lines: Vec<&str> = sample.lines().collect();
    let drawn: Vec<String> = rows(&bench, "out.csv")
        .iter()
        .map(|row| row["firm"].clone())
        .collect();
    let other = (0..90)
        .map(|at| format!("f{at:02}"))
        .find(|firm| !drawn.contains(firm));
    let other = other.expect("somebody is not drawn");

    // A friend in place of somebody; a line too few, and one twice; a weight; a telephone number.
    bench.write("out.csv", &sample.replace(&drawn[2], &other));
    found_out(&bench, &[("sample", 1), ("units", 2)]);
    bench.write("out.csv", &(lines[..lines.len() - 1].join("\n") + "\n"));
    found_out(&bench, &[("sample", 1), ("units", 1)]);
    bench.write("out.csv", &(sample.clone() + lines[1] + "\n"));
    found_out(&bench, &[("sample", 1), ("units", 1)]);
    let weight = &rows(&bench, "out.csv")[0]["weight"];
    bench.write(
        "out.csv",
        &sample.replacen(&format!(",{weight},"), ",99,", 1),
    );
    found_out(&bench, &[("sample", 1), ("weights", 1)]);
    let phone = format!(",{},", rows(&bench, "out.csv")[0]["phone"]);
    bench.write("out.csv", &sample.replacen(&phone, ",7,", 1));
    found_out(&bench, &[("sample", 1), ("cells", 1)]);
    // Written anew with the same cells: only the bytes are others.
    bench.write("out.csv", &sample.replace('\n', "\r\n"));
    found_out(&bench, &[("sample", 1)]);
    bench.write("out.csv", &sample);

    // Another size of one unit, of those that are not drawn: chances of its stratum are others.
    let list = firms();
    let line = list
        .lines()
        .find(|line| line.starts_with(&other))
        .expect("the unit");
    let cells: Vec<&str> = line.split(',').collect();
    let with = |size: &str| {
        let line_of = [&cells[..4], &[size], &cells[5..]].concat().join(",");
        list.replace(line, &line_of)
    };
    bench.write("firms.csv", &with("2"));
    let found = compared(&says(&bench, &format!("{VERIFY} --format json")));
    assert_eq!((found["list"], found["sample"]), ((1, 1), (1, 0)));
    assert!(
        found["chances"].1 >= 3 && found["manifest"].1 >= 2,
        "{found:?}"
    );
    // A column that nothing goes by may be another; so may the file.
    bench.write("firms.csv", &list);
    done(&bench, VERIFY);

    // Another seed, another method, other counts, a threshold that lets a friend in.
    let tampered = |from: &str, to: &str| {
        assert!(manifest.contains(from), "{from}");
        bench.write("out.csv.json", &manifest.replacen(from, to, 1));
        says(&bench, VERIFY)
    };
    let seed = tampered("\"seed\": \"evening\"", "\"seed\": \"morning\"");
    refused(&seed, 3, &["units differ", "seed_key is"]);
    let method = tampered(
        "\"method\": \"pareto\"",
        "\"method\": \"sequential-poisson\"",
    );
    refused(&method, 3, &["fields of the manifest differ"]);
    refused(
        &tampered("\"units\": 30", "\"units\": 31"),
        3,
        &["strata[0].units is 31, not 30"],
    );
    refused(
        &tampered("\"each\": 4", "\"each\": 5"),
        3,
        &["is drawn, and is not in the sample"],
    );
    refused(
        &tampered("\"most\": 0", "\"most\": 1"),
        3,
        &["threshold.most is 1"],
    );
    refused(
        &tampered("\"certain\": 0", "\"certain\": 1"),
        3,
        &["certain is 1, not 0"],
    );
    refused(
        &tampered("\"seed\": \"evening\"", "\"seed\": \" \""),
        2,
        &["the seed is blank"],
    );
    refused(&tampered("bare-draw", "plan"), 5, &["canvass/plan"]);
}

#[test]
fn files_beside_the_list_are_found_or_named_and_must_be_what_they_were() {
    let bench = bench();
    for (file, flag, asked) in [
        (
            "takes.csv",
            "--allocation",
            "--strata region --allocation takes.csv",
        ),
        ("rest.csv", "--rest", "--n 20 --rest rest.csv"),
        (
            "before.csv.json",
            "--before",
            "--n 20 --before before.csv.json --turn reflect",
        ),
    ] {
        done(&bench, &format!("{DRAW} {asked} -o out.csv"));
        let text = bench.read(file);
        bench.write(file, &(text.clone() + "\n"));
        refused(
            &says(&bench, VERIFY),
            3,
            &["is not the file that was drawn by", flag],
        );
        fs::remove_file(bench.path(file)).expect("it was there");
        refused(&says(&bench, VERIFY), 5, &[file]);
        bench.write(&format!("moved/{file}"), &text);
        done(&bench, &format!("{VERIFY} {flag} moved/{file}"));
        // Handed out together, all are found.
        for name in ["out.csv", "out.csv.json"] {
            bench.write(&format!("moved/{name}"), &bench.read(name));
        }
        done(
            &bench,
            "verify --data firms.csv --sample moved/out.csv.json",
        );
        bench.write(file, &text);
    }
    // Manifests of before do not say what the table held.
    done(
        &bench,
        &format!("{DRAW} --strata region --allocation takes.csv -o out.csv"),
    );
    let mut manifest = bench.json("out.csv.json");
    let fields = manifest.as_object_mut().expect("fields");
    fields.shift_remove("allocation_sha256");
    bench.write("out.csv.json", &manifest.to_string());
    refused(
        &says(&bench, VERIFY),
        5,
        &["does not hold the SHA-256 of the allocation's file"],
    );
    // The amounts stand beside what the sample made of them.
    done(
        &bench,
        &format!("{DRAW} --n 12 --method cube --balance people -o out.csv"),
    );
    let mut manifest = bench.json("out.csv.json");
    let fields = manifest.as_object_mut().expect("fields");
    fields.shift_remove("balance_by");
    bench.write("out.csv.json", &manifest.to_string());
    done(&bench, VERIFY);
    refused(
        &says(&bench, "verify --sample out.csv"),
        2,
        &["the list is not named"],
    );
    refused(&says(&bench, "verify --data firms.csv"), 2, &["--sample"]);
    refused(
        &says(&bench, &format!("{VERIFY} --set plan.pool=9")),
        2,
        &["--set"],
    );
}

/// What is said of a unit by its manifest alone: whether its number is drawn in its stratum.
fn drawn_by_number(bench: &Bench, row: &BTreeMap<String, String>, sized: bool) -> Option<bool> {
    let size = if sized {
        format!("--size {}", row["turnover"])
    } else {
        String::new()
    };
    let unit = format!(
        "verify --sample alone/out.csv.json --unit {} --stratum {} {size} --format json",
        row["firm"], row["region"]
    );
    let json = done(bench, &unit).json();
    assert_eq!(json["drawn"], Value::Null);
    json["strata"][0]["takes"].as_bool()
}

#[test]
fn one_unit_is_judged_by_its_number_alone() {
    let bench = bench();
    for (asked, sized) in [
        ("--strata region --each 4", false),
        ("--strata region --rate 0.3 --method bernoulli", false),
        (
            "--strata region --each 6 --size turnover --method poisson",
            true,
        ),
        (
            "--strata region --each 12 --size turnover --method sequential-poisson",
            true,
        ),
        (
            "--strata region --each 25 --size turnover --method pareto",
            true,
        ),
        (
            "--strata region --each 4 --before before.csv --turn reflect",
            false,
        ),
    ] {
        if asked.contains("--before") {
            done(
                &bench,
                &format!("{DRAW} --strata region --each 4 -o before.csv"),
            );
        }
        done(&bench, &format!("{DRAW} {asked} -o out.csv"));
        bench.write("alone/out.csv.json", &bench.read("out.csv.json"));
        let mut named = bench.json("alone/out.csv.json");
        named["sample"] = "gone.csv".into();
        bench.write("alone/out.csv.json", &named.to_string());
        let drawn: Vec<String> = rows(&bench, "out.csv")
            .iter()
            .map(|row| row["firm"].clone())
            .collect();
        for row in rows(&bench, "firms.csv").iter().step_by(4) {
            let takes = drawn_by_number(&bench, row, sized);
            assert_eq!(
                takes,
                Some(drawn.contains(&row["firm"])),
                "{asked}: {row:?}"
            );
        }
    }
    // With the sample beside it, rank and stratum are found.
    done(
        &bench,
        &format!("{DRAW} --strata region --each 4 --replicates 2 -o out.csv"),
    );
    let first = rows(&bench, "out.csv").swap_remove(5);
    let unit = format!("verify --sample out.csv --unit {}", first["firm"]);
    let json = done(&bench, &format!("{unit} --format json")).json();
    assert_eq!(json["drawn"], true);
    assert_eq!(json["place"]["rank"].to_string(), first["rank"]);
    assert_eq!(json["place"]["replicate"].to_string(), first["replicate"]);
    assert_eq!(
        (&json["strata"][0]["stratum"], &json["strata"][0]["takes"]),
        (&"south".into(), &true.into())
    );
    assert!(done(&bench, &unit).err.contains("sha256sum"));
    refused(
        &says(&bench, &format!("{unit} --stratum north")),
        2,
        &["'south'"],
    );
    refused(
        &says(&bench, &format!("{unit} --stratum east")),
        2,
        &["'south'"],
    );
    // A friend who was written into the sample is found out by his number.
    let last = done(&bench, &format!("{unit} --format json")).json()["strata"][0]["last"].clone();
    let numbers = |firm: &str| {
        let said = done(
            &bench,
            &format!("verify --sample before.csv --unit {firm} --stratum south --format json"),
        );
        said.json()["digest"].clone()
    };
    let friend = (30..60)
        .map(|at| format!("f{at}"))
        .find(|firm| numbers(firm).as_str() > last.as_str());
    let friend = friend.expect("somebody is not drawn");
    bench.write(
        "out.csv",
        &bench.read("out.csv").replace(&first["firm"], &friend),
    );
    refused(
        &says(&bench, &format!("verify --sample out.csv --unit {friend}")),
        3,
        &["south"],
    );
}

#[test]
fn where_numbers_do_not_decide_the_list_is_asked_for_and_drawn_from() {
    let bench = bench();
    for (asked, why) in [
        (
            "--strata region --each 4 --method systematic",
            "'systematic' looks at all units",
        ),
        (
            "--strata region --each 4 --size turnover --method sampford",
            "'sampford' looks at all units",
        ),
        (
            "--strata region --each 4 --size turnover --method pareto",
            "its size is not given",
        ),
        (
            "--strata region --stage shop:2 --take 2",
            "clusters were drawn before it",
        ),
        (
            "--strata region --each 20 --rest rest.csv",
            "some units rested",
        ),
    ] {
        done(&bench, &format!("{DRAW} {asked} -o out.csv"));
        let drawn = rows(&bench, "out.csv").swap_remove(1)["firm"].clone();
        let unit = format!("--sample out.csv --unit {drawn}");
        refused(
            &says(&bench, &format!("verify {unit}")),
            5,
            &[why, "--data LIST"],
        );
        let json = done(
            &bench,
            &format!("verify --data firms.csv {unit} --format json"),
        )
        .json();
        assert_eq!(
            (&json["redrawn"], &json["drawn"]),
            (&true.into(), &true.into()),
            "{asked}"
        );
        assert_eq!(json["strata"][0]["takes"], true, "{asked}");
    }
    done(
        &bench,
        &format!("{DRAW} --n 9 --method systematic -o out.csv"),
    );
    let nobody = says(&bench, &format!("{VERIFY} --unit f99"));
    refused(&nobody, 3, &["no unit 'f99'"]);
}

#[test]
fn a_draw_can_be_promised_signed_and_held_to_both() {
    let bench = bench();
    let draw =
        |more: &str| format!("{DRAW} --strata region --allocation takes.csv {more} -o out.csv");
    let said = done(&bench, &draw("--commit"));
    assert!(!bench.path("out.csv").exists() && !bench.path("out.csv.json").exists());
    let promise = bench.read("out.csv.commitment.json");
    let sha256 = canvass::files::sha256_of(&bench.path("out.csv.commitment.json")).expect("a file");
    let line = format!(
        "publish out.csv: canvass {} commitment {sha256}",
        env!("CARGO_PKG_VERSION")
    );
    assert!(said.err.contains(&line), "{}", said.err);
    // Neither the seed nor its key, and nobody's id.
    let key = canvass::random::Seed::new("evening")
        .expect("not blank")
        .key();
    for secret in ["evening", &key, "f0", "\"last\""] {
        assert!(!promise.contains(secret), "{secret}: {promise}");
    }
    // printf 'evening\ncommitment' | sha256sum
    let seal = canvass::random::Seed::new("evening")
        .expect("not blank")
        .seal();
    assert!(promise.contains(&seal));

    let other = draw("").replace("evening", "morning");
    refused(
        &says(&bench, &other),
        3,
        &[
            "not the draw that out.csv.commitment.json promises",
            "seed_seal",
        ],
    );
    refused(
        &says(&bench, &draw("--method systematic")),
        3,
        &["method is \"simple\", not \"systematic\""],
    );
    refused(
        &says(&bench, &draw("--method systematic --commit")),
        3,
        &["promises"],
    );
    assert!(!bench.path("out.csv").exists());
    done(&bench, &draw(""));
    assert_eq!(bench.json("out.csv.json")["commitment"], sha256.as_str());
    let found = compared(&done(&bench, &format!("{VERIFY} --format json")));
    assert!(found["commitment"].0 > 15, "{found:?}");

    // A promise that was written afterwards is not the one that the manifest names.
    bench.write(
        "out.csv.commitment.json",
        &promise.replace("\"units\": 90", "\"units\":  90"),
    );
    found_out(&bench, &[("commitment", 1)]);
    fs::remove_file(bench.path("out.csv.commitment.json")).expect("it was there");
    assert!(
        done(&bench, VERIFY)
            .out
            .contains("commitment.json is not there")
    );

    done(&bench, "keys -o office");
    done(&bench, "sign out.csv.json --key office.key");
    done(&bench, "verify --signed out.csv.json --public office.pub");
    bench.write(
        "out.csv.json",
        &bench.read("out.csv.json").replace("evening", "morning"),
    );
    let forged = says(&bench, "verify --signed out.csv.json --public office.pub");
    assert_eq!(forged.code, Some(3), "{}", forged.err);
}

#[test]
fn hits_weigh_and_what_has_no_sense_together_is_refused() {
    let bench = bench();
    // Each hit stands for its share of the total of sizes, so that this total is met.
    let sized = "--strata region --n 60 --size turnover --method pps-with-replacement -o out.csv";
    done(&bench, &format!("{DRAW} {sized}"));
    let drawn = rows(&bench, "out.csv");
    let number = |row: &BTreeMap<String, String>, name: &str| -> f64 {
        row[name].parse().expect("a number")
    };
    assert!(drawn.iter().any(|row| number(row, "hits") > 1.0));
    for row in &drawn {
        assert_close(
            number(row, "weight"),
            number(row, "hits") / number(row, "expected_hits"),
            EXACT,
        );
    }
    let asked = "estimate --data out.csv --weight weight --strata region --method pps-with-replacement --hits hits \
                 --total turnover --format json";
    let figure = done(&bench, asked).json()["rows"][0].clone();
    let total: f64 = rows(&bench, "firms.csv")
        .iter()
        .map(|row| number(row, "turnover"))
        .sum();
    assert_close(figure["estimate"].as_f64().expect("a total"), total, 1e-12);
    assert!(
        figure["se"].as_f64().is_some_and(|error| error < 1e-9),
        "{figure}"
    );

    let pooled = "--n 12 --method cube --balance people --landing pooled";
    refused(
        &says(&bench, &format!("{DRAW} {pooled}")),
        2,
        &["--landing pooled", "--strata A,B"],
    );
    let calls = "--n 12 --one-call phone --ask all --replicates 3";
    refused(
        &says(&bench, &format!("{DRAW} {calls}")),
        2,
        &["--replicates beside --ask all", "called again"],
    );
    // The walk goes on from stratum to stratum.
    let walk = "--strata region --each 6 --method systematic -o out.csv";
    done(&bench, &format!("{DRAW} {walk}"));
    let mut walked: Vec<f64> = rows(&bench, "out.csv")
        .iter()
        .map(|row| number(row, "walk"))
        .collect();
    let strata = [0.0..31.0, 31.0..61.0, 61.0..91.0];
    assert!(
        strata
            .iter()
            .all(|here| walked.iter().filter(|at| here.contains(*at)).count() == 6)
    );
    walked.dedup();
    assert_eq!(walked.len(), 18);
}
