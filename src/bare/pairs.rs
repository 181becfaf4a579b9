//! The chance of each pair of drawn units to be drawn together: exact where the method's formula is known,
//! and else by a named approximation.
//!
//! Strata are drawn apart, so that units of two of them come together with the product of their chances. A
//! unit comes with itself as often as it comes. So every pair has its line, and `canvass estimate --joint` can
//! read them.

mod staged;

use serde::{Deserialize, Serialize};

pub(super) use staged::in_stages;

use super::census::Stratum;
use super::pools::Part;
use super::takes::Take;
use super::{Drawn, Error, Request};
use crate::draw::approximate::{Constant, Formula};
use crate::draw::{self, Accuracy, Method, Needs, Pool, Probabilities, Size};
use crate::files::{Column, Columns};

/// The chances of pairs that were written beside a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnPairs {
    /// The file.
    pub file: String,
    /// Its SHA-256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The strata, in order of their labels.
    pub strata: Vec<PairsOf>,
}

/// How the chances of a stratum's pairs are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairsOf {
    /// The stratum's label; "all" if there is but one.
    pub stratum: String,
    /// Pairs of drawn units.
    pub pairs: u64,
    /// Whether they are exact.
    pub exact: bool,
    /// The method whose formula it is, or the name of the approximation.
    pub formula: String,
}

/// A table of all pairs of more drawn units than this would not fit in memory that most machines have: it has
/// 12.5 million lines.
const MOST: usize = 5_000;

/// Of most methods the pairs of the drawn units are enough, however many others there are. Where all pairs of a
/// stratum must be known for that, or of the members of a cluster, there are no more of them than this.
const MOST_IN_STRATUM: usize = 5_000;

/// The approximations, by the words that people write.
const FORMULAS: [(&str, Formula); 5] = [
    ("hartley-rao", Formula::HartleyRao),
    ("hajek", Formula::Hajek),
    ("brewer", Formula::Brewer(Constant::HighEntropy)),
    ("deville", Formula::Deville),
    ("overton", Formula::Overton),
];

/// The approximation with this name.
///
/// # Errors
///
/// [`Error::Stage`] names those there are.
///
/// # Example
///
/// ```
/// use canvass::bare::formula;
/// use canvass::draw::approximate::Formula;
/// assert_eq!(formula("overton")?, Formula::Overton);
/// assert!(formula("guess").is_err());
/// # Ok::<(), canvass::bare::Error>(())
/// ```
pub fn formula(word: &str) -> Result<Formula, Error> {
    let known = FORMULAS.iter().find(|(known, _)| *known == word);
    let words: Vec<&str> = FORMULAS.iter().map(|(word, _)| *word).collect();
    known
        .map(|(_, formula)| *formula)
        .ok_or_else(|| Error::Stage {
            stage: format!("--joint-by {word}"),
            why: "no approximation has this name".to_owned(),
            hint: format!("take {}", words.join(", ")),
        })
}

fn word(formula: Formula) -> &'static str {
    let known = FORMULAS.iter().find(|(_, known)| *known == formula);
    known.map_or("brewer", |(word, _)| word)
}

/// Why a stratum has no pairs by such a method.
fn too_long(label: &str, key: &str, units: usize) -> String {
    format!(
        "stratum '{label}': '{key}' finds a pair only with all others of its stratum, which has {units} units"
    )
}

/// The approximation that suits a method which knows no pairs of its own.
fn suits(method: &Method) -> Option<Formula> {
    match method.card.key {
        "pps-systematic-random" => Some(Formula::HartleyRao),
        "pivotal-random" | "brewer" | "sequential-poisson" | "pareto" | "pareto-adjusted" => {
            Some(Formula::Hajek)
        }
        _ => None,
    }
}

/// Whether each unit is drawn by itself, or all pairs are alike: then no table is needed.
pub(super) fn is_plain(method: &Method) -> bool {
    matches!(method.card.key, "simple" | "bernoulli" | "poisson")
}

impl Request {
    /// Refuses chances of pairs that nobody knows.
    pub(super) fn knows_pairs(&self) -> Result<(), Error> {
        let near = self.pairs.as_ref().and_then(|wanted| wanted.near);
        let (key, needs) = (self.method.card.key, self.method.needs);
        let problem = match self.method.size {
            Size::Hits => Some("a unit may be hit more than once, and has no pairs"),
            _ if near.is_some() || self.stages.is_some() => None,
            _ if !matches!(needs, Needs::Chances | Needs::EqualChances) => {
                Some("no formula is known for a method that spreads or balances")
            }
            _ => None,
        };
        match problem {
            None => Ok(()),
            Some(why) => Err(Error::Pairs {
                problems: vec![format!("'{key}': {why}")],
            }),
        }
    }
}

/// Collects the pairs of all strata.
pub(super) struct Table {
    /// Whether the chances of units are exact.
    stated: bool,
    strata: Vec<PairsOf>,
    /// The units so far, and their chances.
    before: Vec<(String, f64)>,
    one: Vec<String>,
    other: Vec<String>,
    both: Vec<Option<f64>>,
    exact: Vec<u64>,
    formula: Vec<String>,
}

/// What gives the chances of units with themselves, and of units of two strata.
const ITSELF: &str = "itself";
const APART: &str = "apart";

impl Table {
    /// Before the first stratum; `stated` says whether the chances of units are exact.
    pub fn new(stated: bool) -> Table {
        Table {
            stated,
            strata: Vec::new(),
            before: Vec::new(),
            one: Vec::new(),
            other: Vec::new(),
            both: Vec::new(),
            exact: Vec::new(),
            formula: Vec::new(),
        }
    }

    fn push(&mut self, (one, other): (&str, &str), both: f64, (exact, formula): (bool, &str)) {
        self.one.push(one.to_owned());
        self.other.push(other.to_owned());
        self.both.push(Some(both));
        self.exact.push(u64::from(exact));
        self.formula.push(formula.to_owned());
    }

    /// Adds a stratum's drawn units, with their chances: each with itself, with those after it, and with those
    /// of the strata before.
    fn add(
        &mut self,
        label: &str,
        drawn: &[(&str, f64)],
        how: (bool, &str),
        both: impl Fn(usize, usize) -> f64,
    ) {
        let (stated, before) = (self.stated, std::mem::take(&mut self.before));
        for (k, &(id, chance)) in drawn.iter().enumerate() {
            for (other, of_other) in &before {
                self.push((other, id), of_other * chance, (stated, APART));
            }
            self.push((id, id), chance, (stated, ITSELF));
            for (l, &(other, _)) in drawn.iter().enumerate().skip(k + 1) {
                self.push((id, other), both(k, l), how);
            }
        }
        self.before = before;
        let named = drawn.iter().map(|&(id, chance)| (id.to_owned(), chance));
        self.before.extend(named);
        let units = drawn.len() as u64;
        self.strata.push(PairsOf {
            stratum: label.to_owned(),
            pairs: units * units.saturating_sub(1) / 2,
            exact: how.0,
            formula: how.1.to_owned(),
        });
    }

    /// The table to be written; the manifest says of it what is known.
    pub fn told(self, request: &Request, drawn: &mut Drawn) -> Columns {
        let mut table = Columns::default();
        table.push("unit", Column::Text(self.one));
        table.push("other", Column::Text(self.other));
        table.push("chance", Column::Real(self.both));
        table.push("exact", Column::Whole(self.exact));
        table.push("formula", Column::Text(self.formula));
        let file = request.pairs.as_ref();
        let file = file.map(|wanted| wanted.path.display().to_string());
        drawn.pairs = Some(DrawnPairs {
            file: file.unwrap_or_default(),
            sha256: None,
            strata: self.strata,
        });
        table
    }
}

/// The pairs of what was drawn from each stratum; `strata` still hold all their units.
///
/// # Errors
///
/// [`Error::ManyPairs`] if too many units were drawn; [`Error::Pairs`] names the strata of which pairs are not
/// known; else what the methods run into.
pub(super) fn pairs(
    request: &Request,
    numeric: &[bool],
    strata: &[Stratum],
    takes: &[Take],
    parts: &[Part],
) -> Result<Table, Error> {
    drawn_so_many(parts.iter().map(|part| part.units.len()).sum())?;
    let mut table = Table::new(request.method.chances == Accuracy::Exact);
    let mut problems = Vec::new();
    for ((stratum, take), part) in strata.iter().zip(takes).zip(parts) {
        let label = stratum.label();
        let known = known(request, stratum.units.len());
        let Some((exact, formula)) = known else {
            let units = stratum.units.len();
            let key = request.method.card.key;
            problems.push(match request.method.sees_all() {
                true => too_long(&label, key, units),
                false => format!("stratum '{label}': '{key}' with {units} units"),
            });
            continue;
        };
        let add = of_stratum(
            request,
            numeric,
            (stratum, *take, part),
            (exact, formula),
            &mut table,
        );
        add.map_err(|error| Error::Stratum {
            stratum: label,
            error,
        })?;
    }
    match problems.is_empty() {
        true => Ok(table),
        false => Err(Error::Pairs { problems }),
    }
}

/// Refuses a table that would not fit in memory.
fn drawn_so_many(units: usize) -> Result<(), Error> {
    match units {
        0..=MOST => Ok(()),
        _ => Err(Error::ManyPairs { units, most: MOST }),
    }
}

/// The same before anything is drawn, where it is known how many will be.
///
/// # Errors
///
/// [`Error::ManyPairs`] if they are too many.
pub(super) fn not_too_many(request: &Request, takes: &[Take]) -> Result<(), Error> {
    let take = |take: &Take| match take {
        Take::Whole(take) => *take,
        Take::Share(_) => 0,
    };
    match request.method.size {
        Size::Fixed => {
            let units: u64 = takes.iter().map(take).sum();
            drawn_so_many(usize::try_from(units).unwrap_or(usize::MAX))
        }
        _ => Ok(()),
    }
}

/// How pairs of a stratum of so many units are known: exactly, or by which formula; none if they are not.
fn known(request: &Request, units: usize) -> Option<(bool, Option<Formula>)> {
    let method = request.method;
    let exact = method.joint.is_some() && (units <= MOST_IN_STRATUM || !method.sees_all());
    if is_plain(method) || exact {
        return Some((true, None));
    }
    let near = request.pairs.as_ref().and_then(|wanted| wanted.near);
    let near = near.or_else(|| suits(method));
    near.map(|near| (false, Some(near)))
}

fn of_stratum(
    request: &Request,
    numeric: &[bool],
    (stratum, take, part): (&Stratum, Take, &Part),
    (exact, near): (bool, Option<Formula>),
    table: &mut Table,
) -> Result<(), draw::Error> {
    let (how, label) = (request.how(), stratum.label());
    let take = take.expected(stratum.population);
    let mut drawn: Vec<(&str, f64)> = part
        .units
        .iter()
        .map(|unit| (unit.id.as_str(), unit.chance))
        .collect();
    drawn.sort_unstable_by_key(|(id, _)| *id);
    let formula = near.map_or(how.method.card.key, word);
    if is_plain(how.method) {
        let (fixed, all) = (how.method.size == Size::Fixed, stratum.population as f64);
        table.add(&label, &drawn, (exact, formula), |k, l| match fixed {
            true => take * (take - 1.0) / (all * (all - 1.0)),
            false => drawn[k].1 * drawn[l].1,
        });
        return Ok(());
    }
    let units = &stratum.units;
    let order = units.walk(how.turn, numeric);
    let order = || order.iter().map(|&unit| unit as usize);
    let chances = match how.size {
        Some(_) => {
            let sizes: Vec<f64> = order().map(|unit| units.size(unit)).collect();
            Probabilities::on_average(&sizes, take)?
        }
        None => Probabilities::equal(units.len(), take as usize)?,
    };
    // The drawn units in the order of the pool, and where each stands among them.
    let (mut places, mut at) = (Vec::with_capacity(drawn.len()), vec![0; drawn.len()]);
    for (place, id) in order().map(|unit| units.id(unit)).enumerate() {
        if let Ok(unit) = drawn.binary_search_by(|(known, _)| (*known).cmp(id)) {
            at[unit] = places.len();
            places.push(place);
        }
    }
    let joint = match (near, how.method.joint) {
        (Some(near), _) => near.among(&chances, &places)?,
        (None, Some(joint)) => joint(&Pool::unnamed(&label, &chances), &places)?,
        (None, None) => {
            let method = how.method.card.key;
            return Err(draw::Error::NoPairs { method });
        }
    };
    table.add(&label, &drawn, (exact, formula), |k, l| {
        joint.of(at[k], at[l])
    });
    Ok(())
}
