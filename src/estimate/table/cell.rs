//! The people of every cell, and its shares.

use serde::{Deserialize, Serialize};

use super::Category;
use crate::estimate::{Domain, Error, Estimate, Estimator, Evaluated, Statistic, View};
use crate::estimate::{mean, share, total};
use crate::language::Words;
use crate::math::Sum;
use crate::method::{Card as Method, Source};

/// What the method says of itself.
pub const CARD: Method = Method {
    key: "table",
    title: Words::new("Two-way table", "交叉表"),
    says: Words::new(
        "How many people gave both answers, and which share of all, of the row and of the column they are. \
         Each share is a ratio whose base is estimated too. People without one of the answers are left \
         out, and counted.",
        "同时给出两项回答的人数，及其占总体、占所在行、占所在列的比例。各比例的分母同样由样本估计；\
         缺任一回答者不计入，并另行计数。",
    ),
    formula: "N̂_rc = Σ w δ_rc;  p_rc = N̂_rc / N̂;  of the row: N̂_rc / N̂_r;  of the column: N̂_rc / N̂_c",
    sources: &[Source::at("Särndal, Swensson, Wretman (1992)", "§5.8")],
};

/// What one cell holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Respondents.
    pub answers: u64,
    /// People.
    pub people: Estimate,
    /// Of all people in the table.
    pub share: Estimate,
    /// Of the people of its row.
    pub row_share: Estimate,
    /// Of the people of its column.
    pub column_share: Estimate,
}

/// What a whole row or column holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Margin {
    /// Respondents.
    pub answers: u64,
    /// People.
    pub people: Estimate,
    /// Of all people in the table.
    pub share: Estimate,
}

/// The categories along one side of a table, with what each holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// The question.
    pub name: String,
    /// Its categories that have answers.
    pub labels: Vec<String>,
    /// Its categories that have none, and no place in the table.
    pub empty: Vec<String>,
    /// What each holds, in the order of the labels.
    pub margins: Vec<Margin>,
}

/// Two questions crossed.
///
/// ```
/// use canvass::estimate::variance::{Clusters, Design};
/// use canvass::estimate::{Category, Domain, Estimator, Table};
/// use canvass::frame::Codes;
/// use canvass::weigh::Ledger;
///
/// let ledger = Ledger::given(vec![10.0, 10.0, 20.0, 20.0])?;
/// let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
/// let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
/// let side = Category::column("side", &Codes::from_labels(["north", "north", "south", "south"]));
/// let said = Category::column("said", &Codes::from_labels(["yes", "no", "yes", "yes"]));
///
/// let table = Table::of(&estimator, [&side, &said], &Domain::all()).expect("answers");
/// assert_eq!((table.answers, table.missing), (4, 0));
/// let north_yes = &table.cells[0][1];
/// assert_eq!((north_yes.people.value, north_yes.row_share.value), (10.0, 0.5));
/// assert_eq!(table.columns.margins[1].people.value, 50.0);
/// # Ok::<(), canvass::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// For whom: the domain's label.
    pub domain: String,
    /// The question down the side.
    pub rows: Side,
    /// The question along the top.
    pub columns: Side,
    /// Row by row.
    pub cells: Vec<Vec<Cell>>,
    /// Respondents in the table.
    pub answers: u64,
    /// Respondents of the domain who have no row, or no column.
    pub missing: u64,
}

impl Table {
    /// Crosses rows with columns, among people of a domain.
    ///
    /// # Formula
    ///
    /// ```text
    /// N̂_rc = Σ w δ_rc,   p_rc = N̂_rc / N̂,   p_c|r = N̂_rc / N̂_r,   p_r|c = N̂_rc / N̂_c
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswers`] if nobody of the domain has both a row and a column.
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §5.8: shares of a domain whose size is estimated. As `svytotal`,
    /// `svymean` and `svyby` of R's `survey`.
    pub fn of(
        estimator: &Estimator<'_>,
        [rows, columns]: [&Category; 2],
        domain: &Domain<'_>,
    ) -> Result<Table, Error> {
        let grid = Grid::of(estimator, [rows, columns], domain);
        let figure = |part: Part, at: (Option<usize>, Option<usize>)| {
            estimator.estimate(&grid.indicator(part, at), domain)
        };
        figure(Part::Share, (None, None))?; // Is there anybody?
        let margin = |at: (Option<usize>, Option<usize>), answers: u64| {
            Ok(Margin {
                answers,
                people: figure(Part::People, at)?,
                share: figure(Part::Share, at)?,
            })
        };
        let cell = |(r, c): (usize, usize)| {
            let at = (Some(grid.rows[r]), Some(grid.columns[c]));
            Ok(Cell {
                answers: grid.answers[r][c],
                people: figure(Part::People, at)?,
                share: figure(Part::Share, at)?,
                row_share: figure(Part::OfRow, at)?,
                column_share: figure(Part::OfColumn, at)?,
            })
        };
        let down = |r: usize| margin((Some(grid.rows[r]), None), grid.answers[r].iter().sum());
        let along = |c: usize| {
            let answers = grid.answers.iter().map(|row| row[c]).sum();
            margin((None, Some(grid.columns[c])), answers)
        };
        let line = |r: usize| (0..grid.columns.len()).map(|c| cell((r, c))).collect();
        Ok(Table {
            domain: domain.label().to_owned(),
            rows: side(rows, &grid.rows, down)?,
            columns: side(columns, &grid.columns, along)?,
            cells: (0..grid.rows.len())
                .map(line)
                .collect::<Result<_, Error>>()?,
            answers: grid.answers.iter().flatten().sum(),
            missing: grid.missing,
        })
    }
}

/// One side, with its margins.
fn side(
    question: &Category,
    kept: &[usize],
    margin: impl Fn(usize) -> Result<Margin, Error>,
) -> Result<Side, Error> {
    let labels = question.labels();
    let empty = (0..labels.len()).filter(|place| !kept.contains(place));
    Ok(Side {
        name: question.name().to_owned(),
        labels: kept.iter().map(|&place| labels[place].clone()).collect(),
        empty: empty.map(|place| labels[place].clone()).collect(),
        margins: (0..kept.len()).map(margin).collect::<Result<_, _>>()?,
    })
}

/// Which rows and columns have answers, and how many.
pub(super) struct Grid<'a> {
    questions: [&'a Category; 2],
    /// Rows that have answers, as places of their category.
    pub rows: Vec<usize>,
    /// Columns that have.
    pub columns: Vec<usize>,
    /// Respondents of each cell.
    pub answers: Vec<Vec<u64>>,
    /// Respondents without a cell.
    pub missing: u64,
}

impl<'a> Grid<'a> {
    /// Counts respondents.
    pub fn of(
        estimator: &Estimator<'_>,
        [rows, columns]: [&'a Category; 2],
        domain: &Domain<'_>,
    ) -> Grid<'a> {
        let mut answers = vec![vec![0; columns.labels().len()]; rows.labels().len()];
        let mut missing = 0;
        for unit in estimator.view(domain).units() {
            match rows.of(unit).zip(columns.of(unit)) {
                Some((r, c)) => answers[r][c] += 1,
                None => missing += 1,
            }
        }
        let kept_rows: Vec<usize> = (0..answers.len())
            .filter(|&r| answers[r].iter().any(|&count| count > 0))
            .collect();
        let kept_columns: Vec<usize> = (0..columns.labels().len())
            .filter(|&c| answers.iter().any(|row| row[c] > 0))
            .collect();
        let row = |&r: &usize| kept_columns.iter().map(|&c| answers[r][c]).collect();
        Grid {
            questions: [rows, columns],
            answers: kept_rows.iter().map(row).collect(),
            rows: kept_rows,
            columns: kept_columns,
            missing,
        }
    }

    /// A figure of a cell, or of a whole row or column.
    pub fn indicator(&self, part: Part, at: (Option<usize>, Option<usize>)) -> Indicator<'a> {
        Indicator {
            questions: self.questions,
            part,
            at,
        }
    }
}

/// Which figure of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// How many people.
    People,
    /// Of all people in the table.
    Share,
    /// Of the people of its row.
    OfRow,
    /// Of the people of its column.
    OfColumn,
}

/// 1 for people of a cell, 0 for others in the table; without a row or a column, all of them count.
pub(super) struct Indicator<'a> {
    questions: [&'a Category; 2],
    part: Part,
    at: (Option<usize>, Option<usize>),
}

impl Indicator<'_> {
    fn value(&self, unit: usize) -> Option<f64> {
        let [rows, columns] = self.questions;
        let (row, column) = (rows.of(unit)?, columns.of(unit)?);
        let in_row = self.at.0.is_none_or(|wanted| wanted == row);
        let in_column = self.at.1.is_none_or(|wanted| wanted == column);
        let base = match self.part {
            Part::People | Part::Share => true,
            Part::OfRow => in_row,
            Part::OfColumn => in_column,
        };
        base.then(|| f64::from(u8::from(in_row && in_column)))
    }
}

impl Statistic for Indicator<'_> {
    fn card(&self) -> &'static Method {
        match self.part {
            Part::People => &total::CARD,
            _ => &share::CARD,
        }
    }

    /// "side = north, said = yes".
    fn item(&self) -> String {
        let at = [self.at.0, self.at.1];
        let name = |(question, place): (&&Category, Option<usize>)| {
            Some(format!(
                "{} = {}",
                question.name(),
                question.labels()[place?]
            ))
        };
        let parts: Vec<String> = self.questions.iter().zip(at).filter_map(name).collect();
        match parts.is_empty() {
            true => format!(
                "{} × {}",
                self.questions[0].name(),
                self.questions[1].name()
            ),
            false => parts.join(", "),
        }
    }

    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        if self.part != Part::People {
            return Some(mean::average(view, |unit| self.value(unit))?.among(view.len()));
        }
        let (mut scores, mut people) = (vec![0.0; view.len()], Sum::default());
        let mut answered = Vec::new();
        for unit in view.units() {
            if let Some(inside) = self.value(unit) {
                scores[unit] = inside;
                people.add(inside * view.weight(unit));
                answered.push(unit);
            }
        }
        (!answered.is_empty()).then(|| Evaluated {
            value: people.value(),
            scores,
            answered,
        })
    }
}
