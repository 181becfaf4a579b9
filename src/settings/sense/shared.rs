//! `[draw.calls]`, and `round` of `[plan]`

use super::columns::stand_in;
use super::whole::{all, blamed};
use crate::draw::How;
use crate::draw::stages::one_call::Rule;
use crate::settings::origin::{At, Origin};
use crate::settings::problems::Problem;
use crate::settings::settings::Round;
use crate::settings::shared;
use crate::settings::wire;
use crate::settings::words::{AskWord, KindWord, NumberWord};

/// Which of the drawn units that share a number a call is about, if each number is called once.
pub(super) fn calls(
    calls: &shared::Calls,
    list: &wire::List,
    how: &How,
    found: &mut Vec<Problem>,
) -> Option<Rule> {
    let (number, choice) = (calls.number.as_ref()?, calls.choice.as_ref()?);
    let ask = calls.ask.as_ref()?;
    let any = number.value == NumberWord::Any;
    let only = if any {
        "number = \"one\""
    } else {
        "ask = \"one\""
    };
    let mut refuse = |at: At<()>| {
        if !matches!(at.origin, Origin::Default { .. }) {
            let message = format!("{} is only for {only}", at.key);
            found.push(at.problem(message).hint("leave it out"));
        }
    };
    if any {
        refuse(bare(ask));
    }
    if any || ask.value == AskWord::All {
        refuse(bare(choice));
    }
    if any {
        return None;
    }
    let Some((why, hint)) = unfit(list, how, found) else {
        return Some(match ask.value {
            AskWord::One => Rule::AskOne(choice.value),
            AskWord::All => Rule::AskAll,
        });
    };
    let message = format!("{} is 'one', and {why}", number.key);
    found.push(number.problem(message).hint(hint));
    None
}

/// Refuses calls about all the units of a number where the sample is cut: units that share it come into
/// different replicates.
pub(super) fn uncut(
    calls: &shared::Calls,
    rule: Option<Rule>,
    replicates: u32,
    found: &mut Vec<Problem>,
) {
    if let (Some(ask), Some(Rule::AskAll), 2..) = (&calls.ask, rule, replicates) {
        let message = format!(
            "{} is 'all', and draw.replicates is {replicates}: units that share a number come into different \
             replicates, and it would be called again with each",
            ask.key
        );
        let hint = "write ask = \"one\", by which every number is called once, or replicates = 1";
        found.push(ask.problem(message).hint(hint));
    }
}

fn bare<T>(at: &At<T>) -> At<()> {
    At {
        value: (),
        key: at.key.clone(),
        origin: at.origin,
    }
}

/// Why a number cannot be called once, and what to do about it.
fn unfit(list: &wire::List, how: &How, found: &[Problem]) -> Option<(&'static str, &'static str)> {
    if list.kind.as_ref().map(|kind| kind.value) == Some(KindWord::Numbers) {
        let hint = "leave it out";
        return Some(("a list of numbers holds none of them twice", hint));
    }
    if list.phone.is_none() && !blamed(&list.at, "phone", found) {
        let hint = "write phone = … under [list], or leave it out";
        return Some(("list.phone, the column of numbers, is missing", hint));
    }
    let hint = "leave it out, or take a method without replacement";
    how.hits()
        .then_some(("with replacement a unit may be hit more than once", hint))
}

/// In which directions a plan is rounded.
pub(super) fn round(
    round: &shared::Round,
    list: &wire::List,
    found: &mut Vec<Problem>,
) -> Option<Round> {
    let strata = all(&list.strata);
    let written = [&round.rows, &round.columns, &round.layers];
    for names in written.into_iter().flatten() {
        stand_in(&names.value, strata.as_deref(), "not in list.strata", found);
        if names.value.is_empty() {
            let message = format!("{} names no column", names.key);
            found.push(names.problem(message).hint("name columns of list.strata"));
        }
    }
    Some(Round {
        rows: all(&round.rows)?,
        columns: all(&round.columns)?,
        layers: all(&round.layers).unwrap_or_default(),
    })
}
