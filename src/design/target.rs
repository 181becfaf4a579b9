//! How precise a cell's figure must be.

use super::Error;

/// A wished precision, and what it takes to plan for it.
///
/// ```
/// use canvass::design::Target;
/// let target = Target::new(1.0, 20.0, 1.2)?;
/// assert_eq!(target.margin(), 1.0);
/// # Ok::<(), canvass::design::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    margin: f64,
    spread: f64,
    design_effect: f64,
}

impl Target {
    /// A half-width in points of the answer, for an answer with this spread and a sample with this
    /// design effect.
    ///
    /// # Errors
    ///
    /// [`Error::Margin`], [`Error::Spread`] or [`Error::DesignEffect`] if a value cannot be.
    pub fn new(margin: f64, spread: f64, design_effect: f64) -> Result<Target, Error> {
        let positive = |value: f64| value > 0.0 && value.is_finite();
        if !positive(margin) {
            return Err(Error::Margin { margin });
        }
        if !(spread >= 0.0 && spread.is_finite()) {
            return Err(Error::Spread {
                of: "the answer".to_owned(),
                spread,
            });
        }
        if !positive(design_effect) {
            return Err(Error::DesignEffect { design_effect });
        }
        Ok(Target {
            margin,
            spread,
            design_effect,
        })
    }

    /// e, the half-width of the interval, in points.
    #[must_use]
    pub fn margin(&self) -> f64 {
        self.margin
    }

    /// S, the spread of the answer, in points.
    #[must_use]
    pub fn spread(&self) -> f64 {
        self.spread
    }

    /// The variance of the design over that of a simple sample of the same size.
    #[must_use]
    pub fn design_effect(&self) -> f64 {
        self.design_effect
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Target};

    #[test]
    fn a_target_must_be_reachable_by_some_sample() {
        assert!(matches!(
            Target::new(0.0, 20.0, 1.0),
            Err(Error::Margin { .. })
        ));
        assert!(matches!(
            Target::new(1.0, f64::NAN, 1.0),
            Err(Error::Spread { .. })
        ));
        assert!(matches!(
            Target::new(1.0, 20.0, -1.0),
            Err(Error::DesignEffect { .. })
        ));
        assert!(Target::new(1.0, 0.0, 1.0).is_ok());
    }
}
