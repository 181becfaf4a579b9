//! What holds for any seed.

use super::*;
use crate::estimate::{
    Difference, Domain, Mean, Quantile, Ratio, Share, Statistic, Test, Total, View,
};
use crate::weigh::{Margin, Rake};

fn variance_of_total(town: &Town, method: Method, ends: bool, chance: u64) -> f64 {
    let made = Replicates::made(method, town.units(ends), &seed(chance)).expect("replicates");
    let (ledger, outcomes) = (town.ledger(), all_answered(town.weights.len()));
    let replicated = Replicated::new(&made, &ledger, &outcomes, 0.95);
    let total = replicated.estimate(&Total::of(&town.answers), &Domain::all());
    total.expect("answers").variance.expect("a variance")
}

#[test]
fn totals_have_the_textbooks_variance_where_that_is_promised() {
    for number in 0..20 {
        let mut stream = seed(number).stream("test");
        let strata = 1 + stream.below(12) as usize;
        for ends in [false, true] {
            let pairs = Town::new(&vec![2; strata], 5.0, &mut stream);
            let wanted = pairs.linear(ends);
            for method in [
                Method::Jkn,
                Method::Jk2,
                Method::Brr,
                Method::Fay { rho: 0.4 },
            ] {
                near(
                    variance_of_total(&pairs, method, ends, number),
                    wanted,
                    1e-11,
                );
            }
            let successive = Method::Successive { replicates: 40 };
            near(
                variance_of_total(&pairs, successive, ends, number),
                wanted,
                1e-11,
            );
            let sizes: Vec<usize> = (0..strata).map(|_| 2 + stream.below(6) as usize).collect();
            let many = Town::new(&sizes, 5.0, &mut stream);
            near(
                variance_of_total(&many, Method::Jkn, ends, number),
                many.linear(ends),
                1e-11,
            );
            let one = Town::new(&[7], 5.0, &mut stream);
            let wanted = one.linear(ends);
            near(
                variance_of_total(&one, Method::Jk1, ends, number),
                wanted,
                1e-11,
            );
            let groups = Method::Groups { groups: 7 };
            near(variance_of_total(&one, groups, ends, number), wanted, 1e-11);
        }
    }
}

#[test]
fn successive_differences_are_those_of_neighbours_going_round() {
    let mut stream = seed(7).stream("test");
    let town = Town::new(&[6, 9, 3], 4.0, &mut stream);
    let wanted: f64 = [(0, 6), (6, 15), (15, 18)]
        .into_iter()
        .map(|(from, to)| {
            let total = |cluster: usize| -> f64 {
                (2 * cluster..2 * cluster + 2)
                    .map(|row| town.weights[row] * town.answers.values[row].expect("an answer"))
                    .sum()
            };
            let next = |cluster| if cluster + 1 == to { from } else { cluster + 1 };
            let squares = (from..to).map(|c| (total(c) - total(next(c))).powi(2));
            (1.0 - 0.25) / 2.0 * squares.sum::<f64>()
        })
        .sum();
    let method = Method::Successive { replicates: 19 };
    near(variance_of_total(&town, method, true, 7), wanted, 1e-11);
}

#[test]
fn a_long_walk_over_rows_uses_no_pair_twice() {
    let mut stream = seed(8).stream("test");
    let town = Town::new(&[60], 4.0, &mut stream);
    let made = Replicates::made(
        Method::Successive { replicates: 16 },
        town.units(false),
        &seed(8),
    );
    let made = made.expect("replicates");
    assert_eq!(made.count(), 16);
    for replicate in 0..16 {
        let weights = made.weights(replicate, &town.weights);
        for (after, before) in weights.iter().zip(&town.weights) {
            let factor = after / before;
            assert!((0.29..1.71).contains(&factor), "{factor}");
        }
    }
}

#[test]
fn fay_without_a_rest_is_brr_to_the_last_bit() {
    let mut stream = seed(9).stream("test");
    let town = Town::new(&[2; 9], 4.0, &mut stream);
    let made = |method| Replicates::made(method, town.units(true), &seed(9)).expect("pairs");
    let (brr, fay) = (made(Method::Brr), made(Method::Fay { rho: 0.0 }));
    assert_eq!((brr.count(), brr.scale()), (fay.count(), fay.scale()));
    for replicate in 0..brr.count() {
        let weights = |made: &Replicates<'_>| made.weights(replicate, &town.weights);
        assert_eq!(weights(&brr), weights(&fay));
    }
}

#[test]
fn bootstraps_come_to_the_textbooks_variance_on_average() {
    let mut stream = seed(10).stream("test");
    let count = 4_000;
    // A variance from so many replicates is off by √(2/4 000) = 2.2 %; five of them.
    let within = 5.0 * (2.0 / count as f64).sqrt();
    let replicates = count;
    let town = Town::new(&[2, 3, 5, 8], 3.0, &mut stream);
    for ends in [false, true] {
        let rescaled = variance_of_total(&town, Method::Bootstrap { replicates }, ends, 10);
        near(rescaled, town.linear(ends), within);
        let form = Form::Strata;
        let normal = Method::Generalised { form, replicates };
        near(
            variance_of_total(&town, normal, ends, 10),
            town.linear(ends),
            within,
        );
    }
    let equal = Town::new(&[4; 5], 3.0, &mut stream);
    let canty = variance_of_total(&equal, Method::CantyDavison { replicates }, false, 10);
    near(canty, equal.linear(false), within);
}

#[test]
fn generalised_bootstraps_follow_any_form() {
    use crate::math::solve::Symmetric;
    let mut stream = seed(11).stream("test");
    let replicates = 4_000;
    let within = 5.0 * (2.0 / replicates as f64).sqrt();
    let town = Town::new(&[8], 3.0, &mut stream);
    let mut neighbours = Symmetric::zero(8);
    for cluster in 0..8 {
        neighbours.add(cluster, cluster, 1.0);
        neighbours.add(cluster, (cluster + 1) % 8, -0.5);
    }
    let by = |form| variance_of_total(&town, Method::Generalised { form, replicates }, false, 11);
    let exactly = variance_of_total(&town, Method::Successive { replicates: 12 }, false, 11);
    near(by(Form::Matrix(neighbours)), exactly, within);
    near(by(Form::Successive), exactly, within);
    let chances: Vec<f64> = (1..=8).map(|k| f64::from(k) / 9.0).collect();
    let poisson: f64 = (0..8)
        .map(|c| {
            let total: f64 = (2 * c..2 * c + 2)
                .map(|row| town.weights[row] * town.answers.values[row].expect("an answer"))
                .sum();
            (1.0 - chances[c]) * total * total
        })
        .sum();
    near(by(Form::Poisson(chances)), poisson, within);
}

#[test]
fn the_bootstrap_knows_all_stages() {
    let mut stream = seed(12).stream("test");
    let (villages, streets, people) = (6, 4, 3);
    let rows = villages * streets * people;
    let village = Codes::from_labels((0..rows).map(|r| format!("{}", r / (streets * people))));
    let street = Codes::from_labels((0..rows).map(|r| format!("{:02}", r / people)));
    let (first, second, third) = (vec![10.0; rows], vec![8.0; rows], vec![9.0; rows]);
    let stage = |clusters, population| Stage {
        strata: None,
        clusters,
        population,
    };
    let stages = vec![
        stage(Some(&village), Some(&first[..])),
        stage(Some(&street), Some(&second[..])),
        stage(None, Some(&third[..])),
    ];
    let weights = vec![10.0; rows];
    let design = Design {
        stages,
        ..Design::of(&weights)
    };
    // Little between villages, more between streets, most between people: later stages matter.
    let answers: Vec<f64> = (0..rows).map(|_| 10.0 * stream.unit()).collect();
    let scores: Vec<f64> = answers.iter().map(|y| 10.0 * y).collect();
    let every: Vec<usize> = (0..rows).collect();
    let rule = Clusters::of(&design).expect("a design");
    let wanted = rule.variance(&scores, &every).expect("villages");

    let replicates = 6_000;
    let units = Units::of(&design).expect("a design");
    let made = Replicates::made(Method::Bootstrap { replicates }, units, &seed(12));
    let (made, ledger) = (
        made.expect("stages"),
        Ledger::given(weights).expect("weights"),
    );
    let (answers, outcomes) = (item(&answers), all_answered(rows));
    let replicated = Replicated::new(&made, &ledger, &outcomes, 0.95);
    let total = replicated
        .estimate(&Total::of(&answers), &Domain::all())
        .expect("answers");
    let within = 5.0 * (2.0 / replicates as f64).sqrt();
    near(total.variance.expect("a variance"), wanted, within);
}

/// A ledger that was raked to two margins, and what it went by.
fn raked(town: &Town, stream: &mut Stream) -> (Ledger, Outcomes, Codes) {
    let rows = town.weights.len();
    let column = |stream: &mut Stream, levels: u64| {
        Codes::from_labels((0..rows).map(|_| stream.below(levels).to_string()))
    };
    let (side, age) = (column(stream, 2), column(stream, 3));
    let margin = |name: &str, codes: &Codes| {
        let all = 20_000.0 / codes.labels().len() as f64;
        let totals = codes.labels().iter().map(|label| (label.clone(), all));
        Margin::new(name, codes.clone(), &totals.collect()).expect("a margin")
    };
    let margins = vec![margin("side", &side), margin("age", &age)];
    let mut ledger = town.ledger();
    let outcomes = all_answered(rows);
    let step = Rake::to(margins, 1e-10, 500).expect("one grand total");
    ledger.take(Box::new(step), &outcomes).expect("raked");
    (ledger, outcomes, side)
}

#[test]
fn threads_do_not_move_a_bit() {
    let mut stream = seed(13).stream("test");
    let town = Town::new(&[8; 12], 6.0, &mut stream);
    let (ledger, outcomes, side) = raked(&town, &mut stream);
    let sides = Domain::each(&side);
    let median = Quantile::median(&town.answers);
    let (mean, total) = (Mean::of(&town.answers), Total::of(&town.answers));
    let replicates = 40;
    let form = Form::Strata;
    for method in [
        Method::Bootstrap { replicates },
        Method::Generalised { form, replicates },
        Method::Jkn,
    ] {
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.expect("threads").install(|| {
                let made = Replicates::made(method.clone(), town.units(true), &seed(13));
                let made = made.expect("replicates");
                let replicated = Replicated::new(&made, &ledger, &outcomes, 0.95);
                let figures: [(&dyn Statistic, &Domain<'_>); 3] = [
                    (&mean, &sides[0]),
                    (&total, &sides[1]),
                    (&median, &sides[0]),
                ];
                let joint = replicated.covariance(&figures).expect("answers");
                let matrix = joint.covariance.expect("variances");
                let bits: Vec<u64> = matrix.into_iter().flatten().map(f64::to_bits).collect();
                (bits, joint.estimates, replicated.columns().expect("raked"))
            })
        };
        let once = run(1);
        assert_eq!(once, run(2));
        assert_eq!(once, run(16));
    }
}

#[test]
fn steps_are_taken_again_in_every_replicate() {
    let mut stream = seed(14).stream("test");
    let town = Town::new(&[8; 6], 6.0, &mut stream);
    let (ledger, outcomes, side) = raked(&town, &mut stream);
    let made = Replicates::made(Method::Jkn, town.units(true), &seed(14)).expect("strata");
    let replicated = Replicated::new(&made, &ledger, &outcomes, 0.95);
    for replicate in 0..made.count() {
        let weights = replicated.weights(replicate).expect("raked");
        let north = (0..weights.len()).filter(|&row| side.code(row) == 0);
        near(north.map(|row| weights[row]).sum(), 10_000.0, 1e-9);
    }
    // A total that raking fixes has no variance, and that is known.
    let ones = item(&vec![1.0; town.weights.len()]);
    let sides = Domain::each(&side);
    let people = replicated
        .estimate(&Total::of(&ones), &sides[0])
        .expect("answers");
    assert!(people.variance.expect("none") < 1e-9);
}

#[test]
fn columns_that_are_written_and_read_give_the_same_figures() {
    let mut stream = seed(15).stream("test");
    let town = Town::new(&[4; 6], 6.0, &mut stream);
    let (ledger, outcomes, _) = raked(&town, &mut stream);
    let replicates = 30;
    let made = Replicates::made(
        Method::Bootstrap { replicates },
        town.units(true),
        &seed(15),
    );
    let made = made.expect("strata");
    let replicated = Replicated::new(&made, &ledger, &outcomes, 0.95);
    let columns = replicated.columns().expect("raked");
    let given = Given {
        scale: Some(made.scale()),
        ..Given::of(Kind::Other, columns.iter().map(Vec::as_slice).collect())
    };
    let read = Replicates::given(given).expect("columns");
    let final_weights = Ledger::given(ledger.weights().to_vec()).expect("weights");
    let mean = Mean::of(&town.answers);
    let here = replicated.estimate(&mean, &Domain::all()).expect("answers");
    let again = Replicated::new(&read, &final_weights, &outcomes, 0.95);
    let there = again.estimate(&mean, &Domain::all()).expect("answers");
    assert_eq!((here.value, &here.variance), (there.value, &there.variance));
}

#[test]
fn differences_have_the_variance_that_covariances_say() {
    let mut stream = seed(16).stream("test");
    let town = Town::new(&[5; 6], 6.0, &mut stream);
    let (ledger, outcomes, side) = raked(&town, &mut stream);
    let made = Replicates::made(Method::Jkn, town.units(true), &seed(16)).expect("strata");
    let replicated = Replicated::new(&made, &ledger, &outcomes, 0.95);
    let (mean, sides) = (Mean::of(&town.answers), Domain::each(&side));
    let figures: [(&dyn Statistic, &Domain<'_>); 2] = [(&mean, &sides[0]), (&mean, &sides[1])];
    let joint = replicated.covariance(&figures).expect("answers");
    let c = joint.covariance.expect("variances");
    let difference = Difference::between(&mean, &sides[0], &sides[1]);
    let both = replicated
        .estimate(&difference, &Domain::all())
        .expect("answers");
    near(
        both.variance.expect("a variance"),
        c[0][0] + c[1][1] - 2.0 * c[0][1],
        1e-9,
    );
    let alone = replicated.estimate(&mean, &sides[0]).expect("answers");
    assert_eq!(joint.estimates[0], alone);
    assert_eq!(alone.variance, Ok(c[0][0]));
}

#[test]
fn a_census_has_no_replicates_and_no_variance() {
    let mut stream = seed(17).stream("test");
    let town = Town::new(&[3, 4], 1.0, &mut stream);
    let made = Replicates::made(Method::Jkn, town.units(true), &seed(17)).expect("strata");
    assert_eq!(made.count(), 0);
    let (ledger, outcomes) = (town.ledger(), all_answered(town.weights.len()));
    let replicated = Replicated::new(&made, &ledger, &outcomes, 0.95);
    let mean = replicated.estimate(&Mean::of(&town.answers), &Domain::all());
    assert_eq!(mean.expect("answers").variance, Ok(0.0));
}

#[test]
fn a_value_alone_is_that_beside_the_scores_to_the_last_bit() {
    let mut stream = seed(18).stream("test");
    for _ in 0..50 {
        let rows = 1 + stream.below(30) as usize;
        let answers = |stream: &mut Stream| Item {
            name: "y".into(),
            values: (0..rows)
                .map(|_| (stream.unit() < 0.8).then(|| 10.0 * stream.unit()))
                .collect(),
        };
        let (y, x) = (answers(&mut stream), answers(&mut stream));
        let weights: Vec<f64> = (0..rows)
            .map(|_| stream.below(3) as f64 * stream.unit())
            .collect();
        let interviewed: Vec<bool> = (0..rows).map(|_| stream.unit() < 0.9).collect();
        let domain = Domain::all();
        let view = View::new(&weights, &interviewed, &domain);
        let share = Share::of(&y, Test::AtLeast(5.0));
        let (mean, total, ratio) = (Mean::of(&y), Total::of(&y), Ratio::of(&y, &x));
        for statistic in [&mean as &dyn Statistic, &total, &ratio, &share] {
            let whole = statistic.evaluate(&view).map(|found| found.value.to_bits());
            assert_eq!(statistic.value(&view).map(f64::to_bits), whole);
        }
    }
}
