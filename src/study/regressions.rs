//! What an answer goes together with: `[[regression]]`.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::Error;
use super::estimate::rule_of;
use super::weigh::{Answered, classes};
use crate::advice::Advise;
use crate::bare::estimate::Filter;
use crate::bare::estimate::cells::Cells;
use crate::bare::estimate::heard::unfitted;
use crate::estimate::expression::{Column, Table};
use crate::estimate::regress::{self, Fit, Regression};
use crate::estimate::variance::replicate::Replicated;
use crate::estimate::{Domain, Estimator};
use crate::frame::Codes;
use crate::method::Card;
use crate::notice::Notice;
use crate::progress::Monitor;
use crate::report::Model;
use crate::settings::RegressionSpec;

/// What a regression rests on.
pub(super) const CARDS: [&Card; 2] = [&regress::CARD, &regress::WALD];

/// A model, fitted in every domain in which it can be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regressed {
    /// The columns whose combinations are the domains; none for everybody.
    pub by: Vec<String>,
    /// Who was meant, as it was written; none for everybody.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// One per domain, in the order of their labels.
    pub fits: Vec<Fit>,
}

impl Regressed {
    /// As reports tell it.
    #[must_use]
    pub fn told(&self) -> Model<'_> {
        Model {
            fits: &self.fits,
            by: &self.by,
            filter: self.filter.as_deref(),
        }
    }
}

/// Who is meant, if that can be read.
fn filter(spec: &RegressionSpec) -> Result<Option<Filter>, crate::Error> {
    let text = spec.filter.as_deref();
    Ok(text.map(Filter::parse).transpose()?)
}

/// The fits of one `[[regression]]`, and notices of what is not in them.
pub(super) fn regressed(
    (answered, replicated): (&Answered, Option<&Replicated<'_>>),
    spec: &RegressionSpec,
    confidence: f64,
    monitor: &dyn Monitor,
) -> Result<(Regressed, Vec<Notice>), crate::Error> {
    let filter = filter(spec)?;
    let named = Named::of(spec, filter.as_ref(), answered)?;
    let column = domains(&named, (spec, filter.as_ref()), answered)?;
    let domains: Vec<Domain<'_>> = Domain::each(&column)
        .into_iter()
        .filter(|domain| !domain.label().is_empty())
        .collect();
    let model = Regression::of(&spec.formula, &named.table, spec.family);
    let rule = rule_of(&answered.sample, &answered.ledger);
    let estimator = Estimator::by(rule, &answered.ledger, confidence);
    let fit = |domain: &Domain<'_>| match replicated {
        Some(replicated) => model.fit_anew(replicated, domain),
        None => model.fit(&estimator, domain),
    };
    let found: Option<Vec<Result<Fit, regress::Error>>> = domains
        .par_iter()
        .map(|domain| (!monitor.wants_stop()).then(|| fit(domain)))
        .collect();
    let found = found.ok_or(Error::Stopped)?;
    told(spec, &domains, found).map_err(crate::Error::from)
}

/// The fits, and notices. A model that can be fitted nowhere is an error.
fn told(
    spec: &RegressionSpec,
    domains: &[Domain<'_>],
    found: Vec<Result<Fit, regress::Error>>,
) -> Result<(Regressed, Vec<Notice>), Error> {
    let formula = spec.formula.text();
    if found.iter().all(Result::is_err) {
        let first = found.into_iter().find_map(Result::err);
        let nobody = || Error::NotFitted {
            formula: formula.to_owned(),
            why: "nobody is meant".to_owned(),
            hint: None,
        };
        return Err(first.map_or_else(nobody, |why| Error::NotFitted {
            formula: formula.to_owned(),
            why: why.to_string(),
            hint: why.hint(),
        }));
    }
    let (mut fits, mut notices) = (Vec::new(), Vec::new());
    for (domain, one) in domains.iter().zip(found) {
        match one {
            Ok(fit) => fits.push(fit),
            Err(why) => notices.push(unfitted(formula, domain.label(), &why)),
        }
    }
    let count = fits.iter().map(|fit: &Fit| fit.left_out).sum();
    notices.extend((count > 0).then(|| Notice::MissingAnswers {
        item: formula.to_owned(),
        count,
    }));
    let regressed = Regressed {
        by: spec.by.clone(),
        filter: spec.filter.clone(),
        fits,
    };
    Ok((regressed, notices))
}

/// The columns that a model and its filter name.
struct Named {
    table: Table,
    rows: usize,
}

impl Named {
    /// Items, or else columns that came along with the sample: numbers, if all of their labels are.
    fn of(
        spec: &RegressionSpec,
        filter: Option<&Filter>,
        answered: &Answered,
    ) -> Result<Named, Error> {
        let Answered {
            sample, outcomes, ..
        } = answered;
        let filter = filter.into_iter().flat_map(Filter::columns);
        let mut table = Table::default();
        for name in spec.formula.columns().into_iter().chain(filter) {
            let column = match (outcomes.item(name), sample.column(name)) {
                (Some(item), _) => Column::Numbers(item.values.clone()),
                (None, Some(codes)) => of_codes(codes),
                (None, None) => return Err(stranger(name, answered)),
            };
            table = table.with(name, column);
        }
        let rows = sample.len();
        Ok(Named { table, rows })
    }
}

fn of_codes(codes: &Codes) -> Column {
    let number = |label: &String| label.trim().parse::<f64>().ok().filter(|x| x.is_finite());
    let filled = codes.labels().iter().filter(|label| !label.is_empty());
    let labels: Vec<Option<String>> = (0..codes.len())
        .map(|unit| Some(codes.label(unit).to_owned()).filter(|label| !label.is_empty()))
        .collect();
    if filled.clone().count() == 0 || filled.clone().any(|label| number(label).is_none()) {
        return Column::Labels(labels);
    }
    let numbers = labels.iter().map(|label| label.as_ref().and_then(number));
    Column::Numbers(numbers.collect())
}

fn stranger(name: &str, answered: &Answered) -> Error {
    let items = answered.outcomes.items.iter().map(|item| &item.name);
    let columns = answered.sample.columns.iter().map(|(column, _)| column);
    Error::NoItem {
        item: name.to_owned(),
        known: items.chain(columns).cloned().collect(),
    }
}

impl Cells for Named {
    fn rows(&self) -> usize {
        self.rows
    }

    fn numbers_if_any(&self, column: &str) -> Result<Option<Vec<Option<f64>>>, crate::Error> {
        Ok(match self.table.column(column) {
            Ok(Column::Numbers(numbers)) => Some(numbers.clone()),
            _ => None,
        })
    }

    fn texts(&self, column: &str) -> Result<Vec<Option<String>>, crate::Error> {
        Ok(match self.table.column(column) {
            Ok(Column::Labels(labels)) => labels.clone(),
            Ok(Column::Numbers(numbers)) => {
                let text = |x: &Option<f64>| x.map(|x| x.to_string());
                numbers.iter().map(text).collect()
            }
            Err(_) => vec![None; self.rows],
        })
    }
}

/// The domain of every drawn unit; a blank one of those who are not meant.
fn domains(
    named: &Named,
    (spec, filter): (&RegressionSpec, Option<&Filter>),
    answered: &Answered,
) -> Result<Codes, crate::Error> {
    let column = classes(&answered.sample, &spec.by)?;
    let Some(filter) = filter else {
        return Ok(column);
    };
    let meant = filter.holds(named)?;
    let label = |unit: usize| match (meant[unit], spec.by.is_empty()) {
        (Some(true), true) => filter.text(),
        (Some(true), false) => column.label(unit),
        _ => "",
    };
    Ok(Codes::from_labels((0..column.len()).map(label)))
}
