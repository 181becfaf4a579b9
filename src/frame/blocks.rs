//! A list nobody has: every number of some blocks, for random-digit dialling.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::{Batch, Error, List, Visit, fictional_block};

/// Numbers in a block of seven leading digits.
const BLOCK: u64 = 10_000;

/// The column that names the unit, which is the number itself.
const NUMBER: &str = "number";

/// Ten thousand numbers that share their seven leading digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    /// The seven leading digits.
    pub prefix: String,
    /// One label per stratum column.
    pub labels: Vec<String>,
}

/// Blocks of numbers as a list with ten thousand rows each.
///
/// The columns are `number`, which is both unit and telephone number, and the blocks' own.
#[derive(Debug, Clone)]
pub struct Blocks {
    name: String,
    columns: Vec<String>,
    /// Sorted by prefix, so that a row's place does not depend on the order of the file.
    blocks: Vec<Block>,
    /// The prefixes that numbers are made with.
    dialled: Vec<String>,
}

impl Blocks {
    /// A list of the numbers in `blocks`, whose labels belong to `columns`.
    ///
    /// With `fictional`, each block is given leading digits that cannot be dialled, by its place
    /// among the sorted blocks: for rehearsals.
    ///
    /// # Errors
    ///
    /// [`Error::BadBlocks`] if a prefix is not seven digits, or repeats; [`Error::TooManyBlocks`]
    /// if there are more blocks than fictional ones.
    pub fn new(
        name: String,
        columns: Vec<String>,
        mut blocks: Vec<Block>,
        fictional: bool,
    ) -> Result<Blocks, Error> {
        blocks.sort_unstable();
        let is_bad = |block: &Block| {
            block.prefix.len() != 7
                || !block.prefix.starts_with('1')
                || !block.prefix.bytes().all(|byte| byte.is_ascii_digit())
        };
        let twice = blocks
            .windows(2)
            .filter(|pair| pair[0].prefix == pair[1].prefix);
        let bad: Vec<String> = blocks
            .iter()
            .filter(|block| is_bad(block))
            .chain(twice.map(|pair| &pair[0]))
            .map(|block| block.prefix.clone())
            .collect();
        if !bad.is_empty() {
            return Err(Error::BadBlocks {
                count: bad.len(),
                blocks: bad,
            });
        }
        let dialled = blocks
            .iter()
            .enumerate()
            .map(|(place, block)| {
                if fictional {
                    fictional_block(place)
                } else {
                    Some(block.prefix.clone())
                }
            })
            .collect::<Option<Vec<String>>>()
            .ok_or(Error::TooManyBlocks {
                blocks: blocks.len(),
                room: 300_000,
            })?;
        Ok(Blocks {
            name,
            columns,
            blocks,
            dialled,
        })
    }

    /// The number in `row`.
    fn number(&self, row: u64) -> String {
        format!("{}{:04}", self.dialled[(row / BLOCK) as usize], row % BLOCK)
    }

    /// The cell of `column` in `row`.
    fn cell(&self, row: u64, column: &str) -> Option<String> {
        if column == NUMBER {
            return Some(self.number(row));
        }
        let place = self.columns.iter().position(|known| known == column)?;
        Some(self.blocks[(row / BLOCK) as usize].labels[place].clone())
    }
}

impl List for Blocks {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn columns(&self) -> Result<Vec<String>, Error> {
        Ok(std::iter::once(NUMBER.to_owned())
            .chain(self.columns.iter().cloned())
            .collect())
    }

    fn rows(&self) -> Option<u64> {
        Some(self.blocks.len() as u64 * BLOCK)
    }

    fn is_distinct(&self) -> bool {
        true
    }

    fn scan(&self, columns: &[&str], visit: &Visit<'_>) -> Result<(), Error> {
        let blocks: Vec<usize> = (0..self.blocks.len()).collect();
        blocks.par_iter().try_for_each(|&place| {
            let first_row = place as u64 * BLOCK;
            let digits: String = (0..BLOCK).map(|i| self.number(first_row + i)).collect();
            let number = |i: usize| &digits[i * 11..(i + 1) * 11];
            let filled: Vec<Vec<Option<&str>>> = columns
                .iter()
                .map(
                    |column| match self.columns.iter().position(|known| known == column) {
                        Some(label) => {
                            vec![Some(self.blocks[place].labels[label].as_str()); BLOCK as usize]
                        }
                        None => (0..BLOCK as usize).map(|i| Some(number(i))).collect(),
                    },
                )
                .collect();
            visit(&Batch {
                first_row,
                columns: &filled,
            })
        })
    }

    fn gather(&self, rows: &[u64], columns: &[&str]) -> Result<Vec<Vec<Option<String>>>, Error> {
        let there = self.blocks.len() as u64 * BLOCK;
        let found = rows.iter().filter(|&&row| row < there).count();
        if found < rows.len() {
            return Err(Error::RowGone {
                list: self.name.clone(),
                asked: rows.len(),
                found,
            });
        }
        let column = |name: &&str| rows.iter().map(|&row| self.cell(row, name)).collect();
        Ok(columns.iter().map(column).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::{Block, Blocks, Error, List};

    fn block(prefix: &str, operator: &str) -> Block {
        Block {
            prefix: prefix.into(),
            labels: vec![operator.into()],
        }
    }

    fn blocks(fictional: bool) -> Blocks {
        let there = vec![block("1020001", "b"), block("1010000", "a")];
        Blocks::new("blocks".into(), vec!["operator".into()], there, fictional).expect("two blocks")
    }

    #[test]
    fn every_number_of_every_block_is_read_once() {
        let seen = Mutex::new(Vec::new());
        blocks(false)
            .scan(&["number", "operator"], &|batch| {
                let mut seen = seen.lock().expect("no panic");
                for row in 0..batch.rows() {
                    seen.push((
                        batch.first_row + row as u64,
                        batch.columns[0][row].expect("a number").to_owned(),
                        batch.columns[1][row].expect("a label").to_owned(),
                    ));
                }
                Ok(())
            })
            .expect("blocks can be read");
        let mut seen = seen.into_inner().expect("no panic");
        seen.sort();
        assert_eq!(seen.len(), 20_000);
        assert_eq!(seen[0], (0, "10100000000".into(), "a".into()));
        assert_eq!(seen[19_999], (19_999, "10200019999".into(), "b".into()));
    }

    #[test]
    fn gathering_agrees_with_reading() {
        let cells = blocks(false)
            .gather(&[10_003, 5], &["operator", "number"])
            .expect("there");
        assert_eq!(cells[0], [Some("b".to_owned()), Some("a".to_owned())]);
        assert_eq!(
            cells[1],
            [
                Some("10200010003".to_owned()),
                Some("10100000005".to_owned())
            ]
        );
    }

    #[test]
    fn fictional_numbers_cannot_be_dialled() {
        let cells = blocks(true)
            .gather(&[0, 19_999], &["number"])
            .expect("there");
        for number in &cells[0] {
            let number = number.as_deref().expect("a number");
            assert!(
                crate::frame::Numbering::Fictional.read(number).is_ok(),
                "{number}"
            );
        }
    }

    #[test]
    fn a_block_given_twice_is_named() {
        let twice = vec![
            block("1010000", "a"),
            block("1010000", "b"),
            block("1x", "c"),
        ];
        let error = Blocks::new("blocks".into(), vec!["operator".into()], twice, false);
        let Err(Error::BadBlocks { count, blocks }) = error else {
            panic!("{error:?}")
        };
        assert_eq!(count, 2);
        assert_eq!(blocks, ["1x", "1010000"]);
    }
}
