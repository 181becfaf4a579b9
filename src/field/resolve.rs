//! Many calls, one outcome.

use jiff::civil::{Date, DateTime};

use super::{Class, Disposition, Rules};
use crate::language::Words;
use crate::method::{Card, Source};

/// From calls to a final class.
pub const CARD: Card = Card {
    key: "resolve",
    title: Words::new("From calls to a final outcome", "由历次拨打判定最终结果"),
    says: Words::new(
        "The outcome of a case is not its last call. The weightiest call decides, and of equals the latest: what a person said outranks what a line sounded like, and a refusal is not forgotten because later calls rang out. A number counts as not working only once the same message was heard on two days.",
        "个案的最终结果并不等于最后一次拨打的结果，而由分量最重的一次拨打决定，分量相同者取最近一次：人的回答重于线路提示，拒访不会因之后无人接听而被覆盖；只有在两个不同日期听到相同提示，号码才判为停用。",
    ),
    formula: "1.1 > 1.2 > 2.112 > 2.111 > 2.12 > 2.3x > 4.1 4.5 4.7 4.8 > 2.2x > 3.2x 3.3x 3.9x > 4.2 4.4 > 4.3x confirmed > 3.14 > 3.15 > 3.12 > 3.13 > 3.16 > 3.10 > 3.11",
    sources: &[Source::at("AAPOR (2016)", "final disposition codes")],
};

/// One call to a case, as far as the outcome depends on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Call {
    /// When.
    pub started: DateTime,
    /// How it ended.
    pub disposition: &'static Disposition,
    /// The rule that gave it this disposition, if the centre gave another.
    pub corrected: Option<&'static str>,
}

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolution {
    /// The final code; none if the case was not released.
    pub code: Option<&'static str>,
    /// The final class.
    pub class: Class,
    /// The rule that decided: a short id.
    pub rule: &'static str,
    /// Whether the calls contradict each other, so that a person should look.
    pub review: bool,
}

/// Gives the final outcome of a case from all its calls, earliest first.
///
/// The call of the highest rank decides; of equals, the latest. These rules come before or after:
///
/// | rule                  | what it does                                                          |
/// |-----------------------|-----------------------------------------------------------------------|
/// | `not-released`        | the replicate was never released: ND                                  |
/// | `not-attempted`       | released and never called: 3.11, UH                                   |
/// | `number-not-confirmed`| 4.30–4.33 heard too rarely: that call counts as 3.161, UH             |
/// | `number-confirmed`    | 4.30–4.33 heard often enough: NE                                      |
/// | `eligible-once`       | eligible by an earlier call, unreached later: stays NC                |
/// | `refusal-stands`      | other calls came after the refusal: stays R                           |
/// | `mixed-signals`       | 4.31, and someone unknown answered: 3.161, UH, for review             |
/// | `open-appointment`    | the last call left an appointment: 2.21 if eligible, otherwise 3.21   |
///
/// # Source
///
/// AAPOR (2016), Standard Definitions, on final disposition codes. The order within a class and the
/// confirmations are ours.
#[must_use]
pub fn resolve(released: bool, calls: &[Call], rules: &Rules) -> Resolution {
    let fixed = |code, class, rule| Resolution {
        code,
        class,
        rule,
        review: false,
    };
    if !released {
        return fixed(None, Class::NotReleased, "not-released");
    }
    let Some(last) = calls.last() else {
        return fixed(Some("3.11"), Class::UnknownNumber, "not-attempted");
    };
    let winner = calls
        .iter()
        .map(|call| believe(call, calls, rules))
        .max_by_key(|call| call.disposition.rank())
        .expect("at least the last call");
    let unassigned_once = calls.iter().any(|call| call.disposition.is("4.31"));
    let review = winner.disposition.class == Class::UnknownPerson && unassigned_once;
    let (code, rule) = if review && rules.mixed_is_unknown {
        ("3.161", "mixed-signals")
    } else {
        decide(&winner, last, calls.len())
    };
    Resolution {
        code: Some(code),
        class: Disposition::known(code).class,
        rule,
        review,
    }
}

/// The final code, and why, once the weightiest call is known.
fn decide(winner: &Call, last: &Call, calls: usize) -> (&'static str, &'static str) {
    let code = winner.disposition.code;
    let appointment = last.disposition.is("2.21") || last.disposition.is("3.21");
    match winner.disposition.class {
        Class::UnknownPerson if appointment => ("3.21", "open-appointment"),
        Class::NonContact if appointment => ("2.21", "open-appointment"),
        Class::NonContact if last.disposition.class == Class::UnknownNumber => {
            (code, "eligible-once")
        }
        Class::Refusal if winner.corrected.is_none() && last.started != winner.started => {
            (code, "refusal-stands")
        }
        _ => {
            let plain = if calls == 1 {
                "only-call"
            } else {
                "weightiest-call"
            };
            (code, winner.corrected.unwrap_or(plain))
        }
    }
}

/// The call as it may be believed: "not in service" only if it was heard often enough.
fn believe(call: &Call, calls: &[Call], rules: &Rules) -> Call {
    if !call.disposition.is("4.3") {
        return *call;
    }
    let alike = || {
        calls
            .iter()
            .filter(|other| other.disposition.code == call.disposition.code)
    };
    let mut days: Vec<Date> = alike().map(|other| other.started.date()).collect();
    days.dedup(); // calls come in order of time
    let days = days.len() as u32;
    let confirmed = if call.disposition.is("4.33") {
        alike().count() as u32 >= rules.suspended_calls && days >= rules.suspended_days
    } else {
        days >= rules.dead_days
    };
    if confirmed {
        return Call {
            corrected: Some("number-confirmed"),
            ..*call
        };
    }
    let disposition = Disposition::known("3.161");
    Call {
        disposition,
        corrected: Some("number-not-confirmed"),
        ..*call
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Call, Resolution, resolve};
    use crate::field::{Class, Disposition, Rules};
    use crate::random::Seed;

    /// Calls in order: a day of January and a code each.
    fn calls(of: &[(i8, &str)]) -> Vec<Call> {
        let call = |(hour, &(day, code)): (usize, &(i8, &str))| Call {
            started: date(2016, 1, day).at(9 + hour as i8, 0, 0, 0),
            disposition: Disposition::find(code).expect("a known code"),
            corrected: None,
        };
        of.iter().enumerate().map(call).collect()
    }

    fn outcome(of: &[(i8, &str)]) -> (&'static str, Class, &'static str) {
        let Resolution {
            code, class, rule, ..
        } = resolve(true, &calls(of), &Rules::usual());
        (code.expect("released"), class, rule)
    }

    #[test]
    fn a_number_that_was_not_released_has_no_code() {
        let unreleased = resolve(false, &[], &Rules::usual());
        assert_eq!(
            (unreleased.code, unreleased.class),
            (None, Class::NotReleased)
        );
    }

    #[test]
    fn a_released_number_that_was_never_called_is_unknown() {
        assert_eq!(
            outcome(&[]),
            ("3.11", Class::UnknownNumber, "not-attempted")
        );
    }

    #[test]
    fn an_interview_outranks_a_refusal_before_it() {
        let found = outcome(&[(4, "2.111"), (12, "1.1")]);
        assert_eq!(found, ("1.1", Class::Interview, "weightiest-call"));
    }

    #[test]
    fn a_refusal_is_not_overwritten_by_calls_that_rang_out() {
        let found = outcome(&[(4, "2.111"), (5, "3.13"), (6, "2.20")]);
        assert_eq!(found, ("2.111", Class::Refusal, "refusal-stands"));
        assert_eq!(outcome(&[(4, "2.112"), (5, "2.111")]).0, "2.112");
    }

    #[test]
    fn of_equals_the_latest_decides() {
        assert_eq!(outcome(&[(4, "2.31"), (5, "2.32")]).0, "2.32");
        assert_eq!(outcome(&[(4, "2.32"), (5, "2.31")]).0, "2.31");
        assert_eq!(outcome(&[(4, "3.13"), (5, "3.12")]).0, "3.12");
        assert_eq!(outcome(&[(4, "3.12"), (5, "3.13")]).0, "3.12");
    }

    #[test]
    fn once_eligible_is_eligible_for_good() {
        let found = outcome(&[(4, "2.22"), (5, "3.13"), (6, "3.15")]);
        assert_eq!(found, ("2.22", Class::NonContact, "eligible-once"));
        let dead_later = outcome(&[(4, "2.21"), (5, "4.31"), (6, "4.31")]);
        assert_eq!(dead_later.1, Class::NonContact);
    }

    #[test]
    fn an_empty_number_must_be_heard_on_two_days() {
        let unknown = ("3.161", Class::UnknownNumber, "number-not-confirmed");
        assert_eq!(outcome(&[(4, "4.31")]), unknown);
        assert_eq!(outcome(&[(4, "4.31"), (4, "4.31")]), unknown);
        // Not assigned on one day and disconnected on the other is not the same message.
        assert_eq!(outcome(&[(4, "4.31"), (5, "4.32")]), unknown);
        let dead = ("4.31", Class::NotEligible, "number-confirmed");
        assert_eq!(outcome(&[(4, "4.31"), (5, "4.31")]), dead);
        assert_eq!(outcome(&[(4, "4.31"), (5, "3.13"), (6, "4.31")]), dead);
        // Unconfirmed, it weighs no more than a technical problem.
        assert_eq!(outcome(&[(4, "3.13"), (5, "4.31")]).0, "3.13");
    }

    #[test]
    fn one_signal_is_enough_where_the_rules_say_so() {
        let rules = Rules {
            dead_days: 1,
            ..Rules::usual()
        };
        assert_eq!(
            resolve(true, &calls(&[(4, "4.32")]), &rules).class,
            Class::NotEligible
        );
    }

    #[test]
    fn a_suspended_number_needs_three_calls_on_two_days() {
        assert_eq!(outcome(&[(4, "4.33"), (5, "4.33")]).0, "3.161");
        assert_eq!(outcome(&[(4, "4.33"), (4, "4.33"), (4, "4.33")]).0, "3.161");
        let suspended = outcome(&[(4, "4.33"), (4, "4.33"), (5, "4.33")]);
        assert_eq!(suspended, ("4.33", Class::NotEligible, "number-confirmed"));
    }

    #[test]
    fn a_number_that_is_empty_and_answers_is_for_review() {
        let mixed = calls(&[(4, "4.31"), (5, "4.31"), (6, "3.20")]);
        let found = resolve(true, &mixed, &Rules::usual());
        assert_eq!(
            (found.code, found.class),
            (Some("3.161"), Class::UnknownNumber)
        );
        assert_eq!((found.rule, found.review), ("mixed-signals", true));

        let lenient = Rules {
            mixed_is_unknown: false,
            ..Rules::usual()
        };
        let found = resolve(true, &mixed, &lenient);
        assert_eq!((found.code, found.review), (Some("3.20"), true));

        // Who gave an interview is no riddle.
        assert_eq!(outcome(&[(4, "4.31"), (5, "1.1")]).1, Class::Interview);
    }

    #[test]
    fn an_open_appointment_is_its_own_line() {
        let eligible = outcome(&[(4, "2.20"), (5, "3.21")]);
        assert_eq!(eligible, ("2.21", Class::NonContact, "open-appointment"));
        let unknown = outcome(&[(4, "3.30"), (5, "3.21")]);
        assert_eq!(unknown, ("3.21", Class::UnknownPerson, "open-appointment"));
    }

    #[test]
    fn no_later_call_ever_lowers_an_outcome_but_a_contradiction() {
        let codes = [
            "1.1", "1.2", "2.112", "2.111", "2.12", "2.35", "4.10", "2.21", "3.13", "3.14",
        ];
        let mut stream = Seed::new("calls").expect("not blank").stream("test");
        for _ in 0..2_000 {
            let many = 1 + stream.below(6) as usize;
            let drawn: Vec<(i8, &str)> = (1..=many)
                .map(|day| (day as i8, codes[stream.below(10) as usize]))
                .collect();
            let rank = |of: &[(i8, &str)]| {
                Disposition::find(outcome(of).0)
                    .expect("a known code")
                    .rank()
            };
            for end in 1..many {
                assert!(rank(&drawn[..end]) <= rank(&drawn[..=end]), "{drawn:?}");
            }
        }
    }
}
