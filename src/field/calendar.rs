//! The days and hours in which people may be called.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time, Weekday};

use super::Error;
use crate::language::Words;

/// Hours of a day: a call may start from the first time on, and before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    /// The first time at which a call may start.
    pub from: Time,
    /// The first time at which none may any more.
    pub to: Time,
}

impl FromStr for Hours {
    type Err = Error;

    /// Reads "09:00-12:00".
    fn from_str(text: &str) -> Result<Hours, Error> {
        let wrong = || Error::HoursText { text: text.into() };
        let (from, to) = text.split_once(['-', '–']).ok_or_else(wrong)?;
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).map_err(|_| wrong());
        Ok(Hours {
            from: time(from)?,
            to: time(to)?,
        })
    }
}

impl std::fmt::Display for Hours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (from, to) = (self.from, self.to);
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            from.hour(),
            from.minute(),
            to.hour(),
            to.minute()
        )
    }
}

/// What sets a day apart from other days of its weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// A public holiday: the hours of a weekend.
    Holiday,
    /// A day on which nobody is called.
    NoCalls,
    /// A weekend day worked in exchange for a holiday: the hours of a workday.
    Workday,
}

/// A day that is not like other days of its weekday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Which day.
    pub date: Date,
    /// What it is called.
    pub name: String,
    /// What that means for calls.
    pub kind: DayKind,
}

/// What a calendar file says, whatever the survey.
///
/// ```toml
/// name          = "china-2016"
/// source        = "…"
/// hours         = ["09:00-12:00", "14:00-20:30"]
/// weekend_hours = ["10:00-12:00", "14:00-20:30"]
///
/// [[day]]
/// date = 2016-02-08
/// name = "Spring Festival"
/// kind = "no-calls"            # holiday | no-calls | workday
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Almanac {
    /// Its name.
    pub name: String,
    /// Where its days and hours come from.
    pub source: String,
    /// Hours of workdays, in order.
    pub hours: Vec<Hours>,
    /// Hours of Saturdays, Sundays and holidays, in order.
    pub weekend_hours: Vec<Hours>,
    /// Days that are not like others.
    pub days: Vec<Day>,
}

/// The window of one fieldwork: first and last day, and the hours of every day between.
///
/// Times are those on the wall in the survey's time zone, in which centres write them too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    name: String,
    source: String,
    time_zone: String,
    start: Date,
    end: Date,
    hours: Vec<Hours>,
    weekend_hours: Vec<Hours>,
    days: BTreeMap<Date, Day>,
}

/// Why a call should not have been made when it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outside {
    /// Before the first day of fieldwork.
    Before,
    /// After the last.
    After,
    /// On a day on which nobody is called.
    NoCalls,
    /// Outside the hours of its day.
    Hours,
}

impl Outside {
    /// What was wrong with the time.
    #[must_use]
    pub const fn words(self) -> Words {
        match self {
            Outside::Before => Words::new("before fieldwork began", "早于访问开始日期"),
            Outside::After => Words::new("after fieldwork ended", "晚于访问结束日期"),
            Outside::NoCalls => Words::new("on a day without calls", "在停访日拨打"),
            Outside::Hours => Words::new("outside calling hours", "不在规定的拨打时段内"),
        }
    }
}

/// One day of fieldwork.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldDay<'a> {
    /// Which day.
    pub date: Date,
    /// What the calendar says of it, if it is not like other days of its weekday.
    pub special: Option<&'a Day>,
    /// Its hours; none if nobody is called.
    pub hours: &'a [Hours],
}

impl Calendar {
    /// The window from `start` to `end`, both included, with the days and hours of `almanac`.
    ///
    /// # Errors
    ///
    /// - [`Error::Period`] if it ends before it begins.
    /// - [`Error::HoursOrder`] if hours are empty, out of order or overlapping.
    /// - [`Error::DayTwice`] if the almanac has a day twice.
    pub fn new(
        almanac: Almanac,
        time_zone: impl Into<String>,
        start: Date,
        end: Date,
    ) -> Result<Calendar, Error> {
        if start > end {
            return Err(Error::Period { start, end });
        }
        let Almanac {
            name,
            source,
            hours,
            weekend_hours,
            days: listed,
        } = almanac;
        in_order(&hours)?;
        in_order(&weekend_hours)?;
        let mut days = BTreeMap::new();
        for day in listed {
            let (date, second) = (day.date, day.name.clone());
            if let Some(first) = days.insert(date, day) {
                return Err(Error::DayTwice {
                    calendar: name,
                    date,
                    first: first.name,
                    second,
                });
            }
        }
        let time_zone = time_zone.into();
        Ok(Calendar {
            name,
            source,
            time_zone,
            start,
            end,
            hours,
            weekend_hours,
            days,
        })
    }

    /// A window without holidays, open all hours: for surveys that state no hours, and for tests.
    ///
    /// # Errors
    ///
    /// [`Error::Period`] if it ends before it begins.
    pub fn open(time_zone: impl Into<String>, start: Date, end: Date) -> Result<Calendar, Error> {
        let all_day = vec![Hours {
            from: Time::MIN,
            to: Time::MAX,
        }];
        let almanac = Almanac {
            name: "open".into(),
            hours: all_day.clone(),
            weekend_hours: all_day,
            ..Almanac::default()
        };
        Calendar::new(almanac, time_zone, start, end)
    }

    /// The calendar's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its days and hours come from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The time zone of all its times, as "Asia/Shanghai".
    #[must_use]
    pub fn time_zone(&self) -> &str {
        &self.time_zone
    }

    /// The first day of fieldwork.
    #[must_use]
    pub fn start(&self) -> Date {
        self.start
    }

    /// The last day of fieldwork.
    #[must_use]
    pub fn end(&self) -> Date {
        self.end
    }

    /// The hours of a day; none if nobody is called.
    #[must_use]
    pub fn hours(&self, date: Date) -> &[Hours] {
        match self.days.get(&date).map(|day| day.kind) {
            Some(DayKind::NoCalls) => &[],
            Some(DayKind::Holiday) => &self.weekend_hours,
            Some(DayKind::Workday) => &self.hours,
            None if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) => {
                &self.weekend_hours
            }
            None => &self.hours,
        }
    }

    /// Whether a call may start at this time.
    ///
    /// # Errors
    ///
    /// Why not.
    pub fn allows(&self, time: DateTime) -> Result<(), Outside> {
        let date = time.date();
        if date < self.start {
            return Err(Outside::Before);
        }
        if date > self.end {
            return Err(Outside::After);
        }
        let hours = self.hours(date);
        if hours.is_empty() {
            return Err(Outside::NoCalls);
        }
        let within = |hours: &Hours| (hours.from..hours.to).contains(&time.time());
        hours.iter().any(within).then_some(()).ok_or(Outside::Hours)
    }

    /// Every day of fieldwork, those without calls too.
    pub fn days(&self) -> impl Iterator<Item = FieldDay<'_>> {
        self.start
            .series(jiff::ToSpan::days(1))
            .take_while(|&date| date <= self.end)
            .map(|date| FieldDay {
                date,
                special: self.days.get(&date),
                hours: self.hours(date),
            })
    }
}

/// Refuses hours that are empty, out of order or overlapping.
fn in_order(hours: &[Hours]) -> Result<(), Error> {
    let mut free = Time::MIN;
    for span in hours {
        if span.from < free || span.from >= span.to {
            return Err(Error::HoursOrder {
                hours: span.to_string(),
            });
        }
        free = span.to;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
