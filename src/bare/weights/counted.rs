//! Who is counted: rows that speak in figures, and rows that only stand in the table.

use serde::{Deserialize, Serialize};

use super::Error;
use crate::files::data::Data;

/// The column of a study's weights that says who gave an interview, and so is counted.
pub const INTERVIEW: &str = "interview";

/// The column of a study's weights that says who is known not to belong to the population.
pub const NOT_ELIGIBLE: &str = "not_eligible";

/// The columns by which rows are counted: of 1 and 0, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counting {
    /// Rows with 1 are counted. Those with 0 are to weigh 0.
    pub by: String,
    /// Rows with 1 are known not to belong to the population. They are not counted, and may weigh all the
    /// same: they stand for others like them in the list.
    pub not_eligible: Option<String>,
}

impl Counting {
    /// Their names.
    pub(super) fn columns(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.by).chain(&self.not_eligible)
    }
}

/// Who is counted, as a table's own columns say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The column that says so.
    pub column: String,
    /// Rows that are counted: 1 in it.
    pub rows: u64,
    /// The column that says who does not belong to the population, where it was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_eligible: Option<String>,
    /// Rows that do not. Of a whole list some are like them, so they may keep their weight.
    pub apart: u64,
    /// Rows that are not counted and have a weight above 0, without those that do not belong to the
    /// population.
    pub weighing: Vec<u64>,
}

/// Where each row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// It is counted.
    In,
    /// It does not belong to the population.
    Apart,
    /// Neither.
    Out,
}

/// Where all rows stand, and the columns that say it.
#[derive(Debug)]
pub(super) struct Roll {
    column: String,
    not_eligible: Option<String>,
    rows: Vec<Stands>,
}

impl Roll {
    /// Reads who is counted. Whatever is neither 1 nor 0, and who is counted and does not belong to the
    /// population, is remembered until [`Data::finish`].
    pub fn read(data: &mut Data, counting: &Counting) -> Result<Roll, crate::Error> {
        let Counting { by, not_eligible } = counting;
        let mut rows: Vec<Stands> = flags(data, by)?
            .into_iter()
            .map(|is| if is { Stands::In } else { Stands::Out })
            .collect();
        if let Some(column) = not_eligible {
            let apart = flags(data, column)?;
            for row in (0..rows.len()).filter(|&row| apart[row]) {
                if rows[row] == Stands::In {
                    let wanted = format!("0, and '{by}' is 1");
                    data.problem(row, column, Some("1"), &wanted);
                }
                rows[row] = Stands::Apart;
            }
        }
        Ok(Roll {
            column: by.clone(),
            not_eligible: not_eligible.clone(),
            rows,
        })
    }

    /// Whether a row is counted.
    pub fn counts(&self, row: usize) -> bool {
        self.rows[row] == Stands::In
    }

    /// The weights of rows that are counted, in their places.
    pub fn masked(&self, weights: &[Option<f64>]) -> Vec<Option<f64>> {
        let own = |(row, weight): (usize, &Option<f64>)| weight.filter(|_| self.counts(row));
        weights.iter().enumerate().map(own).collect()
    }

    /// The cells of rows that are counted, and no others.
    pub fn kept(&self, column: &[Option<f64>]) -> Vec<Option<f64>> {
        let rows = (0..column.len()).filter(|&row| self.counts(row));
        rows.map(|row| column[row]).collect()
    }

    /// What is told of it.
    pub fn told(&self, weights: &[Option<f64>]) -> Counted {
        let stand = |how: Stands| self.rows.iter().filter(|row| **row == how).count() as u64;
        let weighs = |row: &usize| {
            self.rows[*row] == Stands::Out && weights[*row].is_some_and(|weight| weight > 0.0)
        };
        Counted {
            column: self.column.clone(),
            rows: stand(Stands::In),
            not_eligible: self.not_eligible.clone(),
            apart: stand(Stands::Apart),
            weighing: (0..self.rows.len())
                .filter(weighs)
                .map(|row| row as u64 + 1)
                .collect(),
        }
    }

    /// Whether anybody is counted.
    pub fn somebody(&self, path: &str) -> Result<(), Error> {
        match (0..self.rows.len()).any(|row| self.counts(row)) {
            true => Ok(()),
            false => Err(Error::NobodyCounted {
                path: path.to_owned(),
                column: self.column.clone(),
            }),
        }
    }
}

/// A column of 1 and 0. Anything else is remembered, a blank cell too: nobody knows who it is about.
fn flags(data: &mut Data, column: &str) -> Result<Vec<bool>, crate::Error> {
    let values = data.numbers_each(column)?;
    let is = |value: &Option<f64>, wanted: f64| value.is_some_and(|x| (x - wanted).abs() <= 0.0);
    let bad = |value: &Option<f64>| !is(value, 0.0) && !is(value, 1.0);
    if values.iter().any(bad) {
        let cells = data.texts(column)?;
        for row in (0..values.len()).filter(|&row| bad(&values[row])) {
            data.problem(row, column, cells[row].as_deref(), "1 or 0");
        }
    }
    Ok(values.iter().map(|value| is(value, 1.0)).collect())
}

#[cfg(test)]
mod tests {
    use super::{Counting, Roll};
    use crate::files::data::Data;

    fn table(text: &str) -> (tempfile::TempDir, Data) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("w.csv");
        std::fs::write(&path, text).expect("written");
        let data = Data::read(&path, &["w", "i", "n"]).expect("readable");
        (folder, data)
    }

    fn by(not_eligible: Option<&str>) -> Counting {
        Counting {
            by: "i".to_owned(),
            not_eligible: not_eligible.map(str::to_owned),
        }
    }

    #[test]
    fn rows_stand_where_two_columns_put_them() {
        let (_folder, mut data) = table("w,i,n\n5,1,0\n0,0,0\n2,0,1\n3,0,0\n,1.0,0\n");
        let weights = data.numbers("w").expect("numbers");
        let roll = Roll::read(&mut data, &by(Some("n"))).expect("readable");
        assert_eq!(data.finish(), Ok(()));
        let told = roll.told(&weights);
        assert_eq!(
            (told.rows, told.apart, &told.weighing[..]),
            (2, 1, &[4][..])
        );
        assert_eq!(roll.masked(&weights), [Some(5.0), None, None, None, None]);
        assert_eq!(roll.kept(&weights), [Some(5.0), None]);
        // Without the second column its row has a weight that nobody asked for.
        let roll = Roll::read(&mut data, &by(None)).expect("readable");
        assert_eq!(roll.told(&weights).weighing, [3, 4]);
    }

    #[test]
    fn anything_but_1_and_0_is_counted_and_shown() {
        let (_folder, mut data) = table("w,i,n\n1,yes,0\n1,,0\n1,2,0\n1,1,1\n1,0,0\n");
        let roll = Roll::read(&mut data, &by(Some("n"))).expect("readable");
        let said = data.finish().expect_err("four cells").to_string();
        for part in [
            "4 cells",
            "line 2, i: 'yes' is not 1 or 0",
            "line 3, i: nothing is not 1 or 0",
            "line 4, i: '2' is not 1 or 0",
            "line 5, n: '1' is not 0, and 'i' is 1",
        ] {
            assert!(said.contains(part), "no '{part}' in {said}");
        }
        assert!(roll.somebody("w.csv").is_err());
    }
}
