//! Telling it.

use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value};
use canvass::study::{Study, Told};
use clap::Args;

use super::{Common, Screen};

/// Write the report and the notice.
///
/// Reads survey.toml and whatever the steps before have written; writes 9-report.html (a page, for
/// reading and printing), 9-report.xlsx (its tables) and 9-notice.csv (what is published). A chapter
/// is there if there is something to tell. The language is survey.toml's, or that of --lang.
///
/// Next: open 9-report.html
#[derive(Debug, Args)]
pub struct Report {}

impl Report {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let mut flags = common.flags();
        // As a setting, so that the journal remembers it and a replay writes the same language.
        flags.extend(
            common
                .lang
                .map(|tongue| ("language".to_owned(), tongue.key().to_owned())),
        );
        let study = Study::open_with_flags(common.folder(), &flags)?;
        let done = study.report()?;
        let page = study.path("9-report.html");
        let table = table(&done.value, screen);
        screen.show(
            "report",
            &done,
            &[table],
            &format!("open {}", page.display()),
        );
        Ok(())
    }
}

fn table(told: &Told, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let language = match told.language {
        Language::English => say("in English", "英文"),
        Language::Chinese => say("in Chinese", "中文"),
    };
    let columns = vec![Column::text(say("chapters", "章节"))];
    let mut table = Table::new("chapters", format!("{} ({language})", told.title), columns);
    for chapter in &told.chapters {
        table.push(vec![Value::text(chapter)]);
    }
    table
}
