//! Who ranks where, of firms whose ranks are known: in one step, by steps, and by intervals.
//!
//! A firm that ties with another has more than one true rank, and its set must hold all of them.

use canvass::estimate::compare::{Comparison, Correction, Order, Ranks};
use canvass::estimate::variance::{Clusters, Design, Lonely, Stage};
use canvass::estimate::{Domain, Estimator, Joint, Mean, Statistic, joint};
use canvass::field::Item;
use canvass::frame::Codes;
use canvass::math::distribution::normal_quantile;
use canvass::random::Seed;
use canvass::weigh::Ledger;
use rayon::prelude::*;

/// Customers of a firm.
const CUSTOMERS: usize = 400;

/// Those of them that are drawn.
const DRAWN: usize = 40;

const FIRMS: usize = 4;

/// A critical value takes a hundredth of a second, and a draw needs a few; a share of 200 is known to 3.5
/// hundredths at worst.
const DRAWS: u32 = 200;

/// Intervals need one more, and each firm by itself a few for every firm.
const DRAWS_OF_MORE: u32 = 40;

/// Between which ranks a firm lies: the best and the worst.
type Set = (usize, usize);

/// Firms whose customers are alike, but for how content all of a firm are.
struct Market {
    means: [f64; FIRMS],
    /// Customers around the mean of their firm; all of them together have mean 0 and variance 1.
    around: Vec<f64>,
}

/// What a draw told of all firms at once.
struct Told {
    one_step: Vec<Set>,
    steps: Vec<Set>,
}

impl Market {
    fn of(means: [f64; FIRMS]) -> Market {
        let at = |customer: usize| (customer as f64 + 0.5) / CUSTOMERS as f64;
        let mut around: Vec<f64> = (0..CUSTOMERS).map(|c| normal_quantile(at(c))).collect();
        let squares: f64 = around.iter().map(|x| x * x).sum();
        let spread = (squares / (CUSTOMERS - 1) as f64).sqrt();
        around.iter_mut().for_each(|x| *x /= spread);
        Market { means, around }
    }

    /// The ranks that each firm has: one, or several that it shares.
    fn truth(&self) -> Vec<Set> {
        let count = |test: &dyn Fn(f64) -> bool| self.means.iter().filter(|&&m| test(m)).count();
        let ranks = |&mean: &f64| (1 + count(&|m| m > mean), FIRMS - count(&|m| m < mean));
        self.means.iter().map(ranks).collect()
    }

    /// The firms' means by a sample of each, with their variances.
    fn survey(&self, seed: &Seed) -> Joint {
        let mut stream = seed.stream("customers");
        let (mut firms, mut values) = (Vec::new(), Vec::new());
        for (firm, mean) in self.means.iter().enumerate() {
            let mut all: Vec<usize> = (0..CUSTOMERS).collect();
            for place in 0..DRAWN {
                let other = place + stream.below((CUSTOMERS - place) as u64) as usize;
                all.swap(place, other);
                firms.push(firm.to_string());
                values.push(Some(mean + self.around[all[place]]));
            }
        }
        let weights = vec![(CUSTOMERS / DRAWN) as f64; values.len()];
        let population = vec![CUSTOMERS as f64; values.len()];
        let firms = Codes::from_labels(firms.iter().map(String::as_str));
        let content = Item {
            name: "content".into(),
            values,
        };
        let stage = Stage {
            strata: Some(&firms),
            clusters: None,
            population: Some(&population),
        };
        let design = Design {
            stages: vec![stage],
            nest: false,
            lonely: Lonely::Fail,
            weights: &weights,
        };
        let rule = Clusters::of(&design).expect("a design");
        let ledger = Ledger::given(weights.clone()).expect("weights");
        let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
        let (mean, domains) = (Mean::of(&content), Domain::each(&firms));
        let figures: Vec<_> = domains
            .iter()
            .map(|domain| (&mean as &dyn Statistic, domain))
            .collect();
        joint(&estimator, &figures).expect("answers")
    }

    fn tell(&self, seed: &Seed) -> Told {
        let family = self.survey(seed);
        let all = Comparison::of(&family, 0.95, Correction::Holm, seed);
        Told {
            one_step: in_one_step(&all),
            steps: sets(&Ranks::by_differences(&family, &all, FIRST, seed)),
        }
    }

    /// Sets by intervals of the firms, and in one step by those of differences.
    fn tell_intervals(&self, seed: &Seed) -> [Vec<Set>; 2] {
        let family = self.survey(seed);
        let all = Comparison::of(&family, 0.95, Correction::Holm, seed);
        let intervals = Ranks::by_intervals(&family, 0.95, FIRST, seed);
        [sets(&intervals), in_one_step(&all)]
    }

    fn tell_each(&self, seed: &Seed) -> Vec<Set> {
        let family = self.survey(seed);
        let all = Comparison::one_by_one(&family, 0.95, Correction::Holm);
        sets(&Ranks::each_by_differences(&family, &all, FIRST, seed))
    }
}

const FIRST: Order = Order::LargestFirst;

fn again_and_again<T: Send>(draws: u32, tell: impl Fn(&Seed) -> T + Sync) -> Vec<T> {
    (0..draws)
        .into_par_iter()
        .map(|i| tell(&Seed::new(format!("ranks {i}")).expect("not blank")))
        .collect()
}

fn sets(ranks: &Ranks) -> Vec<Set> {
    ranks.ranks.iter().map(|r| (r.best, r.worst)).collect()
}

/// What the simultaneous intervals of all differences say, and nothing else.
fn in_one_step(all: &Comparison) -> Vec<Set> {
    let mut sets = vec![(1, FIRMS); FIRMS];
    for pair in &all.pairs {
        if let Some(larger) = pair.larger() {
            sets[larger].1 -= 1;
            sets[pair.this + pair.other - larger].0 += 1;
        }
    }
    sets
}

fn within((inner, outer): (&Set, &Set)) -> bool {
    outer.0 <= inner.0 && inner.1 <= outer.1
}

/// The share of draws of which something is so.
fn share<T>(told: &[T], test: impl Fn(&T) -> bool) -> f64 {
    told.iter().filter(|told| test(told)).count() as f64 / told.len() as f64
}

/// How far a share of these draws may be from what it is of endless draws: four standard errors.
fn by_chance<T>(told: &[T], share: f64) -> f64 {
    4.0 * (share * (1.0 - share) / told.len() as f64).sqrt()
}

/// Sets of a market; they hold all true ranks at once at least as often as they say, and steps never tell less
/// than one step.
#[track_caller]
fn told(market: &Market) -> Vec<Told> {
    let told = again_and_again(DRAWS, |seed| market.tell(seed));
    let truth = market.truth();
    let hold = |sets: &Vec<Set>| truth.iter().zip(sets).all(within);
    let jointly = [
        share(&told, |told| hold(&told.one_step)),
        share(&told, |told| hold(&told.steps)),
    ];
    let least = 0.95 - by_chance(&told, 0.95);
    assert!(jointly.iter().all(|held| *held >= least), "{jointly:?}");
    for told in &told {
        assert!(told.steps.iter().zip(&told.one_step).all(within));
    }
    told
}

#[track_caller]
fn is(told: &[Told], expected: f64, test: impl Fn(&Told) -> bool) {
    let found = share(told, test);
    let off = (found - expected).abs();
    assert!(off <= by_chance(told, expected), "{found}");
}

// Expected shares are of 40 000 markets in R, with normal means and the variances of 40 customers:
// tests/data/ranks/make.R.

#[test]
fn steps_tell_firms_apart_where_one_step_does_not() {
    // Two pairs far apart; in each, one firm is 2.5 standard errors of a difference above the other.
    let told = told(&Market::of([10.54, 10.0, 0.54, 0.0]));
    is(&told, 0.123_1, |told| told.steps != told.one_step);
}

#[test]
fn sets_of_ranks_hold_all_ranks_of_firms_that_tie() {
    let market = Market::of([10.0, 10.0, 0.0, 0.0]);
    let truth = market.truth();
    assert_eq!(truth, [(1, 2), (1, 2), (3, 4), (3, 4)]);
    let told = told(&market);
    let hold = |sets: &Vec<Set>| truth.iter().zip(sets).all(within);
    is(&told, 0.978_6, |told| hold(&told.one_step));
    is(&told, 0.969_025, |told| hold(&told.steps));
}

#[test]
fn where_all_firms_tie_the_sets_miss_as_often_as_they_may() {
    let market = Market::of([0.0; FIRMS]);
    let truth = market.truth();
    assert_eq!(truth, [(1, FIRMS); FIRMS]);
    let told = told(&market);
    is(&told, 0.95, |told| {
        truth.iter().zip(&told.steps).all(within)
    });
}

#[test]
fn sets_of_one_firm_hold_its_ranks() {
    let market = Market::of([10.54, 10.0, 0.0, 0.0]);
    let truth = market.truth();
    let told = again_and_again(DRAWS_OF_MORE, |seed| market.tell_each(seed));
    let least = 0.95 - by_chance(&told, 0.95);
    for firm in 0..FIRMS {
        let held = share(&told, |sets| within((&truth[firm], &sets[firm])));
        assert!(held >= least, "firm {firm}: {held}");
    }
}

#[test]
fn sets_by_intervals_hold_all_ranks_and_are_wider() {
    let market = Market::of([10.54, 10.0, 0.0, 0.0]);
    let truth = market.truth();
    let told = again_and_again(DRAWS_OF_MORE, |seed| market.tell_intervals(seed));
    let held = share(&told, |[sets, _]| truth.iter().zip(sets).all(within));
    assert!(held >= 0.95 - by_chance(&told, 0.95), "{held}");
    for [intervals, one_step] in &told {
        assert!(one_step.iter().zip(intervals).all(within));
    }
}
