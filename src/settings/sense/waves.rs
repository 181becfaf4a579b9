//! `[draw.coordinate]` and `[draw.rest]`

use jiff::civil::Date;

use super::whole::{all, need, refuse, value};
use crate::draw::waves::coordinate::by_number;
use crate::draw::{METHODS, Method};
use crate::settings::problems::Problem;
use crate::settings::settings::{Coordinate, Rest, Turning};
use crate::settings::wire;
use crate::settings::words::TurningWord;

/// The earlier study that a draw is coordinated with: none at all, or all that belongs to it.
pub(super) fn coordinate(
    written: &wire::Coordinate,
    method: &Method,
    found: &mut Vec<Problem>,
) -> Option<Option<Coordinate>> {
    let wire::Coordinate {
        at,
        with,
        turn,
        share,
    } = written;
    if with.is_none() && turn.is_none() && share.is_none() {
        return Some(None);
    }
    if let Some(with) = with.as_ref().filter(|_| !by_number(method)) {
        let message = format!(
            "{} names an earlier study, and '{}' does not decide by permanent numbers",
            with.key, method.card.key
        );
        let hint = format!(
            "leave [draw.coordinate] out, or take {}",
            known().join(", ")
        );
        found.push(with.problem(message).hint(hint));
    }
    let folder = need(with, at, "with", found);
    let turn = match need(turn, at, "turn", found)? {
        TurningWord::Shift => need(share, at, "share", found).map(Turning::Shift),
        TurningWord::Rotate => need(share, at, "share", found).map(Turning::Rotate),
        word => {
            refuse(share, "turn = \"shift\" and turn = \"rotate\"", found);
            Some(match word {
                TurningWord::Reflect => Turning::Reflect,
                _ => Turning::Same,
            })
        }
    };
    Some(Some(Coordinate {
        with: folder?.trim_end_matches('/').to_owned(),
        turn: turn?,
    }))
}

/// The methods that can be coordinated.
fn known() -> Vec<&'static str> {
    METHODS
        .iter()
        .filter(|method| by_number(method))
        .map(|method| method.card.key)
        .collect()
}

/// Who is left in peace: nobody at all, or all that belongs to it. `once` says whether each number is called
/// once, and `start` is the first day of fieldwork.
pub(super) fn rest(
    written: &wire::Rest,
    once: bool,
    start: Option<Date>,
    found: &mut Vec<Problem>,
) -> Option<Option<Rest>> {
    let wire::Rest {
        at,
        file,
        with,
        length,
        on,
    } = written;
    if file.is_none() && with.is_none() && length.is_none() && on.is_none() {
        return Some(None);
    }
    if once {
        let message = "[draw.rest] leaves out some of those who share a number, and [draw.calls] counts them all";
        let hint =
            "leave one of the two out: how many share a number decides its chance to be called";
        found.push(Problem::new(at.origin, &at.key, message).hint(hint));
    }
    let folders = all(with).unwrap_or_default();
    if folders.is_empty() {
        need(file, at, "file", found)?;
    } else {
        need(length, at, "for", found)?;
    }
    let on = match start {
        Some(start) if on.is_none() => start,
        _ => need(on, at, "on", found)?,
    };
    let trimmed = |folder: String| folder.trim_end_matches('/').to_owned();
    Some(Some(Rest {
        file: value(file),
        with: folders.into_iter().map(trimmed).collect(),
        length: value(length),
        on,
    }))
}
