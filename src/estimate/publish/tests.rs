//! At the edges of the standards.

use super::{Doubt, Standing, Verdict, judge, width};
use crate::estimate::{Estimate, Unknown};

fn share(value: f64, variance: f64, df: u64, n: u64) -> Estimate {
    Estimate {
        statistic: "share".into(),
        item: "y = 1".into(),
        domain: "all".into(),
        value,
        variance: Ok(variance),
        df,
        n,
        design_effect: None,
        confidence: 0.9,
        interval: None,
    }
}

/// A share of a simple sample from a list without end.
fn simple(value: f64, n: u64) -> Standing {
    judge(&share(value, value * (1.0 - value) / n as f64, n - 1, n))
}

#[test]
fn thirty_are_enough_and_29_are_not() {
    // Nobody of 30: 1 − 0.025^(1/30) = 0.1157, narrower than 0.30.
    let none = |n| judge(&share(0.0, 0.0, n - 1, n));
    assert_eq!(none(30).verdict, Verdict::Review);
    assert_eq!(none(30).doubts, [Doubt::Alike]);
    assert_eq!(none(29).verdict, Verdict::Suppress);
    assert_eq!(none(29).doubts, [Doubt::FewAnswers { n: 29 }, Doubt::Alike]);
    let all = judge(&share(1.0, 0.0, 40, 41));
    assert_eq!((all.verdict, all.effective), (Verdict::Review, Some(41.0)));
}

#[test]
fn answers_must_be_worth_thirty() {
    let worth = |n_eff: f64| judge(&share(0.5, 0.25 / n_eff, 300, 400));
    assert!(worth(29.9).doubts.contains(&Doubt::FewEffective {
        effective: 0.25 / (0.25 / 29.9)
    }));
    assert!(
        !worth(30.0)
            .doubts
            .iter()
            .any(|doubt| matches!(doubt, Doubt::FewEffective { .. }))
    );
    // No design makes 25 answers worth more than they are.
    let few = judge(&share(0.5, 0.25 / 100.0, 24, 25));
    assert_eq!(
        (few.effective, few.verdict),
        (Some(25.0), Verdict::Suppress)
    );
}

#[test]
fn widths_have_edges() {
    assert_eq!(width(0.5, 0.3), [Doubt::Wide { width: 0.3 }]);
    assert_eq!(width(0.5, 0.35 - 0.05), [Doubt::Wide { width: 0.3 }]);
    assert_eq!(width(0.5, 0.299_999), []);
    // Within five points nothing is asked of the share.
    assert_eq!(width(0.001, 0.05), []);
    assert_eq!(width(0.001, 0.3 - 0.25), []);
    assert_eq!(width(0.01, 0.050_1), [Doubt::WideBeside { relative: 5.01 }]);
    // 130 % is allowed, for the share and for the others.
    assert_eq!(width(0.1, 0.13), []);
    assert_eq!(width(0.1, 0.131), [Doubt::WideBeside { relative: 1.31 }]);
    assert_eq!(width(0.9, 0.13), []);
    assert_eq!(width(0.9, 0.131), [Doubt::Complement { relative: 1.31 }]);
}

#[test]
fn a_simple_sample_climbs_the_ladder() {
    // Half of 40: Clopper and Pearson's interval is 0.338 to 0.662, too wide; of 50 it is 0.355 to 0.645.
    assert_eq!(simple(0.5, 40).verdict, Verdict::Suppress);
    assert_eq!(simple(0.5, 50).verdict, Verdict::Publish);
    // One in twenty of 100 has an interval of 0.016 to 0.113; of 1000, 0.037 to 0.065.
    assert_eq!(simple(0.05, 100).verdict, Verdict::Suppress);
    assert_eq!(simple(0.05, 1_000).verdict, Verdict::Publish);
    // The mirror is printed, with a footnote.
    let mirror = simple(0.95, 100);
    assert_eq!(mirror.verdict, Verdict::Publish);
    assert!(matches!(mirror.doubts[..], [Doubt::Complement { .. }]));
}

#[test]
fn few_degrees_of_freedom_are_reviewed() {
    let found = |df| judge(&share(0.5, 0.25 / 900.0, df, 2_000));
    assert_eq!(found(8).verdict, Verdict::Publish);
    assert_eq!(found(7).doubts, [Doubt::FewDegrees { df: 7 }]);
    assert_eq!(found(7).verdict, Verdict::Review);
    let without = found(0);
    assert_eq!(
        (without.verdict, without.doubts),
        (Verdict::Suppress, vec![Doubt::NoInterval])
    );
}

#[test]
fn an_unknown_variance_is_no_licence() {
    let mut lonely = share(0.4, 0.0, 20, 900);
    lonely.variance = Err(Unknown::LonelyStratum {
        strata: vec!["islands".into()],
    });
    let found = judge(&lonely);
    assert_eq!((found.verdict, found.interval), (Verdict::Suppress, None));
    assert!(found.doubts[0].to_string().contains("'islands'"));
}

#[test]
fn doubts_speak() {
    let said = [
        (
            Doubt::Wide { width: 0.314 },
            "the interval is 31.4 points wide, and must be narrower than 30",
        ),
        (
            Doubt::WideBeside { relative: 1.5 },
            "the interval is 150 % of the share wide, and may be 130 %",
        ),
        (
            Doubt::FewAnswers { n: 12 },
            "12 people answered, of the 30 that are needed",
        ),
    ];
    for (doubt, expected) in said {
        assert_eq!(doubt.to_string(), expected);
    }
}
