//! A draw from a bare file that goes on from an earlier one: the same units again, or others.
//!
//! Both are drawn by one seed and one method, so a unit has the same number in both. What the earlier draw
//! did to the numbers stands in its manifest, and this one goes on from there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::census::{self, Stratum};
use super::pools::Part;
use super::rest::RestFile;
use super::sample::{KIND, SCHEMA, beside};
use super::takes::Take;
use super::{Drawn, Error, Request, method};
use crate::draw::waves::coordinate::{Turn, by_number};
use crate::draw::waves::overlap::{self, Wave};
use crate::draw::waves::turning::Turning;
use crate::draw::{self, METHODS, Pool, Probabilities, Size};
use crate::files::data::Choice;
use crate::files::{json, lists, sha256_of};
use crate::frame::{Frame, Numbering};
use crate::progress::Monitor;
use crate::random::Seed;
use crate::study::Shared;

/// How a draw was coordinated with an earlier one, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coordinated {
    /// The manifest of the earlier draw, as it was named.
    pub before: String,
    /// Its SHA-256.
    pub sha256: String,
    /// The fingerprint of the earlier list.
    pub fingerprint: String,
    /// What was done to permanent numbers, counted from those that nobody turned.
    pub turn: Turn,
    /// What both samples share.
    pub all: Shared,
    /// The same by stratum, in order of their labels.
    pub strata: Vec<Shared>,
}

/// An earlier draw from a bare file, as far as another goes on from it.
#[derive(Debug, Clone)]
pub struct Earlier {
    manifest: PathBuf,
    sha256: String,
    drawn: Drawn,
    wish: Turning,
    turn: Option<Turn>,
}

/// The units of a stratum.
pub(super) struct Listed {
    label: String,
    ids: Vec<String>,
    sizes: Vec<f64>,
}

impl Earlier {
    /// Reads what a manifest says of the earlier draw: the file `OUT.json`, or its sample `OUT` with that
    /// beside it.
    ///
    /// # Errors
    ///
    /// [`files::Error`](crate::files::Error) if it cannot be read, or is no manifest of a draw from a bare
    /// file.
    pub fn read(path: &Path, wish: Turning) -> Result<Earlier, crate::Error> {
        let manifest = match path.extension().is_some_and(|ending| ending == "json") {
            true => path.to_owned(),
            false => beside(path),
        };
        let drawn: Drawn = json::read(&manifest, KIND, SCHEMA)?;
        let before = drawn.coordination.as_ref().map(|wave| wave.turn);
        Ok(Earlier {
            sha256: sha256_of(&manifest)?,
            turn: before.unwrap_or_default().followed_by(wish),
            manifest,
            drawn,
            wish,
        })
    }

    /// The same, of a draw that is made again: what it did to permanent numbers is known.
    ///
    /// # Errors
    ///
    /// As [`Earlier::read`].
    pub(super) fn turned(path: &Path, turn: Turn) -> Result<Earlier, crate::Error> {
        let earlier = Earlier::read(path, Turning::Same)?;
        Ok(Earlier {
            turn: Some(turn),
            ..earlier
        })
    }

    /// What this draw does to permanent numbers.
    pub(super) fn turn(&self) -> Turn {
        self.turn.unwrap_or_default()
    }

    fn name(&self) -> String {
        self.manifest.display().to_string()
    }

    /// Refuses a draw that cannot go on from it, with all that is in the way.
    pub(super) fn suits(&self, request: &Request) -> Result<(), Error> {
        let (drawn, key) = (&self.drawn, request.method.card.key);
        let mut problems = Vec::new();
        if request.stages.is_some() || !drawn.stages.is_empty() {
            problems.push("draws in stages are not coordinated".to_owned());
        }
        if drawn.seed_key != request.seed.key() {
            problems.push(format!("it was drawn by the seed '{}'", drawn.seed));
        }
        if drawn.method != key {
            problems.push(format!(
                "it was drawn by '{}', and this is '{key}'",
                drawn.method
            ));
        }
        if !by_number(request.method) {
            let known = METHODS.iter().filter(|method| by_number(method));
            let known: Vec<&str> = known.map(|method| method.card.key).collect();
            problems.push(format!(
                "'{key}' does not decide by permanent numbers, as {} do",
                known.join(", ")
            ));
        }
        if self.turn.is_none() {
            let before = drawn.coordination.as_ref().map(|wave| wave.turn);
            problems.push(format!(
                "its numbers were {}, and cannot be turned by '{}' as well",
                before.unwrap_or_default().formula(),
                self.wish.word()
            ));
        }
        self.refuse(problems)
    }

    fn refuse(&self, problems: Vec<String>) -> Result<(), Error> {
        match problems.is_empty() {
            true => Ok(()),
            false => Err(Error::Before {
                before: self.name(),
                problems,
            }),
        }
    }

    /// The units that the earlier draw was made from; none if its list is not at hand as it was. `here` is
    /// the list of this draw with nobody at rest, and its fingerprint.
    ///
    /// # Errors
    ///
    /// What reading a list runs into.
    pub(super) fn list(
        &self,
        request: &Request,
        (here, fingerprint): (&[Stratum], &str),
        monitor: &dyn Monitor,
    ) -> Result<Option<Vec<Listed>>, crate::Error> {
        let same = fingerprint == self.drawn.fingerprint
            && request.size == self.drawn.size
            && request.strata == self.drawn.strata_by;
        let mut units = match same {
            true => here.iter().map(Listed::of).collect(),
            false => match self.other_list(monitor)? {
                Some(strata) => strata.iter().map(Listed::of).collect::<Vec<_>>(),
                None => return Ok(None),
            },
        };
        if let Some(rest) = &self.drawn.rest {
            let path = Path::new(&rest.file);
            let file = match path.exists() {
                true => RestFile::read(path, &self.drawn.id)?,
                false => return Ok(None),
            };
            if file.sha256() != rest.sha256 {
                return Ok(None);
            }
            units.iter_mut().for_each(|one| one.without(&file));
        }
        Ok(Some(units))
    }

    /// The units of the earlier list, if it is another one, and still what it was.
    fn other_list(&self, monitor: &dyn Monitor) -> Result<Option<Vec<Stratum>>, crate::Error> {
        let Some(again) = self.again() else {
            return Ok(None);
        };
        if !again.data.exists() {
            return Ok(None);
        }
        let opened = lists::open_chosen(&again.data, &again.texts(), &again.choice())?;
        let Ok(frame) = Frame::new(opened.list, again.roles(), Numbering::default()) else {
            return Ok(None);
        };
        match census::read(&again, &frame, monitor) {
            Ok(found) if found.fingerprint == self.drawn.fingerprint => {
                census::units(&again.how(), &frame, monitor).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// What was asked for then, as far as it decides which columns are read.
    fn again(&self) -> Option<Request> {
        let drawn = &self.drawn;
        let seed = Seed::new(&drawn.seed)?;
        let request = Request::new(
            drawn.data.as_str().into(),
            &drawn.id,
            drawn.asked.clone(),
            seed,
        );
        Some(Request {
            sheet: drawn.sheet.clone(),
            strata: drawn.strata_by.clone(),
            size: drawn.size.clone(),
            method: method(&drawn.method).ok()?,
            one_call: drawn.one_call.as_ref().map(|calls| calls.number.clone()),
            ..request
        })
    }

    /// What both draws are expected to share, before anybody is drawn: `theirs` are the units that the
    /// earlier one was made from, and `mine` those of this one.
    ///
    /// # Errors
    ///
    /// [`Error::Before`] if the strata are others; else what drawing methods run into.
    pub(super) fn expects(
        &self,
        request: &Request,
        theirs: Option<&[Listed]>,
        (mine, takes): (&[Stratum], &[Take]),
    ) -> Result<Coordinated, crate::Error> {
        self.has_strata(mine)?;
        let strata: Result<Vec<Shared>, crate::Error> = mine
            .iter()
            .zip(takes)
            .map(|(stratum, take)| {
                let label = stratum.label();
                let theirs = theirs.map(|list| list.iter().find(|one| one.label == label));
                let shared = self.shares(request, theirs.flatten(), (stratum, *take));
                Ok(shared.map_err(|error| Error::Stratum {
                    stratum: label,
                    error,
                })?)
            })
            .collect();
        let strata = strata?;
        Ok(Coordinated {
            before: self.name(),
            sha256: self.sha256.clone(),
            fingerprint: self.drawn.fingerprint.clone(),
            turn: self.turn(),
            all: Shared::of_all(&strata),
            strata,
        })
    }

    /// Refuses other strata: a sample by stratum is compared with another by the same.
    fn has_strata(&self, mine: &[Stratum]) -> Result<(), Error> {
        let before: BTreeSet<String> = self
            .drawn
            .strata
            .iter()
            .map(|stratum| stratum.stratum.clone())
            .collect();
        let now: BTreeSet<String> = mine.iter().map(Stratum::label).collect();
        let strata: Vec<String> = before.symmetric_difference(&now).cloned().collect();
        let problems = super::error::named("strata are only in one of the two", &strata);
        self.refuse(problems.into_iter().collect())
    }

    fn shares(
        &self,
        request: &Request,
        theirs: Option<&Listed>,
        (stratum, take): (&Stratum, Take),
    ) -> Result<Shared, draw::Error> {
        let label = stratum.label();
        let told = self.drawn.strata.iter().find(|one| one.stratum == label);
        let asked = told.map_or(0.0, |told| told.expected);
        let mine = Listed::of(stratum);
        let random = request.method.size == Size::Random;
        let sized = (self.drawn.size.is_some(), request.size.is_some());
        let (first, ids) = match theirs {
            Some(theirs) => (theirs.chances(sized.0, random, asked)?, &theirs.ids),
            // As if the list were what it was: near enough to know what to expect.
            None if sized == (false, false) => {
                let population = told.map_or(1, |told| told.units.max(1)) as f64;
                let asked = asked / population * mine.ids.len() as f64;
                let asked = if random { asked } else { asked.round() };
                (mine.chances(false, random, asked)?, &mine.ids)
            }
            None => return Ok(Shared::unknown(label)),
        };
        let expected = take.expected(stratum.population);
        let second = mine.chances(sized.1, random, expected)?;
        let wave = |ids, chances, turn| Wave {
            pool: Pool::new(&label, ids, chances),
            turn,
        };
        let before = self.drawn.coordination.as_ref().map(|wave| wave.turn);
        let shared = overlap::expected(
            request.method,
            &wave(ids, &first, before.unwrap_or_default()),
            &wave(&mine.ids, &second, self.turn()),
        )?;
        Ok(Shared {
            expected: Some(shared.expected),
            exact: shared.exact && theirs.is_some(),
            by_chance: Some(shared.by_chance),
            ..Shared::unknown(label)
        })
    }

    /// Counts what both samples share, by the ids of the earlier one: unknown if it does not stand beside
    /// its manifest, or is not what it was. Says which file was read.
    ///
    /// # Errors
    ///
    /// What reading it runs into.
    pub(super) fn find(
        &self,
        coordinated: &mut Coordinated,
        parts: &[Part],
    ) -> Result<Option<String>, crate::Error> {
        let Some(path) = self.sample()? else {
            return Ok(None);
        };
        let id = self.drawn.id.as_str();
        let list = lists::open_chosen(&path, &[id], &Choice::default())?.list;
        let found: Mutex<BTreeSet<String>> = Mutex::default();
        list.scan(&[id], &|batch| {
            let cells = batch.columns.iter().flatten().flatten();
            let mut found = found.lock().expect("no visitor panicked");
            found.extend(cells.map(|cell| (*cell).to_owned()));
            Ok(())
        })?;
        let before = found.into_inner().expect("no visitor panicked");
        for (shared, part) in coordinated.strata.iter_mut().zip(parts) {
            let again = part.units.iter().filter(|unit| before.contains(&unit.id));
            shared.found = Some(again.count() as u64);
        }
        coordinated.all = Shared::of_all(&coordinated.strata);
        Ok(Some(path.display().to_string()))
    }

    /// The earlier sample, if it is there as it was written.
    fn sample(&self) -> Result<Option<PathBuf>, crate::Error> {
        let known = self.drawn.sample.as_ref().map(PathBuf::from);
        let there = [Some(self.manifest.with_extension("")), known];
        let Some(path) = there.into_iter().flatten().find(|path| path.is_file()) else {
            return Ok(None);
        };
        let same = Some(sha256_of(&path)?) == self.drawn.sha256;
        Ok(same.then_some(path))
    }

    /// The file that was read of it.
    pub(super) fn file(&self) -> String {
        self.name()
    }
}

impl Listed {
    fn of(stratum: &Stratum) -> Listed {
        Listed {
            label: stratum.label(),
            ids: stratum.units.ids().map(str::to_owned).collect(),
            sizes: (0..stratum.units.len())
                .map(|unit| stratum.units.size(unit))
                .collect(),
        }
    }

    fn without(&mut self, rest: &RestFile) {
        let ids = std::mem::take(&mut self.ids);
        let sizes = std::mem::take(&mut self.sizes);
        let awake = ids.into_iter().zip(sizes).filter(|(id, _)| !rest.rests(id));
        (self.ids, self.sizes) = awake.unzip();
    }

    fn chances(&self, sized: bool, random: bool, asked: f64) -> Result<Probabilities, draw::Error> {
        let units = self.ids.len();
        match (sized, random) {
            (true, _) => Probabilities::on_average(&self.sizes, asked),
            (false, true) => Probabilities::given(vec![asked / units.max(1) as f64; units]),
            (false, false) => Probabilities::equal(units, asked as usize),
        }
    }
}
