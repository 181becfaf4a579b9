//! Replicate weights that came with a table: what may be wrong with them.

use serde::{Deserialize, Serialize};

use super::Error;
use super::doubt::Doubt;
use super::pattern::Pattern;
use crate::estimate::variance::replicate::Kind;
use crate::settings::nearest;
use crate::weigh::replicas::{Mean, Replica, Replicas};

/// What can be seen of replicate weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replicates {
    /// The word for how they were made, if it was said.
    pub kind: Option<String>,
    /// How many columns there are.
    pub count: u64,
    /// Each column.
    pub columns: Vec<Replica>,
    /// The mean over all of them.
    pub mean: Option<Mean>,
    /// What may be wrong.
    pub doubts: Vec<Doubt>,
}

/// What strata and clusters would have of replicates; nothing of what was not named.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sizes {
    pub strata: Option<Held>,
    pub clusters: Option<Held>,
}

/// How many strata or clusters there are. Replicates of everybody who was drawn were made before those who
/// gave no answer lost their weight, and replicates of a file of answers after that: a table does not tell
/// which, so either number will do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    /// With a row that weighs more than 0.
    pub weighing: u64,
    /// With any row.
    pub all: u64,
}

/// The kind of this word.
pub(super) fn kind(word: &str) -> Result<Kind, Error> {
    // Fay's factor makes no difference here.
    Kind::named(word, Some(0.5)).ok_or_else(|| Error::BadKind {
        kind: word.to_owned(),
        meant: nearest(word, KINDS.into_iter()).map(str::to_owned),
    })
}

/// The words for kinds.
pub(super) const KINDS: [&str; 10] = [
    "brr",
    "fay",
    "jk1",
    "jkn",
    "jk2",
    "bootstrap",
    "acs",
    "sdr",
    "successive-difference",
    "other",
];

/// The columns that fit a pattern, in the order of the table.
pub(super) fn columns(pattern: &str, there: &[String], full: &str) -> Result<Vec<String>, Error> {
    let wrong = |why| Error::BadPattern {
        pattern: pattern.to_owned(),
        why,
    };
    let fits = Pattern::new(pattern).map_err(wrong)?;
    let found: Vec<String> = there
        .iter()
        .filter(|name| name.as_str() != full && fits.fits(name))
        .cloned()
        .collect();
    if found.is_empty() {
        return Err(Error::NoReplicates {
            pattern: pattern.to_owned(),
            there: there.to_vec(),
        });
    }
    Ok(found)
}

/// What may be wrong with replicate weights of a kind.
pub(super) fn doubts(told: &Replicas, kind: Option<Kind>, sizes: Sizes, within: f64) -> Vec<Doubt> {
    let mut doubts = of_columns(&told.columns);
    doubts.extend(of_sums(told, within));
    if let Some(kind) = kind {
        doubts.extend(of_count(told.columns.len() as u64, kind, sizes));
        doubts.extend(of_zeros(&told.columns, kind));
        // Of columns of another size, that says nothing more.
        let of_size = !doubts.iter().any(|one| matches!(one, Doubt::Scale { .. }));
        let off = told.mean.as_ref().filter(|mean| of_size && mean.off > 0);
        if let Some(mean) = off.filter(|_| is_balanced(kind)) {
            doubts.push(Doubt::MeanRows {
                rows: mean.off,
                largest: mean.largest,
            });
        }
    }
    doubts
}

/// Whether a kind's replicates, as they are made, have the full weight as their mean in every row.
fn is_balanced(kind: Kind) -> bool {
    match kind {
        Kind::Brr | Kind::Fay { .. } | Kind::Jk1 | Kind::Jkn | Kind::Acs | Kind::Successive => true,
        Kind::Jk2 | Kind::Bootstrap { .. } | Kind::Other => false,
    }
}

/// The columns of which something holds, if there are any.
fn those(columns: &[Replica], hold: impl Fn(&Replica) -> bool) -> Option<Vec<String>> {
    let those: Vec<String> = columns
        .iter()
        .filter(|column| hold(column))
        .map(|column| column.column.clone())
        .collect();
    (!those.is_empty()).then_some(those)
}

fn of_columns(all: &[Replica]) -> Vec<Doubt> {
    let alike: Vec<String> = all
        .iter()
        .filter_map(|column| Some(format!("{} = {}", column.column, column.same_as.as_ref()?)))
        .collect();
    let found = [
        (all.len() < 2).then_some(Doubt::Single),
        those(all, |one| one.missing > 0).map(|columns| Doubt::Blank { columns }),
        those(all, |one| one.negative > 0).map(|columns| Doubt::Negative { columns }),
        those(all, |one| one.beyond > 0).map(|columns| Doubt::Beyond { columns }),
        those(all, |one| one.as_full).map(|columns| Doubt::AsFull { columns }),
        (!alike.is_empty()).then_some(Doubt::Alike { columns: alike }),
    ];
    found.into_iter().flatten().collect()
}

/// A sum that is so far from that of the full weights, relative to it, is told of.
const FAR: f64 = 0.1;

/// And if it is as many times further from the sum in the middle than half of the columns are.
const TIMES: f64 = 6.0;

/// The upper of the middle two numbers, or the one in the middle.
fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Columns whose sums are of another size by this or more are no replicates of these weights.
const SIZE: f64 = 2.0;

fn of_sums(told: &Replicas, within: f64) -> Vec<Doubt> {
    let count = told.columns.len() as f64;
    let ratios: Vec<f64> = told.columns.iter().filter_map(|one| one.ratio).collect();
    if ratios.is_empty() {
        return Vec::new();
    }
    let mean = crate::math::sum(ratios.iter().copied()) / ratios.len() as f64;
    if !(1.0 / SIZE..=SIZE).contains(&mean) {
        return vec![Doubt::Scale { ratio: mean }];
    }
    let center = middle(ratios.clone());
    let usual = TIMES * middle(ratios.iter().map(|ratio| (ratio - center).abs()).collect());
    let far = |one: &Replica| {
        let away = |from: f64| one.ratio.map_or(0.0, |ratio| (ratio - from).abs());
        away(1.0) > FAR && away(center) > FAR.max(usual)
    };
    let chance = |spread: f64| 3.0 * spread / count.sqrt();
    let beyond =
        |mean: &&Mean| (mean.ratio - 1.0).abs() > within.max(chance(mean.spread.unwrap_or(0.0)));
    let sums = those(&told.columns, far).map(|columns| Doubt::Sums { columns });
    let all = told.mean.as_ref().filter(beyond);
    let all = all.map(|mean| Doubt::MeanSum { ratio: mean.ratio });
    sums.into_iter().chain(all).collect()
}

/// So few bootstrap replicates make an unsteady variance.
const FEW: u64 = 100;

/// Half-samples and successive differences come from Hadamard matrices, whose orders are 1, 2 and
/// multiples of 4.
const ORDER: u64 = 4;

/// The American Community Survey has as many.
const ACS: u64 = 80;

fn of_count(count: u64, kind: Kind, sizes: Sizes) -> Vec<Doubt> {
    let few = |least: u64| (count < least).then_some(Doubt::Few { count, least });
    let number = |wanted: u64| (count != wanted).then_some(Doubt::Number { count, wanted });
    let fewer = |held: Held| few(held.weighing);
    let either = |held: Held| number(held.weighing).filter(|_| count != held.all);
    let multiple = || {
        let holds = count.is_multiple_of(ORDER) || count <= 2;
        (!holds).then_some(Doubt::NoMultiple { count, of: ORDER })
    };
    let found = match kind {
        Kind::Brr | Kind::Fay { .. } => [multiple(), sizes.strata.and_then(fewer)],
        Kind::Successive => [multiple(), None],
        Kind::Acs => [number(ACS), None],
        Kind::Jk1 | Kind::Jkn => [sizes.clusters.and_then(either), None],
        Kind::Jk2 => [sizes.strata.and_then(either), None],
        Kind::Bootstrap { .. } => [few(FEW), None],
        Kind::Other => [None, None],
    };
    found.into_iter().flatten().collect()
}

fn of_zeros(all: &[Replica], kind: Kind) -> Option<Doubt> {
    match kind {
        Kind::Brr | Kind::Jk1 | Kind::Jkn | Kind::Jk2 => all
            .iter()
            .all(|one| one.zero == 0)
            .then_some(Doubt::NobodyOut),
        Kind::Fay { .. } | Kind::Acs | Kind::Successive => {
            those(all, |one| one.zero > 0).map(|columns| Doubt::SomebodyOut { columns })
        }
        Kind::Bootstrap { .. } | Kind::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Doubt, Held, Sizes, columns, doubts, kind};
    use crate::weigh::replicas::replicas;

    const FULL: [f64; 4] = [2.0, 4.0, 6.0, 8.0];

    /// So many, and all of them weigh.
    fn held(count: u64) -> Option<Held> {
        Some(Held {
            weighing: count,
            all: count,
        })
    }

    /// What may be wrong with replicates that have these factors, named r1, r2 and so on.
    fn told(factors: &[[f64; 4]], word: &str, sizes: Sizes) -> Vec<Doubt> {
        let full = FULL.map(Some);
        let all: Vec<Vec<Option<f64>>> = factors
            .iter()
            .map(|factors| factors.iter().zip(FULL).map(|(f, w)| Some(f * w)).collect())
            .collect();
        let names: Vec<String> = (1..=all.len()).map(|r| format!("r{r}")).collect();
        let named: Vec<(&str, &[Option<f64>])> = names
            .iter()
            .map(String::as_str)
            .zip(all.iter().map(Vec::as_slice))
            .collect();
        doubts(
            &replicas(&full, &named, 1e-9),
            Some(kind(word).expect("a kind")),
            sizes,
            1e-9,
        )
    }

    /// Two strata of two, in full balance.
    const HALF: [[f64; 4]; 4] = [
        [2.0, 0.0, 2.0, 0.0],
        [2.0, 0.0, 0.0, 2.0],
        [0.0, 2.0, 2.0, 0.0],
        [0.0, 2.0, 0.0, 2.0],
    ];

    #[test]
    fn half_samples_in_balance_raise_no_doubt() {
        let sizes = Sizes {
            strata: held(2),
            clusters: held(4),
        };
        // Sums are 0.8, 1, 1 and 1.2 of the full one: no column is further off than others are.
        assert_eq!(told(&HALF, "brr", sizes), []);
        let found = told(&HALF[..3], "brr", sizes);
        assert!(
            found.contains(&Doubt::NoMultiple { count: 3, of: 4 }),
            "{found:?}"
        );
        assert!(
            found
                .iter()
                .any(|one| matches!(one, Doubt::MeanRows { rows: 4, .. }))
        );
        let few = Sizes {
            strata: held(5),
            ..sizes
        };
        assert!(told(&HALF, "brr", few).contains(&Doubt::Few { count: 4, least: 5 }));
        let out = told(&HALF, "fay", sizes);
        assert!(
            out.iter()
                .any(|one| matches!(one, Doubt::SomebodyOut { columns } if columns.len() == 4))
        );
    }

    #[test]
    fn a_jackknife_has_as_many_columns_as_clusters() {
        let third = 4.0 / 3.0;
        let all: Vec<[f64; 4]> = (0..4)
            .map(|out| {
                let mut factors = [third; 4];
                factors[out] = 0.0;
                factors
            })
            .collect();
        let sizes = Sizes {
            strata: None,
            clusters: held(4),
        };
        assert_eq!(told(&all, "jk1", sizes), []);
        let found = told(&all[..3], "jk1", sizes);
        assert!(found.contains(&Doubt::Number {
            count: 3,
            wanted: 4
        }));
        // Of five clusters one weighs nothing, and replicates were made before or after that.
        for (weighing, all_of_them, fits) in [(4, 5, true), (3, 4, true), (3, 5, false)] {
            let clusters = Some(Held {
                weighing,
                all: all_of_them,
            });
            let sizes = Sizes {
                strata: None,
                clusters,
            };
            assert_eq!(told(&all, "jk1", sizes).is_empty(), fits, "{weighing}");
        }
        let twice = [all[0], all[1], all[2], all[2]];
        let found = told(&twice, "jk1", sizes);
        assert!(
            found.contains(&Doubt::Alike {
                columns: vec!["r4 = r3".into()]
            }),
            "{found:?}"
        );
        assert!(
            told(&[[1.0; 4], all[0]], "other", sizes).contains(&Doubt::AsFull {
                columns: vec!["r1".into()]
            })
        );
        assert!(told(&[[1.0; 4], [1.1; 4]], "jkn", sizes).contains(&Doubt::NobodyOut));
    }

    #[test]
    fn factors_are_not_taken_for_weights() {
        let factors: [[f64; 4]; 2] = [[0.1, 0.2, 0.1, 0.0], [0.1, 0.0, 0.2, 0.1]];
        let found = told(&factors, "bootstrap", Sizes::default());
        assert!(
            found
                .iter()
                .any(|one| matches!(one, Doubt::Scale { ratio } if *ratio < 0.5))
        );
        assert!(found.contains(&Doubt::Few {
            count: 2,
            least: 100
        }));
    }

    #[test]
    fn a_column_far_from_all_others_is_named() {
        let found = told(
            &[[1.0; 4], [1.3; 4], [1.01; 4], [0.99; 4], [1.0; 4]],
            "other",
            Sizes::default(),
        );
        assert!(
            found.contains(&Doubt::Sums {
                columns: vec!["r2".into()]
            }),
            "{found:?}"
        );
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn columns_are_found_by_pattern_without_the_weight_itself() {
        let there = ["id", "rw", "rw1", "rw2", "rwx"].map(str::to_owned);
        assert_eq!(
            columns("rw[0-9]*", &there, "rw").expect("two"),
            ["rw1", "rw2"]
        );
        assert!(columns("w[0-9]+", &there, "rw").is_err() && columns("(", &there, "rw").is_err());
        assert!(kind("brrr").is_err() && kind("sdr").is_ok());
    }
}
