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

/// Parts of a column that are summed beside each other.
const PARTS: usize = 4;

/// Sums of which none waits for another, and which a processor can make two or four at a time.
///
/// # Formula
///
/// ```text
/// t = s + x;  b = t − s;  c += (s − (t − b)) + (x − b);  s = t
/// ```
///
/// What rounding drops is found without asking which of the two is larger: the same as [`Sum`] finds.
///
/// # Source
///
/// Knuth (1997), §4.2.2, theorem B.
#[derive(Default)]
struct Parts {
    totals: [f64; PARTS],
    carried: [f64; PARTS],
}

impl Parts {
    fn add(&mut self, values: [f64; PARTS]) {
        for (part, x) in values.into_iter().enumerate() {
            let before = self.totals[part];
            let next = before + x;
            let added = next - before;
            self.carried[part] += (before - (next - added)) + (x - added);
            self.totals[part] = next;
        }
    }

    fn and(self, rest: impl Iterator<Item = f64>) -> f64 {
        sum(self.totals.into_iter().chain(self.carried).chain(rest))
    }
}

/// The sum of a column: [`sum`] in less than half of the time.
#[must_use]
pub fn column(values: &[f64]) -> f64 {
    let (whole, rest) = values.as_chunks::<PARTS>();
    let mut parts = Parts::default();
    whole.iter().for_each(|values| parts.add(*values));
    parts.and(rest.iter().copied())
}

/// The sum of the products of two columns, Σ a b.
///
/// # Panics
///
/// If they differ in length: our own bug.
#[must_use]
pub fn products(this: &[f64], other: &[f64]) -> f64 {
    assert_eq!(this.len(), other.len(), "columns of the same rows");
    let (here, left) = this.as_chunks::<PARTS>();
    let (there, right) = other.as_chunks::<PARTS>();
    let mut parts = Parts::default();
    for (a, b) in here.iter().zip(there) {
        parts.add(std::array::from_fn(|part| a[part] * b[part]));
    }
    parts.and(left.iter().zip(right).map(|(a, b)| a * b))
}

#[cfg(test)]
mod tests {
    use super::{column, products, sum};

    #[test]
    fn a_column_loses_no_more_than_one_number_after_another() {
        for rows in 0..23 {
            let values: Vec<f64> = (0..rows)
                .map(|row| [1.0, 1e100, 1.0, -1e100, 0.1][row % 5])
                .collect();
            let ones = vec![1.0; rows];
            let whole = sum(values.iter().copied());
            assert!((column(&values) - whole).abs() <= 1e-15 * whole.abs());
            assert_eq!(
                column(&values).to_bits(),
                products(&values, &ones).to_bits()
            );
        }
    }

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
