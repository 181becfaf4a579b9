//! What two waves have in common, stratum by stratum.

use std::collections::{BTreeMap, BTreeSet};

use super::{Bound, Drawing, Drawn, Error, Figure, Shared, inside, numbers};
use crate::math::{Sum, sum};

/// What was drawn in a wave: units, or clusters.
pub(super) struct Elements {
    /// The place of its stratum's label.
    pub stratum: Vec<usize>,
    /// The element of each row; none for a row that was not worked.
    pub of_row: Vec<Option<usize>>,
    /// n_h, by stratum.
    pub drawn: Vec<f64>,
    /// N_h, by stratum.
    pub population: Vec<f64>,
}

/// A stratum of the first wave and one of the second: who is in both.
pub(super) struct Cell {
    /// The places of the strata in their waves.
    pub strata: [usize; 2],
    /// The elements of both waves, each as it is known in either.
    pub common: Vec<(usize, usize)>,
    /// The same stratum of one list.
    pub whole: bool,
    /// N_hg, as far as it is known.
    pub both: Option<f64>,
}

/// Two waves that met.
pub(super) struct Met<'a> {
    pub waves: [Elements; 2],
    pub cells: Vec<Cell>,
    drawn: [Drawn<'a>; 2],
    shared: Shared<'a>,
}

impl Elements {
    /// The elements of the rows that were worked, and their names.
    fn of<'a>(drawn: &Drawn<'a>, worked: &[bool]) -> Result<(Elements, Vec<&'a str>), Error> {
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        let (mut stratum, mut names): (Vec<usize>, Vec<&str>) = (Vec::new(), Vec::new());
        let mut of_row = vec![None; worked.len()];
        for row in (0..worked.len()).filter(|&row| worked[row]) {
            let name = match drawn.clusters {
                Some(grouped) => grouped.cluster.label(row),
                None => drawn.id[row].as_str(),
            };
            let code = drawn.stratum.code(row);
            let element = match known.get(name) {
                Some(&before) if drawn.clusters.is_none() => {
                    return Err(twice(names[before]));
                }
                Some(&before) if stratum[before] != code => {
                    let label = |code: usize| drawn.stratum.labels()[code].clone();
                    return Err(Error::Split {
                        cluster: name.to_owned(),
                        first: label(stratum[before]),
                        second: label(code),
                    });
                }
                Some(&before) => before,
                None => {
                    known.insert(name, names.len());
                    names.push(name);
                    stratum.push(code);
                    names.len() - 1
                }
            };
            of_row[row] = Some(element);
        }
        let mut count = vec![0.0; drawn.population.len()];
        stratum.iter().for_each(|&code| count[code] += 1.0);
        let elements = Elements {
            of_row,
            drawn: count,
            population: drawn.population.iter().map(|&n| n as f64).collect(),
            stratum,
        };
        Ok((elements, names))
    }

    /// What the scores of rows come to, by element.
    pub fn totals(&self, scores: &[f64]) -> Vec<f64> {
        let mut totals = vec![Sum::default(); self.stratum.len()];
        for (row, element) in self.of_row.iter().enumerate() {
            if let Some(element) = *element {
                totals[element].add(scores[row]);
            }
        }
        totals.iter().map(Sum::value).collect()
    }

    /// Totals by stratum.
    pub fn by_stratum(&self, totals: &[f64]) -> Vec<Vec<f64>> {
        let mut strata = vec![Vec::new(); self.drawn.len()];
        for (&stratum, total) in self.stratum.iter().zip(totals) {
            strata[stratum].push(*total);
        }
        strata
    }

    /// f_h.
    pub fn fraction(&self, stratum: usize) -> f64 {
        self.drawn[stratum] / self.population[stratum]
    }
}

fn twice(unit: &str) -> Error {
    Error::Twice {
        unit: unit.to_owned(),
    }
}

/// How many units both waves worked that are in the domain of the figure in both.
pub(super) fn units(ids: [&[String]; 2], worked: [&[bool]; 2], figures: [&Figure<'_>; 2]) -> u64 {
    let mine = |wave: usize| {
        let rows = 0..worked[wave].len();
        let is_mine = move |&row: &usize| worked[wave][row] && figures[wave].domain.holds(row);
        rows.filter(is_mine).map(move |row| ids[wave][row].as_str())
    };
    let before: BTreeSet<&str> = mine(0).collect();
    mine(1).filter(|id| before.contains(id)).count() as u64
}

impl<'a> Met<'a> {
    /// Two waves, of the rows that were worked.
    pub fn of(
        drawn: [Drawn<'a>; 2],
        shared: Shared<'a>,
        worked: [&[bool]; 2],
    ) -> Result<Met<'a>, Error> {
        let (first, names) = Elements::of(&drawn[0], worked[0])?;
        let (second, others) = Elements::of(&drawn[1], worked[1])?;
        let known: BTreeMap<&str, usize> = names.iter().copied().zip(0..).collect();
        let mut cells: BTreeMap<[usize; 2], Vec<(usize, usize)>> = BTreeMap::new();
        for (code, label) in drawn[0].stratum.labels().iter().enumerate() {
            if let Some(other) = drawn[1].stratum.find(label) {
                cells.insert([code, other], Vec::new());
            }
        }
        for (place, name) in others.iter().enumerate() {
            if let Some(&before) = known.get(name) {
                let strata = [first.stratum[before], second.stratum[place]];
                cells.entry(strata).or_default().push((before, place));
            }
        }
        if let Shared::Counted(known) = shared {
            for both in known {
                let strata = drawn[0].stratum.find(&both.first);
                let strata = strata.zip(drawn[1].stratum.find(&both.second));
                strata.map(|(h, g)| cells.entry([h, g]).or_default());
            }
        }
        let mut met = Met {
            cells: Vec::new(),
            waves: [first, second],
            drawn,
            shared,
        };
        met.cells = met.cut(cells);
        Ok(met)
    }

    /// Cells, and which of them are strata of one list.
    fn cut(&self, cells: BTreeMap<[usize; 2], Vec<(usize, usize)>>) -> Vec<Cell> {
        let mut moved = [BTreeSet::new(), BTreeSet::new()];
        let label = |wave: usize, code: usize| self.drawn[wave].stratum.labels()[code].as_str();
        let is_same = |strata: &[usize; 2]| label(0, strata[0]) == label(1, strata[1]);
        for (strata, common) in &cells {
            if !is_same(strata) && !common.is_empty() {
                (0..2).for_each(|wave| {
                    moved[wave].insert(strata[wave]);
                });
            }
        }
        let known = match self.shared {
            Shared::Counted(known) => known,
            _ => &[],
        };
        let both = |[h, g]: [usize; 2]| {
            let is = |both: &&super::Both| both.first == label(0, h) && both.second == label(1, g);
            known.iter().find(is).map(|both| both.units as f64)
        };
        let cell = |(strata, common): ([usize; 2], Vec<(usize, usize)>)| {
            let size = [0, 1].map(|wave| self.waves[wave].population[strata[wave]]);
            let both = both(strata);
            let still = (0..2).all(|wave| !moved[wave].contains(&strata[wave]));
            let one_list = both.unwrap_or(size[0]) >= size[0];
            let as_many = (size[0] - size[1]).abs() <= 0.0;
            Cell {
                whole: is_same(&strata) && as_many && still && one_list,
                strata,
                common,
                both,
            }
        };
        cells.into_iter().map(cell).collect()
    }

    /// Ĉ of the expanded scores of two waves, one per row; and why it is a bound, if it is.
    pub fn covariance(&self, scores: [&[f64]; 2]) -> (f64, Vec<Bound>) {
        let totals = [0, 1].map(|wave| self.waves[wave].totals(scores[wave]));
        let mut bounds = BTreeSet::new();
        let is_simple = self.drawn.iter().all(|wave| wave.by == Drawing::Simple);
        let is_counted = is_simple && self.of_one_kind();
        let (same, others): (Vec<&Cell>, Vec<&Cell>) =
            self.cells.iter().partition(|cell| cell.whole && is_counted);
        let mut all = Sum::default();
        let (one_list, few) = self.of_one_list(&same, [&totals[0], &totals[1]]);
        all.add(one_list);
        bounds.extend(few.then_some(Bound::Few));
        match self.shared {
            Shared::Apart => {}
            Shared::Numbers(turns) => {
                let by = self.drawn.map(|wave| wave.by);
                let (numbered, kept) =
                    numbers::covariance((self, &others), (turns, by), [&totals[0], &totals[1]]);
                all.add(numbered);
                bounds.extend(kept.then_some(Bound::KeptApart));
            }
            Shared::Counted(_) => {
                for cell in &others {
                    all.add(self.of_two_lists(cell, [&totals[0], &totals[1]], &mut bounds));
                }
            }
        }
        if let (Shared::Counted(_), [Some(_), Some(_)]) =
            (self.shared, self.drawn.map(|wave| wave.clusters))
        {
            for cell in &self.cells {
                let share = self.expected(cell) / cell.common.len().max(1) as f64;
                all.add(share * inside::covariance((self, self.drawn), cell, scores));
            }
        }
        (all.value(), bounds.into_iter().collect())
    }

    /// Whether units are known in both waves by what decided on them; independent draws of clusters are not.
    fn of_one_kind(&self) -> bool {
        let units = self.drawn.iter().all(|wave| wave.clusters.is_none());
        units || self.shared != Shared::Apart
    }

    /// N_hg f₁ f₂: how many two waves share that know nothing of each other, as far as is known; else as if
    /// nobody were in both lists but those who were seen.
    fn expected(&self, cell: &Cell) -> f64 {
        let [h, g] = cell.strata;
        let seen = match cell.whole {
            true => self.waves[0].population[h],
            false => cell.both.unwrap_or(cell.common.len() as f64),
        };
        seen * self.waves[0].fraction(h) * self.waves[1].fraction(g)
    }

    /// Strata of one list.
    ///
    /// # Formula
    ///
    /// ```text
    /// Ĉ = Σ_h (n_c − n₁ n₂/N) s₁₂,   s₁₂ = Σ_c (t₁ − t̄₁)(t₂ − t̄₂) / (n_c − 1);   s₁₂ = ρ s₁ s₂ where n_c < 2
    /// ```
    ///
    /// # Source
    ///
    /// Tam (1984); that a correlation of the common units may stand in is Qualité, Tillé (2008).
    fn of_one_list(&self, cells: &[&Cell], totals: [&[f64]; 2]) -> (f64, bool) {
        let products = |cell: &Cell| {
            let pairs = cell.common.iter();
            moments(pairs.map(|&(a, b)| (totals[0][a], totals[1][b])))
        };
        let mut whole = [0.0; 3].map(|_| Sum::default());
        for cell in cells.iter().filter(|cell| cell.common.len() > 1) {
            let pairs = whole.iter_mut().zip(products(cell).0);
            pairs.for_each(|(total, part)| total.add(part));
        }
        let [here, shared, there] = whole.map(|total| total.value());
        let correlation = (here * there > 0.0).then(|| shared / (here * there).sqrt());
        let strata = [0, 1].map(|wave| self.waves[wave].by_stratum(totals[wave]));
        let mut few = false;
        let each = cells.iter().map(|cell| {
            let [h, g] = cell.strata;
            let more = cell.common.len() as f64 - self.expected(cell);
            let ([_, shared, _], common) = products(cell);
            if common > 1.0 {
                return more * shared / (common - 1.0);
            }
            // Where nothing is known of ρ, what makes the variance greatest.
            let found = more * spread(&strata[0][h]) * spread(&strata[1][g]);
            few |= correlation.is_none() && found.abs() > 0.0;
            found * correlation.unwrap_or(-more.signum())
        });
        let covariance = sum(each);
        (covariance, few)
    }

    /// A stratum of each of two lists.
    ///
    /// # Formula
    ///
    /// ```text
    /// Ĉ = (n_c − N_hg f₁ f₂) s_hg,     s_hg = a/n_c Σ_c (t₁ − t̄₁)(t₂ − t̄₂),   1/a = 1 − 1/n₁ − 1/n₂ + n_c/(n₁ n₂)
    /// ```
    ///
    /// Where N_hg is not known it is n_c or the smaller N, whichever makes Ĉ smaller; where nobody is common,
    /// s_hg = s₁ s₂.
    ///
    /// # Source
    ///
    /// Laniel (1987); Nordberg (2000).
    fn of_two_lists(&self, cell: &Cell, totals: [&[f64]; 2], bounds: &mut BTreeSet<Bound>) -> f64 {
        let [h, g] = cell.strata;
        let strata = [
            &self.waves[0].by_stratum(totals[0])[h],
            &self.waves[1].by_stratum(totals[1])[g],
        ];
        let common = cell.common.len() as f64;
        let fractions = self.waves[0].fraction(h) * self.waves[1].fraction(g);
        let smaller = self.waves[0].population[h].min(self.waves[1].population[g]);
        if cell.common.is_empty() {
            let found =
                cell.both.unwrap_or(smaller) * fractions * spread(strata[0]) * spread(strata[1]);
            if found > 0.0 {
                bounds.insert(Bound::Few);
            }
            return -found;
        }
        let means = strata.map(|values| sum(values.iter().copied()) / values.len() as f64);
        let products = cell.common.iter();
        let products =
            products.map(|&(a, b)| (totals[0][a] - means[0]) * (totals[1][b] - means[1]));
        let counts = [strata[0].len() as f64, strata[1].len() as f64];
        let shared = corrected(sum(products), counts, common) / common;
        let both = cell.both.unwrap_or_else(|| {
            bounds.insert(Bound::Lists);
            if shared > 0.0 { smaller } else { common }
        });
        (common - both * fractions) * shared
    }
}

/// A sum of products around means of n₁ and n₂, of which so many are common: what it would be around the truth.
///
/// # Formula
///
/// ```text
/// a Σ_c (t₁ − t̄₁)(t₂ − t̄₂),     1/a = 1 − 1/n₁ − 1/n₂ + n_c/(n₁ n₂)
/// ```
///
/// # Source
///
/// The expectation of the sum, for independent draws of pairs; n/(n − 1) where all are common.
pub(super) fn corrected(products: f64, [n1, n2]: [f64; 2], common: f64) -> f64 {
    let kept = 1.0 - 1.0 / n1 - 1.0 / n2 + common / (n1 * n2);
    // Of a single unit nobody knows anything: its variance is unknown, or 0 of a census.
    if kept > 1e-9 { products / kept } else { 0.0 }
}

/// Sums of squares and products around means, and how many pairs they are of.
pub(super) fn moments(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> ([f64; 3], f64) {
    let n = pairs.clone().count() as f64;
    let mean = |f: fn((f64, f64)) -> f64| sum(pairs.clone().map(f)) / n;
    let (x, y) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let about = |f: &dyn Fn(f64, f64) -> f64| sum(pairs.clone().map(|(a, b)| f(a - x, b - y)));
    (
        [
            about(&|a, _| a * a),
            about(&|a, b| a * b),
            about(&|_, b| b * b),
        ],
        n,
    )
}

/// The standard deviation; 0 of fewer than two.
pub(super) fn spread(values: &[f64]) -> f64 {
    let ([squares, ..], n) = moments(values.iter().map(|&value| (value, 0.0)));
    if n > 1.0 {
        (squares / (n - 1.0)).sqrt()
    } else {
        0.0
    }
}
