//! How rows were drawn, as it is typed.

use std::path::PathBuf;

use super::Error;
use super::drawn::{By, Drawn, PairsFrom};
use crate::draw::METHODS;
use crate::draw::approximate::Constant;
use crate::draw::balance::stratified_cube;
use crate::estimate::variance::{Estimator, Formula, Kind, Pairs, for_method};

/// How rows were drawn, as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DrawnWords {
    /// Columns of chances, stage by stage.
    pub chances: Vec<String>,
    /// The method by which units were drawn.
    pub method: Option<String>,
    /// The formula.
    pub formula: Option<String>,
    /// The formula for chances of pairs.
    pub pairs: Option<String>,
    /// The file of chances of pairs.
    pub joint: Option<PathBuf>,
    /// The column that names units.
    pub id: Option<String>,
    /// The list that units were drawn from.
    pub list: Option<PathBuf>,
    /// The column of the order in which a walk met them.
    pub order: Option<String>,
    /// Columns of places.
    pub spread: Vec<String>,
    /// Columns of amounts.
    pub balance: Vec<String>,
    /// The column of hits.
    pub hits: Option<String>,
}

/// What a formula needs.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Units(Formula),
    Pairs(Estimator),
    Successive,
    LocalMean,
    Balanced,
    Together,
    Independent,
    Replaced,
}

/// The formulas, by their words.
const FORMULAS: [(&str, Shape); 17] = [
    ("hajek", Shape::Units(Formula::Hajek)),
    ("deville", Shape::Units(Formula::Deville)),
    ("brewer", Shape::Units(Formula::Brewer(Constant::Own))),
    (
        "brewer-total",
        Shape::Units(Formula::Brewer(Constant::Total)),
    ),
    (
        "brewer-hartley-rao",
        Shape::Units(Formula::Brewer(Constant::HartleyRao)),
    ),
    (
        "brewer-high-entropy",
        Shape::Units(Formula::Brewer(Constant::HighEntropy)),
    ),
    ("horvitz-thompson", Shape::Pairs(Estimator::HorvitzThompson)),
    ("sen-yates-grundy", Shape::Pairs(Estimator::SenYatesGrundy)),
    ("successive", Shape::Successive),
    ("local-mean", Shape::LocalMean),
    ("balanced", Shape::Balanced),
    ("balanced-together", Shape::Together),
    ("poisson", Shape::Independent),
    ("hansen-hurwitz", Shape::Replaced),
    ("ht", Shape::Pairs(Estimator::HorvitzThompson)),
    ("syg", Shape::Pairs(Estimator::SenYatesGrundy)),
    ("yg", Shape::Pairs(Estimator::SenYatesGrundy)),
];

/// Words of [`FORMULAS`] that are told; the others stand for one of them.
const TOLD: usize = 14;

/// Formulas for the chances of pairs, by their words.
const PAIRS: [(&str, Pairs<'static>); 7] = [
    ("hartley-rao", Pairs::HartleyRao),
    ("overton", Pairs::Overton),
    ("hajek", Pairs::Hajek),
    ("brewer", Pairs::Brewer(Constant::Own)),
    ("brewer-total", Pairs::Brewer(Constant::Total)),
    ("brewer-hartley-rao", Pairs::Brewer(Constant::HartleyRao)),
    ("brewer-high-entropy", Pairs::Brewer(Constant::HighEntropy)),
];

impl Drawn {
    /// What words say; none if nothing is said.
    ///
    /// The formula is the one that is named; else the one that belongs to the method, as in a study; else
    /// Hájek's.
    ///
    /// # Errors
    ///
    /// [`Error::NoWord`] lists the words there are; [`Error::Lacks`] and [`Error::Needless`] tell what the
    /// formula needs, and has no use for.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::bare::estimate::{By, Drawn, DrawnWords};
    /// use canvass::estimate::variance::Formula;
    ///
    /// let said = DrawnWords { chances: vec!["p".into()], ..DrawnWords::default() };
    /// let drawn = Drawn::parse(&said)?.expect("chances");
    /// assert_eq!(drawn.by, By::Units(Formula::Hajek));
    ///
    /// let said = DrawnWords { method: Some("pps-systematic".into()), ..said };
    /// assert!(Drawn::parse(&said).is_err(), "its order is not known");
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn parse(words: &DrawnWords) -> Result<Option<Drawn>, Error> {
        if *words == DrawnWords::default() {
            return Ok(None);
        }
        let method = words.method.as_deref().map(method).transpose()?;
        let (word, shape) = match (&words.formula, method) {
            (Some(word), _) => formula(word)?,
            (None, Some((key, shape))) => (key, shape),
            (None, None) => FORMULAS[0],
        };
        words.has(word, shape)?;
        words.idle(shape)?;
        let by = match shape {
            Shape::Units(formula) => By::Units(formula),
            Shape::Pairs(estimator) => By::Pairs(
                estimator,
                words.pairs_from(word, method.map(|(key, _)| key))?,
            ),
            Shape::Successive => By::Successive(words.order.clone().unwrap_or_default()),
            Shape::LocalMean => By::LocalMean(words.spread.clone(), words.balance.clone()),
            Shape::Balanced => By::Balanced(words.balance.clone()),
            Shape::Together => By::Together(words.balance.clone()),
            Shape::Independent => By::Independent,
            Shape::Replaced => By::Replaced(words.hits.clone()),
        };
        let chances = words.chances.clone();
        Ok(Some(Drawn { chances, by }))
    }
}

impl DrawnWords {
    /// Whether all is said that the formula needs.
    fn has(&self, word: &'static str, shape: Shape) -> Result<(), Error> {
        let flag = match shape {
            _ if shape != Shape::Replaced && self.chances.is_empty() => "chances",
            Shape::Successive if self.order.is_none() => "order",
            Shape::LocalMean if self.spread.is_empty() => "spread",
            Shape::Balanced | Shape::Together if self.balance.is_empty() => "balance",
            _ => return Ok(()),
        };
        Err(Error::Lacks { what: word, flag })
    }

    /// Whether something is said that the formula has no use for.
    fn idle(&self, shape: Shape) -> Result<(), Error> {
        let of_pairs = matches!(shape, Shape::Pairs(_));
        let balanced = matches!(shape, Shape::Balanced | Shape::Together | Shape::LocalMean);
        let pairs = "only horvitz-thompson and sen-yates-grundy ask for chances of pairs";
        let all = [
            (
                "chances",
                !self.chances.is_empty() && shape == Shape::Replaced,
                "with replacement every hit counts alike, and its weight says how much",
            ),
            (
                "method",
                self.method.is_some() && self.formula.is_some() && self.list.is_none(),
                "the formula is named already",
            ),
            ("pairs", self.pairs.is_some() && !of_pairs, pairs),
            ("joint", self.joint.is_some() && !of_pairs, pairs),
            ("list", self.list.is_some() && !of_pairs, pairs),
            (
                "id",
                self.id.is_some() && self.joint.is_none(),
                "only a file of --joint names units",
            ),
            (
                "order",
                self.order.is_some() && shape != Shape::Successive,
                "only successive differences ask for an order",
            ),
            (
                "spread",
                !self.spread.is_empty() && shape != Shape::LocalMean,
                "only the local mean asks for places",
            ),
            (
                "balance",
                !self.balance.is_empty() && !balanced,
                "only balanced samples ask for amounts",
            ),
            (
                "hits",
                self.hits.is_some() && shape != Shape::Replaced,
                "only hansen-hurwitz counts hits",
            ),
        ];
        match all.into_iter().find(|(_, idle, _)| *idle) {
            Some((flag, _, why)) => Err(Error::Needless { flag, why }),
            None => Ok(()),
        }
    }

    /// Where the chances of pairs come from: one place of three.
    fn pairs_from(
        &self,
        word: &'static str,
        method: Option<&'static str>,
    ) -> Result<PairsFrom, Error> {
        let near = match &self.pairs {
            Some(given) => Some(PairsFrom::Near(named(&PAIRS, "formula of pairs", given)?.1)),
            None => None,
        };
        let file = self.joint.clone().map(|path| PairsFrom::File {
            path,
            id: self.id.clone(),
        });
        let list = match (&self.list, method) {
            (Some(path), Some(method)) => Some(PairsFrom::List {
                method: tabled(method)?,
                path: path.clone(),
            }),
            (Some(_), None) => {
                return Err(Error::Lacks {
                    what: "--list",
                    flag: "method",
                });
            }
            (None, _) => None,
        };
        let mut all = [near, file, list].into_iter().flatten();
        match (all.next(), all.next()) {
            (Some(from), None) => Ok(from),
            (None, _) => Err(Error::Lacks {
                what: word,
                flag: "pairs, --joint, or --method and --list",
            }),
            (Some(_), Some(_)) => Err(Error::Needless {
                flag: "more than one of --pairs, --joint and --list",
                why: "chances of pairs come from one place",
            }),
        }
    }
}

/// The formula of that word.
fn formula(given: &str) -> Result<(&'static str, Shape), Error> {
    let known = FORMULAS.iter().find(|(word, _)| *word == given.trim());
    known.copied().ok_or_else(|| Error::NoWord {
        what: "formula",
        given: given.to_owned(),
        known: FORMULAS[..TOLD]
            .iter()
            .map(|(word, _)| (*word).to_owned())
            .collect(),
    })
}

/// Something by its word.
fn named<T: Copy>(
    all: &[(&'static str, T)],
    what: &'static str,
    given: &str,
) -> Result<(&'static str, T), Error> {
    let known = all.iter().find(|(word, _)| *word == given.trim());
    known.copied().ok_or_else(|| Error::NoWord {
        what,
        given: given.to_owned(),
        known: all.iter().map(|(word, _)| (*word).to_owned()).collect(),
    })
}

/// The drawing method of that key, and the formula that belongs to it.
fn method(given: &str) -> Result<(&'static str, Shape), Error> {
    let pooled = [stratified_cube::CARD.key];
    let keys = || METHODS.iter().map(|method| method.card.key).chain(pooled);
    let known = keys().find(|key| *key == given.trim());
    let of = |key: &'static str| {
        let shape = match for_method(key)? {
            Kind::Strata | Kind::Unequal => Shape::Units(Formula::Hajek),
            Kind::Independent => Shape::Independent,
            Kind::Replaced => Shape::Replaced,
            Kind::Successive => Shape::Successive,
            Kind::LocalMean | Kind::LocalBalanced => Shape::LocalMean,
            Kind::Balanced => Shape::Balanced,
            Kind::Together => Shape::Together,
        };
        Some((key, shape))
    };
    known.and_then(of).ok_or_else(|| Error::NoWord {
        what: "method of drawing",
        given: given.to_owned(),
        known: keys().map(str::to_owned).collect(),
    })
}

/// A method whose chances of pairs follow from the chances of a list, whatever its order.
fn tabled(method: &'static str) -> Result<&'static str, Error> {
    let is_known = |key: &str| {
        let has_table = METHODS
            .iter()
            .any(|method| method.card.key == key && method.joint.is_some());
        has_table && for_method(key) == Some(Kind::Unequal)
    };
    if is_known(method) {
        return Ok(method);
    }
    let known = METHODS.iter().map(|method| method.card.key);
    Err(Error::NoWord {
        what: "table of pairs for the method",
        given: method.to_owned(),
        known: known
            .filter(|key| is_known(key))
            .map(str::to_owned)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::{By, Drawn, DrawnWords, PairsFrom};
    use crate::estimate::variance::{Estimator, Formula, Pairs};

    fn words() -> DrawnWords {
        DrawnWords {
            chances: vec!["p".into()],
            ..DrawnWords::default()
        }
    }

    fn by(words: DrawnWords) -> Option<By> {
        Drawn::parse(&words).ok().flatten().map(|drawn| drawn.by)
    }

    #[test]
    fn methods_have_the_formulas_of_studies() {
        let of = |method: &str| DrawnWords {
            method: Some(method.into()),
            ..words()
        };
        assert_eq!(by(of("pareto")), Some(By::Units(Formula::Hajek)));
        assert_eq!(by(of("poisson")), Some(By::Independent));
        assert_eq!(by(of("pivotal")), None, "its order is not known");
        let order = Some("place".to_owned());
        assert_eq!(
            by(DrawnWords {
                order: order.clone(),
                ..of("pivotal")
            }),
            Some(By::Successive("place".into()))
        );
        assert_eq!(
            by(DrawnWords {
                order,
                ..of("pareto")
            }),
            None
        );
        let amounts = vec!["x".to_owned()];
        let balance = amounts.clone();
        assert_eq!(
            by(DrawnWords {
                balance,
                ..of("stratified-cube")
            }),
            Some(By::Together(amounts))
        );
        let spread = vec!["x".to_owned()];
        assert_eq!(
            by(DrawnWords {
                spread: spread.clone(),
                ..of("local-cube")
            }),
            Some(By::LocalMean(spread, vec![]))
        );
    }

    #[test]
    fn chances_of_pairs_come_from_one_place() {
        let of = |formula: &str| DrawnWords {
            formula: Some(formula.into()),
            ..words()
        };
        assert_eq!(by(of("ht")), None);
        let near = DrawnWords {
            pairs: Some("overton".into()),
            ..of("ht")
        };
        let overton = PairsFrom::Near(Pairs::Overton);
        assert_eq!(
            by(near.clone()),
            Some(By::Pairs(Estimator::HorvitzThompson, overton))
        );
        assert_eq!(
            by(DrawnWords {
                joint: Some("x".into()),
                ..near.clone()
            }),
            None
        );
        assert_eq!(
            by(DrawnWords {
                formula: Some("deville".into()),
                ..near
            }),
            None
        );
        let list = |method: &str| DrawnWords {
            method: Some(method.into()),
            list: Some("list.csv".into()),
            ..of("syg")
        };
        assert!(by(list("sampford")).is_some());
        assert_eq!(
            by(list("pps-systematic")),
            None,
            "its pairs hang on the order of the list"
        );
        assert_eq!(by(list("brewer")), None, "nobody knows its pairs");
    }
}
