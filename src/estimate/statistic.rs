//! What a statistic must know: its value, and how much each answer moves it.

use std::borrow::Cow;

use super::Domain;
use super::within::Counting;
use crate::math::column;
use crate::method::Card;

/// What a statistic sees of the sample: weights and a domain, one entry per drawn unit.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    weights: &'a [f64],
    interviewed: &'a [bool],
    domain: &'a Domain<'a>,
    /// Its units that count, where they are known.
    counting: Option<&'a Counting>,
}

impl<'a> View<'a> {
    /// A view of the units with these weights, of which some were interviewed.
    ///
    /// # Panics
    ///
    /// If the columns differ in length: our own bug.
    #[must_use]
    pub fn new(weights: &'a [f64], interviewed: &'a [bool], domain: &'a Domain<'a>) -> View<'a> {
        assert_eq!(weights.len(), interviewed.len(), "a weight per unit");
        View {
            weights,
            interviewed,
            domain,
            counting: None,
        }
    }

    /// The same view, of which it is known who counts.
    pub(super) fn knowing(self, counting: &'a Counting) -> View<'a> {
        View {
            counting: Some(counting),
            ..self
        }
    }

    /// How many units were drawn.
    #[must_use]
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether nobody was drawn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// The units of the domain whose answers count: interviewed, and with a weight. Linear calibration
    /// may leave a weight below 0; without it, known totals would not come out.
    pub fn units(&self) -> impl Iterator<Item = usize> + '_ {
        self.weighed().map(|(unit, _)| unit)
    }

    /// The same, each with its weight.
    pub fn weighed(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let known = self.counting.into_iter().flat_map(|known| {
            let weights = known.weights.iter().copied();
            known.units.iter().copied().zip(weights)
        });
        // The domain knows its members, so that hundreds of domains cost no more than one.
        let members = self.domain.members();
        let count = match self.counting {
            Some(_) => 0,
            None => members.map_or(self.weights.len(), <[u32]>::len),
        };
        let found = (0..count)
            .map(move |place| members.map_or(place, |members| members[place] as usize))
            .map(|unit| (unit, self.weights[unit]))
            .filter(|&(unit, weight)| weight.abs() > 0.0 && self.interviewed[unit]);
        known.chain(found)
    }

    /// The units that count and have a value: in the place of scores stand their values.
    ///
    /// Everything is gathered before anything is summed: among millions of rows those of a domain lie
    /// far apart, and a processor that has nothing else to do looks for several at a time.
    pub(super) fn said(&self, value: impl Fn(usize) -> Option<f64>) -> Said<'_> {
        if let Some(known) = self.counting {
            // A column of known length is filled without asking at each value whether there is room.
            let mut all = true;
            let or_not = |unit: &usize| {
                value(*unit).unwrap_or_else(|| {
                    all = false;
                    0.0
                })
            };
            let values = known.units.iter().map(or_not).collect();
            if all {
                return Said {
                    units: Cow::Borrowed(&known.units),
                    weights: Cow::Borrowed(&known.weights),
                    people: known.people,
                    values,
                };
            }
        }
        let (mut units, mut weights, mut values) = (Vec::new(), Vec::new(), Vec::new());
        self.weighed().for_each(|(unit, weight)| {
            if let Some(value) = value(unit) {
                units.push(unit);
                weights.push(weight);
                values.push(value);
            }
        });
        Said {
            people: column(&weights),
            units: Cow::Owned(units),
            weights: Cow::Owned(weights),
            values,
        }
    }

    /// The weight of a unit.
    #[must_use]
    pub fn weight(&self, unit: usize) -> f64 {
        self.weights[unit]
    }
}

/// Units that count, with their weights and values.
pub(super) struct Said<'a> {
    pub units: Cow<'a, [usize]>,
    pub weights: Cow<'a, [f64]>,
    /// The sum of the weights.
    pub people: f64,
    pub values: Vec<f64>,
}

/// A value, and what each answer contributes to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    /// θ̂.
    pub value: f64,
    /// z, per unit weight; 0 for units that do not count.
    pub scores: Vec<f64>,
    /// The units that count, in order.
    pub answered: Vec<usize>,
}

impl Evaluated {
    /// The same without the units that do not count.
    #[must_use]
    pub fn few(self) -> Few {
        Few {
            value: self.value,
            scores: self
                .answered
                .iter()
                .map(|&unit| self.scores[unit])
                .collect(),
            answered: self.answered,
        }
    }
}

/// A value, and what each answer contributes to it, without a word of the units that do not count.
#[derive(Debug, Clone, PartialEq)]
pub struct Few {
    /// θ̂.
    pub value: f64,
    /// z, per unit weight; one for each of `answered`.
    pub scores: Vec<f64>,
    /// The units that count, in order.
    pub answered: Vec<usize>,
}

impl Few {
    /// The same among so many drawn units.
    #[must_use]
    pub fn among(self, units: usize) -> Evaluated {
        let mut scores = vec![0.0; units];
        for (&unit, score) in self.answered.iter().zip(self.scores) {
            scores[unit] = score;
        }
        Evaluated {
            value: self.value,
            scores,
            answered: self.answered,
        }
    }
}

/// A figure of the population. It knows its value and its scores, and no design.
pub trait Statistic: Sync {
    /// What the statistic says of itself.
    fn card(&self) -> &'static Card;

    /// Of which item or items, for a table: "overall", "calls / minutes".
    fn item(&self) -> String;

    /// The value and one score per drawn unit; none if nobody in view answered, or the value would
    /// be a division by 0.
    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated>;

    /// The same of the units that count alone: much less to hold where they are few of many.
    fn few(&self, view: &View<'_>) -> Option<Few> {
        Some(self.evaluate(view)?.few())
    }

    /// The value alone, to the last bit that of [`Statistic::evaluate`]: replicates ask for no scores.
    fn value(&self, view: &View<'_>) -> Option<f64> {
        Some(self.evaluate(view)?.value)
    }
}
