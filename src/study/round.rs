//! A plan's numbers rounded by chance, such that margins in two or three directions are kept.

use std::collections::BTreeMap;

use super::check::Checked;
use super::study::Study;
use crate::draw::margins::{controlled, controlled_cube};
use crate::frame::join;
use crate::math::sum;
use crate::method::Card;
use crate::notice::Notice;
use crate::plan::{Margin, Plan, Rounded, Rounding, Wanted};
use crate::settings::Settings;

/// The name of the stream that rounds.
const STREAM: &str = "plan/round";

/// The directions whose margins are kept: columns of strata. The reporting cells are one of them, because
/// each has its own number: the first, unless they are named already.
fn directions(settings: &Settings) -> Option<Vec<Vec<String>>> {
    let round = settings.plan.round.as_ref()?;
    let mut directions = vec![round.rows.clone(), round.columns.clone()];
    directions.extend((!round.layers.is_empty()).then(|| round.layers.clone()));
    let cells = &settings.list.cells;
    let same = |columns: &Vec<String>| {
        columns.len() == cells.len() && columns.iter().all(|column| cells.contains(column))
    };
    if !cells.is_empty() && !directions.iter().any(same) {
        directions.insert(0, cells.clone());
    }
    Some(directions)
}

/// Whether each stratum has a place of its own in a table of two directions.
fn is_table(settings: &Settings, directions: &[Vec<String>]) -> bool {
    let is_named = |column: &String| directions.iter().any(|columns| columns.contains(column));
    directions.len() == 2 && settings.list.strata.iter().all(is_named)
}

/// The card of the rounding that a plan follows, if it is rounded by chance.
pub(super) fn card(settings: &Settings) -> Option<&'static Card> {
    let directions = directions(settings)?;
    Some(match is_table(settings, &directions) {
        true => &controlled::CARD,
        false => &controlled_cube::CARD,
    })
}

/// Which group of its direction each stratum is in, and the groups' labels, in their order.
struct Direction {
    name: String,
    labels: Vec<String>,
    group: Vec<usize>,
}

impl Direction {
    fn of(columns: &[String], settings: &Settings, strata: &[&[String]]) -> Direction {
        let places: Vec<usize> = columns
            .iter()
            .filter_map(|column| settings.list.strata.iter().position(|one| one == column))
            .collect();
        let label = |stratum: &&[String]| {
            let parts: Vec<&str> = places
                .iter()
                .map(|&place| stratum[place].as_str())
                .collect();
            join(&parts)
        };
        let of_strata: Vec<String> = strata.iter().map(label).collect();
        let mut labels = of_strata.clone();
        labels.sort_unstable();
        labels.dedup();
        let group = |label| labels.binary_search(label).unwrap_or_default();
        Direction {
            name: columns.join(" / "),
            group: of_strata.iter().map(group).collect(),
            labels,
        }
    }

    /// What becomes of its margins.
    fn margins<'a>(
        &'a self,
        wanted: &'a [Wanted],
        numbers: &'a [u64],
    ) -> impl Iterator<Item = Margin> + 'a {
        self.labels.iter().zip(0..).map(move |(label, group)| {
            let mine = || (0..wanted.len()).filter(move |&stratum| self.group[stratum] == group);
            Margin {
                direction: self.name.clone(),
                label: label.clone(),
                optimum: sum(mine().map(|stratum| wanted[stratum].numbers)),
                numbers: mine().map(|stratum| numbers[stratum]).sum(),
            }
        })
    }
}

impl Study {
    /// Rounds the optimum of every stratum.
    ///
    /// # Errors
    ///
    /// What rounding runs into.
    pub(super) fn round(
        &self,
        checked: &Checked,
        wanted: &[Wanted],
    ) -> Result<Rounded, crate::Error> {
        let settings = self.settings();
        let named = directions(settings).unwrap_or_default();
        let counted = &checked.census.strata;
        let labels: BTreeMap<String, &[String]> = counted
            .iter()
            .map(|stratum| (stratum.label(), stratum.labels.as_slice()))
            .collect();
        let strata: Vec<&[String]> = wanted
            .iter()
            .map(|one| labels.get(&one.stratum).copied().unwrap_or_default())
            .collect();
        let all: Vec<Direction> = named
            .iter()
            .map(|columns| Direction::of(columns, settings, &strata))
            .collect();
        let (numbers, card) = match all.as_slice() {
            [rows, columns] if is_table(settings, &named) => {
                (self.round_table(wanted, rows, columns)?, &controlled::CARD)
            }
            _ => {
                let optima: Vec<f64> = wanted.iter().map(|one| one.numbers).collect();
                let groups: Vec<Vec<usize>> = all.iter().map(|one| one.group.clone()).collect();
                let mut stream = self.seed().stream(STREAM);
                let balanced = controlled_cube::balanced(&optima, &groups, &mut stream)?;
                (balanced.cells, &controlled_cube::CARD)
            }
        };
        let margins = all.iter().flat_map(|one| one.margins(wanted, &numbers));
        let rounding = Rounding {
            method: card.key.to_owned(),
            margins: margins.collect(),
        };
        Ok(Rounded { numbers, rounding })
    }

    /// Rounds a table of rows by columns, in which every stratum is a cell.
    fn round_table(
        &self,
        wanted: &[Wanted],
        rows: &Direction,
        columns: &Direction,
    ) -> Result<Vec<u64>, crate::Error> {
        let mut table = vec![vec![0.0; columns.labels.len()]; rows.labels.len()];
        let places: Vec<(usize, usize)> = rows
            .group
            .iter()
            .copied()
            .zip(columns.group.iter().copied())
            .collect();
        for (one, &(row, column)) in wanted.iter().zip(&places) {
            table[row][column] = one.numbers;
        }
        let rounded = controlled::controlled(&table, &mut self.seed().stream(STREAM))?;
        Ok(places
            .iter()
            .map(|&(row, column)| rounded.cells[row][column])
            .collect())
    }
}

/// Margins that could not be kept.
pub(super) fn notices(plan: &Plan) -> Option<Notice> {
    let margins: Vec<String> = plan
        .rounding
        .iter()
        .flat_map(|rounding| &rounding.margins)
        .filter(|margin| !margin.is_kept())
        .map(|margin| format!("{} {}", margin.direction, margin.label))
        .collect();
    (!margins.is_empty()).then_some(Notice::MarginsMissed { margins })
}
