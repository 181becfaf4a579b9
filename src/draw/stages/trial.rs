//! What the tests of draws in stages share.

use super::clusters::{By, Drawn, Node, Stage, Take};
use crate::draw::Method;

const CLUSTERS: [usize; 5] = [3, 8, 5, 4, 10];

/// Five clusters of three to ten units.
pub(super) fn town() -> Vec<Node> {
    let units = |count: usize| {
        (0..count)
            .map(|unit| Node::unit(unit.to_string()))
            .collect()
    };
    CLUSTERS
        .iter()
        .enumerate()
        .map(|(cluster, &count)| Node::cluster(format!("cluster {cluster}"), units(count)))
        .collect()
}

/// A stage.
pub(super) fn stage(method: &'static Method, by: By, take: Take) -> Stage {
    Stage { method, by, take }
}

/// How often each unit, by cluster and place, came in many draws, and its stated chance.
pub(super) fn proves(town: &[Node], draw: impl Fn(&str) -> Vec<Drawn>) {
    const TIMES: u32 = 4_000;
    let mut found: std::collections::BTreeMap<Vec<usize>, (f64, f64)> =
        std::collections::BTreeMap::new();
    for i in 0..TIMES {
        for unit in draw(&format!("stages {i}")) {
            let entry = found
                .entry(unit.places.clone())
                .or_insert((0.0, unit.probability()));
            entry.0 += 1.0;
            assert!((entry.1 - unit.probability()).abs() < 1e-12, "{unit:?}");
        }
    }
    for (places, (times, chance)) in &found {
        let (mean, error) = (
            times / f64::from(TIMES),
            (chance * (1.0 - chance) / f64::from(TIMES)).sqrt(),
        );
        assert!(
            (mean - chance).abs() < 4.5 * error + 1e-9,
            "{places:?}: {mean} is not {chance}"
        );
    }
    // Nobody with a chance is left out: all units of all clusters came.
    let units: usize = town.iter().map(|node| node.inside.len()).sum();
    assert_eq!(found.len(), units);
}
