//! A bar per row, divided into parts.

use super::canvas::{Canvas, HAIR, INK, Ink, PAPER, Pen, QUIET, SIZE, Side, WIDTH};
use crate::files::render::width;
use crate::language::Language;
use crate::report::{Bar, Value};

/// A row and the bar in it.
const ROW: i32 = 30;

/// The bar's height.
const THICK: i32 = 20;

/// Between words.
const GAP: i32 = 12;

/// A line of the legend, and its coloured squares.
const LINE: i32 = 22;

/// The side of a square of the legend.
const SQUARE: i32 = 12;

/// Below the bars: percentages.
const BOTTOM: i32 = 30;

/// The smallest words.
const SMALL: i32 = 12;

/// Colours told apart by every eye, after Okabe and Ito (2008): interviews in blues, what failed in
/// warm colours, what is unknown in greys, what lies outside in green, what was never called pale.
const INKS: [Ink; 9] = [
    0x00_72_b2, 0x56_b4_e9, 0xd5_5e_00, 0xe6_9f_00, 0xf0_e4_42, 0x8a_94_9b, 0xbc_c3_c8, 0x00_9e_73,
    0xe6_e9_eb,
];

pub(super) fn draw(parts: &[String], bars: &[Bar]) -> Result<String, String> {
    let occurs = |part: &usize| {
        bars.iter()
            .any(|bar| bar.counts.get(*part).is_some_and(|&n| n > 0))
    };
    let shown: Vec<usize> = (0..parts.len()).filter(occurs).collect();
    let widest = |words: &mut dyn Iterator<Item = String>| {
        words
            .map(|word| width::pixels(&word, SIZE))
            .max()
            .unwrap_or(0)
    };
    let labels = widest(&mut bars.iter().map(|bar| bar.label.clone())).clamp(40, WIDTH / 3);
    let totals = widest(&mut bars.iter().map(total));
    let (left, right) = (labels + 2 * GAP, WIDTH - totals - 2 * GAP);

    let legend = legend(parts, &shown);
    let top = legend.last().map_or(0, |&(_, _, y)| y + LINE) + GAP / 2;
    let foot = top + ROW * bars.len() as i32;
    let mut svg = String::new();
    let canvas = Canvas::on(&mut svg, foot + BOTTOM);
    for (part, x, y) in legend {
        let middle = y + LINE / 2;
        let (above, below) = (middle - SQUARE / 2, middle + SQUARE / 2);
        canvas.rectangle((x, above), (x + SQUARE, below), ink(part))?;
        let at = (x + SQUARE + GAP / 2, middle);
        canvas.text(at, Side::Right, &parts[part], Pen::plain(SIZE, INK))?;
    }
    percentages(&canvas, (left, right), (top, foot))?;
    for (row, bar) in bars.iter().enumerate() {
        let middle = top + ROW * row as i32 + ROW / 2;
        canvas.text(
            (left - GAP, middle),
            Side::Left,
            &bar.label,
            Pen::plain(SIZE, INK),
        )?;
        canvas.text(
            (WIDTH - GAP / 2, middle),
            Side::Left,
            &total(bar),
            Pen::plain(SIZE, QUIET),
        )?;
        one(&canvas, bar, (left, right), middle)?;
    }
    canvas.finish()?;
    Ok(svg)
}

/// One bar; a part says its percentage where there is room.
fn one(
    canvas: &Canvas<'_>,
    bar: &Bar,
    (left, right): (i32, i32),
    middle: i32,
) -> Result<(), String> {
    let all: u64 = bar.counts.iter().sum();
    if all == 0 {
        return Ok(());
    }
    let at =
        |below: u64| left + (below as f64 / all as f64 * f64::from(right - left)).round() as i32;
    let mut below = 0;
    for (part, &count) in bar
        .counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
    {
        let (from, to) = (at(below), at(below + count));
        below += count;
        canvas.rectangle(
            (from, middle - THICK / 2),
            (to, middle + THICK / 2),
            ink(part),
        )?;
        let share = Value::share(count as f64 / all as f64, 0).say(Language::English);
        if width::pixels(&share, SMALL) + 6 <= to - from {
            let pen = Pen::plain(SMALL, on(ink(part)));
            canvas.text(((from + to) / 2, middle), Side::Middle, &share, pen)?;
        }
    }
    Ok(())
}

fn percentages(
    canvas: &Canvas<'_>,
    (left, right): (i32, i32),
    (top, foot): (i32, i32),
) -> Result<(), String> {
    for quarter in 0..=4 {
        let x = left + (right - left) * quarter / 4;
        canvas.line((x, top), (x, foot + 4), HAIR, 1)?;
        let said = format!("{}%", 25 * quarter);
        canvas.text(
            (x, foot + 16),
            Side::Middle,
            &said,
            Pen::plain(SMALL, QUIET),
        )?;
    }
    Ok(())
}

/// Where each part of the legend stands, in as many lines as it takes.
fn legend(parts: &[String], shown: &[usize]) -> Vec<(usize, i32, i32)> {
    let mut places = Vec::with_capacity(shown.len());
    let (mut x, mut y) = (GAP, 0);
    for &part in shown {
        let wide = SQUARE + GAP / 2 + width::pixels(&parts[part], SIZE) + 2 * GAP;
        if x > GAP && x + wide > WIDTH {
            (x, y) = (GAP, y + LINE);
        }
        places.push((part, x, y));
        x += wide;
    }
    places
}

fn total(bar: &Bar) -> String {
    Value::Whole(bar.counts.iter().sum()).say(Language::English)
}

fn ink(part: usize) -> Ink {
    INKS[part % INKS.len()]
}

/// The colour of words that can be read on `ink`.
fn on(ink: Ink) -> Ink {
    let [_, red, green, blue] = ink.to_be_bytes().map(f64::from);
    if 0.299 * red + 0.587 * green + 0.114 * blue > 100.0 {
        INK
    } else {
        PAPER
    }
}

#[cfg(test)]
mod tests {
    use super::{GAP, WIDTH, legend};
    use crate::files::render::width;

    #[test]
    fn the_legend_breaks_its_lines_before_words_are_cut() {
        let parts: Vec<String> = (0..12)
            .map(|i| format!("a rather long name, number {i}"))
            .collect();
        let shown: Vec<usize> = (0..12).collect();
        let places = legend(&parts, &shown);
        for pair in places.windows(2) {
            let ((part, x, y), (_, next, below)) = (pair[0], pair[1]);
            assert!(
                below > y || next >= x + width::pixels(&parts[part], 14),
                "parts overlap"
            );
        }
        for (part, x, _) in places {
            assert!(x + GAP + width::pixels(&parts[part], 14) <= WIDTH);
        }
    }
}
