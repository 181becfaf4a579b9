//! `[weigh]`

use super::columns::Columns;
use super::whole::{all, need, plain, refuse, value};
use crate::settings::origin::At;
use crate::settings::problems::Problem;
use crate::settings::settings::{Weigh, WeighStep};
use crate::settings::wire;
use crate::settings::words::StepWord;

/// The weighting steps, in their order, each with all it needs.
pub(super) fn weigh(
    weigh: &wire::Weigh,
    columns: &Columns,
    found: &mut Vec<Problem>,
) -> Option<Weigh> {
    let named = |names: &Option<At<Vec<At<String>>>>, found: &mut Vec<Problem>| {
        columns.know(names.iter().flat_map(|names| &names.value), found);
    };
    named(&weigh.unknown_by, found);
    named(&weigh.nonresponse_by, found);
    for margin in weigh.margins.iter().flat_map(|margins| &margins.value) {
        columns.know(&margin.value, found);
        if margin.value.is_empty() {
            found.push(margin.problem(format!("{} names no column", margin.key)));
        }
    }

    let steps = &weigh.steps.as_ref()?.value;
    in_order(steps, found);
    let takes = |step: StepWord| steps.iter().any(|taken| taken.value == step);
    if !takes(StepWord::Unknown) {
        refuse(
            &weigh.unknown_by,
            "the step \"unknown\", which weigh.steps leaves out",
            found,
        );
    }
    if !takes(StepWord::Nonresponse) {
        let only = "the step \"nonresponse\", which weigh.steps leaves out";
        refuse(&weigh.nonresponse_by, only, found);
    }
    if !takes(StepWord::Rake) {
        refuse(
            &weigh.margins,
            "the step \"rake\", which weigh.steps leaves out",
            found,
        );
    }
    let steps: Vec<Option<WeighStep>> = steps
        .iter()
        .map(|step| whole_step(step.value, weigh, found))
        .collect();
    Some(Weigh {
        steps: steps.into_iter().collect::<Option<_>>()?,
    })
}

/// A step with the values it needs.
fn whole_step(step: StepWord, weigh: &wire::Weigh, found: &mut Vec<Problem>) -> Option<WeighStep> {
    match step {
        StepWord::Unknown => {
            need(&weigh.unknown_by, &weigh.at, "unknown_by", found)?;
            Some(WeighStep::Unknown {
                by: all(&weigh.unknown_by)?,
            })
        }
        StepWord::Nonresponse => {
            need(&weigh.nonresponse_by, &weigh.at, "nonresponse_by", found)?;
            Some(WeighStep::Nonresponse {
                by: all(&weigh.nonresponse_by)?,
            })
        }
        StepWord::Rake => {
            let margins = need(&weigh.margins, &weigh.at, "margins", found)?;
            if margins.is_empty() {
                let at = weigh.margins.as_ref()?;
                let hint = "name at least one margin, such as [\"region\"]";
                found.push(at.problem("weigh.margins is empty").hint(hint));
            }
            Some(WeighStep::Rake {
                margins: margins.iter().map(|margin| plain(&margin.value)).collect(),
                tolerance: value(&weigh.tolerance)?,
                rounds: value(&weigh.rounds)?,
            })
        }
    }
}

/// Takes down a step that comes after one it must precede.
fn in_order(steps: &[At<StepWord>], found: &mut Vec<Problem>) {
    if let Some(pair) = steps.windows(2).find(|pair| pair[0].value > pair[1].value) {
        let message = "weigh.steps are not in the order in which weights can be corrected";
        found.push(
            pair[1]
                .problem(message)
                .hint("the order is unknown, nonresponse, rake"),
        );
    }
}
