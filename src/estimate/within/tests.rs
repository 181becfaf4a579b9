//! Figures together are figures alone, on any number of threads, with calibrated weights or without.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::estimate::variance::{Clusters, Design, Lonely, Stage};
use crate::estimate::{
    Domain, Estimate, Estimator, Mean, Quantile, Ratio, Share, Statistic, Test, Total,
};
use crate::field::{Class, Item, Outcomes};
use crate::frame::{Codes, Numbers};
use crate::math::sum;
use crate::random::Seed;
use crate::weigh::{Amount, Bounds, Calibrate, Controls, Distance, Ledger, Margin, Rake, Step};

/// People in villages in valleys, who answer some questions and not others.
struct Town {
    valley: Codes,
    village: Codes,
    house: Codes,
    side: Codes,
    weights: Vec<f64>,
    amounts: Vec<Vec<f64>>,
    answers: [Item; 2],
}

fn town(n: usize, amounts: usize) -> Town {
    let mut stream = Seed::new("within").expect("not blank").stream("test");
    let mut whole = |below: u64| -> Vec<u64> { (0..n).map(|_| stream.below(below)).collect() };
    let codes = |of: &[u64]| Codes::from_labels(of.iter().map(u64::to_string));
    let village = whole(60);
    // Some valleys have a single village.
    let valley: Vec<u64> = village.iter().map(|of| of * of / 300).collect();
    let numbers =
        |of: Vec<u64>| -> Vec<f64> { of.into_iter().map(|x| x as f64 / 64.0 + 0.1).collect() };
    let mut item = |name: &str| {
        let (values, said) = (numbers(whole(500)), whole(9));
        let cells = values.into_iter().zip(said);
        Item {
            name: name.to_owned(),
            values: cells.map(|(y, said)| (said > 0).then_some(y)).collect(),
        }
    };
    Town {
        answers: [item("calls"), item("minutes")],
        valley: codes(&valley),
        village: codes(&village),
        house: codes(&whole(400)),
        side: codes(&whole(4)),
        weights: numbers(whole(900)),
        amounts: (0..amounts).map(|_| numbers(whole(300))).collect(),
    }
}

impl Town {
    fn design(&self, lonely: Lonely) -> Design<'_> {
        let stage = |strata, clusters| Stage {
            strata,
            clusters: Some(clusters),
            population: None,
        };
        Design {
            stages: vec![
                stage(Some(&self.valley), &self.village),
                stage(None, &self.house),
            ],
            lonely,
            ..Design::of(&self.weights)
        }
    }

    fn controls(&self) -> Controls {
        let wanted: Vec<f64> = self
            .weights
            .iter()
            .zip(&self.amounts[0])
            .map(|(weight, x)| weight * (0.98 + x / 100.0))
            .collect();
        let held = |level: usize| {
            let units = (0..wanted.len()).filter(|&unit| self.side.code(unit) == level);
            sum(units.map(|unit| wanted[unit]))
        };
        let labels = self.side.labels().iter().enumerate();
        let totals = labels.map(|(level, label)| (label.clone(), held(level)));
        let side = Margin::new("side", self.side.clone(), &totals.collect()).expect("all levels");
        let amount = |values: &Vec<f64>| {
            let total = sum(values.iter().zip(&wanted).map(|(x, weight)| x * weight));
            Amount::new("amount", values.clone(), total).expect("numbers")
        };
        Controls::new(vec![side], self.amounts.iter().map(amount).collect()).expect("one total")
    }

    fn ledger(&self, step: Option<Box<dyn Step>>) -> Ledger {
        let outcomes = Outcomes {
            class: vec![Class::Interview; self.weights.len()],
            ..Outcomes::default()
        };
        let mut ledger = Ledger::given(self.weights.clone()).expect("weights above 0");
        if let Some(step) = step {
            ledger
                .take(step, &outcomes)
                .expect("controls that can be met");
        }
        ledger
    }

    fn statistics(&self) -> Vec<Box<dyn Statistic + '_>> {
        let [calls, minutes] = &self.answers;
        vec![
            Box::new(Mean::of(calls)),
            Box::new(Total::of(minutes)),
            Box::new(Ratio::of(calls, minutes)),
            Box::new(Share::of(calls, Test::AtLeast(4.0))),
            Box::new(Quantile::median(minutes)),
        ]
    }

    /// Every figure of every side, and of all.
    fn figures(&self, ledger: &Ledger, lonely: Lonely, together: bool) -> Vec<Estimate> {
        let rule = Clusters::of(&self.design(lonely)).expect("a design");
        let estimator = Estimator::by(Box::new(rule), ledger, 0.95);
        let mut domains = Domain::each(&self.side);
        domains.push(Domain::all());
        let statistics = self.statistics();
        let of = |domain: &Domain<'_>| -> Vec<Estimate> {
            let within = estimator.within(domain);
            let figures = statistics.par_iter().map(|statistic| match together {
                true => within.estimate(statistic.as_ref()),
                false => estimator.estimate(statistic.as_ref(), domain),
            });
            figures.map(|found| found.expect("answers")).collect()
        };
        domains.par_iter().map(of).collect::<Vec<_>>().concat()
    }
}

/// Every bit of some figures.
fn bits(figures: &[Estimate]) -> Vec<[Option<u64>; 5]> {
    let bits = |figure: &Estimate| {
        let (low, high) = figure.interval.unzip();
        let variance = figure.variance.as_ref().ok().copied();
        [
            Some(figure.value),
            variance,
            figure.design_effect,
            low,
            high,
        ]
        .map(|x| x.map(f64::to_bits))
    };
    figures.iter().map(bits).collect()
}

#[test]
fn figures_together_are_figures_alone() {
    let town = town(700, 1);
    let ledger = town.ledger(None);
    for lonely in Lonely::ALL {
        let (together, alone) = (true, false);
        let together = town.figures(&ledger, lonely, together);
        let alone = town.figures(&ledger, lonely, alone);
        assert_eq!(bits(&together), bits(&alone), "{lonely:?}");
        assert_eq!(together, alone, "{lonely:?}");
    }
}

#[test]
fn answers_are_the_same_wherever_they_are_kept() {
    let town = town(300, 1);
    let ledger = town.ledger(None);
    let rule = Clusters::of(&town.design(Lonely::Certainty)).expect("a design");
    let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
    let all = Domain::all();
    for item in &town.answers {
        let numbers: Numbers = item.values.iter().copied().collect();
        let kept = Mean::of((item.name.as_str(), &numbers));
        assert_eq!(
            estimator.estimate(&kept, &all),
            estimator.estimate(&Mean::of(item), &all)
        );
    }
}

#[test]
fn threads_move_no_bit_of_calibrated_weights_and_figures() {
    let town = town(6_000, 20);
    let bounds = Bounds::new(0.3, 3.0).expect("1 lies between");
    let calibrate = |distance: Distance| -> Box<dyn Step> {
        Box::new(Calibrate::to(town.controls(), distance, 1e-9, 100).expect("good bounds"))
    };
    let rake = || -> Box<dyn Step> {
        let margins = town.controls().margins().to_vec();
        Box::new(Rake::to(margins, 1e-9, 100).expect("one total"))
    };
    let steps: [&(dyn Fn() -> Box<dyn Step> + Sync); 6] = [
        &|| calibrate(Distance::Linear),
        &|| calibrate(Distance::Raking),
        &|| calibrate(Distance::Logit(bounds)),
        &|| calibrate(Distance::Truncated(bounds)),
        &|| calibrate(Distance::BoundedRaking(bounds)),
        &rake,
    ];
    for step in steps {
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.expect("threads").install(|| {
                let ledger = town.ledger(Some(step()));
                let weights = ledger.weights().iter().map(|weight| weight.to_bits());
                let figures = town.figures(&ledger, Lonely::Adjust, true);
                (weights.collect::<Vec<u64>>(), bits(&figures))
            })
        };
        let once = run(1);
        assert_ne!(
            once.0,
            town.weights.iter().map(|w| w.to_bits()).collect::<Vec<_>>()
        );
        assert!(once.1.iter().all(|figure| figure[1].is_some()));
        assert_eq!(once, run(2));
        assert_eq!(once, run(16));
    }
}
