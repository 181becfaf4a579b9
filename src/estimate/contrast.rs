//! Several figures, each times a number: one group less the mean of two others.

use super::{Domain, Error, Estimate, Estimator, Evaluated, Statistic, View};
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "contrast",
    title: Words::new("Contrast", "对比"),
    says: Words::new(
        "A sum of figures, each times a number: one part of the population less the mean of two others, or \
         a trend over five groups. What the figures share is taken account of, as in a difference.",
        "若干估计量的线性组合，如总体某一部分与另两部分均值之差，或五个组别的趋势。\
         与差异一样，已计入各估计量之间的相关。",
    ),
    formula: "θ̂ = Σ c θ̂_c;  z = Σ c z_c",
    sources: &[
        Source::at("Särndal, Swensson, Wretman (1992)", "§5.5"),
        Source::new("Deville (1999)"),
    ],
};

/// A sum of figures, each a statistic in its own domain, times a number.
///
/// # Example
///
/// Two each of six were young, middle-aged and old:
///
/// ```
/// use canvass::estimate::variance::{Clusters, Design};
/// use canvass::estimate::{Contrast, Domain, Estimator, Mean};
/// use canvass::field::Item;
/// use canvass::frame::Codes;
/// use canvass::weigh::Ledger;
///
/// let ledger = Ledger::given(vec![10.0; 6])?;
/// let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
/// let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
/// let minutes = Item { name: "minutes".into(), values: [2.0, 4.0, 5.0, 7.0, 9.0, 8.0].map(Some).to_vec() };
/// let age = Codes::from_labels(["a young", "a young", "b middle", "b middle", "c old", "c old"]);
/// let ages = Domain::each(&age);
/// let mean = Mean::of(&minutes);
///
/// let contrast = Contrast::of("old less others", &mean, &[-0.5, -0.5, 1.0], &ages);
/// let estimate = contrast.estimate(&estimator)?;
/// assert_eq!((estimate.value, estimate.n), (8.5 - (3.0 + 6.0) / 2.0, 6));
/// # Ok::<(), canvass::Error>(())
/// ```
#[derive(Clone)]
pub struct Contrast<'a> {
    name: String,
    parts: Vec<(f64, &'a dyn Statistic, &'a Domain<'a>)>,
}

impl<'a> Contrast<'a> {
    /// One statistic in several domains, each times its number; a name for the table.
    ///
    /// # Panics
    ///
    /// If there is not a number for each domain: our own bug.
    #[must_use]
    pub fn of(
        name: &str,
        statistic: &'a dyn Statistic,
        numbers: &[f64],
        domains: &'a [Domain<'a>],
    ) -> Contrast<'a> {
        assert_eq!(numbers.len(), domains.len(), "a number for each domain");
        let pairs = numbers.iter().zip(domains);
        Contrast::between(
            name,
            pairs
                .map(|(number, domain)| (*number, statistic, domain))
                .collect(),
        )
    }

    /// Any statistics in any domains. A number of 0 leaves its figure out.
    #[must_use]
    pub fn between(
        name: &str,
        parts: Vec<(f64, &'a dyn Statistic, &'a Domain<'a>)>,
    ) -> Contrast<'a> {
        let counts = |part: &(f64, &dyn Statistic, &Domain<'_>)| part.0.abs() > 0.0;
        Contrast {
            name: name.to_owned(),
            parts: parts.into_iter().filter(counts).collect(),
        }
    }

    /// The contrast, with its variance, interval and design effect. What is unknown of one of its figures
    /// is unknown of the contrast.
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswers`] names the figure for which nobody answered.
    pub fn estimate(&self, estimator: &Estimator<'_>) -> Result<Estimate, Error> {
        let mut reason = None;
        for (_, statistic, domain) in &self.parts {
            let part = estimator.estimate(*statistic, domain)?;
            reason = reason.or(part.variance.err());
        }
        let all = estimator.estimate(self, &Domain::all())?;
        Ok(match reason {
            None => all,
            Some(reason) => Estimate {
                variance: Err(reason),
                design_effect: None,
                interval: None,
                ..all
            },
        })
    }
}

impl std::fmt::Debug for Contrast<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Contrast").field(&self.item()).finish()
    }
}

impl Statistic for Contrast<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn item(&self) -> String {
        self.name.clone()
    }

    /// Seen from within a domain, each figure is of those of its people who belong to it as well. None if
    /// one of the figures has no value, or there are none.
    ///
    /// # Formula
    ///
    /// ```text
    /// θ̂ = Σ c θ̂_c;     z = Σ c z_c
    /// ```
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §5.5.
    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        let weights: Vec<f64> = (0..view.len()).map(|unit| view.weight(unit)).collect();
        let mut seen = vec![false; view.len()];
        view.units().for_each(|unit| seen[unit] = true);
        let mut all = Evaluated {
            value: 0.0,
            scores: vec![0.0; view.len()],
            answered: Vec::new(),
        };
        for (number, statistic, domain) in &self.parts {
            let part = statistic.evaluate(&View::new(&weights, &seen, domain))?;
            all.value += number * part.value;
            let pairs = all.scores.iter_mut().zip(&part.scores);
            pairs.for_each(|(score, z)| *score += number * z);
            all.answered.extend(part.answered);
        }
        all.answered.sort_unstable();
        all.answered.dedup();
        (!all.answered.is_empty()).then_some(all)
    }
}
