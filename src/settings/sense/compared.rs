//! `[[compare]]`

use super::columns::Columns;
use super::whole::value;
use crate::settings::compared::{Compare, CompareSpec};
use crate::settings::problems::Problem;

/// The comparisons, in the file's order; so many figures stand in the file.
pub(super) fn compares(
    compares: &[Compare],
    figures: usize,
    columns: &Columns,
    found: &mut Vec<Problem>,
) -> Option<Vec<CompareSpec>> {
    let one = |compare: &Compare| {
        let within = compare.within.iter().flat_map(|within| &within.value);
        columns.know(within.clone().chain(&compare.among), found);
        twice(compare, found);
        let figure = figure(compare, figures, found);
        Some(CompareSpec {
            figure: figure?,
            among: value(&compare.among)?,
            within: within.map(|name| name.value.clone()).collect(),
            correct: value(&compare.correct).unwrap_or_default(),
            first: value(&compare.first),
        })
    };
    let specs: Vec<Option<CompareSpec>> = compares.iter().map(one).collect();
    specs.into_iter().collect()
}

/// The place of the figure, counted from 0.
fn figure(compare: &Compare, figures: usize, found: &mut Vec<Problem>) -> Option<usize> {
    let at = compare.figure.as_ref()?;
    let place = usize::try_from(at.value).unwrap_or(usize::MAX);
    if place <= figures {
        return place.checked_sub(1);
    }
    let message = format!("{} is {place}, and there are {figures} figures", at.key);
    let hint = "figures are counted from 1, in the order of the [[figure]]s";
    found.push(at.problem(message).hint(hint));
    None
}

/// A column cannot be compared within itself.
fn twice(compare: &Compare, found: &mut Vec<Problem>) {
    let Some(among) = &compare.among else { return };
    let mut within = compare.within.iter().flat_map(|within| &within.value);
    if let Some(twice) = within.find(|name| name.value == among.value) {
        let message = format!("{} names '{}', which is compared", twice.key, twice.value);
        found.push(twice.problem(message).hint("leave it out there"));
    }
}
