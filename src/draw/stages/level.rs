//! What is kept of a draw in stages beside a sample: clusters, and the chance of each stage.

use crate::draw::Method;
use crate::draw::equal::simple;
use crate::frame::Codes;

/// One stage of a draw, as it is kept beside a sample: one entry per drawn unit.
#[derive(Debug, Clone)]
pub struct Level {
    /// The column of the clusters' labels; none at the last stage, where units are drawn.
    pub column: Option<String>,
    /// The method; none where all are taken.
    pub method: Option<&'static Method>,
    /// The cluster of each unit, by its label after those of its stratum and of what holds it; none at the
    /// last stage.
    pub clusters: Option<Codes>,
    /// The chance of the cluster, or of the unit, once what holds it is drawn.
    pub chance: Vec<f64>,
    /// Out of how many it was drawn: clusters or units in what holds it.
    pub there: Vec<u64>,
}

/// Methods are known by the key of their card.
impl PartialEq for Level {
    fn eq(&self, other: &Level) -> bool {
        let key = |level: &Level| level.method.map(|method| method.card.key);
        key(self) == key(other)
            && (&self.column, &self.clusters) == (&other.column, &other.clusters)
            && (&self.chance, &self.there) == (&other.chance, &other.there)
    }
}

impl Level {
    /// Whether clusters or units were drawn simply here, or all of them taken.
    #[must_use]
    pub fn is_simple(&self) -> bool {
        self.method
            .is_none_or(|method| method.card.key == simple::CARD.key)
    }
}

/// Whether a cluster was drawn from and gave one cluster or unit, of several: how those in it differ is then
/// unknown.
///
/// ```
/// use canvass::draw::stages::{Level, is_alone};
/// use canvass::frame::Codes;
/// let level = |clusters, there: [u64; 3]| {
///     Level { column: None, method: None, clusters, chance: vec![0.5; 3], there: there.to_vec() }
/// };
/// let branches = Codes::from_labels(["east", "east", "west"]);
/// let stages = |units| [level(Some(branches.clone()), [4; 3]), level(None, units)];
/// assert!(is_alone(&stages([8, 8, 9])));
/// assert!(!is_alone(&stages([8, 8, 1]))); // all of the west
/// ```
#[must_use]
pub fn is_alone(stages: &[Level]) -> bool {
    stages.windows(2).any(|pair| {
        let (Some(above), level) = (&pair[0].clusters, &pair[1]) else {
            return false;
        };
        let own = |row: usize| match &level.clusters {
            Some(clusters) => clusters.code(row),
            None => row,
        };
        let mut first = vec![None; above.labels().len()];
        let mut several = vec![false; first.len()];
        for row in 0..above.len() {
            let cluster = above.code(row);
            several[cluster] |= *first[cluster].get_or_insert(own(row)) != own(row);
        }
        (0..above.len()).any(|row| !several[above.code(row)] && level.there[row] > 1)
    })
}
