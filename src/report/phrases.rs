//! Numbers and lists, as both languages write them.

use crate::language::Language;
use crate::math::decimal;

/// A count with its thousands apart: "290,000".
pub(super) fn count(count: u64) -> String {
    apart(&count.to_string())
}

/// A number with so many decimals and its thousands apart: "1,234.50".
pub(super) fn number(value: f64, places: u8) -> String {
    if !value.is_finite() {
        return "—".to_owned();
    }
    let rounded = decimal::round(value, usize::from(places));
    match rounded.strip_prefix('-') {
        Some(rest) => format!("−{}", apart(rest)),
        None => apart(&rounded),
    }
}

/// A share in percent: "7.2%".
pub(super) fn percent(share: f64, places: u8) -> String {
    if !share.is_finite() {
        return "—".to_owned();
    }
    format!("{}%", number(100.0 * share, places))
}

/// A confidence in percent, with decimals only if it has any: "95%".
pub(super) fn confidence(confidence: f64) -> String {
    let said = decimal::round(100.0 * confidence, 2);
    format!("{}%", said.trim_end_matches('0').trim_end_matches('.'))
}

/// An interval: "77.41–79.29".
pub(super) fn interval((low, high): (f64, f64), places: u8) -> String {
    format!("{}–{}", number(low, places), number(high, places))
}

/// Names in a sentence: "a, b and c", "a、b、c".
pub(super) fn names<T: AsRef<str>>(names: &[T], language: Language) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match (language, names.split_last()) {
        (Language::Chinese, _) => names.join("、"),
        (Language::English, Some((last, rest))) if !rest.is_empty() => {
            format!("{} and {last}", rest.join(", "))
        }
        (Language::English, _) => names.join(", "),
    }
}

/// The number of a chapter: "3. ", "三、", "十一、".
pub(super) fn chapter(number: usize, language: Language) -> String {
    const DIGITS: [&str; 11] = [
        "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十",
    ];
    match (language, DIGITS.get(number), DIGITS.get(number % 10)) {
        (Language::Chinese, Some(digit), _) => format!("{digit}、"),
        (Language::Chinese, None, Some(digit)) if number < 20 => format!("十{digit}、"),
        _ => format!("{number}. "),
    }
}

/// A day: "4 January 2016", "2016年1月4日".
pub(super) fn day(day: jiff::civil::Date, language: Language) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    match language {
        Language::English => {
            let month = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
            format!("{} {month} {}", day.day(), day.year())
        }
        Language::Chinese => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
    }
}

/// Sets groups of three digits apart in the whole part.
fn apart(digits: &str) -> String {
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = String::with_capacity(digits.len() + whole.len() / 3);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::{chapter, confidence, count, day, names, number, percent};
    use crate::language::Language::{Chinese, English};

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(57_000_000), "57,000,000");
        assert_eq!(number(-1_234.565, 2), "−1,234.57");
        assert_eq!(number(0.5, 0), "1");
    }

    #[test]
    fn shares_are_percentages() {
        assert_eq!(percent(0.07205, 2), "7.21%");
        assert_eq!(percent(f64::NAN, 1), "—");
        assert_eq!(confidence(0.95), "95%");
        assert_eq!(confidence(0.995), "99.5%");
    }

    #[test]
    fn names_are_listed_as_each_language_does() {
        assert_eq!(names(&["a", "b", "c"], English), "a, b and c");
        assert_eq!(names(&["a"], English), "a");
        assert_eq!(names(&["a", "b", "c"], Chinese), "a、b、c");
        assert_eq!(names::<&str>(&[], English), "");
    }

    #[test]
    fn chapters_and_days_are_numbered_as_each_language_does() {
        assert_eq!(
            (chapter(3, English), chapter(3, Chinese)),
            ("3. ".into(), "三、".into())
        );
        assert_eq!(chapter(12, Chinese), "十二、");
        let date = jiff::civil::date(2016, 2, 29);
        assert_eq!(day(date, English), "29 February 2016");
        assert_eq!(day(date, Chinese), "2016年2月29日");
    }
}
