//! Columns of Parquet as texts, without a text of its own for every cell.

use std::ops::Range;

use polars::prelude::{Column, DataType, StringChunked};

/// A column as texts.
pub(super) enum Cells {
    /// It held texts.
    Texts(StringChunked),
    /// They were made of numbers, one behind the other.
    Made {
        text: String,
        /// Where each cell ends.
        ends: Vec<usize>,
    },
}

impl Cells {
    /// The texts of a column. Where it `must` be text, floats are refused: an id or a number that was one
    /// has lost digits. Elsewhere they are read as the shortest texts that give the same floats.
    pub fn of(column: &Column, must: bool) -> Result<Cells, String> {
        let say = |why: polars::prelude::PolarsError| why.to_string();
        match column.dtype() {
            DataType::String => Ok(Cells::Texts(
                column.str().map_err(say)?.rechunk().into_owned(),
            )),
            DataType::Float32 | DataType::Float64 if must => Err(format!(
                "column '{}' holds floats; ids, numbers and labels must be text",
                column.name()
            )),
            DataType::Float32 => {
                let values = column.f32().map_err(say)?;
                Ok(made(values.iter(), |text, value| {
                    push(text, format_args!("{value}"));
                }))
            }
            DataType::Float64 => Ok(made(column.f64().map_err(say)?.iter(), push_number)),
            _ => {
                let texts = column.cast(&DataType::String).map_err(say)?;
                Ok(Cells::Texts(
                    texts.str().map_err(say)?.rechunk().into_owned(),
                ))
            }
        }
    }

    /// Puts the cells of some rows behind `cells`; an empty text is a blank.
    pub fn fill<'t>(&'t self, rows: Range<usize>, cells: &mut Vec<Option<&'t str>>) {
        let filled = |text: &&str| !text.is_empty();
        match self {
            Cells::Texts(texts) => {
                let all = texts.downcast_as_array();
                match texts.null_count() {
                    0 => cells.extend(rows.map(|row| Some(all.value(row)).filter(filled))),
                    _ => cells.extend(rows.map(|row| all.get(row).filter(filled))),
                }
            }
            Cells::Made { text, ends } => {
                let mut from = match rows.start {
                    0 => 0,
                    start => ends[start - 1],
                };
                cells.extend(ends[rows].iter().map(|&end| {
                    let cell = &text[from..end];
                    from = end;
                    Some(cell).filter(filled)
                }));
            }
        }
    }

    /// All cells.
    pub fn all(&self) -> Vec<Option<&str>> {
        let rows = match self {
            Cells::Texts(texts) => texts.len(),
            Cells::Made { ends, .. } => ends.len(),
        };
        let mut cells = Vec::with_capacity(rows);
        self.fill(0..rows, &mut cells);
        cells
    }
}

/// Texts of values, one behind the other; nothing where there is none.
fn made<T>(
    values: impl ExactSizeIterator<Item = Option<T>>,
    write: impl Fn(&mut String, T),
) -> Cells {
    let (mut text, mut ends) = (String::new(), Vec::with_capacity(values.len()));
    for value in values {
        if let Some(value) = value {
            write(&mut text, value);
        }
        ends.push(text.len());
    }
    Cells::Made { text, ends }
}

fn push(text: &mut String, value: std::fmt::Arguments<'_>) {
    std::fmt::Write::write_fmt(text, value).expect("writing to a String cannot fail");
}

/// Writes a number as `to_string` does: as the shortest text that gives the same float.
///
/// Most sizes and amounts have few digits. A decimal of up to 15 digits that gives this float is the only
/// one, so it is the shortest if its last digit is not 0; the others take the long way.
fn push_number(text: &mut String, value: f64) {
    const POWERS: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];
    const MOST: f64 = 1e15;
    let size = value.abs();
    if value.to_bits() == 0 || (size > 0.0 && size < MOST / 10_000.0) {
        for (digits, power) in POWERS.iter().enumerate() {
            let whole = (size * power + 0.5) as u64;
            // Both are exact, so their quotient is the float next to the decimal.
            let decimal = whole as f64 / power;
            if decimal.to_bits() == size.to_bits() {
                push_decimal(text, value < 0.0, whole, digits);
                return;
            }
        }
    }
    push(text, format_args!("{value}"));
}

/// Writes `whole` / 10^`digits`.
fn push_decimal(text: &mut String, negative: bool, whole: u64, digits: usize) {
    let mut room = [b'0'; 24];
    let (mut from, mut left, mut written) = (room.len(), whole, 0);
    while left > 0 || written <= digits {
        if written == digits && digits > 0 {
            from -= 1;
            room[from] = b'.';
        }
        from -= 1;
        room[from] = b'0' + (left % 10) as u8;
        left /= 10;
        written += 1;
    }
    if negative {
        from -= 1;
        room[from] = b'-';
    }
    text.push_str(std::str::from_utf8(&room[from..]).expect("digits are text"));
}

#[cfg(test)]
mod tests {
    use super::push_number;
    use crate::random::Seed;

    fn written(value: f64) -> String {
        let mut text = String::new();
        push_number(&mut text, value);
        text
    }

    #[test]
    fn numbers_are_written_as_the_library_writes_them() {
        let edges = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            0.1,
            -0.01,
            0.001,
            1e-4,
            1e-5,
            10.0,
            1e10,
            1e11,
            1e15,
            1e16,
            1e22,
            1e300,
            99_999_999_999.999_9,
            123_456.789,
            0.3,
            0.1 + 0.2,
            2.5e-8,
            5e-324,
            0.000_05,
            0.000_049,
            1_234.000_05,
            f64::MAX,
            f64::MIN_POSITIVE,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            9_007_199_254_740_993.0,
            4_503_599_627_370_496.5,
        ];
        for value in edges {
            assert_eq!(written(value), value.to_string());
        }
        let mut stream = Seed::new("numbers").expect("not blank").stream("test");
        for _ in 0..200_000 {
            let bits = f64::from_bits(stream.word());
            let unit = stream.unit();
            let power = 10_f64.powi(stream.below(7) as i32);
            let rounded = (unit * 1e7).round() / power;
            for value in [bits, unit, rounded, -rounded, unit * 1e12, rounded * 1e-3] {
                assert_eq!(written(value), value.to_string(), "{value:e}");
            }
        }
    }
}
