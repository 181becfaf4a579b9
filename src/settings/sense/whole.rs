//! All sections together.

use super::columns::Columns;
use super::{
    change, compared, draw, field, figures, list, plan, regression, rules, stages, table, variance,
    weigh,
};
use crate::settings::origin::At;
use crate::settings::problems::{Problem, Problems};
use crate::settings::resolve::{Provenance, Source};
use crate::settings::section::missing;
use crate::settings::settings::{Report, Settings, Survey};
use crate::settings::wire::Wire;

/// Settings that make sense, or every problem.
pub(in crate::settings) fn settings(
    wire: Wire,
    mut found: Vec<Problem>,
    values: Vec<Provenance>,
    source: Source,
) -> Result<Settings, Problems> {
    let columns = Columns::of(&wire.list);
    let replicates = value(&wire.draw.replicates);

    let list = list::list(&wire.list, &mut found);
    let plan = plan::plan(&wire.plan, &wire.list, &mut found);
    let targets = rules::targets(&wire.targets, &columns, &mut found);
    let funnels = rules::funnels(&wire.funnels, &columns, &mut found);
    stages::beside(&wire, &mut found);
    let draw = draw::draw(&wire.draw, &wire.list, value(&wire.field.start), &mut found);
    let field = field::field(&wire.field, replicates, &mut found);
    let weigh = weigh::weigh(&wire.weigh, &columns, &mut found);
    let figures = figures::figures(&wire.figures, &columns, &mut found);
    let drawn = (&wire.draw, wire.figures.as_slice());
    let variances = variance::variances(&wire.estimate, drawn, &mut found);
    let tables = table::tables(&wire.tables, &wire.estimate, &columns, &mut found);
    let compares = compared::compares(&wire.compares, wire.figures.len(), &columns, &mut found);
    let figures_there = wire.figures.len();
    let changes = change::changes(&wire.changes, figures_there, &wire.estimate, &mut found);
    let regressions = regression::regressions(&wire.regressions, &columns, &mut found);
    let index = wire
        .index
        .as_ref()
        .map(|index| figures::index(index, &columns, &mut found));

    if !found.is_empty() {
        return Err(Problems::sorted(&source.file, found));
    }
    let whole = || {
        Some(Settings {
            survey: Survey {
                name: value(&wire.survey)?,
                seed: value(&wire.seed)?,
                language: value(&wire.language)?,
            },
            list: list?,
            plan: plan?,
            targets,
            funnels,
            draw: draw?,
            field: field?,
            weigh: weigh?,
            variances: variances?,
            figures: figures?,
            compares: compares?,
            changes: changes?,
            tables: tables?,
            regressions: regressions?,
            index: index.map_or(Some(None), |index| index.map(Some))?,
            report: Report {
                least: value(&wire.report.least)?,
                standards: value(&wire.report.standards),
            },
            values,
            source,
        })
    };
    Ok(whole().expect("what is missing or wrong was taken down as a problem"))
}

/// The plain value, if it is there.
pub(super) fn value<T: Clone>(at: &Option<At<T>>) -> Option<T> {
    at.as_ref().map(|at| at.value.clone())
}

/// The plain values of a list, if it is there.
pub(super) fn all<T: Clone>(at: &Option<At<Vec<At<T>>>>) -> Option<Vec<T>> {
    at.as_ref().map(|at| plain(&at.value))
}

/// Values without their places.
pub(super) fn plain<T: Clone>(items: &[At<T>]) -> Vec<T> {
    items.iter().map(|item| item.value.clone()).collect()
}

/// A value that other values make necessary.
pub(super) fn need<T: Clone>(
    at: &Option<At<T>>,
    section: &At<()>,
    key: &str,
    found: &mut Vec<Problem>,
) -> Option<T> {
    if at.is_none() && !blamed(section, key, found) {
        found.push(missing(section, key));
    }
    value(at)
}

/// Whether a key is at fault already, so that its absence here is no news.
pub(super) fn blamed(section: &At<()>, key: &str, found: &[Problem]) -> bool {
    let path = format!("{}.{key}", section.key);
    found.iter().any(|problem| {
        problem
            .key
            .strip_prefix(&path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
    })
}

/// Takes down a value that other values make void.
pub(super) fn refuse<T>(at: &Option<At<T>>, only: &str, found: &mut Vec<Problem>) {
    if let Some(at) = at {
        let message = format!("{} is only for {only}", at.key);
        found.push(at.problem(message).hint("leave it out"));
    }
}
