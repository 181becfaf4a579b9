//! The clusters of the first stage, as both waves know them.

use std::collections::{BTreeMap, BTreeSet};

use super::Wave;
use crate::frame::{Codes, join};
use crate::study::drawn::NEARLY;

/// The clusters of either wave, by their labels after that of their stratum, as their permanent numbers go: where
/// a stratum has another label in the second wave, one seed draws its clusters anew, and what is shared is chance
/// alone.
///
/// A cluster that neither wave could miss, and that is alone in its stratum, stands for nothing that chance decided: what
/// was drawn within it takes its place.
pub(super) fn of_both(waves: [&Wave<'_>; 2]) -> [Codes; 2] {
    let open = waves.map(certain);
    waves.map(|wave| {
        let sample = &wave.answered.sample;
        let stages = &sample.basis.stages;
        let clusters = first(wave);
        let inside = stages.get(1).and_then(|level| level.clusters.as_ref());
        Codes::from_labels((0..sample.len()).map(|row| {
            let label = clusters.label(row);
            let is_open = open.iter().all(|open| open.contains(label));
            match (is_open, inside) {
                (false, _) => label.to_owned(),
                (true, Some(inside)) => inside.label(row).to_owned(),
                (true, None) => join(&[label, &wave.ids[row]]),
            }
        }))
    })
}

fn first<'a>(wave: &'a Wave<'_>) -> &'a Codes {
    let sample = &wave.answered.sample;
    let clusters = sample.basis.stages.first();
    let clusters = clusters.and_then(|level| level.clusters.as_ref());
    clusters.unwrap_or(&sample.stratum)
}

/// Clusters that are alone in their stratum and were certain, and in which chance decided on the next stage.
fn certain<'a>(wave: &'a Wave<'_>) -> BTreeSet<&'a str> {
    let sample = &wave.answered.sample;
    let [here, next, ..] = sample.basis.stages.as_slice() else {
        return BTreeSet::new();
    };
    let clusters = first(wave);
    let mut strata: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for row in 0..sample.len() {
        let stratum = strata.entry(sample.stratum.code(row)).or_default();
        stratum.insert(clusters.code(row));
    }
    let is_certain = |row: &usize| {
        strata[&sample.stratum.code(*row)].len() == 1
            && here.chance[*row] >= NEARLY
            && next.chance[*row] < NEARLY
    };
    let rows = (0..sample.len()).filter(is_certain);
    rows.map(|row| clusters.label(row)).collect()
}
