//! Whole numbers for a table with margins in three directions and more.
//!
//! Districts by services by operators: each cell has a real number of interviews, and the sums over each
//! direction are wanted. In two directions a rounding that keeps every margin always exists, and
//! [`controlled`](super::controlled) finds it; in three it may not exist. So the cells are drawn as a
//! balanced sample: the [cube method](crate::draw::balance::cube) moves fractions up and down without changing any margin
//! until that is possible no longer, and then gives up margins one after another, the last first. Numbers
//! are right on average all the same, and every margin that could not be kept is named.
//!
//! State the direction that matters most first.

use super::controlled::fit;
use crate::draw::probability::CERTAIN;
use crate::draw::{Error, balance::flight};
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "controlled-cube",
    title: Words::new(
        "Balanced rounding with margins in several directions",
        "多向边际的平衡取整",
    ),
    says: Words::new(
        "Every cell is rounded down or up, right on average, such that margins in three directions and more \
         are rounded down or up too where that is possible. Margins that cannot be kept are named; those of \
         the direction stated last are given up first.",
        "各单元取下整或上整且期望不变，并尽可能使三个及以上方向的边际也取下整或上整；无法满足的边际逐一列出，\
         最后列出的方向最先放弃。",
    ),
    formula: "cells go up with π = a − ⌊a⌋, drawn by the cube method balanced on Σ_{cells of a margin} π;  \
              landing: margins dropped from the last",
    sources: &[
        Source::new("Deville, Tillé (2004)"),
        Source::at(
            "Causey, Cox, Ernst (1985)",
            "three directions may have no solution",
        ),
    ],
};

/// Rounded cells, and the margins that could not be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Balanced {
    /// Whole numbers, one per cell.
    pub cells: Vec<u64>,
    /// Margins that are not rounded down or up. Empty if all could be kept.
    pub missed: Vec<Missed>,
}

/// A margin that could not be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Missed {
    /// Its direction, counted from 0.
    pub direction: usize,
    /// Its group in that direction.
    pub group: usize,
    /// What its cells add up to.
    pub wanted: f64,
    /// What the rounded cells add up to.
    pub found: u64,
}

/// Margins this near to a whole number are meant to be whole.
const NEAR: f64 = 1e-9;

/// Rounds every number down or up, right on average, and the margins of all directions where possible.
///
/// The total is always rounded down or up. Takes time K p³ for K cells and p margins.
///
/// # Formula
///
/// ```text
/// π_k = a_k − ⌊a_k⌋,  A_gk = 1 if cell k belongs to margin g;  a slack ⌈m_g⌉ − m_g of its own for each g
/// flight: A u = 0,  π ← π + λ₁ u with chance λ₂ / (λ₁ + λ₂), else π − λ₂ u
/// landing: the same with one row of A fewer, again and again, the total last
/// ```
///
/// # Arguments
///
/// | symbol | argument     | shape | unit                                             |
/// |--------|--------------|-------|--------------------------------------------------|
/// | a      | `numbers`    | K     | interviews                                       |
/// | –      | `directions` | D × K | group of each cell, from 0; dearest direction first |
///
/// # Errors
///
/// [`Error::BadCell`] names a number that is negative, missing or beyond 2⁵²; [`Error::Lengths`] if a
/// direction has not one group per cell.
///
/// # Source
///
/// Deville, Tillé (2004), §4, for the flight and the landing by dropping rows.
///
/// # Example
///
/// Two districts by two services by two operators, of a half each: all margins are 2.
///
/// ```
/// use canvass::{draw::margins::controlled_cube::balanced, random::Seed};
/// let mut stream = Seed::new("rounds").expect("not blank").stream("example");
/// let direction = |bit: usize| (0..8).map(|cell| cell >> bit & 1).collect();
/// let directions: Vec<Vec<usize>> = [0, 1, 2].map(direction).into();
/// let rounded = balanced(&[0.5; 8], &directions, &mut stream)?;
/// assert_eq!(rounded.cells.iter().sum::<u64>(), 4);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn balanced(
    numbers: &[f64],
    directions: &[Vec<usize>],
    stream: &mut Stream,
) -> Result<Balanced, Error> {
    for (place, &number) in numbers.iter().enumerate() {
        fit(number, place + 1, 1)?;
    }
    let margins = Margins::of(numbers.len(), directions)?;
    let mut now: Vec<f64> = numbers
        .iter()
        .map(|number| number - number.floor())
        .collect();
    let slack = margins.slack(&mut now);
    let mut order: Vec<usize> = (0..now.len())
        .filter(|&unit| now[unit] > CERTAIN && now[unit] < 1.0 - CERTAIN)
        .collect();
    stream.shuffle(&mut order);
    let cells = numbers.len();
    let entry = |row: usize, unit: usize| match unit < cells {
        true => f64::from(u8::from(margins.holds(row, unit))),
        false => f64::from(u8::from(slack[unit - cells] == row)),
    };
    let left = flight::fly(&mut now, order, margins.count(), entry, stream);
    for last in flight::land(&mut now, left, margins.count(), entry, stream) {
        if now[last] > CERTAIN && now[last] < 1.0 - CERTAIN {
            now[last] = f64::from(u8::from(stream.unit() < now[last]));
        }
    }
    let up = |cell: usize| u64::from(now[cell] > 0.5);
    let whole: Vec<u64> = numbers
        .iter()
        .enumerate()
        .map(|(cell, number)| number.floor() as u64 + up(cell))
        .collect();
    Ok(Balanced {
        missed: margins.missed(numbers, &whole),
        cells: whole,
    })
}

/// Which cells each margin adds up; the total is the first.
struct Margins<'a> {
    directions: &'a [Vec<usize>],
    /// Direction and group of every margin but the total.
    groups: Vec<(usize, usize)>,
}

impl<'a> Margins<'a> {
    fn of(cells: usize, directions: &'a [Vec<usize>]) -> Result<Margins<'a>, Error> {
        let mut groups = Vec::new();
        for (direction, group_of) in directions.iter().enumerate() {
            if group_of.len() != cells {
                let (found, wanted) = (group_of.len(), cells);
                return Err(Error::Lengths {
                    what: "groups",
                    found,
                    wanted,
                });
            }
            let mut all = group_of.clone();
            all.sort_unstable();
            all.dedup();
            groups.extend(all.into_iter().map(|group| (direction, group)));
        }
        Ok(Margins { directions, groups })
    }

    fn count(&self) -> usize {
        self.groups.len() + 1
    }

    fn holds(&self, margin: usize, cell: usize) -> bool {
        let Some(place) = margin.checked_sub(1) else {
            return true;
        };
        let (direction, group) = self.groups[place];
        self.directions[direction][cell] == group
    }

    /// The sum of each margin.
    fn sums(&self, numbers: &[f64]) -> Vec<f64> {
        let mut sums = vec![Sum::default(); self.count()];
        for (margin, all) in sums.iter_mut().enumerate() {
            let mine = numbers
                .iter()
                .enumerate()
                .filter(|(cell, _)| self.holds(margin, *cell));
            mine.for_each(|(_, number)| all.add(*number));
        }
        sums.iter().map(Sum::value).collect()
    }

    /// Adds what makes each margin whole, and says to which margin each of these belongs.
    fn slack(&self, fractions: &mut Vec<f64>) -> Vec<usize> {
        let mut belongs = Vec::new();
        for (margin, all) in self.sums(fractions).into_iter().enumerate() {
            if !is_whole(all) {
                fractions.push(all.ceil() - all);
                belongs.push(margin);
            }
        }
        belongs
    }

    /// The margins that are not rounded down or up.
    fn missed(&self, numbers: &[f64], whole: &[u64]) -> Vec<Missed> {
        let kept = |found: u64, wanted: f64| {
            let off = (found as f64 - wanted).abs();
            off < 1e-6 || (off < 1.0 && !is_whole(wanted))
        };
        let mut missed = Vec::new();
        for (place, &(direction, group)) in self.groups.iter().enumerate() {
            let mine = || (0..whole.len()).filter(|&cell| self.holds(place + 1, cell));
            let (found, wanted) = (
                mine().map(|cell| whole[cell]).sum(),
                sum(mine().map(|cell| numbers[cell])),
            );
            if !kept(found, wanted) {
                missed.push(Missed {
                    direction,
                    group,
                    wanted,
                    found,
                });
            }
        }
        missed
    }
}

/// Whether a sum is meant to be whole.
fn is_whole(x: f64) -> bool {
    (x - x.round()).abs() <= NEAR * x.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::{Balanced, balanced};
    use crate::draw::Error;
    use crate::draw::trial::seed;
    use crate::math::sum;
    use crate::random::Stream;

    /// The groups of a box of cells in its three directions.
    fn directions(size: [usize; 3]) -> Vec<Vec<usize>> {
        let cells = size[0] * size[1] * size[2];
        let of = |cell: usize| {
            [
                cell / (size[1] * size[2]),
                cell / size[2] % size[1],
                cell % size[2],
            ]
        };
        (0..3)
            .map(|direction| (0..cells).map(|cell| of(cell)[direction]).collect())
            .collect()
    }

    fn random_cells(cells: usize, stream: &mut Stream) -> Vec<f64> {
        let number = |stream: &mut Stream| match stream.below(4) {
            0 => stream.below(3) as f64,
            1 => stream.below(8) as f64 / 3.0,
            _ => 3.0 * stream.unit(),
        };
        (0..cells).map(|_| number(stream)).collect()
    }

    #[test]
    fn cells_and_total_are_always_kept_and_missed_margins_are_named() {
        let (mut kept, mut missed) = (0, 0);
        for i in 0..60 {
            let mut stream = seed(&format!("box {i}")).stream("sizes");
            let size = [2, 3, 2].map(|least| least + stream.below(3) as usize);
            let directions = directions(size);
            let numbers = random_cells(directions[0].len(), &mut stream);
            let draw = || {
                balanced(
                    &numbers,
                    &directions,
                    &mut seed(&format!("box {i}")).stream("test"),
                )
            };
            let found = draw().expect("a table");
            assert_eq!(Ok(found.clone()), draw(), "seed {i}");
            for (number, &whole) in numbers.iter().zip(&found.cells) {
                assert!((whole as f64 - number).abs() < 1.0, "seed {i}");
            }
            let total = found.cells.iter().sum::<u64>() as f64;
            assert!(
                (total - sum(numbers.iter().copied())).abs() < 1.0,
                "seed {i}"
            );
            // Every margin that is off by one or more is named, and only those.
            for (direction, group_of) in directions.iter().enumerate() {
                for group in 0..size[direction] {
                    let mine = || (0..numbers.len()).filter(|&cell| group_of[cell] == group);
                    let wanted = sum(mine().map(|cell| numbers[cell]));
                    let found_here: u64 = mine().map(|cell| found.cells[cell]).sum();
                    let off = (found_here as f64 - wanted).abs();
                    let named = found
                        .missed
                        .iter()
                        .any(|one| (one.direction, one.group) == (direction, group));
                    assert_eq!(
                        named,
                        off >= 1.0 - 1e-9,
                        "seed {i}: {direction} {group}: {off}"
                    );
                    if named {
                        missed += 1
                    } else {
                        kept += 1
                    }
                    // Nothing is ever far off.
                    assert!(off < 4.0, "seed {i}: {direction} {group}: {off}");
                }
            }
        }
        assert!(missed * 8 < kept, "{missed} of {kept} margins are missed");
    }

    #[test]
    fn numbers_are_right_on_average() {
        const TIMES: u32 = 6_000;
        let directions = directions([2, 2, 3]);
        let numbers = random_cells(12, &mut seed("average").stream("sizes"));
        let mut found = vec![0.0; 12];
        let mut stream = seed("average").stream("test");
        for _ in 0..TIMES {
            let rounded = balanced(&numbers, &directions, &mut stream).expect("a table");
            rounded
                .cells
                .iter()
                .zip(&mut found)
                .for_each(|(&whole, sum)| *sum += whole as f64);
        }
        for (found, wanted) in found.iter().zip(&numbers) {
            let (found, p) = (found / f64::from(TIMES), wanted - wanted.floor());
            let error = (p * (1.0 - p) / f64::from(TIMES)).sqrt();
            assert!(
                (found - wanted).abs() < 4.5 * error + 1e-9,
                "{found} is not {wanted}"
            );
        }
    }

    #[test]
    fn what_has_no_solution_is_reported() {
        // Margins of pairs: the cells with an even sum of places hold ½, and so do the odd ones; each
        // pair of neighbours adds up to 1 in three directions at once, on a path of odd length.
        let numbers = [0.5; 3];
        let pairs = vec![vec![0, 0, 1], vec![1, 0, 0], vec![0, 1, 0]];
        for i in 0..20 {
            let mut stream = seed(&format!("odd {i}")).stream("test");
            let Balanced { cells, missed } =
                balanced(&numbers, &pairs, &mut stream).expect("a table");
            // Two of three cells alike, in one of the pairs.
            assert!(!missed.is_empty(), "{cells:?}");
            assert!(
                missed
                    .iter()
                    .all(|one| (one.wanted - 1.0).abs() < 1e-9 && one.found != 1)
            );
        }
    }

    #[test]
    fn edges() {
        let mut stream = seed("x").stream("test");
        let none = balanced(&[], &[], &mut stream).expect("nothing");
        assert!(none.cells.is_empty() && none.missed.is_empty());
        let whole = balanced(&[1.0, 2.0], &[vec![0, 1]], &mut stream).expect("whole");
        assert_eq!(whole.cells, [1, 2]);
        let refused = balanced(&[1.0, -2.0], &[], &mut stream);
        assert_eq!(
            refused,
            Err(Error::BadCell {
                row: 2,
                column: 1,
                number: -2.0
            })
        );
        let refused = balanced(&[1.0, 2.0], &[vec![0]], &mut stream);
        assert_eq!(
            refused,
            Err(Error::Lengths {
                what: "groups",
                found: 1,
                wanted: 2
            })
        );
    }
}
