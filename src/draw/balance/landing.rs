//! The last few units of a cube draw, decided by the best of all designs for them.
//!
//! When no direction is left that keeps all amounts, some amount has to give. This landing looks at every
//! sample of the few units left, counts what each would cost in balance, and finds chances for these
//! samples that keep π exactly and cost least on average: a linear programme with a column per sample.

use super::flight::Amounts;
use crate::math::programme::{Column, minimise};
use crate::math::sum;
use crate::random::Stream;

/// The programme of more samples than this would take longer than its balance is worth.
pub(super) const MOST: u64 = 20_000;

/// Samples are bits of a word of this length.
const BITS: usize = 64;

/// What the best landing needs to know.
pub(super) struct Last<'a> {
    /// The units left.
    pub(super) units: Vec<usize>,
    /// How many of them are to be in, if the size is whole.
    pub(super) take: Option<usize>,
    /// The amounts, and what each would vary by if units were drawn on their own.
    pub(super) amounts: &'a Amounts,
    pub(super) variances: &'a [f64],
}

impl Last<'_> {
    /// Whether the samples are few enough.
    pub(super) fn is_few(&self, now: &[f64]) -> bool {
        let units = self.units.len();
        let sizes = sizes(&self.chances(now), self.take);
        units < BITS && sum(sizes.map(|size| ways(units, size))) <= MOST as f64
    }

    fn chances(&self, now: &[f64]) -> Vec<f64> {
        self.units.iter().map(|&unit| now[unit]).collect()
    }
}

/// Decides the units left. Says whether it could: not if there are too many, or no design was found.
///
/// # Formula
///
/// ```text
/// min Σ_s p(s) C(s)   with  Σ_{s∋k} p(s) = π_k,  p ≥ 0
/// C(s) = Σ_j (Σ_k (s_k − π_k) x_kj / π⁰_k)² / V_j
/// ```
///
/// over all samples s of the units left that have the right size, with π the chances after the flight
/// and π⁰ before it.
///
/// # Source
///
/// Deville, Tillé (2004), §4: landing by linear programming.
pub(super) fn land(now: &mut [f64], last: &Last<'_>, stream: &mut Stream) -> bool {
    if last.units.is_empty() || !last.is_few(now) {
        return last.units.is_empty();
    }
    let Some(design) = design(now, last) else {
        return false;
    };
    let Some(sample) = pick(&design, stream) else {
        return false;
    };
    for (row, &unit) in last.units.iter().enumerate() {
        now[unit] = if has(sample, row) { 1.0 } else { 0.0 };
    }
    true
}

/// The samples that may come, and the chance of each.
fn design(now: &[f64], last: &Last<'_>) -> Option<Vec<(u64, f64)>> {
    let chances = last.chances(now);
    let samples = samples(&chances, last.take);
    let costs: Vec<f64> = samples
        .iter()
        .map(|&sample| cost(sample, &chances, last))
        .collect();
    let highest = costs
        .iter()
        .fold(0.0_f64, |highest, cost| highest.max(*cost));
    let scale = if highest > 0.0 { highest } else { 1.0 };
    // A row per unit; and one for p adding up to 1, which samples of one size do anyhow.
    let mut wanted = chances;
    let whole = last.take.is_none().then_some((wanted.len(), 1.0));
    wanted.extend(whole.map(|(_, one)| one));
    let column = |(&sample, cost): (&u64, f64)| Column {
        cost: cost / scale,
        entries: (0..last.units.len())
            .filter(|&row| has(sample, row))
            .map(|row| (row, 1.0))
            .chain(whole)
            .collect(),
    };
    let columns: Vec<Column> = samples.iter().zip(costs).map(column).collect();
    let shares = minimise(&columns, &wanted).ok()?;
    let design = samples.into_iter().zip(shares);
    Some(design.filter(|(_, share)| *share > 0.0).collect())
}

/// Whether a sample, a bit per unit, has a unit.
fn has(sample: u64, unit: usize) -> bool {
    sample >> unit & 1 == 1
}

/// The sizes a sample may have: both around Σπ, if none is given.
fn sizes(chances: &[f64], take: Option<usize>) -> impl Iterator<Item = usize> + use<> {
    let expected = sum(chances.iter().copied());
    let fits = move |size: &usize| match take {
        Some(take) => *size == take,
        None => (*size as f64 - expected).abs() < 1.0,
    };
    (0..=chances.len()).filter(fits)
}

/// In how many ways so many can be taken of `units`.
fn ways(units: usize, take: usize) -> f64 {
    (0..take.min(units - take)).fold(1.0, |ways, step| {
        ways * (units - step) as f64 / (step + 1) as f64
    })
}

/// All samples of the right size: fewer than 64 units, of which so many samples can be counted.
fn samples(chances: &[f64], take: Option<usize>) -> Vec<u64> {
    let mut samples = Vec::new();
    let end = 1_u64 << chances.len();
    for size in sizes(chances, take) {
        let mut sample = (1_u64 << size) - 1;
        while sample < end {
            samples.push(sample);
            if sample == 0 {
                break;
            }
            // The next larger word with as many bits.
            let lowest = sample & sample.wrapping_neg();
            let ripple = sample + lowest;
            sample = (((sample ^ ripple) >> 2) / lowest) | ripple;
        }
    }
    samples
}

fn cost(sample: u64, chances: &[f64], last: &Last<'_>) -> f64 {
    let off = |amount: usize| {
        let term = |(row, &unit): (usize, &usize)| {
            let change = if has(sample, row) {
                1.0 - chances[row]
            } else {
                -chances[row]
            };
            change * last.amounts.of(unit)[amount]
        };
        sum(last.units.iter().enumerate().map(term))
    };
    let varies = |amount: &usize| last.variances[*amount] > 0.0;
    let one = |amount: usize| off(amount) * off(amount) / last.variances[amount];
    sum((0..last.amounts.count()).filter(varies).map(one))
}

fn pick(design: &[(u64, f64)], stream: &mut Stream) -> Option<u64> {
    let mut at = stream.unit() * sum(design.iter().map(|(_, share)| *share));
    let mut found = None;
    for &(sample, share) in design {
        found = Some(sample);
        at -= share;
        if at < 0.0 {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Last, MOST, design, has, land, samples, sizes, ways};
    use crate::draw::Probabilities;
    use crate::draw::balance::cube::CARD;
    use crate::draw::balance::flight::Amounts;
    use crate::draw::trial::stream;

    /// Units, with amounts of chance and one that only the first half has.
    fn case(text: &str, units: usize) -> (Vec<f64>, Amounts) {
        let mut stream = stream(text);
        let chances: Vec<f64> = (0..units).map(|_| 0.01 + 0.98 * stream.unit()).collect();
        let balance = [
            (0..units).map(|_| stream.unit()).collect(),
            (0..units)
                .map(|unit| f64::from(u8::from(2 * unit < units)))
                .collect(),
        ];
        let given = Probabilities::given(chances.clone()).expect("chances");
        let amounts = Amounts::with_size(&given, &balance, &CARD).expect("amounts");
        (chances, amounts)
    }

    /// Moves the first open chance until the sum is whole.
    fn whole(chances: &mut [f64]) -> usize {
        let mut off = chances.iter().sum::<f64>();
        let take = off.round().clamp(1.0, chances.len() as f64 - 1.0);
        off -= take;
        for chance in chances.iter_mut() {
            let to = (*chance - off).clamp(0.01, 0.99);
            off -= *chance - to;
            *chance = to;
        }
        take as usize
    }

    fn last(units: usize, take: Option<usize>, amounts: &Amounts) -> Last<'_> {
        Last {
            units: (0..units).collect(),
            take,
            amounts,
            variances: &[1.0, 1.0, 1.0],
        }
    }

    #[test]
    fn shares_add_up_to_the_chances() {
        for i in 0..60 {
            let units = 2 + i % 9;
            let (mut chances, amounts) = case(&format!("last {i}"), units);
            let take = (i % 2 == 0).then(|| whole(&mut chances));
            let design = design(&chances, &last(units, take, &amounts)).expect("there is a design");
            for (unit, chance) in chances.iter().enumerate() {
                let found: f64 = design
                    .iter()
                    .filter(|(sample, _)| has(*sample, unit))
                    .map(|(_, share)| share)
                    .sum();
                assert!(
                    (found - chance).abs() < 1e-12,
                    "case {i}: {found} is not {chance}"
                );
            }
            let fits: Vec<usize> = sizes(&chances, take).collect();
            assert!(
                design
                    .iter()
                    .all(|(sample, _)| fits.contains(&(sample.count_ones() as usize)))
            );
            // As many samples as there are rows at most: it stands in a corner.
            assert!(design.len() <= units + 1, "case {i}: {}", design.len());
        }
    }

    #[test]
    fn many_units_are_landed_where_samples_are_few() {
        // Three of forty: 9 880 samples.
        let chances = vec![0.075; 40];
        let (_, amounts) = case("forty", 40);
        let last = last(40, Some(3), &amounts);
        assert!(last.is_few(&chances));
        let design = design(&chances, &last).expect("there is a design");
        for unit in 0..40 {
            let found = design.iter().filter(|(sample, _)| has(*sample, unit));
            let found: f64 = found.map(|(_, share)| share).sum();
            assert!((found - 0.075).abs() < 1e-12);
        }
    }

    #[test]
    fn too_many_samples_are_left_to_others() {
        // Ten of twenty: 184 756 samples.
        let mut chances = vec![0.5; 20];
        let (_, amounts) = case("twenty", 20);
        let last = last(20, Some(10), &amounts);
        assert!(!last.is_few(&chances));
        assert!(!land(&mut chances, &last, &mut stream("twenty")));
        assert!(chances.iter().all(|chance| (chance - 0.5).abs() < 1e-15));
    }

    #[test]
    fn the_costly_sample_is_avoided() {
        // Two of four, each ½, balanced on 1, −1, 2, −2: samples {0,1} and {2,3} are free.
        let given = Probabilities::given(vec![0.5; 4]).expect("chances");
        let amounts = Amounts::with_size(&given, &[vec![1.0, -1.0, 2.0, -2.0]], &CARD);
        let amounts = amounts.expect("amounts");
        let last = Last {
            variances: &[1.0, 1.0],
            ..last(4, Some(2), &amounts)
        };
        let design = design(&[0.5; 4], &last).expect("there is a design");
        assert_eq!(design.len(), 2);
        for (sample, share) in design {
            assert!(sample == 0b0011 || sample == 0b1100);
            assert!((share - 0.5).abs() < 1e-12);
        }
    }

    #[test]
    fn what_cannot_be_is_not_found() {
        // Only both together, and one oftener than the other.
        let (_, amounts) = case("two", 2);
        let last = last(2, Some(2), &amounts);
        assert!(design(&[0.7, 0.3], &last).is_none());
    }

    #[test]
    fn samples_are_counted_and_listed_alike() {
        for units in 0..=12 {
            let chances = vec![0.5; units];
            for take in (0..=units).map(Some).chain([None]) {
                let listed = samples(&chances, take);
                let counted: f64 = sizes(&chances, take).map(|size| ways(units, size)).sum();
                assert!(
                    (listed.len() as f64 - counted).abs() < 0.5,
                    "{units} {take:?}"
                );
                assert!(listed.iter().all(|sample| *sample < 1 << units));
            }
        }
        assert!(ways(16, 8) < MOST as f64 && ways(62, 31) > 1e17);
    }
}
