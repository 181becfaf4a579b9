//! Where each number is called once: whom calls are about, of drawn rows that share a number.

use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::pools::Picked;
use super::{Error, Request};
use crate::draw::Size;
use crate::draw::stages::Asking;
use crate::draw::stages::one_call::{Rule, Unit, one_call};
use crate::frame::Frame;
use crate::notice::Notice;

/// How often numbers are called, where several drawn rows share some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BareCalls {
    /// The column of numbers: the same where they are written alike. A blank one is shared with nobody.
    pub number: String,
    /// Numbers to call.
    pub numbers: u64,
    /// Those that several drawn rows share.
    pub shared: u64,
    /// Which of the drawn rows that share a number a call is about: "one", each with the same chance, or
    /// "all".
    #[serde(default = "one")]
    pub ask: String,
    /// Drawn rows that no call is about.
    pub passed_over: u64,
}

fn one() -> String {
    "one".to_owned()
}

impl BareCalls {
    /// What a reader of the sample must hear.
    pub(super) fn notice(&self) -> Option<Notice> {
        let numbers = self.shared;
        (numbers > 0).then_some(match self.ask.as_str() {
            "all" => Notice::CalledForAll { numbers },
            _ => Notice::CalledOnce {
                numbers,
                passed_over: self.passed_over,
            },
        })
    }
}

/// The columns that calls add to a sample.
pub(super) const ADDED: [&str; 4] = ["call", "asked", "held_by", "chance_asked"];

/// Whom calls are about, if each number is called once; `cells` are those of the column of numbers.
pub(super) fn asking(
    request: &Request,
    frame: &Frame,
    units: &[Picked],
    cells: &[Option<String>],
) -> Result<Option<(Asking, BareCalls)>, crate::Error> {
    let Some(number) = &request.one_call else {
        return Ok(None);
    };
    let keys: Vec<u64> = cells
        .iter()
        .zip(0..)
        .map(|(cell, place)| key(cell.as_deref()).unwrap_or(place))
        .collect();
    let held = held(frame, number, &keys, units.len() as u64)?;
    let drawn: Vec<Unit<'_>> = units
        .iter()
        .zip(&keys)
        .map(|(unit, &number)| Unit {
            id: &unit.id,
            number,
            chance: unit.chance,
        })
        .collect();
    let calls = one_call(&drawn, &held, request.ask, &request.seed)?;
    let asking = Asking::of(&calls, &[]);
    let told = BareCalls {
        number: number.clone(),
        ask: match request.ask {
            Rule::AskAll => "all".to_owned(),
            Rule::AskOne(_) => one(),
        },
        numbers: asking.calls(),
        shared: asking.shared(),
        passed_over: asking.passed_over(),
    };
    Ok(Some((asking, told)))
}

/// What a number is known by: a hash, which is no place of a blank one.
fn key(cell: Option<&str>) -> Option<u64> {
    let hasher = foldhash::quality::FixedState::with_seed(0);
    let text = cell?.trim();
    (!text.is_empty()).then(|| hasher.hash_one(text) | 1 << 63)
}

/// For each drawn number as many ones as rows of the list hold it: nothing here depends on their chances.
fn held(
    frame: &Frame,
    number: &str,
    keys: &[u64],
    units: u64,
) -> Result<BTreeMap<u64, Vec<f64>>, crate::Error> {
    let mut drawn = keys.to_vec();
    drawn.sort_unstable();
    drawn.dedup();
    let found: Mutex<BTreeMap<u64, usize>> = Mutex::default();
    frame.list().scan(&[number], &|batch| {
        let cells = batch.columns.iter().flatten();
        let here: Vec<u64> = cells
            .filter_map(|cell| key(*cell))
            .filter(|key| drawn.binary_search(key).is_ok())
            .collect();
        let mut found = found.lock().expect("no visitor panicked");
        for key in here {
            *found.entry(key).or_default() += 1;
        }
        Ok(())
    })?;
    let mut held: BTreeMap<u64, Vec<f64>> = found
        .into_inner()
        .expect("no visitor panicked")
        .into_iter()
        .map(|(key, rows)| (key, vec![1.0; rows]))
        .collect();
    held.extend((0..units).map(|place| (place, vec![1.0])));
    Ok(held)
}

impl Request {
    /// Refuses one call for each number where a row may be hit more than once.
    pub(super) fn suits_calls(&self) -> Result<(), Error> {
        if self.one_call.is_some() && self.method.size == Size::Hits {
            return Err(Error::Unused {
                method: self.method.card.key.to_owned(),
                flag: "--one-call".to_owned(),
                why: "a unit may be hit more than once".to_owned(),
            });
        }
        Ok(())
    }
}
