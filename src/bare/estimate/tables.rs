//! Rows of tables that cross two columns, of shares held against others, and of their tests.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::columns::Side;
use super::places::Part;
use super::row::{Of, Row};
use super::table::Table;
use super::{Asked, Error, FitTo, heard};
use crate::estimate::table::{Cell, Side as Margins};
use crate::estimate::{
    self, Association, Category, Estimate, Estimator, Fit, RaoScott, Share, Test, Tested,
};
use crate::field::Item;
use crate::files::data::Data;
use crate::frame::{Codes, join};
use crate::math::sum;
use crate::notice::Notice;

/// Rows, and what must be heard of them.
pub(super) type Rows = (Vec<Row>, Vec<Notice>);

/// A table of one domain, and for whom it is; none where nobody answered.
type Found<T> = Option<T>;

/// All rows of all tables, then of all fits.
pub(super) fn rows(
    estimator: &Estimator<'_>,
    table: &Table,
    parts: &[Part<'_>],
    asked: &Asked,
) -> Result<Rows, crate::Error> {
    let mut all = Rows::default();
    for names in &table.crossed {
        let sides = names.each_ref().map(|name| table.beside.side(name));
        let each = |part: &Part<'_>| crossed(estimator, sides, part, asked);
        of_parts(
            &mut all,
            parts,
            &format!("{} × {}", names[0], names[1]),
            each,
        );
    }
    for fit in &asked.further.fits {
        let expected = Expected::read(fit, table.beside.side(&fit.column))?;
        let each = |part: &Part<'_>| fitted(estimator, &expected, part, asked);
        of_parts(&mut all, parts, &fit.column, each);
    }
    Ok(all)
}

/// Domain by domain; those in which nobody answered have no rows, and are named. Rows without an answer
/// are counted.
fn of_parts(
    all: &mut Rows,
    parts: &[Part<'_>],
    item: &str,
    each: impl Fn(&Part<'_>) -> Found<(Rows, u64)> + Sync,
) {
    let found: Vec<Found<(Rows, u64)>> = (0..parts.len())
        .into_par_iter()
        .map(|part| each(&parts[part]))
        .collect();
    let (mut silent, mut missing) = (Vec::new(), 0);
    for (part, found) in parts.iter().zip(found) {
        match found {
            Some(((rows, notices), count)) => {
                all.0.extend(rows);
                all.1.extend(notices);
                missing += count;
            }
            None => {
                silent.push(part.domain.label().to_owned());
                missing += part.rows;
            }
        }
    }
    if missing > 0 {
        let (item, count) = (item.to_owned(), missing);
        all.1.push(Notice::MissingAnswers { item, count });
    }
    if !silent.is_empty() {
        let (item, domains) = (item.to_owned(), silent);
        all.1.push(Notice::NothingSaid { item, domains });
    }
}

/// The cells of a table, then its tests.
fn crossed(
    estimator: &Estimator<'_>,
    sides: [&Side; 2],
    part: &Part<'_>,
    asked: &Asked,
) -> Found<(Rows, u64)> {
    let questions = sides.map(|side| Category::column(&side.name, &side.codes));
    let both = questions.each_ref();
    let found = estimate::Table::of(estimator, both, &part.domain).ok()?;
    let variable = format!("{} × {}", sides[0].name, sides[1].name);
    let down = places(&found.rows, sides[0]);
    let along = places(&found.columns, sides[1]);
    let domain = part.domain.label();
    let mut rows = Vec::new();
    for &r in &down {
        for &c in &along {
            let cell = &found.cells[r][c];
            let level = join(&[&found.rows.labels[r], &found.columns.labels[c]]);
            for (statistic, figure) in figures(cell) {
                let (variable, level) = (&variable, Some(level.clone()));
                let of = Of {
                    statistic,
                    variable,
                    level,
                };
                rows.push(shown(of, domain, figure, cell.answers, asked));
            }
        }
    }
    let mut notices = Vec::new();
    match Association::of(estimator, both, &part.domain) {
        Ok(found) => {
            let n = found.answers;
            let mut tests = corrected("rao-scott", &found.pearson, asked);
            if asked.further.all_tests {
                tests.extend(corrected("likelihood", &found.likelihood, asked));
                let wald = found.wald.map(|test| ("wald-table".to_owned(), test));
                let less = found
                    .adjusted_wald
                    .map(|test| ("adjusted-wald".to_owned(), test));
                tests.extend(wald.into_iter().chain(less));
            }
            rows.extend(tests.into_iter().map(|(statistic, test)| {
                tested((&statistic, &variable, domain), test, found.pearson.df, n)
            }));
        }
        Err(why) => notices.push(heard::untested(&variable, domain, &why)),
    }
    Some(((rows, notices), found.missing))
}

fn figures(cell: &Cell) -> [(&'static str, &Estimate); 4] {
    [
        ("people", &cell.people),
        ("cell_share", &cell.share),
        ("row_share", &cell.row_share),
        ("column_share", &cell.column_share),
    ]
}

/// A cell's figure. Its n is that of the cell: who is in the table, the tests tell.
fn shown(of: Of<'_>, domain: &str, found: &Estimate, n: u64, asked: &Asked) -> Row {
    let item = of.variable.to_owned();
    let unknown = found.variance.as_ref().err();
    let domains = || vec![domain.to_owned()];
    let notices = unknown.and_then(|unknown| heard::unsure(unknown, item, domains));
    Row {
        deff: found.design_effect.filter(|_| asked.deff),
        n,
        notices: notices.into_iter().collect(),
        ..Row::of(of, domain, found)
    }
}

/// The places of labels, in the order in which they are shown.
fn places(margins: &Margins, side: &Side) -> Vec<usize> {
    let mut places: Vec<usize> = (0..margins.labels.len()).collect();
    places.sort_by_key(|&place| side.ranks.get(&margins.labels[place]));
    places
}

/// The tests that are made of one X².
fn corrected(key: &str, found: &RaoScott, asked: &Asked) -> Vec<(String, Tested)> {
    let mut tests = vec![(key.to_owned(), found.second_order())];
    if asked.further.all_tests {
        tests.push((format!("{key}-first"), found.first_order()));
        tests.push((format!("{key}-satterthwaite"), found.satterthwaite()));
        tests.push((format!("{key}-exact"), found.exact()));
    }
    tests
}

/// A test as a row.
pub(super) fn tested(
    (statistic, variable, domain): (&str, &str, &str),
    test: Tested,
    df: u64,
    n: u64,
) -> Row {
    let of = Of {
        statistic,
        variable,
        level: None,
    };
    let mut row = Row::bare(of, domain, test.statistic, (df, n));
    row.added.df1 = Some(test.df1);
    row.added.df2 = test.df2;
    row.added.p = Some(test.p);
    row
}

/// A column, and the shares that its levels are expected to have.
struct Expected {
    question: Category,
    /// The place of each row's label.
    item: Item,
    /// In the order of the question's labels.
    shares: Vec<f64>,
    /// The places of labels, in the order in which they are shown.
    order: Vec<usize>,
}

impl Expected {
    /// Levels of which nobody is may have a share too; a level without one is an error.
    fn read(fit: &FitTo, side: &Side) -> Result<Expected, crate::Error> {
        let path = &fit.shares;
        let mut data = Data::read(path, &["level", "share"])?;
        let levels = data.texts("level")?;
        let shares = data.numbers("share")?;
        data.finish().map_err(Error::Cells)?;
        let given: Vec<(String, f64)> = levels
            .into_iter()
            .zip(shares)
            .filter_map(|(level, share)| level.zip(share))
            .collect();
        let of = |label: &String| given.iter().find(|(level, _)| level == label);
        let open = side.codes.labels().iter().filter(|label| !label.is_empty());
        let open: Vec<String> = open.filter(|label| of(label).is_none()).cloned().collect();
        if !open.is_empty() {
            return Err(Error::NoShares {
                path: path.display().to_string(),
                column: fit.column.clone(),
                levels: open,
            }
            .into());
        }
        let known = side.codes.labels().iter().cloned();
        let named = known.chain(given.iter().map(|(level, _)| level.clone()));
        let labels = Codes::from_labels(named).labels().to_vec();
        let code = |label: &str| labels.binary_search_by(|known| known.as_str().cmp(label));
        let place = |row: usize| code(side.codes.label(row)).expect("a label") as u32;
        let codes = Codes::new(labels.clone(), (0..side.codes.len()).map(place).collect());
        let question = Category::column(&side.name, &codes);
        let share = |label: &String| of(label).map_or(0.0, |(_, share)| *share);
        let mut order: Vec<usize> = (0..question.labels().len()).collect();
        let rank = |place: usize| side.ranks.get(&question.labels()[place]).copied();
        order.sort_by_key(|&place| rank(place).unwrap_or(usize::MAX));
        let item = Item {
            name: side.name.clone(),
            values: (0..codes.len())
                .map(|row| question.of(row).map(|place| place as f64))
                .collect(),
        };
        Ok(Expected {
            item,
            shares: question.labels().iter().map(share).collect(),
            order,
            question,
        })
    }
}

/// The shares that were found and expected, then the tests; or why there are none.
fn fitted(
    estimator: &Estimator<'_>,
    expected: &Expected,
    part: &Part<'_>,
    asked: &Asked,
) -> Found<(Rows, u64)> {
    let question = &expected.question;
    let (domain, variable) = (part.domain.label(), question.name());
    let (mut rows, mut notices) = (Vec::new(), Vec::new());
    let whole: f64 = sum(expected.shares.iter().copied());
    let mut answers = 0;
    for &place in &expected.order {
        let share = Share::of(&expected.item, Test::Equals(place as f64));
        let found = estimator.estimate(&share, &part.domain).ok()?;
        answers = found.n;
        let level = Some(question.labels()[place].clone());
        let of = Of {
            statistic: "fit",
            variable,
            level,
        };
        let mut row = shown(of, domain, &found, found.n, asked);
        row.added.expected = Some(expected.shares[place] / whole);
        rows.push(row);
    }
    match Fit::of(estimator, question, &expected.shares, &part.domain) {
        Ok(found) => {
            for (statistic, test) in corrected("rao-scott", &found.pearson, asked) {
                let of = (statistic.as_str(), variable, domain);
                rows.push(tested(of, test, found.pearson.df, found.answers));
            }
        }
        Err(why) => notices.push(heard::untested(variable, domain, &why)),
    }
    Some(((rows, notices), part.rows.saturating_sub(answers)))
}
