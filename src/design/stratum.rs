//! A part of the list that is drawn from on its own.

use super::Error;

/// A stratum as a plan sees it: how many units, how varied, how costly.
///
/// ```
/// use canvass::design::Stratum;
/// let coast = Stratum::new("coast", 1_000).with_spread(40.0)?;
/// assert_eq!(coast.population(), 1_000);
/// assert_eq!(coast.spread(), Some(40.0));
/// # Ok::<(), canvass::design::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Stratum {
    label: String,
    population: u64,
    spread: Option<f64>,
    cost: f64,
}

impl Stratum {
    /// A stratum of so many units, whose spread is unknown and whose interviews cost 1 each. It may
    /// be empty: then nobody is drawn from it.
    #[must_use]
    pub fn new(label: impl Into<String>, population: u64) -> Stratum {
        Stratum {
            label: label.into(),
            population,
            spread: None,
            cost: 1.0,
        }
    }

    /// The same with a spread S_h, in points of the answer.
    ///
    /// # Errors
    ///
    /// [`Error::Spread`] if it is negative or not finite.
    pub fn with_spread(self, spread: f64) -> Result<Stratum, Error> {
        if !(spread >= 0.0 && spread.is_finite()) {
            return Err(Error::Spread {
                of: self.label,
                spread,
            });
        }
        Ok(Stratum {
            spread: Some(spread),
            ..self
        })
    }

    /// The same with a cost c_h per interview, in any unit that all strata share.
    ///
    /// # Errors
    ///
    /// [`Error::Cost`] if it is not above 0 or not finite.
    pub fn with_cost(self, cost: f64) -> Result<Stratum, Error> {
        if !(cost > 0.0 && cost.is_finite()) {
            return Err(Error::Cost {
                stratum: self.label,
                cost,
            });
        }
        Ok(Stratum { cost, ..self })
    }

    /// Its name.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// N_h.
    #[must_use]
    pub fn population(&self) -> u64 {
        self.population
    }

    /// S_h, if it is known.
    #[must_use]
    pub fn spread(&self) -> Option<f64> {
        self.spread
    }

    /// c_h.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.cost
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Stratum};

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let stratum = || Stratum::new("coast", 10);
        assert!(matches!(
            stratum().with_spread(-1.0),
            Err(Error::Spread { .. })
        ));
        assert!(matches!(
            stratum().with_spread(f64::NAN),
            Err(Error::Spread { .. })
        ));
        assert!(matches!(stratum().with_cost(0.0), Err(Error::Cost { .. })));
        let said = stratum()
            .with_spread(-1.0)
            .expect_err("negative")
            .to_string();
        assert!(said.contains("'coast' is -1"), "{said}");
    }
}
