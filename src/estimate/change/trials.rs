//! Lists that changed, numbers and clusters: by hand, by all samples there are, and by R.

use super::common::Met;
use super::{Both, Bound, Drawing, Drawn, Error, Figure, Grouped, Shared, together};
use crate::draw::waves::coordinate::Turn;
use crate::estimate::regress::api::Api;
use crate::estimate::{Domain, Estimator, Total};
use crate::field::Item;
use crate::frame::Codes;
use crate::math::sum;

fn near(a: f64, b: f64, within: f64) {
    assert!((a - b).abs() <= within * b.abs().max(1.0), "{a} is not {b}");
}

/// A wave: ids, strata with N, and chances.
pub(super) struct Wave {
    id: Vec<String>,
    pub(super) stratum: Codes,
    population: Vec<u64>,
    pub(super) chance: Vec<f64>,
}

impl Wave {
    /// Of units, each with its stratum and chance; N by stratum.
    pub(super) fn of(units: &[(usize, &str, f64)], population: &[(&str, u64)]) -> Wave {
        let stratum = Codes::from_labels(units.iter().map(|unit| unit.1));
        let size = |label: &String| {
            let found = population.iter().find(|(known, _)| known == label);
            found.expect("a stratum").1
        };
        Wave {
            id: units.iter().map(|unit| unit.0.to_string()).collect(),
            population: stratum.labels().iter().map(size).collect(),
            chance: units.iter().map(|unit| unit.2).collect(),
            stratum,
        }
    }

    fn by<'a>(&'a self, by: Drawing<'a>) -> Drawn<'a> {
        Drawn {
            id: &self.id,
            stratum: &self.stratum,
            population: &self.population,
            clusters: None,
            by,
        }
    }

    pub(super) fn each(&self) -> Drawn<'_> {
        self.by(Drawing::Each(&self.chance))
    }

    pub(super) fn fixed(&self) -> Drawn<'_> {
        self.by(Drawing::Fixed(&self.chance))
    }

    pub(super) fn simple(&self) -> Drawn<'_> {
        self.by(Drawing::Simple)
    }
}

/// Ĉ of expanded scores, of waves that were worked as a whole.
fn covariance(drawn: [Drawn<'_>; 2], shared: Shared<'_>, scores: [&[f64]; 2]) -> (f64, Vec<Bound>) {
    let worked = drawn.map(|wave| vec![true; wave.id.len()]);
    let met = Met::of(drawn, shared, [&worked[0], &worked[1]]).expect("they fit");
    met.covariance(scores)
}

const SAME: Shared<'static> = Shared::Numbers([Turn::Same; 2]);

#[test]
fn a_list_that_changed_agrees_with_the_blackboard() {
    // n₁ = n₂ = 3 of 40 and 50, n_c = 2, N_hg = 35. Around the means 4 and 6 the common units have −2·−3 + 2·3 = 12;
    // 1/a = 1 − 2/3 + 2/9 = 5/9. So s = 9/5 · 12/2 = 10.8.
    let units = |ids: [usize; 3], chance: f64| ids.map(|id| (id, "town", chance));
    let first = Wave::of(&units([1, 2, 3], 3.0 / 40.0), &[("town", 40)]);
    let second = Wave::of(&units([1, 2, 4], 3.0 / 50.0), &[("town", 50)]);
    let scale = (40.0 / 3.0) * (50.0 / 3.0);
    let (these, those) = ([2.0, 6.0, 4.0], [3.0, 9.0, 6.0]);
    let scores = [these.map(|y| y * 40.0 / 3.0), those.map(|y| y * 50.0 / 3.0)];
    let of = |shared| {
        covariance(
            [first.simple(), second.simple()],
            shared,
            [&scores[0], &scores[1]],
        )
    };
    let f = (3.0 / 40.0) * (3.0 / 50.0);
    let both = [Both {
        first: "town".into(),
        second: "town".into(),
        units: 35,
    }];
    let (known, bounds) = of(Shared::Counted(&both));
    near(known, (2.0 - 35.0 * f) * 10.8 * scale, 1e-12);
    assert_eq!(bounds, []);
    // Nobody knows N_hg: with s > 0 the most there may be make the variance greatest.
    let (unknown, bounds) = of(Shared::Counted(&[]));
    near(unknown, (2.0 - 40.0 * f) * 10.8 * scale, 1e-12);
    assert_eq!(bounds, [Bound::Lists]);
    // By numbers π₁₂ = min(3/40, 3/50), and so 1 − 3/40 of each.
    let (numbered, bounds) = of(SAME);
    near(numbered, 2.0 * (1.0 - 3.0 / 40.0) * 10.8 * scale, 1e-12);
    assert_eq!(bounds, []);
    assert_eq!(of(Shared::Apart), (0.0, vec![]));
}

#[test]
fn units_that_move_are_common_too() {
    let first = [(1, "a", 0.1), (2, "a", 0.1), (3, "b", 0.2), (4, "b", 0.2)];
    let second = [(1, "b", 0.2), (2, "a", 0.1), (3, "b", 0.2), (9, "a", 0.1)];
    let population = [("a", 20), ("b", 10)];
    let (first, second) = (
        Wave::of(&first, &population),
        Wave::of(&second, &population),
    );
    // Around the means 3 and 8, then 7 and 3; every cell has one of two and two: 1/a = 1/4.
    let (scores, then) = ([2.0, 4.0, 7.0, 9.0], [1.0, 9.0, 5.0, 5.0]);
    let (found, _) = covariance([first.simple(), second.simple()], SAME, [&scores, &then]);
    // 1: a → b, −1 · −2, min(.1, .2); 2: 1 · 2; 3: −1 · 2.
    let expected = 4.0 * (0.8 * 2.0 + 0.9 * 2.0 + 0.8 * -2.0);
    near(found, expected, 1e-12);
}

/// What may come of one number from 0 to 1, and how likely: in the first window, in the second.
fn outcomes(one: f64, other: f64, both: f64) -> [(f64, bool, bool); 4] {
    [
        (both, true, true),
        (one - both, true, false),
        (other - both, false, true),
        (1.0 - one - other + both, false, false),
    ]
}

#[test]
fn over_all_samples_each_drawn_on_its_own_the_covariance_is_right() {
    // Unit 0 dies, unit 3 is born, unit 2 moves.
    let chance = [[0.5, 0.3, 0.6, 0.0], [0.0, 0.4, 0.2, 0.7]];
    let said = [[2.0, 5.0, 3.0, 0.0], [0.0, 6.0, 1.0, 4.0]];
    let strata = [["a", "a", "a", "a"], ["a", "a", "b", "a"]];
    let population = [("a", 3), ("b", 1)];
    let (mut means, mut product, mut found) = ([0.0; 2], 0.0, 0.0);
    let all: Vec<[(f64, bool, bool); 4]> = (0..4)
        .map(|k| outcomes(chance[0][k], chance[1][k], chance[0][k].min(chance[1][k])))
        .collect();
    for choice in 0..256_usize {
        let of = |k: usize| all[k][choice >> (2 * k) & 3];
        let likely: f64 = (0..4).map(|k| of(k).0).product();
        let drawn = [0, 1].map(|wave| {
            let is_in = |&k: &usize| if wave == 0 { of(k).1 } else { of(k).2 };
            (0..4).filter(is_in).collect::<Vec<usize>>()
        });
        if likely <= 0.0 {
            continue;
        }
        let waves = [0, 1].map(|wave| {
            let unit = |&k: &usize| (k, strata[wave][k], chance[wave][k]);
            let units: Vec<(usize, &str, f64)> = drawn[wave].iter().map(unit).collect();
            Wave::of(&units, &population)
        });
        let scores = [0, 1].map(|wave| -> Vec<f64> {
            let score = |&k: &usize| said[wave][k] / chance[wave][k];
            drawn[wave].iter().map(score).collect()
        });
        let totals = [0, 1].map(|wave| sum(scores[wave].iter().copied()));
        (0..2).for_each(|wave| means[wave] += likely * totals[wave]);
        product += likely * totals[0] * totals[1];
        let pair = [waves[0].each(), waves[1].each()];
        found += likely * covariance(pair, SAME, [&scores[0], &scores[1]]).0;
    }
    near(means[0], 10.0, 1e-12);
    near(found, product - means[0] * means[1], 1e-10);
}

/// All orders of the first so many numbers.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    for next in 0..count {
        let longer = |order: &Vec<usize>| -> Vec<Vec<usize>> {
            let at = |place: usize| {
                let mut order = order.clone();
                order.insert(place, next);
                order
            };
            (0..=order.len()).map(at).collect()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// The covariance of pairs, and the mean of what was found of them.
fn over_all(trials: &[(f64, f64, f64)]) -> (f64, f64) {
    let n = trials.len() as f64;
    let mean = |f: &dyn Fn(&(f64, f64, f64)) -> f64| sum(trials.iter().map(f)) / n;
    let (a, b) = (mean(&|one| one.0), mean(&|one| one.1));
    (mean(&|one| (one.0 - a) * (one.1 - b)), mean(&|one| one.2))
}

#[test]
fn over_all_simple_samples_of_a_list_that_changed_the_covariance_is_near() {
    // Six of seven units in each list, four drawn of each by the order of their numbers. By Python the
    // truth is 13.714, the mean by counts 13.648, and by numbers 15.358: with n = 4 the latter are 1/8 off.
    let said = [
        [3.0, 5.0, 4.0, 9.0, 7.0, 2.0, 8.0],
        [4.0, 5.0, 6.0, 11.0, 6.0, 3.0, 12.0],
    ];
    let both = [Both {
        first: "all".into(),
        second: "all".into(),
        units: 5,
    }];
    let of = |shared: Shared<'_>| {
        let trial = |order: &Vec<usize>| {
            let drawn = [0, 1].map(|wave| {
                let listed = order.iter().filter(|&&unit| unit != 6 * (1 - wave));
                listed.take(4).copied().collect::<Vec<usize>>()
            });
            let waves = [0, 1].map(|wave| {
                let units: Vec<_> = drawn[wave].iter().map(|&k| (k, "all", 4.0 / 6.0)).collect();
                Wave::of(&units, &[("all", 6)])
            });
            let scores = [0, 1].map(|wave| -> Vec<f64> {
                drawn[wave].iter().map(|&k| said[wave][k] * 1.5).collect()
            });
            let pair = [waves[0].fixed(), waves[1].fixed()];
            let pair = match shared {
                Shared::Counted(_) => [waves[0].simple(), waves[1].simple()],
                _ => pair,
            };
            let found = covariance(pair, shared, [&scores[0], &scores[1]]).0;
            let total = |wave: usize| sum(scores[wave].iter().copied());
            (total(0), total(1), found)
        };
        over_all(&orders(7).iter().map(trial).collect::<Vec<_>>())
    };
    let (truth, counted) = of(Shared::Counted(&both));
    near(truth, 13.714_285_714_285_714, 1e-9);
    near(counted, 13.647_835_5, 1e-7);
    near(of(SAME).1, 15.358_441_56, 1e-7);
}

#[test]
fn over_all_samples_of_clusters_the_covariance_is_right() {
    // Four clusters of three units. The first wave draws two clusters and two units in each, the second three clusters
    // and two units in each, by the same orders.
    const UNITS: usize = 3;
    let said = |wave: usize, cluster: usize, unit: usize| {
        let k = (7 * cluster + 5 * unit + cluster * unit) % 11;
        (k + wave * (k * k % 7)) as f64
    };
    let mut trials = Vec::new();
    let inner = orders(UNITS);
    for order in orders(4) {
        for choice in 0..inner.len().pow(4) {
            let within =
                |cluster: usize| &inner[choice / inner.len().pow(cluster as u32) % inner.len()];
            trials.push(trial_of_clusters(&order, &within, &said));
        }
    }
    let (truth, found) = over_all(&trials);
    near(found, truth, 1e-9);
}

fn trial_of_clusters<'o>(
    order: &[usize],
    within: &dyn Fn(usize) -> &'o Vec<usize>,
    said: &dyn Fn(usize, usize, usize) -> f64,
) -> (f64, f64, f64) {
    let takes = [2, 3];
    let drawn = takes.map(|take| {
        let clusters = order[..take].iter();
        let units = clusters.flat_map(|&c| within(c)[..2].iter().map(move |&u| (c, u)));
        units.collect::<Vec<(usize, usize)>>()
    });
    let scores = [0, 1].map(|wave| -> Vec<f64> {
        let weight = 4.0 / takes[wave] as f64 * 1.5;
        let score = |&(c, u): &(usize, usize)| weight * said(wave, c, u);
        drawn[wave].iter().map(score).collect()
    });
    let waves = [0, 1].map(|wave| {
        let units: Vec<_> = drawn[wave]
            .iter()
            .map(|&(c, u)| (10 * c + u, "all", 0.5))
            .collect();
        Wave::of(&units, &[("all", 4)])
    });
    let clusters =
        [0, 1].map(|wave| Codes::from_labels(drawn[wave].iter().map(|(c, _)| c.to_string())));
    let sizes = [vec![3; 4], vec![3; 6]];
    let pair = [0, 1].map(|wave| Drawn {
        clusters: Some(Grouped {
            cluster: &clusters[wave],
            units: &sizes[wave],
        }),
        ..waves[wave].simple()
    });
    let found = covariance(pair, Shared::Counted(&[]), [&scores[0], &scores[1]]).0;
    let total = |wave: usize| sum(scores[wave].iter().copied());
    (total(0), total(1), found)
}

#[test]
fn a_panel_of_clusters_agrees_with_r() {
    // R 4.2.2, survey 4.1-1: svytotal(~ I(api00 − api99)) of svydesign(~ dnum + snum, fpc = ~ fpc1 + fpc2, apiclus2)
    let api = Api::read("clus2");
    let ledger = api.ledger();
    let item = |name: &str| Item {
        name: name.into(),
        values: api.numbers(name),
    };
    let (then, now) = (item("api99"), item("api00"));
    let totals = [Total::of(&then), Total::of(&now)];
    let all = Domain::all();
    let figures = [0, 1].map(|wave| Figure {
        ledger: &ledger,
        statistic: &totals[wave],
        domain: &all,
    });
    let estimators = [0, 1].map(|_| Estimator::by(api.rule(), &ledger, 0.95));
    let id = api.labels("snum");
    let one = Codes::from_labels(vec!["all"; id.len()]);
    let district = Codes::from_labels(api.labels("dnum"));
    let whole = |name: &str| -> Vec<u64> {
        let numbers = api.numbers(name).into_iter();
        numbers.map(|n| n.expect("a count") as u64).collect()
    };
    let (districts, schools) = (whole("fpc1")[0], whole("fpc2"));
    let drawn = Drawn {
        id: &id,
        stratum: &one,
        population: &[districts],
        clusters: Some(Grouped {
            cluster: &district,
            units: &schools,
        }),
        by: Drawing::Simple,
    };
    let found = together(
        [&estimators[0], &estimators[1]],
        [&figures[0], &figures[1]],
        [drawn; 2],
        Shared::Counted(&[]),
    );
    let found = found.expect("a panel");
    near(found.change.value, 132_206.265, 1e-10);
    near(
        found.change.variance.expect("forty districts"),
        1_696_108_583.761_994,
        1e-8,
    );
    assert_eq!(found.common, Some(id.len() as u64));
}

#[test]
fn draws_without_a_formula_are_refused() {
    let wave = Wave::of(&[(1, "a", 0.5), (2, "a", 0.5)], &[("a", 4)]);
    let refused = |drawn, shared, worked: [bool; 2]| {
        let worked: [&[bool]; 2] = [&worked, &worked];
        super::drawn::fit(&drawn, shared, worked).expect_err("no formula")
    };
    let pair = [wave.fixed(), wave.fixed()];
    assert_eq!(
        refused(pair, Shared::Counted(&[]), [true; 2]),
        Error::Unequal
    );
    let partly = Error::Partly {
        worked: 1,
        drawn: 2,
    };
    assert_eq!(refused(pair, SAME, [true, false]), partly);
    let clusters = Codes::from_labels(["x", "y"]);
    let grouped = Drawn {
        clusters: Some(Grouped {
            cluster: &clusters,
            units: &[2, 2],
        }),
        ..wave.simple()
    };
    assert_eq!(refused([grouped; 2], SAME, [true; 2]), Error::Clusters);
    let counted = Shared::Counted(&[]);
    assert_eq!(
        refused([grouped, wave.simple()], counted, [true; 2]),
        Error::OneOfTwo
    );
    let (found, _) = covariance([grouped, wave.fixed()], Shared::Apart, [&[1.0, 2.0]; 2]);
    near(found, 0.0, 1e-15);
}
