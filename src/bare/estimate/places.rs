//! For whom figures are: domains, and pairs of them that are compared.

use std::collections::BTreeMap;

use super::table::Table;
use super::{Asked, Error};
use crate::estimate::Domain;

/// More pairs than these are not compared: nobody would read them.
const PAIRS: usize = 5_000;

/// A domain.
pub(super) struct Part<'t> {
    pub domain: Domain<'t>,
    /// Rows of it with a weight.
    pub rows: u64,
}

/// For whom a figure is.
pub(super) enum Place<'p> {
    /// Those of a domain.
    Part(&'p Part<'p>),
    /// Those of a domain, less those of another.
    Pair(&'p Part<'p>, &'p Part<'p>),
}

impl Place<'_> {
    pub fn label(&self) -> String {
        match self {
            Place::Part(part) => part.domain.label().to_owned(),
            Place::Pair(this, other) => {
                format!("{} − {}", this.domain.label(), other.domain.label())
            }
        }
    }

    pub fn rows(&self) -> u64 {
        match self {
            Place::Part(part) => part.rows,
            Place::Pair(this, other) => this.rows + other.rows,
        }
    }
}

/// The domains, in order.
pub(super) fn parts(table: &Table) -> Vec<Part<'_>> {
    let codes = &table.domain;
    let mut rows = vec![0; codes.labels().len()];
    for row in (0..codes.len()).filter(|&row| table.weights[row] > 0.0) {
        rows[codes.code(row)] += 1;
    }
    // The label of rows that are in no domain is blank.
    let parts = Domain::each(codes).into_iter().zip(rows);
    let mut parts: Vec<Part<'_>> = parts
        .filter(|(domain, _)| !domain.label().is_empty())
        .map(|(domain, rows)| Part { domain, rows })
        .collect();
    parts.sort_by_key(|part| &table.parts[part.domain.label()].ranks);
    parts
}

/// Domains that differ in the column compared and in nothing else, together.
pub(super) fn groups<'p>(
    parts: &'p [Part<'p>],
    table: &Table,
    asked: &Asked,
) -> Vec<Vec<&'p Part<'p>>> {
    let mut domains = asked.domains().into_iter();
    let compared = domains.position(|name| Some(name) == asked.compare.as_deref());
    let mut groups: BTreeMap<Vec<&str>, Vec<&'p Part<'p>>> = BTreeMap::new();
    for part in parts {
        let others = table.parts[part.domain.label()].cells.iter().enumerate();
        let others = others.filter(|(place, _)| Some(*place) != compared);
        let others = others.map(|(_, cell)| cell.as_str()).collect();
        groups.entry(others).or_default().push(part);
    }
    groups.into_values().collect()
}

/// Every domain, then the pairs that differ in the column compared and in nothing else.
pub(super) fn places<'p>(
    parts: &'p [Part<'p>],
    table: &Table,
    asked: &Asked,
) -> Result<Vec<Place<'p>>, Error> {
    let mut places: Vec<Place<'p>> = parts.iter().map(Place::Part).collect();
    let Some(column) = &asked.compare else {
        return Ok(places);
    };
    let groups = groups(parts, table, asked);
    let pairs = groups
        .iter()
        .map(|group| group.len() * (group.len() - 1) / 2);
    let pairs: usize = pairs.sum();
    if pairs > PAIRS {
        let (column, most) = (column.clone(), PAIRS);
        return Err(Error::Pairs {
            column,
            pairs,
            most,
        });
    }
    for group in &groups {
        for (first, &this) in group.iter().enumerate() {
            let others = group[first + 1..].iter();
            places.extend(others.map(|&other| Place::Pair(this, other)));
        }
    }
    Ok(places)
}
