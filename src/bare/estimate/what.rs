//! A statistic to estimate, with the interval that is its own.

use crate::estimate::{
    Difference, Domain, Error, Estimate, Estimator, Quantile, Share, ShareInterval, Statistic,
    Within,
};
use crate::weigh::Ledger;

/// A statistic. Some have intervals of their own.
pub(crate) enum What<'t> {
    Plain(Box<dyn Statistic + 't>),
    Share(Share<'t>),
    Quantile(Quantile<'t>),
}

/// What every statistic is estimated with.
pub(crate) struct With<'e> {
    pub estimator: &'e Estimator<'e>,
    pub ledger: &'e Ledger,
    /// How intervals of shares are made, and those of quantiles by way of shares.
    pub interval: ShareInterval,
}

impl<'t> What<'t> {
    /// A statistic whose interval is the usual one.
    pub fn plain(statistic: impl Statistic + 't) -> What<'t> {
        What::Plain(Box::new(statistic))
    }

    pub fn statistic(&self) -> &dyn Statistic {
        match self {
            What::Plain(statistic) => statistic.as_ref(),
            What::Share(share) => share,
            What::Quantile(quantile) => quantile,
        }
    }

    pub fn is_share(&self) -> bool {
        matches!(self, What::Share(_))
    }

    pub fn is_quantile(&self) -> bool {
        matches!(self, What::Quantile(_))
    }

    /// The figure of a domain.
    pub fn estimate(&self, with: &With<'_>, domain: &Domain<'_>) -> Result<Estimate, Error> {
        self.among(with, &with.estimator.within(domain))
    }

    /// The figure of a domain of which others are estimated too.
    pub fn among(&self, with: &With<'_>, within: &Within<'_>) -> Result<Estimate, Error> {
        match self {
            What::Plain(statistic) => within.estimate(statistic.as_ref()),
            What::Share(share) => Ok(with.interval_of(within.estimate(share)?)),
            What::Quantile(quantile) => {
                let (estimator, domain) = (with.estimator, within.domain());
                quantile.estimate(estimator, with.ledger, domain, with.interval)
            }
        }
    }

    /// The figure of a domain less that of another. Of which figure it is, is its item; of whom, its
    /// domain.
    pub fn difference(
        &self,
        with: &With<'_>,
        (this, other): (&Domain<'_>, &Domain<'_>),
    ) -> Result<Estimate, Error> {
        let statistic = self.statistic();
        let found = Difference::between(statistic, this, other).estimate(with.estimator)?;
        Ok(Estimate {
            item: format!("{} of {}", statistic.card().key, statistic.item()),
            domain: format!("{} − {}", this.label(), other.label()),
            ..found
        })
    }
}

impl With<'_> {
    /// A share with the interval that was asked for. Student's is what it has.
    fn interval_of(&self, share: Estimate) -> Estimate {
        if self.interval == ShareInterval::Student {
            return share;
        }
        let known = share.variance.as_ref().ok().copied();
        let Estimate {
            value,
            df,
            n,
            confidence,
            ..
        } = share;
        let interval = known.and_then(|v| self.interval.of(value, v, df, n, confidence));
        Estimate { interval, ..share }
    }
}
