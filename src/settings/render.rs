//! A value as it would be written.

use toml::de::DeValue;

/// The TOML text of a value, on one line.
pub(super) fn render(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.as_str().to_string(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Datetime(moment) => moment.to_string(),
        DeValue::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| render(item.get_ref())).collect();
            format!("[{}]", items.join(", "))
        }
        DeValue::Table(table) => {
            let pairs: Vec<String> = table
                .iter()
                .map(|(key, value)| {
                    format!("{} = {}", bare(key.get_ref()), render(value.get_ref()))
                })
                .collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

/// A text in quotes, with what TOML asks to escape.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// A key, in quotes only where it needs them.
fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(plain) {
        key.to_string()
    } else {
        quoted(key)
    }
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn a_value_reads_as_it_could_be_written() {
        for text in [
            r#""fixed phone""#,
            "290000",
            "-5",
            "1e-9",
            "true",
            "2016-01-04",
            r#"[["a", "b"], [1, 2.5]]"#,
            r#"{ service = "移动电话", "operator of number" = "b" }"#,
        ] {
            let value = toml::de::DeValue::parse(text).expect("TOML").into_inner();
            assert_eq!(render(&value), text);
        }
    }
}
