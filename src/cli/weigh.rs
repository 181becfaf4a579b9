//! How many people each answer speaks for.

mod compared;

mod copies;

mod page;

mod rows;

mod tables;

use std::path::{Path, PathBuf};

use canvass::bare::weights::{Check, Compare, Counting, check, compare, ending, write};
use canvass::files::data::Choice;
use canvass::language::Language;
use canvass::report::weights_table;
use clap::{ArgGroup, Args};

use super::{Common, Screen, study};

/// How many people each answer speaks for: in a study, or weights that somebody brings.
///
/// Reads survey.toml, 3-sample.parquet, 3-draw.json and 5-outcomes.parquet; writes 6-weights.parquet
/// (one factor for each step, for every drawn unit, and whether it gave an interview or is not eligible)
/// and 6-weights.json (what each step did to the weights, and what it cost).
///
/// With --check, no study is needed, and the table stays as it is. Tells what can be seen of a table's
/// weights: totals against what is known, how unequal they are and what that costs, rows without a
/// weight, and rows that make up much of a domain. Rows are counted from 1, without the heading.
///
/// With an answer come the design effects of Spencer; of Chen and Rust, split into weighting, clusters
/// and strata, with --strata or --psu; and of Henry, with --auxiliary. With --factors comes what each
/// step cost. With --replicates comes whether replicate weights go with their weights.
///
/// Some tables keep everybody who was drawn, as 6-weights.parquet does. With --counted their own column
/// says who is counted: rows with 1 must weigh more than 0, and what is told of how weights spread is about
/// them; rows with 0 must weigh 0. Those of --not-eligible are not counted either and may weigh, since they
/// stand for others like them in the list. Known totals go by all weights, and replicate weights are held
/// against the weights of all rows, of those not counted too.
///
/// With --compare, two tables are matched by id, and the records named whose weights differ. With --counted,
/// rows with 0 are set aside, and need neither an id nor a weight.
///
/// Either is written to a file with -o: a page has pictures of how weights spread, of each step, and of
/// known totals before and after; a file .svg is one of them alone. Whatever is found fault with is a notice, so that --strict fails on it.
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

    /// A column of 1 and 0: rows with 1 are counted. With --compare it is that of ours, and of theirs where it
    /// has one; rows with 0 are set aside.
    #[arg(long, value_name = "COL", requires = "bare")]
    counted: Option<String>,

    /// A column of 1 and 0: rows with 1 are known not to belong to the population.
    #[arg(long, value_name = "COL", requires_all = ["check", "counted"])]
    not_eligible: Option<String>,

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

    /// A pattern of columns of replicate weights, such as 'rw[0-9]+'. Each is held against the weights of all
    /// rows, whoever is counted. How many there should be is told by --strata and --psu: by those with a row
    /// that weighs more than 0, or by all of them, since replicates may be older than weights of 0.
    #[arg(long, value_name = "PATTERN", requires = "check")]
    replicates: Option<String>,

    /// How the replicates were made: brr, fay, jk1, jkn, jk2, bootstrap, acs, sdr or other.
    #[arg(long, value_name = "KIND", requires = "replicates")]
    replicate_type: Option<String>,

    /// The share of a domain's weight above which a row is named.
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, requires = "check")]
    limit: f64,

    /// Write all of it to a file too: a page with pictures (.html), a workbook (.xlsx), or .md or .json; or
    /// one picture (.svg).
    #[arg(short = 'o', long = "output", value_name = "FILE", requires = "bare")]
    output: Option<PathBuf>,

    /// Which picture a file .svg is to be, where there are several: distribution, steps (with --factors),
    /// balance (with --controls or --sum) or ratios (with --compare).
    #[arg(long, value_name = "NAME", requires = "output")]
    picture: Option<String>,

    /// The relative difference up to which totals are met, and weights the same.
    #[arg(long, value_name = "R", default_value_t = 1e-6, requires = "bare")]
    within: f64,
}

impl Weigh {
    /// Whether no study is needed.
    pub fn is_bare(&self) -> bool {
        self.check.is_some() || !self.compare.is_empty()
    }

    pub fn run(mut self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        if let Some(data) = self.check.take() {
            return self.check(data, screen);
        }
        if let [ours, theirs] = std::mem::take(&mut self.compare).as_slice() {
            return self.compare(ours, theirs, screen);
        }
        let done = study(common)?.weigh(screen.monitor())?;
        let table = weights_table(&done.value.steps, canvass::weigh::CARDS, screen.language());
        screen.show("weights", &done, &[table], "canvass estimate");
        Ok(())
    }

    /// The first column of weights that is named.
    fn ours(&self) -> String {
        self.weight.first().cloned().unwrap_or_default()
    }

    fn check(self, data: PathBuf, screen: &mut Screen) -> Result<(), canvass::Error> {
        let (weight, language) = (self.ours(), screen.language());
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
            counted: self.counted.map(|by| Counting {
                by,
                not_eligible: self.not_eligible,
            }),
            answer: self.answer,
            clusters: self.psu,
            auxiliaries: self.auxiliary,
            factors: self.factors,
            replicates: self.replicates,
            kind: self.replicate_type,
            limit: self.limit,
            within: self.within,
        };
        if let Some(path) = &self.output {
            let read: Vec<&PathBuf> = [&asked.data].into_iter().chain(&asked.controls).collect();
            ending(path, self.picture.as_deref(), &read)?;
        }
        let mut done = check(&asked)?;
        let tables = tables::checked(&done.value, asked.within, language);
        if let Some(path) = &self.output {
            let (file, column) = (asked.data.display(), &asked.weight);
            let title = match language {
                Language::English => format!("The weights '{column}' of {file}"),
                Language::Chinese => format!("{file}的权数“{column}”"),
            };
            let (value, told) = (&done.value, tables.clone());
            let page = page::checked(&title, value, told, &done.notices, language);
            write(&page, self.picture.as_deref(), path)?;
            done.wrote.push(path.display().to_string());
        }
        screen.show("weights-checked", &done, &tables, "");
        Ok(())
    }

    fn compare(
        self,
        ours: &Path,
        theirs: &Path,
        screen: &mut Screen,
    ) -> Result<(), canvass::Error> {
        let (weight, language) = (self.ours(), screen.language());
        let asked = Compare {
            ours: ours.to_owned(),
            theirs: theirs.to_owned(),
            id: self.id.unwrap_or_default(),
            their_weight: self.weight.get(1).unwrap_or(&weight).clone(),
            weight,
            domains: self.domain,
            counted: self.counted,
            within: self.within,
        };
        if let Some(path) = &self.output {
            ending(path, self.picture.as_deref(), &[ours, theirs])?;
        }
        let mut done = compare(&asked)?;
        let tables = compared::compared(&done.value, language);
        if let Some(path) = &self.output {
            let (ours, theirs) = (ours.display(), theirs.display());
            let title = match language {
                Language::English => format!("The weights of {ours} and {theirs}"),
                Language::Chinese => format!("{ours}与{theirs}的权数"),
            };
            let (value, told) = (&done.value, tables.clone());
            let page = page::compared(&title, value, told, &done.notices, language);
            write(&page, self.picture.as_deref(), path)?;
            done.wrote.push(path.display().to_string());
        }
        screen.show("weights-compared", &done, &tables, "");
        Ok(())
    }
}
