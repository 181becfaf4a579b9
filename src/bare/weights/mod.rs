//! Weights that somebody brings: a report card of one set, and a comparison of two.
//!
//! Nothing is known of how they were made, and nothing is changed. [`check`] tells what can be seen:
//! totals against what is known, how unequal weights are and what that costs, rows without a weight,
//! rows that make up much of a domain, what each factor did, and whether replicate weights go with
//! their weights. [`compare`] tells which records two programs, or two versions
//! of one, weigh differently.

mod error;

pub(super) mod pattern;

mod controls;

mod counted;

mod doubt;

mod replicates;

mod look;

mod check;

mod compare;

mod write;

pub use check::{Check, Checked, check};
pub use compare::{Aside, Compare, Compared, compare};
pub use counted::{Counted, Counting, INTERVIEW, NOT_ELIGIBLE};
pub use doubt::Doubt;
pub use error::Error;
pub use replicates::Replicates;
pub use write::{ending, write};

use std::path::Path;

use crate::bare::estimate;
use crate::files::data::{self, Choice};
use crate::frame::{Codes, join};
use crate::settings::nearest;

/// Whether a table has these columns.
fn has(path: &Path, columns: &[&str], choice: &Choice) -> Result<(), crate::Error> {
    let there = data::columns_of(path, choice)?;
    let missing: Vec<String> = columns
        .iter()
        .filter(|name| !there.iter().any(|known| known == **name))
        .map(|name| (*name).to_owned())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let near = |name: &String| nearest(name, there.iter().map(String::as_str)).map(str::to_owned);
    let meant = missing.iter().filter_map(near).collect();
    let path = path.display().to_string();
    Err(estimate::Error::NoColumns {
        path,
        missing,
        meant,
        there,
    }
    .into())
}

/// Every name once, in the order in which they came.
fn once(names: Vec<&str>) -> Vec<&str> {
    let mut once: Vec<&str> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

/// Columns crossed, a blank cell being a blank label; "all" without any.
fn crossed(data: &data::Data, columns: &[String]) -> Result<Codes, crate::Error> {
    if columns.is_empty() {
        return Ok(Codes::from_labels(vec!["all"; data.rows()]));
    }
    let texts = columns
        .iter()
        .map(|name| data.texts(name))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Codes::from_labels((0..data.rows()).map(|row| {
        let parts: Vec<&str> = texts
            .iter()
            .map(|column| column[row].as_deref().unwrap_or(""))
            .collect();
        join(&parts)
    })))
}
