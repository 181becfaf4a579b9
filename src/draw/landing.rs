//! The last few units of a cube draw, decided by the best of all designs for them.
//!
//! When no direction is left that keeps all amounts, some amount has to give. This landing looks at every
//! sample of the few units left, counts what each would cost in balance, and finds chances for these
//! samples that keep π exactly and cost least on average: a linear programme, small enough for a plain
//! simplex.

use super::flight::Amounts;
use crate::math::sum;
use crate::random::Stream;

/// So many units left make some thousand samples at most.
pub(super) const MOST: usize = 14;

/// Figures of a tableau this small are the rounding of 0.
const NOTHING: f64 = 1e-9;

/// A simplex that turns this often has lost its way.
const TURNS: usize = 20_000;

/// What the best landing needs to know.
pub(super) struct Last<'a> {
    /// The units left, [`MOST`] at most.
    pub(super) units: &'a [usize],
    /// How many of them are to be in, if the size is whole.
    pub(super) take: Option<usize>,
    /// The amounts, and what each would vary by if units were drawn on their own.
    pub(super) amounts: &'a Amounts,
    pub(super) variances: &'a [f64],
}

/// Decides the units left. Says whether it could.
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
/// Deville, Tillé (2004), §4.2.1: landing by linear programming.
pub(super) fn land(now: &mut [f64], last: &Last<'_>, stream: &mut Stream) -> bool {
    let chances: Vec<f64> = last.units.iter().map(|&unit| now[unit]).collect();
    if chances.is_empty() || chances.len() > MOST {
        return chances.is_empty();
    }
    let samples = samples(&chances, last.take);
    let mut costs: Vec<f64> = samples
        .iter()
        .map(|&sample| cost(sample, &chances, last))
        .collect();
    let highest = costs
        .iter()
        .fold(0.0_f64, |highest, cost| highest.max(*cost));
    if highest > 0.0 {
        costs.iter_mut().for_each(|cost| *cost /= highest);
    }
    let mut wanted = chances;
    if last.take.is_none() {
        wanted.push(1.0);
    }
    // A row per unit; and one for p adding up to 1, which samples of one size do anyhow.
    let entry = |row: usize, place: usize| row == last.units.len() || has(samples[place], row);
    let Some(shares) = Tableau::new(&wanted, &costs, entry).solve() else {
        return false;
    };
    let Some(sample) = pick(&samples, &shares, stream) else {
        return false;
    };
    for (row, &unit) in last.units.iter().enumerate() {
        now[unit] = if has(sample, row) { 1.0 } else { 0.0 };
    }
    true
}

/// Whether a sample, a bit per unit, has a unit.
fn has(sample: u32, unit: usize) -> bool {
    sample >> unit & 1 == 1
}

/// All samples of the right size: both sizes around Σπ, if none is given.
fn samples(chances: &[f64], take: Option<usize>) -> Vec<u32> {
    let expected = sum(chances.iter().copied());
    let fits = |size: f64| match take {
        Some(take) => (size - take as f64).abs() < 0.5,
        None => (size - expected).abs() < 1.0,
    };
    (0..1_u32 << chances.len())
        .filter(|sample| fits(f64::from(sample.count_ones())))
        .collect()
}

fn cost(sample: u32, chances: &[f64], last: &Last<'_>) -> f64 {
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

fn pick(samples: &[u32], shares: &[f64], stream: &mut Stream) -> Option<u32> {
    let mut at = stream.unit() * sum(shares.iter().copied());
    let mut found = None;
    for (&sample, &share) in samples
        .iter()
        .zip(shares)
        .filter(|(_, share)| **share > 0.0)
    {
        found = Some(sample);
        at -= share;
        if at < 0.0 {
            break;
        }
    }
    found
}

/// A simplex tableau in two phases: first towards any solution, then towards the cheapest.
///
/// Rule of Bland (1977) against going round in circles: the first column that helps comes in, and of rows
/// that limit it alike the one with the first column goes out.
struct Tableau {
    rows: usize,
    columns: usize,
    /// Rows of columns and the right side; then the reduced costs of both phases.
    entries: Vec<Vec<f64>>,
    /// The column each row stands for; columns from `columns` on are makeshift.
    basis: Vec<usize>,
}

impl Tableau {
    fn new(wanted: &[f64], costs: &[f64], entry: impl Fn(usize, usize) -> bool) -> Tableau {
        let (rows, columns) = (wanted.len(), costs.len());
        let row = |row: usize| -> Vec<f64> {
            let entries = (0..columns).map(|column| if entry(row, column) { 1.0 } else { 0.0 });
            entries.chain([wanted[row]]).collect()
        };
        let mut entries: Vec<Vec<f64>> = (0..rows).map(row).collect();
        let makeshift = (0..=columns)
            .map(|column| -sum(entries.iter().map(|row| row[column])))
            .collect();
        entries.push(makeshift);
        entries.push(costs.iter().copied().chain([0.0]).collect());
        Tableau {
            rows,
            columns,
            entries,
            basis: (columns..columns + rows).collect(),
        }
    }

    fn solve(mut self) -> Option<Vec<f64>> {
        self.improve(self.rows);
        if self.entries[self.rows][self.columns].abs() > NOTHING {
            return None;
        }
        for row in 0..self.rows {
            if self.basis[row] >= self.columns {
                let column = (0..self.columns).find(|&c| self.entries[row][c].abs() > NOTHING)?;
                self.turn(row, column);
            }
        }
        self.improve(self.rows + 1);
        let mut solution = vec![0.0; self.columns];
        for (row, &column) in self.basis.iter().enumerate() {
            solution[column] = self.entries[row][self.columns].max(0.0);
        }
        Some(solution)
    }

    /// Turns until the costs in row `costs` can sink no further; every solution on the way is one.
    fn improve(&mut self, costs: usize) {
        for _ in 0..TURNS {
            let Some(column) = (0..self.columns).find(|&c| self.entries[costs][c] < -NOTHING)
            else {
                return;
            };
            let limit = |row: &usize| self.entries[*row][self.columns] / self.entries[*row][column];
            let mut out: Option<usize> = None;
            for row in (0..self.rows).filter(|&row| self.entries[row][column] > NOTHING) {
                let better = out.is_none_or(|best| {
                    let by = limit(&row).total_cmp(&limit(&best));
                    by.then(self.basis[row].cmp(&self.basis[best])).is_lt()
                });
                out = if better { Some(row) } else { out };
            }
            let Some(row) = out else { return };
            self.turn(row, column);
        }
    }

    fn turn(&mut self, row: usize, column: usize) {
        let pivot = self.entries[row][column];
        let mut line = std::mem::take(&mut self.entries[row]);
        line.iter_mut().for_each(|entry| *entry /= pivot);
        for other in self.entries.iter_mut().filter(|other| !other.is_empty()) {
            let factor = other[column];
            if factor.abs() > 0.0 {
                other
                    .iter_mut()
                    .zip(&line)
                    .for_each(|(entry, x)| *entry -= factor * x);
                other[column] = 0.0;
            }
        }
        self.entries[row] = line;
        self.basis[row] = column;
    }
}

#[cfg(test)]
mod tests {
    use super::{Tableau, samples};
    use crate::random::Seed;

    #[test]
    fn the_cheapest_design_keeps_every_chance() {
        for i in 0..60 {
            let mut stream = Seed::new(format!("landing {i}"))
                .expect("not blank")
                .stream("test");
            let units = 2 + stream.below(6) as usize;
            let mut chances: Vec<f64> = (0..units).map(|_| 0.01 + 0.98 * stream.unit()).collect();
            let whole = i % 2 == 0;
            let take = 1 + stream.below(units as u64 - 1) as usize;
            if whole {
                // Halfway between take / units and a neighbour's: adds up to `take`.
                let off = 0.9 * (take.min(units - take) as f64) / units as f64;
                let even = take as f64 / units as f64;
                chances.fill(even);
                (chances[0], chances[1]) = (even + off, even - off);
            }
            let samples = samples(&chances, whole.then_some(take));
            let costs: Vec<f64> = samples.iter().map(|_| stream.unit()).collect();
            let mut wanted = chances.clone();
            wanted.extend((!whole).then_some(1.0));
            let entry = |row: usize, at: usize| row == units || super::has(samples[at], row);
            let shares = Tableau::new(&wanted, &costs, entry)
                .solve()
                .expect("there is a design");
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "seed {i}");
            for (unit, chance) in chances.iter().enumerate() {
                let has = samples
                    .iter()
                    .zip(&shares)
                    .filter(|(s, _)| super::has(**s, unit));
                let found: f64 = has.map(|(_, share)| share).sum();
                assert!(
                    (found - chance).abs() < 1e-9,
                    "seed {i}: {found} is not {chance}"
                );
            }
            // As many samples as there are rows at most: it stands in a corner.
            assert!(shares.iter().filter(|share| **share > 1e-12).count() <= wanted.len());
        }
    }

    #[test]
    fn the_costly_sample_is_avoided() {
        // Two of four, each ½: samples {0,1} and {2,3} are free, and all others cost.
        let chances = [0.5; 4];
        let samples = samples(&chances, Some(2));
        let costs: Vec<f64> = samples
            .iter()
            .map(|&s| if s == 0b0011 || s == 0b1100 { 0.0 } else { 1.0 })
            .collect();
        let shares = Tableau::new(&chances, &costs, |row, at| super::has(samples[at], row)).solve();
        for (sample, share) in samples.iter().zip(shares.expect("there is a design")) {
            let wanted = if *sample == 0b0011 || *sample == 0b1100 {
                0.5
            } else {
                0.0
            };
            assert!((share - wanted).abs() < 1e-9);
        }
    }

    #[test]
    fn what_cannot_be_is_not_found() {
        // Only both together, and one oftener than the other.
        let samples = samples(&[0.7, 0.3], Some(2));
        assert_eq!(samples, [0b11]);
        assert!(
            Tableau::new(&[0.7, 0.3], &[1.0], |row, at| super::has(samples[at], row))
                .solve()
                .is_none()
        );
    }
}
