//! For tests: 200 schools of California, by type of school, out of R's `survey`.

use crate::draw::Sample;
use crate::estimate::Estimate;
use crate::field::{Class, Item, Outcomes};
use crate::frame::Codes;

/// `tests/data/api/apistrat.csv` in the order of its rows.
pub(super) struct Api {
    pub sample: Sample,
    pub outcomes: Outcomes,
    /// Whether a school met its target of growth.
    pub improved: Codes,
}

impl Api {
    pub(super) fn read() -> Api {
        let text = include_str!("../../tests/data/api/apistrat.csv");
        let mut lines = text
            .lines()
            .map(|line| line.split(',').collect::<Vec<&str>>());
        let header = lines.next().expect("a header");
        let rows: Vec<Vec<&str>> = lines.collect();
        let column = |name: &str| -> Vec<&str> {
            let place = header
                .iter()
                .position(|known| *known == name)
                .expect("a column");
            rows.iter().map(|row| row[place]).collect()
        };
        let number = |text: &str| text.parse::<f64>().expect("a number");
        let item = |name: &str| Item {
            name: name.into(),
            values: column(name)
                .into_iter()
                .map(|text| Some(number(text)))
                .collect(),
        };
        let stratum = Codes::from_labels(column("stype"));
        let n = rows.len();
        let mut population = vec![0; stratum.labels().len()];
        for (row, people) in column("fpc").into_iter().enumerate() {
            population[stratum.code(row)] = number(people) as u64;
        }
        Api {
            outcomes: Outcomes {
                class: vec![Class::Interview; n],
                code: vec![None; n],
                attempts: vec![1; n],
                items: vec![item("api00"), item("enroll")],
            },
            improved: Codes::from_labels(column("comp.imp")),
            sample: Sample {
                id: column("cds").into_iter().map(str::to_owned).collect(),
                row: (0..n as u64).collect(),
                cell: Codes::from_labels(vec!["all"; n]),
                columns: vec![],
                probability: column("pw").into_iter().map(|w| 1.0 / number(w)).collect(),
                rank: (1..=n as u32).collect(),
                replicate: vec![1; n],
                basis: crate::draw::Basis::default(),
                population,
                stratum,
            },
        }
    }

    pub(super) fn item(&self, name: &str) -> &Item {
        self.outcomes.item(name).expect("a column")
    }
}

/// Asserts that a figure and its standard error are R's.
#[track_caller]
pub(super) fn same(got: &Estimate, value: f64, error: f64) {
    assert!(
        (got.value - value).abs() <= 1e-10 * value.abs(),
        "{:?}, not {value}",
        got.value
    );
    let known = got.standard_error().expect("known");
    assert!(
        (known - error).abs() <= 1e-8 * error,
        "{known:?}, not {error}"
    );
}
