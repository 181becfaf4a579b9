use std::collections::{BTreeMap, BTreeSet};

use super::{
    Asked, Calls, Choice, InStratum, Rule, Unit, chance_by_simple, chance_of_any, one_call,
};
use crate::draw::trial::seed;
use crate::draw::{
    Error, Method, Pool, Probabilities,
    equal::smallest,
    unequal::{poisson, sampford},
};
use crate::math::{Moments, sum};

const RULES: [Rule; 3] = [
    Rule::AskAll,
    Rule::AskOne(Choice::Evenly),
    Rule::AskOne(Choice::ByWeight),
];

/// Three cells, in each of which some persons stand, some of them twice.
struct Town {
    ids: [Vec<String>; 3],
    persons: [Vec<u64>; 3],
    chances: [Probabilities; 3],
    answers: [Vec<f64>; 3],
}

const PERSONS: u64 = 12;

fn town() -> Town {
    let persons: [Vec<u64>; 3] = [
        (0..12).collect(),
        vec![0, 1, 2, 3, 4, 5, 5, 6],
        vec![0, 2, 4, 5, 5, 5],
    ];
    let names = ["mobile", "data", "line"];
    let id = |cell: usize, unit: usize| format!("{} {unit}", names[cell]);
    let sizes: Vec<f64> = (0..8).map(|unit| f64::from(1 + unit % 3)).collect();
    Town {
        ids: [0, 1, 2].map(|cell| {
            (0..persons[cell].len())
                .map(|unit| id(cell, unit))
                .collect()
        }),
        answers: [0, 1, 2].map(|cell| {
            (0..persons[cell].len())
                .map(|unit| (unit * (cell + 2) % 7) as f64 + 1.0)
                .collect()
        }),
        chances: [
            Probabilities::equal(12, 4).expect("possible"),
            Probabilities::by_size(&sizes, 3).expect("possible"),
            Probabilities::given(vec![0.5, 0.2, 0.8, 0.4, 0.6, 0.3]).expect("chances"),
        ],
        persons,
    }
}

const METHODS: [&Method; 3] = [&smallest::METHOD, &sampford::METHOD, &poisson::METHOD];

/// Cell and place of the units drawn, and the calls.
fn called(town: &Town, rule: Rule, text: &str) -> (Vec<(usize, usize)>, Calls) {
    let mut drawn = Vec::new();
    for (cell, method) in METHODS.iter().enumerate() {
        let pool = Pool::new(["a", "b", "c"][cell], &town.ids[cell], &town.chances[cell]);
        let places = (method.draw)(&pool, &seed(text)).expect("possible");
        drawn.extend(places.into_iter().map(|unit| (cell, unit)));
    }
    let mut held: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for cell in 0..3 {
        for (unit, &person) in town.persons[cell].iter().enumerate() {
            held.entry(person)
                .or_default()
                .push(town.chances[cell].of(unit));
        }
    }
    let units: Vec<Unit<'_>> = drawn
        .iter()
        .map(|&(cell, unit)| Unit {
            id: &town.ids[cell][unit],
            number: town.persons[cell][unit],
            chance: town.chances[cell].of(unit),
        })
        .collect();
    let calls = one_call(&units, &held, rule, &seed(text)).expect("a sample");
    (drawn, calls)
}

#[test]
fn every_number_is_called_once_and_chances_within_a_call_add_up() {
    let town = town();
    for (i, rule) in (0..150).flat_map(|i| RULES.map(|rule| (i, rule))) {
        let (drawn, calls) = called(&town, rule, &format!("once {i}"));
        let numbers: BTreeSet<u64> = calls.calls.iter().map(|call| call.number).collect();
        let persons: BTreeSet<u64> = drawn
            .iter()
            .map(|&(cell, unit)| town.persons[cell][unit])
            .collect();
        assert_eq!(
            (numbers.len(), &numbers),
            (calls.calls.len(), &persons),
            "seed {i}"
        );
        assert_eq!(calls.units.len(), drawn.len(), "seed {i}");
        for (at, call) in calls.calls.iter().enumerate() {
            let mine: Vec<&Asked> = call
                .units
                .iter()
                .map(|&place| &calls.units[place])
                .collect();
            let asked = mine.iter().filter(|unit| unit.asked).count();
            let all = sum(mine.iter().map(|unit| unit.chance_asked));
            assert!(
                mine.iter()
                    .all(|unit| unit.call == at && unit.multiplicity == call.multiplicity)
            );
            assert!(mine.iter().all(|unit| unit.asked_with == mine.len() as u64));
            match rule {
                Rule::AskAll => assert_eq!(asked, mine.len(), "seed {i}"),
                Rule::AskOne(_) => {
                    assert_eq!(asked, 1, "seed {i}");
                    assert!((all - 1.0).abs() < 1e-12, "seed {i}");
                }
            }
            if rule == Rule::AskOne(Choice::ByWeight) {
                // One weight for whoever is chosen: that of all of them.
                let weight = call.person_weight * call.multiplicity as f64;
                assert!(
                    mine.iter()
                        .all(|unit| (unit.probability * weight - 1.0).abs() < 1e-12)
                );
            }
        }
        assert_eq!(
            (drawn, calls),
            called(&town, rule, &format!("once {i}")),
            "seed {i}"
        );
    }
}

#[test]
fn totals_of_cells_and_persons_are_right_on_average() {
    const TIMES: u32 = 6_000;
    let town = town();
    for rule in RULES {
        let mut cells = [Moments::default(); 3];
        let (mut persons, mut called_persons) = (Moments::default(), Moments::default());
        for i in 0..TIMES {
            let (drawn, calls) = called(&town, rule, &format!("total {i}"));
            let mut found = [0.0; 3];
            for (&(cell, unit), asked) in drawn.iter().zip(&calls.units) {
                if asked.asked {
                    found[cell] += town.answers[cell][unit] / asked.probability;
                }
            }
            cells
                .iter_mut()
                .zip(found)
                .for_each(|(cell, found)| cell.add(found));
            // The number of persons, and the sum of something each has.
            persons.add(sum(calls.calls.iter().map(|call| call.person_weight)));
            called_persons.add(sum(calls
                .calls
                .iter()
                .map(|call| call.person_weight * (call.number % 5) as f64)));
        }
        let near = |found: Moments, wanted: f64, what: &str| {
            let (mean, spread) = (found.mean().expect("many"), found.spread().expect("many"));
            let error = spread / f64::from(TIMES).sqrt();
            assert!(
                (mean - wanted).abs() < 4.5 * error,
                "{rule:?} {what}: {mean} is not {wanted}"
            );
        };
        for (cell, found) in cells.into_iter().enumerate() {
            near(
                found,
                sum(town.answers[cell].iter().copied()),
                &format!("cell {cell}"),
            );
        }
        near(persons, PERSONS as f64, "persons");
        near(
            called_persons,
            (0..PERSONS).map(|person| person % 5).sum::<u64>() as f64,
            "answers",
        );
    }
}

#[test]
fn a_number_is_called_as_often_as_stated() {
    // Person 9 has one unit; 1 has two, in two cells: independent, so the stated chance is exact.
    const TIMES: u32 = 6_000;
    let town = town();
    let mut called_times = [0_u32; PERSONS as usize];
    let mut stated = [None; PERSONS as usize];
    for i in 0..TIMES {
        for call in called(&town, Rule::AskAll, &format!("often {i}")).1.calls {
            called_times[call.number as usize] += 1;
            stated[call.number as usize] = Some(call.chance);
        }
    }
    for person in [0, 1, 2, 3, 4, 6, 9] {
        let (found, stated) = (
            f64::from(called_times[person]) / f64::from(TIMES),
            stated[person].expect("called"),
        );
        let error = (stated * (1.0 - stated) / f64::from(TIMES)).sqrt();
        assert!(
            (found - stated).abs() < 4.5 * error,
            "{person}: {found} is not {stated}"
        );
    }
}

#[test]
fn the_order_of_the_sample_does_not_matter() {
    let names: Vec<String> = (0..30).map(|unit| format!("u{unit}")).collect();
    let mut units: Vec<Unit<'_>> = names
        .iter()
        .enumerate()
        .map(|(unit, id)| Unit {
            id,
            number: unit as u64 % 11,
            chance: 0.1 + 0.02 * unit as f64,
        })
        .collect();
    let held: BTreeMap<u64, Vec<f64>> = (0..11).map(|number| (number, vec![0.2; 4])).collect();
    for rule in RULES {
        let asked = |units: &[Unit<'_>]| -> BTreeSet<String> {
            let calls = one_call(units, &held, rule, &seed("order")).expect("a sample");
            let asked = units
                .iter()
                .zip(&calls.units)
                .filter(|(_, unit)| unit.asked);
            asked.map(|(unit, _)| unit.id.to_owned()).collect()
        };
        let before = asked(&units);
        seed("order").stream("test").shuffle(&mut units);
        assert_eq!(before, asked(&units));
    }
}

#[test]
fn chances_to_be_called_on_the_blackboard() {
    assert!((chance_of_any(&[0.5, 0.5, 0.2]).expect("chances") - 0.8).abs() < 1e-15);
    assert_eq!(chance_of_any(&[]), Ok(0.0));
    assert!(chance_of_any(&[1.5]).is_err());
    let stratum = |population, take, held| InStratum {
        population,
        take,
        held,
    };
    // 1 − (1 − 1/4)(1 − 1/2)
    let two = chance_by_simple(&[stratum(8, 2, 1), stratum(4, 2, 1)]).expect("possible");
    assert!((two - 0.625).abs() < 1e-15);
    // Three of four hold it and two are drawn: one at least.
    assert_eq!(chance_by_simple(&[stratum(4, 2, 3)]), Ok(1.0));
    assert_eq!(chance_by_simple(&[stratum(4, 0, 3)]), Ok(0.0));
    let refused = chance_by_simple(&[stratum(4, 2, 5)]);
    assert_eq!(refused, Err(Error::TooMany { asked: 5, there: 4 }));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let units = [
        Unit {
            id: "a",
            number: 1,
            chance: 0.5,
        },
        Unit {
            id: "b",
            number: 1,
            chance: 0.5,
        },
    ];
    let ask = |units: &[Unit<'_>], held: &[f64]| {
        one_call(
            units,
            &[(1, held.to_vec())].into(),
            Rule::AskAll,
            &seed("x"),
        )
    };
    assert_eq!(
        ask(&units, &[0.5]),
        Err(Error::Holders {
            number: 1,
            held: 1,
            drawn: 2
        })
    );
    let none = one_call(&units, &BTreeMap::new(), Rule::AskAll, &seed("x"));
    assert_eq!(
        none,
        Err(Error::Holders {
            number: 1,
            held: 0,
            drawn: 2
        })
    );
    assert!(matches!(
        ask(&units, &[0.5, f64::NAN]),
        Err(Error::BadChances { .. })
    ));
    let never = [Unit {
        chance: 0.0,
        ..units[0]
    }];
    assert!(matches!(ask(&never, &[0.5]), Err(Error::BadChances { .. })));
    let nobody = ask(&[], &[]).expect("nobody");
    assert!(nobody.units.is_empty() && nobody.calls.is_empty());
}
