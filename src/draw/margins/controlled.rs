//! Whole numbers for a table whose margins are fixed in two directions.
//!
//! An optimum plan gives each cell of districts by services a real number of interviews. Every cell is
//! rounded down or up, and so is every row, every column and the total; where a margin is whole, it is met
//! exactly. Chance decides which cells go up, and such that each number comes out right on average: a cell
//! of 2.3 becomes 3 with a chance of exactly 0.3.
//!
//! Use it where cells hold few interviews and rounding each by itself would upset the margins. For
//! one direction only, [`whole`](crate::plan::whole) finds the best rounding without chance; for three
//! and more, see [`controlled_cube`](super::controlled_cube).
//!
//! Fractions are whole parts of 2⁻⁶⁰ from the start, so that sums are exact and no margin is missed by
//! rounding.

use crate::draw::Error;
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "controlled",
    title: Words::new("Controlled rounding of a two-way table", "双向表的控制取整"),
    says: Words::new(
        "Every cell of a two-way table, every row, every column and the total are rounded down or up, \
         whole margins are met exactly, and each number is right on average: alternating cycles of cells are \
         raised and lowered by turns until all cells are whole.",
        "双向表的每个单元、每行、每列及总计均取下整或上整，整数边际严格满足，且各数的期望不变：\
         沿交替环路随机上调和下调单元，直至全部为整数。",
    ),
    formula: "P(⌈a⌉) = a − ⌊a⌋;  along a cycle of open cells: + d₁, − d₁, … with chance d₂ / (d₁ + d₂), \
              else − d₂, + d₂, …",
    sources: &[
        Source::new("Cox (1987)"),
        Source::new("Causey, Cox, Ernst (1985)"),
    ],
};

/// A rounded table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rounded {
    /// Whole numbers, row by row.
    pub cells: Vec<Vec<u64>>,
    /// The sum of each row.
    pub rows: Vec<u64>,
    /// The sum of each column.
    pub columns: Vec<u64>,
    /// The sum of all.
    pub total: u64,
}

/// 1, in parts.
const ONE: u64 = 1 << 60;

/// A margin this near to a whole number is meant to be whole: 10⁻⁹ or so.
const NEAR: u64 = 1 << 30;

/// The largest number taken: fractions of larger ones are lost in floats.
const MOST: f64 = 4_503_599_627_370_496.0;

/// Rounds every number of a table down or up, and every margin with it.
///
/// Each comes out right on average, and each margin too. Margins within 10⁻⁹ of a whole number are meant
/// to be whole and are met exactly; a cell's chance may then be off by as much. Takes time proportional to
/// cells times rows and columns, at worst.
///
/// # Formula
///
/// ```text
/// slack:   a column ⌈r_i⌉ − r_i and a row ⌈c_j⌉ − c_j, with T − ⌊T⌋ in the corner, make all sums whole
/// then, while a cell is open:
///   a cycle of open cells, in rows and columns by turns;  e its even places, o its odd ones
///   d₁ = min(min_e 1 − a, min_o a),  d₂ = min(min_e a, min_o 1 − a)
///   a_e + d₁, a_o − d₁ with chance d₂ / (d₁ + d₂), else a_e − d₂, a_o + d₂
/// P(cell = ⌈a⌉) = a − ⌊a⌋
/// ```
///
/// # Arguments
///
/// | symbol | argument | shape | unit       |
/// |--------|----------|-------|------------|
/// | a      | `table`  | R × C | interviews |
///
/// # Errors
///
/// [`Error::BadCell`] names a number that is negative, missing or beyond 2⁵²; [`Error::Lengths`] if rows
/// are not of one length.
///
/// # Source
///
/// Cox (1987); that a solution always exists, Causey, Cox, Ernst (1985).
///
/// # Example
///
/// ```
/// use canvass::{draw::margins::controlled::controlled, random::Seed};
/// let mut stream = Seed::new("rounds").expect("not blank").stream("example");
/// let table = [vec![0.5, 1.25, 2.25], vec![1.5, 0.75, 0.75]];
/// let rounded = controlled(&table, &mut stream)?;
/// assert_eq!((rounded.rows, rounded.columns), (vec![4, 3], vec![2, 2, 3]));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn controlled(table: &[Vec<f64>], stream: &mut Stream) -> Result<Rounded, Error> {
    let floors = floors(table)?;
    let mut grid = Grid::of(table, &floors);
    for cell in grid.nearly_whole() {
        grid.force(cell);
    }
    while let Some(cycle) = grid.cycle(stream) {
        grid.turn(&cycle, stream);
    }
    let up = |row: usize, column: usize| u64::from(grid.parts[row * grid.columns + column] == ONE);
    let cells: Vec<Vec<u64>> = floors
        .iter()
        .enumerate()
        .map(|(row, cells)| {
            cells
                .iter()
                .enumerate()
                .map(|(column, cell)| cell + up(row, column))
                .collect()
        })
        .collect();
    let width = cells.first().map_or(0, Vec::len);
    Ok(Rounded {
        rows: cells.iter().map(|row| row.iter().sum()).collect(),
        columns: (0..width)
            .map(|column| cells.iter().map(|row| row[column]).sum())
            .collect(),
        total: cells.iter().flatten().sum(),
        cells,
    })
}

/// The chance of each cell to be rounded up: exactly its fraction.
///
/// # Errors
///
/// As for [`controlled`].
///
/// # Source
///
/// Cox (1987).
pub fn chances(table: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Error> {
    floors(table)?;
    Ok(table
        .iter()
        .map(|row| row.iter().map(|number| number - number.floor()).collect())
        .collect())
}

/// Whole parts, of a table that makes sense.
fn floors(table: &[Vec<f64>]) -> Result<Vec<Vec<u64>>, Error> {
    let width = table.first().map_or(0, Vec::len);
    for (row, cells) in table.iter().enumerate() {
        if cells.len() != width {
            return Err(Error::Lengths {
                what: "columns",
                found: cells.len(),
                wanted: width,
            });
        }
        for (column, &number) in cells.iter().enumerate() {
            fit(number, row + 1, column + 1)?;
        }
    }
    Ok(table
        .iter()
        .map(|row| row.iter().map(|number| number.floor() as u64).collect())
        .collect())
}

/// Whether a number can be rounded.
pub(super) fn fit(number: f64, row: usize, column: usize) -> Result<(), Error> {
    match (0.0..MOST).contains(&number) {
        true => Ok(()),
        false => Err(Error::BadCell {
            row: row as u64,
            column: column as u64,
            number,
        }),
    }
}

/// The fractions of a table and its slack, one row and one column more. Every row and column adds up to a
/// whole number, in whole parts and so exactly.
struct Grid {
    rows: usize,
    columns: usize,
    /// Row by row, 0 to `ONE`.
    parts: Vec<u64>,
    /// The cells neither 0 nor 1, of each row and then of each column.
    open: Vec<Vec<usize>>,
    /// The first row that may have an open cell.
    first: usize,
}

impl Grid {
    fn of(table: &[Vec<f64>], floors: &[Vec<u64>]) -> Grid {
        let (rows, columns) = (table.len() + 1, table.first().map_or(0, Vec::len) + 1);
        let mut parts = vec![0; rows * columns];
        let (mut of_rows, mut of_columns, mut total) = (vec![0; rows], vec![0; columns], 0);
        for (row, cells) in table.iter().enumerate() {
            for (column, number) in cells.iter().enumerate() {
                let fraction = number - floors[row][column] as f64;
                // Exact for fractions down to 2⁻⁸; smaller ones are off by 2⁻⁶¹ at most.
                let part = (fraction * ONE as f64).round() as u64;
                parts[row * columns + column] = part;
                of_rows[row] = (of_rows[row] + part) % ONE;
                of_columns[column] = (of_columns[column] + part) % ONE;
                total = (total + part) % ONE;
            }
        }
        for (row, sum) in of_rows.iter().enumerate().take(rows - 1) {
            parts[row * columns + columns - 1] = (ONE - sum) % ONE;
        }
        for (column, sum) in of_columns.iter().enumerate().take(columns - 1) {
            parts[(rows - 1) * columns + column] = (ONE - sum) % ONE;
        }
        parts[rows * columns - 1] = total;
        let mut grid = Grid {
            rows,
            columns,
            parts,
            open: vec![Vec::new(); rows + columns],
            first: 0,
        };
        for cell in 0..rows * columns {
            if grid.is_open(cell) {
                let [row, column] = grid.ends(cell);
                grid.open[row].push(cell);
                grid.open[column].push(cell);
            }
        }
        grid
    }

    fn is_open(&self, cell: usize) -> bool {
        0 < self.parts[cell] && self.parts[cell] < ONE
    }

    /// Row and column of a cell; columns are counted on from rows.
    fn ends(&self, cell: usize) -> [usize; 2] {
        [cell / self.columns, self.rows + cell % self.columns]
    }

    /// The end of a cell that is not this one.
    fn across(&self, cell: usize, end: usize) -> usize {
        let [row, column] = self.ends(cell);
        if end == row { column } else { row }
    }

    /// Slack that is there only because floats do not add up to the whole number that is meant.
    fn nearly_whole(&self) -> Vec<usize> {
        let slack = |cell: &usize| {
            cell % self.columns == self.columns - 1 || cell / self.columns == self.rows - 1
        };
        let near = |cell: &usize| self.parts[*cell] < NEAR || ONE - self.parts[*cell] < NEAR;
        let all = (0..self.parts.len()).filter(|cell| slack(cell) && near(cell));
        all.filter(|&cell| self.is_open(cell)).collect()
    }

    /// Makes a cell whole, whatever chance would say, by a round trip that keeps all sums.
    ///
    /// Every open cell lies on a cycle: take it out, and if its row and column were no longer joined, the
    /// sums of the part around its row would be whole without it, so it would not be open.
    fn force(&mut self, cell: usize) {
        while self.is_open(cell) {
            let Some(cycle) = self.cycle_through(cell) else {
                return;
            };
            let up = self.parts[cell] > ONE / 2;
            let (ahead, back) = self.room(&cycle);
            self.shift(&cycle, if up { ahead } else { back }, up);
        }
    }

    /// The shortest cycle through an open cell, which comes first.
    fn cycle_through(&self, cell: usize) -> Option<Vec<usize>> {
        let [row, column] = self.ends(cell);
        // The cell by which each end was first reached.
        let mut by = vec![None; self.open.len()];
        let mut waiting = std::collections::VecDeque::from([row]);
        while let Some(end) = waiting.pop_front() {
            for &next in self.open[end].iter().filter(|&&next| next != cell) {
                let other = self.across(next, end);
                if other != row && by[other].is_none() {
                    by[other] = Some(next);
                    waiting.push_back(other);
                }
            }
        }
        let (mut cycle, mut end) = (vec![cell], column);
        while end != row {
            let back = by[end]?;
            cycle.push(back);
            end = self.across(back, end);
        }
        Some(cycle)
    }

    /// A cycle of open cells, found by walking at random until an end is met again; none once all cells
    /// are whole. An end with one open cell has another, because its sum is whole.
    fn cycle(&mut self, stream: &mut Stream) -> Option<Vec<usize>> {
        while self.open.get(self.first).is_some_and(Vec::is_empty) && self.first < self.rows {
            self.first += 1;
        }
        let mut end = (self.first < self.rows).then_some(self.first)?;
        let (mut path, mut met): (Vec<usize>, _) = (Vec::new(), vec![None; self.open.len()]);
        loop {
            if let Some(from) = met[end] {
                return Some(path.split_off(from));
            }
            met[end] = Some(path.len());
            let came = path.last().copied();
            let open = || self.open[end].iter().filter(|&&cell| Some(cell) != came);
            let ways = open().count();
            if ways == 0 {
                return None;
            }
            let &next = open().nth(stream.below(ways as u64) as usize)?;
            path.push(next);
            end = self.across(next, end);
        }
    }

    /// How far the even places of a cycle can go up and the odd ones down, and the other way round.
    fn room(&self, cycle: &[usize]) -> (u64, u64) {
        let (mut ahead, mut back) = (ONE, ONE);
        for (place, &cell) in cycle.iter().enumerate() {
            let (mut up, mut down) = (ONE - self.parts[cell], self.parts[cell]);
            if place % 2 == 1 {
                std::mem::swap(&mut up, &mut down);
            }
            (ahead, back) = (ahead.min(up), back.min(down));
        }
        (ahead, back)
    }

    /// Goes ahead or back as far as there is room, so that nothing changes on average.
    fn turn(&mut self, cycle: &[usize], stream: &mut Stream) {
        let (ahead, back) = self.room(cycle);
        if stream.below(ahead + back) < back {
            self.shift(cycle, ahead, true);
        } else {
            self.shift(cycle, back, false);
        }
    }

    /// Moves a cycle; `up` says where its even places go.
    fn shift(&mut self, cycle: &[usize], by: u64, up: bool) {
        for (place, &cell) in cycle.iter().enumerate() {
            if up == (place % 2 == 0) {
                self.parts[cell] += by;
            } else {
                self.parts[cell] -= by;
            }
            if !self.is_open(cell) {
                for end in self.ends(cell) {
                    self.open[end].retain(|&other| other != cell);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
