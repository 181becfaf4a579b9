//! A centre's files, and what became of every drawn unit.

use jiff::civil::DateTime;

use super::finding::Findings;
use super::places::{Places, Stray};
use super::resolve::{Call, resolve};
use super::{Answer, Answers, Attempt, Calendar, Class, Disposition, Finding, FindingKind, Item};
use super::{Outcomes, Rules, Severity, audit};
use crate::frame::Codes;
use crate::notice::Notice;

/// Outcomes, and what had to be said about the files they were made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Ingested {
    /// What became of every unit.
    pub outcomes: Outcomes,
    /// The rule that decided each unit's class; see [`resolve`](super::resolve()).
    pub rule: Vec<&'static str>,
    /// What was wrong with the files.
    pub findings: Vec<Finding>,
}

impl Ingested {
    /// What a statistician must hear: that there are warnings, if there are.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        let warned = || {
            self.findings
                .iter()
                .filter(|found| found.severity == Severity::Warning)
        };
        match warned().map(|found| found.count).sum() {
            0 => Vec::new(),
            lines => vec![Notice::FieldFindings {
                lines,
                kinds: warned().count() as u64,
            }],
        }
    }
}

/// A call that belongs to a case of the survey.
#[derive(Debug, Clone, Copy)]
pub(super) struct Accepted<'a> {
    /// The case's place in the sample.
    pub(super) case: usize,
    /// When it was dialled.
    pub(super) started: DateTime,
    /// Its line in the file. This and the next are here too, because calls are in another order
    /// than the file, and going back to it for each takes longer than all the rest.
    pub(super) row: u64,
    /// Who called, as a label's code; none if nobody is named.
    pub(super) interviewer: Option<usize>,
    /// When they talked; see [`Attempt::talk`].
    pub(super) talk: Option<(i64, i64)>,
    /// All that the line says.
    pub(super) attempt: &'a Attempt,
    /// How it ended.
    pub(super) disposition: &'static Disposition,
}

/// What a case answered, and what share of the items that is; no share if there are no items.
#[derive(Debug, Clone, Copy)]
struct Interview<'a> {
    row: u64,
    values: &'a [Option<f64>],
    share: Option<f64>,
}

/// Gives every unit's outcome from all calls and answers there are.
///
/// Lines may come in any order, and twice: neither changes the outcomes. Whatever is left out,
/// corrected or doubtful is a [`Finding`].
///
/// Whether there was an interview is computed from the answers. A call coded 1.1, 1.2 or 2.12 gets
/// the code that its case's share of answered items deserves; a case coded 1.1 or 1.2 that answered
/// nothing becomes 2.36. Answers are kept for complete and partial interviews only.
///
/// # Panics
///
/// If `case_ids` and `released` differ in length, or an id is there twice: our own bug.
///
/// # Source
///
/// AAPOR (2016), Standard Definitions; for the resolution of several calls see
/// [`resolve`](super::resolve()).
#[must_use]
pub fn ingest(
    case_ids: &[String],
    released: &[bool],
    attempts: &[Attempt],
    answers: &Answers,
    calendar: &Calendar,
    rules: &Rules,
) -> Ingested {
    assert_eq!(case_ids.len(), released.len(), "one release per case");
    let places = Places::new(case_ids);

    let mut findings = Findings::default();
    let calls = accept(&places, released, attempts, &mut findings);
    audit::audit(&calls, calendar, rules, &mut findings);
    let mut interviews = interviews(case_ids.len(), &places, answers, &mut findings);

    let mut outcomes = Outcomes::default();
    let mut rule = Vec::with_capacity(case_ids.len());
    let mut rest = calls.as_slice();
    for (case, interview) in interviews.iter_mut().enumerate() {
        let (own, others) = rest.split_at(rest.iter().take_while(|call| call.case == case).count());
        rest = others;
        let corrected = correct(own, interview.as_ref(), rules, &mut findings);
        let resolution = resolve(released[case], &corrected, rules);
        if let (true, Some(last)) = (resolution.review, own.last()) {
            findings.add(FindingKind::MixedSignals, last.row);
        }
        if !matches!(resolution.class, Class::Interview | Class::Partial) {
            *interview = None;
        }
        outcomes.class.push(resolution.class);
        outcomes.code.push(resolution.code.map(String::from));
        outcomes.attempts.push(own.len() as u32);
        rule.push(resolution.rule);
    }
    outcomes.items = items(&answers.items, &interviews);
    Ingested {
        outcomes,
        rule,
        findings: findings.done(),
    }
}

/// The calls that belong to released cases, each once, by case and time.
fn accept<'a>(
    places: &Places<'_>,
    released: &[bool],
    attempts: &'a [Attempt],
    findings: &mut Findings,
) -> Vec<Accepted<'a>> {
    let interviewers = Codes::from_labels(attempts.iter().map(|call| call.interviewer.trim()));
    let nobody = interviewers.find("");
    let mut calls = Vec::with_capacity(attempts.len());
    for (line, attempt) in attempts.iter().enumerate() {
        let found = match places.find(&attempt.case) {
            Ok(case) if released[case] => Ok(case),
            Ok(_) => Err(FindingKind::Unreleased),
            Err(Stray::Malformed) => Err(FindingKind::MalformedCase),
            Err(Stray::Unknown) => Err(FindingKind::UnknownCase),
        };
        let case = match found {
            Ok(case) => case,
            Err(kind) => {
                findings.add(kind, attempt.row);
                continue;
            }
        };
        let disposition = Disposition::find(&attempt.code).unwrap_or_else(|| {
            findings.add(FindingKind::UnknownCode, attempt.row);
            Disposition::known("3.10")
        });
        calls.push(Accepted {
            case,
            started: attempt.started,
            row: attempt.row,
            interviewer: Some(interviewers.code(line)).filter(|&code| Some(code) != nobody),
            talk: attempt.talk(),
            attempt,
            disposition,
        });
    }
    once(calls, findings)
}

/// Drops calls that repeat another of the same case and time: of copies the first stays, of
/// different ones the weightiest. What a line says decides, not where it stands.
fn once<'a>(mut calls: Vec<Accepted<'a>>, findings: &mut Findings) -> Vec<Accepted<'a>> {
    calls.sort_unstable_by(|a, b| {
        (a.case, a.started)
            .cmp(&(b.case, b.started))
            .then_with(|| b.disposition.rank().cmp(&a.disposition.rank()))
            .then_with(|| content(a.attempt).cmp(&content(b.attempt)))
            .then_with(|| a.row.cmp(&b.row))
    });
    let mut before: Option<Accepted<'a>> = None;
    calls.dedup_by(|call, kept| {
        // Lines that say the same stand side by side now.
        let previous = before.replace(*call).unwrap_or(*kept);
        if (call.case, call.started) != (kept.case, kept.started) {
            return false;
        }
        let kind = match content(previous.attempt) == content(call.attempt) {
            true => FindingKind::DuplicateAttempt,
            false => FindingKind::ConflictingAttempt,
        };
        findings.add(kind, call.row);
        true
    });
    calls
}

/// All that a call's line says beside its case and time.
fn content(attempt: &Attempt) -> (&str, Option<u32>, Option<u32>, &str, u32) {
    let Attempt {
        code,
        talk_seconds,
        ring_seconds,
        interviewer,
        number,
        ..
    } = attempt;
    (
        code.trim(),
        *talk_seconds,
        *ring_seconds,
        interviewer.trim(),
        *number,
    )
}

/// The answers of each case that gave any: one row each, the first.
fn interviews<'a>(
    cases: usize,
    places: &Places<'_>,
    answers: &'a Answers,
    findings: &mut Findings,
) -> Vec<Option<Interview<'a>>> {
    let mut rows: Vec<(usize, &Answer)> = Vec::with_capacity(answers.rows.len());
    for answer in &answers.rows {
        for value in answer.values.iter().flatten() {
            if !value.is_finite() {
                findings.add(FindingKind::NotFinite, answer.row);
            }
        }
        match places.find(&answer.case) {
            Ok(case) => rows.push((case, answer)),
            Err(Stray::Malformed) => findings.add(FindingKind::AnswerMalformedCase, answer.row),
            Err(Stray::Unknown) => findings.add(FindingKind::AnswerUnknownCase, answer.row),
        }
    }
    rows.sort_unstable_by_key(|(case, answer)| (*case, answer.started, answer.row));
    let mut first: Vec<Option<&Answer>> = vec![None; cases];
    for (case, answer) in rows {
        match first[case] {
            None => first[case] = Some(answer),
            Some(kept) if same(kept, answer) => {
                findings.add(FindingKind::DuplicateAnswer, answer.row);
            }
            Some(_) => findings.add(FindingKind::ConflictingAnswer, answer.row),
        }
    }
    let interview = |answer: &'a Answer| {
        let answered = answer
            .values
            .iter()
            .filter(|value| finite(**value).is_some())
            .count();
        let share =
            (!answers.items.is_empty()).then(|| answered as f64 / answers.items.len() as f64);
        Interview {
            row: answer.row,
            values: &answer.values,
            share,
        }
    };
    first
        .into_iter()
        .map(|answer| answer.map(interview))
        .collect()
}

/// Whether two rows of answers say the same; bit for bit, so that a value that is not a number is
/// like itself.
fn same(a: &Answer, b: &Answer) -> bool {
    let bits = |answer: &Answer| -> Vec<Option<u64>> {
        answer
            .values
            .iter()
            .map(|value| value.map(f64::to_bits))
            .collect()
    };
    (&a.interviewer, a.started, a.ended) == (&b.interviewer, b.started, b.ended)
        && bits(a) == bits(b)
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

/// The calls of a case with the codes that its answers deserve.
fn correct(
    own: &[Accepted<'_>],
    interview: Option<&Interview<'_>>,
    rules: &Rules,
    findings: &mut Findings,
) -> Vec<Call> {
    let claim = own
        .iter()
        .rev()
        .find(|call| call.disposition.claims_answers());
    if let (None, Some(interview)) = (claim, interview) {
        findings.add(FindingKind::AnswerWithoutComplete, interview.row);
    }
    let mut empty = None;
    let mut other = None;
    let calls = own.iter().map(|call| {
        let (started, said) = (call.started, call.disposition);
        let (code, corrected) = earned(said, interview, rules);
        match corrected {
            Some(NO_ANSWERS) => empty = Some(call.row),
            Some(_) => other = Some(call.row),
            None => {}
        }
        Call {
            started,
            disposition: Disposition::known(code),
            corrected,
        }
    });
    let calls = calls.collect();
    let found = [
        (FindingKind::CompleteWithoutAnswers, empty),
        (FindingKind::Reclassified, other),
    ];
    for (kind, row) in found {
        if let Some(row) = row {
            findings.add(kind, row);
        }
    }
    calls
}

/// The rule of a claimed interview that has no answers.
const NO_ANSWERS: &str = "no-answers";

/// The code that a call earned, and the rule that gave it if it is not what the centre said.
fn earned(
    said: &Disposition,
    interview: Option<&Interview<'_>>,
    rules: &Rules,
) -> (&'static str, Option<&'static str>) {
    if !said.claims_answers() {
        return (said.code, None);
    }
    let answered = interview.filter(|interview| interview.share.is_none_or(|share| share > 0.0));
    let Some(interview) = answered else {
        return match said.is("2.12") {
            true => (said.code, None),
            false => ("2.36", Some(NO_ANSWERS)),
        };
    };
    let code = interview
        .share
        .map_or(said.code, |share| rules.code_of(share));
    (code, (code != said.code).then_some("answers-decide"))
}

/// The answers as items of the sample's length.
fn items(names: &[String], interviews: &[Option<Interview<'_>>]) -> Vec<Item> {
    let value = |interview: &Option<Interview<'_>>, item: usize| {
        finite(interview.as_ref()?.values.get(item).copied().flatten())
    };
    let item = |(place, name): (usize, &String)| Item {
        name: name.clone(),
        values: interviews
            .iter()
            .map(|interview| value(interview, place))
            .collect(),
    };
    names.iter().enumerate().map(item).collect()
}

#[cfg(test)]
mod tests;
