//! What was drawn of a study in stages, as a table.

use canvass::bare::StageBy;
use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value};
use canvass::study::Drawn;

/// What was drawn at each stage, if the study draws in stages.
pub fn stages(drawn: &Drawn, language: Language) -> Option<Table> {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let columns = vec![
        Column::text(say("stage", "阶段")),
        Column::text(say("stratum", "层")),
        Column::text(say("method", "方法")),
        Column::text(say("in proportion to", "概率正比于")),
        Column::number(say("there", "总数")),
        Column::number(say("in each", "每处抽取数")),
        Column::number(say("drawn", "抽取数")),
        Column::number(say("certain", "必然入样")),
    ];
    let caption = say(
        "The stages, from the largest clusters down",
        "各抽样阶段，由大群到小群",
    );
    let mut table = Table::new("stages", caption, columns);
    for stage in &drawn.stages {
        let method = match &stage.method {
            Some(method) => method.clone(),
            None => say("all are taken", "全部抽取"),
        };
        let by = match stage.by {
            StageBy::Count => say("nothing", "等概率"),
            StageBy::Units => say("units", "单位数"),
            StageBy::Size => drawn.by.size.clone().unwrap_or_default(),
        };
        for one in &stage.strata {
            let mut row = [&stage.column, &one.stratum, &method, &by]
                .map(Value::text)
                .to_vec();
            row.push(Value::Whole(one.there));
            row.push(match one.take {
                Some(take) => Value::Whole(take),
                None => Value::text(say("all", "全部")),
            });
            row.extend([one.drawn, one.certain].map(Value::Whole));
            table.push(row);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}
