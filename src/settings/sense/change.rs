//! `[[change]]`

use super::whole::value;
use crate::settings::change::{Change, ChangeSpec};
use crate::settings::problems::Problem;
use crate::settings::variance::{Estimating, VarianceWord};

/// The changes, in the file's order; so many figures stand in the file.
pub(super) fn changes(
    changes: &[Change],
    figures: usize,
    estimate: &Estimating,
    found: &mut Vec<Problem>,
) -> Option<Vec<ChangeSpec>> {
    let specs: Vec<Option<ChangeSpec>> = changes
        .iter()
        .map(|change| {
            let figures = places(change, figures, found);
            Some(ChangeSpec {
                with: value(&change.with)?,
                figures: figures?,
            })
        })
        .collect();
    if let Some(at) = &estimate.variance
        && at.value != VarianceWord::Taylor
        && !changes.is_empty()
    {
        let message = format!(
            "{} asks for replicates, and what two waves share is found from scores",
            at.key
        );
        let hint = "write \"taylor\", or leave [[change]] out";
        found.push(at.problem(message).hint(hint));
    }
    specs.into_iter().collect()
}

/// The places of the figures, counted from 0; all of them where none is named.
fn places(change: &Change, figures: usize, found: &mut Vec<Problem>) -> Option<Vec<usize>> {
    let hint = "figures are counted from 1, in the order of the [[figure]]s";
    let Some(named) = &change.figures else {
        if let (0, Some(with)) = (figures, &change.with) {
            let message = format!("{} is there, and no [[figure]] is", with.key);
            found.push(with.problem(message).hint("write a [[figure]]"));
            return None;
        }
        return Some((0..figures).collect());
    };
    let mut places = Vec::new();
    let mut whole = true;
    for at in &named.value {
        let place = usize::try_from(at.value).unwrap_or(usize::MAX);
        let message = match place.checked_sub(1).filter(|place| *place < figures) {
            Some(known) if !places.contains(&known) => {
                places.push(known);
                continue;
            }
            Some(_) => format!("{} names figure {place} twice", at.key),
            None => format!("{} is {place}, and there are {figures} figures", at.key),
        };
        found.push(at.problem(message).hint(hint));
        whole = false;
    }
    if named.value.is_empty() {
        let message = format!("{} is empty", named.key);
        found.push(named.problem(message).hint("leave it out for all figures"));
        return None;
    }
    whole.then_some(places)
}
