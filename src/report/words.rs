//! What a report calls the things it counts.

use super::document::Value;
use crate::estimate::publish::Verdict;
use crate::field::{CARDS, CellRates, Class};
use crate::language::{Language, Words};

/// The row that stands for the whole survey.
pub(super) const ALL: Words = Words::new("all", "合计");

/// The label under which other rooms file the whole survey.
pub(super) const WHOLE: &str = "all";

/// A reporting cell as a row's label.
pub(super) fn cell(label: &str, language: Language) -> String {
    if label == WHOLE {
        ALL.say(language).to_owned()
    } else {
        label.to_owned()
    }
}

/// What became of a number.
pub(super) const fn class(class: Class) -> Words {
    match class {
        Class::Interview => Words::new("complete interview", "完成访问"),
        Class::Partial => Words::new("partial interview", "部分完成"),
        Class::Refusal => Words::new("refusal or break-off", "拒访或中断"),
        Class::NonContact => Words::new("eligible, not reached", "合格但未接触"),
        Class::Other => Words::new(
            "eligible, no interview for another reason",
            "合格但因其他原因未访",
        ),
        Class::UnknownNumber => Words::new("unknown whether in scope", "号码是否合格不详"),
        Class::UnknownPerson => {
            Words::new("reached, unknown whether eligible", "已接通但是否合格不详")
        }
        Class::NotEligible => Words::new("not eligible", "不合格"),
        Class::NotReleased => Words::new(
            "drawn, not released or not asked about",
            "已抽取未发放或不询问",
        ),
    }
}

/// What a statistic is called.
pub(super) fn statistic(name: &str, language: Language) -> String {
    let words = match name {
        "mean" => Words::new("mean", "均值"),
        "total" => Words::new("total", "总量"),
        "share" => Words::new("share", "比例"),
        "ratio" => Words::new("ratio", "比率"),
        "quantile" => Words::new("quantile", "分位数"),
        "population-variance" => Words::new("variance", "方差"),
        "standard-deviation" => Words::new("standard deviation", "标准差"),
        "correlation" => Words::new("correlation", "相关系数"),
        "difference" => Words::new("difference", "差异"),
        "function" => Words::new("function", "函数"),
        other => return other.to_owned(),
    };
    words.say(language).to_owned()
}

/// A figure in the unit of its statistic.
pub(super) fn value(statistic: &str, value: Option<f64>) -> Value {
    match statistic {
        "share" => Value::maybe_share(value, 2),
        "total" => Value::maybe(value, 0),
        "ratio" | "correlation" | "function" => Value::maybe(value, 4),
        _ => Value::maybe(value, 2),
    }
}

/// What is to become of a share.
pub(super) const fn verdict(verdict: Verdict) -> Words {
    match verdict {
        Verdict::Publish => Words::new("publish", "可发布"),
        Verdict::Review => Words::new("review", "审核"),
        Verdict::Suppress => Words::new("suppress", "不发布"),
    }
}

/// How e was found, by the words that the field's files have for it, and why rates with e = 0 are printed, if they
/// are: whoever reads such a rate is owed the reason.
pub(super) fn eligible(method: &str, language: Language) -> String {
    let Some((found, reason)) = method.split_once(CellRates::PRINTED) else {
        return found_by(method, language);
    };
    let found = found_by(found, language);
    match language {
        Language::English => format!("{found}; rates with e = 0 are printed because {reason}"),
        Language::Chinese => format!("{found}；也列出e = 0的指标，理由：{reason}"),
    }
}

/// How e was found: its card's title, where there is one.
fn found_by(method: &str, language: Language) -> String {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let word = method.split([' ', ',']).next();
    let card = CARDS.iter().find(|card| word == Some(card.key));
    let Some(card) = card else {
        return match method {
            "max" => say("all are held to be eligible", "全部视为合格"),
            "min" => say("none is held to be eligible", "全部视为不合格"),
            other => match (other.strip_prefix("given: "), language) {
                (Some(source), Language::Chinese) => format!("给定：{source}"),
                _ => other.to_owned(),
            },
        };
    };
    let (title, rest) = (card.title.say(language), &method[card.key.len()..]);
    if language == Language::English {
        return format!("{title}{rest}");
    }
    // " within region, 2 with e of the whole"
    let (within, whole) = match rest.strip_suffix(" with e of the whole") {
        Some(front) => front.rsplit_once(", ").unwrap_or((front, "")),
        None => (rest, ""),
    };
    let within = within.strip_prefix(" within ");
    let within = within.map_or(String::new(), |name| format!("，按{name}分组"));
    let whole = match whole {
        "" => String::new(),
        count => format!("，其中{count}组取全体的e"),
    };
    format!("{title}{within}{whole}")
}

/// What a rate divides by what, in AAPOR's letters.
pub(super) fn rate(name: &str) -> Option<&'static str> {
    Some(match name {
        "RR1" => "I / (I+P+R+NC+O+UH+UO)",
        "RR2" => "(I+P) / (I+P+R+NC+O+UH+UO)",
        "RR3" => "I / (I+P+R+NC+O+e(UH+UO))",
        "RR4" => "(I+P) / (I+P+R+NC+O+e(UH+UO))",
        "RR5" => "I / (I+P+R+NC+O)",
        "RR6" => "(I+P) / (I+P+R+NC+O)",
        "COOP1" => "I / (I+P+R+O)",
        "COOP2" => "(I+P) / (I+P+R+O)",
        "COOP3" => "I / (I+P+R)",
        "COOP4" => "(I+P) / (I+P+R)",
        "REF1" => "R / (I+P+R+NC+O+UH+UO)",
        "REF2" => "R / (I+P+R+NC+O+e(UH+UO))",
        "REF3" => "R / (I+P+R+NC+O)",
        "CON1" => "(I+P+R+O) / (I+P+R+NC+O+UH+UO)",
        "CON2" => "(I+P+R+O) / (I+P+R+NC+O+e(UH+UO))",
        "CON3" => "(I+P+R+O) / (I+P+R+NC+O)",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::eligible;
    use crate::language::Language::{Chinese, English};

    #[test]
    fn how_e_was_found_is_said_in_words() {
        for (method, en, zh) in [
            (
                "casro",
                "Eligibility by CASRO's proportion",
                "CASRO合格率估计",
            ),
            (
                "casro within region, 2 with e of the whole",
                "Eligibility by CASRO's proportion within region, 2 with e of the whole",
                "CASRO合格率估计，按region分组，其中2组取全体的e",
            ),
            (
                "casro within region",
                "Eligibility by CASRO's proportion within region",
                "CASRO合格率估计，按region分组",
            ),
            ("max", "all are held to be eligible", "全部视为合格"),
            (
                "given: the operator",
                "given: the operator",
                "给定：the operator",
            ),
            (
                "casro; e = 0 printed because all were called",
                "Eligibility by CASRO's proportion; rates with e = 0 are printed because all were called",
                "CASRO合格率估计；也列出e = 0的指标，理由：all were called",
            ),
            (
                "casro within region, 2 with e of the whole; e = 0 printed because a, b; c",
                "Eligibility by CASRO's proportion within region, 2 with e of the whole; rates with e = 0 are printed \
                 because a, b; c",
                "CASRO合格率估计，按region分组，其中2组取全体的e；也列出e = 0的指标，理由：a, b; c",
            ),
            (
                "casro within region; e = 0 printed because of a law",
                "Eligibility by CASRO's proportion within region; rates with e = 0 are printed because of a law",
                "CASRO合格率估计，按region分组；也列出e = 0的指标，理由：of a law",
            ),
            (
                "min; e = 0 printed because none can be",
                "none is held to be eligible; rates with e = 0 are printed because none can be",
                "全部视为不合格；也列出e = 0的指标，理由：none can be",
            ),
            (
                "given: the operator; e = 0 printed because it says so",
                "given: the operator; rates with e = 0 are printed because it says so",
                "给定：the operator；也列出e = 0的指标，理由：it says so",
            ),
        ] {
            assert_eq!(eligible(method, English), en);
            assert_eq!(eligible(method, Chinese), zh);
        }
    }
}
