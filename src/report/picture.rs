//! Pictures, as the data they show.

use serde::{Deserialize, Serialize};

/// A picture of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name in files: lower-case words joined by hyphens.
    pub name: String,
    /// What it shows.
    pub caption: String,
    /// What it is made of.
    pub kind: Kind,
}

/// The kinds of pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A dot and an interval per row, before bands that have names.
    Intervals {
        /// The rows, from the top; rows of one group follow each other.
        rows: Vec<Dot>,
        /// The bands, from the lowest up. The last ends at `end`.
        bands: Vec<Band>,
        /// The upper end of the last band.
        end: f64,
    },
    /// A bar per row, divided into parts; every bar is as long as another.
    Parts {
        /// What the parts are, from the left.
        parts: Vec<String>,
        /// The rows, from the top.
        bars: Vec<Bar>,
    },
    /// A line from the smallest to the largest per row, a box around the middle half, on an axis on which
    /// twice as much is equally far everywhere.
    Ranges {
        /// The rows, from the top.
        rows: Vec<Range>,
    },
    /// An open dot where something was and a full one where it is, per row, beside a line at 0.
    Shifts {
        /// The rows, from the top; rows of one group follow each other.
        rows: Vec<Shift>,
    },
}

/// How values spread, all of them above 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The row.
    pub label: String,
    /// The smallest, that of a quarter, half, three quarters, and the largest.
    pub marks: [f64; 5],
}

/// Where something was and where it is, as parts of what it should be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    /// The group that the row stands in.
    pub group: String,
    /// The row.
    pub label: String,
    /// Before.
    pub before: f64,
    /// After.
    pub after: f64,
}

/// A value and its interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dot {
    /// The group that the row stands in: the service.
    pub group: String,
    /// The row: the firm.
    pub label: String,
    /// The value.
    pub value: f64,
    /// Its interval, if it is known.
    pub interval: Option<(f64, f64)>,
    /// The value as printed beside the dot.
    pub printed: String,
}

/// A part of the axis with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Where it begins.
    pub from: f64,
    /// Its name.
    pub label: String,
}

/// A bar: a count per part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// The row.
    pub label: String,
    /// One count per part.
    pub counts: Vec<u64>,
}
