//! Where statistic, ledger and design meet.

use super::interval::Students;
use super::variance::replicate::Maker;
use super::variance::{Placed, Rule, Strata};
use super::{Domain, Error, Estimate, Few, Joint, Statistic, Unknown, View, Within, effect};
use crate::draw::Sample;
use crate::weigh::Ledger;

/// Estimates figures from one sample and its weights.
///
/// # Example
///
/// Four of a town of a hundred answered 2, 4, 6 and 8:
///
/// ```
/// use canvass::draw::Sample;
/// use canvass::estimate::{Domain, Estimator, Mean};
/// use canvass::field::{Class, Item, Outcomes};
/// use canvass::frame::Codes;
/// use canvass::weigh::Ledger;
///
/// let sample = Sample {
///     id: ["a", "b", "c", "d"].map(String::from).to_vec(),
///     row: vec![0, 1, 2, 3],
///     stratum: Codes::from_labels(["town"; 4]),
///     population: vec![100],
///     cell: Codes::from_labels(["all"; 4]),
///     columns: vec![],
///     probability: vec![0.04; 4],
///     rank: vec![1, 2, 3, 4],
///     replicate: vec![1; 4],
///     basis: canvass::draw::Basis::default(),
/// };
/// let outcomes = Outcomes {
///     class: vec![Class::Interview; 4],
///     code: vec![None; 4],
///     attempts: vec![1; 4],
///     items: vec![Item { name: "minutes".into(), values: [2.0, 4.0, 6.0, 8.0].map(Some).to_vec() }],
/// };
/// let ledger = Ledger::base(&sample, &outcomes)?;
/// let minutes = outcomes.item("minutes").expect("it was asked");
/// let mean = Estimator::new(&sample, &ledger, 0.95).estimate(&Mean::of(minutes), &Domain::all())?;
/// assert_eq!((mean.value, mean.n, mean.df), (5.0, 4, 3));
/// // (1 − 4/100) · s² / 4,  s² = 20/3
/// assert!((mean.variance.expect("four units") - 1.6).abs() < 1e-12);
/// # Ok::<(), canvass::Error>(())
/// ```
#[derive(Debug)]
pub struct Estimator<'a> {
    ledger: &'a Ledger,
    pub(super) rule: Box<dyn Rule + 'a>,
    students: Students,
    effects: bool,
}

impl<'a> Estimator<'a> {
    /// For this sample, with the ledger's weights; intervals are stated at `confidence`.
    #[must_use]
    pub fn new(sample: &'a Sample, ledger: &'a Ledger, confidence: f64) -> Estimator<'a> {
        Estimator::by(
            Box::new(Strata::of(sample, ledger.worked())),
            ledger,
            confidence,
        )
    }

    /// With the ledger's weights, and variances by a rule for how the units were drawn.
    ///
    /// # Example
    ///
    /// Weights and clusters came with the data; nobody knows of how many clusters these are:
    ///
    /// ```
    /// use canvass::estimate::variance::{Clusters, Design, Stage};
    /// use canvass::estimate::{Domain, Estimator, Mean};
    /// use canvass::field::Item;
    /// use canvass::frame::Codes;
    /// use canvass::weigh::Ledger;
    ///
    /// let ledger = Ledger::given(vec![10.0; 4])?;
    /// let village = Codes::from_labels(["a", "a", "b", "b"]);
    /// let stage = Stage { clusters: Some(&village), ..Stage::default() };
    /// let design = Design { stages: vec![stage], ..Design::of(ledger.weights()) };
    /// let rule = Clusters::of(&design).expect("a design");
    /// let minutes = Item { name: "minutes".into(), values: [2.0, 4.0, 6.0, 8.0].map(Some).to_vec() };
    ///
    /// let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
    /// let mean = estimator.estimate(&Mean::of(&minutes), &Domain::all()).expect("four answers");
    /// assert_eq!((mean.value, mean.n, mean.df), (5.0, 4, 1));
    /// // Villages' means are 3 and 7: (7 − 3)² / 4
    /// assert!((mean.variance.expect("two villages") - 4.0).abs() < 1e-12);
    /// # Ok::<(), canvass::Error>(())
    /// ```
    #[must_use]
    pub fn by(rule: Box<dyn Rule + 'a>, ledger: &'a Ledger, confidence: f64) -> Estimator<'a> {
        Estimator {
            ledger,
            rule,
            students: Students::at(confidence),
            effects: true,
        }
    }

    /// The same, without design effects: they take as long as values do.
    #[must_use]
    pub fn without_effects(self) -> Estimator<'a> {
        Estimator {
            effects: false,
            ..self
        }
    }

    /// For the figures of one domain: many of them cost less together.
    #[must_use]
    pub fn within<'e>(&'e self, domain: &'e Domain<'e>) -> Within<'e> {
        Within::new(self, domain)
    }

    /// What a statistic sees of the sample.
    pub(super) fn view<'v>(&'v self, domain: &'v Domain<'v>) -> View<'v> {
        View::new(self.ledger.weights(), self.ledger.interviewed(), domain)
    }

    /// Estimates a figure of a domain, with its variance, interval and design effect.
    ///
    /// # Formula
    ///
    /// ```text
    /// V̂(θ̂) = V_design( back₁( … back_k( w · z ) ) ) + Σ extra_j
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswers`] if nobody in the domain answered, or the ratio would be over 0.
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §5.5 for the scores; Deville, Särndal (1992), §3.4 and Shao,
    /// Steel (1999) for the steps.
    pub fn estimate(
        &self,
        statistic: &dyn Statistic,
        domain: &Domain<'_>,
    ) -> Result<Estimate, Error> {
        self.figure(statistic, domain, None)
    }

    /// A figure, with what is known of its domain.
    pub(super) fn figure(
        &self,
        statistic: &dyn Statistic,
        domain: &Domain<'_>,
        within: Option<&Within<'_>>,
    ) -> Result<Estimate, Error> {
        if let Some(anew) = self.rule.anew(statistic, domain) {
            return anew;
        }
        let shared = within.map(Within::shared);
        let view = self.view(domain);
        let view = shared.map_or(view, |shared| view.knowing(&shared.counting));
        let few = statistic.few(&view).ok_or_else(|| Error::NoAnswers {
            item: statistic.item(),
            domain: domain.label().to_owned(),
        })?;
        let known = shared.and_then(|shared| Some((shared, shared.places(&few)?)));
        let weights = match &known {
            Some((shared, places)) => shared.weights(places),
            None => few.answered.iter().map(|&unit| view.weight(unit)).collect(),
        };
        let placed = known.as_ref();
        let placed =
            placed.and_then(|(shared, places)| Some((shared.placed.as_deref()?, places.some())));
        let variance = self.variance(&weights, &few, view.len(), placed);
        let df = match placed {
            Some((placed, places)) => placed.degrees(places),
            None => self.rule.degrees(&few.answered),
        };
        let known = variance.as_ref().ok().copied();
        let simple = || effect::simple_variance(&weights, &few);
        let simple = self.effects.then(simple).flatten();
        Ok(Estimate {
            statistic: statistic.card().key.to_owned(),
            item: statistic.item(),
            domain: domain.label().to_owned(),
            value: few.value,
            variance,
            df,
            n: few.answered.len() as u64,
            design_effect: known.zip(simple).map(|(design, simple)| design / simple),
            confidence: self.students.confidence(),
            interval: known.and_then(|v| self.students.interval(few.value, v, df)),
        })
    }

    /// The variance of a figure. Without weighting steps, units that do not count have no part in it.
    fn variance(
        &self,
        weights: &[f64],
        few: &Few,
        units: usize,
        placed: Option<(&dyn Placed, Option<&[u32]>)>,
    ) -> Result<f64, Unknown> {
        if self.ledger.entries().is_empty() {
            let pairs = weights.iter().zip(&few.scores);
            let weighted: Vec<f64> = pairs.map(|(weight, z)| weight * z).collect();
            return match placed {
                Some((placed, places)) => placed.variance(&weighted, places),
                None => self.rule.variance_of(&weighted, &few.answered, units),
            };
        }
        let (weighted, extra) = self.ledger.back(&few.clone().among(units).scores);
        let variance = self.rule.variance(&weighted, &few.answered)?;
        Ok(variance + extra)
    }

    /// Whether the rule makes figures anew, as replicates do.
    pub(super) fn is_anew(&self) -> bool {
        self.rule.is_anew()
    }

    /// Several figures and how they vary together, if the rule makes figures anew.
    pub(super) fn anew_jointly(
        &self,
        figures: &[(&dyn Statistic, &Domain<'_>)],
        maker: Option<Maker<'_>>,
    ) -> Option<Result<Joint, Error>> {
        self.rule.anew_jointly(figures, maker)
    }

    /// What the rule knows of some units, for figures that are made of them.
    pub(super) fn placed(&self, units: &[usize]) -> Option<Box<dyn Placed + '_>> {
        self.rule.placed(units)
    }
}
