//! What must be known of a stratum's sizes before a long list is drawn from.
//!
//! Chances in proportion to size need Σx, and to know who is certain. The sum is exact. Of the sizes
//! themselves only counts are kept, by bands that are a hundredth wide: they tell how large a unit must
//! be, at least, to be worth keeping.

use crate::math::{Exact, Sum, sum};

/// Bits of a float's fraction that part one band from the next: 128 bands from 1 to 2.
const FINE: u32 = 7;

/// Bounds are moved by this much to the safe side; more than any rounding of theirs.
const SLACK: f64 = 1e-9;

/// The sizes of a stratum's units, as counts and an exact sum: the same for every order of units.
///
/// ```
/// use canvass::draw::Sizes;
/// let mut sizes = Sizes::default();
/// [0.1, 0.2, 0.0].into_iter().for_each(|size| sizes.add(size));
/// assert_eq!((sizes.above_zero(), sizes.total()), (2, 0.30000000000000004));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Sizes {
    above_zero: u64,
    sum: Exact,
    /// The exponent of the first octave.
    lowest: u32,
    /// One for each exponent from there on.
    octaves: Vec<Octave>,
}

/// Bands of sizes with one exponent.
#[derive(Debug, Clone, Default)]
struct Octave {
    /// Which bands there are.
    there: u128,
    /// Only these, in order.
    bands: Vec<Band>,
}

/// Units of nearly one size.
#[derive(Debug, Clone, Copy)]
struct Band {
    units: u64,
    least: f64,
    most: f64,
}

impl Sizes {
    /// A size as it is written: a finite number of 0 or more.
    #[must_use]
    pub fn read(text: &str) -> Option<f64> {
        Sizes::of(text.trim().parse().ok()?)
    }

    /// A number as a size, if it is finite and 0 or more.
    pub(crate) fn of(size: f64) -> Option<f64> {
        // Adding 0 makes −0 the 0 it equals.
        (size.is_finite() && size >= 0.0).then_some(size + 0.0)
    }

    /// Takes one unit into account. Its size must be finite and 0 or more.
    pub fn add(&mut self, size: f64) {
        if size <= 0.0 {
            return;
        }
        self.above_zero += 1;
        self.sum.add(size);
        let band = Band {
            units: 1,
            least: size,
            most: size,
        };
        let place = (size.to_bits() >> (52 - FINE)) as u32;
        self.count(place >> FINE, place & ((1 << FINE) - 1), band);
    }

    /// Joins the sizes of two parts of a list.
    pub fn merge(&mut self, other: &Sizes) {
        self.above_zero += other.above_zero;
        self.sum.merge(&other.sum);
        for (exponent, octave) in (other.lowest..).zip(&other.octaves) {
            let places = (0..1 << FINE).filter(|place| octave.there >> place & 1 == 1);
            for (place, &band) in places.zip(&octave.bands) {
                self.count(exponent, place, band);
            }
        }
    }

    /// Adds units to the band at `place` of an octave.
    fn count(&mut self, exponent: u32, place: u32, more: Band) {
        let octave = self.octave(exponent);
        let bit = 1_u128 << place;
        let before = (octave.there & (bit - 1)).count_ones() as usize;
        if octave.there & bit == 0 {
            octave.there |= bit;
            octave.bands.insert(before, more);
            return;
        }
        let band = &mut octave.bands[before];
        band.units += more.units;
        band.least = band.least.min(more.least);
        band.most = band.most.max(more.most);
    }

    /// The octave of an exponent; those between it and the others are there too, and empty.
    #[inline]
    fn octave(&mut self, exponent: u32) -> &mut Octave {
        if self.octaves.is_empty() {
            self.lowest = exponent;
        }
        if exponent < self.lowest {
            let missing = (self.lowest - exponent) as usize;
            let empty = std::iter::repeat_with(Octave::default).take(missing);
            self.octaves.splice(..0, empty);
            self.lowest = exponent;
        }
        let place = (exponent - self.lowest) as usize;
        if place >= self.octaves.len() {
            self.octaves.resize_with(place + 1, Octave::default);
        }
        &mut self.octaves[place]
    }

    /// From the smallest sizes to the largest.
    fn bands(&self) -> impl DoubleEndedIterator<Item = &Band> {
        self.octaves.iter().flat_map(|octave| &octave.bands)
    }

    /// Units with a size above 0.
    #[must_use]
    pub fn above_zero(&self) -> u64 {
        self.above_zero
    }

    /// Σx, rounded once.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.sum.value()
    }

    /// Σx.
    pub(super) fn sum(&self) -> &Exact {
        &self.sum
    }

    /// A level that is not above the t of Σ min(1, x / t) = `expected`, and nearly it; 0 if no t is so
    /// small. Whoever is as large as t is certain, and the others have the chance x / t.
    pub(super) fn low(&self, expected: f64) -> f64 {
        self.level(expected, |band| band.least) * (1.0 - SLACK)
    }

    /// A level that is not below that t, and nearly it.
    fn high(&self, expected: f64) -> f64 {
        self.level(expected, |band| band.most) * (1.0 + SLACK)
    }

    /// The t of Σ min(1, x / t) = `expected`, were all units of a band of one size.
    fn level(&self, expected: f64, size: impl Fn(&Band) -> f64) -> f64 {
        // Σx of each band and all smaller ones.
        let mut sum = Sum::default();
        let bands: Vec<(&Band, f64)> = self
            .bands()
            .map(|band| {
                sum.add(band.units as f64 * size(band));
                (band, sum.value())
            })
            .collect();
        let mut left = expected;
        for (band, rest) in bands.into_iter().rev() {
            if left <= 0.0 {
                return 0.0;
            }
            if left * size(band) < rest {
                return rest / left;
            }
            left -= band.units as f64;
        }
        0.0
    }

    /// Odds that are `times` those of x / `low` let at least `enough` units through on average, of
    /// which `expected` are to be drawn; none if there are not as many.
    pub(super) fn times(&self, expected: f64, enough: f64) -> Option<f64> {
        let high = self.high(expected);
        let through = |times: f64| {
            let part = |band: &Band| {
                let chance = if band.least < high {
                    band.least / high
                } else {
                    1.0
                };
                band.units as f64 * times * chance / (1.0 - chance + times * chance)
            };
            sum(self.bands().map(part))
        };
        let steps = (0..400).map(|step| 1.0 + 0.01 * 1.05_f64.powi(step));
        steps.into_iter().find(|&times| through(times) >= enough)
    }
}

#[cfg(test)]
mod tests {
    use super::Sizes;
    use crate::draw::Probabilities;
    use crate::draw::trial::seed;

    fn of(sizes: &[f64]) -> Sizes {
        let mut all = Sizes::default();
        sizes.iter().for_each(|&size| all.add(size));
        all
    }

    #[test]
    fn levels_lie_close_around_the_true_one() {
        for i in 0..100 {
            let mut stream = seed(&format!("level {i}")).stream("test");
            let units = 50 + stream.below(500) as usize;
            let sizes: Vec<f64> = (0..units)
                .map(|_| (1.0 / (1.0 - stream.unit())).powi(2))
                .collect();
            let take = 1 + stream.below(units as u64 - 2) as usize;
            let chances = Probabilities::by_size(&sizes, take).expect("possible");
            let all = of(&sizes);
            let (low, high) = (all.low(take as f64), all.high(take as f64));
            for (unit, &size) in sizes.iter().enumerate() {
                let chance = chances.of(unit);
                assert!((size / high).min(1.0) <= chance, "seed {i}");
                assert!(chance <= size / low, "seed {i}");
                assert!(chance >= 1.0 || chance * 1.02 > size / low, "seed {i}");
            }
        }
    }

    #[test]
    fn the_order_of_units_does_not_matter() {
        for i in 0..20 {
            let mut stream = seed(&format!("order {i}")).stream("test");
            let mut sizes: Vec<f64> = (0..300).map(|_| stream.unit()).collect();
            let whole = of(&sizes);
            stream.shuffle(&mut sizes);
            let mut parts = Sizes::default();
            sizes.chunks(37).for_each(|part| parts.merge(&of(part)));
            assert_eq!(whole.total().to_bits(), parts.total().to_bits());
            assert_eq!(whole.low(50.0).to_bits(), parts.low(50.0).to_bits());
        }
    }

    #[test]
    fn where_all_are_wanted_there_is_no_level() {
        let all = of(&[1.0, 1.0, 1.0, 0.0]);
        for level in [all.low(3.0), all.low(4.0), of(&[]).low(0.0)] {
            assert_eq!(level.to_bits(), 0.0_f64.to_bits());
        }
        assert!((all.low(1.5) - 2.0).abs() < 1e-8);
        assert_eq!(all.times(1.0, 3.5), None);
    }

    #[test]
    fn only_finite_numbers_from_0_are_sizes() {
        assert_eq!(
            [" 1e3 ", "0", "2.5"].map(Sizes::read),
            [Some(1000.0), Some(0.0), Some(2.5)]
        );
        assert_eq!(
            ["", "-1", "inf", "NaN", "1,5", "x"].map(Sizes::read),
            [None; 6]
        );
    }
}
