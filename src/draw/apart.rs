//! Certain units stand apart, so that a method meets only those of which chance decides.
//!
//! A method that walks the list takes the open units of an [`Apart`] as they stand. One that needs their
//! chances to add up to a whole number says how it chooses from them ([`drawn`]) and what it knows of their
//! pairs ([`joint`]), and the rest is done here.

use super::probability::CERTAIN;
use super::{Error, Joint, Probabilities};
use crate::math::{Sum, sum};
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

    /// Whether nothing is left to chance when so many of the open units are drawn.
    fn settled(&self, take: usize) -> bool {
        take == 0 || take >= self.open.len()
    }

    /// π of the open units, which add up to `take`: chances written with few digits miss the whole number
    /// by a hair, and methods count on it.
    fn level(&self, probabilities: &Probabilities, take: usize) -> Vec<f64> {
        let chances: Vec<f64> = self
            .open
            .iter()
            .map(|&unit| probabilities.of(unit))
            .collect();
        let off = (sum(chances.iter().copied()) - take as f64).abs();
        if off <= 1e-15 * take as f64 {
            return chances;
        }
        let mut odds: Vec<f64> = chances.iter().map(|p| p / (1.0 - p)).collect();
        level(&mut odds, take)
    }

    /// The whole sample, in the pool's order.
    pub(super) fn with(self, drawn: Vec<usize>) -> Vec<usize> {
        let mut all = self.certain;
        all.extend(drawn);
        all.sort_unstable();
        all
    }

    /// π_kl of the units at these places, which stand in order, from that of the open ones among them: `of`
    /// gets their places among the open, in order.
    pub(super) fn among(
        &self,
        (probabilities, places): (&Probabilities, &[usize]),
        of: impl Fn(usize, usize) -> f64,
    ) -> Joint {
        let stands = |unit: &usize| self.open.binary_search(unit).ok();
        let stands: Vec<Option<usize>> = places.iter().map(stands).collect();
        table((probabilities, places), &stands, of)
    }

    /// The same, of all units.
    pub(super) fn joint(
        &self,
        probabilities: &Probabilities,
        of: impl Fn(usize, usize) -> f64,
    ) -> Joint {
        self.among((probabilities, &every(probabilities.len())), of)
    }
}

/// π_kl of some units: of open ones by `of`, which gets what `stands` says of each.
fn table(
    (probabilities, places): (&Probabilities, &[usize]),
    stands: &[Option<usize>],
    of: impl Fn(usize, usize) -> f64,
) -> Joint {
    let chance = |at: usize| probabilities.of(places[at]);
    Joint::from_fn(places.len(), |k, l| match (stands[k], stands[l]) {
        (Some(_), Some(_)) if k == l => chance(k),
        (Some(k), Some(l)) => of(k, l),
        _ if k == l => decided(chance(k)),
        _ => decided(chance(k)) * decided(chance(l)),
    })
}

/// The places of so many units.
pub(super) fn every(units: usize) -> Vec<usize> {
    (0..units).collect()
}

/// The certain units, and as many of the open ones as are missing: `choose` is given their chances and
/// that number, and gives places among them. Sorted.
pub(super) fn drawn(
    probabilities: &Probabilities,
    choose: impl FnOnce(&[f64], usize) -> Result<Vec<usize>, Error>,
) -> Result<Vec<usize>, Error> {
    let (apart, take) = Apart::fixed(probabilities)?;
    let chosen = match take {
        0 => Vec::new(),
        take if apart.settled(take) => apart.open.clone(),
        take => choose(&apart.level(probabilities, take), take)?
            .into_iter()
            .map(|place| apart.open[place])
            .collect(),
    };
    Ok(apart.with(chosen))
}

/// π_kl of the units at these places, which stand in order, from those of the open ones: `pairs` is given the
/// chances of all that are open, how many of them are drawn, and where those that are asked for stand.
pub(super) fn among(
    (probabilities, places): (&Probabilities, &[usize]),
    pairs: impl FnOnce(&[f64], usize, &[usize]) -> Result<Joint, Error>,
) -> Result<Joint, Error> {
    let (apart, take) = Apart::fixed(probabilities)?;
    if apart.settled(take) {
        let chance = |place: usize| probabilities.of(apart.open[place]);
        return Ok(apart.among((probabilities, places), |k, l| chance(k) * chance(l)));
    }
    let mut asked = Vec::new();
    let mut stands = Vec::with_capacity(places.len());
    for unit in places {
        let open = apart.open.binary_search(unit).ok();
        stands.push(open.map(|_| asked.len()));
        asked.extend(open);
    }
    let open = pairs(&apart.level(probabilities, take), take, &asked)?;
    let of = |k: usize, l: usize| open.of(k, l);
    Ok(table((probabilities, places), &stands, of))
}

/// Scales `odds` so that their chances λo / (1 + λo) add up to `take`, and gives these chances.
/// Newton's steps for ln λ, kept between bounds; 0 < `take` < the number of units.
pub(super) fn level(odds: &mut [f64], take: usize) -> Vec<f64> {
    const STEPS: usize = 200;
    let wanted = take as f64;
    let (mut low, mut high, mut scale) = (0.0_f64, f64::INFINITY, 1.0_f64);
    for _ in 0..STEPS {
        let (mut found, mut spread) = (Sum::default(), 0.0);
        for odd in odds.iter() {
            let odd = odd * scale;
            let chance = odd / (1.0 + odd);
            found.add(chance);
            spread += chance / (1.0 + odd);
        }
        let off = wanted - found.value();
        if off.abs() <= 1e-15 * wanted {
            break;
        }
        if off > 0.0 {
            low = scale;
        } else {
            high = scale;
        }
        let step = scale * (1.0 + off / spread);
        let next = if low < step && step < high {
            step
        } else if high.is_infinite() {
            2.0 * scale
        } else {
            0.5 * (low + high)
        };
        if (next - scale).abs() <= 1e-16 * scale {
            break;
        }
        scale = next;
    }
    odds.iter_mut().for_each(|odd| *odd *= scale);
    odds.iter().map(|odd| odd / (1.0 + odd)).collect()
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

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn odds_are_scaled_until_their_chances_add_up() {
        for (mut odds, take) in [
            (vec![1.0, 1.0, 1.0], 1),
            (vec![1e-9, 2e-9, 3e-9, 4e-9], 3),
            (vec![1e9, 2e9, 1e-3, 4e9], 1),
            (vec![1e-12, 1.0, 1e12], 2),
        ] {
            let found = crate::math::sum(level(&mut odds, take));
            assert!((found - take as f64).abs() < 1e-14, "{odds:?} give {found}");
        }
    }
}
