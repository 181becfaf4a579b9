//! Two sets of weights of the same people, side by side.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::quality::quarters;
use crate::math::Sum;

/// A record whose weights differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The record.
    pub id: String,
    /// Our weight, if it has one.
    pub ours: Option<f64>,
    /// Theirs.
    pub theirs: Option<f64>,
    /// │ours − theirs│ over the larger of the two; nothing where one has no weight.
    pub relative: Option<f64>,
}

/// What two sets of weights have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Differences {
    /// Records that both have.
    pub both: u64,
    /// Of these, records whose weights are the same.
    pub same: u64,
    /// Records that only we have.
    pub only_ours: Vec<String>,
    /// Records that only they have.
    pub only_theirs: Vec<String>,
    /// Records whose weights differ, those without one of the two first, then by relative difference,
    /// the largest first.
    pub differing: Vec<Difference>,
    /// The same in sum, for all records first, then by domain where there are domains.
    #[serde(default)]
    pub parts: Vec<Part>,
}

/// What two sets of weights have in common in a part of the records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The part's label; "all" for all.
    pub label: String,
    /// Records that both have.
    pub both: u64,
    /// Of these, records whose weights are not the same.
    pub differing: u64,
    /// Records that only we have.
    pub only_ours: u64,
    /// Records that only they have.
    pub only_theirs: u64,
    /// The sum of our weights.
    pub ours: f64,
    /// The sum of theirs.
    pub theirs: f64,
    /// The mean relative difference of records with two weights; nothing without any.
    pub mean: Option<f64>,
    /// The largest.
    pub largest: Option<f64>,
    /// Ours over theirs, of records with two weights above 0: the smallest, what a quarter, half and three
    /// quarters do not exceed, and the largest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratios: Option<[f64; 5]>,
}

/// Ids that stand in more than one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// Whether they are ours.
    pub ours: bool,
    /// The ids.
    pub ids: Vec<String>,
}

/// Weights by id.
pub type Weights = Vec<(String, Option<f64>)>;

/// Compares weights record by record. Two are the same if they differ by no more than `within` of the
/// larger one, or if neither record has one.
///
/// # Errors
///
/// [`Repeated`] names ids that stand in more than one row: nobody knows which rows belong together.
///
/// # Example
///
/// ```
/// use canvass::weigh::differ::differ;
/// let ours = vec![("a".to_owned(), Some(1.0)), ("b".to_owned(), Some(4.0))];
/// let theirs = vec![("b".to_owned(), Some(5.0)), ("c".to_owned(), Some(1.0))];
/// let told = differ(&ours, &theirs, 1e-9).expect("each id once");
/// assert_eq!((told.both, told.same), (1, 0));
/// assert_eq!(told.differing[0].relative, Some(0.2));
/// assert_eq!((told.only_ours, told.only_theirs), (vec!["a".to_owned()], vec!["c".to_owned()]));
/// ```
pub fn differ(ours: &Weights, theirs: &Weights, within: f64) -> Result<Differences, Repeated> {
    let (mine, other) = (by_id(ours, true)?, by_id(theirs, false)?);
    let only = |these: &BTreeMap<&str, Option<f64>>, those: &BTreeMap<&str, Option<f64>>| {
        these
            .keys()
            .filter(|id| !those.contains_key(*id))
            .map(|id| (*id).to_owned())
            .collect::<Vec<_>>()
    };
    let pairs: Vec<Difference> = mine
        .iter()
        .filter_map(|(id, ours)| {
            let theirs = *other.get(id)?;
            let relative = ours.zip(theirs).map(|(a, b)| relative(a, b));
            Some(Difference {
                id: (*id).to_owned(),
                ours: *ours,
                theirs,
                relative,
            })
        })
        .collect();
    let both = pairs.len() as u64;
    let same = |pair: &Difference| match pair.relative {
        Some(relative) => relative <= within,
        None => pair.ours.is_none() && pair.theirs.is_none(),
    };
    let mut differing: Vec<Difference> = pairs.into_iter().filter(|pair| !same(pair)).collect();
    let size = |pair: &Difference| pair.relative.unwrap_or(f64::INFINITY);
    differing.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| a.id.cmp(&b.id)));
    Ok(Differences {
        both,
        same: both - differing.len() as u64,
        only_ours: only(&mine, &other),
        only_theirs: only(&other, &mine),
        differing,
        parts: Vec::new(),
    })
}

/// The differences in sum: for all records, and for each label in the order in which they come first.
/// `domains` names the domain of a record, if it is known; without one it counts for all only.
///
/// # Errors
///
/// As [`differ`].
///
/// # Example
///
/// ```
/// use canvass::weigh::differ::parts;
/// let ours = vec![("a".to_owned(), Some(1.0)), ("b".to_owned(), Some(4.0))];
/// let theirs = vec![("b".to_owned(), Some(5.0)), ("c".to_owned(), Some(1.0))];
/// let side = |id: &str| Some(if id == "a" { "north" } else { "south" }.to_owned());
/// let told = parts(&ours, &theirs, 1e-9, side).expect("each id once");
/// assert_eq!((told[0].ours, told[0].theirs, told[0].mean), (5.0, 6.0, Some(0.2)));
/// assert_eq!((told[2].label.as_str(), told[2].differing, told[2].only_theirs), ("south", 1, 1));
/// assert_eq!(told[2].ratios, Some([0.8; 5]));
/// ```
pub fn parts(
    ours: &Weights,
    theirs: &Weights,
    within: f64,
    domains: impl Fn(&str) -> Option<String>,
) -> Result<Vec<Part>, Repeated> {
    let (mine, other) = (by_id(ours, true)?, by_id(theirs, false)?);
    let mut tallies = vec![Tally::of("all".to_owned())];
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let news = theirs
        .iter()
        .filter(|(id, _)| !mine.contains_key(id.as_str()));
    for (id, _) in ours.iter().chain(news) {
        let pair = (mine.get(id.as_str()), other.get(id.as_str()));
        let pair = (pair.0.copied(), pair.1.copied());
        tallies[0].add(pair, within);
        if let Some(label) = domains(id) {
            let place = *places.entry(label.clone()).or_insert(tallies.len());
            if place == tallies.len() {
                tallies.push(Tally::of(label));
            }
            tallies[place].add(pair, within);
        }
    }
    Ok(tallies.into_iter().map(Tally::part).collect())
}

/// A part while it is counted.
struct Tally {
    part: Part,
    ours: Sum,
    theirs: Sum,
    relative: Sum,
    pairs: u64,
    ratios: Vec<f64>,
}

impl Tally {
    fn of(label: String) -> Tally {
        let part = Part {
            label,
            both: 0,
            differing: 0,
            only_ours: 0,
            only_theirs: 0,
            ours: 0.0,
            theirs: 0.0,
            mean: None,
            largest: None,
            ratios: None,
        };
        let zero = Sum::default();
        Tally {
            part,
            ours: zero,
            theirs: zero,
            relative: zero,
            pairs: 0,
            ratios: Vec::new(),
        }
    }

    /// Takes a record: none where a side does not have it, and no weight where it has none there.
    fn add(&mut self, (ours, theirs): (Option<Option<f64>>, Option<Option<f64>>), within: f64) {
        self.ours.add(ours.flatten().unwrap_or(0.0));
        self.theirs.add(theirs.flatten().unwrap_or(0.0));
        let part = &mut self.part;
        let (Some(ours), Some(theirs)) = (ours, theirs) else {
            part.only_ours += u64::from(ours.is_some());
            part.only_theirs += u64::from(theirs.is_some());
            return;
        };
        part.both += 1;
        let apart = ours.zip(theirs).map(|(a, b)| relative(a, b));
        let same = apart.map_or(ours.is_none() && theirs.is_none(), |apart| apart <= within);
        part.differing += u64::from(!same);
        let above = |weight: Option<f64>| weight.filter(|weight| *weight > 0.0);
        if let (Some(ours), Some(theirs)) = (above(ours), above(theirs)) {
            self.ratios.push(ours / theirs);
        }
        if let Some(apart) = apart {
            self.relative.add(apart);
            self.pairs += 1;
            part.largest = Some(part.largest.map_or(apart, |largest| largest.max(apart)));
        }
    }

    fn part(self) -> Part {
        let mean = (self.pairs > 0).then(|| self.relative.value() / self.pairs as f64);
        Part {
            ours: self.ours.value(),
            theirs: self.theirs.value(),
            mean,
            ratios: marks(self.ratios),
            ..self.part
        }
    }
}

/// The smallest, the quarters, and the largest.
fn marks(numbers: Vec<f64>) -> Option<[f64; 5]> {
    let smallest = numbers.iter().copied().reduce(f64::min)?;
    let largest = numbers.iter().copied().reduce(f64::max)?;
    let [quarter, half, most] = quarters(numbers)?;
    Some([smallest, quarter, half, most, largest])
}

fn by_id(weights: &Weights, ours: bool) -> Result<BTreeMap<&str, Option<f64>>, Repeated> {
    let mut by_id = BTreeMap::new();
    let mut repeated = BTreeSet::new();
    for (id, weight) in weights {
        if by_id.insert(id.as_str(), *weight).is_some() {
            repeated.insert(id.clone());
        }
    }
    if repeated.is_empty() {
        Ok(by_id)
    } else {
        Err(Repeated {
            ours,
            ids: repeated.into_iter().collect(),
        })
    }
}

pub(super) fn relative(a: f64, b: f64) -> f64 {
    let largest = a.abs().max(b.abs());
    if largest > 0.0 {
        (a - b).abs() / largest
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Repeated, Weights, differ, parts};

    fn weights(rows: &[(&str, f64)]) -> Weights {
        rows.iter()
            .map(|(id, w)| ((*id).to_owned(), (!w.is_nan()).then_some(*w)))
            .collect()
    }

    #[test]
    fn records_are_matched_by_id_and_the_largest_difference_comes_first() {
        let ours = weights(&[
            ("a", 1.0),
            ("b", 2.0),
            ("c", 3.0),
            ("d", f64::NAN),
            ("e", 0.0),
            ("f", f64::NAN),
        ]);
        let theirs = weights(&[
            ("f", f64::NAN),
            ("e", 0.0),
            ("d", 4.0),
            ("c", 6.0),
            ("b", 2.0 + 1e-12),
            ("a", 1.1),
        ]);
        let told = differ(&ours, &theirs, 1e-9).expect("each id once");
        assert_eq!((told.both, told.same), (6, 3));
        let order: Vec<(&str, Option<f64>)> = told
            .differing
            .iter()
            .map(|d| (d.id.as_str(), d.relative))
            .collect();
        assert_eq!(order[0], ("d", None));
        assert_eq!(order[1], ("c", Some(0.5)));
        assert!(order[2].0 == "a" && order.len() == 3);
    }

    #[test]
    fn an_id_that_stands_twice_is_refused() {
        let twice = weights(&[("a", 1.0), ("b", 1.0), ("a", 2.0), ("a", 3.0)]);
        let once = weights(&[("a", 1.0)]);
        assert_eq!(
            differ(&twice, &once, 0.0),
            Err(Repeated {
                ours: true,
                ids: vec!["a".into()]
            })
        );
        assert_eq!(
            differ(&once, &twice, 0.0),
            Err(Repeated {
                ours: false,
                ids: vec!["a".into()]
            })
        );
    }

    #[test]
    fn parts_add_up_to_all() {
        let ours = weights(&[("a", 1.0), ("b", 2.0), ("c", f64::NAN), ("d", 4.0)]);
        let theirs = weights(&[("b", 2.5), ("c", 3.0), ("d", 4.0), ("e", 7.0)]);
        let side = |id: &str| match id {
            "a" | "b" => Some("north".to_owned()),
            "e" => None,
            _ => Some("south".to_owned()),
        };
        let told = parts(&ours, &theirs, 1e-9, side).expect("each id once");
        let counts: Vec<[u64; 4]> = told
            .iter()
            .map(|part| [part.both, part.differing, part.only_ours, part.only_theirs])
            .collect();
        assert_eq!(counts, [[3, 2, 1, 1], [1, 1, 1, 0], [2, 1, 0, 0]]);
        assert_eq!((told[0].ours, told[0].theirs), (7.0, 16.5));
        // 0.5 of 2.5, and nothing; the record without one of the two does not count.
        assert!((told[0].mean.expect("pairs") - 0.1).abs() < 1e-15);
        assert_eq!((told[1].largest, told[2].largest), (Some(0.2), Some(0.0)));
    }
}
