//! The chances of pairs of units that were drawn in stages.

use super::{MOST_IN_STRATUM, Table, drawn_so_many, word};
use crate::bare::stages::town::Town;
use crate::bare::{Error, Request};
use crate::draw::Accuracy;
use crate::draw::approximate::Formula;
use crate::draw::stages::clusters::{self, Drawn, Node, Stage};
use crate::draw::stages::pairs::{Known, pairs_among};

/// The pairs of what was drawn of all strata.
///
/// # Errors
///
/// [`Error::ManyPairs`] if too many units were drawn; [`Error::Pairs`] names stages at which pairs are not known;
/// else what the methods run into.
pub(in crate::bare) fn in_stages(
    request: &Request,
    stages: &[Stage],
    towns: &[Town],
    paths: &[Vec<Drawn>],
) -> Result<Table, Error> {
    drawn_so_many(paths.iter().map(Vec::len).sum())?;
    let near = request.pairs.as_ref().and_then(|wanted| wanted.near);
    let towns = || towns.iter().zip(paths);
    if near.is_none() {
        let problems = towns().flat_map(|(town, paths)| too_long(request, stages, town, paths));
        let problems: Vec<String> = problems.collect();
        if !problems.is_empty() {
            return Err(Error::Pairs { problems });
        }
    }
    let exact = |stage: &Stage| stage.method.chances == Accuracy::Exact;
    let mut table = Table::new(stages.iter().all(exact));
    for (town, paths) in towns() {
        let add = of_stratum(
            town,
            stages,
            near.unwrap_or(Formula::Hajek),
            paths,
            &mut table,
        );
        add.map_err(|error| Error::Stratum {
            stratum: town.label.clone(),
            error,
        })?;
    }
    Ok(table)
}

/// The stages at which a pair is found only with all that are drawn from at once, and these are too many.
fn too_long(request: &Request, stages: &[Stage], town: &Town, paths: &[Drawn]) -> Vec<String> {
    let problem = |(level, stage): (usize, &Stage)| {
        let longest = paths
            .iter()
            .map(|path| members(&town.nodes, &path.places[..level]))
            .max()?;
        let is_drawn = match stage.take {
            clusters::Take::Count(take) | clusters::Take::AtMost(take) => take > 1,
            clusters::Take::All => false,
        };
        let plan = request.stages.as_ref();
        let column = plan.and_then(|plan| plan.clusters.get(level));
        let column = column.map_or(&request.id, |stage| &stage.column);
        (stage.method.sees_all() && is_drawn && longest > MOST_IN_STRATUM).then(|| {
            format!(
                "stratum '{}', stage '{column}': '{}' finds a pair only with all that it draws from at once, and \
                 these are up to {longest}",
                town.label, stage.method.card.key
            )
        })
    };
    stages.iter().enumerate().filter_map(problem).collect()
}

/// How many stand where these places lead.
fn members(nodes: &[Node], places: &[usize]) -> usize {
    let inside = places.iter().try_fold(nodes, |nodes, place| {
        nodes.get(*place).map(|node| node.inside.as_slice())
    });
    inside.map_or(0, <[Node]>::len)
}

fn of_stratum(
    town: &Town,
    stages: &[Stage],
    near: Formula,
    paths: &[Drawn],
    table: &mut Table,
) -> Result<(), crate::draw::Error> {
    let label = town.label.as_str();
    let places: Vec<&[usize]> = paths.iter().map(|path| path.places.as_slice()).collect();
    let nodes = (label, town.nodes.as_slice());
    let found = pairs_among(nodes, stages, (near, MOST_IN_STRATUM), &places)?;
    let exact = found.known.iter().all(|known| *known == Known::Exact);
    let formula = if exact { "stages" } else { word(near) };
    let at = |path: &Drawn| found.places.binary_search(&path.places).ok();
    let (places, drawn): (Vec<usize>, Vec<(&str, f64)>) = paths
        .iter()
        .filter_map(|path| Some((at(path)?, (path.ids.last()?.as_str(), path.probability()))))
        .unzip();
    table.add(label, &drawn, (exact, formula), |k, l| {
        found.joint.of(places[k], places[l])
    });
    Ok(())
}
