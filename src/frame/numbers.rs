//! A column of numbers, some of which may be missing.

/// A column of numbers: one per row, or nothing. Where no row lacks a number, nothing is kept beside
/// them: of millions of rows that is half of what `Option` takes.
///
/// ```
/// use canvass::frame::Numbers;
/// let some: Numbers = [Some(1.5), None].into_iter().collect();
/// assert_eq!((some.get(0), some.get(1), some.missing()), (Some(1.5), None, 1));
/// assert_eq!(Numbers::from(vec![1.5, 2.0]).all(), Some([1.5, 2.0].as_slice()));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Numbers {
    /// 0 where nothing is known.
    values: Vec<f64>,
    /// One bit per row, set where nothing is known; as long as need be.
    blank: Vec<u64>,
}

impl Numbers {
    /// No rows yet, and room for so many.
    #[must_use]
    pub fn with_room(rows: usize) -> Numbers {
        Numbers::from(Vec::with_capacity(rows))
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The number in `row`, if there is one.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<f64> {
        (!self.is_blank(row)).then_some(self.values[row])
    }

    /// How many rows have none.
    #[must_use]
    pub fn missing(&self) -> u64 {
        let bits = self.blank.iter().map(|bits| u64::from(bits.count_ones()));
        bits.sum()
    }

    /// The numbers, if every row has one.
    #[must_use]
    pub fn all(&self) -> Option<&[f64]> {
        self.blank.is_empty().then_some(&self.values)
    }

    /// The numbers as a column of their own, if every row has one.
    ///
    /// # Errors
    ///
    /// The column as it was.
    pub fn into_all(self) -> Result<Vec<f64>, Numbers> {
        if self.blank.is_empty() {
            Ok(self.values)
        } else {
            Err(self)
        }
    }

    /// Row by row.
    pub fn iter(&self) -> impl Iterator<Item = Option<f64>> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The same rows in another order.
    #[must_use]
    pub fn placed(&self, order: &[u32]) -> Numbers {
        match self.all() {
            Some(values) => Numbers::from(
                order
                    .iter()
                    .map(|&row| values[row as usize])
                    .collect::<Vec<f64>>(),
            ),
            None => order.iter().map(|&row| self.get(row as usize)).collect(),
        }
    }

    /// The same rows; nothing where a number does not pass.
    #[must_use]
    pub fn passing(mut self, passes: impl Fn(f64) -> bool) -> Numbers {
        for row in 0..self.len() {
            if !self.is_blank(row) && !passes(self.values[row]) {
                self.forget(row);
            }
        }
        self
    }

    /// Adds rows that all have a number.
    pub fn extend_all(&mut self, values: &[f64]) {
        self.values.extend_from_slice(values);
    }

    fn is_blank(&self, row: usize) -> bool {
        let bits = self.blank.get(row / 64);
        bits.is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }

    fn forget(&mut self, row: usize) {
        let place = row / 64;
        if place >= self.blank.len() {
            self.blank.resize(place + 1, 0);
        }
        self.blank[place] |= 1 << (row % 64);
        self.values[row] = 0.0;
    }
}

impl From<Vec<f64>> for Numbers {
    /// Every row has a number.
    fn from(values: Vec<f64>) -> Numbers {
        let blank = Vec::new();
        Numbers { values, blank }
    }
}

impl Extend<Option<f64>> for Numbers {
    fn extend<I: IntoIterator<Item = Option<f64>>>(&mut self, values: I) {
        let values = values.into_iter();
        self.values.reserve(values.size_hint().0);
        for value in values {
            self.values.push(value.unwrap_or_default());
            if value.is_none() {
                self.forget(self.values.len() - 1);
            }
        }
    }
}

impl FromIterator<Option<f64>> for Numbers {
    fn from_iter<I: IntoIterator<Item = Option<f64>>>(values: I) -> Numbers {
        let mut numbers = Numbers::default();
        numbers.extend(values);
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;

    #[test]
    fn what_is_missing_stays_missing_wherever_it_goes() {
        let cells: Vec<Option<f64>> = (0..200_u32)
            .map(|row| (row % 70 != 3).then(|| f64::from(row)))
            .collect();
        let numbers: Numbers = cells.iter().copied().collect();
        assert_eq!(numbers.iter().collect::<Vec<_>>(), cells);
        assert_eq!((numbers.missing(), numbers.all()), (3, None));

        let back: Vec<u32> = (0..200).rev().collect();
        let turned = numbers.placed(&back);
        assert!(turned.iter().eq(cells.iter().rev().copied()));
        assert_eq!(turned.placed(&back), numbers);

        let large = numbers.passing(|y| y >= 100.0);
        assert_eq!(large.missing(), 101);
        assert_eq!((large.get(99), large.get(100)), (None, Some(100.0)));
    }

    #[test]
    fn numbers_without_a_gap_are_numbers_alone() {
        let mut numbers = Numbers::from(vec![1.0]);
        numbers.extend([Some(2.0)]);
        numbers.extend_all(&[3.0]);
        assert_eq!(numbers.missing(), 0);
        assert_eq!(numbers.into_all(), Ok(vec![1.0, 2.0, 3.0]));
    }
}
