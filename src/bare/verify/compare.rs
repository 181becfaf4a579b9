//! What a second draw gives beside what was written of the first.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Compared, Kept, What, near};
use crate::bare::{Drawn, Request, Sample, commitment};
use crate::files::data::Choice;
use crate::files::{Column, Columns, lists, sha256_of};

/// Everything that was written of a draw, beside what it gives now.
pub(super) fn all(
    kept: &Kept,
    request: &Request,
    again: &Sample,
) -> Result<Vec<Compared>, crate::Error> {
    let mut all = vec![
        one(
            What::List,
            &kept.drawn.fingerprint,
            &again.drawn.fingerprint,
        ),
        one(
            What::Sample,
            kept.drawn.sha256.as_deref().unwrap_or("not known"),
            &sha256_of(&kept.sample)?,
        ),
    ];
    let there = Rows::read(&kept.sample, &request.texts())?;
    all.extend(sample(request, &there, &again.table));
    if let (Some(told), Some(table)) = (&kept.drawn.pairs, &again.pairs) {
        all.push(pairs(&near(Path::new(&told.file), &kept.manifest), table)?);
    }
    all.push(manifest(kept, again));
    Ok(all)
}

/// A text that should be one.
fn one(what: What, written: &str, found: &str) -> Compared {
    let mut compared = Compared::new(what);
    compared.count(written != found, || format!("it is {found}, not {written}"));
    compared
}

/// A table that was written, in the order of its rows.
struct Rows {
    columns: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
}

impl Rows {
    fn read(path: &Path, texts: &[&str]) -> Result<Rows, crate::Error> {
        let choice = Choice {
            sheet: None,
            codes: true,
        };
        let list = lists::open_chosen(path, texts, &choice)?.list;
        let columns = list.columns()?;
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let found: Mutex<BTreeMap<u64, Vec<Option<String>>>> = Mutex::default();
        list.scan(&names, &|batch| {
            let cell = |cells: &Vec<Option<&str>>, row: usize| cells[row].map(str::to_owned);
            let of = |row: usize| batch.columns.iter().map(|cells| cell(cells, row)).collect();
            let here: Vec<Vec<Option<String>>> = (0..batch.rows()).map(of).collect();
            let mut found = found.lock().expect("no visitor panicked");
            found.extend((batch.first_row..).zip(here));
            Ok(())
        })?;
        let rows = found.into_inner().expect("no visitor panicked");
        Ok(Rows {
            columns,
            rows: rows.into_values().collect(),
        })
    }

    /// Where a column of the draw stands: by its name, or in its place where formats have no such names.
    fn place(&self, table: &Columns, column: usize) -> Option<usize> {
        let name = &table.0[column].0;
        let named = self.columns.iter().position(|known| known == name);
        let in_place = self.columns.len() == table.0.len();
        named.or_else(|| in_place.then_some(column))
    }

    fn cell(&self, row: usize, column: usize) -> &str {
        self.rows[row][column].as_deref().unwrap_or_default()
    }
}

/// A cell as it is read again.
fn cell(column: &Column, row: usize) -> Cow<'_, str> {
    match column {
        Column::Text(cells) => Cow::from(cells[row].as_str()),
        Column::Maybe(cells) => Cow::from(cells[row].as_deref().unwrap_or_default()),
        Column::Coded(codes) => Cow::from(codes.label(row)),
        Column::Whole(values) => Cow::from(values[row].to_string()),
        Column::Real(values) => values[row].map_or(Cow::from(""), |x| Cow::from(x.to_string())),
    }
}

/// Whether two cells say the same: as texts, or as numbers, which formats write in more ways than one.
fn same(one: &str, other: &str) -> bool {
    /// Numbers of other formats may lack the last digit.
    const NEARLY: f64 = 1e-12;
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|x| x.is_finite());
    one.trim() == other.trim()
        || match (number(one), number(other)) {
            (Some(a), Some(b)) => (a - b).abs() <= NEARLY * a.abs().max(b.abs()),
            _ => false,
        }
}

/// Which part of a sample a column belongs to.
fn part(column: &str) -> What {
    match column {
        "weight" => What::Weights,
        "probability" | "expected_hits" => What::Chances,
        stage if stage.starts_with("probability.") => What::Chances,
        _ => What::Cells,
    }
}

/// Who stands in the sample, with which cells.
fn sample(request: &Request, there: &Rows, again: &Columns) -> [Compared; 4] {
    let [mut units, mut chances, mut weights, mut cells] =
        [What::Units, What::Chances, What::Weights, What::Cells].map(Compared::new);
    let id = again.0.iter().position(|(name, _)| *name == request.id);
    let id = id.unwrap_or_default();
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    if let Some(place) = there.place(again, id) {
        for row in 0..there.rows.len() {
            let unit = there.cell(row, place).trim();
            if rows.insert(unit, row).is_some() {
                units.differs(|| format!("'{unit}' stands in the sample twice"));
            }
        }
    }
    let places: Vec<Option<usize>> = (0..again.0.len())
        .map(|column| there.place(again, column))
        .collect();
    let mut drawn = BTreeSet::new();
    for row in 0..again.rows() {
        let unit = cell(&again.0[id].1, row);
        let unit = unit.trim();
        let found = rows.get(unit).copied();
        drawn.insert(unit.to_owned());
        units.count(found.is_none(), || {
            format!("'{unit}' is drawn, and is not in the sample")
        });
        let Some(found) = found else { continue };
        for (column, (name, values)) in again.0.iter().enumerate().filter(|(at, _)| *at != id) {
            let part = match part(name) {
                What::Chances => &mut chances,
                What::Weights => &mut weights,
                _ => &mut cells,
            };
            let wanted = cell(values, row);
            let written = places[column].map(|place| there.cell(found, place));
            part.count(!written.is_some_and(|text| same(text, &wanted)), || {
                let written = written.unwrap_or("not there");
                format!("{name} of '{unit}' is {written}, not {wanted}")
            });
        }
    }
    for unit in rows.keys().filter(|unit| !drawn.contains(**unit)) {
        units.count(true, || {
            format!("'{unit}' is in the sample, and is not drawn")
        });
    }
    [units, chances, weights, cells]
}

/// The chances of pairs; nothing is counted where their file is not at hand.
fn pairs(path: &Path, again: &Columns) -> Result<Compared, crate::Error> {
    if !path.exists() {
        return Ok(Compared::absent(What::Pairs, path));
    }
    let mut compared = Compared::new(What::Pairs);
    let there = Rows::read(path, &["unit", "other", "formula"])?;
    let name = |row: usize| {
        let of = |column: &str| {
            again
                .get(column)
                .map_or(Cow::from(""), |all| cell(all, row))
        };
        format!("'{}' and '{}'", of("unit"), of("other"))
    };
    for row in 0..again.rows().max(there.rows.len()) {
        let is_there = row < again.rows() && row < there.rows.len();
        let agrees = is_there
            && (0..again.0.len()).all(|column| {
                let place = there.place(again, column);
                place.is_some_and(|at| same(there.cell(row, at), &cell(&again.0[column].1, row)))
            });
        compared.count(!agrees, || match row < again.rows() {
            true => format!("the line of {} is another", name(row)),
            false => format!("line {} is one too many", row + 1),
        });
    }
    Ok(compared)
}

/// What the manifest says, field by field. Where files stand, and when, is no part of a draw.
fn manifest(kept: &Kept, again: &Sample) -> Compared {
    let written = &kept.drawn;
    let mut now = again.drawn.clone();
    now.data.clone_from(&written.data);
    now.format.clone_from(&written.format);
    now.asked = written.asked.clone();
    now.sample.clone_from(&written.sample);
    now.sha256.clone_from(&written.sha256);
    now.commitment.clone_from(&written.commitment);
    if now.version != written.version {
        now.version.clone_from(&written.version);
        now.says.clone_from(&written.says);
    }
    if written.balance_by.is_empty() {
        now.balance_by.clear();
    }
    if let (Some(now), Some(written)) = (&mut now.rest, &written.rest) {
        now.file.clone_from(&written.file);
    }
    if let (Some(now), Some(written)) = (&mut now.pairs, &written.pairs) {
        now.file.clone_from(&written.file);
        now.sha256.clone_from(&written.sha256);
    }
    if let (Some(now), Some(written)) = (&mut now.coordination, &written.coordination) {
        now.before.clone_from(&written.before);
        // What was shared can be told as it was where the earlier list and sample are at hand as they were.
        let at_hand = now.all.exact == written.all.exact
            && now.all.found.is_some() == written.all.found.is_some();
        if !at_hand {
            now.all.clone_from(&written.all);
            now.strata.clone_from(&written.strata);
        }
    }
    // Manifests of before hold no numbers that decided.
    let told = |drawn: &Drawn| {
        drawn
            .strata
            .iter()
            .any(|one| one.last.is_some() || one.threshold.is_some())
    };
    if !told(written) {
        now.strata
            .iter_mut()
            .for_each(|one| (one.last, one.threshold) = (None, None));
    }
    fields(What::Manifest, written, &now)
}

/// What was promised, field by field, and whether the manifest names this promise.
pub(super) fn kept_to(
    kept: &Kept,
    path: &Path,
    written: &Value,
    again: &Sample,
) -> Result<Compared, crate::Error> {
    let mut compared = promised(written, &commitment::of(&again.drawn));
    let (found, named) = (sha256_of(path)?, kept.drawn.commitment.as_deref());
    compared.count(named != Some(found.as_str()), || {
        let named = named.unwrap_or("none");
        format!("the manifest names {named}, and this is {found}")
    });
    Ok(compared)
}

/// What was promised and what is, field by field.
pub(in crate::bare) fn promised(written: &Value, now: &Value) -> Compared {
    fields(What::Commitment, written, now)
}

/// Two values as their fields.
fn fields<T: Serialize + DeserializeOwned>(what: What, written: &T, now: &T) -> Compared {
    let mut compared = Compared::new(what);
    // Through text, as the written one went: so that floats are read alike.
    let now = serde_json::to_string(now)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok());
    let written = serde_json::to_value(written).unwrap_or_default();
    beside("", &written, &now.unwrap_or_default(), &mut compared);
    compared
}

fn beside(path: &str, written: &Value, now: &Value, compared: &mut Compared) {
    let below = |key: &str| match path.is_empty() {
        true => key.to_owned(),
        false => format!("{path}.{key}"),
    };
    match (written, now) {
        (Value::Object(one), Value::Object(other)) => {
            let keys = one
                .keys()
                .chain(other.keys().filter(|key| !one.contains_key(*key)));
            for key in keys {
                let of = |all: &serde_json::Map<String, Value>| {
                    all.get(key).cloned().unwrap_or_default()
                };
                beside(&below(key), &of(one), &of(other), compared);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            for at in 0..one.len().max(other.len()) {
                let of = |all: &[Value]| all.get(at).cloned().unwrap_or_default();
                beside(&format!("{path}[{at}]"), &of(one), &of(other), compared);
            }
        }
        _ => compared.count(written != now, || format!("{path} is {written}, not {now}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{fields, same};
    use crate::bare::What;

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        assert!(same("1", "1.0") && same(" a ", "a") && same("0.1", "1e-1"));
        assert!(!same("1", "1.0000001") && !same("1", "a") && !same("", "0"));
    }

    #[test]
    fn fields_that_differ_are_named_with_both_values() {
        let one = serde_json::json!({"a": 1, "b": {"c": ["x", "y"]}});
        let other = serde_json::json!({"a": 1, "b": {"c": ["x", "z", "w"]}, "d": null});
        let found = fields(What::Manifest, &one, &other);
        assert_eq!((found.count, found.differ), (5, 2));
        assert_eq!(
            found.first,
            ["b.c[1] is \"y\", not \"z\"", "b.c[2] is null, not \"w\""]
        );
    }
}
