//! How samples of several waves share units, or avoid each other.
//!
//! A unit brings the same permanent number to every wave. Methods that decide by this number draw
//! mostly the same units again if nothing else changes: positive coordination. Turn all numbers by the
//! same rule before a wave is drawn, and the samples part: each wave remains a sample of exactly the same
//! kind, because a turned number is as uniform as before, and units still know nothing of each other.
//!
//! Use [`Turn::Same`] to ask the same people again, [`Turn::Reflect`] or a shift to leave them in peace,
//! and [`Turn::Rotate`] to replace a share of them each wave. [`overlap`](super::overlap) says
//! beforehand how many units two waves will share.
//!
//! Numbers are turned on all 128 bits, as whole numbers.

use serde::{Deserialize, Serialize};

use crate::draw::apart::one_chance;
use crate::draw::key::Key;
use crate::draw::unequal::poisson::{self, parts};
use crate::draw::{
    Error, Method, Pool,
    equal::{bernoulli, smallest},
    simple,
    unequal::order,
};
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};
use crate::random::{Number, Seed};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "coordination",
    title: Words::new(
        "Coordination of waves by permanent numbers",
        "用永久随机数协调各期样本",
    ),
    says: Words::new(
        "A unit has the same random number in every wave. Unturned numbers draw the same units again; \
         numbers that are shifted or reflected draw others; and numbers shifted by a part of each unit's \
         chance replace that part of the sample each wave. Each wave by itself is a sample of the same kind.",
        "每个单位在各期使用同一个永久随机数。随机数不变则各期样本尽量重合；平移或反射则尽量错开；\
         每期按入样概率的一定比例平移，则每期轮换相应比例的样本。各期样本本身的抽样方法不变。",
    ),
    formula: "u′ = u;  u′ = (u + c) mod 1;  u′ = 1 − u;  u′_k = (u_k − t r π_k) mod 1 to replace the share r in each of t waves",
    sources: &[
        Source::new("Ohlsson (1995)"),
        Source::new("Brewer, Early, Joyce (1972)"),
        Source::new("Ernst, Valliant, Casady (2000)"),
    ],
};

/// What a wave does with permanent numbers before it draws.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// Nothing: samples overlap as much as they can.
    #[default]
    Same,
    /// u′ = (u + by) mod 1, with `by` from 0 to 1. The window of numbers that are drawn moves back
    /// by as much.
    Shift {
        /// c.
        by: f64,
    },
    /// u′ = 1 − u: samples overlap as little as they can.
    Reflect,
    /// u′ = (u − waves · share · π) mod 1: each unit's window moves ahead by the stated share of its
    /// own length, as many times as waves have passed. Where a chance changes from wave to wave, so does
    /// where its window stands; then prefer a shift of one's own accounting.
    Rotate {
        /// r, the share of the sample that each wave replaces, from 0 to 1.
        share: f64,
        /// t, how many waves there were before.
        waves: u32,
    },
}

impl Turn {
    /// The shift that advances a window of simple draws by so many shares of its length: u′ = u − rn/N,
    /// added to the shift of the wave before.
    ///
    /// Keep what this returns from wave to wave. A list that grows then moves the window by its new
    /// length and leaves what lies behind as it was.
    ///
    /// # Errors
    ///
    /// [`Error::BadTurn`] if a shift, share or chance is not from 0 to 1.
    pub fn advanced(by: f64, share: f64, chance: f64) -> Result<Turn, Error> {
        for part in [by, share, chance] {
            within(part)?;
        }
        let back = by - share * chance;
        Ok(Turn::Shift {
            by: if back < 0.0 { back + 1.0 } else { back },
        })
    }

    /// Whether it makes sense.
    pub(super) fn check(self) -> Result<(), Error> {
        match self {
            Turn::Same | Turn::Reflect => Ok(()),
            Turn::Shift { by: part } | Turn::Rotate { share: part, .. } => within(part),
        }
    }

    /// The first 128 bits of a turned number: u′ = (2a′ + 1) / 2¹²⁹.
    ///
    /// # Formula
    ///
    /// ```text
    /// same     a′ = a
    /// shift    a′ = a + ⌊c 2¹²⁸⌋                  mod 2¹²⁸
    /// reflect  a′ = 2¹²⁸ − 1 − a
    /// rotate   a′ = a − t ⌊r π 2¹²⁸⌋              mod 2¹²⁸
    /// ```
    ///
    /// A shift of 2⁻⁷⁵ or more is met to the last bit.
    ///
    /// # Source
    ///
    /// Ohlsson (1995), on numbers in (0, 1).
    #[must_use]
    pub fn of(self, a: u128, chance: f64) -> u128 {
        match self {
            Turn::Reflect => !a,
            Turn::Same | Turn::Shift { .. } | Turn::Rotate { .. } => {
                a.wrapping_sub(self.start(chance))
            }
        }
    }

    /// A unit's number, turned. What lies beyond the first 128 bits still decides ties.
    #[must_use]
    pub fn number(self, number: Number, chance: f64) -> Number {
        number.with_a(self.of(number.a(), chance))
    }

    /// Whether it takes a unit's chance to turn its number.
    #[must_use]
    pub fn looks_at_chances(self) -> bool {
        matches!(self, Turn::Rotate { .. })
    }

    /// As a formula: "u′ = 1 − u".
    #[must_use]
    pub fn formula(self) -> String {
        match self {
            Turn::Same => "u′ = u".to_owned(),
            Turn::Reflect => "u′ = 1 − u".to_owned(),
            Turn::Shift { by } => format!("u′ = (u + {by}) mod 1"),
            Turn::Rotate { share, waves } => format!("u′ = (u − {waves} × {share} π) mod 1"),
        }
    }

    /// Where, in parts of 2¹²⁸, the window begins that a unit's number must fall in.
    pub(super) fn start(self, chance: f64) -> u128 {
        match self {
            Turn::Same => 0,
            Turn::Shift { by } => fixed(by).wrapping_neg(),
            Turn::Reflect => fixed(chance).wrapping_neg(),
            Turn::Rotate { share, waves } => fixed(share * chance).wrapping_mul(u128::from(waves)),
        }
    }
}

/// A number from 0 to 1, in parts of 2¹²⁸; 1 is a whole turn, which is none.
fn fixed(x: f64) -> u128 {
    let (mantissa, power) = parts(x);
    match power + 128 {
        shift @ 0..=127 => mantissa << shift,
        shift @ -127..=-1 => mantissa >> -shift,
        _ => 0,
    }
}

fn within(part: f64) -> Result<(), Error> {
    match (0.0..=1.0).contains(&part) {
        true => Ok(()),
        false => Err(Error::BadTurn { part }),
    }
}

/// A draw by turned numbers.
type Draw = fn(&Pool<'_>, Turn, &Seed) -> Result<Vec<usize>, Error>;

/// The methods that decide by permanent numbers, and how each draws by turned ones.
const BY_NUMBER: &[(&Method, Draw)] = &[
    (&smallest::METHOD, of_equals),
    (&bernoulli::METHOD, |pool, turn, seed| {
        one_chance(&bernoulli::CARD, pool.probabilities())?;
        Ok(by_itself(pool, turn, seed))
    }),
    (&poisson::METHOD, |pool, turn, seed| {
        Ok(by_itself(pool, turn, seed))
    }),
    (&order::SEQUENTIAL, |pool, turn, seed| {
        order::smallest(pool, seed, |a, chance| {
            Key::sequential(turn.of(a, chance), chance)
        })
    }),
    (&order::PARETO, |pool, turn, seed| {
        order::smallest(pool, seed, |a, chance| {
            Key::pareto(turn.of(a, chance), chance)
        })
    }),
    (&order::ADJUSTED, |pool, turn, seed| {
        let d = sum(pool
            .probabilities()
            .as_slice()
            .iter()
            .map(|p| p * (1.0 - p)));
        let odds = |chance| order::corrected(chance, d);
        order::smallest(pool, seed, |a, chance| {
            Key::odds(turn.of(a, chance), odds(chance))
        })
    }),
];

/// Whether the waves of a method can be coordinated.
#[must_use]
pub fn by_number(method: &Method) -> bool {
    BY_NUMBER
        .iter()
        .any(|(one, _)| one.card.key == method.card.key)
}

/// Draws from a pool by turned numbers, and returns places in order. Unturned, it is what the method
/// draws by itself.
///
/// To coordinate waves, draw them all with one seed and method, each with its turn.
///
/// # Errors
///
/// [`Error::NotByNumber`] if the method has no use for permanent numbers; [`Error::BadTurn`] if a shift
/// or share is not from 0 to 1; and those of the method.
///
/// # Source
///
/// Ohlsson (1995).
///
/// # Example
///
/// Two surveys of five in ten people each, that ask nobody twice:
///
/// ```
/// use canvass::draw::{Pool, Probabilities, waves::coordinate::{Turn, draw}, equal::smallest};
/// use canvass::random::Seed;
/// let ids: Vec<String> = (0..10).map(|id| id.to_string()).collect();
/// let (chances, seed) = (Probabilities::equal(10, 5)?, Seed::new("town").expect("not blank"));
/// let pool = Pool::new("all", &ids, &chances);
/// let first = draw(&smallest::METHOD, &pool, Turn::Same, &seed)?;
/// let second = draw(&smallest::METHOD, &pool, Turn::Reflect, &seed)?;
/// assert!(first.iter().all(|unit| !second.contains(unit)));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn draw(
    method: &Method,
    pool: &Pool<'_>,
    turn: Turn,
    seed: &Seed,
) -> Result<Vec<usize>, Error> {
    turn.check()?;
    let known = BY_NUMBER
        .iter()
        .find(|(one, _)| one.card.key == method.card.key);
    let (_, draw) = known.ok_or(Error::NotByNumber {
        method: method.card.key,
    })?;
    draw(pool, turn, seed)
}

/// The n units with the smallest turned numbers.
fn of_equals(pool: &Pool<'_>, turn: Turn, seed: &Seed) -> Result<Vec<usize>, Error> {
    let chance = one_chance(&simple::CARD, pool.probabilities())?;
    let take = pool.probabilities().fixed_size()?;
    let ranked = pool
        .numbers(seed)
        .into_iter()
        .zip(pool.ids())
        .enumerate()
        .map(|(unit, (number, id))| ((turn.of(number.a(), chance), number), id.as_str(), unit))
        .collect();
    Ok(smallest::first(ranked, take))
}

/// Every unit whose turned number is below its chance.
fn by_itself(pool: &Pool<'_>, turn: Turn, seed: &Seed) -> Vec<usize> {
    let is_in = |(unit, number): &(usize, Number)| {
        let chance = pool.probabilities().of(*unit);
        poisson::below(turn.of(number.a(), chance), chance)
    };
    pool.numbers(seed)
        .into_iter()
        .enumerate()
        .filter(is_in)
        .map(|(unit, _)| unit)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{BY_NUMBER, Turn, draw, fixed};
    use crate::draw::trial::{eight, ids, random_chances, seed};
    use crate::draw::{Accuracy, Error, Method, Needs, Pool, Probabilities, unequal::pivotal};

    const TURNS: [Turn; 4] = [
        Turn::Same,
        Turn::Shift { by: 0.3 },
        Turn::Reflect,
        Turn::Rotate {
            share: 0.25,
            waves: 3,
        },
    ];

    /// Chances that the method can draw with.
    fn chances_for(method: &Method) -> Probabilities {
        match method.needs {
            Needs::EqualChances => Probabilities::equal(8, 3).expect("possible"),
            _ => eight(),
        }
    }

    #[test]
    fn unturned_numbers_draw_what_the_method_draws() {
        for (method, _) in BY_NUMBER {
            for i in 0..50 {
                let chances = match method.needs {
                    Needs::EqualChances => Probabilities::equal(20, 7).expect("possible"),
                    _ => random_chances(&format!("turn {i}")),
                };
                let (ids, seed) = (ids(chances.len()), seed(&format!("turn {i}")));
                let pool = Pool::new("all", &ids, &chances);
                let wanted = (method.draw)(&pool, &seed);
                assert_eq!(
                    draw(method, &pool, Turn::Same, &seed),
                    wanted,
                    "{}",
                    method.card.key
                );
                // A whole turn is none.
                assert_eq!(draw(method, &pool, Turn::Shift { by: 1.0 }, &seed), wanted);
            }
        }
    }

    #[test]
    fn every_wave_is_a_sample_of_the_same_kind() {
        const DRAWS: u32 = 4_000;
        for (method, _) in BY_NUMBER {
            let (chances, ids) = (chances_for(method), ids(8));
            let pool = Pool::new("all", &ids, &chances);
            let mut found = [[0_u32; 8]; TURNS.len()];
            for i in 0..DRAWS {
                let seed = seed(&format!("wave {i}"));
                for (turn, found) in TURNS.iter().zip(&mut found) {
                    let drawn = draw(method, &pool, *turn, &seed).expect("possible");
                    drawn.into_iter().for_each(|unit| found[unit] += 1);
                }
            }
            for unit in 0..8 {
                let (p, times) = (chances.of(unit), f64::from(DRAWS));
                // The chances of some methods are only near those stated: turned must be as unturned.
                let wanted = match method.chances {
                    Accuracy::Exact => times * p,
                    Accuracy::Approximate => f64::from(found[0][unit]),
                };
                for found in found {
                    let off = (f64::from(found[unit]) - wanted).abs();
                    let key = method.card.key;
                    assert!(
                        off < 6.0 * (times * p * (1.0 - p)).sqrt(),
                        "{key} {unit}: off by {off}"
                    );
                }
            }
        }
    }

    #[test]
    fn sizes_hold_and_certain_units_stay_under_every_turn() {
        for (method, _) in &BY_NUMBER[3..] {
            for i in 0..40 {
                let text = format!("law {i}");
                let chances = random_chances(&text);
                let ids = ids(chances.len());
                let pool = Pool::new("all", &ids, &chances);
                for turn in TURNS {
                    let drawn = draw(method, &pool, turn, &seed(&text)).expect("possible");
                    assert_eq!(Some(drawn.len()), chances.size(), "{text}");
                    assert!(
                        chances.certain().iter().all(|unit| drawn.contains(unit)),
                        "{text}"
                    );
                    assert!(drawn.iter().all(|&unit| chances.of(unit) > 0.0), "{text}");
                }
            }
        }
    }

    #[test]
    fn numbers_are_turned_to_the_last_bit() {
        assert_eq!(fixed(0.5), 1 << 127);
        assert_eq!((fixed(1.0), fixed(0.0)), (0, 0));
        assert_eq!(fixed(2.0_f64.powi(-128)), 1);
        assert_eq!(fixed(1e-300), 0);
        for a in [0, 1, 5 << 70, u128::MAX] {
            assert_eq!(Turn::Shift { by: 0.5 }.of(a, 0.1), a ^ (1 << 127));
            assert_eq!(Turn::Reflect.of(Turn::Reflect.of(a, 0.1), 0.1), a);
            // Four waves that replace a quarter each have moved by one window.
            let once = Turn::Rotate {
                share: 1.0,
                waves: 1,
            }
            .of(a, 0.375);
            assert_eq!(
                Turn::Rotate {
                    share: 0.25,
                    waves: 4
                }
                .of(a, 0.375),
                once
            );
        }
    }

    #[test]
    fn windows_side_by_side_share_nobody_and_fill_the_circle() {
        // π = 1/8, all replaced each wave: eight waves ask everyone once.
        let (ids, chances) = (
            ids(400),
            Probabilities::given(vec![0.125; 400]).expect("chances"),
        );
        let pool = Pool::new("all", &ids, &chances);
        let mut asked = [0; 400];
        for waves in 0..8 {
            let turn = Turn::Rotate { share: 1.0, waves };
            for unit in draw(BY_NUMBER[2].0, &pool, turn, &seed("circle")).expect("drawn") {
                asked[unit] += 1;
            }
        }
        assert_eq!(asked, [1; 400]);
    }

    #[test]
    fn a_start_is_advanced_wave_by_wave() {
        let by = |turn| match turn {
            Turn::Shift { by } => by,
            _ => f64::NAN,
        };
        let first = by(Turn::advanced(0.0, 0.5, 0.25).expect("sense"));
        assert!((first - 0.875).abs() < 1e-15);
        assert!((by(Turn::advanced(first, 0.5, 0.5).expect("sense")) - 0.625).abs() < 1e-15);
        assert!(matches!(
            Turn::advanced(0.0, 1.5, 0.5),
            Err(Error::BadTurn { .. })
        ));
    }

    #[test]
    fn nonsense_is_refused() {
        let (ids, chances) = (ids(8), eight());
        let pool = Pool::new("all", &ids, &chances);
        let refused = draw(&pivotal::METHOD, &pool, Turn::Same, &seed("x"));
        assert!(matches!(refused, Err(Error::NotByNumber { .. })));
        for part in [-0.1, 1.1, f64::NAN] {
            for turn in [
                Turn::Shift { by: part },
                Turn::Rotate {
                    share: part,
                    waves: 1,
                },
            ] {
                let refused = draw(BY_NUMBER[2].0, &pool, turn, &seed("x"));
                assert!(matches!(refused, Err(Error::BadTurn { .. })));
            }
        }
        assert!(matches!(
            draw(BY_NUMBER[0].0, &pool, Turn::Reflect, &seed("x")),
            Err(Error::NotEqual { .. })
        ));
    }
}
