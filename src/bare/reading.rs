//! Reading the columns that a draw goes by, batch by batch.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::census::Stratum;
use super::units::{Order, Row};
use crate::draw::{How, Sizes};
use crate::frame::{self, Batch, Beside, Finding, Hands, Interner, Labels, Roles};

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
            let mut of = std::mem::take(&mut hand.of);
            of.clear();
            of.extend((0..batch.rows()).map(|row| {
                let labels = self.places.strata.iter();
                let labels = labels.map(|&place| batch.columns[place][row]);
                hand.combinations.place(labels)
            }));
            self.note(batch, &of, None, hand);
            hand.of = of;
        });
    }

    /// The columns that [`Reading::hear_beside`] wants beside its own: sizes, as numbers.
    pub fn further(&self) -> Vec<&'a str> {
        let size = self.places.size.map(|place| self.places.columns[place]);
        size.into_iter().collect()
    }

    /// The same, if the stratum of each unit is known by a number, the same for all hands, and the further
    /// columns stand beside.
    ///
    /// # Errors
    ///
    /// As [`Beside::numbers`].
    pub fn hear_beside(
        &self,
        batch: &Batch<'_>,
        beside: &dyn Beside,
        strata: &[Option<u32>],
    ) -> Result<(), frame::Error> {
        let sizes = self.places.size.map(|_| beside.numbers(0)).transpose()?;
        self.hands
            .with(|hand| self.note(batch, strata, sizes.as_deref(), hand));
        Ok(())
    }

    fn note(
        &self,
        batch: &Batch<'_>,
        of: &[Option<u32>],
        sizes: Option<&[Option<f64>]>,
        hand: &mut Hand,
    ) {
        hand.sort
            .resize_with(self.places.sort.len(), Labels::default);
        for (row, stratum) in of.iter().enumerate() {
            let size = match (self.places.size, sizes) {
                (None, _) => None,
                (Some(_), Some(sizes)) => sizes[row].and_then(Sizes::of),
                (Some(place), None) => batch.columns[place][row].and_then(Sizes::read),
            };
            hand.hear(batch, row, (*stratum, size), self);
        }
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
            for (mut part, fresh) in parts.filter(|(part, _)| part.population > 0) {
                fresh.into_iter().for_each(|size| part.sizes.add(size));
                part.units.settle(&orders, place);
                let labels = part.labels.clone();
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
    /// The stratum of each unit of a batch.
    of: Vec<Option<u32>>,
    /// By number. Nobody has seen a unit of some, if all hands know them by one number.
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
    /// Takes a unit into account, of a stratum and with a size.
    fn hear(
        &mut self,
        batch: &Batch<'_>,
        row: usize,
        (stratum, size): (Option<u32>, Option<f64>),
        reading: &Reading<'_>,
    ) {
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
        let mut note = |place: usize| bad.entry(place).or_default().add(at, cell(place));
        if let (Some(place), None) = (places.size, size) {
            note(place);
        }
        let mut number = |place: usize| {
            let value = cell(place).and_then(finite);
            if value.is_none() {
                note(place);
            }
            value
        };
        // A list with a cell that is no number is refused, whatever stands for it here.
        let mut numbers = |places: &[usize], numbers: &mut Vec<f64>| {
            numbers.clear();
            let read = |&place: &usize| number(place).unwrap_or_default();
            numbers.extend(places.iter().map(read));
        };
        numbers(&places.spread, &mut self.row.places);
        numbers(&places.balance, &mut self.row.balance);
        self.row.sort.clear();
        for (&place, labels) in places.sort.iter().zip(&mut self.sort) {
            let seen = |text| labels.place(text) + 1;
            self.row.sort.push(cell(place).map_or(0, seen));
        }
        // Who has no id or no stratum is found by the check.
        let (Some(id), Some(stratum)) = (cell(places.unit), stratum) else {
            return;
        };
        let place = stratum as usize;
        if place >= self.strata.len() {
            self.strata.resize_with(place + 1, Stratum::default);
            self.fresh.resize_with(place + 1, Vec::new);
        }
        let stratum = &mut self.strata[place];
        if stratum.population == 0 {
            let label = |&place: &usize| cell(place).unwrap_or("").to_owned();
            stratum.labels = places.strata.iter().map(label).collect();
        }
        stratum.population += 1;
        if places.size.is_some() && size.is_none() {
            return;
        }
        if let Some(size) = size {
            let fresh = &mut self.fresh[place];
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
