//! A sample of the sample: a draw in two phases.
//!
//! Once a sample is drawn, and perhaps called, some of it is to be followed up: one in three of those who
//! did not answer, say, with all the effort there is. The second draw may look at anything the first one
//! found, because its chances are known all the same, given the first sample; weights divide by both.
//!
//! Unlike [stages](super::clusters), the second chance may depend on who else was drawn. The product is
//! then not a chance of being drawn that one could have stated beforehand, but the estimate is unbiased all
//! the same.

use crate::draw::{Error, Method, Pool, Probabilities};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Seed;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "phases",
    title: Words::new(
        "Two-phase sampling and follow-up of nonresponse",
        "二相抽样（无回答追访）",
    ),
    says: Words::new(
        "Of the units drawn, some are drawn again, by chances that may depend on what the first phase found: \
         those who answered are kept, and a known share of the others is followed up. Weights divide by the \
         product of both chances.",
        "从已抽中的单位中再抽取一部分，其概率可取决于第一相的结果：已回答者全部保留，未回答者按已知比例追访。\
         权数为两相概率之积的倒数。",
    ),
    formula: "π*_k = π_ak π_{k|s_a};  ŷ = Σ_s y_k / π*_k",
    sources: &[
        Source::at("Särndal, Swensson, Wretman (1992)", "§9.3"),
        Source::new("Hansen, Hurwitz (1946)"),
    ],
};

/// A unit that was drawn in both phases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Twice {
    /// Its place in the first sample.
    pub place: usize,
    /// π of the first phase.
    pub first: f64,
    /// π of the second, given the first sample.
    pub second: f64,
}

impl Twice {
    /// π*, what weights divide by.
    #[must_use]
    pub fn probability(&self) -> f64 {
        self.first * self.second
    }
}

/// The first phase: who was drawn, and with what chance.
#[derive(Debug, Clone, Copy)]
pub struct First<'a> {
    /// Names the stratum, or the group within which the second phase draws.
    pub label: &'a str,
    /// Ids of the drawn units.
    pub ids: &'a [String],
    /// Their chances.
    pub chances: &'a [f64],
}

/// Draws among the drawn. Those with a chance of 1 are kept; the method is given the others.
///
/// Permanent numbers of the first phase decide nothing here: they are another seed's, or who was drawn
/// because of a small number would be drawn again because of it.
///
/// # Formula
///
/// ```text
/// π*_k = π_ak π_{k|s_a}
/// ```
///
/// # Errors
///
/// [`Error::Lengths`] if ids and chances are not as many; [`Error::BadChances`] if a chance of the first
/// phase is not above 0 and up to 1; those of the method.
///
/// # Source
///
/// Särndal, Swensson, Wretman (1992), §9.3.
///
/// # Example
///
/// One answered; of the four others, two are followed up:
///
/// ```
/// use canvass::draw::{stages::phases::{First, follow_up, second_phase}, equal::smallest};
/// use canvass::random::Seed;
/// let ids = ["a", "b", "c", "d", "e"].map(String::from);
/// let first = First { label: "all", ids: &ids, chances: &[0.1; 5] };
/// let chances = follow_up(&[true, false, false, false, false], 2)?;
/// let kept = second_phase(&first, &chances, &smallest::METHOD, &Seed::new("x").expect("not blank"))?;
/// assert_eq!((kept.len(), kept[0].place), (3, 0));
/// assert_eq!((kept[0].probability(), kept[1].probability()), (0.1, 0.05));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn second_phase(
    first: &First<'_>,
    second: &Probabilities,
    method: &Method,
    seed: &Seed,
) -> Result<Vec<Twice>, Error> {
    let wanted = first.ids.len();
    for (what, found) in [
        ("first chances", first.chances.len()),
        ("second chances", second.len()),
    ] {
        if found != wanted {
            return Err(Error::Lengths {
                what,
                found,
                wanted,
            });
        }
    }
    drawn_with(first.chances)?;
    let open = second.open();
    let ids: Vec<String> = open.iter().map(|&place| first.ids[place].clone()).collect();
    let chances = Probabilities::given(open.iter().map(|&place| second.of(place)).collect())?;
    let pool = Pool::new(first.label, &ids, &chances);
    let mut places = second.certain();
    let chosen = (method.draw)(&pool, &seed.purpose("draw/phase/2"))?;
    places.extend(chosen.into_iter().map(|place| open[place]));
    places.sort_unstable();
    let twice = |place| Twice {
        place,
        first: first.chances[place],
        second: second.of(place),
    };
    Ok(places.into_iter().map(twice).collect())
}

/// Chances of the second phase for following up nonresponse: those who answered are kept, and of the
/// others `take` are drawn with equal chances.
///
/// # Errors
///
/// [`Error::TooMany`] if fewer than `take` did not answer.
///
/// # Source
///
/// Hansen, Hurwitz (1946).
pub fn follow_up(answered: &[bool], take: usize) -> Result<Probabilities, Error> {
    let silent = answered.iter().filter(|answered| !**answered).count();
    if take > silent {
        return Err(Error::TooMany {
            asked: take as u64,
            there: silent as u64,
        });
    }
    let share = take as f64 / silent.max(1) as f64;
    Probabilities::given(
        answered
            .iter()
            .map(|answered| if *answered { 1.0 } else { share })
            .collect(),
    )
}

/// Whether all these can be chances of units that were drawn.
pub(super) fn drawn_with(chances: &[f64]) -> Result<(), Error> {
    let bad = |chance: &f64| !(*chance > 0.0 && *chance <= 1.0);
    match chances.iter().position(bad) {
        None => Ok(()),
        Some(first) => Err(Error::BadChances {
            count: chances.iter().filter(|chance| bad(chance)).count() as u64,
            row: first as u64 + 1,
            chance: chances[first],
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{First, follow_up, second_phase};
    use crate::draw::trial::{draw, eight, ids, seed};
    use crate::draw::{
        Error, METHODS, Needs, Probabilities,
        equal::{bernoulli, smallest},
        unequal::poisson,
    };
    use crate::math::Moments;

    #[test]
    fn totals_are_right_on_average_though_the_second_chance_looks_at_the_first_sample() {
        let (ids, chances) = (ids(8), eight());
        let answers = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        for method in [&smallest::METHOD, &bernoulli::METHOD, &poisson::METHOD] {
            let mut totals = Moments::default();
            for i in 0..8_000 {
                let text = format!("phase {i}");
                let drawn = draw(&poisson::METHOD, &chances, &text);
                // Even units answer; of the others half are followed up, one at least.
                let answered: Vec<bool> = drawn.iter().map(|unit| unit % 2 == 0).collect();
                let silent = answered.iter().filter(|answered| !**answered).count();
                let second = follow_up(&answered, silent.div_ceil(2)).expect("possible");
                let first_ids: Vec<String> = drawn.iter().map(|&unit| ids[unit].clone()).collect();
                let first_chances: Vec<f64> = drawn.iter().map(|&unit| chances.of(unit)).collect();
                let first = First {
                    label: "all",
                    ids: &first_ids,
                    chances: &first_chances,
                };
                let kept = second_phase(&first, &second, method, &seed(&text)).expect("possible");
                totals.add(
                    kept.iter()
                        .map(|one| answers[drawn[one.place]] / one.probability())
                        .sum(),
                );
                assert!(answered.iter().enumerate().all(|(place, answered)| {
                    !answered || kept.iter().any(|one| one.place == place)
                }));
            }
            let (mean, spread) = (totals.mean().expect("many"), totals.spread().expect("many"));
            let error = spread / 8_000.0_f64.sqrt();
            assert!(
                (mean - 31.0).abs() < 4.5 * error,
                "{}: {mean} ± {error}",
                method.card.key
            );
        }
    }

    #[test]
    fn any_method_follows_up() {
        let ids = ids(12);
        let first = First {
            label: "all",
            ids: &ids,
            chances: &[0.25; 12],
        };
        let answered: Vec<bool> = (0..12).map(|place| place % 3 == 0).collect();
        for method in METHODS {
            if !matches!(method.needs, Needs::Chances | Needs::EqualChances) {
                continue;
            }
            let chances = follow_up(&answered, 4).expect("possible");
            let kept = second_phase(&first, &chances, method, &seed("any")).expect("possible");
            assert!(kept.windows(2).all(|pair| pair[0].place <= pair[1].place));
            for one in kept {
                let wanted = if answered[one.place] { 0.25 } else { 0.125 };
                assert!((one.probability() - wanted).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn edges() {
        let ids = ids(3);
        let first = First {
            label: "all",
            ids: &ids,
            chances: &[0.5; 3],
        };
        let draw = |first: &First<'_>, chances: &[f64]| {
            let chances = Probabilities::given(chances.to_vec()).expect("chances");
            second_phase(first, &chances, &smallest::METHOD, &seed("x"))
        };
        assert_eq!(draw(&first, &[1.0; 3]).map(|kept| kept.len()), Ok(3));
        assert_eq!(draw(&first, &[0.0; 3]).map(|kept| kept.len()), Ok(0));
        assert!(matches!(
            draw(&first, &[1.0; 2]),
            Err(Error::Lengths { .. })
        ));
        let short = First {
            chances: &[0.5],
            ..first
        };
        assert!(matches!(
            draw(&short, &[1.0; 3]),
            Err(Error::Lengths { .. })
        ));
        let impossible = First {
            chances: &[0.5, 0.0, 1.0],
            ..first
        };
        assert!(matches!(
            draw(&impossible, &[1.0; 3]),
            Err(Error::BadChances { row: 2, .. })
        ));
        assert_eq!(
            follow_up(&[true], 1),
            Err(Error::TooMany { asked: 1, there: 0 })
        );
        assert_eq!(
            follow_up(&[true, true], 0).map(|chances| chances.size()),
            Ok(Some(2))
        );
        let nobody = First {
            label: "none",
            ids: &[],
            chances: &[],
        };
        assert_eq!(draw(&nobody, &[]).map(|kept| kept.len()), Ok(0));
    }
}
