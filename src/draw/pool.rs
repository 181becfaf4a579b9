//! The units of one stratum, and all that a drawing method may ask of them.

use super::{Error, Probabilities};
use crate::method::Card;
use crate::random::{Number, Numbers, Seed, Stream};

/// The units that one draw chooses from, in the order in which a method that walks a list meets them:
/// sorted by the declared columns, and always by id last.
#[derive(Debug, Clone, Copy)]
pub struct Pool<'a> {
    label: &'a str,
    ids: &'a [String],
    probabilities: &'a Probabilities,
    places: Option<&'a [Vec<f64>]>,
    balance: Option<&'a [Vec<f64>]>,
}

impl<'a> Pool<'a> {
    /// Units with these ids and chances; `label` names the stratum.
    ///
    /// # Panics
    ///
    /// If there is not one chance per id: our own bug.
    #[must_use]
    pub fn new(label: &'a str, ids: &'a [String], probabilities: &'a Probabilities) -> Pool<'a> {
        assert_eq!(ids.len(), probabilities.len(), "a chance per unit");
        Pool {
            label,
            ids,
            probabilities,
            places: None,
            balance: None,
        }
    }

    /// Units without ids, for a method that does not ask for them: a long list's need not be at hand.
    #[must_use]
    pub(crate) fn unnamed(label: &'a str, probabilities: &'a Probabilities) -> Pool<'a> {
        Pool {
            label,
            ids: &[],
            probabilities,
            places: None,
            balance: None,
        }
    }

    /// With a place for each unit, in as many dimensions as one likes: one vector per unit.
    #[must_use]
    pub fn with_places(self, places: &'a [Vec<f64>]) -> Pool<'a> {
        assert_eq!(places.len(), self.len(), "a place per unit");
        Pool {
            places: Some(places),
            ..self
        }
    }

    /// With known amounts to balance on: one vector per amount, an entry per unit.
    #[must_use]
    pub fn with_balance(self, balance: &'a [Vec<f64>]) -> Pool<'a> {
        assert!(
            balance.iter().all(|x| x.len() == self.len()),
            "an amount per unit"
        );
        Pool {
            balance: Some(balance),
            ..self
        }
    }

    /// How many units there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.probabilities.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.probabilities.is_empty()
    }

    /// The stratum's name.
    #[must_use]
    pub fn label(&self) -> &'a str {
        self.label
    }

    /// The units' ids.
    #[must_use]
    pub fn ids(&self) -> &'a [String] {
        self.ids
    }

    /// The units' chances.
    #[must_use]
    pub fn probabilities(&self) -> &'a Probabilities {
        self.probabilities
    }

    /// The units' places.
    ///
    /// # Errors
    ///
    /// [`Error::NoPlaces`] if none were given.
    pub fn places(&self, card: &Card) -> Result<&'a [Vec<f64>], Error> {
        self.places.ok_or(Error::NoPlaces { method: card.key })
    }

    /// The amounts to balance on.
    ///
    /// # Errors
    ///
    /// [`Error::NoBalance`] if none were given.
    pub fn balance(&self, card: &Card) -> Result<&'a [Vec<f64>], Error> {
        self.balance.ok_or(Error::NoBalance { method: card.key })
    }

    /// The permanent numbers of the units.
    #[must_use]
    pub fn numbers(&self, seed: &Seed) -> Vec<Number> {
        Numbers::new(seed).of_all(self.ids.iter().map(|id| &**id))
    }

    /// A stream of chance for this stratum and method, and for nothing else. It is named, so that no
    /// stratum's draw depends on which others there are.
    #[must_use]
    pub fn stream(&self, card: &Card, seed: &Seed) -> Stream {
        seed.stream(&format!("draw/{}/{}", card.key, self.label))
    }
}
