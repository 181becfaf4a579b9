//! Whether the centre kept to what was agreed. Nothing is left out for it: it happened.

use super::finding::Findings;
use super::ingest::Accepted;
use super::{Calendar, FindingKind, Rules};

/// Looks for calls that should not have been made, or not so.
pub(super) fn audit(
    calls: &[Accepted<'_>],
    calendar: &Calendar,
    rules: &Rules,
    findings: &mut Findings,
) {
    for call in calls {
        let row = call.row;
        if let Err(outside) = calendar.allows(call.started) {
            findings.add(FindingKind::Untimely(outside), row);
        }
        let talked = || call.attempt.talk_seconds;
        let short = |seconds| seconds < rules.least_talk_seconds;
        if call.disposition.is("1.1") && talked().is_some_and(short) {
            findings.add(FindingKind::ShortTalk, row);
        }
        if call.disposition.is("4.80") {
            findings.add(FindingKind::QuotaFilled, row);
        }
    }
    after_final(calls, findings);
    two_at_once(calls, findings);
}

/// Calls to a case after one that closed it. `calls` are in order of case and time.
fn after_final(calls: &[Accepted<'_>], findings: &mut Findings) {
    let mut closed = None;
    for call in calls {
        if closed == Some(call.case) {
            findings.add(FindingKind::AfterFinal, call.row);
        } else if call.disposition.closes {
            closed = Some(call.case);
        }
    }
}

/// Calls on which an interviewer began to talk before the talk on another was over.
///
/// Only talk counts: a machine may dial for somebody who is still talking. A talk of unknown length
/// counts for nothing.
fn two_at_once(calls: &[Accepted<'_>], findings: &mut Findings) {
    let talk = |call: &Accepted<'_>| {
        let (from, to) = call.talk?;
        Some((call.interviewer?, from, to, call.row))
    };
    let mut talks: Vec<(usize, i64, i64, u64)> = calls.iter().filter_map(talk).collect();
    talks.sort_unstable();
    let mut busy = None;
    for (interviewer, from, to, row) in talks {
        match busy {
            Some((who, until)) if who == interviewer && from < until => {
                findings.add(FindingKind::TwoAtOnce, row);
                busy = Some((who, until.max(to)));
            }
            _ => busy = Some((interviewer, to)),
        }
    }
}
