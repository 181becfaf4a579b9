//! Replicate weights in the words of Stata.

use super::super::super::Asked;
use super::super::Text;
use super::super::replicates::Set;
use super::name;
use crate::estimate::variance::replicate::Kind;

/// `svyset` for replicate weights that came with the table.
pub(super) fn came(asked: &Asked, set: &Set, text: &mut Text) {
    let names: Vec<String> = set.columns.iter().map(|column| name(column)).collect();
    let (names, weight) = (names.join(" "), name(&asked.weight));
    if !set.combined {
        text.line(format!("foreach factor of varlist {names} {{"));
        text.line(format!(
            "    quietly replace `factor' = `factor' * {weight}"
        ));
        text.line("}");
    }
    let count = set.columns.len() as f64;
    let is_one = |c: f64| (c * count - 1.0).abs() < 1e-12;
    let mut words = match set.kind {
        Kind::Brr if set.is_plain() => vec![format!("brrweight({names}) vce(brr)")],
        Kind::Fay { rho } if set.is_plain() => {
            vec![format!("brrweight({names}) fay({rho}) vce(brr)")]
        }
        Kind::Acs | Kind::Successive => vec![format!("sdrweight({names}) vce(sdr)")],
        Kind::Bootstrap { .. } if set.is_plain() && is_one(set.scale) => {
            vec![format!("bsrweight({names}) vce(bootstrap)")]
        }
        _ => vec![multiplied(set, &names, text)],
    };
    if !set.is_centred() {
        words.push("mse".to_owned());
    }
    match set.degrees {
        Some(degrees) => words.push(format!("dof({degrees})")),
        None => text.line(
            "// Degrees of freedom are Stata's own, unless dof() says others; intervals go by them.",
        ),
    }
    text.line(format!("svyset [pweight = {weight}], {}", words.join(" ")));
}

/// The jackknife takes any constants.
fn multiplied(set: &Set, names: &str, text: &mut Text) -> String {
    match set.kind {
        Kind::Jk1 | Kind::Jkn | Kind::Jk2 => {}
        Kind::Bootstrap { .. } => text.line(
            "// vce(bootstrap) divides by the replicates, ours by one less: the jackknife takes any constant.",
        ),
        _ => text.line("// The jackknife takes any constants, of whichever replicates."),
    }
    let factors = set.factors();
    if set.is_centred() && factors.len() > 1 {
        let why = "it takes the mean of the replicates of each stratum";
        text.lacks(
            "replicates of several constants, measured from their own mean",
            why,
        );
    }
    format!(
        "jkrweight({names}, multiplier({})) vce(jackknife)",
        factors.join(" ")
    )
}
