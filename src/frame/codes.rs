//! A categorical column as sorted labels and small integers.

/// A column of labels: each label once, sorted, and one small integer per row.
///
/// Labels are sorted, so codes do not depend on the order of rows.
///
/// ```
/// use canvass::frame::Codes;
/// let codes = Codes::from_labels(["south", "north", "south"]);
/// assert_eq!(codes.labels(), ["north", "south"]);
/// assert_eq!(codes.codes(), [1, 0, 1]);
/// assert_eq!(codes.label(0), "south");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codes {
    labels: Vec<String>,
    codes: Vec<u32>,
}

impl Codes {
    /// Codes a column of labels.
    #[must_use]
    pub fn from_labels<T: AsRef<str>>(column: impl IntoIterator<Item = T>) -> Codes {
        #[expect(
            clippy::disallowed_types,
            reason = "looked up for every row and never iterated"
        )]
        let mut places: std::collections::HashMap<String, u32, foldhash::fast::FixedState> =
            Default::default();
        let mut labels: Vec<String> = Vec::new();
        let mut codes = Vec::new();
        for label in column {
            let label = label.as_ref();
            let place = places.get(label).copied().unwrap_or_else(|| {
                let place = labels.len() as u32;
                places.insert(label.to_owned(), place);
                labels.push(label.to_owned());
                place
            });
            codes.push(place);
        }
        let mut order: Vec<u32> = (0..labels.len() as u32).collect();
        order.sort_unstable_by_key(|&place| &labels[place as usize]);
        let mut sorted = vec![0; order.len()];
        for (rank, &place) in order.iter().enumerate() {
            sorted[place as usize] = rank as u32;
        }
        codes
            .iter_mut()
            .for_each(|code| *code = sorted[*code as usize]);
        labels.sort_unstable();
        Codes { labels, codes }
    }

    /// Joins known labels and codes.
    ///
    /// # Panics
    ///
    /// If labels are not sorted and unique, or a code has no label: our own bug.
    #[must_use]
    pub fn new(labels: Vec<String>, codes: Vec<u32>) -> Codes {
        assert!(
            labels.is_sorted_by(|a, b| a < b),
            "labels must be sorted and unique"
        );
        assert!(
            codes.iter().all(|&c| (c as usize) < labels.len()),
            "every code needs a label"
        );
        Codes { labels, codes }
    }

    /// The labels, sorted; some may have no rows.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// One code per row.
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The code in `row`.
    #[must_use]
    pub fn code(&self, row: usize) -> usize {
        self.codes[row] as usize
    }

    /// The label in `row`.
    #[must_use]
    pub fn label(&self, row: usize) -> &str {
        &self.labels[self.code(row)]
    }

    /// The code of `label`, if it is known.
    #[must_use]
    pub fn find(&self, label: &str) -> Option<usize> {
        self.labels
            .binary_search_by(|known| known.as_str().cmp(label))
            .ok()
    }

    /// The combination of several columns as one: labels joined by [`join`].
    ///
    /// # Panics
    ///
    /// If the columns differ in length, or there are none: our own bug.
    #[must_use]
    pub fn crossed(columns: &[&Codes]) -> Codes {
        let rows = columns.first().expect("at least one column to cross").len();
        assert!(
            columns.iter().all(|c| c.len() == rows),
            "columns to cross differ in length"
        );
        Codes::from_labels((0..rows).map(|row| {
            let parts: Vec<&str> = columns.iter().map(|c| c.label(row)).collect();
            join(&parts)
        }))
    }
}

/// Labels of several columns as one: "mobile / telecom / 渝中区".
#[must_use]
pub fn join<T: AsRef<str>>(parts: &[T]) -> String {
    parts
        .iter()
        .map(AsRef::as_ref)
        .collect::<Vec<_>>()
        .join(" / ")
}

/// The label of a stratum that these labels make up; "all" where the list is one stratum.
///
/// ```
/// use canvass::frame::stratum_label;
/// assert_eq!(stratum_label(&["mobile", "telecom"]), "mobile / telecom");
/// assert_eq!(stratum_label::<&str>(&[]), "all");
/// ```
#[must_use]
pub fn stratum_label<T: AsRef<str>>(labels: &[T]) -> String {
    match labels.is_empty() {
        true => "all".to_owned(),
        false => join(labels),
    }
}

#[cfg(test)]
mod tests {
    use super::Codes;

    #[test]
    fn shuffled_rows_have_the_same_labels() {
        let here = Codes::from_labels(["c", "a", "b", "a"]);
        let there = Codes::from_labels(["a", "a", "b", "c"]);
        assert_eq!(here.labels(), there.labels());
        assert_eq!(here.codes(), [2, 0, 1, 0]);
    }

    #[test]
    fn an_empty_column_has_no_labels() {
        assert!(Codes::from_labels(Vec::<String>::new()).labels().is_empty());
    }

    #[test]
    fn crossing_joins_labels_row_by_row() {
        let a = Codes::from_labels(["x", "y"]);
        let b = Codes::from_labels(["2", "1"]);
        assert_eq!(Codes::crossed(&[&a, &b]).label(0), "x / 2");
    }
}
