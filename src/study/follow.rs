//! Between steps 5 and 6: some of those who did not answer, drawn again and followed up.
//!
//! Whoever was called and gave no interview may be drawn for the second phase, unless it is known that it
//! does not belong to the population. Each stratum's second draw is simple, so weights know its chance; it is
//! decided by numbers that had no part in the first draw. Those who are not drawn again speak for nobody, also
//! if they should answer later: they were not chosen to.
//!
//! Some of the ways to have given no interview may be left out: whoever is known to refuse may be left in
//! peace. Those units stay nonrespondents of the first phase. They keep their weight in the second, nobody
//! speaks for them there, and the step for nonresponse hands their weight to those who answered, as without a
//! second phase.
//!
//! Of a sample in stages it is the same: the second draw goes through all clusters of a stratum, and does not ask
//! in which of them somebody was silent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::field::ListFile;
use super::folder::{DRAW, FOLLOW_UP, FOLLOWED, KEY, OUTCOMES, SAMPLE, SURVEY};
use super::study::LIST;
use super::{Done, Error, FollowUpError, Study};
use crate::draw::Sample;
use crate::draw::equal::smallest;
use crate::draw::stages::phases::{self, First, follow_up, second_phase};
use crate::field::Class;
use crate::files::{Column, Columns, parquet};
use crate::frame::Codes;
use crate::progress::Monitor;
use crate::weigh::SecondPhase;
use crate::weigh::second_phase::Follow;

/// Whom a follow-up is to reach: the manifest beside its call list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Followed {
    /// What the list is for: nothing else.
    pub purpose: String,
    /// How units ended that may be followed up, by AAPOR's letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<Class>,
    /// Units that ended so.
    pub silent: u64,
    /// Of these, units that are followed up.
    pub drawn: u64,
    /// Units that gave no interview either, and are left out: they stay nonrespondents of the first phase.
    #[serde(default)]
    pub left_out: u64,
    /// The strata that anybody was silent in.
    pub strata: Vec<FollowedStratum>,
    /// The files.
    pub lists: Vec<ListFile>,
}

/// The second phase of a stratum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FollowedStratum {
    /// Its label.
    pub stratum: String,
    /// Units that gave no interview and may be followed up.
    pub silent: u64,
    /// Of these, units that are followed up.
    pub drawn: u64,
    /// π₂, the chance of each to be followed up.
    pub chance: f64,
}

/// Every drawn unit's part in the second phase, and the chance it had.
struct Phase {
    parts: Vec<Follow>,
    chance: Vec<f64>,
}

impl Study {
    /// Draws `take` of those who gave no interview and ended as one `of` the classes says, by stratum, and writes a call list of them. The second
    /// phase is drawn once: whoever was chosen stays chosen.
    ///
    /// # Errors
    ///
    /// [`FollowUpError::FollowedUp`] if it was drawn already; [`FollowUpError::BadTake`] if there are not so
    /// many, or fewer than one for each stratum; those of [`Study::field`].
    pub fn follow_up(
        &self,
        take: u64,
        of: &[Class],
        monitor: &dyn Monitor,
    ) -> Result<Done<Followed>, crate::Error> {
        let sample = self.sample("follow-up")?;
        self.trust("ingest", &[SAMPLE, DRAW, OUTCOMES])?;
        if self.path(FOLLOWED).exists() {
            return Err(FollowUpError::FollowedUp.into());
        }
        let outcomes = self.outcomes(&sample, "follow-up")?;
        let silent: Vec<bool> = outcomes
            .class
            .iter()
            .map(|class| is_silent(*class) && of.contains(class))
            .collect();
        let all = outcomes.class.iter().filter(|class| is_silent(**class));
        let left_out = all.count() - silent.iter().filter(|one| **one).count();
        let (there, strata) = (silent_by_stratum(&sample, &silent), sample.stratum.labels());
        let takes = share_out(&there, take).ok_or_else(|| FollowUpError::BadTake {
            take,
            silent: there.iter().sum(),
            strata: there.iter().filter(|count| **count > 0).count() as u64,
        })?;
        let phase = self.second(&sample, &silent, &takes)?;
        let called: Vec<bool> = phase
            .parts
            .iter()
            .map(|part| *part == Follow::Drawn)
            .collect();
        let lists = self.follow_list(&sample, &called, &phase.chance, monitor)?;
        let told = (0..strata.len()).filter(|&h| there[h] > 0);
        let told = told.map(|h| FollowedStratum {
            stratum: strata[h].clone(),
            silent: there[h],
            drawn: takes[h],
            chance: takes[h] as f64 / there[h] as f64,
        });
        let followed = Followed {
            purpose: self.settings().survey.name.clone(),
            of: of.to_vec(),
            left_out: left_out as u64,
            silent: there.iter().sum(),
            drawn: take,
            strata: told.collect(),
            lists,
        };
        let cards = [&phases::CARD];
        let manifest = format!("{FOLLOW_UP}/manifest.json");
        self.write(&manifest, "follow-up", &cards, &[], &followed)?;
        parquet::write(&self.path(FOLLOWED), &table(&sample, &phase))?;
        let read = [SURVEY, LIST, SAMPLE, DRAW, KEY, OUTCOMES];
        self.done("follow-up", &read, &cards, Vec::new(), followed)
    }

    /// The second draw, stratum by stratum.
    fn second(
        &self,
        sample: &Sample,
        silent: &[bool],
        takes: &[u64],
    ) -> Result<Phase, crate::Error> {
        let mut units = vec![Vec::new(); takes.len()];
        for unit in (0..sample.len()).filter(|&unit| silent[unit]) {
            units[sample.stratum.code(unit)].push(unit);
        }
        let mut phase = Phase {
            parts: vec![Follow::Outside; sample.len()],
            chance: vec![1.0; sample.len()],
        };
        for (stratum, units) in units.iter().enumerate() {
            let ids: Vec<String> = units.iter().map(|&unit| sample.id[unit].clone()).collect();
            // Of the first phase nothing counts here but who was silent; expected hits are no chances.
            let first = First {
                label: &sample.stratum.labels()[stratum],
                ids: &ids,
                chances: &vec![1.0; ids.len()],
            };
            let chances = follow_up(&vec![false; ids.len()], takes[stratum] as usize)?;
            let kept = second_phase(&first, &chances, &smallest::METHOD, &self.seed())?;
            for (place, &unit) in units.iter().enumerate() {
                phase.parts[unit] = Follow::NotDrawn;
                phase.chance[unit] = chances.of(place);
            }
            for one in kept {
                phase.parts[units[one.place]] = Follow::Drawn;
            }
        }
        Ok(phase)
    }

    /// The weighting step of the second phase, if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Stale`] if it is one of another sample.
    pub(super) fn followed(&self, sample: &Sample) -> Result<Option<SecondPhase>, crate::Error> {
        let phase = self.phase(sample)?;
        Ok(phase.map(|phase| SecondPhase::within(sample.stratum.clone(), phase.parts)))
    }

    fn phase(&self, sample: &Sample) -> Result<Option<Phase>, crate::Error> {
        let path = self.path(FOLLOWED);
        if !path.exists() {
            return Ok(None);
        }
        self.trust("follow-up", &[FOLLOWED])?;
        let stale = || Error::Stale {
            file: SAMPLE.to_owned(),
            writer: "follow-up".to_owned(),
        };
        Ok(Some(
            read(&parquet::read(&path)?, sample).ok_or_else(stale)?,
        ))
    }

    /// Whether the second phase is the one that the seed draws of those who were silent then.
    ///
    /// # Errors
    ///
    /// [`Error::Differs`] if it is not.
    pub(super) fn followed_by_chance(&self) -> Result<(), crate::Error> {
        if !self.path(FOLLOWED).exists() {
            return Ok(());
        }
        let sample = self.sample("verify")?;
        let Some(found) = self.phase(&sample)? else {
            return Ok(());
        };
        let silent: Vec<bool> = found
            .parts
            .iter()
            .map(|part| *part != Follow::Outside)
            .collect();
        let drawn: Vec<bool> = found
            .parts
            .iter()
            .map(|part| *part == Follow::Drawn)
            .collect();
        let takes = silent_by_stratum(&sample, &drawn);
        let wanted = self.second(&sample, &silent, &takes)?;
        if wanted.parts == found.parts {
            return Ok(());
        }
        let count = |phase: &Phase| {
            let pairs = phase.parts.iter().zip(&found.parts);
            format!(
                "{} units otherwise",
                pairs.filter(|(one, other)| one != other).count()
            )
        };
        Err(Error::Differs {
            file: FOLLOWED.to_owned(),
            step: "follow-up".to_owned(),
            found: count(&wanted),
            wanted: "the draw of its seed".to_owned(),
        }
        .into())
    }
}

/// The classes that may be followed up, unless some are left out: all in which a unit gave no interview and
/// may belong to the population.
pub const SILENT: [Class; 6] = [
    Class::Partial,
    Class::Refusal,
    Class::NonContact,
    Class::Other,
    Class::UnknownNumber,
    Class::UnknownPerson,
];

/// The classes that a word names: AAPOR's letters, or partial, refusal, noncontact, other, unknown-number,
/// unknown-person, and unknown for both of these.
///
/// ```
/// use canvass::field::Class;
/// use canvass::study::silent_by;
/// assert_eq!(silent_by("noncontact"), Some(vec![Class::NonContact]));
/// assert_eq!(silent_by("UO"), Some(vec![Class::UnknownPerson]));
/// assert_eq!(silent_by("interview"), None);
/// ```
#[must_use]
pub fn silent_by(word: &str) -> Option<Vec<Class>> {
    Some(match word {
        "partial" => vec![Class::Partial],
        "refusal" => vec![Class::Refusal],
        "noncontact" => vec![Class::NonContact],
        "other" => vec![Class::Other],
        "unknown" => vec![Class::UnknownNumber, Class::UnknownPerson],
        "unknown-number" => vec![Class::UnknownNumber],
        "unknown-person" => vec![Class::UnknownPerson],
        letters => {
            let class = Class::from_letters(letters)?;
            SILENT.contains(&class).then(|| vec![class])?
        }
    })
}

/// Whether a unit was called in vain: it gave no interview, and may belong to the population.
fn is_silent(class: Class) -> bool {
    !class.responds() && class != Class::NotEligible && class != Class::NotReleased
}

fn silent_by_stratum(sample: &Sample, silent: &[bool]) -> Vec<u64> {
    let mut there = vec![0; sample.stratum.labels().len()];
    for unit in (0..sample.len()).filter(|&unit| silent[unit]) {
        there[sample.stratum.code(unit)] += 1;
    }
    there
}

/// How many are followed up in each stratum: in proportion, by largest remainders, and one at least wherever
/// anybody was silent. None if that cannot be.
fn share_out(there: &[u64], take: u64) -> Option<Vec<u64>> {
    let (all, strata) = (
        there.iter().sum::<u64>(),
        there.iter().filter(|n| **n > 0).count() as u64,
    );
    if take > all || take < strata || take == 0 {
        return None;
    }
    let mut takes: Vec<u64> = there.iter().map(|n| take * n / all).collect();
    for (take, n) in takes.iter_mut().zip(there) {
        *take = (*take).max(u64::from(*n > 0));
    }
    // What is left goes where the most is missing, and what is too much is taken where the most is left.
    let missing = |h: usize, takes: &[u64]| {
        i128::from(take) * i128::from(there[h]) - i128::from(takes[h]) * i128::from(all)
    };
    while takes.iter().sum::<u64>() != take {
        let more = takes.iter().sum::<u64>() < take;
        let open = (0..there.len()).filter(|&h| match more {
            true => takes[h] < there[h],
            false => takes[h] > 1,
        });
        let best = match more {
            true => open.max_by_key(|&h| (missing(h, &takes), std::cmp::Reverse(h))),
            false => open.min_by_key(|&h| (missing(h, &takes), h)),
        };
        match (best, more) {
            (Some(h), true) => takes[h] += 1,
            (Some(h), false) => takes[h] -= 1,
            (None, _) => return None,
        }
    }
    Some(takes)
}

/// The words of the parts.
const PARTS: [(Follow, &str); 3] = [
    (Follow::Outside, "outside"),
    (Follow::Drawn, "drawn"),
    (Follow::NotDrawn, "not drawn"),
];

fn table(sample: &Sample, phase: &Phase) -> Columns {
    let words: BTreeMap<usize, &str> = PARTS
        .iter()
        .map(|(part, word)| (*part as usize, *word))
        .collect();
    let part = phase
        .parts
        .iter()
        .map(|part| words[&(*part as usize)].to_owned());
    let mut table = Columns::default();
    table.push("case_id", Column::Text(sample.id.clone()));
    table.push("stratum", Column::Coded(sample.stratum.clone()));
    table.push("part", Column::Coded(Codes::from_labels(part)));
    let chance = phase.chance.iter().copied().map(Some);
    table.push("probability", Column::Real(chance.collect()));
    table
}

fn read(table: &Columns, sample: &Sample) -> Option<Phase> {
    let (Some(Column::Text(ids)), Some(Column::Real(chance))) =
        (table.get("case_id"), table.get("probability"))
    else {
        return None;
    };
    let written = table.codes("part")?;
    let part = |unit: usize| {
        let known = PARTS.iter().find(|(_, word)| *word == written.label(unit));
        known.map(|(part, _)| *part)
    };
    let parts: Option<Vec<Follow>> = (0..ids.len()).map(part).collect();
    (*ids == sample.id).then_some(())?;
    Some(Phase {
        parts: parts?,
        chance: chance.iter().copied().collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::share_out;

    #[test]
    fn a_follow_up_is_shared_out_in_proportion_and_reaches_every_stratum() {
        assert_eq!(share_out(&[60, 30, 10], 10), Some(vec![6, 3, 1]));
        assert_eq!(share_out(&[60, 0, 1], 6), Some(vec![5, 0, 1]));
        assert_eq!(
            share_out(&[5, 5, 5], 7).map(|takes| takes.iter().sum()),
            Some(7)
        );
        assert_eq!(share_out(&[2, 3], 5), Some(vec![2, 3]));
        for (there, take) in [(&[2, 3][..], 6), (&[2, 3], 1), (&[0, 0], 0)] {
            assert_eq!(share_out(there, take), None, "{take} of {there:?}");
        }
    }
}
