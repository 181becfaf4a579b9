//! Values that differ between cells: rules in a row, of which the later are the stronger.
//!
//! A rule without `where` is for every cell, so it comes first. A rule may give only some of the
//! values; what it leaves out stays as the rules before it said. What no rule gives is not guessed:
//! the cell is [`Incomplete`].

use std::collections::{BTreeMap, BTreeSet};

use super::origin::Origin;
use super::problems::{Problem, Problems};
use super::reader::nearest;
use super::settings::Settings;
use crate::advice::{Advise, list};

/// The wished precision of the cells that match.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetRule {
    /// Column and label that a cell must have; none for every cell.
    pub where_: BTreeMap<String, String>,
    /// Half-width of the interval, in points of the answer.
    pub margin: Option<f64>,
    /// Expected spread of the answer, in the same points.
    pub spread: Option<f64>,
    /// Expected design effect.
    pub design_effect: Option<f64>,
    /// Where the rule stands.
    pub origin: Origin,
}

/// The expected yield of the cells that match.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelRule {
    /// Column and label that a cell must have; none for every cell.
    pub where_: BTreeMap<String, String>,
    /// Numbers that work.
    pub working: Option<f64>,
    /// Of these, numbers at which somebody is reached.
    pub reached: Option<f64>,
    /// Of these, numbers with an eligible person.
    pub eligible: Option<f64>,
    /// Of these, people who give an interview.
    pub willing: Option<f64>,
    /// Where the shares come from; without it they are an assumption.
    pub source: Option<String>,
    /// Where the rule stands.
    pub origin: Origin,
}

/// What the rules say of one cell's precision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TargetValues {
    /// Half-width of the interval, in points of the answer.
    pub margin: f64,
    /// Expected spread of the answer, in the same points.
    pub spread: f64,
    /// Expected design effect.
    pub design_effect: f64,
}

/// What the rules say of one cell's yield.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelValues {
    /// Numbers that work.
    pub working: f64,
    /// Of these, numbers at which somebody is reached.
    pub reached: f64,
    /// Of these, numbers with an eligible person.
    pub eligible: f64,
    /// Of these, people who give an interview.
    pub willing: f64,
    /// Where the shares come from; none means an assumption.
    pub source: Option<String>,
}

/// The rules do not say everything of a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no [[{rule}]] says {} of the cell '{cell}'", list(missing))]
pub struct Incomplete {
    /// "target" or "funnel".
    pub rule: &'static str,
    /// The cell's labels, as "fixed phone / telecom".
    pub cell: String,
    /// The keys that no rule gives.
    pub missing: Vec<&'static str>,
}

impl Advise for Incomplete {
    fn place(&self) -> Option<String> {
        Some(format!("survey.toml, [[{}]]", self.rule))
    }

    fn hint(&self) -> Option<String> {
        let keys = self.missing.join(", ");
        let rule = self.rule;
        Some(format!(
            "write {keys} in a first [[{rule}]] without where, which is for every cell, or in one whose where matches this cell"
        ))
    }
}

impl Settings {
    /// The wished precision of the cell with these columns and labels.
    ///
    /// # Errors
    ///
    /// [`Incomplete`] names the cell and the keys that no matching rule gives.
    pub fn target_for(&self, cell: &[(&str, &str)]) -> Result<TargetValues, Incomplete> {
        let rules: Vec<&TargetRule> = self
            .targets
            .iter()
            .filter(|rule| matches(&rule.where_, cell))
            .collect();
        let last =
            |value: fn(&TargetRule) -> Option<f64>| rules.iter().rev().find_map(|rule| value(rule));
        let [margin, spread, design_effect] = [
            last(|r| r.margin),
            last(|r| r.spread),
            last(|r| r.design_effect),
        ];
        match (margin, spread, design_effect) {
            (Some(margin), Some(spread), Some(design_effect)) => Ok(TargetValues {
                margin,
                spread,
                design_effect,
            }),
            _ => Err(incomplete(
                "target",
                cell,
                &[
                    ("margin", margin),
                    ("spread", spread),
                    ("design_effect", design_effect),
                ],
            )),
        }
    }

    /// The expected yield of the cell with these columns and labels.
    ///
    /// # Errors
    ///
    /// [`Incomplete`] names the cell and the keys that no matching rule gives.
    pub fn funnel_for(&self, cell: &[(&str, &str)]) -> Result<FunnelValues, Incomplete> {
        let rules: Vec<&FunnelRule> = self
            .funnels
            .iter()
            .filter(|rule| matches(&rule.where_, cell))
            .collect();
        let last =
            |value: fn(&FunnelRule) -> Option<f64>| rules.iter().rev().find_map(|rule| value(rule));
        let [working, reached, eligible, willing] = [
            last(|r| r.working),
            last(|r| r.reached),
            last(|r| r.eligible),
            last(|r| r.willing),
        ];
        match (working, reached, eligible, willing) {
            (Some(working), Some(reached), Some(eligible), Some(willing)) => {
                let source = rules.iter().rev().find_map(|rule| rule.source.clone());
                Ok(FunnelValues {
                    working,
                    reached,
                    eligible,
                    willing,
                    source,
                })
            }
            _ => Err(incomplete(
                "funnel",
                cell,
                &[
                    ("working", working),
                    ("reached", reached),
                    ("eligible", eligible),
                    ("willing", willing),
                ],
            )),
        }
    }
}

impl Settings {
    /// Checks that every rule's `where` matches something in the list, of whose strata these are the
    /// columns and labels. A label with a slip in it would leave the rule without effect.
    ///
    /// # Errors
    ///
    /// [`Problems`] names the rules that match nothing, and the nearest label.
    pub fn check_rules(&self, strata: &[Vec<(&str, &str)>]) -> Result<(), Problems> {
        let targets = self
            .targets
            .iter()
            .map(|rule| ("target", &rule.where_, rule.origin));
        let funnels = self
            .funnels
            .iter()
            .map(|rule| ("funnel", &rule.where_, rule.origin));
        let idle = targets
            .chain(funnels)
            .filter(|(_, where_, _)| !strata.iter().any(|stratum| matches(where_, stratum)));
        let list: Vec<Problem> = idle
            .map(|(rule, where_, origin)| idle_rule(rule, where_, origin, strata))
            .collect();
        if list.is_empty() {
            Ok(())
        } else {
            Err(Problems::sorted(&self.source.file, list))
        }
    }
}

/// A rule that matches nothing, with the first label that the list does not have.
fn idle_rule(
    rule: &str,
    where_: &BTreeMap<String, String>,
    origin: Origin,
    strata: &[Vec<(&str, &str)>],
) -> Problem {
    let labels_of = |column: &str| -> BTreeSet<&str> {
        let all = strata.iter().flatten().filter(|(name, _)| *name == column);
        all.map(|(_, label)| *label).collect()
    };
    let slip = where_
        .iter()
        .find(|(column, label)| !labels_of(column).contains(label.as_str()));
    let Some((column, label)) = slip else {
        let labels: Vec<&String> = where_.values().collect();
        let message = format!("no stratum of the list is {} at once", list(&labels));
        return Problem::new(origin, rule, message);
    };
    let message = format!("no stratum of the list has '{label}' in its column '{column}'");
    let problem = Problem::new(origin, rule, message);
    let labels: Vec<&str> = labels_of(column).into_iter().collect();
    match nearest(label, labels.iter().copied()) {
        Some(near) => problem.hint(format!("did you mean '{near}'?")),
        None => problem.hint(format!("there are {}", list(&labels))),
    }
}

/// Whether a cell has every label that a rule asks for.
fn matches(where_: &BTreeMap<String, String>, cell: &[(&str, &str)]) -> bool {
    where_
        .iter()
        .all(|(column, label)| cell.contains(&(column.as_str(), label.as_str())))
}

fn incomplete(
    rule: &'static str,
    cell: &[(&str, &str)],
    values: &[(&'static str, Option<f64>)],
) -> Incomplete {
    let labels: Vec<&str> = cell.iter().map(|(_, label)| *label).collect();
    let cell = if labels.is_empty() {
        "all".to_string()
    } else {
        labels.join(" / ")
    };
    let missing = values
        .iter()
        .filter(|(_, v)| v.is_none())
        .map(|(key, _)| *key)
        .collect();
    Incomplete {
        rule,
        cell,
        missing,
    }
}
