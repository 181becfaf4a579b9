//! What all draws of fixed size share: certain units are in, impossible ones are out, and chance
//! decides about the others, whose chances add up to a whole number.

use super::{Error, Joint, Probabilities};
use crate::math::Sum;

/// A pool cut into the certain and the open.
struct Parts {
    certain: Vec<usize>,
    open: Vec<usize>,
    /// π of the open units.
    chances: Vec<f64>,
    /// How many of the open units are drawn: Σ of `chances`.
    take: usize,
}

impl Parts {
    fn of(probabilities: &Probabilities) -> Result<Parts, Error> {
        let (certain, open) = (probabilities.certain(), probabilities.open());
        let take = probabilities.fixed_size()?.saturating_sub(certain.len());
        let mut chances: Vec<f64> = open.iter().map(|&unit| probabilities.of(unit)).collect();
        let off = (crate::math::sum(chances.iter().copied()) - take as f64).abs();
        // Chances written with few digits miss the whole number by a hair; methods count on it.
        if 0 < take && take < open.len() && off > 1e-15 * take as f64 {
            chances = level(
                &mut chances.iter().map(|p| p / (1.0 - p)).collect::<Vec<_>>(),
                take,
            );
        }
        Ok(Parts {
            certain,
            open,
            chances,
            take,
        })
    }

    /// Whether nothing is left to chance.
    fn settled(&self) -> bool {
        self.take == 0 || self.take >= self.open.len()
    }
}

/// The certain units, and as many of the open ones as are missing: `choose` is given their chances and
/// that number, and gives places among them. Sorted.
pub(super) fn drawn(
    probabilities: &Probabilities,
    choose: impl FnOnce(&[f64], usize) -> Result<Vec<usize>, Error>,
) -> Result<Vec<usize>, Error> {
    let parts = Parts::of(probabilities)?;
    let mut drawn = parts.certain.clone();
    if !parts.settled() {
        let chosen = choose(&parts.chances, parts.take)?;
        drawn.extend(chosen.into_iter().map(|place| parts.open[place]));
    } else if parts.take > 0 {
        drawn.extend(&parts.open);
    }
    drawn.sort_unstable();
    Ok(drawn)
}

/// π_kl of all pairs, from those of the open units, which `pairs` finds.
pub(super) fn joint(
    probabilities: &Probabilities,
    pairs: impl FnOnce(&[f64], usize) -> Result<Joint, Error>,
) -> Result<Joint, Error> {
    let parts = Parts::of(probabilities)?;
    let mut place = vec![None; probabilities.len()];
    let mut open = None;
    if !parts.settled() {
        open = Some(pairs(&parts.chances, parts.take)?);
        for (at, &unit) in parts.open.iter().enumerate() {
            place[unit] = Some(at);
        }
    }
    Ok(Joint::from_fn(probabilities.len(), |k, l| {
        match (place[k], place[l], &open) {
            _ if k == l => probabilities.of(k),
            (Some(k), Some(l), Some(open)) => open.of(k, l),
            _ => probabilities.of(k) * probabilities.of(l),
        }
    }))
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

/// What every method of fixed size must pass, beside the laws of all methods.
#[cfg(test)]
pub(super) mod check {
    use crate::draw::trial::{assert_adds_up, draw, holds, ids, laws, random_chances, seed};
    use crate::draw::{Error, Method, Pool, Probabilities};

    fn by_size(sizes: &[f64], take: usize) -> Probabilities {
        Probabilities::by_size(sizes, take).expect("possible")
    }

    /// Many draws contradict nothing that is stated.
    pub fn proves(method: &Method) {
        holds(method, &crate::draw::trial::eight(), 20_000);
        // One unit is impossible, and one certain.
        holds(method, &by_size(&[0.0, 1.0, 2.0, 3.0, 50.0, 4.0], 3), 4_000);
    }

    /// π_kl adds up to (n − 1) π_k, and is what is published.
    pub fn pairs(
        method: &Method,
        chances: &Probabilities,
        known: &[(usize, usize, f64)],
        near: f64,
    ) {
        let (ids, joint) = (ids(chances.len()), method.joint.expect("pairs are known"));
        let joint = joint(&Pool::new("all", &ids, chances)).expect("possible");
        for &(k, l, wanted) in known {
            let found = joint.of(k - 1, l - 1);
            assert!(
                (found - wanted).abs() < near,
                "π of {k} and {l} is {found}, not {wanted}"
            );
        }
        assert_adds_up(&joint, chances);
    }

    /// Laws over a hundred pools, and what lies at the edge of sense.
    pub fn keeps_laws(method: &Method) {
        laws(method);
        if method.joint.is_some() {
            (0..100).for_each(|i| pairs(method, &random_chances(&format!("pair {i}")), &[], 0.0));
        }
        let uneven = Probabilities::given(vec![1.0 - 1e-9, 1e-9, 0.5, 0.5]).expect("chances");
        assert_eq!(draw(method, &uneven, "edge").len(), 2);
        // A hair off a whole number is a whole number; more is not.
        let near = Probabilities::given(vec![0.333_333_333_3; 3]).expect("chances");
        assert_eq!(draw(method, &near, "edge").len(), 1);
        let broken = Probabilities::given(vec![0.5, 0.6]).expect("chances");
        let refused = (method.draw)(&Pool::new("all", &ids(2), &broken), &seed("edge"));
        assert!(matches!(refused, Err(Error::NotWhole { .. })));
    }

    /// Long lists are drawn from, and large units come as often there as they should.
    pub fn large(method: &Method, units: usize, take: usize) {
        let sizes: Vec<f64> = (0..units)
            .map(|unit| 1.0 + (unit * 7 % 100) as f64)
            .collect();
        let chances = by_size(&sizes, take);
        let drawn = draw(method, &chances, "large");
        assert_eq!(drawn.len(), take);
        assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
        // Of units above the middle, Σ of their π; a multinomial count would spread more than theirs.
        let wanted = crate::math::sum(
            (0..units)
                .filter(|&k| sizes[k] > 50.5)
                .map(|k| chances.of(k)),
        );
        let found = drawn.iter().filter(|&&k| sizes[k] > 50.5).count() as f64;
        let spread = (wanted * (1.0 - wanted / take as f64)).sqrt();
        assert!(
            (found - wanted).abs() < 5.0 * spread,
            "{found} is not {wanted} ± {spread}"
        );
    }
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
