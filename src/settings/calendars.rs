//! Public holidays and polite hours, one file per country and year.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};

use super::kinds::{date, list, text, word};
use super::origin::{At, Layer, Text};
use super::problems::{Problem, Problems};
use super::reader::{Node, Reader};
use super::resolve::{beside, parse};
use super::section::Section;
use super::words::DayKind;

/// The calendars that ship with canvass.
const EMBEDDED: &[(&str, &str)] = &[(
    "china-2016",
    include_str!("../../config/calendars/china-2016.toml"),
)];

/// A span of the day in which a call may start: from the first time on and before the second.
pub type Hours = (Time, Time);

/// When people may be called.
///
/// ```
/// use canvass::settings::{CalendarFile, DayKind};
/// use jiff::civil::date;
///
/// let text = CalendarFile::embedded("china-2016").expect("it ships with canvass");
/// let calendar = CalendarFile::read(text, "china-2016.toml")?;
/// let festival = calendar.days.iter().find(|day| day.date == date(2016, 2, 8));
/// assert_eq!(festival.map(|day| day.kind), Some(DayKind::NoCalls));
/// # Ok::<(), canvass::settings::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarFile {
    /// Its name: "china-2016".
    pub name: String,
    /// Who announced the days.
    pub source: String,
    /// Spans of a workday, in their order.
    pub hours: Vec<Hours>,
    /// Spans of a Saturday, a Sunday or a holiday.
    pub weekend_hours: Vec<Hours>,
    /// Days that are not what their weekday says, in their order.
    pub days: Vec<CalendarDay>,
}

/// A day that is not what its weekday says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// The day.
    pub date: Date,
    /// Why: "Spring Festival 春节".
    pub name: String,
    /// What it is to a caller.
    pub kind: DayKind,
}

impl CalendarFile {
    /// The text of a calendar that ships with canvass.
    #[must_use]
    pub fn embedded(name: &str) -> Option<&'static str> {
        EMBEDDED
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, text)| *text)
    }

    /// The names of the calendars that ship with canvass.
    pub fn names() -> impl Iterator<Item = &'static str> {
        EMBEDDED.iter().map(|(name, _)| *name)
    }

    /// Reads the text of a calendar.
    ///
    /// # Errors
    ///
    /// [`Problems`]: everything that is wrong with it, each with line and column.
    pub fn read(text: &str, file_name: &str) -> Result<CalendarFile, Problems> {
        let file = Text {
            layer: Layer::File,
            text,
        };
        let (table, broken) = parse(file);
        let mut reader = Reader::new(&[], &broken, file);
        let wire = reader.read(vec![(table.get_ref(), file)], Wire::read);
        let mut problems = beside(broken, reader.problems);
        problems.extend(repeated(&wire.days));
        match wire.whole() {
            Some(calendar) if problems.is_empty() => Ok(calendar),
            _ => Err(Problems::sorted(file_name, problems)),
        }
    }

    /// The years of which the calendar names days. Of other years it knows no holiday.
    #[must_use]
    pub fn years(&self) -> BTreeSet<i16> {
        self.days.iter().map(|day| day.date.year()).collect()
    }
}

/// What may be written.
struct Wire {
    name: Option<At<String>>,
    source: Option<At<String>>,
    hours: Option<At<Vec<At<Hours>>>>,
    weekend_hours: Option<At<Vec<At<Hours>>>>,
    days: Vec<WireDay>,
}

/// `[[day]]`
struct WireDay {
    date: Option<At<Date>>,
    name: Option<At<String>>,
    kind: Option<At<DayKind>>,
}

impl Wire {
    fn read(file: &mut Section<'_, '_>) -> Wire {
        Wire {
            name: file.need("name", text),
            source: file.need("source", text),
            hours: file.need("hours", spans),
            weekend_hours: file.need("weekend_hours", spans),
            days: file.tables("day", WireDay::read),
        }
    }

    fn whole(self) -> Option<CalendarFile> {
        let plain = |spans: At<Vec<At<Hours>>>| spans.value.iter().map(|at| at.value).collect();
        let mut days = self
            .days
            .into_iter()
            .map(WireDay::whole)
            .collect::<Option<Vec<_>>>()?;
        days.sort_by_key(|day| day.date);
        Some(CalendarFile {
            name: self.name?.value,
            source: self.source?.value,
            hours: plain(self.hours?),
            weekend_hours: plain(self.weekend_hours?),
            days,
        })
    }
}

impl WireDay {
    fn read(day: &mut Section<'_, '_>) -> WireDay {
        WireDay {
            date: day.need("date", date),
            name: day.need("name", text),
            kind: day.need("kind", word),
        }
    }

    fn whole(self) -> Option<CalendarDay> {
        Some(CalendarDay {
            date: self.date?.value,
            name: self.name?.value,
            kind: self.kind?.value,
        })
    }
}

/// Days that stand in the calendar a second time.
fn repeated(days: &[WireDay]) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let dates = days.iter().filter_map(|day| day.date.as_ref());
    let again = dates.filter(|date| !seen.insert(date.value));
    again
        .map(|date| date.problem(format!("{} is named twice", date.value)))
        .collect()
}

/// Spans of the day, one after the other.
fn spans(node: &Node<'_>, found: &mut Vec<Problem>) -> Option<Vec<At<Hours>>> {
    let spans = list(span)(node, found)?;
    for pair in spans
        .windows(2)
        .filter(|pair| pair[1].value.0 < pair[0].value.1)
    {
        let message = format!("{} begins before the span before it ends", pair[1].key);
        found.push(pair[1].problem(message));
    }
    Some(spans)
}

/// "09:00-12:00"
fn span(node: &Node<'_>, found: &mut Vec<Problem>) -> Option<Hours> {
    let text = text(node, found)?;
    let hours = text
        .split_once('-')
        .and_then(|(from, to)| Some((time(from)?, time(to)?)));
    match hours.filter(|(from, to)| from < to) {
        Some(hours) => Some(hours),
        None => {
            let message = format!("{} is '{text}', which is no span of a day", node.key);
            found.push(node.problem(message).hint("write it as \"09:00-12:00\""));
            None
        }
    }
}

/// "09:00"
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date, time};

    use super::{CalendarFile, DayKind};

    const SMALL: &str = r#"name = "c"
source = "s"
hours = ["09:00-12:00", "14:00-20:30"]
weekend_hours = ["10:00-12:00"]
[[day]]
date = 2016-02-08
name = "Spring Festival"
kind = "no-calls"
[[day]]
date = 2016-01-01
name = "New Year"
kind = "holiday"
"#;

    fn complaints(good: &str, bad: &str) -> String {
        assert!(SMALL.contains(good), "{good}");
        CalendarFile::read(&SMALL.replace(good, bad), "c.toml")
            .expect_err("bad")
            .to_string()
    }

    #[test]
    fn a_calendar_is_read_with_its_days_in_order() {
        let calendar = CalendarFile::read(SMALL, "c.toml").expect("a good calendar");
        assert_eq!(calendar.hours[1], (time(14, 0, 0, 0), time(20, 30, 0, 0)));
        assert_eq!(calendar.days[0].date, date(2016, 1, 1));
        assert_eq!(calendar.days[1].kind, DayKind::NoCalls);
        assert_eq!(calendar.years().into_iter().collect::<Vec<_>>(), [2016]);
    }

    #[test]
    fn every_calendar_that_ships_is_fit_and_knows_its_name() {
        for name in CalendarFile::names() {
            let text = CalendarFile::embedded(name).expect("listed");
            let calendar = CalendarFile::read(text, name).expect("a good calendar");
            assert_eq!(calendar.name, name);
            // A day off that is worked for another is a Saturday or a Sunday.
            for day in calendar
                .days
                .iter()
                .filter(|day| day.kind == DayKind::Workday)
            {
                let weekday = day.date.weekday();
                assert!(
                    matches!(weekday, Weekday::Saturday | Weekday::Sunday),
                    "{}",
                    day.date
                );
            }
        }
        assert_eq!(CalendarFile::embedded("china"), None);
    }

    #[test]
    fn what_is_wrong_with_a_calendar_is_said_with_its_place() {
        assert_eq!(
            complaints("10:00-12:00", "12:00-10:00"),
            "c.toml:4:18: weekend_hours[1] is '12:00-10:00', which is no span of a day; write it \
             as \"09:00-12:00\""
        );
        assert_eq!(
            complaints("14:00-20:30", "11:00-20:30"),
            "c.toml:3:25: hours[2] begins before the span before it ends"
        );
        assert_eq!(
            complaints("2016-01-01", "2016-02-08"),
            "c.toml:10:8: 2016-02-08 is named twice"
        );
        assert_eq!(
            complaints("no-calls", "no-call"),
            "c.toml:8:8: day[1].kind is 'no-call'; it must be holiday, no-calls or workday; did \
             you mean 'no-calls'?"
        );
    }
}
