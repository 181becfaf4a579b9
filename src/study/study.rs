//! A survey on disk: one verb per room.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Error;
use super::folder::{self, KEY, SURVEY};
use super::journal::{Asked, Entry, Journal, Printer, Prints, now};
use crate::field::CaseKey;
use crate::files;
use crate::files::lists::{self, Exclusion, Opened};
use crate::frame::{Frame, Numbering, Roles};
use crate::method::Card;
use crate::notice::Notice;
use crate::random::Seed;
use crate::settings::{ListEncoding, ListKind, Settings};

/// A folder with a survey.toml, and the steps taken in it.
#[derive(Debug)]
pub struct Study {
    /// Where artefacts are.
    folder: PathBuf,
    /// Where paths of survey.toml begin: the folder, except in a replay.
    home: PathBuf,
    settings: Settings,
    /// Settings overridden for this command; the journal keeps them.
    flags: Vec<(String, String)>,
    journal: Journal,
    printer: Printer,
}

/// What a step did, for the person who asked for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Done<T> {
    /// What it made.
    pub value: T,
    /// What a statistician must hear.
    pub notices: Vec<Notice>,
    /// The files it read, as a person knows them.
    pub read: Vec<String>,
    /// The files it wrote.
    pub wrote: Vec<String>,
}

/// Where an artefact comes from: at its head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The version of canvass.
    pub version: String,
    /// The survey's name.
    pub survey: String,
    /// The seed, from the draw on: before, it may be a secret, and nothing depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// Keys of the cards of the methods used.
    pub methods: Vec<String>,
}

/// An artefact in JSON: where it comes from, what must be heard, and its content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Artefact<T> {
    /// Where it comes from.
    pub origin: Origin,
    /// What a statistician must hear.
    pub notices: Vec<Notice>,
    /// The content.
    #[serde(flatten)]
    pub content: T,
}

impl Study {
    /// Opens the study in `folder`.
    ///
    /// # Errors
    ///
    /// [`Error::NoStudy`] if there is no survey.toml; all problems of the settings at once.
    pub fn open(folder: &Path) -> Result<Study, crate::Error> {
        Study::open_with(folder, folder, &[])
    }

    /// Opens the study with some settings overridden by flags: `("plan.pool", "1000")`.
    ///
    /// # Errors
    ///
    /// As [`Study::open`].
    pub fn open_with_flags(
        folder: &Path,
        flags: &[(String, String)],
    ) -> Result<Study, crate::Error> {
        Study::open_with(folder, folder, flags)
    }

    pub(super) fn open_with(
        folder: &Path,
        home: &Path,
        flags: &[(String, String)],
    ) -> Result<Study, crate::Error> {
        let path = folder.join(SURVEY);
        if !path.is_file() {
            return Err(Error::NoStudy {
                folder: folder.display().to_string(),
            }
            .into());
        }
        let settings = Settings::read(&files::read_text(&path)?, SURVEY)?.with_flags(flags)?;
        Ok(Study {
            folder: folder.to_owned(),
            home: home.to_owned(),
            settings,
            flags: flags.to_vec(),
            journal: Journal::at(folder.join(folder::JOURNAL)),
            printer: Printer::default(),
        })
    }

    /// The study's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where paths of survey.toml begin.
    #[must_use]
    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// What was decided.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Who did what, when.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The path of an artefact.
    #[must_use]
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// The path of the list.
    #[must_use]
    pub fn list_path(&self) -> PathBuf {
        self.home.join(&self.settings.list.file)
    }

    /// Where a file of the journal is: what a person brings is at home, even in a replay.
    fn place(&self, name: &str) -> PathBuf {
        let weigh = &self.settings.weigh;
        match name {
            LIST => self.list_path(),
            brought if weigh.controls.as_deref() == Some(brought) => self.home.join(brought),
            brought if weigh.covariance.as_deref() == Some(brought) => self.home.join(brought),
            brought if self.settings.draw.brings(brought) => self.home.join(brought),
            of_wave if self.settings.brings(of_wave) => self.home.join(of_wave),
            _ => self.path(name),
        }
    }

    /// The survey's seed.
    #[must_use]
    pub fn seed(&self) -> Seed {
        Seed::new(&self.settings.survey.seed).expect("settings refuse a blank seed")
    }

    /// Opens the list with the roles of its columns; also what was found out about its format.
    ///
    /// # Errors
    ///
    /// What reading it runs into, or columns it lacks.
    pub fn frame(&self) -> Result<(Frame, String), crate::Error> {
        let list = &self.settings.list;
        let Opened { list: opened, says } = self.open_list()?;
        let numbering = if list.fictional {
            Numbering::Fictional
        } else {
            Numbering::Chinese
        };
        let (unit, phone) = match &list.kind {
            ListKind::Register { unit, phone } => (unit.clone(), phone.clone()),
            ListKind::Numbers { .. } => ("number".to_owned(), Some("number".to_owned())),
        };
        let roles = Roles {
            unit,
            phone,
            strata: list.strata.clone(),
            cells: list.cells.clone(),
            carry: self.settings.carried(),
        };
        Ok((Frame::new(opened, roles, numbering)?, says))
    }

    fn open_list(&self) -> Result<Opened, crate::Error> {
        let list = &self.settings.list;
        let path = self.list_path();
        Ok(match &list.kind {
            ListKind::Register { .. } => {
                let declared = match list.encoding {
                    ListEncoding::Auto => None,
                    ListEncoding::Utf8 => Some(encoding_rs::UTF_8),
                    ListEncoding::Gb18030 => Some(encoding_rs::GB18030),
                };
                lists::open(&path, declared)?
            }
            ListKind::Numbers { block, exclude } => {
                let exclusions: Vec<Exclusion> = exclude
                    .iter()
                    .map(|e| Exclusion {
                        prefixes: e.prefixes.clone(),
                        matching: Vec::new(),
                        reason: e.reason.clone(),
                    })
                    .collect();
                let columns = [list.strata.clone(), self.settings.carried()].concat();
                lists::open_blocks(&path, block, &columns, &exclusions, list.fictional)?
            }
        })
    }

    /// The key of the case ids, made once if there is none yet.
    pub(super) fn case_key(&self) -> Result<CaseKey, crate::Error> {
        let path = self.path(KEY);
        if path.exists() {
            return read_key(&path);
        }
        let bytes = crate::random::entropy().map_err(|why| Error::NoEntropy { why })?;
        let key = CaseKey::new(bytes);
        write_key(&path, &key)?;
        Ok(key)
    }

    /// The prints of files, by the names a person knows them under.
    pub(super) fn prints(&self, names: &[&str]) -> Result<Prints, crate::Error> {
        let mut prints = Prints::new();
        for &name in names {
            let path = self.place(name);
            prints.insert(name.to_owned(), self.printer.print(&path)?);
        }
        Ok(prints)
    }

    /// The print of one file.
    pub(super) fn print_of(&self, path: &Path) -> Result<String, crate::Error> {
        Ok(self.printer.print(path)?)
    }

    /// Where an artefact made now comes from.
    pub(super) fn origin(&self, cards: &[&Card]) -> Origin {
        let mut methods: Vec<String> = cards.iter().map(|card| card.key.to_owned()).collect();
        methods.dedup();
        Origin {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            survey: self.settings.survey.name.clone(),
            seed: Some(self.settings.survey.seed.clone()),
            methods,
        }
    }

    /// Writes an artefact in JSON.
    pub(super) fn write<T: Serialize>(
        &self,
        file: &str,
        kind: &str,
        cards: &[&Card],
        notices: &[Notice],
        content: T,
    ) -> Result<(), crate::Error> {
        let mut origin = self.origin(cards);
        origin.seed = origin.seed.filter(|_| !folder::BEFORE.contains(&file));
        let artefact = Artefact {
            origin,
            notices: notices.to_vec(),
            content,
        };
        Ok(files::json::write(
            &self.path(file),
            kind,
            SCHEMA,
            &artefact,
        )?)
    }

    /// Reads an artefact in JSON that `step` needs.
    pub(super) fn read<T: serde::de::DeserializeOwned>(
        &self,
        file: &str,
        kind: &str,
        step: &str,
    ) -> Result<Artefact<T>, crate::Error> {
        self.need(file, step)?;
        Ok(files::json::read(&self.path(file), kind, SCHEMA)?)
    }

    /// Refuses if an artefact that `step` needs is not there.
    pub(super) fn need(&self, file: &str, step: &str) -> Result<(), Error> {
        if self.path(file).exists() {
            return Ok(());
        }
        Err(Error::Missing {
            file: file.to_owned(),
            step: step.to_owned(),
            writer: folder::writer(file).to_owned(),
        })
    }

    /// Refuses if something an earlier step read or wrote has changed since: its result would be
    /// used for what it was not made of.
    pub(super) fn trust(&self, step: &str, files: &[&str]) -> Result<(), crate::Error> {
        let Some(entry) = self.journal.last(step)? else {
            return Ok(());
        };
        for (file, print) in self.prints(files)? {
            let known = entry.wrote.get(&file).or(entry.read.get(&file));
            if known.is_some_and(|known| *known != print) {
                return Err(Error::Stale {
                    file,
                    writer: step.to_owned(),
                }
                .into());
            }
        }
        Ok(())
    }

    /// Notes in the journal that a step was taken, and tells what it did.
    pub(super) fn done<T>(
        &self,
        step: &str,
        read: &[&str],
        cards: &[&Card],
        notices: Vec<Notice>,
        value: T,
    ) -> Result<Done<T>, crate::Error> {
        self.done_asked(step, Asked::default(), read, cards, notices, value)
    }

    /// The same, for a step of which more was asked than settings say.
    pub(super) fn done_asked<T>(
        &self,
        step: &str,
        asked: Asked,
        read: &[&str],
        cards: &[&Card],
        notices: Vec<Notice>,
        value: T,
    ) -> Result<Done<T>, crate::Error> {
        let writes = folder::writes(step);
        let entry = Entry {
            step: step.to_owned(),
            at: now(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.settings.survey.seed.clone(),
            methods: self.origin(cards).methods,
            flags: self.flags.clone(),
            interviews: asked.interviews,
            released: asked.released,
            read: self.prints(read)?,
            wrote: self.prints(writes)?,
            notices: notices.len(),
        };
        self.journal.add(&entry)?;
        let shown = |name: &&str| {
            if *name == LIST {
                self.list_path().display().to_string()
            } else {
                (*name).to_owned()
            }
        };
        Ok(Done {
            value,
            notices,
            read: read.iter().map(shown).collect(),
            wrote: writes.iter().map(|name| (*name).to_owned()).collect(),
        })
    }

    /// Whether the last time a step was taken, it read and wrote what is there now.
    ///
    /// # Errors
    ///
    /// If the journal or a file cannot be read.
    pub fn is_current(&self, step: &str) -> Result<bool, crate::Error> {
        let Some(entry) = self.journal.last(step)? else {
            return Ok(false);
        };
        if entry.version != env!("CARGO_PKG_VERSION") || entry.flags != self.flags {
            return Ok(false);
        }
        // A second phase that was drawn since.
        let phase = folder::FOLLOWED;
        if step == "weigh" && self.path(phase).exists() && !entry.read.contains_key(phase) {
            return Ok(false);
        }
        for (file, print) in entry.read.iter().chain(&entry.wrote) {
            let path = self.place(file);
            if !path.exists() || self.printer.print(&path)? != *print {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The list, as the journal calls it: its path is the settings' affair.
pub(super) const LIST: &str = "the list";

/// The schema of all artefacts in JSON; one number, because they are read together.
pub(super) const SCHEMA: u32 = 1;

pub(super) fn read_key(path: &Path) -> Result<CaseKey, crate::Error> {
    Ok(CaseKey::from_hex(&files::read_text(path)?)?)
}

/// Writes the key of the case ids.
pub(super) fn write_key(path: &Path, key: &CaseKey) -> Result<(), crate::Error> {
    write_secret(path, &key.hex())
}

/// Writes a secret so that only its owner may read it, where the system knows owners. What is there
/// is not overwritten.
pub(super) fn write_secret(path: &Path, secret: &str) -> Result<(), crate::Error> {
    use std::io::Write;
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let text = format!("{secret}\n");
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|why| files::Error::write(path, why).into())
}
