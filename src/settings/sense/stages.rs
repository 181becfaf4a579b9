//! `[[draw.stage]]`, and what else of `[draw]` has to do with stages

use super::draw::secret;
use super::whole::value;
use crate::draw::equal::smallest;
use crate::draw::stages::StageTake;
use crate::draw::unequal::pps_systematic;
use crate::draw::{How, Method, Misfit, Needs, Part, Size};
use crate::settings::origin::{At, Origin};
use crate::settings::problems::Problem;
use crate::settings::settings::Draw;
use crate::settings::staging::{Stage, StageSpec, Stages};
use crate::settings::wire;
use crate::settings::words::{KindWord, NumberWord};

/// A draw in stages: all of `[draw]`, where a stage is named.
pub(super) fn draw(draw: &wire::Draw, list: &wire::List, found: &mut Vec<Problem>) -> Option<Draw> {
    no_use(draw, found);
    names(draw, list, found);
    for method in draw.stages.iter().filter_map(|stage| stage.method.as_ref()) {
        draws_alone(method, found);
    }
    if let Some(method) = &draw.method {
        draws_alone(method, found);
    }
    nothing_to_decide(draw, found);
    settled(draw, found);
    sizes(draw, found);
    weighs_alike(draw, found);
    Some(Draw {
        how: How {
            size: value(&draw.size),
            ..How::by(value(&draw.method)?)
        },
        stages: Some(stages(draw)?),
        replicates: value(&draw.replicates)?,
        calls: None,
        coordinate: None,
        rest: None,
    })
}

fn is_alike(draw: &wire::Draw) -> bool {
    value(&draw.self_weighting).unwrap_or(false)
}

/// The method of a stage: the one named, or else simple, and systematic by size where all are to weigh alike.
fn method_of(stage: &Stage, draw: &wire::Draw) -> &'static Method {
    let otherwise = match is_alike(draw) {
        true => &pps_systematic::METHOD,
        false => &smallest::METHOD,
    };
    value(&stage.method).unwrap_or(otherwise)
}

fn stages(draw: &wire::Draw) -> Option<Stages> {
    let spec = |stage: &Stage| {
        Some(StageSpec {
            cluster: value(&stage.cluster)?,
            take: value(&stage.take),
            method: method_of(stage, draw),
        })
    };
    Some(Stages {
        clusters: draw.stages.iter().map(spec).collect::<Option<_>>()?,
        within: value(&draw.within),
        or_all: value(&draw.or_all).unwrap_or(false),
        self_weighting: is_alike(draw),
    })
}

/// Refuses what only a draw in stages has, where no stage is named.
pub(super) fn none(draw: &wire::Draw, found: &mut Vec<Problem>) {
    const WHY: &str = "is for a draw in stages, and no cluster is named";
    const HINT: &str = "write [[draw.stage]] and cluster = …, or leave it out";
    if let Some(within) = &draw.within {
        let message = format!("{} {WHY}", within.key);
        found.push(within.problem(message).hint(HINT));
    }
    for yes in [&draw.self_weighting, &draw.or_all].into_iter().flatten() {
        if yes.value {
            let message = format!("{} {WHY}", yes.key);
            found.push(yes.problem(message).hint(HINT));
        }
    }
}

fn bare<T>(at: &At<T>) -> At<()> {
    At {
        value: (),
        key: at.key.clone(),
        origin: at.origin,
    }
}

fn is_written<T>(at: &At<T>) -> bool {
    !matches!(at.origin, Origin::Default { .. })
}

/// Refuses what a draw in stages has no use for.
fn no_use(draw: &wire::Draw, found: &mut Vec<Problem>) {
    let once = |at: &&At<NumberWord>| at.value == NumberWord::One;
    let turn = draw.turn.as_ref().filter(|at| is_written(at)).map(bare);
    let given = [
        (
            draw.sort.as_ref().map(bare),
            "clusters are ordered by their labels, and units by their ids",
        ),
        (
            turn,
            "clusters are ordered by their labels, and units by their ids",
        ),
        (
            draw.spread.as_ref().map(bare),
            "no method that spreads draws in stages",
        ),
        (
            draw.balance.as_ref().map(bare),
            "no method that balances draws in stages",
        ),
        (
            draw.landing.as_ref().map(bare),
            "no method that balances draws in stages",
        ),
        (
            draw.calls.number.as_ref().filter(once).map(bare),
            "units that share a number may stand in clusters of different chances",
        ),
        (
            draw.coordinate.with.as_ref().map(bare),
            "the numbers of clusters and of units in them cannot be turned together",
        ),
        (
            draw.rest
                .file
                .as_ref()
                .map(bare)
                .or(draw.rest.with.as_ref().map(bare)),
            "clusters would lose some of their units, and with them their own chance",
        ),
    ];
    for (at, why) in given {
        if let Some(at) = at {
            let message = format!(
                "{} is given, and a draw in stages has no use for it: {why}",
                at.key
            );
            found.push(
                at.problem(message)
                    .hint("leave it out, or leave [[draw.stage]] out"),
            );
        }
    }
}

/// Whether every column has one part to play.
fn names(draw: &wire::Draw, list: &wire::List, found: &mut Vec<Problem>) {
    if list.kind.as_ref().map(|kind| kind.value) == Some(KindWord::Numbers)
        && let Some(stage) = draw.stages.first()
    {
        let message =
            "[[draw.stage]] draws clusters of a list, and this one holds blocks of numbers";
        let hint = "leave it out, and let blocks be strata";
        found.push(Problem::new(stage.at.origin, &stage.at.key, message).hint(hint));
    }
    if let Some(size) = &draw.size {
        found.extend(secret(size, list));
    }
    let strata = list.strata.iter().flat_map(|strata| &strata.value);
    let mut before: Vec<&String> = strata.map(|stratum| &stratum.value).collect();
    for cluster in draw
        .stages
        .iter()
        .filter_map(|stage| stage.cluster.as_ref())
    {
        found.extend(secret(cluster, list));
        if before.contains(&&cluster.value) {
            let message = format!(
                "{} names '{}', which is a stratum or another stage already",
                cluster.key, cluster.value
            );
            let hint = "name every column once; clusters lie within strata, and smaller ones within larger";
            found.push(cluster.problem(message).hint(hint));
        }
        before.push(&cluster.value);
    }
}

/// Refuses methods that cannot draw at a stage: by chances alone, each unit once, and a number that is known.
fn draws_alone(method: &At<&'static Method>, found: &mut Vec<Problem>) {
    let key = method.value.card.key;
    let why = match (method.value.size, method.value.needs) {
        (Size::Hits, _) => "draws with replacement",
        (Size::Random, _) => "draws a number that nobody knows beforehand",
        (Size::Fixed, Needs::Chances | Needs::EqualChances) => return,
        (Size::Fixed, _) => "goes by places or amounts",
    };
    let message = format!("{} is '{key}', which {why}; a stage does not", method.key);
    let hint = "take simple, systematic, pps-systematic, sampford, pivotal …";
    found.push(method.problem(message).hint(hint));
}

/// Refuses a method where all are taken.
fn nothing_to_decide(draw: &wire::Draw, found: &mut Vec<Problem>) {
    let of_stages = draw.stages.iter().map(|stage| (&stage.take, &stage.method));
    for (take, method) in of_stages.chain([(&draw.within, &draw.method)]) {
        let all = value(take) == Some(StageTake::All);
        if let Some(method) = method.as_ref().filter(|at| all && is_written(at)) {
            let message = format!("{} is given, and all are taken there", method.key);
            found.push(
                method
                    .problem(message)
                    .hint("leave it out: nothing is left to chance"),
            );
        }
    }
}

/// Whether the plan's number of units settles all that is not written, and nothing that is.
fn settled(draw: &wire::Draw, found: &mut Vec<Problem>) {
    let Some(first) = draw.stages.first() else {
        return;
    };
    let key = |stage: &Stage| format!("{}.take", stage.at.key);
    let blamed = |key: &String| found.iter().any(|problem| problem.key == *key);
    let within = "draw.within".to_owned();
    let of_stages = draw
        .stages
        .iter()
        .map(|stage| (key(stage), value(&stage.take)));
    let takes: Vec<(String, Option<StageTake>)> = of_stages
        .chain([(within, value(&draw.within))])
        .filter(|(key, _)| !blamed(key))
        .collect();
    let open: Vec<&str> = takes
        .iter()
        .filter(|(_, take)| take.is_none())
        .map(|(key, _)| key.as_str())
        .collect();
    if open.len() > 1 {
        let message = format!(
            "{} are left out, and the plan's number of units settles only one of them",
            open.join(" and ")
        );
        let hint = "write all but one; the plan says the rest";
        found.push(Problem::new(first.at.origin, &first.at.key, message).hint(hint));
    }
    let all = |take: &Option<StageTake>| *take == Some(StageTake::All);
    if open.is_empty()
        && takes.len() == draw.stages.len() + 1
        && let Some(within) = draw.within.as_ref().filter(|at| at.value == StageTake::All)
    {
        let (message, hint) = match takes.iter().all(|(_, take)| all(take)) {
            true => (
                "everything is taken, and nothing is left to draw",
                "write a number for one of the stages",
            ),
            false => (
                "all units of the clusters are taken, so the plan's number of units says how many clusters, \
                 and every take is written",
                "leave the take of a stage out: it follows from the plan",
            ),
        };
        let message = format!("{} is \"all\": {message}", within.key);
        found.push(within.problem(message).hint(hint));
    }
}

/// Whether sizes are there where they are needed, and of use where they are there.
fn sizes(draw: &wire::Draw, found: &mut Vec<Problem>) {
    let takes_all = |take: &Option<At<StageTake>>| value(take) == Some(StageTake::All);
    let unequal = |method: &Method| method.needs != Needs::EqualChances;
    let units = value(&draw.method).filter(|_| !takes_all(&draw.within));
    if let Some(size) = &draw.size {
        let clusters = draw.stages.iter().filter(|stage| !takes_all(&stage.take));
        let goes = clusters
            .map(|stage| method_of(stage, draw))
            .chain(units)
            .any(unequal);
        let why = match (is_alike(draw), goes) {
            (true, _) => {
                "draw.self_weighting draws clusters in proportion to the number of their units"
            }
            (_, false) => "every stage draws with equal chances",
            _ => return,
        };
        let message = format!("{} is given, and {why}", size.key);
        found.push(size.problem(message).hint("leave one of the two out"));
    } else if let (Some(units), Some(at)) = (units, &draw.method)
        && How::by(units)
            .misfits(1)
            .contains(&Misfit::Lacks(Part::Size))
    {
        let message = format!(
            "'{}' draws units in proportion to size, and draw.size is missing",
            units.card.key
        );
        let hint = "write size = … under [draw], or take simple or systematic for units";
        found.push(at.problem(message).hint(hint));
    }
}

/// Whether every unit of a stratum can have the same chance.
fn weighs_alike(draw: &wire::Draw, found: &mut Vec<Problem>) {
    let Some(at) = draw.self_weighting.as_ref().filter(|alike| alike.value) else {
        return;
    };
    let mut refuse = |why: &str, hint: &str| {
        found.push(
            at.problem(format!("{} is true, and {why}", at.key))
                .hint(hint),
        );
    };
    if value(&draw.or_all) == Some(true) {
        refuse(
            "units of a cluster that is taken whole, as draw.or_all allows, would not weigh what others do",
            "leave one of the two out",
        );
    }
    if draw.stages.len() > 1 {
        refuse(
            "it has one stage of clusters, and then units",
            "name one [[draw.stage]]",
        );
    }
    let of_stages = draw.stages.iter().map(|stage| value(&stage.take));
    if of_stages
        .chain([value(&draw.within)])
        .any(|take| take == Some(StageTake::All))
    {
        let hint = "write numbers, or leave one of the two out";
        refuse(
            "it draws a number of clusters, and a number of units in each",
            hint,
        );
    }
    let equal = |method: &&Method| method.needs == Needs::EqualChances;
    if draw
        .stages
        .iter()
        .filter_map(|stage| value(&stage.method))
        .any(|method| equal(&method))
    {
        let why =
            "clusters come in proportion to their units, and this method draws with equal chances";
        refuse(
            why,
            "leave the method of the stage out, or take pps-systematic, sampford or pivotal",
        );
    }
    if value(&draw.method).is_some_and(|method| !equal(&method)) {
        let why = "units come with equal chances within their cluster";
        refuse(why, "leave draw.method out, or take simple or systematic");
    }
}

/// Refuses plans whose numbers whole clusters cannot come to.
pub(super) fn beside(wire: &wire::Wire, found: &mut Vec<Problem>) {
    let (draw, plan) = (&wire.draw, &wire.plan);
    if draw.stages.is_empty() {
        return;
    }
    let rows = plan.round.as_ref().and_then(|round| round.rows.as_ref());
    let exact = plan.exact_pool.as_ref().filter(|exact| exact.value);
    let given = [
        (
            rows.map(bare),
            "margins are kept by numbers that are rounded one by one",
        ),
        (
            exact.map(bare),
            "the whole pool is drawn to the last number",
        ),
    ];
    for (at, why) in given {
        if let Some(at) = at {
            let message = format!(
                "{} does not go with [[draw.stage]]: {why}, and whole clusters come to other numbers",
                at.key
            );
            found.push(at.problem(message).hint("leave one of the two out"));
        }
    }
}
