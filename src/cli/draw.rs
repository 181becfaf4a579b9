//! Which ones.

use std::num::NonZeroU32;
use std::path::PathBuf;

use canvass::bare::{self, Many, Request, Sample, Stated};
use canvass::draw::walk::Turn;
use canvass::language::{Language, Words};
use canvass::random::Seed;
use canvass::report::{Column, Table, Value};
use canvass::study::{self, Drawn};
use clap::{ArgGroup, Args};

use super::{Common, Format, Screen};

/// Draw the sample: of a study, or of a bare file.
///
/// Reads survey.toml, the list, 1-check.json and 2-plan.json; writes 3-sample.parquet (who was drawn,
/// by case id; no telephone numbers) and 3-draw.json (how). The same seed and the same list draw the
/// same units, whatever the order of rows, the threads or the machine.
///
/// With --data, no study is needed. Reads that CSV or Parquet file; writes the rows drawn to OUT, with
/// their chances and weights, and to OUT.json how they were drawn; without -o, CSV to standard output.
/// `canvass prove` lists the methods, and `canvass explain METHOD` tells what each does.
///
/// Next: canvass field
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("many").args(["n", "each", "allocation", "rate"]).requires("data"))]
pub struct Draw {
    /// A list to draw from without a study: CSV, Parquet, or a folder of Parquet files.
    #[arg(long, value_name = "FILE", requires_all = ["id", "seed", "many"])]
    data: Option<PathBuf>,

    /// The column of the units' ids.
    #[arg(long, value_name = "COL", requires = "data")]
    id: Option<String>,

    /// The columns whose combinations are the strata.
    #[arg(long, value_name = "A,B", value_delimiter = ',', requires = "data")]
    strata: Vec<String>,

    /// The column of sizes, for chances in proportion to them.
    #[arg(long, value_name = "COL", requires = "data")]
    size: Option<String>,

    /// How many to draw in all: shared out over strata in proportion to their units, or to their sizes.
    #[arg(short, long, value_name = "N", requires = "data")]
    n: Option<u64>,

    /// How many to draw from each stratum.
    #[arg(long, value_name = "N", requires = "data")]
    each: Option<u64>,

    /// How many to draw, by stratum: a CSV file with the strata's columns and a column n.
    #[arg(long, value_name = "FILE", requires = "data")]
    allocation: Option<PathBuf>,

    /// Which share to draw of each stratum: 0.05.
    #[arg(long, value_name = "R", requires = "data")]
    rate: Option<f64>,

    /// The method's key; simple, unless it is given.
    #[arg(long, value_name = "METHOD", requires = "data")]
    method: Option<String>,

    /// The text that decides who is drawn: a lottery number, a sentence read aloud.
    #[arg(long, value_name = "TEXT", requires = "data")]
    seed: Option<String>,

    /// Columns to order the list by, for methods that walk through it; the id comes last.
    #[arg(long, value_name = "A,B", value_delimiter = ',', requires = "data")]
    sort: Vec<String>,

    /// Turn that order round wherever a group ends, so that neighbours are alike.
    #[arg(long, requires = "sort")]
    serpentine: bool,

    /// The columns of each unit's place, for methods that spread their sample.
    #[arg(long, value_name = "X,Y", value_delimiter = ',', requires = "data")]
    spread: Vec<String>,

    /// The columns of known amounts, for methods that balance their sample.
    #[arg(long, value_name = "A,B", value_delimiter = ',', requires = "data")]
    balance: Vec<String>,

    /// Into how many random parts of equal composition to cut the sample.
    #[arg(long, value_name = "R", requires = "data")]
    replicates: Option<NonZeroU32>,

    /// Where to write the sample: a file that ends in .csv or .parquet.
    #[arg(short, long, value_name = "OUT", requires = "data")]
    out: Option<PathBuf>,
}

/// The method, unless another is named.
const DEFAULT: &str = "simple";

impl Draw {
    /// Whether a bare file is drawn from.
    pub fn is_bare(&self) -> bool {
        self.data.is_some()
    }

    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        if self.is_bare() {
            return self.bare(common, screen);
        }
        let done = super::study(common)?.draw(screen.monitor())?;
        let table = table(&done.value, screen);
        screen.show("draw", &done, &[table], "canvass field");
        Ok(())
    }

    fn bare(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let out = self.out.clone();
        let request = self.request()?;
        match &out {
            Some(path) => Sample::can_be_kept(&request, path)?,
            None if matches!(common.format, Format::Json | Format::Markdown) => {
                return Err(bare::Error::NoOut.into());
            }
            None => {}
        }
        let sample = bare::draw(&request, screen.monitor())?;
        let Some(path) = out else {
            screen.print(sample.csv().trim_end_matches('\n'));
            screen.notices(&sample.notices);
            screen.files(&sample.read, &[]);
            return Ok(());
        };
        let done = sample.keep(&path)?;
        let language = screen.language();
        let mut tables = vec![strata(&done.value, language)];
        tables.extend(balance(&done.value, language));
        screen.show(
            "bare-draw",
            &done,
            &tables,
            &format!("canvass explain {}", done.value.method),
        );
        Ok(())
    }

    fn request(self) -> Result<Request, canvass::Error> {
        let many = match (self.n, self.each, self.allocation, self.rate) {
            (Some(all), ..) => Many::All(all),
            (_, Some(each), ..) => Many::Each(each),
            (_, _, Some(path), _) => Many::Allocation(path),
            (.., rate) => Many::Rate(rate.unwrap_or_default()),
        };
        let seed = Seed::new(self.seed.unwrap_or_default()).ok_or(study::Error::BlankSeed)?;
        Ok(Request {
            data: self.data.unwrap_or_default(),
            id: self.id.unwrap_or_default(),
            strata: self.strata,
            size: self.size,
            many,
            method: bare::method(self.method.as_deref().unwrap_or(DEFAULT))?,
            seed,
            sort: self.sort,
            turn: if self.serpentine {
                Turn::Serpentine
            } else {
                Turn::Nested
            },
            spread: self.spread,
            balance: self.balance,
            replicates: self.replicates,
        })
    }
}

/// What was drawn from each stratum.
fn strata(drawn: &bare::Drawn, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let mut columns = vec![
        Column::text(say("stratum", "层")),
        Column::number(say("units", "单位数")),
        Column::number(say("drawn", "抽取数")),
        Column::number(say("certain", "必然入样")),
    ];
    let sized = drawn.size.is_some();
    if sized {
        columns.push(Column::number(say("size", "规模合计")));
    }
    if drawn.hits.is_some() {
        columns.push(Column::number(say("hits", "抽中次数")));
    }
    if !drawn.spread_by.is_empty() {
        columns.push(Column::number(say("spatial balance", "空间均衡度")));
    }
    let title = match drawn.chances {
        Stated::Exact => say(
            "The draw: chances are exact",
            "抽样结果（入样概率为精确值）",
        ),
        Stated::Approximate => say(
            "The draw: chances are approximate",
            "抽样结果（入样概率为近似值）",
        ),
    };
    let mut table = Table::new("draw", title, columns);
    let mut push =
        |name: String, counts: [u64; 3], [size, spread]: [Option<f64>; 2], hits: Option<u64>| {
            let mut row = vec![Value::text(name)];
            row.extend(counts.map(Value::Whole));
            if sized {
                row.push(Value::maybe(size, 0));
            }
            row.extend(hits.map(Value::Whole));
            if !drawn.spread_by.is_empty() {
                row.push(Value::maybe(spread, 4));
            }
            table.push(row);
        };
    for one in &drawn.strata {
        let counts = [one.units, one.drawn, one.certain];
        push(
            one.stratum.clone(),
            counts,
            [one.size, one.spread],
            one.hits,
        );
    }
    if drawn.strata.len() > 1 {
        let certain = drawn.strata.iter().map(|one| one.certain).sum();
        let size = drawn.strata.iter().map(|one| one.size).sum();
        push(
            say("all", "合计"),
            [drawn.units, drawn.drawn, certain],
            [size, None],
            drawn.hits,
        );
    }
    table
}

/// What the sample makes of the amounts it is balanced on, if it is.
fn balance(drawn: &bare::Drawn, language: Language) -> Option<Table> {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let columns = vec![
        Column::text(say("amount", "辅助变量")),
        Column::number(say("total", "总量")),
        Column::number(say("estimate", "估计值")),
        Column::number(say("off", "相对偏差")),
    ];
    let caption = say(
        "Known totals, and the sample's estimates of them",
        "已知总量与样本估计值",
    );
    let mut table = Table::new("balance", caption, columns);
    for one in &drawn.balance {
        let off = (one.total.abs() > 0.0).then(|| one.estimate / one.total - 1.0);
        table.push(vec![
            Value::text(&one.column),
            Value::number(one.total, 0),
            Value::number(one.estimate, 0),
            off.map_or(Value::Absent, |off| Value::share(off, 2)),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// What was drawn of a study.
fn table(drawn: &Drawn, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("value", "值")),
    ];
    let mut table = Table::new("draw", say("The draw", "抽样结果"), columns);
    let strata = drawn
        .strata
        .iter()
        .filter(|stratum| stratum.drawn > 0)
        .count();
    let rows = [
        (say("units drawn", "抽取单位数"), Value::Whole(drawn.drawn)),
        (
            say("strata with a draw", "有抽取的层数"),
            Value::Whole(strata as u64),
        ),
        (
            say("replicates", "子样本数"),
            Value::Whole(u64::from(drawn.replicates)),
        ),
        (say("method", "方法"), Value::text(&drawn.method)),
        (say("seed's key", "种子密钥"), Value::text(&drawn.seed_key)),
        (
            say("the list's fingerprint", "名单指纹"),
            Value::text(&drawn.fingerprint),
        ),
    ];
    for (what, value) in rows {
        table.push(vec![Value::text(what), value]);
    }
    table
}
