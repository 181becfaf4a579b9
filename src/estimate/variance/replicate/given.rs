//! Replicates that came with the data.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use super::replicates::{Origin, Scale};
use super::{Centre, Error, Replicates, rank};
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "replicate-weights",
    title: Words::new("Replicate weights with the data", "数据自带的重复权数"),
    says: Words::new(
        "Columns of weights that whoever made the data published, instead of strata and clusters. How \
         their differences make a variance depends on how they were made; constants that cannot be \
         told from the columns must be given.",
        "数据发布者提供的重复权数列，用以代替层和群信息。如何由其差异得到方差取决于制作方法，\
         无法由各列推知的常数必须给出。",
    ),
    formula: "brr: c = 1/R;  fay: 1/(R (1 − ρ)²);  jk1: (R − 1)/R;  jkn: c_r = (n_h − 1)/n_h;  jk2: 1;  bootstrap: 1/(R − 1);  acs, sdr: 4/R",
    sources: &[
        Source::at("Wolter (2007)", "ch. 2–5"),
        Source::at("Lumley (2010)", "§2.3"),
    ],
};

/// How replicates that came with the data were made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Balanced half-samples.
    Brr,
    /// Fay's half-samples.
    Fay {
        /// What the lighter half keeps of its weight.
        rho: f64,
    },
    /// A jackknife without strata.
    Jk1,
    /// A jackknife in strata.
    Jkn,
    /// A jackknife in pairs.
    Jk2,
    /// A bootstrap; each replicate the mean of `average` of them, as a rule 1.
    Bootstrap {
        /// How many were averaged.
        average: u32,
    },
    /// The replicates of the American Community Survey: successive differences.
    Acs,
    /// Successive differences.
    Successive,
    /// Anything else, with its own constants.
    Other,
}

impl Kind {
    /// The word for it, as R's `svrepdesign` has it in lower case.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Brr => "brr",
            Kind::Fay { .. } => "fay",
            Kind::Jk1 => "jk1",
            Kind::Jkn => "jkn",
            Kind::Jk2 => "jk2",
            Kind::Bootstrap { .. } => "bootstrap",
            Kind::Acs => "acs",
            Kind::Successive => "successive-difference",
            Kind::Other => "other",
        }
    }

    /// The kind of this word; `rho` is needed for Fay's only.
    ///
    /// ```
    /// use canvass::estimate::variance::replicate::Kind;
    /// assert_eq!(Kind::named("jk1", None), Some(Kind::Jk1));
    /// assert_eq!(Kind::named("fay", None), None);
    /// ```
    #[must_use]
    pub fn named(word: &str, rho: Option<f64>) -> Option<Kind> {
        match (word, rho) {
            ("fay", Some(rho)) => Some(Kind::Fay { rho }),
            ("sdr", _) => Some(Kind::Successive),
            _ => [
                Kind::Brr,
                Kind::Jk1,
                Kind::Jkn,
                Kind::Jk2,
                Kind::Bootstrap { average: 1 },
                Kind::Acs,
                Kind::Successive,
                Kind::Other,
            ]
            .into_iter()
            .find(|kind| kind.word() == word),
        }
    }
}

/// Half a unit in the sixth digit of a number that begins with 1.
const SIX_DIGITS: f64 = 5e-6;

/// Whether a constant that somebody states is the other one to six digits: whoever writes 0.333333 means a
/// third.
pub(crate) fn same(stated: f64, other: f64) -> bool {
    (stated - other).abs() <= SIX_DIGITS * other.abs()
}

impl Kind {
    /// c of so many replicates, where the kind itself says what it is.
    ///
    /// ```
    /// use canvass::estimate::variance::replicate::Kind;
    /// assert_eq!(Kind::Brr.scale(8), Some(0.125));
    /// assert_eq!(Kind::Jkn.scale(8), None);
    /// ```
    #[must_use]
    pub fn scale(self, count: usize) -> Option<f64> {
        let count = count as f64;
        match self {
            Kind::Brr => Some(1.0 / count),
            Kind::Fay { rho } => Some(1.0 / (count * (1.0 - rho) * (1.0 - rho))),
            Kind::Jk2 => Some(1.0),
            Kind::Acs | Kind::Successive => Some(4.0 / count),
            Kind::Jk1 | Kind::Jkn | Kind::Bootstrap { .. } | Kind::Other => None,
        }
    }

    /// The first of these c_r that this kind does not have: of some, all are 1.
    pub(crate) fn unlike(self, scales: &[f64]) -> Option<f64> {
        let plain = matches!(self, Kind::Jk2 | Kind::Acs | Kind::Successive);
        let mut odd = scales.iter().copied().filter(|scale| !same(*scale, 1.0));
        odd.next().filter(|_| plain)
    }
}

/// Replicates that came with the data, as their publisher describes them.
#[derive(Debug, Clone)]
pub struct Given<'a> {
    /// How they were made.
    pub kind: Kind,
    /// One column per replicate, with one number per row.
    pub columns: Vec<&'a [f64]>,
    /// Whether columns are weights; else factors of the full sample's weights.
    pub combined: bool,
    /// c, where the kind does not tell.
    pub scale: Option<f64>,
    /// c_r, one per replicate, where the kind does not tell.
    pub scales: Option<Vec<f64>>,
    /// From where they are measured.
    pub centre: Centre,
    /// Degrees of freedom, where the publisher states them.
    pub degrees: Option<u64>,
}

impl<'a> Given<'a> {
    /// Columns of weights of a kind, without constants, measured from the full sample's figure.
    #[must_use]
    pub fn of(kind: Kind, columns: Vec<&'a [f64]>) -> Given<'a> {
        Given {
            kind,
            columns,
            combined: true,
            scale: None,
            scales: None,
            centre: Centre::Full,
            degrees: None,
        }
    }
}

#[derive(Debug)]
pub(super) struct Columns<'a> {
    columns: Vec<&'a [f64]>,
    combined: bool,
    /// The rank for rows of which figures were made: many figures are made of the same.
    ranks: Mutex<Ranks>,
}

/// By rows, each found once, whoever asks first.
type Ranks = BTreeMap<Box<[u32]>, Arc<OnceLock<u64>>>;

impl Columns<'_> {
    pub fn rows(&self) -> usize {
        self.columns[0].len()
    }

    pub fn weights(&self, replicate: usize, base: &[f64]) -> Vec<f64> {
        let column = self.columns[replicate];
        if self.combined {
            return column.to_vec();
        }
        column
            .iter()
            .zip(base)
            .map(|(factor, weight)| factor * weight)
            .collect()
    }

    /// The rank of the replicate weights of these rows.
    pub fn rank(&self, rows: &[usize], base: &[f64]) -> u64 {
        let key: Box<[u32]> = rows.iter().map(|&row| row as u32).collect();
        let found = {
            let mut ranks = self.ranks.lock().expect("nobody panicked with the lock");
            Arc::clone(ranks.entry(key).or_default())
        };
        *found.get_or_init(|| self.rank_of(rows, base))
    }

    fn rank_of(&self, rows: &[usize], base: &[f64]) -> u64 {
        let counts = |row: &&usize| base[**row].abs() > 0.0;
        let all = |&row: &usize| self.columns.iter().map(|column| column[row]).collect();
        rank::rank(rows.iter().filter(counts).map(all), self.columns.len())
    }
}

impl<'a> Replicates<'a> {
    /// Replicates that came with the data.
    ///
    /// # Formula
    ///
    /// ```text
    /// brr 1/R    fay 1/(R (1 − ρ)²)    jk1 (R − 1)/R    jk2 1    bootstrap 1/(R − 1)    acs, sdr 4/R
    /// ```
    ///
    /// `scale` may replace that of jk1, jkn and bootstrap, and must be given for `other`; of other kinds it
    /// must be their own, to six digits. `scales` are 1 unless given, and always for jk2, acs and sdr; for jkn
    /// they must be given, or are found as 1 over the largest factor of each column if columns are factors.
    ///
    /// # Errors
    ///
    /// [`Error::Scales`] says which constants are missing, or not those of the kind; [`Error::BadWeights`] where a
    /// column holds no number; [`Error::Count`] of a single column.
    ///
    /// # Source
    ///
    /// The constants are those of R's `svrepdesign`, which see; Wolter (2007), ch. 2 to 5. R ignores
    /// constants that a kind does not use, and takes 1 for those that are missing.
    pub fn given(given: Given<'a>) -> Result<Replicates<'a>, Error> {
        given.check()?;
        let (scales, scale) = (given.constants()?, given.constant()?);
        Ok(Replicates {
            scale: Scale::Fixed(scale),
            most: u64::MAX,
            scales,
            centre: given.centre,
            degrees: given.degrees,
            origin: Origin::Given(Columns {
                columns: given.columns,
                combined: given.combined,
                ranks: Mutex::default(),
            }),
        })
    }
}

impl Given<'_> {
    fn wrong<T>(&self, why: &str) -> Result<T, Error> {
        Err(Error::Scales {
            kind: self.kind.word(),
            why: why.to_owned(),
        })
    }

    fn check(&self) -> Result<(), Error> {
        let count = self.columns.len();
        if count < 2 {
            return Err(Error::Count { count });
        }
        let rows = self.columns[0].len();
        if self.columns.iter().any(|column| column.len() != rows) {
            return self.wrong("columns differ in length");
        }
        if let Kind::Fay { rho } = self.kind
            && !(0.0..1.0).contains(&rho)
        {
            return Err(Error::BadRho { rho });
        }
        let bad = |column: &&[f64]| column.iter().position(|weight| !weight.is_finite());
        let first = self
            .columns
            .iter()
            .enumerate()
            .find_map(|(r, column)| Some((r, bad(column)?)));
        if let Some((replicate, row)) = first {
            let bad = |column: &&[f64]| column.iter().filter(|weight| !weight.is_finite()).count();
            return Err(Error::BadWeights {
                count: self.columns.iter().map(bad).sum(),
                replicate: replicate + 1,
                row,
            });
        }
        Ok(())
    }

    fn constant(&self) -> Result<f64, Error> {
        let count = self.columns.len();
        match (self.kind.scale(count), self.scale) {
            (None, _) => self.free(count as f64),
            (Some(own), Some(scale)) if !same(scale, own) => self.wrong(&format!(
                "the scale is {own} by the kind itself, and {scale} is given"
            )),
            (Some(own), _) => Ok(own),
        }
    }

    /// c of kinds whose publisher may state another.
    fn free(&self, count: f64) -> Result<f64, Error> {
        match (self.scale, self.kind) {
            (Some(scale), _) if scale > 0.0 && scale.is_finite() => Ok(scale),
            (Some(_), _) => self.wrong("the scale must be above 0"),
            (None, Kind::Jk1) => Ok((count - 1.0) / count),
            (None, Kind::Jkn) => Ok(1.0),
            (None, Kind::Bootstrap { average }) => Ok(f64::from(average) / (count - 1.0)),
            (None, _) => self.wrong("the scale is not known"),
        }
    }

    fn constants(&self) -> Result<Vec<f64>, Error> {
        let count = self.columns.len();
        match &self.scales {
            Some(scales) if scales.len() != count => {
                self.wrong(&format!("{} scales for {count} replicates", scales.len()))
            }
            Some(scales) if scales.iter().any(|c| !(c.is_finite() && *c >= 0.0)) => {
                self.wrong("scales must be 0 or more")
            }
            Some(scales) => match self.kind.unlike(scales) {
                Some(scale) => self.wrong(&format!(
                    "every scale is 1 by the kind itself, and {scale} is given"
                )),
                None => Ok(scales.clone()),
            },
            None if self.kind != Kind::Jkn => Ok(vec![1.0; count]),
            None if self.combined => self.wrong("scales, (n_h − 1)/n_h each, are not known"),
            None => {
                let largest = |column: &&[f64]| column.iter().copied().fold(0.0, f64::max);
                Ok(self
                    .columns
                    .iter()
                    .map(|column| 1.0 / largest(column))
                    .collect())
            }
        }
    }
}
