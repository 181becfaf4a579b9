//! What comes after a draw from a bare file: an estimate that knows the design.

use std::collections::BTreeMap;
use std::path::Path;

use canvass::bare::{Drawn, Request, StageBy, StageTake};
use canvass::draw::balance::lands::Lands;
use canvass::draw::balance::stratified_cube;
use canvass::draw::stages::one_call::Rule;
use canvass::estimate::variance::{Kind, for_method};
use canvass::files::data::Choice;
use canvass::files::lists;

/// The line of `canvass estimate` whose variances are those of this draw, as far as a table can tell it.
pub(super) fn next(request: &Request, path: &Path, drawn: &Drawn, columns: &[String]) -> String {
    let written = written(path, columns);
    let mut line = format!(
        "canvass estimate --data {} --weight weight",
        quoted(&path.display().to_string())
    );
    let mut say = |flag: &str, names: &[String]| {
        let known = |name: &String| match flag {
            "--method" => name.clone(),
            _ => written.get(name).unwrap_or(name).clone(),
        };
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(known).collect();
            line += &format!(" {flag} {}", quoted(&names.join(",")));
        }
    };
    say("--strata", &drawn.strata_by);
    // Who is asked of those that share a number was drawn in a second phase, of which no formula here knows:
    // rows then count as drawn with replacement.
    let again = request.one_call.is_some() && request.ask != Rule::AskAll;
    let nested = request.stages.is_some() && !drawn.strata_by.is_empty();
    match request.stages.is_some() {
        true => in_stages(drawn, &mut say),
        false if again => {}
        false => chances(request, drawn, &mut say),
    }
    if nested {
        line += " --nest";
    }
    line + " --mean COLUMN"
}

/// The sample's columns as its file calls them: SPSS and Stata have no room for every name.
fn written(path: &Path, columns: &[String]) -> BTreeMap<String, String> {
    let plain = ["csv", "parquet", "xlsx"];
    let ending = path.extension().and_then(|ending| ending.to_str());
    if ending.is_some_and(|ending| plain.contains(&ending)) {
        return BTreeMap::new();
    }
    let choice = Choice {
        sheet: None,
        codes: true,
    };
    let there = lists::open_chosen(path, &[], &choice)
        .ok()
        .and_then(|opened| opened.list.columns().ok());
    let there = there.unwrap_or_default();
    columns.iter().cloned().zip(there).collect()
}

/// What is said of a draw in one stage.
fn chances(request: &Request, drawn: &Drawn, say: &mut dyn FnMut(&str, &[String])) {
    let word = |word: &str| vec![word.to_owned()];
    let key = match request.landing {
        Some(Lands::Together) => stratified_cube::CARD.key,
        _ => request.method.card.key,
    };
    match for_method(key) {
        Some(Kind::Strata) => say("--fpc", &word("probability")),
        Some(Kind::Replaced) => {
            say("--method", &word(key));
            say("--hits", &word("hits"));
        }
        kind => {
            say("--chances", &word("probability"));
            let balances = matches!(
                kind,
                Some(Kind::Balanced | Kind::Together | Kind::LocalBalanced)
            );
            // What amounts do not explain, too few units cannot tell: their chances alone tell of too much
            // rather than too little.
            if balances && !can_be_fitted(request, drawn) {
                return;
            }
            say("--method", &word(key));
            if kind == Some(Kind::Successive) {
                say("--order", &word("walk"));
            }
            say("--spread", &request.spread);
            say("--balance", &request.balance);
        }
    }
}

/// Whether every stratum, or all that landed together, has more drawn units than amounts to fit, the size among them.
fn can_be_fitted(request: &Request, drawn: &Drawn) -> bool {
    let amounts = request.balance.len() as u64 + 1;
    let open = |one: &canvass::bare::DrawnStratum| one.drawn - one.certain;
    if request.landing == Some(Lands::Together) {
        // Strata together: each has a size, and all have the amounts.
        let (units, strata) = drawn
            .strata
            .iter()
            .map(open)
            .fold((0, 0), |(units, strata), open| {
                (units + open, strata + u64::from(open > 0))
            });
        return units + 1 > strata + amounts;
    }
    drawn
        .strata
        .iter()
        .map(open)
        .all(|open| open == 0 || open > amounts)
}

/// What is said of a draw in stages. Fractions tell of all stages or of none, chances too: of one unit drawn
/// where there are more, there is no telling, and the first clusters count as drawn with replacement.
fn in_stages(drawn: &Drawn, say: &mut dyn FnMut(&str, &[String])) {
    let clusters: Vec<String> = (drawn.stages.iter())
        .map(|stage| stage.column.clone())
        .collect();
    let of_stages = 1..=drawn.stages.len();
    let chances: Vec<String> = of_stages.map(|at| format!("probability.{at}")).collect();
    let mut stages = drawn.stages.iter();
    if stages
        .clone()
        .any(|stage| stage.take == StageTake::Count(1))
    {
        return say("--psu", &clusters[..1]);
    }
    say("--psu", &clusters);
    match stages.all(|stage| stage.by == StageBy::Count) {
        true => say("--fpc", &chances),
        false => say("--chances", &chances),
    }
}

/// A word as a shell reads it.
pub(super) fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "._-/,".contains(letter);
    match word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
