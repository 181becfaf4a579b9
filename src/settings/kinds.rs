//! What a value may be: a text, a number within limits, a word of a closed list …
//!
//! Each kind takes a [`Node`] and gives its value, or takes down what is wrong with it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use toml::de::DeValue;

use super::origin::{At, Layer};
use super::problems::Problem;
use super::reader::{Node, nearest};
use super::settings::Length;
use super::words::Word;
use crate::draw::{METHODS, Method};

/// What is wrong is taken down here.
type Found = Vec<Problem>;

/// A text that is not blank.
pub(super) fn text(node: &Node<'_>, found: &mut Found) -> Option<String> {
    let text = match (node.value, node.text.layer) {
        // A flag needs no quotes: `--seed 2016` is a text too.
        (_, Layer::Flag) if node.value.as_str().is_none() => node.text.text,
        (DeValue::String(text), _) => text,
        _ => return wrong(node, found, "a text in quotes"),
    };
    if text.trim().is_empty() {
        found.push(node.problem(format!("{} is blank", node.key)));
        return None;
    }
    Some(text.to_string())
}

/// `true` or `false`.
pub(super) fn yes_or_no(node: &Node<'_>, found: &mut Found) -> Option<bool> {
    node.value
        .as_bool()
        .or_else(|| wrong(node, found, "true or false"))
}

/// A number for which `fits` holds; `limits` says it in words: "above 0".
pub(super) fn number<'a>(
    limits: &'static str,
    fits: fn(f64) -> bool,
) -> impl Fn(&Node<'a>, &mut Found) -> Option<f64> {
    move |node, found| {
        let value = match node.value {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .ok()
                .map(|value| value as f64),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => return wrong(node, found, "a number"),
        };
        let fitting = value.filter(|value| value.is_finite() && fits(*value));
        fitting.or_else(|| outside(node, found, limits))
    }
}

/// Any finite number.
pub(super) fn any_number(node: &Node<'_>, found: &mut Found) -> Option<f64> {
    number("finite", |_| true)(node, found)
}

/// A share: above 0 and at most 1.
pub(super) fn share(node: &Node<'_>, found: &mut Found) -> Option<f64> {
    number("above 0 and at most 1", |x| x > 0.0 && x <= 1.0)(node, found)
}

/// A number above zero.
pub(super) fn positive(node: &Node<'_>, found: &mut Found) -> Option<f64> {
    number("above 0", |x| x > 0.0)(node, found)
}

/// A whole number of at least 1.
pub(super) fn count<T: TryFrom<u64>>(node: &Node<'_>, found: &mut Found) -> Option<T> {
    let DeValue::Integer(number) = node.value else {
        return wrong(node, found, "a whole number");
    };
    let value = u64::from_str_radix(number.as_str(), number.radix()).ok();
    match value
        .filter(|value| *value > 0)
        .and_then(|value| T::try_from(value).ok())
    {
        Some(value) => Some(value),
        None if value.is_some_and(|value| value > 0) => outside(node, found, "smaller"),
        None => outside(node, found, "at least 1"),
    }
}

/// A date without a time.
pub(super) fn date(node: &Node<'_>, found: &mut Found) -> Option<Date> {
    let day = node
        .value
        .as_datetime()
        .filter(|moment| moment.time.is_none());
    let Some(day) = day.and_then(|moment| moment.date) else {
        return wrong(node, found, "a date such as 2016-01-04");
    };
    let parts = (
        i16::try_from(day.year),
        i8::try_from(day.month),
        i8::try_from(day.day),
    );
    let date = match parts {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
        _ => None,
    };
    date.or_else(|| outside(node, found, "a day of the calendar"))
}

/// A length of time by the calendar: "6 months".
pub(super) fn length(node: &Node<'_>, found: &mut Found) -> Option<Length> {
    let typed = text(node, found)?;
    let mut words = typed.split_whitespace();
    let (count, unit) = (words.next(), words.next());
    let count = count.and_then(|count| count.parse::<i32>().ok());
    let count = count.filter(|count| (1..=36_500).contains(count) && words.next().is_none());
    let length = count.zip(unit).and_then(|(count, unit)| match unit {
        "day" | "days" => Some(Length::Days(count)),
        "week" | "weeks" => Some(Length::Weeks(count)),
        "month" | "months" => Some(Length::Months(count)),
        "year" | "years" => Some(Length::Years(count)),
        _ => None,
    });
    if length.is_none() {
        let message = format!("{} is '{typed}', which is no length of time", node.key);
        let hint = "write a whole number of days, weeks, months or years, such as \"6 months\"";
        found.push(node.problem(message).hint(hint));
    }
    length
}

/// A word of a closed list.
pub(super) fn word<T: Word>(node: &Node<'_>, found: &mut Found) -> Option<T> {
    let typed = text(node, found)?;
    if let Some((_, value)) = T::WORDS.iter().find(|(word, _)| *word == typed) {
        return Some(*value);
    }
    let words: Vec<&str> = T::WORDS.iter().map(|(word, _)| *word).collect();
    let message = format!("{} is '{typed}'; it must be {}", node.key, one_of(&words));
    let problem = node.problem(message);
    found.push(match nearest(&typed, words.into_iter()) {
        Some(near) => problem.hint(format!("did you mean '{near}'?")),
        None => problem,
    });
    None
}

/// The key of a drawing method.
pub(super) fn method(node: &Node<'_>, found: &mut Found) -> Option<&'static Method> {
    let typed = text(node, found)?;
    let known = METHODS.iter().find(|method| method.card.key == typed);
    if let Some(method) = known {
        return Some(method);
    }
    let keys: Vec<&str> = METHODS.iter().map(|method| method.card.key).collect();
    let message = format!(
        "{} is '{typed}', and no drawing method is called so",
        node.key
    );
    found.push(
        node.problem(message)
            .hint(match nearest(&typed, keys.iter().copied()) {
                Some(near) => format!("did you mean '{near}'?"),
                None => format!("it must be {}", one_of(&keys)),
            }),
    );
    None
}

/// A list of values of one kind, each with its place.
pub(super) fn list<'a, T>(
    kind: impl Fn(&Node<'a>, &mut Found) -> Option<T>,
) -> impl Fn(&Node<'a>, &mut Found) -> Option<Vec<At<T>>> {
    move |node, found| {
        let Some(items) = node.value.as_array() else {
            return wrong(node, found, "a list in square brackets");
        };
        let mut whole = true;
        let mut values = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let item = node.part(item, format!("{}[{}]", node.key, index + 1));
            match kind(&item, found) {
                Some(value) => values.push(At {
                    value,
                    key: item.key,
                    origin: item.origin,
                }),
                None => whole = false,
            }
        }
        whole.then_some(values)
    }
}

/// A list of texts without repetition.
pub(super) fn names(node: &Node<'_>, found: &mut Found) -> Option<Vec<At<String>>> {
    let names = list(text)(node, found)?;
    let mut seen = BTreeSet::new();
    let mut whole = true;
    for name in &names {
        if !seen.insert(name.value.as_str()) {
            let message = format!("{} names '{}' twice", node.key, name.value);
            found.push(name.problem(message));
            whole = false;
        }
    }
    whole.then_some(names)
}

/// A list of words of a closed list, without repetition.
pub(super) fn words<T: Word + PartialEq>(node: &Node<'_>, found: &mut Found) -> Option<Vec<At<T>>> {
    names(node, found)?;
    list(word)(node, found)
}

/// A table of column and label: `{ service = "fixed phone" }`.
pub(super) fn labels(node: &Node<'_>, found: &mut Found) -> Option<Vec<(At<String>, String)>> {
    let Some(table) = node.value.as_table() else {
        return wrong(node, found, "a table such as { column = \"label\" }");
    };
    let mut whole = true;
    let mut pairs = Vec::new();
    for (column, label) in table {
        let key = format!("{}.{}", node.key, column.get_ref());
        let label = text(&node.part(label, key.clone()), found);
        let origin = node.text.origin(column.span().start);
        let column = At {
            value: column.get_ref().to_string(),
            key,
            origin,
        };
        match label {
            Some(label) => pairs.push((column, label)),
            None => whole = false,
        }
    }
    whole.then_some(pairs)
}

/// Takes down that a value is of another kind.
fn wrong<T>(node: &Node<'_>, found: &mut Found, wanted: &str) -> Option<T> {
    let key = &node.key;
    let problem = node.problem(format!(
        "{key} must be {wanted}, not {}",
        kind_of(node.value)
    ));
    let inside = node.value.as_str().map(DeValue::parse);
    let unquoted = matches!(inside, Some(Ok(inner)) if !inner.get_ref().is_str());
    found.push(match node.value {
        DeValue::String(_) if unquoted => problem.hint("leave out the quotes"),
        _ => problem,
    });
    None
}

/// Takes down that a value is outside its limits.
fn outside<T>(node: &Node<'_>, found: &mut Found, limits: &str) -> Option<T> {
    let value = super::render::render(node.value);
    found.push(node.problem(format!("{} is {value}; it must be {limits}", node.key)));
    None
}

/// What a value is, as a person would call it.
fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a decimal point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// "a, b or c".
fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_string(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
