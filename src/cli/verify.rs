//! A replay that trusts nothing; one unit of a draw; a signed file.

use std::path::PathBuf;

use canvass::language::Words;
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
/// With --unit, the unit's permanent number is set beside the last number drawn in its stratum. That
/// needs 3-draw.json alone, and --size where sizes decide too; with case.key and 3-sample.parquet, the
/// unit is looked up in the sample too. Where numbers do not decide, or no size is given, the unit's
/// stratum is drawn again from survey.toml and the list, if they are there. With --signed, a file and its
/// signature are looked at, and no study.
///
/// Next: publish, if all is the same; canvass run, if it is not
#[derive(Debug, Args)]
pub struct Verify {
    /// Show what the draw made of this unit, by its id in the list.
    #[arg(long, value_name = "ID")]
    unit: Option<String>,

    /// The unit's stratum: "A / B / C". Found by itself where the unit was drawn and case.key is there.
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
        conflicts_with = "unit"
    )]
    signed: Option<PathBuf>,

    /// The public key: a .pub file, or its 64 hex digits.
    #[arg(long, value_name = "KEY", requires = "signed")]
    public: Option<String>,
}

impl Verify {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        if let Some(id) = &self.unit {
            let done = show_unit(common.folder(), id, self.stratum.as_deref(), self.size)?;
            let tables = unit::tables(&done.value, screen);
            screen.show("unit", &done, &tables, &unit::shell(&done.value));
            return Ok(());
        }
        if let (Some(file), Some(key)) = (&self.signed, &self.public) {
            let done = verify_signed(file, key)?;
            let caption = Words::new("The signature holds", "签名有效");
            let table = sign::table(std::slice::from_ref(&done.value), caption, screen);
            screen.show("signed", &done, &[table], "");
            return Ok(());
        }
        replay(common, screen)
    }
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
