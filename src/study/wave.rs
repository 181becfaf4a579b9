//! A wave that is coordinated with an earlier one: what is done to its permanent numbers, and what the
//! two samples share.
//!
//! Both are drawn by one seed and one method, so a unit has the same number in both. What the earlier
//! draw did to the numbers stands in its 3-draw.json, and this one goes on from there.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::folder::{DRAW, KEY, SAMPLE, SURVEY};
use super::study::{LIST, SCHEMA, read_key};
use super::{Artefact, Drawn, Error, Study, WaveError};
use crate::bare;
use crate::draw::waves::coordinate::Turn;
use crate::draw::waves::overlap::{self, Wave};
use crate::draw::{self, How, Pool, Probabilities, Sample, Share};
use crate::files::{self, Column, parquet};
use crate::frame::stratum_label;
use crate::math::sum;
use crate::progress::Monitor;

/// How a draw was coordinated with an earlier one, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coordination {
    /// The earlier study's folder, as it was written.
    pub with: String,
    /// The earlier survey's name.
    pub survey: String,
    /// SHA-256 of its 3-draw.json.
    pub draw_sha256: String,
    /// The key of the seed that both were drawn by.
    pub seed_key: String,
    /// The fingerprint of the earlier list.
    pub fingerprint: String,
    /// What was done to permanent numbers, counted from those that nobody turned.
    pub turn: Turn,
    /// What both samples share.
    pub all: Shared,
    /// The same by stratum, in order of their labels.
    pub strata: Vec<Shared>,
}

/// How many units two waves share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    /// The stratum's label; "all" for all of them.
    pub stratum: String,
    /// How many were to be expected before the draw; unknown if the chances of the earlier wave are.
    pub expected: Option<f64>,
    /// Whether that is exact, or near.
    pub exact: bool,
    /// How many two waves would share that know nothing of each other.
    pub by_chance: Option<f64>,
    /// How many they do share; unknown without the earlier sample and its case.key.
    pub found: Option<u64>,
}

/// The earlier wave, as far as a draw goes on from it.
pub(super) struct Earlier {
    with: String,
    folder: PathBuf,
    drawn: Artefact<Drawn>,
    draw_sha256: String,
    /// What this draw does to permanent numbers.
    pub turn: Turn,
    /// Files that were read, as a person knows them.
    pub files: Vec<String>,
}

/// The units of a stratum and their chances, in one wave.
struct Units {
    ids: Vec<String>,
    chances: Probabilities,
}

impl Study {
    /// The earlier wave that survey.toml names, if it names one.
    ///
    /// # Errors
    ///
    /// [`WaveError`] if this draw cannot go on from it.
    pub(super) fn earlier(&self) -> Result<Option<Earlier>, crate::Error> {
        let Some(wish) = &self.settings().draw.coordinate else {
            return Ok(None);
        };
        let with = wish.with.clone();
        let folder = self.home().join(&with);
        let path = folder.join(DRAW);
        if !path.is_file() {
            return Err(WaveError::NoWave { folder: with }.into());
        }
        let drawn: Artefact<Drawn> = files::json::read(&path, "draw", SCHEMA)?;
        let (wanted, found) = (&drawn.content.seed_key, self.seed().key());
        if *wanted != found {
            return Err(WaveError::OtherSeed {
                folder: with,
                wanted: wanted.clone(),
                found,
                seed: drawn.origin.seed,
            }
            .into());
        }
        if !drawn.content.stages.is_empty() {
            return Err(WaveError::WaveInStages { folder: with }.into());
        }
        let method = self.settings().draw.how.method.card.key;
        if drawn.content.method != method {
            return Err(WaveError::OtherMethod {
                folder: with,
                wanted: drawn.content.method,
                found: method.to_owned(),
            }
            .into());
        }
        let before = drawn.content.coordination.as_ref();
        let before = before.map(|wave| wave.turn).unwrap_or_default();
        let turn = before
            .followed_by(wish.turn)
            .ok_or_else(|| WaveError::NoTurn {
                folder: with.clone(),
                before: before.formula(),
                turn: wish.turn.word().to_owned(),
            })?;
        let there = |file: &&str| folder.join(file).is_file();
        let secret = [KEY, SAMPLE];
        let mut files = vec![format!("{with}/{DRAW}")];
        if secret.iter().all(there) {
            files.extend(secret.map(|file| format!("{with}/{file}")));
        }
        Ok(Some(Earlier {
            draw_sha256: self.print_of(&path)?,
            with,
            folder,
            drawn,
            turn,
            files,
        }))
    }

    /// What both waves are expected to share, before anybody is drawn.
    ///
    /// # Errors
    ///
    /// [`WaveError::OtherStrata`] if the earlier wave was drawn from other strata; else what reading a list runs
    /// into.
    pub(super) fn expects(
        &self,
        earlier: &mut Earlier,
        (shares, fingerprint): (&[Share], &str),
        monitor: &dyn Monitor,
    ) -> Result<Coordination, crate::Error> {
        earlier.has_strata(shares)?;
        let now = How {
            numbers: earlier.turn,
            ..self.settings().draw.how.clone()
        };
        let before = earlier.drawn.content.how().ok_or_else(|| Error::NoMethod {
            key: earlier.drawn.content.method.clone(),
            known: Vec::new(),
        })?;
        let one_list = fingerprint == earlier.drawn.content.fingerprint
            && earlier.drawn.content.rest.is_none()
            && now.size == before.size;
        let lists = match one_list && now.size.is_none() {
            true => (None, None),
            false => (
                Some(bare::units(&now, &self.frame()?.0, monitor)?),
                if one_list {
                    None
                } else {
                    self.earlier_units(earlier, &before, monitor)?
                },
            ),
        };
        let mut strata = Vec::new();
        for share in shares {
            let shared = earlier.shares((share, one_list), (&before, &now), &lists)?;
            strata.push(shared);
        }
        strata.sort_by(|one, other| one.stratum.cmp(&other.stratum));
        Ok(Coordination {
            with: earlier.with.clone(),
            survey: earlier.drawn.origin.survey.clone(),
            draw_sha256: earlier.draw_sha256.clone(),
            seed_key: earlier.drawn.content.seed_key.clone(),
            fingerprint: earlier.drawn.content.fingerprint.clone(),
            turn: earlier.turn,
            all: Shared::of_all(&strata),
            strata,
        })
    }

    /// The units that the earlier wave was drawn from, if its list is still there as it was, and nobody on
    /// it rested.
    fn earlier_units(
        &self,
        earlier: &mut Earlier,
        how: &How,
        monitor: &dyn Monitor,
    ) -> Result<Option<Vec<bare::Stratum>>, crate::Error> {
        if earlier.drawn.content.rest.is_some() || !earlier.folder.join(SURVEY).is_file() {
            return Ok(None);
        }
        let Ok(study) = Study::open(&earlier.folder) else {
            return Ok(None);
        };
        let list = study.list_path();
        if !list.exists() || study.trust("draw", &[LIST]).is_err() {
            return Ok(None);
        }
        let name = format!("{}/{}", earlier.with, study.settings().list.file);
        earlier.files.extend(list.is_file().then_some(name));
        Ok(Some(bare::units(how, &study.frame()?.0, monitor)?))
    }
}

/// Lists of this wave and of the one before, as far as they were read.
type Lists = (Option<Vec<bare::Stratum>>, Option<Vec<bare::Stratum>>);

impl Earlier {
    /// Refuses other strata: a sample by stratum is compared with another by the same.
    fn has_strata(&self, shares: &[Share]) -> Result<(), WaveError> {
        let before: BTreeSet<String> = self
            .drawn
            .content
            .strata
            .iter()
            .map(|stratum| stratum.stratum.clone())
            .collect();
        let now: BTreeSet<String> = shares
            .iter()
            .map(|share| stratum_label(&share.labels))
            .collect();
        let strata: Vec<String> = before.symmetric_difference(&now).cloned().collect();
        if strata.is_empty() {
            return Ok(());
        }
        Err(WaveError::OtherStrata {
            folder: self.with.clone(),
            strata,
        })
    }

    /// What both waves are expected to share of a stratum.
    fn shares(
        &self,
        (share, one_list): (&Share, bool),
        (before, now): (&How, &How),
        (mine, theirs): &Lists,
    ) -> Result<Shared, crate::Error> {
        let label = stratum_label(&share.labels);
        let told = self.drawn.content.strata.iter();
        let told = told.clone().find(|stratum| stratum.stratum == label);
        let take = told.map_or(0, |told| told.expected.unwrap_or(told.drawn));
        let of = |list: &Option<Vec<bare::Stratum>>| {
            list.as_ref()
                .and_then(|list| list.iter().find(|one| one.labels == share.labels))
                .map(|stratum| (ids(stratum), sizes(stratum)))
        };
        let same = || {
            (
                (0..share.population).map(|unit| unit.to_string()).collect(),
                Vec::new(),
            )
        };
        let (ids, sizes) = of(mine).unwrap_or_else(same);
        let first = match of(theirs) {
            Some((ids, sizes)) => Some(Units::of(ids, &sizes, before, take)?),
            None if one_list => Some(Units::of(ids.clone(), &sizes, before, take)?),
            // As if the list were what it was: near enough to know what to expect.
            None if now.size.is_none() && before.size.is_none() => {
                let population = told.map_or(0, |told| told.population).max(1);
                let rate = take as f64 / population as f64 * ids.len() as f64;
                let take = (rate.round() as u64).min(ids.len() as u64);
                Some(Units::of(ids.clone(), &[], before, take)?)
            }
            None => None,
        };
        let Some(first) = first else {
            return Ok(Shared::unknown(label));
        };
        let second = Units::of(ids, &sizes, now, share.take)?;
        let wave = |units, turn| Wave {
            pool: Units::pool(units, &label),
            turn,
        };
        let shared = overlap::expected(
            now.method,
            &wave(&first, before.numbers),
            &wave(&second, now.numbers),
        )?;
        let known = one_list || theirs.is_some();
        Ok(Shared {
            expected: Some(shared.expected),
            exact: shared.exact && known,
            by_chance: Some(shared.by_chance),
            ..Shared::unknown(label)
        })
    }

    /// Looks up what the samples do share, by the ids of the list.
    pub fn find(
        &self,
        coordination: &mut Coordination,
        sample: &Sample,
    ) -> Result<(), crate::Error> {
        let (key, table) = (self.folder.join(KEY), self.folder.join(SAMPLE));
        if !key.is_file() || !table.is_file() {
            return Ok(());
        }
        let (key, table) = (read_key(&key)?, parquet::read(&table)?);
        let Some(Column::Text(cases)) = table.get("case_id") else {
            return Ok(());
        };
        let cases: BTreeSet<&String> = cases.iter().collect();
        for shared in &mut coordination.strata {
            let again = (0..sample.len())
                .filter(|&unit| sample.stratum.label(unit) == shared.stratum)
                .filter(|&unit| cases.contains(&key.case_id(&sample.id[unit])));
            shared.found = Some(again.count() as u64);
        }
        coordination.all = Shared::of_all(&coordination.strata);
        Ok(())
    }
}

impl Units {
    fn of(ids: Vec<String>, sizes: &[f64], how: &How, take: u64) -> Result<Units, draw::Error> {
        let chances = match how.size {
            Some(_) => Probabilities::on_average(sizes, take as f64)?,
            None => Probabilities::equal(ids.len(), take as usize)?,
        };
        Ok(Units { ids, chances })
    }

    fn pool<'a>(units: &'a Units, label: &'a str) -> Pool<'a> {
        Pool::new(label, &units.ids, &units.chances)
    }
}

impl Shared {
    /// All strata together; unknown where one of them is.
    pub(crate) fn of_all(strata: &[Shared]) -> Shared {
        let of = |what: fn(&Shared) -> Option<f64>| {
            let each: Option<Vec<f64>> = strata.iter().map(what).collect();
            each.map(sum)
        };
        Shared {
            stratum: "all".to_owned(),
            expected: of(|shared| shared.expected),
            exact: strata.iter().all(|shared| shared.exact),
            by_chance: of(|shared| shared.by_chance),
            found: strata.iter().map(|shared| shared.found).sum(),
        }
    }

    /// Of a stratum of which nothing is known.
    pub(crate) fn unknown(stratum: String) -> Shared {
        Shared {
            stratum,
            expected: None,
            exact: false,
            by_chance: None,
            found: None,
        }
    }
}

impl Coordination {
    /// In a few words, for a promise: which wave, and how its numbers are turned.
    #[must_use]
    pub fn words(draw_sha256: &str, turn: Turn) -> String {
        format!("the draw {draw_sha256}, {}", turn.formula())
    }
}

impl Earlier {
    /// In a few words, for a promise.
    pub fn words(&self) -> String {
        Coordination::words(&self.draw_sha256, self.turn)
    }
}

fn ids(stratum: &bare::Stratum) -> Vec<String> {
    stratum.units.ids().map(str::to_owned).collect()
}

fn sizes(stratum: &bare::Stratum) -> Vec<f64> {
    let units = &stratum.units;
    (0..units.len()).map(|unit| units.size(unit)).collect()
}

#[cfg(test)]
mod tests {
    use super::Shared;

    #[test]
    fn what_is_unknown_of_a_stratum_is_unknown_of_all() {
        let known = Shared {
            expected: Some(2.5),
            exact: true,
            by_chance: Some(1.0),
            found: Some(2),
            ..Shared::unknown("north".to_owned())
        };
        let both = Shared::of_all(&[known.clone(), known.clone()]);
        assert_eq!(
            (both.expected, both.found, both.exact),
            (Some(5.0), Some(4), true)
        );
        let one = Shared::of_all(&[known, Shared::unknown("south".to_owned())]);
        assert_eq!((one.expected, one.found, one.exact), (None, None, false));
    }
}
