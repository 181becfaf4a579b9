//! One question crossed with another: `[[table]]`.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::Error;
use super::estimate::rule_of;
use super::figures::answers;
use super::weigh::{Answered, classes};
use crate::estimate::table::{self, Tabled, rao_scott};
use crate::estimate::{self, Category, Domain, Estimator};
use crate::method::Card;
use crate::notice::Notice;
use crate::progress::Monitor;
use crate::settings::TableSpec;

/// More cells than this are no table that anybody reads, and no test that means anything.
const MOST_CELLS: usize = 400;

/// What a table rests on.
pub(super) const CARDS: [&Card; 2] = [&table::CARD, &rao_scott::CARD];

/// Two questions crossed, in every domain in which somebody answered both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Crossed {
    /// The columns whose combinations are the domains; none for everybody.
    pub by: Vec<String>,
    /// One per domain, in the order of their labels.
    pub tables: Vec<Tabled>,
}

/// The tables of one `[[table]]`, and a notice of the domains in which nobody answered.
pub(super) fn crossed(
    answered: &Answered,
    spec: &TableSpec,
    confidence: f64,
    monitor: &dyn Monitor,
) -> Result<(Crossed, Option<Notice>), Error> {
    let rows = question(answered, &spec.rows)?;
    let columns = question(answered, &spec.columns)?;
    let cells = rows.labels().len() * columns.labels().len();
    if cells > MOST_CELLS {
        return Err(Error::WideTable {
            rows: spec.rows.clone(),
            columns: spec.columns.clone(),
            cells,
            most: MOST_CELLS,
        });
    }
    let column = classes(&answered.sample, &spec.by)?;
    let domains = Domain::each(&column);
    let rule = rule_of(&answered.sample, &answered.ledger);
    let estimator = Estimator::by(rule, &answered.ledger, confidence);
    let found: Option<Vec<Result<Tabled, estimate::Error>>> = domains
        .par_iter()
        .map(|domain| {
            let tabled = || Tabled::of(&estimator, [&rows, &columns], domain);
            (!monitor.wants_stop()).then(tabled)
        })
        .collect();
    let (mut tables, mut silent) = (Vec::new(), Vec::new());
    for one in found.ok_or(Error::Stopped)? {
        match one {
            Ok(tabled) => tables.push(tabled),
            Err(estimate::Error::NoAnswers { domain, .. }) => silent.push(domain),
        }
    }
    let notice = (!silent.is_empty()).then(|| Notice::NothingSaid {
        item: format!("{} × {}", spec.rows, spec.columns),
        domains: silent,
    });
    let by = spec.by.clone();
    Ok((Crossed { by, tables }, notice))
}

/// A column that came along with the sample, or else an item.
fn question(answered: &Answered, name: &str) -> Result<Category, Error> {
    match answered.sample.column(name) {
        Some(codes) => Ok(Category::column(name, codes)),
        None => answers(&answered.outcomes, name).map(Category::answers),
    }
}
