//! How every drawn number ended and what was answered, aligned to the sample.

use serde::{Deserialize, Serialize};

/// The nine final classes that every number of the pool falls into.
///
/// # Source
///
/// AAPOR (2016), Standard Definitions, 9th edition; `NotReleased` is ours and outside every rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// I: complete interview.
    #[serde(rename = "I")]
    Interview,
    /// P: partial interview.
    #[serde(rename = "P")]
    Partial,
    /// R: refusal or break-off.
    #[serde(rename = "R")]
    Refusal,
    /// NC: eligible, never reached.
    #[serde(rename = "NC")]
    NonContact,
    /// O: eligible, no interview for another reason.
    #[serde(rename = "O")]
    Other,
    /// UH: unknown whether the number is in scope.
    #[serde(rename = "UH")]
    UnknownNumber,
    /// UO: someone answered, unknown whether there is an eligible person.
    #[serde(rename = "UO")]
    UnknownPerson,
    /// NE: not eligible.
    #[serde(rename = "NE")]
    NotEligible,
    /// ND: drawn, but its replicate was never released, or no call is about it.
    #[serde(rename = "ND")]
    NotReleased,
}

impl Class {
    /// All classes, in the order in which tables show them.
    pub const ALL: [Class; 9] = [
        Class::Interview,
        Class::Partial,
        Class::Refusal,
        Class::NonContact,
        Class::Other,
        Class::UnknownNumber,
        Class::UnknownPerson,
        Class::NotEligible,
        Class::NotReleased,
    ];

    /// The letters AAPOR uses.
    #[must_use]
    pub fn letters(self) -> &'static str {
        match self {
            Class::Interview => "I",
            Class::Partial => "P",
            Class::Refusal => "R",
            Class::NonContact => "NC",
            Class::Other => "O",
            Class::UnknownNumber => "UH",
            Class::UnknownPerson => "UO",
            Class::NotEligible => "NE",
            Class::NotReleased => "ND",
        }
    }

    /// The class with these letters.
    #[must_use]
    pub fn from_letters(letters: &str) -> Option<Class> {
        Class::ALL
            .into_iter()
            .find(|class| class.letters() == letters)
    }

    /// Whether the unit is known to belong to the population asked about.
    #[must_use]
    pub fn is_eligible(self) -> bool {
        matches!(
            self,
            Class::Interview | Class::Partial | Class::Refusal | Class::NonContact | Class::Other
        )
    }

    /// Whether it is unknown if the unit belongs to the population.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        matches!(self, Class::UnknownNumber | Class::UnknownPerson)
    }

    /// Whether the unit's answers are used: complete interviews only.
    #[must_use]
    pub fn responds(self) -> bool {
        self == Class::Interview
    }
}

/// One answered item: a value per drawn unit, or nothing where nothing was said.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The item's name, a column of answers.csv.
    pub name: String,
    /// One per drawn unit.
    pub values: Vec<Option<f64>>,
}

/// What became of every drawn unit. All vectors have the sample's length and order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcomes {
    /// The final class.
    pub class: Vec<Class>,
    /// The final AAPOR code, as "2.111"; none if its replicate was never released.
    pub code: Vec<Option<String>>,
    /// How many times it was called.
    pub attempts: Vec<u32>,
    /// Numeric answers. Present only for interviews and partials.
    pub items: Vec<Item>,
}

impl Outcomes {
    /// The item with this name.
    #[must_use]
    pub fn item(&self, name: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.name == name)
    }

    /// How many units ended in each class, in the order of [`Class::ALL`].
    #[must_use]
    pub fn tally(&self) -> [u64; 9] {
        let mut tally = [0; 9];
        for &class in &self.class {
            tally[class as usize] += 1;
        }
        tally
    }
}
