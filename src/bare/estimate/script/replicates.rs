//! Replicate weights that came with the table, as programs are told of them.

use super::super::replication::Known;
use super::super::{Asked, Error, GivenWeights};
use crate::estimate::variance::replicate::{Centre, Kind};
use crate::files::data::Data;

/// Columns of replicate weights, with their constants.
pub(super) struct Set {
    pub kind: Kind,
    pub columns: Vec<String>,
    pub combined: bool,
    /// c.
    pub scale: f64,
    /// c_r, one for each column.
    pub scales: Vec<f64>,
    pub centre: Centre,
    pub degrees: Option<u64>,
}

impl Set {
    pub fn of(
        given: &GivenWeights,
        columns: &[String],
        asked: &Asked,
    ) -> Result<Set, crate::Error> {
        // What columns hold tells a constant in one case alone.
        let stated = Known::of(given)?;
        let is_told = given.kind == Kind::Jkn && !stated.combined && given.scales.is_none();
        let held: Vec<Vec<f64>> = match is_told {
            true => held(columns, asked)?,
            false => vec![vec![1.0]; columns.len()],
        };
        let known = stated.came(given, held.iter().map(Vec::as_slice).collect())?;
        Ok(Set {
            kind: given.kind,
            columns: columns.to_vec(),
            combined: stated.combined,
            scale: known.scale(),
            scales: known.scales().to_vec(),
            centre: stated.centre,
            degrees: given.degrees,
        })
    }

    /// Whether all c_r are 1.
    pub fn is_plain(&self) -> bool {
        self.scales.iter().all(|scale| (scale - 1.0).abs() <= 0.0)
    }

    /// c c_r of each column; one number where all are the same.
    pub fn factors(&self) -> Vec<String> {
        let first = self.scales.first().copied().unwrap_or(1.0);
        let alike = self.scales.iter().all(|scale| (scale - first).abs() <= 0.0);
        let count = if alike { 1 } else { self.scales.len() };
        let each = self.scales.iter().take(count);
        each.map(|scale| (self.scale * scale).to_string()).collect()
    }

    /// The letters before their numbers, and how many digits the first has, if columns are numbered from the
    /// first to the last.
    pub fn numbered(&self) -> Option<(&str, u64, usize)> {
        let part = |name: &'_ str| name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let first = self.columns.first()?;
        let (prefix, digits) = first.split_at(part(first));
        let (begin, width) = (digits.parse::<u64>().ok()?, digits.len());
        let is_next = |(place, name): (usize, &String)| {
            *name == format!("{prefix}{:0width$}", begin + place as u64)
        };
        let all = self.columns.iter().enumerate().all(is_next);
        all.then_some((prefix, begin, width))
    }

    /// Whether they are measured from their own mean.
    pub fn is_centred(&self) -> bool {
        self.centre == Centre::Mean
    }
}

fn held(columns: &[String], asked: &Asked) -> Result<Vec<Vec<f64>>, crate::Error> {
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut data = Data::read_as(&asked.data, &names, &asked.choice)?;
    let mut held = Vec::new();
    for name in names {
        held.push(data.numbers(name)?.into_iter().flatten().collect());
    }
    data.finish().map_err(Error::Cells)?;
    Ok(held)
}
