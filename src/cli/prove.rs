//! Does a method draw with the chances it states?

use std::num::NonZeroU64;

use canvass::bare;
use canvass::draw::balance::lands::Lands;
use canvass::draw::prove::{Frequency, Proof, prove};
use canvass::draw::{Accuracy, METHODS, Method, Needs, Pool, Probabilities};
use canvass::language::{Language, Words};
use canvass::random::Seed;
use canvass::report::{Column, Table, Value};
use canvass::study;
use clap::Args;

use super::{Common, Screen};

/// Does a drawing method draw with the chances it states?
///
/// Draws from a small pool again and again, and compares how often each unit and each pair of units
/// came with the chances that the method states. Without a method, those there are are listed. Reads
/// and writes nothing.
///
/// The pool has a unit for each of --sizes, chances in proportion to size, and the units stand on a
/// line in that order. |z| above the limit would happen by chance once in a thousand proofs; exit
/// code 4 if it does.
///
/// Next: more --draws, if in doubt
#[derive(Debug, Args)]
pub struct Prove {
    /// The method's key: sampford, pivotal …
    method: Option<String>,

    /// The units' sizes; with a method of equal chances only their number counts.
    #[arg(
        long,
        value_name = "X,X…",
        value_delimiter = ',',
        default_value = "1,2,3,4,5,6,7,8"
    )]
    sizes: Vec<f64>,

    /// How many units to draw each time.
    #[arg(long, value_name = "N", default_value_t = 4)]
    take: usize,

    /// How many times to draw.
    #[arg(long, value_name = "N", default_value = "100000")]
    draws: NonZeroU64,

    /// How a method lands that balances: drop, lp or pooled; drop, unless it is given.
    #[arg(long, value_name = "HOW", requires = "method")]
    landing: Option<String>,

    /// The text from which all chance of the proof comes.
    #[arg(long, value_name = "TEXT", default_value = "proof")]
    seed: String,
}

impl Prove {
    pub fn run(self, _: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let language = screen.language();
        let Some(key) = &self.method else {
            let table = list(language);
            screen.result(
                "methods",
                &serde_json::json!({ "methods": table.rows }),
                &[table],
            );
            return Ok(());
        };
        let Some(method) = METHODS.iter().find(|method| method.card.key == key) else {
            let known = METHODS
                .iter()
                .map(|method| method.card.key.to_owned())
                .collect();
            return Err(study::Error::NoMethod {
                key: key.clone(),
                known,
            }
            .into());
        };
        let method = self.landed(method)?;
        let proof = self.prove(method, screen)?;
        let tables = [summary(&proof, language), units(&proof, language)];
        screen.result("proof", &proof, &tables);
        if proof.holds() {
            Ok(())
        } else {
            Err(study::Error::NotProven {
                method: key.clone(),
            }
            .into())
        }
    }

    /// The method, as it is to land.
    fn landed(&self, method: &'static Method) -> Result<&'static Method, canvass::Error> {
        let Some(word) = &self.landing else {
            return Ok(method);
        };
        let refused = |why: &str, hint: &str| bare::Error::Stage {
            stage: format!("--landing {word}"),
            why: why.to_owned(),
            hint: hint.to_owned(),
        };
        let landing = Lands::read(word).ok_or_else(|| {
            refused(
                "it is none of drop, lp and pooled",
                "say --landing drop, lp or pooled",
            )
        })?;
        let landed = landing.of(method).ok_or_else(|| {
            refused(
                "the method has no landing to choose",
                "prove cube or local-cube, or leave it out",
            )
        })?;
        Ok(landed)
    }

    fn prove(&self, method: &Method, screen: &Screen) -> Result<Proof, canvass::Error> {
        let chances = match method.needs {
            Needs::EqualChances => Probabilities::equal(self.sizes.len(), self.take)?,
            _ => Probabilities::by_size(&self.sizes, self.take)?,
        };
        let ids: Vec<String> = (1..=self.sizes.len())
            .map(|unit| unit.to_string())
            .collect();
        let places: Vec<Vec<f64>> = (0..ids.len()).map(|unit| vec![unit as f64]).collect();
        let balance = [chances.as_slice().to_vec()];
        let pool = Pool::new("prove", &ids, &chances)
            .with_places(&places)
            .with_balance(&balance);
        let seed = Seed::new(&self.seed).ok_or(study::Error::BlankSeed)?;
        Ok(prove(
            method,
            &pool,
            self.draws.get(),
            &seed,
            screen.monitor(),
        )?)
    }
}

fn list(language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let columns = vec![
        Column::text(say("method", "方法")),
        Column::text(say("title", "名称")),
        Column::text(say("stated chances", "所述概率")),
    ];
    let mut table = Table::new("methods", say("Drawing methods", "抽样方法一览"), columns);
    for method in METHODS {
        let stated = match method.chances {
            Accuracy::Exact => say("exact", "精确"),
            Accuracy::Approximate => say("approximate", "近似"),
        };
        table.push(vec![
            Value::text(method.card.key),
            Value::text(method.card.title.say(language)),
            Value::text(stated),
        ]);
    }
    table
}

fn summary(proof: &Proof, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("value", "值")),
    ];
    let mut table = Table::new("proof", say("The proof", "验证结果"), columns);
    let worst = |of: &[Frequency]| Value::maybe(Proof::worst(of), 2);
    let held = if proof.holds() {
        say("holds", "成立")
    } else {
        say("does not hold", "不成立")
    };
    let (fewest, most) = proof.sizes;
    let rows = [
        (say("method", "方法"), Value::text(&proof.method)),
        (say("draws", "抽取次数"), Value::Whole(proof.draws)),
        (
            say(
                "units drawn, fewest and most",
                "每次抽取单位数（最少、最多）",
            ),
            Value::text(format!("{fewest}, {most}")),
        ),
        (
            say("units stated, fewest and most", "所述单位数（最少、最多）"),
            match proof.stated_sizes {
                Some((fewest, most)) => Value::text(format!("{fewest}, {most}")),
                None => Value::Absent,
            },
        ),
        (
            say("largest |z| of a unit", "单位的最大|z|"),
            worst(&proof.units),
        ),
        (
            say("largest |z| of a pair", "单位对的最大|z|"),
            if proof.pairs.is_empty() {
                Value::Absent
            } else {
                worst(&proof.pairs)
            },
        ),
        (
            say("limit of |z|", "|z|界限"),
            Value::number(proof.limit, 2),
        ),
        (
            say("what the method states", "方法所述概率"),
            Value::text(held),
        ),
    ];
    for (what, value) in rows {
        table.push(vec![Value::text(what), value]);
    }
    table
}

fn units(proof: &Proof, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let columns = vec![
        Column::number(say("unit", "单位")),
        Column::number(say("stated", "所述概率")),
        Column::number(say("found", "实际频率")),
        Column::number("z"),
    ];
    let caption = say(
        "Stated chances, and how often each unit came",
        "各单位所述概率与实际频率",
    );
    let mut table = Table::new("proof-units", caption, columns);
    for one in &proof.units {
        table.push(vec![
            Value::Whole(one.units[0] as u64),
            Value::number(one.stated, 6),
            Value::number(one.found, 6),
            Value::maybe(one.z, 2),
        ]);
    }
    table
}
