//! Step 3: which ones.
//!
//! Any of [`METHODS`](crate::draw::METHODS), by the engine that also draws from [bare](crate::bare) files.
//! Methods by permanent numbers read the list in a stream and hold no more than the sample; the others
//! hold the ids of the list and what they decide by.

use super::check::Checked;
use super::drawn::{Drawn, DrawnBy, DrawnStage, DrawnStratum};
use super::folder::{CHECK, COMMITMENT, DRAW, KEY, PLAN, SAMPLE, SURVEY};
use super::rest::RestList;
use super::study::LIST;
use super::told::{cards, in_first, notices, rested, stated_of, tell};
use super::wave::{Coordination, Earlier};
use super::{Artefact, Done, Error, Study, staged};
use crate::bare::{self, Counted, Part, Short, Stratum, Take};
use crate::draw::stages::{dealt, one_call};
use crate::draw::{self, Chosen, ChosenFrom, How, Sample, Share};
use crate::files::parquet;
use crate::frame::{Frame, join};
use crate::plan::Plan;
use crate::progress::Monitor;
use crate::random::{Numbers, Seed};

impl Study {
    /// Draws the sample that the plan calls for.
    ///
    /// # Errors
    ///
    /// If the list is not fit or has changed since it was checked, if a commitment would be broken, or what
    /// the drawing method runs into.
    pub fn draw(&self, monitor: &dyn Monitor) -> Result<Done<Drawn>, crate::Error> {
        self.draw_telling(&mut |_| (), monitor)
    }

    /// The same, and tells what is to be expected of a wave that is coordinated before anybody is drawn.
    ///
    /// # Errors
    ///
    /// As [`Study::draw`].
    pub fn draw_telling(
        &self,
        tell: &mut dyn FnMut(&Coordination),
        monitor: &dyn Monitor,
    ) -> Result<Done<Drawn>, crate::Error> {
        let checked: Artefact<Checked> = self.read(CHECK, "check", "draw")?;
        let plan: Artefact<Plan> = self.read(PLAN, "plan", "draw")?;
        checked.content.must_be_fit()?;
        checked.content.must_suit(&self.settings().draw)?;
        self.trust("check", &[LIST, CHECK])?;
        self.trust("plan", &[CHECK, PLAN])?;
        let staging = staged::planned(self.settings(), &plan.content)?;
        let commitment = self.kept(&checked.content, &plan.content)?;
        let shares = shares(&checked.content, &plan.content)?;
        let fingerprint = checked.content.census.fingerprint;
        let mut wave = self.wave((&shares, &fingerprint), monitor)?;
        let how = &self.how_after(wave.as_ref());
        if let Some((_, coordination)) = &wave {
            tell(coordination);
        }
        let resting = self.resting()?;
        let settled = self.settings().draw.stages.as_ref().zip(staging);
        let (mut sample, strata, stages) = match settled {
            Some(settled) => self.choose_in_stages(settled, &shares, monitor)?.parts(),
            None => self.choose(how, &shares, resting.as_ref(), monitor)?,
        };
        if let Some((earlier, coordination)) = &mut wave {
            earlier.find(coordination, &sample)?;
        }
        let (earlier, coordination) = wave.unzip();
        let calls = self.call_once(&mut sample, &shares)?;
        let key = self.case_key()?;
        for id in &mut sample.id {
            *id = key.case_id(id);
        }
        parquet::write(&self.path(SAMPLE), &super::sample::table(&sample))?;
        let drawn = Drawn {
            method: staged::card(&self.settings().draw).key.to_owned(),
            says: staged::card(&self.settings().draw).says.en.to_owned(),
            chances: Some(stated_of(how, &stages)),
            by: DrawnBy::of(how),
            seed_key: self.seed().key(),
            fingerprint,
            drawn: sample.len() as u64,
            replicates: self.settings().draw.replicates,
            commitment,
            calls,
            coordination,
            rest: resting.as_ref().map(|list| rested(list, &strata)),
            self_weighting: settled.is_some_and(|(stages, _)| stages.self_weighting),
            or_all: settled.is_some_and(|(stages, _)| stages.or_all),
            stages,
            strata,
        };
        let mut cards = match settled {
            Some((stages, _)) => staged::cards(how, stages),
            None => cards(&drawn, how),
        };
        let dealt = settled.is_some() && drawn.replicates > 1;
        cards.extend(dealt.then_some(&dealt::CARD));
        cards.extend(drawn.calls.as_ref().map(|_| &one_call::CARD));
        let notices = notices(&drawn);
        self.write(DRAW, "draw", &cards, &notices, &drawn)?;
        let mut read = vec![SURVEY, LIST, CHECK, PLAN, KEY];
        read.extend(drawn.commitment.is_some().then_some(COMMITMENT));
        let of_wave = earlier.iter().flat_map(|earlier| &earlier.files);
        read.extend(of_wave.map(String::as_str));
        read.extend(resting.iter().flat_map(RestList::files));
        self.done("draw", &read, &cards, notices, drawn)
    }

    /// The wave to go on from, and what is to be expected of it.
    fn wave(
        &self,
        list: (&[Share], &str),
        monitor: &dyn Monitor,
    ) -> Result<Option<(Earlier, Coordination)>, crate::Error> {
        let Some(mut earlier) = self.earlier()? else {
            return Ok(None);
        };
        let coordination = self.expects(&mut earlier, list, monitor)?;
        Ok(Some((earlier, coordination)))
    }

    /// How this study draws, after an earlier wave if there is one.
    fn how_after(&self, wave: Option<&(Earlier, Coordination)>) -> How {
        How {
            numbers: wave.map(|(earlier, _)| earlier.turn).unwrap_or_default(),
            ..self.settings().draw.how.clone()
        }
    }

    /// Draws; ids are still those of the list.
    fn choose(
        &self,
        how: &How,
        shares: &[Share],
        resting: Option<&RestList>,
        monitor: &dyn Monitor,
    ) -> Result<(Sample, Vec<DrawnStratum>, Vec<DrawnStage>), crate::Error> {
        let (frame, _) = self.frame()?;
        let seed = self.seed();
        let mut counted = counted(how, &frame, shares, monitor)?;
        let takes = takes(&counted.strata, shares, &frame)?;
        let sized = how.size.is_some();
        let rested = resting.map(|list| list.leave_out(&mut counted.strata, sized));
        enough(how, &counted.strata, &takes)?;
        let carry: Vec<&str> = frame.roles().carry.iter().map(String::as_str).collect();
        let expected: Vec<Take> = takes.iter().map(|take| Take::Whole(*take)).collect();
        let wish = (
            counted.numeric.as_slice(),
            expected.as_slice(),
            carry.as_slice(),
        );
        let parts = bare::parts(
            how,
            (&seed, None),
            &frame,
            &mut counted.strata,
            wish,
            monitor,
        )?;
        let parts = with_cells(&frame, &carry, parts)?;
        let numbers = Numbers::new(&seed);
        let (mut told, mut chosen) = (Vec::new(), Vec::new());
        let each = counted.strata.iter().zip(takes).zip(parts);
        for (place, ((stratum, take), part)) in each.enumerate() {
            told.push(DrawnStratum {
                resting: rested.as_ref().map(|counts| counts[place]),
                ..tell(how, stratum, take, &part, &carry, &numbers)
            });
            chosen.push(ChosenFrom {
                labels: &stratum.labels,
                population: stratum.population,
                units: released(how, &seed, part),
            });
        }
        told.sort_by(|one, other| one.stratum.cmp(&other.stratum));
        let replicates = self.settings().draw.replicates;
        let sample = Sample::assemble(frame.roles(), chosen, replicates, &seed, how.clone());
        if replicates > 1 {
            in_first(&mut told, &sample, replicates);
        }
        Ok((sample, told, Vec::new()))
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

/// The strata as the method must know them: counted already when the list was checked, unless it goes by
/// sizes, or must see all units.
fn counted(
    how: &How,
    frame: &Frame,
    shares: &[Share],
    monitor: &dyn Monitor,
) -> Result<Counted, crate::Error> {
    if how.rule().is_some() && how.size.is_none() {
        let known = |share: &Share| Stratum {
            labels: share.labels.clone(),
            population: share.population,
            ..Stratum::default()
        };
        return Ok(Counted {
            strata: shares.iter().map(known).collect(),
            numeric: Vec::new(),
            problems: Vec::new(),
        });
    }
    bare::count(how, frame, None, monitor)
}

/// n_h of each stratum, in their order, if the list is still the one that was planned for.
pub(super) fn takes(
    strata: &[Stratum],
    shares: &[Share],
    frame: &Frame,
) -> Result<Vec<u64>, crate::Error> {
    let gone = |share: &&Share| {
        share.population > 0 && !strata.iter().any(|one| one.labels == share.labels)
    };
    let unknown: Vec<String> = shares
        .iter()
        .filter(gone)
        .map(|s| join(&s.labels))
        .collect();
    if !unknown.is_empty() {
        return Err(draw::Error::UnknownStrata { strata: unknown }.into());
    }
    let mut takes = Vec::new();
    for stratum in strata {
        let Some(share) = shares.iter().find(|share| share.labels == stratum.labels) else {
            let list = frame.list().name();
            return Err(bare::Error::Changed { list }.into());
        };
        if share.population != stratum.population {
            return Err(draw::Error::StratumChanged {
                stratum: stratum.label(),
                found: stratum.population,
                planned: share.population,
            }
            .into());
        }
        takes.push(share.take);
    }
    if takes.iter().all(|take| *take == 0) {
        return Err(draw::Error::Nothing.into());
    }
    Ok(takes)
}

/// Refuses strata that have not so many to draw.
fn enough(how: &How, strata: &[Stratum], takes: &[u64]) -> Result<(), bare::Error> {
    let mut short = Vec::new();
    for (stratum, &take) in strata.iter().zip(takes) {
        let there = match how.size {
            Some(_) => stratum.sizes.above_zero(),
            None => stratum.population,
        };
        let room = if how.hits() && there > 0 {
            u64::MAX
        } else {
            there
        };
        if take > room {
            short.push(Short {
                stratum: Some(stratum.label()),
                there,
                asked: take,
                sized: how.size.is_some(),
            });
        }
    }
    match short.is_empty() {
        true => Ok(()),
        false => Err(bare::Error::TooFew { short }),
    }
}

/// The drawn units with the cells that come along: from another reading, unless they are at hand.
pub(super) fn with_cells(
    frame: &Frame,
    carry: &[&str],
    mut parts: Vec<Part>,
) -> Result<Vec<Part>, crate::Error> {
    let far = |part: &Part| part.units.iter().any(|unit| unit.cells.is_none());
    if !parts.iter().any(far) {
        return Ok(parts);
    }
    let mut columns = vec![frame.roles().unit.as_str()];
    columns.extend(carry);
    let rows: Vec<u64> = parts
        .iter()
        .flat_map(|part| part.units.iter().map(|unit| unit.row))
        .collect();
    let mut cells = frame.list().gather(&rows, &columns)?;
    let units = parts.iter_mut().flat_map(|part| &mut part.units);
    for (place, unit) in units.enumerate() {
        let mut row = cells.iter_mut().map(|column| column[place].take());
        if row.next().flatten().as_deref() != Some(unit.id.as_str()) {
            let list = frame.list().name();
            return Err(bare::Error::Changed { list }.into());
        }
        unit.cells = Some(row.collect());
    }
    Ok(parts)
}

/// The drawn units of a stratum in their order of release.
fn released(how: &How, seed: &Seed, part: Part) -> Vec<Chosen> {
    let order = bare::release(how, seed, &part);
    let mut units: Vec<Option<Chosen>> = part
        .units
        .into_iter()
        .map(|unit| {
            Some(Chosen {
                id: unit.id,
                row: unit.row,
                chance: unit.chance,
                hits: unit.hits as u32,
                walk: unit.walk,
                carried: unit.cells.unwrap_or_default(),
            })
        })
        .collect();
    order
        .into_iter()
        .filter_map(|place| units[place].take())
        .collect()
}
