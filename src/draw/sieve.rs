//! Drawing from a list too long to hold, by permanent numbers.
//!
//! Each unit brings its own number, so nobody need be beside it when it is judged. One reading keeps the
//! units that may be drawn, about n + 4√n of each stratum; then the keys of these few are compared
//! exactly. What a stratum must know beforehand – how many units, how large together – was counted when
//! the list was checked.
//!
//! The threshold decides how much is kept, never who is drawn: whoever could have one of the n smallest
//! keys is kept, and should a stratum have too few (one draw in a thousand), it alone is read again with
//! twice the threshold. What is drawn is what [`METHODS`](super::METHODS) draw from the same units in
//! memory.

use std::collections::BTreeMap;

use super::candidates::{Candidate, Gates, Places, read};
use super::gate::{Gate, SLACK, TWO_64};
use super::key::Key;
use super::poisson::below;
use super::probability::{CERTAIN, Rest};
use super::{Error, Sizes};
use crate::frame::{Frame, join};
use crate::progress::{Event, Monitor};
use crate::random::{Numbers, Seed};

/// How number and chance decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The n smallest u / π are drawn; of equal chances, the n smallest u.
    Smallest,
    /// The n smallest u (1 − π) / (π (1 − u)) are drawn.
    Pareto,
    /// Whoever has u < π is drawn.
    Below,
}

/// The chances of a stratum's units.
#[derive(Debug, Clone, Copy)]
pub enum Chances<'a> {
    /// All alike, and so many are drawn.
    Equal {
        /// n_h.
        take: u64,
    },
    /// All the same chance; only for [`Rule::Below`].
    Given(f64),
    /// In proportion to size.
    BySize {
        /// The sizes, as counted when the list was checked.
        sizes: &'a Sizes,
        /// n_h; a whole number, unless the rule is [`Rule::Below`].
        expected: f64,
    },
}

/// What is asked of a stratum.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The stratum's labels, one per stratum column.
    pub labels: &'a [String],
    /// N_h, as counted when the list was checked.
    pub population: u64,
    /// Its units' chances.
    pub chances: Chances<'a>,
}

/// A unit that was drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// Where it stands in the list, counted from 0.
    pub row: u64,
    /// π.
    pub chance: f64,
    /// The cells of the columns that come along.
    pub carried: Vec<Option<String>>,
}

/// Draws from the list what is asked of each stratum, by a rule, in one reading as a rule. `size` names
/// the column of sizes, and `carry` those that come along.
///
/// Returns the units of each stratum in order of release: certain units first, by number, and then by
/// key. Neither the order of rows nor other strata nor threads change anything.
///
/// # Formula
///
/// ```text
/// equal     candidate if a < m 2⁶⁴ / N
/// by size   candidate if u < x / t,  Σ min(1, x / t) ≥ m
/// Pareto    candidate if u / (1 − u) < q p / (1 − p),  p ≥ π,  Σ of their chances ≥ m
/// below     candidate if u < p,  p ≥ π
/// m = n + L + √(L² + 2 n L),  L = ln (1 000 H):  P(fewer than n) ≤ exp(−(m − n)² / 2m) = 1 / (1 000 H)
/// ```
///
/// # Errors
///
/// - [`Error::UnknownStrata`], [`Error::UnplannedStrata`], [`Error::StratumChanged`] if list and
///   `asked` disagree.
/// - [`Error::TooMany`] if fewer units have a chance than are asked for.
/// - [`Error::Blank`] if a unit has no id, no stratum or no size; [`Error::Repeated`] if an id repeats.
/// - [`Error::Frame`] if the list cannot be read, or reading was stopped.
///
/// # Source
///
/// Ohlsson (1995), on permanent numbers; Mitzenmacher, Upfal (2005), §4.2 and §5.3, for the tail.
pub fn draw(
    frame: &Frame,
    asked: &[Asked<'_>],
    rule: Rule,
    (size, carry): (Option<&str>, &[&str]),
    seed: &Seed,
    monitor: &dyn Monitor,
) -> Result<Vec<Vec<Unit>>, Error> {
    let mut strata: Vec<Stratum<'_>> = asked
        .iter()
        .map(|one| Stratum::new(one, rule, asked.len()))
        .collect();
    let places = Places::of(frame, size, carry);
    let numbers = Numbers::new(seed);
    let mut first = true;
    while first || strata.iter().any(|stratum| stratum.drawn.is_none()) {
        if !first {
            let task = "reading again for strata that had too few";
            monitor.hear(Event::Began { task, of: None });
        }
        let found = read(frame, &places, &gates(&strata), &numbers, monitor)?;
        if first {
            agree(&strata, &found.counts)?;
        }
        for (place, candidate) in found.candidates {
            strata[place].candidates.push(candidate);
        }
        for stratum in strata.iter_mut().filter(|stratum| stratum.drawn.is_none()) {
            stratum.settle()?;
        }
        first = false;
    }
    Ok(strata
        .into_iter()
        .filter_map(|stratum| stratum.drawn)
        .collect())
}

/// A stratum while it is being drawn from.
struct Stratum<'a> {
    asked: &'a Asked<'a>,
    rule: Rule,
    /// The wished number of candidates.
    enough: f64,
    gate: Gate,
    candidates: Vec<Candidate>,
    drawn: Option<Vec<Unit>>,
}

impl<'a> Stratum<'a> {
    fn new(asked: &'a Asked<'a>, rule: Rule, strata: usize) -> Stratum<'a> {
        // Chernoff: P(S < n) ≤ exp(−(m − n)² / 2m) = ε  at  m = n + L + √(L² + 2nL), L = −ln ε.
        let l = (1000.0 * strata as f64).ln();
        let n = asked.expected();
        let enough = n + l + (l * l + 2.0 * n * l).sqrt();
        let (gate, candidates) = (Gate::Everyone, Vec::new());
        let mut stratum = Stratum {
            asked,
            rule,
            enough,
            gate,
            candidates,
            drawn: None,
        };
        stratum.open();
        if n <= 0.0 {
            stratum.drawn = Some(Vec::new());
        }
        stratum
    }

    /// Sets the gate, so that enough come through.
    fn open(&mut self) {
        self.gate = match (self.asked.chances, self.rule) {
            (Chances::Given(chance), _) => Gate::share(chance),
            (Chances::Equal { take }, Rule::Below) => {
                Gate::share(take as f64 / self.asked.population as f64)
            }
            (Chances::Equal { .. }, _) => Gate::share(self.enough / self.asked.population as f64),
            (Chances::BySize { sizes, expected }, Rule::Pareto) => {
                match (sizes.times(expected, self.enough), sizes.low(expected)) {
                    (Some(times), low) if low > 0.0 => Gate::Odds { low, times },
                    _ => Gate::Everyone,
                }
            }
            (Chances::BySize { sizes, expected }, rule) => {
                let through = if rule == Rule::Below {
                    expected
                } else {
                    self.enough
                };
                match sizes.low(through) {
                    low if low > 0.0 => Gate::Size {
                        per: TWO_64 / low * SLACK,
                    },
                    _ => Gate::Everyone,
                }
            }
        };
    }

    /// Decides who is drawn, or asks for more candidates.
    fn settle(&mut self) -> Result<(), Error> {
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.sort_unstable_by(|a, b| a.by_number().cmp(&b.by_number()));
        repeated(&candidates)?;
        self.judge(&mut candidates);
        let (certain, mut open): (Vec<Candidate>, Vec<Candidate>) = candidates
            .into_iter()
            .partition(|one| one.unit.chance >= 1.0 - CERTAIN);
        if self.rule == Rule::Below {
            open.retain(|one| below(one.number.a(), one.unit.chance));
            open = self.ranked(open);
        } else {
            open.retain(|one| one.unit.chance > CERTAIN);
            open = self.ranked(open);
            let left = (self.asked.expected() as usize).saturating_sub(certain.len());
            if !self.is_complete(&open, left) {
                if matches!(self.gate, Gate::Everyone) {
                    let there = (certain.len() + open.len()) as u64;
                    return Err(Error::TooMany {
                        asked: self.asked.expected() as u64,
                        there,
                    });
                }
                self.enough *= 2.0;
                self.open();
                return Ok(());
            }
            open.truncate(left);
        }
        self.drawn = Some(
            certain
                .into_iter()
                .chain(open)
                .map(|one| one.unit)
                .collect(),
        );
        Ok(())
    }

    /// Gives every candidate its chance.
    fn judge(&self, candidates: &mut [Candidate]) {
        match self.asked.chances {
            Chances::Equal { take } => {
                let chance = take as f64 / self.asked.population as f64;
                candidates
                    .iter_mut()
                    .for_each(|one| one.unit.chance = chance);
            }
            Chances::Given(chance) => {
                candidates
                    .iter_mut()
                    .for_each(|one| one.unit.chance = chance);
            }
            Chances::BySize { sizes, expected } => {
                let mut rest = Rest::new(sizes.sum().clone(), expected);
                // All that may be certain are candidates.
                let large: Vec<f64> = candidates.iter().map(|one| one.size).collect();
                let certain = rest.settle(&large);
                for (one, certain) in candidates.iter_mut().zip(certain) {
                    one.unit.chance = if certain { 1.0 } else { rest.chance(one.size) };
                }
            }
        }
    }

    /// Open candidates in the order of their keys; they come in the order of their numbers.
    fn ranked(&self, open: Vec<Candidate>) -> Vec<Candidate> {
        if !matches!(self.asked.chances, Chances::BySize { .. }) {
            return open;
        }
        let mut keyed: Vec<(f64, Key, Candidate)> = open
            .into_iter()
            .map(|one| {
                let key = self.key(&one);
                (key.near(), key, one)
            })
            .collect();
        // Floats tell all but the closest apart. The sort is stable: of equals, the number decides.
        keyed.sort_by(|(near, key, _), (other_near, other, _)| {
            const DOUBT: f64 = 1e-14;
            match (near - other_near).abs() > DOUBT * near.max(*other_near) {
                true => near.total_cmp(other_near),
                false => key.cmp(other),
            }
        });
        keyed.into_iter().map(|(.., one)| one).collect()
    }

    fn key(&self, one: &Candidate) -> Key {
        match self.rule {
            Rule::Pareto => Key::pareto(one.number.a(), one.unit.chance),
            Rule::Smallest | Rule::Below => Key::sequential(one.number.a(), one.unit.chance),
        }
    }

    /// Whether the `left` smallest keys of the stratum are the first of these.
    fn is_complete(&self, open: &[Candidate], left: usize) -> bool {
        let Some(last) = left.checked_sub(1) else {
            return true;
        };
        let surely = |one: &Candidate| {
            self.gate
                .is_beyond_doubt(one.number, one.size, || self.key(one).near())
        };
        open.get(last).is_some_and(surely)
    }
}

impl Asked<'_> {
    /// How many are drawn on average.
    fn expected(&self) -> f64 {
        match self.chances {
            Chances::Equal { take } => take as f64,
            Chances::Given(chance) => chance * self.population as f64,
            Chances::BySize { expected, .. } => expected,
        }
    }
}

/// Whether an id stands there twice, among candidates in order of numbers.
fn repeated(candidates: &[Candidate]) -> Result<(), Error> {
    let twice = candidates
        .windows(2)
        .find(|pair| pair[0].unit.id == pair[1].unit.id);
    twice.map_or(Ok(()), |pair| {
        Err(Error::Repeated {
            id: pair[0].unit.id.clone(),
            first: pair[0].unit.row + 1,
            second: pair[1].unit.row + 1,
        })
    })
}

/// Each stratum's gate, as long as it is not drawn.
fn gates<'s>(strata: &'s [Stratum<'_>]) -> Gates<'s> {
    let gate = |stratum: &Stratum<'_>| stratum.drawn.is_none().then_some(stratum.gate);
    strata
        .iter()
        .enumerate()
        .map(|(place, s)| (s.asked.labels, (place, gate(s))))
        .collect()
}

/// Whether the list has exactly the strata that are counted on.
fn agree(strata: &[Stratum<'_>], counts: &BTreeMap<Vec<String>, u64>) -> Result<(), Error> {
    let planned: BTreeMap<&[String], u64> = strata
        .iter()
        .map(|s| (s.asked.labels, s.asked.population))
        .collect();
    let unknown: Vec<String> = planned
        .iter()
        .filter(|(labels, population)| **population > 0 && !counts.contains_key(**labels))
        .map(|(labels, _)| join(labels))
        .collect();
    if !unknown.is_empty() {
        return Err(Error::UnknownStrata { strata: unknown });
    }
    let is_planned = |labels: &&Vec<String>| planned.contains_key(labels.as_slice());
    let unplanned: Vec<String> = counts
        .keys()
        .filter(|labels| !is_planned(labels))
        .map(|labels| join(labels))
        .collect();
    if !unplanned.is_empty() {
        return Err(Error::UnplannedStrata { strata: unplanned });
    }
    for (labels, &found) in counts {
        let planned = planned[labels.as_slice()];
        if planned != found {
            return Err(Error::StratumChanged {
                stratum: join(labels),
                found,
                planned,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Asked, Chances, Rule, Stratum, draw};
    use crate::draw::candidates::Candidate;
    use crate::draw::trial::seed;
    use crate::draw::{Error, Method, Pool, Probabilities, Sizes, bernoulli, order, poisson};
    use crate::frame::{Frame, Numbering, Roles, Rows};
    use crate::progress::Silent;
    use crate::random::Numbers;

    /// A list of ids, sides and sizes with long tails, where some are 0.
    fn list(text: &str, units: usize) -> Vec<[String; 3]> {
        let mut stream = seed(text).stream("list");
        (0..units)
            .map(|unit| {
                let size = match stream.below(8) {
                    0 => 0.0,
                    1 => 4.0,
                    _ => (1.0 / (1.0 - stream.unit())).powf(1.3),
                };
                let side = if unit % 3 == 0 { "south" } else { "north" };
                [format!("unit {unit}"), side.to_owned(), size.to_string()]
            })
            .collect()
    }

    fn frame(rows: &[[String; 3]]) -> Frame {
        let roles = Roles {
            unit: "id".into(),
            strata: vec!["side".into()],
            ..Roles::default()
        };
        let list = Box::new(Rows::new("town", &["id", "side", "size"], rows));
        Frame::new(list, roles, Numbering::Chinese).expect("all columns are there")
    }

    /// The units of a stratum, and their sizes.
    fn side(rows: &[[String; 3]], side: &str) -> (Vec<String>, Vec<f64>) {
        let there = rows.iter().filter(|row| row[1] == side);
        there
            .map(|row| (row[0].clone(), Sizes::read(&row[2]).expect("a size")))
            .unzip()
    }

    /// What a rule draws from the long list, by side: ids with their chances.
    fn sifted(
        rows: &[[String; 3]],
        wish: &dyn Fn(&Sizes) -> f64,
        rule: Rule,
        text: &str,
    ) -> Result<Vec<Vec<(String, f64)>>, Error> {
        let labels = ["north", "south"].map(|label| [label.to_owned()]);
        let sides = ["north", "south"].map(|label| side(rows, label).1);
        let sizes = sides.clone().map(|sizes| {
            let mut all = Sizes::default();
            sizes.into_iter().for_each(|size| all.add(size));
            all
        });
        let asked: Vec<Asked<'_>> = (0..2)
            .map(|at| Asked {
                labels: &labels[at],
                population: sides[at].len() as u64,
                chances: Chances::BySize {
                    sizes: &sizes[at],
                    expected: wish(&sizes[at]),
                },
            })
            .collect();
        let drawn = draw(
            &frame(rows),
            &asked,
            rule,
            (Some("size"), &[]),
            &seed(text),
            &Silent,
        )?;
        let unit = |unit: super::Unit| (unit.id, unit.chance);
        Ok(drawn
            .into_iter()
            .map(|units| units.into_iter().map(unit).collect())
            .collect())
    }

    /// What a method draws from the units in memory: ids with their chances.
    fn pooled(
        (ids, sizes): &(Vec<String>, Vec<f64>),
        expected: f64,
        method: &Method,
        text: &str,
    ) -> Vec<(String, f64)> {
        let chances = Probabilities::on_average(sizes, expected).expect("possible");
        let pool = Pool::new("all", ids, &chances);
        let drawn = (method.draw)(&pool, &seed(text)).expect("a possible draw");
        drawn
            .into_iter()
            .map(|unit| (ids[unit].clone(), chances.of(unit)))
            .collect()
    }

    fn sorted(mut units: Vec<(String, f64)>) -> Vec<(String, u64)> {
        units.sort_by(|one, other| one.0.cmp(&other.0));
        units
            .into_iter()
            .map(|(id, chance)| (id, chance.to_bits()))
            .collect()
    }

    /// The three rules, and the methods that draw by them in memory.
    const RULES: [(Rule, &Method); 3] = [
        (Rule::Smallest, &order::SEQUENTIAL),
        (Rule::Pareto, &order::PARETO),
        (Rule::Below, &poisson::METHOD),
    ];

    #[test]
    fn a_long_list_gives_what_the_methods_draw_in_memory() {
        for i in 0..60 {
            let text = format!("long {i}");
            let mut stream = seed(&text).stream("test");
            let mut rows = list(&text, 30 + stream.below(800) as usize);
            // Small and large samples, some of them of everybody.
            let share = (stream.unit() * 1.1).powi(2).min(1.0);
            for (rule, method) in RULES {
                let wish = |sizes: &Sizes| match rule {
                    Rule::Below => share * sizes.above_zero() as f64,
                    _ => (share * sizes.above_zero() as f64).floor(),
                };
                let drawn = sifted(&rows, &wish, rule, &text).expect("a possible draw");
                for (label, drawn) in ["north", "south"].into_iter().zip(drawn) {
                    let there = side(&rows, label);
                    let mut sizes = Sizes::default();
                    there.1.iter().for_each(|&size| sizes.add(size));
                    let wanted = pooled(&there, wish(&sizes), method, &text);
                    assert_eq!(
                        sorted(drawn),
                        sorted(wanted),
                        "{}, seed {text}",
                        method.card.key
                    );
                }
            }
            // The order of rows is nobody's business.
            let wish = |sizes: &Sizes| (share * sizes.above_zero() as f64).floor();
            let before = sifted(&rows, &wish, Rule::Pareto, &text).expect("a possible draw");
            stream.shuffle(&mut rows);
            assert_eq!(sifted(&rows, &wish, Rule::Pareto, &text), Ok(before));
        }
    }

    #[test]
    fn whoever_has_too_few_candidates_asks_again() {
        let mut rounds = 0;
        for i in 0..40 {
            let text = format!("again {i}");
            let there = side(&list(&text, 600), "north");
            let mut sizes = Sizes::default();
            there.1.iter().for_each(|&size| sizes.add(size));
            for (rule, method) in RULES {
                let expected = (20 + 7 * i) as f64;
                let asked = Asked {
                    labels: &[],
                    population: there.0.len() as u64,
                    chances: Chances::BySize {
                        sizes: &sizes,
                        expected,
                    },
                };
                let mut stratum = Stratum::new(&asked, rule, 1);
                (stratum.enough, stratum.candidates) = (1.0, Vec::new());
                stratum.open();
                let numbers = Numbers::new(&seed(&text));
                while stratum.drawn.is_none() {
                    rounds += 1;
                    for (row, (id, &size)) in there.0.iter().zip(&there.1).enumerate() {
                        let number = numbers.of(id);
                        if stratum.gate.lets_through(number.head(), size) {
                            let (id, row, carried) = (id.clone(), row as u64, Vec::new());
                            let unit = super::Unit {
                                id,
                                row,
                                chance: 0.0,
                                carried,
                            };
                            stratum.candidates.push(Candidate { number, size, unit });
                        }
                    }
                    stratum.settle().expect("a possible draw");
                }
                let drawn = stratum.drawn.unwrap_or_default().into_iter();
                let drawn = drawn.map(|unit| (unit.id, unit.chance)).collect();
                let wanted = pooled(&there, expected, method, &text);
                assert_eq!(
                    sorted(drawn),
                    sorted(wanted),
                    "{}, seed {text}",
                    method.card.key
                );
            }
        }
        assert!(rounds > 400, "{rounds}");
    }

    #[test]
    fn units_come_in_the_order_of_release() {
        let rows = list("release", 900);
        let few = sifted(&rows, &|_| 20.0, Rule::Smallest, "release").expect("a possible draw");
        let many = sifted(&rows, &|_| 40.0, Rule::Smallest, "release").expect("a possible draw");
        // Beside those that are certain, few are the first of many.
        let open = |units: &[(String, f64)]| -> Vec<String> {
            units
                .iter()
                .filter(|(_, chance)| *chance < 1.0)
                .map(|(id, _)| id.clone())
                .collect()
        };
        let (few, many) = (open(&few[0]), open(&many[0]));
        let there: Vec<&String> = few.iter().filter(|id| many.contains(id)).collect();
        assert!(there.len() > 4, "{}", there.len());
        assert!(there.iter().zip(&many).all(|(few, many)| *few == many));
    }

    #[test]
    fn a_given_chance_is_that_of_bernoulli() {
        let rows = list("given", 3_000);
        let labels = ["north", "south"].map(|label| [label.to_owned()]);
        let sides = ["north", "south"].map(|label| side(&rows, label).0);
        let asked: Vec<Asked<'_>> = (0..2)
            .map(|at| Asked {
                labels: &labels[at],
                population: sides[at].len() as u64,
                chances: Chances::Given(0.037),
            })
            .collect();
        let seed = seed("given");
        let drawn = draw(
            &frame(&rows),
            &asked,
            Rule::Below,
            (None, &["size"]),
            &seed,
            &Silent,
        );
        for (ids, drawn) in sides.iter().zip(drawn.expect("a possible draw")) {
            let chances = Probabilities::given(vec![0.037; ids.len()]).expect("chances");
            let pool = Pool::new("all", ids, &chances);
            let wanted = (bernoulli::METHOD.draw)(&pool, &seed).expect("a possible draw");
            let mut wanted: Vec<&String> = wanted.into_iter().map(|unit| &ids[unit]).collect();
            let mut found: Vec<&String> = drawn.iter().map(|unit| &unit.id).collect();
            wanted.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, wanted);
            assert!(
                drawn
                    .iter()
                    .all(|unit| unit.carried[0].as_deref() == Some(&rows[unit.row as usize][2]))
            );
        }
    }

    #[test]
    fn what_is_impossible_or_unreadable_is_refused() {
        let mut rows = list("refused", 30);
        let asked = |wish: f64, rows: &[[String; 3]]| {
            sifted(rows, &|_| wish, Rule::Smallest, "refused").expect_err("impossible")
        };
        assert!(matches!(
            asked(30.0, &rows),
            Error::TooMany { asked: 30, .. }
        ));
        rows[4][0] = "unit 5".into();
        rows[4][1] = "south".into();
        rows[5][1] = "south".into();
        rows[4][2] = "7".into();
        rows[5][2] = "8".into();
        let refused = sifted(
            &rows,
            &|sizes| sizes.above_zero() as f64,
            Rule::Smallest,
            "refused",
        );
        assert_eq!(
            refused,
            Err(Error::Repeated {
                id: "unit 5".into(),
                first: 5,
                second: 6
            })
        );
    }
}
