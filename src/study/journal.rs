//! One line per command: which version did what, when, with which seed, on which files.
//!
//! With `cli/`, the only file that asks for the time.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::files;
use crate::random::seed::hex;

/// SHA-256 of files by their names in the study.
pub type Prints = BTreeMap<String, String>;

/// What one step did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The step: "draw".
    pub step: String,
    /// When it ended, in UTC.
    pub at: String,
    /// The version of canvass.
    pub version: String,
    /// The survey's seed.
    pub seed: String,
    /// Cards of the methods used.
    pub methods: Vec<String>,
    /// Settings that were overridden by flags.
    pub flags: Vec<(String, String)>,
    /// Interviews a plan was asked for, instead of what the targets call for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interviews: Option<u64>,
    /// The last replicate of each release, if replicates are released one after another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub released: Vec<u32>,
    /// What it read.
    pub read: Prints,
    /// What it wrote.
    pub wrote: Prints,
    /// How many notices it gave.
    pub notices: usize,
}

/// What a person asked of a step beside its settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Asked {
    /// Interviews, of a plan.
    pub interviews: Option<u64>,
    /// The last replicate of each release, of call lists.
    pub released: Vec<u32>,
}

/// The journal of a study.
#[derive(Debug, Clone)]
pub struct Journal {
    path: PathBuf,
}

impl Journal {
    /// The journal at `path`, which need not exist yet.
    #[must_use]
    pub fn at(path: PathBuf) -> Journal {
        Journal { path }
    }

    /// All entries, the oldest first.
    ///
    /// # Errors
    ///
    /// [`files::Error::Read`] names the line that is no entry.
    pub fn entries(&self) -> Result<Vec<Entry>, files::Error> {
        if !self.path.exists() {
            return Ok(Vec::new());
        }
        files::read_text(&self.path)?
            .lines()
            .enumerate()
            .map(|(i, line)| {
                serde_json::from_str(line).map_err(|why| files::Error::Read {
                    path: self.path.display().to_string(),
                    why: format!("line {}: {why}", i + 1),
                })
            })
            .collect()
    }

    /// The last entry of a step.
    ///
    /// # Errors
    ///
    /// As [`Journal::entries`].
    pub fn last(&self, step: &str) -> Result<Option<Entry>, files::Error> {
        Ok(self
            .entries()?
            .into_iter()
            .rfind(|entry| entry.step == step))
    }

    /// Adds an entry.
    ///
    /// # Errors
    ///
    /// [`files::Error::Write`] if it cannot be written.
    pub fn add(&self, entry: &Entry) -> Result<(), files::Error> {
        let say = |why: &dyn std::fmt::Display| files::Error::Write {
            path: self.path.display().to_string(),
            why: why.to_string(),
        };
        let line = serde_json::to_string(entry).map_err(|why| say(&why))?;
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(&self.path)
            .map_err(|why| say(&why))?;
        writeln!(file, "{line}").map_err(|why| say(&why))
    }
}

/// The time now, in UTC, to the second.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is where time is written down"
)]
pub fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::fmt::strtime::format("%Y-%m-%dT%H:%M:%SZ", now).expect("a fixed format")
}

/// A file's size, time and hash.
type Known = (u64, Option<SystemTime>, String);

/// SHA-256 of files, remembered while they keep their size and time: lists are long.
#[derive(Debug, Default)]
pub struct Printer {
    known: Mutex<BTreeMap<PathBuf, Known>>,
}

impl Printer {
    /// SHA-256 of a file, or of the names and hashes of a folder's files.
    ///
    /// # Errors
    ///
    /// [`files::Error::Read`] if something cannot be read.
    pub fn print(&self, path: &Path) -> Result<String, files::Error> {
        if path.is_dir() {
            return self.print_folder(path);
        }
        let meta = std::fs::metadata(path).map_err(|why| files::Error::read(path, why))?;
        let (size, time) = (meta.len(), meta.modified().ok());
        let known = self
            .known
            .lock()
            .expect("nobody panicked")
            .get(path)
            .cloned();
        if let Some((known_size, known_time, print)) = known
            && known_size == size
            && known_time == time
            && time.is_some()
        {
            return Ok(print);
        }
        let print = files::sha256_of(path)?;
        let mut all = self.known.lock().expect("nobody panicked");
        all.insert(path.to_owned(), (size, time, print.clone()));
        Ok(print)
    }

    fn print_folder(&self, folder: &Path) -> Result<String, files::Error> {
        let fail = |why: std::io::Error| files::Error::read(folder, why);
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
            .and_then(|entries| entries.map(|entry| entry.map(|e| e.path())).collect())
            .map_err(fail)?;
        paths.sort_unstable();
        let mut all = Sha256::new();
        for path in paths.iter().filter(|path| path.is_file()) {
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy())
                .unwrap_or_default();
            all.update(name.as_bytes());
            all.update([0]);
            all.update(self.print(path)?.as_bytes());
        }
        Ok(hex(&all.finalize()))
    }
}
