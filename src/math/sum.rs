//! Sums that do not lose small change.

/// A running sum that carries what rounding would drop.
///
/// # Formula
///
/// ```text
/// t = s + x;  c += |s| ≥ |x| ? (s − t) + x : (x − t) + s;  s = t;  the sum is s + c
/// ```
///
/// # Source
///
/// Neumaier (1974).
///
/// # Example
///
/// ```
/// use canvass::math::sum;
/// assert_eq!(sum([1.0, 1e100, 1.0, -1e100]), 2.0);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Sum {
    total: f64,
    carried: f64,
}

impl Sum {
    /// Adds `x`.
    pub fn add(&mut self, x: f64) {
        let next = self.total + x;
        self.carried += if self.total.abs() >= x.abs() {
            (self.total - next) + x
        } else {
            (x - next) + self.total
        };
        self.total = next;
    }

    /// The sum so far.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.total + self.carried
    }
}

impl FromIterator<f64> for Sum {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Sum {
        let mut sum = Sum::default();
        for x in values {
            sum.add(x);
        }
        sum
    }
}

/// The sum of `values`; 0 for none.
#[must_use]
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().collect::<Sum>().value()
}

#[cfg(test)]
mod tests {
    use super::sum;

    #[test]
    fn ten_tenths_are_one() {
        assert_eq!(
            sum(std::iter::repeat_n(0.1, 10)).to_bits(),
            1.0_f64.to_bits()
        );
    }

    #[test]
    fn nothing_adds_up_to_nothing() {
        assert_eq!(sum([]).to_bits(), 0.0_f64.to_bits());
    }
}
