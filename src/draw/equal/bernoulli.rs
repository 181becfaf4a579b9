//! Every unit by itself, with one chance for all.
//!
//! A unit is drawn if its permanent number lies below f. It is [Poisson sampling](crate::draw::unequal::poisson) with
//! equal chances: right for lists that arrive as a stream, and whose length nobody knows beforehand.

use crate::draw::apart::one_chance;
use crate::draw::unequal::poisson::poisson;
use crate::draw::{Accuracy, Error, Method, Needs, Probabilities, Size};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Number;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "bernoulli",
    title: Words::new("Bernoulli sampling", "伯努利抽样"),
    says: Words::new(
        "Each unit is drawn with the same chance, by its own permanent number and for itself. The size \
         of the sample is random.",
        "每个单位以相同的概率、依据自己的永久随机数独立决定是否入样。样本量是随机的。",
    ),
    formula: "k is drawn if u_k < f;  n(s) varies by N f (1 − f);  π_kl = f²",
    sources: &[Source::at("Särndal, Swensson, Wretman (1992)", "§3.2")],
};

/// The method for a pool.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Random,
    chances: Accuracy::Exact,
    needs: Needs::EqualChances,
    draw: |pool, seed| bernoulli(pool.probabilities(), &pool.numbers(seed)),
    joint: Some(crate::draw::unequal::poisson::among),
};

/// Draws every unit whose number is below the one chance of all.
///
/// # Formula
///
/// ```text
/// k is drawn if u_k < f
/// ```
///
/// # Errors
///
/// [`Error::NotEqual`] if the chances differ.
///
/// # Source
///
/// Särndal, Swensson, Wretman (1992), §3.2.
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, equal::bernoulli::bernoulli};
/// use canvass::random::{Numbers, Seed};
/// let numbers = Numbers::new(&Seed::new("heads or tails").expect("not blank"));
/// let numbers: Vec<_> = (0..1_000).map(|id| numbers.of(&id.to_string())).collect();
/// let drawn = bernoulli(&Probabilities::given(vec![0.5; 1_000])?, &numbers)?;
/// assert!((440..=560).contains(&drawn.len()));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn bernoulli(probabilities: &Probabilities, numbers: &[Number]) -> Result<Vec<usize>, Error> {
    one_chance(&CARD, probabilities)?;
    Ok(poisson(probabilities, numbers))
}

#[cfg(test)]
mod tests {
    use super::{METHOD, bernoulli};
    use crate::draw::trial;
    use crate::draw::{Error, Probabilities};

    #[test]
    fn it_draws_as_it_says() {
        for chance in [0.5, 0.05, 0.9] {
            let chances = Probabilities::given(vec![chance; 8]).expect("chances");
            trial::holds(&METHOD, &chances, 20_000);
        }
    }

    #[test]
    fn edges() {
        trial::edges_of_equal_chances(&METHOD);
    }

    #[test]
    fn unequal_chances_are_refused() {
        let chances = Probabilities::given(vec![0.5, 0.25]).expect("chances");
        let refused = bernoulli(&chances, &[]);
        assert_eq!(
            refused,
            Err(Error::NotEqual {
                method: "bernoulli",
                least: 0.25,
                most: 0.5
            })
        );
    }
}
