//! Weighting steps that have a table of their own.

use super::columns::Columns;
use super::whole::{all, need, plain, refuse, value};
use crate::settings::origin::At;
use crate::settings::problems::Problem;
use crate::settings::steps::{Compose, Counts, Propensity, Tree};
use crate::settings::weighing::{Together, WeighStep};
use crate::settings::wire::Weigh;
use crate::settings::words::{StepWord, TogetherWord, UseWord};

/// Takes down columns that did not come along, and values of steps that are not taken.
pub(super) fn fit(
    weigh: &Weigh,
    steps: &[At<StepWord>],
    columns: &Columns,
    found: &mut Vec<Problem>,
) {
    for names in [
        &weigh.propensity.by,
        &weigh.propensity.numbers,
        &weigh.tree.by,
        &weigh.tree.ordered,
    ] {
        columns.know(names.iter().flat_map(|names| &names.value), found);
    }
    columns.know(&weigh.compose.list, found);
    let takes = |step: StepWord| steps.iter().any(|taken| taken.value == step);
    if !takes(StepWord::Propensity) {
        let only = "the step \"propensity\", which weigh.steps leaves out";
        refuse(&weigh.propensity.by, only, found);
        refuse(&weigh.propensity.numbers, only, found);
    }
    if !takes(StepWord::Tree) {
        let only = "the step \"tree\", which weigh.steps leaves out";
        refuse(&weigh.tree.by, only, found);
        refuse(&weigh.tree.ordered, only, found);
    }
    if !takes(StepWord::Multiplicity) {
        let only = "the step \"multiplicity\", which weigh.steps leaves out";
        refuse(&weigh.multiplicity.of, only, found);
    }
    if !takes(StepWord::Household) {
        let only = "the step \"household\", which weigh.steps leaves out";
        refuse(&weigh.household.of, only, found);
    }
    if !takes(StepWord::Compose) {
        let only = "the step \"compose\", which weigh.steps leaves out";
        refuse(&weigh.compose.list, only, found);
        refuse(&weigh.compose.rule, only, found);
    }
    if !takes(StepWord::Instruments) {
        let only = "the step \"instruments\", which weigh.steps leaves out";
        refuse(&weigh.instruments.by, only, found);
        refuse(&weigh.instruments.numbers, only, found);
    }
    nonresponse_once(steps, found);
    persons(weigh, steps, found);
    let trim = steps.iter().find(|step| step.value == StepWord::Trim);
    if let Some(trim) = trim.filter(|_| takes(StepWord::Instruments)) {
        let message =
            "weigh.steps trims weights that meet totals through instruments, and would break them";
        let hint = "leave \"trim\" out, and keep factors within bounds: method = \"logit\"";
        found.push(trim.problem(message).hint(hint));
    }
}

/// Takes down a second step for nonresponse: after the first nobody is left to give weight.
fn nonresponse_once(steps: &[At<StepWord>], found: &mut Vec<Problem>) {
    let mut adjusting = steps
        .iter()
        .filter(|step| step.value.adjusts_for_nonresponse());
    if let (Some(_), Some(second)) = (adjusting.next(), adjusting.next()) {
        let message = "weigh.steps adjusts for nonresponse twice, and after the first such step nobody is left \
                       to hand weight on";
        let hint = "take one of nonresponse, propensity and tree";
        found.push(second.problem(message).hint(hint));
    }
}

/// Takes down a list's own counts where weights no longer speak for its units.
fn persons(weigh: &Weigh, steps: &[At<StepWord>], found: &mut Vec<Problem>) {
    let counts =
        |step: &&At<StepWord>| matches!(step.value, StepWord::Multiplicity | StepWord::Household);
    let meets = steps.iter().any(|step| step.value.meets_totals());
    if let Some(step) = steps.iter().find(counts).filter(|_| meets)
        && weigh.controls.is_none()
    {
        let message = "after the steps \"multiplicity\" and \"household\" weights speak for persons, and the list \
                       counts its units";
        let hint = "give the totals of persons: write controls = … under [weigh]";
        found.push(step.problem(message).hint(hint));
    }
}

/// The step "propensity".
pub(super) fn propensity(step: &Propensity, found: &mut Vec<Problem>) -> Option<WeighStep> {
    let by = all(&step.by).unwrap_or_default();
    let numbers = all(&step.numbers).unwrap_or_default();
    if by.is_empty() && numbers.is_empty() {
        need(
            &step.by.as_ref().filter(|by| !by.value.is_empty()).cloned(),
            &step.at,
            "by",
            found,
        )?;
    }
    let classes = match value(&step.use_)? {
        UseWord::Inverse => None,
        UseWord::Classes => Some(value(&step.classes)?),
    };
    if let Some(at) = step
        .classes
        .as_ref()
        .filter(|_| classes.is_some_and(|count| count < 2))
    {
        found.push(at.problem(format!("{} is 1; it must be at least 2", at.key)));
    }
    Some(WeighStep::Propensity {
        by,
        numbers,
        classes,
        weighted: value(&step.weighted)?,
        least: value(&step.least)?,
    })
}

/// The step "tree".
pub(super) fn tree(step: &Tree, found: &mut Vec<Problem>) -> Option<WeighStep> {
    let by = all(&step.by).unwrap_or_default();
    let ordered = all(&step.ordered).unwrap_or_default();
    if by.is_empty() && ordered.is_empty() {
        need(
            &step.by.as_ref().filter(|by| !by.value.is_empty()).cloned(),
            &step.at,
            "by",
            found,
        )?;
    }
    let twice = step.ordered.iter().flat_map(|names| &names.value);
    for name in twice.filter(|name| by.contains(&name.value)) {
        let message = format!(
            "{} names '{}', which {}.by names too",
            name.key, name.value, step.at.key
        );
        found.push(name.problem(message).hint("name it in one of the two"));
    }
    Some(WeighStep::Tree {
        by,
        ordered,
        least: value(&step.least)?,
        level: value(&step.level)?,
        weighted: value(&step.weighted)?,
    })
}

/// The steps "multiplicity" and "household".
pub(super) fn counts(step: &Counts, people: bool, found: &mut Vec<Problem>) -> Option<WeighStep> {
    Some(WeighStep::Counts {
        people,
        of: need(&step.of, &step.at, "of", found)?,
        cap: value(&step.cap),
        missing: value(&step.missing),
    })
}

/// The step "compose".
pub(super) fn compose(step: &Compose, found: &mut Vec<Problem>) -> Option<WeighStep> {
    let list = need(&step.list, &step.at, "list", found);
    let first = need(&step.first, &step.at, "first", found);
    let both = need(&step.both, &step.at, "both", found);
    let rule = need(&step.rule, &step.at, "rule", found);
    let together = match rule? {
        TogetherWord::Share => need(&step.share, &step.at, "share", found).map(Together::Share),
        TogetherWord::Effective => Some(Together::Effective),
        TogetherWord::Chances => chances(step, found),
    };
    if rule != Some(TogetherWord::Share) {
        refuse(&step.share, "rule = \"share\"", found);
    }
    if rule != Some(TogetherWord::Chances) {
        refuse(&step.chances, "rule = \"chances\"", found);
    }
    Some(WeighStep::Compose {
        list: list?,
        first: first?,
        both: both?,
        equals: value(&step.equals)?,
        together: together?,
    })
}

fn chances(step: &Compose, found: &mut Vec<Problem>) -> Option<Together> {
    need(&step.chances, &step.at, "chances", found)?;
    let at = step.chances.as_ref()?;
    match plain(&at.value)[..] {
        [first, second] if first <= 1.0 && second <= 1.0 => Some(Together::Chances(first, second)),
        _ => {
            let message = format!("{} must be two chances, above 0 and at most 1", at.key);
            let hint = "write the chance to be drawn from the first list and from the second, such as [0.01, 0.002]";
            found.push(at.problem(message).hint(hint));
            None
        }
    }
}

/// The columns of the step "instruments": categories and numbers.
pub(super) fn instruments(
    weigh: &Weigh,
    found: &mut Vec<Problem>,
) -> Option<(Vec<String>, Vec<String>)> {
    let step = &weigh.instruments;
    let by = all(&step.by).unwrap_or_default();
    let numbers = all(&step.numbers).unwrap_or_default();
    if by.is_empty() && numbers.is_empty() {
        need(
            &step.by.as_ref().filter(|by| !by.value.is_empty()).cloned(),
            &step.at,
            "by",
            found,
        )?;
    }
    Some((by, numbers))
}
