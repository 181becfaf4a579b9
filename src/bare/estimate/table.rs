//! A table with the roles of its columns: weights, design, answers, domains.

use std::collections::BTreeMap;

use super::columns::Beside;
use super::order;
use super::roles::{self, Crossed, Roles};
use super::{Asked, Error};
use crate::estimate::variance::{Design, Stage};
use crate::estimate::{self, expression};
use crate::files::data::{self, Data};
use crate::frame::{Codes, Numbers};
use crate::notice::Notice;

/// A column of answers.
#[derive(Debug)]
pub(super) struct Item {
    pub name: String,
    pub values: Numbers,
}

impl<'a> From<&'a Item> for estimate::Answers<'a> {
    fn from(item: &'a Item) -> estimate::Answers<'a> {
        (item.name.as_str(), &item.values).into()
    }
}

/// What a figure is made of.
#[derive(Debug)]
pub(super) enum Answers {
    /// Numbers.
    One(Item),
    /// A number over another.
    Two(Item, Item),
    /// A number beside another.
    Pair(Item, Item),
    /// Codes of levels, and what they stand for.
    Levels(Item, Vec<String>),
    /// An expression, and whether a row has all that it is made of.
    Computed { text: String, said: Vec<bool> },
}

impl Answers {
    fn items(&self) -> Vec<&Item> {
        match self {
            Answers::One(item) | Answers::Levels(item, _) => vec![item],
            Answers::Two(this, other) | Answers::Pair(this, other) => vec![this, other],
            Answers::Computed { .. } => vec![],
        }
    }

    /// What a person calls it.
    pub fn name(&self) -> String {
        let between = match self {
            Answers::Computed { text, .. } => return text.clone(),
            Answers::Pair(..) => ", ",
            _ => " / ",
        };
        self.items()
            .iter()
            .map(|item| item.name.as_str())
            .collect::<Vec<_>>()
            .join(between)
    }

    /// How many of the rows that `count` lack some of the answer.
    pub fn missing(&self, counts: impl Fn(usize) -> bool) -> u64 {
        let items = self.items();
        let lacks = |row: usize| match self {
            Answers::Computed { said, .. } => !said[row],
            _ => items.iter().any(|item| item.values.get(row).is_none()),
        };
        let rows = match self {
            Answers::Computed { said, .. } => said.len(),
            _ if items.iter().all(|item| item.values.all().is_some()) => 0,
            _ => items
                .iter()
                .map(|item| item.values.len())
                .max()
                .unwrap_or(0),
        };
        (0..rows).filter(|&row| lacks(row) && counts(row)).count() as u64
    }
}

/// One stage's columns.
#[derive(Debug, Default)]
pub(super) struct StageColumns {
    pub strata: Option<Codes>,
    pub clusters: Option<Codes>,
    pub population: Option<Vec<f64>>,
}

/// A table, ready to be estimated from. Rows stand in the order of what they hold, so that no figure
/// depends on the order in which they came.
#[derive(Debug)]
pub(super) struct Table {
    pub weights: Vec<f64>,
    stages: Vec<StageColumns>,
    /// One for each figure asked for.
    pub answers: Vec<Answers>,
    /// The domain of each row; "" for rows that are in none.
    pub domain: Codes,
    /// What each domain is crossed from, by its label.
    pub parts: BTreeMap<String, Crossed>,
    pub notices: Vec<Notice>,
    pub beside: Beside,
    /// Pairs of columns that are crossed.
    pub crossed: Vec<[String; 2]>,
    /// What functions and models are read over.
    pub named: expression::Table,
    /// Where each row stood in the file, counted from 0.
    pub order: Vec<usize>,
}

impl Table {
    /// Reads what was asked for; refuses everything that is wrong at once.
    pub fn read(asked: &Asked) -> Result<Table, crate::Error> {
        let there = data::columns_of(&asked.data, &asked.choice)?;
        let roles = Roles::of(asked, &there)?;
        let mut data = Data::read_as(&asked.data, &roles.columns(), &asked.choice)?;
        if data.rows() == 0 {
            let path = asked.data.display().to_string();
            return Err(Error::Empty { path }.into());
        }
        let weight = |weight: f64| weight >= 0.0;
        let weights = roles::filled(&mut data, &asked.weight, "a weight of 0 or more", weight)?;
        let stages = roles.stages(&mut data)?;
        let mut answers = Vec::new();
        for figure in &asked.figures {
            answers.push(roles::answers(&mut data, figure)?);
        }
        let beside = Beside::read(&mut data, &roles)?;
        data.finish().map_err(Error::Cells)?;
        let mut notices = Vec::new();
        let (domain, parts) = roles::domain(&data, asked, &mut notices)?;
        let mut table = Table {
            weights,
            stages,
            answers,
            domain,
            parts,
            notices,
            beside,
            crossed: roles.crossed.clone(),
            named: expression::Table::default(),
            order: Vec::new(),
        };
        // What was read is as large as what it became: the two need not be held while rows are sorted.
        drop(data);
        table.sort();
        table.named = table.beside.table();
        Ok(table)
    }

    /// How the rows were drawn.
    pub fn design(&self, asked: &Asked) -> Design<'_> {
        let stages = self.stages.iter().map(|columns| Stage {
            strata: columns.strata.as_ref(),
            clusters: columns.clusters.as_ref(),
            population: columns.population.as_deref(),
        });
        Design {
            stages: stages.collect(),
            nest: asked.nest,
            lonely: asked.lonely,
            weights: &self.weights,
        }
    }

    /// Whether a row has a weight and is in a domain.
    pub fn counts(&self, row: usize) -> bool {
        // The label of rows that are in no domain is blank, and comes first.
        let open = self.domain.labels().first().is_some_and(String::is_empty);
        self.weights[row] > 0.0 && !(open && self.domain.code(row) == 0)
    }

    /// Puts rows in the order of what they hold. Rows that hold the same are interchangeable.
    fn sort(&mut self) {
        let beside = self.beside.keys(key);
        let order = order::of(&self.keys(&beside), self.weights.len());
        drop(beside);
        place(&mut self.weights, &order);
        place_codes(&mut self.domain, &order);
        for stage in &mut self.stages {
            for codes in stage.strata.iter_mut().chain(&mut stage.clusters) {
                place_codes(codes, &order);
            }
            if let Some(values) = &mut stage.population {
                place(values, &order);
            }
        }
        for answers in &mut self.answers {
            let items: Vec<&mut Item> = match answers {
                Answers::Computed { said, .. } => {
                    place(said, &order);
                    continue;
                }
                Answers::One(item) | Answers::Levels(item, _) => vec![item],
                Answers::Two(this, other) | Answers::Pair(this, other) => vec![this, other],
            };
            for item in items {
                item.values = item.values.placed(&order);
            }
        }
        self.order = order.into_iter().map(|row| row as usize).collect();
        self.beside.place(&self.order);
    }

    /// What rows are sorted by, as whole numbers that sort as values do.
    fn keys<'t>(&'t self, beside: &'t [Vec<u64>]) -> Vec<order::Key<'t>> {
        let mut keys: Vec<order::Key<'t>> = Vec::new();
        for item in self.answers.iter().flat_map(Answers::items) {
            keys.push(Box::new(|row| item.values.get(row).map_or(0, key)));
        }
        keys.push(Box::new(|row| key(self.weights[row])));
        keys.push(Box::new(|row| u64::from(self.domain.codes()[row])));
        for stage in &self.stages {
            for codes in stage.strata.iter().chain(&stage.clusters) {
                keys.push(Box::new(|row| u64::from(codes.codes()[row])));
            }
            if let Some(values) = &stage.population {
                keys.push(Box::new(|row| key(values[row])));
            }
        }
        for column in beside {
            keys.push(Box::new(|row| column[row]));
        }
        keys
    }
}

/// A number as a whole one that sorts as it does.
fn key(x: f64) -> u64 {
    let bits = x.to_bits();
    if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    }
}

fn place<T: Copy>(values: &mut Vec<T>, order: &[u32]) {
    *values = order.iter().map(|&row| values[row as usize]).collect();
}

fn place_codes(codes: &mut Codes, order: &[u32]) {
    let placed = order.iter().map(|&row| codes.codes()[row as usize]);
    *codes = Codes::new(codes.labels().to_vec(), placed.collect());
}
