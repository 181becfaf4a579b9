//! By hand, against every possible split, and laws.

use super::{Branching, ByTree, Growth};
use crate::field::{Class, Outcomes};
use crate::frame::Codes;
use crate::language::Language;
use crate::random::Seed;
use crate::weigh::{Error, Nonresponse, Step};

const GROWTH: Growth = Growth {
    least: 10,
    level: 0.05,
    weighted: true,
};

fn outcomes(class: Vec<Class>) -> Outcomes {
    let n = class.len();
    Outcomes {
        class,
        code: vec![None; n],
        attempts: vec![1; n],
        items: vec![],
    }
}

/// Cells of region and age, with how many were called and how many answered.
fn town(cells: &[(&str, &str, usize, usize)]) -> (Vec<Branching>, Outcomes) {
    let (mut region, mut age, mut class) = (Vec::new(), Vec::new(), Vec::new());
    for &(r, a, cases, answered) in cells {
        for case in 0..cases {
            region.push(r);
            age.push(a);
            class.push(if case < answered {
                Class::Interview
            } else {
                Class::Refusal
            });
        }
    }
    let column = |name: &str, labels: &[&str], ordered| Branching {
        name: name.into(),
        levels: Codes::from_labels(labels),
        ordered,
    };
    let columns = vec![column("region", &region, false), column("age", &age, true)];
    (columns, outcomes(class))
}

fn told(
    columns: Vec<Branching>,
    growth: Growth,
    outcomes: &Outcomes,
    before: &[f64],
) -> Vec<String> {
    let step = ByTree::of(columns, growth, outcomes).expect("columns");
    let adjusted = step.forward(before, outcomes).expect("somebody answered");
    step.notes(&adjusted, Language::English)
}

#[test]
fn levels_with_the_same_rate_go_together_and_ages_only_with_their_neighbours() {
    let (columns, outcomes) = town(&[
        ("coast", "9", 40, 8),
        ("hills", "9", 40, 24),
        ("town", "9", 40, 8),
        ("coast", "30", 40, 8),
        ("hills", "30", 40, 24),
        ("town", "30", 40, 8),
        ("coast", "100", 40, 8),
        ("hills", "100", 40, 36),
        ("town", "100", 40, 8),
    ]);
    let before = vec![2.0; outcomes.class.len()];
    assert_eq!(
        told(columns, GROWTH, &outcomes, &before),
        [
            "region = coast or town: 240 cases, 20.0 % answered",
            "region = hills; age = 9 to 30: 80 cases, 60.0 % answered",
            "region = hills; age = 100: 40 cases, 90.0 % answered",
        ]
    );
}

#[test]
fn small_classes_and_differences_of_chance_are_not_split() {
    let cells = [("coast", "1", 20, 9), ("hills", "1", 20, 11)];
    let (columns, outcomes) = town(&cells);
    let before = vec![1.0; 40];
    assert_eq!(
        told(columns.clone(), GROWTH, &outcomes, &before),
        ["all: 40 cases, 50.0 % answered"]
    );
    // χ²₁ of 0.4 is above 0.5; one way to split.
    let eager = Growth {
        level: 0.6,
        ..GROWTH
    };
    assert_eq!(told(columns.clone(), eager, &outcomes, &before).len(), 2);
    let large = Growth { least: 21, ..eager };
    assert_eq!(told(columns, large, &outcomes, &before).len(), 1);
}

#[test]
fn a_side_where_nobody_answers_is_no_class() {
    let (columns, outcomes) = town(&[("coast", "1", 40, 0), ("hills", "1", 40, 40)]);
    let before = vec![1.0; 80];
    assert_eq!(told(columns.clone(), GROWTH, &outcomes, &before).len(), 1);
    let nobody =
        super::super::tree::ByTree::of(columns, GROWTH, &self::outcomes(vec![Class::Refusal; 80]))
            .expect("columns");
    assert!(matches!(
        nobody.forward(&before, &outcomes),
        Err(Error::EmptyClass {
            step: "tree",
            cases: 80,
            ..
        })
    ));
    assert!(matches!(
        ByTree::of(vec![], GROWTH, &outcomes),
        Err(Error::NoColumns { .. })
    ));
}

#[test]
fn unequal_weights_make_fewer_cases() {
    // 1 of 20 weights is 400 times the others: the effective number of cases is small.
    let (columns, outcomes) = town(&[("coast", "1", 60, 20), ("hills", "1", 60, 40)]);
    let before: Vec<f64> = (0..120)
        .map(|i| if i % 20 == 0 { 400.0 } else { 1.0 })
        .collect();
    assert_eq!(told(columns.clone(), GROWTH, &outcomes, &before).len(), 1);
    let unweighted = Growth {
        weighted: false,
        ..GROWTH
    };
    assert_eq!(told(columns, unweighted, &outcomes, &before).len(), 2);
}

/// The best of all 2^(L−1) − 1 ways to put levels on two sides.
fn best_of_all(levels: &Codes, yes: &[bool]) -> f64 {
    let count = levels.labels().len();
    let likelihood = |inside: &dyn Fn(usize) -> bool| {
        let mine = || (0..yes.len()).filter(|&unit| inside(levels.code(unit)));
        let (all, said) = (
            mine().count() as f64,
            mine().filter(|&u| yes[u]).count() as f64,
        );
        let term = |part: f64| {
            if part > 0.0 {
                part * (part / all).ln()
            } else {
                0.0
            }
        };
        term(said) + term(all - said)
    };
    (1..1 << (count - 1))
        .map(|set: usize| {
            let left = |level: usize| set >> level & 1 == 1;
            2.0 * (likelihood(&left) + likelihood(&|l| !left(l)) - likelihood(&|_| true))
        })
        .fold(0.0, f64::max)
}

#[test]
fn the_order_of_rates_holds_the_best_of_all_splits() {
    for i in 0..40 {
        let mut stream = Seed::new(format!("tree {i}"))
            .expect("not blank")
            .stream("test");
        let n = 120;
        let labels: Vec<String> = (0..n).map(|_| stream.below(6).to_string()).collect();
        let levels = Codes::from_labels(&labels);
        let mut yes: Vec<bool> = (0..n)
            .map(|unit| stream.below(10) < 3 + levels.code(unit) as u64)
            .collect();
        yes[0] = true;
        let class = |&yes: &bool| {
            if yes {
                Class::Interview
            } else {
                Class::NonContact
            }
        };
        let outcomes = outcomes(yes.iter().map(class).collect());
        let column = Branching {
            name: "x".into(),
            levels: levels.clone(),
            ordered: false,
        };
        // Only a first split is let through: later ones would have no class so large.
        let growth = Growth {
            least: 1,
            level: f64::INFINITY,
            weighted: false,
        };
        let step = ByTree::of(vec![column], growth, &outcomes).expect("a column");
        let cases = (0..n).map(|unit| super::Case {
            unit,
            weight: 1.0,
            yes: yes[unit],
        });
        let tree = super::Tree {
            columns: &step.columns,
            growth,
        };
        let first = tree.grow_once(cases.collect());
        let wanted = best_of_all(&levels, &yes);
        assert!(
            (first - wanted).abs() < 1e-9,
            "seed {i}: {first} is not {wanted}"
        );
    }
}

#[test]
fn its_classes_are_those_of_nonresponse() {
    let (columns, outcomes) = town(&[
        ("coast", "1", 50, 10),
        ("hills", "1", 50, 30),
        ("coast", "2", 50, 11),
        ("hills", "2", 50, 31),
    ]);
    let before: Vec<f64> = (0..200).map(|i| 1.0 + f64::from(i % 7)).collect();
    let tree = ByTree::of(columns.clone(), GROWTH, &outcomes).expect("columns");
    let same = Nonresponse::within(columns[0].levels.clone(), &outcomes);
    let (a, b) = (
        tree.forward(&before, &outcomes).expect("answers"),
        same.forward(&before, &outcomes).expect("answers"),
    );
    assert_eq!(a.after, b.after);
    let mut scores: Vec<f64> = a
        .after
        .iter()
        .enumerate()
        .map(|(i, w)| w * (i % 5) as f64)
        .collect();
    let mut others = scores.clone();
    let (extra, other) = (tree.back(&a, &mut scores), same.back(&b, &mut others));
    assert_eq!((scores, extra.to_bits()), (others, other.to_bits()));
}
