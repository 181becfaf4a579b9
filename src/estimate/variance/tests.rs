//! Worked by hand, and laws that hold for any seed.

use super::{Clusters, Design, Fault, Lonely, Rule, Stage, Strata};
use crate::draw::Sample;
use crate::estimate::Unknown;
use crate::frame::Codes;
use crate::random::Seed;

#[track_caller]
fn near(found: f64, wanted: f64) {
    assert!(
        (found - wanted).abs() <= 1e-12 * wanted.abs().max(1.0),
        "{found} is not {wanted}"
    );
}

fn codes<const N: usize>(labels: [&str; N]) -> Codes {
    Codes::from_labels(labels)
}

fn every(rows: usize) -> Vec<usize> {
    (0..rows).collect()
}

/// Two villages of eight; in each, two streets of several, and two people in each street.
struct Valley {
    village: Codes,
    street: Codes,
    scores: [f64; 8],
}

fn valley() -> Valley {
    Valley {
        village: codes(["a", "a", "a", "a", "b", "b", "b", "b"]),
        street: codes(["1", "1", "2", "2", "1", "1", "2", "2"]),
        scores: [1.0, 2.0, 3.0, 5.0, 2.0, 2.0, 4.0, 9.0],
    }
}

#[test]
fn stages_add_up_as_on_the_blackboard() {
    //  village   streets   people in streets     village totals 11 and 17, streets 3 8 | 4 13
    //  f₁ = 2/8: 3/4 · 2 · (3² + 3²)                                          = 27
    //  f₂ = 2/5 of a, 2/4 of b: 1/4 · (3/5 · 2 · 2·2.5² + 1/2 · 2 · 2·4.5²)   = 1/4 · (15 + 40.5)
    //  f₃ = 2/10 each: 1/4 · (2/5 · (4/5 · 2 · (0.5 + 2)) + 1/2 · (4/5 · 2 · (0 + 12.5)))
    let valley = valley();
    let (villages, people) = ([8.0; 8], [10.0; 8]);
    let streets = [5.0, 5.0, 5.0, 5.0, 4.0, 4.0, 4.0, 4.0];
    let stages = vec![
        Stage {
            clusters: Some(&valley.village),
            population: Some(&villages),
            ..Stage::default()
        },
        Stage {
            clusters: Some(&valley.street),
            population: Some(&streets),
            ..Stage::default()
        },
        Stage {
            population: Some(&people),
            ..Stage::default()
        },
    ];
    let design = Design {
        stages,
        ..Design::of(&[1.0; 8])
    };
    let rule = Clusters::of(&design).expect("a design");
    let wanted = 27.0 + 0.25 * (15.0 + 40.5) + 0.25 * (0.4 * 1.6 * 2.5 + 0.5 * 1.6 * 12.5);
    near(
        rule.variance(&valley.scores, &every(8))
            .expect("two villages"),
        wanted,
    );
    assert_eq!(rule.degrees(&every(8)), 1);

    // The same with fractions.
    let (villages, people) = ([0.25; 8], [0.2; 8]);
    let streets = [0.4, 0.4, 0.4, 0.4, 0.5, 0.5, 0.5, 0.5];
    let mut design = design.clone();
    for (stage, population) in design.stages.iter_mut().zip([&villages, &streets, &people]) {
        stage.population = Some(population);
    }
    let rule = Clusters::of(&design).expect("a design");
    near(
        rule.variance(&valley.scores, &every(8))
            .expect("two villages"),
        wanted,
    );

    // Without an end to the villages, nothing below them counts.
    design.stages[0].population = None;
    let rule = Clusters::of(&design).expect("a design");
    near(
        rule.variance(&valley.scores, &every(8))
            .expect("two villages"),
        36.0,
    );
}

#[test]
fn clusters_outside_a_domain_count_as_zeros() {
    let village = codes(["a", "a", "b", "c"]);
    let stage = Stage {
        clusters: Some(&village),
        ..Stage::default()
    };
    let rule = Clusters::of(&Design {
        stages: vec![stage],
        ..Design::of(&[1.0; 4])
    })
    .expect("a design");
    // 3/2 · (2² + (−1)² + (−1)²), of totals 3, 0, 0
    near(
        rule.variance(&[1.0, 2.0, 0.0, 0.0], &[0, 1])
            .expect("three villages"),
        9.0,
    );
    assert_eq!((rule.degrees(&[0, 1]), rule.degrees(&every(4))), (0, 2));
}

#[test]
fn the_mean_of_a_single_cluster_has_no_variance() {
    let village = codes(["a", "a", "b", "c"]);
    let stage = Stage {
        clusters: Some(&village),
        ..Stage::default()
    };
    let mut design = Design {
        stages: vec![stage],
        ..Design::of(&[1.0; 4])
    };
    let rule = Clusters::of(&design).expect("a design");
    let of_a = [-0.5, 0.5, 0.0, 0.0];
    let cluster = Unknown::OneCluster {
        cluster: "a".into(),
    };
    assert_eq!(rule.variance(&of_a, &[0, 1]), Err(cluster));
    assert_eq!(rule.variance(&[0.0; 4], &[2]), Err(Unknown::OneAnswer));
    // All villages were taken: there is nothing else that might have been drawn.
    design.stages[0].population = Some(&[3.0; 4]);
    assert_eq!(
        Clusters::of(&design)
            .expect("a design")
            .variance(&of_a, &[0, 1]),
        Ok(0.0)
    );
}

/// Three strata; the last has one unit. Totals 1 3 | 4 8 | 6, of 10, 20 and 30 people.
fn lonely(remedy: Lonely) -> Clusters {
    let stratum = codes(["a", "a", "b", "b", "c"]);
    let stage = Stage {
        strata: Some(&stratum),
        ..Stage::default()
    };
    let weights = [5.0, 5.0, 10.0, 10.0, 30.0];
    let design = Design {
        stages: vec![stage],
        nest: false,
        lonely: remedy,
        weights: &weights,
    };
    Clusters::of(&design).expect("a design")
}

#[test]
fn a_lonely_stratum_is_what_the_person_says() {
    let scores = [1.0, 3.0, 4.0, 8.0, 6.0];
    let variance = |remedy| lonely(remedy).variance(&scores, &every(5));
    let named = Err(Unknown::LonelyStratum {
        strata: vec!["c".into()],
    });
    assert_eq!(variance(Lonely::Fail), named);
    assert_eq!(lonely(Lonely::Fail).lonely(), ["c"]);
    // 2 · (1 + 1) + 2 · (2² + 2²) = 20 of a and b
    assert_eq!(variance(Lonely::Certainty), Ok(20.0));
    // (6 − 22/5)²
    near(
        variance(Lonely::Adjust).expect("adjusted"),
        20.0 + 1.6 * 1.6,
    );
    assert_eq!(variance(Lonely::Average), Ok(30.0));
    // c goes with b: 3/2 · (2² + 2² + 0²)
    assert_eq!(variance(Lonely::Collapse), Ok(4.0 + 12.0));
    let degrees = |remedy| lonely(remedy).degrees(&every(5));
    assert_eq!((degrees(Lonely::Adjust), degrees(Lonely::Collapse)), (2, 3));

    // It has nothing to do with a figure of a alone.
    assert_eq!(
        lonely(Lonely::Fail).variance(&[1.0, 3.0, 0.0, 0.0, 0.0], &[0, 1]),
        Ok(4.0)
    );
    assert_eq!(
        lonely(Lonely::Average).variance(&[1.0, 3.0, 0.0, 0.0, 0.0], &[0, 1]),
        Ok(4.0)
    );
    // Where all strata are lonely, there is no average.
    assert_eq!(
        lonely(Lonely::Average).variance(&[0.0, 0.0, 0.0, 0.0, 6.0], &[4]),
        named
    );
}

#[test]
fn strata_collapse_in_pairs_by_size() {
    let stratum = codes(["a", "b", "c", "d", "e", "e"]);
    let populations = [10.0, 12.0, 14.0, 40.0, 5.0, 5.0];
    let stage = Stage {
        strata: Some(&stratum),
        population: Some(&populations),
        ..Stage::default()
    };
    let weights = [10.0, 12.0, 14.0, 40.0, 2.5, 2.5];
    let design = Design {
        stages: vec![stage],
        nest: false,
        lonely: Lonely::Collapse,
        weights: &weights,
    };
    let rule = Clusters::of(&design).expect("a design");
    assert_eq!(rule.lonely(), ["a", "b", "c", "d"]);
    // a + b of 22, c + d of 54: (1 − 2/22) · 2 · 2 + (1 − 2/54) · 2 · 8
    let scores = [1.0, 3.0, 1.0, 5.0, 0.0, 0.0];
    near(
        rule.variance(&scores, &every(6)).expect("pairs"),
        4.0 * (20.0 / 22.0) + 16.0 * (52.0 / 54.0),
    );
    assert_eq!(rule.strata(), 3);
}

#[test]
fn a_stratum_taken_whole_is_not_lonely() {
    let stratum = codes(["a", "a", "b"]);
    let population = [4.0, 4.0, 1.0];
    let stage = Stage {
        strata: Some(&stratum),
        population: Some(&population),
        ..Stage::default()
    };
    let rule = Clusters::of(&Design {
        stages: vec![stage],
        ..Design::of(&[1.0; 3])
    })
    .expect("a design");
    assert_eq!(
        rule.variance(&[1.0, 3.0, 7.0], &every(3)),
        Ok(0.5 * 2.0 * 2.0)
    );
}

#[test]
fn what_does_not_hold_together_is_told_at_once() {
    let stratum = codes(["a", "a", "b", "b", "b"]);
    let village = codes(["1", "2", "1", "3", "4"]);
    let population = [5.0, 6.0, 2.0, 2.0, 2.0];
    let stage = Stage {
        strata: Some(&stratum),
        clusters: Some(&village),
        population: Some(&population),
    };
    let mut design = Design {
        stages: vec![stage],
        ..Design::of(&[1.0; 5])
    };
    let faults = Clusters::of(&design).expect_err("three faults").faults;
    let varies = Fault::Varies {
        stage: 1,
        strata: vec!["a (5, 6)".into()],
    };
    let beyond = Fault::Beyond {
        stage: 1,
        strata: vec!["b (3 of 2)".into()],
    };
    assert_eq!(
        faults,
        [
            Fault::Astride {
                stage: 1,
                clusters: vec!["1".into()]
            },
            varies.clone(),
            beyond.clone()
        ]
    );
    design.nest = true;
    assert_eq!(
        Clusters::of(&design).expect_err("two faults").faults,
        [varies, beyond]
    );

    design.stages[0].population = Some(&[0.5, 0.5, 3.0, 3.0, 0.0]);
    let faults = Clusters::of(&design).expect_err("two faults").faults;
    let mixed = Fault::Mixed {
        stage: 1,
        counts: 2,
        fractions: 2,
    };
    assert_eq!(faults, [Fault::NotPositive { stage: 1, rows: 1 }, mixed]);
}

/// A two-stage sample with clusters of several sizes, its rows in an order that the seed decides.
fn invented(seed: u32) -> (Codes, Codes, Vec<f64>, Vec<f64>) {
    let mut stream = Seed::new("rule").expect("not blank").stream("rows");
    let mut rows: Vec<(String, String, f64)> = (0..60)
        .map(|row| {
            (
                format!("s{}", row % 4),
                format!("c{}", row % 20),
                stream.unit() * 1e3 - 300.0,
            )
        })
        .collect();
    let mut stream = Seed::new(format!("order {seed}"))
        .expect("not blank")
        .stream("order");
    let keys: Vec<f64> = rows.iter().map(|_| stream.unit()).collect();
    let mut order: Vec<usize> = every(rows.len());
    order.sort_by(|&a, &b| keys[a].total_cmp(&keys[b]));
    rows = order.into_iter().map(|row| rows[row].clone()).collect();
    let strata = Codes::from_labels(rows.iter().map(|row| &row.0));
    let clusters = Codes::from_labels(rows.iter().map(|row| &row.1));
    let scores = rows.iter().map(|row| row.2).collect();
    (strata, clusters, scores, vec![12.5; 60])
}

#[test]
fn no_bit_depends_on_the_order_of_rows() {
    let variance = |seed| {
        let (strata, clusters, scores, population) = invented(seed);
        let stages = vec![
            Stage {
                strata: Some(&strata),
                clusters: Some(&clusters),
                population: Some(&population),
            },
            Stage {
                population: Some(&population),
                ..Stage::default()
            },
        ];
        let design = Design {
            stages,
            ..Design::of(&population)
        };
        let rule = Clusters::of(&design).expect("a design");
        rule.variance(&scores, &every(60))
            .expect("five clusters each")
            .to_bits()
    };
    let first = variance(0);
    assert!((1..50).all(|seed| variance(seed) == first));
}

#[test]
fn rows_in_strata_are_what_the_rule_of_strata_says() {
    let (stratum, _, scores, _) = invented(1);
    let population = vec![100, 200, 40, 15];
    let counts: Vec<f64> = (0..60)
        .map(|row| population[stratum.code(row)] as f64)
        .collect();
    let sample = Sample {
        id: (0..60).map(|row| row.to_string()).collect(),
        row: (0..60).collect(),
        cell: stratum.clone(),
        columns: Vec::new(),
        population,
        stratum: stratum.clone(),
        probability: vec![0.1; 60],
        rank: vec![1; 60],
        replicate: vec![1; 60],
        basis: crate::draw::Basis::default(),
    };
    let worked = vec![true; 60];
    let one = Strata::of(&sample, &worked);
    let stage = Stage {
        strata: Some(&stratum),
        population: Some(&counts),
        ..Stage::default()
    };
    let other = Clusters::of(&Design {
        stages: vec![stage],
        ..Design::of(&counts)
    })
    .expect("a design");
    for rows in [every(60), (0..20).collect()] {
        let mut part = vec![0.0; 60];
        rows.iter().for_each(|&row| part[row] = scores[row]);
        let [one, other]: [&dyn Rule; 2] = [&one, &other];
        near(
            other.variance(&part, &rows).expect("known"),
            one.variance(&part, &rows).expect("known"),
        );
        assert_eq!(other.degrees(&rows), one.degrees(&rows));
    }
}
