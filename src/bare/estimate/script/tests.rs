use super::{Program, script};
use crate::advice::Advise;
use crate::bare::estimate::{Asked, Figure, Filter, Further, GivenWeights, Model, Replication};
use crate::estimate::quantile::Rule;
use crate::estimate::variance::Lonely;
use crate::estimate::variance::replicate::{Centre, Kind};
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

/// The same without figures, with columns of schools as if they were replicate weights.
fn replicated(kind: Kind) -> Asked {
    let mut asked = asked();
    (asked.clusters, asked.populations, asked.by) = (vec![], vec![], vec!["comp.imp".into()]);
    (asked.figures, asked.filter) = (vec![Figure::Mean("api00".into())], None);
    asked.replication = Some(Replication::Given(GivenWeights::of("fpc?", kind)));
    asked
}

#[test]
fn each_program_is_told_of_replicate_weights_in_its_own_words() {
    let r = "design <- svrepdesign(weights = ~`weight`, repweights = data[paste0(\"fpc\", 1:2)], data = data, ";
    let [fay, sdr] = [Kind::Fay { rho: 0.3 }, Kind::Successive].map(replicated);
    let mut boot = replicated(Kind::Bootstrap { average: 1 });
    if let Some(Replication::Given(given)) = &mut boot.replication {
        given.degrees = Some(7);
    }
    for (asked, program, line) in [
        (&fay, Program::R, format!("{r}type = \"Fay\", rho = 0.3, combined.weights = TRUE, mse = TRUE)")),
        (&sdr, Program::R, format!("{r}type = \"successive-difference\", combined.weights = TRUE, mse = TRUE)")),
        (&boot, Program::R, format!("{r}type = \"bootstrap\", scale = 1, combined.weights = TRUE, mse = TRUE)")),
        (
            &fay,
            Program::Stata,
            "svyset [pweight = weight], brrweight(fpc1 fpc2) fay(0.3) vce(brr) mse".into(),
        ),
        (&sdr, Program::Stata, "svyset [pweight = weight], sdrweight(fpc1 fpc2) vce(sdr) mse".into()),
        (
            &boot,
            Program::Stata,
            "svyset [pweight = weight], jkrweight(fpc1 fpc2, multiplier(1)) vce(jackknife) mse dof(7)".into(),
        ),
        (
            &fay,
            Program::Sas,
            "proc surveymeans data=answers varmethod=brr(fay=0.3) nomcar alpha=0.05 mean clm df;".into(),
        ),
        (&fay, Program::Sas, "repweights fpc1-fpc2;".into()),
        (&sdr, Program::Sas, "repweights fpc1-fpc2 / jkcoefs=2;".into()),
        (&boot, Program::Sas, "repweights fpc1-fpc2 / jkcoefs=1 df=7;".into()),
        (
            &boot,
            Program::Svy,
            "design = svy.Design(wgt=\"weight\", rep_wgts=svy.BootstrapWgts(prefix=\"set_of_weights_\", n_reps=2, scale=1, df=7))".into(),
        ),
        (
            &sdr,
            Program::Svy,
            "print(of.mean(\"api00\", by=\"comp.imp\", drop_nulls=True, method=\"replication\", variance_center=\"estimate\").to_polars())".into(),
        ),
    ] {
        has(&script(asked, program).expect("a script").text, &[&line]);
    }
}

/// Tables and models of schools.
fn further(formula: &str, family: &str) -> Asked {
    let mut asked = asked();
    (asked.figures, asked.filter) = (vec![], None);
    (asked.by, asked.lonely) = (vec!["comp.imp".into()], Lonely::Fail);
    asked.populations.truncate(1);
    asked.further.tables = vec!["stype × sch.wide".into()];
    asked.further.models = vec![Model::parse(formula, family).expect("a model")];
    asked
}

#[test]
fn tables_and_models_are_told_to_stata_and_sas() {
    let linear = further("log(api00) ~ enroll * C(stype, ref = 'H')", "gaussian");
    has(
        &script(&linear, Program::Stata).expect("a script").text,
        &[
            "egen long part = group(compimp), label",
            "svy, subpop(if meant & part == `part'): tabulate stype schwide, cell se format(%16.0g) level(95)",
            "svy, subpop(if meant & part == `part'): tabulate stype schwide, row se format(%16.0g) level(95)",
            "generate double model1_1 = log(api00)",
            "egen long labels1_2 = group(stype), label",
            "local base1_2 = `\"H\"':labels1_2",
            "svy, subpop(if meant & part == `part'): regress model1_1 enroll ib`base1_2'.labels1_2 c.enroll#ib`base1_2'.labels1_2, level(95)",
            "testparm c.enroll#ib`base1_2'.labels1_2, nosvyadjust",
        ],
    );
    has(
        &script(&linear, Program::Sas).expect("a script").text,
        &[
            "model1_1 = log(api00);",
            "proc surveyfreq data=answers total=populations nomcar alpha=0.05;",
            "tables 'comp.imp'n*meant*stype*'sch.wide'n / row column chisq(secondorder);",
            "proc surveyreg data=answers total=populations nomcar alpha=0.05;",
            "class stype(ref='H');",
            "model model1_1 = enroll stype enroll*stype / solution clparm vadjust=none;",
            "domain meant*'comp.imp'n;",
        ],
    );
    let logistic = further(
        "I(sch.wide = 'Yes') ~ enroll + stype + offset(log(api00))",
        "binomial",
    );
    has(
        &script(&logistic, Program::Stata).expect("a script").text,
        &[
            "generate double model1_1 = cond(missing(schwide, `\"Yes\"'), ., schwide == `\"Yes\"')",
            "svy, subpop(if meant & part == `part'): glm model1_1 enroll i.labels1_2, family(binomial) link(logit) level(95) offset(model1_2)",
        ],
    );
    has(
        &script(&logistic, Program::Sas).expect("a script").text,
        &[
            "model1_1 = ifn(not missing('sch.wide'n) and not missing('Yes'), ('sch.wide'n = 'Yes'), .);",
            "class stype(ref=first) / param=glm;",
            "model model1_1(event='1') = enroll stype / link=logit vadjust=none offset=model1_2;",
        ],
    );
}

/// What is refused, and which programs can.
fn refused(asked: &Asked, program: Program) -> (String, String) {
    let error = script(asked, program).expect_err("too much");
    (error.to_string(), error.hint().unwrap_or_default())
}

#[test]
fn what_is_refused_has_its_reason_and_the_programs_that_can() {
    let probit = further("I(sch.wide = 'Yes') ~ enroll", "binomial(probit)");
    let (what, can) = refused(&probit, Program::Stata);
    assert_eq!(
        what,
        "Stata cannot repeat the family 'binomial(probit)' (its standard errors take the observed information, \
         ours the expected)"
    );
    assert_eq!(
        can,
        "all of it can be repeated in R's survey, SAS, Python's svy"
    );

    let mut counts = further("enroll ~ api00", "poisson");
    let (what, can) = refused(&counts, Program::Sas);
    assert_eq!(
        what,
        "SAS cannot repeat the family 'poisson' (its models of samples are linear or of 0 and 1)"
    );
    assert_eq!(
        can,
        "all of it can be repeated in R's survey, Stata, Python's svy"
    );
    counts.further.all_tests = true;
    let (what, _) = refused(&counts, Program::R);
    assert!(
        what.contains("all tests of tables (it has not all of them"),
        "{what}"
    );

    for (formula, why) in [
        (
            "api00 ~ 0 + stype",
            "labels without an intercept (it codes them in another way)",
        ),
        (
            "api00 ~ enroll:stype",
            "terms together that do not stand alone too",
        ),
    ] {
        let asked = further(formula, "gaussian");
        for program in [Program::Stata, Program::Sas, Program::Svy] {
            let (what, can) = refused(&asked, program);
            assert!(what.contains(why), "{what}");
            assert_eq!(can, "all of it can be repeated in R's survey");
        }
    }

    let mut centred = replicated(Kind::Jk1);
    centred.further.tables = vec!["stype × sch.wide".into()];
    let (what, _) = refused(&centred, Program::Svy);
    assert!(
        what.contains("tables from replicates (it measures these from"),
        "{what}"
    );
    if let Some(Replication::Given(given)) = &mut centred.replication {
        given.centre = Some(Centre::Mean);
    }
    let (what, can) = refused(&centred, Program::Sas);
    assert!(
        what.contains("replicates measured from their own mean"),
        "{what}"
    );
    assert_eq!(
        can,
        "all of it can be repeated in R's survey, Stata, Python's svy"
    );
    centred.figures = vec![Figure::Quantiles("api00".into(), vec![0.5])];
    let (what, _) = refused(&centred, Program::Svy);
    assert!(what.contains("quantiles from replicates"), "{what}");
}
