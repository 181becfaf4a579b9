//! `[draw]`

use jiff::civil::Date;

use super::whole::{all, blamed, value};
use super::{shared, stages, waves};
use crate::draw::balance::lands::Lands;
use crate::draw::{How, Method, Misfit, Part};
use crate::settings::origin::{At, Origin};
use crate::settings::problems::Problem;
use crate::settings::section::missing;
use crate::settings::settings::Draw;
use crate::settings::wire;

/// Which ones: a method, and what it goes by.
pub(super) fn draw(
    draw: &wire::Draw,
    list: &wire::List,
    start: Option<Date>,
    found: &mut Vec<Problem>,
) -> Option<Draw> {
    if !draw.stages.is_empty() {
        return stages::draw(draw, list, found);
    }
    stages::none(draw, found);
    for name in named(draw) {
        found.extend(secret(name, list));
    }
    let how = How {
        method: value(&draw.method)?,
        size: value(&draw.size),
        sort: all(&draw.sort).unwrap_or_default(),
        turn: value(&draw.turn)?,
        spread: all(&draw.spread).unwrap_or_default(),
        balance: all(&draw.balance).unwrap_or_default(),
        landing: value(&draw.landing),
        ..How::by(value(&draw.method)?)
    };
    let replicates = value(&draw.replicates)?;
    for misfit in how.misfits(replicates) {
        found.extend(told(misfit, how.method, draw, found));
    }
    found.extend(turned(draw, &how));
    if how.misfits(replicates).is_empty() {
        found.extend(pooled(&draw.landing, how.method));
    }
    let coordinate = waves::coordinate(&draw.coordinate, how.method, found);
    let calls = shared::calls(&draw.calls, list, &how, found);
    shared::uncut(&draw.calls, calls, replicates, found);
    let rest = waves::rest(&draw.rest, calls.is_some(), start, found)?;
    Some(Draw {
        how: How {
            rests: rest.is_some(),
            ..how
        },
        stages: None,
        replicates,
        calls,
        coordinate: coordinate?,
        rest,
    })
}

/// The columns that are named.
fn named(draw: &wire::Draw) -> impl Iterator<Item = &At<String>> {
    let lists = [&draw.sort, &draw.spread, &draw.balance];
    let columns = lists.into_iter().flatten().flat_map(|names| &names.value);
    draw.size.iter().chain(columns)
}

/// What a draw goes by stands in the sample's file; an id and a telephone number must not.
pub(super) fn secret(name: &At<String>, list: &wire::List) -> Option<Problem> {
    let own = "number".to_owned();
    let numbers = list.block.is_some().then_some(&own);
    let roles = [&list.unit, &list.phone].into_iter().flatten();
    let is_secret = roles
        .map(|role| &role.value)
        .chain(numbers)
        .any(|role| *role == name.value);
    is_secret.then(|| {
        let message = format!(
            "{} names '{}', which stays in the list and is in no file of the sample",
            name.key, name.value
        );
        name.problem(message)
            .hint("leave it out; the id decides last anyway")
    })
}

/// A landing of all strata together is the cube's alone.
fn pooled(landing: &Option<At<Lands>>, method: &Method) -> Option<Problem> {
    let at = landing.as_ref()?;
    let lands = value(landing)?;
    let fits = lands != Lands::Together || lands.of(method).is_some();
    (!fits).then(|| {
        let message = format!(
            "draw.landing is 'pooled', and '{}' does not land in all strata together: only the cube does",
            method.card.key
        );
        at.problem(message)
            .hint("write drop or lp, which land stratum by stratum, or take cube")
    })
}

/// Which key of `[draw]` a part is written under.
fn key(part: Part) -> &'static str {
    match part {
        Part::Size => "size",
        Part::Sort => "sort",
        Part::Spread => "spread",
        Part::Balance => "balance",
        Part::Landing => "landing",
        Part::Replicates => "replicates",
    }
}

/// What does not fit the method, with a remedy; nothing where the value itself is at fault already.
fn told(misfit: Misfit, method: &Method, draw: &wire::Draw, found: &[Problem]) -> Option<Problem> {
    let name = method.card.key;
    match misfit {
        Misfit::Lacks(part) if blamed(&draw.at, key(part), found) => None,
        Misfit::Lacks(part) => {
            let problem = missing(&draw.at, key(part));
            let write = problem.hint.clone().unwrap_or_default();
            let (message, other) = match part {
                Part::Size => (
                    format!("'{name}' draws in proportion to size, and draw.size is missing"),
                    "; for equal chances take simple, systematic or bernoulli",
                ),
                _ => (
                    format!(
                        "'{name}' needs {}, and draw.{} is missing",
                        part.what(),
                        key(part)
                    ),
                    "",
                ),
            };
            Some(Problem { message, ..problem }.hint(format!("{write}{other}")))
        }
        Misfit::Unused(part) => {
            let at = place(part, draw)?;
            let message = format!(
                "{} is given, and '{name}' has no use for it: {}",
                at.key,
                part.why()
            );
            let others = part.methods().join(", ");
            Some(
                at.problem(message)
                    .hint(format!("leave it out, or take {others}")),
            )
        }
    }
}

/// Where a part is written.
fn place(part: Part, draw: &wire::Draw) -> Option<At<()>> {
    fn bare<T>(at: &Option<At<T>>) -> Option<At<()>> {
        at.as_ref().map(|at| At {
            value: (),
            key: at.key.clone(),
            origin: at.origin,
        })
    }
    match part {
        Part::Size => bare(&draw.size),
        Part::Sort => bare(&draw.sort),
        Part::Spread => bare(&draw.spread),
        Part::Balance => bare(&draw.balance),
        Part::Landing => bare(&draw.landing),
        Part::Replicates => bare(&draw.replicates),
    }
}

/// A turn of an order that nobody asked for.
fn turned(draw: &wire::Draw, how: &How) -> Option<Problem> {
    let turn = draw.turn.as_ref()?;
    let written = !matches!(turn.origin, Origin::Default { .. });
    (written && how.sort.is_empty() && draw.sort.is_none()).then(|| {
        turn.problem("draw.turn is given, and draw.sort, the order that would turn, is not")
            .hint("write sort = [ … ] under [draw], or leave turn out")
    })
}
