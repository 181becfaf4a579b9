//! The answers with their weights and design, for whoever analyses them elsewhere.
//!
//! Rows are the drawn units that were worked, also those that gave no interview: they have weight 0, and the
//! design is whole only with them. No number to call and no id of the list is in the file; a case is known by its
//! case id, as in 3-sample.parquet.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::estimate::{READS, replicated, rule_of};
use super::folder::{KEY, OPTIONAL, STEPS, SURVEY};
use super::weigh::Answered;
use super::{Done, Error, Study};
use crate::bare::estimate::{Error as Unfit, Told};
use crate::bare::weights::INTERVIEW;
use crate::draw::stages::dealt::released;
use crate::draw::stages::{Level, is_alone};
use crate::estimate::variance::replicate::Replicates;
use crate::estimate::variance::strata;
use crate::files::labelled::{Labelled, Variable};
use crate::files::{json, tables};
use crate::frame::Codes;
use crate::progress::Monitor;
use crate::settings::{ListKind, ShareTest, Statistic};

/// What was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exported {
    /// The file.
    pub file: String,
    /// Units that were worked.
    pub rows: u64,
    /// Units that gave an interview.
    pub interviews: u64,
    /// The columns, in order.
    pub columns: Vec<Exportable>,
    /// Columns of replicate weights, of which only the first stands among `columns`.
    pub replicates: u64,
    /// Weighting steps that strata and weights alone do not tell of, so that standard errors made of these differ
    /// from the survey's own. None with replicate weights, which tell of them.
    pub untold: Vec<String>,
    /// The key of the rule for variances.
    pub rule: String,
    /// The columns of the stages, of a draw in stages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<ExportedStages>,
}

/// The columns that state a draw in stages, each stage by one: those that the rule for variances goes by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ExportedStages {
    /// Of clusters. At the last stage rows are drawn, unless nothing is known of how they differ in a cluster.
    pub clusters: Vec<String>,
    /// Of how many there were, where all were drawn with equal chances. Without, and without chances, the
    /// clusters of the first stage stand for all, as if their list had no end.
    pub populations: Vec<String>,
    /// Of chances, where some stage had unequal ones or went along an order.
    pub chances: Vec<String>,
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exportable {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub says: String,
}

/// The columns by which a design is stated.
pub(super) const WEIGHT: &str = "weight";
pub(super) const STRATUM: &str = "stratum";
pub(super) const POPULATION: &str = "population";
pub(super) const CASE: &str = "case_id";
const CHANCE: &str = "chance";
/// The same of a stage, followed by its number.
const CHANCE_OF: &str = "chance_";
/// The cluster of a stage, and out of how many it was drawn.
const CLUSTER_OF: &str = "cluster_";
const POPULATION_OF: &str = "population_";
const BASE: &str = "base_weight";

impl Study {
    /// Writes the analysis file to `path`, by its ending: weights, the design, columns of the list that came along,
    /// answers, and whether each passes the test of a share. Where survey.toml asks for replicates, their weights
    /// are further columns, and how a variance is made of them stands beside, in `path`.json.
    ///
    /// # Errors
    ///
    /// If weights are missing or out of date; if the ending names no format, or the name is an artefact's.
    pub fn export(
        &self,
        path: &Path,
        monitor: &dyn Monitor,
    ) -> Result<Done<Exported>, crate::Error> {
        self.can_be_exported(path)?;
        let answered = self.answered("export", monitor)?;
        let replicates = self.replicates(&answered)?;
        let worked = answered.ledger.worked();
        let rows: Vec<usize> = (0..worked.len()).filter(|&unit| worked[unit]).collect();
        let mut variables = self.variables(&answered, &rows);
        let columns = variables.iter().map(|variable| Exportable {
            name: variable.name.clone(),
            says: variable.label.clone(),
        });
        let mut columns: Vec<Exportable> = columns.collect();
        let mut wrote = vec![path.display().to_string()];
        if let Some(replicates) = &replicates {
            let added = self.replicate_weights(&answered, replicates, &rows)?;
            columns.extend(added.first().map(|first| Exportable {
                name: first.name.clone(),
                says: first.label.clone(),
            }));
            variables.extend(added);
            let beside = beside(path);
            json::write(&beside, "replicates", 1, &self.told(replicates))?;
            wrote.push(beside.display().to_string());
        }
        tables::write(path, &Labelled::of(variables))?;
        let interviewed = answered.ledger.interviewed();
        let entries = answered.ledger.entries().iter();
        let steps = entries.map(|entry| entry.key().to_owned());
        let exported = Exported {
            file: path.display().to_string(),
            rows: rows.len() as u64,
            interviews: rows.iter().filter(|&&unit| interviewed[unit]).count() as u64,
            columns,
            replicates: replicates.as_ref().map_or(0, Replicates::count) as u64,
            untold: match replicates {
                Some(_) => Vec::new(),
                None => steps.collect(),
            },
            rule: rule_of(&answered.sample, &answered.ledger)
                .card()
                .key
                .to_owned(),
            stages: ExportedStages::of(&released(&answered.sample.basis.stages, worked)),
        };
        Ok(Done {
            value: exported,
            notices: Vec::new(),
            read: READS.iter().map(|file| (*file).to_owned()).collect(),
            wrote,
        })
    }

    fn can_be_exported(&self, path: &Path) -> Result<(), crate::Error> {
        if tables::Ending::of(path).is_none() {
            let path = path.display().to_string();
            return Err(Unfit::NoFormat { path }.into());
        }
        let name = path.file_name().and_then(|name| name.to_str());
        let own = STEPS.iter().chain(OPTIONAL).flat_map(|step| step.writes);
        let mut own = own.copied().chain([SURVEY, KEY]);
        if let Some(file) = own.find(|own| Some(*own) == name) {
            let file = file.to_owned();
            return Err(Error::OwnFile { file }.into());
        }
        Ok(())
    }

    /// Every column but those of replicates.
    fn variables(&self, answered: &Answered, rows: &[usize]) -> Vec<Variable> {
        let Answered {
            sample,
            outcomes,
            ledger,
        } = answered;
        let mut names = Names::default();
        let mut all = Vec::new();
        let mut text = |names: &mut Names, name: &str, says: &str, of: &dyn Fn(usize) -> String| {
            let cells = rows.iter().map(|&unit| Some(of(unit)));
            all.push(Variable::texts(&names.of(name), says, cells.collect()));
        };
        text(&mut names, CASE, "The case id", &|unit| {
            sample.id[unit].clone()
        });
        text(
            &mut names,
            STRATUM,
            "The stratum it was drawn from",
            &|unit| sample.stratum.label(unit).to_owned(),
        );
        let stages = &sample.basis.stages;
        for (level, place) in stages.iter().zip(1..) {
            if let (Some(clusters), Some(column)) = (&level.clusters, &level.column) {
                let says = format!("The {column} that it was drawn with, in its stratum");
                let name = format!("{CLUSTER_OF}{place}");
                text(&mut names, &name, &says, &|unit| {
                    clusters.label(unit).to_owned()
                });
            }
            for own in [POPULATION_OF, CHANCE_OF] {
                names.of(&format!("{own}{place}"));
            }
        }
        for own in [POPULATION, CHANCE, BASE, WEIGHT, INTERVIEW] {
            names.of(own);
        }
        let listed = || {
            let columns = sample.columns.iter();
            columns.filter(|(name, _)| !self.tells_who(name) && name != STRATUM)
        };
        for (name, codes) in listed() {
            if numbers(codes).is_none() {
                text(&mut names, name, "A column of the list", &|unit| {
                    codes.label(unit).to_owned()
                });
            }
        }
        let interviewed = ledger.interviewed();
        let mut number = |name: String, says: &str, of: &dyn Fn(usize) -> Option<f64>| {
            let cells = rows.iter().map(|&unit| of(unit));
            all.push(Variable::numbers(&name, says, cells.collect()));
        };
        for (name, codes) in listed() {
            if let Some(each) = numbers(codes) {
                number(names.of(name), "A column of the list", &|unit| {
                    each[codes.code(unit)]
                });
            }
        }
        let (n, base) = (&sample.population, ledger.base_weights());
        number(
            POPULATION.into(),
            "Units of its stratum in the list",
            &|unit| Some(n[sample.stratum.code(unit)] as f64),
        );
        number(CHANCE.into(), "The chance it had to be drawn", &|unit| {
            Some(sample.probability[unit])
        });
        for (level, place) in released(stages, ledger.worked()).iter().zip(1..) {
            let [there, chance] = match &level.column {
                Some(column) => [
                    format!("Out of how many its {column} was drawn"),
                    format!("The chance of its {column} to be drawn"),
                ],
                None => [
                    "Out of how many it was drawn where it stands".to_owned(),
                    "Its chance to be drawn where it stands".to_owned(),
                ],
            };
            // As they are of those that were released: rows alone.
            let of = |unit: usize| rows.binary_search(&unit).ok();
            number(format!("{POPULATION_OF}{place}"), &there, &|unit| {
                Some(level.there[of(unit)?] as f64)
            });
            number(format!("{CHANCE_OF}{place}"), &chance, &|unit| {
                Some(level.chance[of(unit)?])
            });
        }
        number(BASE.into(), "The weight before any step", &|unit| {
            Some(base[unit])
        });
        number(
            WEIGHT.into(),
            "How many people it speaks for; 0 without an interview",
            &|unit| {
                Some(if interviewed[unit] {
                    ledger.weights()[unit]
                } else {
                    0.0
                })
            },
        );
        number(INTERVIEW.into(), "1 if it gave an interview", &|unit| {
            Some(f64::from(u8::from(interviewed[unit])))
        });
        for item in &outcomes.items {
            let answer = |unit: usize| item.values[unit].filter(|_| interviewed[unit]);
            number(names.of(&item.name), "An answer", &answer);
        }
        for (name, item, test) in self.shares() {
            let Some(item) = outcomes.item(item) else {
                continue;
            };
            let says = format!("1 if {} passes: {}", item.name, test.words());
            let passes = |unit: usize| {
                let answer = item.values[unit].filter(|_| interviewed[unit]);
                answer.map(|y| f64::from(u8::from(test.holds(y))))
            };
            number(names.of(&name), &says, &passes);
        }
        all
    }

    /// Whether a column is that of ids or of numbers to call.
    fn tells_who(&self, column: &str) -> bool {
        match &self.settings().list.kind {
            ListKind::Register { unit, phone } => {
                column == unit || phone.as_deref() == Some(column)
            }
            ListKind::Numbers { block, .. } => column == block || column == "number",
        }
    }

    /// What shares are of, each once: the column's name, the item, and its test.
    pub(super) fn shares(&self) -> Vec<(String, &str, ShareTest)> {
        let mut shares: Vec<(String, &str, ShareTest)> = Vec::new();
        for figure in &self.settings().figures {
            if let Statistic::Share { item, test } = &figure.statistic {
                let name = passes(item, *test);
                if !shares.iter().any(|(known, ..)| *known == name) {
                    shares.push((name, item, *test));
                }
            }
        }
        shares
    }

    fn replicate_weights(
        &self,
        answered: &Answered,
        replicates: &Replicates<'_>,
        rows: &[usize],
    ) -> Result<Vec<Variable>, Error> {
        let confidence = self.settings().plan.confidence;
        let Some(made) = replicated(answered, Some(replicates), confidence) else {
            return Ok(Vec::new());
        };
        let weights = made.columns().map_err(|why| Error::NoReplicates {
            why: why.to_string(),
            hint: None,
        })?;
        let interviewed = answered.ledger.interviewed();
        let columns = weights.into_iter().enumerate();
        Ok(columns
            .map(|(place, weights)| {
                let label = format!("Weights of replicate {}", place + 1);
                let cell = |&unit: &usize| {
                    Some(if interviewed[unit] {
                        weights[unit]
                    } else {
                        0.0
                    })
                };
                let cells = rows.iter().map(cell).collect();
                Variable::numbers(&replicates.name(place), &label, cells)
            })
            .collect())
    }

    /// How a variance is made of the replicates.
    pub(super) fn told(&self, replicates: &Replicates<'_>) -> Told {
        let last = replicates.count().saturating_sub(1);
        let scales = replicates.scales();
        let plain = scales.iter().all(|scale| (scale - 1.0).abs() <= 0.0);
        Told {
            method: replicates.card().key.to_owned(),
            kind: None,
            count: replicates.count() as u64,
            columns: [0, last].map(|place| replicates.name(place)),
            scale: replicates.scale(),
            rscales: if plain { Vec::new() } else { scales.to_vec() },
            centre: replicates.centre(),
            combined: true,
            seed: Some(self.settings().survey.seed.clone()),
            stated: None,
        }
    }
}

impl Exported {
    /// Whether strata, populations and weights state the design, apart from weighting steps.
    #[must_use]
    pub fn is_simple(&self) -> bool {
        self.rule == strata::CARD.key
    }
}

impl ExportedStages {
    /// Of the stages of a sample, as [`in_stages`](crate::estimate::variance::in_stages) goes by them; none of a
    /// draw of units at once.
    fn of(stages: &[Level]) -> Option<ExportedStages> {
        let column = |prefix: &'static str| move |place: usize| format!("{prefix}{place}");
        let (all, clusters) = (1..=stages.len(), 1..stages.len());
        match stages {
            [] => None,
            _ if is_alone(stages) => Some(ExportedStages {
                clusters: vec![column(CLUSTER_OF)(1)],
                ..ExportedStages::default()
            }),
            _ if stages.iter().all(Level::is_simple) => Some(ExportedStages {
                clusters: clusters.map(column(CLUSTER_OF)).collect(),
                populations: all.map(column(POPULATION_OF)).collect(),
                chances: Vec::new(),
            }),
            _ => Some(ExportedStages {
                clusters: clusters.map(column(CLUSTER_OF)).collect(),
                populations: Vec::new(),
                chances: all.map(column(CHANCE_OF)).collect(),
            }),
        }
    }
}

/// The labels of a column as numbers, if all are and none is a code such as 007.
fn numbers(codes: &Codes) -> Option<Vec<Option<f64>>> {
    let number = |label: &String| match label.trim() {
        "" => Some(None),
        code if code.len() > 15
            || (code.starts_with('0') && code.len() > 1 && !code.contains('.')) =>
        {
            None
        }
        text => text.parse::<f64>().ok().filter(|x| x.is_finite()).map(Some),
    };
    codes.labels().iter().map(number).collect()
}

/// Names of columns, each once: a second one of the same name is told apart by a number.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn of(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while !self.0.insert(name.to_lowercase()) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        name
    }
}

/// "overall_at_least_8".
pub(super) fn passes(item: &str, test: ShareTest) -> String {
    let (word, value) = match test {
        ShareTest::AtLeast(value) => ("at_least", value),
        ShareTest::AtMost(value) => ("at_most", value),
        ShareTest::Equals(value) => ("is", value),
    };
    let value = value.to_string().replace('-', "minus_").replace('.', "_");
    format!("{item}_{word}_{value}")
}

impl ShareTest {
    fn holds(self, y: f64) -> bool {
        match self {
            ShareTest::AtLeast(least) => y >= least,
            ShareTest::AtMost(most) => y <= most,
            ShareTest::Equals(wanted) => (y - wanted).abs() <= 0.0,
        }
    }

    fn words(self) -> String {
        match self {
            ShareTest::AtLeast(least) => format!("at least {least}"),
            ShareTest::AtMost(most) => format!("at most {most}"),
            ShareTest::Equals(wanted) => format!("equal to {wanted}"),
        }
    }
}

/// "answers.csv.json", beside answers.csv.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".json");
    name.into()
}
