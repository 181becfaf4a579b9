//! Step 3: which ones.

use serde::{Deserialize, Serialize};

use super::check::Checked;
use super::commit::Kept;
use super::folder::{CHECK, COMMITMENT, DRAW, KEY, PLAN, SAMPLE, SURVEY};
use super::study::LIST;
use super::{Artefact, Done, Error, Study};
use crate::draw::{self, Sample, Share};
use crate::files::{self, Column, Columns, parquet};
use crate::frame::Codes;
use crate::method::Card;
use crate::plan::Plan;
use crate::progress::Monitor;
use crate::random::Numbers;

/// How a sample was drawn: what is published of it, and what is needed to read its table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// The drawing method's card.
    pub method: String,
    /// The seed's key, from which anyone can compute any unit's number.
    pub seed_key: String,
    /// The list's fingerprint.
    pub fingerprint: String,
    /// Units drawn.
    pub drawn: u64,
    /// Into how many replicates the sample is cut.
    pub replicates: u32,
    /// What was promised before the draw, if anything was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<Kept>,
    /// The strata, in order of their labels.
    pub strata: Vec<DrawnStratum>,
}

/// What was drawn from a stratum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnStratum {
    /// Its label.
    pub stratum: String,
    /// N_h.
    pub population: u64,
    /// n_h.
    pub drawn: u64,
    /// The largest number drawn, as 64 hex digits: a unit of this stratum was drawn if its own comes
    /// no later in the alphabet. None where nobody was drawn.
    pub last: Option<String>,
    /// Whether the whole stratum was taken; then every number is drawn.
    pub whole: bool,
}

impl DrawnStratum {
    /// Whether a unit of this stratum with this number was drawn; unknown if it is not said how far
    /// the draw went.
    #[must_use]
    pub fn takes(&self, digest: &str) -> Option<bool> {
        match &self.last {
            _ if self.whole => Some(true),
            _ if self.drawn == 0 => Some(false),
            last => last.as_deref().map(|last| digest <= last),
        }
    }
}

impl Study {
    /// Draws the sample that the plan calls for.
    ///
    /// # Errors
    ///
    /// If the list is not fit or has changed since it was checked, if a commitment would be broken,
    /// or as [`draw::simple()`].
    pub fn draw(&self, monitor: &dyn Monitor) -> Result<Done<Drawn>, crate::Error> {
        let checked: Artefact<Checked> = self.read(CHECK, "check", "draw")?;
        let plan: Artefact<Plan> = self.read(PLAN, "plan", "draw")?;
        checked.content.must_be_fit()?;
        self.trust("check", &[LIST, CHECK])?;
        self.trust("plan", &[CHECK, PLAN])?;
        let commitment = self.kept(&checked.content, &plan.content)?;
        let (frame, _) = self.frame()?;
        let shares = shares(&checked.content, &plan.content)?;
        let seed = self.seed();
        let replicates = self.settings().draw.replicates;
        let mut sample = draw::simple(&frame, &shares, replicates, &seed, monitor)?;
        let strata = strata(&sample, &Numbers::new(&seed));
        let key = self.case_key()?;
        for id in &mut sample.id {
            *id = key.case_id(id);
        }
        parquet::write(&self.path(SAMPLE), &table(&sample))?;
        let drawn = Drawn {
            method: draw::simple::CARD.key.to_owned(),
            seed_key: seed.key(),
            fingerprint: checked.content.census.fingerprint.clone(),
            drawn: sample.len() as u64,
            replicates,
            commitment,
            strata,
        };
        let cards: &[&Card] = &[&draw::simple::CARD, &draw::replicates::CARD];
        self.write(DRAW, "draw", cards, &[], &drawn)?;
        let mut read = vec![SURVEY, LIST, CHECK, PLAN, KEY];
        read.extend(drawn.commitment.is_some().then_some(COMMITMENT));
        self.done("draw", &read, cards, Vec::new(), drawn)
    }

    /// The sample, as it was drawn; ids are case ids.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] if nothing was drawn yet.
    pub fn sample(&self, step: &str) -> Result<Sample, crate::Error> {
        self.need(SAMPLE, step)?;
        let drawn: Artefact<Drawn> = self.read(DRAW, "draw", step)?;
        let path = self.path(SAMPLE);
        let table = parquet::read(&path)?;
        sample_of(&table, &drawn.content).ok_or_else(|| {
            files::Error::Kind {
                path: path.display().to_string(),
                found: "another table".to_owned(),
                wanted: format!("the sample that {DRAW} describes"),
            }
            .into()
        })
    }
}

/// How many to draw from each stratum, with the labels that the list knows it by.
pub(super) fn shares(checked: &Checked, plan: &Plan) -> Result<Vec<Share>, Error> {
    let planned = |label: &str| plan.strata.iter().find(|stratum| stratum.stratum == label);
    checked
        .census
        .strata
        .iter()
        .map(|stratum| {
            let label = stratum.label();
            let stale = || Error::Stale {
                file: CHECK.to_owned(),
                writer: "plan".to_owned(),
            };
            let take = planned(&label).ok_or_else(stale)?.numbers;
            Ok(Share {
                labels: stratum.labels.clone(),
                population: stratum.population,
                take,
            })
        })
        .collect()
}

/// What was drawn from each stratum; ids of `sample` are still those of the list.
fn strata(sample: &Sample, numbers: &Numbers) -> Vec<DrawnStratum> {
    let drawn = sample.drawn_by_stratum();
    let mut last = vec![None; drawn.len()];
    for (&code, id) in sample.stratum.codes().iter().zip(&sample.id) {
        let last = &mut last[code as usize];
        *last = (*last).max(Some(numbers.of(id)));
    }
    let labels = sample.stratum.labels().iter();
    labels
        .zip(&sample.population)
        .zip(drawn)
        .zip(last)
        .map(|(((stratum, &population), drawn), last)| DrawnStratum {
            stratum: stratum.clone(),
            population,
            drawn,
            last: last.map(|number| number.text()),
            whole: drawn > 0 && drawn == population,
        })
        .collect()
}

/// Names of the sample's own columns; those of the list follow them with this in front.
const CARRIED: &str = "list.";

fn table(sample: &Sample) -> Columns {
    let whole = |values: &[u32]| Column::Whole(values.iter().map(|&v| u64::from(v)).collect());
    let real = |values: &[f64]| Column::Real(values.iter().copied().map(Some).collect());
    let mut table = Columns::default();
    table.push("case_id", Column::Text(sample.id.clone()));
    table.push("row", Column::Whole(sample.row.clone()));
    table.push("stratum", Column::Coded(sample.stratum.clone()));
    table.push("cell", Column::Coded(sample.cell.clone()));
    table.push("probability", real(&sample.probability));
    table.push("rank", whole(&sample.rank));
    table.push("replicate", whole(&sample.replicate));
    for (name, codes) in &sample.columns {
        table.push(format!("{CARRIED}{name}"), Column::Coded(codes.clone()));
    }
    table
}

fn sample_of(table: &Columns, drawn: &Drawn) -> Option<Sample> {
    let labels: Vec<String> = drawn.strata.iter().map(|s| s.stratum.clone()).collect();
    let codes = drawn
        .strata
        .iter()
        .enumerate()
        .flat_map(|(place, stratum)| vec![place as u32; stratum.drawn as usize])
        .collect();
    let stratum = Codes::new(labels, codes);
    let written = table.codes("stratum")?;
    let agrees = written.len() == stratum.len()
        && (0..stratum.len()).all(|row| written.label(row) == stratum.label(row));
    if !agrees {
        return None;
    }
    let whole = |name: &str| match table.get(name) {
        Some(Column::Whole(values)) => Some(values.clone()),
        _ => None,
    };
    let small = |name: &str| {
        Some(
            whole(name)?
                .into_iter()
                .map(|v| v as u32)
                .collect::<Vec<u32>>(),
        )
    };
    let (Some(Column::Text(id)), Some(Column::Real(probability))) =
        (table.get("case_id"), table.get("probability"))
    else {
        return None;
    };
    let carried = table
        .0
        .iter()
        .filter_map(|(name, _)| name.strip_prefix(CARRIED));
    Some(Sample {
        id: id.clone(),
        row: whole("row")?,
        population: drawn.strata.iter().map(|s| s.population).collect(),
        cell: table.codes("cell")?,
        columns: carried
            .map(|name| Some((name.to_owned(), table.codes(&format!("{CARRIED}{name}"))?)))
            .collect::<Option<_>>()?,
        probability: probability.iter().copied().collect::<Option<_>>()?,
        rank: small("rank")?,
        replicate: small("replicate")?,
        stratum,
    })
}
