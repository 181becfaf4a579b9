//! Replicate weights in the words of R's `survey`.

use super::super::super::{Asked, Made};
use super::super::replicates::Set;
use super::super::{Text, quoted};
use super::name;
use crate::estimate::variance::replicate::{Centre, Kind, Method};

/// Figures that `survey` makes in a way of its own where there are replicates.
pub(super) const ANEW: &str = r#"# Made anew with every set of weights.
variance <- function(w, y, x = y) {
  on <- w > 0 & !is.na(y) & !is.na(x)
  w <- w[on] / sum(w[on]); y <- y[on]; x <- x[on]; n <- length(y)
  n / (n - 1) * sum(w * (y - sum(w * y)) * (x - sum(w * x)))
}
both <- function(w, y, x) replace(w, is.na(y) | is.na(x), 0)
correlation <- function(w, y, x) {
  w <- both(w, y, x)
  variance(w, y, x) / sqrt(variance(w, y) * variance(w, x))
}
anew <- function(part, of) withReplicates(part, function(w, data) of(w, data))"#;

/// The design that replicate weights of the table are.
pub(super) fn came(asked: &Asked, set: &Set, text: &mut Text) {
    let mut words = vec![
        format!("weights = ~{}", name(&asked.weight)),
        format!("repweights = data[{}]", columns(set)),
        "data = data".to_owned(),
    ];
    words.extend(kind(set, text));
    let sign = |yes: bool| if yes { "TRUE" } else { "FALSE" };
    words.push(format!("combined.weights = {}", sign(set.combined)));
    words.push(format!("mse = {}", sign(!set.is_centred())));
    text.line(format!("design <- svrepdesign({})", words.join(", ")));
}

fn columns(set: &Set) -> String {
    let last = |begin: u64| begin + set.columns.len() as u64 - 1;
    match set.numbered() {
        Some((prefix, begin, 1)) if !prefix.contains('%') => {
            format!("paste0({}, {begin}:{})", quoted(prefix), last(begin))
        }
        Some((prefix, begin, width)) if !prefix.contains('%') => {
            let pattern = quoted(&format!("{prefix}%0{width}d"));
            format!("sprintf({pattern}, {begin}:{})", last(begin))
        }
        _ => {
            let names: Vec<String> = set.columns.iter().map(|column| quoted(column)).collect();
            format!("c({})", names.join(", "))
        }
    }
}

/// The type, and the constants that it does not know itself.
fn kind(set: &Set, text: &mut Text) -> Vec<String> {
    let scale = format!("scale = {}", set.scale);
    let scales: Vec<String> = set.scales.iter().map(f64::to_string).collect();
    let scales = match set.is_plain() {
        true => format!("rscales = rep(1, {})", scales.len()),
        false => format!("rscales = c({})", scales.join(", ")),
    };
    let word = |word: &str| format!("type = \"{word}\"");
    match set.kind {
        Kind::Jkn => vec![word("JKn"), scale, scales],
        Kind::Other => vec![word("other"), scale, scales],
        _ if !set.is_plain() => {
            text.line("# Types other than JKn have no constants of single replicates.");
            vec![word("other"), scale, scales]
        }
        Kind::Brr => vec![word("BRR")],
        Kind::Fay { rho } => vec![word("Fay"), format!("rho = {rho}")],
        Kind::Jk1 => vec![word("JK1"), scale],
        Kind::Jk2 => vec![word("JK2")],
        Kind::Bootstrap { .. } => vec![word("bootstrap"), scale],
        Kind::Acs => vec![word("ACS")],
        Kind::Successive => vec![word("successive-difference")],
    }
}

/// Replicates that are made of a design; which can be, `beyond` says.
pub(super) fn made(asked: &Asked, made: &Made, text: &mut Text) {
    let word = match made.resample.method() {
        // Without strata it knows JK1 alone, which is the same.
        Method::Jkn if !asked.strata.is_empty() => "JKn",
        _ => "JK1",
    };
    let mse = match made.centre {
        Centre::Full => "TRUE",
        Centre::Mean => "FALSE",
    };
    text.line(format!(
        "design <- as.svrepdesign(design, type = \"{word}\", compress = FALSE, mse = {mse})"
    ));
}
