//! What became of figures since an earlier wave: `[[change]]`.
//!
//! Both waves are studies. Who is in both is known by the earlier study's case.key: the same key makes the same
//! case id of the same unit. Where nobody can tell, nothing is estimated: two waves that share units are not
//! independent, and taking them for such would be a guess. How they came to share units is known by both
//! 3-draw.json: one seed and its permanent numbers, or seeds of their own. Of draws in stages by one seed it is the
//! clusters that count.

mod clusters;
mod ways;

use serde::{Deserialize, Serialize};

use self::ways::{By, Way};
use super::estimate::rule_of;
use super::figures::{self, Asked};
use super::folder::{DRAW, ESTIMATES, KEY, OUTCOMES, SAMPLE, SURVEY, WEIGHTS};
use super::study::{LIST, read_key};
use super::weigh::Answered;
use super::{Artefact, Drawn as DrawnSo, Error, Estimated, Study};
use crate::advice::Advise;
use crate::estimate::change::{
    self, Bound, Change, Drawing, Drawn, Figure, FirstStage, Grouped, Shared, by_first_stage,
    together,
};
use crate::estimate::{Domain, Estimate, Estimator};
use crate::field::CaseKey;
use crate::frame::Codes;
use crate::notice::Notice;
use crate::progress::Monitor;
use crate::report::Changes;
use crate::settings::{ChangeSpec, FigureSpec};

/// Figures of this study less those of an earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    /// The earlier study's folder, as it was written.
    pub with: String,
    /// The earlier survey's name.
    pub survey: String,
    /// One per figure and domain, in the order of survey.toml and of the domains' labels.
    pub changes: Vec<Change>,
}

impl Changed {
    /// As reports tell it.
    #[must_use]
    pub fn told(&self) -> Changes<'_> {
        Changes {
            since: &self.survey,
            changes: &self.changes,
        }
    }
}

/// A wave: its study and what was answered.
struct Wave<'a> {
    answered: &'a Answered,
    /// By which its units are known in both waves.
    ids: &'a [String],
    /// What decided on its units.
    by: Drawing<'a>,
}

/// Of the earlier study, what is read.
const OF_WAVE: [&str; 7] = [SURVEY, SAMPLE, DRAW, OUTCOMES, WEIGHTS, ESTIMATES, KEY];

impl Study {
    /// The changes of one `[[change]]`, and a notice of the domains that a wave lacks.
    ///
    /// # Errors
    ///
    /// [`Error::NoChange`] if the earlier study is not finished, if nobody can tell whom both drew, or if what
    /// both share is not known for such draws.
    pub(super) fn changed(
        &self,
        answered: &Answered,
        spec: &ChangeSpec,
        monitor: &dyn Monitor,
    ) -> Result<(Changed, Vec<Notice>), crate::Error> {
        let earlier = self.earlier_study(spec)?;
        let before = earlier.answered("estimate", monitor)?;
        let ways = [
            earlier.way(spec.with.clone(), &before)?,
            self.way("this study".to_owned(), answered)?,
        ];
        let by = spec.shared(&ways)?;
        let published: Artefact<Estimated> = earlier.read(ESTIMATES, "estimates", "estimate")?;
        earlier.trust("estimate", &[SAMPLE, WEIGHTS, ESTIMATES])?;
        let ids = self.known_as(&earlier, spec, answered)?;
        let waves = [
            Wave {
                answered: &before,
                ids: &before.sample.id,
                by: ways[0].decided(&before),
            },
            Wave {
                answered,
                ids: &ids,
                by: ways[1].decided(answered),
            },
        ];
        let confidence = self.settings().plan.confidence;
        let (mut changes, mut notices) = (Vec::new(), Vec::new());
        for &place in &spec.figures {
            let figure = &self.settings().figures[place];
            let (found, silent) = of_figure((spec, by), figure, &waves, confidence)?;
            changes.extend(found);
            notices.extend(silent);
        }
        for change in &changes {
            same(spec, &published.content, &change.first)?;
        }
        let is_bounded = |change: &&Change| {
            let bounds = change.bounds.iter();
            bounds.filter(|bound| **bound != Bound::FirstStage).count() > 0
        };
        let bounded = changes.iter().filter(is_bounded);
        let bounded = bounded.count() as u64;
        notices.extend((bounded > 0).then(|| Notice::ChangesBounded {
            with: spec.with.clone(),
            changes: bounded,
        }));
        let changed = Changed {
            with: spec.with.clone(),
            survey: published.origin.survey,
            changes,
        };
        Ok((changed, notices))
    }

    /// The files that changes are read from, as a person knows them.
    pub(super) fn read_for_changes(&self) -> Vec<String> {
        let changes = &self.settings().changes;
        let mut read: Vec<String> = changes
            .iter()
            .flat_map(|spec| OF_WAVE.map(|file| format!("{}/{file}", spec.with)))
            .filter(|file| self.home().join(file).is_file())
            .collect();
        read.sort();
        read.dedup();
        if !changes.is_empty() {
            read.push(KEY.to_owned());
            read.push(LIST.to_owned());
        }
        read
    }

    fn earlier_study(&self, spec: &ChangeSpec) -> Result<Study, crate::Error> {
        let folder = self.home().join(&spec.with);
        for file in [SURVEY, ESTIMATES] {
            if !folder.join(file).is_file() {
                let why = format!("{file} is not there");
                let hint = match file {
                    SURVEY => "name the folder of an earlier study, as seen from this one",
                    _ => "estimate there first: canvass estimate",
                };
                return Err(spec.refused(why, hint).into());
            }
        }
        let earlier = Study::open(&folder)?;
        if earlier.settings().variances.method().is_some() {
            let why = "its variances are from replicates".to_owned();
            let hint = "write [estimate] variance = \"taylor\" there, and estimate again";
            return Err(spec.refused(why, hint).into());
        }
        Ok(earlier)
    }

    fn way(&self, folder: String, answered: &Answered) -> Result<Way, crate::Error> {
        let drawn: Artefact<DrawnSo> = self.read(DRAW, "draw", "draw")?;
        Way::of(folder, drawn.content, answered)
    }

    /// By which case ids the units of this sample would be known in the earlier study.
    fn known_as(
        &self,
        earlier: &Study,
        spec: &ChangeSpec,
        answered: &Answered,
    ) -> Result<Vec<String>, crate::Error> {
        let sample = &answered.sample;
        let keys = [self.path(KEY), earlier.path(KEY)];
        if let Some(missing) = keys.iter().position(|key| !key.is_file()) {
            let of = if missing == 0 { "this study's" } else { "its" };
            let why = format!("{of} {KEY} is not there, so nobody can tell whom both waves drew");
            let hint =
                "waves that may share units are not independent: put the key beside survey.toml";
            return Err(spec.refused(why, hint).into());
        }
        let [own, theirs] = [read_key(&keys[0])?, read_key(&keys[1])?];
        if own.hex() == theirs.hex() {
            return Ok(sample.id.clone());
        }
        let units = self.units_of(&own, answered)?;
        Ok(units.iter().map(|unit| theirs.case_id(unit)).collect())
    }

    /// The ids that the drawn units have in the list. They stay in memory.
    fn units_of(&self, key: &CaseKey, answered: &Answered) -> Result<Vec<String>, crate::Error> {
        let sample = &answered.sample;
        let (frame, _) = self.frame()?;
        let unit = frame.roles().unit.clone();
        let mut cells = frame.list().gather(&sample.row, &[&unit])?;
        let units = cells.pop().unwrap_or_default();
        let moved = units.iter().zip(&sample.id).filter(|(unit, case)| {
            unit.as_deref().map(|unit| key.case_id(unit)).as_ref() != Some(*case)
        });
        let count = moved.count();
        if count > 0 {
            return Err(Error::Moved { count }.into());
        }
        Ok(units.into_iter().flatten().collect())
    }
}

impl Wave<'_> {
    /// How many units, or clusters, each stratum has.
    fn populations(&self, by: By) -> Vec<u64> {
        let sample = &self.answered.sample;
        let mut all = sample.population.clone();
        if let (By::Clusters, [clusters, _]) = (by, sample.basis.stages.as_slice()) {
            let strata = sample.stratum.codes().iter();
            for (&stratum, &there) in strata.zip(&clusters.there) {
                all[stratum as usize] = there;
            }
        }
        all
    }

    fn drawn<'b>(&'b self, by: By, population: &'b [u64]) -> Drawn<'b> {
        let sample = &self.answered.sample;
        let drawn = Drawn {
            id: self.ids,
            by: self.by,
            population,
            ..Drawn::of(sample)
        };
        match (by, sample.basis.stages.as_slice()) {
            (By::Clusters, [clusters, units]) => Drawn {
                clusters: clusters.clusters.as_ref().map(|cluster| Grouped {
                    cluster,
                    units: &units.there,
                }),
                by: Drawing::Simple,
                ..drawn
            },
            _ => drawn,
        }
    }

    fn first_stage<'b>(&'b self, clusters: &'b Codes) -> FirstStage<'b> {
        FirstStage {
            id: self.ids,
            stratum: &self.answered.sample.stratum,
            cluster: clusters,
        }
    }
}

/// By so much of itself a figure may differ where it is summed in another order.
const ROUNDING: f64 = 1e-9;

/// What was estimated anew must be what was published.
fn same(spec: &ChangeSpec, published: &Estimated, anew: &Estimate) -> Result<(), Error> {
    let is = |one: &&Estimate| {
        one.statistic == anew.statistic && one.item == anew.item && one.domain == anew.domain
    };
    let other = published.estimates.iter().find(is);
    let apart = |one: &&Estimate| (one.value - anew.value).abs() > ROUNDING * anew.value.abs();
    let other = other.filter(apart);
    other.map_or(Ok(()), |one| {
        let why = format!(
            "its {ESTIMATES} has {} for the {} of {} in '{}', and it is {} by its answers",
            one.value, one.statistic, one.item, one.domain, anew.value
        );
        Err(spec.refused(why, "estimate there again: canvass estimate"))
    })
}

/// One figure in every domain that both waves have.
fn of_figure(
    (spec, by): (&ChangeSpec, By),
    figure: &FigureSpec,
    [first, second]: &[Wave<'_>; 2],
    confidence: f64,
) -> Result<(Vec<Change>, Option<Notice>), crate::Error> {
    let waves = [first.answered, second.answered];
    let one = std::slice::from_ref(figure);
    let tables = [
        figures::columns(one, waves[0])?,
        figures::columns(one, waves[1])?,
    ];
    let asked = [
        Asked::of(figure, waves[0], &tables[0])?,
        Asked::of(figure, waves[1], &tables[1])?,
    ];
    let domains = [
        Domain::each(&asked[0].column),
        Domain::each(&asked[1].column),
    ];
    let estimators = waves.map(|wave| {
        let rule = rule_of(&wave.sample, &wave.ledger);
        Estimator::by(rule, &wave.ledger, confidence)
    });
    let populations = [first, second].map(|wave| wave.populations(by));
    let drawn = [0, 1].map(|place| [first, second][place].drawn(by, &populations[place]));
    let clusters = match by {
        By::FirstStage => Some(clusters::of_both([first, second])),
        _ => None,
    };
    let (mut changes, mut silent) = (Vec::new(), Vec::new());
    for (this, other) in asked[0].whats.iter().zip(&asked[1].whats) {
        for then in &domains[1] {
            let Some(before) = domains[0].iter().find(|one| one.label() == then.label()) else {
                silent.push(then.label().to_owned());
                continue;
            };
            let of = |wave: usize, statistic, domain| Figure {
                ledger: &waves[wave].ledger,
                statistic,
                domain,
            };
            let both = [
                &of(0, this.statistic(), before),
                &of(1, other.statistic(), then),
            ];
            let estimators = [&estimators[0], &estimators[1]];
            let found = match by {
                By::Units(shared) => together(estimators, both, drawn, shared),
                By::Clusters => together(estimators, both, drawn, Shared::Counted(&[])),
                By::FirstStage => {
                    let [then, now] = clusters.as_ref().expect("found above");
                    let stages = [first.first_stage(then), second.first_stage(now)];
                    by_first_stage(estimators, both, stages)
                }
            };
            match found {
                Ok(change) => changes.push(change),
                Err(change::Error::Figure(_)) => silent.push(then.label().to_owned()),
                Err(why) => {
                    return Err(Error::NoChange {
                        with: spec.with.clone(),
                        why: why.to_string(),
                        hint: why.hint(),
                    }
                    .into());
                }
            }
        }
    }
    silent.dedup();
    let item = || asked[1].whats.first().map(|what| what.statistic().item());
    let notice = (!silent.is_empty()).then(|| Notice::NothingSaid {
        item: format!("{} ({})", item().unwrap_or_default(), spec.with),
        domains: silent,
    });
    Ok((changes, notice))
}
