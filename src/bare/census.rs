//! Reading the list once: how many units, how large, and what is wrong with them.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::{Error, Request};
use crate::draw::{How, Sizes};
use crate::files::DiskScratch;
use crate::frame::{self, Batch, Finding, Frame, Interner, Roles, Watched, check_with};
use crate::progress::Monitor;

/// What one reading finds.
pub(crate) struct Census {
    /// Over ids, strata, and all columns that decide.
    pub fingerprint: String,
    /// In the order of their labels.
    pub strata: Vec<Stratum>,
    /// Whether a column of the order is sorted as numbers.
    pub numeric: Vec<bool>,
}

/// A stratum of the list.
#[derive(Default)]
pub(crate) struct Stratum {
    pub labels: Vec<String>,
    /// N_h.
    pub population: u64,
    /// Empty if there is no column of sizes.
    pub sizes: Sizes,
    /// All units, if the method must see them; in any order.
    pub units: Vec<Unit>,
}

/// A unit, and all that may decide whether it is drawn.
pub(crate) struct Unit {
    pub id: String,
    pub row: u64,
    pub size: f64,
    pub sort: Vec<Option<String>>,
    pub place: Vec<f64>,
    pub balance: Vec<f64>,
}

impl Stratum {
    /// The label that a person knows it by.
    pub fn label(&self) -> String {
        if self.labels.is_empty() {
            "all".to_owned()
        } else {
            frame::join(&self.labels)
        }
    }

    fn merge(&mut self, part: Stratum) {
        self.labels = part.labels;
        self.population += part.population;
        self.sizes.merge(&part.sizes);
        self.units.extend(part.units);
    }
}

/// Reads the list, and refuses it if anything in it is wrong.
///
/// # Errors
///
/// [`Error::Unfit`] tells all that is wrong; else what reading runs into.
pub(super) fn read(
    request: &Request,
    frame: &Frame,
    monitor: &dyn Monitor,
) -> Result<Census, crate::Error> {
    let scratch = DiskScratch::new().map_err(|why| frame::Error::Unreadable {
        list: frame.list().name(),
        why: format!("no room for temporary files: {why}"),
    })?;
    let how = request.how();
    let keep = how.rule().is_none() || request.stages.is_some();
    let reading = Reading::new(&how, frame.roles(), frame.roles().columns(), keep);
    let census = check_with(frame, &scratch, monitor, &|batch| {
        reading.hear(batch);
        Ok(())
    })?;
    let Counted {
        strata,
        numeric,
        problems: found,
    } = reading.done();
    let mut problems: Vec<String> = census
        .fitness
        .obstacles()
        .into_iter()
        .map(|(words, finding)| format!("{} {} ({})", finding.count, words.en, rows(&finding.rows)))
        .collect();
    problems.extend(found);
    if !problems.is_empty() {
        return Err(Error::Unfit {
            list: frame.list().name(),
            problems,
        }
        .into());
    }
    Ok(Census {
        fingerprint: census.fingerprint,
        numeric,
        strata,
    })
}

/// What a draw must know of the list, from one reading of the columns that it goes by; of one stratum
/// only, if `only` names it. Ids and strata are supposed to be checked.
///
/// # Errors
///
/// [`Error::Unfit`] tells all cells that should be numbers and are not; else what reading runs into.
pub(crate) fn count(
    how: &How,
    frame: &Frame,
    only: Option<&[String]>,
    monitor: &dyn Monitor,
) -> Result<Counted, crate::Error> {
    let keep = how.rule().is_none() || only.is_some();
    reading(how, frame, only, keep, monitor)
}

/// The same with all units, whatever the method.
///
/// # Errors
///
/// As [`count`].
pub(crate) fn units(
    how: &How,
    frame: &Frame,
    monitor: &dyn Monitor,
) -> Result<Vec<Stratum>, crate::Error> {
    Ok(reading(how, frame, None, true, monitor)?.strata)
}

fn reading(
    how: &How,
    frame: &Frame,
    only: Option<&[String]>,
    keep: bool,
    monitor: &dyn Monitor,
) -> Result<Counted, crate::Error> {
    let mut columns = vec![frame.roles().unit.as_str()];
    for column in frame
        .roles()
        .strata
        .iter()
        .map(String::as_str)
        .chain(how.columns())
    {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let reading = Reading {
        only,
        ..Reading::new(how, frame.roles(), columns.clone(), keep)
    };
    let watched = Watched::new(frame, "reading what the draw goes by", monitor);
    frame.list().scan(&columns, &|batch| {
        reading.hear(batch);
        watched.step(batch.rows() as u64)
    })?;
    watched.end();
    let counted = reading.done();
    if counted.problems.is_empty() {
        return Ok(counted);
    }
    Err(Error::Unfit {
        list: frame.list().name(),
        problems: counted.problems,
    }
    .into())
}

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
    found: Mutex<Found>,
}

impl<'a> Reading<'a> {
    /// A reading of batches with these columns.
    pub fn new(how: &How, roles: &Roles, columns: Vec<&'a str>, keep: bool) -> Reading<'a> {
        Reading {
            places: Places::of(how, roles, columns),
            keep,
            only: None,
            found: Mutex::default(),
        }
    }

    /// Takes a batch into account. Batches may come from several threads, in any order.
    pub fn hear(&self, batch: &Batch<'_>) {
        let part = examine(batch, &self.places, self.keep, self.only);
        self.found.lock().expect("no visitor panicked").merge(part);
    }

    /// What all batches held.
    pub fn done(self) -> Counted {
        let (places, found) = (self.places, self.found.into_inner());
        let mut found = found.expect("no visitor panicked");
        let endless = |stratum: &&Stratum| !stratum.sizes.total().is_finite();
        for stratum in found.strata.values().filter(endless) {
            let column = places.size.map_or("", |place| places.columns[place]);
            found.too_large.push(format!(
                "the cells of '{column}' in '{}' add up to no number",
                stratum.label()
            ));
        }
        let is_numeric = |place: &usize| !found.texts.contains_key(place);
        Counted {
            problems: found.problems(&places),
            numeric: places.sort.iter().map(is_numeric).collect(),
            strata: found.strata.into_values().collect(),
        }
    }
}

/// "rows 4, 17 …"
pub(super) fn rows(rows: &[u64]) -> String {
    const SHOWN: usize = 5;
    let first: Vec<String> = rows.iter().take(SHOWN).map(u64::to_string).collect();
    let more = if rows.len() > SHOWN { " …" } else { "" };
    format!("rows {}{more}", first.join(", "))
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
}

/// What the threads have found so far.
#[derive(Default)]
struct Found {
    strata: BTreeMap<Vec<String>, Stratum>,
    /// Cells that should be numbers, by column.
    bad: BTreeMap<usize, Bad>,
    /// Columns of the order with a cell that is no number.
    texts: BTreeMap<usize, ()>,
    too_large: Vec<String>,
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

impl Found {
    fn merge(&mut self, part: Found) {
        for (labels, stratum) in part.strata {
            self.strata.entry(labels).or_default().merge(stratum);
        }
        for (column, bad) in part.bad {
            self.bad.entry(column).or_default().merge(bad);
        }
        self.texts.extend(part.texts);
    }

    fn bad(&mut self, column: usize, row: u64, cell: Option<&str>) {
        self.bad.entry(column).or_default().add(row, cell);
    }

    /// Cells that should be numbers and are not, and sums that are none.
    fn problems(&self, places: &Places<'_>) -> Vec<String> {
        let told = |(&column, bad): (&usize, &Bad)| {
            let what = if places.size == Some(column) {
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
            let (count, name) = (bad.finding.count, places.columns[column]);
            format!(
                "{count} cells of '{name}' are no {what} ({}{more})",
                first.join(", ")
            )
        };
        self.bad
            .iter()
            .map(told)
            .chain(self.too_large.iter().cloned())
            .collect()
    }
}

/// What one batch holds.
fn examine(batch: &Batch<'_>, places: &Places<'_>, keep: bool, only: Option<&[String]>) -> Found {
    let mut interner = Interner::new(places.strata.len());
    let mut strata: Vec<Stratum> = Vec::new();
    let mut found = Found::default();
    for row in 0..batch.rows() {
        let cell = |place: usize| batch.columns[place][row];
        if let Some(only) = only {
            let mut labels = places.strata.iter().map(|&place| cell(place));
            if !only.iter().all(|label| labels.next() == Some(Some(label))) {
                continue;
            }
        }
        let at = batch.first_row + row as u64;
        let mut number = |place: usize, read: fn(&str) -> Option<f64>| {
            let value = cell(place).and_then(read);
            if value.is_none() {
                found.bad(place, at, cell(place));
            }
            value
        };
        let size = places
            .size
            .map_or(Some(1.0), |place| number(place, Sizes::read));
        let place: Vec<f64> = places
            .spread
            .iter()
            .filter_map(|&place| number(place, finite))
            .collect();
        let balance: Vec<f64> = places
            .balance
            .iter()
            .filter_map(|&place| number(place, finite))
            .collect();
        for &place in &places.sort {
            if cell(place).is_some_and(|text| finite(text).is_none()) {
                found.texts.insert(place, ());
            }
        }
        let labels = places.strata.iter().map(|&place| cell(place));
        // Who has no id or no stratum is found by the check.
        let (Some(id), Some(combination)) = (cell(places.unit), interner.place(labels)) else {
            continue;
        };
        if combination as usize == strata.len() {
            strata.push(Stratum {
                labels: interner.combination(combination),
                ..Stratum::default()
            });
        }
        let stratum = &mut strata[combination as usize];
        stratum.population += 1;
        let Some(size) = size else { continue };
        if places.size.is_some() {
            stratum.sizes.add(size);
        }
        if keep {
            let sort = places
                .sort
                .iter()
                .map(|&place| cell(place).map(str::to_owned))
                .collect();
            stratum.units.push(Unit {
                id: id.to_owned(),
                row: at,
                size,
                sort,
                place,
                balance,
            });
        }
    }
    found.strata = strata
        .into_iter()
        .map(|stratum| (stratum.labels.clone(), stratum))
        .collect();
    found
}

/// A number as it is written, if it is finite.
pub(super) fn finite(text: &str) -> Option<f64> {
    text.trim()
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
}
