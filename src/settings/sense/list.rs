//! `[list]`

use super::columns::stand_in;
use super::whole::{all, need, refuse, value};
use crate::settings::origin::At;
use crate::settings::problems::Problem;
use crate::settings::settings::{Exclude, List, ListKind};
use crate::settings::wire;
use crate::settings::words::KindWord;

/// The list and the roles of its columns.
pub(super) fn list(list: &wire::List, found: &mut Vec<Problem>) -> Option<List> {
    let kind = kind(list, found);
    let (strata, cells, carry) = (all(&list.strata), all(&list.cells), all(&list.carry));

    let cell_names = list.cells.iter().flat_map(|cells| &cells.value);
    stand_in(cell_names, strata.as_deref(), "not in list.strata", found);
    for name in list.carry.iter().flat_map(|carry| &carry.value) {
        if strata
            .as_ref()
            .is_some_and(|strata| strata.contains(&name.value))
        {
            let message = format!("{} names '{}', which is a stratum", name.key, name.value);
            found.push(
                name.problem(message)
                    .hint("strata come along anyway; leave it out"),
            );
        }
    }
    Some(List {
        kind: kind?,
        file: value(&list.file)?,
        strata: strata?,
        cells: cells?,
        carry: carry?,
        encoding: value(&list.encoding)?,
        fictional: value(&list.fictional)?,
    })
}

/// What the rows are, and the columns that only such rows have.
fn kind(list: &wire::List, found: &mut Vec<Problem>) -> Option<ListKind> {
    match list.kind.as_ref()?.value {
        KindWord::Register => {
            refuse(&list.block, "lists with kind = \"numbers\"", found);
            for entry in &list.exclude {
                refuse(
                    &Some(entry.at.clone()),
                    "lists with kind = \"numbers\"",
                    found,
                );
            }
            let unit = need(&list.unit, &list.at, "unit", found)?;
            Some(ListKind::Register {
                unit,
                phone: value(&list.phone),
            })
        }
        KindWord::Numbers => {
            refuse(&list.unit, "lists with kind = \"register\"", found);
            refuse(&list.phone, "lists with kind = \"register\"", found);
            let exclude: Vec<Option<Exclude>> = list
                .exclude
                .iter()
                .map(|entry| excluded(entry, found))
                .collect();
            let block = need(&list.block, &list.at, "block", found)?;
            Some(ListKind::Numbers {
                block,
                exclude: exclude.into_iter().collect::<Option<_>>()?,
            })
        }
    }
}

/// Blocks left out: their first digits, and why.
fn excluded(entry: &wire::Exclude, found: &mut Vec<Problem>) -> Option<Exclude> {
    for prefix in entry.prefixes.iter().flat_map(|prefixes| &prefixes.value) {
        if !begins_a_block(&prefix.value) {
            found.push(no_prefix(prefix));
        }
    }
    Some(Exclude {
        prefixes: all(&entry.prefixes)?,
        reason: value(&entry.reason)?,
    })
}

/// A block is seven digits, the first of them 1.
fn begins_a_block(prefix: &str) -> bool {
    prefix.starts_with('1') && prefix.len() <= 7 && prefix.bytes().all(|b| b.is_ascii_digit())
}

fn no_prefix(prefix: &At<String>) -> Problem {
    let message = format!(
        "{} is '{}', with which no block of numbers begins",
        prefix.key, prefix.value
    );
    prefix
        .problem(message)
        .hint("write one to seven digits, the first of them 1")
}
