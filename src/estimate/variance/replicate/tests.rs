//! Worked by hand, laws that hold for any seed, and what may go wrong.

mod against_r;

mod laws;

mod unknown;

use super::{Error, Form, Given, Hadamard, Kind, Method, Replicated, Replicates, Units};
use crate::estimate::variance::{Clusters, Design, Lonely, Rule, Stage};
use crate::field::{Class, Item, Outcomes};
use crate::frame::Codes;
use crate::random::{Seed, Stream};
use crate::weigh::Ledger;

#[track_caller]
fn near(found: f64, wanted: f64, within: f64) {
    assert!(
        (found - wanted).abs() <= within * wanted.abs(),
        "{found} is not {wanted}"
    );
}

fn seed(number: u64) -> Seed {
    Seed::new(format!("replicates {number}")).expect("not blank")
}

/// Outcomes of so many people who all answered.
fn all_answered(rows: usize) -> Outcomes {
    Outcomes {
        class: vec![Class::Interview; rows],
        code: vec![None; rows],
        attempts: vec![1; rows],
        items: Vec::new(),
    }
}

fn item(values: &[f64]) -> Item {
    Item {
        name: "y".into(),
        values: values.iter().copied().map(Some).collect(),
    }
}

/// Strata with clusters of two rows each, with a population, and answers.
struct Town {
    stratum: Codes,
    cluster: Codes,
    population: Vec<f64>,
    weights: Vec<f64>,
    answers: Item,
}

impl Town {
    /// With so many clusters in each stratum; each stratum has `times` as many in the population.
    fn new(clusters: &[usize], times: f64, stream: &mut Stream) -> Town {
        let (mut strata, mut labels, mut population) = (vec![], vec![], vec![]);
        for (h, &n) in clusters.iter().enumerate() {
            for c in 0..2 * n {
                strata.push(format!("{h:03}"));
                labels.push(format!("{h:03}-{:03}", c / 2));
                population.push(n as f64 * times);
            }
        }
        let rows = strata.len();
        let weights = (0..rows).map(|_| 5.0 + 20.0 * stream.unit()).collect();
        let answers: Vec<f64> = (0..rows).map(|_| 10.0 * stream.unit()).collect();
        Town {
            stratum: Codes::from_labels(strata),
            cluster: Codes::from_labels(labels),
            population,
            weights,
            answers: item(&answers),
        }
    }

    fn design(&self, ends: bool) -> Design<'_> {
        let stage = Stage {
            strata: Some(&self.stratum),
            clusters: Some(&self.cluster),
            population: ends.then_some(&self.population),
        };
        Design {
            stages: vec![stage],
            ..Design::of(&self.weights)
        }
    }

    fn units(&self, ends: bool) -> Units {
        Units::of(&self.design(ends)).expect("a design")
    }

    fn ledger(&self) -> Ledger {
        Ledger::given(self.weights.clone()).expect("weights")
    }

    /// The textbook's variance of the total.
    fn linear(&self, ends: bool) -> f64 {
        let scores: Vec<f64> = (self.answers.values.iter().zip(&self.weights))
            .map(|(y, w)| w * y.expect("an answer"))
            .collect();
        let every: Vec<usize> = (0..scores.len()).collect();
        let rule = Clusters::of(&self.design(ends)).expect("a design");
        rule.variance(&scores, &every).expect("a variance")
    }
}

#[test]
fn hadamard_matrices_are_orthogonal_and_begin_with_ones() {
    for least in 1..=130 {
        let matrix = Hadamard::at_least(least);
        let order = matrix.order();
        for this in 0..order {
            assert_eq!((matrix.cell(this, 0), matrix.cell(0, this)), (1, 1));
            for other in 0..=this {
                let product: i64 = (0..order)
                    .map(|k| i64::from(matrix.cell(this, k)) * i64::from(matrix.cell(other, k)))
                    .sum();
                let wanted = if this == other { order as i64 } else { 0 };
                assert_eq!(product, wanted, "order {order}, rows {this} and {other}");
            }
        }
    }
}

#[test]
fn every_order_up_to_a_hundred_is_reached_but_one() {
    for order in (4..=100).step_by(4) {
        let reached = if order == 92 { 96 } else { order };
        assert_eq!(Hadamard::at_least(order).order(), reached);
    }
    assert_eq!(Hadamard::at_least(501).order(), 504);
}

#[test]
fn a_method_that_does_not_fit_names_what_does_not() {
    let mut stream = seed(1).stream("test");
    let town = Town::new(&[2, 3, 2, 4], 10.0, &mut stream);
    let made = |method: Method| Replicates::made(method, town.units(false), &seed(1)).unwrap_err();
    let pairs = |method| Error::NotPairs {
        method,
        strata: vec!["001 (3)".into(), "003 (4)".into()],
    };
    assert_eq!(made(Method::Brr), pairs("brr"));
    assert_eq!(made(Method::Jk2), pairs("jk2"));
    assert_eq!(made(Method::Fay { rho: 0.5 }), pairs("fay"));
    assert_eq!(made(Method::Fay { rho: 1.0 }), Error::BadRho { rho: 1.0 });
    let stratified = Error::Stratified {
        method: "jk1",
        strata: 4,
    };
    assert_eq!(made(Method::Jk1), stratified);
    let few = Error::TooFew {
        groups: 3,
        strata: vec!["000 (2)".into(), "002 (2)".into()],
    };
    assert_eq!(made(Method::Groups { groups: 3 }), few);
    assert_eq!(
        made(Method::Bootstrap { replicates: 1 }),
        Error::Count { count: 1 }
    );
    let ends = Replicates::made(
        Method::CantyDavison { replicates: 9 },
        town.units(true),
        &seed(1),
    );
    let population = Error::Population {
        method: "canty-davison",
    };
    assert_eq!(ends.unwrap_err(), population);
}

#[test]
fn lonely_strata_are_named_collapsed_or_left_alone() {
    let mut stream = seed(2).stream("test");
    let town = Town::new(&[2, 1, 2], 10.0, &mut stream);
    let units = |lonely| {
        Units::of(&Design {
            lonely,
            ..town.design(false)
        })
    };
    let strata = vec!["001".to_owned()];
    let named = Error::Lonely {
        strata: strata.clone(),
    };
    assert_eq!(units(Lonely::Fail).unwrap_err(), named);
    let remedy = Lonely::Adjust;
    assert_eq!(units(remedy).unwrap_err(), Error::Remedy { remedy, strata });
    let certain = units(Lonely::Certainty).expect("two strata");
    let replicates = Replicates::made(Method::Jkn, certain, &seed(2)).expect("pairs");
    assert_eq!(replicates.count(), 4);
    let joined = units(Lonely::Collapse).expect("two strata");
    let replicates = Replicates::made(Method::Jkn, joined, &seed(2)).expect("strata");
    assert_eq!(replicates.count(), 5);
}

#[test]
fn later_stages_are_not_lost_in_silence() {
    let village = Codes::from_labels(["a", "a", "b", "b"]);
    let first = Stage {
        clusters: Some(&village),
        population: Some(&[8.0; 4]),
        ..Stage::default()
    };
    let design = Design {
        stages: vec![first, Stage::default()],
        ..Design::of(&[20.0; 4])
    };
    let made = |method| Replicates::made(method, Units::of(&design).expect("a design"), &seed(3));
    assert_eq!(
        made(Method::Jk1).unwrap_err(),
        Error::LaterStages { method: "jk1" }
    );
    assert!(made(Method::Bootstrap { replicates: 10 }).is_ok());
}

#[test]
fn constants_that_are_missing_or_too_many_are_named() {
    let columns = || vec![&[1.0, 2.0][..], &[2.0, 1.0][..]];
    let why = |given: Given<'_>| match Replicates::given(given) {
        Err(Error::Scales { why, .. }) => why,
        other => panic!("{other:?}"),
    };
    let of = |kind| Given::of(kind, columns());
    assert!(why(of(Kind::Jkn)).contains("not known"));
    assert!(why(of(Kind::Other)).contains("not known"));
    let scale = Some(1.0);
    assert!(
        why(Given {
            scale,
            ..of(Kind::Brr)
        })
        .contains("0.5 by the kind itself, and 1 is given")
    );
    let stated = Given {
        scale: Some(0.5),
        ..of(Kind::Brr)
    };
    assert!(Replicates::given(stated).is_ok());
    let acs = |scales: [f64; 2]| Given {
        scales: Some(scales.to_vec()),
        ..of(Kind::Acs)
    };
    assert!(why(acs([1.0, 0.5])).contains("0.5 is given"));
    assert!(Replicates::given(acs([1.0; 2])).is_ok());
    let scales = Some(vec![1.0]);
    assert!(
        why(Given {
            scales,
            ..of(Kind::Jk1)
        })
        .contains("1 scales for 2")
    );
    let columns = vec![&[1.0, f64::NAN][..], &[2.0, 1.0][..]];
    let bad = Replicates::given(Given::of(Kind::Brr, columns)).unwrap_err();
    let wanted = Error::BadWeights {
        count: 1,
        replicate: 1,
        row: 1,
    };
    assert_eq!(bad, wanted);
}

#[test]
fn a_form_that_may_be_negative_is_refused() {
    use crate::math::solve::Symmetric;
    let design = Design::of(&[1.0; 2]);
    let made = |cells: [f64; 3]| {
        let mut matrix = Symmetric::zero(2);
        [(0, 0), (1, 0), (1, 1)]
            .into_iter()
            .zip(cells)
            .for_each(|((i, j), x)| matrix.add(i, j, x));
        let method = Method::Generalised {
            form: Form::Matrix(matrix),
            replicates: 10,
        };
        Replicates::made(method, Units::of(&design).expect("a design"), &seed(4))
    };
    assert!(matches!(made([1.0, 2.0, 1.0]), Err(Error::Form { .. })));
    assert!(made([1.0, -1.0, 1.0]).is_ok());
}

#[test]
fn two_clusters_of_a_pair_swap_as_on_the_blackboard() {
    //  strata of two, weights 10: brr doubles one; with 2 of 8 it moves by √(3/4); Fay's half keeps 0.3
    let stratum = Codes::from_labels(["a", "a"]);
    let units = |population: Option<&[f64]>| {
        let stage = Stage {
            strata: Some(&stratum),
            population,
            ..Stage::default()
        };
        Units::of(&Design {
            stages: vec![stage],
            ..Design::of(&[10.0; 2])
        })
        .expect("a design")
    };
    let first = |method, population| {
        let made = Replicates::made(method, units(population), &seed(5)).expect("a pair");
        (made.weights(0, &[10.0; 2]), made.scale())
    };
    assert_eq!(first(Method::Brr, None), (vec![20.0, 0.0], 0.5));
    let (weights, scale) = first(Method::Fay { rho: 0.3 }, None);
    near(weights[1], 3.0, 1e-12);
    near(scale, 1.0 / (2.0 * 0.49), 1e-12);
    let (weights, _) = first(Method::Brr, Some(&[8.0; 2]));
    near(weights[1], 10.0 * (1.0 - 0.75_f64.sqrt()), 1e-12);
}

#[test]
fn names_of_columns_sort() {
    let mut stream = seed(6).stream("test");
    let town = Town::new(&[5, 5], 10.0, &mut stream);
    let made = Replicates::made(Method::Jkn, town.units(false), &seed(6)).expect("strata");
    assert_eq!(
        (made.name(0), made.name(9)),
        ("replicate_01".into(), "replicate_10".into())
    );
}
