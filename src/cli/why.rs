//! One case: how its weight came about.

use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study::{self, WhyStep};
use clap::Args;

use super::{Common, Screen, study};

/// How the weight of one case came about, from the draw to the end.
///
/// Reads survey.toml, 1-check.json, 3-sample.parquet, 3-draw.json, 5-outcomes.parquet, 6-weights.parquet
/// and 6-quality.json; writes nothing. Prints the chance that the case was drawn with, then each step:
/// where it found the case, what it multiplied the weight by, its formula and who that is from.
///
/// Next: canvass explain STEP, for what a step does
#[derive(Debug, Args)]
pub struct Why {
    /// The case, by its id in the call lists; or, with case.key at hand, by its id in the list.
    case: String,
}

impl Why {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let done = study(common)?.why(&self.case, screen.monitor())?;
        let tables = [case(&done.value, screen), steps(&done.value, screen)];
        screen.show("why", &done, &tables, "canvass explain STEP");
        Ok(())
    }
}

/// Digits after the point of factors and weights.
const DIGITS: u8 = 6;

fn case(why: &study::Why, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("value", "值")),
    ];
    let mut table = Table::new("case", say("The case", "个案"), columns);
    let never = || Value::text(say("never released", "未启用"));
    let counts = match why.interview {
        true => say("yes", "是"),
        false => say("no", "否"),
    };
    let rows = [
        (say("case", "个案编号"), Value::text(&why.case)),
        (say("stratum", "层"), Value::text(&why.stratum)),
        (
            say("units in the stratum", "层内单位数"),
            Value::Whole(why.population),
        ),
        (say("drawn from it", "层内抽取数"), Value::Whole(why.drawn)),
        (
            say("chance of being drawn", "入样概率"),
            Value::number(why.probability, 8),
        ),
        (
            say("replicate", "子样本"),
            Value::Whole(u64::from(why.replicate)),
        ),
        (
            say("ended as", "最终结果代码"),
            why.code.as_ref().map_or_else(never, Value::text),
        ),
        (
            say("counts in figures", "是否计入结果"),
            Value::text(counts),
        ),
        (say("weight", "最终权数"), Value::number(why.weight, DIGITS)),
    ];
    for (what, value) in rows {
        table.push(vec![Value::text(what), value]);
    }
    table
}

fn steps(why: &study::Why, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("step", "步骤")),
        Column::text(say("class, levels", "所在类别")),
        Column::number(say("times", "乘以")),
        Column::number(say("weight", "权数")),
        Column::text(say("formula", "公式")),
        Column::text(say("source", "出处")),
    ];
    let caption = say("Its weight, step by step", "权数的形成过程");
    let mut table = Table::new("steps", caption, columns);
    for step in &why.steps {
        let WhyStep {
            step,
            finds,
            factor,
            weight,
            formula,
            sources,
        } = step;
        let finds = match finds.as_slice() {
            [] => Value::Absent,
            finds => Value::text(finds.join("; ")),
        };
        table.push(vec![
            Value::text(step),
            finds,
            Value::number(*factor, DIGITS),
            Value::number(*weight, DIGITS),
            Value::text(formula),
            Value::text(sources.join("; ")),
        ]);
    }
    table
}
