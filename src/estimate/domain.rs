//! A part of the population. Rows are never dropped for it.

use std::sync::Arc;

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
    /// Its units, in order; none for everybody.
    members: Option<Arc<[u32]>>,
}

impl<'a> Domain<'a> {
    /// Everybody.
    #[must_use]
    pub fn all() -> Domain<'a> {
        Domain {
            label: "all".to_owned(),
            within: None,
            members: None,
        }
    }

    /// One domain per label of a column, in the order of the labels.
    #[must_use]
    pub fn each(column: &'a Codes) -> Vec<Domain<'a>> {
        let mut counts = vec![0; column.labels().len()];
        for &code in column.codes() {
            counts[code as usize] += 1;
        }
        let mut members: Vec<Vec<u32>> = counts.into_iter().map(Vec::with_capacity).collect();
        for (unit, &code) in column.codes().iter().enumerate() {
            members[code as usize].push(unit as u32);
        }
        let labels = column.labels().iter().zip(members).enumerate();
        labels
            .map(|(code, (label, members))| Domain {
                label: label.clone(),
                within: Some((column, code)),
                members: Some(members.into()),
            })
            .collect()
    }

    /// Its units, in order; none for everybody.
    pub(super) fn members(&self) -> Option<&[u32]> {
        self.members.as_deref()
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
