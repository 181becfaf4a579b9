//! How many units of the list have each combination of labels.

use std::collections::BTreeMap;

use super::Watched;
use super::hands::Hands;
use super::tally::Interner;
use super::{Error, Frame};
use crate::progress::Monitor;

/// Counts the units of the list by the labels of some columns, in one reading. A blank cell is the
/// label "", as it is beside a drawn unit.
///
/// [`check`](super::check()) counts strata already; this is for other columns, such as a margin that
/// is no stratum.
///
/// # Errors
///
/// [`Error::Unreadable`], or [`Error::Stopped`] if the monitor asked for it.
///
/// # Example
///
/// ```
/// use canvass::frame::{Frame, Numbering, Roles, Rows, count_by};
/// use canvass::progress::Silent;
///
/// let rows = [["1", "north"], ["2", "south"], ["3", "north"]];
/// let list = Box::new(Rows::new("town", &["id", "side"], &rows));
/// let roles = Roles { unit: "id".into(), carry: vec!["side".into()], ..Roles::default() };
/// let frame = Frame::new(list, roles, Numbering::Chinese)?;
/// let counts = count_by(&frame, &["side"], &Silent)?;
/// assert_eq!(counts[&vec!["north".to_owned()]], 2);
/// # Ok::<(), canvass::frame::Error>(())
/// ```
pub fn count_by(
    frame: &Frame,
    columns: &[&str],
    monitor: &dyn Monitor,
) -> Result<BTreeMap<Vec<String>, u64>, Error> {
    let watched = Watched::new(frame, "counting the list", monitor);
    let hands: Hands<(Interner, Vec<u64>)> = Hands::default();
    frame.list().scan(columns, &|batch| {
        hands.with(|(interner, counts)| {
            for row in 0..batch.rows() {
                let labels = batch
                    .columns
                    .iter()
                    .map(|column| Some(column[row].unwrap_or("")));
                let place = interner.place(labels).expect("no label is blank") as usize;
                counts.resize(interner.len(), 0);
                counts[place] += 1;
            }
        });
        watched.step(batch.rows() as u64)
    })?;
    watched.end();
    let mut all = BTreeMap::new();
    for (interner, counts) in hands.all() {
        for (labels, count) in interner.combinations().zip(counts) {
            *all.entry(labels).or_default() += count;
        }
    }
    Ok(all)
}
