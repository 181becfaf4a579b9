//! Who is better than whom: `[[compare]]`, and `[index] compare`.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::Error;
use super::estimate::rule_of;
use super::weigh::{Answered, classes};
use crate::estimate::compare::{
    self, Compared, Comparison, Corrected, Family, LeftOut, Order, Why,
};
use crate::estimate::variance::replicate::Replicated;
use crate::estimate::{self, Difference, Domain, Estimate, Estimator, Joint, Statistic, joint};
use crate::frame::Codes;
use crate::language::Language;
use crate::method::Card;
use crate::progress::{Event, Monitor};
use crate::random::Seed;
use crate::report::discretion::Discretion;

/// What is compared, with whom, and how.
pub(super) struct Wish<'a> {
    /// The columns within whose combinations figures are compared.
    pub within: &'a [String],
    /// The column whose labels are compared.
    pub among: &'a str,
    /// The same as codes of the drawn units.
    pub codes: [&'a Codes; 2],
    /// How p values are corrected.
    pub correct: Corrected,
    /// Which figure has rank 1, if ranks are wished.
    pub first: Option<Order>,
    /// The confidence of intervals, ranks and letters.
    pub confidence: f64,
    /// A figure that is not published is in no comparison either.
    pub discretion: Discretion,
    /// Decides the directions that are simulated.
    pub seed: &'a Seed,
}

/// The labels of one family, and the domain of each.
struct Group<'d> {
    within: String,
    labels: Vec<String>,
    domains: Vec<&'d Domain<'d>>,
    /// All of them, whoever they are with.
    whole: &'d Domain<'d>,
    left_out: Vec<LeftOut>,
}

/// The codes of the drawn units by some columns, and by one.
pub(super) fn codes(
    answered: &Answered,
    within: &[String],
    among: &str,
) -> Result<[Codes; 2], Error> {
    let among = [among.to_owned()];
    Ok([
        classes(&answered.sample, within)?,
        classes(&answered.sample, &among)?,
    ])
}

/// A statistic, compared in every family of two or more.
pub(super) fn compared(
    (answered, replicated): (&Answered, Option<&Replicated<'_>>),
    statistic: &dyn Statistic,
    wish: &Wish<'_>,
    monitor: &dyn Monitor,
) -> Result<Compared, Error> {
    const TASK: &str = "comparing";
    let crossed = Codes::crossed(&wish.codes);
    let domains = Domain::each(&crossed);
    let wholes = Domain::each(wish.codes[0]);
    let groups = groups(wish.codes, &crossed, (&wholes, &domains));
    let rule = rule_of(&answered.sample, &answered.ledger);
    let estimator = Estimator::by(rule, &answered.ledger, wish.confidence);
    monitor.hear(Event::Began {
        task: TASK,
        of: None,
    });
    let heard: Vec<Group<'_>> = groups
        .into_iter()
        .map(|group| group.heard(&estimator, statistic))
        .collect();
    let joints: Option<Vec<Joint>> = match replicated {
        Some(replicated) => Some(joints(replicated, statistic, &heard)),
        None => heard
            .par_iter()
            .map(|group| (!monitor.wants_stop()).then(|| group.joint(&estimator, statistic)))
            .collect(),
    };
    monitor.hear(Event::Ended { task: TASK });
    let families = joints.map(|joints| {
        let both = heard.iter().zip(joints);
        both.map(|(group, joint)| family(group, joint, wish))
            .collect()
    });
    Ok(Compared {
        statistic: statistic.card().key.to_owned(),
        item: statistic.item(),
        among: wish.among.to_owned(),
        within: wish.within.to_vec(),
        correction: wish.correct.card().key.to_owned(),
        confidence: wish.confidence,
        families: families.ok_or(Error::Stopped)?,
    })
}

/// Families of two or more, in the order of their labels.
fn groups<'d>(
    [within, among]: [&Codes; 2],
    crossed: &Codes,
    (wholes, domains): (&'d [Domain<'d>], &'d [Domain<'d>]),
) -> Vec<Group<'d>> {
    let mut places: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
    for unit in 0..crossed.len() {
        let family = places.entry(within.code(unit)).or_default();
        family.insert(among.code(unit), crossed.code(unit));
    }
    let several = places.into_iter().filter(|(_, family)| family.len() > 1);
    let group = |(code, family): (usize, BTreeMap<usize, usize>)| Group {
        within: within.labels()[code].clone(),
        labels: (family.keys())
            .map(|&label| among.labels()[label].clone())
            .collect(),
        domains: family.values().map(|&domain| &domains[domain]).collect(),
        whole: &wholes[code],
        left_out: Vec::new(),
    };
    several.map(group).collect()
}

impl Group<'_> {
    /// The group without those of whom nobody answered.
    fn heard(mut self, estimator: &Estimator<'_>, statistic: &dyn Statistic) -> Self {
        let heard: Vec<bool> = (self.domains.iter())
            .map(|domain| estimator.estimate(statistic, domain).is_ok())
            .collect();
        let mut labels = Vec::new();
        for (label, heard) in std::mem::take(&mut self.labels).into_iter().zip(&heard) {
            if *heard {
                labels.push(label);
            } else {
                self.left_out.push(LeftOut {
                    label,
                    why: Why::NoAnswers,
                });
            }
        }
        self.labels = labels;
        let mut heard = heard.into_iter();
        self.domains.retain(|_| heard.next().unwrap_or(false));
        self
    }

    fn joint(&self, estimator: &Estimator<'_>, statistic: &dyn Statistic) -> Joint {
        let figures: Vec<(&dyn Statistic, &Domain<'_>)> =
            (self.domains.iter().map(|&domain| (statistic, domain))).collect();
        joint(estimator, &figures).expect("all have answered")
    }

    /// Every two of its places.
    fn pairs(&self) -> Vec<(usize, usize)> {
        let count = self.domains.len();
        let from = |this| (this + 1..count).map(move |other| (this, other));
        (0..count).flat_map(from).collect()
    }
}

/// The figures of every group from the same replicates. What two of them share is found from the variance
/// of their difference: replicates make a quadratic form, so that nothing is lost.
fn joints(
    replicated: &Replicated<'_>,
    statistic: &dyn Statistic,
    groups: &[Group<'_>],
) -> Vec<Joint> {
    let all = Domain::all();
    let differences: Vec<Vec<Difference<'_>>> = groups
        .iter()
        .map(|group| {
            let between = |(this, other): (usize, usize)| {
                Difference::between(statistic, group.domains[this], group.domains[other])
            };
            group.pairs().into_iter().map(between).collect()
        })
        .collect();
    let mut wanted: Vec<(&dyn Statistic, &Domain<'_>)> = Vec::new();
    for (group, differences) in groups.iter().zip(&differences) {
        wanted.extend(group.domains.iter().map(|&domain| (statistic, domain)));
        wanted.extend(differences.iter().map(|d| (d as &dyn Statistic, &all)));
        wanted.push((statistic, group.whole));
    }
    let mut found = replicated.estimates(&wanted).into_iter();
    let joint = |group: &Group<'_>| {
        let count = group.domains.len();
        let figures: Vec<Estimate> = found.by_ref().take(count).flatten().collect();
        let variance: Vec<Option<f64>> = (figures.iter())
            .map(|one| one.variance.as_ref().ok().copied())
            .collect();
        let mut covariance = vec![vec![None; count]; count];
        let mut degrees = vec![vec![0; count]; count];
        for (place, figure) in figures.iter().enumerate() {
            (covariance[place][place], degrees[place][place]) = (variance[place], figure.df);
        }
        for (i, j) in group.pairs() {
            let Some(Ok(difference)) = found.next() else {
                continue;
            };
            let both = variance[i].zip(variance[j]);
            let apart = difference.variance.ok();
            let shared = both.zip(apart).map(|((a, b), apart)| (a + b - apart) / 2.0);
            (covariance[i][j], covariance[j][i]) = (shared, shared);
            (degrees[i][j], degrees[j][i]) = (difference.df, difference.df);
        }
        let df = found
            .next()
            .and_then(Result::ok)
            .map_or(0, |whole| whole.df);
        Joint {
            figures,
            covariance,
            degrees,
            df,
        }
    };
    groups.iter().map(joint).collect()
}

/// One family. A figure that is not published is left out before anything is compared.
fn family(group: &Group<'_>, joint: Joint, wish: &Wish<'_>) -> Family {
    let published = |&place: &usize| {
        let instead = wish
            .discretion
            .instead(&joint.figures[place], Language::English);
        instead.is_none()
    };
    let (kept, withheld): (Vec<usize>, Vec<usize>) = (0..joint.figures.len()).partition(published);
    let labels: Vec<String> = kept
        .iter()
        .map(|&place| group.labels[place].clone())
        .collect();
    let joint = part(&joint, &kept);
    let comparison = Comparison::of(&joint, wish.confidence, wish.correct.by_p(), wish.seed);
    let family = Family::of(
        &group.within,
        &labels,
        (&joint, &comparison),
        wish.correct,
        wish.first.map(|first| (first, wish.seed)),
    );
    let mut left_out = group.left_out.clone();
    left_out.extend(withheld.into_iter().map(|place| LeftOut {
        label: group.labels[place].clone(),
        why: Why::NotPublished,
    }));
    left_out.extend(family.left_out);
    Family { left_out, ..family }
}

/// Some of the figures. Degrees of freedom stay those of the whole family.
fn part(joint: &Joint, kept: &[usize]) -> Joint {
    let matrix = |place: usize| {
        kept.iter()
            .map(move |&other| joint.covariance[place][other])
    };
    let degrees = |place: usize| kept.iter().map(move |&other| joint.degrees[place][other]);
    Joint {
        figures: kept.iter().map(|&i| joint.figures[i].clone()).collect(),
        covariance: kept.iter().map(|&i| matrix(i).collect()).collect(),
        degrees: kept.iter().map(|&i| degrees(i).collect()).collect(),
        df: joint.df,
    }
}

/// The cards of a comparison.
pub(super) fn cards(correct: Corrected, ranked: bool) -> Vec<&'static Card> {
    let mut cards = vec![&estimate::covariance::CARD, &compare::CARD, &compare::MAX_T];
    if let Corrected::ByP(correction) = correct {
        cards.push(correction.card());
    }
    cards.push(&compare::LETTERS);
    cards.extend(ranked.then_some(&compare::ranks::DIFFERENCES));
    cards
}
