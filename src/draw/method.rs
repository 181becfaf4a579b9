//! What every drawing method looks like from outside, so that one checker can try them all.

use super::{Error, Pool, joint::Joint};
use crate::method::Card;
use crate::random::Seed;

/// A way to draw from a pool.
#[derive(Debug, Clone, Copy)]
pub struct Method {
    /// What it says of itself.
    pub card: &'static Card,
    /// Whether as many units are drawn every time.
    pub size: Size,
    /// Whether the chances it is given are the chances that units have.
    pub chances: Accuracy,
    /// What it needs beside chances.
    pub needs: Needs,
    /// Draws: places in the pool, in order. With replacement, a place stands there once per hit.
    pub draw: fn(&Pool<'_>, &Seed) -> Result<Vec<usize>, Error>,
    /// The chance of each pair to be drawn together, where a formula is known.
    pub joint: Option<Pairs>,
}

/// Gives the chance of each pair of some of a pool's units, whose places stand in order. Room grows with the
/// square of their number, and not with that of the pool's units.
pub type Pairs = fn(&Pool<'_>, &[usize]) -> Result<Joint, Error>;

impl Method {
    /// The chance of each pair of all the pool's units, where a formula is known.
    ///
    /// # Errors
    ///
    /// What the method runs into.
    #[must_use]
    pub fn all_pairs(&self, pool: &Pool<'_>) -> Option<Result<Joint, Error>> {
        let all: Vec<usize> = (0..pool.len()).collect();
        self.joint.map(|joint| joint(pool, &all))
    }

    /// Whether a pair is found only with all the others of its stratum, so that a long one has too many.
    #[must_use]
    pub fn sees_all(&self) -> bool {
        self.card.key == super::unequal::chromy::CARD.key
    }
}

/// How many units are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Always Σπ, if that is a whole number. Otherwise a method refuses, or draws the whole number below or
    /// above.
    Fixed,
    /// Σπ on average.
    Random,
    /// Always Σπ hits; a unit may be hit more than once.
    Hits,
}

/// Whether chances are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accuracy {
    /// π is the chance of being drawn.
    Exact,
    /// π is near the chance of being drawn; sample files say so.
    Approximate,
}

/// What a method needs beside chances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Chances,
    /// Equal chances.
    EqualChances,
    /// A place for each unit.
    Places,
    /// Amounts to balance on.
    Balance,
    /// Both.
    PlacesAndBalance,
}

#[cfg(test)]
mod tests {
    use super::{Method, Needs};
    use crate::draw::trial::{assert_same, ids, random_chances, seed};
    use crate::draw::unequal::{conditional, midzuno, sampford, tille};
    use crate::draw::{METHODS, Pool, Probabilities};
    use crate::math::sum;

    #[test]
    fn pairs_of_some_units_are_those_of_the_whole_table() {
        for method in METHODS.iter().filter(|method| method.joint.is_some()) {
            for i in 0..20 {
                let text = format!("some {i}");
                let chances = match method.needs {
                    Needs::EqualChances => Probabilities::equal(11, 4).expect("possible"),
                    _ => random_chances(&text),
                };
                let ids = ids(chances.len());
                let pool = Pool::new("all", &ids, &chances);
                let all = method.all_pairs(&pool).expect("known").expect("possible");
                let mut stream = seed(&text).stream("test");
                let some: Vec<usize> = (0..ids.len()).filter(|_| stream.unit() < 0.4).collect();
                let joint = method.joint.expect("known");
                let found = joint(&pool, &some).expect("possible");
                assert_eq!(found.len(), some.len());
                assert_same(&found, &all.among(&some), 1e-12);
            }
        }
    }

    /// Of 100,000 units with three sizes, 500 are drawn: pairs depend on the sizes alone, so that those of two
    /// units of each size tell Σ_l π_kl, which is (n − 1) π_k.
    fn adds_up_in_a_long_list(method: &Method) {
        const UNITS: usize = 100_000;
        const TAKE: usize = 500;
        let size =
            |unit: usize| [1.0, 2.0, 40.0][if unit.is_multiple_of(50) { 2 } else { unit % 2 }];
        let sizes: Vec<f64> = (0..UNITS).map(size).collect();
        let chances = Probabilities::by_size(&sizes, TAKE).expect("possible");
        let ids: Vec<String> = (0..UNITS).map(|unit| unit.to_string()).collect();
        let places = [0, 1, 2, 3, 4, 50];
        let pool = Pool::new("all", &ids, &chances);
        let joint = method.joint.expect("known");
        let found = joint(&pool, &places).expect("possible");
        for k in 0..places.len() {
            let others = (0..places.len()).map(|l| {
                let like = |one: usize, other: usize| (size(one) - size(other)).abs() < 0.5;
                let alike = (0..UNITS).filter(|&unit| like(unit, places[l])).count();
                // Of each size, two stand for all; of its own, the other for all but itself.
                match (l == k, like(places[k], places[l])) {
                    (true, _) => 0.0,
                    (_, true) => (alike - 1) as f64 * found.of(k, l),
                    _ => alike as f64 / 2.0 * found.of(k, l),
                }
            });
            let (all, wanted) = (sum(others), (TAKE - 1) as f64 * chances.of(places[k]));
            let key = method.card.key;
            assert!(
                (all / wanted - 1.0).abs() < 1e-9,
                "{key}: {all} is not {wanted}"
            );
        }
    }

    #[test]
    fn pairs_add_up_in_a_long_list() {
        for method in [
            &conditional::METHOD,
            &sampford::METHOD,
            &tille::METHOD,
            &midzuno::METHOD,
        ] {
            adds_up_in_a_long_list(method);
        }
    }
}
