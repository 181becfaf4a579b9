//! What is true of the invented people, whether or not anybody calls them.
//!
//! Rules are resolved once for each combination of labels that occurs, not for each unit. A unit's
//! own traits hang on its key and the seed alone.

use std::collections::{BTreeMap, BTreeSet};

use super::{Error, Recipe, Sheet, Truth};
use crate::frame::{Codes, join};
use crate::math::distribution::normal_quantile;
use crate::math::sum;
use crate::random::Seed;
use crate::random::pretend::Dice;

/// What the rules say of all units with the same labels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Profile {
    /// Share of numbers that work.
    pub working: f64,
    /// Chance that somebody answers the first, second … call, given that nobody did before.
    pub reached: Vec<f64>,
    /// Of those reached, the share of users in scope.
    pub eligible: f64,
    /// Of those, the share of people who give an interview.
    pub willing: f64,
    /// The satisfaction index of all of them.
    pub index: f64,
}

/// What is true of one unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person<'p> {
    /// What its inventions hang on.
    pub key: u64,
    /// What the rules say of units like it.
    pub profile: &'p Profile,
    /// How satisfied it is beside others of its cell, in standard deviations.
    pub z: f64,
    /// Whether its number works.
    pub working: bool,
    /// The first call that somebody answers, from 0; none if nobody ever does.
    pub first: Option<usize>,
    /// Whether it is in scope.
    pub eligible: bool,
    /// Whether it gives an interview.
    pub willing: bool,
}

/// The units of a sheet, and what is true of each.
#[derive(Debug)]
pub(super) struct People<'a> {
    key: &'a [u64],
    profiles: Vec<Profile>,
    /// One per unit: the place of its profile.
    of: Vec<u32>,
    tone: f64,
    satisfied: Dice,
    working: Dice,
    reached: Dice,
    eligible: Dice,
    willing: Dice,
}

impl<'a> People<'a> {
    /// # Errors
    ///
    /// [`Error::NoColumn`] if a rule asks for a column that the sheet lacks, [`Error::Incomplete`] if
    /// no rule says something of a unit.
    pub fn new(recipe: &Recipe, sheet: &Sheet<'a>, seed: &Seed) -> Result<People<'a>, Error> {
        let named: BTreeSet<&str> = recipe
            .truth
            .iter()
            .flat_map(|rule| rule.where_.keys())
            .map(String::as_str)
            .collect();
        let columns = named
            .into_iter()
            .map(|name| Ok((name, sheet.column(name)?)));
        let columns: Vec<(&str, &Codes)> = columns.collect::<Result<_, Error>>()?;
        let (profiles, of) = resolved(&recipe.truth, &columns, sheet.key.len())?;
        let dice = |name: &str| Dice::new(seed, &format!("rehearse/people/{name}"));
        Ok(People {
            key: sheet.key,
            profiles,
            of,
            tone: recipe.calls.tone,
            satisfied: dice("satisfied"),
            working: dice("working"),
            reached: dice("reached"),
            eligible: dice("eligible"),
            willing: dice("willing"),
        })
    }

    /// The place of a unit's profile, and the profile.
    pub fn profile(&self, unit: usize) -> (u32, &Profile) {
        let place = self.of[unit];
        (place, &self.profiles[place as usize])
    }

    /// What is true of a unit.
    pub fn at(&self, unit: usize) -> Person<'_> {
        let (key, (_, profile)) = (self.key[unit], self.profile(unit));
        let z = normal(self.satisfied, key);
        let mut calls = profile.reached.iter().enumerate();
        let willing = (profile.willing * (1.0 + self.tone * z)).clamp(0.0, 1.0);
        Person {
            key,
            profile,
            z,
            working: self.working.happens(key, profile.working),
            first: calls
                .find(|&(call, &chance)| self.reached.happens(nth(key, call), chance))
                .map(|(call, _)| call),
            eligible: self.eligible.happens(key, profile.eligible),
            willing: self.willing.happens(key, willing),
        }
    }
}

/// The profiles of all combinations of labels that occur, and for each unit the place of its own.
fn resolved(
    rules: &[Truth],
    columns: &[(&str, &Codes)],
    units: usize,
) -> Result<(Vec<Profile>, Vec<u32>), Error> {
    let (mut profiles, mut known) = (Vec::new(), BTreeMap::new());
    let mut of = Vec::with_capacity(units);
    let mut codes = Vec::with_capacity(columns.len());
    for unit in 0..units {
        codes.clear();
        codes.extend(columns.iter().map(|(_, column)| column.code(unit)));
        let place = match known.get(&codes) {
            Some(&place) => place,
            None => {
                let place = profiles.len() as u32;
                profiles.push(resolve(rules, columns, unit)?);
                known.insert(codes.clone(), place);
                place
            }
        };
        of.push(place);
    }
    Ok((profiles, of))
}

/// What the rules say of `unit`: of several, the last one that says it.
fn resolve(rules: &[Truth], columns: &[(&str, &Codes)], unit: usize) -> Result<Profile, Error> {
    let has = |name: &String, label: &String| {
        columns
            .iter()
            .any(|(column, codes)| name == column && codes.label(unit) == label)
    };
    let matches = |rule: &&Truth| rule.where_.iter().all(|(name, label)| has(name, label));
    let mine: Vec<&Truth> = rules.iter().rev().filter(matches).collect();
    let missing = |key| {
        let labels: Vec<&str> = columns.iter().map(|(_, codes)| codes.label(unit)).collect();
        let unit = if labels.is_empty() {
            "any".into()
        } else {
            join(&labels)
        };
        Error::Incomplete { key, unit }
    };
    let number = |key, said: fn(&Truth) -> Option<f64>| {
        mine.iter()
            .find_map(|rule| said(rule))
            .ok_or_else(|| missing(key))
    };
    let reached = mine.iter().find_map(|rule| rule.reached.clone());
    Ok(Profile {
        working: number("working", |rule| rule.working)?,
        reached: reached.ok_or_else(|| missing("reached"))?,
        eligible: number("eligible", |rule| rule.eligible)?,
        willing: number("willing", |rule| rule.willing)?,
        index: number("index", |rule| rule.index)?,
    })
}

/// How much better or worse than their cells the labels of a column are.
#[derive(Debug)]
pub(super) struct Places<'a> {
    /// None where satisfaction is everywhere alike.
    column: Option<&'a Codes>,
    /// One per label, in points of 0 to 100.
    effect: Vec<f64>,
}

impl<'a> Places<'a> {
    /// Effects hang on the names of the labels; they are centred over the labels there are, each
    /// counted once, because nobody knows here how many people a label has.
    ///
    /// # Errors
    ///
    /// [`Error::NoColumn`] if the sheet lacks the column.
    pub fn new(recipe: &Recipe, sheet: &Sheet<'a>, seed: &Seed) -> Result<Places<'a>, Error> {
        let Some(local) = &recipe.answers.local else {
            return Ok(Places {
                column: None,
                effect: vec![0.0],
            });
        };
        let column = sheet.column(&local.by)?;
        let effect = column.labels().iter().map(|label| {
            let dice = Dice::new(seed, &format!("rehearse/local/{}/{label}", local.by));
            local.spread * normal(dice, 0)
        });
        let mut effect: Vec<f64> = effect.collect();
        let middle = sum(effect.iter().copied()) / effect.len().max(1) as f64;
        effect.iter_mut().for_each(|effect| *effect -= middle);
        Ok(Places {
            column: Some(column),
            effect,
        })
    }

    /// The place of a unit: the code of its label.
    pub fn of(&self, unit: usize) -> usize {
        self.column.map_or(0, |column| column.code(unit))
    }

    /// How much better a place is than its cell.
    pub fn effect(&self, place: usize) -> f64 {
        self.effect[place]
    }
}

/// Where the dice of one purpose lie for the `n`th invention of a unit; n < 256, or units whose keys
/// differ little share inventions.
pub(super) const fn nth(key: u64, n: usize) -> u64 {
    key.rotate_left(8) ^ n as u64
}

/// A standard normal number.
pub(super) fn normal(dice: Dice, place: u64) -> f64 {
    // Dice fall on multiples of 2⁻⁵³, and 0 has no quantile.
    normal_quantile(dice.unit(place).max(f64::EPSILON / 4.0))
}

#[cfg(test)]
mod tests {
    use super::{People, Places};
    use crate::rehearse::Error;
    use crate::rehearse::calls::tests::{Town, chongqing, seed};

    #[test]
    fn of_several_rules_the_last_that_says_something_holds() {
        let town = Town::new(&["固定上网", "移动电话"], &["驻地网企业", "中国移动"], 40);
        let people = People::new(&chongqing(), &town.sheet(), &seed()).expect("a sound recipe");
        assert_eq!(people.profiles.len(), 4);
        let of = |service: &str, operator: &str, expected: [f64; 4]| {
            let (_, told) = people.profile(town.find(service, operator));
            let found = [told.working, told.eligible, told.willing, told.index];
            let near = found
                .iter()
                .zip(expected)
                .all(|(a, b)| (a - b).abs() < 1e-12);
            assert!(near, "{service} / {operator}: {found:?}");
        };
        of("固定上网", "驻地网企业", [0.80, 0.80, 0.19, 66.4]);
        of("固定上网", "中国移动", [0.86, 0.88, 0.21, 70.3]);
        of("移动电话", "中国移动", [0.88, 0.92, 0.20, 80.1]);
    }

    #[test]
    fn what_no_rule_says_is_refused_with_a_unit_that_lacks_it() {
        let town = Town::new(&["移动电话"], &["中国移动"], 1);
        let mut recipe = chongqing();
        recipe.truth[0].willing = None;
        let refused = People::new(&recipe, &town.sheet(), &seed()).expect_err("nobody is willing");
        let unit = "中国移动 / 移动电话".into();
        assert_eq!(
            refused,
            Error::Incomplete {
                key: "willing",
                unit
            }
        );
    }

    #[test]
    fn a_rule_on_an_unknown_column_is_refused() {
        let town = Town::new(&["移动电话"], &["中国移动"], 1);
        let mut recipe = chongqing();
        recipe.truth[1].where_.insert("age".into(), "old".into());
        let refused = People::new(&recipe, &town.sheet(), &seed()).expect_err("no such column");
        let Error::NoColumn { column, known } = refused else {
            panic!("{refused}")
        };
        assert_eq!((column.as_str(), known.len()), ("age", 3));
    }

    #[test]
    fn places_are_better_and_worse_and_on_average_neither() {
        let town = Town::new(&["移动电话"], &["中国移动"], 38);
        let places = Places::new(&chongqing(), &town.sheet(), &seed()).expect("a sound recipe");
        assert_eq!(places.effect.len(), 38);
        assert!(places.effect.iter().sum::<f64>().abs() < 1e-9);
        let squares: f64 = places.effect.iter().map(|effect| effect * effect).sum();
        // 0.8 ± 0.8 / √76; four of them.
        assert!(((squares / 37.0).sqrt() - 0.8).abs() < 0.37, "{squares}");
    }

    #[test]
    fn traits_have_the_shares_of_the_rules() {
        let town = Town::new(&["移动电话"], &["中国移动"], 40_000);
        let people = People::new(&chongqing(), &town.sheet(), &seed()).expect("a sound recipe");
        let share = |of: fn(&super::Person<'_>) -> bool| {
            (0..40_000).filter(|&unit| of(&people.at(unit))).count() as f64 / 40_000.0
        };
        // Standard errors are at most 0.0025; four of them.
        let near = |found: f64, stated: f64| assert!((found - stated).abs() < 0.01, "{found}");
        near(share(|person| person.working), 0.88);
        near(share(|person| person.eligible), 0.92);
        near(share(|person| person.willing), 0.20);
        near(share(|person| person.first == Some(0)), 0.30);
        near(share(|person| person.first == Some(1)), 0.70 * 0.20);
        near(share(|person| person.z < 0.0), 0.5);
        // 20 % · (1 + 0.05 z) on average over z > 0, where z is 0.8: 20.8 %.
        near(
            2.0 * share(|person| person.z > 0.0 && person.willing),
            0.208,
        );
    }
}
