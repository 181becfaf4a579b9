//! How many people each answer speaks for.

use canvass::report::weights_table;
use clap::Args;

use super::{Common, Screen, study};

/// How many people each answer speaks for.
///
/// Reads survey.toml, 3-sample.parquet, 3-draw.json and 5-outcomes.parquet; writes 6-weights.parquet
/// (one factor for each step, for every drawn unit) and 6-weights.json (what each step did to the
/// weights, and what it cost).
///
/// Next: canvass estimate
#[derive(Debug, Args)]
pub struct Weigh {}

impl Weigh {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let done = study(common)?.weigh(screen.monitor())?;
        let table = weights_table(&done.value.steps, canvass::weigh::CARDS, screen.language());
        screen.show("weights", &done, &[table], "canvass estimate");
        Ok(())
    }
}
