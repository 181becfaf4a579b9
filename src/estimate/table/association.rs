//! Whether rows have to do with columns.

use super::cell::{Grid, Indicator, Part};
use super::{Category, RaoScott, Tested, Untested};
use crate::estimate::{Domain, Estimator, Statistic, joint};
use crate::language::Words;
use crate::math::distribution::f_above;
use crate::math::solve::{Solver, Symmetric};
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the Wald tests say of themselves.
pub const WALD: Card = Card {
    key: "wald-table",
    title: Words::new("Wald tests of independence", "独立性 Wald 检验"),
    says: Words::new(
        "How far the cells are from those of independence, measured by their own covariance. With many \
         cells and few clusters it finds too much; the adjusted one finds less of it. Rao–Scott is the \
         one to use.",
        "以各格自身的协方差衡量其偏离独立的程度。格多而群少时容易过度显著，校正后的形式有所缓和；\
         一般应采用 Rao–Scott 检验。",
    ),
    formula: "W = Y′ V̂(Y)⁻¹ Y, Y_rc = N̂_rc − N̂_r N̂_c / N̂;  W/m ~ F(m, ν);  W (ν − m + 1)/(m ν) ~ F(m, ν − m + 1)",
    sources: &[
        Source::new("Koch, Freeman, Freeman (1975)"),
        Source::new("Thomas, Rao (1987)"),
    ],
};

/// Eigenvalues below this part of the largest are nothing.
const NOTHING: f64 = 1e-12;

/// The tests of whether two questions have to do with each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Association {
    /// The questions in rows and in columns.
    pub questions: [String; 2],
    /// For whom: the domain's label.
    pub domain: String,
    /// Respondents in the table.
    pub answers: u64,
    /// Pearson's X².
    pub pearson: RaoScott,
    /// The likelihood ratio, G².
    pub likelihood: RaoScott,
    /// Wald's test; none if the cells do not vary in all directions.
    pub wald: Option<Tested>,
    /// The same with fewer degrees of freedom; none if there would not be any.
    pub adjusted_wald: Option<Tested>,
}

impl Association {
    /// Tests whether rows and columns are independent, among people of a domain.
    ///
    /// # Formula
    ///
    /// ```text
    /// X² = n Σ (p_rc − p_r p_c)² / (p_r p_c),   G² = 2n Σ p_rc ln( p_rc / (p_r p_c) )
    ///
    /// λ = eigenvalues of (C′ D⁻¹ C / n)⁻¹ (C′ D⁻¹ V̂(p) D⁻¹ C),   D = diag(p)
    /// ```
    ///
    /// C are the contrasts of interaction: columns that add up to 0 in every row and in every column. With
    /// replicates V̂(p) is that of the shares themselves, which are made anew; Wald's tests take the
    /// covariance of totals either way.
    ///
    /// # Errors
    ///
    /// [`Untested`] says why there is no test: fewer than two rows or columns with answers, a cell without
    /// a variance, no degrees of freedom, or nothing that varies.
    ///
    /// # Source
    ///
    /// Rao, Scott (1984); Koch, Freeman, Freeman (1975) for Wald. As `svychisq` of R's `survey`. It counts
    /// rows of data without an answer into n and ν; X² differs by that, p by ν alone. Here only those in
    /// the table count. Where `survey` stops at empty rows or columns, they are left out.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::estimate::variance::{Clusters, Design};
    /// use canvass::estimate::{Association, Category, Domain, Estimator};
    /// use canvass::frame::Codes;
    /// use canvass::weigh::Ledger;
    ///
    /// let ledger = Ledger::given(vec![10.0; 8])?;
    /// let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
    /// let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
    /// let side = Codes::from_labels(["n", "n", "n", "n", "s", "s", "s", "s"]);
    /// let said = Codes::from_labels(["y", "y", "y", "no", "y", "no", "no", "no"]);
    /// let questions = [&Category::column("side", &side), &Category::column("said", &said)];
    ///
    /// let test = Association::of(&estimator, questions, &Domain::all()).expect("two by two");
    /// // Every share is 1/2, every cell off by 1/8: 8 · 4 · (1/8)² / (1/4)
    /// assert!((test.pearson.statistic - 2.0).abs() < 1e-12);
    /// assert!(test.pearson.second_order().p > 0.1);
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn of(
        estimator: &Estimator<'_>,
        questions: [&Category; 2],
        domain: &Domain<'_>,
    ) -> Result<Association, Untested> {
        let grid = Grid::of(estimator, questions, domain);
        for (question, kept) in questions.iter().zip([&grid.rows, &grid.columns]) {
            if kept.len() < 2 {
                return Err(Untested::OneCategory {
                    question: question.name().to_owned(),
                    domain: domain.label().to_owned(),
                    levels: kept.len(),
                });
            }
        }
        let cells = Cells::of(estimator, &grid, domain)?;
        let nothing = || Untested::NothingVaries {
            rows: questions[0].name().to_owned(),
            columns: questions[1].name().to_owned(),
        };
        let effects = cells.effects().ok_or_else(nothing)?;
        let corrected = |statistic: f64| RaoScott {
            statistic,
            effects: effects.clone(),
            df: cells.df,
        };
        let wald = cells.wald();
        Ok(Association {
            questions: questions.map(|question| question.name().to_owned()),
            domain: domain.label().to_owned(),
            answers: grid.answers.iter().flatten().sum(),
            pearson: corrected(cells.pearson()),
            likelihood: corrected(cells.likelihood()),
            wald: wald.map(|wald| cells.wald_test(wald)),
            adjusted_wald: wald.and_then(|wald| cells.adjusted_wald(wald)),
        })
    }
}

/// The totals of cells, row by row, and their covariance.
struct Cells {
    rows: usize,
    columns: usize,
    answers: f64,
    totals: Vec<f64>,
    covariance: Symmetric,
    /// How shares vary together, where figures are made anew; else it follows from totals.
    of_shares: Option<Symmetric>,
    df: u64,
}

impl Cells {
    fn of(
        estimator: &Estimator<'_>,
        grid: &Grid<'_>,
        domain: &Domain<'_>,
    ) -> Result<Cells, Untested> {
        let at = |&r: &usize| grid.columns.iter().map(move |&c| (Some(r), Some(c)));
        let each = |part: Part| -> Vec<Indicator<'_>> {
            let cells = grid.rows.iter().flat_map(at);
            cells.map(|at| grid.indicator(part, at)).collect()
        };
        let Totals {
            people,
            covariance,
            df,
        } = Totals::of(estimator, &each(Part::People), domain)?;
        let of_shares = match estimator.is_anew() {
            true => Some(Totals::of(estimator, &each(Part::Share), domain)?.covariance),
            false => None,
        };
        Ok(Cells {
            rows: grid.rows.len(),
            columns: grid.columns.len(),
            answers: grid.answers.iter().flatten().sum::<u64>() as f64,
            totals: people,
            covariance,
            of_shares,
            df,
        })
    }

    fn row(&self, r: usize) -> f64 {
        sum((0..self.columns).map(|c| self.totals[r * self.columns + c]))
    }

    fn column(&self, c: usize) -> f64 {
        sum((0..self.rows).map(|r| self.totals[r * self.columns + c]))
    }

    fn all(&self) -> f64 {
        sum(self.totals.iter().copied())
    }

    /// Share of each cell, and what it would be under independence.
    fn shares(&self) -> Vec<(f64, f64)> {
        let all = self.all();
        let rows: Vec<f64> = (0..self.rows).map(|r| self.row(r) / all).collect();
        let columns: Vec<f64> = (0..self.columns).map(|c| self.column(c) / all).collect();
        let cell = |place: usize| {
            let expected = rows[place / self.columns] * columns[place % self.columns];
            (self.totals[place] / all, expected)
        };
        (0..self.totals.len()).map(cell).collect()
    }

    fn pearson(&self) -> f64 {
        let each = |(share, expected): (f64, f64)| (share - expected).powi(2) / expected;
        self.answers * sum(self.shares().into_iter().map(each))
    }

    fn likelihood(&self) -> f64 {
        // An empty cell adds nothing: p ln p goes to 0.
        let some = self.shares().into_iter().filter(|&(share, _)| share > 0.0);
        let each = some.map(|(share, expected)| share * (share / expected).ln());
        2.0 * self.answers * sum(each)
    }

    /// λ, from large to small; none if the contrasts cannot be told apart, or none varies.
    fn effects(&self) -> Option<Vec<f64>> {
        let (all, shares) = (self.all(), self.shares());
        let inverse = |&(share, _): &(f64, f64)| if share > 0.0 { 1.0 / share } else { 0.0 };
        let inverse: Vec<f64> = shares.iter().map(inverse).collect();
        let contrasts = interactions(self.rows, self.columns);
        let count = contrasts.len();
        let mut simple = Symmetric::zero(count);
        for (i, this) in contrasts.iter().enumerate() {
            for (j, other) in contrasts[..=i].iter().enumerate() {
                let each = this.iter().zip(other).zip(&inverse);
                simple.add(i, j, sum(each.map(|((a, b), d)| a * b * d)) / self.answers);
            }
        }
        let scaled = |contrast: &Vec<f64>| -> Vec<f64> {
            contrast.iter().zip(&inverse).map(|(c, d)| c * d).collect()
        };
        if let Some(covariance) = &self.of_shares {
            let lines: Vec<Vec<f64>> = contrasts.iter().map(scaled).collect();
            return ratio(&simple, &image(covariance, &lines));
        }
        // What a contrast of shares asks of totals: (c/p − its mean) / N̂.
        let lines: Vec<Vec<f64>> = contrasts
            .iter()
            .map(|contrast| {
                let scaled = scaled(contrast);
                let mean = sum(scaled.iter().zip(&shares).map(|(c, (share, _))| c * share));
                scaled.iter().map(|c| (c - mean) / all).collect()
            })
            .collect();
        ratio(&simple, &image(&self.covariance, &lines))
    }

    /// W; none if the cells do not vary in all directions.
    fn wald(&self) -> Option<f64> {
        let all = self.all();
        let (mut lines, mut off) = (Vec::new(), Vec::new());
        for r in 1..self.rows {
            for c in 1..self.columns {
                let (row, column) = (self.row(r), self.column(c));
                off.push(self.totals[r * self.columns + c] - row * column / all);
                let line = (0..self.totals.len()).map(|place| {
                    let in_row = f64::from(u8::from(place / self.columns == r));
                    let in_column = f64::from(u8::from(place % self.columns == c));
                    in_row * in_column - in_row * column / all - in_column * row / all
                        + row * column / (all * all)
                });
                lines.push(line.collect::<Vec<f64>>());
            }
        }
        let solver = Solver::new(&image(&self.covariance, &lines))?;
        (solver.rank() == off.len())
            .then(|| sum(solver.solve(&off).iter().zip(&off).map(|(x, y)| x * y)))
    }

    fn contrasts(&self) -> f64 {
        ((self.rows - 1) * (self.columns - 1)) as f64
    }

    fn wald_test(&self, wald: f64) -> Tested {
        let (m, df) = (self.contrasts(), self.df as f64);
        Tested {
            statistic: wald / m,
            df1: m,
            df2: Some(df),
            p: f_above(wald / m, m, df),
        }
    }

    fn adjusted_wald(&self, wald: f64) -> Option<Tested> {
        let (m, df) = (self.contrasts(), self.df as f64);
        let left = df - m + 1.0;
        (left > 0.0).then(|| {
            let statistic = wald * left / (m * df);
            Tested {
                statistic,
                df1: m,
                df2: Some(left),
                p: f_above(statistic, m, left),
            }
        })
    }
}

/// The people of some cells, and how they vary together.
pub(super) struct Totals {
    pub people: Vec<f64>,
    pub covariance: Symmetric,
    pub df: u64,
}

impl Totals {
    /// Of cells in a domain where somebody answered.
    pub fn of(
        estimator: &Estimator<'_>,
        cells: &[Indicator<'_>],
        domain: &Domain<'_>,
    ) -> Result<Totals, Untested> {
        let figures: Vec<(&dyn Statistic, &Domain<'_>)> = cells
            .iter()
            .map(|cell| (cell as &dyn Statistic, domain))
            .collect();
        let joint = joint(estimator, &figures).expect("somebody answered");
        for figure in &joint.figures {
            if let Err(reason) = &figure.variance {
                return Err(Untested::Unknown {
                    reason: reason.clone(),
                });
            }
        }
        if joint.df == 0 {
            return Err(Untested::NoDegrees {
                domain: domain.label().to_owned(),
            });
        }
        let all: Vec<usize> = (0..joint.figures.len()).collect();
        Ok(Totals {
            people: joint.figures.iter().map(|cell| cell.value).collect(),
            covariance: joint.matrix(&all).expect("every variance is known"),
            df: joint.df,
        })
    }
}

/// L V L′, for the lines of L.
pub(super) fn image(covariance: &Symmetric, lines: &[Vec<f64>]) -> Symmetric {
    let order = covariance.order();
    let half: Vec<Vec<f64>> = lines
        .iter()
        .map(|line| {
            let column = |j: usize| sum((0..order).map(|i| line[i] * covariance.get(i, j)));
            (0..order).map(column).collect()
        })
        .collect();
    let mut image = Symmetric::zero(lines.len());
    for (i, left) in half.iter().enumerate() {
        for (j, line) in lines[..=i].iter().enumerate() {
            let cell: Sum = left.iter().zip(line).map(|(a, b)| a * b).collect();
            image.add(i, j, cell.value());
        }
    }
    image
}

/// Contrasts of interaction, each of length 1 and at right angles to the others.
fn interactions(rows: usize, columns: usize) -> Vec<Vec<f64>> {
    let down = helmert(rows);
    let along = helmert(columns);
    let cross = |row: &Vec<f64>, column: &Vec<f64>| {
        let cell = |r: &f64| column.iter().map(|c| r * c).collect::<Vec<f64>>();
        row.iter().flat_map(cell).collect()
    };
    down.iter()
        .flat_map(|row| along.iter().map(move |column| cross(row, column)))
        .collect()
}

/// k − 1 contrasts of k things: each with the mean of those before it.
fn helmert(count: usize) -> Vec<Vec<f64>> {
    (1..count)
        .map(|k| {
            let length = ((k * (k + 1)) as f64).sqrt();
            let entry = |i: usize| match i.cmp(&k) {
                std::cmp::Ordering::Less => 1.0 / length,
                std::cmp::Ordering::Equal => -(k as f64) / length,
                std::cmp::Ordering::Greater => 0.0,
            };
            (0..count).map(entry).collect()
        })
        .collect()
}

/// Eigenvalues of B⁻¹ A, from large to small; none if B is blind somewhere, or A is nothing.
fn ratio(below: &Symmetric, above: &Symmetric) -> Option<Vec<f64>> {
    let eigen = below.eigen()?;
    let largest = eigen.first()?.0;
    if eigen.iter().any(|(value, _)| *value <= NOTHING * largest) {
        return None;
    }
    let lines: Vec<Vec<f64>> = eigen
        .iter()
        .map(|(value, direction)| direction.iter().map(|u| u / value.sqrt()).collect())
        .collect();
    let effects: Vec<f64> = image(above, &lines)
        .eigen()?
        .into_iter()
        .map(|(value, _)| value.max(0.0))
        .collect();
    (effects[0] > NOTHING).then_some(effects)
}
