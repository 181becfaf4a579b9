//! The units of a stratum, column by column: a list has millions, and a text or a vector of its own for each
//! would cost more than all that is known of it.

use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use crate::draw::walk::{Level, Turn, arranged};
use crate::frame::{Labels, Line};

/// The units of a stratum, and all that may decide whether they are drawn; in any order.
#[derive(Default, Clone)]
pub(crate) struct Units {
    ids: Line,
    rows: Vec<u64>,
    /// Empty if there is no column of sizes.
    sizes: Vec<f64>,
    /// Places in the order of labels, by column of the order: 0 where the cell is blank.
    sort: Vec<Vec<u32>>,
    /// What stands at these places, by column.
    orders: Arc<Vec<Order>>,
    /// By coordinate.
    places: Vec<Vec<f64>>,
    /// By amount.
    balance: Vec<Vec<f64>>,
}

/// What a unit adds to the columns.
pub(super) struct Row<'a> {
    pub id: &'a str,
    pub row: u64,
    pub size: Option<f64>,
    pub sort: &'a [u32],
    pub places: &'a [f64],
    pub balance: &'a [f64],
}

/// A unit by itself.
pub(crate) struct Unit {
    pub id: String,
    pub row: u64,
    pub size: f64,
    pub sort: Vec<Option<String>>,
}

impl Units {
    /// Adds a unit.
    pub(super) fn push(&mut self, unit: &Row<'_>) {
        fn each<T: Copy>(columns: &mut Vec<Vec<T>>, cells: &[T]) {
            columns.resize_with(cells.len(), Vec::new);
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.push(*cell);
            }
        }
        self.ids.push(unit.id);
        self.rows.push(unit.row);
        self.sizes.extend(unit.size);
        each(&mut self.sort, unit.sort);
        each(&mut self.places, unit.places);
        each(&mut self.balance, unit.balance);
    }

    /// Adds the units that another hand found.
    pub(super) fn append(&mut self, mut other: Units) {
        fn each<T>(columns: &mut Vec<Vec<T>>, others: &mut [Vec<T>]) {
            columns.resize_with(others.len().max(columns.len()), Vec::new);
            for (column, other) in columns.iter_mut().zip(others) {
                column.append(other);
            }
        }
        if self.rows.is_empty() {
            *self = other;
            return;
        }
        self.ids.append(&other.ids);
        self.rows.append(&mut other.rows);
        self.sizes.append(&mut other.sizes);
        each(&mut self.sort, &mut other.sort);
        each(&mut self.places, &mut other.places);
        each(&mut self.balance, &mut other.balance);
    }

    /// Turns the places at which a hand first saw the labels of the order into those of all hands.
    pub(super) fn settle(&mut self, orders: &Arc<Vec<Order>>, hand: usize) {
        for (places, order) in self.sort.iter_mut().zip(orders.iter()) {
            let known = &order.of_hands[hand];
            places
                .iter_mut()
                .for_each(|place| *place = known[*place as usize]);
        }
        self.orders = Arc::clone(orders);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// A unit's id.
    pub fn id(&self, unit: usize) -> &str {
        self.ids.get(unit)
    }

    /// The ids of all units.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter()
    }

    /// Where a unit stands in the list, counted from 0.
    pub fn row(&self, unit: usize) -> u64 {
        self.rows[unit]
    }

    /// Its size; 1 if there is no column of sizes.
    pub fn size(&self, unit: usize) -> f64 {
        self.sizes.get(unit).copied().unwrap_or(1.0)
    }

    /// Its cell in a column of the order.
    pub fn sort_cell(&self, unit: usize, column: usize) -> Option<&str> {
        let place = (self.sort[column][unit] as usize).checked_sub(1)?;
        Some(self.orders[column].texts.get(place))
    }

    /// Its coordinates.
    pub fn place(&self, unit: usize) -> Vec<f64> {
        self.places.iter().map(|column| column[unit]).collect()
    }

    /// An amount of all units.
    pub fn amounts(&self, amount: usize) -> &[f64] {
        self.balance.get(amount).map_or(&[], Vec::as_slice)
    }

    /// Each unit by itself.
    pub fn each(self) -> Vec<Unit> {
        let unit = |unit: usize| Unit {
            id: self.id(unit).to_owned(),
            row: self.row(unit),
            size: self.size(unit),
            sort: (0..self.sort.len())
                .map(|column| self.sort_cell(unit, column).map(str::to_owned))
                .collect(),
        };
        (0..self.len()).map(unit).collect()
    }

    /// Keeps only those that are wanted.
    pub fn retain(&mut self, is_wanted: impl Fn(&Units, usize) -> bool) {
        fn keep<T>(column: &mut Vec<T>, wanted: &[bool]) {
            let mut wanted = wanted.iter();
            column.retain(|_| wanted.next().copied().unwrap_or(false));
        }
        let wanted: Vec<bool> = (0..self.len()).map(|unit| is_wanted(self, unit)).collect();
        if wanted.iter().all(|wanted| *wanted) {
            return;
        }
        let kept = |(_, wanted): &(&str, &bool)| **wanted;
        let ids = self
            .ids()
            .zip(&wanted)
            .filter(kept)
            .map(|(id, _)| id)
            .collect();
        self.ids = ids;
        keep(&mut self.rows, &wanted);
        keep(&mut self.sizes, &wanted);
        let numbers = self.places.iter_mut().chain(&mut self.balance);
        numbers.for_each(|column| keep(column, &wanted));
        self.sort
            .iter_mut()
            .for_each(|column| keep(column, &wanted));
    }

    /// The units in the order in which a walk meets them; a column of the order counts as numbers where
    /// `numeric` says so.
    pub fn walk(&self, turn: Turn, numeric: &[bool]) -> Vec<u32> {
        let ranks: Vec<Vec<u32>> = (0..self.sort.len())
            .filter(|&column| numeric[column])
            .map(|column| {
                let by_number = &self.orders[column].by_number;
                let places = self.sort[column].iter();
                places.map(|&place| by_number[place as usize]).collect()
            })
            .collect();
        let mut of_numbers = ranks.iter();
        let mut levels = Vec::new();
        for (places, numeric) in self.sort.iter().zip(numeric) {
            let numbers = if *numeric { of_numbers.next() } else { None };
            levels.push(Level {
                ranks: numbers.unwrap_or(places),
                falling: false,
            });
        }
        arranged(by_id(&self.ids), &mut levels, turn)
    }
}

/// Places of ids in the order of their bytes.
///
/// Most ids differ in the eight bytes behind those that all have in common, so that a number tells them
/// apart; of others, the whole text decides.
fn by_id(ids: &Line) -> Vec<u32> {
    const BYTES: usize = 8;
    let Some(first) = ids.iter().next().map(str::as_bytes) else {
        return Vec::new();
    };
    let all = || (0..ids.len()).into_par_iter();
    let alike = |place: usize| {
        let pairs = first.iter().zip(ids.get(place).as_bytes());
        pairs.take_while(|(one, other)| one == other).count()
    };
    let common = all().map(alike).min().unwrap_or(0);
    let key = |place: usize| {
        let rest = &ids.get(place).as_bytes()[common..];
        let head = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut head = [0; BYTES];
            head[..rest.len()].copy_from_slice(rest);
            head
        });
        (u64::from_be_bytes(head), place as u32)
    };
    let mut keys: Vec<(u64, u32)> = all().map(key).collect();
    keys.par_sort_by(|one, other| {
        let text = |place: u32| ids.get(place as usize);
        let by_text = || text(one.1).cmp(text(other.1));
        one.0.cmp(&other.0).then_with(by_text)
    });
    keys.into_par_iter().map(|(_, place)| place).collect()
}

/// The entries of a column that the list is ordered by.
#[derive(Default)]
pub(crate) struct Order {
    /// Each once, in the order of their bytes; the first has place 1.
    texts: Line,
    /// The rank of the number that stands at each place, equal for equal numbers; empty unless all of them
    /// are numbers.
    by_number: Vec<u32>,
    /// By hand: the place of what this hand saw first, second …; blanks come before.
    of_hands: Vec<Vec<u32>>,
}

impl Order {
    /// Joins what hands saw. `number` reads a text; where it can read all of them, they are numbers.
    pub(super) fn of(hands: &[&Labels], number: impl Fn(&str) -> Option<f64>) -> Order {
        let mut seen: Vec<(&str, usize, usize)> = Vec::new();
        for (hand, labels) in hands.iter().enumerate() {
            let texts = labels.names().iter().enumerate();
            seen.extend(texts.map(|(place, text)| (text, hand, place + 1)));
        }
        seen.par_sort_unstable();
        let blank = |labels: &&Labels| vec![0; labels.names().len() + 1];
        let mut order = Order {
            of_hands: hands.iter().map(blank).collect(),
            ..Order::default()
        };
        for same in seen.chunk_by(|one, other| one.0 == other.0) {
            order.texts.push(same[0].0);
            for &(_, hand, place) in same {
                order.of_hands[hand][place] = order.texts.len() as u32;
            }
        }
        let numbers: Option<Vec<f64>> = order.texts.iter().map(number).collect();
        if let Some(numbers) = numbers {
            order.by_number = ranks(&numbers);
        }
        order
    }

    /// Whether all entries are numbers.
    pub(super) fn is_numeric(&self) -> bool {
        !self.by_number.is_empty()
    }
}

/// The rank of each number from 1, equal for equal ones, behind the 0 of what is blank.
fn ranks(numbers: &[f64]) -> Vec<u32> {
    // Adding 0 makes −0 the 0 it equals.
    let number = |place: u32| numbers[place as usize] + 0.0;
    let mut sorted: Vec<u32> = (0..numbers.len() as u32).collect();
    sorted.sort_unstable_by(|&a, &b| number(a).total_cmp(&number(b)));
    let (mut ranks, mut rank) = (vec![0; numbers.len() + 1], 0);
    for same in sorted.chunk_by(|&a, &b| number(a).total_cmp(&number(b)).is_eq()) {
        rank += 1;
        same.iter()
            .for_each(|&place| ranks[place as usize + 1] = rank);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::{Order, Row, Units, by_id};
    use crate::bare::reading::finite;
    use crate::draw::walk::Turn;
    use crate::frame::{Labels, Line};

    #[test]
    fn ids_are_sorted_by_their_bytes() {
        let all = [
            "unit 10",
            "unit 9",
            "unit 1",
            "unit",
            "unit 100000000000001",
            "unit 100000000000000",
            "unit 1\0",
            "unit é",
            "unit z",
        ];
        for ids in [&all[..], &all[4..6], &all[..1], &[]] {
            let line: Line = ids.iter().copied().collect();
            let mut sorted: Vec<u32> = (0..ids.len() as u32).collect();
            sorted.sort_by_key(|&place| ids[place as usize]);
            assert_eq!(by_id(&line), sorted);
        }
    }

    /// Units that two hands found, with a cell to sort by.
    fn found(cells: &[&[&str]]) -> (Units, bool) {
        let mut hands: Vec<(Labels, Units)> = Vec::new();
        for (hand, cells) in cells.iter().enumerate() {
            let (mut labels, mut units) = (Labels::default(), Units::default());
            for (row, cell) in cells.iter().enumerate() {
                let place = if cell.is_empty() {
                    0
                } else {
                    labels.place(cell) + 1
                };
                units.push(&Row {
                    id: &format!("{hand}{row}"),
                    row: row as u64,
                    size: None,
                    sort: &[place],
                    places: &[],
                    balance: &[],
                });
            }
            hands.push((labels, units));
        }
        let labels: Vec<&Labels> = hands.iter().map(|hand| &hand.0).collect();
        let orders = std::sync::Arc::new(vec![Order::of(&labels, finite)]);
        let mut all = Units::default();
        for (hand, (_, mut units)) in hands.into_iter().enumerate() {
            units.settle(&orders, hand);
            all.append(units);
        }
        (all, orders[0].is_numeric())
    }

    fn walked(cells: &[&[&str]]) -> Vec<String> {
        let (units, numeric) = found(cells);
        let order = units.walk(Turn::Nested, &[numeric]);
        let cell = |&unit: &u32| units.sort_cell(unit as usize, 0).unwrap_or("").to_owned();
        order.iter().map(cell).collect()
    }

    #[test]
    fn numbers_are_sorted_as_numbers_and_keep_their_texts() {
        assert_eq!(
            walked(&[&["10", "9", "", "-0", "1e1"], &["0", "10.0", "9"]]),
            ["", "-0", "0", "9", "9", "10", "1e1", "10.0"]
        );
        assert_eq!(
            walked(&[&["10", "9", ""], &["x", "10"]]),
            ["", "10", "10", "9", "x"]
        );
    }

    #[test]
    fn units_that_are_not_wanted_leave_all_columns() {
        let (mut units, _) = found(&[&["a", "b", "c"], &["d"]]);
        units.retain(|units, unit| units.id(unit) != "01");
        assert_eq!(units.ids().collect::<Vec<_>>(), ["00", "02", "10"]);
        assert_eq!((units.sort_cell(1, 0), units.row(1)), (Some("c"), 2));
        assert_eq!(units.len(), 3);
    }
}
