//! The columns of a table whose weights are looked at, and what is seen in them.

use super::controls::Control;
use super::counted::Roll;
use super::replicates::{self, Held, Replicates, Sizes};
use super::{Check, Checked, Error, crossed};
use crate::estimate::variance::replicate::Kind;
use crate::files::data::Data;
use crate::frame::Codes;
use crate::math::sum;
use crate::weigh::chen_rust::{Decomposed, chen_rust};
use crate::weigh::factors::{Factors, factors};
use crate::weigh::heavy::{heaviest, weighty};
use crate::weigh::henry::henry;
use crate::weigh::replicas::replicas;
use crate::weigh::review::{self, Faults, Met};

/// A column of numbers, blank where there is none.
type Numbers = Vec<Option<f64>>;

/// Columns by name.
type Named = Vec<(String, Numbers)>;

/// Rows named of an answer's total, of all and of a domain.
const MOST: (usize, usize) = (10, 3);

/// What was read of a table.
pub(super) struct Table {
    weights: Numbers,
    /// Who is counted, where a column says so.
    roll: Option<Roll>,
    /// The weights of those who are: all of them, where no column says so.
    own: Numbers,
    ids: Option<Vec<Option<String>>>,
    answers: Option<Numbers>,
    all: Codes,
    strata: Option<Codes>,
    clusters: Option<Codes>,
    domains: Option<Codes>,
    auxiliaries: Vec<Numbers>,
    factors: Named,
    replicates: Named,
    met: Vec<Met>,
}

impl Table {
    pub fn read(
        asked: &Check,
        data: &mut Data,
        controls: &[Control],
        replicates: &[String],
    ) -> Result<Table, crate::Error> {
        let weights = data.numbers(&asked.weight)?;
        let roll = asked.counted.as_ref().map(|by| Roll::read(data, by));
        let roll = roll.transpose()?;
        let whole = asked
            .sum
            .map(|sum| review::whole(&asked.weight, &weights, sum));
        let factors = numbers(data, &asked.factors)?;
        let first = level(&weights, factors.first().map(|(_, factor)| factor));
        let mut met: Vec<Met> = whole.into_iter().collect();
        for control in controls {
            let before = control.met(data, &first)?;
            let with = |one: Met| {
                let same = |known: &&Met| known.level == one.level;
                let before = before.iter().find(same).and_then(|known| known.reached);
                Met { before, ..one }
            };
            met.extend(control.met(data, &weights)?.into_iter().map(with));
        }
        let some = |columns: &[String], data: &Data| match columns.is_empty() {
            true => Ok(None),
            false => crossed(data, columns).map(Some),
        };
        let answers = asked.answer.as_ref().map(|name| data.numbers(name));
        let mut auxiliaries = Vec::new();
        for column in &asked.auxiliaries {
            auxiliaries.extend(levels(data, column)?);
        }
        Ok(Table {
            ids: asked.id.as_ref().map(|name| data.texts(name)).transpose()?,
            answers: answers.transpose()?,
            all: crossed(data, &[])?,
            strata: some(&asked.strata, data)?,
            clusters: clusters(asked, data)?,
            domains: some(&asked.domains, data)?,
            auxiliaries,
            factors,
            replicates: numbers(data, replicates)?,
            own: match &roll {
                Some(roll) => roll.masked(&weights),
                None => weights.clone(),
            },
            roll,
            weights,
            met,
        })
    }

    /// What is seen.
    pub fn look(&self, asked: &Check, kind: Option<Kind>) -> Checked {
        let weights = &self.own;
        let answers = self.answers.as_deref();
        let spreads = |codes: &Codes| review::spreads(weights, codes, answers);
        let strata = self.strata.as_ref();
        let (henry, chen_rust) = self.effects();
        let mut seen = Checked {
            rows: weights.len() as u64,
            faults: self.faults(),
            counted: self.roll.as_ref().map(|roll| roll.told(&self.weights)),
            all: spreads(&self.all).pop(),
            between: strata.and_then(|strata| review::between(weights, strata)),
            strata: strata.map(spreads).unwrap_or_default(),
            domains: self.domains.as_ref().map(spreads).unwrap_or_default(),
            dominant: Vec::new(),
            controls: self.met.clone(),
            heaviest: Vec::new(),
            weighty: Vec::new(),
            henry,
            chen_rust,
            factors: self.steps(),
            replicates: self.copies(asked, kind),
        };
        self.weigh_rows(asked, &mut seen);
        seen
    }

    /// Rows without a weight to count on. Who is not counted is to weigh 0, which is no fault.
    fn faults(&self) -> Faults {
        let mut faults = review::faults(&self.weights);
        if let Some(roll) = &self.roll {
            // Rows are counted from 1.
            faults.zero.retain(|row| roll.counts(*row as usize - 1));
        }
        faults
    }

    /// What each factor did to the weights of those who are counted; of all rows, whether factors make the
    /// weight.
    fn steps(&self) -> Option<Factors> {
        if self.factors.is_empty() {
            return None;
        }
        let all = factors(&slices(&self.factors), &self.weights);
        let Some(roll) = &self.roll else {
            return Some(all);
        };
        let kept = |(name, column): &(String, Numbers)| (name.clone(), roll.kept(column));
        let own: Named = self.factors.iter().map(kept).collect();
        let own = factors(&slices(&own), &roll.kept(&self.weights));
        Some(Factors {
            steps: own.steps,
            ..all
        })
    }

    /// Whether anybody is counted.
    pub fn somebody(&self, asked: &Check) -> Result<(), Error> {
        let path = asked.data.display().to_string();
        self.roll
            .as_ref()
            .map_or(Ok(()), |roll| roll.somebody(&path))
    }

    /// The rows that weigh much.
    fn weigh_rows(&self, asked: &Check, seen: &mut Checked) {
        let weights = &self.own;
        let parts = self.domains.as_ref().unwrap_or(&self.all);
        seen.dominant = review::dominant(weights, parts, asked.limit);
        seen.heaviest = heaviest(weights, &self.all);
        if let Some(domains) = &self.domains {
            seen.heaviest.extend(heaviest(weights, domains));
        }
        if let Some(answers) = &self.answers {
            seen.weighty = weighty(weights, answers, &self.all, MOST.0);
            if let Some(domains) = &self.domains {
                seen.weighty
                    .extend(weighty(weights, answers, domains, MOST.1));
            }
        }
    }

    /// Henry's, and Chen and Rust's design effect, over rows that have all that they need.
    fn effects(&self) -> (Option<f64>, Option<Decomposed>) {
        let Some(answers) = &self.answers else {
            return (None, None);
        };
        let pair = |row: usize| {
            let weight = self.own[row].filter(|weight| *weight > 0.0)?;
            Some((weight, answers[row]?))
        };
        let rows: Vec<usize> = (0..answers.len())
            .filter(|&row| pair(row).is_some())
            .collect();
        let of = |rows: &[usize]| -> (Vec<f64>, Vec<f64>) {
            rows.iter().filter_map(|&row| pair(row)).unzip()
        };
        let (weights, answered) = of(&rows);
        let some = |codes: &Option<Codes>| {
            let codes = codes.as_ref()?;
            Some(Codes::from_labels(rows.iter().map(|&row| codes.label(row))))
        };
        let (strata, clusters) = (some(&self.strata), some(&self.clusters));
        let asked = strata.is_some() || clusters.is_some();
        let chen_rust = asked
            .then(|| chen_rust(&weights, &answered, strata.as_ref(), clusters.as_ref()))
            .flatten();
        if self.auxiliaries.is_empty() {
            return (None, chen_rust);
        }
        let filled = |row: &usize| self.auxiliaries.iter().all(|x| x[*row].is_some());
        let rows: Vec<usize> = rows.iter().copied().filter(filled).collect();
        let (weights, answered) = of(&rows);
        let auxiliaries: Vec<Vec<f64>> = self
            .auxiliaries
            .iter()
            .map(|x| rows.iter().filter_map(|&row| x[row]).collect())
            .collect();
        (henry(&weights, &answered, &auxiliaries), chen_rust)
    }

    /// What can be seen of replicates. They are held against all weights, whoever is counted: a replicate weighs
    /// everybody anew who was drawn, and adds up to known totals with them.
    fn copies(&self, asked: &Check, kind: Option<Kind>) -> Option<Replicates> {
        if self.replicates.is_empty() {
            return None;
        }
        let told = replicas(&self.weights, &slices(&self.replicates), asked.within);
        let held = |codes: &Option<Codes>| {
            let codes = codes.as_ref()?;
            let mut held = vec![false; codes.labels().len()];
            for row in (0..codes.len()).filter(|&row| self.weights[row].is_some_and(|w| w > 0.0)) {
                held[codes.code(row)] = true;
            }
            Some(Held {
                weighing: held.iter().filter(|held| **held).count() as u64,
                all: held.len() as u64,
            })
        };
        let sizes = Sizes {
            strata: held(&self.strata),
            clusters: held(&self.clusters),
        };
        let doubts = replicates::doubts(&told, kind, sizes, asked.within);
        Some(Replicates {
            kind: asked.kind.clone(),
            count: told.columns.len() as u64,
            columns: told.columns,
            mean: told.mean,
            doubts,
        })
    }

    /// Gives rows their ids.
    pub fn name(&self, seen: &mut Checked) {
        let Some(ids) = &self.ids else {
            return;
        };
        // Rows are counted from 1.
        let id = |row: u64| ids[row as usize - 1].clone();
        seen.dominant
            .iter_mut()
            .for_each(|one| one.id = id(one.row));
        seen.heaviest
            .iter_mut()
            .for_each(|one| one.id = id(one.row));
        seen.weighty.iter_mut().for_each(|one| one.id = id(one.row));
        if let Some(factors) = &mut seen.factors {
            factors
                .unequal
                .iter_mut()
                .for_each(|one| one.id = id(one.row));
        }
        let mean = seen.replicates.as_mut().and_then(|told| told.mean.as_mut());
        mean.into_iter().for_each(|one| one.id = id(one.row));
    }
}

/// A first factor, or 1, of the rows with a weight above 0, scaled so that they weigh as much as by the
/// weights: what was there before any step, on the same level.
fn level(weights: &Numbers, factor: Option<&Numbers>) -> Numbers {
    let first = |row: usize| {
        weights[row].filter(|weight| *weight > 0.0)?;
        factor.map_or(Some(1.0), |factor| factor[row])
    };
    let first: Numbers = (0..weights.len()).map(first).collect();
    let whole = sum(weights
        .iter()
        .flatten()
        .copied()
        .filter(|weight| *weight > 0.0));
    let scale = whole / sum(first.iter().flatten().copied());
    let scaled = first.iter().map(|first| first.map(|first| first * scale));
    scaled.collect()
}

fn slices(columns: &[(String, Numbers)]) -> Vec<(&str, &[Option<f64>])> {
    columns
        .iter()
        .map(|(name, column)| (name.as_str(), column.as_slice()))
        .collect()
}

fn numbers(data: &mut Data, columns: &[String]) -> Result<Named, crate::Error> {
    let mut named = Vec::with_capacity(columns.len());
    for column in columns {
        named.push((column.clone(), data.numbers(column)?));
    }
    Ok(named)
}

/// Clusters within strata; a row must have one.
fn clusters(asked: &Check, data: &mut Data) -> Result<Option<Codes>, crate::Error> {
    if asked.clusters.is_empty() {
        return Ok(None);
    }
    for column in &asked.clusters {
        let texts = data.texts(column)?;
        for row in (0..texts.len()).filter(|&row| texts[row].is_none()) {
            data.problem(row, column, None, "a label");
        }
    }
    let columns: Vec<String> = asked
        .strata
        .iter()
        .chain(&asked.clusters)
        .cloned()
        .collect();
    crossed(data, &columns).map(Some)
}

/// A column of numbers as it is, and one of levels as a column of 0 and 1 for each but the first.
fn levels(data: &Data, column: &str) -> Result<Vec<Numbers>, crate::Error> {
    if let Some(numbers) = data.numbers_if_any(column)? {
        return Ok(vec![numbers]);
    }
    let texts = data.texts(column)?;
    let codes = Codes::from_labels(texts.iter().flatten());
    let one = |label: &String| {
        let is =
            |text: &Option<String>| text.as_ref().map(|text| f64::from(u8::from(text == label)));
        texts.iter().map(is).collect()
    };
    Ok(codes.labels().iter().skip(1).map(one).collect())
}
