//! What a survey decided, and who said so.
//!
//! `survey.toml` is a statement of method that happens to be executable. It is read here from text
//! to checked plain values: what may be written is listed field by field, defaults stand in
//! `config/default.toml` with a sentence each, and a flag may override one value for one run.
//!
//! What is promised: a file is read whole or refused with everything that is wrong with it, each
//! with line and column ([`Problems`]); nothing is taken from a default that could change a figure
//! without being noticed (no seed, no spread, no margin, no yield); and every value in force can be
//! traced to its line ([`Settings::values`]).
//!
//! - **To add a setting**, add it to the wire, its meaning to the settings, its default and one
//!   sentence to `config/default.toml`.

mod settings;

mod weighing;

mod figures;

mod rules;

mod words;

mod calendars;

mod resolve;

mod wire;

mod steps;

mod shared;

mod staging;

mod variance;

mod compared;

mod change;

mod regression;

mod table;

mod sense;

mod section;

mod reader;

mod kinds;

mod render;

mod origin;

mod problems;

#[cfg(test)]
mod tests;

pub use calendars::{CalendarDay, CalendarFile, Hours};
pub(crate) use reader::nearest;

pub use change::ChangeSpec;
pub use compared::CompareSpec;
pub use figures::{FigureSpec, IndexSpec, ServiceName, ShareTest, Statistic};
pub use origin::Origin;
pub use problems::{Problem, Problems};
pub use regression::RegressionSpec;
pub use resolve::{DEFAULTS, Provenance};
pub use rules::{FunnelRule, FunnelValues, Incomplete, TargetRule, TargetValues};
pub use settings::{
    Allocation, Coordinate, Draw, Exclude, Field, Length, List, ListKind, Plan, Report, Rest,
    Round, Settings, Survey, Turning, Window,
};
pub use staging::{StageSpec, Stages};
pub use table::TableSpec;
pub use variance::Variances;
pub use weighing::{Cap, Distance, Together, Weigh, WeighStep};
pub use words::{CallEncoding, CallFormat, DayKind, ListEncoding, Standards};
