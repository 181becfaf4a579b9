//! What is published of a bare draw: all that is needed to repeat it and to weigh with it.

use serde::{Deserialize, Serialize};

use super::calls::BareCalls;
use super::{BareRested, Coordinated, DrawnPairs, DrawnStage, Many, Request};
use crate::draw::Accuracy;
use crate::draw::balance::lands::Lands;
use crate::draw::walk::Turn;
use crate::study::Threshold;

/// How a sample was drawn from a bare file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// The version of canvass.
    pub version: String,
    /// The key of the method's card.
    pub method: String,
    /// What the card says, also of the chances.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub says: String,
    /// Whether the chances stated are exact.
    pub chances: Stated,
    /// The seed.
    pub seed: String,
    /// Its key, from which anyone can compute any unit's number.
    pub seed_key: String,
    /// The list, as it was named.
    pub data: String,
    /// The sheet of a workbook, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// How it is written.
    pub format: String,
    /// The list's fingerprint, over `columns`, whatever the order of rows.
    pub fingerprint: String,
    /// The columns that decide: ids, strata, and what the method makes use of.
    pub columns: Vec<String>,
    /// The column of ids.
    pub id: String,
    /// The columns of strata.
    pub strata_by: Vec<String>,
    /// The column of sizes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// How many were asked for.
    pub asked: Many,
    /// SHA-256 of the table that says how many, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocation_sha256: Option<String>,
    /// The columns that the walk through the list is ordered by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<String>,
    /// Whether that order turns where a group ends.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub serpentine: bool,
    /// The columns of places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spread_by: Vec<String>,
    /// The columns of amounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub balance_by: Vec<String>,
    /// How a balanced draw landed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landing: Option<Lands>,
    /// SHA-256 of what was promised before the draw, if anything was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<String>,
    /// Whether strata, and clusters, that hold fewer than asked for were taken whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_all: bool,
    /// The earlier draw that it was coordinated with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordination: Option<Coordinated>,
    /// Who rested, if anybody was to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<BareRested>,
    /// Where the chances of pairs stand, and how they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pairs: Option<DrawnPairs>,
    /// Into how many replicates the sample is cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicates: Option<u32>,
    /// How numbers are called, where each is called once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_call: Option<BareCalls>,
    /// The stages from the largest clusters down, and units last, where the draw is in stages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<DrawnStage>,
    /// Whether clusters came in proportion to their units, and the same number of units in each.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub self_weighting: bool,
    /// N.
    pub units: u64,
    /// Units drawn: rows of the sample.
    pub drawn: u64,
    /// Hits, if a unit may be hit more than once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<u64>,
    /// The strata, in order of their labels.
    pub strata: Vec<DrawnStratum>,
    /// What the whole sample makes of the amounts it is balanced on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub balance: Vec<Repeated>,
    /// The sample's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
    /// Its SHA-256.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// Whether the chances stated are those that units have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stated {
    /// They are.
    Exact,
    /// They are near.
    Approximate,
}

/// What was drawn from a stratum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnStratum {
    /// Its label; "all" if there is but one.
    pub stratum: String,
    /// N_h.
    pub units: u64,
    /// How many were to be drawn, on average if the size is random.
    pub expected: f64,
    /// Units drawn.
    pub drawn: u64,
    /// Hits, if a unit may be hit more than once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<u64>,
    /// Drawn units that had to be drawn.
    pub certain: u64,
    /// Units of size 0, which are never drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_size: Option<u64>,
    /// Σx over all units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<f64>,
    /// The spatial balance of the sample: 0 is best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<f64>,
    /// What the sample makes of the amounts it is balanced on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub balance: Vec<Repeated>,
    /// The number of the last unit drawn by permanent numbers, as 64 hex digits. In a simple draw, a unit
    /// of this stratum was drawn if its own comes no later in the alphabet. None where nobody was drawn,
    /// or chance came another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// How far a draw by number and chance went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Threshold>,
}

/// A known total, and the sample's estimate of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Repeated {
    /// The column of the amount.
    pub column: String,
    /// Σx over all units that have a chance.
    pub total: f64,
    /// Σx/π over the drawn ones.
    pub estimate: f64,
}

impl Drawn {
    /// What is known before the draw.
    pub(super) fn of(request: &Request, format: String, fingerprint: String) -> Drawn {
        Drawn {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            method: request.method.card.key.to_owned(),
            says: request.method.card.says.en.to_owned(),
            chances: match request.method.chances {
                Accuracy::Exact => Stated::Exact,
                Accuracy::Approximate => Stated::Approximate,
            },
            seed: request.seed.text().to_owned(),
            seed_key: request.seed.key(),
            data: request.data.display().to_string(),
            sheet: request.sheet.clone(),
            format,
            fingerprint,
            columns: request
                .roles()
                .columns()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            id: request.id.clone(),
            strata_by: request.strata.clone(),
            size: request.size.clone(),
            asked: request.many.clone(),
            allocation_sha256: None,
            sort: request.sort.clone(),
            serpentine: !request.sort.is_empty() && request.turn == Turn::Serpentine,
            spread_by: request.spread.clone(),
            balance_by: request.balance.clone(),
            landing: request.how().lands(),
            commitment: None,
            or_all: request.or_all,
            coordination: None,
            rest: None,
            pairs: None,
            replicates: request.replicates.map(std::num::NonZeroU32::get),
            one_call: None,
            stages: Vec::new(),
            self_weighting: false,
            units: 0,
            drawn: 0,
            hits: None,
            strata: Vec::new(),
            balance: Vec::new(),
            sample: None,
            sha256: None,
        }
    }

    /// Adds a stratum.
    pub(super) fn add(&mut self, stratum: DrawnStratum) {
        self.units += stratum.units;
        self.drawn += stratum.drawn;
        if let Some(hits) = stratum.hits {
            *self.hits.get_or_insert(0) += hits;
        }
        for one in &stratum.balance {
            match self
                .balance
                .iter_mut()
                .find(|known| known.column == one.column)
            {
                Some(known) => {
                    known.total += one.total;
                    known.estimate += one.estimate;
                }
                None => self.balance.push(one.clone()),
            }
        }
        self.strata.push(stratum);
    }
}
