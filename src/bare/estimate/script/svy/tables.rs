//! Tables that cross two columns, in the words of Python's `svy`.

use super::super::super::Asked;
use super::super::{Text, There, quoted};
use super::replicates;

/// What each table is: four of numbers, and a test.
const CROSSED: &str = r#"def crossed(a, b, part):
    there = part & pl.col(a).is_not_null() & pl.col(b).is_not_null()
    for how in [dict(units="count"), dict(), dict(share_of="row"), dict(share_of="col")]:
        table = sample.categorical.tabulate(a, b, where=there, **how, **more)
        print(table.to_polars())
    test = table.stats.f
    print(f"rao-scott {test.value!r} {test.df_num!r} {test.df_den!r} {test.p_value!r}")"#;

pub(super) fn tables(asked: &Asked, there: &There, text: &mut Text) {
    if there.crossed.is_empty() {
        return;
    }
    let method = there.replicates.as_ref();
    let method = method.map_or("", |set| replicates::centred(set, "tables", text));
    let alpha = super::alpha(asked).unwrap_or(0.05);
    text.line(format!("more = dict(alpha={alpha}{method})"));
    text.line("# People, then shares of all, of the row and of the column.");
    text.lines(CROSSED);
    for [a, b] in &there.crossed {
        text.line("for name, part in parts:");
        text.line("    print(name)");
        text.line(format!("    crossed({}, {}, part)", quoted(a), quoted(b)));
    }
}
