//! A line and a box per row, on an axis of factors.

use super::canvas::{Canvas, HAIR, INK, Ink, Pen, QUIET, SIZE, Side, WIDTH};
use crate::files::render::width;
use crate::language::Language;
use crate::report::{Range, Value};

/// A row, and the box in it.
const ROW: i32 = 34;
const THICK: i32 = 16;

/// The axis and its numbers.
const BOTTOM: i32 = 34;

/// Around words.
const GAP: i32 = 12;

/// The line, the box and the mark of the middle.
const LINE: Ink = 0x0b_4f_7d;
const BOX: Ink = 0xcb_df_ee;

pub(super) fn draw(rows: &[Range]) -> Result<String, String> {
    let labels = rows.iter().map(|row| width::pixels(&row.label, SIZE));
    let left = labels.max().unwrap_or(0).clamp(60, WIDTH / 2) + 2 * GAP;
    let right = WIDTH - 4 * GAP;
    let ticks = ticks(rows);
    let (low, high) = (ticks.first().copied(), ticks.last().copied());
    let (low, high) = (low.unwrap_or(1.0).ln(), high.unwrap_or(2.0).ln());
    let at = |value: f64| {
        let share = (value.ln() - low) / (high - low);
        left + (share * f64::from(right - left)).round() as i32
    };
    let foot = GAP + ROW * rows.len() as i32;
    let mut svg = String::new();
    let canvas = Canvas::on(&mut svg, foot + BOTTOM);
    for &tick in &ticks {
        let x = at(tick);
        canvas.line((x, GAP / 2), (x, foot + 5), HAIR, 1)?;
        let said = Value::number(tick, 2).say(Language::English);
        let said = match said.contains('.') {
            true => said.trim_end_matches('0').trim_end_matches('.'),
            false => &said,
        };
        canvas.text((x, foot + 18), Side::Middle, said, Pen::plain(12, QUIET))?;
    }
    for (place, row) in rows.iter().enumerate() {
        let y = GAP + ROW * place as i32 + ROW / 2;
        let label = Pen::plain(SIZE, INK);
        canvas.text((left - GAP, y), Side::Left, &row.label, label)?;
        one(&canvas, row.marks.map(at), y)?;
    }
    canvas.finish()?;
    Ok(svg)
}

fn one(canvas: &Canvas<'_>, marks: [i32; 5], y: i32) -> Result<(), String> {
    let [smallest, quarter, half, most, largest] = marks;
    canvas.line((smallest, y), (largest, y), LINE, 2)?;
    for end in [smallest, largest] {
        canvas.line((end, y - 5), (end, y + 5), LINE, 2)?;
    }
    let (above, below) = (y - THICK / 2, y + THICK / 2);
    canvas.rectangle((quarter, above), (most.max(quarter + 1), below), BOX)?;
    canvas.line((half, above), (half, below), LINE, 3)
}

/// Round numbers from below the smallest to above the largest, each at most some ten.
fn ticks(rows: &[Range]) -> Vec<f64> {
    const MOST: usize = 10;
    let marks = || {
        rows.iter()
            .flat_map(|row| row.marks)
            .filter(|mark| *mark > 0.0)
    };
    let low = marks().fold(f64::INFINITY, f64::min);
    let high = marks().fold(0.0, f64::max);
    if !(low.is_finite() && high.is_finite() && high > 0.0) {
        return vec![1.0, 2.0];
    }
    for steps in [&[1.0, 2.0, 5.0][..], &[1.0, 3.0], &[1.0]] {
        let decades = (low.log10().floor() as i32)..=(high.log10().ceil() as i32);
        let all: Vec<f64> = decades
            .flat_map(|decade| steps.iter().map(move |step| step * 10.0_f64.powi(decade)))
            .collect();
        let first = all.iter().rposition(|tick| *tick <= low).unwrap_or(0);
        let last = all.iter().position(|tick| *tick >= high);
        let last = last.unwrap_or(all.len() - 1).max(first + 1);
        if last - first < MOST || steps.len() == 1 {
            return all[first..=last].to_vec();
        }
    }
    vec![low, high]
}

#[cfg(test)]
mod tests {
    use super::{Range, draw, ticks};

    fn row(marks: [f64; 5]) -> Range {
        Range {
            label: "base".into(),
            marks,
        }
    }

    #[test]
    fn ticks_reach_around_all_values() {
        for (low, high) in [(1.0, 1.0), (0.3, 7.0), (120.0, 130.0), (1e-3, 1e6)] {
            let ticks = ticks(&[row([low, low, low, high, high])]);
            assert!(ticks.len() >= 2 && ticks.len() <= 12, "{ticks:?}");
            assert!(ticks.is_sorted() && ticks[0] <= low && ticks[ticks.len() - 1] >= high);
        }
        assert_eq!(ticks(&[]), [1.0, 2.0]);
    }

    #[test]
    fn a_picture_of_weights_that_are_all_alike_is_still_one() {
        let svg = draw(&[row([5.0; 5])]).expect("a picture");
        assert!(svg.contains("base") && !svg.contains("NaN"));
        assert!(draw(&[]).is_ok());
    }
}
