//! What is asked of a table.

use std::path::PathBuf;

use super::{By, Correct, Drawn, Error, Filter, Further, Replication};
use crate::estimate::quantile::Rule;
use crate::estimate::variance::Lonely;
use crate::estimate::{ShareInterval, smooth};
use crate::files::data::Choice;
use crate::random::Seed;

/// What is asked of a table: the roles of its columns, and figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// A file of any format that [`Data`](crate::files::data::Data) reads, or a folder of Parquet files.
    pub data: PathBuf,
    /// Which sheet of a workbook, and whether codes stand for their labels.
    pub choice: Choice,
    /// The column of weights.
    pub weight: String,
    /// For each stage, the columns whose combinations are the strata. Fewer than stages: the later
    /// ones have none.
    pub strata: Vec<Vec<String>>,
    /// The columns of clusters, one for each stage. Without, rows were drawn.
    pub clusters: Vec<String>,
    /// The columns of how many clusters a stratum has, or which fraction was drawn, one for each stage that
    /// has no column of chances.
    pub populations: Vec<String>,
    /// How rows were drawn, where units had chances of their own: the first stages then have no
    /// populations.
    pub drawn: Option<Drawn>,
    /// Whether labels of clusters begin anew in each stratum.
    pub nest: bool,
    /// What strata with a single cluster are taken for.
    pub lonely: Lonely,
    /// The figures, in order.
    pub figures: Vec<Figure>,
    /// Which point between two answers a quantile is: [`Rule::Hf1`], unless it is given. Equal answers
    /// stand in the order of their weights, of which the rules with lines make a difference.
    pub rule: Option<Rule>,
    /// How intervals of shares are made, and those of quantiles by way of shares: [`ShareInterval::Student`],
    /// unless it is given.
    pub interval: Option<ShareInterval>,
    /// Whether shares are judged by the presentation standards of the NCHS.
    pub nchs: bool,
    /// The columns whose combinations are the domains.
    pub by: Vec<String>,
    /// A column between whose levels figures are compared, each pair in every combination of the other
    /// domains; it divides domains, whether `by` names it or not.
    pub compare: Option<String>,
    /// The rows that are meant; without, all.
    pub filter: Option<Filter>,
    /// The confidence of intervals: 0.95.
    pub confidence: f64,
    /// Whether design effects are wanted.
    pub deff: bool,
    /// Replicates that variances are made of, in the place of strata and clusters.
    pub replication: Option<Replication>,
    /// The text that chance comes from: needed for replicates that chance decides of, for the largest of
    /// many t, and for ranks.
    pub seed: Option<Seed>,
    /// Tables, models, and what is told of many differences.
    pub further: Further,
}

impl Asked {
    /// Whether it makes sense before the table is read.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.figures.is_empty() && !self.further.is_any() {
            return Err(Error::NothingAsked);
        }
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            return Err(Error::Confidence {
                given: self.confidence,
            });
        }
        let shares = self.figures.iter().any(Figure::is_share);
        let quantiles = self.figures.iter().any(Figure::is_quantile);
        let idle = [
            ("rule", self.rule.is_some() && !quantiles, "quantile"),
            ("standards", self.nchs && !shares, "share"),
            (
                "interval",
                self.interval.is_some() && !shares && !quantiles,
                "share",
            ),
        ];
        match idle.into_iter().find(|(_, idle, _)| *idle) {
            Some((flag, _, needs)) => Err(Error::Idle { flag, needs }),
            None => self.check_further(),
        }
    }

    fn check_further(&self) -> Result<(), Error> {
        self.check_drawn()?;
        let further = &self.further;
        let many = [
            ("correct", further.correct.is_some()),
            ("ranks", further.ranks.is_some()),
        ];
        let figures = !self.figures.is_empty();
        if let Some((flag, _)) = many.into_iter().find(|(_, asked)| *asked)
            && (self.compare.is_none() || !figures)
        {
            let why = "it is about figures whose levels are compared";
            return Err(Error::Needless { flag, why });
        }
        if further.all_tests && further.tables.is_empty() && further.fits.is_empty() {
            let why = "there is neither a table nor a fit to test";
            return Err(Error::Needless { flag: "tests", why });
        }
        let given = matches!(self.replication, Some(Replication::Given(_)));
        if given
            && !(self.strata.is_empty() && self.clusters.is_empty() && self.populations.is_empty())
        {
            let why = "strata and clusters are in them already";
            return Err(Error::Needless {
                flag: "strata, --psu and --fpc beside --replicates",
                why,
            });
        }
        self.check_seed()
    }

    /// Whether a seed is given where chance decides, and nowhere else.
    fn check_seed(&self) -> Result<(), Error> {
        let what = match &self.replication {
            Some(Replication::Made(made)) if made.resample.is_chance() => Some("such replicates"),
            _ if self.further.ranks.is_some() => Some("a confidence set of ranks"),
            _ if self.further.correct == Some(Correct::Largest) => Some("the largest of many t"),
            _ => None,
        };
        match (what, &self.seed) {
            (Some(what), None) => Err(Error::NoSeed { what }),
            (None, Some(_)) => Err(Error::Needless {
                flag: "seed",
                why: "nothing is left to chance but by --correct max-t, by --ranks, and by --resample \
                      bootstrap, canty-davison, generalised-bootstrap, jk2 and random-groups",
            }),
            _ => Ok(()),
        }
    }

    /// Whether the stages have what the formula for unequal chances asks for.
    fn check_drawn(&self) -> Result<(), Error> {
        let Some(drawn) = &self.drawn else {
            return Ok(());
        };
        let (flag, why) = match &self.replication {
            Some(Replication::Given(_)) => (
                "chances and formulas of them beside --replicates",
                "replicate weights know how rows were drawn",
            ),
            Some(Replication::Made(_)) => (
                "chances and formulas of them beside --resample",
                "replicates are made of strata, clusters and --fpc alone",
            ),
            None if !drawn.is_staged() && !self.populations.is_empty() => (
                "fpc beside this formula",
                "it knows the end of the population by the chances",
            ),
            None if !drawn.is_staged() && (self.clusters.len() > 1 || self.strata.len() > 1) => (
                "psu and --strata of a second stage",
                "only hajek, deville and brewer know more stages than one",
            ),
            None if drawn.is_staged() => {
                let known = drawn.chances.len() + self.populations.len();
                return match self.clusters.len() > known {
                    true => Err(Error::Lacks {
                        what: "every stage of --psu",
                        flag: "chances, or --fpc after those",
                    }),
                    false => Ok(()),
                };
            }
            None => return Ok(()),
        };
        Err(Error::Needless { flag, why })
    }

    /// The columns of chances, stage by stage.
    pub(super) fn chances(&self) -> &[String] {
        self.drawn.as_ref().map_or(&[], |drawn| &drawn.chances)
    }

    /// The column that tells how often a row was hit.
    pub(super) fn hits(&self) -> Option<&str> {
        match &self.drawn.as_ref()?.by {
            By::Replaced(hits) => hits.as_deref(),
            _ => None,
        }
    }

    /// The columns of numbers that tell how rows were drawn, each once.
    pub(super) fn drawn_numbers(&self) -> Vec<&str> {
        let chances = self.chances().iter().map(String::as_str);
        let more = self.drawn.iter().flat_map(Drawn::numbers);
        let mut once: Vec<&str> = Vec::new();
        for name in chances.chain(more) {
            if !once.contains(&name) {
                once.push(name);
            }
        }
        once
    }

    /// The columns whose combinations are the domains: those named, and the one compared.
    pub(super) fn domains(&self) -> Vec<&str> {
        let by = self.by.iter().map(String::as_str);
        let known = |column: &&String| !self.by.contains(column);
        by.chain(self.compare.iter().filter(known).map(String::as_str))
            .collect()
    }
}

/// A figure of some columns.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// The mean of numbers.
    Mean(String),
    /// The total of numbers.
    Total(String),
    /// The share of every level of a column.
    Share(String),
    /// The total of one column over that of another.
    Ratio(String, String),
    /// The answers below which these shares of the people lie.
    Quantiles(String, Vec<f64>),
    /// The variance of numbers among people.
    Variance(String),
    /// Their standard deviation.
    Spread(String),
    /// How closely two columns go together.
    Correlation(String, String),
    /// A function of totals and means: "sum(a) / sum(b)".
    Function(String),
}

impl Figure {
    /// The ratio that "calls/minutes" says.
    ///
    /// # Errors
    ///
    /// [`Error::NoRatio`] if that is not one column over another.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::bare::estimate::Figure;
    /// assert_eq!(Figure::ratio("calls/minutes")?, Figure::Ratio("calls".into(), "minutes".into()));
    /// assert!(Figure::ratio("calls").is_err());
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn ratio(given: &str) -> Result<Figure, Error> {
        match given.split('/').map(str::trim).collect::<Vec<_>>()[..] {
            [above, below] if !above.is_empty() && !below.is_empty() => {
                Ok(Figure::Ratio(above.to_owned(), below.to_owned()))
            }
            _ => Err(Error::NoRatio {
                given: given.to_owned(),
            }),
        }
    }

    /// The quantiles that "minutes:0.25,0.5" says; of a column alone, the median.
    ///
    /// # Errors
    ///
    /// [`Error::NoQuantile`] if what follows the last colon is no list of shares between 0 and 1.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::bare::estimate::Figure;
    /// assert_eq!(Figure::quantiles("minutes")?, Figure::Quantiles("minutes".into(), vec![0.5]));
    /// assert_eq!(Figure::quantiles("minutes:0.1,0.9")?, Figure::Quantiles("minutes".into(), vec![0.1, 0.9]));
    /// assert!(Figure::quantiles("minutes:90").is_err());
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn quantiles(given: &str) -> Result<Figure, Error> {
        let wrong = || Error::NoQuantile {
            given: given.to_owned(),
        };
        let Some((column, shares)) = given.rsplit_once(':') else {
            return match given.trim() {
                "" => Err(wrong()),
                column => Ok(Figure::Quantiles(column.to_owned(), vec![0.5])),
            };
        };
        let share = |text: &str| text.trim().parse().ok().filter(|p| *p > 0.0 && *p < 1.0);
        let at: Option<Vec<f64>> = shares.split(',').map(share).collect();
        match (column.trim(), at) {
            ("", _) | (_, None) => Err(wrong()),
            (column, Some(at)) => Ok(Figure::Quantiles(column.to_owned(), at)),
        }
    }

    /// The correlation that "minutes,calls" says.
    ///
    /// # Errors
    ///
    /// [`Error::NoPair`] if those are not two columns.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::bare::estimate::Figure;
    /// assert_eq!(Figure::correlation("a, b")?, Figure::Correlation("a".into(), "b".into()));
    /// assert!(Figure::correlation("a").is_err());
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn correlation(given: &str) -> Result<Figure, Error> {
        match given.split(',').map(str::trim).collect::<Vec<_>>()[..] {
            [this, other] if !this.is_empty() && !other.is_empty() => {
                Ok(Figure::Correlation(this.to_owned(), other.to_owned()))
            }
            _ => Err(Error::NoPair {
                given: given.to_owned(),
            }),
        }
    }

    /// The function of totals and means that "sum(a) / sum(b)" says.
    ///
    /// # Errors
    ///
    /// [`Error::Expression`] says where it cannot be understood.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::bare::estimate::Figure;
    /// assert!(Figure::function("sum(calls) / sum(minutes)").is_ok());
    /// assert!(Figure::function("sum(calls) /").is_err());
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn function(given: &str) -> Result<Figure, Error> {
        smooth::columns(given).map_err(Error::Expression)?;
        Ok(Figure::Function(given.trim().to_owned()))
    }

    fn is_share(&self) -> bool {
        matches!(self, Figure::Share(_))
    }

    fn is_quantile(&self) -> bool {
        matches!(self, Figure::Quantiles(..))
    }

    /// The columns it is made of; of a function, none: see [`smooth::columns`].
    pub(super) fn columns(&self) -> Vec<&str> {
        match self {
            Figure::Mean(column)
            | Figure::Total(column)
            | Figure::Share(column)
            | Figure::Quantiles(column, _)
            | Figure::Variance(column)
            | Figure::Spread(column) => vec![column],
            Figure::Ratio(this, other) | Figure::Correlation(this, other) => vec![this, other],
            Figure::Function(_) => vec![],
        }
    }
}
