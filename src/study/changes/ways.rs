//! How two waves were drawn, and how what they share is found.

use super::super::Drawn;
use super::super::Error;
use super::super::estimate::rule_of;
use super::super::weigh::Answered;
use crate::bare;
use crate::draw::stages::is_alone;
use crate::draw::waves::coordinate::{Turn, by_number};
use crate::draw::{Method, Sample, Size};
use crate::estimate::change::{Drawing, Shared};
use crate::estimate::variance;
use crate::settings::ChangeSpec;

/// How what two waves share is found.
#[derive(Clone, Copy)]
pub(super) enum By {
    /// By how they came to share units.
    Units(Shared<'static>),
    /// By counts of clusters that both drew simply, and of units that both drew simply within them.
    Clusters,
    /// By the clusters of the first stage, whatever was done within them.
    FirstStage,
}

/// Whether a wave was drawn in stages.
#[derive(Clone, Copy, PartialEq)]
enum Stages {
    None,
    /// Clusters simply, and several units of each simply.
    TwoSimple,
    Others,
}

/// How a wave was drawn.
pub(super) struct Way {
    /// As a person knows the study.
    folder: String,
    /// None where it was drawn in stages.
    method: Option<&'static Method>,
    seed_key: String,
    turn: Turn,
    stages: Stages,
    /// The column of the clusters that were drawn first, if any were.
    clusters: Option<String>,
    /// Whether units rested that had been drawn before.
    rests: bool,
    /// The key of the rule for its variance.
    rule: &'static str,
    /// Units that were drawn, and those that were released.
    drawn: u64,
    worked: u64,
}

impl Stages {
    fn of(sample: &Sample) -> Stages {
        match sample.basis.stages.as_slice() {
            [] => Stages::None,
            both @ [clusters, units]
                if clusters.is_simple() && units.is_simple() && !is_alone(both) =>
            {
                Stages::TwoSimple
            }
            _ => Stages::Others,
        }
    }
}

impl Way {
    /// As 3-draw.json and the sample say.
    pub fn of(folder: String, drawn: Drawn, answered: &Answered) -> Result<Way, crate::Error> {
        let worked = answered.ledger.worked();
        let stages = Stages::of(&answered.sample);
        Ok(Way {
            folder,
            method: match stages {
                Stages::None => Some(bare::method(&drawn.method)?),
                _ => None,
            },
            turn: drawn.coordination.map(|wave| wave.turn).unwrap_or_default(),
            stages,
            clusters: drawn.stages.first().map(|stage| stage.column.clone()),
            rests: drawn.rest.is_some(),
            seed_key: drawn.seed_key,
            rule: rule_of(&answered.sample, &answered.ledger).card().key,
            drawn: worked.len() as u64,
            worked: worked.iter().filter(|worked| **worked).count() as u64,
        })
    }

    fn is_simple(&self) -> bool {
        self.rule == variance::strata::CARD.key
    }

    /// Whether permanent numbers decided on units, and all that were drawn were released.
    fn is_by_number(&self) -> bool {
        self.method.is_some_and(by_number)
            && self.worked == self.drawn
            && self.rule != variance::clusters::CARD.key
    }

    /// What decided on its units.
    pub fn decided<'a>(&self, answered: &'a Answered) -> Drawing<'a> {
        let chances = &answered.sample.probability;
        match self.method.map(|method| method.size) {
            _ if self.is_simple() => Drawing::Simple,
            Some(Size::Random) => Drawing::Each(chances),
            _ => Drawing::Fixed(chances),
        }
    }

    /// Why nobody knows what it shares with another wave of the same seed; nothing if somebody does.
    fn unknown(&self) -> Option<(String, &'static str)> {
        let folder = &self.folder;
        if self.rests {
            let why = format!(
                "in {folder} units rested that an earlier wave had drawn, and chances are unequal"
            );
            return Some((why, "leave [[change]] out"));
        }
        if self.is_by_number() {
            return None;
        }
        let (worked, drawn) = (self.worked, self.drawn);
        if worked < drawn {
            let why = format!(
                "{worked} of {drawn} drawn units of {folder} were released, and permanent numbers decided on all of them"
            );
            return Some((why, "release all replicates, or leave [[change]] out"));
        }
        let method = self.method.map_or("stages", |method| method.card.key);
        let why = format!(
            "one seed drew both waves, {folder} by '{method}', and the chance to be in both is known for simple, pareto, \
             pareto-adjusted, sequential-poisson, poisson and bernoulli"
        );
        Some((why, OWN_SEED))
    }
}

impl ChangeSpec {
    /// How what the two waves share is found.
    pub(super) fn shared(&self, ways: &[Way; 2]) -> Result<By, Error> {
        let stages = [ways[0].stages, ways[1].stages];
        let at_once = stages.map(|stages| stages == Stages::None);
        if at_once == [true; 2] {
            return self.shared_units(ways).map(By::Units);
        }
        if let Some(way) = ways.iter().find(|way| way.rests) {
            let why = format!(
                "in {} units rested that an earlier wave had drawn, and a wave was drawn in stages",
                way.folder
            );
            return Err(self.refused(why, "leave [[change]] out"));
        }
        if ways[0].seed_key != ways[1].seed_key {
            return Ok(By::Units(Shared::Apart));
        }
        if let Some(way) = ways.iter().find(|way| way.stages == Stages::None) {
            let why = format!(
                "one seed drew both waves, {} at once and the other in stages",
                way.folder
            );
            return Err(self.refused(why, OWN_SEED));
        }
        self.of_one_column(ways)?;
        let released = ways.iter().all(|way| way.worked == way.drawn);
        match stages == [Stages::TwoSimple; 2] && released {
            true => Ok(By::Clusters),
            false => Ok(By::FirstStage),
        }
    }

    /// Numbers go by labels: those of other clusters would be taken for the same where they are spelt alike.
    fn of_one_column(&self, ways: &[Way; 2]) -> Result<(), Error> {
        let columns = ways.each_ref().map(|way| way.clusters.as_deref());
        let [Some(first), Some(second)] = columns else {
            return Ok(());
        };
        if first == second {
            return Ok(());
        }
        let [then, now] = ways.each_ref().map(|way| way.folder.as_str());
        let why = format!(
            "one seed drew both waves, {then} by clusters of '{first}' and {now} by clusters of '{second}'"
        );
        Err(self.refused(why, OWN_CLUSTERS))
    }

    /// The same of units that were drawn at once.
    fn shared_units(&self, ways: &[Way; 2]) -> Result<Shared<'static>, Error> {
        let simple = ways.iter().all(Way::is_simple);
        let rests = ways.iter().any(|way| way.rests);
        let one_seed = ways[0].seed_key == ways[1].seed_key;
        if simple && (rests || one_seed && !ways.iter().all(Way::is_by_number)) {
            return Ok(Shared::Counted(&[]));
        }
        if !one_seed && !rests {
            return Ok(Shared::Apart);
        }
        match ways.iter().find_map(Way::unknown) {
            Some((why, hint)) => Err(self.refused(why, hint)),
            None => Ok(Shared::Numbers([ways[0].turn, ways[1].turn])),
        }
    }

    pub(super) fn refused(&self, why: String, hint: &str) -> Error {
        Error::NoChange {
            with: self.with.clone(),
            why,
            hint: Some(hint.to_owned()),
        }
    }
}

/// What is always known.
const OWN_SEED: &str =
    "draw this study by a seed of its own: what two such waves share is then chance alone";

/// Of clusters by another column.
const OWN_CLUSTERS: &str = "draw this study by a seed of its own; or if these are the same clusters, give the column one name in both lists";
