//! What a line does when it is called, one call after the other.

use super::profile::{Person, nth};
use super::{CallsRecipe, Recipe};
use crate::random::Seed;
use crate::random::pretend::Dice;

/// What a working line does that nobody answers, and how often: inventions.
const QUIET: [(Heard, f64); 4] = [
    (Heard::NoAnswer, 0.78),
    (Heard::Busy, 0.12),
    (Heard::Device, 0.08),
    (Heard::Blocked, 0.02),
];

/// What is said of a number that does not work, and how often: inventions.
const DEAD: [(Heard, f64); 3] = [
    (Heard::NotAssigned, 0.80),
    (Heard::Disconnected, 0.12),
    (Heard::Suspended, 0.08),
];

/// Chance that somebody who answered once answers again: an invention.
const AGAIN: f64 = 0.85;

/// Share of refusals that are final: an invention.
const HARD: f64 = 0.6;

/// Share of numbers out of scope that say so, rather than that nobody there is eligible: an
/// invention.
const OUT_OF_SAMPLE: f64 = 0.7;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// "The number is not assigned."
    NotAssigned,
    /// "The number is no longer in use."
    Disconnected,
    /// "The number is temporarily out of service."
    Suspended,
    /// It rang.
    NoAnswer,
    /// It was busy.
    Busy,
    /// A machine answered.
    Device,
    /// The call was turned away.
    Blocked,
    /// Somebody asked to be called later, before it was known whether a user is there.
    Unscreened,
    /// A user asked to be called later.
    Appointment,
    /// It is not in scope.
    OutOfSample,
    /// Nobody there is in scope.
    NobodyEligible,
    /// Somebody refused, and may be asked once more.
    SoftRefusal,
    /// The person refused.
    HardRefusal,
    /// An interview began.
    Interview,
}

impl Heard {
    /// The AAPOR code; of an interview, that of a complete one: its answers may earn it less.
    pub const fn code(self) -> &'static str {
        match self {
            Heard::NotAssigned => "4.31",
            Heard::Disconnected => "4.32",
            Heard::Suspended => "4.33",
            Heard::NoAnswer => "3.13",
            Heard::Busy => "3.12",
            Heard::Device => "3.14",
            Heard::Blocked => "3.15",
            Heard::Unscreened => "3.21",
            Heard::Appointment => "2.21",
            Heard::OutOfSample => "4.10",
            Heard::NobodyEligible => "4.70",
            Heard::SoftRefusal => "2.111",
            Heard::HardRefusal => "2.112",
            Heard::Interview => "1.1",
        }
    }

    /// Seconds until somebody answered or the caller gave up, from and to: inventions.
    pub const fn ring(self) -> (u32, u32) {
        match self {
            Heard::NotAssigned | Heard::Disconnected | Heard::Suspended => (2, 9),
            Heard::NoAnswer => (30, 60),
            Heard::Busy | Heard::Blocked => (1, 6),
            Heard::Device => (15, 35),
            _ => (3, 25),
        }
    }

    /// Seconds of talk, from and to, of an interview before its first question; 0 if nobody came to
    /// the line: inventions.
    pub const fn talk(self) -> (u32, u32) {
        match self {
            Heard::Unscreened | Heard::SoftRefusal | Heard::HardRefusal => (6, 45),
            Heard::Appointment => (30, 80),
            Heard::OutOfSample | Heard::NobodyEligible => (15, 60),
            Heard::Interview => (60, 120),
            _ => (0, 0),
        }
    }
}

/// All calls to a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Calls {
    /// How each ended, in order.
    pub heard: Vec<Heard>,
    /// How many there would have been at most.
    pub planned: usize,
}

/// What is known of a number between calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Nobody has answered.
    Nothing,
    /// Somebody has, and asked to be called later.
    Somebody,
    /// A user has.
    User,
    /// Somebody has refused, not for good.
    Refusal,
}

/// How lines behave.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    recipe: &'a CallsRecipe,
    silent: Dice,
    dead: Dice,
    quiet: Dice,
    again: Dice,
    before: Dice,
    after: Dice,
    scope: Dice,
    hard: Dice,
}

impl<'a> Lines<'a> {
    pub fn new(recipe: &'a Recipe, seed: &Seed) -> Lines<'a> {
        let dice = |name: &str| Dice::new(seed, &format!("rehearse/lines/{name}"));
        Lines {
            recipe: &recipe.calls,
            silent: dice("silent"),
            dead: dice("dead"),
            quiet: dice("quiet"),
            again: dice("again"),
            before: dice("before"),
            after: dice("after"),
            scope: dice("scope"),
            hard: dice("hard"),
        }
    }

    /// All calls to a person's number, until its case is settled or nobody tries again.
    pub fn calls(&self, person: &Person<'_>) -> Calls {
        let planned = person.profile.reached.len();
        if !person.working {
            return self.dead(person, planned);
        }
        let mut heard = Vec::with_capacity(planned);
        let mut known = Known::Nothing;
        for call in 0..planned {
            let (next, then) = self.call(person, call, known);
            heard.push(next);
            let Some(then) = then else { break };
            known = then;
        }
        Calls { heard, planned }
    }

    /// Calls to a number that does not work: as many as it takes to believe the message, or all if
    /// there is none.
    fn dead(&self, person: &Person<'_>, planned: usize) -> Calls {
        if self.silent.happens(person.key, self.recipe.silent) {
            return Calls {
                heard: vec![Heard::NoAnswer; planned],
                planned,
            };
        }
        let message = choice(&DEAD, self.dead.unit(person.key));
        let needed = if message == Heard::Suspended { 3 } else { 2 };
        Calls {
            heard: vec![message; needed],
            planned: needed,
        }
    }

    /// What one call to a working number brings, and what is known after it; nothing more is done
    /// if that is none.
    fn call(&self, person: &Person<'_>, call: usize, known: Known) -> (Heard, Option<Known>) {
        let place = nth(person.key, call);
        let somebody = match known {
            Known::Nothing => person.first == Some(call),
            _ => self.again.happens(place, AGAIN),
        };
        if !somebody {
            let quiet = choice(&QUIET, self.quiet.unit(place));
            return (quiet, (known != Known::Refusal).then_some(known));
        }
        if known == Known::Refusal {
            return (Heard::HardRefusal, None);
        }
        let (before, after) = self.postponed(person, known);
        if self.before.happens(place, before) {
            return (Heard::Unscreened, Some(Known::Somebody));
        }
        if !person.eligible {
            let out = self.scope.happens(person.key, OUT_OF_SAMPLE);
            return (
                if out {
                    Heard::OutOfSample
                } else {
                    Heard::NobodyEligible
                },
                None,
            );
        }
        if self.after.happens(place, after) {
            return (Heard::Appointment, Some(Known::User));
        }
        match (person.willing, self.hard.happens(person.key, HARD)) {
            (true, _) => (Heard::Interview, None),
            (false, true) => (Heard::HardRefusal, None),
            (false, false) => (Heard::SoftRefusal, Some(Known::Refusal)),
        }
    }

    /// Chances that a contact is put off before it is known whether a user is there, and after.
    ///
    /// Half of those put off are so before. Whoever is not in scope can only be put off before:
    /// users are put off after as much oftener as makes up for it. So whether a number stays unknown
    /// does not depend on whether it is in scope.
    fn postponed(&self, person: &Person<'_>, known: Known) -> (f64, f64) {
        let all = self.recipe.postponed;
        if known == Known::User {
            return (0.0, all);
        }
        let before = all / 2.0;
        (
            before,
            (before / ((1.0 - before) * person.profile.eligible)).min(1.0),
        )
    }
}

/// The entry that `chance` falls on.
fn choice(of: &[(Heard, f64)], chance: f64) -> Heard {
    let mut left = chance;
    let found = of.iter().find(|(_, share)| {
        left -= share;
        left < 0.0
    });
    found.unwrap_or(&of[0]).0
}

#[cfg(test)]
mod tests {
    use super::{Calls, DEAD, Heard, Lines, QUIET};
    use crate::field::Disposition;
    use crate::rehearse::Recipe;
    use crate::rehearse::calls::tests::{Town, chongqing, seed};
    use crate::rehearse::profile::People;

    const UNITS: usize = 20_000;

    fn calls(recipe: &Recipe) -> Vec<(bool, Calls)> {
        let town = Town::new(&["移动电话"], &["中国移动"], UNITS);
        let people = People::new(recipe, &town.sheet(), &seed()).expect("a sound recipe");
        let lines = Lines::new(recipe, &seed());
        let calls = |unit| (people.at(unit).working, lines.calls(&people.at(unit)));
        (0..UNITS).map(calls).collect()
    }

    fn closes(heard: Heard) -> bool {
        Disposition::find(heard.code())
            .expect("a known code")
            .closes
    }

    #[test]
    fn shares_of_what_lines_do_add_up() {
        let whole = |of: &[(Heard, f64)]| of.iter().map(|(_, share)| share).sum::<f64>();
        assert!((whole(&QUIET) - 1.0).abs() < 1e-12);
        assert!((whole(&DEAD) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_dead_number_says_the_same_until_it_is_believed_or_rings_for_good() {
        let recipe = chongqing();
        let (mut dead, mut silent) = (0_u64, 0_u64);
        for (_, Calls { heard, planned }) in calls(&recipe).into_iter().filter(|(works, _)| !works)
        {
            assert!(heard.iter().all(|next| *next == heard[0]));
            assert_eq!(heard.len(), planned);
            let expected = match heard[0] {
                Heard::NoAnswer => 6,
                Heard::Suspended => 3,
                _ => 2,
            };
            assert_eq!(heard.len(), expected, "{heard:?}");
            dead += 1;
            silent += u64::from(heard[0] == Heard::NoAnswer);
        }
        // 12 % of 20 000 are dead, ± 46; 10 % of those are silent, ± 15; five of each.
        assert!(dead.abs_diff(2_400) < 230, "{dead}");
        assert!(silent.abs_diff(dead / 10) < 75, "{silent}");
    }

    #[test]
    fn nobody_is_called_after_the_case_is_settled_or_more_often_than_planned() {
        for (works, Calls { heard, planned }) in calls(&chongqing()) {
            assert!(heard.len() <= planned.max(1));
            let (last, before) = heard.split_last().expect("everybody is called once");
            assert!(before.iter().all(|&next| !closes(next)), "{heard:?}");
            // Whoever is not settled was called as often as agreed, or asked once more in vain.
            let asked_again = before.contains(&Heard::SoftRefusal);
            assert!(
                !works || closes(*last) || heard.len() == planned || asked_again,
                "{heard:?}"
            );
        }
    }

    #[test]
    fn as_many_contacts_settle_nothing_as_the_recipe_says() {
        let (mut contacts, mut put_off) = (0_u64, 0_u64);
        for (_, Calls { heard, .. }) in calls(&chongqing()) {
            let refused = heard.iter().position(|&next| next == Heard::SoftRefusal);
            let until = refused.map_or(heard.len(), |place| place + 1);
            for next in heard[..until].iter().filter(|next| next.talk().1 > 0) {
                contacts += 1;
                put_off += u64::from(matches!(next, Heard::Unscreened | Heard::Appointment));
            }
        }
        // 12 % of 13 000 or so, with a standard error of 0.3 points; five of them.
        let share = put_off as f64 / contacts as f64;
        assert!((share - 0.12).abs() < 0.015, "{share}");
    }

    #[test]
    fn people_who_are_never_put_off_are_settled_as_they_are() {
        let mut recipe = chongqing();
        recipe.calls.postponed = 0.0;
        let (mut reached, mut interviews) = (0_u64, 0_u64);
        for (_, Calls { heard, .. }) in calls(&recipe) {
            reached += u64::from(heard.iter().any(|next| next.talk().1 > 0));
            interviews += u64::from(heard.contains(&Heard::Interview));
        }
        // 88 % work; 1 − 0.70 · 0.80 · 0.85 · 0.89 · 0.92 · 0.94 = 63.4 % of those are reached:
        // 11 151 ± 70. 92 % of them are eligible and 20 % of those willing: 2 052 ± 43. Five of each.
        assert!(reached.abs_diff(11_151) < 350, "{reached}");
        assert!(interviews.abs_diff(2_052) < 215, "{interviews}");
    }
}
