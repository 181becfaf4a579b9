//! A long file of CSV in pieces, which several hands parse at the same time.

use std::io::{Cursor, Read};
use std::sync::{Condvar, Mutex};

use csv::{Reader, ReaderBuilder, StringRecord};

/// Bytes of a piece, and of what is read at a time: some tens of thousands of rows.
const PIECE: usize = 1 << 21;

/// A line that is longer is no line: its end is not looked for in memory.
const LINE: usize = 1 << 24;

/// Rows that are parsed at a time where a file cannot be cut.
const ROWS: usize = 1 << 15;

/// The next rows of a file.
pub(super) enum Piece {
    /// Whole lines, which anybody may parse.
    Lines {
        text: Vec<u8>,
        /// Whether the first of them is the heading.
        headed: bool,
    },
    /// Rows that are parsed already.
    Rows(Vec<StringRecord>),
}

/// Cuts a file behind line ends. Whether a line end is one cannot be told without parsing all that stands
/// before it once a quotation mark was met, so from there on rows are parsed one after another.
pub(super) struct Pieces<R: Read> {
    delimiter: u8,
    state: State<R>,
    headed: bool,
}

enum State<R: Read> {
    Whole {
        from: R,
        /// What was read behind the last line end.
        rest: Vec<u8>,
    },
    Parsed(Box<Reader<std::io::Chain<Cursor<Vec<u8>>, R>>>),
    Ended,
}

impl<R: Read> Pieces<R> {
    /// The pieces of a file with a heading.
    pub fn of(from: R, delimiter: u8) -> Pieces<R> {
        let rest = Vec::new();
        Pieces {
            delimiter,
            state: State::Whole { from, rest },
            headed: true,
        }
    }

    fn take(&mut self) -> csv::Result<Option<Piece>> {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Whole { from, rest } => self.cut(from, rest),
            State::Parsed(reader) => self.parsed(reader),
            State::Ended => Ok(None),
        }
    }

    /// Lines up to the last line end among the next bytes.
    fn cut(&mut self, mut from: R, mut text: Vec<u8>) -> csv::Result<Option<Piece>> {
        loop {
            let known = text.len();
            text.reserve(PIECE);
            let got = from.by_ref().take(PIECE as u64).read_to_end(&mut text)?;
            let fresh = &text[known..];
            let end = fresh.iter().rposition(|&byte| byte == b'\n');
            if fresh.contains(&b'"') || (end.is_none() && text.len() > LINE) {
                let reader = reader(Cursor::new(text).chain(from), self.delimiter, self.headed);
                return self.parsed(Box::new(reader));
            }
            let rest = match (end, got) {
                (_, 0) if text.is_empty() => return Ok(None),
                (_, 0) => None,
                (Some(end), _) => Some(text.split_off(known + end + 1)),
                (None, _) => continue,
            };
            if let Some(rest) = rest {
                self.state = State::Whole { from, rest };
            }
            let headed = std::mem::take(&mut self.headed);
            return Ok(Some(Piece::Lines { text, headed }));
        }
    }

    fn parsed(
        &mut self,
        mut reader: Box<Reader<std::io::Chain<Cursor<Vec<u8>>, R>>>,
    ) -> csv::Result<Option<Piece>> {
        let rows: Vec<StringRecord> = reader.records().take(ROWS).collect::<csv::Result<_>>()?;
        if rows.is_empty() {
            return Ok(None);
        }
        self.state = State::Parsed(reader);
        Ok(Some(Piece::Rows(rows)))
    }
}

impl<R: Read> Iterator for Pieces<R> {
    type Item = csv::Result<Piece>;

    fn next(&mut self) -> Option<csv::Result<Piece>> {
        self.take().transpose()
    }
}

impl Piece {
    /// Its rows, for which there may be room from a piece before it.
    pub fn rows(self, delimiter: u8, room: &mut Vec<StringRecord>) -> csv::Result<&[StringRecord]> {
        match self {
            Piece::Lines { text, headed } => {
                let mut reader = reader(text.as_slice(), delimiter, headed);
                let mut filled = 0;
                loop {
                    if room.len() == filled {
                        room.push(StringRecord::new());
                    }
                    if !reader.read_record(&mut room[filled])? {
                        return Ok(&room[..filled]);
                    }
                    filled += 1;
                }
            }
            Piece::Rows(rows) => {
                *room = rows;
                Ok(room)
            }
        }
    }
}

fn reader<R: Read>(from: R, delimiter: u8, headed: bool) -> Reader<R> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(headed)
        .buffer_capacity(1 << 18)
        .from_reader(from)
}

/// Tells each piece where its rows stand in the file, as soon as the rows of all before it are counted.
#[derive(Default)]
pub(super) struct Turns {
    /// Pieces that are counted, and their rows.
    counted: Mutex<(usize, u64)>,
    moved: Condvar,
}

impl Turns {
    /// The first row of a piece of so many. Waits for the pieces before it.
    pub fn first_row(&self, piece: usize, rows: usize) -> u64 {
        let counted = self.counted.lock().expect("nobody panicked with the lock");
        let mut counted = self
            .moved
            .wait_while(counted, |(pieces, _)| *pieces < piece)
            .expect("nobody panicked with the lock");
        let first = counted.1;
        *counted = (piece + 1, first + rows as u64);
        self.moved.notify_all();
        first
    }
}
