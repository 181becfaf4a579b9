//! `[[table]]`

use super::columns::Columns;
use super::whole::{all, value};
use crate::settings::problems::Problem;
use crate::settings::table::{Table, TableSpec};
use crate::settings::variance::{Estimating, VarianceWord};

/// The tables, in the file's order.
pub(super) fn tables(
    tables: &[Table],
    estimate: &Estimating,
    columns: &Columns,
    found: &mut Vec<Problem>,
) -> Option<Vec<TableSpec>> {
    let one = |table: &Table| {
        columns.know(table.by.iter().flat_map(|by| &by.value), found);
        twice(table, found);
        Some(TableSpec {
            rows: value(&table.rows)?,
            columns: value(&table.columns)?,
            by: all(&table.by)?,
        })
    };
    let specs: Vec<Option<TableSpec>> = tables.iter().map(one).collect();
    if let Some(at) = &estimate.variance
        && at.value != VarianceWord::Taylor
        && !tables.is_empty()
    {
        let message = format!(
            "{} asks for replicates, and a [[table]] is tested by variances from scores",
            at.key
        );
        found.push(
            at.problem(message)
                .hint("write \"taylor\", or leave the tables out"),
        );
    }
    specs.into_iter().collect()
}

/// A question crossed with itself, or within itself, has nothing to say.
fn twice(table: &Table, found: &mut Vec<Problem>) {
    let (Some(rows), Some(columns)) = (&table.rows, &table.columns) else {
        return;
    };
    if rows.value == columns.value {
        let message = format!("{} and {} are both '{}'", rows.key, columns.key, rows.value);
        found.push(columns.problem(message).hint("cross two questions"));
    }
    for name in table.by.iter().flat_map(|by| &by.value) {
        if [&rows.value, &columns.value].contains(&&name.value) {
            let message = format!(
                "{} names '{}', which is a side of the table",
                name.key, name.value
            );
            found.push(name.problem(message).hint("leave it out there"));
        }
    }
}
