//! Laws that every kind of step obeys.

use std::collections::{BTreeMap, BTreeSet};

use super::compose::Together;
use super::multiplicity::Counted;
use super::propensity::Use;
use super::second_phase::Follow;
use super::tree::{Branching, Growth};
use super::{
    Alternate, Amount, Bounds, ByTree, CARDS, Calibrate, Cap, Compose, Controls, Distance, Excess,
    Instruments, Ledger, Margin, Multiplicity, Nonresponse, OneCall, Persons, Poststratify,
    Predictors, Propensity, Rake, SecondPhase, Step, Trim, Uncertain, Unknown,
};
use crate::draw::stages::Asking;
use crate::draw::stages::one_call::{Asked, Call, Calls};
use crate::draw::{Basis, Sample};
use crate::field::{Class, Outcomes};
use crate::frame::Codes;
use crate::math::solve::Symmetric;
use crate::math::sum;
use crate::random::Seed;

/// Units drawn.
const N: usize = 240;

/// Cards of the room that are no steps.
const NO_STEPS: [&str; 6] = ["base", "conflict", "kish", "spencer", "henry", "chen-rust"];

/// A sample, what became of it, and what is known of everybody.
struct Town {
    sample: Sample,
    outcomes: Outcomes,
    side: Codes,
    age: Codes,
    lines: Vec<f64>,
    mobile: Vec<bool>,
}

impl Town {
    fn of(seed: usize) -> Town {
        let mut stream = Seed::new(format!("laws {seed}"))
            .expect("not blank")
            .stream("test");
        let mut pick = |below: u64| stream.below(below);
        use Class::{Interview, NotEligible, NotReleased, Refusal, UnknownNumber};
        let ways = [
            Interview,
            Interview,
            Interview,
            Refusal,
            NotEligible,
            UnknownNumber,
            NotReleased,
        ];
        let class = (0..N).map(|_| ways[pick(7) as usize]).collect();
        let stratum = Codes::from_labels((0..N).map(|unit| ["rural", "town"][unit % 2]));
        let side = Codes::from_labels((0..N).map(|_| pick(3).to_string()));
        let age = Codes::from_labels((0..N).map(|_| pick(4).to_string()));
        let lines = (0..N).map(|_| 1.0 + pick(5) as f64).collect();
        let mobile = (0..N).map(|_| pick(2) == 0).collect();
        let sample = Sample {
            id: (0..N).map(|unit| unit.to_string()).collect(),
            row: (0..N as u64).collect(),
            cell: stratum.clone(),
            columns: vec![],
            population: vec![1_200, 3_600],
            probability: (0..N).map(|unit| [0.1, 1.0 / 30.0][unit % 2]).collect(),
            stratum,
            rank: (1..=N as u32).collect(),
            replicate: vec![1; N],
            basis: Basis::default(),
        };
        let outcomes = Outcomes {
            class,
            code: vec![None; N],
            attempts: vec![1; N],
            items: vec![],
        };
        Town {
            sample,
            outcomes,
            side,
            age,
            lines,
            mobile,
        }
    }

    fn ledger(&self) -> Ledger {
        Ledger::base(&self.sample, &self.outcomes).expect("both strata are called")
    }

    fn answered(&self) -> Vec<bool> {
        let class = self.outcomes.class.iter();
        class.map(|class| class.responds()).collect()
    }

    /// Totals near what these weights hold already, so that every distance can meet them.
    fn totals(&self, codes: &Codes, weights: &[f64]) -> BTreeMap<String, f64> {
        let levels = codes.labels().len();
        let held = |level: usize| {
            let here = (0..N).filter(|&unit| codes.code(unit) == level);
            sum(here.map(|unit| weights[unit])) * (1.0 + 0.05 * level as f64)
        };
        let all = sum((0..levels).map(held));
        let scaled = |level: usize| held(level) / all * 4_800.0;
        let labels = codes.labels().iter().enumerate();
        labels
            .map(|(level, label)| (label.clone(), scaled(level)))
            .collect()
    }

    fn margins(&self, weights: &[f64]) -> Vec<Margin> {
        let of = |name: &str, codes: &Codes| {
            let totals = self.totals(codes, weights);
            Margin::new(name, codes.clone(), &totals).expect("all levels have a total")
        };
        vec![of("side", &self.side), of("age", &self.age)]
    }

    fn controls(&self, weights: &[f64]) -> Controls {
        let held = sum((0..N).map(|unit| weights[unit] * self.lines[unit]));
        let all = sum(weights.iter().copied());
        let total = held / all * 4_800.0 * 1.02;
        let lines = Amount::new("lines", self.lines.clone(), total).expect("numbers");
        Controls::new(self.margins(weights), vec![lines]).expect("the same town")
    }

    fn calibrate(&self, distance: Distance, weights: &[f64]) -> Calibrate {
        Calibrate::to(self.controls(weights), distance, 1e-10, 500).expect("good bounds")
    }

    fn growth() -> Growth {
        Growth {
            least: 30,
            level: 0.5,
            weighted: true,
        }
    }

    /// Each kind of step that may be the next one after these weights, with all it needs.
    fn steps(&self, weights: &[f64]) -> Vec<Box<dyn Step>> {
        let out = &self.outcomes;
        let all = || Codes::from_labels(["all"; N]);
        let wide = || Bounds::new(0.2, 4.0).expect("around 1");
        let known = || {
            Predictors::of(Propensity::part(out))
                .and_levels("side", self.side.clone())
                .and_numbers("lines", self.lines.clone())
                .expect("numbers")
        };
        let answering = |used| {
            Propensity::from(known(), used, true, 0.02, out).expect("columns tell something")
        };
        let told: Vec<Option<f64>> = self.lines.iter().copied().map(Some).collect();
        let counts = |counted| {
            Multiplicity::by(counted, "lines", &told, Some(4.0), None, out).expect("all said")
        };
        let both: Vec<Option<bool>> = (0..N).map(|unit| Some(unit % 3 == 0)).collect();
        let lists =
            |together| Compose::of(self.mobile.clone(), &both, together, out).expect("all said");
        let branch = |name: &str, levels: &Codes, ordered| Branching {
            name: name.into(),
            levels: levels.clone(),
            ordered,
        };
        let branches = vec![
            branch("side", &self.side, false),
            branch("age", &self.age, true),
        ];
        let trim = |cap, excess| Trim::to(cap, excess, out).expect("a cap");
        let raking = || self.calibrate(Distance::Raking, weights);
        vec![
            Box::new(Unknown::within(all(), out)),
            Box::new(self.second_phase()),
            Box::new(Nonresponse::within(self.side.clone(), out)),
            Box::new(answering(Use::Inverse)),
            Box::new(answering(Use::Classes(3))),
            Box::new(ByTree::of(branches, Town::growth(), out).expect("columns")),
            Box::new(lists(Together::Effective)),
            Box::new(lists(Together::Share(0.4))),
            Box::new(lists(Together::Chances {
                own: self.sample.probability.clone(),
                other: vec![0.05; N],
            })),
            Box::new(counts(Counted::Numbers)),
            Box::new(counts(Counted::People)),
            Box::new(Poststratify::to(self.margins(weights).remove(0))),
            Box::new(Rake::to(self.margins(weights), 1e-10, 1_000).expect("the same town")),
            Box::new(self.calibrate(Distance::Linear, weights)),
            Box::new(raking()),
            Box::new(self.calibrate(Distance::Logit(wide()), weights)),
            Box::new(self.calibrate(Distance::Truncated(wide()), weights)),
            Box::new(self.calibrate(Distance::BoundedRaking(wide()), weights)),
            Box::new(self.instruments(weights)),
            Box::new(self.uncertain(weights)),
            Box::new(trim(Cap::TimesMean(2.0), Excess::Proportional)),
            Box::new(trim(Cap::TimesMedian(3.0), Excess::Equal)),
            Box::new(Alternate::between(
                Box::new(raking()),
                trim(Cap::TimesMean(2.5), Excess::Proportional),
                1e-9,
                1_000,
            )),
            Box::new(Persons::through(&self.calls())),
            Box::new(OneCall::of(&self.asking())),
        ]
    }

    /// Every other one of those who gave no interview was followed up.
    fn second_phase(&self) -> SecondPhase {
        let answered = self.answered();
        let part = |unit: usize| match (answered[unit], unit / 2 % 2) {
            (true, _) => Follow::Outside,
            (false, 0) => Follow::Drawn,
            (false, _) => Follow::NotDrawn,
        };
        SecondPhase::within(self.sample.stratum.clone(), (0..N).map(part).collect())
    }

    fn instruments(&self, weights: &[f64]) -> Instruments {
        let instruments = Predictors::of(self.answered())
            .and_levels("side", self.side.clone())
            .and_levels("age", self.age.clone())
            .and_numbers("lines", self.lines.clone())
            .expect("numbers");
        let (controls, out) = (self.controls(weights), &self.outcomes);
        Instruments::to(controls, instruments, Distance::Linear, 1e-9, 500, out).expect("as many")
    }

    fn uncertain(&self, weights: &[f64]) -> Uncertain {
        let calibrate = self.calibrate(Distance::Linear, weights);
        let mut covariance = Symmetric::zero(calibrate.controls().totals().len());
        for row in 0..covariance.order() {
            covariance.add(row, row, 25.0);
        }
        Uncertain::with(calibrate, covariance).expect("variances")
    }

    /// Units 0 and 1, 2 and 3, … share a number.
    fn calls(&self) -> Calls {
        let asked = |unit: usize| Asked {
            call: unit / 2,
            asked: unit.is_multiple_of(2),
            multiplicity: 3,
            asked_with: 2,
            chance_asked: 0.5,
            probability: 0.05,
        };
        let call = |call: usize| Call {
            number: call as u64,
            units: vec![2 * call, 2 * call + 1],
            multiplicity: 3,
            expected: 0.2,
            chance: 0.19,
            person_weight: 20.0,
        };
        Calls {
            units: (0..N).map(asked).collect(),
            calls: (0..N / 2).map(call).collect(),
        }
    }

    fn asking(&self) -> Asking {
        Asking {
            asked: (0..N).map(|unit| unit % 2 == 0).collect(),
            chance_asked: vec![0.5; N],
            ..Asking::default()
        }
    }
}

/// What a step must promise, whatever it is.
fn promises(step: &dyn Step, before: &[f64], outcomes: &Outcomes) {
    let key = step.card().key;
    let adjusted = step
        .forward(before, outcomes)
        .unwrap_or_else(|why| panic!("{key}: {why}"));
    assert_eq!(adjusted.before, before, "{key} keeps what it found");
    for (unit, before) in before.iter().enumerate() {
        let (factor, after) = (adjusted.factor[unit], adjusted.after[unit]);
        assert!(factor.is_finite() && after.is_finite(), "{key}");
        let off = (before * factor - after).abs();
        assert!(
            off <= 1e-12 * after.abs(),
            "{key}: unit {unit} is off by {off:e}"
        );
        // Whoever had no weight gets none.
        assert!(before.abs() > 0.0 || after.abs() <= 0.0, "{key}");
        step.finds(&adjusted, unit);
    }
    let again = step.forward(before, outcomes).expect("it could be taken");
    assert_eq!(adjusted, again, "{key} depends on its inputs alone");
    for card in step.cards() {
        assert!(
            !card.formula.is_empty() && !card.sources.is_empty(),
            "{}",
            card.key
        );
        assert!(
            !card.title.zh.is_empty() && !card.says.zh.is_empty(),
            "{}",
            card.key
        );
    }
}

#[test]
fn every_kind_of_step_multiplies_by_a_factor_and_says_whose_it_is() {
    let mut seen = BTreeSet::new();
    for seed in 0..20 {
        let town = Town::of(seed);
        let base = town.ledger();
        seen.extend(
            base.entries()
                .iter()
                .flat_map(|one| one.step().cards())
                .map(|c| c.key),
        );
        let before = base.weights().to_vec();
        for step in town.steps(&before) {
            promises(step.as_ref(), &before, &town.outcomes);
            seen.extend(step.cards().iter().map(|card| card.key));
        }
    }
    let steps = CARDS.iter().map(|card| card.key);
    let missed: Vec<&str> = steps
        .filter(|key| !NO_STEPS.contains(key) && !seen.contains(key))
        .collect();
    assert!(missed.is_empty(), "no law is tried on {missed:?}");
}

#[test]
fn whatever_steps_are_taken_their_factors_multiply_to_the_weight() {
    for seed in 0..20 {
        let town = Town::of(seed);
        let (out, side) = (&town.outcomes, || town.side.clone());
        let mut ledger = town.ledger();
        let take = |ledger: &mut Ledger, step: Box<dyn Step>| {
            ledger
                .take(step, out)
                .unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        };
        take(&mut ledger, Box::new(town.second_phase()));
        take(&mut ledger, Box::new(Unknown::within(side(), out)));
        take(&mut ledger, Box::new(Nonresponse::within(side(), out)));
        let told: Vec<Option<f64>> = town.lines.iter().copied().map(Some).collect();
        for counted in [Counted::Numbers, Counted::People] {
            let step = Multiplicity::by(counted, "lines", &told, None, None, out);
            take(&mut ledger, Box::new(step.expect("all said")));
        }
        let calibrate = town.calibrate(Distance::Raking, ledger.weights());
        let trim = Trim::to(Cap::TimesMean(3.0), Excess::Proportional, out).expect("a cap");
        let turns = Alternate::between(Box::new(calibrate), trim, 1e-9, 1_000);
        take(&mut ledger, Box::new(turns));
        assert!(ledger.entries().len() >= 6);
        for unit in 0..N {
            let factors = ledger
                .entries()
                .iter()
                .map(|one| one.adjusted().factor[unit]);
            let product: f64 = ledger.base_weights()[unit] * factors.product::<f64>();
            let weight = ledger.weights()[unit];
            assert!(
                (product - weight).abs() <= 1e-12 * weight.abs(),
                "seed {seed}"
            );
        }
        let replayed = ledger
            .replay(ledger.base_weights().to_vec(), out)
            .expect("the same steps");
        assert_eq!(replayed, ledger.weights(), "seed {seed}");
    }
}
