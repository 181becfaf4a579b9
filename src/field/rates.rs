//! What share of the numbers became interviews, by every usual reckoning.

use serde::{Deserialize, Serialize};

use super::Class;
use super::eligibility::{ELIGIBLE, UNKNOWN, of, ratio};
use crate::language::Words;
use crate::method::{Card, Source};

/// The sixteen rates.
pub const CARD: Card = Card {
    key: "aapor-rates",
    title: Words::new("Outcome rates", "访问结果比率"),
    says: Words::new(
        "Response, cooperation, refusal and contact rates, each with its numerator and denominator. They differ in whether partial interviews count, and in how many of the numbers of unknown eligibility are held to be eligible: all (RR1, RR2), a share e (RR3, RR4) or none (RR5, RR6, printed only if there are no such numbers or it is said why).",
        "应答率、合作率、拒访率与接触率，均列出分子和分母。各比率的差别在于是否计入部分完成的访问，以及合格性未知的号码中有多少视为合格：全部（RR1、RR2）、比例e（RR3、RR4）或全不（RR5、RR6，仅在没有此类号码或说明理由时列出）。",
    ),
    formula: "E = I+P+R+NC+O, U = UH+UO\nRR1 = I/(E+U)  RR3 = I/(E+eU)  RR5 = I/E  (RR2, RR4, RR6: I+P)\nCOOP1 = I/(I+P+R+O)  COOP3 = I/(I+P+R)  (COOP2, COOP4: I+P)\nREF1–3 = R, CON1–3 = I+P+R+O, over E+U, E+eU, E",
    sources: &[Source::at("AAPOR (2016)", "outcome rates")],
};

/// A rate with what it was made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// As "RR1".
    pub name: String,
    /// What is counted.
    pub numerator: f64,
    /// What it is divided by; where e is unknown, the known part of it.
    pub denominator: f64,
    /// The rate; none if the denominator is 0, or the rate may not be printed.
    pub value: Option<f64>,
}

/// The sixteen rates of a tally: RR1–6, COOP1–4, REF1–3, CON1–3.
///
/// Numbers that were not released do not count. RR5, RR6, REF3 and CON3 have a value only if there
/// are no numbers of unknown eligibility, or `print_all` says that there is a reason; RR3, RR4, REF2
/// and CON2 only if e is known or not needed.
///
/// # Formula
///
/// ```text
/// E = I + P + R + NC + O    U = UH + UO
///
/// RR1 = I / (E + U)         RR2 = (I + P) / (E + U)
/// RR3 = I / (E + e U)       RR4 = (I + P) / (E + e U)
/// RR5 = I / E               RR6 = (I + P) / E
/// COOP1 = I / (I+P+R+O)     COOP2 = (I + P) / (I+P+R+O)
/// COOP3 = I / (I+P+R)       COOP4 = (I + P) / (I+P+R)
/// REF1 = R / (E + U)        REF2 = R / (E + e U)          REF3 = R / E
/// CON1 = (I+P+R+O)/(E + U)  CON2 = (I+P+R+O)/(E + e U)    CON3 = (I+P+R+O)/E
/// ```
///
/// # Source
///
/// AAPOR (2016), Standard Definitions, 9th edition, outcome rates.
///
/// # Example
///
/// ```
/// use canvass::field::rates;
/// //           I    P    R    NC   O    UH   UO   NE   ND
/// let tally = [5.0, 3.0, 2.0, 1.0, 2.0, 1.0, 1.0, 1.0, 0.0];
/// let rates = rates(&tally, Some(0.5), false);
/// assert_eq!(rates[0].name, "RR1");
/// assert_eq!(rates[0].value, Some(5.0 / 15.0));
/// assert_eq!(rates[4].value, None, "RR5: two numbers are unknown");
/// ```
#[must_use]
pub fn rates(tally: &[f64; 9], e: Option<f64>, print_all: bool) -> Vec<Rate> {
    use Class::{Interview as I, Other as O, Partial as P, Refusal as R};
    let eligible = of(tally, &ELIGIBLE);
    let unknown = of(tally, &UNKNOWN);
    let none_unknown = unknown <= 0.0;
    let all = (eligible + unknown, true);
    let some = match e {
        _ if none_unknown => (eligible, true),
        Some(e) => (eligible + e * unknown, true),
        None => (eligible, false),
    };
    let known = (eligible, none_unknown || print_all);
    let met = (of(tally, &[I, P, R, O]), true);
    let asked = (of(tally, &[I, P, R]), true);

    let complete = of(tally, &[I]);
    let any = of(tally, &[I, P]);
    let refused = of(tally, &[R]);
    let rate = |(name, numerator, (denominator, printed)): (&str, f64, (f64, bool))| Rate {
        name: name.into(),
        numerator,
        denominator,
        value: ratio(numerator, denominator).filter(|_| printed),
    };
    [
        ("RR1", complete, all),
        ("RR2", any, all),
        ("RR3", complete, some),
        ("RR4", any, some),
        ("RR5", complete, known),
        ("RR6", any, known),
        ("COOP1", complete, met),
        ("COOP2", any, met),
        ("COOP3", complete, asked),
        ("COOP4", any, asked),
        ("REF1", refused, all),
        ("REF2", refused, some),
        ("REF3", refused, known),
        ("CON1", met.0, all),
        ("CON2", met.0, some),
        ("CON3", met.0, known),
    ]
    .map(rate)
    .into()
}

#[cfg(test)]
mod tests;
