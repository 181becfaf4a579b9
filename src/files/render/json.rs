//! Tables and documents as JSON.

use serde_json::{Map, Value as Json, json};

use crate::language::Language;
use crate::report::{Document, Table, Value};

/// The version of the shape below; raised when a reader would have to change.
const SCHEMA: u32 = 1;

/// Gives a table as an object with `kind`, `schema`, `name`, `caption` and `rows`, each row an
/// object by column. What is absent or unknown is null; shares are fractions.
#[must_use]
pub fn table(table: &Table, language: Language) -> Json {
    let rows: Vec<Json> = table
        .rows
        .iter()
        .map(|row| {
            let fields = table.columns.iter().zip(row);
            let named = fields.map(|(column, value)| (column.title.clone(), cell(value, language)));
            Json::Object(named.collect::<Map<_, _>>())
        })
        .collect();
    json!({
        "kind": "table",
        "schema": SCHEMA,
        "name": table.name,
        "caption": table.caption,
        "rows": rows,
    })
}

/// Gives a whole document, with `kind` and `schema`.
#[must_use]
pub fn document(document: &Document) -> Json {
    let blocks = serde_json::to_value(&document.blocks).expect("blocks have text keys only");
    json!({
        "kind": "report",
        "schema": SCHEMA,
        "language": document.language,
        "title": document.title,
        "blocks": blocks,
    })
}

fn cell(value: &Value, language: Language) -> Json {
    match value {
        Value::Text(text) => Json::from(text.as_str()),
        Value::Whole(count) => Json::from(*count),
        Value::Number { .. } | Value::Share { .. } => value
            .plain(language)
            .parse::<f64>()
            .map_or(Json::Null, Json::from),
        Value::Absent | Value::Unknown => Json::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::{document, table};
    use crate::language::Language::English;
    use crate::report::{Block, Column, Document, Table, Value};

    fn small() -> Table {
        let columns = vec![
            Column::text("firm"),
            Column::number("index"),
            Column::number("n"),
        ];
        let mut table = Table::new("t", "T", columns);
        table.push(vec![
            Value::text("a"),
            Value::number(78.345, 2),
            Value::Whole(12),
        ]);
        table.push(vec![Value::text("b"), Value::Absent, Value::Unknown]);
        table
    }

    #[test]
    fn numbers_are_numbers_as_printed_and_nothing_is_null() {
        let json = table(&small(), English);
        assert_eq!(
            json["rows"].to_string(),
            r#"[{"firm":"a","index":78.35,"n":12},{"firm":"b","index":null,"n":null}]"#
        );
        assert_eq!(
            (json["kind"].as_str(), json["schema"].as_u64()),
            (Some("table"), Some(1))
        );
    }

    #[test]
    fn a_document_can_be_read_again() {
        let blocks = vec![Block::Text("x".into()), Block::Table(small())];
        let written = document(&Document {
            title: "T".into(),
            language: English,
            blocks: blocks.clone(),
        });
        let read: Vec<Block> = serde_json::from_value(written["blocks"].clone()).expect("blocks");
        assert_eq!(read, blocks);
        assert_eq!(written["language"], "en");
    }
}
