//! A part of the population. Rows are never dropped for it.

use crate::frame::Codes;

/// A part of the population, as a mask over the drawn units.
///
/// ```
/// use canvass::{estimate::Domain, frame::Codes};
/// let side = Codes::from_labels(["north", "south", "north"]);
/// let sides = Domain::each(&side);
/// assert_eq!(sides[0].label(), "north");
/// assert!(sides[0].holds(2) && !sides[0].holds(1));
/// assert!(Domain::all().holds(1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain<'a> {
    label: String,
    within: Option<(&'a Codes, usize)>,
}

impl<'a> Domain<'a> {
    /// Everybody.
    #[must_use]
    pub fn all() -> Domain<'a> {
        Domain {
            label: "all".to_owned(),
            within: None,
        }
    }

    /// One domain per label of a column, in the order of the labels.
    #[must_use]
    pub fn each(column: &'a Codes) -> Vec<Domain<'a>> {
        let labels = column.labels().iter().enumerate();
        labels
            .map(|(code, label)| Domain {
                label: label.clone(),
                within: Some((column, code)),
            })
            .collect()
    }

    /// What it is called.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Whether a drawn unit belongs to it.
    #[must_use]
    pub fn holds(&self, unit: usize) -> bool {
        self.within
            .is_none_or(|(column, code)| column.code(unit) == code)
    }
}
