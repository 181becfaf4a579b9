//! A second phase among those who did not answer.

use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study::Followed;
use clap::Args;

use super::{Common, Screen, study};

/// Draw some of those who gave no interview, to be followed up with all the effort there is.
///
/// Reads survey.toml, the list, 3-sample.parquet, 3-draw.json and 5-outcomes.parquet; writes
/// 5-follow-up.parquet (who is followed up, and with what chance) and 4-follow-up/: their numbers, and a
/// manifest. Weights then let those who are followed up speak for all of their stratum who gave no
/// interview, and the others for nobody. It is drawn once.
///
/// Next: canvass ingest --attempts FILE --answers FILE
#[derive(Debug, Args)]
pub struct FollowUp {
    /// How many to follow up: shared out over strata in proportion to those who gave no interview, one in
    /// each at least.
    #[arg(long, value_name = "M")]
    take: u64,
}

impl FollowUp {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let done = study(common)?.follow_up(self.take, screen.monitor())?;
        let table = table(&done.value, screen);
        let next = "canvass ingest --attempts FILE --answers FILE";
        screen.show("follow-up", &done, &[table], next);
        Ok(())
    }
}

fn table(followed: &Followed, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("stratum", "层")),
        Column::number(say("without an interview", "未完成访问")),
        Column::number(say("followed up", "追访")),
        Column::number(say("chance", "概率")),
    ];
    let caption = say("The second phase", "第二相抽样");
    let mut table = Table::new("follow-up", caption, columns);
    for one in &followed.strata {
        table.push(vec![
            Value::text(&one.stratum),
            Value::Whole(one.silent),
            Value::Whole(one.drawn),
            Value::number(one.chance, 4),
        ]);
    }
    table.push(vec![
        Value::text(say("all", "合计")),
        Value::Whole(followed.silent),
        Value::Whole(followed.drawn),
        Value::Absent,
    ]);
    table
}
