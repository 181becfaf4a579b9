//! Every step that is out of date, in order, as `make` would; and a replay that trusts nothing.

use std::path::Path;

use super::folder::{self, COMMITMENT, FOLLOWED, KEY, RETURNS, STEPS, SURVEY};
use super::journal::Entry;
use super::{Error, Study};
use crate::files;
use crate::notice::Notice;
use crate::progress::Monitor;

/// What happened to a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// The step.
    pub step: &'static str,
    /// Whether it was taken, rather than found up to date.
    pub taken: bool,
    /// What a statistician must hear of it.
    pub notices: Vec<Notice>,
}

impl Study {
    /// Takes every step that is out of date, in order. Stops before `ingest` while nothing has come
    /// back from the field, and leaves out `field` where there are no telephones and `index` where
    /// survey.toml has none.
    ///
    /// # Errors
    ///
    /// Of the first step that fails.
    pub fn run(&self, monitor: &dyn Monitor) -> Result<Vec<Ran>, crate::Error> {
        let mut ran = Vec::new();
        for step in STEPS {
            if monitor.wants_stop() {
                return Err(Error::Stopped.into());
            }
            if !self.applies(step.name) {
                continue;
            }
            if step.name == "ingest" && !self.has_returns() {
                break;
            }
            let taken = !self.is_current(step.name)?;
            let notices = if taken {
                self.take(step.name, monitor)?
            } else {
                Vec::new()
            };
            ran.push(Ran {
                step: step.name,
                taken,
                notices,
            });
        }
        Ok(ran)
    }

    /// Whether a study like this one has the step at all.
    fn applies(&self, step: &str) -> bool {
        use crate::settings::ListKind;
        match step {
            "field" => !matches!(
                &self.settings().list.kind,
                ListKind::Register { phone: None, .. }
            ),
            "index" => self.settings().index.is_some(),
            _ => true,
        }
    }

    /// Takes one step.
    fn take(&self, step: &str, monitor: &dyn Monitor) -> Result<Vec<Notice>, crate::Error> {
        Ok(match step {
            "check" => self.check(monitor)?.notices,
            // As it was asked for last: a person's choice outlives a change of the list.
            "plan" => {
                let asked = self
                    .journal()
                    .last("plan")?
                    .and_then(|entry| entry.interviews);
                self.plan(asked, true)?.notices
            }
            "draw" => self.draw(monitor)?.notices,
            "field" => self.field(monitor)?.notices,
            "ingest" => self.ingest(&[], &[])?.notices,
            "weigh" => self.weigh(monitor)?.notices,
            "estimate" => self.estimate(monitor)?.notices,
            "index" => self.index(monitor)?.notices,
            "report" => self.report()?.notices,
            other => unreachable!("'{other}' is no step"),
        })
    }

    /// Makes every artefact anew in a folder of its own, with the flags the journal remembers, and
    /// compares. Tells which steps were replayed.
    ///
    /// # Errors
    ///
    /// [`Error::Differs`] names the first artefact that is not what its inputs make it;
    /// [`CommitmentError`](super::CommitmentError) if the draw is not the one committed to.
    pub fn verify(&self, monitor: &dyn Monitor) -> Result<Vec<Ran>, crate::Error> {
        let replay = tempfile::tempdir()
            .map_err(|why| files::Error::write(Path::new("a temporary folder"), why))?;
        self.promised_before()?;
        self.followed_by_chance()?;
        for name in [SURVEY, KEY, COMMITMENT, FOLLOWED] {
            if self.path(name).exists() {
                copy(&self.path(name), &replay.path().join(name))?;
            }
        }
        if self.has_returns() {
            self.copy_returns(&replay.path().join(RETURNS))?;
        }
        let mut ran = Vec::new();
        for step in STEPS {
            if monitor.wants_stop() {
                return Err(Error::Stopped.into());
            }
            let Some(entry) = self.journal().last(step.name)? else {
                continue;
            };
            let again = Study::open_with(replay.path(), self.folder(), &entry.flags)?;
            let notices = again.replay(&entry, step.name, monitor)?;
            self.compare(&again, step)?;
            ran.push(Ran {
                step: step.name,
                taken: true,
                notices,
            });
            if step.name == "plan" {
                ran.extend(self.promise_again(replay.path())?);
            }
        }
        Ok(ran)
    }

    /// Whether list, check and plan as they are made anew keep the commitment, if there is one.
    fn promise_again(&self, replay: &Path) -> Result<Option<Ran>, crate::Error> {
        let Some(entry) = self.journal().last("commit")? else {
            return Ok(None);
        };
        Study::open_with(replay, self.folder(), &entry.flags)?.keeps()?;
        Ok(Some(Ran {
            step: "commit",
            taken: true,
            notices: Vec::new(),
        }))
    }

    /// Takes a step as the journal says it was taken.
    fn replay(
        &self,
        entry: &Entry,
        step: &str,
        monitor: &dyn Monitor,
    ) -> Result<Vec<Notice>, crate::Error> {
        match step {
            "plan" => Ok(self.plan(entry.interviews, true)?.notices),
            "field" => Ok(self.lists(entry.released.clone(), monitor)?.notices),
            _ => self.take(step, monitor),
        }
    }

    fn compare(&self, again: &Study, step: &folder::Step) -> Result<(), crate::Error> {
        for file in step.writes {
            let missing = || "missing".to_owned();
            let print = |study: &Study| match study.prints(&[file]) {
                Ok(mut prints) => prints.remove(*file).unwrap_or_else(missing),
                Err(_) => missing(),
            };
            let (found, wanted) = (print(self), print(again));
            if found != wanted {
                return Err(Error::Differs {
                    file: (*file).to_owned(),
                    step: step.name.to_owned(),
                    found,
                    wanted,
                }
                .into());
            }
        }
        Ok(())
    }

    fn copy_returns(&self, to: &Path) -> Result<(), crate::Error> {
        std::fs::create_dir_all(to).map_err(|why| files::Error::write(to, why))?;
        for path in self
            .returns("attempts")?
            .into_iter()
            .chain(self.returns("answers")?)
        {
            if let Some(name) = path.file_name() {
                copy(&path, &to.join(name))?;
            }
        }
        Ok(())
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), crate::Error> {
    std::fs::copy(from, to).map_err(|why| files::Error::write(to, why))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Study;
    use crate::progress::Silent;

    const SURVEY: &str = r#"
        survey = "Coffee"
        seed = "a test"
        [list]
        file = "list.csv"
        unit = "id"
        strata = ["region"]
        [[target]]
        margin = 4.0
        spread = 20.0
        design_effect = 1.0
        [[funnel]]
        working = 0.9
        reached = 0.8
        eligible = 0.9
        willing = 0.5
        [weigh]
        steps = []
    "#;

    fn list(rows: usize) -> String {
        let row = |i| format!("{i},{}\n", if i % 4 == 0 { "coast" } else { "town" });
        "id,region\n".to_owned() + &(0..rows).map(row).collect::<String>()
    }

    #[test]
    fn a_plan_that_was_asked_for_is_up_to_date_replayed_and_asked_for_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let write =
            |name, text: &str| std::fs::write(folder.path().join(name), text).expect("writes");
        write("survey.toml", SURVEY);
        write("list.csv", &list(1_000));
        let study = Study::open(folder.path()).expect("a study");
        study.check(&Silent).expect("a list");
        let asked = study.plan(Some(60), true).expect("a plan").value;
        assert!(
            (asked.expected_interviews() - 60.0).abs() < 1.0,
            "{}",
            asked.expected_interviews()
        );
        let ran = study.run(&Silent).expect("runs");
        let taken: Vec<(&str, bool)> = ran.iter().map(|ran| (ran.step, ran.taken)).collect();
        assert_eq!(taken, [("check", false), ("plan", false), ("draw", true)]);
        let replayed = study.verify(&Silent).expect("the same bytes");
        assert_eq!(replayed.len(), 3);

        write("list.csv", &list(1_001));
        assert!(
            study
                .run(&Silent)
                .expect("runs")
                .iter()
                .all(|ran| ran.taken)
        );
        let entry = study
            .journal()
            .last("plan")
            .expect("a journal")
            .expect("a plan");
        assert_eq!(entry.interviews, Some(60));
        study.plan(None, true).expect("a plan by its targets");
        study
            .verify(&Silent)
            .expect_err("the draw is of another plan");
    }
}
