//! Show a method: what it does, its formula, its source.

use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study;
use clap::Args;

use super::{Common, Screen};

/// Show a method: what it does, its formula, its source.
///
/// The same card is cited in the report of a survey that used the method. Without a name, all
/// methods are listed.
#[derive(Debug, Args)]
pub struct Explain {
    /// The method's key, as in the journal and the report: neyman, rake …
    method: Option<String>,
}

impl Explain {
    pub fn run(self, _: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
        let language = screen.language();
        let cards = canvass::cards();
        let Some(key) = self.method else {
            let columns = vec![
                Column::text(say("method", "方法")),
                Column::text(say("title", "名称")),
            ];
            let mut table = Table::new("methods", say("Methods", "方法一览"), columns);
            for card in cards {
                table.push(vec![
                    Value::text(card.key),
                    Value::text(card.title.say(language)),
                ]);
            }
            screen.result(
                "methods",
                &serde_json::json!({ "methods": table.rows }),
                &[table],
            );
            return Ok(());
        };
        let Some(card) = cards.iter().find(|card| card.key == key) else {
            let known = cards.iter().map(|card| card.key.to_owned()).collect();
            return Err(study::Error::NoMethod { key, known }.into());
        };
        let sources: Vec<String> = card.sources.iter().map(ToString::to_string).collect();
        let columns = vec![
            Column::text(card.key),
            Column::text(card.title.say(language)),
        ];
        let mut table = Table::new("method", card.title.say(language), columns);
        let rows = [
            (
                say("what it does", "说明"),
                card.says.say(language).to_owned(),
            ),
            (say("formula", "公式"), card.formula.to_owned()),
            (say("source", "出处"), sources.join("; ")),
        ];
        for (what, text) in rows {
            table.push(vec![Value::text(what), Value::text(text)]);
        }
        let json = serde_json::json!({
            "key": card.key,
            "title": card.title.say(language),
            "says": card.says.say(language),
            "formula": card.formula,
            "sources": sources,
        });
        screen.result("method", &json, &[table]);
        Ok(())
    }
}
