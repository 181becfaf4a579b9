//! What was planned, and what it was expected to give.

use super::document::{Block, Column, Table, Value};
use super::{phrases, staging, words};
use crate::language::{Language, Words};
use crate::math::sum;
use crate::plan::{CellPlan, Plan, Rounding};

/// The chapter's paragraphs and tables.
pub(super) fn chapter(plan: &Plan, language: Language) -> Vec<Block> {
    let mut blocks = vec![Block::Text(sentence(plan, language))];
    blocks.extend(price(plan, language).map(Block::Note));
    blocks.extend(tables(plan, language).into_iter().map(Block::Table));
    blocks
}

/// Gives the plan's tables: what was assumed per cell, the chain of sizes, and the precision wished
/// for beside the one to expect, the margins that were kept in rounding, if any were, and the stages, if
/// clusters are drawn first.
#[must_use]
pub fn tables(plan: &Plan, language: Language) -> Vec<Table> {
    let mut tables = vec![
        assumptions(plan, language),
        chain(plan, language),
        precision(plan, language),
    ];
    let rounding = plan.rounding.as_ref();
    tables.extend(rounding.map(|rounding| margins(rounding, language)));
    let stages = plan.staging.as_ref();
    tables.extend(stages.map(|stages| staging::table(stages, language)));
    tables
}

/// The margins that were to be kept when numbers were rounded.
fn margins(rounding: &Rounding, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("direction", "方向")),
        Column::text(say("margin", "边际")),
        Column::number(say("optimum", "最优数")),
        Column::number(say("numbers", "号码数")),
        Column::text(say("kept", "是否满足")),
    ];
    let caption = say(
        "Margins of the plan: optima rounded down or up by chance, right on average",
        "计划的边际：最优数随机取整，期望不变",
    );
    let mut table = Table::new("plan-margins", caption, columns);
    for margin in &rounding.margins {
        let kept = match margin.is_kept() {
            true => say("yes", "是"),
            false => say("no", "否"),
        };
        table.push(vec![
            Value::text(&margin.direction),
            Value::text(words::cell(&margin.label, language)),
            Value::number(margin.optimum, 2),
            Value::Whole(margin.numbers),
            Value::text(kept),
        ]);
    }
    table
}

/// The strata, for the annex.
pub(super) fn strata(plan: &Plan, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let mut columns = vec![
        Column::text(say("stratum", "层")),
        Column::number(say("units in the list", "名单单位数")),
        Column::number(say("interviews wished", "计划访问数")),
        Column::number(say("numbers drawn", "抽取号码数")),
        Column::number(say("share drawn", "抽取比例")),
    ];
    let rounded = plan.rounding.is_some();
    columns.extend(rounded.then(|| Column::number(say("optimum", "最优数"))));
    let caption = say("Strata of the draw", "抽样层及号码分配");
    let mut table = Table::new("plan-strata", caption, columns);
    for stratum in &plan.strata {
        let mut row = vec![
            Value::text(&stratum.stratum),
            Value::Whole(stratum.population),
            Value::Whole(stratum.interviews),
            Value::Whole(stratum.numbers),
            Value::share(stratum.numbers as f64 / stratum.population as f64, 2),
        ];
        row.extend(rounded.then(|| Value::maybe(stratum.optimum, 2)));
        table.push(row);
    }
    table
}

fn sentence(plan: &Plan, language: Language) -> String {
    let numbers = phrases::count(plan.numbers());
    let interviews = phrases::number(plan.expected_interviews(), 0);
    let (cells, strata) = (plan.cells.len(), plan.strata.len());
    let confidence = phrases::confidence(plan.confidence);
    match language {
        Language::English => format!(
            "{numbers} numbers were planned in {strata} strata and {cells} reporting cells; {interviews} of them were expected to end in an interview. Margins are half-widths of {confidence} confidence intervals, in points."
        ),
        Language::Chinese => format!(
            "计划在{strata}个抽样层、{cells}个报告单元中抽取号码{numbers}个，预计完成访问{interviews}个。误差范围为{confidence}置信区间的半宽，单位为分。"
        ),
    }
}

/// What the pool's limit does to precision, if it does anything.
fn price(plan: &Plan, language: Language) -> Option<String> {
    let asked = plan
        .cells
        .iter()
        .map(|cell| cell.chain.numbers)
        .sum::<u64>();
    let drawn = plan.numbers();
    let worse = |cell: &&CellPlan| cell.expected_margin.is_none_or(|got| got > cell.margin);
    let wider = plan.cells.iter().filter(worse).count();
    let cells = plan.cells.len();
    let (said_asked, said_drawn) = (phrases::count(asked), phrases::count(drawn));
    (asked > drawn).then(|| match language {
        Language::English => format!(
            "The targets call for {said_asked} numbers, and {said_drawn} were drawn. The price: the margin to expect is wider than wished in {wider} of {cells} cells."
        ),
        Language::Chinese => format!(
            "按精度目标需要号码{said_asked}个，实际抽取{said_drawn}个。由此，{cells}个报告单元中有{wider}个的预计误差大于目标误差。"
        ),
    })
}

fn assumptions(plan: &Plan, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("cell", "报告单元")),
        Column::number(say("units in the list", "名单单位数")),
        Column::number(say("spread", "标准差")),
        Column::number(say("design effect", "设计效应")),
        Column::number(say("working", "有效号码率")),
        Column::number(say("reached", "接通率")),
        Column::number(say("eligible", "合格率")),
        Column::number(say("willing", "接受率")),
        Column::number(say("numbers per interview", "每个访问所需号码")),
    ];
    let caption = say("What the plan assumes", "计划所依据的假定");
    let mut table = Table::new("plan-assumptions", caption, columns);
    for cell in &plan.cells {
        let funnel = cell.funnel;
        let yielded = funnel.working * funnel.reached * funnel.eligible * funnel.willing;
        table.push(vec![
            Value::text(words::cell(&cell.cell, language)),
            Value::Whole(cell.population),
            Value::number(cell.spread, 1),
            Value::number(cell.design_effect, 2),
            Value::share(funnel.working, 0),
            Value::share(funnel.reached, 0),
            Value::share(funnel.eligible, 0),
            Value::share(funnel.willing, 0),
            Value::number(1.0 / yielded, 1),
        ]);
    }
    table
}

fn chain(plan: &Plan, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("cell", "报告单元")),
        Column::number(say("wished margin", "目标误差")),
        Column::number(say("simple sample", "简单随机样本量")),
        Column::number(say("× design effect", "计入设计效应")),
        Column::number(say("finite list", "有限总体校正")),
        Column::number(say("interviews", "访问数")),
        Column::number(say("numbers for them", "所需号码数")),
    ];
    let caption = say(
        "From the wished margin to the numbers it calls for",
        "从目标误差到所需号码的推算过程",
    );
    let mut table = Table::new("plan-chain", caption, columns);
    for cell in &plan.cells {
        table.push(vec![
            Value::text(words::cell(&cell.cell, language)),
            Value::number(cell.margin, 2),
            Value::number(cell.chain.base, 1),
            Value::number(cell.chain.design, 1),
            Value::number(cell.chain.finite, 1),
            Value::Whole(cell.chain.interviews),
            Value::Whole(cell.chain.numbers),
        ]);
    }
    total(&mut table, plan, language, |cells| {
        vec![
            Value::text(""),
            Value::number(sum(cells.iter().map(|cell| cell.chain.base)), 1),
            Value::number(sum(cells.iter().map(|cell| cell.chain.design)), 1),
            Value::number(sum(cells.iter().map(|cell| cell.chain.finite)), 1),
            Value::Whole(cells.iter().map(|cell| cell.chain.interviews).sum()),
            Value::Whole(cells.iter().map(|cell| cell.chain.numbers).sum()),
        ]
    });
    table
}

fn precision(plan: &Plan, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("cell", "报告单元")),
        Column::number(say("numbers called for", "所需号码数")),
        Column::number(say("numbers in the pool", "实际抽取号码数")),
        Column::number(say("interviews to expect", "预计访问数")),
        Column::number(say("wished margin", "目标误差")),
        Column::number(say("margin to expect", "预计误差")),
        Column::number(say("difference", "差额")),
    ];
    let caption = say(
        "What the size of the pool costs or gains: the margin wished for and the one to expect",
        "号码总量对精度的影响：目标误差与预计误差",
    );
    let mut table = Table::new("plan-precision", caption, columns);
    for cell in &plan.cells {
        table.push(vec![
            Value::text(words::cell(&cell.cell, language)),
            Value::Whole(cell.chain.numbers),
            Value::Whole(cell.numbers),
            Value::number(cell.expected_interviews, 0),
            Value::number(cell.margin, 2),
            Value::maybe(cell.expected_margin, 2),
            Value::maybe(cell.expected_margin.map(|got| got - cell.margin), 2),
        ]);
    }
    total(&mut table, plan, language, |cells| {
        vec![
            Value::Whole(cells.iter().map(|cell| cell.chain.numbers).sum()),
            Value::Whole(cells.iter().map(|cell| cell.numbers).sum()),
            Value::number(sum(cells.iter().map(|cell| cell.expected_interviews)), 0),
            Value::text(""),
            Value::text(""),
            Value::text(""),
        ]
    });
    table
}

/// Adds the row of sums, where there is more than one cell to add up.
fn total(
    table: &mut Table,
    plan: &Plan,
    language: Language,
    sums: impl Fn(&[CellPlan]) -> Vec<Value>,
) {
    if plan.cells.len() > 1 {
        let mut row = vec![Value::text(words::ALL.say(language))];
        row.extend(sums(&plan.cells));
        table.push(row);
    }
}

#[cfg(test)]
mod tests {
    use super::{chapter, price, tables};
    use crate::language::Language::{Chinese, English};
    use crate::plan::{CellPlan, Chain, Funnel, Plan};
    use crate::report::{Block, Value};

    fn cell(name: &str, asked: u64, pool: u64, margin: Option<f64>) -> CellPlan {
        CellPlan {
            cell: name.into(),
            population: 40_000,
            margin: 1.0,
            spread: 20.0,
            design_effect: 1.2,
            funnel: Funnel {
                working: 0.9,
                reached: 0.5,
                eligible: 0.9,
                willing: 0.3,
            },
            chain: Chain {
                base: 1536.6,
                design: 1843.9,
                finite: 1762.7,
                interviews: 1763,
                numbers: asked,
            },
            numbers: pool,
            expected_interviews: 0.1215 * pool as f64,
            expected_margin: margin,
        }
    }

    fn plan(cells: Vec<CellPlan>) -> Plan {
        let strata = cells
            .iter()
            .map(|cell| crate::plan::StratumPlan {
                stratum: cell.cell.clone(),
                cell: cell.cell.clone(),
                population: cell.population,
                interviews: cell.chain.interviews,
                numbers: cell.numbers,
                optimum: None,
            })
            .collect();
        Plan {
            confidence: 0.95,
            allocation: "proportional".into(),
            pool: None,
            cells,
            strata,
            rounding: None,
            staging: None,
        }
    }

    #[test]
    fn the_price_of_a_short_pool_is_said_and_that_of_a_full_one_is_not() {
        let short = plan(vec![
            cell("a", 15_000, 8_000, Some(1.4)),
            cell("b", 15_000, 15_000, Some(1.0)),
        ]);
        let said = price(&short, English).expect("a price");
        assert!(said.contains("30,000") && said.contains("23,000") && said.contains("1 of 2"));
        let full = plan(vec![cell("a", 15_000, 15_000, Some(1.0))]);
        assert_eq!(price(&full, Chinese), None);
    }

    #[test]
    fn sums_stand_below_several_cells_and_not_below_one() {
        let two = tables(
            &plan(vec![cell("a", 10, 8, None), cell("b", 5, 5, None)]),
            English,
        );
        let last = two[2].rows.last().expect("rows");
        assert_eq!(
            last[..3],
            [Value::text("all"), Value::Whole(15), Value::Whole(13)]
        );
        let one = tables(&plan(vec![cell("all", 10, 8, None)]), Chinese);
        assert_eq!(one[2].rows.len(), 1);
        assert_eq!(one[2].rows[0][0], Value::text("合计"));
    }

    #[test]
    fn an_expected_margin_that_nobody_knows_is_not_a_number() {
        let table = &tables(&plan(vec![cell("a", 10, 0, None)]), English)[2];
        assert_eq!(table.rows[0][5..], [Value::Unknown, Value::Unknown]);
    }

    #[test]
    fn the_paragraph_and_the_table_say_the_same_numbers() {
        let blocks = chapter(&plan(vec![cell("a", 9, 1234, Some(1.0))]), English);
        assert!(matches!(&blocks[0], Block::Text(text) if text.starts_with("1,234 numbers")));
    }
}
