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
    fn ranks(&self) -> Vec<usize> {
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
    let mut levels: Vec<Level> = controls
        .iter()
        .map(|control| Level {
            ranks: control.column.ranks(),
            falling: control.falling,
        })
        .collect();
    let mut units: Vec<usize> = (0..ids.len()).collect();
    arrange(&mut units, &mut levels, ids, turn);
    units
}

/// A control while units are being put in order.
struct Level {
    ranks: Vec<usize>,
    /// Which way the next group runs.
    falling: bool,
}

/// Puts a group in order by its first level, and each part of it by the others.
fn arrange(group: &mut [usize], levels: &mut [Level], ids: &[String], turn: Turn) {
    let Some((level, deeper)) = levels.split_first_mut() else {
        group.sort_unstable_by(|&a, &b| ids[a].cmp(&ids[b]).then(a.cmp(&b)));
        return;
    };
    match level.falling {
        true => group.sort_unstable_by(|&a, &b| level.ranks[b].cmp(&level.ranks[a])),
        false => group.sort_unstable_by(|&a, &b| level.ranks[a].cmp(&level.ranks[b])),
    }
    if turn == Turn::Serpentine {
        level.falling = !level.falling;
    }
    for part in group.chunk_by_mut(|&a, &b| level.ranks[a] == level.ranks[b]) {
        arrange(part, deeper, ids, turn);
    }
}

/// The rank of each entry among all, from 0, without gaps.
fn ranks(units: usize, compare: impl Fn(usize, usize) -> Ordering) -> Vec<usize> {
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
