//! A method, and the columns of a list that it goes by.
//!
//! A person names a method and columns: of sizes, of places, of amounts, of the order of a walk. What one
//! method cannot do without is of no use to another, and what is of no use is refused: whoever named a
//! column of sizes believes that it counts.

use super::balance::lands::Lands;
use super::sieve::Rule;
use super::walk::Turn;
use super::waves::coordinate;
use super::{Error, METHODS, Method, Needs, Pool, Size};
use crate::random::Seed;

/// A method, and the columns of a list that it goes by.
#[derive(Debug, Clone)]
pub struct How {
    /// The method.
    pub method: &'static Method,
    /// The column of sizes, for chances in proportion to them.
    pub size: Option<String>,
    /// Columns by which the list is ordered before a walk through it; the id comes last.
    pub sort: Vec<String>,
    /// What that order does where a group ends.
    pub turn: Turn,
    /// The columns of each unit's place, for methods that spread.
    pub spread: Vec<String>,
    /// The columns of amounts to balance on.
    pub balance: Vec<String>,
    /// How a balanced draw lands, if that is said; else by dropping amounts.
    pub landing: Option<Lands>,
    /// What is done to permanent numbers before they decide.
    pub numbers: coordinate::Turn,
    /// Whether some units of the list rest, and have no chance.
    pub rests: bool,
}

/// Methods are known by the key of their card.
impl PartialEq for How {
    fn eq(&self, other: &How) -> bool {
        self.method.card.key == other.method.card.key
            && self.size == other.size
            && (&self.sort, self.turn) == (&other.sort, other.turn)
            && (&self.spread, &self.balance) == (&other.spread, &other.balance)
            && self.landing.unwrap_or_default() == other.landing.unwrap_or_default()
            && (self.numbers, self.rests) == (other.numbers, other.rests)
    }
}

impl Eq for How {}

/// What a method may be given beside a number of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A column of sizes.
    Size,
    /// Columns to order the list by.
    Sort,
    /// Columns of places.
    Spread,
    /// Columns of amounts.
    Balance,
    /// How a balanced draw lands.
    Landing,
    /// Replicates.
    Replicates,
}

/// What does not fit a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// The method cannot do without it.
    Lacks(Part),
    /// The method has no use for it.
    Unused(Part),
}

impl Part {
    /// What it is, to whoever lacks it.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Part::Size => "a column of sizes",
            Part::Sort => "an order of the list",
            Part::Spread => "a place for each unit",
            Part::Balance => "amounts to balance on",
            Part::Landing => "a landing",
            Part::Replicates => "replicates",
        }
    }

    /// Why a method may have no use for it.
    #[must_use]
    pub fn why(self) -> &'static str {
        match self {
            Part::Size => "it draws with equal chances",
            Part::Sort => "permanent numbers decide, and no order of the list",
            Part::Spread => "it does not spread its sample",
            Part::Balance => "it does not balance its sample",
            Part::Landing => "it has no landing to choose",
            Part::Replicates => "a unit may be hit more than once",
        }
    }

    /// Methods that have a use for it.
    #[must_use]
    pub fn methods(self) -> Vec<&'static str> {
        METHODS
            .iter()
            .filter(|method| self.is_of_use(method))
            .map(|method| method.card.key)
            .collect()
    }

    fn is_of_use(self, method: &Method) -> bool {
        match self {
            Part::Size => method.needs != Needs::EqualChances,
            Part::Sort => rule(method).is_none(),
            Part::Spread => matches!(method.needs, Needs::Places | Needs::PlacesAndBalance),
            Part::Balance => matches!(method.needs, Needs::Balance | Needs::PlacesAndBalance),
            Part::Landing => Lands::default().of(method).is_some(),
            Part::Replicates => method.size != Size::Hits,
        }
    }

    fn is_needed(self, method: &Method) -> bool {
        match self {
            Part::Size => method.needs == Needs::Chances && !is_a_walk_of_its_own(method),
            Part::Spread | Part::Balance => self.is_of_use(method),
            Part::Sort | Part::Landing | Part::Replicates => false,
        }
    }
}

impl How {
    /// A method that goes by no column.
    ///
    /// ```
    /// use canvass::draw::{How, METHODS, Misfit, Part};
    /// let pareto = METHODS.iter().find(|method| method.card.key == "pareto").expect("it is there");
    /// assert_eq!(How::by(pareto).misfits(1), [Misfit::Lacks(Part::Size)]);
    /// ```
    #[must_use]
    pub fn by(method: &'static Method) -> How {
        How {
            method,
            size: None,
            sort: Vec::new(),
            turn: Turn::Nested,
            spread: Vec::new(),
            balance: Vec::new(),
            landing: None,
            numbers: coordinate::Turn::Same,
            rests: false,
        }
    }

    /// Everything that does not fit the method, for a sample that is cut into so many replicates.
    #[must_use]
    pub fn misfits(&self, replicates: u32) -> Vec<Misfit> {
        let given = [
            (Part::Size, self.size.is_some()),
            (Part::Sort, !self.sort.is_empty()),
            (Part::Spread, !self.spread.is_empty()),
            (Part::Balance, !self.balance.is_empty()),
            (Part::Landing, self.landing.is_some()),
            (Part::Replicates, replicates > 1),
        ];
        let misfit = |(part, given): (Part, bool)| match given {
            true => (!part.is_of_use(self.method)).then_some(Misfit::Unused(part)),
            false => part.is_needed(self.method).then_some(Misfit::Lacks(part)),
        };
        given.into_iter().filter_map(misfit).collect()
    }

    /// How the method draws from a list of any length; none if it must see all units of a stratum, as it
    /// must where numbers are turned or units rest.
    #[must_use]
    pub fn rule(&self) -> Option<Rule> {
        let plain = self.numbers == coordinate::Turn::Same && !self.rests;
        self.compares().filter(|_| plain)
    }

    /// How number and chance decide; none if they do not decide alone.
    #[must_use]
    pub fn compares(&self) -> Option<Rule> {
        rule(self.method)
    }

    /// Draws from a pool, by turned numbers where they are turned.
    ///
    /// # Errors
    ///
    /// Those of the method, and of [`coordinate::draw`].
    pub fn draw(&self, pool: &Pool<'_>, seed: &Seed) -> Result<Vec<usize>, Error> {
        match self.numbers {
            coordinate::Turn::Same => {
                let landing = self.landing.unwrap_or_default().of(self.method);
                (landing.unwrap_or(self.method).draw)(pool, seed)
            }
            turn => coordinate::draw(self.method, pool, turn, seed),
        }
    }

    /// How the draw lands; none if the method does not.
    #[must_use]
    pub fn lands(&self) -> Option<Lands> {
        let landing = self.landing.unwrap_or_default();
        landing.of(self.method).map(|_| landing)
    }

    /// Whether drawn units come in an order of their keys: the first of them are a sample of the same
    /// kind, or nearly one.
    #[must_use]
    pub fn is_ranked(&self) -> bool {
        let ordered = self.compares().is_some() || self.method.card.key == "pareto-adjusted";
        ordered && self.numbers == coordinate::Turn::Same
    }

    /// Whether that order is as good as shuffled: with equal chances, it is that of permanent numbers
    /// alone.
    #[must_use]
    pub fn is_exchangeable(&self) -> bool {
        self.compares().is_some() && self.method.needs == Needs::EqualChances
    }

    /// Whether a unit may be hit more than once.
    #[must_use]
    pub fn hits(&self) -> bool {
        self.method.size == Size::Hits
    }

    /// The columns that the draw goes by beside ids and strata, each once.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = Vec::new();
        let all = self
            .size
            .iter()
            .chain(&self.sort)
            .chain(&self.spread)
            .chain(&self.balance);
        for column in all {
            if !columns.contains(&column.as_str()) {
                columns.push(column);
            }
        }
        columns
    }
}

fn rule(method: &Method) -> Option<Rule> {
    match method.card.key {
        "simple" | "sequential-poisson" => Some(Rule::Smallest),
        "pareto" => Some(Rule::Pareto),
        "bernoulli" | "poisson" => Some(Rule::Below),
        _ => None,
    }
}

/// Whether the method is worth having without sizes: with equal chances n / N it walks the list as no method
/// for equal chances does. The others draw then as one of those does, by another name; whoever left out the
/// sizes there has forgotten them.
fn is_a_walk_of_its_own(method: &Method) -> bool {
    matches!(method.card.key, "pivotal" | "chromy")
}

#[cfg(test)]
mod tests {
    use super::{How, Lands, Misfit, Part};
    use crate::draw::balance::lands::Landing;
    use crate::draw::{METHODS, Method};

    fn method(key: &str) -> &'static Method {
        METHODS
            .iter()
            .find(|method| method.card.key == key)
            .expect("a method")
    }

    #[test]
    fn what_is_missing_and_what_is_of_no_use_is_told_at_once() {
        let wrong = How {
            sort: vec!["street".into()],
            spread: vec!["x".into()],
            ..How::by(method("pareto"))
        };
        assert_eq!(
            wrong.misfits(4),
            [
                Misfit::Lacks(Part::Size),
                Misfit::Unused(Part::Sort),
                Misfit::Unused(Part::Spread)
            ]
        );
        assert_eq!(
            How::by(method("simple-with-replacement")).misfits(2),
            [Misfit::Unused(Part::Replicates)]
        );
        assert_eq!(
            How::by(method("local-cube")).misfits(1),
            [Misfit::Lacks(Part::Spread), Misfit::Lacks(Part::Balance)]
        );
    }

    #[test]
    fn only_what_balances_lands() {
        let landing = |key: &str| How {
            size: Some("turnover".into()),
            landing: Some(Lands::Apart(Landing::Programme)),
            ..How::by(method(key))
        };
        assert_eq!(
            landing("pareto").misfits(1),
            [Misfit::Unused(Part::Landing)]
        );
        assert_eq!(landing("cube").misfits(1), [Misfit::Lacks(Part::Balance)]);
        assert_eq!(How::by(method("cube")).lands(), Some(Lands::default()));
        assert_eq!(How::by(method("pareto")).lands(), None);
    }

    #[test]
    fn walks_that_spread_and_balance_do_without_sizes() {
        let fits = |key: &str, places: &[&str], amounts: &[&str]| {
            let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            let how = How {
                spread: all(places),
                balance: all(amounts),
                ..How::by(method(key))
            };
            how.misfits(1).is_empty()
        };
        assert!(fits("pivotal", &[], &[]) && fits("chromy", &[], &[]));
        assert!(fits("local-pivotal", &["x"], &[]) && fits("correlated-poisson", &["x"], &[]));
        assert!(fits("cube", &[], &["age"]) && fits("local-cube", &["x"], &["age"]));
        for key in [
            "sampford",
            "pps-systematic",
            "pivotal-random",
            "pareto",
            "poisson",
        ] {
            assert!(!fits(key, &[], &[]), "{key}");
        }
    }

    #[test]
    fn what_a_method_needs_is_of_use_to_it() {
        let parts = [
            Part::Size,
            Part::Sort,
            Part::Spread,
            Part::Balance,
            Part::Replicates,
        ];
        for method in METHODS {
            for part in parts {
                assert!(!part.is_needed(method) || part.is_of_use(method));
                assert_eq!(
                    part.methods().contains(&method.card.key),
                    part.is_of_use(method)
                );
            }
        }
    }

    #[test]
    fn a_column_with_two_parts_is_named_once() {
        let how = How {
            size: Some("turnover".into()),
            balance: vec!["turnover".into(), "age".into()],
            ..How::by(method("cube"))
        };
        assert_eq!(how.columns(), ["turnover", "age"]);
    }
}
