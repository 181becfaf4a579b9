//! How the sample was drawn in stages: in sentences for the methods, and as a table.

use super::document::{Block, Column, Table, Value};
use super::words;
use crate::language::{Language, Words};
use crate::plan::{StageChance, Staging};

/// What the methods say of the stages, one sentence for each, and what becomes of chances and variances.
pub(super) fn sentences(staging: &Staging, language: Language) -> Vec<Block> {
    let count = staging.stages.len();
    let mut told = vec![match language {
        Language::English => format!(
            "The sample was drawn in {count} stages, in every stratum by itself; the chance of a unit is the product over the stages."
        ),
        Language::Chinese => {
            format!("样本分{count}个阶段抽取，各层独立进行；单位的入样概率为各阶段概率之积。")
        }
    }];
    told.extend((0..count).map(|place| stage(staging, place, language)));
    if staging.self_weighting {
        told.push(ALIKE.say(language).to_owned());
    }
    if staging.or_all {
        told.push(OR_ALL.say(language).to_owned());
    }
    told.push(VARIANCE.say(language).to_owned());
    told.into_iter().map(Block::Text).collect()
}

const ALIKE: Words = Words::new(
    "The design is self-weighting: all units of a stratum had the same chance, and every cluster the same number of units.",
    "该设计为自加权设计：层内每个单位的入样概率相同，每个群抽取的单位数相同。",
);

const OR_ALL: Words = Words::new(
    "Where a stratum or cluster holds fewer than these numbers, all in it were taken, with chance 1 at that stage.",
    "若某层或某群所含数目少于上述抽取数，则全部抽取，其在该阶段的条件入样概率为1。",
);

const VARIANCE: Words = Words::new(
    "People of one cluster resemble each other; variances, intervals and degrees of freedom therefore go by the clusters of the first stage, and design effects show what that costs.",
    "同一群内的单位往往相似，因此方差、区间和自由度均按第一阶段的群计算，其代价由设计效应反映。",
);

/// One stage: what is drawn, how many, how, and with which chances.
fn stage(staging: &Staging, place: usize, language: Language) -> String {
    let stage = &staging.stages[place];
    let (number, column) = (place + 1, &stage.column);
    let last = number == staging.stages.len();
    let take = take(staging, place, language);
    let size = staging.size.as_deref().unwrap_or_default();
    match language {
        Language::English => {
            let what = if last { "units" } else { "clusters" };
            let of = match place {
                0 => "of each stratum",
                _ => "in each cluster of the stage before",
            };
            let how = match (&stage.method, stage.by) {
                (None, _) => String::new(),
                (Some(method), StageChance::Equal) => {
                    format!(", with equal chances, by '{method}'")
                }
                (Some(method), StageChance::Units) => {
                    format!(", in proportion to the number of their units, by '{method}'")
                }
                (Some(method), StageChance::Size) => {
                    format!(", in proportion to '{size}', by '{method}'")
                }
            };
            format!("Stage {number}: {take} {what} ('{column}') {of}{how}.")
        }
        Language::Chinese => {
            let what = if last { "单位" } else { "群" };
            let of = match place {
                0 => "每层",
                _ => "上一阶段抽中的每个群内",
            };
            let how = match (&stage.method, stage.by) {
                (None, _) => String::new(),
                (Some(method), StageChance::Equal) => format!("，等概率，方法为“{method}”"),
                (Some(method), StageChance::Units) => {
                    format!("，概率正比于群内单位数，方法为“{method}”")
                }
                (Some(method), StageChance::Size) => {
                    format!("，概率正比于“{size}”，方法为“{method}”")
                }
            };
            format!("第{number}阶段：{of}抽取{take}个{what}（“{column}”）{how}。")
        }
    }
}

/// How many are taken at a stage, over all strata: "10", "3 to 12", "all".
fn take(staging: &Staging, place: usize, language: Language) -> String {
    let takes: Vec<Option<u64>> = staging
        .strata
        .iter()
        .map(|stratum| stratum.takes[place])
        .collect();
    let counts = || takes.iter().flatten();
    match (counts().min(), counts().max()) {
        (Some(least), Some(most)) if least == most => least.to_string(),
        (Some(least), Some(most)) => match language {
            Language::English => format!("{least} to {most}"),
            Language::Chinese => format!("{least}至{most}"),
        },
        _ => Words::new("all", "全部").say(language).to_owned(),
    }
}

/// How many clusters and units are drawn in each stratum.
pub(super) fn table(staging: &Staging, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let mut columns = vec![Column::text(say("stratum", "层"))];
    for stage in &staging.stages {
        columns.push(Column::number(stage.column.clone()));
    }
    columns.push(Column::number(say("units drawn", "抽取单位数")));
    let caption = say(
        "The stages: how many are drawn, each within what was drawn before",
        "各抽样阶段的抽取数（均在上一阶段抽中的范围内）",
    );
    let mut table = Table::new("plan-stages", caption, columns);
    for stratum in &staging.strata {
        let mut row = vec![Value::text(words::cell(&stratum.stratum, language))];
        row.extend(stratum.takes.iter().map(|take| match take {
            Some(take) => Value::Whole(*take),
            None => Value::text(say("all", "全部")),
        }));
        let whole = (stratum.units - stratum.units.round()).abs() < 1e-9;
        row.push(match whole {
            true => Value::Whole(stratum.units.round() as u64),
            false => Value::number(stratum.units, 1),
        });
        table.push(row);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{sentences, table};
    use crate::language::Language::{Chinese, English};
    use crate::plan::{StageChance, StagePlan, StagedStratum, Staging};
    use crate::report::Block;

    fn staging() -> Staging {
        let stage = |column: &str, method: &str, by| StagePlan {
            column: column.into(),
            method: Some(method.into()),
            by,
        };
        let stratum = |label: &str, clusters| StagedStratum {
            stratum: label.into(),
            takes: vec![Some(clusters), Some(10)],
            units: 10.0 * clusters as f64,
        };
        Staging {
            stages: vec![
                stage("branch", "sampford", StageChance::Units),
                stage("customer", "simple", StageChance::Equal),
            ],
            size: None,
            self_weighting: true,
            or_all: false,
            strata: vec![stratum("north", 3), stratum("south", 12)],
        }
    }

    #[test]
    fn every_stage_is_a_sentence_in_both_languages() {
        let text = |block: &Block| match block {
            Block::Text(text) => text.clone(),
            _ => panic!("a sentence"),
        };
        let english: Vec<String> = sentences(&staging(), English).iter().map(text).collect();
        assert_eq!(english.len(), 5);
        assert_eq!(
            english[1],
            "Stage 1: 3 to 12 clusters ('branch') of each stratum, in proportion to the number of their units, by \
             'sampford'."
        );
        assert_eq!(
            english[2],
            "Stage 2: 10 units ('customer') in each cluster of the stage before, with equal chances, by 'simple'."
        );
        let chinese: Vec<String> = sentences(&staging(), Chinese).iter().map(text).collect();
        assert_eq!(
            chinese[1],
            "第1阶段：每层抽取3至12个群（“branch”），概率正比于群内单位数，方法为“sampford”。"
        );
    }

    #[test]
    fn the_table_has_a_column_for_each_stage() {
        let table = table(&staging(), English);
        let row: Vec<String> = table.rows[1].iter().map(|cell| cell.say(English)).collect();
        assert_eq!(row, ["south", "12", "10", "120"]);
    }
}
