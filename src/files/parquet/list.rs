//! A list read in pieces, as many at once as there are workers.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use polars::prelude::{
    Column as Series, FileMetadataRef, IdxSize, ParallelStrategy, ParquetReader, PolarsError,
    SerReader,
};

use super::guarded;
use crate::files::cells::Cells;
use crate::files::{Error, workers};
use crate::frame::{self, Batch, Beside, List, Visit, VisitBeside};

/// Rows read at a time: a row group, or a part of a long one.
const PIECE: usize = 1 << 19;

/// Rows handed on at a time: few enough that their places stay in the processor's cache, and many
/// enough that what is counted for each batch costs little.
const BATCH: usize = 1 << 13;

/// A list in one Parquet file, or in a folder of them.
#[derive(Debug, Clone)]
pub struct ParquetList {
    name: String,
    pieces: Vec<Piece>,
    columns: Vec<String>,
    rows: u64,
    /// Columns in which floats are refused; none for all.
    texts: Option<Vec<String>>,
}

/// Some consecutive rows of one row group of a file.
#[derive(Debug, Clone)]
struct Piece {
    path: PathBuf,
    /// What the file says of itself, as if it had no other row group: so it is read once, and a reader
    /// need not find its way past the others.
    group: FileMetadataRef,
    /// Of the group, counted from 0.
    from: usize,
    rows: usize,
    /// Of the list, counted from 0.
    first_row: u64,
}

impl ParquetList {
    /// The list in `files`, one after another.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] if one cannot be read; [`Error::Columns`] if one lacks a column that the
    /// first one has.
    pub fn open(name: String, files: &[PathBuf]) -> Result<ParquetList, Error> {
        let mut list = ParquetList {
            name,
            pieces: Vec::new(),
            columns: Vec::new(),
            rows: 0,
            texts: None,
        };
        for path in files {
            let (columns, groups) = shape(path)?;
            if list.columns.is_empty() {
                list.columns = columns;
            } else {
                let lacks = |column: &&String| !columns.contains(column);
                let missing: Vec<String> = list.columns.iter().filter(lacks).cloned().collect();
                if !missing.is_empty() {
                    let path = path.display().to_string();
                    return Err(Error::Columns {
                        path,
                        missing,
                        there: columns,
                    });
                }
            }
            list.add(path, groups);
        }
        Ok(list)
    }

    /// The same list, in which columns other than `texts` may hold floats: sizes and amounts. They are
    /// read as the shortest texts that give the same floats.
    #[must_use]
    pub fn with_numbers(self, texts: &[&str]) -> ParquetList {
        let texts = texts.iter().map(|&column| column.to_owned()).collect();
        ParquetList {
            texts: Some(texts),
            ..self
        }
    }

    /// Whether floats are refused in a column.
    fn is_text(&self, column: &str) -> bool {
        self.texts
            .as_ref()
            .is_none_or(|texts| texts.iter().any(|text| text == column))
    }

    fn add(&mut self, path: &Path, groups: Vec<FileMetadataRef>) {
        for group in groups {
            let there = group.num_rows;
            for from in (0..there).step_by(PIECE) {
                let rows = PIECE.min(there - from);
                self.pieces.push(Piece {
                    path: path.to_owned(),
                    group: Arc::clone(&group),
                    from,
                    rows,
                    first_row: self.rows,
                });
                self.rows += rows as u64;
            }
        }
    }

    /// Reads some columns of a piece as they are.
    fn read(&self, piece: &Piece, columns: &[&str]) -> Result<Vec<Series>, frame::Error> {
        let mut once: Vec<String> = columns.iter().map(|&column| column.to_owned()).collect();
        once.sort_unstable();
        once.dedup();
        let table = guarded(|| {
            let mut reader = ParquetReader::new(File::open(&piece.path)?);
            reader.set_metadata(Arc::clone(&piece.group));
            reader
                .with_columns(Some(once))
                .with_slice(Some((piece.from, piece.rows)))
                .read_parallel(ParallelStrategy::None)
                .finish()
        })
        .map_err(|why| self.fail(piece, why))?;
        let column = |name: &&str| table.column(name).cloned();
        let found: Result<Vec<Series>, PolarsError> = columns.iter().map(column).collect();
        found.map_err(|why| self.fail(piece, why.to_string()))
    }

    /// The texts of columns that were read.
    fn cells(&self, piece: &Piece, columns: &[Series]) -> Result<Vec<Cells>, frame::Error> {
        let cells = |column: &Series| Cells::of(column, self.is_text(column.name()));
        let found: Result<Vec<Cells>, String> = columns.iter().map(cells).collect();
        found.map_err(|why| self.fail(piece, why))
    }

    /// The texts of some rows of columns that were read: only these are made.
    fn some_cells(
        &self,
        piece: &Piece,
        columns: &[Series],
        rows: &[IdxSize],
    ) -> Result<Vec<Vec<Option<String>>>, frame::Error> {
        let taken: Result<Vec<Series>, PolarsError> = columns
            .iter()
            .map(|column| column.take_slice(rows))
            .collect();
        let taken = taken.map_err(|why| self.fail(piece, why.to_string()))?;
        let owned = |cells: &Cells| {
            let cells = cells.all().into_iter();
            cells.map(|cell| cell.map(str::to_owned)).collect()
        };
        Ok(self.cells(piece, &taken)?.iter().map(owned).collect())
    }

    fn fail(&self, piece: &Piece, why: String) -> frame::Error {
        let (first, last) = (piece.first_row + 1, piece.first_row + piece.rows as u64);
        frame::Error::Unreadable {
            list: self.name.clone(),
            why: format!("rows {first}–{last}: {why}"),
        }
    }
}

/// Columns beside those of a batch.
struct Further<'a> {
    list: &'a ParquetList,
    piece: &'a Piece,
    columns: &'a [Series],
    /// Where the batch begins in the piece.
    from: usize,
    /// How many rows it has.
    rows: usize,
}

impl Beside for Further<'_> {
    fn cells(&self, rows: &[usize]) -> Result<Vec<Vec<Option<String>>>, frame::Error> {
        let rows: Vec<IdxSize> = rows
            .iter()
            .map(|row| (self.from + row) as IdxSize)
            .collect();
        self.list.some_cells(self.piece, self.columns, &rows)
    }

    fn numbers(&self, column: usize) -> Result<Vec<Option<f64>>, frame::Error> {
        let column = self.columns[column].slice(self.from as i64, self.rows);
        if !self.list.is_text(column.name())
            && let Ok(values) = column.f64()
        {
            return Ok(values.iter().collect());
        }
        let cells = self.list.cells(self.piece, &[column])?;
        let cells = cells.iter().flat_map(Cells::all);
        Ok(cells.map(frame::number).collect())
    }
}

/// The columns of a file, and what it says of each row group.
fn shape(path: &Path) -> Result<(Vec<String>, Vec<FileMetadataRef>), Error> {
    guarded(|| {
        let mut reader = ParquetReader::new(File::open(path)?);
        let columns = reader
            .schema()?
            .iter_names()
            .map(ToString::to_string)
            .collect();
        let mut whole = reader.get_metadata()?.as_ref().clone();
        let groups = std::mem::take(&mut whole.row_groups);
        let alone = |group| {
            let mut alone = whole.clone();
            alone.row_groups = vec![group];
            alone.num_rows = alone.row_groups[0].num_rows();
            Arc::new(alone)
        };
        Ok((columns, groups.into_iter().map(alone).collect()))
    })
    .map_err(|why| Error::read(path, why))
}

impl List for ParquetList {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn columns(&self) -> Result<Vec<String>, frame::Error> {
        Ok(self.columns.clone())
    }

    fn rows(&self) -> Option<u64> {
        Some(self.rows)
    }

    fn scan(&self, columns: &[&str], visit: &Visit<'_>) -> Result<(), frame::Error> {
        self.scan_beside(columns, &[], &|batch, _| visit(batch))
    }

    fn scan_beside(
        &self,
        columns: &[&str],
        further: &[&str],
        visit: &VisitBeside<'_>,
    ) -> Result<(), frame::Error> {
        let all = [columns, further].concat();
        workers::each(&self.pieces, |piece| {
            let read = self.read(piece, &all)?;
            let (near, far) = read.split_at(columns.len());
            let cells = self.cells(piece, near)?;
            let mut batch: Vec<Vec<Option<&str>>> = vec![Vec::with_capacity(BATCH); columns.len()];
            for from in (0..piece.rows).step_by(BATCH) {
                let rows = from..piece.rows.min(from + BATCH);
                for (texts, cells) in batch.iter_mut().zip(&cells) {
                    texts.clear();
                    cells.fill(rows.clone(), texts);
                }
                let batch = Batch {
                    first_row: piece.first_row + from as u64,
                    columns: &batch,
                };
                let beside = Further {
                    list: self,
                    piece,
                    columns: far,
                    from,
                    rows: rows.len(),
                };
                visit(&batch, &beside)?;
            }
            Ok(())
        })
    }

    fn gather(
        &self,
        rows: &[u64],
        columns: &[&str],
    ) -> Result<Vec<Vec<Option<String>>>, frame::Error> {
        let found = rows.iter().filter(|row| **row < self.rows).count();
        if found < rows.len() {
            return Err(frame::Error::RowGone {
                list: self.name.clone(),
                asked: rows.len(),
                found,
            });
        }
        let mut wanted: Vec<(u64, usize)> = rows.iter().copied().zip(0..).collect();
        wanted.sort_unstable();
        let of = |piece: &Piece| {
            let end = piece.first_row + piece.rows as u64;
            let from = wanted.partition_point(|&(row, _)| row < piece.first_row);
            let to = wanted.partition_point(|&(row, _)| row < end);
            &wanted[from..to]
        };
        let there: Vec<&Piece> = self
            .pieces
            .iter()
            .filter(|piece| !of(piece).is_empty())
            .collect();
        let found = Mutex::new(vec![vec![None; rows.len()]; columns.len()]);
        workers::each(&there, |piece| {
            let wanted = of(piece);
            let local = |&(row, _): &(u64, usize)| (row - piece.first_row) as IdxSize;
            let local: Vec<IdxSize> = wanted.iter().map(local).collect();
            let read = self.read(piece, columns)?;
            let cells = self.some_cells(piece, &read, &local)?;
            let mut found = found.lock().expect("no visitor panicked");
            for (column, cells) in found.iter_mut().zip(cells) {
                for (&(_, place), cell) in wanted.iter().zip(cells) {
                    column[place] = cell;
                }
            }
            Ok(())
        })?;
        Ok(found.into_inner().expect("no visitor panicked"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::ParquetList;
    use crate::files::parquet::table::tests::table;
    use crate::files::parquet::write;
    use crate::frame::List;

    #[test]
    fn a_folder_is_one_list() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = [
            folder.path().join("a.parquet"),
            folder.path().join("b.parquet"),
        ];
        for path in &paths {
            write(path, &table()).expect("can be written");
        }
        let list = ParquetList::open("list".into(), &paths).expect("can be opened");
        assert_eq!(list.rows(), Some(6));
        let seen = Mutex::new(Vec::new());
        list.scan(&["id", "row", "note"], &|batch| {
            let mut seen = seen.lock().expect("no panic");
            for row in 0..batch.rows() {
                let cell = |c: usize| batch.columns[c][row].map(str::to_owned);
                seen.push((batch.first_row + row as u64, cell(0), cell(1), cell(2)));
            }
            Ok(())
        })
        .expect("can be read");
        let mut seen = seen.into_inner().expect("no panic");
        seen.sort();
        assert_eq!(seen.len(), 6);
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(seen[4], (4, some("008"), some("6"), some("渝中区")));
        let gathered = list.gather(&[5, 0], &["id"]).expect("can be read");
        assert_eq!(gathered[0], [some("009"), some("007")]);
    }

    #[test]
    fn what_stands_beside_a_batch_agrees_with_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("table.parquet");
        write(&path, &table()).expect("can be written");
        let list = ParquetList::open("list".into(), &[path.clone(), path]).expect("can be opened");
        let list = list.with_numbers(&["id"]);
        let some = |text: &str| Some(text.to_owned());
        list.scan_beside(&["id", "row"], &["weight", "note"], &|batch, beside| {
            assert_eq!((batch.columns.len(), batch.rows()), (2, 3));
            let cells = beside.cells(&[2, 1, 0])?;
            assert_eq!(cells[0], [some("0.30000000000000004"), None, some("1.5")]);
            assert_eq!(cells[1], [None, some("渝中区"), None]);
            assert_eq!(beside.numbers(0)?, [Some(1.5), None, Some(0.1 + 0.2)]);
            assert_eq!(beside.numbers(1)?, [None; 3]);
            Ok(())
        })
        .expect("can be read");
        list.scan_beside(&["weight", "id"], &["id", "row"], &|_, beside| {
            assert_eq!(beside.numbers(0)?, [Some(7.0), Some(8.0), Some(9.0)]);
            assert_eq!(beside.numbers(1)?, [Some(5.0), Some(6.0), Some(7.0)]);
            Ok(())
        })
        .expect("can be read");
    }

    #[test]
    fn a_float_is_no_id() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("table.parquet");
        write(&path, &table()).expect("can be written");
        let list = ParquetList::open("list".into(), &[path]).expect("can be opened");
        let error = list.scan(&["weight"], &|_| Ok(())).expect_err("floats");
        assert!(
            error.to_string().contains("'weight' holds floats"),
            "{error}"
        );
    }

    #[test]
    fn a_float_may_be_a_size_where_it_is_said_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("table.parquet");
        write(&path, &table()).expect("can be written");
        let list = ParquetList::open("list".into(), &[path]).expect("can be opened");
        let list = list.with_numbers(&["id"]);
        let gathered = list
            .gather(&[0, 1, 2], &["weight", "row"])
            .expect("can be read");
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            gathered[0],
            [some("1.5"), None, some("0.30000000000000004")]
        );
        assert_eq!(gathered[1], ["5", "6", "7"].map(some));
    }

    #[test]
    fn a_damaged_file_is_an_error_and_not_a_panic() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("table.parquet");
        std::fs::write(&path, b"PAR1 this is not a table PAR1").expect("can be written");
        assert!(ParquetList::open("list".into(), &[path]).is_err());
    }
}
