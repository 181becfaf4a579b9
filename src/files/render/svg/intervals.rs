//! A dot and an interval per row, before named bands.

use super::canvas::{Canvas, HAIR, INK, Ink, PAPER, Pen, QUIET, SIZE, Side, WIDTH};
use crate::files::render::width;
use crate::report::{Band, Dot};

/// From the top: names of bands.
const TOP: i32 = 34;

/// A row, and the heading of a group.
const ROW: i32 = 28;

/// The axis and its numbers.
const BOTTOM: i32 = 36;

/// Between groups, and around words.
const GAP: i32 = 12;

/// Dots and intervals: a dark blue that every reader tells from the bands.
const DOT: Ink = 0x0b_4f_7d;

/// From the lowest band up: from sand over white to sky, which no colour-blindness confuses.
const BANDS: [Ink; 7] = [
    0xef_d9_c3, 0xf4_e4_d4, 0xf9_ef_e5, 0xf7_f7_f5, 0xec_f3_f8, 0xdd_ea_f4, 0xcb_df_ee,
];

/// Where the values stand from left to right.
struct Axis {
    low: f64,
    high: f64,
    left: i32,
    right: i32,
}

impl Axis {
    fn at(&self, value: f64) -> i32 {
        let share = (value - self.low) / (self.high - self.low);
        self.left + (share * f64::from(self.right - self.left)).round() as i32
    }
}

pub(super) fn draw(rows: &[Dot], bands: &[Band], end: f64) -> Result<String, String> {
    let widest = |words: &mut dyn Iterator<Item = &String>| {
        words
            .map(|word| width::pixels(word, SIZE))
            .max()
            .unwrap_or(0)
    };
    let labels = widest(&mut rows.iter().map(|row| &row.label)) + GAP;
    let groups = widest(&mut rows.iter().map(|row| &row.group));
    let values = widest(&mut rows.iter().map(|row| &row.printed));
    let (low, high) = range(rows, bands, end);
    let left = labels.max(groups).clamp(60, WIDTH / 2) + 2 * GAP;
    let axis = Axis {
        low,
        high,
        left,
        right: WIDTH - values - 3 * GAP,
    };

    let foot = TOP
        + places(rows)
            .last()
            .map_or(ROW, |&(_, y)| y - TOP + ROW / 2 + GAP / 2);
    let mut svg = String::new();
    let canvas = Canvas::on(&mut svg, foot + BOTTOM);
    shade(&canvas, &axis, bands, end, foot)?;
    grid(&canvas, &axis, foot)?;
    for ((row, (heading, y)), before) in rows
        .iter()
        .zip(places(rows))
        .zip(std::iter::once(None).chain(rows.iter().map(Some)))
    {
        if before.is_none_or(|before| before.group != row.group) {
            canvas.text(
                (GAP, heading),
                Side::Right,
                &row.group,
                Pen::bold(SIZE, INK),
            )?;
        }
        one(&canvas, &axis, row, y)?;
    }
    canvas.finish()?;
    Ok(svg)
}

/// The height of each row's group heading, and of the row.
fn places(rows: &[Dot]) -> Vec<(i32, i32)> {
    let mut places = Vec::with_capacity(rows.len());
    let (mut y, mut heading) = (TOP - ROW / 2, TOP);
    for (at, row) in rows.iter().enumerate() {
        if at == 0 || rows[at - 1].group != row.group {
            heading = y + ROW + if at == 0 { 4 } else { GAP };
            y = heading;
        }
        y += ROW;
        places.push((heading, y));
    }
    places
}

fn one(canvas: &Canvas<'_>, axis: &Axis, row: &Dot, y: i32) -> Result<(), String> {
    canvas.text(
        (axis.left - GAP, y),
        Side::Left,
        &row.label,
        Pen::plain(SIZE, INK),
    )?;
    if let Some((low, high)) = row.interval {
        let (from, to) = (axis.at(low.max(axis.low)), axis.at(high.min(axis.high)));
        canvas.line((from, y), (to, y), DOT, 2)?;
        for end in [from, to] {
            canvas.line((end, y - 4), (end, y + 4), DOT, 2)?;
        }
    }
    canvas.dot((axis.at(row.value), y), 5, DOT)?;
    canvas.text(
        (WIDTH - GAP, y),
        Side::Left,
        &row.printed,
        Pen::bold(SIZE, INK),
    )
}

/// The bands and, where there is room for it, the name of each.
fn shade(
    canvas: &Canvas<'_>,
    axis: &Axis,
    bands: &[Band],
    end: f64,
    foot: i32,
) -> Result<(), String> {
    for (at, band) in bands.iter().enumerate() {
        let to = bands.get(at + 1).map_or(end, |next| next.from);
        let (from, to) = (band.from.max(axis.low), to.min(axis.high));
        if from >= to {
            continue;
        }
        let (left, right) = (axis.at(from), axis.at(to));
        let ink = BANDS[at * (BANDS.len() - 1) / bands.len().saturating_sub(1).max(1)];
        canvas.rectangle((left, TOP), (right, foot), ink)?;
        if at > 0 && band.from > axis.low {
            canvas.line((left, TOP), (left, foot), PAPER, 2)?;
        }
        if width::pixels(&band.label, SIZE) < right - left {
            let middle = (left + right) / 2;
            canvas.text(
                (middle, TOP / 2),
                Side::Middle,
                &band.label,
                Pen::plain(SIZE, QUIET),
            )?;
        }
    }
    Ok(())
}

/// Numbers below, with hairs between the bands' own limits.
fn grid(canvas: &Canvas<'_>, axis: &Axis, foot: i32) -> Result<(), String> {
    let step = if axis.high - axis.low > 50.0 { 10 } else { 5 };
    let (first, last) = (
        (axis.low / f64::from(step)).ceil() as i32,
        axis.high as i32 / step,
    );
    for tick in first..=last {
        let value = tick * step;
        let x = axis.at(f64::from(value));
        canvas.line((x, TOP), (x, foot + 5), HAIR, 1)?;
        canvas.text(
            (x, foot + 18),
            Side::Middle,
            &value.to_string(),
            Pen::plain(12, QUIET),
        )?;
    }
    Ok(())
}

/// The part of the scale that holds every interval, in whole fives with some air.
fn range(rows: &[Dot], bands: &[Band], end: f64) -> (f64, f64) {
    const AIR: f64 = 1.5;
    const FIVE: f64 = 5.0;
    let start = bands.first().map_or(0.0, |band| band.from);
    let ends = |row: &Dot| row.interval.unwrap_or((row.value, row.value));
    let lowest = rows
        .iter()
        .map(|row| ends(row).0.min(row.value))
        .fold(end, f64::min);
    let highest = rows
        .iter()
        .map(|row| ends(row).1.max(row.value))
        .fold(start, f64::max);
    if rows.is_empty() || lowest > highest {
        return (start, end);
    }
    let low = ((lowest - AIR) / FIVE).floor() * FIVE;
    let high = ((highest + AIR) / FIVE).ceil() * FIVE;
    (low.max(start), high.min(end))
}

#[cfg(test)]
mod tests {
    use super::{Dot, places, range};
    use crate::report::Band;

    fn dot(group: &str, value: f64) -> Dot {
        Dot {
            group: group.into(),
            label: "x".into(),
            value,
            interval: Some((value - 1.0, value + 1.0)),
            printed: String::new(),
        }
    }

    #[test]
    fn the_range_holds_every_interval_and_stays_on_the_scale() {
        let bands = [Band {
            from: 0.0,
            label: String::new(),
        }];
        let around = |values: &[f64]| {
            let rows: Vec<Dot> = values.iter().map(|&value| dot("a", value)).collect();
            range(&rows, &bands, 100.0)
        };
        let whole = |(low, high): (f64, f64)| (low as i32, high as i32);
        assert_eq!(whole(around(&[72.0, 79.0])), (65, 85));
        assert_eq!(whole(around(&[0.5, 99.5])), (0, 100));
        assert_eq!(whole(around(&[])), (0, 100));
    }

    #[test]
    fn rows_never_share_a_line_with_another_row_or_heading() {
        let rows = [dot("a", 1.0), dot("a", 2.0), dot("b", 3.0), dot("c", 4.0)];
        let mut lines: Vec<i32> = places(&rows).iter().flat_map(|&(h, y)| [h, y]).collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), 7); // four rows, three headings
        assert!(lines.windows(2).all(|pair| pair[1] - pair[0] >= 20));
    }
}
