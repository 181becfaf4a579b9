//! When a number is called, and who is free to talk then.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use jiff::SignedDuration;
use jiff::civil::{DateTime, Time};

use super::Error;
use super::profile::nth;
use crate::field::{Calendar, Hours};
use crate::random::Seed;
use crate::random::pretend::Dice;

/// Seconds before the end of hours in which no call is begun, so that a talk can end in time.
const ROOM: i64 = 15 * 60;

/// Times of day, in seconds, that part the day: noon and the end of work.
const CUTS: [i64; 2] = [12 * 3_600, 17 * 3_600];

/// Seconds below which a part of a day is not parted further.
const SHORT: i64 = 3_600;

/// Seconds between two talks of an interviewer.
const PAUSE: i64 = 20;

/// The days of a fieldwork and their parts.
#[derive(Debug)]
pub(super) struct Timetable {
    /// From and to, in seconds from a fixed day, in order.
    parts: Vec<Range<i64>>,
    /// The places of each day's parts.
    days: Vec<Range<usize>>,
    turn: Dice,
    part: Dice,
    second: Dice,
}

impl Timetable {
    /// # Errors
    ///
    /// [`Error::NoDays`] if no day allows calls.
    pub fn new(calendar: &Calendar, seed: &Seed) -> Result<Timetable, Error> {
        let (mut parts, mut days) = (Vec::new(), Vec::new());
        for day in calendar.days() {
            let midnight = seconds(day.date.at(0, 0, 0, 0));
            let first = parts.len();
            for part in day.hours.iter().flat_map(parted) {
                parts.push(midnight + part.start..midnight + part.end);
            }
            if parts.len() > first {
                days.push(first..parts.len());
            }
        }
        if days.is_empty() {
            return Err(Error::NoDays {
                start: calendar.start(),
                end: calendar.end(),
            });
        }
        let dice = |name: &str| Dice::new(seed, &format!("rehearse/times/{name}"));
        Ok(Timetable {
            parts,
            days,
            turn: dice("turn"),
            part: dice("part"),
            second: dice("second"),
        })
    }

    /// When a unit's call number `call`, from 0, is made, in seconds from a fixed day; none if there
    /// is no time left for it.
    ///
    /// Fieldwork is cut into as many equal periods as calls are planned, and each call has its turn
    /// in one of them: on a day of its own if there are enough, otherwise in a part of a day of its
    /// own. On days of their own, calls take the parts of the day in turn.
    pub fn time(&self, key: u64, call: usize, planned: usize) -> Option<i64> {
        // In whole numbers: turns that are a period apart never fall together.
        let turn = (call as u128) << 32 | u128::from(self.turn.word(key) >> 32);
        let place = |many: usize| ((turn * many as u128 / planned as u128) >> 32) as usize;
        let part = if self.days.len() >= planned {
            let day = &self.days[place(self.days.len())];
            let first = self.part.below(key, 1 << 16) as usize;
            day.start + (first + call) % day.len()
        } else if self.parts.len() >= planned {
            place(self.parts.len())
        } else {
            call
        };
        let part = self.parts.get(part)?;
        let within = self
            .second
            .below(nth(key, call), (part.end - part.start) as u64);
        Some(part.start + within as i64)
    }
}

/// The parts of hours in which calls are begun, in seconds of the day.
fn parted(hours: &Hours) -> Vec<Range<i64>> {
    let of_day = |time: Time| seconds(time.on(0, 1, 1)) - seconds(Time::MIN.on(0, 1, 1));
    let (mut from, to) = (of_day(hours.from), of_day(hours.to));
    let to = to - ROOM.min((to - from) / 2);
    let mut parts = Vec::new();
    for cut in CUTS {
        if cut - from >= SHORT && to - cut >= SHORT {
            parts.push(from..cut);
            from = cut;
        }
    }
    if from < to {
        parts.push(from..to);
    }
    parts
}

/// A time in seconds from a fixed day.
fn seconds(time: DateTime) -> i64 {
    time.duration_since(DateTime::ZERO).as_secs()
}

/// The time that is so many seconds from the fixed day.
pub(super) fn clock(seconds: i64) -> DateTime {
    DateTime::ZERO.saturating_add(SignedDuration::from_secs(seconds))
}

/// Gives each talk, from and to in seconds and in order of their begin, the interviewer who has been
/// free longest, or another one if nobody is free. Interviewers count from 1.
pub(super) fn interviewers(talks: impl IntoIterator<Item = (i64, i64)>) -> Vec<u32> {
    let mut free: BinaryHeap<Reverse<(i64, u32)>> = BinaryHeap::new();
    let assign = |(from, to): (i64, i64)| {
        let rested = free
            .peek()
            .is_some_and(|Reverse((since, _))| *since <= from);
        let longest = if rested { free.pop() } else { None };
        let who = longest.map_or(free.len() as u32 + 1, |Reverse((_, who))| who);
        free.push(Reverse((to + PAUSE, who)));
        who
    };
    talks.into_iter().map(assign).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::{Timetable, clock, interviewers, parted, seconds};
    use crate::field::{Almanac, Calendar, Day, DayKind, Hours};
    use crate::rehearse::Error;
    use crate::rehearse::calls::tests::{calendar, seed};

    fn hours(text: &str) -> Hours {
        text.parse().expect("hours")
    }

    #[test]
    fn a_day_has_a_morning_an_afternoon_and_an_evening() {
        let hour = |hour: f64| (hour * 3_600.0) as i64;
        let parts = |text| -> Vec<(i64, i64)> {
            parted(&hours(text))
                .into_iter()
                .map(|part| (part.start, part.end))
                .collect()
        };
        assert_eq!(parts("09:00-12:00"), [(hour(9.0), hour(11.75))]);
        assert_eq!(
            parts("14:00-20:30"),
            [(hour(14.0), hour(17.0)), (hour(17.0), hour(20.25))]
        );
        assert_eq!(parts("10:00-12:40"), [(hour(10.0), hour(12.0) + 1_500)]);
        assert_eq!(parts("10:00-10:10"), [(hour(10.0), hour(10.0) + 300)]);
    }

    #[test]
    fn a_clock_counts_seconds_from_a_fixed_day() {
        let time = date(2016, 2, 29).at(20, 29, 59, 0);
        assert_eq!(clock(seconds(time)), time);
    }

    #[test]
    fn calls_lie_on_days_of_their_own_within_the_calendar() {
        let calendar = calendar(57);
        let table = Timetable::new(&calendar, &seed()).expect("days");
        for key in 0..2_000 {
            let calls = (0..6).map(|call| clock(table.time(key, call, 6).expect("time left")));
            let calls: Vec<_> = calls.collect();
            assert!(
                calls.iter().all(|&call| calendar.allows(call).is_ok()),
                "{calls:?}"
            );
            assert!(calls.is_sorted_by(|a, b| a.date() < b.date()), "{calls:?}");
            let halves: BTreeSet<bool> = calls.iter().map(|call| call.hour() >= 14).collect();
            assert_eq!(halves.len(), 2, "{calls:?}");
        }
    }

    #[test]
    fn in_a_short_fieldwork_calls_lie_in_parts_of_their_own() {
        let calendar = calendar(3);
        let table = Timetable::new(&calendar, &seed()).expect("days");
        for key in 0..2_000 {
            let calls: Vec<i64> = (0..6).filter_map(|call| table.time(key, call, 6)).collect();
            assert_eq!(calls.len(), 6);
            let part = |time: i64| table.parts.iter().position(|part| part.contains(&time));
            let parts: Vec<usize> = calls.into_iter().filter_map(part).collect();
            assert_eq!(parts.len(), 6);
            assert!(parts.is_sorted_by(|a, b| a < b), "{parts:?}");
            // A message that must be heard on two days is heard on two.
            let pair = [0, 1].map(|call| clock(table.time(key, call, 2).expect("time left")));
            assert!(pair[0].date() < pair[1].date());
        }
        assert_eq!(
            table.time(0, 9, 10),
            None,
            "nine parts have no room for ten calls"
        );
    }

    #[test]
    fn a_fieldwork_without_days_is_refused() {
        let start = date(2016, 2, 8);
        let day = Day {
            date: start,
            name: "Spring Festival".into(),
            kind: DayKind::NoCalls,
        };
        let almanac = Almanac {
            hours: vec![hours("09:00-12:00")],
            weekend_hours: vec![hours("09:00-12:00")],
            days: vec![day],
            ..Almanac::default()
        };
        let calendar = Calendar::new(almanac, "Asia/Shanghai", start, start).expect("a period");
        let refused = Timetable::new(&calendar, &seed()).expect_err("a day without calls");
        assert_eq!(refused, Error::NoDays { start, end: start });
    }

    #[test]
    fn nobody_talks_twice_at_once_and_whoever_rested_longest_is_next() {
        let talks = [
            (0, 100),
            (10, 20),
            (40, 50),
            (45, 300),
            (119, 130),
            (120, 140),
        ];
        //            1         2         2 again    3: 1 and 2 talk     2          1: just rested
        assert_eq!(interviewers(talks), [1, 2, 2, 3, 2, 1]);
    }
}
