//! `[estimate]`

use super::whole::{need, refuse, value};
use crate::estimate::variance::{Kind, for_method};
use crate::settings::problems::Problem;
use crate::settings::variance::{Estimating, VarianceWord, Variances};
use crate::settings::wire;
use crate::settings::words::StatisticWord;

/// How variances are made, if it fits the draw and the figures.
pub(super) fn variances(
    estimate: &Estimating,
    (draw, figures): (&wire::Draw, &[wire::Figure]),
    found: &mut Vec<Problem>,
) -> Option<Variances> {
    let word = estimate.variance.as_ref()?.value;
    if word != VarianceWord::Taylor {
        drawn(estimate, draw, found);
        for figure in figures {
            quantile(figure, found);
        }
    }
    if matches!(word, VarianceWord::Taylor | VarianceWord::Jackknife) {
        let only = "the bootstrap, the generalised bootstrap and random groups";
        refuse(&estimate.replicates, only, found);
    }
    let mut replicates = || need(&estimate.replicates, &estimate.at, "replicates", found);
    Some(match word {
        VarianceWord::Taylor => Variances::Taylor,
        VarianceWord::Jackknife => Variances::Jackknife,
        VarianceWord::Bootstrap => Variances::Bootstrap {
            replicates: replicates()?,
        },
        VarianceWord::Generalised => Variances::Generalised {
            replicates: replicates()?,
        },
        VarianceWord::Groups => Variances::Groups {
            groups: replicates()?,
        },
    })
}

/// Replicates are those of a simple draw in strata.
fn drawn(estimate: &Estimating, draw: &wire::Draw, found: &mut Vec<Problem>) {
    let (Some(at), Some(method)) = (&estimate.variance, value(&draw.method)) else {
        return;
    };
    if !draw.stages.is_empty() {
        let message = format!(
            "{} asks for replicates, which are made for a simple draw in strata, and this one is in stages",
            at.key
        );
        let hint = "write \"taylor\", which knows every stage";
        found.push(at.problem(message).hint(hint));
        return;
    }
    let key = method.card.key;
    if for_method(key) != Some(Kind::Strata) {
        let message = format!(
            "{} asks for replicates, which are made for a simple draw in strata, and draw.method is '{key}'",
            at.key
        );
        let hint = "write \"taylor\", which knows every method";
        found.push(at.problem(message).hint(hint));
    }
}

/// The jackknife does not see how a quantile varies; and where many answers are alike, as on a scale, no
/// replicate moves it, which would pass for certainty.
fn quantile(figure: &wire::Figure, found: &mut Vec<Problem>) {
    let Some(statistic) = &figure.statistic else {
        return;
    };
    if statistic.value == StatisticWord::Quantile {
        let message = format!(
            "{} is 'quantile', of which replicates do not know the variance where answers are alike",
            statistic.key
        );
        let hint = "write [estimate] variance = \"taylor\", or leave the quantile out";
        found.push(statistic.problem(message).hint(hint));
    }
}
