//! How many, and where.

use std::num::NonZeroU64;

use canvass::language::{Language, Words};
use canvass::plan::{Chain, Plan as Planned};
use canvass::report::{Value, plan_tables};
use clap::Args;

use super::{Common, Screen, study};

/// How many interviews and numbers, and where.
///
/// Reads survey.toml and 1-check.json; writes 2-plan.json: for each cell the chain from the wished
/// margin to numbers to dial, and the numbers of each stratum. Nobody is drawn yet, so try as many
/// plans as you like. With [[draw.stage]] in survey.toml, clusters are drawn first: the list is read for them, and
/// the plan says how many clusters, and how many units in each, come to its numbers.
///
/// Next: canvass draw
#[derive(Debug, Args)]
pub struct Plan {
    /// Interviews in all, instead of what the targets call for. The journal remembers it; a plan
    /// without this flag follows the targets again.
    #[arg(long, value_name = "N")]
    interviews: Option<NonZeroU64>,

    /// Show the plan, and keep nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Plan {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let interviews = self.interviews.map(NonZeroU64::get);
        let done = study(common)?.plan(interviews, !self.dry_run)?;
        let language = screen.language();
        screen.done("plan", &done, &plan_tables(&done.value, language));
        screen.say(
            Words::new("chain", "推算"),
            &chain(&done.value, interviews, language),
        );
        let draw = "canvass draw";
        screen.beside(&done, if self.dry_run { "canvass plan" } else { draw });
        Ok(())
    }
}

/// The chain of sizes of all cells together, in one line.
fn chain(plan: &Planned, interviews: Option<u64>, language: Language) -> String {
    let links = |link: fn(&Chain) -> f64| {
        let all = canvass::math::sum(plan.cells.iter().map(|cell| link(&cell.chain)));
        Value::number(all, 0).say(language)
    };
    let whole = |count| Value::Whole(count).say(language);
    let sum =
        |link: fn(&Chain) -> u64| whole(plan.cells.iter().map(|cell| link(&cell.chain)).sum());
    let (base, design, finite) = (
        links(|chain| chain.base),
        links(|chain| chain.design),
        links(|chain| chain.finite),
    );
    let (made, asked) = (sum(|chain| chain.interviews), sum(|chain| chain.numbers));
    let drawn = whole(plan.numbers());
    let expected = Value::number(plan.expected_interviews(), 0).say(language);
    let own = interviews.is_some();
    match language {
        Language::English => {
            let why = if own {
                "because you said so"
            } else {
                "because the list has an end"
            };
            format!(
                "{base} for the margins → {design} with design effects → {finite} {why} → {made} interviews → {asked} numbers; {drawn} in the pool, for {expected} interviews"
            )
        }
        Language::Chinese => {
            let why = if own {
                "按指定访问数"
            } else {
                "经有限总体校正"
            };
            format!(
                "按目标误差{base} → 计入设计效应{design} → {why}{finite} → 访问{made}个 → 号码{asked}个；实际抽取{drawn}个，预计完成访问{expected}个"
            )
        }
    }
}
