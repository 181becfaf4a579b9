//! Programs for R's `survey` and Python's `svy` that repeat an analysis: their numbers are ours, where they are
//! installed.

use std::path::Path;
use std::process::Command;

use crate::support::Bench;

const STRAT: &str = "--data apistrat.csv --weight pw --strata stype --fpc fpc";
const CLUS1: &str = "--data apiclus1.csv --weight pw --psu dnum --fpc fpc";
const JK1: &str = "--data jk.csv --weight pw --replicates replicate_* --replicate-type";

/// Schools, and the same with replicate weights of a jackknife, as weights and as factors of weights.
fn bench() -> Bench {
    let bench = Bench::new();
    for name in ["apistrat.csv", "apiclus1.csv"] {
        let from = Path::new("tests/data/api/regress").join(name);
        std::fs::copy(from, bench.path(name)).expect("can be copied");
    }
    let made = format!("estimate {CLUS1} --mean api00 --resample jk1 --export jk.csv");
    bench.done(&made.split_whitespace().collect::<Vec<_>>());
    let mean = made.replace("jk.csv", "mean.csv --centre mean");
    bench.done(&mean.split_whitespace().collect::<Vec<_>>());
    bench.write("shares.csv", "level,share\nE,0.6\nH,0.2\nM,0.2\n");
    bench
}

/// The numbers that a program prints, if it is installed.
fn run(bench: &Bench, program: &str, text: &str) -> Option<Vec<f64>> {
    let home = bench.path("").display().to_string();
    let (runs, name, text) = match program {
        "r" => ("Rscript", "figures.R", format!("setwd({home:?})\n{text}")),
        _ => {
            let digits =
                "pl.Config(float_precision=15, tbl_cols=-1, tbl_rows=-1, tbl_width_chars=400)";
            let text = text.replace("import svy\n", &format!("import svy\n{digits}\n"));
            let text = format!("import os; os.chdir({home:?})\n{text}");
            ("python3", "figures.py", text)
        }
    };
    bench.write(name, &text);
    let output = Command::new(runs).arg(bench.path(name)).output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        let lacking = ["there is no package", "No module named"];
        assert!(lacking.iter().any(|why| err.contains(why)), "{err}\n{text}");
        return None;
    }
    let apart = |letter: char| letter.is_whitespace() || ",|│┆()\"".contains(letter);
    Some(
        said.split(apart)
            .filter_map(|word| word.parse().ok())
            .collect(),
    )
}

/// Asks for the program of an analysis, runs it, and looks for each number of ours but those of the rows named.
#[track_caller]
fn repeats(bench: &Bench, program: &str, asked: &[&str], but: &[&str]) {
    let asked: Vec<&str> = [&["estimate"], asked].concat();
    let text = bench
        .done(&[&asked[..], &["--script", program]].concat())
        .out;
    let Some(numbers) = run(bench, program, &text) else {
        return;
    };
    let json = bench
        .done(&[&asked[..], &["--format", "json"]].concat())
        .json();
    let mut found = 0;
    for row in json["rows"].as_array().expect("rows") {
        let statistic = row["statistic"].as_str().expect("a statistic");
        if but.contains(&statistic) {
            continue;
        }
        let mut fields = vec!["estimate", "se", "df1", "df2"];
        if ["rao-scott", "wald"].contains(&statistic) {
            fields.push("p");
        }
        for wanted in fields.into_iter().filter_map(|field| row[field].as_f64()) {
            let near = |x: &f64| (x - wanted).abs() <= 1e-8 * wanted.abs() + 1e-14;
            assert!(
                numbers.iter().any(near),
                "{program}: no {wanted}\n{row}\n{text}"
            );
            found += 1;
        }
    }
    assert!(found > 0, "{json}");
}

fn words(asked: &str) -> Vec<&str> {
    asked.split_whitespace().collect()
}

const FIGURES: &str = "--mean api00,acs.core --total enroll --share stype --ratio api.stu/enroll --correlation api00,ell";

#[test]
fn replicate_weights_are_repeated() {
    let bench = bench();
    for kind in [
        "jk1 --scale 0.9",
        "jkn --rscales jk.csv.json",
        "fay --rho 0.3",
        "sdr",
        "bootstrap --degrees 9",
    ] {
        let given = format!("{JK1} {kind} {FIGURES}");
        for program in ["r", "svy"] {
            repeats(&bench, program, &words(&given), &[]);
        }
        let more = "--variance api00 --sd ell --quantile api00:0.5 --by sch.wide --where api00>450";
        let more = format!("{JK1} {kind} {more}");
        repeats(&bench, "r", &words(&more), &[]);
    }
}

#[test]
fn the_centre_that_the_file_beside_replicates_states_is_repeated() {
    let bench = bench();
    let given =
        format!("{JK1} jkn --rscales mean.csv.json {FIGURES}").replace("jk.csv", "mean.csv");
    let scripted = bench.done(&words(&format!("estimate {given} --script r")));
    assert!(scripted.out.contains("mse = FALSE"), "{}", scripted.out);
    for program in ["r", "svy"] {
        repeats(&bench, program, &words(&given), &[]);
    }
}

#[test]
fn factors_of_weights_are_repeated() {
    let bench = bench();
    bench.write(
        "f.csv",
        "w,y,f1,f2,f3,f4\n2,1,0,2,1,1\n2,4,2,0,1,1\n3,2,1,1,0,2\n3,7,1,1,2,0\n",
    );
    let given = "--data f.csv --weight w --replicates f? --replicate-type jkn --combined no --mean y --total y";
    for program in ["r", "svy"] {
        repeats(&bench, program, &words(given), &[]);
    }
}

#[test]
fn replicates_of_the_jackknife_are_made_again_by_r() {
    let bench = bench();
    for made in [
        format!("{STRAT} --mean api00 --sd ell --resample jkn --by sch.wide"),
        format!("{CLUS1} --mean api00 --total enroll --resample jk1 --centre mean"),
        format!("{CLUS1} --table stype,sch.wide --regress api00~ell --resample jkn"),
    ] {
        repeats(&bench, "r", &words(&made), &[]);
    }
}

#[test]
fn tables_and_fits_are_repeated() {
    let bench = bench();
    let asked = "--table stype,sch.wide --table sch.wide,comp.imp --where meals<90";
    for design in [STRAT, CLUS1] {
        let asked = format!("{design} {asked} --by improved");
        for program in ["r", "svy"] {
            repeats(&bench, program, &words(&asked), &[]);
        }
        let fit = format!("{design} --fit stype=shares.csv --by sch.wide");
        repeats(&bench, "r", &words(&fit), &[]);
    }
    let given = format!("{JK1} jk1 --degrees 9 {asked}");
    repeats(&bench, "r", &words(&given), &[]);
    // Its degrees of freedom are of the whole file.
    let centred =
        format!("{JK1} jk1 --centre mean --table stype,sch.wide --table sch.wide,comp.imp");
    repeats(&bench, "svy", &words(&centred), &[]);
}

#[test]
fn models_are_repeated() {
    let bench = bench();
    for (formula, family) in [
        (
            "log(api00) ~ ell * stype + C(sch.wide, ref = 'Yes')",
            "gaussian",
        ),
        ("acs.core ~ ell + comp.imp", "gaussian"),
        ("api00 ~ I(ell * log(2)) + I(meals ^ 2)", "gaussian"),
        ("I(sch.wide = 'Yes') ~ ell + meals", "binomial"),
        ("I(sch.wide = 'Yes') ~ ell + meals", "binomial(cloglog)"),
        ("enroll ~ ell + stype + offset(log(api.stu))", "poisson"),
        ("enroll ~ sqrt(meals) + stype", "gamma(log)"),
    ] {
        let model = ["--regress", formula, "--family", family];
        for design in [STRAT, CLUS1] {
            let asked = [&words(design)[..], &model].concat();
            repeats(&bench, "r", &asked, &[]);
            // It has no test of what stands together, and another scale.
            let mut but = vec!["dispersion", "deviance", "explained"];
            if formula.contains('*') {
                but.push("wald");
            }
            repeats(&bench, "svy", &asked, &but);
        }
    }
    for (formula, family) in [
        ("api00 ~ 0 + stype + ell", "gaussian"),
        ("api00 ~ ell:stype", "gaussian"),
        ("enroll ~ ell", "poisson(inverse)"),
    ] {
        let model = ["--regress", formula, "--family", family, "--by", "sch.wide"];
        repeats(&bench, "r", &[&words(STRAT)[..], &model].concat(), &[]);
    }
}

#[test]
fn models_of_replicates_are_repeated() {
    let bench = bench();
    for (formula, family) in [
        ("api00 ~ ell + stype", "gaussian"),
        ("I(sch.wide = 'Yes') ~ ell + meals", "binomial"),
    ] {
        let model = ["--regress", formula, "--family", family];
        let given = format!("{JK1} jk1 --degrees 9");
        repeats(&bench, "r", &[&words(&given)[..], &model].concat(), &[]);
        let centred = format!("{given} --centre mean");
        let but = ["dispersion", "deviance", "explained"];
        repeats(
            &bench,
            "svy",
            &[&words(&centred)[..], &model].concat(),
            &but,
        );
    }
}

#[test]
fn tables_and_models_of_unequal_chances_are_repeated_by_r() {
    let bench = bench();
    bench.bring("unequal/counties.csv");
    let drawn = "--data counties.csv --weight weight --chances p --formula brewer";
    let asked = format!("{drawn} --mean kerry --regress kerry~bush --by side");
    repeats(&bench, "r", &words(&asked), &[]);
}

#[test]
fn what_a_program_lacks_is_refused_with_the_programs_that_do_not() {
    let bench = bench();
    for (asked, program, what, can) in [
        (
            format!("{JK1} jk1 --centre mean --mean api00"),
            "sas",
            "replicates measured from their own mean (it measures them",
            "R's survey, Stata, Python's svy",
        ),
        (
            format!("{STRAT} --fit stype=shares.csv"),
            "stata",
            "goodness of fit (it has no such test",
            "all of it can be repeated in R's survey",
        ),
        (
            format!("{STRAT} --regress enroll~ell --family gamma"),
            "sas",
            "the family 'gamma' (its models of samples are linear",
            "R's survey, Stata, Python's svy",
        ),
        (
            format!("{STRAT} --mean api00 --resample jkn"),
            "svy",
            "replicates that are made here (it would make others: write them with --export",
            "all of it can be repeated in R's survey",
        ),
        (
            format!("{STRAT} --mean api00 --compare stype --ranks --seed s"),
            "r",
            "sets of ranks (they rest on chance of our own)",
            "no program can repeat all of it",
        ),
    ] {
        let said = bench.says(&words(&format!("estimate {asked} --script {program}")));
        assert_eq!(said.code, Some(2), "{asked}: {}", said.err);
        for word in [what, can] {
            assert!(said.err.contains(word), "{asked}: {}", said.err);
        }
    }
}
