//! What is told of a draw: with which chances, by which methods, how many, and how far it went.

use super::calls::DrawnCalls;
use super::drawn::{Drawn, DrawnStage, DrawnStratum, NEARLY, Threshold, Transformed, stated};
use super::rest::{RestList, Rested};
use crate::bare::{Part, Picked, Stated, Stratum};
use crate::draw::balance::lands::Lands;
use crate::draw::balance::stratified_cube;
use crate::draw::sieve::Rule;
use crate::draw::{self, How, Needs, Sample, Size, replicates, waves};
use crate::method::Card;
use crate::notice::Notice;
use crate::random::{Number, Numbers};

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
pub(super) fn rested(list: &RestList, strata: &[DrawnStratum]) -> Rested {
    let resting = strata.iter().filter_map(|stratum| stratum.resting).sum();
    let others = strata.iter().map(|stratum| stratum.population).sum();
    list.told(resting, others)
}

/// Whether the chances stated are exact: those of every stage, where there are some.
pub(super) fn stated_of(how: &How, stages: &[DrawnStage]) -> Stated {
    let near = |stage: &DrawnStage| stage.chances == Stated::Approximate;
    match stages.is_empty() {
        true => stated(how),
        false if stages.iter().any(near) => Stated::Approximate,
        false => Stated::Exact,
    }
}

/// The cards of a draw.
pub(super) fn cards(drawn: &Drawn, how: &How) -> Vec<&'static Card> {
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
pub(super) fn notices(drawn: &Drawn) -> Vec<Notice> {
    let without = |stratum: &DrawnStratum| stratum.without_size.unwrap_or(0);
    let without = match drawn.strata.iter().map(without).sum() {
        0 => None,
        count => Some(Notice::WithoutSize { count }),
    };
    let once = drawn.calls.as_ref().and_then(DrawnCalls::notice);
    let resting = drawn.rest.as_ref().and_then(Rested::notice);
    let whole = |stage: &DrawnStage| {
        (stage.whole > 0).then(|| Notice::DrawnWhole {
            column: stage.column.clone(),
            count: stage.whole,
        })
    };
    let whole = drawn.stages.iter().filter_map(whole);
    let all = without.into_iter().chain(once).chain(resting);
    all.chain(whole).collect()
}

/// What was drawn from a stratum.
pub(super) fn tell(
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
