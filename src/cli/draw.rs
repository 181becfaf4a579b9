//! Which ones.

mod bare;

mod next;

mod promised;

mod shown;

mod staged;

use canvass::bare::Stated;
use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value};
use canvass::study::{Coordination, Drawn, Study};
use clap::{ArgGroup, Args};

use super::{Common, Format, Screen};
use bare::Bare;
use shown::Waves;

/// Draw the sample: of a study, or of a bare file.
///
/// Reads survey.toml, the list, 1-check.json and 2-plan.json; writes 3-sample.parquet (who was drawn,
/// by case id; no telephone numbers) and 3-draw.json (how). The same seed and the same list draw the
/// same units, whatever the order of rows, the threads or the machine. [draw] in survey.toml names the
/// method, and the columns that it goes by: size, sort, spread, balance. With [[draw.stage]], clusters are drawn
/// first and then units within them, as many as 2-plan.json says.
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
/// With --before, numbers of an earlier draw from a file are turned: it also reads that draw's manifest, and
/// to count what both share its sample, if it stands beside it.
///
/// `canvass verify --data LIST --sample OUT` draws again by OUT.json and compares. Whoever must convince others promises
/// the draw before it is made (--commit, and the same again without it) and signs what is handed out (`canvass sign
/// OUT.json`).
///
/// `canvass prove` lists the methods, and `canvass explain METHOD` tells what each does.
///
/// Next: canvass field
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("many").args(["n", "each", "allocation", "rate", "take"]).requires("data"))]
pub struct Draw {
    #[command(flatten)]
    bare: Bare,

    /// The folder of an earlier study whose units are to be met again or avoided, as seen from this study's
    /// folder; both are drawn by one seed and one method. The same as [draw.coordinate] with.
    #[arg(long, value_name = "FOLDER", conflicts_with = "data")]
    with: Option<String>,

    /// What is done to the permanent numbers that the earlier study, or the draw of --before, drew by: same,
    /// reflect, shift or rotate.
    #[arg(long, value_name = "TURN")]
    turn: Option<String>,

    /// By which part of the circle numbers are shifted, or which share of the sample is replaced: 0.25.
    #[arg(long, value_name = "SHARE")]
    share: Option<f64>,
}

impl Draw {
    /// Whether a bare file is drawn from.
    pub fn is_bare(&self) -> bool {
        self.bare.is_asked()
    }

    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        if self.is_bare() {
            return self.bare.run((self.turn, self.share), common, screen);
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
        tables.extend(staged::stages(&done.value, screen.language()));
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
}

/// What two waves of studies share.
fn overlap(wave: &Coordination, language: Language) -> Table {
    let waves = Waves {
        with: &wave.with,
        turn: wave.turn,
        all: &wave.all,
        strata: &wave.strata,
    };
    shown::overlap(&waves, language)
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
