use super::{By, Node, Stage, Take, stages};
use crate::draw::stages::trial::{proves, stage, town};
use crate::draw::trial::seed;
use crate::draw::{
    Error, METHODS, Needs,
    equal::{bernoulli, smallest, systematic},
    replacement,
    unequal::{brewer, order, pivotal, poisson, sampford},
};
use crate::math::sum;

#[test]
fn chances_multiply() {
    let town = town();
    for plan in [
        [
            stage(&sampford::METHOD, By::Size, Take::Count(2)),
            stage(&smallest::METHOD, By::Count, Take::Count(2)),
        ],
        [
            stage(&smallest::METHOD, By::Count, Take::Count(3)),
            stage(&systematic::METHOD, By::Count, Take::AtMost(4)),
        ],
        [
            stage(&poisson::METHOD, By::Size, Take::Count(2)),
            stage(&bernoulli::METHOD, By::Count, Take::Count(1)),
        ],
        [
            stage(&brewer::METHOD, By::Size, Take::Count(2)),
            stage(&smallest::METHOD, By::Count, Take::All),
        ],
    ] {
        proves(&town, |text| {
            stages("all", &town, &plan, &seed(text)).expect("possible")
        });
    }
}

#[test]
fn every_method_for_chances_serves_every_stage() {
    let town = town();
    for method in METHODS {
        let by = match method.needs {
            Needs::Chances => By::Size,
            Needs::EqualChances => By::Count,
            _ => continue,
        };
        let plan = [
            stage(method, by, Take::Count(2)),
            stage(method, By::Count, Take::Count(2)),
        ];
        let drawn = stages("all", &town, &plan, &seed("every")).expect("possible");
        for unit in &drawn {
            let node = &town[unit.places[0]];
            assert_eq!(
                (&node.id, &node.inside[unit.places[1]].id),
                (&unit.ids[0], &unit.ids[1])
            );
            assert!((unit.chances[1] - 2.0 / node.inside.len() as f64).abs() < 1e-12);
        }
        assert_eq!(Ok(drawn), stages("all", &town, &plan, &seed("every")));
    }
}

#[test]
fn draws_within_clusters_know_nothing_of_each_other() {
    // Units of the same id in two clusters: together as often as chance has it.
    let pair = |name: &str| Node::cluster(name, vec![Node::unit("a"), Node::unit("b")]);
    let town = [pair("one"), pair("two")];
    let plan = [
        stage(&smallest::METHOD, By::Count, Take::All),
        stage(&smallest::METHOD, By::Count, Take::Count(1)),
    ];
    let mut alike = 0;
    for i in 0..2_000 {
        let drawn = stages("all", &town, &plan, &seed(&format!("pair {i}"))).expect("possible");
        alike += i32::from(drawn[0].ids[1] == drawn[1].ids[1]);
    }
    // 1 000 ± 22.4; four and a half of them.
    assert!((alike - 1_000).abs() < 101, "{alike}");
}

#[test]
fn three_stages() {
    let district = |name: &str, sizes: &[usize]| {
        let branch = |(place, &count): (usize, &usize)| {
            let units = (0..count)
                .map(|unit| Node::unit(unit.to_string()))
                .collect();
            Node::cluster(format!("branch {place}"), units)
        };
        Node::cluster(name, sizes.iter().enumerate().map(branch).collect())
    };
    let land = [
        district("a", &[2, 3]),
        district("b", &[4, 2, 2]),
        district("c", &[3, 5, 2]),
    ];
    let plan = [
        stage(&pivotal::METHOD, By::Size, Take::Count(2)),
        stage(&order::PARETO, By::Count, Take::Count(2)),
        stage(&smallest::METHOD, By::Count, Take::Count(2)),
    ];
    for i in 0..100 {
        let drawn = stages("all", &land, &plan, &seed(&format!("three {i}"))).expect("possible");
        assert_eq!(drawn.len(), 8);
        for unit in drawn {
            let district = &land[unit.places[0]];
            let branch = &district.inside[unit.places[1]];
            let wanted = 2.0 * district.size / 23.0 * 2.0 / district.inside.len() as f64 * 2.0
                / branch.inside.len() as f64;
            assert!(
                (unit.probability() - wanted).abs() < 1e-12,
                "seed {i}: {unit:?}"
            );
        }
    }
}

#[test]
fn a_cluster_hit_twice_is_drawn_from_twice() {
    let town = town();
    let plan = [
        stage(&replacement::METHOD, By::Size, Take::Count(3)),
        stage(&smallest::METHOD, By::Count, Take::Count(1)),
    ];
    let (mut twice, mut alike, mut total) = (0_u32, 0.0, 0.0);
    const TIMES: u32 = 3_000;
    for i in 0..TIMES {
        let drawn = stages("all", &town, &plan, &seed(&format!("hit {i}"))).expect("possible");
        assert_eq!(drawn.len(), 3);
        total += sum(drawn.iter().map(|unit| 1.0 / unit.probability())) / f64::from(TIMES);
        for pair in drawn
            .windows(2)
            .filter(|pair| pair[0].places[0] == pair[1].places[0])
        {
            assert_eq!(pair[1].hits[0], pair[0].hits[0] + 1);
            if pair[0].places[0] == 1 {
                twice += 1;
                alike += f64::from(u8::from(pair[0].places[1] == pair[1].places[1]));
            }
        }
    }
    // Weights divide by expected hits and add up to all 30 units, whatever is drawn.
    assert!((total - 30.0).abs() < 1e-9, "{total}");
    // Cluster 1 has eight units: one in eight pairs is alike.
    let error = (f64::from(twice) / 8.0 * 7.0 / 8.0).sqrt();
    assert!(
        (alike - f64::from(twice) / 8.0).abs() < 4.5 * error,
        "{alike} of {twice}"
    );
}

#[test]
fn edges() {
    let town = town();
    let first = stage(&smallest::METHOD, By::Count, Take::Count(5));
    let draw = |plan: &[Stage]| stages("all", &town, plan, &seed("x"));
    assert_eq!(draw(&[]), Err(Error::Nothing));
    // Fewer stages than the tree is deep: clusters themselves.
    assert_eq!(draw(&[first]).map(|drawn| drawn.len()), Ok(5));
    let cluster = "cluster 0".to_owned();
    let refused = draw(&[
        first,
        Stage {
            take: Take::Count(4),
            ..first
        },
    ]);
    assert_eq!(
        refused,
        Err(Error::ClusterTooSmall {
            cluster,
            units: 3,
            asked: 4
        })
    );
    let refused = draw(&[Stage {
        take: Take::Count(6),
        ..first
    }]);
    assert_eq!(refused, Err(Error::TooMany { asked: 6, there: 5 }));
    let all = draw(&[
        first,
        Stage {
            take: Take::All,
            ..first
        },
    ])
    .expect("a census");
    assert_eq!(all.len(), 30);
    assert!(all.iter().all(|unit| unit.probability() >= 1.0));
    let few = draw(&[
        first,
        Stage {
            take: Take::AtMost(4),
            ..first
        },
    ])
    .expect("possible");
    assert_eq!(few.len(), 3 + 4 * 4);
    let none = draw(&[
        first,
        Stage {
            take: Take::Count(0),
            ..first
        },
    ])
    .expect("possible");
    assert!(none.is_empty());
    let refused = draw(&[Stage {
        by: By::Size,
        take: Take::Count(2),
        ..first
    }]);
    assert!(matches!(refused, Err(Error::NotEqual { .. })));
    let bad = [Node::unit("a").with_size(f64::NAN), Node::unit("b")];
    let by_size = stage(&pivotal::METHOD, By::Size, Take::Count(1));
    assert!(matches!(
        stages("all", &bad, &[by_size], &seed("x")),
        Err(Error::BadSizes { .. })
    ));
}
