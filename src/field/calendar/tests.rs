use jiff::civil::{Date, DateTime, Weekday, date};

use super::{Almanac, Calendar, Day, DayKind, Hours, Outside};
use crate::field::Error;

fn hours(spans: &[&str]) -> Vec<Hours> {
    spans
        .iter()
        .map(|span| span.parse().expect("two times"))
        .collect()
}

fn february(day: i8) -> Date {
    date(2016, 2, day)
}

/// The Spring Festival of 2016, as config/calendars/china-2016.toml has it.
fn spring_festival() -> Almanac {
    let day = |(day, kind)| Day {
        date: february(day),
        name: format!("{day}"),
        kind,
    };
    let kinds = [6, 14].map(|day| (day, DayKind::Workday)).into_iter();
    let silent = (7..=10).map(|day| (day, DayKind::NoCalls));
    let holidays = (11..=13).map(|day| (day, DayKind::Holiday));
    Almanac {
        name: "china-2016".into(),
        source: "a test".into(),
        hours: hours(&["09:00-12:00", "14:00-20:30"]),
        weekend_hours: hours(&["10:00-12:00", "14:00-20:30"]),
        days: kinds.chain(silent).chain(holidays).map(day).collect(),
    }
}

fn calendar() -> Calendar {
    Calendar::new(
        spring_festival(),
        "Asia/Shanghai",
        date(2016, 1, 4),
        february(29),
    )
    .expect("a sound calendar")
}

fn at(day: i8, hour: i8, minute: i8) -> DateTime {
    february(day).at(hour, minute, 0, 0)
}

#[test]
fn the_festival_of_2016_falls_on_these_weekdays() {
    // Eve on Sunday the 7th, first day on Monday the 8th; the two days worked for it are the
    // Saturday before and the Sunday after.
    assert_eq!(february(6).weekday(), Weekday::Saturday);
    assert_eq!(february(7).weekday(), Weekday::Sunday);
    assert_eq!(february(8).weekday(), Weekday::Monday);
    assert_eq!(february(14).weekday(), Weekday::Sunday);
    assert_eq!(date(2016, 1, 4).weekday(), Weekday::Monday);
}

#[test]
fn nobody_is_called_on_the_eve_and_the_first_three_days() {
    let calendar = calendar();
    let silent: Vec<Date> = calendar
        .days()
        .filter(|day| day.hours.is_empty())
        .map(|day| day.date)
        .collect();
    assert_eq!(silent, [7, 8, 9, 10].map(february));
    assert_eq!(calendar.allows(at(8, 15, 0)), Err(Outside::NoCalls));
    // 4 January to 29 February: 28 days of January and 29 of February.
    assert_eq!(calendar.days().count(), 57);
}

#[test]
fn worked_weekends_have_the_hours_of_workdays_and_holidays_those_of_weekends() {
    let calendar = calendar();
    assert_eq!(calendar.allows(at(6, 9, 0)), Ok(()));
    assert_eq!(calendar.allows(at(14, 9, 30)), Ok(()));
    assert_eq!(calendar.allows(at(11, 9, 30)), Err(Outside::Hours));
    assert_eq!(calendar.allows(at(11, 10, 0)), Ok(()));
    assert_eq!(calendar.allows(at(20, 9, 59)), Err(Outside::Hours));
    assert_eq!(calendar.allows(at(15, 9, 0)), Ok(()));
}

#[test]
fn a_call_may_start_until_just_before_the_end() {
    let calendar = calendar();
    assert_eq!(calendar.allows(at(3, 11, 59)), Ok(()));
    assert_eq!(calendar.allows(at(3, 12, 0)), Err(Outside::Hours));
    assert_eq!(calendar.allows(at(3, 20, 29)), Ok(()));
    assert_eq!(calendar.allows(at(3, 20, 30)), Err(Outside::Hours));
}

#[test]
fn days_outside_the_period_are_told_apart() {
    let calendar = calendar();
    assert_eq!(
        calendar.allows(date(2016, 1, 3).at(10, 0, 0, 0)),
        Err(Outside::Before)
    );
    assert_eq!(
        calendar.allows(date(2016, 3, 1).at(10, 0, 0, 0)),
        Err(Outside::After)
    );
}

#[test]
fn hours_are_read_and_written_alike() {
    let span: Hours = "09:00 – 12:30".parse().expect("two times");
    assert_eq!(span.to_string(), "09:00-12:30");
    for wrong in ["", "9", "09:00", "09:00-25:00", "noon-13:00"] {
        assert!(wrong.parse::<Hours>().is_err(), "{wrong}");
    }
}

#[test]
fn a_calendar_that_contradicts_itself_is_refused() {
    let (start, end) = (february(1), february(2));
    let mut twice = spring_festival();
    twice.days.push(twice.days[0].clone());
    let refused = Calendar::new(twice, "Asia/Shanghai", start, end);
    assert!(
        matches!(refused, Err(Error::DayTwice { .. })),
        "{refused:?}"
    );

    for spans in [
        ["10:00-12:00", "11:00-13:00"],
        ["10:00-10:00", "11:00-13:00"],
    ] {
        let overlapping = Almanac {
            hours: hours(&spans),
            ..spring_festival()
        };
        let refused = Calendar::new(overlapping, "Asia/Shanghai", start, end);
        assert!(
            matches!(refused, Err(Error::HoursOrder { .. })),
            "{refused:?}"
        );
    }
    let backwards = Calendar::open("Asia/Shanghai", end, start);
    assert_eq!(
        backwards,
        Err(Error::Period {
            start: end,
            end: start
        })
    );
}
