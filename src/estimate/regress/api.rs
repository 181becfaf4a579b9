//! For tests: schools of California out of R's `survey`, in three designs and with raked weights.

use crate::estimate::expression::{Column, Table};
use crate::estimate::variance::{Clusters, Design, Rule, Stage};
use crate::field::{Class, Outcomes};
use crate::frame::Codes;
use crate::weigh::{Ledger, Margin, Rake};

/// One of the tables of `tests/data/api/regress`, and how it was drawn.
pub(in crate::estimate) struct Api {
    case: &'static str,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    pub table: Table,
}

fn lines(text: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect();
    text.lines().map(cells).collect()
}

impl Api {
    /// "strat", "clus1", "clus2" or "raked", whatever follows.
    pub fn read(case: &str) -> Api {
        let cases = ["strat", "clus1", "clus2", "raked"];
        let case = cases.into_iter().find(|known| case.starts_with(known));
        let case = case.expect("a case");
        let text = match case {
            "strat" => include_str!("../../../tests/data/api/regress/apistrat.csv"),
            "clus2" => include_str!("../../../tests/data/api/regress/apiclus2.csv"),
            _ => include_str!("../../../tests/data/api/regress/apiclus1.csv"),
        };
        let mut rows = lines(text);
        let header = rows.remove(0);
        let mut api = Api {
            case,
            header,
            rows,
            table: Table::default(),
        };
        for name in api.header.clone() {
            let labels = ["cds", "stype", "sch.wide", "comp.imp"].contains(&name.as_str());
            let column = if labels {
                Column::Labels(api.labels(&name).into_iter().map(Some).collect())
            } else {
                Column::Numbers(api.numbers(&name))
            };
            api.table = api.table.with(&name, column);
        }
        api
    }

    /// Lines of expected.csv of a case and a kind.
    pub fn expected(case: &str, kind: &str) -> Vec<Vec<String>> {
        let all = lines(include_str!("../../../tests/data/api/regress/expected.csv"));
        let of = |line: &Vec<String>| line[0] == case && line[1] == kind;
        all.into_iter().filter(of).collect()
    }

    pub fn labels(&self, name: &str) -> Vec<String> {
        let place = self.header.iter().position(|known| known == name);
        let place = place.expect("a column");
        self.rows.iter().map(|row| row[place].clone()).collect()
    }

    pub fn numbers(&self, name: &str) -> Vec<Option<f64>> {
        let number = |text: &String| (!text.is_empty()).then(|| text.parse().expect("a number"));
        self.labels(name).iter().map(number).collect()
    }

    fn all_numbers(&self, name: &str) -> Vec<f64> {
        self.numbers(name)
            .into_iter()
            .map(|x| x.expect("filled"))
            .collect()
    }

    pub fn ledger(&self) -> Ledger {
        let mut ledger = Ledger::given(self.all_numbers("pw")).expect("weights");
        if self.case == "raked" {
            let n = self.rows.len();
            let outcomes = Outcomes {
                class: vec![Class::Interview; n],
                code: vec![None; n],
                attempts: vec![1; n],
                items: vec![],
            };
            let margin = |name: &str, totals: &[(&str, f64)]| {
                let totals = totals
                    .iter()
                    .map(|(label, x)| ((*label).to_owned(), *x))
                    .collect();
                Margin::new(name, Codes::from_labels(self.labels(name)), &totals).expect("a margin")
            };
            let margins = vec![
                margin("stype", &[("E", 4421.0), ("H", 755.0), ("M", 1018.0)]),
                margin("sch.wide", &[("No", 1072.0), ("Yes", 5122.0)]),
            ];
            let rake = Rake::to(margins, 1e-13, 1_000).expect("margins");
            ledger
                .take(Box::new(rake), &outcomes)
                .expect("they can be met");
        }
        ledger
    }

    pub fn rule(&self) -> Box<dyn Rule> {
        let weights = self.all_numbers("pw");
        let codes = |name: &str| Codes::from_labels(self.labels(name));
        let (strata, districts) = (codes("stype"), codes("dnum"));
        let stage = |strata, clusters, population| Stage {
            strata,
            clusters,
            population,
        };
        let sizes = |name: &str| self.all_numbers(name);
        let rule = |stages| {
            let design = Design {
                stages,
                ..Design::of(&weights)
            };
            Clusters::of(&design).expect("a design")
        };
        Box::new(match self.case {
            "strat" => rule(vec![stage(Some(&strata), None, Some(&sizes("fpc")))]),
            "clus2" => {
                let (schools, first, second) = (codes("snum"), sizes("fpc1"), sizes("fpc2"));
                rule(vec![
                    stage(None, Some(&districts), Some(&first)),
                    stage(None, Some(&schools), Some(&second)),
                ])
            }
            _ => rule(vec![stage(None, Some(&districts), Some(&sizes("fpc")))]),
        })
    }
}
