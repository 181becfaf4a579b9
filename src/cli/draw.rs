//! Which ones.

use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study::Drawn;
use clap::Args;

use super::{Common, Screen, study};

/// Draw the sample.
///
/// Reads survey.toml, the list, 1-check.json and 2-plan.json; writes 3-sample.parquet (who was drawn,
/// by case id; no telephone numbers) and 3-draw.json (how). The same seed and the same list draw the
/// same units, whatever the order of rows, the threads or the machine.
///
/// Next: canvass field
#[derive(Debug, Args)]
pub struct Draw {}

impl Draw {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let done = study(common)?.draw(screen.monitor())?;
        let table = table(&done.value, screen);
        screen.show("draw", &done, &[table], "canvass field");
        Ok(())
    }
}

fn table(drawn: &Drawn, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![Column::text(say("what", "项目")), Column::text(say("value", "值"))];
    let mut table = Table::new("draw", say("The draw", "抽样结果"), columns);
    let strata = drawn.strata.iter().filter(|stratum| stratum.drawn > 0).count();
    let rows = [
        (say("units drawn", "抽取单位数"), Value::Whole(drawn.drawn)),
        (say("strata with a draw", "有抽取的层数"), Value::Whole(strata as u64)),
        (say("replicates", "子样本数"), Value::Whole(u64::from(drawn.replicates))),
        (say("method", "方法"), Value::text(&drawn.method)),
        (say("seed's key", "种子密钥"), Value::text(&drawn.seed_key)),
        (say("the list's fingerprint", "名单指纹"), Value::text(&drawn.fingerprint)),
    ];
    for (what, value) in rows {
        table.push(vec![Value::text(what), value]);
    }
    table
}
