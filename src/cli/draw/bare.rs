//! Which ones, of a bare file.

use std::num::NonZeroU32;
use std::path::PathBuf;

use canvass::bare::{
    self, ClusterStage, Coordinated, Earlier, InStages, Many, Request, Sample, StageTake,
    WantedPairs,
};
use canvass::draw::balance::lands::Lands;
use canvass::draw::stages::one_call::{Choice, Rule};
use canvass::draw::walk::Turn;
use canvass::draw::waves::turning::Turning;
use canvass::language::{Language, Words};
use canvass::random::Seed;
use canvass::report::Table;
use canvass::study;
use clap::{Args, ValueEnum};

use super::next::next;
use super::promised::promise;
use super::shown::{self, Waves};
use crate::cli::{Common, Format, Screen};

/// What is asked of a bare file.
#[derive(Debug, Args)]
pub(super) struct Bare {
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

    /// Where a stratum, or a cluster in a draw in stages, holds fewer than are asked for, take all it has: with
    /// --each, --allocation and --take. Without it, that is refused.
    #[arg(long, requires = "data")]
    or_all: bool,

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

    /// How the last few units of a balanced draw land: drop, amounts are given up from the last; lp, by
    /// the best design for them, and none is; or pooled, as drop, but those of all strata together, for the
    /// cube in many --strata. drop, unless it is given.
    #[arg(long, value_name = "HOW", requires = "data")]
    landing: Option<String>,

    /// Into how many random parts of equal composition to cut the sample. Not beside --ask all, whose numbers
    /// would be called again with each part.
    #[arg(long, value_name = "R", requires = "data")]
    replicates: Option<NonZeroU32>,

    /// The column of telephone numbers, each of which is to be called once.
    #[arg(long, value_name = "COL", requires = "data")]
    one_call: Option<String>,

    /// Which of the drawn rows that share a number a call is about: one, chosen with a known chance, and the
    /// others get weight 0; or all, each with the weight that it has.
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "one",
        requires = "one_call"
    )]
    ask: Ask,

    /// The manifest of an earlier draw from a file (OUT.json), whose units are to be met again or avoided, as
    /// --turn says; both are drawn by one seed, strata and method.
    #[arg(long, value_name = "OUT.json", requires_all = ["data", "turn"])]
    before: Option<PathBuf>,

    /// A file of units that rest and are not drawn, such as an earlier sample: a column of ids, called as
    /// --id or unit. The others share the sample, which speaks for them alone.
    #[arg(long, value_name = "FILE", requires = "data")]
    rest: Option<PathBuf>,

    /// Where to write the chance of each pair of drawn units to be drawn together, within strata: exact
    /// where a formula is known, and else approximate, with the formula's name. For samples of up to 5000 units, from
    /// strata of any size; by chromy, exact where it draws from up to 5000 at once.
    #[arg(long, value_name = "FILE", requires = "out")]
    joint: Option<PathBuf>,

    /// The approximation for --joint where no exact formula is known: hartley-rao, hajek, brewer, deville or
    /// overton; unless it is given, one that suits the method, if one does.
    #[arg(long, value_name = "FORMULA", requires = "joint")]
    joint_by: Option<String>,

    /// Draw nobody yet, and promise this draw: writes OUT.commitment.json (the list's fingerprint, all that is
    /// asked for, numbers per stratum, version, and the seed's seal) and prints one line to be published. From then on
    /// the sample OUT is refused if it is drawn otherwise, and canvass verify compares it with the promise.
    #[arg(long, requires = "out")]
    commit: bool,

    /// Where to write the sample: a file that ends in .csv, .parquet, .xlsx, .sav or .dta; the last two
    /// with the labels that the list has.
    #[arg(short, long, value_name = "OUT", requires = "data")]
    out: Option<PathBuf>,
}

/// Which drawn rows that share a number a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ask {
    /// One of them.
    One,
    /// All of them.
    All,
}

/// What is to be done to the numbers of an earlier draw: a word, and a share where it needs one.
type Turned = (Option<String>, Option<f64>);

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

/// A flag that makes no sense, and a remedy.
fn refused(flag: String, why: &str, hint: &str) -> bare::Error {
    bare::Error::Stage {
        stage: flag,
        why: why.to_owned(),
        hint: hint.to_owned(),
    }
}

/// What is done to the numbers of an earlier draw.
fn turning((word, share): &Turned) -> Result<Turning, bare::Error> {
    let word = word.as_deref().unwrap_or_default();
    let flag = || format!("--turn {word}");
    match (word, share) {
        ("shift" | "rotate", Some(share)) if !(0.0..=1.0).contains(share) => Err(refused(
            format!("--share {share}"),
            "it is not from 0 to 1",
            "give a share such as 0.25",
        )),
        ("same", None) => Ok(Turning::Same),
        ("reflect", None) => Ok(Turning::Reflect),
        ("shift", Some(share)) => Ok(Turning::Shift(*share)),
        ("rotate", Some(share)) => Ok(Turning::Rotate(*share)),
        ("same" | "reflect", Some(_)) => Err(refused(
            flag(),
            "it has no use for --share",
            "leave --share out, or say --turn shift or --turn rotate",
        )),
        ("shift" | "rotate", None) => Err(refused(
            flag(),
            "it does not say by how much",
            "say --share 0.25",
        )),
        _ => Err(refused(
            flag(),
            "it is none of same, reflect, shift and rotate",
            "--turn same asks the same units again, --turn reflect others",
        )),
    }
}

impl Bare {
    /// Whether a bare file is drawn from.
    pub fn is_asked(&self) -> bool {
        self.data.is_some()
    }

    pub fn run(
        self,
        turned: Turned,
        common: &Common,
        screen: &mut Screen,
    ) -> Result<(), canvass::Error> {
        let (out, commit) = (self.out.clone(), self.commit);
        let request = self.request(&turned)?;
        match &out {
            Some(path) => Sample::can_be_kept(&request, path)?,
            None if matches!(common.format, Format::Json | Format::Markdown) => {
                return Err(bare::Error::NoOut.into());
            }
            None => {}
        }
        if let (true, Some(path)) = (commit, &out) {
            return promise(&request, path, screen);
        }
        let aloud = matches!(common.format, Format::Text | Format::Markdown);
        let mut tell = |wave: &Coordinated| match &out {
            Some(_) if aloud => {
                screen.result("overlap", wave, &[overlap(wave, screen.language())]);
            }
            Some(_) => {}
            // The sample itself goes to standard output.
            None => screen.say(
                Words::new("overlap", "重合"),
                &expected(wave, screen.language()),
            ),
        };
        let sample = bare::draw_telling(&request, &mut tell, screen.monitor())?;
        let Some(path) = out else {
            screen.print(sample.csv().trim_end_matches('\n'));
            screen.say(
                Words::new("drawn", "抽取"),
                &how(&sample.drawn, screen.language()),
            );
            screen.notices(&sample.notices);
            screen.files(&sample.read, &[]);
            return Ok(());
        };
        let columns: Vec<String> = (sample.table.0.iter())
            .map(|(name, _)| name.clone())
            .collect();
        let done = sample.keep(&path)?;
        let (drawn, language) = (&done.value, screen.language());
        let mut tables = vec![shown::strata(drawn, language)];
        tables.extend(shown::balance(drawn, language));
        tables.extend(shown::stages(drawn, language));
        tables.extend(shown::beside(drawn, language));
        let wave = drawn.coordination.as_ref();
        tables.extend(wave.map(|wave| overlap(wave, language)));
        let next = next(&request, &path, drawn, &columns);
        screen.show("bare-draw", &done, &tables, &next);
        Ok(())
    }

    fn request(self, turned: &Turned) -> Result<Request, canvass::Error> {
        let stages = self.stages()?;
        let many = match (self.n, self.each, self.allocation, self.rate, self.take) {
            (Some(all), ..) => Many::All(all),
            (_, Some(each), ..) => Many::Each(each),
            (_, _, Some(path), ..) => Many::Allocation(path),
            (.., Some(take)) => Many::Within(within(&take)?),
            (_, _, _, rate, None) => Many::Rate(rate.unwrap_or_default()),
        };
        let seed = Seed::new(self.seed.unwrap_or_default()).ok_or(study::Error::BlankSeed)?;
        let before = match self.before {
            Some(path) => Some(Earlier::read(&path, turning(turned)?)?),
            None if *turned != (None, None) => {
                let why = "they are about the numbers of an earlier draw, and none is named";
                let hint = "name it: --before OUT.json";
                return Err(refused("--turn and --share".to_owned(), why, hint).into());
            }
            None => None,
        };
        let pairs = match self.joint {
            Some(path) => Some(WantedPairs {
                path,
                near: self.joint_by.as_deref().map(bare::formula).transpose()?,
            }),
            None => None,
        };
        Ok(Request {
            sheet: self.sheet,
            strata: self.strata,
            size: self.size,
            method: bare::method(self.method.as_deref().unwrap_or(DEFAULT))?,
            sort: self.sort,
            turn: match self.serpentine {
                true => Turn::Serpentine,
                false => Turn::Nested,
            },
            spread: self.spread,
            balance: self.balance,
            landing: self.landing.as_deref().map(landing).transpose()?,
            or_all: self.or_all,
            before,
            rest: self.rest,
            replicates: self.replicates,
            one_call: self.one_call,
            ask: match self.ask {
                Ask::One => Rule::AskOne(Choice::Evenly),
                Ask::All => Rule::AskAll,
            },
            pairs,
            stages,
            ..Request::new(
                self.data.unwrap_or_default(),
                self.id.as_deref().unwrap_or_default(),
                many,
                seed,
            )
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

fn landing(word: &str) -> Result<Lands, bare::Error> {
    let flag = format!("--landing {word}");
    let hint = "say --landing drop, lp or pooled";
    Lands::read(word).ok_or_else(|| refused(flag, "it is none of drop, lp and pooled", hint))
}

fn overlap(wave: &Coordinated, language: Language) -> Table {
    let waves = Waves {
        with: &wave.before,
        turn: wave.turn,
        all: &wave.all,
        strata: &wave.strata,
    };
    shown::overlap(&waves, language)
}

/// What two samples are expected to share, in a line.
fn expected(wave: &Coordinated, language: Language) -> String {
    let unknown = Words::new("unknown", "不详").say(language).to_owned();
    let number = |value: Option<f64>| value.map_or(unknown.clone(), |value| format!("{value:.1}"));
    let words = Words::new(
        "units are expected in both samples; by chance",
        "（期望重合数）；独立抽样时",
    );
    let (both, chance) = (number(wave.all.expected), number(wave.all.by_chance));
    format!("{both} {} {chance}", words.say(language))
}

/// How a sample was drawn, in a line: what its manifest would say, where there is none.
fn how(drawn: &bare::Drawn, language: Language) -> String {
    let chances = match drawn.chances {
        bare::Stated::Exact => Words::new("chances are exact", "入样概率为精确值"),
        bare::Stated::Approximate => Words::new("chances are approximate", "入样概率为近似值"),
    };
    let both = drawn.coordination.as_ref().and_then(|wave| wave.all.found);
    let both = both.map(|both| {
        let words = Words::new("units in both samples", "实际重合数");
        format!("; {} {both}", words.say(language))
    });
    format!(
        "{}; {}; {} {}; {} {}; canvass {}{}",
        drawn.method,
        chances.say(language),
        Words::new("seed's key", "种子密钥").say(language),
        drawn.seed_key,
        Words::new("fingerprint", "指纹").say(language),
        drawn.fingerprint,
        drawn.version,
        both.unwrap_or_default(),
    )
}
