//! What the centre's files had wrong with them: counted, with lines, and never passed over.

use std::collections::BTreeMap;

use super::Outside;
use crate::language::Words;

/// Which file a finding's lines are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// attempts.csv
    Attempts,
    /// answers.csv
    Answers,
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know; nothing to do.
    Note,
    /// A person should look.
    Warning,
}

/// What can be wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// A call's case id does not agree with its check character.
    MalformedCase,
    /// A call's case id is sound, but no case has it.
    UnknownCase,
    /// A call that stands in the file twice, word for word.
    DuplicateAttempt,
    /// Two calls to a case at the same time that differ.
    ConflictingAttempt,
    /// A call to a number whose replicate was not released.
    Unreleased,
    /// A code that no table knows.
    UnknownCode,
    /// A call that should not have been made when it was.
    Untimely(Outside),
    /// A call to a case that was closed.
    AfterFinal,
    /// An interviewer who talked on two calls at once.
    TwoAtOnce,
    /// A complete interview in less time than it takes.
    ShortTalk,
    /// A number refused because its quota was filled.
    QuotaFilled,
    /// A number that does not exist and was answered.
    MixedSignals,
    /// An interview, by the centre, without any answer.
    CompleteWithoutAnswers,
    /// An interview that its answers put in another class than the centre did.
    Reclassified,
    /// An answer's case id does not agree with its check character.
    AnswerMalformedCase,
    /// An answer's case id is sound, but no case has it.
    AnswerUnknownCase,
    /// Answers that stand in the file twice, word for word.
    DuplicateAnswer,
    /// Two answers of one case that differ.
    ConflictingAnswer,
    /// Answers of a case that was not interviewed, by its calls.
    AnswerWithoutComplete,
    /// A value that is infinite or not a number.
    NotFinite,
}

impl FindingKind {
    /// Its name in files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            FindingKind::MalformedCase => "malformed-case",
            FindingKind::UnknownCase => "unknown-case",
            FindingKind::DuplicateAttempt => "duplicate-attempt",
            FindingKind::ConflictingAttempt => "conflicting-attempt",
            FindingKind::Unreleased => "unreleased",
            FindingKind::UnknownCode => "unknown-code",
            FindingKind::Untimely(Outside::Before) => "before-start",
            FindingKind::Untimely(Outside::After) => "after-end",
            FindingKind::Untimely(Outside::NoCalls) => "day-without-calls",
            FindingKind::Untimely(Outside::Hours) => "outside-hours",
            FindingKind::AfterFinal => "after-final",
            FindingKind::TwoAtOnce => "two-calls-at-once",
            FindingKind::ShortTalk => "short-talk",
            FindingKind::QuotaFilled => "quota-filled",
            FindingKind::MixedSignals => "mixed-signals",
            FindingKind::CompleteWithoutAnswers => "complete-without-answers",
            FindingKind::Reclassified => "reclassified",
            FindingKind::AnswerMalformedCase => "answer-malformed-case",
            FindingKind::AnswerUnknownCase => "answer-unknown-case",
            FindingKind::DuplicateAnswer => "duplicate-answer",
            FindingKind::ConflictingAnswer => "conflicting-answer",
            FindingKind::AnswerWithoutComplete => "answer-without-complete",
            FindingKind::NotFinite => "not-finite",
        }
    }

    /// What was found, and what was done about it.
    #[must_use]
    pub const fn words(self) -> Words {
        match self {
            FindingKind::MalformedCase => Words::new(
                "calls whose case id fails its check character: left out",
                "样本编号校验不符的拨打记录：未采用",
            ),
            FindingKind::UnknownCase => Words::new(
                "calls to cases that this survey does not have: left out",
                "样本编号不属于本调查的拨打记录：未采用",
            ),
            FindingKind::DuplicateAttempt => Words::new(
                "calls that stand in the file twice: counted once",
                "重复的拨打记录：只计一次",
            ),
            FindingKind::ConflictingAttempt => Words::new(
                "calls to one case at the same time that differ: the weightiest kept",
                "同一样本同一时间但内容不一致的拨打记录：保留分量最重的一条",
            ),
            FindingKind::Unreleased => Words::new(
                "calls to numbers whose replicate was not released: left out",
                "拨打了未发放子样本中的号码：未采用",
            ),
            FindingKind::UnknownCode => Words::new(
                "calls with an unknown code: counted as calls that tell nothing (3.10)",
                "结果代码未知的拨打记录：按无信息（3.10）计",
            ),
            FindingKind::Untimely(Outside::Before) => Words::new(
                "calls before fieldwork began: kept",
                "早于访问开始日期的拨打记录：保留",
            ),
            FindingKind::Untimely(Outside::After) => Words::new(
                "calls after fieldwork ended: kept",
                "晚于访问结束日期的拨打记录：保留",
            ),
            FindingKind::Untimely(Outside::NoCalls) => Words::new(
                "calls on a day on which nobody should be called: kept",
                "在停访日的拨打记录：保留",
            ),
            FindingKind::Untimely(Outside::Hours) => Words::new(
                "calls outside calling hours: kept",
                "不在规定拨打时段内的拨打记录：保留",
            ),
            FindingKind::AfterFinal => Words::new(
                "calls to cases that were closed: kept",
                "对已结案样本的拨打记录：保留",
            ),
            FindingKind::TwoAtOnce => Words::new(
                "calls of an interviewer who was still talking on another: kept",
                "访问员上一通电话尚未结束时的拨打记录：保留",
            ),
            FindingKind::ShortTalk => Words::new(
                "complete interviews too short to be credible: kept",
                "通话时间过短、可信度存疑的完成访问：保留",
            ),
            FindingKind::QuotaFilled => Words::new(
                "numbers refused because a quota was filled: their cells are no probability sample",
                "因配额已满而未访问的号码：相应单元不再是概率样本",
            ),
            FindingKind::MixedSignals => Words::new(
                "cases reported as not assigned that somebody answered: to be looked at",
                "既提示空号又有人接听的样本：需人工核查",
            ),
            FindingKind::CompleteWithoutAnswers => Words::new(
                "interviews without any answer: no longer counted as interviews",
                "没有任何答案的访问：不计为完成访问",
            ),
            FindingKind::Reclassified => Words::new(
                "interviews that their answers put in another class: the answers decide",
                "按实际作答情况重新归类的访问：以答案为准",
            ),
            FindingKind::AnswerMalformedCase => Words::new(
                "answers whose case id fails its check character: left out",
                "样本编号校验不符的答卷：未采用",
            ),
            FindingKind::AnswerUnknownCase => Words::new(
                "answers of cases that this survey does not have: left out",
                "样本编号不属于本调查的答卷：未采用",
            ),
            FindingKind::DuplicateAnswer => Words::new(
                "answers that stand in the file twice: counted once",
                "重复的答卷：只计一次",
            ),
            FindingKind::ConflictingAnswer => Words::new(
                "further answers of a case that differ from its first: the first kept",
                "同一样本与首份不一致的其他答卷：保留首份",
            ),
            FindingKind::AnswerWithoutComplete => Words::new(
                "answers of cases that no call reports as interviewed: left out",
                "拨打记录中没有对应访问的答卷：未采用",
            ),
            FindingKind::NotFinite => Words::new(
                "values that are infinite or not a number: counted as not answered",
                "无穷大或非数值的答案：按未作答计",
            ),
        }
    }

    /// The file its lines are in.
    #[must_use]
    pub const fn file(self) -> File {
        match self {
            FindingKind::AnswerMalformedCase
            | FindingKind::AnswerUnknownCase
            | FindingKind::DuplicateAnswer
            | FindingKind::ConflictingAnswer
            | FindingKind::AnswerWithoutComplete
            | FindingKind::NotFinite => File::Answers,
            _ => File::Attempts,
        }
    }

    /// How much it matters.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            FindingKind::DuplicateAttempt
            | FindingKind::DuplicateAnswer
            | FindingKind::Reclassified => Severity::Note,
            _ => Severity::Warning,
        }
    }
}

/// Lines of a file that share a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The fault.
    pub kind: FindingKind,
    /// How many lines have it.
    pub count: u64,
    /// The first of them, twenty at most.
    pub rows: Vec<u64>,
    /// How much it matters.
    pub severity: Severity,
}

/// Findings while they are being gathered.
#[derive(Debug, Default)]
pub(super) struct Findings(BTreeMap<FindingKind, Vec<u64>>);

/// Lines that a finding shows.
const SHOWN: usize = 20;

impl Findings {
    /// Another line with this fault.
    pub(super) fn add(&mut self, kind: FindingKind, row: u64) {
        self.0.entry(kind).or_default().push(row);
    }

    /// One finding per fault, in the order of [`FindingKind`], lines ascending.
    pub(super) fn done(self) -> Vec<Finding> {
        let finding = |(kind, mut rows): (FindingKind, Vec<u64>)| {
            let count = rows.len() as u64;
            rows.sort_unstable();
            rows.truncate(SHOWN);
            Finding {
                kind,
                count,
                rows,
                severity: kind.severity(),
            }
        };
        self.0.into_iter().map(finding).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{FindingKind, Findings};

    #[test]
    fn the_first_twenty_lines_are_shown_and_all_are_counted() {
        let mut findings = Findings::default();
        for row in (2..102).rev() {
            findings.add(FindingKind::UnknownCase, row);
        }
        let done = findings.done();
        assert_eq!(done.len(), 1);
        assert_eq!(done[0].count, 100);
        assert_eq!(done[0].rows, (2..22).collect::<Vec<u64>>());
    }
}
