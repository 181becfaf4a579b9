use jiff::civil::{DateTime, date};
use jiff::{Span, ToSpan};

use super::{Invented, Sheet, invent};
use crate::field::{Almanac, Calendar, CaseKey, Class, Ingested, Rules, ingest};
use crate::frame::Codes;
use crate::math::Moments;
use crate::random::Seed;
use crate::rehearse::samples::{CHONGQING, NUMBERS};
use crate::rehearse::{CallsRecipe, Recipe};

pub(in crate::rehearse) fn chongqing() -> Recipe {
    Recipe::read(CHONGQING).expect("a sound recipe")
}

pub(in crate::rehearse) fn numbers() -> Recipe {
    Recipe::read(NUMBERS).expect("a sound recipe")
}

pub(in crate::rehearse) fn seed() -> Seed {
    Seed::new("a rehearsal").expect("not blank")
}

/// So many days from 4 January 2016 on, with the hours that people keep.
pub(in crate::rehearse) fn calendar(days: i32) -> Calendar {
    let hours = |text: [&str; 2]| text.map(|hours| hours.parse().expect("hours")).to_vec();
    let almanac = Almanac {
        hours: hours(["09:00-12:00", "14:00-20:30"]),
        weekend_hours: hours(["10:00-12:00", "14:00-20:30"]),
        ..Almanac::default()
    };
    let start = date(2016, 1, 4);
    let last: Span = (days - 1).days();
    Calendar::new(almanac, "Asia/Shanghai", start, start + last).expect("a period")
}

/// Units that are evenly spread over services, operators and 38 districts.
pub(in crate::rehearse) struct Town {
    case: Vec<String>,
    key: Vec<u64>,
    columns: Vec<(String, Codes)>,
    released: Vec<bool>,
}

impl Town {
    pub fn new(services: &[&str], operators: &[&str], units: usize) -> Town {
        let column = |name: &str, label: &dyn Fn(usize) -> String| {
            (name.to_owned(), Codes::from_labels((0..units).map(label)))
        };
        let ids = CaseKey::new([5; 32]);
        Town {
            case: (0..units)
                .map(|unit| ids.case_id(&unit.to_string()))
                .collect(),
            key: (0..units as u64).map(|unit| 31 * unit + 7).collect(),
            columns: vec![
                column("service", &|unit| services[unit % services.len()].into()),
                column("operator", &|unit| {
                    operators[unit / services.len() % operators.len()].into()
                }),
                // Numbers of blocks have an area, where the register has districts.
                column(
                    if operators[0].is_ascii() {
                        "area"
                    } else {
                        "district"
                    },
                    &|unit| format!("{:02}", unit / services.len() / operators.len() % 38),
                ),
            ],
            released: vec![true; units],
        }
    }

    pub fn sheet(&self) -> Sheet<'_> {
        let Town {
            case,
            key,
            columns,
            released,
        } = self;
        Sheet {
            case,
            key,
            columns,
            released,
        }
    }

    /// A unit with these labels.
    pub fn find(&self, service: &str, operator: &str) -> usize {
        let has =
            |unit: usize, place: usize, label: &str| self.columns[place].1.label(unit) == label;
        (0..self.key.len())
            .find(|&unit| has(unit, 0, service) && has(unit, 1, operator))
            .expect("such a unit")
    }

    /// The town without its last units.
    fn first(&self, units: usize) -> Town {
        let column = |(name, codes): &(String, Codes)| {
            let codes = Codes::new(codes.labels().to_vec(), codes.codes()[..units].to_vec());
            (name.clone(), codes)
        };
        Town {
            case: self.case[..units].to_vec(),
            key: self.key[..units].to_vec(),
            columns: self.columns.iter().map(column).collect(),
            released: self.released[..units].to_vec(),
        }
    }
}

/// A town of thirteen cells or so.
fn town(units: usize) -> Town {
    let services = ["固定电话", "移动电话", "移动上网", "固定上网"];
    Town::new(
        &services,
        &["中国电信", "中国移动", "中国联通", "驻地网企业"],
        units,
    )
}

fn invented(recipe: &Recipe, town: &Town, calendar: &Calendar) -> Invented {
    invent(recipe, &town.sheet(), calendar, &seed()).expect("a sound recipe")
}

fn ingested(invented: &Invented, town: &Town, calendar: &Calendar) -> Ingested {
    let Invented { attempts, answers } = invented;
    ingest(
        &town.case,
        &town.released,
        attempts,
        answers,
        calendar,
        &Rules::usual(),
    )
}

#[test]
fn an_invented_fieldwork_leaves_nothing_to_complain_of() {
    let mut town = town(12_000);
    for unit in (0..12_000).step_by(5) {
        town.released[unit] = false;
    }
    for recipe in [chongqing(), shaky()] {
        for days in [57, 6, 4, 1] {
            let calendar = calendar(days);
            let invented = invented(&recipe, &town, &calendar);
            let ingested = ingested(&invented, &town, &calendar);
            assert_eq!(ingested.findings, [], "{days} days");
            let tally = ingested.outcomes.tally();
            assert_eq!(tally[Class::NotReleased as usize], 2_400);
            assert!(tally[Class::Interview as usize] > 300, "{tally:?}");
        }
    }
}

/// A recipe in which everything happens often.
fn shaky() -> Recipe {
    let mut recipe = chongqing();
    recipe.calls.postponed = 0.5;
    recipe.calls.partial = 0.3;
    recipe.calls.break_off = 0.3;
    recipe.calls.silent = 0.5;
    recipe.answers.dont_know = 0.2;
    for rule in &mut recipe.truth {
        rule.willing = Some(0.6);
    }
    recipe
}

#[test]
fn the_outcomes_are_those_that_the_recipe_leads_to() {
    let town = Town::new(&["移动电话"], &["中国移动"], 20_000);
    let calendar = calendar(57);
    let mut recipe = chongqing();
    recipe.calls.postponed = 0.0;
    recipe.answers.dont_know = 0.0;
    let tally = ingested(&invented(&recipe, &town, &calendar), &town, &calendar)
        .outcomes
        .tally();
    let near = |class: Class, expected: f64| {
        let found = tally[class as usize] as f64;
        let error = (expected * (1.0 - expected / 20_000.0)).sqrt();
        assert!(
            (found - expected).abs() < 5.0 * error,
            "{class:?}: {found}, {expected} ± {error}"
        );
    };
    // 88 % work, 63.4 % of those are reached, 92 % of those eligible, 20 % of those willing.
    let contacts = 20_000.0 * 0.88 * 0.633_6;
    near(Class::Interview, contacts * 0.92 * 0.20 * 0.95);
    near(Class::Partial, contacts * 0.92 * 0.20 * 0.03);
    near(Class::Refusal, contacts * 0.92 * (0.80 + 0.20 * 0.02));
    // Nine in ten numbers that do not work say so.
    near(Class::NotEligible, contacts * 0.08 + 20_000.0 * 0.12 * 0.9);
    near(
        Class::UnknownNumber,
        20_000.0 * 0.88 * (1.0 - 0.633_6) + 20_000.0 * 0.12 * 0.1,
    );
    assert_eq!(tally[Class::NonContact as usize], 0);
}

#[test]
fn a_fieldwork_that_everybody_takes_part_in_finds_the_stated_index() {
    let town = Town::new(&["移动电话"], &["中国移动"], 19_000);
    let mut recipe = chongqing();
    recipe.calls = CallsRecipe {
        postponed: 0.0,
        partial: 0.0,
        break_off: 0.0,
        silent: 0.0,
        tone: 0.0,
    };
    recipe.answers.dont_know = 0.0;
    for rule in &mut recipe.truth {
        (rule.working, rule.eligible, rule.willing) = (Some(1.0), Some(1.0), Some(1.0));
        rule.reached = Some(vec![1.0]);
    }
    let rows = invented(&recipe, &town, &calendar(57)).answers.rows;
    let points = rows
        .iter()
        .filter_map(|row| Some(row.values[..3].iter().copied().sum::<Option<f64>>()? / 3.0));
    let points: Moments = points.map(|mean| (mean - 1.0) / 0.09).collect();
    assert_eq!(points.count(), 19_000);
    let (found, spread) = points.mean().zip(points.spread()).expect("many answers");
    assert!(
        (found - 80.1).abs() < 5.0 * spread / 19_000_f64.sqrt(),
        "{found} ± {spread}"
    );
}

#[test]
fn what_becomes_of_a_case_does_not_depend_on_others() {
    let (town, calendar) = (town(3_000), calendar(57));
    let few = town.first(500);
    let all = invented(&chongqing(), &town, &calendar);
    let part = invented(&chongqing(), &few, &calendar);
    let outcomes = |invented, town: &Town| ingested(invented, town, &calendar).outcomes;
    let (all, part) = (outcomes(&all, &town), outcomes(&part, &few));
    assert_eq!(all.code[..500], part.code);
    assert_eq!(all.attempts[..500], part.attempts);
    for (all, part) in all.items.iter().zip(&part.items) {
        assert_eq!(all.values[..500], part.values);
    }
}

#[test]
fn the_same_seed_invents_the_same_with_any_number_of_threads() {
    let (town, calendar) = (town(3_000), calendar(57));
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        pool.install(|| invented(&chongqing(), &town, &calendar))
    };
    let one = with(1);
    assert_eq!(with(3), one);
    let other = Seed::new("another rehearsal").expect("not blank");
    let other = invent(&chongqing(), &town.sheet(), &calendar, &other).expect("a sound recipe");
    assert_ne!(other, one);
}

#[test]
fn files_are_in_order_of_time_and_count_as_files_do() {
    let town = town(3_000);
    let Invented { attempts, answers } = invented(&chongqing(), &town, &calendar(57));
    assert!(attempts.is_sorted_by_key(|call| (call.started, call.case.clone())));
    assert!(
        attempts
            .iter()
            .map(|call| call.row)
            .eq(2..attempts.len() as u64 + 2)
    );
    assert!(
        answers
            .rows
            .is_sorted_by_key(|row| (row.started, row.case.clone()))
    );
    assert!(
        answers
            .rows
            .iter()
            .map(|row| row.row)
            .eq(2..answers.rows.len() as u64 + 2)
    );
    assert_eq!(answers.items[0], "overall");
    let mut by_case: Vec<(&str, DateTime, u32)> = attempts
        .iter()
        .map(|call| (call.case.as_str(), call.started, call.number))
        .collect();
    by_case.sort_unstable();
    for calls in by_case.chunk_by(|a, b| a.0 == b.0) {
        assert!(
            calls.iter().map(|call| call.2).eq(1..=calls.len() as u32),
            "{calls:?}"
        );
        assert!(calls.len() <= 6);
    }
}

#[test]
fn only_people_who_talk_have_an_interviewer() {
    let Invented { attempts, answers } = invented(&chongqing(), &town(3_000), &calendar(57));
    for call in &attempts {
        assert_eq!(
            call.talk_seconds > Some(0),
            call.interviewer.starts_with('T'),
            "{call:?}"
        );
    }
    let interviews = attempts
        .iter()
        .filter(|call| call.code == "1.1" || call.code == "1.2");
    let asked = |case: &String| answers.rows.iter().filter(|row| row.case == *case).count();
    assert!(interviews.clone().count() > 100);
    for call in interviews {
        assert_eq!(asked(&call.case), 1);
    }
}

#[test]
fn the_willing_speak_a_little_better_of_it_than_the_others() {
    let town = Town::new(&["移动电话"], &["中国移动"], 20_000);
    let calendar = calendar(57);
    let mean = |tone: f64| {
        let mut recipe = chongqing();
        recipe.calls.tone = tone;
        let rows = invented(&recipe, &town, &calendar).answers.rows;
        let overall: Vec<f64> = rows.iter().filter_map(|row| row.values[0]).collect();
        (overall.iter().sum::<f64>() / overall.len() as f64 - 1.0) / 0.09
    };
    // Half a standard deviation of 15 points, less what the scale's end takes; ± 0.4 each.
    let better = mean(0.5) - mean(0.0);
    assert!((4.0..9.0).contains(&better), "{better}");
}
