//! Whether a number is in anybody's use, as far as calling it has told.

use super::{Class, Disposition, Outcomes};
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "in-use",
    title: Words::new("Share of numbers in use", "在用号码比例"),
    says: Words::new(
        "Where a list holds every number of a block, most numbers are nobody's, and how many is not known \
         beforehand. A number counts as in use if a person or a machine answered on it, and as not in use \
         if the network said so on two days. Numbers that only rang are held to be in use as often as the \
         others of their cell; the least and the most that the share can be stand beside it.",
        "号段名单包含段内全部号码，其中多数并无用户，在用比例事先未知。有人或设备应答者视为在用；\
         两个不同日期均由网络提示停用或空号者视为不在用。仅振铃而无人接听的号码，假定与同一报告单元内\
         其余号码的在用比例相同，并列出该比例可能的最小值和最大值。",
    ),
    formula: "share = Σ_c (Σ_c w) · Σ_{c, in use} w / Σ_{c, known} w / Σ w;  least: Σ_{in use} w / Σ w;  most: least + Σ_{unknown} w / Σ w",
    sources: &[Source::at("Valliant, Dever, Kreuter (2018)", "§13.4")],
};

/// Whether each drawn number is in use; nothing where calling it has not told, or it was not called.
///
/// | final class                                      | in use  |
/// |--------------------------------------------------|---------|
/// | I, P, R, NC, O, UO: a person answered            | yes     |
/// | NE, out of scope, fax, forwarded (4.1, 4.2, 4.4 …)| yes     |
/// | NE, suspended (4.33): it has a holder            | yes     |
/// | NE, not in service (4.30–4.32)                   | no      |
/// | UH, ND                                           | unknown |
///
/// ```
/// use canvass::field::{Class, Outcomes, in_use};
/// let outcomes = Outcomes {
///     class: vec![Class::Refusal, Class::NotEligible, Class::UnknownNumber],
///     code: [Some("2.112"), Some("4.31"), Some("3.13")].map(|code| code.map(String::from)).to_vec(),
///     attempts: vec![1, 2, 6],
///     items: vec![],
/// };
/// assert_eq!(in_use(&outcomes), [Some(true), Some(false), None]);
/// ```
#[must_use]
pub fn in_use(outcomes: &Outcomes) -> Vec<Option<bool>> {
    let dead = |code: &Option<String>| {
        let found = code.as_deref().and_then(Disposition::find);
        found.is_some_and(|ended| ended.is("4.3") && !ended.is("4.33"))
    };
    let judge = |(class, code): (&Class, &Option<String>)| match class {
        Class::UnknownNumber | Class::NotReleased => None,
        Class::NotEligible => Some(!dead(code)),
        _ => Some(true),
    };
    outcomes
        .class
        .iter()
        .zip(&outcomes.code)
        .map(judge)
        .collect()
}
