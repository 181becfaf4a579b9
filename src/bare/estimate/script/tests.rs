use super::{Program, script};
use crate::bare::estimate::{Asked, Figure, Filter, Further};
use crate::estimate::quantile::Rule;
use crate::estimate::variance::Lonely;
use crate::files::data::Choice;

/// Schools of districts, in both stages.
pub(super) fn asked() -> Asked {
    Asked {
        data: "tests/data/api/apiclus2.csv".into(),
        choice: Choice::default(),
        weight: "weight".into(),
        strata: vec![],
        clusters: vec!["dnum".into(), "snum".into()],
        populations: vec!["fpc1".into(), "fpc2".into()],
        drawn: None,
        nest: true,
        lonely: Lonely::Adjust,
        figures: vec![
            Figure::Mean("api00".into()),
            Figure::Ratio("api.stu".into(), "enroll".into()),
            Figure::Share("sch.wide".into()),
        ],
        rule: None,
        interval: None,
        nchs: false,
        by: vec!["stype".into()],
        compare: None,
        filter: Some(Filter::parse("api00 > 500 and not (comp.imp = 'No')").expect("a filter")),
        confidence: 0.95,
        deff: false,
        replication: None,
        seed: None,
        further: Further::default(),
    }
}

fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(
            text.lines().any(|there| there.trim() == *line),
            "{line}\n{text}"
        );
    }
}

#[test]
fn each_program_is_told_the_whole_design() {
    has(
        &script(&asked(), Program::R).expect("a script").text,
        &[
            "options(digits = 15, survey.lonely.psu = \"adjust\")",
            "design <- svydesign(ids = ~`dnum` + `snum`, weights = ~`weight`, fpc = ~`fpc1` + `fpc2`, nest = TRUE, data = data)",
            "data$.domain[!(with(data, (`api00` > 500 & !(label(`comp.imp`) == \"No\"))) %in% TRUE)] <- NA",
            "figure(\"mean\", \"api00\", NA, function(part) svymean(~`api00`, part, na.rm = TRUE))",
            "figure(\"ratio\", \"api.stu / enroll\", NA, function(part) svyratio(~`api.stu`, ~`enroll`, part, na.rm = TRUE))",
        ],
    );
    has(
        &script(&asked(), Program::Svy).expect("a script").text,
        &[
            "design = svy.Design(psu=\"dnum\", ssu=\"snum\", wgt=\"weight\", pop_size=svy.PopSize(psu=\"fpc1\", ssu=\"fpc2\"), singleton=\"center\")",
            "print(of.mean(\"api00\", by=\"stype\", where=((pl.col(\"api00\") > 500) & ~((pl.col(\"comp.imp\") == \"No\"))), drop_nulls=True).to_polars())",
        ],
    );
    has(
        &script(&asked(), Program::Stata).expect("a script").text,
        &[
            "svyset dnum [pweight = weight], fpc(fpc1) singleunit(centered) || snum, fpc(fpc2)",
            "svy, subpop(meant): mean api00, over(stype) level(95)",
            "svy, subpop(meant): ratio apistu / enroll, over(stype) level(95)",
        ],
    );
    let mut one = asked();
    one.populations.truncate(1);
    one.lonely = Lonely::Fail;
    has(
        &script(&one, Program::Sas).expect("a script").text,
        &[
            "proc surveymeans data=answers total=populations nomcar alpha=0.05 mean clm df;",
            "cluster dnum;",
            "domain meant*stype;",
            "ratio 'api.stu'n / enroll;",
        ],
    );
}

#[test]
fn what_a_program_cannot_repeat_is_named_at_once() {
    let mut much = asked();
    much.lonely = Lonely::Collapse;
    much.figures = vec![
        Figure::Spread("api00".into()),
        Figure::Quantiles("api00".into(), vec![0.5]),
    ];
    much.rule = Some(Rule::Hf7);
    for (program, what) in [
        (Program::R, "R's survey cannot repeat the rule 'collapse'"),
        (
            Program::Svy,
            "Python's svy cannot repeat the rule 'collapse', standard deviations, the rule 'hf7'",
        ),
        (
            Program::Stata,
            "Stata cannot repeat the rule 'collapse', standard deviations, quantiles",
        ),
    ] {
        let said = script(&much, program).expect_err("too much").to_string();
        assert_eq!(said, what);
    }
    let mut typo = asked();
    typo.weight = "wait".into();
    let said = script(&typo, Program::R)
        .expect_err("no such column")
        .to_string();
    assert!(said.contains("no column 'wait'"), "{said}");
}
