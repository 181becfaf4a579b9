//! Artefacts as JSON, each with its kind, its schema, and where it comes from.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Error, read_text, write_text};

/// `value` as a JSON object that says first what it is.
///
/// ```
/// # #[derive(serde::Serialize)] struct Plan { interviews: u32 }
/// let json = canvass::files::json::tagged("plan", 1, &Plan { interviews: 300 });
/// assert_eq!(json["kind"], "canvass/plan");
/// assert_eq!(json["interviews"], 300);
/// ```
///
/// # Panics
///
/// If `value` is not written as an object, or cannot be: our own bug.
#[must_use]
pub fn tagged<T: Serialize>(kind: &str, schema: u32, value: &T) -> Value {
    let mut object = Map::new();
    object.insert("kind".to_owned(), format!("canvass/{kind}").into());
    object.insert("schema".to_owned(), schema.into());
    match serde_json::to_value(value).expect("an artefact can be written as JSON") {
        Value::Object(fields) => object.extend(fields),
        other => panic!("an artefact is an object, and this is {other}"),
    }
    Value::Object(object)
}

/// The text of [`tagged`], without the object in between: of thousands of rows it takes longer than they do.
///
/// # Panics
///
/// As [`tagged`].
#[must_use]
pub fn text<T: Serialize>(kind: &str, schema: u32, value: &T) -> String {
    #[derive(Serialize)]
    struct Tagged<'a, T> {
        kind: String,
        schema: u32,
        #[serde(flatten)]
        value: &'a T,
    }
    let kind = format!("canvass/{kind}");
    let tagged = Tagged {
        kind,
        schema,
        value,
    };
    serde_json::to_string_pretty(&tagged).expect("an artefact can be written as JSON")
}

/// Writes an artefact to `path`.
///
/// # Errors
///
/// [`Error::Write`] if it cannot be written.
pub fn write<T: Serialize>(path: &Path, kind: &str, schema: u32, value: &T) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(&tagged(kind, schema, value))
        .map_err(|why| Error::write(path, why))?;
    write_text(path, &(text + "\n"))
}

/// Reads an artefact of this kind and schema.
///
/// # Errors
///
/// [`Error::Kind`] if it is something else; [`Error::Read`] if it cannot be read.
pub fn read<T: DeserializeOwned>(path: &Path, kind: &str, schema: u32) -> Result<T, Error> {
    let mut value: Value =
        serde_json::from_str(&read_text(path)?).map_err(|why| Error::read(path, why))?;
    let say = |kind: &Value, schema: &Value| format!("{kind} of schema {schema}");
    let wanted = say(&format!("canvass/{kind}").into(), &schema.into());
    let found = say(&value["kind"], &value["schema"]);
    if found != wanted {
        return Err(Error::Kind {
            path: path.display().to_string(),
            found,
            wanted,
        });
    }
    if let Value::Object(fields) = &mut value {
        fields.remove("kind");
        fields.remove("schema");
    }
    serde_json::from_value(value).map_err(|why| Error::read(path, why))
}

#[cfg(test)]
mod tests {
    use super::{read, tagged, text, write};

    #[test]
    fn the_text_is_that_of_the_object() {
        #[derive(serde::Serialize)]
        struct Rows {
            rows: Vec<f64>,
            none: Option<u64>,
            #[serde(flatten)]
            more: std::collections::BTreeMap<String, f64>,
        }
        let value = Rows {
            rows: vec![0.1 + 0.2, -1e-300, 3.0, f64::NAN],
            none: None,
            more: [("\"数\"\n".to_owned(), 1.25)].into(),
        };
        let object = tagged("rows", 1, &value);
        let wanted = serde_json::to_string_pretty(&object).expect("JSON");
        assert_eq!(text("rows", 1, &value), wanted);
    }

    #[test]
    fn an_artefact_of_another_schema_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.json");
        let value = std::collections::BTreeMap::from([("a".to_owned(), 1.25)]);
        write(&path, "plan", 1, &value).expect("can be written");
        let back: std::collections::BTreeMap<String, f64> =
            read(&path, "plan", 1).expect("can be read");
        assert_eq!(back, value);
        let error = read::<serde_json::Value>(&path, "plan", 2).expect_err("another schema");
        assert!(error.to_string().contains("schema 1"), "{error}");
    }
}
