//! How a call can end: AAPOR's codes, and which of them outranks which.

use super::Class;
use crate::language::Words;

/// A disposition: a code, what it means, and the class it puts a case in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disposition {
    /// The code, as "2.111".
    pub code: &'static str,
    /// What it means.
    pub means: Words,
    /// The class of a case that ends so.
    pub class: Class,
    /// Whether a case is normally not called again after it.
    pub closes: bool,
}

const fn code(
    code: &'static str,
    class: Class,
    closes: bool,
    en: &'static str,
    zh: &'static str,
) -> Disposition {
    Disposition {
        code,
        means: Words::new(en, zh),
        class,
        closes,
    }
}

use Class::{
    Interview as I, NonContact as NC, NotEligible as NE, Other as O, Partial as P, Refusal as R,
    UnknownNumber as UH, UnknownPerson as UO,
};

/// Every code there is, sorted.
///
/// A number that does not work closes its case only once that is confirmed, so 4.30 to 4.33 do not
/// close it by themselves.
///
/// # Source
///
/// AAPOR (2016), Standard Definitions, numbering of the 9th edition for telephone surveys.
pub const DISPOSITIONS: &[Disposition] = &[
    code("1.1", I, true, "complete interview", "完成访问"),
    code("1.2", P, true, "partial interview", "部分完成"),
    code("2.10", R, false, "refusal or break-off", "拒访或中止"),
    code("2.11", R, false, "refusal", "拒访"),
    code("2.111", R, false, "refusal by someone else", "他人代为拒访"),
    code(
        "2.112",
        R,
        true,
        "refusal by the person selected",
        "被选中者本人拒访",
    ),
    code("2.12", R, false, "break-off", "中途终止"),
    code("2.20", NC, false, "eligible, not reached", "合格，未接触到"),
    code(
        "2.21",
        NC,
        false,
        "eligible, never available",
        "合格，预约未能实现",
    ),
    code(
        "2.22",
        NC,
        false,
        "eligible, answering device",
        "合格，语音留言应答",
    ),
    code("2.221", NC, false, "eligible, message left", "合格，已留言"),
    code(
        "2.222",
        NC,
        false,
        "eligible, no message left",
        "合格，未留言",
    ),
    code(
        "2.30",
        O,
        true,
        "eligible, other reason",
        "合格，其他原因未访",
    ),
    code(
        "2.31",
        O,
        true,
        "died after the list was made",
        "名单截止日后去世",
    ),
    code(
        "2.32",
        O,
        true,
        "unable, body or mind",
        "因身心状况无法受访",
    ),
    code("2.33", O, true, "language", "语言不通"),
    code(
        "2.331",
        O,
        true,
        "language of the household",
        "住户语言不通",
    ),
    code(
        "2.332",
        O,
        true,
        "language of the person selected",
        "被选中者语言不通",
    ),
    code(
        "2.333",
        O,
        true,
        "no interviewer for the language",
        "无相应语言访问员",
    ),
    code("2.34", O, false, "line too bad to talk", "通话质量过差"),
    code(
        "2.35",
        O,
        false,
        "place or activity forbids it",
        "所处场合不便受访",
    ),
    code("2.36", O, true, "eligible, miscellaneous", "合格，杂项"),
    code(
        "3.10",
        UH,
        false,
        "unknown if the number is in scope",
        "号码是否合格未知",
    ),
    code("3.11", UH, false, "not attempted", "未拨打"),
    code("3.12", UH, false, "always busy", "一直占线"),
    code("3.13", UH, false, "no answer", "无人接听"),
    code("3.14", UH, false, "answering device", "语音秘书或信箱应答"),
    code("3.15", UH, false, "call blocked", "来电被拦截"),
    code("3.16", UH, false, "technical problem", "线路技术故障"),
    code(
        "3.161",
        UH,
        false,
        "operator's message is ambiguous",
        "运营商提示语含义不明",
    ),
    code(
        "3.20",
        UO,
        false,
        "someone there, not screened",
        "有人接听，未完成甄别",
    ),
    code("3.21", UO, false, "screening not completed", "甄别未完成"),
    code(
        "3.30",
        UO,
        false,
        "unknown if the service is used",
        "是否为该业务用户未知",
    ),
    code("3.90", UO, true, "unknown, other", "其他未知"),
    code("4.10", NE, true, "out of sample", "不在调查范围"),
    code("4.20", NE, true, "fax or data line", "传真或数据线路"),
    code("4.30", NE, false, "not in service", "号码停用"),
    code("4.31", NE, false, "not assigned", "空号"),
    code("4.32", NE, false, "disconnected", "已拆机"),
    code("4.33", NE, false, "temporarily out of service", "暂停服务"),
    code("4.40", NE, true, "special technical case", "特殊线路情形"),
    code("4.41", NE, true, "number changed", "号码已变更"),
    code("4.43", NE, true, "call forwarding", "呼叫转移"),
    code(
        "4.431",
        NE,
        true,
        "forwarded, eligible to eligible",
        "合格号码转至合格号码",
    ),
    code(
        "4.432",
        NE,
        true,
        "forwarded, ineligible to eligible",
        "不合格号码转至合格号码",
    ),
    code("4.44", NE, true, "pager", "寻呼机"),
    code(
        "4.45",
        NE,
        true,
        "mobile in a list of fixed lines",
        "固话名单中的手机号",
    ),
    code(
        "4.46",
        NE,
        true,
        "fixed line in a list of mobiles",
        "手机名单中的固话号",
    ),
    code("4.50", NE, true, "not a residence", "非住户"),
    code("4.51", NE, true, "business", "单位电话"),
    code("4.52", NE, true, "institution", "机构电话"),
    code("4.53", NE, true, "group quarters", "集体宿舍"),
    code("4.54", NE, true, "not a resident", "非住户成员"),
    code("4.70", NE, true, "no eligible respondent", "无合格受访者"),
    code("4.80", NE, true, "quota filled", "配额已满"),
];

/// Beginnings of codes, the weightiest first: what somebody said outranks what a line sounded like.
///
/// Numbers that a person said are out of scope stand above appointments; those that only a line
/// betrays (fax, forwarding, not in service) stand below any person who answered.
const PRECEDENCE: &[&[&str]] = &[
    &["1.1"],
    &["1.2"],
    &["2.112"],
    &["2.10", "2.11"],
    &["2.12"],
    &["2.3"],
    &["4.1", "4.5", "4.7", "4.8"],
    &["2.2"],
    &["3.2", "3.3", "3.9"],
    &["4.2", "4.4"],
    &["4.3"],
    &["3.14"],
    &["3.15"],
    &["3.12"],
    &["3.13"],
    &["3.16"],
    &["3.10"],
    &["3.11"],
];

impl Disposition {
    /// The disposition that a centre's code stands for: the known code that it begins with, the
    /// longest if there are several. None if it begins with no known code.
    ///
    /// A final 0 that a spreadsheet ate is put back: "2.1" is 2.10.
    ///
    /// ```
    /// use canvass::field::Disposition;
    /// let code = |text| Disposition::find(text).map(|found| found.code);
    /// assert_eq!(code("2.111a"), Some("2.111"));
    /// assert_eq!(code("2.1"), Some("2.10"));
    /// assert_eq!(code("9.9"), None);
    /// ```
    #[must_use]
    pub fn find(text: &str) -> Option<&'static Disposition> {
        let text = text.trim();
        let exact = |code: &str| {
            let place = DISPOSITIONS
                .binary_search_by(|known| known.code.cmp(code))
                .ok()?;
            Some(&DISPOSITIONS[place])
        };
        let whole_or_head = (3..=text.len().min(5))
            .rev()
            .find_map(|end| exact(text.get(..end)?));
        whole_or_head.or_else(|| match text.len() {
            3 => exact(&format!("{text}0")),
            _ => None,
        })
    }

    /// A disposition of our own table.
    pub(super) fn known(code: &str) -> &'static Disposition {
        Disposition::find(code).expect("a code of the table")
    }

    /// How weighty it is beside other calls to the same case: the highest decides.
    #[must_use]
    pub fn rank(&self) -> u8 {
        let place = PRECEDENCE
            .iter()
            .position(|heads| heads.iter().any(|head| self.code.starts_with(head)))
            .expect("every code has its place, as a test shows");
        (PRECEDENCE.len() - place) as u8
    }

    /// Whether the code is this one or a finer one.
    pub(super) fn is(&self, head: &str) -> bool {
        self.code.starts_with(head)
    }

    /// Whether the centre says that there was an interview, whole, partial or broken off.
    pub(super) fn claims_answers(&self) -> bool {
        self.is("1.") || self.is("2.12")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Class, DISPOSITIONS, Disposition, PRECEDENCE};

    fn rank(code: &str) -> u8 {
        Disposition::known(code).rank()
    }

    #[test]
    fn codes_are_sorted_and_each_has_a_place_in_the_order() {
        assert!(DISPOSITIONS.is_sorted_by(|a, b| a.code < b.code));
        let ranks: BTreeSet<u8> = DISPOSITIONS.iter().map(Disposition::rank).collect();
        assert_eq!(
            ranks.len(),
            PRECEDENCE.len(),
            "every place of the order has a code"
        );
    }

    #[test]
    fn the_first_digits_agree_with_the_class() {
        for known in DISPOSITIONS {
            let expected = match &known.code[..3] {
                "1.1" => Class::Interview,
                "1.2" => Class::Partial,
                "2.1" => Class::Refusal,
                "2.2" => Class::NonContact,
                "2.3" => Class::Other,
                "3.1" => Class::UnknownNumber,
                "3.2" | "3.3" | "3.9" => Class::UnknownPerson,
                _ => Class::NotEligible,
            };
            assert_eq!(known.class, expected, "{}", known.code);
        }
    }

    #[test]
    fn the_longest_known_beginning_is_found() {
        let code = |text| Disposition::find(text).map(|found| found.code);
        assert_eq!(code("2.111a"), Some("2.111"));
        assert_eq!(code("2.113"), Some("2.11"));
        assert_eq!(code(" 3.1611 "), Some("3.161"));
        assert_eq!(code("4.431"), Some("4.431"));
        assert_eq!(code("3.9"), Some("3.90"));
        assert_eq!(code("3.91"), None);
        for unknown in [
            "",
            "1",
            "1.",
            "2.13",
            "2",
            "5.1",
            "busy",
            "空号空号",
            "４.31",
        ] {
            assert_eq!(code(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn words_outrank_lines_and_interviews_outrank_all() {
        let order = [
            "1.1", "1.2", "2.112", "2.111", "2.12", "2.34", "4.51", "2.21", "3.21", "4.20", "4.31",
            "3.14", "3.15", "3.12", "3.13", "3.161", "3.10", "3.11",
        ];
        assert!(order.is_sorted_by(|a, b| rank(a) > rank(b)));
        assert_eq!(rank("2.11"), rank("2.111"));
        assert_eq!(rank("4.31"), rank("4.33"));
    }
}
