//! How many people each answer speaks for.

mod compared;

mod copies;

mod rows;

mod tables;

use std::path::PathBuf;

use canvass::bare::weights::{Check, Compare, check, compare};
use canvass::files::data::Choice;
use canvass::report::weights_table;
use clap::{ArgGroup, Args};

use super::{Common, Screen, study};

/// How many people each answer speaks for: in a study, or weights that somebody brings.
///
/// Reads survey.toml, 3-sample.parquet, 3-draw.json and 5-outcomes.parquet; writes 6-weights.parquet
/// (one factor for each step, for every drawn unit) and 6-weights.json (what each step did to the
/// weights, and what it cost).
///
/// With --check, no study is needed, and nothing is written. Tells what can be seen of a table's
/// weights: totals against what is known, how unequal they are and what that costs, rows without a
/// weight, and rows that make up much of a domain. Rows are counted from 1, without the heading.
///
/// With an answer come the design effects of Spencer; of Chen and Rust, split into weighting, clusters
/// and strata, with --strata or --psu; and of Henry, with --auxiliary. With --factors comes what each
/// step cost. With --replicates comes whether replicate weights go with their weights.
///
/// With --compare, two tables are matched by id, and the records named whose weights differ.
///
/// Next: canvass estimate
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("bare").args(["check", "compare"]))]
pub struct Weigh {
    /// A table whose weights are to be looked at: CSV, Parquet, a folder of Parquet files, a workbook
    /// (.xlsx), or a file of SPSS (.sav, .zsav) or Stata (.dta).
    #[arg(
        long,
        value_name = "FILE",
        requires = "weight",
        conflicts_with = "compare"
    )]
    check: Option<PathBuf>,

    /// The sheet of a workbook; the first, unless it is named.
    #[arg(long, value_name = "SHEET", requires = "check")]
    sheet: Option<String>,

    /// Two tables whose weights are to be compared, ours and theirs.
    #[arg(long, value_names = ["OURS", "THEIRS"], num_args = 2, requires_all = ["weight", "id"])]
    compare: Vec<PathBuf>,

    /// The column of weights; two for --compare, where theirs has another name.
    #[arg(long, value_name = "COL", value_delimiter = ',', requires = "bare")]
    weight: Vec<String>,

    /// The column of ids: in both tables, or by which --check names rows.
    #[arg(long, value_name = "COL", requires = "bare")]
    id: Option<String>,

    /// The columns whose combinations are the strata.
    #[arg(long, value_name = "A,B", value_delimiter = ',', requires = "check")]
    strata: Vec<String>,

    /// The columns whose combinations are the domains.
    #[arg(long, value_name = "D1,D2", value_delimiter = ',', requires = "bare")]
    domain: Vec<String>,

    /// Known totals: a CSV file with the columns column, level and total. A blank level means the total
    /// of the column's numbers; columns may be crossed: "region / sex", "north / f".
    #[arg(long, value_name = "FILE", requires = "check")]
    controls: Option<PathBuf>,

    /// What the weights should add up to.
    #[arg(long, value_name = "N", requires = "check")]
    sum: Option<f64>,

    /// A column of answers, for the design effects that need one, and rows that make up much of its
    /// total.
    #[arg(long, value_name = "COL", requires = "check")]
    answer: Option<String>,

    /// The columns whose combinations, within strata, are the clusters of the first stage.
    #[arg(long, value_name = "A,B", value_delimiter = ',', requires = "check")]
    psu: Vec<String>,

    /// The columns to which the weights were calibrated, numbers or levels, for Henry's design effect.
    #[arg(long, value_name = "X1,X2", value_delimiter = ',', requires_all = ["check", "answer"])]
    auxiliary: Vec<String>,

    /// The columns of factors that make the weight, in the order in which they were taken.
    #[arg(long, value_name = "F1,F2", value_delimiter = ',', requires = "check")]
    factors: Vec<String>,

    /// A pattern of columns of replicate weights, such as 'rw[0-9]+'.
    #[arg(long, value_name = "PATTERN", requires = "check")]
    replicates: Option<String>,

    /// How the replicates were made: brr, fay, jk1, jkn, jk2, bootstrap, acs, sdr or other.
    #[arg(long, value_name = "KIND", requires = "replicates")]
    replicate_type: Option<String>,

    /// The share of a domain's weight above which a row is named.
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, requires = "check")]
    limit: f64,

    /// The relative difference up to which totals are met, and weights the same.
    #[arg(long, value_name = "R", default_value_t = 1e-6, requires = "bare")]
    within: f64,
}

impl Weigh {
    /// Whether no study is needed.
    pub fn is_bare(&self) -> bool {
        self.check.is_some() || !self.compare.is_empty()
    }

    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let weight = self.weight.first().cloned().unwrap_or_default();
        if let Some(data) = self.check {
            let asked = Check {
                data,
                choice: Choice {
                    sheet: self.sheet,
                    codes: false,
                },
                weight,
                strata: self.strata,
                domains: self.domain,
                controls: self.controls,
                sum: self.sum,
                id: self.id,
                answer: self.answer,
                clusters: self.psu,
                auxiliaries: self.auxiliary,
                factors: self.factors,
                replicates: self.replicates,
                kind: self.replicate_type,
                limit: self.limit,
                within: self.within,
            };
            let done = check(&asked)?;
            let tables = tables::checked(&done.value, asked.within, screen.language());
            screen.show("weights-checked", &done, &tables, "");
            return Ok(());
        }
        if let [ours, theirs] = &self.compare[..] {
            let asked = Compare {
                ours: ours.clone(),
                theirs: theirs.clone(),
                id: self.id.unwrap_or_default(),
                their_weight: self
                    .weight
                    .get(1)
                    .cloned()
                    .unwrap_or_else(|| weight.clone()),
                weight,
                domains: self.domain,
                within: self.within,
            };
            let done = compare(&asked)?;
            screen.show(
                "weights-compared",
                &done,
                &compared::compared(&done.value, screen.language()),
                "",
            );
            return Ok(());
        }
        let done = study(common)?.weigh(screen.monitor())?;
        let table = weights_table(&done.value.steps, canvass::weigh::CARDS, screen.language());
        screen.show("weights", &done, &[table], "canvass estimate");
        Ok(())
    }
}
