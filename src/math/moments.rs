//! Count, mean and spread in one pass, mergeable.

/// How many numbers were seen, their mean, and how they spread.
///
/// # Formula
///
/// ```text
/// n = n₁ + n₂     δ = m₂ − m₁     m = m₁ + δ n₂/n     M = M₁ + M₂ + δ² n₁n₂/n     S² = M/(n − 1)
/// ```
///
/// # Source
///
/// Chan, Golub, LeVeque (1983).
///
/// # Example
///
/// ```
/// use canvass::math::Moments;
/// let moments: Moments = [2.0, 4.0, 6.0, 8.0].into_iter().collect();
/// assert_eq!(moments.mean(), Some(5.0));
/// assert_eq!(moments.variance(), Some(20.0 / 3.0));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Takes one more number into account.
    pub fn add(&mut self, x: f64) {
        self.count += 1;
        let off = x - self.mean;
        self.mean += off / self.count as f64;
        self.squares += off * (x - self.mean);
    }

    /// Joins two tallies; an empty one changes nothing.
    #[must_use]
    pub fn merge(self, other: Moments) -> Moments {
        if self.count == 0 {
            return other;
        }
        if other.count == 0 {
            return self;
        }
        let count = self.count + other.count;
        let (n1, n2, n) = (self.count as f64, other.count as f64, count as f64);
        let off = other.mean - self.mean;
        Moments {
            count,
            mean: self.mean + off * n2 / n,
            squares: self.squares + other.squares + off * off * n1 * n2 / n,
        }
    }

    /// How many numbers were seen.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean, if there are any.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Their variance with divisor n − 1, if there are two or more.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// Their standard deviation, if there are two or more.
    #[must_use]
    pub fn spread(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Moments {
        let mut moments = Moments::default();
        for x in values {
            moments.add(x);
        }
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::Moments;

    #[test]
    fn merging_an_empty_tally_changes_nothing() {
        let some: Moments = [1.0, 2.0, 4.0].into_iter().collect();
        assert_eq!(some.merge(Moments::default()), some);
        assert_eq!(Moments::default().merge(some), some);
    }

    #[test]
    fn two_halves_make_the_whole() {
        let whole: Moments = (0..10).map(f64::from).collect();
        let low: Moments = (0..4).map(f64::from).collect();
        let high: Moments = (4..10).map(f64::from).collect();
        let joined = low.merge(high);
        assert_eq!(joined.count(), 10);
        assert!((joined.mean().expect("ten numbers") - 4.5).abs() < 1e-12);
        let (a, b) = (
            joined.variance().expect("ten"),
            whole.variance().expect("ten"),
        );
        assert!((a - b).abs() < 1e-12);
    }

    #[test]
    fn one_number_has_no_spread_rather_than_none_at_all() {
        let one: Moments = [3.0].into_iter().collect();
        assert_eq!(one.variance(), None);
    }
}
