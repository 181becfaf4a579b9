//! Where something was and where it is, beside a line at 0.

use super::canvas::{Canvas, HAIR, INK, Ink, PAPER, Pen, QUIET, SIZE, Side, WIDTH};
use crate::files::render::width;
use crate::report::Shift;

/// A row, and what stands above a group.
const ROW: i32 = 24;

/// The axis and its numbers.
const BOTTOM: i32 = 34;

/// Around words, and between groups.
const GAP: i32 = 12;

/// Before, after, and the way between.
const BEFORE: Ink = 0xd5_5e_00;
const AFTER: Ink = 0x0b_4f_7d;

/// Half the axis: one of these, as parts of the total.
const REACHES: [f64; 9] = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0];

pub(super) fn draw(rows: &[Shift]) -> Result<String, String> {
    let words = rows.iter().flat_map(|row| [&row.label, &row.group]);
    let labels = words.map(|word| width::pixels(word, SIZE)).max();
    let left = labels.unwrap_or(0).clamp(60, WIDTH / 2) + 2 * GAP;
    let right = WIDTH - 4 * GAP;
    let reach = reach(rows);
    let at = |off: f64| {
        let share = (off.clamp(-reach, reach) / reach + 1.0) / 2.0;
        left + (share * f64::from(right - left)).round() as i32
    };
    let places = places(rows);
    let foot = places.last().map_or(GAP, |&(_, y)| y + ROW / 2);
    let mut svg = String::new();
    let canvas = Canvas::on(&mut svg, foot + BOTTOM);
    for step in -2..=2 {
        let off = reach * f64::from(step) / 2.0;
        let (ink, wide) = if step == 0 { (QUIET, 2) } else { (HAIR, 1) };
        canvas.line((at(off), GAP / 2), (at(off), foot + 5), ink, wide)?;
        let said = format!("{:+} %", (off * 1e4).round() / 1e2);
        let said = if step == 0 { "0" } else { &said };
        canvas.text(
            (at(off), foot + 18),
            Side::Middle,
            said,
            Pen::plain(12, QUIET),
        )?;
    }
    for (row, (heading, y)) in rows.iter().zip(places) {
        if let Some(heading) = heading {
            let pen = Pen::bold(SIZE, INK);
            canvas.text((GAP, heading), Side::Right, &row.group, pen)?;
        }
        let pen = Pen::plain(SIZE, INK);
        canvas.text((left - GAP, y), Side::Left, &row.label, pen)?;
        let (before, after) = (at(row.before), at(row.after));
        canvas.line((before, y), (after, y), HAIR, 2)?;
        canvas.dot((before, y), 5, BEFORE)?;
        canvas.dot((before, y), 3, PAPER)?;
        canvas.dot((after, y), 5, AFTER)?;
    }
    canvas.finish()?;
    Ok(svg)
}

/// How far the axis goes to both sides: what lies beyond the last stands at its end.
fn reach(rows: &[Shift]) -> f64 {
    let far = rows
        .iter()
        .flat_map(|row| [row.before.abs(), row.after.abs()])
        .fold(0.0, f64::max);
    let enough = REACHES.iter().find(|reach| **reach >= far);
    enough.copied().unwrap_or(REACHES[REACHES.len() - 1])
}

/// The height of the heading, where a group begins, and of the row.
fn places(rows: &[Shift]) -> Vec<(Option<i32>, i32)> {
    let mut y = 0;
    let mut places = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        let begins = place == 0 || rows[place - 1].group != row.group;
        let heading = begins.then(|| y + ROW - GAP / 2);
        y += if begins { 2 * ROW } else { ROW };
        places.push((heading, y));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::{Shift, draw, reach};

    fn shift(before: f64) -> Shift {
        Shift {
            group: "region".into(),
            label: "north".into(),
            before,
            after: 0.0,
        }
    }

    #[test]
    fn the_axis_reaches_as_far_as_it_must() {
        let to = |before: f64| (reach(&[shift(before)]) * 100.0).round() as i32;
        assert_eq!([to(0.01), to(-0.2), to(0.21), to(90.0)], [2, 20, 30, 500]);
    }

    #[test]
    fn a_dot_that_moves_is_drawn_twice() {
        let svg = draw(&[shift(-0.1), shift(0.2)]).expect("a picture");
        assert_eq!(svg.matches("<circle").count(), 6);
        assert!(svg.contains("+20 %") && svg.contains("region"));
        assert!(draw(&[]).is_ok());
    }
}
