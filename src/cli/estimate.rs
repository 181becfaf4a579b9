//! What the population says, and how sure we are.

use canvass::report::estimates_table;
use clap::Args;

use super::{Common, Screen, study};

/// What the population says, and how sure we are.
///
/// Reads survey.toml, 3-sample.parquet, 5-outcomes.parquet and 6-weights.parquet; writes
/// 7-estimates.json: each [[figure]] of survey.toml with its standard error, interval and completes.
/// A figure from too few completes is not printed.
///
/// Next: canvass index, where survey.toml has one; canvass report
#[derive(Debug, Args)]
pub struct Estimate {}

impl Estimate {
    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let study = study(common)?;
        let done = study.estimate(screen.monitor())?;
        let settings = study.settings();
        let least = settings.report.least;
        let table = estimates_table(&done.value.estimates, least, screen.language());
        let next = if settings.index.is_some() {
            "canvass index"
        } else {
            "canvass report"
        };
        screen.show("estimates", &done, &[table], next);
        Ok(())
    }
}
