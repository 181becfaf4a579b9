//! What may be asked of a table beyond figures of columns: replicates, tables, models, families.

use std::path::PathBuf;

use super::Error;
use crate::estimate::compare::{Correction, Order};
use crate::estimate::regress::{Family, Formula};
use crate::estimate::variance::replicate::{Centre, Kind, Method};

/// How variances are made, if not from strata and clusters alone.
#[derive(Debug, Clone, PartialEq)]
pub enum Replication {
    /// By columns of replicate weights that came with the table.
    Given(GivenWeights),
    /// By replicates that are made from the design.
    Made(Made),
}

/// Columns of replicate weights that came with the table.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenWeights {
    /// What the columns are called: `rw[0-9]+`, or `repwt*`. A pattern with one of `[ \ + ^ $`, or with
    /// `.*`, is a regular expression over whole names; in any other, `*` stands for any letters and `?`
    /// for one.
    pub pattern: String,
    /// How they were made.
    pub kind: Kind,
    /// Whether columns are weights; else factors of the full weight. Without a word, as the file beside
    /// exported replicates states it, and weights where there is none.
    pub combined: Option<bool>,
    /// c, where the kind does not tell.
    pub scale: Option<f64>,
    /// A file of c_r, one for each column: numbers, or what was written beside exported replicates.
    pub scales: Option<PathBuf>,
    /// Degrees of freedom, where the publisher states them.
    pub degrees: Option<u64>,
    /// From where replicates are measured. Without a word, as the file beside exported replicates states
    /// it, and from the full sample's figure where there is none.
    pub centre: Option<Centre>,
}

impl GivenWeights {
    /// Columns that fit a pattern, of a kind, of which nothing more is said.
    #[must_use]
    pub fn of(pattern: &str, kind: Kind) -> GivenWeights {
        GivenWeights {
            pattern: pattern.to_owned(),
            kind,
            combined: None,
            scale: None,
            scales: None,
            degrees: None,
            centre: None,
        }
    }
}

/// The words for kinds of replicate weights.
const KINDS: [&str; 9] = [
    "brr",
    "fay",
    "jk1",
    "jkn",
    "jk2",
    "bootstrap",
    "acs",
    "sdr",
    "other",
];

/// The kind of this word; ρ is for Fay's alone, and is needed there.
///
/// # Errors
///
/// [`Error::NoWord`] lists the kinds there are; [`Error::Needless`] and [`Error::Lacks`] tell of ρ.
///
/// # Example
///
/// ```
/// use canvass::bare::estimate::kind;
/// use canvass::estimate::variance::replicate::Kind;
/// assert_eq!(kind("JK1", None)?, Kind::Jk1);
/// assert!(kind("fay", None).is_err() && kind("brr", Some(0.3)).is_err());
/// # Ok::<(), canvass::Error>(())
/// ```
pub fn kind(word: &str, rho: Option<f64>) -> Result<Kind, Error> {
    let small = word.trim().to_lowercase();
    match (small.as_str(), rho) {
        ("fay", None) => {
            return Err(Error::Lacks {
                what: "fay",
                flag: "rho",
            });
        }
        (small, Some(_)) if small != "fay" => {
            return Err(Error::Needless {
                flag: "rho",
                why: "only fay has such a factor",
            });
        }
        _ => {}
    }
    Kind::named(&small, rho).ok_or_else(|| Error::NoWord {
        what: "replicate type",
        given: word.to_owned(),
        known: KINDS.map(str::to_owned).to_vec(),
    })
}

/// Replicates that are made from the design.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// By which method.
    pub resample: Resample,
    /// From where they are measured.
    pub centre: Centre,
    /// Where the table is written to, with the replicate weights as further columns.
    pub export: Option<PathBuf>,
}

/// A method that makes replicates.
#[derive(Debug, Clone)]
pub struct Resample {
    method: Method,
    text: String,
}

impl PartialEq for Resample {
    fn eq(&self, other: &Resample) -> bool {
        self.text == other.text
    }
}

/// The methods, and how many replicates each has unless it is said.
const METHODS: [(&str, Option<u32>); 10] = [
    ("jk1", None),
    ("jkn", None),
    ("jk2", None),
    ("brr", None),
    ("fay", None),
    ("bootstrap", Some(500)),
    ("canty-davison", Some(500)),
    ("generalised-bootstrap", Some(500)),
    ("sdr", Some(100)),
    ("random-groups", Some(20)),
];

impl Resample {
    /// The method that "bootstrap:500", "fay:0.3" or "jkn" says.
    ///
    /// # Errors
    ///
    /// [`Error::NoWord`] lists the methods there are; [`Error::NoResample`] if what follows the colon is
    /// no number for it.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::bare::estimate::Resample;
    /// let resample = Resample::parse("bootstrap:500")?;
    /// assert_eq!(resample.method().card().key, "bootstrap");
    /// assert!(resample.is_chance() && !Resample::parse("jkn")?.is_chance());
    /// assert!(Resample::parse("fay").is_err() && Resample::parse("jkn:3").is_err());
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn parse(given: &str) -> Result<Resample, Error> {
        let (word, number) = match given.split_once(':') {
            Some((word, number)) => (word.trim(), Some(number.trim())),
            None => (given.trim(), None),
        };
        let known = METHODS.iter().find(|(known, _)| *known == word);
        let &(word, usual) = known.ok_or_else(|| Error::NoWord {
            what: "method of replicates",
            given: word.to_owned(),
            known: METHODS.map(|(word, _)| word.to_owned()).to_vec(),
        })?;
        let wrong = || Error::NoResample {
            given: given.to_owned(),
        };
        let method = match (word, number, usual) {
            ("fay", Some(rho), _) => {
                let rho = rho.parse().ok().filter(|rho| (0.0..1.0).contains(rho));
                Method::named(word, 0, Some(rho.ok_or_else(wrong)?))
            }
            ("fay", None, _) | (_, Some(_), None) => None,
            (_, None, usual) => Method::named(word, usual.unwrap_or_default(), None),
            (_, Some(count), Some(_)) => {
                let count = count.parse().ok().filter(|count| *count > 1);
                Method::named(word, count.ok_or_else(wrong)?, None)
            }
        };
        Ok(Resample {
            method: method.ok_or_else(wrong)?,
            text: given.trim().to_owned(),
        })
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Whether chance decides of them.
    #[must_use]
    pub fn is_chance(&self) -> bool {
        !matches!(
            self.method,
            Method::Jk1
                | Method::Jkn
                | Method::Brr
                | Method::Fay { .. }
                | Method::Successive { .. }
        )
    }
}

/// What is asked beyond figures of columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Further {
    /// Pairs of columns that are crossed: "region × said".
    pub tables: Vec<String>,
    /// Columns whose shares are held against those of a file.
    pub fits: Vec<FitTo>,
    /// Whether all tests of tables are made; else that of Rao and Scott alone.
    pub all_tests: bool,
    /// Models.
    pub models: Vec<Model>,
    /// How p of differences are corrected, where levels are compared.
    pub correct: Option<Correct>,
    /// Between which ranks figures lie, where levels are compared, and which is the first.
    pub ranks: Option<Order>,
}

impl Further {
    /// Whether rows are asked for.
    pub(super) fn is_any(&self) -> bool {
        !(self.tables.is_empty() && self.fits.is_empty() && self.models.is_empty())
    }
}

/// A column whose shares are held against others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FitTo {
    /// The column.
    pub column: String,
    /// A table with the columns level and share.
    pub shares: PathBuf,
}

impl FitTo {
    /// The test that "stype=shares.csv" says.
    ///
    /// # Errors
    ///
    /// [`Error::NoFit`] if that is not a column and a file.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::bare::estimate::FitTo;
    /// assert_eq!(FitTo::parse("stype=shares.csv")?.column, "stype");
    /// assert!(FitTo::parse("stype").is_err());
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn parse(given: &str) -> Result<FitTo, Error> {
        match given.split_once('=') {
            Some((column, path)) if !column.trim().is_empty() && !path.trim().is_empty() => {
                Ok(FitTo {
                    column: column.trim().to_owned(),
                    shares: path.trim().into(),
                })
            }
            _ => Err(Error::NoFit {
                given: given.to_owned(),
            }),
        }
    }
}

/// A regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What is explained by what.
    pub formula: Formula,
    /// By which law and link.
    pub family: Family,
}

impl Model {
    /// The model that a formula and a word for the family say.
    ///
    /// # Errors
    ///
    /// [`Error::Model`] says where the formula cannot be understood, or that there is no such family.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::bare::estimate::Model;
    /// assert_eq!(Model::parse("minutes ~ age", "gaussian")?.formula.terms(), ["age"]);
    /// assert!(Model::parse("minutes ~", "gaussian").is_err());
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn parse(formula: &str, family: &str) -> Result<Model, Error> {
        Ok(Model {
            formula: Formula::parse(formula).map_err(Error::Expression)?,
            family: Family::named(family).map_err(Error::Model)?,
        })
    }
}

/// How p of differences are corrected for their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correct {
    /// By their number alone.
    By(Correction),
    /// By how likely the largest of all t's is, with intervals that hold for all.
    Largest,
}

impl Correct {
    /// The correction of this word: holm, bonferroni, bh or max-t.
    ///
    /// # Errors
    ///
    /// [`Error::NoWord`] lists those there are.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::bare::estimate::Correct;
    /// assert_eq!(Correct::parse("max-t")?, Correct::Largest);
    /// assert_eq!(Correct::parse("bh")?, Correct::parse("benjamini-hochberg")?);
    /// assert!(Correct::parse("tukey").is_err());
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn parse(word: &str) -> Result<Correct, Error> {
        let known = Correction::ALL.into_iter();
        let long = if word == "bh" {
            "benjamini-hochberg"
        } else {
            word
        };
        match known.clone().find(|correction| correction.word() == long) {
            Some(correction) => Ok(Correct::By(correction)),
            None if word == "max-t" => Ok(Correct::Largest),
            None => Err(Error::NoWord {
                what: "correction",
                given: word.to_owned(),
                known: ["holm", "bonferroni", "bh", "max-t"]
                    .map(str::to_owned)
                    .to_vec(),
            }),
        }
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Correct::By(correction) => correction.word(),
            Correct::Largest => "max-t",
        }
    }
}
