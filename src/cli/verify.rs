//! A replay that trusts nothing; a draw from a file, made again; one unit of a draw; a signed file.

use std::path::{Path, PathBuf};

use canvass::bare::{self, Moved, Verified};
use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study::{OPTIONAL, STEPS, show_unit, verify_signed};
use clap::Args;

use super::{Common, Screen, run, sign, study, unit};

/// Make everything anew from the inputs, and name the first file that differs.
///
/// Reads survey.toml, case.key, journal.jsonl, the list, 5-returns/ and every artefact; writes
/// nothing. Each step that the journal knows is taken again in a folder of its own, with the flags it
/// was taken with, and its files are compared byte for byte. A commitment is compared with them, and
/// the journal must show it before the draw.
///
/// With --data and --sample, no study is needed: a draw from a file is made again. Reads the list, the sample OUT
/// and its manifest OUT.json, and what the draw went by beside them; draws by all that the manifest says was asked
/// for; and compares the list's fingerprint, who was drawn, chances, weights, all other cells, the manifest itself,
/// and OUT.commitment.json if something was promised. What agrees and what differs is shown with counts and the
/// first of each; exit code 3 if anything does.
///
/// With --unit, the unit's permanent number is set beside the last number drawn in its stratum. That
/// needs 3-draw.json alone, and --size where sizes decide too; with case.key and 3-sample.parquet, the
/// unit is looked up in the sample too. Where numbers do not decide, or no size is given, the unit's
/// stratum is drawn again from survey.toml and the list, if they are there. Of a draw from a file, --sample OUT.json
/// is enough where numbers decide (simple, bernoulli, poisson, sequential-poisson, pareto), and --data LIST is needed
/// where they do not. With --signed, a file and its signature are looked at, and no study.
///
/// Next: publish, if all is the same; canvass run, if it is not
#[derive(Debug, Args)]
pub struct Verify {
    /// The sample of a draw from a file, with its manifest beside it, or the manifest: OUT or OUT.json.
    #[arg(long, value_name = "OUT")]
    sample: Option<PathBuf>,

    /// The list that it was drawn from: the same units in any order, in any file.
    #[arg(long, value_name = "LIST", requires = "sample")]
    data: Option<PathBuf>,

    /// The table that said how many to draw, if it stands elsewhere now.
    #[arg(long, value_name = "FILE", requires = "data")]
    allocation: Option<PathBuf>,

    /// The file of units that rested, if it stands elsewhere now.
    #[arg(long, value_name = "FILE", requires = "data")]
    rest: Option<PathBuf>,

    /// The manifest of the earlier draw, if it stands elsewhere now.
    #[arg(long, value_name = "OUT.json", requires = "data")]
    before: Option<PathBuf>,

    /// Show what the draw made of this unit, by its id in the list.
    #[arg(long, value_name = "ID")]
    unit: Option<String>,

    /// The unit's stratum: "A / B / C". Found by itself where the unit was drawn and case.key is there, or the
    /// sample of a draw from a file.
    #[arg(long, value_name = "LABEL", requires = "unit")]
    stratum: Option<String>,

    /// The unit's size in the list: with it, no list is needed where number and size decide.
    #[arg(long, value_name = "X", requires = "unit")]
    size: Option<f64>,

    /// Did the holder of a key sign this file?
    #[arg(
        long,
        value_name = "FILE",
        requires = "public",
        conflicts_with_all = ["unit", "sample"]
    )]
    signed: Option<PathBuf>,

    /// The public key: a .pub file, or its 64 hex digits.
    #[arg(long, value_name = "KEY", requires = "signed")]
    public: Option<String>,
}

impl Verify {
    /// Whether a draw from a bare file is looked at.
    pub fn is_bare(&self) -> bool {
        self.sample.is_some()
    }

    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        if let Some(id) = &self.unit {
            return self.show(id, common, screen);
        }
        if let (Some(file), Some(key)) = (&self.signed, &self.public) {
            let done = verify_signed(file, key)?;
            let caption = Words::new("The signature holds", "签名有效");
            let table = sign::table(std::slice::from_ref(&done.value), caption, screen);
            screen.show("signed", &done, &[table], "");
            return Ok(());
        }
        match &self.sample {
            Some(sample) => self.again(sample, screen),
            None => replay(common, screen),
        }
    }

    /// One unit, of a draw from a file or of a study.
    fn show(&self, id: &str, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let (stratum, size) = (self.stratum.as_deref(), self.size);
        let done = match &self.sample {
            Some(sample) => {
                let moved = self.moved();
                let list = self.data.as_deref().map(|data| (data, &moved));
                bare::show_unit(sample, id, stratum, size, list, screen.monitor())?
            }
            None => show_unit(common.folder(), id, stratum, size)?,
        };
        let tables = unit::tables(&done.value, screen);
        screen.show("unit", &done, &tables, &unit::shell(&done.value));
        Ok(())
    }

    fn moved(&self) -> Moved {
        Moved {
            allocation: self.allocation.clone(),
            rest: self.rest.clone(),
            before: self.before.clone(),
        }
    }

    /// A draw from a file, made again.
    fn again(&self, sample: &Path, screen: &mut Screen) -> Result<(), canvass::Error> {
        let data = self.data.as_ref().ok_or_else(|| bare::Error::Stage {
            stage: format!("--sample {}", sample.display()),
            why: "the list is not named, and nobody can draw again without it".to_owned(),
            hint: "name it: --data LIST; or ask about one unit: --unit ID".to_owned(),
        })?;
        let done = bare::verify(data, sample, &self.moved(), screen.monitor())?;
        let tables = [draw(&done.value, screen), compared(&done.value, screen)];
        screen.show("verified-draw", &done, &tables, "");
        Ok(done.value.holds()?)
    }
}

/// What was drawn again.
fn draw(found: &Verified, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("value", "值")),
    ];
    let mut table = Table::new("draw", say("Drawn again", "重新抽取"), columns);
    let rows = [
        (say("list", "名单"), Value::text(&found.list)),
        (
            say("the list's fingerprint", "名单指纹"),
            Value::text(&found.fingerprint),
        ),
        (say("manifest", "抽样说明"), Value::text(&found.manifest)),
        (
            say("drawn by", "抽样程序"),
            Value::text(format!("canvass {}", found.version)),
        ),
        (say("method", "方法"), Value::text(&found.method)),
        (say("seed's key", "种子密钥"), Value::text(&found.seed_key)),
        (say("units drawn", "抽取单位数"), Value::Whole(found.drawn)),
    ];
    for (what, value) in rows {
        table.push(vec![Value::text(what), value]);
    }
    table
}

/// What agrees, and what differs.
fn compared(found: &Verified, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("compared", "比较项目")),
        Column::number(say("of them", "比较数")),
        Column::number(say("differ", "不同数")),
        Column::text(say("the first", "前几处")),
    ];
    let caption = match found.holds() {
        Ok(()) => say("All is the same", "全部一致"),
        Err(_) => say("Not all is the same", "存在不一致"),
    };
    let mut table = Table::new("compared", caption, columns);
    for one in &found.compared {
        table.push(vec![
            Value::text(one.what.words().say(screen.language())),
            Value::Whole(one.count),
            Value::Whole(one.differ),
            match one.first.is_empty() {
                true => Value::Absent,
                false => Value::text(one.first.join("\n")),
            },
        ]);
    }
    table
}

/// Every step again.
fn replay(common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
    let ran = study(common)?.verify(screen.monitor())?;
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let nothing = ran.is_empty();
    let replayed = |name| ran.iter().any(|ran| ran.step == name);
    let steps = STEPS
        .iter()
        .chain(OPTIONAL)
        .filter(|step| replayed(step.name));
    let read = steps
        .flat_map(|step| step.writes)
        .map(|file| (*file).to_owned())
        .collect();
    let table = run::table(
        &ran,
        screen,
        &say("Steps taken again", "重新执行的步骤"),
        [
            say("the same, byte for byte", "逐字节一致"),
            say("left out", "未执行"),
        ],
    );
    let done = run::done(ran, read, Vec::new());
    let next = if nothing { "canvass run" } else { "" };
    screen.show("verified", &done, &[table], next);
    Ok(())
}
