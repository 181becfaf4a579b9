//! Strata with a single cluster: what they may be taken for.
//!
//! One cluster tells nothing of how clusters differ. What the stratum adds to the variance must be
//! supposed, and only a person can know what is reasonable. Unless one says so, the stratum is named
//! and the figure has no variance.

use super::tree::{Level, Stratum};
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "lonely",
    title: Words::new("Strata with a single cluster", "仅抽中一个群的层"),
    says: Words::new(
        "A stratum with one cluster, of several, has no variance of its own. It may be taken for certain \
         (it adds 0), be measured from the mean of all clusters (adjust), add what the other strata add \
         on average (average), or be joined with the stratum next to it in size (collapse). Without a \
         word of the person, it is named and there is no variance.",
        "只抽中一个群的层本身无法估计方差。可视为必然抽中（贡献为0）、以全部群的均值为中心（adjust）、\
         按其他各层的平均贡献计（average），或与规模最接近的层合并（collapse）；\
         未作选择时列出该层，不给出方差。",
    ),
    formula: "certainty: 0;  adjust: (1 − f_h)(t_h − Σ t / Σ n)²;  average: Σ V̂_h · H / (H − lonely)",
    sources: &[
        Source::at("Wolter (2007)", "§2.5"),
        Source::at("Lumley (2010)", "§3.2.1"),
    ],
};

/// What a stratum with a single cluster, of several, is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lonely {
    /// Nothing: it is named, and there is no variance.
    #[default]
    Fail,
    /// Its cluster was taken with certainty: the stratum adds nothing.
    Certainty,
    /// Its cluster differs from the mean of all clusters as much as from those of its own stratum.
    Adjust,
    /// It adds as much as other strata do on average.
    Average,
    /// It is joined with the stratum next to it in size, before anything is estimated.
    Collapse,
}

impl Lonely {
    /// All of them.
    pub const ALL: [Lonely; 5] = [
        Lonely::Fail,
        Lonely::Certainty,
        Lonely::Adjust,
        Lonely::Average,
        Lonely::Collapse,
    ];

    /// The word a person types.
    ///
    /// ```
    /// use canvass::estimate::variance::Lonely;
    /// assert_eq!(Lonely::Certainty.word(), "certainty");
    /// ```
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Lonely::Fail => "fail",
            Lonely::Certainty => "certainty",
            Lonely::Adjust => "adjust",
            Lonely::Average => "average",
            Lonely::Collapse => "collapse",
        }
    }

    /// What it supposes, in a few words.
    #[must_use]
    pub fn supposes(self) -> &'static str {
        match self {
            Lonely::Fail => "nothing is supposed",
            Lonely::Certainty => "they were certain to be drawn and add 0",
            Lonely::Adjust => "they differ from the mean of all clusters",
            Lonely::Average => "they add what other strata add on average",
            Lonely::Collapse => "each is joined with the stratum next to it in size",
        }
    }

    /// Every remedy, with what it supposes.
    #[must_use]
    pub fn remedies() -> String {
        let remedy = |lonely: &Lonely| format!("{} ({})", lonely.word(), lonely.supposes());
        Lonely::ALL[1..]
            .iter()
            .map(remedy)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// What one stratum adds to the variance of a sum, if its single cluster comes to `total` and
    /// `centre` is what clusters of all strata come to on average. None where it takes the other
    /// strata to know.
    ///
    /// # Formula
    ///
    /// ```text
    /// certainty   0
    /// adjust      (1 − f_h) (t_h − Σ_k t_k / Σ_k n_k)²
    /// ```
    ///
    /// Sums run over the strata that have to do with the figure, n_k over all their clusters.
    ///
    /// # Source
    ///
    /// Lumley (2010), §3.2.1. The centre of `adjust` is that of R's `survey` 4.5; in 4.1 it was 0, and
    /// totals came out larger. Means are the same in both, because their scores add up to 0.
    pub(super) fn share(self, stratum: &Stratum, total: f64, centre: f64) -> Option<f64> {
        match self {
            Lonely::Certainty => Some(0.0),
            Lonely::Adjust => Some((1.0 - stratum.fraction) * (total - centre).powi(2)),
            Lonely::Fail | Lonely::Average | Lonely::Collapse => None,
        }
    }
}

/// Joins each stratum with a single cluster to the one next to it in size: the estimated number of
/// units, Σ w. From small to large, each takes the nearer neighbour that is in no pair yet, or else
/// the nearer one. Strata taken whole are left out. One that has no neighbour stays alone.
///
/// The joined stratum has n_g = Σ n_h clusters of N_g = Σ N_h. Its variance is too large as a rule,
/// because it holds the difference between the strata too.
///
/// # Source
///
/// Wolter (2007), §2.5: pairs are to be formed by what is known before the answers are.
pub(super) fn collapse(level: &mut Level) {
    let strata = &level.strata;
    let mut leader: Vec<usize> = (0..strata.len()).collect();
    let mut first = 0;
    for parent in strata.chunk_by(|a, b| a.parent == b.parent) {
        for run in pairs(parent) {
            let run: Vec<usize> = run.into_iter().map(|place| first + place).collect();
            let least = run.iter().copied().min().expect("a run has members");
            run.into_iter().for_each(|place| leader[place] = least);
        }
        first += parent.len();
    }
    level.join(&leader);
}

/// Which of the strata of one cluster are to be joined: runs in the order of size.
pub(super) fn pairs(strata: &[Stratum]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..strata.len())
        .filter(|&h| !strata[h].is_whole())
        .collect();
    order.sort_by(|&a, &b| strata[a].size.total_cmp(&strata[b].size).then(a.cmp(&b)));
    let size = |place: usize| strata[order[place]].size;
    // joined[i]: the i-th in size goes with the one after it.
    let mut joined = vec![false; order.len()];
    let taken = |joined: &[bool], place: usize| joined[place] || (place > 0 && joined[place - 1]);
    for place in 0..order.len() {
        if !strata[order[place]].is_lonely() || taken(&joined, place) {
            continue;
        }
        let below = place.checked_sub(1);
        let above = Some(place + 1).filter(|&next| next < order.len());
        let near = [below, above].into_iter().flatten().min_by(|&a, &b| {
            let apart = |other: usize| (size(other) - size(place)).abs();
            let bound = |other: usize| taken(&joined, other);
            bound(a).cmp(&bound(b)).then(apart(a).total_cmp(&apart(b)))
        });
        if let Some(near) = near {
            joined[near.min(place)] = true;
        }
    }
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for (place, &stratum) in order.iter().enumerate() {
        match runs.last_mut() {
            Some(run) if place > 0 && joined[place - 1] => run.push(stratum),
            _ => runs.push(vec![stratum]),
        }
    }
    runs
}
