//! Why there is no index.

use crate::advice::{Advise, list};

/// Answers of one item that lie outside its scale.
#[derive(Debug, Clone, PartialEq)]
pub struct OffScale {
    /// The item.
    pub item: String,
    /// How many answers lie outside.
    pub count: u64,
    /// The first of them.
    pub example: f64,
    /// The lower end of its scale.
    pub low: f64,
    /// The upper end of its scale.
    pub high: f64,
}

/// Why an index could not be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A scale's ends are the wrong way round, equal, or not numbers.
    #[error("a scale needs a lower and a higher end, got {low} and {high}")]
    NoScale {
        /// The end given as the lower.
        low: f64,
        /// The end given as the higher.
        high: f64,
    },
    /// An index of nothing.
    #[error("the index has no items")]
    NoItems,
    /// The same item twice.
    #[error("item '{item}' stands in the index {count} times")]
    ItemTwice {
        /// The item.
        item: String,
        /// How often it stands there.
        count: usize,
    },
    /// As many weights as items are needed.
    #[error("the index has {items} items and {weights} weights")]
    WeightsDiffer {
        /// Items of the index.
        items: usize,
        /// Weights given.
        weights: usize,
    },
    /// A weight below zero, or not a number.
    #[error("item '{item}' has weight {weight}, and a weight is 0 or more")]
    BadWeight {
        /// The item.
        item: String,
        /// Its weight.
        weight: f64,
    },
    /// No item has any weight.
    #[error("all {items} items of the index have weight 0")]
    NoWeight {
        /// Items of the index.
        items: usize,
    },
    /// The answers have no such items.
    #[error("the answers have no item {}", list(missing))]
    NoAnswers {
        /// Items that are not there.
        missing: Vec<String>,
        /// Items that are.
        there: Vec<String>,
    },
    /// Answers that the scale does not have.
    #[error("answers outside their scale: {}", off_scale(items))]
    OutOfScale {
        /// One entry per item.
        items: Vec<OffScale>,
    },
    /// A figure that cannot be an index.
    #[error("{firm}, {service}: {value} is not an index between 0 and 100")]
    NotAnIndex {
        /// The firm.
        firm: String,
        /// The service.
        service: String,
        /// The figure.
        value: f64,
    },
    /// Two figures for one firm and service.
    #[error("{firm}, {service}: there are {count} figures for one place in the table")]
    CellTwice {
        /// The firm.
        firm: String,
        /// The service.
        service: String,
        /// How many there are.
        count: usize,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::NoScale { .. } => "give `low` and `high` under [index], as low = 1, high = 10".into(),
            Error::NoItems => "name at least one item: `items = [\"overall\"]` under [index]".into(),
            Error::ItemTwice { item, .. } => {
                format!("name '{item}' once, and give it a larger weight if it should count for more")
            }
            Error::WeightsDiffer { items, .. } => {
                format!("give {items} weights, or leave `weights` out: then all items count alike")
            }
            Error::BadWeight { .. } => {
                "turn an item that points the other way round, then give it a positive weight".into()
            }
            Error::NoWeight { .. } => "give at least one item a positive weight".into(),
            Error::NoAnswers { there, .. } if there.is_empty() => {
                "ingest answers first: `canvass ingest`".into()
            }
            Error::NoAnswers { there, .. } => format!("name items that were asked: {}", list(there)),
            Error::OutOfScale { .. } => {
                "correct the answers, leave codes such as 99 for \"don't know\" empty, or change `low` and `high` under [index]".into()
            }
            Error::NotAnIndex { .. } => "estimate the mean of the index's own scores".into(),
            Error::CellTwice { .. } => {
                "estimate the index by the firm's and the service's columns alone".into()
            }
        })
    }
}

/// "'overall' has 2 answers outside 1–10, such as 99".
fn off_scale(items: &[OffScale]) -> String {
    let said: Vec<String> = items
        .iter()
        .map(
            |OffScale {
                 item,
                 count,
                 example,
                 low,
                 high,
             }| {
                format!("'{item}' has {count} outside {low}–{high}, such as {example}")
            },
        )
        .collect();
    said.join("; ")
}

#[cfg(test)]
mod tests {
    use super::{Error, OffScale};
    use crate::advice::Advise;

    #[test]
    fn answers_off_the_scale_are_named_with_both_ends_and_an_example() {
        let off = OffScale {
            item: "ideal".into(),
            count: 3,
            example: 99.0,
            low: 1.0,
            high: 10.0,
        };
        let error = Error::OutOfScale { items: vec![off] };
        assert_eq!(
            error.to_string(),
            "answers outside their scale: 'ideal' has 3 outside 1–10, such as 99"
        );
        assert!(error.hint().is_some_and(|hint| hint.contains("don't know")));
    }

    #[test]
    fn without_any_answers_the_remedy_is_to_ingest_them() {
        let error = Error::NoAnswers {
            missing: vec!["overall".into()],
            there: vec![],
        };
        assert_eq!(
            error.hint().as_deref(),
            Some("ingest answers first: `canvass ingest`")
        );
    }
}
