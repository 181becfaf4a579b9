//! How well a sample is spread over places.
//!
//! Every unit of the list goes to the drawn unit nearest to it. If the sample is well spread, each drawn
//! unit speaks for chances that add up to 1. The measure says how far that is off: 0 for a sample
//! spread as evenly as can be, and for local pivotal samples less than half of what it is for simple ones.

use super::neighbours::{Neighbours, check};
use crate::draw::{Error, Probabilities};
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the measure says of itself.
pub const CARD: Card = Card {
    key: "spread",
    title: Words::new("Spatial balance", "空间均衡度"),
    says: Words::new(
        "Each unit of the list goes to the drawn unit nearest to it. In a well spread sample every drawn \
         unit gets chances that add up to about 1; the measure is the mean squared distance from that. \
         Smaller is better; compare it with the figure of a simple sample of the same list.",
        "名单中每个单位归属于离其最近的入样单位；样本分布均匀时，各入样单位所归属单位的入样概率之和约为1。\
         该指标为与1之差的均方，越小越好，应与同一名单简单随机样本的数值比较。",
    ),
    formula: "B = (1/n) Σ_{i∈s} (v_i − 1)²,  v_i = Σ π_k over the units k nearest to i",
    sources: &[
        Source::at("Stevens, Olsen (2004)", "§3"),
        Source::new("Grafström, Lundström, Schelin (2012)"),
    ],
};

/// The spatial balance of a sample; none if nobody was drawn.
///
/// # Formula
///
/// ```text
/// B = (1/n) Σ_{i∈s} (v_i − 1)²,   v_i = Σ_k π_k / e_k over the units k nearest to i
/// ```
///
/// with e_k the number of drawn units equally near to k: they share it.
///
/// # Arguments
///
/// | symbol | argument        | shape | unit |
/// |--------|-----------------|-------|------|
/// | π      | `probabilities` | N     | –    |
/// |        | `places`        | N × d | any; see [`standardised`](super::neighbours::standardised) |
/// | s      | `drawn`         | n     | places in the list, from 0 |
///
/// # Errors
///
/// [`Error::NoPlaces`] if units have no place, or one that is not a number.
///
/// # Source
///
/// Stevens, Olsen (2004), with polygons of Voronoi; with equal shares as in Grafström, Lundström,
/// Schelin (2012).
///
/// # Example
///
/// ```
/// use canvass::draw::{Probabilities, spread::measure::spread};
/// let places: Vec<Vec<f64>> = (0..4).map(|x| vec![f64::from(x)]).collect();
/// let chances = Probabilities::equal(4, 2)?;
/// // Units 0 and 1 are nearest to the first, 2 and 3 to the second: ½ + ½ each.
/// assert_eq!(spread(&chances, &places, &[0, 3])?, Some(0.0));
/// // Unit 0 alone against all others: ((½ − 1)² + (1½ − 1)²) / 2.
/// assert_eq!(spread(&chances, &places, &[0, 1])?, Some(0.25));
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn spread(
    probabilities: &Probabilities,
    places: &[Vec<f64>],
    drawn: &[usize],
) -> Result<Option<f64>, Error> {
    check(places, probabilities.len(), &CARD)?;
    let mut units: Vec<usize> = drawn
        .iter()
        .copied()
        .filter(|unit| *unit < places.len())
        .collect();
    units.sort_unstable();
    units.dedup();
    if units.is_empty() {
        return Ok(None);
    }
    let count = units.len() as f64;
    let tree = Neighbours::new(places, units.clone());
    let mut speaks_for = vec![Sum::default(); places.len()];
    for (unit, place) in places.iter().enumerate() {
        let Some(nearest) = tree.around(place).next() else {
            break;
        };
        let part = probabilities.of(unit) / nearest.len() as f64;
        nearest
            .all()
            .into_iter()
            .for_each(|drawn| speaks_for[drawn].add(part));
    }
    let off = |unit: &usize| speaks_for[*unit].value() - 1.0;
    Ok(Some(
        sum(units.iter().map(off).map(|off| off * off)) / count,
    ))
}

#[cfg(test)]
mod tests {
    use super::spread;
    use crate::draw::balance::cube::Landing;
    use crate::draw::balance::local_cube::local_cube;
    use crate::draw::spread::correlated_poisson::correlated_poisson;
    use crate::draw::spread::local_pivotal::local_pivotal;
    use crate::draw::{Error, Probabilities};
    use crate::math::sum;
    use crate::random::Seed;

    #[test]
    fn units_in_between_are_shared() {
        // Units 0 1 2 3 4 on a line, 1 and 3 drawn: unit 2 lies between. Each has 2½ · .4 = 1.
        let places: Vec<Vec<f64>> = (0..5).map(|x| vec![f64::from(x)]).collect();
        let chances = Probabilities::equal(5, 2).expect("possible");
        let found = spread(&chances, &places, &[1, 3])
            .expect("places")
            .expect("someone");
        assert!(found.abs() < 1e-15);
        assert_eq!(spread(&chances, &places, &[]), Ok(None));
        assert_eq!(
            spread(&chances, &[], &[1]),
            Err(Error::NoPlaces { method: "spread" })
        );
    }

    #[test]
    fn spread_samples_are_better_spread_than_simple_ones() {
        let places: Vec<Vec<f64>> = (0..400)
            .map(|unit| vec![f64::from(unit % 20), f64::from(unit / 20)])
            .collect();
        let chances = Probabilities::equal(400, 40).expect("possible");
        let times = 30;
        let mut found = [const { Vec::new() }; 4];
        for i in 0..times {
            let mut stream = Seed::new(format!("grid {i}"))
                .expect("not blank")
                .stream("test");
            let mut simple: Vec<usize> = (0..400).collect();
            stream.shuffle(&mut simple);
            simple.truncate(40);
            let samples = [
                simple,
                local_pivotal(&chances, &places, &mut stream).expect("drawn"),
                correlated_poisson(&chances, &places, &mut stream).expect("drawn"),
                local_cube(&chances, &places, &[], Landing::Dropping, &mut stream).expect("drawn"),
            ];
            for (found, sample) in found.iter_mut().zip(samples) {
                found.push(
                    spread(&chances, &places, &sample)
                        .expect("places")
                        .expect("someone"),
                );
            }
        }
        let [simple, others @ ..] = found.map(|found| sum(found) / f64::from(times));
        assert!((0.2..0.6).contains(&simple), "{simple}");
        others
            .iter()
            .for_each(|other| assert!(*other < simple / 2.0, "{others:?} against {simple}"));
    }
}
