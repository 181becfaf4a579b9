//! Rows of regressions: one fit for each domain.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::places::Part;
use super::row::{Of, Row};
use super::table::Table;
use super::tables::{Rows, tested};
use super::{Asked, Error, Model, heard};
use crate::estimate::regress::{Coefficient, Error as Unfitted, Fit, Regression, Wald};
use crate::estimate::{Estimator, Tested};
use crate::notice::Notice;

/// All rows of all models. Where a model can be fitted in some domains, the others are named; where in
/// none, that is an error.
pub(super) fn rows(
    estimator: &Estimator<'_>,
    table: &Table,
    parts: &[Part<'_>],
    asked: &Asked,
) -> Result<Rows, Error> {
    let mut all = Rows::default();
    for model in &asked.further.models {
        let regression = Regression::of(&model.formula, &table.named, model.family);
        let fits: Vec<Result<Fit, Unfitted>> = (0..parts.len())
            .into_par_iter()
            .map(|part| regression.fit(estimator, &parts[part].domain))
            .collect();
        let first = fits.iter().find_map(|fit| fit.as_ref().err());
        if let (Some(why), true) = (first, fits.iter().all(Result::is_err)) {
            return Err(Error::Model(in_file(why, table)));
        }
        let mut left_out = 0;
        for (part, fit) in parts.iter().zip(fits) {
            let domain = part.domain.label();
            match fit {
                Ok(fit) => {
                    left_out += fit.left_out;
                    all.0.extend(of_fit(&fit, &mut all.1));
                }
                Err(why) => {
                    let why = in_file(&why, table);
                    all.1.push(heard::unfitted(&named(model), domain, &why));
                }
            }
        }
        if left_out > 0 {
            let (item, count) = (named(model), left_out);
            all.1.push(Notice::MissingAnswers { item, count });
        }
    }
    Ok(all)
}

fn named(model: &Model) -> String {
    model.formula.text().to_owned()
}

/// The row of an error as it stood in the file.
fn in_file(why: &Unfitted, table: &Table) -> Unfitted {
    let mut why = why.clone();
    if let Unfitted::OutOfRange { row, .. }
    | Unfitted::NotFinite { row, .. }
    | Unfitted::NegativeWeight { row } = &mut why
    {
        *row = table.order[*row];
    }
    why
}

/// Coefficients, tests of terms, and what holds of the whole model.
fn of_fit(fit: &Fit, notices: &mut Vec<Notice>) -> Vec<Row> {
    let unknown = fit.unknown.as_ref();
    let domains = || vec![fit.domain.clone()];
    let unsure = unknown.and_then(|why| heard::unsure(why, fit.formula.clone(), domains));
    notices.extend(unsure.clone());
    let mut rows = Vec::new();
    for coefficient in &fit.coefficients {
        let mut row = of_coefficient(fit, coefficient);
        row.notices.extend(unsure.clone());
        rows.push(row);
    }
    rows.extend(fit.tests.iter().filter_map(|test| of_term(fit, test)));
    let whole = [
        ("dispersion", Some(fit.dispersion)),
        ("deviance", Some(fit.deviance)),
        ("explained", fit.explained),
    ];
    for (statistic, value) in whole {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            continue;
        };
        let mut row = Row::bare(
            of(fit, statistic, None),
            &fit.domain,
            value,
            (fit.df, fit.n),
        );
        row.added.left_out = (statistic == "dispersion").then_some(fit.left_out);
        rows.push(row);
    }
    rows
}

fn of<'f>(fit: &'f Fit, statistic: &'f str, level: Option<String>) -> Of<'f> {
    Of {
        statistic,
        variable: &fit.formula,
        level,
    }
}

fn of_coefficient(fit: &Fit, found: &Coefficient) -> Row {
    let of = of(fit, "coefficient", Some(found.name.clone()));
    let mut row = Row::bare(of, &fit.domain, found.value, (fit.df, fit.n));
    row.se = found.se;
    (row.ci_low, row.ci_high) = found.interval.unzip();
    row.added.t = found.t;
    row.added.p = found.p;
    row.added.ratio = found.ratio;
    (row.added.ratio_low, row.added.ratio_high) = found.ratio_interval.unzip();
    row
}

/// The test of a term; none if it could not be made.
fn of_term(fit: &Fit, test: &Wald) -> Option<Row> {
    let (f, p) = test.f.zip(test.p)?;
    let tested_as = Tested {
        statistic: f,
        df1: test.above as f64,
        df2: Some(test.below as f64),
        p,
    };
    let mut row = tested(
        ("wald", &fit.formula, &fit.domain),
        tested_as,
        fit.df,
        fit.n,
    );
    row.level = Some(test.terms.join(" + "));
    Some(row)
}
