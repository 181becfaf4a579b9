//! Units that stand in the same levels of all margins.
//!
//! Whatever meets margins by factors gives them the same factor. So it is found for each kind of unit once,
//! from what all of the kind hold together: a survey has far fewer kinds than units.

use super::Margin;
use crate::frame::Codes;
use crate::math::Sum;

/// More places than this for a unit are not looked up in a table, and each unit is its own kind.
const PLACES: usize = 4;

/// Which units are alike, and the margins with a row for each kind.
#[derive(Debug)]
pub(super) struct Alike {
    cells: Vec<u32>,
    count: usize,
    margins: Vec<Margin>,
}

impl Alike {
    /// The kinds of units, in the order in which they come first.
    pub(super) fn of(margins: &[Margin]) -> Alike {
        let units = margins.first().map_or(0, |margin| margin.levels().len());
        let mut cells = vec![0; units];
        let mut firsts = vec![0; units.min(1)];
        for margin in margins {
            let levels = margin.levels();
            let places = firsts.len() * levels.labels().len();
            if places > PLACES * units {
                return Alike {
                    cells: (0..units as u32).collect(),
                    count: units,
                    margins: margins.to_vec(),
                };
            }
            let mut kinds: Vec<Option<u32>> = vec![None; places];
            firsts.clear();
            for (unit, cell) in cells.iter_mut().enumerate() {
                let place = *cell as usize * levels.labels().len() + levels.code(unit);
                *cell = *kinds[place].get_or_insert_with(|| {
                    firsts.push(unit);
                    firsts.len() as u32 - 1
                });
            }
        }
        Alike {
            cells,
            count: firsts.len().max(1),
            margins: margins.iter().map(|margin| margin.among(&firsts)).collect(),
        }
    }

    /// The margins, in which each kind is a unit.
    pub(super) fn margins(&self) -> &[Margin] {
        &self.margins
    }

    /// The kind of a unit; without margins, all are alike.
    pub(super) fn cell(&self, unit: usize) -> usize {
        self.cells.get(unit).map_or(0, |&cell| cell as usize)
    }

    /// What the active units of each kind come to.
    pub(super) fn sums(&self, values: &[f64], active: &[usize]) -> Vec<f64> {
        let mut sums = vec![Sum::default(); self.count];
        for &unit in active {
            sums[self.cell(unit)].add(values[unit]);
        }
        sums.iter().map(Sum::value).collect()
    }
}

impl Margin {
    /// The margin of these units alone, with all its levels.
    fn among(&self, units: &[usize]) -> Margin {
        let codes = units.iter().map(|&unit| self.levels().codes()[unit]);
        let levels = Codes::new(self.levels().labels().to_vec(), codes.collect());
        self.with_levels(levels)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Alike;
    use crate::frame::Codes;
    use crate::weigh::Margin;

    fn margin(levels: &[&str]) -> Margin {
        let totals: BTreeMap<String, f64> = levels
            .iter()
            .map(|level| ((*level).to_owned(), 1.0))
            .collect();
        Margin::new("m", Codes::from_labels(levels), &totals).expect("a margin")
    }

    #[test]
    fn units_are_alike_in_all_margins_or_not_at_all() {
        let sides = margin(&["a", "b", "a", "b", "a", "a"]);
        let ages = margin(&["x", "x", "x", "y", "y", "x"]);
        let alike = Alike::of(&[sides, ages]);
        let cells: Vec<usize> = (0..6).map(|unit| alike.cell(unit)).collect();
        assert_eq!(cells, [0, 1, 0, 2, 3, 0]);
        let sums = alike.sums(&[1.0, 2.0, 4.0, 8.0, 16.0, 32.0], &[0, 1, 2, 3, 4]);
        assert_eq!(sums, [5.0, 2.0, 8.0, 16.0]);
        let labels: Vec<String> = (0..4).map(|kind| alike.margins()[1].of(kind)).collect();
        assert_eq!(labels, ["m: x", "m: x", "m: y", "m: y"]);
    }

    #[test]
    fn many_levels_leave_every_unit_its_own_kind() {
        let own: Vec<String> = (0..20).map(|unit| format!("{unit:02}")).collect();
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let alike = Alike::of(&[margin(&own), margin(&own)]);
        assert!((0..20).all(|unit| alike.cell(unit) == unit));
        assert_eq!(Alike::of(&[]).sums(&[1.0, 2.0], &[0, 1]), [3.0]);
    }
}
