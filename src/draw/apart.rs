//! Certain units stand apart, so that a method that walks a list meets only those of which chance
//! decides.

use super::probability::CERTAIN;
use super::{Error, Joint, Probabilities};
use crate::method::Card;

/// The units of a draw: those always in it, and those of which chance decides.
pub(super) struct Apart {
    certain: Vec<usize>,
    /// Neither certain nor impossible, in the pool's order.
    pub(super) open: Vec<usize>,
    /// How many of the open units are drawn; none if Σπ is not a whole number.
    pub(super) take: Option<usize>,
}

impl Apart {
    /// Sets certain units apart.
    pub(super) fn of(probabilities: &Probabilities) -> Result<Apart, Error> {
        let (certain, open) = (probabilities.certain(), probabilities.open());
        let take = probabilities
            .size()
            .map(|size| size.saturating_sub(certain.len()));
        if take.is_some_and(|take| take > open.len()) {
            let (there, asked) = (
                open.len() + certain.len(),
                probabilities.size().unwrap_or(0),
            );
            return Err(Error::TooMany {
                asked: asked as u64,
                there: there as u64,
            });
        }
        Ok(Apart {
            certain,
            open,
            take,
        })
    }

    /// Sets certain units apart, for a method that draws a fixed number: also says how many of the
    /// open ones that leaves.
    pub(super) fn fixed(probabilities: &Probabilities) -> Result<(Apart, usize), Error> {
        let size = probabilities.fixed_size()?;
        let apart = Apart::of(probabilities)?;
        let take = size.saturating_sub(apart.certain.len());
        Ok((apart, take))
    }

    /// The whole sample, in the pool's order.
    pub(super) fn with(self, drawn: Vec<usize>) -> Vec<usize> {
        let mut all = self.certain;
        all.extend(drawn);
        all.sort_unstable();
        all
    }

    /// π_kl of all units, from that of the open ones: `of` gets their places among the open, in order.
    pub(super) fn joint(
        &self,
        probabilities: &Probabilities,
        of: impl Fn(usize, usize) -> f64,
    ) -> Joint {
        let mut place = vec![None; probabilities.len()];
        self.open
            .iter()
            .enumerate()
            .for_each(|(at, &unit)| place[unit] = Some(at));
        Joint::from_fn(probabilities.len(), |k, l| match (place[k], place[l]) {
            (Some(_), Some(_)) if k == l => probabilities.of(k),
            (Some(k), Some(l)) => of(k, l),
            _ if k == l => decided(probabilities.of(k)),
            _ => decided(probabilities.of(k)) * decided(probabilities.of(l)),
        })
    }
}

/// A chance; exactly 0 or 1 where it is meant to be.
fn decided(chance: f64) -> f64 {
    match chance {
        chance if chance >= 1.0 - CERTAIN => 1.0,
        chance if chance <= CERTAIN => 0.0,
        chance => chance,
    }
}

/// The one chance of all units, for a method that knows no other.
pub(super) fn one_chance(card: &Card, probabilities: &Probabilities) -> Result<f64, Error> {
    let all = probabilities.as_slice();
    let Some(&first) = all.first() else {
        return Ok(0.0);
    };
    let least = all.iter().copied().fold(first, f64::min);
    let most = all.iter().copied().fold(first, f64::max);
    if most - least > CERTAIN * most {
        return Err(Error::NotEqual {
            method: card.key,
            least,
            most,
        });
    }
    Ok(most)
}
