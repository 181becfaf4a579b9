//! Where each number is called once: whom calls are about, of drawn units that share a number.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::{Error, Study};
use crate::draw::stages::Asking;
use crate::draw::stages::one_call::{
    Calls, Choice, InStratum, Rule, Unit, chance_by_simple, one_call,
};
use crate::draw::{Sample, Share, simple};
use crate::files::{Column, Columns};
use crate::frame::Frame;
use crate::notice::Notice;

/// How often numbers are called, where several drawn units share some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnCalls {
    /// How the unit is chosen that a call is about: "evenly", or "by-weight"; "all" where it is about all.
    pub choice: String,
    /// Numbers to call.
    pub numbers: u64,
    /// Those that several drawn units share.
    pub shared: u64,
    /// Drawn units that no call is about.
    pub passed_over: u64,
}

/// The word for a rule.
pub(super) fn word(rule: Rule) -> &'static str {
    match rule {
        Rule::AskAll => ALL,
        Rule::AskOne(Choice::Evenly) => "evenly",
        Rule::AskOne(Choice::ByWeight) => "by-weight",
    }
}

/// What a call is about where that is all drawn units of the number.
const ALL: &str = "all";

impl DrawnCalls {
    /// What a reader of the sample must hear.
    pub(super) fn notice(&self) -> Option<Notice> {
        let numbers = self.shared;
        (numbers > 0).then_some(match self.choice.as_str() {
            ALL => Notice::CalledForAll { numbers },
            _ => Notice::CalledOnce {
                numbers,
                passed_over: self.passed_over,
            },
        })
    }
}

/// How many units of each stratum hold a number, by its place among the drawn numbers.
type Held = BTreeMap<usize, BTreeMap<usize, u64>>;

impl Study {
    /// Says whom calls are about, if each number is called once; ids are still those of the list.
    ///
    /// # Errors
    ///
    /// [`Error::NoPhone`]; what reading the list runs into, or a list that changed since it was checked.
    pub(super) fn call_once(
        &self,
        sample: &mut Sample,
        shares: &[Share],
    ) -> Result<Option<DrawnCalls>, crate::Error> {
        let Some(rule) = self.settings().draw.calls else {
            return Ok(None);
        };
        let (frame, _) = self.frame()?;
        let keys = keys(&frame, sample)?;
        let held = held(&frame, &keys, shares)?;
        let units: Vec<Unit<'_>> = (0..sample.len())
            .map(|unit| Unit {
                id: &sample.id[unit],
                number: keys[unit],
                chance: sample.probability[unit],
            })
            .collect();
        let of_numbers = chances_of_holders(&keys, &held, shares);
        let calls = one_call(&units, &of_numbers, rule, &self.seed())?;
        let how = &self.settings().draw.how;
        let called: Vec<Option<f64>> = match (&how.size, how.method.card.key) {
            // With sizes, those of units that were not drawn would have to be known too.
            (Some(_), _) => vec![None; calls.calls.len()],
            (None, key) if key == simple::CARD.key => by_simple(&calls, &held, shares)?,
            (None, _) => calls.calls.iter().map(|call| Some(call.chance)).collect(),
        };
        let asking = Asking::of(&calls, &called);
        let told = DrawnCalls {
            choice: word(rule).to_owned(),
            numbers: asking.calls(),
            shared: asking.shared(),
            passed_over: asking.passed_over(),
        };
        sample.basis.asking = Some(asking);
        Ok(Some(told))
    }
}

/// The key of each drawn unit's number. One that is not well formed is shared with nobody.
fn keys(frame: &Frame, sample: &Sample) -> Result<Vec<u64>, crate::Error> {
    let phone = frame.roles().phone.as_deref().ok_or(Error::NoPhone)?;
    let cells = frame.list().gather(&sample.row, &[phone])?;
    let key = |(place, cell): (u64, &Option<String>)| {
        let number = cell.as_deref().unwrap_or_default();
        // No number has so many digits.
        frame.numbering().key(number).unwrap_or(u64::MAX - place)
    };
    Ok((0..).zip(cells.iter().flatten()).map(key).collect())
}

/// How many units of the list hold each drawn number, by stratum: one reading of two or three columns, of
/// which no more is kept than belongs to drawn numbers.
fn held(frame: &Frame, keys: &[u64], shares: &[Share]) -> Result<Held, crate::Error> {
    let mut numbers: Vec<(u64, usize)> = keys.iter().copied().zip(0..).collect();
    numbers.sort_unstable();
    numbers.dedup_by_key(|(key, _)| *key);
    let strata: BTreeMap<&[String], usize> = shares
        .iter()
        .zip(0..)
        .map(|(share, place)| (share.labels.as_slice(), place))
        .collect();
    let roles = frame.roles();
    let columns: Vec<&str> = roles
        .phone
        .iter()
        .chain(&roles.strata)
        .map(String::as_str)
        .collect();
    let found: Mutex<Held> = Mutex::default();
    frame.list().scan(&columns, &|batch| {
        let Some((phones, strata_cells)) = batch.columns.split_first() else {
            return Ok(());
        };
        let mut here: Vec<(usize, usize)> = Vec::new();
        for (row, phone) in phones.iter().enumerate() {
            let Some(key) = phone.and_then(|phone| frame.numbering().key(phone).ok()) else {
                continue;
            };
            let Ok(at) = numbers.binary_search_by_key(&key, |(key, _)| *key) else {
                continue;
            };
            let labels: Vec<String> = strata_cells
                .iter()
                .map(|cells| cells[row].unwrap_or_default().to_owned())
                .collect();
            here.extend(
                strata
                    .get(labels.as_slice())
                    .map(|&place| (numbers[at].1, place)),
            );
        }
        let mut found = found.lock().expect("no visitor panicked");
        for (number, stratum) in here {
            *found.entry(number).or_default().entry(stratum).or_default() += 1;
        }
        Ok(())
    })?;
    let mut found = found.into_inner().expect("no visitor panicked");
    // Numbers that are not well formed were not looked for: their units stand alone.
    for &(_, first) in &numbers {
        found.entry(first).or_default();
    }
    Ok(found)
}

/// The chance n / N of every unit that holds a drawn number, as calls want to know them.
fn chances_of_holders(keys: &[u64], held: &Held, shares: &[Share]) -> BTreeMap<u64, Vec<f64>> {
    let chances = |strata: &BTreeMap<usize, u64>| -> Vec<f64> {
        if strata.is_empty() {
            return vec![1.0];
        }
        let of = |(&place, &units): (&usize, &u64)| {
            let share = &shares[place];
            let chance = share.take as f64 / share.population as f64;
            std::iter::repeat_n(chance.min(1.0), units as usize)
        };
        strata.iter().flat_map(of).collect()
    };
    held.iter()
        .map(|(&first, strata)| (keys[first], chances(strata)))
        .collect()
}

/// The exact chance of each call, by simple samples.
fn by_simple(
    calls: &Calls,
    held: &Held,
    shares: &[Share],
) -> Result<Vec<Option<f64>>, crate::Error> {
    let called = |call: &crate::draw::stages::one_call::Call| {
        let known = call.units.first().and_then(|first| held.get(first));
        let strata: Vec<InStratum> = known
            .into_iter()
            .flatten()
            .map(|(&place, &held)| InStratum {
                population: shares[place].population,
                take: shares[place].take,
                held,
            })
            .collect();
        match strata.is_empty() {
            true => Ok(None),
            false => Ok(chance_by_simple(&strata).map(Some)?),
        }
    };
    calls.calls.iter().map(called).collect()
}

/// The columns of a sample that say whom calls are about.
const CALL: &str = "call";
const ASKED: &str = "asked";
const HELD_BY: &str = "held_by";
const CHANCE_ASKED: &str = "chance_asked";
const CHANCE_CALLED: &str = "chance_called";

/// Adds these columns to a sample's.
pub(super) fn push(table: &mut Columns, asking: &Asking) {
    let whole = |values: Vec<u64>| Column::Whole(values);
    let calls = asking.call.iter().map(|&call| u64::from(call)).collect();
    let asked = asking.asked.iter().map(|&asked| u64::from(asked)).collect();
    let chance = asking.chance_asked.iter().copied().map(Some).collect();
    table.push(CALL, whole(calls));
    table.push(ASKED, whole(asked));
    table.push(HELD_BY, whole(asking.held_by.clone()));
    table.push(CHANCE_ASKED, Column::Real(chance));
    table.push(CHANCE_CALLED, Column::Real(asking.chance_called.clone()));
}

/// Reads them again; none if one is missing.
pub(super) fn read(table: &Columns) -> Option<Asking> {
    let whole = |name: &str| match table.get(name)? {
        Column::Whole(values) => Some(values.clone()),
        _ => None,
    };
    let real = |name: &str| match table.get(name)? {
        Column::Real(values) => Some(values.clone()),
        _ => None,
    };
    Some(Asking {
        call: whole(CALL)?.into_iter().map(|call| call as u32).collect(),
        asked: whole(ASKED)?.into_iter().map(|asked| asked == 1).collect(),
        held_by: whole(HELD_BY)?,
        chance_asked: real(CHANCE_ASKED)?.into_iter().collect::<Option<_>>()?,
        chance_called: real(CHANCE_CALLED)?,
    })
}

/// Whether a unit of a sample's table is asked about; none where numbers are called as often as they are
/// drawn.
pub(super) fn is_asked(table: &Columns, row: usize) -> Option<bool> {
    match table.get(ASKED)? {
        Column::Whole(asked) => asked.get(row).map(|&asked| asked == 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_asked, push, read};
    use crate::draw::stages::Asking;
    use crate::files::Columns;

    #[test]
    fn what_is_written_of_calls_is_what_is_read() {
        let asking = Asking {
            call: vec![1, 2, 1],
            asked: vec![false, true, true],
            held_by: vec![3, 1, 3],
            chance_asked: vec![0.5, 1.0, 0.5],
            chance_called: vec![Some(0.25), None, Some(0.25)],
        };
        let mut table = Columns::default();
        assert_eq!((read(&table), is_asked(&table, 0)), (None, None));
        push(&mut table, &asking);
        assert_eq!(read(&table), Some(asking));
        assert_eq!(
            [0, 1, 2].map(|row| is_asked(&table, row)),
            [Some(false), Some(true), Some(true)]
        );
    }
}
