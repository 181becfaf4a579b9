//! Woodruff's interval: sure of a share, and so of the answer at it.

use super::order::Order;
use super::{CARD, Quantile};
use crate::estimate::{
    Domain, Error, Estimate, Estimator, ShareInterval, Statistic, Unknown, View,
};
use crate::math::distribution::t_quantile;
use crate::weigh::Ledger;

/// A quantile between two answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Woodruff {
    /// θ̂.
    pub value: f64,
    /// The lower end; none where the share's is below 0, or has none.
    pub low: Option<f64>,
    /// The upper end; none where the share's is above 1, or has none.
    pub high: Option<f64>,
    /// The square of the standard error that a t interval of this width would have, or why there is none.
    pub variance: Result<f64, Unknown>,
}

impl Woodruff {
    /// The interval of a quantile, from the estimated share of people at or below it.
    ///
    /// An end of the share outside 0 to 1 has no answer, and the standard error is unknown with it. Nor
    /// is there an end where everybody is at or below the quantile: R's `survey` gives the quantile as
    /// its own interval, with a standard error of 0.
    ///
    /// On a scale of a few points the upper end is above the quantile however many were asked: the
    /// share is that at or below it, and any more is of the next point.
    ///
    /// None if nobody in view answered.
    ///
    /// # Formula
    ///
    /// ```text
    /// l, u = F̂⁻¹( F̂(θ̂) ± t(ν) √V̂(F̂(θ̂)) ),  by the same rule;     se = (u − l) / (2 t(ν))
    /// ```
    ///
    /// # Arguments
    ///
    /// | symbol     | argument | shape | unit                                                        |
    /// |------------|----------|-------|-------------------------------------------------------------|
    /// | F̂(θ̂), V̂, ν | `share`  | 1     | of [`Quantile::share`] at [`Quantile::value`], same domain |
    ///
    /// `by` is how the share's interval is made; Woodruff's own is [`ShareInterval::Student`].
    ///
    /// # Source
    ///
    /// Woodruff (1952); Sitter, Wu (2001) for what it does in the tails.
    #[must_use]
    pub fn of(
        quantile: &Quantile<'_>,
        view: &View<'_>,
        share: &Estimate,
        by: ShareInterval,
    ) -> Option<Woodruff> {
        let order = Order::of(quantile.item, view)?;
        let value = order.at(quantile.p, quantile.rule);
        let none = |reason| Woodruff {
            value,
            low: None,
            high: None,
            variance: Err(reason),
        };
        let known = match &share.variance {
            Ok(variance) => *variance,
            Err(reason) => return Some(none(reason.clone())),
        };
        if share.df == 0 {
            return Some(none(Unknown::NoDegrees));
        }
        let alike = order.greatest() <= value;
        let ends = by.of(share.value, known, share.df, share.n, share.confidence);
        let Some((low, high)) = ends.filter(|_| !alike) else {
            return Some(none(Unknown::BeyondAnswers));
        };
        let answer = |p: f64| (0.0..=1.0).contains(&p).then(|| order.at(p, quantile.rule));
        let (low, high) = (answer(low), answer(high));
        let t = t_quantile(f64::midpoint(1.0, share.confidence), share.df as f64);
        let variance = match low.zip(high) {
            None => Err(Unknown::BeyondAnswers),
            Some((low, high)) => Ok(((high - low) / (2.0 * t)).powi(2)),
        };
        Some(Woodruff {
            value,
            low,
            high,
            variance,
        })
    }
}

impl Quantile<'_> {
    /// The quantile in a domain, with Woodruff's interval. Its design effect is that of the share: both
    /// are over the same density, which cancels.
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswers`] if nobody in the domain answered.
    ///
    /// # Example
    ///
    /// Of nine of a street of ninety, the fifth; and from the second to the last:
    ///
    /// ```
    /// use canvass::draw::Sample;
    /// use canvass::estimate::{Domain, Estimator, Quantile, ShareInterval};
    /// use canvass::field::{Class, Item, Outcomes};
    /// use canvass::frame::Codes;
    /// use canvass::weigh::Ledger;
    ///
    /// let sample = Sample {
    ///     id: (1..10).map(|i| i.to_string()).collect(),
    ///     row: (0..9).collect(),
    ///     stratum: Codes::from_labels(["street"; 9]),
    ///     population: vec![90],
    ///     cell: Codes::from_labels(["all"; 9]),
    ///     columns: vec![],
    ///     probability: vec![0.1; 9],
    ///     rank: (1..10).collect(),
    ///     replicate: vec![1; 9],
    ///     basis: canvass::draw::Basis::default(),
    /// };
    /// let minutes = (1..10).map(|i| Some(f64::from(i * i))).collect();
    /// let outcomes = Outcomes {
    ///     class: vec![Class::Interview; 9],
    ///     code: vec![None; 9],
    ///     attempts: vec![1; 9],
    ///     items: vec![Item { name: "minutes".into(), values: minutes }],
    /// };
    /// let ledger = Ledger::base(&sample, &outcomes)?;
    /// let estimator = Estimator::new(&sample, &ledger, 0.95);
    /// let minutes = outcomes.item("minutes").expect("it was asked");
    ///
    /// let median = Quantile::median(minutes);
    /// let median = median.estimate(&estimator, &ledger, &Domain::all(), ShareInterval::Student)?;
    /// assert_eq!((median.value, median.interval), (25.0, Some((4.0, 81.0))));
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn estimate(
        &self,
        estimator: &Estimator<'_>,
        ledger: &Ledger,
        domain: &Domain<'_>,
        by: ShareInterval,
    ) -> Result<Estimate, Error> {
        let view = View::new(ledger.weights(), ledger.interviewed(), domain);
        let nobody = || Error::NoAnswers {
            item: self.item(),
            domain: domain.label().to_owned(),
        };
        let value = self.value(&view).ok_or_else(nobody)?;
        let share = estimator.estimate(&self.share(value), domain)?;
        let found = Woodruff::of(self, &view, &share, by).ok_or_else(nobody)?;
        Ok(Estimate {
            statistic: CARD.key.to_owned(),
            item: self.item(),
            value: found.value,
            variance: found.variance,
            interval: found.low.zip(found.high),
            ..share
        })
    }
}
