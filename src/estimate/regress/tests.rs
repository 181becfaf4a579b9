//! Against R's `svyglm`, and by laws.

use super::api::Api;
use super::{Error, Family, Fit, Formula, Law, Link, Regression};
use crate::estimate::expression::{self, Table};
use crate::estimate::variance::{Clusters, Design, Rule};
use crate::estimate::{Domain, Estimator};
use crate::frame::Codes;
use crate::weigh::Ledger;

/// What tests/data/api/regress/make.R fits: case, formula, family, and whom.
const CASES: [(&str, &str, &str, Option<&str>); 18] = [
    (
        "strat-gaussian",
        "api00 ~ ell + meals + mobility",
        "gaussian",
        None,
    ),
    (
        "strat-levels",
        "api00 ~ meals * stype + comp.imp",
        "gaussian",
        None,
    ),
    (
        "strat-cells",
        "api00 ~ 0 + stype:comp.imp + meals",
        "gaussian",
        None,
    ),
    (
        "strat-missing",
        "api00 ~ acs.core + I(meals^2)",
        "gaussian",
        None,
    ),
    (
        "strat-binomial",
        "improved ~ meals + stype",
        "binomial",
        None,
    ),
    (
        "strat-quasibinomial",
        "I(ell / 100) ~ meals + stype",
        "quasibinomial",
        None,
    ),
    (
        "strat-probit",
        "improved ~ meals + stype",
        "binomial(probit)",
        None,
    ),
    (
        "strat-cloglog",
        "I(comp.imp = 'Yes') ~ meals + stype",
        "binomial(cloglog)",
        None,
    ),
    (
        "strat-poisson",
        "api.stu ~ meals + stype + offset(log(enroll))",
        "poisson",
        None,
    ),
    ("strat-gamma", "api00 ~ meals + ell", "gamma", None),
    (
        "strat-gamma-log",
        "enroll ~ meals + stype",
        "gamma(log)",
        None,
    ),
    (
        "strat-domain",
        "improved ~ meals + ell",
        "binomial",
        Some("sch.wide"),
    ),
    (
        "clus1-gaussian",
        "api00 ~ ell + meals + mobility",
        "gaussian",
        None,
    ),
    (
        "clus1-binomial",
        "improved ~ meals + mobility",
        "binomial",
        None,
    ),
    (
        "clus2-gaussian",
        "api00 ~ ell + meals + mobility",
        "gaussian",
        None,
    ),
    (
        "clus2-domain",
        "api00 ~ meals + stype",
        "gaussian",
        Some("comp.imp"),
    ),
    (
        "raked-gaussian",
        "api00 ~ ell + meals + mobility",
        "gaussian",
        None,
    ),
    (
        "raked-binomial",
        "improved ~ meals + mobility",
        "binomial",
        None,
    ),
];

fn fitted(case: &str, formula: &str, family: &str, whom: Option<&str>) -> Fit {
    let api = Api::read(case);
    let ledger = api.ledger();
    let estimator = Estimator::by(api.rule(), &ledger, 0.95);
    let formula = Formula::parse(formula).expect("a formula");
    let family = Family::named(family).expect("a family");
    let codes = Codes::from_labels(api.labels(whom.unwrap_or("stype")));
    let domain = match whom {
        Some(_) => Domain::each(&codes).pop().expect("No and Yes"),
        None => Domain::all(),
    };
    let model = Regression::of(&formula, &api.table, family);
    model
        .fit(&estimator, &domain)
        .unwrap_or_else(|error| panic!("{case}: {error}"))
}

fn number(text: &str) -> f64 {
    text.parse()
        .unwrap_or_else(|_| panic!("'{text}' is no number"))
}

#[track_caller]
fn near(what: &str, got: f64, expected: &str, within: f64) {
    let expected = number(expected);
    let gap = (got - expected).abs();
    assert!(
        gap <= within * expected.abs(),
        "{what}: {got} is not {expected}"
    );
}

#[test]
fn models_agree_with_r() {
    for (case, formula, family, whom) in CASES {
        let fit = fitted(case, formula, family, whom);
        let model = Api::expected(case, "model").remove(0);
        assert_eq!(fit.n.to_string(), model[2], "{case}");
        assert_eq!(fit.df.to_string(), model[3], "{case}");
        // R puts rows without an answer into the mean of the weights.
        if fit.left_out == 0 {
            near(case, fit.dispersion, &model[4], 1e-9);
            near(case, fit.deviance, &model[5], 1e-10);
        }
        if let Some(explained) = fit.explained {
            near(case, explained, &model[6], 1e-9);
        }
        let expected = Api::expected(case, "coefficient");
        assert_eq!(fit.coefficients.len(), expected.len(), "{case}");
        for (coefficient, line) in fit.coefficients.iter().zip(&expected) {
            let name = coefficient
                .name
                .replace(['[', ']'], "")
                .replace("(intercept)", "(Intercept)");
            assert_eq!(name, line[2], "{case}");
            let what = format!("{case}: {name}");
            near(&what, coefficient.value, &line[3], 1e-8);
            near(&what, coefficient.se.expect("known"), &line[4], 1e-8);
            near(&what, coefficient.t.expect("known"), &line[5], 1e-7);
            near(&what, coefficient.p.expect("known"), &line[6], 1e-6);
            let (low, high) = coefficient.interval.expect("known");
            near(&what, low, &line[7], 1e-7);
            near(&what, high, &line[8], 1e-7);
        }
    }
}

#[test]
fn tests_of_terms_agree_with_r() {
    for (case, formula, family, whom) in CASES {
        let fit = fitted(case, formula, family, whom);
        for line in Api::expected(case, "test") {
            // R speaks of I(meals^2) and stype:comp.imp as we do.
            let test = fit.test(&[line[2].as_str()]).expect("a term");
            let what = format!("{case}: {}", line[2]);
            near(&what, test.f.expect("known"), &line[3], 1e-7);
            assert_eq!(
                (test.above.to_string(), test.below.to_string()),
                (line[4].clone(), line[5].clone())
            );
            near(&what, test.p.expect("known"), &line[6], 1e-6);
        }
        let joint: Vec<&str> = fit
            .tests
            .iter()
            .map(|test| test.terms[0].as_str())
            .collect();
        assert_eq!(
            fit.test(&joint).expect("terms").above,
            fit.tests.iter().map(|t| t.above).sum::<u64>()
        );
    }
    let fit = fitted("strat", "api00 ~ meals", "gaussian", None);
    assert!(matches!(fit.test(&["ell"]), Err(Error::NoTerm { .. })));
}

/// Fits rows of equal weight that were drawn one by one.
fn plain(formula: &str, table: &Table, family: Family, n: usize) -> Result<Fit, Error> {
    let ledger = Ledger::given(vec![2.0; n]).expect("weights");
    let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
    let rule: Box<dyn Rule> = Box::new(rule);
    let estimator = Estimator::by(rule, &ledger, 0.95);
    let formula = Formula::parse(formula)?;
    Regression::of(&formula, table, family).fit(&estimator, &Domain::all())
}

fn labelled(labels: &[&str]) -> Vec<Option<String>> {
    labels
        .iter()
        .map(|label| Some((*label).to_owned()))
        .collect()
}

fn table() -> Table {
    let numbers = |values: [f64; 8]| values.map(Some).to_vec();
    Table::default()
        .with_numbers("y", numbers([0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0]))
        .with_numbers("x", numbers([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0]))
        .with_numbers(
            "twice",
            numbers([2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 18.0]),
        )
        .with_numbers("late", numbers([0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0]))
        .with_labels("side", labelled(&["n", "s", "n", "s", "w", "n", "s", "w"]))
        .with_labels("same", labelled(&["n"; 8]))
        .with_labels("id", labelled(&["a", "b", "c", "d", "e", "f", "g", "h"]))
}

#[test]
fn what_cannot_be_fitted_names_the_term() {
    let told = |formula: &str, family: Family| {
        plain(formula, &table(), family, 8)
            .expect_err(formula)
            .to_string()
    };
    assert_eq!(
        told("y ~ x + twice", Family::GAUSSIAN),
        "'twice' is made of the other terms: nothing is left for twice"
    );
    assert_eq!(
        told("y ~ side + I(side = 's')", Family::GAUSSIAN),
        "'I(side = 's')' is made of the other terms: nothing is left for I(side = 's')"
    );
    // Whoever was late answered 1, and one other too.
    assert_eq!(
        told("y ~ x + late", Family::BINOMIAL),
        "'late' settles the answer of some people alone: the coefficient of late has no end"
    );
    let probit = Family {
        law: Law::Binomial,
        link: Link::Probit,
    };
    let cloglog = Family {
        law: Law::Binomial,
        link: Link::Cloglog,
    };
    for family in [probit, cloglog, Family::POISSON] {
        let formula = if family == Family::POISSON {
            "I(1 - y) ~ late"
        } else {
            "y ~ late"
        };
        assert!(told(formula, family).contains("'late' settles"), "{family}");
    }
    assert_eq!(
        told("y ~ same", Family::GAUSSIAN),
        "everybody in 'all' has the same 'same': 'n'"
    );
    assert_eq!(
        told("y ~ id", Family::GAUSSIAN),
        "8 rows in 'all' have all that 'y ~ id' needs, and it has 8 coefficients"
    );
    assert_eq!(
        told("x ~ y", Family::BINOMIAL),
        "'x' is 2 in row 2, and binomial needs answers from 0 to 1"
    );
    assert_eq!(
        told("x ~ log(late)", Family::GAUSSIAN),
        "'log(late)' is no number in row 1"
    );
    assert_eq!(
        told("y ~ C(side, ref = 'east')", Family::GAUSSIAN),
        "'east' is no label of 'side'"
    );
    assert_eq!(
        told("y ~ side + z", Family::GAUSSIAN),
        "there is no column 'z'"
    );
    assert_eq!(
        told("side ~ x", Family::GAUSSIAN),
        "'side' holds labels, and numbers are needed"
    );
}

#[test]
fn a_formula_that_cannot_be_understood_says_where() {
    let fault = |text: &str| match Formula::parse(text) {
        Err(expression::Error::Unreadable {
            at, found, wanted, ..
        }) => (at, found, wanted),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(fault("y"), (2, "the end".into(), "~, and what explains it"));
    assert_eq!(fault("~ x"), (1, "'~'".into(), "a column or a number"));
    assert_eq!(fault("y ~ x +"), (8, "the end".into(), "a column"));
    assert_eq!(fault("y ~ x^2"), (6, "'^'".into(), "+, :, * or the end"));
    assert_eq!(
        fault("y ~ (x"),
        (7, "the end".into(), "a closing parenthesis")
    );
    assert_eq!(
        fault("y ~ x - z"),
        (9, "'z'".into(), "1: only the intercept can be taken off")
    );
    assert_eq!(
        fault("y ~ 2"),
        (5, "'2'".into(), "a column, or 0 or 1 for the intercept")
    );
    assert_eq!(
        fault("y ~ C(x, base = 1)"),
        (10, "'base'".into(), "ref = and a label")
    );
    assert_eq!(
        fault("y ~ x:offset(z)"),
        (7, "'offset'".into(), "a column: an offset stands alone")
    );
    let error = plain("y ~ sine(x)", &table(), Family::GAUSSIAN, 8).expect_err("no function");
    assert!(error.to_string().contains("at 5 stands 'sine'"), "{error}");
}

#[test]
fn terms_are_those_of_r() {
    let terms = |text: &str| Formula::parse(text).expect("a formula").terms().join(" ");
    assert_eq!(terms("y ~ a*b*c"), "a b c a:b a:c b:c a:b:c");
    assert_eq!(terms("y ~ b:a + a + a:b"), "a b:a");
    assert_eq!(terms("y ~ (a + b):c + a"), "a a:c b:c");
    assert_eq!(terms("y ~ 1"), "");
    assert_eq!(terms("y ~ a + a + I(a^2) + log(a) - 1"), "a I(a^2) log(a)");
}

#[test]
fn a_model_of_the_intercept_is_the_mean() {
    let fit = plain("x ~ 1", &table(), Family::GAUSSIAN, 8).expect("eight answers");
    let mean = &fit.coefficients[0];
    assert!((mean.value - 37.0 / 8.0).abs() < 1e-12);
    let squares: f64 = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0]
        .iter()
        .map(|x: &f64| (x - 4.625).powi(2))
        .sum();
    assert!((mean.se.expect("known") - (squares / 56.0).sqrt()).abs() < 1e-12);
    assert_eq!((fit.df, fit.tests.len(), fit.explained), (7, 0, Some(0.0)));
}

#[test]
fn a_stated_reference_only_changes_what_levels_are_compared_with() {
    let first = plain("x ~ side", &table(), Family::GAUSSIAN, 8).expect("three sides");
    let other = plain("x ~ C(side, ref = w)", &table(), Family::GAUSSIAN, 8).expect("three sides");
    let names: Vec<&str> = other.coefficients.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["(intercept)", "side[n]", "side[s]"]);
    let [n_w, w_n] = [other.coefficients[1].value, first.coefficients[2].value];
    assert!((n_w + w_n).abs() < 1e-12);
    let [a, b] = [&first, &other].map(|fit| fit.tests[0].f.expect("known"));
    assert!((a - b).abs() < 1e-10 * a);
}

#[test]
fn odds_ratios_are_those_of_a_table_of_four() {
    // Late and other: 1 of 3, and 2 of 5.
    let table = table().with_numbers(
        "z",
        [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0].map(Some).to_vec(),
    );
    let fit = plain("z ~ late", &table, Family::BINOMIAL, 8).expect("both answers in both");
    let ratio = fit.coefficients[1].ratio.expect("a logit");
    assert!((ratio - (1.0 / 2.0) / (2.0 / 3.0)).abs() < 1e-10, "{ratio}");
    assert!(fit.coefficients[1].ratio_interval.is_some());
}

#[test]
fn rows_that_lack_an_answer_are_counted() {
    let fit = fitted("strat-missing", "api00 ~ acs.core", "gaussian", None);
    assert_eq!((fit.n + fit.left_out, fit.left_out > 0), (200, true));
}
