//! From a sheet of drawn units to the files that a telephone centre would send back.
//!
//! ```text
//! people → what each line does, call by call → when → who talks → attempts and answers
//! ```
//!
//! What becomes of a case hangs on its key, the seed and the recipe. Only who calls it hangs on the
//! other cases too: nobody can talk to two people at once.

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use super::answers::{Questions, Said};
use super::line::{Heard, Lines};
use super::profile::{People, nth};
use super::timetable::{Timetable, clock, interviewers};
use super::{Error, Recipe};
use crate::field::{Answer, Answers, Attempt, Calendar};
use crate::frame::Codes;
use crate::random::Seed;
use crate::random::pretend::Dice;

/// Seconds that a question takes, from and to: an invention.
const QUESTION: (u32, u32) = (15, 30);

/// What is invented for: one entry per drawn unit, in the sample's order.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// Case ids, as on call lists.
    pub case: &'a [String],
    /// Each unit's row in the list. Inventions hang on it and on the seed, and on nothing else.
    pub key: &'a [u64],
    /// Columns that came along with the sample, each with its name.
    pub columns: &'a [(String, Codes)],
    /// Whether a unit is called.
    pub released: &'a [bool],
}

impl<'a> Sheet<'a> {
    /// How many units there are; every part of the sheet has as many entries.
    fn units(&self) -> usize {
        let units = self.case.len();
        let columns = self.columns.iter().map(|(_, codes)| codes.len());
        let mut lengths = columns.chain([self.key.len(), self.released.len()]);
        assert!(lengths.all(|length| length == units), "one entry per unit");
        units
    }

    /// The column with this name.
    pub(super) fn column(&self, name: &str) -> Result<&'a Codes, Error> {
        let found = self.columns.iter().find(|(known, _)| known == name);
        found
            .map(|(_, codes)| codes)
            .ok_or_else(|| Error::NoColumn {
                column: name.into(),
                known: self
                    .columns
                    .iter()
                    .map(|(known, _)| known.clone())
                    .collect(),
            })
    }
}

/// What a telephone centre would send back.
#[derive(Debug, Clone, PartialEq)]
pub struct Invented {
    /// Every call, by time.
    pub attempts: Vec<Attempt>,
    /// What was answered, by time.
    pub answers: Answers,
}

/// A call before somebody is there to make it.
#[derive(Debug)]
struct Draft {
    unit: usize,
    /// When it is dialled, in seconds from a fixed day.
    at: i64,
    /// Which call to the unit it is, from 1.
    number: u32,
    ring: u32,
    talk: u32,
    code: &'static str,
    said: Option<Said>,
}

impl Draft {
    /// When somebody talks, from and to.
    fn talks(&self) -> (i64, i64) {
        let from = self.at + i64::from(self.ring);
        (from, from + i64::from(self.talk))
    }
}

/// All that a unit's calls hang on.
#[derive(Debug)]
struct Centre<'a> {
    people: People<'a>,
    lines: Lines<'a>,
    questions: Questions<'a>,
    timetable: Timetable,
    ring: Dice,
    talk: Dice,
}

/// Invents all calls to the released units of a sheet, and what people answer.
///
/// A number is called as often as `reached` of its rule has entries, until its case is settled; one
/// that does not work as often as it takes to believe the message. If fieldwork is too short for so
/// many calls, the last ones are not made.
///
/// ```
/// use canvass::field::Calendar;
/// use canvass::frame::Codes;
/// use canvass::random::Seed;
/// use canvass::rehearse::{Recipe, Sheet, invent};
/// use jiff::civil::date;
///
/// let text = include_str!("../../config/surveys/chongqing-numbers.rehearsal.toml");
/// let recipe = Recipe::read(text)?;
/// let columns = ["operator", "area"].map(|name| (name.to_owned(), Codes::from_labels(["x", "y"])));
/// let sheet = Sheet {
///     case: &["A".into(), "B".into()],
///     key: &[17, 4],
///     columns: &columns,
///     released: &[true, false],
/// };
/// let calendar = Calendar::open("Asia/Shanghai", date(2016, 1, 4), date(2016, 1, 31))?;
/// let seed = Seed::new("a rehearsal").expect("not blank");
/// let invented = invent(&recipe, &sheet, &calendar, &seed)?;
/// assert!(invented.attempts.iter().all(|call| call.case == "A"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// - [`Error::NoColumn`] if the recipe names a column that the sheet lacks.
/// - [`Error::Incomplete`] if no rule says something of a unit.
/// - [`Error::NoDays`] if no day of the calendar allows calls.
///
/// # Panics
///
/// If parts of the sheet differ in length: our own bug.
pub fn invent(
    recipe: &Recipe,
    sheet: &Sheet<'_>,
    calendar: &Calendar,
    seed: &Seed,
) -> Result<Invented, Error> {
    let units = sheet.units();
    let people = People::new(recipe, sheet, seed)?;
    let centre = Centre {
        questions: Questions::new(recipe, sheet, &people, seed)?,
        lines: Lines::new(recipe, seed),
        people,
        timetable: Timetable::new(calendar, seed)?,
        ring: Dice::new(seed, "rehearse/calls/ring"),
        talk: Dice::new(seed, "rehearse/calls/talk"),
    };
    let released = (0..units)
        .into_par_iter()
        .filter(|&unit| sheet.released[unit]);
    let mut drafts: Vec<Draft> = released.flat_map_iter(|unit| centre.calls(unit)).collect();
    drafts.par_sort_unstable_by(|a, b| {
        (a.at, &sheet.case[a.unit], a.number).cmp(&(b.at, &sheet.case[b.unit], b.number))
    });
    let who = callers(&drafts);
    let items = centre.questions.names();
    Ok(Invented {
        attempts: attempts(&drafts, &who, sheet),
        answers: Answers {
            items,
            rows: answers(drafts, &who, sheet),
        },
    })
}

impl Centre<'_> {
    /// All calls to a unit.
    fn calls(&self, unit: usize) -> Vec<Draft> {
        let person = self.people.at(unit);
        let calls = self.lines.calls(&person);
        let draft = |(call, &heard): (usize, &Heard)| {
            let at = self.timetable.time(person.key, call, calls.planned)?;
            let said = (heard == Heard::Interview).then(|| self.questions.interview(unit, &person));
            let place = nth(person.key, call);
            let asked = said.as_ref().map_or(0, |said| said.asked as u32);
            let questions = (asked * QUESTION.0, asked * QUESTION.1);
            let talk = between(self.talk, place, heard.talk());
            Some(Draft {
                unit,
                at,
                number: call as u32 + 1,
                ring: between(self.ring, place, heard.ring()),
                talk: talk + between(self.talk, !place, questions),
                code: said.as_ref().map_or(heard.code(), |said| said.code),
                said,
            })
        };
        calls.heard.iter().enumerate().map_while(draft).collect()
    }
}

/// A whole number from the first to the second, both included.
fn between(dice: Dice, place: u64, (least, most): (u32, u32)) -> u32 {
    least + dice.below(place, u64::from(most - least) + 1) as u32
}

/// Who makes each call; nobody where nobody comes to the line.
fn callers(drafts: &[Draft]) -> Vec<Option<u32>> {
    let mut talks: Vec<usize> = (0..drafts.len())
        .filter(|&call| drafts[call].talk > 0)
        .collect();
    talks.sort_by_key(|&call| drafts[call].talks());
    let names = interviewers(talks.iter().map(|&call| drafts[call].talks()));
    let mut who = vec![None; drafts.len()];
    for (call, name) in talks.into_iter().zip(names) {
        who[call] = Some(name);
    }
    who
}

/// An interviewer as files call them.
fn named(who: Option<u32>) -> String {
    who.map(|who| format!("T{who:03}")).unwrap_or_default()
}

fn attempts(drafts: &[Draft], who: &[Option<u32>], sheet: &Sheet<'_>) -> Vec<Attempt> {
    let lines: Vec<usize> = (0..drafts.len()).collect();
    let attempt = |&line: &usize| {
        let draft = &drafts[line];
        Attempt {
            row: line as u64 + 2,
            case: sheet.case[draft.unit].clone(),
            number: draft.number,
            started: clock(draft.at),
            ring_seconds: Some(draft.ring),
            talk_seconds: Some(draft.talk),
            interviewer: named(who[line]),
            code: draft.code.into(),
        }
    };
    lines.par_iter().map(attempt).collect()
}

/// The answers of everybody who gave any, by the time at which the interview began.
fn answers(drafts: Vec<Draft>, who: &[Option<u32>], sheet: &Sheet<'_>) -> Vec<Answer> {
    let gave = drafts.into_iter().zip(who).filter_map(|(draft, &who)| {
        let (from, to) = draft.talks();
        let values = draft.said?.values;
        let any = values.iter().any(Option::is_some);
        any.then(|| Answer {
            row: 0,
            case: sheet.case[draft.unit].clone(),
            interviewer: named(who),
            started: clock(from),
            ended: Some(clock(to)),
            values,
        })
    });
    let mut rows: Vec<Answer> = gave.collect();
    rows.sort_by(|a, b| (a.started, &a.case).cmp(&(b.started, &b.case)));
    for (row, line) in rows.iter_mut().zip(2..) {
        row.row = line;
    }
    rows
}

#[cfg(test)]
pub(super) mod tests;
