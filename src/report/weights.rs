//! What each weighting step did.

use super::document::{Block, Column, Table, Value};
use super::phrases;
use super::picture::{Figure, Kind, Range, Shift};
use crate::language::{Language, Words};
use crate::method::Card;
use crate::weigh::{Balance, Quality};

/// The chapter's paragraph, table and pictures.
pub(super) fn chapter(
    steps: &[Quality],
    balance: &[Balance],
    cards: &[&Card],
    language: Language,
) -> Vec<Block> {
    let mut blocks: Vec<Block> = sentence(steps, language)
        .map(Block::Text)
        .into_iter()
        .collect();
    blocks.push(Block::Table(table(steps, cards, language)));
    let pictures = [
        ranges(steps, cards, language),
        shifts(balance, cards, language),
    ];
    blocks.extend(pictures.into_iter().flatten().map(Block::Figure));
    blocks
}

/// The weights of interviews at first and after each step.
fn ranges(steps: &[Quality], cards: &[&Card], language: Language) -> Option<Figure> {
    let row = |step: &Quality| {
        let [quarter, half, most] = step.quarters?;
        Some(Range {
            label: name(&step.step, cards, language),
            marks: [step.smallest, quarter, half, most, step.largest],
        })
    };
    let positive = |row: &Range| row.marks[0] > 0.0;
    let rows: Vec<Range> = steps.iter().filter_map(row).filter(positive).collect();
    const CAPTION: Words = Words::new(
        "Weights of interviews after each step: smallest, middle half, largest",
        "各步骤后完成访问的权数：最小值、中间一半、最大值",
    );
    (!rows.is_empty()).then(|| Figure {
        name: "weight-ranges".into(),
        caption: CAPTION.say(language).to_owned(),
        kind: Kind::Ranges { rows },
    })
}

/// Most rows of a picture that an eye still tells apart; of more, those that were furthest off.
const ROWS: usize = 40;

/// How far known totals were missed before the step that meets them, and after it.
fn shifts(balance: &[Balance], cards: &[&Card], language: Language) -> Option<Figure> {
    let row = |one: &Balance| {
        let (before, after) = one.off()?;
        Some(Shift {
            group: name(&one.step, cards, language),
            label: one.control.clone(),
            before,
            after,
        })
    };
    let mut rows: Vec<(usize, Shift)> = balance.iter().filter_map(row).enumerate().collect();
    let all = rows.len();
    rows.sort_by(|(_, a), (_, b)| b.before.abs().total_cmp(&a.before.abs()));
    rows.truncate(ROWS);
    rows.sort_by_key(|(place, _)| *place);
    let caption = match (language, all > ROWS) {
        (Language::English, false) => {
            "Known totals: how far off before weighting (open) and after".into()
        }
        (Language::English, true) => format!(
            "Known totals: how far off before weighting (open) and after; the {ROWS} furthest off of {all}"
        ),
        (Language::Chinese, false) => "已知总数：加权前（空心）与加权后（实心）的相对偏差".into(),
        (Language::Chinese, true) => format!(
            "已知总数：加权前（空心）与加权后（实心）的相对偏差；{all}项中偏差最大的{ROWS}项"
        ),
    };
    (!rows.is_empty()).then(|| Figure {
        name: "weight-balance".into(),
        caption,
        kind: Kind::Shifts {
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        },
    })
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
    use super::{Balance, Kind, Quality, chapter, table};
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
            quarters: kish.map(|_| [20.0, 40.0, 60.0]),
            kish,
            effective: kish.map(|kish| 900.0 / kish),
            misfit: None,
            rounds: None,
        }
    }

    fn balance(control: &str, total: f64) -> Balance {
        Balance {
            step: "rake".into(),
            control: control.into(),
            total,
            before: 60.0,
            after: total,
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
        assert_eq!(chapter(&[step("base", None)], &[], &[], English).len(), 1);
        let blocks = chapter(
            &[step("base", None), step("rake", Some(1.25))],
            &[balance("side = north", 80.0), balance("side = south", 0.0)],
            &[&RAKE],
            English,
        );
        assert!(matches!(&blocks[0], Block::Text(text) if text.contains("worth 720")));
        // Weights as ranges, and the one total that is not 0.
        assert!(matches!(&blocks[2], Block::Figure(figure) if figure.name == "weight-ranges"));
        assert!(matches!(&blocks[3], Block::Figure(figure)
            if matches!(&figure.kind, Kind::Shifts { rows } if rows.len() == 1 && rows[0].group == "Raking")));
    }
}
