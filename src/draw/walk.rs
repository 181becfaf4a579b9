//! The order in which a walk meets the units.
//!
//! Methods that walk a list – systematic, pivotal, Chromy's – spread the sample over whatever the list
//! is ordered by, as strata would, and without choosing where one ends. [`order`] sorts by several
//! columns, one within the other. In the plain order every group begins anew; in the serpentine order
//! each group turns round, so that neighbours are alike across the borders too. SAS does the latter
//! unless it is asked for the former.
//!
//! The unit's id comes last and decides among equals, always upwards: the order of rows does not
//! matter.

use std::cmp::Ordering;

/// A column to order by: one entry per unit, none where it is unknown. Unknown comes before all else.
#[derive(Debug, Clone, Copy)]
pub enum Column<'a> {
    /// Texts, in the order of their bytes.
    Text(&'a [Option<String>]),
    /// Numbers. What is not a number is unknown.
    Number(&'a [Option<f64>]),
}

impl Column<'_> {
    fn len(&self) -> usize {
        match self {
            Column::Text(column) => column.len(),
            Column::Number(column) => column.len(),
        }
    }

    /// The rank of every unit's entry, equal for equal entries.
    fn ranks(&self) -> Vec<u32> {
        match self {
            Column::Text(column) => ranks(column.len(), |a, b| column[a].cmp(&column[b])),
            Column::Number(column) => {
                // Adding 0 makes −0 the 0 it equals.
                let number = |unit: usize| column[unit].filter(|x| !x.is_nan()).map(|x| x + 0.0);
                ranks(column.len(), |a, b| match (number(a), number(b)) {
                    (Some(a), Some(b)) => a.total_cmp(&b),
                    (a, b) => a.is_some().cmp(&b.is_some()),
                })
            }
        }
    }
}

/// A column, and which way it runs.
#[derive(Debug, Clone, Copy)]
pub struct Control<'a> {
    /// The entries.
    pub column: Column<'a>,
    /// Whether it runs from large to small; in the serpentine order, in the first group.
    pub falling: bool,
}

/// What happens where a group ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turn {
    /// The next group runs the other way.
    #[default]
    Serpentine,
    /// The next group begins anew.
    Nested,
}

/// Places of the units, in the order in which a walk meets them: by the first control, within it by the
/// second, and so on, and by id last. In the serpentine order, each control turns round whenever
/// those before it change. Time grows with N log N for each control.
///
/// # Panics
///
/// If a column has not one entry per id: our own bug.
///
/// # Source
///
/// Williams, Chromy (1980), for the serpentine order.
///
/// # Example
///
/// ```
/// use canvass::draw::walk::{Column, Control, Turn, order};
/// let ids = ["a", "b", "c", "d"].map(String::from);
/// let side = ["west", "east", "west", "east"].map(|side| Some(side.to_owned()));
/// let age = [20.0, 30.0, 40.0, 50.0].map(Some);
/// let controls = [Column::Text(&side), Column::Number(&age)]
///     .map(|column| Control { column, falling: false });
/// // East upwards, 30 and 50; then west downwards, 40 and 20.
/// assert_eq!(order(&ids, &controls, Turn::Serpentine), [1, 3, 2, 0]);
/// assert_eq!(order(&ids, &controls, Turn::Nested), [1, 3, 0, 2]);
/// ```
#[must_use]
pub fn order(ids: &[String], controls: &[Control<'_>], turn: Turn) -> Vec<usize> {
    assert!(
        controls.iter().all(|c| c.column.len() == ids.len()),
        "an entry per unit"
    );
    let ranks: Vec<Vec<u32>> = controls.iter().map(|one| one.column.ranks()).collect();
    let levels = ranks.iter().zip(controls).map(|(ranks, control)| Level {
        ranks,
        falling: control.falling,
    });
    let mut by_id: Vec<u32> = (0..ids.len() as u32).collect();
    by_id.sort_by(|&a, &b| ids[a as usize].cmp(&ids[b as usize]));
    let order = arranged(by_id, &mut levels.collect::<Vec<Level<'_>>>(), turn);
    order.into_iter().map(|unit| unit as usize).collect()
}

/// A control while units are being put in order.
pub(crate) struct Level<'a> {
    /// The rank of every unit's entry, equal for equal entries.
    pub ranks: &'a [u32],
    /// Which way the next group runs.
    pub falling: bool,
}

/// Puts units that are in the order of their ids into that of a walk.
pub(crate) fn arranged(by_id: Vec<u32>, levels: &mut [Level<'_>], turn: Turn) -> Vec<u32> {
    // From the last control to the first, each leaving equals as they are.
    let nested = levels
        .iter()
        .rev()
        .fold(by_id, |order, level| by_rank(order, level.ranks));
    if turn == Turn::Nested && !levels.iter().any(|level| level.falling) {
        return nested;
    }
    let mut order = Vec::with_capacity(nested.len());
    follow(&nested, levels, turn, &mut order);
    order
}

/// Follows a group in nested order: its parts by the first level this way or that, and each of them by the
/// others.
fn follow(group: &[u32], levels: &mut [Level<'_>], turn: Turn, order: &mut Vec<u32>) {
    let Some((level, deeper)) = levels.split_first_mut() else {
        order.extend(group);
        return;
    };
    let (ranks, falling) = (level.ranks, level.falling);
    if turn == Turn::Serpentine {
        level.falling = !falling;
    }
    let mut parts = group.chunk_by(|&a, &b| ranks[a as usize] == ranks[b as usize]);
    while let Some(part) = match falling {
        true => parts.next_back(),
        false => parts.next(),
    } {
        follow(part, deeper, turn, order);
    }
}

/// Sorts units by rank, and leaves those of one rank as they are.
fn by_rank(mut order: Vec<u32>, ranks: &[u32]) -> Vec<u32> {
    let rank = |unit: u32| ranks[unit as usize] as usize;
    let most = order.iter().map(|&unit| rank(unit)).max().unwrap_or(0);
    // Where ranks are few, units are counted into their places.
    if most > 2 * order.len() {
        order.sort_by_key(|&unit| rank(unit));
        return order;
    }
    let mut next = vec![0_u32; most + 1];
    order.iter().for_each(|&unit| next[rank(unit)] += 1);
    let mut before = 0;
    for place in &mut next {
        before += std::mem::replace(place, before);
    }
    let mut sorted = vec![0; order.len()];
    for unit in order {
        let place = &mut next[rank(unit)];
        sorted[*place as usize] = unit;
        *place += 1;
    }
    sorted
}

/// The rank of each entry among all, from 0, without gaps.
fn ranks(units: usize, compare: impl Fn(usize, usize) -> Ordering) -> Vec<u32> {
    let mut sorted: Vec<usize> = (0..units).collect();
    sorted.sort_by(|&a, &b| compare(a, b));
    let (mut ranks, mut rank) = (vec![0; units], 0);
    for (step, &unit) in sorted.iter().enumerate() {
        if step > 0 && compare(sorted[step - 1], unit) != Ordering::Equal {
            rank += 1;
        }
        ranks[unit] = rank;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::{Column, Control, Turn, order};
    use crate::draw::trial::{ids, seed};

    fn rising(column: Column<'_>) -> Control<'_> {
        Control {
            column,
            falling: false,
        }
    }

    fn texts(words: &[&str]) -> Vec<Option<String>> {
        words
            .iter()
            .map(|word| (!word.is_empty()).then(|| (*word).to_owned()))
            .collect()
    }

    #[test]
    fn a_serpentine_turns_at_every_border() {
        // Three controls of two levels: the third turns with every pair of the first two.
        let ids = ids(8);
        let bit = |at: usize| {
            (0..8)
                .map(|i| Some(f64::from((i >> at & 1) as u32)))
                .collect::<Vec<_>>()
        };
        let (first, second, third) = (bit(2), bit(1), bit(0));
        let controls = [&first, &second, &third].map(|column| rising(Column::Number(column)));
        assert_eq!(
            order(&ids, &controls, Turn::Nested),
            [0, 1, 2, 3, 4, 5, 6, 7]
        );
        // The reflected binary code: one control changes at a time.
        assert_eq!(
            order(&ids, &controls, Turn::Serpentine),
            [0, 1, 3, 2, 6, 7, 5, 4]
        );
    }

    #[test]
    fn columns_may_run_from_large_to_small() {
        let ids = ids(4);
        let (side, age) = (texts(&["a", "a", "b", "b"]), [1.0, 2.0, 3.0, 4.0].map(Some));
        let controls = [
            Control {
                column: Column::Text(&side),
                falling: true,
            },
            Control {
                column: Column::Number(&age),
                falling: true,
            },
        ];
        assert_eq!(order(&ids, &controls, Turn::Nested), [3, 2, 1, 0]);
        assert_eq!(order(&ids, &controls, Turn::Serpentine), [3, 2, 0, 1]);
    }

    #[test]
    fn unknown_comes_first_and_equals_go_by_id() {
        let ids = ["d", "c", "b", "a", "e"].map(String::from);
        let age = [
            Some(0.0),
            Some(f64::NAN),
            Some(-0.0),
            None,
            Some(f64::NEG_INFINITY),
        ];
        let found = order(&ids, &[rising(Column::Number(&age))], Turn::Serpentine);
        assert_eq!(found, [3, 1, 4, 2, 0]);
        let side = texts(&["x", "", "x", "X", ""]);
        assert_eq!(
            order(&ids, &[rising(Column::Text(&side))], Turn::Nested),
            [1, 4, 3, 2, 0]
        );
        assert_eq!(order(&ids, &[], Turn::Serpentine), [3, 2, 1, 0, 4]);
        assert_eq!(order(&[], &[], Turn::Serpentine), [0_usize; 0]);
    }

    #[test]
    fn the_order_of_rows_does_not_matter() {
        for i in 0..100 {
            let mut stream = seed(&format!("rows {i}")).stream("test");
            let mut rows: Vec<(String, Option<String>, Option<f64>)> = (0..60)
                .map(|row| {
                    let side = (stream.below(4) > 0).then(|| format!("side {}", stream.below(3)));
                    (format!("unit {row}"), side, Some(stream.below(5) as f64))
                })
                .collect();
            let sorted = |rows: &[(String, Option<String>, Option<f64>)]| {
                let ids: Vec<String> = rows.iter().map(|row| row.0.clone()).collect();
                let side: Vec<_> = rows.iter().map(|row| row.1.clone()).collect();
                let age: Vec<_> = rows.iter().map(|row| row.2).collect();
                let controls = [rising(Column::Text(&side)), rising(Column::Number(&age))];
                let order = order(&ids, &controls, Turn::Serpentine);
                order
                    .into_iter()
                    .map(|unit| ids[unit].clone())
                    .collect::<Vec<_>>()
            };
            let before = sorted(&rows);
            stream.shuffle(&mut rows);
            assert_eq!(before, sorted(&rows), "seed {i}");
        }
    }

    #[test]
    fn neighbours_across_a_border_are_alike() {
        let ids = ids(300);
        let mut stream = seed("borders").stream("test");
        let side: Vec<_> = (0..300).map(|i| Some(format!("side {}", i % 5))).collect();
        let age: Vec<_> = (0..300).map(|_| Some(stream.unit())).collect();
        let controls = [rising(Column::Text(&side)), rising(Column::Number(&age))];
        let order = order(&ids, &controls, Turn::Serpentine);
        for (at, group) in order.chunks(60).enumerate() {
            let up = group.windows(2).all(|pair| age[pair[0]] < age[pair[1]]);
            let down = group.windows(2).all(|pair| age[pair[0]] > age[pair[1]]);
            assert!(if at % 2 == 0 { up } else { down });
        }
    }
}
