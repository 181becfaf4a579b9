//! A study's folder from a template.

use std::path::Path;

use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value};
use canvass::study::{Done, NewSeed, Study, TEMPLATES, Template};
use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use serde::Serialize;

use super::{Common, Screen};

/// Make a study's folder from a template.
///
/// Reads a template that comes with canvass; writes survey.toml and the files it needs into the
/// folder given by -C, or into one of the template's name. The seed is taken from the system, once,
/// and written into survey.toml, unless --seed gives one. A folder with a survey.toml is left alone.
///
/// Next: canvass check
#[derive(Debug, Args)]
pub struct Init {
    /// The template: simple, stratified … Without it, templates are listed.
    name: Option<String>,

    /// The text that decides every draw, such as a published lottery number.
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    seed: Option<String>,

    /// List the templates, and make nothing.
    #[arg(long)]
    list: bool,
}

/// What was made.
#[derive(Debug, Serialize)]
struct Made {
    template: &'static str,
    folder: String,
    survey: String,
    seed: String,
    list: String,
}

impl Init {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let Some(name) = self.name.filter(|_| !self.list) else {
            list(screen);
            return Ok(());
        };
        let template = Template::find(&name)?;
        let folder = common.new_folder(template.name);
        let fresh = self.seed.is_none();
        let seed = self.seed.map_or(NewSeed::Fresh, NewSeed::Text);
        let files = template.init(&folder, &seed)?;
        let study = Study::open(&folder)?;
        let done = done(template, &study, &files);
        screen.done("study", &done, &[table(&done.value, screen)]);
        if fresh {
            let said = Words::new(
                "taken from the system once, and written into survey.toml",
                "由系统随机生成一次，已写入survey.toml",
            );
            screen.say(Words::new("seed", "种子"), said.say(screen.language()));
        }
        if !study.list_path().exists() {
            let said = Words::new("to be put there before the check", "核查前须放入该处");
            let said = format!("{}: {}", done.value.list, said.say(screen.language()));
            screen.say(Words::new("list", "名单"), &said);
        }
        screen.beside(&done, &format!("canvass check{}", at(&folder)));
        Ok(())
    }
}

fn done(template: &Template, study: &Study, files: &[String]) -> Done<Made> {
    let settings = study.settings();
    let value = Made {
        template: template.name,
        folder: study.folder().display().to_string(),
        survey: settings.survey.name.clone(),
        seed: settings.survey.seed.clone(),
        list: study.list_path().display().to_string(),
    };
    let wrote = files
        .iter()
        .map(|name| study.path(name).display().to_string())
        .collect();
    Done {
        value,
        notices: Vec::new(),
        read: Vec::new(),
        wrote,
    }
}

/// The flag that names a folder, where one is needed.
fn at(folder: &Path) -> String {
    if folder == Path::new(".") {
        String::new()
    } else {
        format!(" -C {}", folder.display())
    }
}

fn table(made: &Made, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("value", "值")),
    ];
    let mut table = Table::new("study", say("A new study", "新建调查"), columns);
    let rows = [
        (say("template", "模板"), made.template),
        (say("folder", "文件夹"), &made.folder),
        (say("survey", "调查名称"), &made.survey),
        (say("seed", "种子"), &made.seed),
    ];
    for (what, value) in rows {
        table.push(vec![Value::text(what), Value::text(value)]);
    }
    table
}

fn list(screen: &Screen) {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("template", "模板")),
        Column::text(say("what it is", "说明")),
        Column::text(say("can be rehearsed", "可否演练")),
    ];
    let mut table = Table::new("templates", say("Templates", "模板一览"), columns);
    let mut values = Vec::new();
    for template in TEMPLATES {
        let says = headline(template.survey, screen.language());
        let rehearsed = template.rehearsal.is_some();
        let yes = if rehearsed {
            say("yes", "可")
        } else {
            say("no", "否")
        };
        table.push(vec![
            Value::text(template.name),
            Value::text(says),
            Value::text(yes),
        ]);
        values.push(
            serde_json::json!({ "name": template.name, "says": says, "rehearsed": rehearsed }),
        );
    }
    screen.result(
        "templates",
        &serde_json::json!({ "templates": values }),
        &[table],
    );
}

/// The first comment of a survey.toml, in the screen's language if it has both.
fn headline(survey: &str, language: Language) -> &str {
    let comments: Vec<&str> = survey
        .lines()
        .map_while(|line| line.strip_prefix('#'))
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    let wanted = |line: &&&str| line.is_ascii() == (language == Language::English);
    comments
        .iter()
        .find(wanted)
        .or(comments.first())
        .copied()
        .unwrap_or_default()
}
