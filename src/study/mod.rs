//! The survey on disk: a folder, its files numbered by the steps that write them.
//!
//! ```text
//! survey.toml  case.key  journal.jsonl        what was decided · the secret of the case ids · what was done
//! 1-check.json  2-plan.json  3-commitment.json, if asked for  3-sample.parquet  3-draw.json  4-calls/
//! 5-returns/  5-outcomes.parquet  5-field.json  5-follow-up.parquet and 4-follow-up/, if asked for
//! 6-weights.parquet  6-weights.json
//! 7-estimates.json  8-indices.json  9-report.html  9-report.xlsx  9-notice.csv
//! ```
//!
//! Each step reads files, calls its room, and writes files; the journal notes the SHA-256 of each.
//! A step refuses what was made from something that has changed since. The same inputs make the
//! same bytes, so [`Study::verify`] can make everything anew and compare.

mod folder;

mod journal;

mod study;

mod templates;

mod check;

mod plan;

mod round;

mod commit;

mod draw;

mod told;

mod calls;

mod passed_over;

mod drawn;

mod staged;

mod wave;

mod rest;

mod sample;

mod unit;

mod redraw;

mod why;

mod field;

mod ingest;

mod follow;

mod in_use;

mod known;

mod totals;

mod steps;

mod weigh;

mod estimate;

mod figures;

mod compared;

mod changes;

mod regressions;

mod export;

mod scripted;

mod tables;

mod index;

mod report;

mod run;

mod rehearse;

mod sign;

mod error;

pub use calls::DrawnCalls;
pub use changes::Changed;
pub use check::{Checked, GoesBy, SizedStratum};
pub use commit::{Commitment, Committed, Kept, SeedPromise};
pub use drawn::{Drawn, DrawnBy, DrawnStage, DrawnStratum, StageStratum, Threshold, Transformed};
pub use error::{CommitmentError, Error, FollowUpError, SignatureError, WaveError};
pub use estimate::Estimated;
pub use export::{Exportable, Exported, ExportedStages};
pub use field::{ListFile, Listed, Released};
pub use folder::{OPTIONAL, STEPS, Step};
pub use follow::{Followed, FollowedStratum, SILENT, silent_by};
pub use index::Indexed;
pub use ingest::FieldResult;
pub use journal::{Entry, Journal};
pub(crate) use redraw::labels_of;
pub use regressions::Regressed;
pub use rehearse::{Rehearsed, rehearse};
pub use report::Told;
pub use rest::Rested;
pub use run::Ran;
pub use sign::{KeysMade, Signed, SignedFile, make_keys, sign, verify_signed};
pub use staged::{CheckedStage, UnitStage};
pub use study::{Artefact, Done, Origin, Study};
pub use tables::Crossed;
pub use templates::{NewSeed, TEMPLATES, Template};
pub(crate) use told::reach;
pub(crate) use unit::Judged;
pub use unit::{TurnedNumber, UnitIn, UnitPlace, UnitShown, show_unit};
pub use wave::{Coordination, Shared};
pub use weigh::{Note, Weighed};
pub use why::{Why, WhyStep};
