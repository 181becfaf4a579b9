//! The chances of pairs of drawn units: of small samples from strata of any size.

use std::fmt::Write;

use crate::support::Bench;

const UNITS: usize = 100_000;

/// A list of firms, some of which are large.
fn bench() -> Bench {
    let bench = Bench::new();
    let mut list = "firm,side,turnover\n".to_owned();
    for unit in 0..UNITS {
        let side = if unit < 6_000 { "south" } else { "north" };
        let turnover = 1 + unit * 7 % 100;
        writeln!(list, "f{unit:06},{side},{turnover}").expect("memory");
    }
    bench.write("firms.csv", &list);
    bench
}

fn draw(more: &str) -> Vec<&str> {
    let words = "draw --data firms.csv --id firm --seed x -o out.csv --joint pairs.csv";
    words.split(' ').chain(more.split(' ')).collect()
}

/// Rows of a table of pairs, of two units each.
fn pairs(bench: &Bench) -> Vec<(String, String, f64, String, String)> {
    let text = bench.read("pairs.csv");
    let cells = |row: &str| {
        let cells: Vec<String> = row.split(',').map(str::to_owned).collect();
        let [unit, other, chance, exact, formula] = cells.try_into().expect("five cells");
        let chance = chance.parse().expect("a chance");
        (unit, other, chance, exact, formula)
    };
    let all = text
        .trim_start_matches('\u{feff}')
        .lines()
        .skip(1)
        .map(cells);
    all.filter(|(unit, other, ..)| unit != other).collect()
}

#[test]
fn pairs_of_a_small_sample_from_a_long_list_are_exact() {
    let bench = bench();
    let lines = 500 * 499 / 2;
    bench.done(&draw("--n 500"));
    let simple = pairs(&bench);
    assert_eq!(simple.len(), lines);
    let all = UNITS as f64;
    let wanted = 500.0 * 499.0 / (all * (all - 1.0));
    for (.., chance, exact, formula) in &simple {
        assert!((chance / wanted - 1.0).abs() < 1e-12, "{chance}");
        assert_eq!((exact.as_str(), formula.as_str()), ("1", "simple"));
    }
    for method in [
        "conditional",
        "sampford",
        "tille",
        "pivotal",
        "pps-systematic",
    ] {
        bench.done(&draw(&format!("--n 500 --size turnover --method {method}")));
        let chance: std::collections::BTreeMap<String, f64> = bench
            .read("out.csv")
            .trim_start_matches('\u{feff}')
            .lines()
            .skip(1)
            .map(|row| {
                let cells: Vec<&str> = row.split(',').collect();
                (cells[0].to_owned(), cells[3].parse().expect("a chance"))
            })
            .collect();
        let found = pairs(&bench);
        assert_eq!(found.len(), lines, "{method}");
        let spread: f64 =
            found
                .iter()
                .fold(0.0, |worst: f64, (unit, other, both, exact, formula)| {
                    assert_eq!((exact.as_str(), formula.as_str()), ("1", method));
                    worst.max((both / (chance[unit] * chance[other]) - 499.0 / 500.0).abs())
                });
        // Where much is left to chance, pairs hardly depend on the method.
        let orderly = ["pivotal", "pps-systematic"].contains(&method);
        assert!(orderly || spread < 0.01, "{method}: {spread}");
    }
}

#[test]
fn a_list_of_any_length_gives_the_figures_that_its_table_of_pairs_gives() {
    let bench = bench();
    bench.done(&draw("--n 200 --size turnover --method sampford"));
    let total: usize = (0..UNITS).map(|unit| 1 + unit * 7 % 100).sum();
    let mut list = "firm,probability\n".to_owned();
    for unit in 0..UNITS {
        let chance = (200 * (1 + unit * 7 % 100)) as f64 / total as f64;
        writeln!(list, "f{unit:06},{chance}").expect("memory");
    }
    bench.write("list.csv", &list);
    let row = |more: &str| {
        let asked = format!(
            "estimate --data out.csv --weight weight --chances probability --formula syg \
             --mean turnover --format json {more}"
        );
        let told = bench.done(&asked.split(' ').collect::<Vec<_>>()).json();
        let number = |name: &str| told["rows"][0][name].as_f64().expect("a number");
        (number("estimate"), number("se"))
    };
    let (mean, se) = row("--method sampford --list list.csv");
    let (same_mean, same_se) = row("--joint pairs.csv --id firm");
    assert_eq!(mean.to_bits(), same_mean.to_bits());
    assert!(
        se > 0.0 && (se / same_se - 1.0).abs() < 1e-9,
        "{se} {same_se}"
    );
}

#[test]
fn pairs_of_stages_need_no_others_than_the_drawn_clusters() {
    let bench = bench();
    bench.done(&draw("--stage side:1 --take 50"));
    let found = pairs(&bench);
    assert_eq!(found.len(), 50 * 49 / 2);
    let units = found.iter().flat_map(|(unit, other, ..)| [unit, other]);
    let south = units.clone().all(|unit| unit.as_str() < "f006000");
    let north = units.clone().all(|unit| unit.as_str() >= "f006000");
    assert!(south != north, "all of one side");
    let all: f64 = if south { 6_000.0 } else { 94_000.0 };
    let wanted = 0.5 * 50.0 * 49.0 / (all * (all - 1.0));
    for (.., chance, exact, formula) in &found {
        assert!((chance / wanted - 1.0).abs() < 1e-12, "{chance}");
        assert_eq!((exact.as_str(), formula.as_str()), ("1", "stages"));
    }
}

#[test]
fn clusters_drawn_in_order_give_pairs_however_many_units_they_hold() {
    let bench = Bench::new();
    let mut list = "firm,branch\n".to_owned();
    for unit in 0..6_000 {
        writeln!(list, "f{unit:04},b{:02}", unit % 100).expect("memory");
    }
    bench.write("firms.csv", &list);
    bench.done(&draw("--stage branch:10:chromy --take 5"));
    let found = pairs(&bench);
    assert_eq!(found.len(), 50 * 49 / 2);
    // Within a branch of 60: 1/10 · 5 · 4 / (60 · 59).
    let within = 0.1 * 20.0 / (60.0 * 59.0);
    let branch = |unit: &str| unit[3..].to_owned();
    for (unit, other, chance, exact, formula) in &found {
        assert_eq!((exact.as_str(), formula.as_str()), ("1", "stages"));
        if branch(unit) == branch(other) {
            assert!((chance / within - 1.0).abs() < 1e-12, "{chance}");
        }
    }
    // Of firms drawn in order within branches of 60, too.
    bench.done(&draw("--method chromy --stage branch:10:chromy --take 5"));
    assert!(pairs(&bench).iter().all(|(.., exact, _)| exact == "1"));
}

#[test]
fn what_a_table_of_pairs_has_no_room_for_is_refused() {
    let bench = bench();
    let refused = |more: &str, why: &[&str]| {
        let said = bench.says(&draw(more));
        assert_eq!(said.code, Some(2), "{}", said.err);
        for why in why {
            assert!(said.err.contains(why), "{}", said.err);
        }
    };
    refused(
        "--n 5001",
        &[
            "the pairs of 5001 drawn units would be a table of 12507501 lines",
            "there is room for those of 5000 units",
            "draw fewer, or leave --joint out",
        ],
    );
    // All strata count, and an approximation makes no room.
    for many in [
        "--strata side --each 3000 --joint-by hajek",
        "--strata side --stage turnover:100 --take 30 --or-all --joint-by hajek",
    ] {
        refused(many, &["the pairs of 6000 drawn units would be a table"]);
        let said = bench.says(&draw(many));
        assert!(!said.err.contains("--joint-by"), "{}", said.err);
    }
    let chromy = "--strata side --each 20 --size turnover --method chromy";
    refused(
        chromy,
        &[
            "stratum 'north': 'chromy' finds a pair only with all others of its stratum, which has 94000 units",
            "stratum 'south'",
        ],
    );
    let branches = "--stage side:all --take 9 --method chromy";
    refused(
        branches,
        &[
            "stratum 'all', stage 'firm': 'chromy' finds a pair only with all that it draws from at once, and \
             these are up to 94000",
            "--joint-by",
        ],
    );
    // An approximation has no need of the others.
    bench.done(&draw(&format!("{branches} --joint-by hartley-rao")));
    let found = pairs(&bench);
    assert_eq!(found.len(), 18 * 17 / 2);
    for (.., chance, exact, formula) in &found {
        assert!(*chance > 0.0, "{chance}");
        assert_eq!((exact.as_str(), formula.as_str()), ("0", "hartley-rao"));
    }
    bench.done(&draw(&format!("{chromy} --joint-by deville")));
    assert_eq!(pairs(&bench).len(), 40 * 39 / 2);
}
