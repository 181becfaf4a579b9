//! Expressions by hand.

use super::{Error, Reader, Row, Table};

fn table() -> Table {
    Table::default()
        .with_numbers("x", vec![Some(3.0), None])
        .with_numbers("a b", vec![Some(2.0), Some(5.0)])
        .with_labels("side", vec![Some("north".into()), Some("south".into())])
}

fn first(text: &str) -> Result<Option<f64>, Error> {
    let mut reader = Reader::new(text)?;
    let node = reader.expression()?;
    if !reader.is_done() {
        return Err(reader.needs("the end"));
    }
    let table = table();
    let row = Row::of(&node, &table, &|at, name| {
        reader.wrong(at, format!("'{name}'"), "a function")
    })?;
    Ok(row.at(0))
}

#[test]
fn signs_bind_as_one_expects() {
    for (text, value) in [
        ("1 + 2 * x", 7.0),
        ("(1 + 2) * x", 9.0),
        ("-x^2", -9.0),
        ("2^3^2", 512.0),
        ("2^-1", 0.5),
        ("10 - 3 - 2", 5.0),
        ("12 / x / 2", 2.0),
        ("`a b` − x", -1.0),
        ("sqrt(x + 6) * exp(0)", 3.0),
        ("log10(1e3) + abs(-.5)", 3.5),
        ("x > 2", 1.0),
        ("(side = 'north') + (side != 'north') * 5", 1.0),
    ] {
        assert_eq!(first(text), Ok(Some(value)), "{text}");
    }
}

#[test]
fn what_cannot_be_understood_says_where() {
    let fault = |text: &str| match first(text) {
        Err(Error::Unreadable {
            at, found, wanted, ..
        }) => (at, found, wanted),
        other => panic!("{text}: {other:?}"),
    };
    let end = || "the end".to_owned();
    assert_eq!(fault("x +"), (4, end(), "a column or a number"));
    assert_eq!(fault("(x"), (3, end(), "a closing parenthesis"));
    assert_eq!(fault("x y"), (3, "'y'".into(), "the end"));
    assert_eq!(
        fault("x # 2"),
        (3, "'#'".into(), "a column, a number or a sign")
    );
    assert_eq!(
        fault("'north"),
        (1, "'''".into(), "the end of what is quoted")
    );
    assert_eq!(fault("sine(x)"), (1, "'sine'".into(), "a function"));
    assert_eq!(fault("1.2.3"), (1, "'1'".into(), "a number"));
    assert!(first(&"(".repeat(100_000)).is_err());
}

#[test]
fn labels_are_not_numbers() {
    assert!(matches!(first("side + 1"), Err(Error::NotNumbers { .. })));
    assert!(matches!(first("side > 'a'"), Err(Error::Unordered { .. })));
    assert!(matches!(first("x = 'a'"), Err(Error::Unordered { .. })));
    assert!(matches!(first("z"), Err(Error::NoColumn { .. })));
}
