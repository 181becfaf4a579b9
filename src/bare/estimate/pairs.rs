//! The chances of pairs that were drawn: from a file, or from the list that units were drawn from.

use std::collections::BTreeMap;
use std::path::Path;

use super::drawn::{Drawn, PairsFrom};
use super::roles;
use super::table::Table;
use super::unequal::Units;
use super::{Asked, Error};
use crate::draw::{Joint, METHODS, Pool, Probabilities};
use crate::estimate::variance::Pairs;
use crate::files::data::{self, Choice, Data};
use crate::frame::join;

/// So much the chances of a file may differ from those of the table, which were rounded somewhere.
const ROUNDED: f64 = 1e-4;

/// Chances that differ by less than this part are the same.
const SAME: f64 = 1e-9;

/// More units than this have too many pairs.
const MOST: usize = 5_000;

impl PairsFrom {
    /// The formula that comes near; of what comes from a table, none is asked for.
    pub(super) fn near(&self) -> Pairs<'static> {
        match self {
            PairsFrom::Near(pairs) => *pairs,
            _ => Pairs::HartleyRao,
        }
    }
}

/// The chances of the pairs of `units`; none where a formula comes near.
pub(super) fn table(
    (drawn, from): (&Drawn, &PairsFrom),
    units: &Units,
    chance: &[f64],
    (asked, table): (&Asked, &Table),
) -> Result<Option<Joint>, crate::Error> {
    let few = |count: usize| match count > MOST {
        true => Err(Error::ManyPairs {
            units: count,
            most: MOST,
        }),
        false => Ok(()),
    };
    match from {
        PairsFrom::Near(_) => Ok(None),
        PairsFrom::File { path, id } => {
            few(units.len())?;
            let square = Square::read(path, units, (id.as_deref(), table))?;
            square.check(path, chance)?;
            Ok(Some(Joint::from_fn(units.len(), |k, l| square.of(k, l))))
        }
        PairsFrom::List { method, path } => {
            few(units.len())?;
            let list = Listed::read(path, drawn, asked)?;
            list.pairs(method, path, (units, chance)).map(Some)
        }
    }
}

/// π_kl of the drawn units, as a file has it.
struct Square {
    names: Vec<String>,
    table: Vec<Vec<f64>>,
}

impl Square {
    fn of(&self, k: usize, l: usize) -> f64 {
        self.table[k][l]
    }

    fn read(
        path: &Path,
        units: &Units,
        (id, table): (Option<&str>, &Table),
    ) -> Result<Square, crate::Error> {
        let there = data::columns(path)?;
        let names = match id {
            Some(column) => named(units, table, column)?,
            None => (1..=units.len())
                .map(|place| format!("row {place}"))
                .collect(),
        };
        let is_pairs = ["unit", "other", "chance"]
            .iter()
            .all(|name| there.iter().any(|column| column == name));
        let table = match (is_pairs, id) {
            (true, Some(_)) => of_pairs(path, &names)?,
            (true, None) => {
                let (what, flag) = ("a --joint table of pairs", "id");
                return Err(Error::Lacks { what, flag }.into());
            }
            (false, Some(_)) => of_named_square(path, &there, &names)?,
            (false, None) => of_square(path, &there, in_file(units, table))?,
        };
        Ok(Square { names, table })
    }

    /// Whether the table can be one of the chances of these units.
    fn check(&self, path: &Path, chance: &[f64]) -> Result<(), Error> {
        let wrong = |k: usize, l: usize, why: String| Error::BadPair {
            path: path.display().to_string(),
            unit: self.names[k].clone(),
            other: self.names[l].clone(),
            chance: self.table[k][l],
            why,
        };
        for (k, &p) in chance.iter().enumerate() {
            let own = self.table[k][k];
            if (own - p).abs() > ROUNDED * p {
                return Err(wrong(k, k, format!("and its chance is {p}")));
            }
            for (l, &q) in chance.iter().enumerate().take(k) {
                let (both, back) = (self.table[k][l], self.table[l][k]);
                if (both - back).abs() > ROUNDED * both.abs() {
                    return Err(wrong(k, l, format!("and {back} the other way round")));
                }
                if both > p.min(q) * (1.0 + ROUNDED) {
                    let why = format!("and one of them has only {}", p.min(q));
                    return Err(wrong(k, l, why));
                }
            }
        }
        Ok(())
    }
}

/// What units are called: all rows of a cluster say the same, and no two units do.
fn named(units: &Units, table: &Table, column: &str) -> Result<Vec<String>, Error> {
    let Some(codes) = &table.beside.ids else {
        return Ok(Vec::new());
    };
    let first: Vec<u32> = units.row.iter().map(|&row| codes.codes()[row]).collect();
    let mut differs: Vec<String> = (0..units.of.len())
        .filter(|&row| codes.codes()[row] != first[units.of[row] as usize])
        .map(|row| units.names[units.of[row] as usize].clone())
        .collect();
    if !differs.is_empty() {
        differs.sort_unstable();
        differs.dedup();
        let column = column.to_owned();
        return Err(Error::Differs {
            column,
            clusters: differs,
        });
    }
    let mut sorted = first.clone();
    sorted.sort_unstable();
    let same = sorted.windows(2).filter(|pair| pair[0] == pair[1]).count();
    if same > 0 {
        let (column, count) = (column.to_owned(), same as u64);
        return Err(Error::Ties { column, count });
    }
    let label = |&code: &u32| codes.labels()[code as usize].clone();
    Ok(first.iter().map(label).collect())
}

/// The place of each unit by where its first row stood in the file.
fn in_file(units: &Units, table: &Table) -> Vec<usize> {
    let mut first = vec![usize::MAX; units.len()];
    for (row, &unit) in units.of.iter().enumerate() {
        let place = &mut first[unit as usize];
        *place = (*place).min(table.order[row]);
    }
    let mut order: Vec<usize> = (0..first.len()).collect();
    order.sort_unstable_by_key(|&unit| first[unit]);
    let mut places = vec![0; first.len()];
    for (place, unit) in order.into_iter().enumerate() {
        places[unit] = place;
    }
    places
}

const CHANCE: &str = "a chance from 0 to 1";

fn is_chance(x: f64) -> bool {
    (0.0..=1.0).contains(&x)
}

/// The columns of a square, and its rows.
fn columns(path: &Path, names: &[&str]) -> Result<Vec<Vec<f64>>, crate::Error> {
    let mut data = Data::read(path, names)?;
    let all: Result<Vec<Vec<f64>>, crate::Error> = names
        .iter()
        .map(|name| roles::filled(&mut data, name, CHANCE, is_chance))
        .collect();
    let all = all?;
    data.finish().map_err(Error::Cells)?;
    Ok(all)
}

/// A square in the order of units; its first column may name the rows.
fn of_square(
    path: &Path,
    there: &[String],
    places: Vec<usize>,
) -> Result<Vec<Vec<f64>>, crate::Error> {
    let wanted = places.len();
    let from = usize::from(there.len() == wanted + 1);
    let names: Vec<&str> = there[from..].iter().map(String::as_str).collect();
    let wrong = |rows: usize| Error::NotSquare {
        path: path.display().to_string(),
        columns: names.len(),
        rows,
        units: wanted,
    };
    if names.len() != wanted {
        let rows = Data::read(path, &names[..1])?.rows();
        return Err(wrong(rows).into());
    }
    let all = columns(path, &names)?;
    let rows = all.first().map_or(0, Vec::len);
    if rows != wanted {
        return Err(wrong(rows).into());
    }
    let row = |&k: &usize| places.iter().map(|&l| all[l][k]).collect();
    Ok(places.iter().map(row).collect())
}

/// A square whose columns are called as units are; rows stand in the order of columns.
fn of_named_square(
    path: &Path,
    there: &[String],
    names: &[String],
) -> Result<Vec<Vec<f64>>, crate::Error> {
    let rows = Data::read(path, &[there[0].as_str()])?.rows();
    let from = there.len().saturating_sub(rows);
    if from > 1 {
        return Err(Error::NotSquare {
            path: path.display().to_string(),
            columns: there.len(),
            rows,
            units: names.len(),
        }
        .into());
    }
    let place = |name: &String| there[from..].iter().position(|column| column == name);
    let missing: Vec<String> = names
        .iter()
        .filter(|name| place(name).is_none())
        .cloned()
        .collect();
    if !missing.is_empty() {
        let path = path.display().to_string();
        return Err(Error::NoPairs {
            path,
            units: missing,
        }
        .into());
    }
    let places: Vec<usize> = names.iter().filter_map(place).collect();
    let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
    let all = columns(path, &wanted)?;
    let row = |&k: &usize| all.iter().map(|column| column[k]).collect();
    Ok(places.iter().map(row).collect())
}

/// Pairs of the columns unit, other and chance, each once or in both orders. A pair that is not there cannot
/// be told from one that was forgotten, and is named.
fn of_pairs(path: &Path, names: &[String]) -> Result<Vec<Vec<f64>>, crate::Error> {
    let mut data = Data::read(path, &["unit", "other", "chance"])?;
    let chances = roles::filled(&mut data, "chance", CHANCE, is_chance)?;
    let (units, others) = (data.texts("unit")?, data.texts("other")?);
    data.finish().map_err(Error::Cells)?;
    let places: BTreeMap<&str, usize> = (names.iter().enumerate())
        .map(|(place, name)| (name.as_str(), place))
        .collect();
    let place = |name: &Option<String>| name.as_deref().and_then(|name| places.get(name).copied());
    let mut table = vec![vec![f64::NAN; names.len()]; names.len()];
    for ((unit, other), chance) in units.iter().zip(&others).zip(chances) {
        let Some((k, l)) = place(unit).zip(place(other)) else {
            continue;
        };
        table[k][l] = chance;
        if table[l][k].is_nan() {
            table[l][k] = chance;
        }
    }
    let open = |k: usize| table[k].iter().any(|chance| chance.is_nan());
    let missing: Vec<String> = (0..names.len())
        .filter(|&k| open(k))
        .map(|k| names[k].clone())
        .collect();
    if missing.is_empty() {
        return Ok(table);
    }
    let path = path.display().to_string();
    Err(Error::NoPairs {
        path,
        units: missing,
    }
    .into())
}

/// A list that units were drawn from: the chances of each stratum.
struct Listed(BTreeMap<String, Vec<f64>>);

impl Listed {
    fn read(path: &Path, drawn: &Drawn, asked: &Asked) -> Result<Listed, crate::Error> {
        let strata = asked.strata.first().map_or(&[][..], Vec::as_slice);
        let chances = &drawn.chances[0];
        let mut names: Vec<&str> = strata.iter().map(String::as_str).collect();
        names.push(chances);
        let there = data::columns(path)?;
        let missing: Vec<String> = names
            .iter()
            .filter(|name| !there.iter().any(|column| column == *name))
            .map(|name| (*name).to_owned())
            .collect();
        if !missing.is_empty() {
            return Err(Error::NoColumns {
                path: path.display().to_string(),
                missing,
                meant: Vec::new(),
                there,
            }
            .into());
        }
        let mut data = Data::read_as(path, &names, &Choice::default())?;
        let chance = roles::filled(&mut data, chances, CHANCE, is_chance)?;
        let mut labels = Vec::new();
        for column in strata {
            let (codes, blank) = data.labels(column)?;
            for row in blank {
                data.problem(row, column, None, "a label");
            }
            labels.push(codes);
        }
        data.finish().map_err(Error::Cells)?;
        let mut all: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for (row, chance) in chance.into_iter().enumerate() {
            let cells: Vec<&str> = labels.iter().map(|codes| codes.label(row)).collect();
            let label = match cells.is_empty() {
                true => "all".to_owned(),
                false => join(&cells),
            };
            all.entry(label).or_default().push(chance);
        }
        // Only chances tell units of the list apart.
        all.values_mut()
            .for_each(|chances| chances.sort_unstable_by(f64::total_cmp));
        Ok(Listed(all))
    }

    /// What the method makes of the list, of those drawn: whichever unit of the list has the chance.
    fn pairs(
        &self,
        method: &str,
        path: &Path,
        (units, chance): (&Units, &[f64]),
    ) -> Result<Joint, crate::Error> {
        let known = METHODS.iter().find(|known| known.card.key == method);
        let (method, joint) = known
            .and_then(|method| Some((method, method.joint?)))
            .expect("a table of pairs");
        // Where a unit stands among the drawn ones of its stratum.
        let mut place = vec![0; units.len()];
        let mut tables = Vec::new();
        for (h, label) in units.stratum.labels().iter().enumerate() {
            let mut drawn: Vec<usize> = (0..units.len())
                .filter(|&unit| units.stratum.code(unit) == h)
                .collect();
            drawn.sort_by(|&a, &b| chance[a].total_cmp(&chance[b]));
            let listed = self.0.get(label).map_or(&[][..], Vec::as_slice);
            if method.sees_all() && listed.len() > MOST {
                let (units, most) = (listed.len(), MOST);
                return Err(Error::ManyPairs { units, most }.into());
            }
            let (mut at, mut places) = (0, Vec::with_capacity(drawn.len()));
            for unit in drawn {
                let p = chance[unit];
                while listed.get(at).is_some_and(|listed| p - listed > SAME * p) {
                    at += 1;
                }
                if listed
                    .get(at)
                    .is_none_or(|listed| (listed - p).abs() > SAME * p)
                {
                    return Err(Error::NotListed {
                        path: path.display().to_string(),
                        stratum: label.clone(),
                        chance: p,
                    }
                    .into());
                }
                place[unit] = places.len();
                places.push(at);
                at += 1;
            }
            let chances = Probabilities::given(listed.to_vec())?;
            tables.push(joint(&Pool::unnamed(label, &chances), &places)?);
        }
        let stratum = |unit: usize| units.stratum.code(unit);
        Ok(Joint::from_fn(units.len(), |k, l| {
            match (k == l, stratum(k) == stratum(l)) {
                (true, _) => chance[k],
                (_, true) => tables[stratum(k)].of(place[k], place[l]),
                _ => chance[k] * chance[l],
            }
        }))
    }
}
