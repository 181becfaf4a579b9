//! Classes of nonresponse that a tree finds.
//!
//! Which columns tell who answers, and how their levels go together, is often not known beforehand. A
//! tree splits the eligible in two by the column and cut that tell most, and each part again, as long
//! as classes are large enough and a split tells more than chance would. The leaves are the classes.

mod grow;

pub use grow::{Branching, Growth};

use grow::{Case, Leaf, Tree};

use super::phase::{self, Part};
use super::{Adjusted, Error, Step};
use crate::field::Outcomes;
use crate::frame::Codes;
use crate::language::{Language, Words};
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "tree",
    title: Words::new("Nonresponse classes by a tree", "分类树无回答调整"),
    says: Words::new(
        "A tree splits the eligible into classes that differ in how many answered: at each step by the \
         column and cut with the largest gain in likelihood, as long as it is significant and both parts \
         are large enough. Within a class those who answered take over the weight of those who did not.",
        "用分类树将合格样本划分为应答率不同的类：每次选取似然增益最大的变量和分割，只要显著且两部分都足够大便继续。\
         类内由完成访问者承接未应答者的权数。",
    ),
    formula: "G² = 2 Σ_side Σ v ln L(p̂_side) − 2 Σ v ln L(p̂);  split while M · P(χ²₁ > G²) ≤ α and n_side ≥ n_min;  \
              f_c = Σ_{c, eligible} w / Σ_{c, interviews} w",
    sources: &[
        Source::at("Kass (1980)", "significance of splits"),
        Source::at(
            "Breiman, Friedman, Olshen, Stone (1984)",
            "§4.2, order of levels",
        ),
        Source::at("Valliant, Dever, Kreuter (2018)", "§13.5"),
    ],
};

/// The step.
///
/// # Formula
///
/// ```text
/// G² = 2 [ Σ_left v ln L(p_left) + Σ_right v ln L(p_right) − Σ v ln L(p) ],   ln L(p) = r ln p + (1 − r) ln(1 − p)
///
/// the largest G² of all columns and cuts splits a class, if  M · P(χ²₁ > G²) ≤ α
/// and both parts have n_min cases and somebody who answered
/// ```
///
/// M counts the ways there were to split: L − 1 for a column of L ordered levels, 2^(L−1) − 1 for one
/// whose levels may be put together at will. Of these only L − 1 need a look: the best one keeps the
/// order of the levels' rates. v is 1, or, if cases count by weight, w Σw / Σw² within the class, so
/// that a class counts as its effective number of cases. Of two equal gains the column named first, and
/// the cut of fewer levels, is taken; nothing is left to chance.
///
/// # Source
///
/// Kass (1980) for M; Breiman, Friedman, Olshen, Stone (1984), §4.2.2, for the order of rates, after
/// Fisher. It differs from CHAID in splitting in two and in taking the likelihood ratio.
#[derive(Debug)]
pub struct ByTree {
    columns: Vec<Branching>,
    growth: Growth,
    parts: Vec<Part>,
}

impl ByTree {
    /// By these columns; the first one wins where two tell as much.
    ///
    /// # Example
    ///
    /// Firms answer less often than homes, and the side of the river makes no difference:
    ///
    /// ```
    /// use canvass::field::{Class, Outcomes};
    /// use canvass::frame::Codes;
    /// use canvass::language::Language;
    /// use canvass::weigh::Step;
    /// use canvass::weigh::tree::{Branching, ByTree, Growth};
    ///
    /// let n = 200;
    /// let answers = |i: usize| if i % 2 == 0 { i % 10 == 0 } else { i % 10 != 1 };
    /// let outcomes = Outcomes {
    ///     class: (0..n).map(|i| if answers(i) { Class::Interview } else { Class::Refusal }).collect(),
    ///     code: vec![None; n],
    ///     attempts: vec![1; n],
    ///     items: vec![],
    /// };
    /// let column = |name: &str, label: &dyn Fn(usize) -> &'static str| Branching {
    ///     name: name.into(),
    ///     levels: Codes::from_labels((0..n).map(label)),
    ///     ordered: false,
    /// };
    /// let kind = column("kind", &|i| if i % 2 == 0 { "firm" } else { "home" });
    /// let side = column("side", &|i| if i < 100 { "north" } else { "south" });
    /// let growth = Growth { least: 30, level: 0.05, weighted: true };
    /// let step = ByTree::of(vec![side, kind], growth, &outcomes)?;
    /// let adjusted = step.forward(&[1.0; 200], &outcomes)?;
    /// assert_eq!(
    ///     step.notes(&adjusted, Language::English),
    ///     [
    ///         "kind = firm: 100 cases, 20.0 % answered",
    ///         "kind = home: 100 cases, 80.0 % answered"
    ///     ]
    /// );
    /// # Ok::<(), canvass::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoColumns`] if there are no columns.
    ///
    /// # Panics
    ///
    /// If a column has not one label per unit: our own bug.
    pub fn of(
        columns: Vec<Branching>,
        growth: Growth,
        outcomes: &Outcomes,
    ) -> Result<ByTree, Error> {
        let n = outcomes.class.len();
        assert!(
            columns.iter().all(|c| c.levels.len() == n),
            "a label per unit"
        );
        if columns.is_empty() {
            return Err(Error::NoColumns { step: CARD.key });
        }
        Ok(ByTree {
            columns,
            growth,
            parts: phase::answering(outcomes),
        })
    }

    fn leaves(&self, before: &[f64]) -> Vec<Leaf> {
        let cases = (0..before.len())
            .filter(|&unit| self.parts[unit] != Part::Keeps && before[unit] > 0.0)
            .map(|unit| Case {
                unit,
                weight: before[unit],
                yes: self.parts[unit] == Part::Takes,
            });
        let tree = Tree {
            columns: &self.columns,
            growth: self.growth,
        };
        tree.grow(cases.collect())
    }

    /// The class of each unit, from its leaf; units outside are in the first, and keep their weight.
    fn classes(kept: &[f64]) -> Codes {
        let leaf = |&leaf: &f64| leaf.max(0.0) as u32;
        let count = kept.iter().map(leaf).max().map_or(0, |last| last + 1);
        let width = count.to_string().len();
        let labels = (1..=count).map(|leaf| format!("leaf {leaf:0width$}"));
        Codes::new(labels.collect(), kept.iter().map(leaf).collect())
    }

    /// What the units of a leaf have in common: "region = coast or hills; age = 18 to 34".
    fn words(&self, leaf: &Leaf, language: Language) -> String {
        let (or, to, and, all) = match language {
            Language::English => (" or ", " to ", "; ", "all"),
            Language::Chinese => ("或", "至", "；", "全部"),
        };
        let conditions = self.columns.iter().zip(&leaf.conditions);
        let told: Vec<String> = conditions
            .filter_map(|(column, levels)| {
                let levels = levels.as_ref()?;
                let label = |level: usize| column.levels.labels()[level].as_str();
                let what = match levels[..] {
                    [first, .., last] if column.ordered => {
                        format!("{}{to}{}", label(first), label(last))
                    }
                    _ => {
                        let mut labels: Vec<&str> = levels.iter().map(|&l| label(l)).collect();
                        labels.sort_unstable();
                        labels.join(or)
                    }
                };
                Some(format!("{} = {what}", column.name))
            })
            .collect();
        if told.is_empty() {
            all.to_owned()
        } else {
            told.join(and)
        }
    }
}

impl Step for ByTree {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// # Errors
    ///
    /// [`Error::EmptyClass`] if nobody answered.
    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        let mut kept = vec![-1.0; before.len()];
        for (place, leaf) in self.leaves(before).iter().enumerate() {
            for case in &leaf.cases {
                kept[case.unit] = place as f64;
            }
        }
        let class = ByTree::classes(&kept);
        let adjusted = phase::forward(CARD.key, before, &self.parts, &class)?;
        Ok(Adjusted { kept, ..adjusted })
    }

    /// As with classes that were given: what looking for them adds is left out.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        let class = ByTree::classes(&adjusted.kept);
        phase::back(adjusted, &self.parts, &class, scores)
    }

    /// One line for each class.
    fn notes(&self, adjusted: &Adjusted, language: Language) -> Vec<String> {
        let line = |leaf: &Leaf| {
            let all = sum(leaf.cases.iter().map(|case| case.weight));
            let yes = sum(leaf
                .cases
                .iter()
                .filter(|case| case.yes)
                .map(|case| case.weight));
            let (words, cases) = (self.words(leaf, language), leaf.cases.len());
            let percent = 100.0 * yes / all;
            match language {
                Language::English => format!("{words}: {cases} cases, {percent:.1} % answered"),
                Language::Chinese => format!("{words}：{cases}例，应答率{percent:.1}%"),
            }
        };
        let leaves = self.leaves(&adjusted.before);
        let held = leaves.iter().filter(|leaf| !leaf.cases.is_empty());
        held.map(line).collect()
    }

    fn finds(&self, adjusted: &Adjusted, unit: usize) -> Vec<String> {
        let leaves = self.leaves(&adjusted.before);
        let leaf = leaves.get(adjusted.kept[unit] as usize);
        let inside = leaf.filter(|_| adjusted.kept[unit] >= 0.0);
        let words = inside.map(|leaf| self.words(leaf, Language::English));
        words.into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
