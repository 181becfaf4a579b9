//! Reading the columns that a draw goes by, batch by batch.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::census::Stratum;
use super::units::{Order, Row};
use crate::draw::{How, Sizes};
use crate::frame::{Batch, Finding, Hands, Interner, Labels, Roles};

/// What was read of the columns that a draw goes by.
pub(crate) struct Counted {
    /// In the order of their labels.
    pub strata: Vec<Stratum>,
    /// Whether a column of the order is sorted as numbers.
    pub numeric: Vec<bool>,
    /// Cells that should be numbers and are not, and sums that are none.
    pub problems: Vec<String>,
}

/// Reads the columns that a draw goes by, batch by batch.
pub(crate) struct Reading<'a> {
    places: Places<'a>,
    /// Whether units are kept, and not only counted.
    keep: bool,
    /// The one stratum that is wanted; none for all.
    only: Option<&'a [String]>,
    hands: Hands<Hand>,
}

impl<'a> Reading<'a> {
    /// A reading of batches with these columns.
    pub fn new(how: &How, roles: &Roles, columns: Vec<&'a str>, keep: bool) -> Reading<'a> {
        Reading {
            places: Places::of(how, roles, columns),
            keep,
            only: None,
            hands: Hands::default(),
        }
    }

    /// Only of one stratum, if it is named.
    pub fn of(self, only: Option<&'a [String]>) -> Reading<'a> {
        Reading { only, ..self }
    }

    /// Takes a batch into account. Batches may come from several threads, in any order.
    pub fn hear(&self, batch: &Batch<'_>) {
        self.hands.with(|hand| {
            hand.sort
                .resize_with(self.places.sort.len(), Labels::default);
            for row in 0..batch.rows() {
                hand.hear(batch, row, self);
            }
        });
    }

    /// What all batches held.
    pub fn done(self) -> Counted {
        let Reading { places, hands, .. } = self;
        let mut hands = hands.all();
        let orders: Arc<Vec<Order>> = Arc::new(
            (0..places.sort.len())
                .map(|column| {
                    let labels: Vec<&Labels> =
                        hands.iter().map(|hand| &hand.sort[column]).collect();
                    Order::of(&labels, finite)
                })
                .collect(),
        );
        let mut strata: BTreeMap<Vec<String>, Stratum> = BTreeMap::new();
        let mut bad: BTreeMap<usize, Bad> = BTreeMap::new();
        for (place, hand) in hands.iter_mut().enumerate() {
            let parts = hand.strata.drain(..).zip(hand.fresh.drain(..));
            for (labels, (mut part, fresh)) in hand.combinations.combinations().zip(parts) {
                fresh.into_iter().for_each(|size| part.sizes.add(size));
                part.labels.clone_from(&labels);
                part.units.settle(&orders, place);
                strata.entry(labels).or_default().merge(part);
            }
            for (column, found) in std::mem::take(&mut hand.bad) {
                bad.entry(column).or_default().merge(found);
            }
        }
        let mut problems: Vec<String> = bad.iter().map(|bad| places.told(bad)).collect();
        let endless = |stratum: &&Stratum| !stratum.sizes.total().is_finite();
        for stratum in strata.values().filter(endless) {
            let column = places.size.map_or("", |place| places.columns[place]);
            problems.push(format!(
                "the cells of '{column}' in '{}' add up to no number",
                stratum.label()
            ));
        }
        Counted {
            problems,
            numeric: orders.iter().map(Order::is_numeric).collect(),
            strata: strata.into_values().collect(),
        }
    }
}

/// What a hand has found so far.
#[derive(Default)]
struct Hand {
    combinations: Interner,
    /// By place of their combination of labels.
    strata: Vec<Stratum>,
    /// Sizes that are not counted yet, by stratum: what is known of a stratum's sizes is too much to lie at
    /// hand for every row anew.
    fresh: Vec<Vec<f64>>,
    /// What columns of the order hold.
    sort: Vec<Labels>,
    /// Cells that should be numbers, by column.
    bad: BTreeMap<usize, Bad>,
    /// Room for the cells of a row.
    row: Cells,
}

/// So many sizes of a stratum are counted at once.
const FRESH: usize = 1 << 10;

/// The cells of a row that decide, as numbers.
#[derive(Default)]
struct Cells {
    sort: Vec<u32>,
    places: Vec<f64>,
    balance: Vec<f64>,
}

impl Hand {
    fn hear(&mut self, batch: &Batch<'_>, row: usize, reading: &Reading<'_>) {
        let places = &reading.places;
        let cell = |place: usize| batch.columns[place][row];
        if let Some(only) = reading.only {
            let mut labels = places.strata.iter().map(|&place| cell(place));
            if !only.iter().all(|label| labels.next() == Some(Some(label))) {
                return;
            }
        }
        let at = batch.first_row + row as u64;
        let bad = &mut self.bad;
        let mut number = |place: usize, read: fn(&str) -> Option<f64>| {
            let value = cell(place).and_then(read);
            if value.is_none() {
                bad.entry(place).or_default().add(at, cell(place));
            }
            value
        };
        let size = places
            .size
            .map_or(Some(1.0), |place| number(place, Sizes::read));
        // A list with a cell that is no number is refused, whatever stands for it here.
        let mut numbers = |places: &[usize], numbers: &mut Vec<f64>| {
            numbers.clear();
            let read = |&place: &usize| number(place, finite).unwrap_or_default();
            numbers.extend(places.iter().map(read));
        };
        numbers(&places.spread, &mut self.row.places);
        numbers(&places.balance, &mut self.row.balance);
        self.row.sort.clear();
        for (&place, labels) in places.sort.iter().zip(&mut self.sort) {
            let seen = |text| labels.place(text) + 1;
            self.row.sort.push(cell(place).map_or(0, seen));
        }
        let labels = places.strata.iter().map(|&place| cell(place));
        // Who has no id or no stratum is found by the check.
        let (Some(id), Some(place)) = (cell(places.unit), self.combinations.place(labels)) else {
            return;
        };
        if place as usize == self.strata.len() {
            self.strata.push(Stratum::default());
            self.fresh.push(Vec::new());
        }
        let stratum = &mut self.strata[place as usize];
        stratum.population += 1;
        let Some(size) = size else { return };
        let size = places.size.map(|_| size);
        if let Some(size) = size {
            let fresh = &mut self.fresh[place as usize];
            fresh.push(size);
            if fresh.len() == FRESH {
                fresh.drain(..).for_each(|size| stratum.sizes.add(size));
            }
        }
        if reading.keep {
            stratum.units.push(&Row {
                id,
                row: at,
                size,
                sort: &self.row.sort,
                places: &self.row.places,
                balance: &self.row.balance,
            });
        }
    }
}

/// Where each column stands among those that are read.
struct Places<'a> {
    columns: Vec<&'a str>,
    unit: usize,
    strata: Vec<usize>,
    size: Option<usize>,
    sort: Vec<usize>,
    spread: Vec<usize>,
    balance: Vec<usize>,
}

impl<'a> Places<'a> {
    fn of(how: &How, roles: &Roles, columns: Vec<&'a str>) -> Places<'a> {
        let place = |name: &String| {
            columns
                .iter()
                .position(|column| column == name)
                .expect("the columns that are read are those of the roles")
        };
        let all = |names: &[String]| names.iter().map(place).collect();
        Places {
            unit: place(&roles.unit),
            strata: all(&roles.strata),
            size: how.size.as_ref().map(place),
            sort: all(&how.sort),
            spread: all(&how.spread),
            balance: all(&how.balance),
            columns,
        }
    }

    /// What is wrong with a column.
    fn told(&self, (&column, bad): (&usize, &Bad)) -> String {
        let what = if self.size == Some(column) {
            "sizes of 0 or more"
        } else {
            "numbers"
        };
        let first: Vec<String> = bad
            .cells
            .iter()
            .map(|(row, cell)| format!("row {row}: {cell}"))
            .collect();
        let more = if bad.finding.count > first.len() as u64 {
            ", …"
        } else {
            ""
        };
        let (count, name) = (bad.finding.count, self.columns[column]);
        format!(
            "{count} cells of '{name}' are no {what} ({}{more})",
            first.join(", ")
        )
    }
}

/// Cells of a column that cannot be understood.
#[derive(Default)]
struct Bad {
    finding: Finding,
    /// What stands there, by row; the first ones.
    cells: BTreeMap<u64, String>,
}

/// How many cells are shown.
const SHOWN: usize = 5;

impl Bad {
    fn add(&mut self, row: u64, cell: Option<&str>) {
        self.finding.add(row);
        let told = cell.map_or("blank".to_owned(), |cell| format!("'{cell}'"));
        self.cells.insert(row + 1, told);
        self.trim();
    }

    fn merge(&mut self, other: Bad) {
        self.finding.merge(other.finding);
        self.cells.extend(other.cells);
        self.trim();
    }

    /// Rows come from several threads in any order: the first are kept, whoever finds them.
    fn trim(&mut self) {
        while self.cells.len() > SHOWN {
            self.cells.pop_last();
        }
    }
}

/// A number as it is written, if it is finite.
pub(super) fn finite(text: &str) -> Option<f64> {
    text.trim()
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
}
