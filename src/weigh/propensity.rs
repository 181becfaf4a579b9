//! Those who answered stand for others who were as likely to answer.
//!
//! Where many columns tell who answers, classes that cross them are empty. A logistic regression puts
//! them together in one number, the propensity to answer, and the weight is divided by it. Classes of
//! alike propensities do nearly the same, and are safer where some propensities are very small.

use std::collections::BTreeMap;

use super::phase::{self, Part};
use super::{Adjusted, Error, Predictors, Step};
use crate::field::Outcomes;
use crate::frame::Codes;
use crate::language::{Language, Words};
use crate::math::logistic::{Cases, Unfit, chance, information, logistic};
use crate::math::solve::Solver;
use crate::math::sum;
use crate::method::{Card, Source};
use crate::notice::Notice;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "propensity",
    title: Words::new("Response propensities", "应答倾向得分调整"),
    says: Words::new(
        "A logistic regression tells from what is known of everybody who was eligible how likely each was \
         to answer, and the weight of those who did is divided by it. What estimating the regression costs \
         or gains is part of the variance. A few very small propensities make a few very large weights.",
        "用逻辑回归根据全部合格样本的已知信息估计各单位的应答概率，完成访问者的权数除以该概率。\
         估计回归系数所带来的影响计入方差。若个别倾向得分过小，会产生过大的权数。",
    ),
    formula: "w = d / p̂,  p̂ = 1 / (1 + e^−x′β̂),  Σ v (r − p̂) x = 0,  v = d or 1",
    sources: &[
        Source::new("Kim, Kim (2007)"),
        Source::at("Valliant, Dever, Kreuter (2018)", "§13.5"),
    ],
};

/// What classes of propensities say of themselves.
pub const CLASSES: Card = Card {
    key: "propensity-classes",
    title: Words::new("Classes of response propensities", "应答倾向得分分组调整"),
    says: Words::new(
        "The eligible are put into classes of alike propensities, of about as many cases each, and within \
         a class those who answered take over the weight of those who did not. Weights vary less than with \
         the propensities themselves, and a slip in the regression does less harm.",
        "按应答倾向得分将合格样本分为例数大致相等的若干组，组内由完成访问者承接未应答者的权数。\
         权数比直接用倾向得分更平稳，回归设定有误时危害也较小。",
    ),
    formula: "f_c = Σ_{c, eligible} w / Σ_{c, interviews} w,  c the classes between the quantiles of p̂",
    sources: &[
        Source::new("Little (1986)"),
        Source::at("Valliant, Dever, Kreuter (2018)", "§13.5"),
    ],
};

/// What propensities are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The weight is divided by the propensity.
    Inverse,
    /// So many classes of alike propensities are made; Little (1986) takes five.
    Classes(u32),
}

/// The step.
#[derive(Debug)]
pub struct Propensity {
    predictors: Predictors,
    parts: Vec<Part>,
    used: Use,
    weighted: bool,
    least: f64,
    /// A unit that is in the sample so often: tests move it to see what follows.
    #[cfg(test)]
    often: Option<(usize, f64)>,
}

impl Propensity {
    /// From these predictors, of which the columns are known of everybody who was eligible. If
    /// `weighted`, the regression is that of the population: each case counts by its weight. Without,
    /// it is that of the sample, which varies less, and does as well if what decided the chance to be
    /// drawn is among the predictors. A propensity below `least` is told of.
    ///
    /// # Errors
    ///
    /// [`Error::FewClasses`] if fewer than two classes are wanted.
    pub fn from(
        predictors: Predictors,
        used: Use,
        weighted: bool,
        least: f64,
        outcomes: &Outcomes,
    ) -> Result<Propensity, Error> {
        match used {
            Use::Classes(classes) if classes < 2 => Err(Error::FewClasses { classes }),
            _ => Ok(Propensity {
                predictors,
                parts: phase::answering(outcomes),
                used,
                weighted,
                least,
                #[cfg(test)]
                often: None,
            }),
        }
    }

    /// Who takes part in answering, for [`Predictors::of`].
    #[must_use]
    pub fn part(outcomes: &Outcomes) -> Vec<bool> {
        phase::answering(outcomes)
            .iter()
            .map(|part| *part != Part::Keeps)
            .collect()
    }

    /// v: how much an eligible unit counts in the regression.
    fn counts(&self, unit: usize, before: &[f64]) -> f64 {
        #[cfg(test)]
        if let Some((_, often)) = self.often.filter(|often| often.0 == unit && !self.weighted) {
            return often;
        }
        if self.weighted { before[unit] } else { 1.0 }
    }

    #[cfg(test)]
    fn counting(mut self, unit: usize, often: f64) -> Propensity {
        self.often = Some((unit, often));
        self
    }

    /// The units that count.
    fn eligible<'a>(&'a self, before: &'a [f64]) -> impl Iterator<Item = usize> + 'a {
        (0..before.len()).filter(|&unit| self.parts[unit] != Part::Keeps && before[unit] > 0.0)
    }

    fn answered(&self, unit: usize) -> bool {
        self.parts[unit] == Part::Takes
    }

    /// A level of which everybody answered, or nobody.
    fn foretold(&self, before: &[f64]) -> Result<(), Error> {
        for (name, levels) in self.predictors.categories() {
            let mut counts = vec![(0_u64, 0_u64); levels.labels().len()];
            for unit in self.eligible(before) {
                let (cases, answered) = &mut counts[levels.code(unit)];
                *cases += 1;
                *answered += u64::from(self.answered(unit));
            }
            let sure =
                |&(cases, answered): &(u64, u64)| cases > 0 && (answered == 0 || answered == cases);
            if let Some(level) = counts.iter().position(sure) {
                return Err(Error::Foretold {
                    step: self.card().key,
                    column: format!("{name} = {}", levels.labels()[level]),
                    cases: counts[level].0,
                    answered: counts[level].1,
                });
            }
        }
        Ok(())
    }

    /// p̂ of each unit; 1 for those that the step does not concern.
    fn propensities(&self, before: &[f64]) -> Result<Vec<f64>, Error> {
        let step = self.card().key;
        self.foretold(before)?;
        let mut kinds: BTreeMap<Vec<(usize, u64)>, Cases> = BTreeMap::new();
        for unit in self.eligible(before) {
            let row: Vec<(usize, f64)> = self.predictors.row(unit).collect();
            let key = row.iter().map(|&(column, x)| (column, x.to_bits()));
            let kind = kinds.entry(key.collect()).or_insert_with(|| Cases {
                row,
                weight: 0.0,
                yes: 0.0,
            });
            let counts = self.counts(unit, before);
            kind.weight += counts;
            kind.yes += if self.answered(unit) { counts } else { 0.0 };
        }
        let cases: Vec<Cases> = kinds.into_values().collect();
        let name = |column: usize| self.predictors.name(column).to_owned();
        let fit = logistic(self.predictors.columns(), &cases).map_err(|unfit| match unfit {
            Unfit::Collinear { column } => Error::Collinear {
                step,
                column: name(column),
            },
            Unfit::Separated { column } => Error::Separated {
                step,
                column: name(column),
            },
        })?;
        let mut propensities = vec![1.0; before.len()];
        for unit in self.eligible(before) {
            propensities[unit] = chance(self.predictors.along(unit, &fit));
        }
        Ok(propensities)
    }

    /// The classes between the quantiles of the propensities.
    fn classes(&self, propensities: &[f64], before: &[f64], classes: u32) -> Codes {
        let mut sorted: Vec<f64> = self
            .eligible(before)
            .map(|unit| propensities[unit])
            .collect();
        sorted.sort_by(f64::total_cmp);
        let cuts: Vec<f64> = (1..classes)
            .map(|k| quantile(&sorted, f64::from(k) / f64::from(classes)))
            .collect();
        let width = classes.to_string().len();
        Codes::from_labels((0..before.len()).map(|unit| {
            let class = 1 + cuts.iter().filter(|cut| propensities[unit] > **cut).count();
            format!("propensity class {class:0width$}")
        }))
    }
}

/// The quantile of sorted numbers, as R has it (type 7); 0 of none.
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let place = p * last as f64;
    // Rounding must not carry a place over a whole number.
    let low = ((place + 4.0 * f64::EPSILON * place).floor() as usize).min(last);
    let part = (place - low as f64).max(0.0);
    match sorted.get(low + 1) {
        Some(next) if part > 0.0 => (1.0 - part) * sorted[low] + part * next,
        _ => sorted[low],
    }
}

impl Step for Propensity {
    fn card(&self) -> &'static Card {
        match self.used {
            Use::Inverse => &CARD,
            Use::Classes(_) => &CLASSES,
        }
    }

    /// # Errors
    ///
    /// [`Error::Foretold`] names a level of which everybody or nobody answered; [`Error::Separated`]
    /// and [`Error::Collinear`] name a column; [`Error::EmptyClass`] a class without interviews.
    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        let all = self.eligible(before).count() as u64;
        let answered = self
            .eligible(before)
            .filter(|&unit| self.answered(unit))
            .count() as u64;
        if all > 0 && answered == 0 {
            return Err(Error::EmptyClass {
                step: self.card().key,
                class: "all".to_owned(),
                cases: all,
            });
        }
        // Everybody answered: there is nothing to be told from.
        let kept = match answered == all {
            true => vec![1.0; before.len()],
            false => self.propensities(before)?,
        };
        let adjusted = match self.used {
            Use::Inverse => {
                let factor = self.parts.iter().zip(&kept).map(|(part, p)| match part {
                    Part::Keeps => 1.0,
                    Part::Gives => 0.0,
                    Part::Takes => 1.0 / p,
                });
                Adjusted::by(before, factor.collect())
            }
            Use::Classes(classes) => {
                let class = self.classes(&kept, before, classes);
                phase::forward(CLASSES.key, before, &self.parts, &class)?
            }
        };
        Ok(Adjusted { kept, ..adjusted })
    }

    /// Corrects scores for the regression, and returns the variance of answering.
    ///
    /// # Formula
    ///
    /// ```text
    /// s′_k  = r_k s_k − v_k (r_k − p̂_k) x_k′ γ,   γ = (Σ v p̂ (1 − p̂) x x′)⁻¹ Σ_r s (1 − p̂) x
    /// extra = Σ_r d_k (1 − p̂_k) (z_k / p̂_k − (v_k / d_k) x_k′ γ)²,   s = d z / p̂
    /// ```
    ///
    /// The first line is the derivative of the figure by each unit's part in the sample, through the
    /// regression too. The second is the variance of answering, if people answer independently, each
    /// with its propensity: Σ p (1 − p) (…)² over the population, estimated from those who answered.
    ///
    /// # Source
    ///
    /// Kim, Kim (2007), for the regression; Shao, Steel (1999), §2, for the order of the two
    /// phases. With one column per class both lines are those of classes. Classes of propensities are
    /// taken as if their limits were given.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        let (before, p) = (&adjusted.before, &adjusted.kept);
        if let Use::Classes(classes) = self.used {
            let class = self.classes(p, before, classes);
            return phase::back(adjusted, &self.parts, &class, scores);
        }
        let eligible: Vec<usize> = self.eligible(before).collect();
        let answered = || eligible.iter().copied().filter(|&unit| self.answered(unit));
        let rows: Vec<Vec<(usize, f64)>> = eligible
            .iter()
            .map(|&unit| self.predictors.row(unit).collect())
            .collect();
        let pulls = eligible
            .iter()
            .map(|&unit| self.counts(unit, before) * p[unit] * (1.0 - p[unit]));
        let rows = rows.iter().map(Vec::as_slice).zip(pulls);
        let matrix = information(self.predictors.columns(), rows);
        let moved = self
            .predictors
            .held(answered().map(|unit| (unit, scores[unit] * (1.0 - p[unit]))));
        // Without anybody who gave no answer there was no regression, and p is 1 for all.
        let gamma = Solver::new(&matrix).map_or(vec![0.0; moved.len()], |s| s.solve(&moved));
        let along: Vec<f64> = eligible
            .iter()
            .map(|&unit| self.counts(unit, before) * self.predictors.along(unit, &gamma))
            .collect();
        let extra = sum(eligible.iter().zip(&along).map(|(&unit, along)| {
            if self.answered(unit) {
                // (d / p) z − v x′γ is d times the residual.
                let off = scores[unit] - along;
                (1.0 - p[unit]) * off * off / before[unit]
            } else {
                0.0
            }
        }));
        for (&unit, along) in eligible.iter().zip(&along) {
            let (mine, score) = match self.answered(unit) {
                true => (1.0, scores[unit]),
                false => (0.0, 0.0),
            };
            scores[unit] = score - (mine - p[unit]) * along;
        }
        extra
    }

    fn notes(&self, adjusted: &Adjusted, language: Language) -> Vec<String> {
        let found = || {
            self.eligible(&adjusted.before)
                .map(|unit| adjusted.kept[unit])
        };
        let low = found().fold(f64::INFINITY, f64::min);
        let high = found().fold(0.0, f64::max);
        if !low.is_finite() {
            return Vec::new();
        }
        let columns: Vec<&str> = (1..self.predictors.columns())
            .map(|column| self.predictors.name(column))
            .collect();
        vec![match language {
            Language::English => format!(
                "propensities to answer lie between {low:.3} and {high:.3}; they are told from {} columns: {}",
                columns.len(),
                columns.join(", ")
            ),
            Language::Chinese => format!(
                "应答倾向得分介于{low:.3}与{high:.3}之间；所用的{}个自变量：{}",
                columns.len(),
                columns.join("、")
            ),
        }]
    }

    fn notices(&self, adjusted: &Adjusted) -> Vec<Notice> {
        let few: Vec<f64> = self
            .eligible(&adjusted.before)
            .filter(|&unit| self.answered(unit))
            .map(|unit| adjusted.kept[unit])
            .filter(|p| *p < self.least)
            .collect();
        let count = few.len() as u64;
        let smallest = few.into_iter().fold(f64::INFINITY, f64::min);
        let notice = Notice::ExtremePropensities {
            count,
            least: self.least,
            smallest,
        };
        (count > 0 && self.used == Use::Inverse)
            .then_some(notice)
            .into_iter()
            .collect()
    }

    fn finds(&self, adjusted: &Adjusted, unit: usize) -> Vec<String> {
        let mut found = self.predictors.has(unit);
        if self.parts[unit] != Part::Keeps {
            found.push(format!("p = {:.6}", adjusted.kept[unit]));
        }
        found
    }
}

#[cfg(test)]
mod tests;
