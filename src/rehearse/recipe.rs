//! What a rehearsal invents: the content of `rehearsal.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Error;

/// How the list, the calls and the answers are invented. Nothing in it is a finding.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// How the list is made; none where the list is real.
    pub register: Option<RegisterRecipe>,
    /// What happens on the telephone.
    pub calls: CallsRecipe,
    /// What is true of the invented people: rules in the file's order, the later the stronger.
    pub truth: Vec<Truth>,
    /// What they answer.
    pub answers: AnswersRecipe,
}

/// How a register of service relations is made.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterRecipe {
    /// The part of the full register that is made unless a person asks for another.
    pub scale: f64,
    /// Where the counts come from.
    pub source: String,
    /// Share of units that asked not to be called.
    pub opt_out: f64,
    /// Share of fixed phones of which the contact number is the fixed line itself.
    pub own_line: f64,
    /// Share of fixed phones that share the contact number of a household with fixed Internet.
    pub bundled: f64,
    /// Share of households that gave a number of the operator that serves them.
    pub own_number: f64,
    /// Share of households that gave a number that is nobody's on the register.
    pub outside: f64,
    /// Zones in which there is more business for each inhabitant.
    pub tilted: Vec<String>,
    /// Zones of the districts.
    pub zone: Vec<Zone>,
    /// Operators.
    pub operator: Vec<Operator>,
    /// Services.
    pub service: Vec<Service>,
    /// Rows of each service and operator.
    pub cell: Vec<Cell>,
}

/// A zone of districts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Its name in the table of districts.
    pub name: String,
    /// Share of its people who live in towns.
    pub urban: f64,
}

/// An operator.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// What the register calls it.
    pub name: String,
    /// What the table of number blocks calls it; none if it has no mobile numbers.
    pub holder: Option<String>,
    /// How many blocks it has at scale 1.
    #[serde(default)]
    pub blocks: u64,
    /// The netcodes they lie under.
    #[serde(default)]
    pub netcodes: Vec<String>,
    /// How much more business it has for each inhabitant of the tilted zones.
    pub tilt: f64,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// What the register calls it.
    pub name: String,
    /// What kind of service it is.
    pub kind: ServiceKind,
    /// How much more of it there is for each inhabitant of the tilted zones.
    pub tilt: f64,
    /// Its plans and their shares.
    pub plans: Vec<(String, f64)>,
}

/// What kind of service, on which depends whose number a unit is reached at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceKind {
    /// The line's own number, or a number of the household.
    FixedPhone,
    /// The unit's own number.
    MobilePhone,
    /// The number of a mobile-phone unit of the same operator.
    MobileInternet,
    /// A number of the household.
    FixedInternet,
}

/// The rows of one service and operator.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The service's name.
    pub service: String,
    /// The operator's name.
    pub operator: String,
    /// Rows at scale 1.
    pub rows: u64,
}

/// What happens on the telephone.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallsRecipe {
    /// Share of contacts that settle nothing: "call me later".
    pub postponed: f64,
    /// Share of interviews that end after half of the questions.
    pub partial: f64,
    /// Share of interviews that end before.
    pub break_off: f64,
    /// Share of dead numbers that ring as if nobody were at home.
    pub silent: f64,
    /// How much readier to talk somebody is who is one standard deviation more satisfied.
    pub tone: f64,
}

/// What is true of the people whom a rule matches. What it leaves out, the rules before it say.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Truth {
    /// Column and label that a unit must have; none for everybody.
    #[serde(rename = "where", default)]
    pub where_: BTreeMap<String, String>,
    /// Share of numbers that work.
    pub working: Option<f64>,
    /// Chance that somebody answers the first, second … call, given that nobody did before. As many
    /// as there are calls to a number at most.
    pub reached: Option<Vec<f64>>,
    /// Of those reached, the share of users in scope.
    pub eligible: Option<f64>,
    /// Of those, the share of people who give an interview.
    pub willing: Option<f64>,
    /// The satisfaction index of all of them, from 0 to 100.
    pub index: Option<f64>,
}

/// What invented people answer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswersRecipe {
    /// The low end of scales.
    pub low: u32,
    /// The high end.
    pub high: u32,
    /// Share of questions left without an answer.
    pub dont_know: f64,
    /// Standard deviation between people, in points of 0 to 100.
    pub spread: f64,
    /// Standard deviation between the answers of one person, in the same points.
    pub noise: f64,
    /// How satisfaction differs from place to place.
    pub local: Option<Local>,
    /// The questions, in their order.
    pub item: Vec<ItemRecipe>,
}

/// How satisfaction differs between the labels of a column.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Local {
    /// The column.
    pub by: String,
    /// Standard deviation between its labels, in points of 0 to 100.
    pub spread: f64,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ItemRecipe {
    /// The item's name.
    pub name: String,
    /// How it is answered. Whatever is not the name belongs to it, so it refuses unknown keys.
    #[serde(flatten)]
    pub kind: ItemKind,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum ItemKind {
    /// On the scale.
    Scale {
        /// Points above the person's satisfaction at which the item stands on average.
        shift: f64,
    },
    /// 1 for yes, 0 for no.
    Yes {
        /// Share of yes.
        share: f64,
        /// How much more often people say yes who are one standard deviation more satisfied.
        slope: f64,
    },
    /// The place of a label, from 1: the unit's own in a column, or another.
    Label {
        /// The column.
        column: String,
        /// The labels.
        labels: Vec<String>,
        /// Share of units that have their own label.
        kept: f64,
    },
}

impl Recipe {
    /// Reads and checks the text of a `rehearsal.toml`.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] with the line at fault, or as [`Recipe::check`].
    pub fn read(text: &str) -> Result<Recipe, Error> {
        let recipe: Recipe = toml::from_str(text).map_err(|why| Error::Unreadable {
            line: why
                .span()
                .map(|span| 1 + text[..span.start].matches('\n').count()),
            why: why.message().lines().collect::<Vec<_>>().join("; "),
        })?;
        recipe.check()?;
        Ok(recipe)
    }

    /// Refuses what no rehearsal can be made of.
    ///
    /// # Errors
    ///
    /// [`Error::Range`] for a number outside its limits, [`Error::Unknown`] for a name that stands
    /// for nothing, [`Error::Blank`] for a list without entries, [`Error::Twice`] for a repeated
    /// item.
    pub fn check(&self) -> Result<(), Error> {
        let shares = [
            ("calls.postponed", self.calls.postponed),
            ("calls.partial", self.calls.partial),
            ("calls.break_off", self.calls.break_off),
            ("calls.silent", self.calls.silent),
            ("calls.tone", self.calls.tone),
            ("answers.dont_know", self.answers.dont_know),
            (
                "calls.partial + calls.break_off",
                self.calls.partial + self.calls.break_off,
            ),
        ];
        shares
            .into_iter()
            .try_for_each(|(key, value)| share(key, value))?;
        filled("truth", &self.truth)?;
        self.truth.iter().try_for_each(Truth::check)?;
        self.answers.check()?;
        self.register.as_ref().map_or(Ok(()), RegisterRecipe::check)
    }
}

impl Truth {
    fn check(&self) -> Result<(), Error> {
        let shares = [
            ("working", self.working),
            ("eligible", self.eligible),
            ("willing", self.willing),
        ];
        for (key, value) in shares {
            share(&format!("truth.{key}"), value.unwrap_or(0.0))?;
        }
        let reached = self.reached.iter().flatten();
        reached
            .into_iter()
            .try_for_each(|&chance| share("truth.reached", chance))?;
        if self.reached.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::Blank {
                key: "truth.reached".into(),
            });
        }
        range("truth.index", self.index.unwrap_or(50.0), 1.0, 99.0)
    }
}

impl AnswersRecipe {
    fn check(&self) -> Result<(), Error> {
        filled("answers.item", &self.item)?;
        range(
            "answers.high",
            f64::from(self.high),
            f64::from(self.low) + 1.0,
            1_000.0,
        )?;
        range("answers.spread", self.spread, 0.0, 100.0)?;
        range("answers.noise", self.noise, 0.1, 100.0)?;
        if let Some(local) = &self.local {
            range("answers.local.spread", local.spread, 0.0, 100.0)?;
        }
        for (place, item) in self.item.iter().enumerate() {
            if self.item[..place]
                .iter()
                .any(|other| other.name == item.name)
            {
                return Err(Error::Twice {
                    name: item.name.clone(),
                });
            }
            match &item.kind {
                ItemKind::Scale { shift } => range("answers.item.shift", *shift, -50.0, 50.0)?,
                ItemKind::Yes { share: yes, slope } => {
                    share("answers.item.share", *yes)?;
                    range("answers.item.slope", *slope, -1.0, 1.0)?;
                }
                ItemKind::Label { labels, kept, .. } => {
                    filled("answers.item.labels", labels)?;
                    share("answers.item.kept", *kept)?;
                }
            }
        }
        Ok(())
    }
}

impl RegisterRecipe {
    fn check(&self) -> Result<(), Error> {
        range("register.scale", self.scale, f64::MIN_POSITIVE, 1.0)?;
        let shares = [
            ("register.opt_out", self.opt_out),
            (
                "register.own_line + register.bundled",
                self.own_line + self.bundled,
            ),
            ("register.own_number", self.own_number),
            ("register.outside", self.outside),
        ];
        shares
            .into_iter()
            .try_for_each(|(key, value)| share(key, value))?;
        filled("register.cell", &self.cell)?;
        self.zone
            .iter()
            .try_for_each(|zone| share("register.zone.urban", zone.urban))?;
        for operator in &self.operator {
            range("register.operator.tilt", operator.tilt, 0.01, 100.0)?;
        }
        for service in &self.service {
            range("register.service.tilt", service.tilt, 0.01, 100.0)?;
            let whole: f64 = service.plans.iter().map(|(_, share)| share).sum();
            range("the sum of register.service.plans", whole, 0.999, 1.001)?;
        }
        let known = |names: Vec<&String>, key: &str, name: &String| {
            if names.contains(&name) {
                return Ok(());
            }
            let known = names.into_iter().cloned().collect();
            Err(Error::Unknown {
                key: key.into(),
                name: name.clone(),
                known,
            })
        };
        for cell in &self.cell {
            let services = self.service.iter().map(|service| &service.name).collect();
            known(services, "register.cell.service", &cell.service)?;
            let operators = self
                .operator
                .iter()
                .map(|operator| &operator.name)
                .collect();
            known(operators, "register.cell.operator", &cell.operator)?;
        }
        Ok(())
    }
}

fn share(key: &str, value: f64) -> Result<(), Error> {
    range(key, value, 0.0, 1.0)
}

/// NaN is outside every range.
fn range(key: &str, value: f64, least: f64, most: f64) -> Result<(), Error> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::Range {
        key: key.into(),
        value,
        least,
        most,
    })
}

fn filled<T>(key: &str, list: &[T]) -> Result<(), Error> {
    if list.is_empty() {
        Err(Error::Blank { key: key.into() })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Recipe;
    use crate::rehearse::Error;
    use crate::rehearse::samples::{CHONGQING, NUMBERS};

    #[test]
    fn the_recipes_that_ship_can_be_rehearsed() {
        assert!(
            Recipe::read(CHONGQING)
                .expect("a sound recipe")
                .register
                .is_some()
        );
        assert!(
            Recipe::read(NUMBERS)
                .expect("a sound recipe")
                .register
                .is_none()
        );
    }

    #[test]
    fn the_register_has_thirteen_cells_and_fifty_seven_million_rows() {
        let register = Recipe::read(CHONGQING)
            .expect("a sound recipe")
            .register
            .expect("a list");
        assert_eq!(register.cell.len(), 13);
        // 5.5 + 27.8 + 17.5 + 6.2 million: fixed phone, mobile phone, mobile and fixed Internet.
        assert_eq!(
            register.cell.iter().map(|cell| cell.rows).sum::<u64>(),
            57_000_000
        );
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let text = CHONGQING.replace("postponed", "postpone");
        let Err(Error::Unreadable { line, why }) = Recipe::read(&text) else {
            panic!("accepted")
        };
        let at = CHONGQING
            .lines()
            .position(|line| line.starts_with("postponed"));
        assert!(why.contains("postpone"), "{why}");
        assert!(line.is_some() && at.is_some());
    }

    #[test]
    fn a_share_above_one_is_refused_by_name() {
        let text = CHONGQING.replace("dont_know = 0.015", "dont_know = 1.5");
        let Err(Error::Range { key, value, .. }) = Recipe::read(&text) else {
            panic!("accepted")
        };
        assert_eq!(key, "answers.dont_know");
        assert!((value - 1.5).abs() < 1e-12);
    }

    #[test]
    fn a_cell_of_an_unknown_operator_is_refused() {
        let text = CHONGQING.replace(
            "operator = \"驻地网企业\"\nrows",
            "operator = \"nobody\"\nrows",
        );
        let Err(Error::Unknown { name, known, .. }) = Recipe::read(&text) else {
            panic!("accepted")
        };
        assert_eq!((name.as_str(), known.len()), ("nobody", 4));
    }
}
