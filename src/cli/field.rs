//! Call lists.

use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study::Listed;
use clap::Args;

use super::{Common, Screen, study};

/// Write the call lists.
///
/// Reads survey.toml, the list, 3-sample.parquet and 3-draw.json; writes 4-calls/: the numbers of
/// the released replicates under their case ids, in random order, and a manifest. These are the only
/// files with telephone numbers: hand them to the telephone centre, and nobody else.
///
/// Next: canvass ingest --attempts FILE --answers FILE
#[derive(Debug, Args)]
pub struct Field {
    /// Release the first K replicates: those that were not released before get call lists of their own, and
    /// the other lists stay as they are. No replicate is ever taken back. Without it, as [field] released
    /// says, or as they were released last.
    #[arg(long, value_name = "K")]
    first: Option<u32>,
}

impl Field {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let study = study(common)?;
        let done = match self.first {
            Some(first) => study.field_first(first, screen.monitor())?,
            None => study.field(screen.monitor())?,
        };
        let tables = [table(&done.value, screen), files(&done.value, screen)];
        screen.show(
            "calls",
            &done,
            &tables,
            "canvass ingest --attempts FILE --answers FILE",
        );
        Ok(())
    }
}

fn table(listed: &Listed, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("value", "值")),
    ];
    let mut table = Table::new("calls", say("The call lists", "拨打名单"), columns);
    let expires = listed.expires.as_ref().map_or(Value::Unknown, Value::text);
    let rows = [
        (
            say("purpose, and no other", "唯一用途"),
            Value::text(&listed.purpose),
        ),
        (say("to be deleted after", "有效期至"), expires),
        (
            say("replicates released", "已启用子样本数"),
            Value::Whole(u64::from(listed.replicates)),
        ),
        (say("numbers", "号码数"), Value::Whole(listed.numbers)),
        (
            say("units they stand for", "所代表的单位数"),
            Value::number(listed.base_weights, 0),
        ),
        (say("columns", "列"), Value::text(listed.columns.join(", "))),
    ];
    for (what, value) in rows {
        table.push(vec![Value::text(what), value]);
    }
    table
}

fn files(listed: &Listed, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("file", "文件")),
        Column::number(say("numbers", "号码数")),
        Column::text("SHA-256"),
    ];
    let mut table = Table::new("call-files", say("Their files", "名单文件"), columns);
    for list in &listed.lists {
        let print = Value::text(&list.sha256);
        table.push(vec![
            Value::text(&list.file),
            Value::Whole(list.rows),
            print,
        ]);
    }
    table
}
