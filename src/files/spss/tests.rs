use std::path::Path;

use super::{names, read, write};
use crate::files::labelled::{Labelled, Values, Variable};

fn at(name: &str) -> std::path::PathBuf {
    Path::new("tests/data/labelled").join(name)
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Texts of which the first has a label.
fn coded(name: &str, codes: [&str; 4]) -> Variable {
    Variable {
        name: name.into(),
        label: String::new(),
        values: Values::Texts(
            codes.map(text).to_vec(),
            vec![(codes[0].into(), "First".into())],
        ),
    }
}

/// Invented answers, with everything that a file may have.
fn table() -> Labelled {
    let labels = vec![
        (1.0, "yes".to_owned()),
        (2.0, "不满意".into()),
        (9.0, "other".into()),
    ];
    let satisfied = Variable {
        name: "satisfied".into(),
        label: "Satisfied with the line".into(),
        values: Values::Numbers(vec![Some(1.0), None, Some(2.0), Some(-0.25)], labels),
    };
    Labelled::of(vec![
        Variable::texts(
            "id",
            "",
            vec![text("007"), text("008"), None, text("渝中区")],
        ),
        satisfied,
        coded("side", ["n", "s", "n", "s"]),
        coded("quarter", ["north-east", "south", "north-east", "渝中区"]),
        Variable::numbers(
            "api.stu / all",
            "",
            vec![Some(1e9), Some(151.0), Some(152.0), Some(-99.0)],
        ),
        Variable::texts(
            "remark",
            "",
            vec![
                text(&"long ".repeat(100)[..499]),
                None,
                text(&"x".repeat(700)),
                text("y"),
            ],
        ),
    ])
}

#[test]
fn reading_what_was_written_gives_what_there_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.sav");
    write(&path, &table()).expect("can be written");
    let back = read(&path, None).expect("can be read");
    assert_eq!(
        back.names(),
        [
            "id",
            "satisfied",
            "side",
            "quarter",
            "api.stu___all",
            "remark"
        ]
    );
    assert_eq!(back.variables()[4].label, "api.stu / all");
    for (back, there) in back.variables().iter().zip(table().variables()) {
        assert_eq!(back.values, there.values, "{}", there.name);
    }
    assert_eq!(names(&path).expect("can be read"), back.names());
    let one = read(&path, Some(&["satisfied"])).expect("can be read");
    assert_eq!(one.variables(), [back.variables()[1].clone()]);
    let written = std::fs::read(&path).expect("there");
    write(&path, &table()).expect("can be written");
    assert_eq!(
        std::fs::read(&path).expect("there"),
        written,
        "the same bytes"
    );
}

#[test]
fn files_of_another_program_are_read_however_they_are_packed() {
    let mut all = Vec::new();
    for name in ["village.sav", "village-plain.sav", "village.zsav"] {
        let table = read(&at(name), None).expect("can be read");
        assert_eq!(table.rows(), 6, "{name}");
        let cells = |name: &str| table.get(name).expect("there").cells(false);
        assert_eq!(
            cells("Satisfied"),
            [text("yes"), text("no"), None, text("yes"), None, text("3")],
            "{name}: 9 was declared missing, and so was a range"
        );
        assert_eq!(
            cells("region"),
            [
                text("North"),
                text("South"),
                text("North"),
                text("渝中区"),
                text("South"),
                None
            ]
        );
        assert_eq!(cells("remark")[1].as_deref().map(str::len), Some(600));
        assert_eq!(
            table.get("Satisfied").expect("there").label,
            "Satisfied with the line?"
        );
        all.push(table);
    }
    assert!(all.iter().all(|table| *table == all[0]));
}

#[test]
fn what_is_damaged_is_told_and_never_panics() {
    let tried = |bytes: &[u8]| super::guarded(|| super::table(bytes, None));
    for name in ["village.sav", "village-plain.sav", "village.zsav"] {
        let whole = std::fs::read(at(name)).expect("there");
        for end in 0..whole.len() {
            assert!(tried(&whole[..end]).is_err(), "{name}, {end} bytes");
        }
        for place in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 0xff;
            drop(tried(&damaged));
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.sav");
    std::fs::write(&path, "id,region\n1,north\n").expect("can be written");
    let said = read(&path, None).expect_err("no such file").to_string();
    assert!(said.contains("it is no SPSS file"), "{said}");
    std::fs::write(
        &path,
        &std::fs::read(at("village.sav")).expect("there")[..900],
    )
    .expect("written");
    let said = read(&path, None).expect_err("cut off").to_string();
    assert!(said.contains("it is cut off"), "{said}");
}
