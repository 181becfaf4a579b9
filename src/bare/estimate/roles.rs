//! Which columns of a table are what, and what stands in them.

use super::table::{Answers, StageColumns};
use super::{Asked, Error, Figure, Filter};
use crate::field::Item;
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
}

impl<'a> Roles<'a> {
    pub fn of(asked: &'a Asked, there: &[String]) -> Result<Roles<'a>, Error> {
        let known = |name: &str| there.iter().any(|column| column == name);
        let most = asked.clusters.len() + 1;
        let stages = asked
            .clusters
            .len()
            .max(asked.populations.len())
            .clamp(1, most);
        let roles = Roles { asked, stages };
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
            let path = asked.data.display().to_string();
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
        for (what, columns) in [("strata", &crossed), ("fpc", &asked.populations)] {
            if columns.len() > stages {
                return Err(Error::Stages {
                    what,
                    columns: columns.clone(),
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
        for columns in [&asked.clusters, &asked.populations, &asked.by] {
            all.extend(columns.iter().map(String::as_str));
        }
        all.extend(asked.figures.iter().flat_map(Figure::columns));
        all.extend(asked.filter.iter().flat_map(Filter::columns));
        let mut once: Vec<&str> = Vec::new();
        for name in all {
            if !once.contains(&name) {
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
            if let Some(column) = self.asked.populations.get(place) {
                let what = "a number of clusters or a fraction, above 0";
                stage.population = Some(filled(data, column, what, |x| x > 0.0)?);
            }
            stages.push(stage);
        }
        Ok(stages)
    }
}

/// A column of numbers that must be filled and pass a test.
pub(super) fn filled(
    data: &mut Data,
    column: &str,
    what: &str,
    passes: impl Fn(f64) -> bool,
) -> Result<Vec<f64>, crate::Error> {
    let texts = data.texts(column)?;
    let numbers = data.numbers_each(column)?;
    let mut values = Vec::with_capacity(numbers.len());
    for (row, number) in numbers.into_iter().enumerate() {
        let good = number.filter(|x| passes(*x));
        if good.is_none() {
            data.problem(row, column, texts[row].as_deref(), what);
        }
        values.push(good.unwrap_or_default());
    }
    Ok(values)
}

/// Columns of labels that must be filled, crossed.
fn labels(data: &mut Data, columns: &[String]) -> Result<Codes, crate::Error> {
    let mut all: Vec<Codes> = Vec::new();
    for column in columns {
        let texts = data.texts(column)?;
        for row in (0..texts.len()).filter(|&row| texts[row].is_none()) {
            data.problem(row, column, None, "a label");
        }
        all.push(Codes::from_labels(
            texts.iter().map(|text| text.as_deref().unwrap_or_default()),
        ));
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
            values: data.numbers(column)?,
        })
    };
    Ok(match figure {
        Figure::Mean(column) | Figure::Total(column) => Answers::One(item(column)?),
        Figure::Ratio(above, below) => Answers::Two(item(above)?, item(below)?),
        Figure::Share(column) => levels(data, column)?,
    })
}

/// A column's levels: numbers in their order, or texts in theirs.
fn levels(data: &Data, column: &str) -> Result<Answers, crate::Error> {
    let texts = data.texts(column)?;
    let codes = Codes::from_labels(texts.iter().flatten());
    let found = codes.labels().len();
    if found > LEVELS {
        return Err(Error::Levels {
            column: column.to_owned(),
            levels: found,
            most: LEVELS,
        }
        .into());
    }
    let code = |text: &String| codes.find(text).map(|code| code as f64);
    let values = texts
        .iter()
        .map(|text| text.as_ref().and_then(code))
        .collect();
    let item = Item {
        name: column.to_owned(),
        values,
    };
    Ok(Answers::Levels(item, codes.labels().to_vec()))
}

/// Codes in the order of their labels: of numbers, if all are.
pub(super) fn in_order(labels: &[String]) -> Vec<usize> {
    let numbers: Option<Vec<f64>> = labels.iter().map(|label| label.parse().ok()).collect();
    let mut order: Vec<usize> = (0..labels.len()).collect();
    if let Some(numbers) = numbers {
        order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
    }
    order
}

/// The domain of each row: the columns of `by` crossed, and only rows that the filter means.
pub(super) fn domain(
    data: &Data,
    asked: &Asked,
    notices: &mut Vec<Notice>,
) -> Result<Codes, crate::Error> {
    let rows = data.rows();
    let mut columns: Vec<Vec<Option<String>>> = Vec::new();
    for column in &asked.by {
        columns.push(data.texts(column)?);
    }
    let meant = match &asked.filter {
        Some(filter) => filter.holds(data)?,
        None => vec![Some(true); rows],
    };
    let blank = |row: usize| columns.iter().any(|column| column[row].is_none());
    let whole = asked.filter.as_ref().map_or("all", Filter::text);
    let label = |row: usize| {
        let parts: Vec<&str> = columns
            .iter()
            .filter_map(|column| column[row].as_deref())
            .collect();
        match meant[row] {
            Some(true) if blank(row) => String::new(),
            Some(true) if parts.is_empty() => whole.to_owned(),
            Some(true) => join(&parts),
            _ => String::new(),
        }
    };
    let open =
        (0..rows).filter(|&row| meant[row].is_none() || (meant[row] == Some(true) && blank(row)));
    let count = open.count() as u64;
    if count > 0 {
        let filtered = asked
            .filter
            .iter()
            .flat_map(Filter::columns)
            .map(str::to_owned);
        let mut columns: Vec<String> = asked.by.iter().cloned().chain(filtered).collect();
        columns.dedup();
        notices.push(Notice::NoDomain { columns, count });
    }
    Ok(Codes::from_labels((0..rows).map(label)))
}
