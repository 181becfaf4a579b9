//! Replicate weights in the words of SAS.

use super::super::super::Asked;
use super::super::Text;
use super::super::replicates::Set;
use super::name;
use crate::estimate::variance::replicate::Kind;

/// What a procedure is told of replicate weights.
pub(super) struct Method {
    /// " varmethod=brr".
    pub option: String,
    /// "repweights rw1-rw80 / jkcoefs=0.05;".
    pub statement: String,
}

/// Factors as weights, in a step of their own.
pub(super) fn weights(asked: &Asked, set: &Set, text: &mut Text) {
    if set.combined {
        return;
    }
    let weight = name(&asked.weight);
    text.line(format!("  array factors{{*}} {};", columns(set)));
    text.line(format!(
        "  do _i_ = 1 to dim(factors); factors{{_i_}} = factors{{_i_}} * {weight}; end;"
    ));
    text.line("  drop _i_;");
}

pub(super) fn method(set: &Set, text: &mut Text) -> Method {
    if set.is_centred() {
        let why = "it measures them from the full sample's figure: --centre full";
        text.lacks("replicates measured from their own mean", why);
    }
    let (option, constants) = match set.kind {
        Kind::Brr if set.is_plain() => (" varmethod=brr".to_owned(), None),
        Kind::Fay { rho } if set.is_plain() => (format!(" varmethod=brr(fay={rho})"), None),
        _ => (" varmethod=jackknife".to_owned(), Some(set.factors())),
    };
    let mut words = Vec::new();
    words.extend(constants.map(|constants| match &constants[..] {
        [one] => format!("jkcoefs={one}"),
        several => format!("jkcoefs=({})", several.join(" ")),
    }));
    words.extend(set.degrees.map(|degrees| format!("df={degrees}")));
    if set.degrees.is_none() {
        text.line("/* Degrees of freedom are the replicates, unless df= says others; intervals go by them. */");
    }
    let words = match words.is_empty() {
        true => String::new(),
        false => format!(" / {}", words.join(" ")),
    };
    Method {
        option,
        statement: format!("repweights {}{words};", columns(set)),
    }
}

fn columns(set: &Set) -> String {
    match set.numbered() {
        Some((prefix, ..)) if name(prefix) == prefix => {
            let ends = [set.columns.first(), set.columns.last()];
            let ends: Vec<&str> = ends.into_iter().flatten().map(String::as_str).collect();
            ends.join("-")
        }
        _ => {
            let names: Vec<String> = set.columns.iter().map(|column| name(column)).collect();
            names.join(" ")
        }
    }
}
