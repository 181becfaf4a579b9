//! Which ones.

use std::num::NonZeroU32;
use std::path::PathBuf;

use canvass::bare::{
    self, ClusterStage, InStages, Many, Request, Sample, StageBy, StageTake, Stated,
};
use canvass::draw::walk::Turn;
use canvass::language::{Language, Words};
use canvass::random::Seed;
use canvass::report::{Column, Table, Value};
use canvass::study::{self, Coordination, Drawn, Study};
use clap::{ArgGroup, Args};

use super::{Common, Format, Screen};

/// Draw the sample: of a study, or of a bare file.
///
/// Reads survey.toml, the list, 1-check.json and 2-plan.json; writes 3-sample.parquet (who was drawn,
/// by case id; no telephone numbers) and 3-draw.json (how). The same seed and the same list draw the
/// same units, whatever the order of rows, the threads or the machine. [draw] in survey.toml names the
/// method, and the columns that it goes by: size, sort, spread, balance.
///
/// With --with, numbers of an earlier study are turned, so that both samples share as many units as wanted;
/// it also reads that study's 3-draw.json and, to count what both share, its 3-sample.parquet and case.key.
///
/// With --data, no study is needed. Reads that file; writes the rows drawn to OUT, with
/// their chances and weights, and to OUT.json how they were drawn; without -o, CSV to standard output.
/// With --stage, clusters are drawn first, so many in each stratum, and then units within them; the sample
/// has the chance of each stage. Twenty branches in proportion to their customers, and ten customers in each,
/// so that all weigh the same:
///
/// canvass draw --data customers.csv --id customer_id --stage branch:20 --take 10 --self-weighting
/// --seed TEXT -o sample.csv
///
/// `canvass prove` lists the methods, and `canvass explain METHOD` tells what each does.
///
/// Next: canvass field
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("many").args(["n", "each", "allocation", "rate", "take"]).requires("data"))]
pub struct Draw {
    /// A list to draw from without a study: CSV, Parquet, a folder of Parquet files, a workbook (.xlsx),
    /// or a file of SPSS (.sav, .zsav) or Stata (.dta).
    #[arg(long, value_name = "FILE", requires_all = ["id", "seed", "many"])]
    data: Option<PathBuf>,

    /// The sheet of a workbook; the first, unless it is named.
    #[arg(long, value_name = "SHEET", requires = "data")]
    sheet: Option<String>,

    /// The column of the units' ids.
    #[arg(long, value_name = "COL", requires = "data")]
    id: Option<String>,

    /// The columns whose combinations are the strata.
    #[arg(long, value_name = "A,B", value_delimiter = ',', requires = "data")]
    strata: Vec<String>,

    /// The column of sizes, for chances in proportion to them. Without it, methods that walk, spread or
    /// balance give all units the same chance.
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

    /// Clusters to draw before units, from the largest down, each within those before: the column of their
    /// labels, how many (or all), and the method's key; simple, unless it is given. Methods for unequal
    /// chances draw in proportion to the units that clusters hold, or to the sum of --size. The same label
    /// in two strata names two clusters.
    #[arg(long, value_name = "COL:TAKE[:METHOD]", requires_all = ["data", "take"])]
    stage: Vec<String>,

    /// How many units to draw in each of the last clusters: a number, or all.
    #[arg(long, value_name = "TAKE", requires = "stage")]
    take: Option<String>,

    /// Give all units of a stratum the same chance: clusters come in proportion to their units, by
    /// pps-systematic unless --stage names another method, and in each the same number of units.
    #[arg(long, requires = "stage")]
    self_weighting: bool,

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

    /// The folder of an earlier study whose units are to be met again or avoided, as seen from this study's
    /// folder; both are drawn by one seed and one method. The same as [draw.coordinate] with.
    #[arg(long, value_name = "FOLDER", conflicts_with = "data")]
    with: Option<String>,

    /// What is done to the permanent numbers that the earlier study drew by: same, reflect, shift or rotate.
    #[arg(long, value_name = "TURN", conflicts_with = "data")]
    turn: Option<String>,

    /// By which part of the circle numbers are shifted, or which share of the sample is replaced: 0.25.
    #[arg(long, value_name = "SHARE", conflicts_with = "data")]
    share: Option<f64>,

    /// The column of telephone numbers, each of which is to be called once: about one of the drawn rows that
    /// share it. The others get weight 0.
    #[arg(long, value_name = "COL", requires = "data")]
    one_call: Option<String>,

    /// Where to write the sample: a file that ends in .csv, .parquet, .xlsx, .sav or .dta; the last two
    /// with the labels that the list has.
    #[arg(short, long, value_name = "OUT", requires = "data")]
    out: Option<PathBuf>,
}

/// The method, unless another is named.
const DEFAULT: &str = "simple";

/// The method of clusters in a self-weighting draw, unless another is named.
const ALIKE: &str = "pps-systematic";

/// How many units in each last cluster.
fn within(take: &str) -> Result<StageTake, bare::Error> {
    StageTake::read(take).ok_or_else(|| bare::Error::Stage {
        stage: format!("--take {take}"),
        why: "it is neither a whole number nor all".to_owned(),
        hint: "say --take 10, or --take all".to_owned(),
    })
}

impl Draw {
    /// Whether a bare file is drawn from.
    pub fn is_bare(&self) -> bool {
        self.data.is_some()
    }

    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        if self.is_bare() {
            return self.bare(common, screen);
        }
        let study = Study::open_with_flags(common.folder(), &self.flags(common))?;
        // For whoever reads along; the others find it beside the draw.
        let aloud = matches!(common.format, Format::Text | Format::Markdown);
        let mut tell = |wave: &Coordination| {
            if aloud {
                screen.result("overlap", wave, &[overlap(wave, screen.language())]);
            }
        };
        let done = study.draw_telling(&mut tell, screen.monitor())?;
        let mut tables = vec![table(&done.value, screen)];
        let wave = done.value.coordination.as_ref();
        tables.extend(wave.map(|wave| overlap(wave, screen.language())));
        screen.show("draw", &done, &tables, "canvass field");
        Ok(())
    }

    /// Settings that are overridden.
    fn flags(&self, common: &Common) -> Vec<(String, String)> {
        let share = self.share.map(|share| share.to_string());
        let given = [
            ("with", &self.with),
            ("turn", &self.turn),
            ("share", &share),
        ];
        let given = given.into_iter().filter_map(|(key, value)| {
            let value = value.as_ref()?.clone();
            Some((format!("draw.coordinate.{key}"), value))
        });
        common.flags().into_iter().chain(given).collect()
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
        tables.extend(stages(&done.value, language));
        screen.show(
            "bare-draw",
            &done,
            &tables,
            &format!("canvass explain {}", explained(&done.value)),
        );
        Ok(())
    }

    fn request(self) -> Result<Request, canvass::Error> {
        let stages = self.stages()?;
        let many = match (self.n, self.each, self.allocation, self.rate, self.take) {
            (Some(all), ..) => Many::All(all),
            (_, Some(each), ..) => Many::Each(each),
            (_, _, Some(path), ..) => Many::Allocation(path),
            (.., Some(take)) => Many::Within(within(&take)?),
            (_, _, _, rate, None) => Many::Rate(rate.unwrap_or_default()),
        };
        let seed = Seed::new(self.seed.unwrap_or_default()).ok_or(study::Error::BlankSeed)?;
        Ok(Request {
            data: self.data.unwrap_or_default(),
            sheet: self.sheet,
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
            one_call: self.one_call,
            stages,
        })
    }

    /// The stages of clusters, if there are some.
    fn stages(&self) -> Result<Option<InStages>, bare::Error> {
        let default = bare::method(match self.self_weighting {
            true => ALIKE,
            false => DEFAULT,
        })?;
        let clusters: Vec<ClusterStage> = self
            .stage
            .iter()
            .map(|text| ClusterStage::read(text, default))
            .collect::<Result<_, _>>()?;
        Ok((!clusters.is_empty()).then_some(InStages {
            clusters,
            self_weighting: self.self_weighting,
        }))
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

/// The card that says most of a draw.
fn explained(drawn: &bare::Drawn) -> &str {
    match (drawn.self_weighting, drawn.stages.is_empty()) {
        (true, _) => "self-weighting",
        (_, false) => "stages",
        _ => &drawn.method,
    }
}

/// What was drawn at each stage, if the draw is in stages.
fn stages(drawn: &bare::Drawn, language: Language) -> Option<Table> {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let columns = vec![
        Column::text(say("stage", "阶段")),
        Column::text(say("stratum", "层")),
        Column::text(say("method", "方法")),
        Column::text(say("in proportion to", "概率正比于")),
        Column::number(say("there", "总数")),
        Column::number(say("drawn", "抽取数")),
        Column::number(say("certain", "必然入样")),
    ];
    let caption = say(
        "The stages, from the largest clusters down",
        "各抽样阶段，由大群到小群",
    );
    let again = drawn.stages.first().map_or(0, |stage| stage.labels_again);
    let caption = match again {
        0 => caption,
        _ => {
            let more = say(
                "labels stand in several strata, and name a cluster in each",
                "个群标签见于多层，各层视为不同的群",
            );
            format!("{caption} ({again} {more})")
        }
    };
    let mut table = Table::new("stages", caption, columns);
    for stage in &drawn.stages {
        let method = match &stage.method {
            Some(method) => method.clone(),
            None => say("all are taken", "全部抽取"),
        };
        let by = match stage.by {
            StageBy::Count => say("nothing", "等概率"),
            StageBy::Units => say("units", "单位数"),
            StageBy::Size => drawn.size.clone().unwrap_or_default(),
        };
        for one in &stage.strata {
            let mut row = [&stage.column, &one.stratum, &method, &by]
                .map(Value::text)
                .to_vec();
            row.extend([one.there, one.drawn, one.certain].map(Value::Whole));
            table.push(row);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// What two waves share, stratum by stratum: what is to be expected and, once it is drawn, what was found.
fn overlap(wave: &Coordination, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let drawn = wave.all.found.is_some();
    let mut columns = vec![
        Column::text(say("stratum", "层")),
        Column::number(say("expected", "期望重合数")),
        Column::text(say("exact", "是否精确")),
        Column::number(say("if by chance", "独立抽样时")),
    ];
    columns.extend(drawn.then(|| Column::number(say("found", "实际重合数"))));
    let caption = match drawn {
        true => say("Units shared with", "实际重合："),
        false => say("Units to be shared with", "预计重合："),
    };
    let caption = format!("{caption} {} ({})", wave.with, wave.turn.formula());
    let mut table = Table::new("overlap", caption, columns);
    let number = |value: Option<f64>| value.map_or(Value::Unknown, |value| Value::number(value, 1));
    for one in wave.strata.iter().chain([&wave.all]) {
        let stratum = match one == &wave.all {
            true => say("all", "合计"),
            false => one.stratum.clone(),
        };
        let exact = match (one.expected, one.exact) {
            (None, _) => Value::Unknown,
            (_, true) => Value::text(say("yes", "是")),
            (_, false) => Value::text(say("nearly", "近似")),
        };
        let mut row = vec![
            Value::text(stratum),
            number(one.expected),
            exact,
            number(one.by_chance),
        ];
        row.extend(drawn.then(|| one.found.map_or(Value::Unknown, Value::Whole)));
        table.push(row);
    }
    table
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
    let mut rows = vec![(say("units drawn", "抽取单位数"), Value::Whole(drawn.drawn))];
    let hits: Option<u64> = drawn.strata.iter().map(|one| one.hits).sum();
    if let Some(hits) = hits.filter(|_| !drawn.strata.is_empty()) {
        rows.push((say("hits", "抽中次数"), Value::Whole(hits)));
    } else if drawn.expected() != drawn.drawn {
        let what = say("asked for, on average", "计划抽取数（平均）");
        rows.push((what, Value::Whole(drawn.expected())));
    }
    let certain: Option<u64> = drawn.strata.iter().map(|one| one.certain).sum();
    if let Some(certain) = certain.filter(|_| drawn.by.size.is_some()) {
        rows.push((say("certain", "必然入样"), Value::Whole(certain)));
    }
    rows.extend([
        (
            say("strata with a draw", "有抽取的层数"),
            Value::Whole(strata as u64),
        ),
        (
            say("replicates", "子样本数"),
            Value::Whole(u64::from(drawn.replicates)),
        ),
        (say("method", "方法"), Value::text(&drawn.method)),
    ]);
    if let Some(calls) = &drawn.calls {
        rows.extend([
            (
                say("numbers to call", "拨打号码数"),
                Value::Whole(calls.numbers),
            ),
            (
                say("drawn, not asked about", "入样而不询问的单位数"),
                Value::Whole(calls.passed_over),
            ),
        ]);
    }
    if !drawn.by.is_nothing() {
        rows.push((
            say("what it goes by", "抽样依据列"),
            Value::text(drawn.by.words()),
        ));
    }
    if let Some(wave) = &drawn.coordination {
        rows.extend([
            (say("goes on from", "协调的前期"), Value::text(&wave.with)),
            (
                say("turned numbers", "随机数变换"),
                Value::text(wave.turn.formula()),
            ),
        ]);
    }
    if let Some(rest) = &drawn.rest {
        rows.push((
            say("units that rest", "休息单位数"),
            Value::Whole(rest.resting),
        ));
    }
    rows.extend(drawn.chances.map(|stated| {
        let stated = match stated {
            Stated::Exact => say("exact", "精确"),
            Stated::Approximate => say("approximate", "近似"),
        };
        (say("chances", "入样概率"), Value::text(stated))
    }));
    rows.extend([
        (say("seed's key", "种子密钥"), Value::text(&drawn.seed_key)),
        (
            say("the list's fingerprint", "名单指纹"),
            Value::text(&drawn.fingerprint),
        ),
    ]);
    for (what, value) in rows {
        table.push(vec![Value::text(what), value]);
    }
    table
}
