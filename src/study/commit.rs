//! Before step 3: a promise of how the draw will be made, published before anybody can know who is
//! drawn.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::check::Checked;
use super::draw::shares;
use super::drawn::DrawnBy;
use super::folder::{CHECK, COMMITMENT, DRAW, PLAN, SAMPLE, SURVEY};
use super::study::LIST;
use super::{Artefact, CommitmentError, Done, Study, calls, staged};
use crate::draw::Share;
use crate::frame::stratum_label;
use crate::plan::Plan;
use crate::random::seed::hex;

/// What is promised before a draw. With the same list, plan and seed there is one draw, so nobody can
/// choose another without breaking it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// The version of canvass that is to draw.
    pub version: String,
    /// The drawing method's card.
    pub method: String,
    /// The columns that the draw is to go by, beside ids and strata.
    #[serde(default, skip_serializing_if = "DrawnBy::is_nothing")]
    pub by: DrawnBy,
    /// The stages that clusters and units are to be drawn in, where clusters come first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<String>,
    /// How the unit is to be chosen that a call is about, where each number is called once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<String>,
    /// The draw that this one is to go on from, and how it is to turn its numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinate: Option<String>,
    /// Who is to rest: the day that counts, and the files that say who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<String>,
    /// SHA-256 of the list's file; of a folder, of the names and hashes of its files.
    pub list_sha256: String,
    /// The list's fingerprint.
    pub fingerprint: String,
    /// Units of the list.
    pub rows: u64,
    /// SHA-256 of 1-check.json.
    pub check_sha256: String,
    /// SHA-256 of 2-plan.json.
    pub plan_sha256: String,
    /// SHA-256 of one line for each stratum, in order of their labels: label, N_h and n_h, with tabs
    /// between them.
    pub numbers_sha256: String,
    /// Into how many replicates the sample is to be cut.
    pub replicates: u32,
    /// SHA-256 of the seed, a line break and "commitment"; none if the seed is to come later.
    pub seed_seal: Option<String>,
    /// How a later seed is to come about: "the evening draw of 1 March 2025".
    pub seed_rule: Option<String>,
    /// SHA-256 of the commitment that this one takes the place of.
    pub replaces: Option<String>,
}

/// What is promised of the seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeedPromise {
    /// It is the one in survey.toml, which may stay a secret until the draw.
    Sealed,
    /// It comes later and in public, by this rule if there is one.
    Later {
        /// How it is to come about.
        rule: Option<String>,
    },
}

/// A commitment that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committed {
    /// The line to be published.
    pub line: String,
    /// SHA-256 of 3-commitment.json.
    pub sha256: String,
    /// What it promises.
    pub commitment: Commitment,
}

/// A commitment that a draw kept to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// SHA-256 of 3-commitment.json.
    pub sha256: String,
    /// What it promised.
    #[serde(flatten)]
    pub commitment: Commitment,
}

impl Study {
    /// Promises how the draw will be made. The same promise again changes nothing; another one names
    /// the one it takes the place of.
    ///
    /// # Errors
    ///
    /// [`CommitmentError::Late`] if the sample is drawn already; [`Error::Missing`](super::Error::Missing) before
    /// a plan, or if the list is not fit or has changed since it was checked.
    pub fn commit(&self, seed: &SeedPromise) -> Result<Done<Committed>, crate::Error> {
        if let Some(file) = [SAMPLE, DRAW].iter().find(|file| self.path(file).exists()) {
            let file = (*file).to_owned();
            return Err(CommitmentError::Late { file }.into());
        }
        let checked: Artefact<Checked> = self.read(CHECK, "check", "commit")?;
        let plan: Artefact<Plan> = self.read(PLAN, "plan", "commit")?;
        checked.content.must_be_fit()?;
        checked.content.must_suit(&self.settings().draw)?;
        staged::planned(self.settings(), &plan.content)?;
        self.trust("check", &[LIST, CHECK])?;
        self.trust("plan", &[CHECK, PLAN])?;
        let mut commitment = self.promise(&checked.content, &plan.content)?;
        if let SeedPromise::Later { rule } = seed {
            if self.settings().plan.round.is_some() {
                return Err(CommitmentError::RoundedBySeed.into());
            }
            commitment.seed_seal = None;
            commitment.seed_rule.clone_from(rule);
        }
        commitment.replaces = self.replaced(&commitment)?;
        self.write(COMMITMENT, "commitment", &[], &[], &commitment)?;
        let sha256 = self.print_of(&self.path(COMMITMENT))?;
        let (survey, version) = (&self.settings().survey.name, &commitment.version);
        let committed = Committed {
            line: format!("{survey}: canvass {version} commitment {sha256}"),
            sha256,
            commitment,
        };
        let read = &[SURVEY, LIST, CHECK, PLAN];
        self.done("commit", read, &[], Vec::new(), committed)
    }

    /// SHA-256 of the commitment that a new one takes the place of; the same promise again stands
    /// where it stood.
    fn replaced(&self, new: &Commitment) -> Result<Option<String>, crate::Error> {
        let path = self.path(COMMITMENT);
        if !path.exists() {
            return Ok(None);
        }
        let there: Artefact<Commitment> = self.read(COMMITMENT, "commitment", "commit")?;
        let again = Commitment {
            replaces: there.content.replaces.clone(),
            ..new.clone()
        };
        if again == there.content {
            Ok(again.replaces)
        } else {
            Ok(Some(self.print_of(&path)?))
        }
    }

    /// What would be promised now.
    fn promise(&self, checked: &Checked, plan: &Plan) -> Result<Commitment, crate::Error> {
        Ok(Commitment {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            method: staged::card(&self.settings().draw).key.to_owned(),
            by: DrawnBy::of(&self.settings().draw.how),
            stages: staged::words(self.settings()),
            calls: self
                .settings()
                .draw
                .calls
                .map(|rule| calls::word(rule).to_owned()),
            coordinate: self.earlier()?.map(|earlier| earlier.words()),
            rest: self.resting()?.map(|list| list.words()),
            list_sha256: self.print_of(&self.list_path())?,
            fingerprint: checked.census.fingerprint.clone(),
            rows: checked.census.rows,
            check_sha256: self.print_of(&self.path(CHECK))?,
            plan_sha256: self.print_of(&self.path(PLAN))?,
            numbers_sha256: numbers_sha256(&shares(checked, plan)?),
            replicates: self.settings().draw.replicates,
            seed_seal: Some(self.seed().seal()),
            seed_rule: None,
            replaces: None,
        })
    }

    /// The commitment that a draw is to be made under, if there is one.
    ///
    /// # Errors
    ///
    /// [`CommitmentError::Unpromised`] if it is not the one that the journal knows;
    /// [`CommitmentError::Broken`] if list, plan, seed or version are not those it promises.
    pub(super) fn kept(
        &self,
        checked: &Checked,
        plan: &Plan,
    ) -> Result<Option<Kept>, crate::Error> {
        let known = self
            .journal()
            .last("commit")?
            .and_then(|mut entry| entry.wrote.remove(COMMITMENT));
        let found = self.commitment_print()?;
        let (Some(sha256), known) = (found.clone(), known.clone()) else {
            return match known {
                None => Ok(None),
                wanted => Err(CommitmentError::Unpromised { found, wanted }.into()),
            };
        };
        if known.as_ref().is_some_and(|known| *known != sha256) {
            return Err(CommitmentError::Unpromised {
                found,
                wanted: known,
            }
            .into());
        }
        let commitment = self
            .read::<Commitment>(COMMITMENT, "commitment", "draw")?
            .content;
        let differences = commitment.differences(&self.promise(checked, plan)?);
        if differences.is_empty() {
            Ok(Some(Kept { sha256, commitment }))
        } else {
            Err(CommitmentError::Broken { differences }.into())
        }
    }

    /// Whether what is there now keeps the commitment.
    ///
    /// # Errors
    ///
    /// As [`Study::kept`].
    pub(super) fn keeps(&self) -> Result<(), crate::Error> {
        let checked: Artefact<Checked> = self.read(CHECK, "check", "verify")?;
        let plan: Artefact<Plan> = self.read(PLAN, "plan", "verify")?;
        self.kept(&checked.content, &plan.content).map(|_| ())
    }

    /// Whether the journal shows the commitment before the draw that was made under it.
    ///
    /// # Errors
    ///
    /// [`CommitmentError::Unpromised`] if it was made, changed or removed afterwards.
    pub(super) fn promised_before(&self) -> Result<(), crate::Error> {
        let entries = self.journal().entries()?;
        let draw = entries.iter().rposition(|entry| entry.step == "draw");
        let before = &entries[..draw.unwrap_or(entries.len())];
        let wanted = before
            .iter()
            .rfind(|entry| entry.step == "commit")
            .and_then(|entry| entry.wrote.get(COMMITMENT))
            .cloned();
        let found = self.commitment_print()?;
        let used = draw.map_or(found.clone(), |at| {
            entries[at].read.get(COMMITMENT).cloned()
        });
        if found == wanted && used == wanted {
            Ok(())
        } else {
            Err(CommitmentError::Unpromised { found, wanted }.into())
        }
    }

    fn commitment_print(&self) -> Result<Option<String>, crate::Error> {
        let path = self.path(COMMITMENT);
        path.exists().then(|| self.print_of(&path)).transpose()
    }
}

impl Commitment {
    /// What is not as it was promised: the thing, what it is, and what it was to be.
    fn differences(&self, now: &Commitment) -> Vec<String> {
        let rows = [self.rows.to_string(), now.rows.to_string()];
        let replicates = [self.replicates.to_string(), now.replicates.to_string()];
        let columns = [self.by.words(), now.by.words()];
        let calls = [self, now].map(|promise| promise.calls.clone().unwrap_or("any".to_owned()));
        let none = |words: &Option<String>| words.clone().unwrap_or("none".to_owned());
        let stages = [self, now].map(|promise| none(&promise.stages));
        let waves = [self, now].map(|promise| none(&promise.coordinate));
        let rests = [self, now].map(|promise| none(&promise.rest));
        // A seed that was to come later may be any.
        let seal = |promise: &Commitment| self.seed_seal.as_ref().and(promise.seed_seal.clone());
        let seals = [self, now].map(|promise| seal(promise).unwrap_or_default());
        let pairs = [
            ("the version of canvass", &self.version, &now.version),
            ("the method", &self.method, &now.method),
            ("what the draw goes by", &columns[0], &columns[1]),
            ("how it goes in stages", &stages[0], &stages[1]),
            ("how a number is called", &calls[0], &calls[1]),
            ("the wave that it goes on from", &waves[0], &waves[1]),
            ("who rests", &rests[0], &rests[1]),
            ("the list's file", &self.list_sha256, &now.list_sha256),
            (
                "the list's fingerprint",
                &self.fingerprint,
                &now.fingerprint,
            ),
            ("the number of its rows", &rows[0], &rows[1]),
            ("1-check.json", &self.check_sha256, &now.check_sha256),
            ("2-plan.json", &self.plan_sha256, &now.plan_sha256),
            (
                "the numbers per stratum",
                &self.numbers_sha256,
                &now.numbers_sha256,
            ),
            ("the number of replicates", &replicates[0], &replicates[1]),
            ("the seed's seal", &seals[0], &seals[1]),
        ];
        pairs
            .into_iter()
            .filter(|(_, promised, found)| promised != found)
            .map(|(what, promised, found)| format!("{what} is {found}, not {promised}"))
            .collect()
    }
}

/// SHA-256 of one line for each stratum; see [`Commitment::numbers_sha256`].
fn numbers_sha256(shares: &[Share]) -> String {
    let mut lines: Vec<(String, u64, u64)> = shares
        .iter()
        .map(|share| (stratum_label(&share.labels), share.population, share.take))
        .collect();
    lines.sort_unstable();
    let mut all = Sha256::new();
    for (stratum, population, take) in lines {
        all.update(format!("{stratum}\t{population}\t{take}\n").as_bytes());
    }
    hex(&all.finalize())
}

#[cfg(test)]
mod tests {
    use super::{Commitment, DrawnBy, numbers_sha256};
    use crate::draw::Share;

    fn commitment() -> Commitment {
        let text = |what: &str| what.to_owned();
        Commitment {
            version: text("0.1.0"),
            method: text("simple"),
            by: DrawnBy::default(),
            stages: None,
            calls: None,
            coordinate: None,
            rest: None,
            list_sha256: text("a"),
            fingerprint: text("b"),
            rows: 1_000,
            check_sha256: text("c"),
            plan_sha256: text("d"),
            numbers_sha256: text("e"),
            replicates: 4,
            seed_seal: Some(text("f")),
            seed_rule: None,
            replaces: None,
        }
    }

    #[test]
    fn what_differs_is_named_with_both_values() {
        let promised = commitment();
        assert!(promised.differences(&commitment()).is_empty());
        let now = Commitment {
            rows: 999,
            seed_seal: Some("g".into()),
            ..commitment()
        };
        assert_eq!(
            promised.differences(&now),
            [
                "the number of its rows is 999, not 1000",
                "the seed's seal is g, not f"
            ]
        );
    }

    #[test]
    fn a_seed_that_comes_later_may_be_any() {
        let promised = Commitment {
            seed_seal: None,
            ..commitment()
        };
        assert!(promised.differences(&commitment()).is_empty());
    }

    #[test]
    fn numbers_per_stratum_agree_with_a_shell() {
        let share = |label: &str, population, take| Share {
            labels: vec![label.into()],
            population,
            take,
        };
        // printf 'coast\t250\t60\ntown\t750\t180\n' | sha256sum
        assert_eq!(
            numbers_sha256(&[share("town", 750, 180), share("coast", 250, 60)]),
            "9192053fef7ddc511a214f7c474228410f076ac1a001f8e1fcde746feaabf65d"
        );
    }
}
