use super::{Rounded, chances, controlled};
use crate::draw::Error;
use crate::draw::trial::seed;
use crate::math::sum;
use crate::random::Stream;

fn round(table: &[Vec<f64>], text: &str) -> Rounded {
    controlled(table, &mut seed(text).stream("test")).expect("a table")
}

/// Down or up, and met exactly where it is meant to be whole.
fn adjacent(found: u64, wanted: f64) -> bool {
    let off = (found as f64 - wanted).abs();
    off < 1e-8 || (off < 1.0 && (wanted - wanted.round()).abs() > 1e-8)
}

fn keeps_the_margins(table: &[Vec<f64>], rounded: &Rounded) -> bool {
    let row = |row: usize| sum(table[row].iter().copied());
    let column = |column: usize| sum(table.iter().map(|row| row[column]));
    let of = |found: &[u64], wanted: &dyn Fn(usize) -> f64| {
        found
            .iter()
            .enumerate()
            .all(|(place, &found)| adjacent(found, wanted(place)))
    };
    let cells = table.iter().flatten().zip(rounded.cells.iter().flatten());
    of(&rounded.rows, &row)
        && of(&rounded.columns, &column)
        && adjacent(rounded.total, sum(table.iter().flatten().copied()))
        && cells
            .into_iter()
            .all(|(wanted, &found)| (found as f64 - wanted).abs() < 1.0)
}

/// Numbers of all kinds: whole, small, thirds, nothing.
fn random_table(stream: &mut Stream) -> Vec<Vec<f64>> {
    let (rows, columns) = (1 + stream.below(8), 1 + stream.below(8));
    let number = |stream: &mut Stream| match stream.below(5) {
        0 => 0.0,
        1 => stream.below(4) as f64,
        2 => stream.below(10) as f64 / 3.0,
        3 => stream.below(100) as f64 / 10.0,
        _ => 5.0 * stream.unit(),
    };
    (0..rows)
        .map(|_| (0..columns).map(|_| number(stream)).collect())
        .collect()
}

#[test]
fn every_cell_and_margin_is_rounded_down_or_up() {
    for i in 0..400 {
        let table = random_table(&mut seed(&format!("table {i}")).stream("sizes"));
        let rounded = round(&table, &format!("table {i}"));
        assert!(
            keeps_the_margins(&table, &rounded),
            "seed {i}: {table:?} {rounded:?}"
        );
        assert_eq!(rounded, round(&table, &format!("table {i}")), "seed {i}");
    }
}

#[test]
fn whole_margins_are_met_although_floats_miss_them() {
    // 0.1 + … and thirds: no sum is the float it should be.
    for (rows, columns, part) in [
        (10, 10, 0.1),
        (9, 3, 1.0 / 3.0),
        (7, 14, 1.0 / 7.0),
        (6, 6, 5.0 / 6.0),
    ] {
        let table = vec![vec![part; columns]; rows];
        for i in 0..40 {
            let rounded = round(&table, &format!("whole {i}"));
            let row = (part * columns as f64).round() as u64;
            let column = (part * rows as f64).round() as u64;
            assert!(rounded.rows.iter().all(|&found| found == row), "seed {i}");
            assert!(
                rounded.columns.iter().all(|&found| found == column),
                "seed {i}"
            );
        }
    }
    // A plan of three districts by four services, its totals whole.
    let total = [[7.0, 12.0, 5.0], [6.0, 8.0, 10.0]];
    let table: Vec<Vec<f64>> = total[0]
        .iter()
        .map(|row| total[1].iter().map(|column| row * column / 24.0).collect())
        .collect();
    for i in 0..100 {
        let rounded = round(&table, &format!("plan {i}"));
        assert_eq!(rounded.rows, [7, 12, 5]);
        assert_eq!(rounded.columns, [6, 8, 10]);
    }
}

#[test]
fn every_number_is_right_on_average() {
    const TIMES: u32 = 12_000;
    let tables = [
        vec![
            vec![0.5, 1.25, 2.25],
            vec![1.5, 0.75, 0.75],
            vec![0.1, 0.2, 0.6],
        ],
        vec![vec![0.05, 0.95, 0.3], vec![2.5, 0.0, 0.7]],
        vec![vec![0.3], vec![0.4], vec![0.1]],
        vec![vec![0.7]],
    ];
    for table in tables {
        let chances = chances(&table).expect("a table");
        let mut found = vec![vec![0.0; table[0].len()]; table.len()];
        let mut stream = seed("average").stream("test");
        let (mut rows, mut total) = (vec![0.0; table.len()], 0.0);
        for _ in 0..TIMES {
            let rounded = controlled(&table, &mut stream).expect("a table");
            assert!(keeps_the_margins(&table, &rounded));
            for (row, cells) in rounded.cells.iter().enumerate() {
                rows[row] += rounded.rows[row] as f64 / f64::from(TIMES);
                for (column, &cell) in cells.iter().enumerate() {
                    found[row][column] += cell as f64 / f64::from(TIMES);
                }
            }
            total += rounded.total as f64 / f64::from(TIMES);
        }
        let near = |found: f64, wanted: f64| {
            let p = wanted - wanted.floor();
            (found - wanted).abs() < 4.5 * (p * (1.0 - p) / f64::from(TIMES)).sqrt() + 1e-9
        };
        for (row, cells) in table.iter().enumerate() {
            for (column, &wanted) in cells.iter().enumerate() {
                let found = found[row][column];
                assert!(
                    near(found, wanted),
                    "{row} {column}: {found} is not {wanted}"
                );
                assert!((wanted.floor() + chances[row][column] - wanted).abs() < 1e-15);
            }
            let wanted = sum(cells.iter().copied());
            assert!(
                near(rows[row], wanted),
                "row {row}: {} is not {wanted}",
                rows[row]
            );
        }
        let wanted = sum(table.iter().flatten().copied());
        assert!(near(total, wanted), "{total} is not {wanted}");
    }
}

#[test]
fn a_large_table_is_no_trouble() {
    let mut stream = seed("large").stream("sizes");
    let table: Vec<Vec<f64>> = (0..60)
        .map(|_| (0..80).map(|_| 3.0 * stream.unit()).collect())
        .collect();
    assert!(keeps_the_margins(&table, &round(&table, "large")));
}

#[test]
fn edges() {
    assert_eq!(round(&[], "x").total, 0);
    assert_eq!(round(&[vec![], vec![]], "x").rows, [0, 0]);
    let whole = vec![vec![1.0, 2.0], vec![3.0, 4.0]];
    assert_eq!(round(&whole, "x").cells, [[1, 2], [3, 4]]);
    let mut stream = seed("x").stream("test");
    for number in [-0.5, f64::NAN, f64::INFINITY, 1e16] {
        let refused = controlled(&[vec![1.0, 2.0], vec![0.5, number]], &mut stream);
        assert!(
            matches!(
                refused,
                Err(Error::BadCell {
                    row: 2,
                    column: 2,
                    ..
                })
            ),
            "{refused:?}"
        );
    }
    let ragged = controlled(&[vec![1.0, 2.0], vec![0.5]], &mut stream);
    assert_eq!(
        ragged,
        Err(Error::Lengths {
            what: "columns",
            found: 1,
            wanted: 2
        })
    );
    assert!(chances(&[vec![-1.0]]).is_err());
}
