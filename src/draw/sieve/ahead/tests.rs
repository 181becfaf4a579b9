use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Ahead, Foreseen, Foresight, Kept};
use crate::draw::sieve::gate::Gate;
use crate::draw::sieve::{Asked, Chances, Rule, Unit, draw_kept};
use crate::draw::trial::seed;
use crate::frame::{self, Batch, Frame, List, Numbering, Roles, Rows, Visit};
use crate::progress::Silent;
use crate::random::{Numbers, Seed};

/// A list that counts how often it is read.
struct Counted(Rows, Arc<AtomicUsize>);

impl List for Counted {
    fn name(&self) -> String {
        self.0.name()
    }

    fn columns(&self) -> Result<Vec<String>, frame::Error> {
        self.0.columns()
    }

    fn rows(&self) -> Option<u64> {
        self.0.rows()
    }

    fn scan(&self, columns: &[&str], visit: &Visit<'_>) -> Result<(), frame::Error> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.scan(columns, visit)
    }
}

/// Strata of very different sizes: the k-th has about 1 / k² of the units.
const SIDES: [&str; 5] = ["1", "2", "3", "4", "5"];

/// A list of units in strata, how often it has been read, and the strata's sizes.
fn town(text: &str, units: usize) -> (Frame, Arc<AtomicUsize>, Vec<u64>) {
    let mut stream = seed(text).stream("town");
    let rows: Vec<[String; 3]> = (0..units)
        .map(|unit| {
            let side = (1.0 / (1.0 - stream.unit())).min(5.0) as u64;
            [
                format!("unit {unit}"),
                side.to_string(),
                format!("note {unit}"),
            ]
        })
        .collect();
    let of = |side: &str| rows.iter().filter(|row| row[1] == side).count() as u64;
    let there = SIDES.map(of).to_vec();
    let roles = Roles {
        unit: "id".into(),
        strata: vec!["side".into()],
        ..Roles::default()
    };
    let read = Arc::new(AtomicUsize::new(0));
    let rows = Rows::new("town", &["id", "side", "note"], &rows);
    let list = Box::new(Counted(rows, Arc::clone(&read)));
    let frame = Frame::new(list, roles, Numbering::Chinese).expect("all columns are there");
    (frame, read, there)
}

/// The strata of a batch by number; nothing for those that nobody numbers.
fn strata(batch: &Batch<'_>, numbered: bool) -> Vec<Option<u32>> {
    let number = |label: &Option<&str>| label.and_then(|label| label.parse().ok());
    let numbers = batch.columns[1].iter().map(number);
    numbers.map(|number| number.filter(|_| numbered)).collect()
}

/// Who is kept in one reading.
fn kept<'a>(
    frame: &'a Frame,
    foresight: &'a Foresight<'a>,
    numbers: &'a Numbers,
    numbered: bool,
) -> Kept<'a> {
    let ahead = Ahead::new(frame, &["note"], foresight, numbers);
    filled(frame, ahead, numbered)
}

fn filled<'a>(frame: &'a Frame, ahead: Ahead<'a>, numbered: bool) -> Kept<'a> {
    let columns = frame.roles().columns();
    let scanned = frame
        .list()
        .scan_beside(&columns, ahead.further(), &|batch, beside| {
            ahead.hear(batch, beside, &strata(batch, numbered))
        });
    scanned.expect("a list");
    ahead.done()
}

/// What is asked of strata of these sizes, as far as there are units of them.
fn asked<'a>(
    there: &[u64],
    labels: &'a [[String; 1]],
    chances: impl Fn(u64) -> Chances<'a>,
) -> Vec<Asked<'a>> {
    let each = there.iter().zip(labels).filter(|(there, _)| **there > 0);
    let asked = each.map(|(&population, labels)| Asked {
        labels,
        population,
        chances: chances(population),
    });
    asked.collect()
}

type Drawn = Vec<Vec<Unit>>;

/// What is drawn with those that were kept, in how many readings; and without.
fn both(
    (frame, read): (&Frame, &AtomicUsize),
    asked: &[Asked<'_>],
    rule: Rule,
    seed: &Seed,
    kept: Kept<'_>,
) -> (Drawn, usize, Drawn) {
    let draw = |kept| {
        let wish = (None, &["note"][..]);
        draw_kept(frame, asked, rule, wish, (seed, kept), &Silent).expect("a possible draw")
    };
    let before = read.load(Ordering::Relaxed);
    let ahead = draw(Some(kept));
    let readings = read.load(Ordering::Relaxed) - before;
    (ahead, readings, draw(None))
}

#[test]
fn whoever_was_kept_is_drawn_without_another_reading() {
    let (mut readings, mut draws) = (0, 0);
    for i in 0..60 {
        let text = format!("ahead {i}");
        let mut stream = seed(&text).stream("test");
        let (frame, read, there) = town(&text, 20 + stream.below(20_000) as usize);
        let labels = SIDES.map(|side| [side.to_owned()]);
        let share = (stream.unit() * 1.1).powi(3).min(1.0);
        let more = (i % 3 * 4) as f64;
        let foreseen = Foreseen { share, more };
        let numbers = Numbers::new(&seed(&text));
        for rule in [Rule::Smallest, Rule::Below] {
            let asked = asked(&there, &labels, |population| {
                let take = (share * population as f64 + more) as u64;
                Chances::Equal {
                    take: take.min(population),
                }
            });
            let foresight = |_: &[String]| foreseen;
            let kept = kept(&frame, &foresight, &numbers, true);
            let (ahead, again, later) = both((&frame, &read), &asked, rule, &seed(&text), kept);
            assert_eq!(ahead, later, "{text}, {rule:?}");
            readings += again;
            draws += 1;
        }
    }
    // One stratum in a thousand millions has too few.
    assert_eq!((readings, draws), (0, 120));
}

#[test]
fn given_chances_are_foreseen_too() {
    let (frame, read, there) = town("given", 9_000);
    let labels = SIDES.map(|side| [side.to_owned()]);
    let asked = asked(&there, &labels, |_| Chances::Given(0.037));
    let numbers = Numbers::new(&seed("given"));
    let foresight = |_: &[String]| Foreseen {
        share: 0.037,
        more: 0.0,
    };
    let kept = kept(&frame, &foresight, &numbers, true);
    let (ahead, again, later) = both((&frame, &read), &asked, Rule::Below, &seed("given"), kept);
    assert_eq!((ahead, again), (later, 0));
}

#[test]
fn where_too_little_was_foreseen_the_list_is_read_again() {
    for i in 0..20 {
        let text = format!("too little {i}");
        let (frame, read, there) = town(&text, 4_000);
        let labels = SIDES.map(|side| [side.to_owned()]);
        let asked = asked(&there, &labels, |population| Chances::Equal {
            take: population / 2,
        });
        let numbers = Numbers::new(&seed(&text));
        // Enough for the last stratum alone.
        let foresight = |labels: &[String]| Foreseen {
            share: if labels[0] == "5" { 0.5 } else { 0.01 },
            more: 0.0,
        };
        let kept = kept(&frame, &foresight, &numbers, true);
        let (ahead, again, later) =
            both((&frame, &read), &asked, Rule::Smallest, &seed(&text), kept);
        assert_eq!(ahead, later, "{text}");
        assert_eq!(again, 1, "{text}");
    }
}

#[test]
fn strata_that_nobody_numbered_are_read_again() {
    let (frame, read, there) = town("unnumbered", 500);
    let labels = SIDES.map(|side| [side.to_owned()]);
    let asked = asked(&there, &labels, |_| Chances::Equal { take: 3 });
    let numbers = Numbers::new(&seed("unnumbered"));
    let foresight = |_: &[String]| Foreseen {
        share: 0.0,
        more: 3.0,
    };
    let kept = kept(&frame, &foresight, &numbers, false);
    let with = (&frame, &*read);
    let (ahead, again, later) = both(with, &asked, Rule::Smallest, &seed("unnumbered"), kept);
    assert_eq!((ahead, again), (later, 1));
}

#[test]
fn of_too_many_nobody_is_kept() {
    let (frame, read, there) = town("too many", 9_000);
    let labels = SIDES.map(|side| [side.to_owned()]);
    let asked = asked(&there, &labels, |population| Chances::Equal {
        take: population,
    });
    let numbers = Numbers::new(&seed("too many"));
    let foresight = |_: &[String]| Foreseen {
        share: 1.0,
        more: 0.0,
    };
    for (most, readings) in [(100, 1), (9_000, 0)] {
        let mut ahead = Ahead::new(&frame, &["note"], &foresight, &numbers);
        ahead.sift.most = most;
        let kept = filled(&frame, ahead, true);
        assert_eq!(kept.all.is_empty(), readings == 1);
        let with = (&frame, &*read);
        let (ahead, again, later) = both(with, &asked, Rule::Smallest, &seed("too many"), kept);
        assert_eq!((ahead, again), (later, readings));
    }
}

#[test]
fn exactly_those_come_whom_the_gate_lets_through() {
    let (frame, _, there) = town("exactly", 6_000);
    let numbers = Numbers::new(&seed("exactly"));
    let foresight = |_: &[String]| Foreseen {
        share: 0.05,
        more: 0.0,
    };
    for share in [0.0, 0.01, 0.05] {
        let gate = Gate::share(share);
        let mut kept = kept(&frame, &foresight, &numbers, true);
        let labels = [SIDES[0].to_owned()];
        // More were kept: gates were wide when the first units came.
        let more = kept.all[&labels[..]].candidates.len();
        let through = kept.through(&labels, there[0], gate).expect("foreseen");
        let mut through: Vec<String> = through.into_iter().map(|one| one.unit.id).collect();
        let units = frame
            .list()
            .gather(&Vec::from_iter(0..6_000), &["id", "side"]);
        let units = units.expect("a list");
        let of_side = units[0].iter().zip(&units[1]);
        let of_side = of_side.filter(|(_, side)| side.as_deref() == Some(SIDES[0]));
        let ids = of_side.map(|(id, _)| id.clone().expect("an id"));
        let mut wanted: Vec<String> = ids
            .filter(|id| gate.lets_through(numbers.of(id).head(), 1.0))
            .collect();
        through.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(through, wanted);
        assert!(more > wanted.len(), "{more}");
    }
}
