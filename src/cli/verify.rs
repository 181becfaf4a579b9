//! A replay that trusts nothing.

use canvass::language::Words;
use canvass::study::STEPS;
use clap::Args;

use super::{Common, Screen, run, study};

/// Make everything anew from the inputs, and name the first file that differs.
///
/// Reads survey.toml, case.key, journal.jsonl, the list, 5-returns/ and every artefact; writes
/// nothing. Each step that the journal knows is taken again in a folder of its own, with the flags it
/// was taken with, and its files are compared byte for byte.
///
/// Next: publish, if all is the same; canvass run, if it is not
#[derive(Debug, Args)]
pub struct Verify {}

impl Verify {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let ran = study(common)?.verify(screen.monitor())?;
        let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
        let nothing = ran.is_empty();
        let replayed = |name| ran.iter().any(|ran| ran.step == name);
        let steps = STEPS.iter().filter(|step| replayed(step.name));
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
}
