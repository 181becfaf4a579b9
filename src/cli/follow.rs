//! A second phase among those who did not answer.

use canvass::field::Class;
use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study::{FollowUpError, Followed, SILENT, silent_by};
use clap::Args;

use super::{Common, Screen};

/// Draw some of those who gave no interview, to be followed up with all the effort there is.
///
/// Reads survey.toml, the list, 3-sample.parquet, 3-draw.json and 5-outcomes.parquet; writes
/// 5-follow-up.parquet (who is followed up, and with what chance) and 4-follow-up/: their numbers, and a
/// manifest. Weights then let those who are followed up speak for all of their stratum who might have been,
/// and the others of these for nobody. It is drawn once.
///
/// Unless --of says otherwise, everybody may be followed up who gave no interview and may belong to the
/// population, whoever refused too. Those whom --of leaves out stay nonrespondents of the first phase: they
/// keep their weight, and the step for nonresponse hands it to those who answered.
///
/// Next: canvass ingest --attempts FILE --answers FILE
#[derive(Debug, Args)]
pub struct FollowUp {
    /// How many to follow up: shared out over strata in proportion to those who gave no interview, one in
    /// each at least.
    #[arg(long, value_name = "M")]
    take: u64,

    /// How those ended who may be followed up: partial, refusal, noncontact, other, unknown-number,
    /// unknown-person, unknown for both of these, or AAPOR's letters (P, R, NC, O, UH, UO). All of them, unless
    /// it is given.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    of: Vec<String>,
}

impl FollowUp {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let of = self.classes()?;
        let done = super::study(common)?.follow_up(self.take, &of, screen.monitor())?;
        let table = table(&done.value, screen);
        let next = "canvass ingest --attempts FILE --answers FILE";
        screen.show("follow-up", &done, &[table], next);
        Ok(())
    }

    /// Those who may be followed up, each class once.
    fn classes(&self) -> Result<Vec<Class>, FollowUpError> {
        let mut classes = Vec::new();
        for word in &self.of {
            let named = silent_by(word.trim());
            classes.extend(named.ok_or_else(|| FollowUpError::NoSilence { word: word.clone() })?);
        }
        let is_meant = |class: &Class| classes.is_empty() || classes.contains(class);
        Ok(SILENT.into_iter().filter(is_meant).collect())
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
    if followed.left_out > 0 {
        table.push(vec![
            Value::text(say("left out, still without", "不在追访范围")),
            Value::Whole(followed.left_out),
            Value::Whole(0),
            Value::Absent,
        ]);
    }
    table
}
