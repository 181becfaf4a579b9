//! From what was written to what is meant, or why not.
//!
//! Each file takes one part of the [`wire`](super::wire) and gives the plain values, or takes down
//! what does not fit together. Every check is made before any is given up on, so that all
//! problems are found at once.

mod whole;

mod columns;

mod list;

mod plan;

mod draw;

mod waves;

mod shared;

mod stages;

mod rules;

mod field;

mod weigh;

mod steps;

mod figures;

mod compared;

mod change;

mod regression;

mod table;

mod variance;

pub(super) use whole::settings;
