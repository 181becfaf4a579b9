//! Which category each drawn unit belongs to, if it does to any.

use crate::field::Item;
use crate::frame::Codes;

/// A question whose answers are categories.
///
/// ```
/// use canvass::{estimate::Category, field::Item, frame::Codes};
/// let said = Item { name: "said".into(), values: vec![Some(10.0), None, Some(2.0)] };
/// let said = Category::answers(&said);
/// assert_eq!(said.labels(), ["2", "10"]);
/// assert_eq!((said.of(0), said.of(1)), (Some(1), None));
///
/// let side = Category::column("side", &Codes::from_labels(["south", "", "north"]));
/// assert_eq!(side.labels(), ["north", "south"]);
/// assert_eq!(side.of(1), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    name: String,
    labels: Vec<String>,
    of: Vec<Option<usize>>,
}

impl Category {
    /// The labels of a column, in their order. A blank one is no category.
    #[must_use]
    pub fn column(name: &str, codes: &Codes) -> Category {
        let blank: Vec<bool> = codes.labels().iter().map(|l| l.trim().is_empty()).collect();
        let place = |code: usize| code - blank[..code].iter().filter(|&&blank| blank).count();
        let labels = codes.labels().iter().zip(&blank);
        Category {
            name: name.to_owned(),
            labels: labels
                .filter(|(_, blank)| !**blank)
                .map(|(label, _)| label.clone())
                .collect(),
            of: (0..codes.len())
                .map(|row| codes.code(row))
                .map(|code| (!blank[code]).then(|| place(code)))
                .collect(),
        }
    }

    /// The different answers to an item, from small to large.
    #[must_use]
    pub fn answers(item: &Item) -> Category {
        let mut values: Vec<f64> = item.values.iter().copied().flatten().collect();
        values.sort_unstable_by(f64::total_cmp);
        values.dedup_by(|a, b| a.total_cmp(b).is_eq());
        let place = |value: f64| {
            values
                .binary_search_by(|known| known.total_cmp(&value))
                .ok()
        };
        Category {
            name: item.name.clone(),
            labels: values.iter().map(f64::to_string).collect(),
            of: item.values.iter().map(|value| place((*value)?)).collect(),
        }
    }

    /// What the question is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The categories, in order; some may have nobody.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The category of a drawn unit, if it has one.
    #[must_use]
    pub fn of(&self, unit: usize) -> Option<usize> {
        self.of[unit]
    }
}
