//! Balanced samples of many strata that landed together: every stratum has its size, and the whole list its totals.

use super::groups::Group;
use super::{Chances, Rule};
use crate::draw::Error;
use crate::estimate::Unknown;
use crate::language::Words;
use crate::math::solve::{Solver, Symmetric};
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "balanced-together",
    title: Words::new(
        "Variance of balanced samples that landed together",
        "合并落地的平衡抽样方差",
    ),
    says: Words::new(
        "For the cube method in strata that landed together: the sizes of strata never vary, the totals of the \
         whole list hardly do, and those of a large stratum little. So scores are explained by their stratum and \
         the amounts, with slopes of its own where a stratum has units enough, and common ones elsewhere. What \
         was explained comes back where a unit may have been among the last few, which the landing decided.",
        "适用于合并落地的分层立方体法：各层样本量不变，总体总量几乎不变，大层的总量变化很小；因此以所在层和平衡变量解释得分，\
         单位充足的层用本层斜率，其余层用公共斜率。对可能由着陆阶段决定的少数单位，再计回已被解释的部分。",
    ),
    formula: "V̂ = Σ_h n_h/(n_h − 1) Σ_{i∈h} ( (1 − π) g e² + ¼ ℓ_h (e₁ − e)² + ¼ ℓ (e₀ − e₁)² )",
    sources: &[
        Source::at("Deville, Tillé (2005)", "§4, c₁"),
        Source::at("Chauvet (2009)", "§3"),
        Source::at("Breidt, Chauvet (2011)", "variance of the landing"),
    ],
};

/// Of how many units for each slope a stratum has slopes of its own.
const ENOUGH: usize = 2;

/// The most that a unit which the landing decides can vary: π* (1 − π*).
const LANDING: f64 = 0.25;

/// Units of a sample of several strata that was balanced on their sizes and on the amounts of the whole list.
///
/// # Example
///
/// Two strata, whose levels differ, and one amount, which explains all but a little in both:
///
/// ```
/// use canvass::estimate::variance::{Chances, Rule, Together, Unequal};
/// use canvass::frame::Codes;
///
/// let stratum = Codes::from_labels(["town", "town", "town", "coast", "coast", "coast"]);
/// let chances = Chances::given(&stratum, &[0.5; 6])?;
/// let scores = [1.0, 2.1, 2.9, 14.0, 15.1, 15.9];
/// let all = [0, 1, 2, 3, 4, 5];
/// let simple = Unequal::of(chances.clone()).variance(&scores, &all).expect("three units each");
/// let rule = Together::on(&[vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]], chances)?;
/// let together = rule.variance(&scores, &all).expect("three units each");
/// assert!(together < simple / 4.0);
/// assert_eq!(rule.degrees(&all), 4);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Together<'a> {
    chances: Chances<'a>,
    /// x/π less its mean in the stratum, one vector per unit; none for units that do not vary.
    rows: Vec<Vec<f64>>,
    /// Slopes in common; none where only some units were released, and nothing is balanced any more.
    common: Option<Fit>,
    /// Slopes of strata, by group.
    own: Vec<Option<Fit>>,
}

/// A fit with weights 1 − π to what is measured from the means of strata.
#[derive(Debug, Clone)]
struct Fit {
    units: Vec<usize>,
    solver: Solver,
    /// ℓ of each unit: its part in the fit. They add up to the number of slopes.
    reach: Vec<f64>,
    /// What residuals are multiplied by, because the fit makes them small.
    factor: f64,
}

impl<'a> Together<'a> {
    /// Balanced on these amounts over all strata, one vector per amount with an entry per drawn unit, and on the
    /// size of each stratum.
    ///
    /// Where only some of a stratum's units were released, the sample is balanced on nothing but sizes.
    ///
    /// # Errors
    ///
    /// [`Error::NoBalance`] if an amount is not a number for each unit.
    pub fn on(balance: &[Vec<f64>], chances: Chances<'a>) -> Result<Together<'a>, Error> {
        let good = |x: &Vec<f64>| x.len() == chances.len() && x.iter().all(|x| x.is_finite());
        if !balance.iter().all(good) {
            return Err(Error::NoBalance { method: CARD.key });
        }
        let mut rows = vec![Vec::new(); chances.len()];
        for group in chances.groups() {
            let columns = balance.iter().map(|x| {
                let expanded = |unit: usize| x[unit] / chances.of_unit(unit);
                centred(&chances, group, &expanded)
            });
            for column in columns {
                let each = open(group).zip(column);
                each.for_each(|(unit, x)| rows[unit].push(x));
            }
        }
        let mut rule = Together {
            common: None,
            own: vec![None; chances.groups().len()],
            chances,
            rows,
        };
        if !rule.chances.groups().iter().any(|group| group.partly) {
            rule.fit(balance.len());
        }
        Ok(rule)
    }

    /// Makes ready to fit slopes, in common and by stratum.
    fn fit(&mut self, amounts: usize) {
        let groups = self.chances.groups();
        let all: Vec<usize> = groups.iter().flat_map(open).collect();
        let filled = groups.iter().filter(|group| !group.open.is_empty());
        let free = all.len() - filled.count();
        let common = self.fitted(all, free, amounts);
        let slopes = common.as_ref().map_or(0, |fit| fit.solver.rank());
        let enough = |group: &Group| slopes > 0 && group.open.len() >= ENOUGH * (slopes + 1);
        self.own = groups
            .iter()
            .map(|group| {
                let units: Vec<usize> = open(group).collect();
                let free = units.len().saturating_sub(1);
                enough(group).then(|| self.fitted(units, free, amounts))?
            })
            .collect();
        self.common = common;
    }

    /// Of these units, which differ in so many ways once sizes are fixed; none if that leaves nothing over.
    fn fitted(&self, units: Vec<usize>, free: usize, amounts: usize) -> Option<Fit> {
        let mut matrix = Symmetric::zero(amounts);
        for &unit in &units {
            let (x, left) = (&self.rows[unit], self.left(unit));
            for i in 0..amounts {
                (0..=i).for_each(|j| matrix.add(i, j, left * x[i] * x[j]));
            }
        }
        let solver = Solver::new(&matrix)?;
        let over = free.checked_sub(solver.rank()).filter(|over| *over > 0)?;
        let reach = |&unit: &usize| {
            let x = &self.rows[unit];
            self.left(unit) * sum(x.iter().zip(solver.solve(x)).map(|(x, y)| x * y))
        };
        Some(Fit {
            reach: units.iter().map(reach).collect(),
            factor: free as f64 / over as f64,
            units,
            solver,
        })
    }

    fn left(&self, unit: usize) -> f64 {
        1.0 - self.chances.of_unit(unit)
    }

    /// e of the units of a fit, by unit; those of no part in it keep what they have.
    fn unexplained(&self, fit: &Fit, scores: &[f64]) -> Vec<f64> {
        let amounts = fit.units.first().map_or(0, |&unit| self.rows[unit].len());
        let right = |i: usize| {
            let term = |&unit: &usize| self.left(unit) * self.rows[unit][i] * scores[unit];
            sum(fit.units.iter().map(term))
        };
        let slopes = fit
            .solver
            .solve(&(0..amounts).map(right).collect::<Vec<f64>>());
        let mut rest = scores.to_vec();
        for &unit in &fit.units {
            rest[unit] -= sum(self.rows[unit].iter().zip(&slopes).map(|(x, b)| x * b));
        }
        rest
    }

    /// What a stratum adds, of scores measured from their means, and of what common slopes leave of them.
    fn part(&self, place: usize, level: &[f64], rest: &[f64], landed: &[f64]) -> f64 {
        let group = &self.chances.groups()[place];
        let n = group.open.len() as f64;
        let size = n / (n - 1.0);
        let squares = |e: &[f64]| sum(open(group).map(|unit| self.left(unit) * e[unit] * e[unit]));
        let landing = LANDING
            * sum(open(group).map(|unit| landed[unit] * (level[unit] - rest[unit]).powi(2)));
        let flown = match (&self.own[place], &self.common) {
            (Some(own), _) => {
                let e = self.unexplained(own, level);
                let each = own.units.iter().zip(&own.reach);
                let apart = each.map(|(&unit, reach)| reach * (rest[unit] - e[unit]).powi(2));
                own.factor * squares(&e) + LANDING * sum(apart)
            }
            (None, Some(common)) => common.factor * squares(rest),
            (None, None) => squares(rest),
        };
        size * (flown + landing)
    }
}

/// The units of which chance decided.
fn open(group: &Group) -> impl Iterator<Item = usize> + '_ {
    group.open.iter().map(|&unit| unit as usize)
}

/// What is left of numbers of the open units of a stratum once their mean is off.
fn centred(chances: &Chances<'_>, group: &Group, of: &dyn Fn(usize) -> f64) -> Vec<f64> {
    let left = |unit: usize| 1.0 - chances.of_unit(unit);
    let mean = sum(open(group).map(|unit| left(unit) * of(unit))) / sum(open(group).map(left));
    open(group).map(|unit| of(unit) - mean).collect()
}

impl Rule for Together<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// The variance of Σ t over the samples that might have been drawn.
    ///
    /// # Formula
    ///
    /// ```text
    ///             n_h
    /// V̂ = Σ_h ───────── Σ_{i∈h} ( (1 − π_i) g e_i² + ¼ ℓ_hi (e₁ − e)²_i + ¼ ℓ_i (e₀ − e₁)²_i )
    ///          n_h − 1
    ///
    /// e₀ = t − B_h,   B_h = Σ_{i∈h} (1 − π) t / Σ_{i∈h} (1 − π),   z = x/π measured from its mean likewise
    /// e₁ = e₀ − b′z,    b = ( Σ (1 − π) z z′ )⁻¹ Σ (1 − π) z e₀ over all strata
    /// e  = e₀ − b_h′z,  b_h the same over stratum h, if n_h ≥ 2 (p + 1);  else e = e₁ and ℓ_h = 0
    /// g  = (n_h − 1)/(n_h − 1 − p)  with slopes of its own,  else (n − H)/(n − H − p)
    /// ℓ_i = (1 − π_i) z_i′ ( Σ (1 − π) z z′ )⁻¹ z_i,   Σ ℓ = p
    /// ```
    ///
    /// # Arguments
    ///
    /// | symbol | argument    | shape | unit                    |
    /// |--------|-------------|-------|-------------------------|
    /// | t      | `scores`    | n     | weighted: of the figure |
    /// | x      | of the rule | p × n | of the amount           |
    /// | π      | [`Chances`] | n     | –                       |
    ///
    /// Three things hold, one less surely than the other: the sizes of strata; the totals of the whole list, but
    /// for p units that the landing decides; the totals of a stratum, but for p units that it left open. Units
    /// with a large part ℓ in the fit move least while the others fly, and so are those that are left; each then
    /// varies by π* (1 − π*) ≤ ¼. With common slopes alone, strata whose slopes differ would come out too large;
    /// with slopes of strata alone, what the landing spoils would not be seen. p counts the amounts that are not
    /// made of others and of sizes. With no amount, this is Hájek's formula.
    ///
    /// # Errors
    ///
    /// [`Unknown::TooFew`] if all strata together have no more units than sizes and amounts;
    /// [`Unknown::LonelyStratum`] and [`Unknown::OneAnswer`] as for [`Unequal`](super::Unequal).
    ///
    /// # Source
    ///
    /// Deville, Tillé (2005) for residuals, with the first of their weights; Chauvet (2009), §3, for what is
    /// balanced; Breidt, Chauvet (2011) for the landing's part. How large that part is by ℓ is our own
    /// approximation, which is proved by drawing.
    fn variance(&self, scores: &[f64], answered: &[usize]) -> Result<f64, Unknown> {
        let groups = self.chances.groups();
        let partly = groups.iter().any(|group| group.partly);
        let mut level = vec![0.0; scores.len()];
        for group in groups.iter().filter(|group| !group.open.is_empty()) {
            let each = centred(&self.chances, group, &|unit| scores[unit]);
            open(group).zip(each).for_each(|(unit, t)| level[unit] = t);
        }
        let (rest, landed) = match &self.common {
            Some(common) => {
                let mut landed = vec![0.0; scores.len()];
                let each = common.units.iter().zip(&common.reach);
                each.for_each(|(&unit, reach)| landed[unit] = *reach);
                (self.unexplained(common, &level), landed)
            }
            None if partly => (level.clone(), vec![0.0; scores.len()]),
            None => {
                let filled = groups.iter().filter(|group| !group.open.is_empty());
                let amounts = self.rows.iter().map(Vec::len).max().unwrap_or(0);
                return Err(Unknown::TooFew {
                    strata: vec!["all strata together".to_owned()],
                    least: (filled.count() + amounts + 1) as u64,
                });
            }
        };
        self.chances.variance_of_all(scores, answered, &|place| {
            self.part(place, &level, &rest, &landed)
        })
    }

    /// Units that were not certain less strata, as for [`Unequal`](super::Unequal): amounts that explain
    /// nothing of a figure would take degrees from it without reason.
    fn degrees(&self, answered: &[usize]) -> u64 {
        self.chances.degrees(answered)
    }
}

#[cfg(test)]
mod tests {
    use super::Together;
    use crate::draw::Probabilities;
    use crate::draw::balance::stratified_cube::stratified_cube;
    use crate::estimate::Unknown;
    use crate::estimate::variance::{Balanced, Chances, Rule, Unequal};
    use crate::frame::Codes;
    use crate::math::distribution::t_quantile;
    use crate::math::sum;
    use crate::random::{Seed, Stream};

    fn stream(text: &str) -> Stream {
        Seed::new(text).expect("not blank").stream("together")
    }

    /// A list of shops in strata: chances, amounts and answers.
    struct List {
        strata: Vec<usize>,
        chances: Vec<f64>,
        amounts: Vec<Vec<f64>>,
        answers: Vec<f64>,
    }

    /// Skewed sizes and answers; each stratum has a level and a slope of its own.
    fn list(sizes: &[usize], slope: impl Fn(usize) -> f64, text: &str) -> List {
        let mut chance = stream(text);
        // Products of uniform numbers are skewed to the right, as sizes of shops are.
        let mut skewed = move || {
            let u = [(); 3].map(|()| chance.unit());
            (1.0 / (1.0 - 0.95 * u[0]), u[1], 1.0 / (1.0 - 0.9 * u[2]))
        };
        let mut list = List {
            strata: Vec::new(),
            chances: Vec::new(),
            amounts: vec![Vec::new(); 2],
            answers: Vec::new(),
        };
        for (stratum, &size) in sizes.iter().enumerate() {
            let take = (size as f64 / 5.0).round().max(2.0);
            for _ in 0..size {
                let (x, y, noise) = skewed();
                list.strata.push(stratum);
                list.chances.push(take / size as f64);
                list.amounts[0].push(10.0 * x);
                list.amounts[1].push(1.0 + 5.0 * y);
                let own = 20.0 + 5.0 * stratum as f64 + slope(stratum) * 10.0 * x;
                list.answers.push(own + 2.0 * y + 15.0 * noise);
            }
        }
        list
    }

    /// The sums of estimated variances and of squared errors, and how many intervals held.
    fn tried(list: &List, times: u32, text: &str) -> [f64; 3] {
        let label = |stratum: usize| format!("{stratum:03}");
        let codes = Codes::from_labels(list.strata.iter().map(|&stratum| label(stratum)));
        let chances = Probabilities::given(list.chances.clone()).expect("chances");
        let truth = sum(list.answers.iter().copied());
        let mut stream = stream(text);
        let mut found = [0.0; 3];
        for _ in 0..times {
            let drawn = stratified_cube(&chances, &codes, &list.amounts, &mut stream);
            let drawn = drawn.expect("possible");
            let of = |column: &Vec<f64>| drawn.iter().map(|&unit| column[unit]).collect();
            let amounts: Vec<Vec<f64>> = list.amounts.iter().map(of).collect();
            let strata = Codes::from_labels(drawn.iter().map(|&unit| label(list.strata[unit])));
            let chance: Vec<f64> = of(&list.chances);
            let expanded = |&unit: &usize| list.answers[unit] / list.chances[unit];
            let scores: Vec<f64> = drawn.iter().map(expanded).collect();
            let all: Vec<usize> = (0..drawn.len()).collect();
            let chances = Chances::given(&strata, &chance).expect("chances");
            let rule = Together::on(&amounts, chances).expect("amounts");
            let variance = rule.variance(&scores, &all).expect("units enough");
            let off = sum(scores) - truth;
            let t = t_quantile(0.975, rule.degrees(&all) as f64);
            found[0] += variance;
            found[1] += off * off;
            found[2] += f64::from(u8::from(off.abs() <= t * variance.sqrt()));
        }
        found
    }

    /// Over lists of so many shops in each stratum, the mean of estimated variances is that of the estimates,
    /// and intervals hold. Of one list alone, a few very large shops would decide.
    #[track_caller]
    fn holds(sizes: &[usize], slope: impl Fn(usize) -> f64, most: f64) {
        const LISTS: u32 = 16;
        const TIMES: u32 = 60;
        let mut all = [0.0; 3];
        for i in 0..LISTS {
            let text = format!("list {i}");
            let found = tried(&list(sizes, &slope, &text), TIMES, &text);
            all.iter_mut().zip(found).for_each(|(all, one)| *all += one);
        }
        let (ratio, covered) = (all[0] / all[1], all[2] / f64::from(LISTS * TIMES));
        assert!(
            (0.85..=most).contains(&ratio) && (0.92..=0.98).contains(&covered),
            "{ratio:.3} of the variance, {covered:.3} of the intervals"
        );
    }

    /// Six small strata, and three large ones.
    const SHOPS: [usize; 9] = [12, 15, 10, 20, 12, 14, 80, 120, 200];

    #[test]
    fn variances_are_right_on_average_where_some_strata_are_small() {
        holds(&SHOPS, |_| 3.0, 1.15);
    }

    #[test]
    fn variances_are_right_on_average_in_many_small_strata() {
        holds(&[10; 40], |_| 3.0, 1.15);
    }

    #[test]
    fn variances_are_right_on_average_where_slopes_of_large_strata_differ() {
        holds(&[80, 100, 120, 200], |h| [1.0, 5.0, 2.0, 6.0][h], 1.15);
    }

    #[test]
    fn where_slopes_of_small_strata_differ_variances_are_rather_too_large() {
        // Too few were drawn there to tell the slope, and the flight within the stratum followed it all the same.
        let slopes = [1.0, 5.0, 2.0, 6.0, 0.0, 3.0, 1.0, 3.0, 6.0];
        holds(&SHOPS, |h| slopes[h], 1.3);
    }

    #[test]
    fn without_amounts_it_is_the_formula_of_hajek() {
        let strata = Codes::from_labels(["a", "a", "a", "b", "b"]);
        let chances = Chances::given(&strata, &[0.2, 0.4, 0.3, 0.5, 0.25]).expect("chances");
        let scores = [3.0, 5.0, 4.0, 9.0, 7.0];
        let all = [0, 1, 2, 3, 4];
        let rule = Together::on(&[], chances.clone()).expect("amounts");
        let plain = Unequal::of(chances).variance(&scores, &all).expect("units");
        let found = rule.variance(&scores, &all).expect("units");
        assert!((found - plain).abs() < 1e-12 * plain);
    }

    #[test]
    fn in_one_stratum_it_is_the_fit_of_balanced_samples_and_the_landing() {
        let strata = Codes::from_labels(["a"; 6]);
        let chances = Chances::given(&strata, &[0.5; 6]).expect("chances");
        let (scores, all) = ([1.0, 2.1, 2.9, 4.2, 4.8, 6.0], [0, 1, 2, 3, 4, 5]);
        let x = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let balanced = Balanced::on(std::slice::from_ref(&x), chances.clone());
        let balanced = balanced
            .expect("amounts")
            .variance(&scores, &all)
            .expect("units");
        let found = Together::on(&[x], chances).expect("amounts");
        let found = found.variance(&scores, &all).expect("units");
        // z = (−5, −3, −1, 1, 3, 5), x = z + 7 of x/π; ℓ = z²/70; e₀ − e₁ = b z; b = 34.3/70 by hand:
        // Σ z t = −5 − 6.3 − 2.9 + 4.2 + 14.4 + 30 = 34.4.
        let slope: f64 = 34.4 / 70.0;
        let landing = 0.25 * (625.0 + 81.0 + 1.0) * 2.0 / 70.0 * slope * slope;
        let wanted = balanced + 6.0 / 5.0 * landing;
        // n/(n − p) of the one is n/(n − 1) · (n − 1)/(n − 1 − p) of the other: both 6/4.
        assert!((found - wanted).abs() < 1e-12 * wanted, "{found} {wanted}");
    }

    #[test]
    fn a_domain_keeps_the_strata_that_it_has_nobody_in_and_lonely_ones_are_named() {
        let strata = Codes::from_labels(["a", "a", "a", "a", "b", "b", "b", "c"]);
        let chances = Chances::given(&strata, &[0.5; 8]).expect("chances");
        let x = vec![1.0, 2.0, 4.0, 3.0, 2.0, 5.0, 4.0, 1.0];
        let rule = Together::on(&[x], chances).expect("amounts");
        let scores = [3.0, 1.0, 5.0, 2.0, 0.0, 0.0, 0.0, 0.0];
        let found = rule.variance(&scores, &[0, 1, 2, 3]).expect("known");
        assert!(found > 0.0);
        let lonely = rule.variance(&[1.0; 8], &[0, 1, 2, 3, 4, 5, 6, 7]);
        let strata = vec!["c".to_owned()];
        assert_eq!(lonely, Err(Unknown::LonelyStratum { strata }));
    }

    #[test]
    fn too_few_units_for_the_amounts_are_told() {
        let strata = Codes::from_labels(["a", "a", "b", "b"]);
        let chances = Chances::given(&strata, &[0.5; 4]).expect("chances");
        let amounts = [vec![1.0, 2.0, 3.0, 5.0], vec![4.0, 1.0, 1.0, 9.0]];
        let rule = Together::on(&amounts, chances).expect("amounts");
        let found = rule.variance(&[1.0, 2.0, 3.0, 4.0], &[0, 1, 2, 3]);
        assert!(
            matches!(found, Err(Unknown::TooFew { least: 5, .. })),
            "{found:?}"
        );
    }
}
