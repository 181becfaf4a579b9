//! What is told of many differences at once: corrected p, intervals that hold for all, sets of ranks.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::jobs::Job;
use super::places::Part;
use super::row::Row;
use super::{Asked, Correct};
use crate::estimate::compare::{Comparison, Correction, Pair, Ranks, letters};
use crate::estimate::{Domain, Estimate, Estimator, Joint, Statistic, joint};
use crate::math::distribution::t_quantile;
use crate::notice::Notice;
use crate::random::Seed;

/// How the differences of one family were told apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Family {
    /// The figure: "mean of api00".
    pub figure: String,
    /// The domains that were compared.
    pub compared: Vec<String>,
    /// Those that were not: without an answer, a variance or degrees of freedom.
    pub left_out: Vec<String>,
    /// How p was corrected: "holm", "max-t"; none if ranks alone were asked for.
    pub correction: Option<String>,
    /// Degrees of freedom of the family.
    pub df: u64,
    /// How many standard errors an interval that holds for all has to each side, if chance was asked.
    pub critical: Option<f64>,
    /// The standard error that simulation leaves in it.
    pub critical_error: Option<f64>,
    /// How many directions were simulated.
    pub draws: Option<u64>,
}

/// One family: its figures, what was found, and what rows are told.
struct Found {
    family: Family,
    /// Of whom, beside what the row is told.
    rows: Vec<(String, Told)>,
}

/// What a row is told.
enum Told {
    Pair {
        pair: Pair,
        correct: Correct,
        sure: Option<(f64, f64)>,
    },
    Rank {
        ranks: [u64; 3],
        letters: String,
    },
}

/// Compares figures within groups of domains, and tells the rows of `job` what was found.
pub(super) fn compare(
    estimator: &Estimator<'_>,
    (job, found): (&Job<'_>, &[Option<Estimate>]),
    (parts, groups): (&[Part<'_>], &[Vec<&Part<'_>>]),
    asked: &Asked,
    rows: &mut [&mut Row],
) -> (Vec<Family>, Vec<Notice>) {
    let answered = |part: &&&Part<'_>| {
        let place = parts.iter().position(|known| std::ptr::eq(known, **part));
        place.is_some_and(|place| found[place].is_some())
    };
    let all: Vec<Option<Found>> = groups
        .par_iter()
        .map(|group| {
            let there: Vec<&Part<'_>> = group.iter().filter(answered).copied().collect();
            let silent = group.iter().filter(|part| !answered(part));
            let silent = silent.map(|part| part.domain.label().to_owned()).collect();
            of_group(estimator, job, (&there, silent), asked)
        })
        .collect();
    let (mut families, mut left_out) = (Vec::new(), Vec::new());
    for Found { family, rows: told } in all.into_iter().flatten() {
        for (domain, told) in told {
            let mut mine = rows.iter_mut().filter(|row| row.domain == domain);
            if let Some(row) = mine.next() {
                tell(row, told);
            }
        }
        left_out.extend(family.left_out.iter().cloned());
        families.push(family);
    }
    let notice = (!left_out.is_empty()).then(|| Notice::NotCompared {
        item: job.named(),
        domains: left_out,
    });
    (families, notice.into_iter().collect())
}

/// None of fewer than two domains.
fn of_group(
    estimator: &Estimator<'_>,
    job: &Job<'_>,
    (parts, mut left_out): (&[&Part<'_>], Vec<String>),
    asked: &Asked,
) -> Option<Found> {
    let figures: Vec<(&dyn Statistic, &Domain<'_>)> = parts
        .iter()
        .map(|part| (job.statistic(), &part.domain))
        .collect();
    let family = joint(estimator, &figures).ok()?;
    let label = |figure: usize| parts[figure].domain.label().to_owned();
    let correction = match asked.further.correct {
        Some(Correct::By(correction)) => correction,
        _ => Correction::default(),
    };
    // Where chance is not asked for, there is none: a seed may be given for replicates.
    let chance = asked.seed.as_ref().filter(|_| is_chance(asked));
    let comparison = match chance {
        Some(seed) => Comparison::of(&family, asked.confidence, correction, seed),
        None => Comparison::one_by_one(&family, asked.confidence, correction),
    };
    left_out.extend(comparison.left_out.iter().map(|&figure| label(figure)));
    if parts.len() + left_out.len() < 2 {
        return None;
    }
    let mut rows = Vec::new();
    if let Some(correct) = asked.further.correct {
        let tests = comparison.pairs.len();
        for pair in &comparison.pairs {
            let domain = format!("{} − {}", label(pair.this), label(pair.other));
            let (pair, sure) = (pair.clone(), sure(pair, correct, tests, asked.confidence));
            rows.push((
                domain,
                Told::Pair {
                    pair,
                    correct,
                    sure,
                },
            ));
        }
    }
    if let Some(seed) = chance {
        let ranked = ranked(&family, &comparison, asked, seed);
        rows.extend(ranked.map(|(figure, told)| (label(figure), told)));
    }
    let told = chance.is_some();
    Some(Found {
        family: Family {
            figure: job.named(),
            compared: comparison
                .compared
                .iter()
                .map(|&figure| label(figure))
                .collect(),
            left_out,
            correction: asked
                .further
                .correct
                .map(|correct| correct.word().to_owned()),
            df: comparison.df,
            critical: comparison.critical.filter(|_| told),
            critical_error: comparison.critical_error.filter(|_| told),
            draws: told.then_some(comparison.draws as u64),
        },
        rows,
    })
}

fn is_chance(asked: &Asked) -> bool {
    asked.further.ranks.is_some() || asked.further.correct == Some(Correct::Largest)
}

/// An interval that holds for all differences, where the correction has one.
fn sure(pair: &Pair, correct: Correct, tests: usize, confidence: f64) -> Option<(f64, f64)> {
    match correct {
        Correct::Largest => Some(pair.simultaneous),
        Correct::By(Correction::Bonferroni) => {
            let share = 1.0 - (1.0 - confidence) / (2.0 * tests as f64);
            let half = t_quantile(share, pair.df as f64) * pair.standard_error;
            Some((pair.difference - half, pair.difference + half))
        }
        Correct::By(_) => None,
    }
}

/// The ranks and letters of each figure, if they are asked for.
fn ranked(
    family: &Joint,
    comparison: &Comparison,
    asked: &Asked,
    seed: &Seed,
) -> impl Iterator<Item = (usize, Told)> {
    let ranks = asked
        .further
        .ranks
        .map(|order| Ranks::by_differences(family, comparison, order, seed));
    let letters = letters(comparison);
    let ranks = ranks.into_iter().flat_map(|ranks| ranks.ranks);
    ranks.map(move |rank| {
        let told = Told::Rank {
            ranks: [rank.rank, rank.best, rank.worst].map(|rank| rank as u64),
            letters: letters[rank.figure].clone(),
        };
        (rank.figure, told)
    })
}

fn tell(row: &mut Row, told: Told) {
    let added = &mut row.added;
    match told {
        Told::Pair {
            pair,
            correct,
            sure,
        } => {
            added.t = Some(pair.t);
            added.p = Some(pair.p);
            added.p_corrected = Some(match correct {
                Correct::Largest => pair.p_largest,
                Correct::By(_) => pair.corrected,
            });
            (added.sim_low, added.sim_high) = sure.unzip();
        }
        Told::Rank { ranks, letters } => {
            [added.rank, added.rank_best, added.rank_worst] = ranks.map(Some);
            added.letters = Some(letters);
        }
    }
}
