//! A promise before the draw.

use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study::{Commitment, SeedPromise};
use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::{Common, Screen, study};

/// Promise how the draw will be made, before anybody can know who is drawn.
///
/// Reads survey.toml, the list, 1-check.json and 2-plan.json; writes 3-commitment.json (fingerprints
/// of list, check, plan, numbers per stratum and seed) and prints one line to be published. From then
/// on canvass draw refuses another list, plan, seed or version.
///
/// The seed may stay a secret until the draw, if it is long: whoever guesses it can tell who will be
/// drawn. That nobody tried several seeds before, only --seed-later can show.
///
/// Next: publish the line; canvass draw
#[derive(Debug, Args)]
pub struct Commit {
    /// Promise no seed: it comes later and in public, and is then written into survey.toml.
    #[arg(long)]
    seed_later: bool,

    /// How the later seed comes about, such as "the evening draw of 1 March 2025".
    #[arg(long, value_name = "TEXT", requires = "seed_later", value_parser = NonEmptyStringValueParser::new())]
    rule: Option<String>,
}

impl Commit {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let seed = if self.seed_later {
            SeedPromise::Later { rule: self.rule }
        } else {
            SeedPromise::Sealed
        };
        let done = study(common)?.commit(&seed)?;
        screen.done(
            "commitment",
            &done,
            &[table(&done.value.commitment, screen)],
        );
        screen.say(Words::new("publish", "公布"), &done.value.line);
        screen.beside(&done, "canvass draw");
        Ok(())
    }
}

fn table(promise: &Commitment, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("value", "值")),
    ];
    let caption = say("What is promised", "抽样前承诺的内容");
    let mut table = Table::new("commitment", caption, columns);
    let later = match &promise.seed_rule {
        Some(rule) => say("later: ", "待定：") + rule,
        None => say("later, in public", "待公开产生"),
    };
    let rows = [
        (
            say("version", "程序版本"),
            Value::text(format!("canvass {}", promise.version)),
        ),
        (say("method", "方法"), Value::text(&promise.method)),
        (
            say("the list's file", "名单文件"),
            Value::text(&promise.list_sha256),
        ),
        (
            say("the list's fingerprint", "名单指纹"),
            Value::text(&promise.fingerprint),
        ),
        (say("its rows", "名单行数"), Value::Whole(promise.rows)),
        (
            say("1-check.json", "1-check.json"),
            Value::text(&promise.check_sha256),
        ),
        (
            say("2-plan.json", "2-plan.json"),
            Value::text(&promise.plan_sha256),
        ),
        (
            say("numbers per stratum", "各层抽取数"),
            Value::text(&promise.numbers_sha256),
        ),
        (
            say("replicates", "子样本数"),
            Value::Whole(u64::from(promise.replicates)),
        ),
        (
            say("seal of the seed", "种子封印"),
            Value::text(promise.seed_seal.as_ref().unwrap_or(&later)),
        ),
    ];
    for (what, value) in rows {
        table.push(vec![Value::text(what), value]);
    }
    if let Some(stages) = &promise.stages {
        let what = say("the stages", "抽样阶段");
        table.push(vec![Value::text(what), Value::text(stages)]);
    }
    if !promise.by.is_nothing() {
        let what = say("what the draw goes by", "抽样依据列");
        table.push(vec![Value::text(what), Value::text(promise.by.words())]);
    }
    if let Some(replaces) = &promise.replaces {
        let what = say("in place of the commitment", "取代先前的承诺");
        table.push(vec![Value::text(what), Value::text(replaces)]);
    }
    table
}
