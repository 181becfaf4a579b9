//! The index by firm and service.

use serde::{Deserialize, Serialize};

use super::bands::{Level, PLACES, level_of};
use super::{Error, chances};
use crate::estimate::Estimate;
use crate::math::decimal;

/// The index of one firm in one service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexCell {
    /// Whose service it is.
    pub firm: String,
    /// The service.
    pub service: String,
    /// The weighted mean of the scores, 0–100.
    pub estimate: Estimate,
    /// As printed: "78.35", halves up.
    pub published: String,
    /// The word for the printed index.
    pub level: Level,
    /// The chance of each level, in the order of [`Level::ALL`]; empty where the standard error is
    /// not known.
    pub level_chances: Vec<f64>,
    /// Whether the interval is known to reach into another level. Without an interval it is not.
    pub crosses: bool,
}

impl IndexCell {
    /// Reads an estimated mean of scores as an index.
    ///
    /// # Errors
    ///
    /// [`Error::NotAnIndex`] unless the value lies between 0 and 100.
    pub fn of(
        firm: impl Into<String>,
        service: impl Into<String>,
        estimate: Estimate,
    ) -> Result<IndexCell, Error> {
        let (firm, service) = (firm.into(), service.into());
        let value = estimate.value;
        if !(0.0..=100.0).contains(&value) {
            return Err(Error::NotAnIndex {
                firm,
                service,
                value,
            });
        }
        let level_chances = estimate
            .standard_error()
            .and_then(|error| chances(value, error, estimate.df))
            .map_or_else(Vec::new, Vec::from);
        Ok(IndexCell {
            firm,
            service,
            published: decimal::round(value, PLACES),
            level: level_of(value),
            level_chances,
            crosses: estimate
                .interval
                .is_some_and(|(low, high)| level_of(low) != level_of(high)),
            estimate,
        })
    }

    /// The chance of the printed level, if it is known.
    #[must_use]
    pub fn chance(&self) -> Option<f64> {
        self.level_chances.get(self.level as usize).copied()
    }
}

/// A figure that is left out because too few answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// Whose service it is.
    pub firm: String,
    /// The service.
    pub service: String,
    /// How many answered; 0 if nobody did.
    pub n: u64,
}

/// The index by firm (rows) and service (columns).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexTable {
    /// The rows, in the order in which the firms were given.
    pub firms: Vec<String>,
    /// The columns, in the order in which the services were given.
    pub services: Vec<String>,
    /// One row per firm, one entry per service; nothing where there is no figure.
    pub cells: Vec<Vec<Option<IndexCell>>>,
    /// Services that firms do have, but whose figure is left out.
    pub withheld: Vec<Withheld>,
}

/// What stands in one place of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entry<'a> {
    /// A figure.
    Figure(&'a IndexCell),
    /// The firm has this service, but too few answered.
    Withheld(&'a Withheld),
    /// The firm has no such service.
    NoService,
}

impl IndexTable {
    /// Sets cells out by firm and service. Figures of fewer than `least` completes are left out;
    /// `silent` names firms and services in whose cell nobody answered.
    ///
    /// Rows and columns follow the order in which firms and services first appear.
    ///
    /// # Errors
    ///
    /// [`Error::CellTwice`] if a firm and service have more than one figure.
    pub fn of(
        cells: Vec<IndexCell>,
        silent: &[(String, String)],
        least: u64,
    ) -> Result<IndexTable, Error> {
        let places = || {
            cells
                .iter()
                .map(|cell| (&cell.firm, &cell.service))
                .chain(silent.iter().map(|(firm, service)| (firm, service)))
        };
        for place in places() {
            let count = places().filter(|&other| other == place).count();
            if count > 1 {
                let (firm, service) = (place.0.clone(), place.1.clone());
                return Err(Error::CellTwice {
                    firm,
                    service,
                    count,
                });
            }
        }
        let firms = once(places().map(|(firm, _)| firm));
        let services = once(places().map(|(_, service)| service));
        let mut table = IndexTable {
            cells: vec![vec![None; services.len()]; firms.len()],
            firms,
            services,
            withheld: Vec::new(),
        };
        for cell in cells {
            table.place(cell, least);
        }
        table
            .withheld
            .extend(silent.iter().map(|(firm, service)| Withheld {
                firm: firm.clone(),
                service: service.clone(),
                n: 0,
            }));
        Ok(table)
    }

    fn place(&mut self, cell: IndexCell, least: u64) {
        if cell.estimate.n < least {
            let IndexCell {
                firm,
                service,
                estimate,
                ..
            } = cell;
            self.withheld.push(Withheld {
                firm,
                service,
                n: estimate.n,
            });
            return;
        }
        let row = self.firms.iter().position(|firm| *firm == cell.firm);
        let column = self
            .services
            .iter()
            .position(|service| *service == cell.service);
        if let (Some(row), Some(column)) = (row, column) {
            self.cells[row][column] = Some(cell);
        }
    }

    /// What stands in a row and column.
    #[must_use]
    pub fn entry(&self, row: usize, column: usize) -> Entry<'_> {
        if let Some(cell) = &self.cells[row][column] {
            return Entry::Figure(cell);
        }
        let here = |withheld: &&Withheld| {
            withheld.firm == self.firms[row] && withheld.service == self.services[column]
        };
        self.withheld
            .iter()
            .find(here)
            .map_or(Entry::NoService, Entry::Withheld)
    }

    /// The figures, service by service.
    pub fn figures(&self) -> impl Iterator<Item = &IndexCell> {
        (0..self.services.len()).flat_map(|column| {
            self.cells
                .iter()
                .filter_map(move |row| row[column].as_ref())
        })
    }
}

/// Each name once, in the order of first appearance.
fn once<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if !seen.contains(name) {
            seen.push(name.clone());
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::{Entry, Error, IndexCell, IndexTable, Level};
    use crate::estimate::{Estimate, Unknown};

    fn mean(value: f64, half: f64, n: u64) -> Estimate {
        Estimate {
            statistic: "mean".into(),
            item: "index".into(),
            domain: "all".into(),
            value,
            variance: Ok((half / 1.96).powi(2)),
            df: n - 1,
            n,
            design_effect: None,
            confidence: 0.95,
            interval: Some((value - half, value + half)),
        }
    }

    fn cell(firm: &str, service: &str, n: u64) -> IndexCell {
        IndexCell::of(firm, service, mean(78.0, 1.0, n)).expect("an index")
    }

    #[test]
    fn the_printed_index_and_its_word_agree() {
        let cell = IndexCell::of("Telecom", "fixed phone", mean(89.995, 0.5, 900)).expect("index");
        assert_eq!(
            (cell.published.as_str(), cell.level),
            ("90.00", Level::VerySatisfied)
        );
        assert!(cell.crosses);
        assert!(
            cell.chance()
                .is_some_and(|chance| (chance - 0.5).abs() < 1e-9)
        );
    }

    #[test]
    fn an_interval_within_one_band_crosses_nothing() {
        assert!(!cell("Telecom", "fixed phone", 900).crosses); // 77–79
    }

    #[test]
    fn without_a_variance_neither_chances_nor_crossing_are_claimed() {
        let mut estimate = mean(79.99, 1.0, 40);
        estimate.variance = Err(Unknown::LonelyStratum {
            strata: vec!["islands".into()],
        });
        estimate.interval = None;
        let cell = IndexCell::of("Telecom", "fixed phone", estimate).expect("index");
        assert!(cell.level_chances.is_empty() && !cell.crosses);
        assert_eq!(cell.chance(), None);
    }

    #[test]
    fn figures_beyond_0_and_100_are_no_index() {
        for value in [-0.1, 100.1, f64::NAN] {
            let refused = IndexCell::of("Telecom", "fixed phone", mean(value, 1.0, 40));
            assert!(matches!(refused, Err(Error::NotAnIndex { .. })), "{value}");
        }
    }

    #[test]
    fn a_firm_without_a_service_is_not_a_firm_with_too_few_answers() {
        let cells = vec![
            cell("Telecom", "fixed phone", 900),
            cell("Telecom", "fixed Internet", 29),
            cell("Broadband", "fixed Internet", 30),
        ];
        let silent = [("Mobile".to_owned(), "fixed phone".to_owned())];
        let table = IndexTable::of(cells, &silent, 30).expect("a table");

        assert_eq!(table.firms, ["Telecom", "Broadband", "Mobile"]);
        assert_eq!(table.services, ["fixed phone", "fixed Internet"]);
        assert!(matches!(table.entry(0, 0), Entry::Figure(_)));
        assert!(matches!(table.entry(0, 1), Entry::Withheld(w) if w.n == 29));
        assert_eq!(table.entry(1, 0), Entry::NoService);
        assert!(matches!(table.entry(2, 0), Entry::Withheld(w) if w.n == 0));
        assert_eq!(table.figures().count(), 2);
    }

    #[test]
    fn a_withheld_figure_is_nowhere_in_the_table() {
        let mut low = cell("Telecom", "fixed phone", 12);
        low.published = "12.34".into();
        let table = IndexTable::of(vec![low], &[], 30).expect("a table");
        assert!(
            !serde_json::to_string(&table)
                .expect("JSON")
                .contains("12.34")
        );
    }

    #[test]
    fn two_figures_for_one_place_are_refused() {
        let cells = vec![
            cell("Telecom", "fixed phone", 90),
            cell("Telecom", "fixed phone", 91),
        ];
        assert!(matches!(
            IndexTable::of(cells, &[], 30),
            Err(Error::CellTwice { count: 2, .. })
        ));
    }
}
