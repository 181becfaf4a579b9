//! `[field]`

use super::whole::{all, need, value};
use crate::settings::problems::Problem;
use crate::settings::settings::{Field, Window};
use crate::settings::wire;

/// Calling them: when, how many replicates, and on what lists.
pub(super) fn field(
    field: &wire::Field,
    replicates: Option<u32>,
    found: &mut Vec<Problem>,
) -> Option<Field> {
    let window = window(field, found);
    if let (Some(released), Some(replicates)) = (&field.released, replicates)
        && released.value > replicates
    {
        let message = format!(
            "field.released is {}, and draw.replicates is {replicates}",
            released.value
        );
        found.push(
            released
                .problem(message)
                .hint("leave it out to release all of them"),
        );
    }
    if let Some(formats) = field
        .formats
        .as_ref()
        .filter(|formats| formats.value.is_empty())
    {
        let message = "field.formats is empty, so no call list would be written";
        found.push(formats.problem(message).hint("write formats = [\"csv\"]"));
    }
    Some(Field {
        window: window?,
        released: value(&field.released).or(replicates)?,
        formats: all(&field.formats)?,
        encoding: value(&field.encoding)?,
    })
}

/// The days of fieldwork: none at all, or all that belongs to them.
fn window(field: &wire::Field, found: &mut Vec<Problem>) -> Option<Option<Window>> {
    let written = field.start.is_some()
        || field.end.is_some()
        || field.time_zone.is_some()
        || field.calendar.is_some();
    if !written {
        return Some(None);
    }
    let start = need(&field.start, &field.at, "start", found);
    let end = need(&field.end, &field.at, "end", found);
    let time_zone = need(&field.time_zone, &field.at, "time_zone", found);
    if let (Some(start), Some(last)) = (start, &field.end)
        && start > last.value
    {
        let message = format!("field.end is {}, before field.start, {start}", last.value);
        found.push(last.problem(message));
    }
    let calendar = value(&field.calendar);
    Some(Some(Window {
        start: start?,
        end: end?,
        time_zone: time_zone?,
        calendar,
    }))
}
