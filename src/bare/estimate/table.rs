//! A table with the roles of its columns: weights, design, answers, domains.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use super::columns::Beside;
use super::roles::{self, Crossed, Roles};
use super::{Asked, Error};
use crate::estimate::expression;
use crate::estimate::variance::{Design, Stage};
use crate::field::Item;
use crate::files::data::{self, Data};
use crate::frame::Codes;
use crate::notice::Notice;

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

    /// Whether a row has all of the answer.
    pub fn is_said(&self, row: usize) -> bool {
        match self {
            Answers::Computed { said, .. } => said[row],
            _ => self.items().iter().all(|item| item.values[row].is_some()),
        }
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
        self.weights[row] > 0.0 && !self.domain.label(row).is_empty()
    }

    /// Puts rows in the order of what they hold. Rows that hold the same are interchangeable.
    fn sort(&mut self) {
        let beside = self.beside.keys(key);
        let keys = self.keys(&beside);
        let (first, rest) = keys.split_first().expect("there are weights");
        let rows = 0..self.weights.len();
        let mut order: Vec<(u64, usize)> =
            rows.into_par_iter().map(|row| (first(row), row)).collect();
        order.par_sort_unstable_by(|a, b| {
            let apart = |key: &Key<'_>| key(a.1).cmp(&key(b.1));
            let rest = || rest.iter().map(apart).find(|order| order.is_ne());
            let equal = std::cmp::Ordering::Equal;
            a.0.cmp(&b.0).then_with(|| rest().unwrap_or(equal))
        });
        drop(keys);
        let order: Vec<usize> = order.into_iter().map(|(_, row)| row).collect();
        self.weights = placed(&self.weights, &order);
        self.domain = placed_codes(&self.domain, &order);
        for stage in &mut self.stages {
            stage.strata = stage
                .strata
                .as_ref()
                .map(|codes| placed_codes(codes, &order));
            stage.clusters = stage
                .clusters
                .as_ref()
                .map(|codes| placed_codes(codes, &order));
            stage.population = stage
                .population
                .as_ref()
                .map(|values| placed(values, &order));
        }
        for answers in &mut self.answers {
            let items: Vec<&mut Item> = match answers {
                Answers::Computed { said, .. } => {
                    *said = placed(said, &order);
                    continue;
                }
                Answers::One(item) | Answers::Levels(item, _) => vec![item],
                Answers::Two(this, other) | Answers::Pair(this, other) => vec![this, other],
            };
            for item in items {
                item.values = placed(&item.values, &order);
            }
        }
        self.beside.place(&order);
        self.order = order;
    }

    /// What rows are sorted by, as whole numbers that sort as values do.
    fn keys<'t>(&'t self, beside: &'t [Vec<u64>]) -> Vec<Key<'t>> {
        let mut keys: Vec<Key<'t>> = Vec::new();
        for item in self.answers.iter().flat_map(Answers::items) {
            keys.push(Box::new(|row| item.values[row].map_or(0, key)));
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

/// What one column makes of a row.
type Key<'t> = Box<dyn Fn(usize) -> u64 + Sync + 't>;

/// A number as a whole one that sorts as it does.
fn key(x: f64) -> u64 {
    let bits = x.to_bits();
    if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    }
}

fn placed<T: Copy>(values: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&row| values[row]).collect()
}

fn placed_codes(codes: &Codes, order: &[usize]) -> Codes {
    Codes::new(codes.labels().to_vec(), placed(codes.codes(), order))
}
