//! One [[figure]] of survey.toml: its statistics, their domains, and the pairs that are compared.

use std::collections::{BTreeMap, BTreeSet};

use super::compared::{self, Wish, compared};
use super::estimate::{each, rule_of};
use super::weigh::{Answered, classes};
use super::{Error, Study};
use crate::advice::Advise;
use crate::bare::estimate::heard::doubted;
use crate::bare::estimate::what::{What, With};
use crate::estimate::compare::Compared;
use crate::estimate::expression::{self, Table};
use crate::estimate::variance::replicate::Replicated;
use crate::estimate::{
    self, Correlation, Difference, Domain, Estimate, Estimator, Mean, PopulationVariance, Quantile,
    Ratio, Share, ShareInterval, Smooth, Spread, Statistic, Test, Total, Unknown, quantile, smooth,
};
use crate::field::{Item, Outcomes};
use crate::frame::Codes;
use crate::method::Card;
use crate::notice::Notice;
use crate::progress::Monitor;
use crate::random::Seed;
use crate::settings::{self, CompareSpec, FigureSpec, Settings, ShareTest, Standards};

/// What figures come to so far.
#[derive(Default)]
pub(super) struct Told {
    pub estimates: Vec<Estimate>,
    pub comparisons: Vec<Compared>,
    pub notices: Vec<Notice>,
    /// Of statistics, each once.
    pub cards: Vec<&'static Card>,
    /// Of their intervals, and of what is published, each once.
    pub sureness: Vec<&'static Card>,
}

/// A [[figure]] and all that it is made of.
pub(super) struct Asked<'a> {
    figure: &'a FigureSpec,
    /// Its statistics.
    pub whats: Vec<What<'a>>,
    /// The domains of the drawn units.
    pub column: Codes,
    /// The pairs of domains that are compared.
    pairs: Vec<(usize, usize)>,
}

impl<'a> Asked<'a> {
    /// Looks up answers and domains.
    pub fn of(
        figure: &'a FigureSpec,
        answered: &'a Answered,
        columns: &'a Table,
    ) -> Result<Asked<'a>, Error> {
        let by: Vec<String> = figure.by.iter().chain(&figure.compare).cloned().collect();
        let column = classes(&answered.sample, &by)?;
        let pairs = match &figure.compare {
            Some(_) => pairs(&column, &classes(&answered.sample, &figure.by)?),
            None => Vec::new(),
        };
        Ok(Asked {
            figure,
            whats: whats(figure, &answered.outcomes, columns)?,
            column,
            pairs,
        })
    }

    /// One part for each statistic, with variances from scores.
    fn parts<'p>(
        &'p self,
        domains: &'p [Domain<'p>],
        answered: &Answered,
        confidence: f64,
        monitor: &dyn Monitor,
    ) -> Result<Vec<Part<'p>>, Error> {
        let rule = rule_of(&answered.sample, &answered.ledger);
        let estimator = Estimator::by(rule, &answered.ledger, confidence);
        let with = With {
            estimator: &estimator,
            ledger: &answered.ledger,
            interval: self.figure.interval,
        };
        let places: Vec<usize> = (0..domains.len()).collect();
        let part = |what: &'p What<'p>| {
            let one = |&place: &usize| what.estimate(&with, &domains[place]);
            let (ones, silent) = each(&places, monitor, one)?;
            let pair = |&(this, other): &(usize, usize)| {
                what.difference(&with, (&domains[this], &domains[other]))
            };
            let (pairs, _) = each(&self.pairs, monitor, pair)?;
            Ok(Part {
                figure: self.figure,
                what,
                domains,
                ones,
                silent,
                pairs,
            })
        };
        self.whats.iter().map(part).collect()
    }
}

/// What was found of one statistic.
struct Part<'p> {
    figure: &'p FigureSpec,
    what: &'p What<'p>,
    domains: &'p [Domain<'p>],
    /// By the place of the domain.
    ones: Vec<(usize, Estimate)>,
    silent: Vec<String>,
    pairs: Vec<((usize, usize), Estimate)>,
}

impl Part<'_> {
    fn differences(&self) -> impl Iterator<Item = Difference<'_>> {
        self.pairs.iter().map(|((this, other), _)| {
            let (this, other) = (&self.domains[*this], &self.domains[*other]);
            Difference::between(self.what.statistic(), this, other)
        })
    }

    /// Takes variances from replicates in place of those from scores. What is unknown of one side is
    /// unknown of the difference.
    fn retell(&mut self, ones: &[Estimate], pairs: &[Estimate]) {
        let interval = self.what.is_share().then_some(self.figure.interval);
        for ((_, one), found) in self.ones.iter_mut().zip(ones) {
            retell(one, found, interval);
        }
        let unknown = |place: usize| {
            let mut ones = self.ones.iter();
            let one = ones.find(|(domain, _)| *domain == place)?;
            one.1.variance.as_ref().err().cloned()
        };
        for (((this, other), pair), found) in self.pairs.iter_mut().zip(pairs) {
            retell(pair, found, None);
            if let Some(reason) = unknown(*this).or_else(|| unknown(*other)) {
                pair.variance = Err(reason);
                (pair.design_effect, pair.interval) = (None, None);
            }
        }
    }
}

/// An estimate with the variance that replicates have found, and what follows from it.
pub(super) fn retell(one: &mut Estimate, found: &Estimate, interval: Option<ShareInterval>) {
    let Estimate { value, n, .. } = *one;
    let own = interval.filter(|interval| *interval != ShareInterval::Student);
    let known = found.variance.as_ref().ok().copied();
    one.interval = match own {
        Some(own) => known.and_then(|v| own.of(value, v, found.df, n, found.confidence)),
        None => found.interval,
    };
    one.variance.clone_from(&found.variance);
    (one.df, one.design_effect) = (found.df, found.design_effect);
}

/// Takes variances from replicates.
fn replicate(parts: &mut [Part<'_>], replicated: &Replicated<'_>) {
    let found = from_replicates(parts, replicated);
    let mut rest = found.as_slice();
    for part in parts {
        let (ones, others) = rest.split_at(part.ones.len());
        let (pairs, others) = others.split_at(part.pairs.len());
        part.retell(ones, pairs);
        rest = others;
    }
}

/// Everything from the same replicates, so that weighting steps are taken again once for all: of each part
/// its figures, then its pairs.
fn from_replicates(parts: &[Part<'_>], replicated: &Replicated<'_>) -> Vec<Estimate> {
    let all = Domain::all();
    let differences: Vec<Vec<Difference<'_>>> = parts
        .iter()
        .map(|part| part.differences().collect())
        .collect();
    let mut wanted: Vec<(&dyn Statistic, &Domain<'_>)> = Vec::new();
    for (part, differences) in parts.iter().zip(&differences) {
        let ones = part.ones.iter();
        wanted.extend(ones.map(|(place, _)| (part.what.statistic(), &part.domains[*place])));
        wanted.extend(differences.iter().map(|d| (d as &dyn Statistic, &all)));
    }
    let found = replicated.estimates(&wanted).into_iter();
    found
        .map(|one| one.expect("each was estimated from scores"))
        .collect()
}

impl Told {
    /// All figures, in every domain they name.
    pub fn of(
        asked: &[Asked<'_>],
        answered: &Answered,
        replicated: Option<&Replicated<'_>>,
        settings: &Settings,
        monitor: &dyn Monitor,
    ) -> Result<Told, Error> {
        let domains: Vec<Vec<Domain<'_>>> =
            asked.iter().map(|one| Domain::each(&one.column)).collect();
        let mut parts = Vec::new();
        for (one, domains) in asked.iter().zip(&domains) {
            parts.extend(one.parts(domains, answered, settings.plan.confidence, monitor)?);
        }
        if let Some(replicated) = replicated {
            replicate(&mut parts, replicated);
        }
        let nchs = settings.report.standards == Some(Standards::Nchs);
        let mut told = Told::default();
        for part in parts {
            let ones: Vec<Estimate> = part.ones.into_iter().map(|(_, one)| one).collect();
            told.hear(part.what, &ones, part.silent, nchs);
            told.estimates.extend(ones);
            told.estimates
                .extend(part.pairs.into_iter().map(|(_, pair)| pair));
            told.cards(part.what, part.figure, nchs);
        }
        Ok(told)
    }

    fn hear(&mut self, what: &What<'_>, found: &[Estimate], silent: Vec<String>, nchs: bool) {
        let item = || what.statistic().item();
        if !silent.is_empty() {
            self.notices.push(Notice::NothingSaid {
                item: item(),
                domains: silent,
            });
        }
        let open = |one: &&Estimate| {
            let unknown = one.variance.as_ref().err();
            matches!(unknown, Some(Unknown::NoDegrees | Unknown::BeyondAnswers))
        };
        let open = found.iter().filter(open).map(|one| one.domain.clone());
        let domains: Vec<String> = open.collect();
        if !domains.is_empty() {
            let item = item();
            self.notices.push(Notice::OpenQuantile { item, domains });
        }
        if nchs && what.is_share() {
            let doubted = found.iter().filter_map(|one| doubted(item(), one));
            self.notices.extend(doubted);
        }
    }

    fn cards(&mut self, what: &What<'_>, figure: &FigureSpec, nchs: bool) {
        let mut cards = vec![what.statistic().card()];
        cards.extend(what.is_quantile().then_some(&quantile::rule::CARD));
        let compared = figure.compare.is_some();
        cards.extend(compared.then_some(&estimate::difference::CARD));
        let own = what.is_share() || what.is_quantile();
        let mut sureness = Vec::new();
        sureness.extend((!own || compared).then_some(&estimate::interval::CARD));
        sureness.extend(own.then(|| figure.interval.card()));
        if nchs && what.is_share() {
            sureness.extend([&estimate::publish::CARD, ShareInterval::Nchs.card()]);
        }
        once(&mut self.cards, cards);
        once(&mut self.sureness, sureness);
    }
}

impl Told {
    /// Adds the comparison of a figure: one for each of its statistics.
    pub fn compare(
        &mut self,
        (answered, replicated): (&Answered, Option<&Replicated<'_>>),
        spec: &CompareSpec,
        (study, seed, columns): (&Study, &Seed, &Table),
        monitor: &dyn Monitor,
    ) -> Result<(), Error> {
        let settings = study.settings();
        let [within, among] = compared::codes(answered, &spec.within, &spec.among)?;
        let wish = Wish {
            within: &spec.within,
            among: &spec.among,
            codes: [&within, &among],
            correct: spec.correct,
            first: spec.first,
            confidence: settings.plan.confidence,
            discretion: study.discretion(),
            seed,
        };
        for what in whats(&settings.figures[spec.figure], &answered.outcomes, columns)? {
            let found = compared((answered, replicated), what.statistic(), &wish, monitor)?;
            self.comparisons.push(found);
        }
        let cards = compared::cards(spec.correct, spec.first.is_some());
        once(&mut self.sureness, cards);
        Ok(())
    }
}

/// Adds the cards that are not there yet.
fn once(all: &mut Vec<&'static Card>, cards: Vec<&'static Card>) {
    for card in cards {
        if !all.contains(&card) {
            all.push(card);
        }
    }
}

/// The domains that differ in the column compared, and in nothing else: those within which they lie are
/// `whole`.
fn pairs(column: &Codes, whole: &Codes) -> Vec<(usize, usize)> {
    let mut groups: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for unit in 0..column.len() {
        let group = groups.entry(whole.code(unit)).or_default();
        group.insert(column.code(unit));
    }
    let mut pairs = Vec::new();
    for group in groups.values() {
        for &this in group {
            let others = group.range(this + 1..);
            pairs.extend(others.map(|&other| (this, other)));
        }
    }
    pairs
}

/// The columns that functions name: items, or else columns that came along with the sample.
pub(super) fn columns(figures: &[FigureSpec], answered: &Answered) -> Result<Table, Error> {
    let mut table = Table::default();
    for figure in figures {
        let settings::Statistic::Function { of } = &figure.statistic else {
            continue;
        };
        let names = smooth::columns(of).map_err(|why| senseless(of, &why))?;
        for name in &names {
            if let Some(item) = answered.outcomes.item(name) {
                table = table.with_numbers(name, item.values.clone());
            } else if let Some(codes) = answered.sample.column(name) {
                let labels = (0..codes.len()).map(|unit| Some(codes.label(unit).to_owned()));
                table = table.with_labels(name, labels.collect());
            } else {
                return answers(&answered.outcomes, name).map(|_| table);
            }
        }
    }
    Ok(table)
}

fn senseless(of: &str, why: &expression::Error) -> Error {
    Error::Senseless {
        expression: of.to_owned(),
        why: why.to_string(),
        hint: why.hint(),
    }
}

/// The statistics of a figure, over the answers.
fn whats<'a>(
    figure: &FigureSpec,
    outcomes: &'a Outcomes,
    columns: &'a Table,
) -> Result<Vec<What<'a>>, Error> {
    use settings::Statistic as Spec;
    let item = |name: &str| answers(outcomes, name);
    Ok(vec![match &figure.statistic {
        Spec::Mean { item: name } => What::plain(Mean::of(item(name)?)),
        Spec::Total { item: name } => What::plain(Total::of(item(name)?)),
        Spec::Share { item: name, test } => What::Share(Share::of(item(name)?, passing(*test))),
        Spec::Ratio {
            numerator,
            denominator,
        } => What::plain(Ratio::of(item(numerator)?, item(denominator)?)),
        Spec::Variance { item: name } => What::plain(PopulationVariance::of(item(name)?)),
        Spec::Spread { item: name } => What::plain(Spread::of(item(name)?)),
        Spec::Correlation { this, other } => {
            What::plain(Correlation::of(item(this)?, item(other)?))
        }
        Spec::Function { of } => {
            What::plain(Smooth::of(of, columns).map_err(|why| senseless(of, &why))?)
        }
        Spec::Quantiles {
            item: name,
            at,
            rule,
        } => {
            let item = item(name)?;
            let quantile = |p: &f64| Quantile::of(item, *p, *rule).map(What::Quantile);
            return Ok(at.iter().filter_map(quantile).collect());
        }
    }])
}

fn passing(test: ShareTest) -> Test {
    match test {
        ShareTest::AtLeast(least) => Test::AtLeast(least),
        ShareTest::AtMost(most) => Test::AtMost(most),
        ShareTest::Equals(wanted) => Test::Equals(wanted),
    }
}

pub(super) fn answers<'a>(outcomes: &'a Outcomes, item: &str) -> Result<&'a Item, Error> {
    outcomes.item(item).ok_or_else(|| Error::NoItem {
        item: item.to_owned(),
        known: outcomes
            .items
            .iter()
            .map(|item| item.name.clone())
            .collect(),
    })
}
