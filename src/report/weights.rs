//! What each weighting step did.

use super::document::{Block, Column, Table, Value};
use super::phrases;
use crate::language::{Language, Words};
use crate::method::Card;
use crate::weigh::Quality;

/// The chapter's paragraph and table.
pub(super) fn chapter(steps: &[Quality], cards: &[&Card], language: Language) -> Vec<Block> {
    let mut blocks: Vec<Block> = sentence(steps, language)
        .map(Block::Text)
        .into_iter()
        .collect();
    blocks.push(Block::Table(table(steps, cards, language)));
    blocks
}

/// Gives one row per weighting step; `cards` give the steps their names.
#[must_use]
pub fn table(steps: &[Quality], cards: &[&Card], language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("step", "步骤")),
        Column::number(say("units with a weight", "有权数的单位数")),
        Column::number(say("sum of weights", "权数合计")),
        Column::number(say("smallest", "最小")),
        Column::number(say("largest", "最大")),
        Column::number(say("design effect of weighting", "加权设计效应")),
        Column::number(say("effective interviews", "有效样本量")),
        Column::number(say("largest misfit", "最大偏差")),
        Column::number(say("rounds", "迭代次数")),
    ];
    let mut table = Table::new(
        "weights",
        say("Weights after each step", "各步骤加权结果"),
        columns,
    );
    for step in steps {
        table.push(vec![
            Value::text(name(&step.step, cards, language)),
            Value::Whole(step.positive),
            Value::number(step.total, 0),
            Value::number(step.smallest, 2),
            Value::number(step.largest, 2),
            Value::maybe(step.kish, 3),
            Value::maybe(step.effective, 0),
            step.misfit.map_or(Value::text(""), |misfit| {
                Value::text(format!("{misfit:.1e}"))
            }),
            step.rounds
                .map_or(Value::text(""), |rounds| Value::Whole(u64::from(rounds))),
        ]);
    }
    table
}

/// A step's title, from its card.
fn name(key: &str, cards: &[&Card], language: Language) -> String {
    const BASE: Words = Words::new(
        "base: one over the chance of being drawn",
        "基础权数（入样概率的倒数）",
    );
    match cards.iter().find(|card| card.key == key) {
        Some(card) => card.title.say(language).to_owned(),
        None if key == "base" => BASE.say(language).to_owned(),
        None => key.to_owned(),
    }
}

fn sentence(steps: &[Quality], language: Language) -> Option<String> {
    let last = steps.last()?;
    let (kish, effective) = (last.kish?, last.effective?);
    let (kish, effective) = (phrases::number(kish, 2), phrases::number(effective, 0));
    let (range, total) = (
        phrases::interval((last.smallest, last.largest), 2),
        phrases::number(last.total, 0),
    );
    Some(match language {
        Language::English => format!(
            "The final weights lie in {range} and add up to {total}. Their design effect (Kish) is {kish}: the interviews are worth {effective} equally weighted ones."
        ),
        Language::Chinese => format!(
            "最终权数介于{range}，合计{total}。加权设计效应（Kish）为{kish}，相当于{effective}个等权访问。"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::{Quality, chapter, table};
    use crate::language::{Language::English, Words};
    use crate::method::Card;
    use crate::report::{Block, Value};

    const RAKE: Card = Card {
        key: "rake",
        title: Words::new("Raking", "边际校准"),
        says: Words::new("", ""),
        formula: "",
        sources: &[],
    };

    fn step(key: &str, kish: Option<f64>) -> Quality {
        Quality {
            step: key.into(),
            positive: 900,
            total: 40_000.0,
            smallest: 10.0,
            largest: 80.0,
            kish,
            effective: kish.map(|kish| 900.0 / kish),
            misfit: None,
            rounds: None,
        }
    }

    #[test]
    fn steps_are_named_by_their_cards() {
        let table = table(&[step("base", None), step("rake", None)], &[&RAKE], English);
        assert_eq!(
            table.rows[0][0].say(English),
            "base: one over the chance of being drawn"
        );
        assert_eq!(table.rows[1][0], Value::text("Raking"));
    }

    #[test]
    fn the_paragraph_is_left_out_where_the_design_effect_is_unknown() {
        assert_eq!(chapter(&[step("base", None)], &[], English).len(), 1);
        let blocks = chapter(
            &[step("base", None), step("rake", Some(1.25))],
            &[&RAKE],
            English,
        );
        assert!(matches!(&blocks[0], Block::Text(text) if text.contains("worth 720")));
    }
}
