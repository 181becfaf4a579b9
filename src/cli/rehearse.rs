//! A whole survey on invented calls.

use std::path::Path;

use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value, estimates_table, notice_tables};
use canvass::study::{self, Rehearsed, Study, Template};
use clap::Args;

use super::{Common, Screen};

/// Try a whole survey on invented calls.
///
/// Reads a template that comes with canvass; writes a study into the folder given by -C, or into one
/// of the template's name: the list that rehearsal.toml describes, invented calls and answers, and
/// everything from 1-check.json to the report, by the steps that a real survey takes. In a folder
/// that was rehearsed before, survey.toml and rehearsal.toml are read as they stand there, so change
/// them and rehearse again. Nobody is called, and no figure says anything about anybody.
///
/// Next: open the report; canvass explain; canvass verify
#[derive(Debug, Args)]
pub struct Rehearse {
    /// The template: chongqing-2016, chongqing-numbers …
    name: String,

    /// The part of the list that is made, above 0 and at most 1, instead of the part that
    /// rehearsal.toml says.
    #[arg(long, value_name = "PART")]
    scale: Option<f64>,
}

impl Rehearse {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let template = Template::find(&self.name)?;
        let folder = common.new_folder(template.name);
        let done = study::rehearse(template, &folder, self.scale, screen.monitor())?;
        let (value, language) = (&done.value, screen.language());
        let mut tables = vec![counts(value, language)];
        tables.push(match &value.index {
            Some(index) => {
                let [notice, _] = notice_tables(index, value.compared.as_ref(), language);
                notice
            }
            None => {
                let discretion = Study::open(Path::new(&value.folder))?.discretion();
                estimates_table(&value.estimated, discretion, language)
            }
        });
        tables.push(made(value, language));
        let page = value.made.iter().find(|(what, _)| what == "report");
        let next = page.map_or_else(String::new, |(_, path)| format!("open {path}"));
        screen.show("rehearsal", &done, &tables, &next);
        Ok(())
    }
}

fn counts(rehearsed: &Rehearsed, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::number(say("count", "数量")),
    ];
    let mut table = Table::new("rehearsal", say("A rehearsal", "演练概况"), columns);
    let rows = [
        (say("units of the list", "名单单位数"), rehearsed.list_rows),
        (say("numbers drawn", "抽取号码数"), rehearsed.drawn),
        (say("calls, invented", "虚构拨打次数"), rehearsed.attempts),
        (
            say("complete interviews, invented", "虚构完成访问数"),
            rehearsed.interviews,
        ),
    ];
    for (what, count) in rows {
        table.push(vec![Value::text(what), Value::Whole(count)]);
    }
    table
}

fn made(rehearsed: &Rehearsed, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("where", "位置")),
    ];
    let mut table = Table::new("made", say("What was made", "生成的文件"), columns);
    for (what, path) in &rehearsed.made {
        table.push(vec![Value::text(name(what, language)), Value::text(path)]);
    }
    table
}

/// What something that was made is called.
fn name(what: &str, language: Language) -> &str {
    const NAMES: &[Words] = &[
        Words::new("list", "名单"),
        Words::new("call lists", "拨打名单"),
        Words::new("calls and answers", "拨打记录与回答"),
        Words::new("report", "报告"),
        Words::new("spreadsheet", "数据表"),
        Words::new("notice", "公告"),
        Words::new("study", "调查文件夹"),
    ];
    NAMES
        .iter()
        .find(|words| words.en == what)
        .map_or(what, |words| words.say(language))
}
