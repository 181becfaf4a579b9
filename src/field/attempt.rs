//! What comes back from the telephone centre: a line per call, and a line per interview.

use jiff::civil::DateTime;

/// One call to one case: a line of attempts.csv.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// Its line in the file; the first line after the heading is 2.
    pub row: u64,
    /// The case, as the centre wrote it.
    pub case: String,
    /// The centre's count of calls to this case.
    pub number: u32,
    /// When it was dialled, by the clock of the survey's time zone.
    pub started: DateTime,
    /// Seconds until somebody answered or the caller gave up.
    pub ring_seconds: Option<u32>,
    /// Seconds of conversation.
    pub talk_seconds: Option<u32>,
    /// Who called; blank if a machine did and nobody came to the line.
    pub interviewer: String,
    /// How it ended: an AAPOR code, as "2.111".
    pub code: String,
}

impl Attempt {
    /// When somebody talked, from and to, in seconds from a fixed day; none if nobody did, or nobody
    /// knows how long.
    pub(super) fn talk(&self) -> Option<(i64, i64)> {
        let seconds = self.talk_seconds.filter(|&seconds| seconds > 0)?;
        let dialled = self.started.duration_since(DateTime::ZERO).as_secs();
        let from = dialled + i64::from(self.ring_seconds.unwrap_or(0));
        Some((from, from + i64::from(seconds)))
    }
}

/// What one case answered: a line of answers.csv.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its line in the file; the first line after the heading is 2.
    pub row: u64,
    /// The case, as the centre wrote it.
    pub case: String,
    /// Who asked.
    pub interviewer: String,
    /// When the interview began.
    pub started: DateTime,
    /// When it ended.
    pub ended: Option<DateTime>,
    /// One value per item; nothing where nothing was said.
    pub values: Vec<Option<f64>>,
}

/// All answers of a survey.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answers {
    /// The items' names, in the order of every row's values.
    pub items: Vec<String>,
    /// The rows.
    pub rows: Vec<Answer>,
}
