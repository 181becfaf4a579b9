//! Which columns of a table are what, and what stands in them.

use std::collections::BTreeMap;

use super::columns::Beside;
use super::table::{Answers, Item, StageColumns};
use super::{Asked, Drawn, Error, Figure, Filter, Replication, columns};
use crate::estimate::expression::Column;
use crate::estimate::smooth;
use crate::files::data::Data;
use crate::frame::{Codes, join};
use crate::notice::Notice;
use crate::settings::nearest;

/// Shares of more levels than this tell nothing.
const LEVELS: usize = 1_000;

/// Which columns are what: all there.
pub(super) struct Roles<'a> {
    asked: &'a Asked,
    stages: usize,
    /// Pairs of columns that are crossed.
    pub crossed: Vec<[String; 2]>,
    /// What models and functions name.
    pub named: Vec<String>,
    /// Columns of replicate weights.
    pub replicates: Vec<String>,
}

impl<'a> Roles<'a> {
    pub fn of(asked: &'a Asked, there: &[String]) -> Result<Roles<'a>, Error> {
        let known = |name: &str| there.iter().any(|column| column == name);
        let most = asked.clusters.len() + 1;
        let stages = asked
            .clusters
            .len()
            .max(asked.chances().len() + asked.populations.len())
            .clamp(1, most);
        let path = asked.data.display().to_string();
        let tables = asked.further.tables.iter();
        let crossed: Result<_, Error> =
            tables.map(|cross| columns::crossed(cross, there)).collect();
        let roles = Roles {
            asked,
            stages,
            crossed: crossed?,
            named: named(asked)?,
            replicates: match &asked.replication {
                Some(Replication::Given(given)) => {
                    columns::replicates(given, there, &asked.weight, path.clone())?
                }
                _ => Vec::new(),
            },
        };
        let missing: Vec<String> = roles
            .columns()
            .into_iter()
            .filter(|name| !known(name))
            .map(str::to_owned)
            .collect();
        if !missing.is_empty() {
            let near =
                |name: &String| nearest(name, there.iter().map(String::as_str)).map(str::to_owned);
            let meant = missing.iter().filter_map(near).collect();
            return Err(Error::NoColumns {
                path,
                missing,
                meant,
                there: there.to_vec(),
            });
        }
        let crossed: Vec<String> = asked
            .strata
            .iter()
            .map(|columns| columns.join(" × "))
            .collect();
        let above = asked.chances().len();
        for (what, columns, stages) in [
            ("strata", &crossed[..], stages),
            ("chances", asked.chances(), stages),
            ("fpc", &asked.populations, stages.saturating_sub(above)),
        ] {
            if columns.len() > stages {
                return Err(Error::Stages {
                    what,
                    columns: columns.to_vec(),
                    stages,
                });
            }
        }
        Ok(roles)
    }

    /// Every column needed, each once.
    pub fn columns(&self) -> Vec<&str> {
        let asked = self.asked;
        let mut all: Vec<&str> = vec![&asked.weight];
        let strata = asked.strata.iter().flatten();
        all.extend(strata.map(String::as_str));
        for columns in [&asked.clusters, &asked.populations] {
            all.extend(columns.iter().map(String::as_str));
        }
        all.extend(asked.domains());
        all.extend(asked.figures.iter().flat_map(Figure::columns));
        all.extend(asked.filter.iter().flat_map(Filter::columns));
        all.extend(asked.drawn_numbers());
        all.extend(asked.drawn.iter().filter_map(Drawn::id));
        all.extend(self.sides());
        all.extend(
            self.named
                .iter()
                .chain(&self.replicates)
                .map(String::as_str),
        );
        let mut once: Vec<&str> = Vec::new();
        for name in all {
            if !once.contains(&name) {
                once.push(name);
            }
        }
        once
    }

    /// The columns of sides of tables and of fits, each once.
    pub fn sides(&self) -> Vec<&str> {
        let fits = self.asked.further.fits.iter().map(|fit| &fit.column);
        let mut once: Vec<&str> = Vec::new();
        for name in self.crossed.iter().flatten().chain(fits) {
            if !once.contains(&name.as_str()) {
                once.push(name);
            }
        }
        once
    }

    pub fn stages(&self, data: &mut Data) -> Result<Vec<StageColumns>, crate::Error> {
        let mut stages = Vec::new();
        for place in 0..self.stages {
            let mut stage = StageColumns::default();
            if let Some(columns) = self.asked.strata.get(place) {
                stage.strata = Some(labels(data, columns)?);
            }
            if let Some(column) = self.asked.clusters.get(place) {
                stage.clusters = Some(labels(data, std::slice::from_ref(column))?);
            }
            // Stages after those with chances have populations.
            let place = place.checked_sub(self.asked.chances().len());
            let population = place.and_then(|place| self.asked.populations.get(place));
            if let Some(column) = population {
                let what = "a number of clusters or a fraction, above 0";
                stage.population = Some(filled(data, column, what, |x| x > 0.0)?);
            }
            stages.push(stage);
        }
        Ok(stages)
    }

    /// The numbers that tell how rows were drawn, and what units are called.
    pub fn drawn(&self, data: &mut Data, beside: &mut Beside) -> Result<(), crate::Error> {
        let chances = self.asked.chances();
        for name in self.asked.drawn_numbers() {
            let is_chance = chances.iter().any(|column| column == name);
            let hits = self.asked.hits() == Some(name);
            let (what, passes): (_, fn(f64) -> bool) = match (is_chance, hits) {
                (true, _) => ("a chance above 0 and up to 1", |x| x > 0.0 && x <= 1.0),
                (_, true) => ("a whole number above 0", |x| x >= 1.0 && x.fract() <= 0.0),
                _ => ("a number", f64::is_finite),
            };
            let numbers = filled(data, name, what, passes)?;
            beside.numbers.push((name.to_owned(), numbers));
        }
        if let Some(name) = self.asked.drawn.as_ref().and_then(Drawn::id) {
            let name = name.to_owned();
            beside.ids = Some(labels(data, std::slice::from_ref(&name))?);
        }
        Ok(())
    }
}

/// The columns that functions and models name, each once.
fn named(asked: &Asked) -> Result<Vec<String>, Error> {
    let mut all: Vec<String> = Vec::new();
    for figure in &asked.figures {
        if let Figure::Function(text) = figure {
            all.extend(smooth::columns(text)?);
        }
    }
    for model in &asked.further.models {
        all.extend(model.formula.columns().into_iter().map(str::to_owned));
    }
    let mut once: Vec<String> = Vec::new();
    for name in all {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    Ok(once)
}

/// A column of numbers that must be filled and pass a test.
pub(super) fn filled(
    data: &mut Data,
    column: &str,
    what: &str,
    passes: impl Fn(f64) -> bool,
) -> Result<Vec<f64>, crate::Error> {
    let passes = |x: f64| x.is_finite() && passes(x);
    // As a rule nothing is wrong, and what was written need not be known.
    match data.column_each(column)?.passing(passes).into_all() {
        Ok(numbers) => Ok(numbers),
        Err(numbers) => {
            let texts = data.texts(column)?;
            for row in (0..numbers.len()).filter(|&row| numbers.get(row).is_none()) {
                data.problem(row, column, texts[row].as_deref(), what);
            }
            Ok(numbers.iter().map(Option::unwrap_or_default).collect())
        }
    }
}

/// Columns of labels that must be filled, crossed.
fn labels(data: &mut Data, columns: &[String]) -> Result<Codes, crate::Error> {
    let mut all: Vec<Codes> = Vec::new();
    for column in columns {
        let (codes, blank) = data.labels(column)?;
        for row in blank {
            data.problem(row, column, None, "a label");
        }
        all.push(codes);
    }
    Ok(match &all[..] {
        [_] => all.swap_remove(0),
        several => Codes::crossed(&several.iter().collect::<Vec<_>>()),
    })
}

/// What a figure is made of.
pub(super) fn answers(data: &mut Data, figure: &Figure) -> Result<Answers, crate::Error> {
    let mut item = |column: &str| -> Result<Item, crate::Error> {
        Ok(Item {
            name: column.to_owned(),
            values: data.column(column)?,
        })
    };
    Ok(match figure {
        Figure::Mean(column)
        | Figure::Total(column)
        | Figure::Quantiles(column, _)
        | Figure::Variance(column)
        | Figure::Spread(column) => Answers::One(item(column)?),
        Figure::Ratio(above, below) => Answers::Two(item(above)?, item(below)?),
        Figure::Correlation(this, other) => Answers::Pair(item(this)?, item(other)?),
        Figure::Share(column) => levels(data, column)?,
        Figure::Function(text) => {
            let mut said = vec![true; data.rows()];
            for column in smooth::columns(text).map_err(Error::Expression)? {
                let has: Vec<bool> = match columns::column(data, &column)? {
                    Column::Numbers(values) => values.iter().map(Option::is_some).collect(),
                    Column::Labels(texts) => texts.iter().map(Option::is_some).collect(),
                };
                let pairs = said.iter_mut().zip(has);
                pairs.for_each(|(said, has)| *said &= has);
            }
            let text = text.clone();
            Answers::Computed { text, said }
        }
    })
}

/// A column's levels, in order.
fn levels(data: &Data, column: &str) -> Result<Answers, crate::Error> {
    let (codes, _) = data.labels(column)?;
    let filled = |label: &&String| !label.is_empty();
    let mut labels: Vec<String> = codes.labels().iter().filter(filled).cloned().collect();
    few(column, labels.len())?;
    let ranks = ranks(data, column, codes.labels());
    let rank = |label: &String| ranks.get(label).map(|rank| *rank as f64);
    let rank: Vec<Option<f64>> = codes.labels().iter().map(rank).collect();
    let item = Item {
        name: column.to_owned(),
        values: codes
            .codes()
            .iter()
            .map(|&code| rank[code as usize])
            .collect(),
    };
    labels.sort_by_key(|label| ranks[label]);
    Ok(Answers::Levels(item, labels))
}

/// Whether there are few enough levels to tell anything.
pub(super) fn few_enough(column: &str, codes: &Codes) -> Result<(), Error> {
    few(column, codes.labels().len())
}

fn few(column: &str, levels: usize) -> Result<(), Error> {
    if levels <= LEVELS {
        return Ok(());
    }
    Err(Error::Levels {
        column: column.to_owned(),
        levels,
        most: LEVELS,
    })
}

/// The place of each label of a column: in the order of its codes, if these have labels; else of
/// numbers, if all are; else of texts.
pub(super) fn ranks(data: &Data, column: &str, labels: &[String]) -> BTreeMap<String, usize> {
    let filled = |label: &&String| !label.is_empty();
    let labels: Vec<String> = labels.iter().filter(filled).cloned().collect();
    let labels = labels.as_slice();
    let order = match data.order(column) {
        Some(order) => {
            let mut places: Vec<usize> = (0..labels.len()).collect();
            places.sort_by_key(|&code| order.iter().position(|label| *label == labels[code]));
            places
        }
        None => in_order(labels),
    };
    let ranks = order.into_iter().enumerate();
    ranks
        .map(|(rank, code)| (labels[code].clone(), rank))
        .collect()
}

/// Codes in the order of their labels: of numbers, if all are.
fn in_order(labels: &[String]) -> Vec<usize> {
    let numbers: Option<Vec<f64>> = labels.iter().map(|label| label.parse().ok()).collect();
    let mut order: Vec<usize> = (0..labels.len()).collect();
    if let Some(numbers) = numbers {
        order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
    }
    order
}

/// What a domain is crossed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Crossed {
    /// Its label in each column of domains.
    pub cells: Vec<String>,
    /// The place of each of these among the column's labels.
    pub ranks: Vec<usize>,
}

/// Names that come at these places, as codes. Two places may have one name.
fn coded(names: &[String], mut place: Vec<u32>) -> Codes {
    let mut comes = vec![false; names.len()];
    for &place in &place {
        comes[place as usize] = true;
    }
    let mut labels: Vec<String> = names
        .iter()
        .zip(comes)
        .filter(|(_, comes)| *comes)
        .map(|(name, _)| name.clone())
        .collect();
    labels.sort_unstable();
    labels.dedup();
    // A name that does not come has no place among them, and is not looked up.
    let code = |name: &String| labels.binary_search(name).unwrap_or_default() as u32;
    let code: Vec<u32> = names.iter().map(code).collect();
    place
        .iter_mut()
        .for_each(|place| *place = code[*place as usize]);
    Codes::new(labels, place)
}

/// The domain of each row, and what each is crossed from: the columns of domains crossed, and only
/// rows that the filter means.
pub(super) fn domain(
    data: &Data,
    asked: &Asked,
    notices: &mut Vec<Notice>,
) -> Result<(Codes, BTreeMap<String, Crossed>), crate::Error> {
    let rows = data.rows();
    let (mut columns, mut orders) = (Vec::new(), Vec::new());
    for column in asked.domains() {
        let (codes, _) = data.labels(column)?;
        orders.push(ranks(data, column, codes.labels()));
        columns.push(codes);
    }
    let meant = match &asked.filter {
        Some(filter) => filter.holds(data)?,
        None => vec![Some(true); rows],
    };
    let whole = asked.filter.as_ref().map_or("all", Filter::text);
    let (mut crossed, mut open) = (BTreeMap::new(), 0);
    let blank: Vec<Option<usize>> = columns.iter().map(|column| column.find("")).collect();
    #[expect(
        clippy::disallowed_types,
        reason = "looked up for every row and never iterated"
    )]
    let mut places: std::collections::HashMap<Vec<u32>, u32, foldhash::fast::FixedState> =
        Default::default();
    // Of a single column each code has its place.
    let mut seen = vec![0; columns.first().map_or(0, |column| column.labels().len())];
    // Places of combinations in the order in which they are met; 0 is none.
    let mut names = vec![String::new()];
    let (mut place, mut key) = (Vec::with_capacity(rows), Vec::new());
    for (row, meant) in meant.into_iter().enumerate() {
        let is_blank = columns
            .iter()
            .zip(&blank)
            .any(|(column, blank)| Some(column.code(row)) == *blank);
        if meant != Some(true) || is_blank {
            open += u64::from(meant != Some(false));
            place.push(0);
            continue;
        }
        key.clear();
        key.extend(columns.iter().map(|column| column.codes()[row]));
        let known = match columns[..] {
            [_] => Some(seen[key[0] as usize]).filter(|place| *place > 0),
            _ => places.get(&key).copied(),
        };
        if let Some(known) = known {
            place.push(known);
            continue;
        }
        let cells = columns.iter().map(|column| column.label(row).to_owned());
        let cells: Vec<String> = cells.collect();
        let label = match cells.is_empty() {
            true => whole.to_owned(),
            false => join(&cells),
        };
        let ranks = cells.iter().zip(&orders).map(|(cell, order)| order[cell]);
        let ranks = ranks.collect();
        crossed.insert(label.clone(), Crossed { cells, ranks });
        let found = names.len() as u32;
        names.push(label);
        if let [_] = columns[..] {
            seen[key[0] as usize] = found;
        } else {
            places.insert(key.clone(), found);
        }
        place.push(found);
    }
    if open > 0 {
        let filtered = asked.filter.iter().flat_map(Filter::columns);
        let mut columns: Vec<String> = asked
            .domains()
            .into_iter()
            .chain(filtered)
            .map(str::to_owned)
            .collect();
        columns.dedup();
        let count = open;
        notices.push(Notice::NoDomain { columns, count });
    }
    Ok((coded(&names, place), crossed))
}
