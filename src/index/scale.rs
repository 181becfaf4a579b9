//! Where an item's answers begin and end.

use super::Error;

/// The ends of an answer scale: 1 and 10. The lower is below the higher, and both are finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// A scale from `low` to `high`.
    ///
    /// # Errors
    ///
    /// [`Error::NoScale`] if the ends are equal, the wrong way round, or not finite.
    pub fn new(low: f64, high: f64) -> Result<Scale, Error> {
        let fits = low.is_finite() && high.is_finite() && low < high;
        if fits {
            Ok(Scale { low, high })
        } else {
            Err(Error::NoScale { low, high })
        }
    }

    /// a, the worst answer.
    #[must_use]
    pub fn low(self) -> f64 {
        self.low
    }

    /// b, the best answer.
    #[must_use]
    pub fn high(self) -> f64 {
        self.high
    }

    /// b − a.
    #[must_use]
    pub fn width(self) -> f64 {
        self.high - self.low
    }

    /// Whether `answer` lies on the scale.
    #[must_use]
    pub fn holds(self, answer: f64) -> bool {
        (self.low..=self.high).contains(&answer)
    }

    /// `answer` on 0–100.
    ///
    /// # Formula
    ///
    /// ```text
    /// y = 100 · (x − a) / (b − a)
    /// ```
    ///
    /// # Source
    ///
    /// Fornell et al. (1996).
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::index::Scale;
    /// let scale = Scale::new(1.0, 10.0)?;
    /// assert_eq!(scale.percent(5.5), 50.0);
    /// # Ok::<(), canvass::index::Error>(())
    /// ```
    #[must_use]
    pub fn percent(self, answer: f64) -> f64 {
        100.0 * (answer - self.low) / self.width()
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Scale};

    #[test]
    fn the_ends_are_0_and_100() {
        let scale = Scale::new(1.0, 10.0).expect("a scale");
        assert_eq!(scale.percent(1.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(scale.percent(10.0).to_bits(), 100.0_f64.to_bits());
    }

    #[test]
    fn answers_beyond_the_ends_are_not_on_the_scale() {
        let scale = Scale::new(1.0, 10.0).expect("a scale");
        assert!(scale.holds(1.0) && scale.holds(10.0));
        assert!(!scale.holds(0.0) && !scale.holds(11.0) && !scale.holds(f64::NAN));
    }

    #[test]
    fn a_scale_must_rise() {
        assert_eq!(
            Scale::new(10.0, 1.0),
            Err(Error::NoScale {
                low: 10.0,
                high: 1.0
            })
        );
        assert!(Scale::new(1.0, 1.0).is_err());
        assert!(Scale::new(1.0, f64::INFINITY).is_err());
    }
}
