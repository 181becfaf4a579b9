//! Step 3: which ones.
//!
//! Any of [`METHODS`](crate::draw::METHODS), by the engine that also draws from [bare](crate::bare) files.
//! Methods by permanent numbers read the list in a stream and hold no more than the sample; the others
//! hold the ids of the list and what they decide by.

use super::calls::DrawnCalls;
use super::check::Checked;
use super::drawn::{
    Drawn, DrawnBy, DrawnStage, DrawnStratum, NEARLY, Threshold, Transformed, stated,
};
use super::folder::{CHECK, COMMITMENT, DRAW, KEY, PLAN, SAMPLE, SURVEY};
use super::rest::{RestList, Rested};
use super::study::LIST;
use super::wave::{Coordination, Earlier};
use super::{Artefact, Done, Error, Study, staged};
use crate::bare::{self, Counted, Part, Picked, Short, Stated, Stratum, Take};
use crate::draw::balance::lands::Lands;
use crate::draw::balance::stratified_cube;
use crate::draw::sieve::Rule;
use crate::draw::stages::{dealt, one_call};
use crate::draw::{self, Chosen, ChosenFrom, How, Needs, Sample, Share, Size, replicates, waves};
use crate::files::parquet;
use crate::frame::{Frame, join};
use crate::method::Card;
use crate::notice::Notice;
use crate::plan::Plan;
use crate::progress::Monitor;
use crate::random::{Number, Numbers, Seed};

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
        let parts = bare::parts(how, &seed, &frame, &mut counted.strata, wish, monitor)?;
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

/// Counts the drawn units of the first 1, 2, … replicates in each stratum.
pub(super) fn in_first(strata: &mut [DrawnStratum], sample: &Sample, replicates: u32) {
    let labels = sample.stratum.labels();
    let mut counts = vec![vec![0_u64; replicates as usize]; labels.len()];
    for (unit, replicate) in sample.replicate.iter().enumerate() {
        counts[sample.stratum.code(unit)][*replicate as usize - 1] += 1;
    }
    for (label, mut counts) in labels.iter().zip(counts) {
        let mut all = 0;
        for count in &mut counts {
            all += *count;
            *count = all;
        }
        let told = strata.iter_mut().find(|told| told.stratum == *label);
        told.into_iter()
            .for_each(|told| told.in_first.clone_from(&counts));
    }
}

/// What is published of those who rest.
fn rested(list: &RestList, strata: &[DrawnStratum]) -> Rested {
    let resting = strata.iter().filter_map(|stratum| stratum.resting).sum();
    let others = strata.iter().map(|stratum| stratum.population).sum();
    list.told(resting, others)
}

/// Whether the chances stated are exact: those of every stage, where there are some.
fn stated_of(how: &How, stages: &[DrawnStage]) -> Stated {
    let near = |stage: &DrawnStage| stage.chances == Stated::Approximate;
    match stages.is_empty() {
        true => stated(how),
        false if stages.iter().any(near) => Stated::Approximate,
        false => Stated::Exact,
    }
}

/// The cards of a draw.
fn cards(drawn: &Drawn, how: &How) -> Vec<&'static Card> {
    let mut cards = vec![how.method.card];
    if how.lands() == Some(Lands::Together) {
        cards.push(&stratified_cube::CARD);
    }
    if how.size.is_some() && !how.hits() {
        cards.push(&draw::probability::CARD);
    }
    if drawn.coordination.is_some() {
        cards.extend([&waves::coordinate::CARD, &waves::overlap::CARD]);
    }
    if drawn.rest.is_some() {
        cards.push(&waves::rested::CARD);
    }
    cards.push(&replicates::CARD);
    cards
}

/// Units that no sample can contain, and units that no call is about.
fn notices(drawn: &Drawn) -> Vec<Notice> {
    let without = |stratum: &DrawnStratum| stratum.without_size.unwrap_or(0);
    let without = match drawn.strata.iter().map(without).sum() {
        0 => None,
        count => Some(Notice::WithoutSize { count }),
    };
    let once = drawn.calls.as_ref().and_then(DrawnCalls::notice);
    let resting = drawn.rest.as_ref().and_then(Rested::notice);
    without.into_iter().chain(once).chain(resting).collect()
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

/// What was drawn from a stratum.
fn tell(
    how: &How,
    stratum: &Stratum,
    take: u64,
    part: &Part,
    carry: &[&str],
    numbers: &Numbers,
) -> DrawnStratum {
    let drawn = part.units.len() as u64;
    let sized = how.size.is_some();
    let certain = part
        .units
        .iter()
        .filter(|unit| unit.chance >= NEARLY)
        .count() as u64;
    let (last, threshold) = how
        .compares()
        .map_or((None, None), |rule| reach(how, rule, part, carry, numbers));
    DrawnStratum {
        stratum: stratum.label(),
        population: stratum.population,
        drawn,
        expected: (how.method.card.key != draw::simple::CARD.key).then_some(take),
        hits: how
            .hits()
            .then(|| part.units.iter().map(|unit| unit.hits).sum()),
        certain: (sized && !how.hits()).then_some(certain),
        without_size: sized.then(|| stratum.population - stratum.sizes.above_zero()),
        size: sized.then(|| stratum.sizes.total()),
        spread: part.spread,
        balance: part.balance.clone(),
        last: last.map(|number| number.text()),
        threshold,
        resting: None,
        in_first: Vec::new(),
        whole: drawn > 0 && drawn == stratum.population,
    }
}

/// How far a draw by permanent numbers went: the last number, and what it was compared as.
pub(crate) fn reach(
    how: &How,
    rule: Rule,
    part: &Part,
    carry: &[&str],
    numbers: &Numbers,
) -> (Option<Number>, Option<Threshold>) {
    // As they were turned, if they were.
    let number = |unit: &Picked| how.numbers.number(numbers.of(&unit.id), unit.chance);
    let by_number = || part.units.iter().map(number).max();
    if how.method.needs == Needs::EqualChances && how.method.size == Size::Fixed {
        return (by_number(), None);
    }
    let of = Transformed::by(rule);
    let Some(size) = &how.size else {
        // Of random size: whoever has u < π.
        let all = Threshold {
            of,
            level: None,
            most: 1.0,
        };
        return (None, Some(all));
    };
    let place = carry.iter().position(|column| column == size);
    let sizes: Vec<f64> = part
        .units
        .iter()
        .map(|unit| {
            let cell = place.and_then(|place| unit.cells.as_ref()?[place].as_deref());
            cell.and_then(draw::Sizes::read).unwrap_or(f64::NAN)
        })
        .collect();
    let open: Vec<usize> = (0..sizes.len())
        .filter(|&unit| part.units[unit].chance < NEARLY)
        .collect();
    let key = |&unit: &usize| {
        let one = &part.units[unit];
        of.of(number(one).u(), one.chance)
    };
    let furthest = open
        .iter()
        .copied()
        .max_by(|a, b| key(a).total_cmp(&key(b)));
    let level = open
        .first()
        .map(|&unit| sizes[unit] / part.units[unit].chance);
    let random = how.method.size == Size::Random;
    match (furthest, level) {
        (Some(unit), Some(level)) => {
            let most = if random { 1.0 } else { key(&unit) };
            let last = (!random).then(|| number(&part.units[unit]));
            let level = Some(level);
            (last, Some(Threshold { of, level, most }))
        }
        // Nobody was left to chance: the smallest certain one is as far as it went.
        _ if !random && !sizes.is_empty() => {
            let level = Some(sizes.into_iter().fold(f64::INFINITY, f64::min));
            (
                None,
                Some(Threshold {
                    of,
                    level,
                    most: 0.0,
                }),
            )
        }
        _ => (None, None),
    }
}
