//! A list together with the roles of its columns.

use super::{Error, List, Numbering};

/// Which column is what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roles {
    /// The unit's id.
    pub unit: String,
    /// The telephone number, if units have one.
    pub phone: Option<String>,
    /// The columns whose combinations are the strata.
    pub strata: Vec<String>,
    /// Those of them whose combinations are the reporting cells; none for a single cell "all".
    pub cells: Vec<String>,
    /// Further columns that come along with the sample.
    pub carry: Vec<String>,
}

impl Roles {
    /// The label of the cell that a stratum belongs to, from the stratum's own labels.
    #[must_use]
    pub fn cell_of(&self, stratum: &[String]) -> String {
        let parts: Vec<&str> = self
            .cells
            .iter()
            .filter_map(|cell| self.strata.iter().position(|column| column == cell))
            .map(|place| stratum[place].as_str())
            .collect();
        if parts.is_empty() {
            "all".to_owned()
        } else {
            super::join(&parts)
        }
    }

    /// Every column with a role, the unit's first, each once.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let mut columns = vec![self.unit.as_str()];
        let others = self
            .phone
            .iter()
            .chain(&self.strata)
            .chain(&self.cells)
            .chain(&self.carry);
        for column in others {
            if !columns.contains(&column.as_str()) {
                columns.push(column);
            }
        }
        columns
    }
}

/// A list, the roles of its columns, and how its numbers are written.
pub struct Frame {
    list: Box<dyn List>,
    roles: Roles,
    numbering: Numbering,
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame")
            .field("list", &self.list.name())
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

impl Frame {
    /// Joins a list with roles, if it has all the columns they name.
    ///
    /// # Errors
    ///
    /// [`Error::NoColumns`] names those that are missing and those there are.
    pub fn new(list: Box<dyn List>, roles: Roles, numbering: Numbering) -> Result<Frame, Error> {
        let there = list.columns()?;
        let missing: Vec<String> = roles
            .columns()
            .into_iter()
            .filter(|column| !there.iter().any(|known| known == column))
            .map(str::to_owned)
            .collect();
        if missing.is_empty() {
            Ok(Frame {
                list,
                roles,
                numbering,
            })
        } else {
            Err(Error::NoColumns {
                list: list.name(),
                missing,
                there,
            })
        }
    }

    /// The list.
    #[must_use]
    pub fn list(&self) -> &dyn List {
        self.list.as_ref()
    }

    /// The roles of its columns.
    #[must_use]
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// Which numbers are well formed.
    #[must_use]
    pub fn numbering(&self) -> Numbering {
        self.numbering
    }
}
