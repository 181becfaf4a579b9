//! Which methods were used, by the keys of their cards.

use super::jobs::{self, Job};
use super::wanted::Correct;
use super::{Asked, By};
use crate::estimate::variance::replicate::Replicates;
use crate::estimate::variance::{self, Lonely};
use crate::estimate::{self, ShareInterval, compare, quantile, regress, table};
use crate::method::Card;

pub(super) fn keys(
    work: &[Job<'_>],
    replicates: Option<&Replicates<'_>>,
    asked: &Asked,
) -> Vec<String> {
    let mut cards = jobs::cards(work);
    let quantiles = work.iter().any(Job::is_quantile);
    cards.extend(quantiles.then_some(&quantile::rule::CARD));
    let compares = asked.compare.is_some();
    cards.extend(compares.then_some(&estimate::difference::CARD));
    further(&mut cards, asked);
    match replicates {
        Some(replicates) => cards.extend([replicates.card(), &variance::replicate::CARD]),
        None => {
            cards.push(of_design(asked));
            let taken = asked.lonely != Lonely::Fail;
            cards.extend(taken.then_some(&variance::lonely::CARD));
        }
    }
    intervals(&mut cards, work, asked);
    cards.extend(asked.deff.then_some(&estimate::effect::CARD));
    cards
        .into_iter()
        .map(|card: &Card| card.key.to_owned())
        .collect()
}

/// The rule for a design.
fn of_design(asked: &Asked) -> &'static Card {
    match asked.drawn.as_ref().map(|drawn| &drawn.by) {
        None => &variance::clusters::CARD,
        Some(By::Units(_)) => &variance::unequal::CARD,
        Some(By::Pairs(..)) => &variance::unequal::PAIRS_CARD,
        Some(By::Successive(_)) => &variance::successive::CARD,
        Some(By::LocalMean(..)) => &variance::local::CARD,
        Some(By::Balanced(_)) => &variance::balanced::CARD,
        Some(By::Together(_)) => &variance::together::CARD,
        Some(By::Independent) => &variance::independent::CARD,
        Some(By::Replaced(_)) => &variance::replaced::CARD,
    }
}

fn further(cards: &mut Vec<&'static Card>, asked: &Asked) {
    let further = &asked.further;
    let tables = !further.tables.is_empty();
    cards.extend(tables.then_some(&table::CARD));
    cards.extend((!further.fits.is_empty()).then_some(&table::fit::CARD));
    let tested = tables || !further.fits.is_empty();
    cards.extend(tested.then_some(&table::rao_scott::CARD));
    cards.extend((tables && further.all_tests).then_some(&table::association::WALD));
    if !further.models.is_empty() {
        cards.extend([&regress::CARD, &regress::WALD]);
    }
    if further.correct.is_some() || further.ranks.is_some() {
        cards.push(&compare::CARD);
    }
    match further.correct {
        Some(Correct::By(correction)) => cards.push(correction.card()),
        Some(Correct::Largest) => cards.push(&compare::MAX_T),
        None => {}
    }
    if further.ranks.is_some() {
        let known = further.correct == Some(Correct::Largest);
        cards.extend((!known).then_some(&compare::MAX_T));
        cards.extend([&compare::ranks::DIFFERENCES, &compare::LETTERS]);
    }
}

fn intervals(cards: &mut Vec<&'static Card>, work: &[Job<'_>], asked: &Asked) {
    let own = asked.interval.filter(|way| *way != ShareInterval::Student);
    let is_other = |job: &Job<'_>| !job.is_share() && !job.is_quantile();
    let others = work.iter().any(is_other) || asked.compare.is_some() || asked.further.is_any();
    cards.extend((own.is_none() || others).then_some(&estimate::interval::CARD));
    cards.extend(own.map(ShareInterval::card));
    if asked.nchs {
        cards.push(&estimate::publish::CARD);
        let nchs = ShareInterval::Nchs.card();
        cards.extend((own != Some(ShareInterval::Nchs)).then_some(nchs));
    }
}
