//! The cube in many strata at once.
//!
//! Each stratum is flown through on its own, so that its size and its totals hold in it as far as they
//! can. The few units that each leaves open are pooled: a size for each of their strata, and the totals
//! of the whole list, hold on until at last only the sizes are left. So every stratum gets its number,
//! and the landing costs balance once and not once a stratum. Strata join the pool one by one, which
//! keeps it small however many there are.

use std::collections::BTreeSet;

use super::cube;
use super::flight::{self, Amounts};
use crate::draw::probability::CERTAIN;
use crate::draw::undecided::{is_open, settle};
use crate::draw::{Error, Method, Probabilities};
use crate::frame::Codes;
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "stratified-cube",
    title: Words::new(
        "Cube method in strata, landing together",
        "分层立方体法（合并落地）",
    ),
    says: Words::new(
        "The cube method in every stratum; the few units that are left open everywhere are decided \
         together, with every stratum's size kept and the totals of the whole list kept as long as \
         possible. Use it for many strata with common known totals.",
        "各层分别进行立方体法的飞行阶段，各层剩余的少数未定单位合并处理，始终保持各层样本量，并尽量保持总体已知总量；\
         适用于层数较多且有共同辅助变量的情形。",
    ),
    formula: "flight in each stratum on (π, x);  flight of all that is left on (π 1_h for each h, x);  \
              landing: amounts x dropped from the last",
    sources: &[
        Source::at("Chauvet (2009)", "§3"),
        Source::at("Hasler, Tillé (2014)", "strata join one by one"),
    ],
};

/// The cube in strata as one checker of all methods sees it: in a pool there is one stratum.
pub const POOLED: Method = Method {
    draw: |pool, seed| {
        let chances = pool.probabilities();
        let one = Codes::from_labels((0..chances.len()).map(|_| "all"));
        let stream = &mut pool.stream(&CARD, seed);
        stratified_cube(chances, &one, pool.balance(&CARD)?, stream)
    },
    ..cube::METHOD
};

/// Draws a sample balanced on the size of every stratum and on `balance`, and returns it in order.
///
/// Every stratum gets its Σπ units every time. Estimates of the amounts equal the totals but for the last
/// few units, as many as twice the amounts at most over all strata. Chances are exact. Takes time
/// N p³ for p amounts, whatever the number of strata. Only + − × ÷ and comparison decide.
///
/// # Formula
///
/// ```text
/// in stratum h:      Σ_{k∈s_h} x_k / π_k = Σ_{k∈h} x_k   up to the units left open in h
/// over all strata:   Σ_{k∈s} x_k / π_k = Σ_k x_k,  n_h = Σ_{k∈h} π_k
/// landing: the amounts are dropped from the last; the n_h stay
/// ```
///
/// # Arguments
///
/// | symbol | argument        | shape | unit          |
/// |--------|-----------------|-------|---------------|
/// | π      | `probabilities` | N     | –             |
/// | h      | `strata`        | N     | stratum       |
/// | x      | `balance`       | p × N | of the amount |
///
/// # Errors
///
/// - [`Error::Blank`] if there is not one stratum for each unit.
/// - [`Error::NotWhole`] if the chances of a stratum do not add up to a whole number.
/// - [`Error::NoBalance`] if an amount is not a number for each unit.
///
/// # Source
///
/// Chauvet (2009), §3; Hasler, Tillé (2014) for strata joining one by one.
///
/// # Example
///
/// ```
/// use canvass::{draw::{Probabilities, balance::stratified_cube::stratified_cube}, frame::Codes, random::Seed};
/// let strata = Codes::from_labels(["town", "town", "town", "town", "coast", "coast"]);
/// let age = vec![20.0, 30.0, 40.0, 50.0, 60.0, 70.0];
/// let chances = Probabilities::equal(6, 3)?;
/// let mut stream = Seed::new("the evening draw").expect("not blank").stream("example");
/// let drawn = stratified_cube(&chances, &strata, &[age], &mut stream)?;
/// assert_eq!(drawn.iter().filter(|&&unit| unit < 4).count(), 2);
/// assert_eq!(drawn.len(), 3);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn stratified_cube(
    probabilities: &Probabilities,
    strata: &Codes,
    balance: &[Vec<f64>],
    stream: &mut Stream,
) -> Result<Vec<usize>, Error> {
    let members = members(probabilities, strata)?;
    let takes = takes(probabilities, &members)?;
    let amounts = Amounts::with_size(probabilities, balance, &CARD)?;
    let entry = |row: usize, unit: usize| amounts.of(unit)[row];
    let mut now = probabilities.as_slice().to_vec();
    let mut pool = Pooled {
        codes: strata.codes(),
        amounts: &amounts,
        units: Vec::new(),
    };
    for units in &members {
        let mut order = units.clone();
        stream.shuffle(&mut order);
        pool.units
            .extend(flight::fly(&mut now, order, amounts.count(), entry, stream));
        pool.fly(&mut now, amounts.count() - 1, stream);
    }
    for kept in (0..amounts.count() - 1).rev() {
        pool.fly(&mut now, kept, stream);
    }
    for (units, take) in members.iter().zip(takes) {
        finish(&mut now, units, take);
    }
    Ok(settle(&now, probabilities.size(), stream))
}

/// The units of each stratum, in the order of labels.
fn members(probabilities: &Probabilities, strata: &Codes) -> Result<Vec<Vec<usize>>, Error> {
    let (units, codes) = (probabilities.len(), strata.codes());
    if units != codes.len() {
        let count = units.abs_diff(codes.len()) as u64;
        return Err(Error::Blank {
            count,
            row: units.min(codes.len()) as u64 + 1,
        });
    }
    let mut members = vec![Vec::new(); strata.labels().len()];
    codes
        .iter()
        .enumerate()
        .for_each(|(unit, &code)| members[code as usize].push(unit));
    Ok(members)
}

/// n_h of each stratum.
fn takes(probabilities: &Probabilities, members: &[Vec<usize>]) -> Result<Vec<usize>, Error> {
    let take = |units: &Vec<usize>| {
        Probabilities::given(units.iter().map(|&unit| probabilities.of(unit)).collect())?
            .fixed_size()
    };
    members.iter().map(take).collect()
}

/// What strata have left open.
struct Pooled<'a> {
    codes: &'a [u32],
    amounts: &'a Amounts,
    units: Vec<usize>,
}

impl Pooled<'_> {
    /// Flies on with the sizes of the strata in the pool and the first `kept` amounts.
    fn fly(&mut self, now: &mut [f64], kept: usize, stream: &mut Stream) {
        let sizes: BTreeSet<u32> = self.units.iter().map(|&unit| self.codes[unit]).collect();
        let sizes: Vec<u32> = sizes.into_iter().collect();
        let entry = |row: usize, unit: usize| match sizes.get(row) {
            Some(&stratum) => f64::from(u8::from(self.codes[unit] == stratum)),
            // The overall size, which stands first, follows from those of the strata.
            None => self.amounts.of(unit)[row - sizes.len() + 1],
        };
        let order = std::mem::take(&mut self.units);
        self.units = flight::fly(now, order, sizes.len() + kept, entry, stream);
    }
}

/// What rounding has left open at last is decided by the stratum's size.
fn finish(now: &mut [f64], units: &[usize], take: usize) {
    let mut decided = units
        .iter()
        .filter(|&&unit| now[unit] >= 1.0 - CERTAIN)
        .count();
    for &unit in units {
        if is_open(now[unit]) {
            now[unit] = if decided < take { 1.0 } else { 0.0 };
            decided += usize::from(decided < take);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::stratified_cube;
    use crate::draw::trial::stream;
    use crate::draw::{Error, Probabilities};
    use crate::frame::Codes;
    use crate::math::sum;

    fn codes(strata: &[usize]) -> Codes {
        Codes::from_labels(strata.iter().map(|stratum| format!("{stratum:05}")))
    }

    #[test]
    fn units_come_as_often_as_stated() {
        let chances = vec![0.2, 0.7, 0.8, 0.3, 0.5, 0.9, 0.6, 1.0, 0.0, 0.25, 0.75];
        let strata = codes(&[0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2]);
        let balance = [vec![3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0]];
        let chances = Probabilities::given(chances).expect("chances");
        let (times, mut found) = (20_000, [0.0; 11]);
        let mut stream = stream("often");
        for _ in 0..times {
            let drawn = stratified_cube(&chances, &strata, &balance, &mut stream).expect("drawn");
            let sizes =
                [0..4, 4..8, 8..11].map(|h| drawn.iter().filter(|unit| h.contains(*unit)).count());
            assert_eq!(sizes, [2, 3, 1]);
            drawn
                .iter()
                .for_each(|&unit| found[unit] += 1.0 / f64::from(times));
        }
        for (unit, found) in found.iter().enumerate() {
            let stated = chances.of(unit);
            let error = (stated * (1.0 - stated) / f64::from(times)).sqrt();
            assert!(
                (found - stated).abs() <= 4.0 * error + 1e-9,
                "{unit}: {found} is not {stated}"
            );
        }
    }

    #[test]
    fn a_thousand_strata_keep_their_sizes_and_the_totals() {
        let (strata, each) = (1_000, 12);
        let of: Vec<usize> = (0..strata * each).map(|unit| unit / each).collect();
        let mut chance = stream("amounts");
        let balance: Vec<Vec<f64>> = (0..3)
            .map(|_| of.iter().map(|_| 1.0 + chance.unit()).collect())
            .collect();
        let chances = Probabilities::equal(of.len(), 3 * strata).expect("possible");
        let drawn = stratified_cube(&chances, &codes(&of), &balance, &mut chance).expect("drawn");
        let mut sizes = vec![0; strata];
        drawn.iter().for_each(|&unit| sizes[of[unit]] += 1);
        assert!(sizes.iter().all(|size| *size == 3));
        for amounts in &balance {
            // Six units land at most, of 3 000: they shift the total by a thousandth or so.
            let estimate = sum(drawn.iter().map(|&unit| amounts[unit] / chances.of(unit)));
            let off = estimate / sum(amounts.iter().copied()) - 1.0;
            assert!(off.abs() < 0.001, "{off}");
        }
    }

    #[test]
    fn what_is_impossible_is_refused_and_the_same_seed_draws_the_same() {
        let chances = Probabilities::equal(6, 3).expect("possible");
        let draw = |strata: &[usize], balance: &[Vec<f64>]| {
            stratified_cube(&chances, &codes(strata), balance, &mut stream("ends"))
        };
        let fine = [0, 0, 1, 1, 1, 1];
        assert_eq!(draw(&fine, &[vec![1.0; 6]]), draw(&fine, &[vec![1.0; 6]]));
        assert_eq!(draw(&fine, &[]).map(|drawn| drawn.len()), Ok(3));
        assert!(matches!(
            draw(&[0, 0, 0, 1, 1, 1], &[]),
            Err(Error::NotWhole { .. })
        ));
        assert_eq!(draw(&[0; 4], &[]), Err(Error::Blank { count: 2, row: 5 }));
        assert_eq!(
            draw(&fine, &[vec![1.0]]),
            Err(Error::NoBalance {
                method: "stratified-cube"
            })
        );
    }
}
