//! Replicate weights in the words of Python's `svy`.

use super::super::super::Asked;
use super::super::replicates::Set;
use super::super::{Text, quoted};
use crate::estimate::variance::replicate::Kind;

/// What the columns are called there: letters, and numbers from 1.
const PREFIX: &str = "set_of_weights_";

/// The columns by other names, and as weights; then what the design is told of them.
pub(super) fn came(asked: &Asked, set: &Set, text: &mut Text) -> String {
    let names: Vec<String> = set.columns.iter().map(|column| quoted(column)).collect();
    text.line(format!("columns = [{}]", names.join(", ")));
    let weight = match set.combined {
        true => "pl.col(name)".to_owned(),
        false => format!("(pl.col(name) * pl.col({}))", quoted(&asked.weight)),
    };
    text.line("data = data.with_columns([");
    text.line(format!(
        "    {weight}.alias(f\"{PREFIX}{{place}}\") for place, name in enumerate(columns, 1)"
    ));
    text.line("])");
    text.line(
        "# Degrees of freedom are the same in every domain here, and so intervals and p differ.",
    );
    let kind = match set.kind {
        Kind::Brr | Kind::Fay { .. } => "BrrWgts",
        Kind::Bootstrap { .. } => "BootstrapWgts",
        Kind::Acs | Kind::Successive => "SdrWgts",
        Kind::Jk1 | Kind::Jkn | Kind::Jk2 | Kind::Other => "JackknifeWgts",
    };
    let factors = set.factors();
    let mut words = vec![
        format!("prefix=\"{PREFIX}\""),
        format!("n_reps={}", set.columns.len()),
        match &factors[..] {
            [one] => format!("scale={one}"),
            several => format!("scale=[{}]", several.join(", ")),
        },
    ];
    words.extend(set.degrees.map(|degrees| format!("df={degrees}")));
    format!("rep_wgts=svy.{kind}({})", words.join(", "))
}

/// Words that every figure takes.
pub(super) fn words(set: &Set) -> String {
    let centre = match set.is_centred() {
        true => "rep_mean",
        false => "estimate",
    };
    format!(", method=\"replication\", variance_center=\"{centre}\"")
}

/// Words that tables and models take, which have one centre alone.
pub(super) fn centred(set: &Set, what: &str, text: &mut Text) -> &'static str {
    if !set.is_centred() {
        let why = "it measures these from the replicates' own mean: --centre mean";
        text.lacks(format!("{what} from replicates"), why);
    }
    ", method=\"replication\""
}
