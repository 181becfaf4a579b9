//! What may be asked of a table beyond figures of columns.

use std::path::PathBuf;

use canvass::bare::estimate::{
    Correct, Error, FitTo, Further, GivenWeights, Made, Model, Replication, Resample, kind,
};
use canvass::estimate::compare::Order;
use canvass::estimate::variance::replicate::Centre;
use canvass::random::Seed;
use canvass::study;
use clap::{ArgGroup, Args, ValueEnum};

/// Replicates, tables, models, and what is told of many differences.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("replication").args(["replicates", "resample"]))]
pub(super) struct Beyond {
    /// Columns of replicate weights that came with the table: 'repwt*', where * stands for any letters
    /// and ? for one; or an expression over whole names, 'rw[0-9]+'. They are taken by their numbers:
    /// rw9 before rw10.
    #[arg(long, value_name = "PATTERN", requires_all = ["data", "replicate_type"])]
    replicates: Option<String>,

    /// How replicate weights were made: brr, fay, jk1, jkn, jk2, bootstrap, acs, sdr or other.
    #[arg(long, value_name = "TYPE", requires = "replicates")]
    replicate_type: Option<String>,

    /// The constant before the sum over replicates, where the type does not tell.
    #[arg(long, value_name = "X", requires = "replicates")]
    scale: Option<f64>,

    /// The constants of single replicates: a file of numbers in the order of the columns, or what --export
    /// wrote beside its file (.json), which knows the scale too, from where replicates are measured, and
    /// whether they are weights. A flag that says otherwise is refused, and so is a type that has other
    /// constants of its own.
    #[arg(long, value_name = "FILE", requires = "replicates")]
    rscales: Option<PathBuf>,

    /// What the lighter half keeps of its weight, of the type fay.
    #[arg(long, value_name = "R", requires = "replicates")]
    rho: Option<f64>,

    /// Degrees of freedom, where the publisher states them; else they are found from the weights of those
    /// who answered.
    #[arg(long, value_name = "N", requires = "replicates")]
    degrees: Option<u64>,

    /// Whether replicate weights are weights; no, if they are factors of the full weight. Without a word it
    /// is as the file of --rscales states it (.json), and else yes.
    #[arg(long, value_name = "YES/NO", requires = "replicates")]
    combined: Option<Combined>,

    /// From where replicates are measured: the figure of the full sample, or their own mean, as R's survey
    /// does unless mse = TRUE. Without a word it is as the file of --rscales states it (.json), and else full.
    #[arg(long, value_name = "WHERE", requires = "replication")]
    centre: Option<From>,

    /// The same as --centre full, by its name in R.
    #[arg(long, requires = "replication", conflicts_with = "centre")]
    mse: bool,

    /// Make replicates of the design: jk1, jkn, jk2, brr, fay:0.3, bootstrap:500, canty-davison:500,
    /// generalised-bootstrap:500, sdr:100 or random-groups:20.
    #[arg(long, value_name = "METHOD", requires = "data")]
    resample: Option<String>,

    /// Where to write the table with the replicate weights that were made, by its ending: .csv, .parquet,
    /// .xlsx, .sav or .dta. How they were made stands beside it, in FILE.json. In a study: where to write the
    /// answers with weights, strata and populations, for analysis elsewhere; nothing is estimated.
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,

    /// Any text, from which all chance comes: needed by replicates that chance decides of, --correct max-t
    /// and --ranks, and refused without any of these.
    #[arg(long, value_name = "TEXT", requires = "data")]
    seed: Option<String>,

    /// Two columns to cross: 'a,b', 'a × b' or 'a x b'. People, shares of all, of the row and of the
    /// column, and whether one has to do with the other. May be given again.
    #[arg(long, value_name = "AxB", requires = "data")]
    table: Vec<String>,

    /// A column whose shares are held against those of a file with the columns level and share. May be
    /// given again.
    #[arg(long, value_name = "A=FILE", requires = "data")]
    fit: Vec<String>,

    /// Which tests of tables are made: that of Rao and Scott (second order, F), or all there are.
    #[arg(long, value_name = "WHICH", default_value = "one", requires = "data")]
    tests: Tests,

    /// A model: 'y ~ a + C(b)'. Columns of numbers are numbers, unless they stand in C( ); others are
    /// labels, compared with the first. May be given again; --by fits it for each domain.
    #[arg(long, value_name = "FORMULA", requires = "data")]
    regress: Vec<String>,

    /// By which law the answer differs: gaussian, binomial, poisson or gamma; a link stands behind it:
    /// binomial(probit).
    #[arg(
        long,
        value_name = "FAMILY",
        default_value = "gaussian",
        requires = "regress"
    )]
    family: String,

    /// Correct p of differences for their number: holm, bonferroni, bh or max-t; with intervals that hold
    /// for all differences at once by bonferroni and max-t.
    #[arg(long, value_name = "HOW", requires = "compare")]
    correct: Option<String>,

    /// Tell between which ranks each compared figure lies, all at once, and which cannot be told apart;
    /// the largest is first, unless smallest is said.
    #[arg(
        long,
        value_name = "FIRST",
        num_args = 0..=1,
        default_missing_value = "largest",
        requires = "compare"
    )]
    ranks: Option<First>,
}

/// Whether replicate weights are weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Combined {
    /// They are.
    Yes,
    /// They are factors of the full weight.
    No,
}

/// From where replicates are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum From {
    /// From the figure of the full sample.
    Full,
    /// From their own mean.
    Mean,
}

/// Which tests are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tests {
    /// That of Rao and Scott, of second order.
    One,
    /// All there are.
    All,
}

/// Which figure is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum First {
    /// The largest.
    Largest,
    /// The smallest.
    Smallest,
}

impl Beyond {
    pub fn replication(&self) -> Result<Option<Replication>, canvass::Error> {
        if let (Some(_), None) = (&self.export, &self.resample) {
            let (what, flag) = ("--export", "resample");
            return Err(Error::Lacks { what, flag }.into());
        }
        let centre = match (self.centre, self.mse) {
            (Some(From::Mean), _) => Some(Centre::Mean),
            (Some(From::Full), _) | (None, true) => Some(Centre::Full),
            (None, false) => None,
        };
        if let Some(pattern) = &self.replicates {
            let word = self.replicate_type.as_deref().unwrap_or_default();
            return Ok(Some(Replication::Given(GivenWeights {
                pattern: pattern.clone(),
                kind: kind(word, self.rho)?,
                combined: self.combined.map(|combined| combined == Combined::Yes),
                scale: self.scale,
                scales: self.rscales.clone(),
                degrees: self.degrees,
                centre,
            })));
        }
        let Some(method) = &self.resample else {
            return Ok(None);
        };
        Ok(Some(Replication::Made(Made {
            resample: Resample::parse(method)?,
            centre: centre.unwrap_or(Centre::Full),
            export: self.export.clone(),
        })))
    }

    pub fn seed(&self) -> Result<Option<Seed>, canvass::Error> {
        let text = self.seed.clone();
        let seed = |text: String| Seed::new(text).ok_or(study::Error::BlankSeed);
        Ok(text.map(seed).transpose()?)
    }

    pub fn further(&self) -> Result<Further, canvass::Error> {
        let fits = self.fit.iter().map(|fit| FitTo::parse(fit));
        let models = self.regress.iter();
        let models = models.map(|formula| Model::parse(formula, &self.family));
        Ok(Further {
            tables: self.table.clone(),
            fits: fits.collect::<Result<_, _>>()?,
            all_tests: self.tests == Tests::All,
            models: models.collect::<Result<_, _>>()?,
            correct: self.correct.as_deref().map(Correct::parse).transpose()?,
            ranks: self.ranks.map(|first| match first {
                First::Largest => Order::LargestFirst,
                First::Smallest => Order::SmallestFirst,
            }),
        })
    }
}
