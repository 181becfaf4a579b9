//! `[[target]]` and `[[funnel]]`

use std::collections::BTreeMap;

use super::columns::{Columns, stranger};
use super::whole::value;
use crate::settings::origin::At;
use crate::settings::problems::Problem;
use crate::settings::rules::{FunnelRule, TargetRule};
use crate::settings::wire::{self, Where};

/// The rules of precision. A spread may differ between strata, for optimum allocation; a margin and
/// a design effect belong to a whole cell.
pub(super) fn targets(
    rules: &[wire::TargetRule],
    columns: &Columns,
    found: &mut Vec<Problem>,
) -> Vec<TargetRule> {
    for (index, rule) in rules.iter().enumerate() {
        let of_cell = rule.margin.is_some() || rule.design_effect.is_some();
        if of_cell {
            holds_in(
                &rule.where_,
                columns.cells.as_deref(),
                "not in list.cells",
                found,
            );
        } else {
            holds_in(
                &rule.where_,
                columns.strata.as_deref(),
                "not in list.strata",
                found,
            );
        }
        says_something(&rule.at, of_cell || rule.spread.is_some(), found);
        stands_first(index, &rule.at, &rule.where_, found);
    }
    let plain = |rule: &wire::TargetRule| TargetRule {
        where_: labels(&rule.where_),
        margin: value(&rule.margin),
        spread: value(&rule.spread),
        design_effect: value(&rule.design_effect),
        origin: rule.at.origin,
    };
    rules.iter().map(plain).collect()
}

/// The rules of yield.
pub(super) fn funnels(
    rules: &[wire::FunnelRule],
    columns: &Columns,
    found: &mut Vec<Problem>,
) -> Vec<FunnelRule> {
    for (index, rule) in rules.iter().enumerate() {
        holds_in(
            &rule.where_,
            columns.cells.as_deref(),
            "not in list.cells",
            found,
        );
        let shares = [&rule.working, &rule.reached, &rule.eligible, &rule.willing];
        says_something(&rule.at, shares.iter().any(|share| share.is_some()), found);
        stands_first(index, &rule.at, &rule.where_, found);
    }
    let plain = |rule: &wire::FunnelRule| FunnelRule {
        where_: labels(&rule.where_),
        working: value(&rule.working),
        reached: value(&rule.reached),
        eligible: value(&rule.eligible),
        willing: value(&rule.willing),
        source: value(&rule.source),
        origin: rule.at.origin,
    };
    rules.iter().map(plain).collect()
}

fn labels(where_: &Where) -> BTreeMap<String, String> {
    let pairs = where_.iter().flat_map(|at| &at.value);
    pairs
        .map(|(column, label)| (column.value.clone(), label.clone()))
        .collect()
}

/// Takes down columns of a `where` that cannot tell one cell from another.
fn holds_in(where_: &Where, known: Option<&[String]>, among: &str, found: &mut Vec<Problem>) {
    let Some(known) = known else { return };
    for (column, _) in where_.iter().flat_map(|at| &at.value) {
        if !known.contains(&column.value) {
            found.push(stranger(column, &column.value, known, among));
        }
    }
}

/// Takes down a rule without a value, unless its values are wrong and so were taken down.
fn says_something(rule: &At<()>, says: bool, found: &mut Vec<Problem>) {
    let prefix = format!("{}.", rule.key);
    if !says && !found.iter().any(|problem| problem.key.starts_with(&prefix)) {
        found.push(
            rule.problem(format!("{} gives no value", rule.key))
                .hint("leave it out"),
        );
    }
}

/// Takes down a rule for every cell that silently overrides the rules before it.
fn stands_first(index: usize, rule: &At<()>, where_: &Where, found: &mut Vec<Problem>) {
    let prefix = format!("{}.where", rule.key);
    let wrong = found.iter().any(|problem| problem.key.starts_with(&prefix));
    let everywhere = where_.as_ref().is_none_or(|at| at.value.is_empty());
    if index > 0 && everywhere && !wrong {
        let message = format!(
            "{} has no where, so it overrides the rules before it",
            rule.key
        );
        found.push(
            rule.problem(message)
                .hint("put the rule for every cell first"),
        );
    }
}
