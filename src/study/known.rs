//! Known totals: the list's own counts, and the sums of its numbers.

use std::collections::BTreeMap;

use super::check::Checked;
use super::folder::CHECK;
use super::study::LIST;
use super::weigh::classes;
use super::{Artefact, Error, Study};
use crate::draw::Sample;
use crate::frame::{count_by, join};
use crate::math::Sum;
use crate::progress::Monitor;
use crate::settings::WeighStep;
use crate::weigh::{self, Amount, Margin};

impl Study {
    /// A margin with the list's own counts: those of the check where it is made of strata, otherwise
    /// from another reading.
    pub(super) fn margin(
        &self,
        sample: &Sample,
        by: &[String],
        monitor: &dyn Monitor,
    ) -> Result<Margin, crate::Error> {
        let levels = classes(sample, by)?;
        let mut totals: BTreeMap<String, f64> = BTreeMap::new();
        let strata = &self.settings().list.strata;
        let places: Option<Vec<usize>> = by
            .iter()
            .map(|name| strata.iter().position(|column| column == name))
            .collect();
        if let Some(places) = places {
            let checked: Artefact<Checked> = self.read(CHECK, "check", "weigh")?;
            for stratum in &checked.content.census.strata {
                let labels: Vec<&String> = places.iter().map(|&i| &stratum.labels[i]).collect();
                *totals.entry(join(&labels)).or_default() += stratum.population as f64;
            }
        } else {
            self.trust("draw", &[LIST])?;
            let columns: Vec<&str> = by.iter().map(String::as_str).collect();
            for (labels, count) in count_by(&self.frame()?.0, &columns, monitor)? {
                *totals.entry(join(&labels)).or_default() += count as f64;
            }
        }
        Ok(Margin::new(by.join(" × "), levels, &totals)?)
    }

    /// A column of numbers with their sum over the list, from another reading.
    pub(super) fn amount(
        &self,
        sample: &Sample,
        name: &str,
        monitor: &dyn Monitor,
    ) -> Result<Amount, crate::Error> {
        let number = |label: &str| match label.trim().parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(weigh::Error::NoNumber {
                amount: name.to_owned(),
                label: label.to_owned(),
            }),
        };
        let drawn = sample.column(name).ok_or_else(|| Error::NoColumn {
            column: name.to_owned(),
            known: sample
                .columns
                .iter()
                .map(|(known, _)| known.clone())
                .collect(),
        })?;
        let numbers = drawn
            .labels()
            .iter()
            .map(|label| number(label))
            .collect::<Result<Vec<_>, _>>()?;
        self.trust("draw", &[LIST])?;
        let mut total = Sum::default();
        for (labels, count) in count_by(&self.frame()?.0, &[name], monitor)? {
            total.add(number(&join(&labels))? * count as f64);
        }
        let values: Vec<f64> = drawn
            .codes()
            .iter()
            .map(|&code| numbers[code as usize])
            .collect();
        Ok(Amount::new(name, values, total.value())?)
    }

    /// Whether some totals are not those of strata, so that the list must be read for them.
    pub(super) fn totals_need_the_list(&self) -> bool {
        let strata = &self.settings().list.strata;
        let beside = |margin: &[String]| margin.iter().any(|column| !strata.contains(column));
        self.settings().weigh.steps.iter().any(|step| match step {
            WeighStep::Poststratify { margin } => beside(margin),
            WeighStep::Rake { margins, .. } => margins.iter().any(|margin| beside(margin)),
            WeighStep::Calibrate {
                margins, amounts, ..
            }
            | WeighStep::Instruments {
                margins, amounts, ..
            } => !amounts.is_empty() || margins.iter().any(|margin| beside(margin)),
            _ => false,
        })
    }
}
