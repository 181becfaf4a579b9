//! Why nothing could be drawn from a bare file.

use crate::advice::{Advise, list};
use crate::error::ExitClass;

/// Why nothing could be drawn from a bare file. What a room says goes through as it is.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No method has this key.
    #[error("no drawing method is called '{key}'")]
    NoMethod {
        /// The key.
        key: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// A method of unequal chances, and no sizes.
    #[error("'{method}' draws in proportion to size, and no column of sizes is named")]
    NoSize {
        /// The method.
        method: String,
    },
    /// Sizes, and a method of equal chances.
    #[error("'{method}' draws with equal chances, and '{size}' is named as size")]
    SizeUnused {
        /// The method.
        method: String,
        /// The column.
        size: String,
    },
    /// A method that needs places or amounts, and none named.
    #[error("'{method}' needs {what}")]
    Lacks {
        /// The method.
        method: String,
        /// What is missing.
        what: String,
        /// The flag that names it.
        flag: String,
    },
    /// Something was asked for that the method has no use for.
    #[error("'{method}' has no use for {flag}")]
    Unused {
        /// The method.
        method: String,
        /// The flag.
        flag: String,
        /// Why.
        why: String,
    },
    /// A share outside 0 to 1.
    #[error("a rate of {rate} is not above 0 and up to 1")]
    BadRate {
        /// The rate.
        rate: String,
    },
    /// The file to write has no ending that says how.
    #[error("{path} ends in none of .csv, .parquet, .xlsx, .sav and .dta")]
    Ending {
        /// The file.
        path: String,
    },
    /// The sample would be written over the list.
    #[error("{list} is the list, and the sample would be written over it")]
    OverList {
        /// The list.
        list: String,
    },
    /// What is asked for is told beside a file, and no file is named.
    #[error(
        "no file is named for the sample, and standard output has no room for both it and how it was drawn"
    )]
    NoOut,
    /// The list has columns with the names of those to be written.
    #[error(
        "{list} has columns already that the sample would add: {}",
        crate::advice::list(columns)
    )]
    Clash {
        /// The list.
        list: String,
        /// The columns.
        columns: Vec<String>,
    },
    /// The list is not fit to draw from.
    #[error("{list} is not fit to draw from: {}", problems.join("; "))]
    Unfit {
        /// The list.
        list: String,
        /// What is wrong, with counts and rows.
        problems: Vec<String>,
    },
    /// Strata that are too small.
    #[error("{}", short.iter().map(Short::says).collect::<Vec<_>>().join("; "))]
    TooFew {
        /// Each of them.
        short: Vec<Short>,
    },
    /// An allocation does not name the list's strata, each once.
    #[error("{path} does not name every stratum of the list once: {}", problems.join("; "))]
    Allocation {
        /// The file.
        path: String,
        /// What is wrong, with the strata.
        problems: Vec<String>,
    },
    /// An allocation to strata, and no strata.
    #[error("an allocation names strata, and no column of strata is named")]
    NoStrata,
    /// A stage of a draw in stages that makes no sense.
    #[error("{stage}: {why}")]
    Stage {
        /// The stage, as it was written or by its column.
        stage: String,
        /// What is wrong.
        why: String,
        /// What to do.
        hint: String,
    },
    /// A stage names a column that the list does not have.
    #[error("{list} has no column {}", crate::advice::list(missing))]
    NoClusters {
        /// The list.
        list: String,
        /// The columns that are not there.
        missing: Vec<String>,
        /// Those that may have been meant.
        near: Vec<String>,
        /// Those that are there.
        there: Vec<String>,
    },
    /// So many units from each last cluster, and no clusters.
    #[error("units are asked for within clusters, and no stage of clusters is named")]
    NoStages,
    /// Clusters, or strata, that hold too few or too many.
    #[error("{}", problems.join("; "))]
    Clusters {
        /// What is wrong at each stage: how many, and the first.
        problems: Vec<String>,
    },
    /// A draw cannot go on from an earlier one.
    #[error("this draw cannot go on from {before}: {}", problems.join("; "))]
    Before {
        /// The manifest of the earlier draw.
        before: String,
        /// All that is in the way.
        problems: Vec<String>,
    },
    /// Chances of pairs that are not known.
    #[error("the chances of pairs are not known: {}", problems.join("; "))]
    Pairs {
        /// Of which strata, or why.
        problems: Vec<String>,
    },
    /// More drawn units than a table of their pairs has room for.
    #[error(
        "the pairs of {units} drawn units would be a table of {} lines, and there is room for those of {most} units",
        *units as u128 * (*units as u128 + 1) / 2
    )]
    ManyPairs {
        /// Units that are drawn, of all strata.
        units: usize,
        /// How many there may be.
        most: usize,
    },
    /// A manifest does not hold all that was asked for.
    #[error("{manifest} does not hold {lacks}, and nobody can draw again by it")]
    Older {
        /// The manifest.
        manifest: String,
        /// The version of canvass that wrote it.
        version: String,
        /// What is missing.
        lacks: String,
    },
    /// A file that a draw went by is not what it was.
    #[error("{file} is not the file that was drawn by: its SHA-256 is {found}, not {wanted}")]
    OtherFile {
        /// The file.
        file: String,
        /// The flag that names another.
        flag: String,
        /// Its SHA-256.
        found: String,
        /// What it was when the sample was drawn.
        wanted: String,
    },
    /// A sample, or its manifest, is not what a second draw gives.
    #[error("{sample} is not what its manifest and the list give: {}", problems.join("; "))]
    NotSame {
        /// The sample.
        sample: String,
        /// How many differ of what, and the first.
        problems: Vec<String>,
    },
    /// What one unit's number made of it, nobody can tell without more.
    #[error("what became of '{unit}' cannot be told: {why}")]
    NoTelling {
        /// The unit.
        unit: String,
        /// Why.
        why: String,
        /// What to do.
        hint: String,
    },
    /// This is not the draw that was promised.
    #[error("this is not the draw that {promise} promises: {}", problems.join("; "))]
    Broken {
        /// The promise.
        promise: String,
        /// What is another, with what was promised.
        problems: Vec<String>,
    },
    /// Nothing is asked for.
    #[error("no units are asked for in any stratum")]
    Nothing,
    /// A stratum could not be drawn from.
    #[error("stratum '{stratum}': {error}")]
    Stratum {
        /// The stratum.
        stratum: String,
        /// Why.
        error: crate::draw::Error,
    },
    /// The list is no longer what it was when it was checked.
    #[error("{list} has changed while it was being drawn from")]
    Changed {
        /// The list.
        list: String,
    },
}

/// A stratum with fewer units than are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    /// Its label; none for the whole list.
    pub stratum: Option<String>,
    /// Units there are that have a chance.
    pub there: u64,
    /// Units asked for.
    pub asked: u64,
    /// Whether only units of a size above 0 count.
    pub sized: bool,
}

impl Short {
    pub(super) fn says(&self) -> String {
        let place = match &self.stratum {
            Some(stratum) => format!("stratum '{stratum}'"),
            None => "the list".to_owned(),
        };
        let sized = if self.sized { " of a size above 0" } else { "" };
        format!(
            "{place} has {} units{sized}, and {} are asked for",
            self.there, self.asked
        )
    }
}

impl Error {
    /// Which exit code tells of it.
    #[must_use]
    pub fn class(&self) -> ExitClass {
        match self {
            Error::Unfit { .. }
            | Error::Clash { .. }
            | Error::TooFew { .. }
            | Error::Allocation { .. }
            | Error::Clusters { .. }
            | Error::NoClusters { .. }
            | Error::OtherFile { .. }
            | Error::NotSame { .. }
            | Error::Broken { .. }
            | Error::Changed { .. } => ExitClass::Data,
            Error::Older { .. } | Error::NoTelling { .. } => ExitClass::File,
            Error::Stratum { .. } => ExitClass::Method,
            _ => ExitClass::Request,
        }
    }
}

impl Advise for Error {
    fn place(&self) -> Option<String> {
        match self {
            Error::Unfit { list: path, .. }
            | Error::Clash { list: path, .. }
            | Error::NoClusters { list: path, .. }
            | Error::Changed { list: path }
            | Error::Older { manifest: path, .. }
            | Error::OtherFile { file: path, .. }
            | Error::NotSame { sample: path, .. }
            | Error::Broken { promise: path, .. }
            | Error::Allocation { path, .. } => Some(path.clone()),
            _ => None,
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::NoMethod { known, .. } => format!("methods are {}", known.join(", ")),
            Error::NoSize { .. } => {
                "name it: --size COL; for equal chances take simple, systematic, pivotal or bernoulli".into()
            }
            Error::SizeUnused { .. } => {
                "leave --size out, or take a method that draws in proportion to size: pps-systematic, \
                 sampford, sequential-poisson, pareto, poisson …"
                    .into()
            }
            Error::Lacks { flag, .. } => format!("name the columns: {flag}"),
            Error::Unused { flag, why, .. } => format!("leave {flag} out: {why}"),
            Error::BadRate { .. } => "give a share such as --rate 0.05".into(),
            Error::Ending { .. } => "name the sample's file sample.csv, or sample.parquet".into(),
            Error::OverList { .. } => "name another file with -o".into(),
            Error::NoOut => "name it: -o sample.csv; or leave --format out".into(),
            Error::Clash { .. } => "rename these columns in the list; the sample keeps all of its columns".into(),
            Error::Unfit { .. } => "mend these rows; they are counted from 1, without the heading".into(),
            Error::TooFew { .. } => "ask for fewer, or join these strata to neighbours".into(),
            Error::Allocation { .. } => {
                "write a line for each stratum: its labels as they stand in the list, and n".into()
            }
            Error::NoStrata => "name the columns: --strata A,B; or say how many with --n".into(),
            Error::Stage { hint, .. } => hint.clone(),
            Error::NoClusters { near, there, .. } if near.is_empty() => {
                format!("name columns that it has: {}", list(there))
            }
            Error::NoClusters { near, .. } => format!("did you mean {}?", list(near)),
            Error::NoStages => "name them: --stage branch:20".into(),
            Error::Clusters { .. } => {
                "ask for fewer, or for all; or join small clusters to neighbours, and part large ones".into()
            }
            Error::Before { .. } => {
                "draw both by the same seed, strata and method, one of simple, bernoulli, poisson, \
                 sequential-poisson, pareto and pareto-adjusted; --turn same goes on from any turn"
                    .into()
            }
            Error::Pairs { .. } => {
                "leave --joint out, or name an approximation with --joint-by; pairs of chromy are found among up to \
                 5000 that it draws from at once"
                    .into()
            }
            Error::ManyPairs { .. } => "draw fewer, or leave --joint out".into(),
            Error::Older { version, .. } => {
                format!("it was written by canvass {version}: verify by hand, or draw again with this version")
            }
            Error::OtherFile { flag, .. } => format!("name the file as it was: {flag} FILE"),
            Error::NotSame { .. } => {
                "list, sample or manifest were changed, or are of two draws: compare each with the file that was \
                 signed or handed out"
                    .into()
            }
            Error::NoTelling { hint, .. } => hint.clone(),
            Error::Broken { .. } => {
                "put back what was promised; or promise again before anybody is drawn, and publish that too".into()
            }
            Error::Nothing => "ask for more, or for --each stratum".into(),
            Error::Stratum { error, .. } => return error.hint(),
            Error::Changed { .. } => "draw again, from a file that nobody writes to".into(),
        })
    }
}

/// Strata named for a person: "unknown: 'A', 'B'".
pub(super) fn named(what: &str, strata: &[String]) -> Option<String> {
    (!strata.is_empty()).then(|| format!("{} {what}: {}", strata.len(), list(strata)))
}

#[cfg(test)]
mod tests {
    use super::{Error, Short};
    use crate::advice::Advise;

    #[test]
    fn every_stratum_that_is_too_small_is_told() {
        let short = |stratum: &str, there, sized| Short {
            stratum: Some(stratum.to_owned()),
            there,
            asked: 9,
            sized,
        };
        let error = Error::TooFew {
            short: vec![short("A", 3, false), short("B", 0, true)],
        };
        assert_eq!(
            error.to_string(),
            "stratum 'A' has 3 units, and 9 are asked for; stratum 'B' has 0 units of a size above 0, \
             and 9 are asked for"
        );
        assert!(error.hint().is_some_and(|hint| hint.contains("fewer")));
    }
}
