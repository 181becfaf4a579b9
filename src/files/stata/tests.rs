use std::path::{Path, PathBuf};

use super::{names, read, write};
use crate::files::labelled::{Labelled, Values, Variable};

fn at(name: &str) -> PathBuf {
    Path::new("tests/data/labelled").join(name)
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn reading_what_was_written_gives_what_there_was() {
    let labels = vec![(1.0, "yes".to_owned()), (2.0, "不满意".into())];
    let satisfied = Variable {
        name: "satisfied".into(),
        label: "Satisfied with the line".into(),
        values: Values::Numbers(vec![Some(1.0), None, Some(2.0)], labels),
    };
    let table = Labelled::of(vec![
        Variable::texts("id", "", vec![text("007"), None, text("渝中区")]),
        satisfied,
        Variable::numbers("comp.imp", "", vec![Some(0.1 + 0.2), Some(-1e9), None]),
        Variable::texts(
            "remark",
            "",
            vec![text(&"x".repeat(3_000)), None, text("y")],
        ),
    ]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.dta");
    write(&path, &table).expect("can be written");
    let back = read(&path, None).expect("can be read");
    assert_eq!(back.names(), ["id", "satisfied", "comp_imp", "remark"]);
    assert_eq!(back.variables()[2].label, "comp.imp");
    for (back, there) in back.variables().iter().zip(table.variables()) {
        assert_eq!(back.values, there.values, "{}", there.name);
    }
    assert_eq!(names(&path).expect("can be read"), back.names());
    let one = read(&path, Some(&["satisfied"])).expect("can be read");
    assert_eq!(one.variables(), [back.variables()[1].clone()]);
}

#[test]
fn files_of_every_age_are_read() {
    for version in [10, 13, 14, 15] {
        let table = read(&at(&format!("village-{version}.dta")), None).expect("can be read");
        let cells = |name: &str| table.get(name).expect("there").cells(false);
        assert_eq!(
            cells("Satisfied"),
            [text("yes"), text("no"), None, text("yes"), None, text("3")],
            "{version}: .r and .s are missing"
        );
        assert_eq!(
            cells("region")[..3],
            [text("North"), text("South"), text("North")]
        );
        assert_eq!(cells("minutes")[2..5], [None, text("200"), text("0.1")]);
        assert_eq!(table.get("id").expect("there").label, "Case");
        if version >= 14 {
            assert_eq!(cells("remark")[1].as_deref().map(str::len), Some(600));
            assert_eq!(cells("region")[3], text("渝中区"));
        }
    }
}

#[test]
fn what_is_damaged_is_told_and_never_panics() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.dta");
    for (name, step) in [("village-10.dta", 7), ("village-15.dta", 41)] {
        let whole = std::fs::read(at(name)).expect("there");
        for end in (0..whole.len() - 30).step_by(step) {
            std::fs::write(&path, &whole[..end]).expect("can be written");
            drop(read(&path, None));
            let mut damaged = whole.clone();
            damaged[end] ^= 0xff;
            std::fs::write(&path, &damaged).expect("can be written");
            drop(read(&path, None));
        }
        std::fs::write(&path, &whole[..whole.len() / 2]).expect("can be written");
        assert!(read(&path, None).is_err(), "{name}, half of it");
    }
    std::fs::write(&path, "id,region\n1,north\n").expect("can be written");
    let said = read(&path, None).expect_err("no such file").to_string();
    assert!(said.contains("no Stata file"), "{said}");
}
