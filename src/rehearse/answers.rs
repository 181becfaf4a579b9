//! What invented people answer, on scales of which the population mean is known.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::profile::{People, Person, Places, normal};
use super::{AnswersRecipe, CallsRecipe, Error, ItemKind, Recipe, Sheet};
use crate::field::Rules;
use crate::frame::Codes;
use crate::math::distribution::normal_below;
use crate::math::sum;
use crate::random::Seed;
use crate::random::pretend::Dice;

/// What a person said before an interview ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    /// One value per question; nothing where nothing was said.
    pub values: Vec<Option<f64>>,
    /// How many questions were asked.
    pub asked: usize,
    /// The code that the answers earn.
    pub code: &'static str,
}

/// The steps of a scale, and how answers spread over them.
#[derive(Debug, Clone, Copy)]
struct Ladder {
    low: f64,
    high: f64,
    /// Standard deviation of all answers of a place, in points of 0 to 100.
    spread: f64,
}

impl Ladder {
    fn new(recipe: &AnswersRecipe) -> Ladder {
        let (low, high) = (f64::from(recipe.low), f64::from(recipe.high));
        Ladder {
            low,
            high,
            spread: recipe.spread.hypot(recipe.noise),
        }
    }

    /// The step nearest to a number of points.
    fn answer(self, points: f64) -> f64 {
        let step = self.low + points / 100.0 * (self.high - self.low);
        step.round().clamp(self.low, self.high)
    }

    /// The mean of the steps, in points, that people choose who are `latent` points satisfied on
    /// average.
    ///
    /// # Formula
    ///
    /// ```text
    /// m(μ) = 100 / K · Σ_k P(X ≥ t_k),   X ~ N(μ, s²),   t_k = 100 (k − ½) / K,   k = 1 … K
    /// ```
    ///
    /// K is the number of steps above the lowest. Somebody stands on step k or above who is nearer to
    /// it than to the step below, and a mean is the sum of such shares.
    ///
    /// # Source
    ///
    /// Ours; the mean of a whole number as the sum of its tail probabilities.
    fn mean(self, latent: f64) -> f64 {
        let step = 100.0 / (self.high - self.low);
        let reach = (1..=(self.high - self.low) as u32).map(|k| {
            let threshold = step * (f64::from(k) - 0.5);
            normal_below((latent - threshold) / self.spread)
        });
        step * sum(reach)
    }

    /// How satisfied people must be on average to choose steps whose mean is `mean` points: the
    /// scale's ends, and its steps, pull means. Halving an interval finds it.
    fn latent(self, mean: f64) -> f64 {
        // Eight standard deviations beyond the ends, everybody is at the end.
        let beyond = 8.0 * self.spread;
        let (mut least, mut most) = (-beyond, 100.0 + beyond);
        for _ in 0..40 {
            let middle = f64::midpoint(least, most);
            if self.mean(middle) < mean {
                least = middle;
            } else {
                most = middle;
            }
        }
        f64::midpoint(least, most)
    }
}

/// How one question is answered.
#[derive(Debug)]
enum Kind<'a> {
    /// On the scale; its place among the questions that are.
    Scale(usize),
    Yes {
        share: f64,
        slope: f64,
    },
    Label {
        column: &'a Codes,
        /// The place of each label of the column in the question, if it is there.
        places: Vec<Option<usize>>,
        many: usize,
        kept: f64,
    },
}

/// A question, and what its answers hang on.
#[derive(Debug)]
struct Question<'a> {
    kind: Kind<'a>,
    value: Dice,
    other: Dice,
    blank: Dice,
}

/// All questions.
#[derive(Debug)]
pub(super) struct Questions<'a> {
    recipe: &'a AnswersRecipe,
    calls: &'a CallsRecipe,
    ladder: Ladder,
    rules: Rules,
    asked: Vec<Question<'a>>,
    /// One per unit: the place of its means.
    of: Vec<u32>,
    /// For each profile in each place, the latent means of the questions on the scale.
    means: Vec<Vec<f64>>,
    end: Dice,
    stop: Dice,
}

impl<'a> Questions<'a> {
    /// # Errors
    ///
    /// [`Error::NoColumn`] if a question, or satisfaction, hangs on a column that the sheet lacks.
    pub fn new(
        recipe: &'a Recipe,
        sheet: &Sheet<'a>,
        people: &People<'_>,
        seed: &Seed,
    ) -> Result<Questions<'a>, Error> {
        let places = Places::new(recipe, sheet, seed)?;
        let mut scales = 0..;
        let asked = recipe.answers.item.iter().map(|item| {
            let dice =
                |what: &str| Dice::new(seed, &format!("rehearse/answers/{what}/{}", item.name));
            Ok(Question {
                kind: kind(&item.kind, sheet, &mut scales)?,
                value: dice("value"),
                other: dice("other"),
                blank: dice("blank"),
            })
        });
        let asked = asked.collect::<Result<_, Error>>()?;
        let ladder = Ladder::new(&recipe.answers);
        let (of, stated) = stated(&recipe.answers, people, &places, sheet.key.len());
        let latent = |means: &Vec<f64>| means.iter().map(|&mean| ladder.latent(mean)).collect();
        Ok(Questions {
            recipe: &recipe.answers,
            calls: &recipe.calls,
            ladder,
            rules: Rules::usual(),
            asked,
            of,
            means: stated.par_iter().map(latent).collect(),
            end: Dice::new(seed, "rehearse/answers/end"),
            stop: Dice::new(seed, "rehearse/answers/stop"),
        })
    }

    /// The questions' names.
    pub fn names(&self) -> Vec<String> {
        self.recipe
            .item
            .iter()
            .map(|item| item.name.clone())
            .collect()
    }

    /// What a person says in an interview.
    pub fn interview(&self, unit: usize, person: &Person<'_>) -> Said {
        let asked = self.until(person.key);
        let answer = |(place, question): (usize, &Question<'_>)| {
            let said = place < asked && !question.blank.happens(person.key, self.recipe.dont_know);
            said.then(|| self.answer(question, unit, person))
        };
        let values: Vec<Option<f64>> = self.asked.iter().enumerate().map(answer).collect();
        let share = values.iter().flatten().count() as f64 / values.len() as f64;
        Said {
            values,
            asked,
            code: self.rules.code_of(share),
        }
    }

    /// How many questions are asked before the interview ends.
    ///
    /// A partial interview ends somewhere between half of the questions and what makes it complete,
    /// a broken one between the first question and half of them.
    fn until(&self, key: u64) -> usize {
        let all = self.asked.len();
        let enough = |share: f64| {
            (0..=all)
                .find(|&n| n as f64 / all as f64 >= share)
                .unwrap_or(all)
        };
        let partial = enough(self.rules.partial_share);
        let complete = enough(self.rules.complete_share);
        let between = |least: usize, most: usize| {
            let least = least.min(most);
            least + self.stop.below(key, (most - least + 1) as u64) as usize
        };
        let chance = self.end.unit(key);
        if chance < self.calls.break_off {
            between(1, partial.saturating_sub(1))
        } else if chance < self.calls.break_off + self.calls.partial {
            between(partial + 1, complete.saturating_sub(1))
        } else {
            all
        }
    }

    fn answer(&self, question: &Question<'_>, unit: usize, person: &Person<'_>) -> f64 {
        let key = person.key;
        match &question.kind {
            Kind::Scale(place) => {
                let latent = self.means[self.of[unit] as usize][*place];
                let noise = self.recipe.noise * normal(question.value, key);
                self.ladder
                    .answer(latent + self.recipe.spread * person.z + noise)
            }
            Kind::Yes { share, slope } => {
                let chance = (share + slope * person.z).clamp(0.0, 1.0);
                f64::from(u8::from(question.value.happens(key, chance)))
            }
            Kind::Label {
                column,
                places,
                many,
                kept,
            } => {
                let chosen = match places[column.code(unit)] {
                    None => question.other.below(key, *many as u64) as usize,
                    Some(own) if *many == 1 || question.value.happens(key, *kept) => own,
                    // The others, in their order from the own one on.
                    Some(own) => {
                        (own + 1 + question.other.below(key, *many as u64 - 1) as usize) % many
                    }
                };
                (chosen + 1) as f64
            }
        }
    }
}

fn kind<'a>(
    item: &ItemKind,
    sheet: &Sheet<'a>,
    scales: &mut impl Iterator<Item = usize>,
) -> Result<Kind<'a>, Error> {
    Ok(match item {
        ItemKind::Scale { .. } => Kind::Scale(scales.next().unwrap_or_default()),
        &ItemKind::Yes { share, slope } => Kind::Yes { share, slope },
        ItemKind::Label {
            column,
            labels,
            kept,
        } => {
            let column = sheet.column(column)?;
            let place = |label: &String| labels.iter().position(|other| other == label);
            Kind::Label {
                column,
                places: column.labels().iter().map(place).collect(),
                many: labels.len(),
                kept: *kept,
            }
        }
    })
}

/// For each unit the place of its means, and these: what the recipe states of each question on the
/// scale, for each profile in each place that occurs.
fn stated(
    recipe: &AnswersRecipe,
    people: &People<'_>,
    places: &Places<'_>,
    units: usize,
) -> (Vec<u32>, Vec<Vec<f64>>) {
    let shifts = recipe.item.iter().filter_map(|item| match item.kind {
        ItemKind::Scale { shift } => Some(shift),
        _ => None,
    });
    let shifts: Vec<f64> = shifts.collect();
    let mut known = BTreeMap::new();
    let mut means = Vec::new();
    let of = (0..units).map(|unit| {
        let (profile, told) = people.profile(unit);
        let place = places.of(unit);
        *known.entry((profile, place)).or_insert_with(|| {
            let middle = told.index + places.effect(place);
            means.push(
                shifts
                    .iter()
                    .map(|shift| (middle + shift).clamp(0.0, 100.0))
                    .collect(),
            );
            (means.len() - 1) as u32
        })
    });
    (of.collect(), means)
}

#[cfg(test)]
mod tests {
    use super::{Ladder, Questions, Said};
    use crate::math::Moments;
    use crate::rehearse::calls::tests::{Town, chongqing, numbers, seed};
    use crate::rehearse::profile::People;
    use crate::rehearse::{ItemKind, Recipe};

    /// What everybody of a town would say, one cell at a time.
    fn said(recipe: &Recipe, town: &Town) -> Vec<Said> {
        let sheet = town.sheet();
        let people = People::new(recipe, &sheet, &seed()).expect("a sound recipe");
        let questions = Questions::new(recipe, &sheet, &people, &seed()).expect("a sound recipe");
        (0..sheet.key.len())
            .map(|unit| questions.interview(unit, &people.at(unit)))
            .collect()
    }

    /// The mean of what was said, and its standard error.
    fn mean(values: impl Iterator<Item = f64>) -> (f64, f64) {
        let values: Vec<f64> = values.collect();
        let moments: Moments = values.iter().copied().collect();
        let variance = moments.variance().expect("several values");
        (
            moments.mean().expect("some values"),
            (variance / values.len() as f64).sqrt(),
        )
    }

    #[test]
    fn people_choose_steps_whose_mean_is_the_stated_one() {
        for spread in [0.5, 5.0, 19.2, 60.0] {
            for (low, high) in [(1.0, 10.0), (0.0, 10.0), (1.0, 5.0), (0.0, 1.0)] {
                let ladder = Ladder { low, high, spread };
                for stated in [1.0, 20.0, 66.4, 80.6, 99.0] {
                    let found = ladder.mean(ladder.latent(stated));
                    assert!(
                        (found - stated).abs() < 1e-5,
                        "{ladder:?}: {found} for {stated}"
                    );
                }
            }
        }
        // A coin: the one step up is taken by those who are more than half satisfied.
        let coin = Ladder {
            low: 0.0,
            high: 1.0,
            spread: 10.0,
        };
        assert!((coin.latent(50.0) - 50.0).abs() < 1e-6);
        // qnorm(0.9) = 1.281552
        assert!((coin.latent(90.0) - 62.815_52).abs() < 1e-4);
    }

    #[test]
    fn the_index_of_a_population_is_the_one_the_recipe_states() {
        let recipe = chongqing();
        let stated = [
            ("移动电话", "中国移动", 80.1),
            ("固定上网", "驻地网企业", 66.4),
        ];
        for (service, operator, index) in stated {
            let town = Town::new(&[service], &[operator], 19_000);
            let said = said(&recipe, &town);
            for (place, item) in recipe.answers.item.iter().enumerate() {
                let ItemKind::Scale { shift } = item.kind else {
                    continue;
                };
                let points = |said: &Said| Some((said.values[place]? - 1.0) / 0.09);
                let (found, error) = mean(said.iter().filter_map(points));
                let stated = index + shift;
                assert!(
                    (found - stated).abs() < 5.0 * error,
                    "{}: {found} ± {error}",
                    item.name
                );
            }
            let points = |said: &Said| {
                let [a, b, c] = said.values[..3] else {
                    return None;
                };
                Some(((a? + b? + c?) / 3.0 - 1.0) / 0.09)
            };
            let (found, error) = mean(said.iter().filter_map(points));
            assert!(
                (found - index).abs() < 5.0 * error && error < 0.13,
                "{found} ± {error}"
            );
        }
    }

    #[test]
    fn complaints_are_as_many_as_stated_and_the_satisfied_have_fewer() {
        let town = Town::new(&["移动电话"], &["中国移动"], 20_000);
        let said = said(&chongqing(), &town);
        let of = |happy: bool| {
            let among = said
                .iter()
                .filter(move |said| said.values[0].is_some_and(|v| (v > 8.0) == happy));
            mean(among.filter_map(|said| said.values[7])).0
        };
        let (all, error) = mean(said.iter().filter_map(|said| said.values[7]));
        assert!((all - 0.12).abs() < 5.0 * error, "{all} ± {error}");
        assert!(of(true) + 0.03 < of(false));
    }

    #[test]
    fn most_people_have_their_own_label_and_the_others_any_of_the_rest() {
        let town = Town::new(&["移动电话"], &["china_unicom"], 20_000);
        let said = said(&numbers(), &town);
        let mut seen = [0_u64; 5];
        for said in said {
            if let Some(label) = said.values[8] {
                seen[label as usize] += 1;
            }
        }
        let all = seen.iter().sum::<u64>() as f64;
        let share = |label: usize| seen[label] as f64 / all;
        // Standard errors are at most 0.0014; five of them.
        assert!((share(2) - 0.96).abs() < 0.007, "{seen:?}");
        for other in [1, 3, 4] {
            assert!((share(other) - 0.04 / 3.0).abs() < 0.005, "{seen:?}");
        }
    }

    #[test]
    fn interviews_end_early_as_often_as_the_recipe_says() {
        let town = Town::new(&["移动电话"], &["中国移动"], 40_000);
        let mut recipe = chongqing();
        recipe.answers.dont_know = 0.0;
        let said = said(&recipe, &town);
        let share = |code| said.iter().filter(|said| said.code == code).count() as f64 / 40_000.0;
        // Standard errors are at most 0.0011; five of them.
        assert!((share("1.2") - 0.03).abs() < 0.005, "{}", share("1.2"));
        assert!((share("2.12") - 0.02).abs() < 0.005, "{}", share("2.12"));
        for said in said {
            let answered = said.values.iter().flatten().count();
            assert_eq!(answered, said.asked);
            assert!(said.values[..answered].iter().all(Option::is_some));
        }
    }
}
