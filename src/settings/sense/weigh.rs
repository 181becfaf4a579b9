//! `[weigh]`

use super::columns::Columns;
use super::steps;
use super::whole::{all, need, plain, refuse, value};
use crate::settings::origin::At;
use crate::settings::problems::Problem;
use crate::settings::weighing::{Cap, Distance, Weigh, WeighStep};
use crate::settings::wire;
use crate::settings::words::{CapWord, DistanceWord, ExcessWord, StepWord};

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
    named(&weigh.amounts, found);
    for margin in weigh.margins.iter().flat_map(|margins| &margins.value) {
        columns.know(&margin.value, found);
        if margin.value.is_empty() {
            found.push(margin.problem(format!("{} names no column", margin.key)));
        }
    }

    let taken = &weigh.steps.as_ref()?.value;
    in_order(taken, found);
    void(taken, weigh, found);
    steps::fit(weigh, taken, columns, found);
    let steps: Vec<Option<WeighStep>> = taken
        .iter()
        .map(|step| whole_step(step.value, weigh, found))
        .collect();
    Some(Weigh {
        steps: steps.into_iter().collect::<Option<_>>()?,
        controls: value(&weigh.controls),
        covariance: value(&weigh.covariance),
    })
}

/// Takes down values of steps that are not taken.
fn void(steps: &[At<StepWord>], weigh: &wire::Weigh, found: &mut Vec<Problem>) {
    let takes = |step: StepWord| steps.iter().any(|taken| taken.value == step);
    if !takes(StepWord::Unknown) {
        let only = "the step \"unknown\", which weigh.steps leaves out";
        refuse(&weigh.unknown_by, only, found);
    }
    if !takes(StepWord::Nonresponse) {
        let only = "the step \"nonresponse\", which weigh.steps leaves out";
        refuse(&weigh.nonresponse_by, only, found);
    }
    if !steps.iter().any(|step| step.value.meets_totals()) {
        let only = "the steps \"poststratify\", \"rake\", \"calibrate\" and \"instruments\", which weigh.steps leaves out";
        refuse(&weigh.margins, only, found);
        refuse(&weigh.controls, only, found);
    }
    if weigh.controls.is_none() {
        refuse(
            &weigh.covariance,
            "totals from a file, weigh.controls",
            found,
        );
    }
    if !takes(StepWord::Calibrate) && !takes(StepWord::Instruments) {
        let only = "the steps \"calibrate\" and \"instruments\", which weigh.steps leaves out";
        refuse(&weigh.amounts, only, found);
        refuse(&weigh.method, only, found);
        refuse(&weigh.bounds, only, found);
    }
    if !takes(StepWord::Calibrate) {
        let only = "the step \"calibrate\", which weigh.steps leaves out";
        refuse(&weigh.limits, only, found);
    }
    if !takes(StepWord::Trim) {
        let only = "the step \"trim\", which weigh.steps leaves out";
        refuse(&weigh.cap, only, found);
        refuse(&weigh.rule, only, found);
    }
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
        StepWord::SecondPhase => Some(WeighStep::SecondPhase),
        StepWord::Nonresponse => {
            need(&weigh.nonresponse_by, &weigh.at, "nonresponse_by", found)?;
            Some(WeighStep::Nonresponse {
                by: all(&weigh.nonresponse_by)?,
            })
        }
        StepWord::Propensity => steps::propensity(&weigh.propensity, found),
        StepWord::Tree => steps::tree(&weigh.tree, found),
        StepWord::Compose => steps::compose(&weigh.compose, found),
        StepWord::Multiplicity => steps::counts(&weigh.multiplicity, false, found),
        StepWord::Household => steps::counts(&weigh.household, true, found),
        StepWord::Poststratify => poststratify(weigh, found),
        StepWord::Rake => Some(WeighStep::Rake {
            margins: margins(weigh, found)?,
            tolerance: value(&weigh.tolerance)?,
            rounds: value(&weigh.rounds)?,
        }),
        StepWord::Calibrate => {
            let (margins, method) = (margins(weigh, found), distance(weigh, found));
            let limits = weigh.limits.as_ref().map(|at| limits(at, weigh, found));
            Some(WeighStep::Calibrate {
                margins: margins?,
                amounts: all(&weigh.amounts).unwrap_or_default(),
                method: method?,
                limits: match limits {
                    Some(limits) => Some(limits?),
                    None => None,
                },
                tolerance: value(&weigh.tolerance)?,
                rounds: value(&weigh.rounds)?,
            })
        }
        StepWord::Instruments => {
            let (margins, method) = (margins(weigh, found), distance(weigh, found));
            let (by, numbers) = steps::instruments(weigh, found)?;
            Some(WeighStep::Instruments {
                margins: margins?,
                amounts: all(&weigh.amounts).unwrap_or_default(),
                by,
                numbers,
                method: method?,
                tolerance: value(&weigh.tolerance)?,
                rounds: value(&weigh.rounds)?,
            })
        }
        StepWord::Trim => trim(weigh, found),
    }
}

/// The margins, of which there must be some.
fn margins(weigh: &wire::Weigh, found: &mut Vec<Problem>) -> Option<Vec<Vec<String>>> {
    let margins = need(&weigh.margins, &weigh.at, "margins", found)?;
    if margins.is_empty() {
        let at = weigh.margins.as_ref()?;
        let hint = "name at least one margin, such as [\"region\"]";
        found.push(at.problem("weigh.margins is empty").hint(hint));
    }
    Some(margins.iter().map(|margin| plain(&margin.value)).collect())
}

fn poststratify(weigh: &wire::Weigh, found: &mut Vec<Problem>) -> Option<WeighStep> {
    let margins = margins(weigh, found)?;
    let count = margins.len();
    if count > 1 {
        let at = weigh.margins.as_ref()?;
        let message = format!("weigh.margins has {count} margins, and \"poststratify\" meets one");
        found.push(
            at.problem(message)
                .hint("cross the columns in one margin, or take the step \"rake\""),
        );
    }
    let margin = margins.into_iter().next()?;
    Some(WeighStep::Poststratify { margin })
}

/// How distance is counted, with its bounds.
fn distance(weigh: &wire::Weigh, found: &mut Vec<Problem>) -> Option<Distance> {
    let word = need(&weigh.method, &weigh.at, "method", found)?;
    if word == DistanceWord::Linear {
        if let Some(at) = &weigh.bounds {
            let message = "weigh.bounds is not for method = \"linear\", which has none";
            found.push(
                at.problem(message)
                    .hint("leave it out, or write method = \"truncated\""),
            );
        }
        return Some(Distance::Linear);
    }
    if weigh.bounds.is_none() && weigh.limits.is_some() {
        // Limits of weights do instead of bounds of factors.
        let bounds = (0.0, f64::INFINITY);
        match word {
            DistanceWord::Raking => {
                return Some(Distance::Raking {
                    bounds: Some(bounds),
                });
            }
            DistanceWord::Truncated => return Some(Distance::Truncated { bounds }),
            DistanceWord::Logit | DistanceWord::Linear => {}
        }
    }
    if word == DistanceWord::Raking && weigh.bounds.is_none() {
        return Some(Distance::Raking { bounds: None });
    }
    need(&weigh.bounds, &weigh.at, "bounds", found)?;
    let at = weigh.bounds.as_ref()?;
    let bounds = plain(&at.value);
    let [low, high] = bounds[..] else {
        let message = format!(
            "weigh.bounds has {} numbers; it must have two",
            bounds.len()
        );
        found.push(
            at.problem(message)
                .hint("write the smallest and the largest factor, such as [0.5, 2.0]"),
        );
        return None;
    };
    if low >= 1.0 || high <= 1.0 {
        let message = format!("weigh.bounds are {low} and {high}; 1 must lie between them");
        found.push(
            at.problem(message)
                .hint("a factor of 1 leaves a weight as it is"),
        );
        return None;
    }
    let bounds = (low, high);
    Some(match word {
        DistanceWord::Logit => Distance::Logit { bounds },
        DistanceWord::Truncated => Distance::Truncated { bounds },
        DistanceWord::Raking | DistanceWord::Linear => Distance::Raking {
            bounds: Some(bounds),
        },
    })
}

/// The smallest and the largest weight.
fn limits(
    at: &At<Vec<At<f64>>>,
    weigh: &wire::Weigh,
    found: &mut Vec<Problem>,
) -> Option<(f64, f64)> {
    let word = value(&weigh.method);
    if matches!(word, Some(DistanceWord::Linear | DistanceWord::Logit)) {
        let message = "weigh.limits is only for method = \"truncated\" and method = \"raking\"";
        let hint = "take one of the two, or bounds of factors in place of limits of weights";
        found.push(at.problem(message).hint(hint));
        return None;
    }
    match plain(&at.value)[..] {
        [low, high] if low < high => Some((low, high)),
        _ => {
            let message = "weigh.limits must be a smallest and a larger weight";
            found.push(
                at.problem(message)
                    .hint("write two numbers such as [5, 200]"),
            );
            None
        }
    }
}

fn trim(weigh: &wire::Weigh, found: &mut Vec<Problem>) -> Option<WeighStep> {
    let cap = need(&weigh.cap, &weigh.at, "cap", found);
    let rule = need(&weigh.rule, &weigh.at, "rule", found);
    let (cap, rule) = (cap?, rule?);
    if rule != CapWord::Weight && cap <= 1.0 {
        let at = weigh.cap.as_ref()?;
        let message =
            format!("weigh.cap is {cap}; it must be above 1 where it counts medians or means");
        found.push(at.problem(message));
    }
    Some(WeighStep::Trim {
        cap: match rule {
            CapWord::Weight => Cap::Weight(cap),
            CapWord::Median => Cap::Median(cap),
            CapWord::Mean => Cap::Mean(cap),
        },
        equal: value(&weigh.excess)? == ExcessWord::Equal,
        tolerance: value(&weigh.tolerance)?,
        rounds: value(&weigh.rounds)?,
    })
}

/// Takes down a step that comes after one it must precede, and a second step that meets totals.
fn in_order(steps: &[At<StepWord>], found: &mut Vec<Problem>) {
    if let Some(pair) = steps
        .windows(2)
        .find(|pair| !pair[0].value.may_precede(pair[1].value))
    {
        let message = "weigh.steps are not in the order in which weights can be corrected";
        let hint = "the order is second-phase and unknown, either first, then nonresponse, propensity or tree, compose, \
             multiplicity, household, then poststratify, rake, calibrate or instruments, then trim";
        found.push(pair[1].problem(message).hint(hint));
    }
    let mut meeting = steps.iter().filter(|step| step.value.meets_totals());
    if let (Some(_), Some(second)) = (meeting.next(), meeting.next()) {
        let message =
            "weigh.steps meets known totals twice, and the second step breaks what the first met";
        let hint = "take one of poststratify, rake, calibrate and instruments";
        found.push(second.problem(message).hint(hint));
    }
}
