//! Step 2: how many, and where.

use std::collections::BTreeMap;

use super::check::Checked;
use super::folder::{CHECK, PLAN, SURVEY};
use super::journal::Asked;
use super::study::LIST;
use super::{Artefact, Done, Study, round};
use crate::design::{Stratum, Target};
use crate::method::Card;
use crate::plan::{self, Allocation, CellRequest, Funnel, Plan, Request};
use crate::settings;

impl Study {
    /// Plans how many interviews and numbers each stratum needs. With `interviews`, that many in
    /// all instead of what the targets call for; the journal remembers it. With `keep` false nothing
    /// is written.
    ///
    /// # Errors
    ///
    /// If a cell has no target or no yield, or as [`plan::plan`].
    pub fn plan(&self, interviews: Option<u64>, keep: bool) -> Result<Done<Plan>, crate::Error> {
        let checked: Artefact<Checked> = self.read(CHECK, "check", "plan")?;
        checked.content.must_suit(&self.settings().draw)?;
        let stages = self.settings().draw.stages.as_ref();
        self.trust(
            "check",
            if stages.is_some() {
                &[CHECK, LIST]
            } else {
                &[CHECK]
            },
        )?;
        if stages.is_some() {
            checked.content.must_be_fit()?;
        }
        let request = self.request(&checked.content, interviews)?;
        let (mut plan, mut notices) = match self.settings().plan.round {
            None => plan::plan(&request)?,
            Some(_) => plan::plan_by(&request, |wanted| self.round(&checked.content, wanted))?,
        };
        if let Some(stages) = stages {
            (plan, notices) = self.plan_in_stages(stages, &request, &plan)?;
        }
        notices.extend(round::notices(&plan));
        notices.extend(self.pass_over(&checked.content, &mut plan)?);
        if !keep {
            let mut read = vec![SURVEY.to_owned(), CHECK.to_owned()];
            read.extend(stages.map(|_| self.list_path().display().to_string()));
            return Ok(Done {
                value: plan,
                notices,
                read,
                wrote: Vec::new(),
            });
        }
        let cards = self.plan_cards();
        self.write(PLAN, "plan", &cards, &notices, &plan)?;
        let asked = Asked {
            interviews,
            ..Asked::default()
        };
        let mut read = vec![SURVEY, CHECK];
        read.extend(stages.map(|_| LIST));
        self.done_asked("plan", asked, &read, &cards, notices, plan)
    }

    /// The cards of the rules that a plan follows.
    pub(super) fn plan_cards(&self) -> Vec<&'static Card> {
        let rule = allocation(self.settings().plan.allocate).card();
        let mut cards = vec![&plan::size::CARD, &plan::funnel::CARD, rule];
        cards.extend(round::card(self.settings()));
        cards
    }

    fn request(&self, checked: &Checked, interviews: Option<u64>) -> Result<Request, crate::Error> {
        let settings = self.settings();
        let mut cells: BTreeMap<&str, CellRequest> = BTreeMap::new();
        for counted in &checked.census.strata {
            let labels: Vec<(&str, &str)> = settings
                .list
                .strata
                .iter()
                .zip(&counted.labels)
                .filter(|(column, _)| settings.list.cells.contains(column))
                .map(|(column, label)| (column.as_str(), label.as_str()))
                .collect();
            let cell = match cells.entry(&counted.cell) {
                std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::btree_map::Entry::Vacant(new) => {
                    new.insert(self.cell(&counted.cell, &labels)?)
                }
            };
            // Who has size 0 can be neither drawn nor planned for.
            let label = counted.label();
            let units = checked.drawable(&label).unwrap_or(counted.population);
            let stratum = Stratum::new(label, units).with_spread(cell.target.spread())?;
            cell.strata.push(stratum);
        }
        Ok(Request {
            confidence: settings.plan.confidence,
            allocation: allocation(settings.plan.allocate),
            minimum: settings.plan.minimum,
            pool: settings.plan.pool,
            exact_pool: settings.plan.exact_pool,
            interviews,
            cells: cells.into_values().collect(),
        })
    }

    fn cell(&self, cell: &str, labels: &[(&str, &str)]) -> Result<CellRequest, crate::Error> {
        let target = self.settings().target_for(labels)?;
        let funnel = self.settings().funnel_for(labels)?;
        Ok(CellRequest {
            cell: cell.to_owned(),
            target: Target::new(target.margin, target.spread, target.design_effect)?,
            funnel: Funnel::new(
                funnel.working,
                funnel.reached,
                funnel.eligible,
                funnel.willing,
            )?,
            strata: Vec::new(),
        })
    }
}

/// The plan room's rule for the settings' word.
fn allocation(rule: settings::Allocation) -> Allocation {
    match rule {
        settings::Allocation::Proportional => Allocation::Proportional,
        settings::Allocation::Neyman => Allocation::Neyman,
        settings::Allocation::Power { power } => Allocation::Power { q: power },
    }
}
