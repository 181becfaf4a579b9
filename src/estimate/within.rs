//! Figures of one domain, which have much in common.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::variance::Placed;
use super::{Domain, Error, Estimate, Estimator, Few, Statistic, View};
use crate::math::column;

/// The figures of one domain. Who counts, with which weights and in which clusters, is found out once
/// for all of them; the figures are those of [`Estimator::estimate`] to the last bit.
///
/// # Example
///
/// ```
/// use canvass::estimate::variance::{Clusters, Design};
/// use canvass::estimate::{Domain, Estimator, Mean, Total};
/// use canvass::field::Item;
/// use canvass::weigh::Ledger;
///
/// let ledger = Ledger::given(vec![10.0; 4])?;
/// let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
/// let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
/// let minutes = Item { name: "minutes".into(), values: [2.0, 4.0, 6.0, 8.0].map(Some).to_vec() };
///
/// let all = Domain::all();
/// let all = estimator.within(&all);
/// let (mean, total) = (Mean::of(&minutes), Total::of(&minutes));
/// assert_eq!(all.estimate(&mean).map(|found| found.value), Ok(5.0));
/// assert_eq!(all.estimate(&total).map(|found| found.value), Ok(200.0));
/// # Ok::<(), canvass::Error>(())
/// ```
#[derive(Debug)]
pub struct Within<'e> {
    estimator: &'e Estimator<'e>,
    domain: &'e Domain<'e>,
    shared: OnceLock<Shared<'e>>,
}

/// The units of a domain that count, and their weights.
#[derive(Debug)]
pub(super) struct Counting {
    pub units: Vec<usize>,
    pub weights: Vec<f64>,
    /// The sum of the weights.
    pub people: f64,
}

impl Counting {
    /// Those in view.
    pub fn of(view: &View<'_>) -> Counting {
        let (units, weights): (Vec<usize>, Vec<f64>) = view.weighed().unzip();
        Counting {
            people: column(&weights),
            units,
            weights,
        }
    }
}

/// What the figures of a domain have in common.
#[derive(Debug)]
pub(super) struct Shared<'e> {
    pub counting: Counting,
    pub placed: Option<Box<dyn Placed + 'e>>,
}

impl<'e> Within<'e> {
    pub(super) fn new(estimator: &'e Estimator<'e>, domain: &'e Domain<'e>) -> Within<'e> {
        Within {
            estimator,
            domain,
            shared: OnceLock::new(),
        }
    }

    /// The domain.
    #[must_use]
    pub fn domain(&self) -> &'e Domain<'e> {
        self.domain
    }

    /// Estimates a figure of the domain.
    ///
    /// # Errors
    ///
    /// As [`Estimator::estimate`].
    pub fn estimate(&self, statistic: &dyn Statistic) -> Result<Estimate, Error> {
        self.estimator.figure(statistic, self.domain, Some(self))
    }

    pub(super) fn shared(&self) -> &Shared<'e> {
        self.shared.get_or_init(|| {
            let counting = Counting::of(&self.estimator.view(self.domain));
            let placed = self.estimator.placed(&counting.units);
            Shared { counting, placed }
        })
    }
}

/// Which of the units of a domain a figure is made of.
#[derive(Debug)]
pub(super) enum Places {
    All,
    /// Their places among all that count.
    Some(Vec<u32>),
}

impl Places {
    pub fn some(&self) -> Option<&[u32]> {
        match self {
            Places::All => None,
            Places::Some(places) => Some(places),
        }
    }
}

impl Shared<'_> {
    /// Where the units of a figure stand; none if it is made of others too.
    pub fn places(&self, few: &Few) -> Option<Places> {
        if few.answered == self.counting.units {
            return Some(Places::All);
        }
        let mut units = self.counting.units.iter().zip(0..);
        let place = |unit| {
            units
                .find(|(known, _)| *known == unit)
                .map(|(_, place)| place)
        };
        few.answered
            .iter()
            .map(place)
            .collect::<Option<_>>()
            .map(Places::Some)
    }

    /// The weights of the units of a figure.
    pub fn weights(&self, places: &Places) -> Cow<'_, [f64]> {
        let weights = &self.counting.weights;
        match places.some() {
            None => Cow::Borrowed(weights),
            Some(places) => places
                .iter()
                .map(|&place| weights[place as usize])
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests;
