//! Which columns a section may name.

use super::whole::all;
use crate::settings::origin::At;
use crate::settings::problems::Problem;
use crate::settings::reader::nearest;
use crate::settings::wire::List;

/// Columns of the list by their roles; none where the list's own keys are wrong, since then nothing
/// can be said of those who name them.
pub(super) struct Columns {
    pub strata: Option<Vec<String>>,
    pub cells: Option<Vec<String>>,
    /// Strata and what is carried.
    pub all: Option<Vec<String>>,
}

impl Columns {
    pub fn of(list: &List) -> Columns {
        let (strata, carry) = (all(&list.strata), all(&list.carry));
        let both = strata
            .clone()
            .zip(carry)
            .map(|(strata, carry)| [strata, carry].concat());
        Columns {
            strata,
            cells: all(&list.cells),
            all: both,
        }
    }

    /// Takes down names of columns that do not come along with the drawn units.
    pub fn know<'n>(
        &self,
        names: impl IntoIterator<Item = &'n At<String>>,
        found: &mut Vec<Problem>,
    ) {
        let among = "neither in list.strata nor in list.carry";
        stand_in(names, self.all.as_deref(), among, found);
    }
}

/// Takes down the names that are not among `known`.
pub(super) fn stand_in<'n>(
    names: impl IntoIterator<Item = &'n At<String>>,
    known: Option<&[String]>,
    among: &str,
    found: &mut Vec<Problem>,
) {
    let Some(known) = known else { return };
    for name in names
        .into_iter()
        .filter(|name| !known.contains(&name.value))
    {
        found.push(stranger(name, &name.value, known, among));
    }
}

/// A column that is not among `known`.
pub(super) fn stranger<T>(at: &At<T>, column: &str, known: &[String], among: &str) -> Problem {
    let problem = at.problem(format!(
        "{} names the column '{column}', which is {among}",
        at.key
    ));
    match nearest(column, known.iter().map(String::as_str)) {
        Some(near) => problem.hint(format!("did you mean '{near}'?")),
        None => problem,
    }
}
