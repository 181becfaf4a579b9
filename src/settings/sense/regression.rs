//! `[[regression]]`

use super::columns::Columns;
use super::whole::value;
use crate::advice::Advise;
use crate::estimate::expression::Condition;
use crate::estimate::regress::{Family, Formula};
use crate::settings::origin::At;
use crate::settings::problems::Problem;
use crate::settings::regression::{Regression, RegressionSpec};

/// The models, in the file's order. Whether what they name is there is known once there are answers.
pub(super) fn regressions(
    regressions: &[Regression],
    columns: &Columns,
    found: &mut Vec<Problem>,
) -> Option<Vec<RegressionSpec>> {
    let one = |regression: &Regression| {
        let by = regression.by.iter().flat_map(|by| &by.value);
        columns.know(by.clone(), found);
        let formula = read(&regression.formula, Formula::parse, found);
        let family = match &regression.family {
            Some(_) => read(&regression.family, Family::named, found),
            None => Some(Family::GAUSSIAN),
        };
        if regression.filter.is_some() {
            read(&regression.filter, Condition::read, found)?;
        }
        Some(RegressionSpec {
            formula: formula?,
            family: family?,
            by: by.map(|name| name.value.clone()).collect(),
            filter: value(&regression.filter),
        })
    };
    let specs: Vec<Option<RegressionSpec>> = regressions.iter().map(one).collect();
    specs.into_iter().collect()
}

/// A text that means something, or what is wrong with it.
fn read<T, E: std::fmt::Display + Advise>(
    at: &Option<At<String>>,
    meant: impl Fn(&str) -> Result<T, E>,
    found: &mut Vec<Problem>,
) -> Option<T> {
    let text = value(at)?;
    match (meant(&text), at) {
        (Ok(meant), _) => Some(meant),
        (Err(why), Some(at)) => {
            let problem = at.problem(format!("{}: {why}", at.key));
            found.push(match why.hint() {
                Some(hint) => problem.hint(hint),
                None => problem,
            });
            None
        }
        (Err(_), None) => None,
    }
}
