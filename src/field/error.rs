//! Why a field could not be prepared.

use jiff::civil::Date;

use crate::advice::Advise;

/// Why a field could not be prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A case key is not 64 hex digits.
    #[error(
        "a case key has 64 hex digits, and this one has {found} characters or others than those"
    )]
    KeyText {
        /// How many characters it has.
        found: usize,
    },
    /// Hours that are not two times of day.
    #[error("'{text}' is not a span of hours")]
    HoursText {
        /// What was written.
        text: String,
    },
    /// Hours that end before they begin, or overlap the ones before.
    #[error("hours {hours} are empty, or begin before the ones before them end")]
    HoursOrder {
        /// The hours.
        hours: String,
    },
    /// A calendar says two things of one day.
    #[error("calendar '{calendar}' has {date} as '{first}' and as '{second}'")]
    DayTwice {
        /// The calendar.
        calendar: String,
        /// The day.
        date: Date,
        /// Its name at the first place.
        first: String,
        /// Its name at the second.
        second: String,
    },
    /// Fieldwork that ends before it begins.
    #[error("fieldwork begins on {start} and ends on {end}")]
    Period {
        /// First day.
        start: Date,
        /// Last day.
        end: Date,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        let hint = match self {
            Error::KeyText { .. } => {
                "give the key file that was made with the call lists; without it no case can be traced back"
            }
            Error::HoursText { .. } => "write hours as \"09:00-12:00\"",
            Error::HoursOrder { .. } => "give the hours of a day in order, without overlap",
            Error::DayTwice { .. } => "keep one of the two entries",
            Error::Period { .. } => "set [field] end to a day on or after start",
        };
        Some(hint.into())
    }
}
