//! What a check finds in a list that has everything wrong with it.

use std::sync::Mutex;

use super::{Census, check};
use crate::frame::{Frame, Holders, Numbering, Roles, Rows, Scratch};
use crate::progress::Silent;
use crate::random::Seed;

/// Bags in memory.
#[derive(Default)]
struct Memory([Mutex<Vec<u64>>; 4]);

impl Scratch for Memory {
    fn bags(&self) -> usize {
        self.0.len()
    }

    fn put(&self, bag: usize, words: &[u64]) -> Result<(), String> {
        self.0[bag].lock().expect("no panic").extend(words);
        Ok(())
    }

    fn take(&self, bag: usize) -> Result<Vec<u64>, String> {
        Ok(std::mem::take(&mut *self.0[bag].lock().expect("no panic")))
    }
}

fn frame(rows: &[[&str; 4]]) -> Frame {
    let roles = Roles {
        unit: "id".into(),
        phone: Some("phone".into()),
        strata: vec!["firm".into(), "side".into()],
        cells: vec!["firm".into()],
        carry: vec![],
    };
    let list = Box::new(Rows::new("list", &["id", "phone", "firm", "side"], rows));
    Frame::new(list, roles, Numbering::Fictional).expect("all columns are there")
}

fn census(rows: &[[&str; 4]]) -> Census {
    check(&frame(rows), &Memory::default(), &Silent).expect("a list")
}

const SOUND: [[&str; 4]; 4] = [
    ["1", "10012345678", "a", "north"],
    ["2", "10012345679", "a", "south"],
    ["3", "10012345680", "b", "north"],
    ["4", "10012345681", "b", "south"],
];

#[test]
fn a_sound_list_has_no_findings() {
    let found = census(&SOUND);
    assert!(found.fitness.is_fit());
    assert_eq!(found.rows, 4);
    assert_eq!(found.strata.len(), 4);
    assert_eq!(
        (
            found.strata[0].label().as_str(),
            found.strata[0].cell.as_str()
        ),
        ("a / north", "a")
    );
    assert_eq!(found.fitness.shared(), (0, 0));
    assert_eq!(found.fitness.units_per_number[&1], 4);
}

#[test]
fn every_fault_is_counted_with_its_rows() {
    let found = census(&[
        ["1", "10012345678", "a", "north"],
        ["2", "10012345678", "a", "south"],
        ["1", "12345", "b", "north"],
        ["", "10012345681", "b", "north"],
        ["5", "10012345682", "", "south"],
    ])
    .fitness;
    assert!(!found.is_fit());
    assert_eq!(
        (found.repeated_ids.count, found.repeated_ids.rows.as_slice()),
        (2, &[1, 3][..])
    );
    assert_eq!(
        (found.blank_ids.count, found.blank_ids.rows.as_slice()),
        (1, &[4][..])
    );
    assert_eq!(
        (found.blank_strata.count, found.blank_strata.rows.as_slice()),
        (1, &[5][..])
    );
    let malformed: u64 = found
        .malformed_numbers
        .values()
        .map(|finding| finding.count)
        .sum();
    assert_eq!(malformed, 1);
    assert_eq!(found.shared(), (1, 2));
    assert_eq!(found.shared_rows, [1, 2]);
    // One unit in each of the first two strata.
    let holders = Holders {
        units: vec![(0, 1), (1, 1)],
        numbers: 1,
    };
    assert_eq!(found.holders, Some(vec![holders]));
    assert_eq!(found.empty_strata, ["b / south"]);
    assert_eq!(found.obstacles().len(), 3);
}

#[test]
fn the_order_of_rows_changes_no_finding_and_no_fingerprint() {
    let mut rows = vec![["9", "10012345678", "a", "south"]; 2];
    rows.extend(SOUND);
    let first = census(&rows);
    for i in 0..40 {
        let mut stream = Seed::new(format!("order {i}"))
            .expect("not blank")
            .stream("test");
        stream.shuffle(&mut rows);
        let other = census(&rows);
        assert_eq!(
            (&other.fingerprint, &other.strata),
            (&first.fingerprint, &first.strata)
        );
        assert_eq!(other.fitness.repeated_ids.count, 2);
        assert_eq!(
            (&other.fitness.units_per_number, &other.fitness.holders),
            (&first.fitness.units_per_number, &first.fitness.holders)
        );
    }
    rows[0][3] = if rows[0][3] == "north" {
        "south"
    } else {
        "north"
    };
    assert_ne!(census(&rows).fingerprint, first.fingerprint);
}

#[test]
fn holders_are_told_by_the_strata_of_all_their_units() {
    let rows = [
        ["1", "10012345678", "b", "north"],
        ["2", "10012345679", "b", "north"],
        ["3", "10012345678", "a", "south"],
        ["4", "10012345679", "a", "south"],
        ["5", "10012345677", "a", "south"],
        ["6", "10012345677", "a", "south"],
        ["7", "10012345677", "a", "north"],
        ["8", "10012345676", "a", "north"],
    ];
    let found = census(&rows);
    let labels: Vec<String> = found.strata.iter().map(|one| one.label()).collect();
    assert_eq!(labels, ["a / north", "a / south", "b / north"]);
    let kind = |units: &[(u32, u64)], numbers| Holders {
        units: units.to_vec(),
        numbers,
    };
    let wanted = [kind(&[(1, 1), (2, 1)], 2), kind(&[(0, 1), (1, 2)], 1)];
    assert_eq!(found.fitness.holders.as_deref(), Some(&wanted[..]));
    assert_eq!(wanted.map(|kind| kind.held()), [2, 3]);
}

#[test]
fn an_empty_list_is_refused() {
    let none: [[&str; 4]; 0] = [];
    assert!(check(&frame(&none), &Memory::default(), &Silent).is_err());
}
