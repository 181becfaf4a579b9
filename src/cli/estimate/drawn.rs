//! How rows of a table were drawn, where units had chances of their own.

use std::path::PathBuf;

use canvass::bare::estimate::{Drawn, DrawnWords};
use clap::Args;

/// Chances of units, and the formula that makes variances of them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Unequal chances")]
pub(super) struct Chances {
    /// For each of the first stages, the column of the chance that the cluster, or the row, had to be drawn
    /// from its stratum; 1 if it was certain. Later stages have --fpc.
    #[arg(
        id = "chances",
        long,
        value_name = "P1,P2",
        value_delimiter = ',',
        requires = "data"
    )]
    columns: Vec<String>,

    /// The method by which units were drawn, as survey.toml and `canvass explain` have it: variances are
    /// those of a study that drew so, unless --formula says otherwise. A cube whose strata landed together
    /// (--landing pooled) is stratified-cube.
    #[arg(long, value_name = "METHOD", requires = "data")]
    method: Option<String>,

    /// The formula: hajek (without any, and any number of stages), deville, brewer, brewer-total,
    /// brewer-hartley-rao, brewer-high-entropy; horvitz-thompson (ht) or sen-yates-grundy (syg, yg) with
    /// --pairs, --joint or --list; successive with --order; local-mean with --spread; balanced, or
    /// balanced-together of strata that landed together, with --balance; poisson; hansen-hurwitz, with replacement, without --chances.
    #[arg(long, value_name = "FORMULA", requires = "data")]
    formula: Option<String>,

    /// A formula that comes near the chances of pairs: hartley-rao, overton, hajek, brewer, brewer-total,
    /// brewer-hartley-rao or brewer-high-entropy.
    #[arg(long, value_name = "NEAR", requires = "data")]
    pairs: Option<String>,

    /// A file of the chances of pairs: a square in the order of the rows; or, with --id, a square whose
    /// columns are called as units are, or the columns unit, other and chance.
    #[arg(long, value_name = "FILE", requires = "data")]
    joint: Option<PathBuf>,

    /// The column that names units, for --joint.
    #[arg(long, value_name = "COL", requires = "joint")]
    id: Option<String>,

    /// The list that units were drawn from, one line each, with the columns of --strata and --chances:
    /// --method sampford, conditional, tille or midzuno then give the chances of pairs.
    #[arg(long, value_name = "FILE", requires = "method")]
    list: Option<PathBuf>,

    /// The column of numbers that tells in which order the walk along the list met the units.
    #[arg(long, value_name = "COL", requires = "data")]
    order: Option<String>,

    /// The columns of numbers that tell where units are.
    #[arg(long, value_name = "X,Y", value_delimiter = ',', requires = "data")]
    spread: Vec<String>,

    /// The columns of amounts that the sample was balanced on.
    #[arg(long, value_name = "X,Y", value_delimiter = ',', requires = "data")]
    balance: Vec<String>,

    /// The column that tells how often a unit was drawn, for hansen-hurwitz; once, unless it is given.
    #[arg(long, value_name = "COL", requires = "data")]
    hits: Option<String>,
}

impl Chances {
    /// What was said; none if nothing was.
    pub fn drawn(&self) -> Result<Option<Drawn>, canvass::Error> {
        Ok(Drawn::parse(&DrawnWords {
            chances: self.columns.clone(),
            method: self.method.clone(),
            formula: self.formula.clone(),
            pairs: self.pairs.clone(),
            joint: self.joint.clone(),
            id: self.id.clone(),
            list: self.list.clone(),
            order: self.order.clone(),
            spread: self.spread.clone(),
            balance: self.balance.clone(),
            hits: self.hits.clone(),
        })?)
    }
}
