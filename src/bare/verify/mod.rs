//! A draw from a bare file, looked at by whoever doubts it.
//!
//! A manifest holds all that was asked for. With the list, [`verify`] draws again by it and compares: the
//! list's fingerprint, who was drawn, chances, weights, all other cells, and what the manifest says of them.
//! Nothing in the manifest is believed but the request itself; that no other request was tried before, only
//! a [promise](super::commit) before the draw can show. Without the list, [`show_unit`] tells of one unit
//! what its number made of it.

mod again;

mod compare;

mod unit;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::sample::{KIND, SCHEMA, beside};
use super::{Drawn, Error, commitment, draw};
use crate::files::json;
use crate::language::Words;
use crate::progress::Monitor;
use crate::study::Done;

pub(super) use compare::promised;
pub use unit::show_unit;

/// Files that a draw went by beside its list, where they no longer stand where its manifest says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// The table that says how many from each stratum.
    pub allocation: Option<PathBuf>,
    /// The file of units that rest.
    pub rest: Option<PathBuf>,
    /// The manifest of an earlier draw.
    pub before: Option<PathBuf>,
}

/// What a second draw found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    /// The manifest.
    pub manifest: String,
    /// The sample.
    pub sample: String,
    /// The list.
    pub list: String,
    /// The version of canvass that drew.
    pub version: String,
    /// The key of the method's card.
    pub method: String,
    /// The seed's key.
    pub seed_key: String,
    /// The list's fingerprint, as it was found.
    pub fingerprint: String,
    /// Units drawn, the second time.
    pub drawn: u64,
    /// What was compared.
    pub compared: Vec<Compared>,
}

/// Something that was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// What it is.
    pub what: What,
    /// How many of it.
    pub count: u64,
    /// How many differ.
    pub differ: u64,
    /// The first of these, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<String>,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The fingerprint of the list.
    List,
    /// The bytes of the sample's file.
    Sample,
    /// Who was drawn.
    Units,
    /// The chances of those.
    Chances,
    /// Their weights.
    Weights,
    /// All other cells of the sample.
    Cells,
    /// The chances of pairs.
    Pairs,
    /// The manifest, field by field.
    Manifest,
    /// What was promised before the draw.
    Commitment,
}

impl What {
    /// What it is called.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            What::List => Words::new("the list's fingerprint", "名单指纹"),
            What::Sample => Words::new("the sample's file", "样本文件"),
            What::Units => Words::new("units", "入样单位"),
            What::Chances => Words::new("chances", "入样概率"),
            What::Weights => Words::new("weights", "权数"),
            What::Cells => Words::new("other cells", "其他单元格"),
            What::Pairs => Words::new("chances of pairs", "二阶入样概率"),
            What::Manifest => Words::new("fields of the manifest", "抽样说明各项"),
            What::Commitment => Words::new("fields of the commitment", "承诺各项"),
        }
    }
}

/// How many differences are told in words.
const TOLD: usize = 5;

impl Compared {
    fn new(what: What) -> Compared {
        Compared {
            what,
            count: 0,
            differ: 0,
            first: Vec::new(),
        }
    }

    /// Of a file that is not at hand: nothing is counted.
    fn absent(what: What, path: &Path) -> Compared {
        Compared {
            first: vec![format!("{} is not there", path.display())],
            ..Compared::new(what)
        }
    }

    /// Counts one more, and tells it if it differs.
    fn count(&mut self, differs: bool, says: impl FnOnce() -> String) {
        self.count += 1;
        if differs {
            self.differs(says);
        }
    }

    fn differs(&mut self, says: impl FnOnce() -> String) {
        self.differ += 1;
        if self.first.len() < TOLD {
            self.first.push(says());
        }
    }
}

impl Verified {
    /// Whether nothing differs.
    ///
    /// # Errors
    ///
    /// [`Error::NotSame`] counts what differs, and names the first of each kind.
    pub fn holds(&self) -> Result<(), Error> {
        let differs = self.compared.iter().filter(|one| one.differ > 0);
        let problems: Vec<String> = differs
            .map(|one| {
                let first = one.first.first().map(String::as_str).unwrap_or_default();
                let what = one.what.words().en;
                format!("{} of {} {what} differ ({first})", one.differ, one.count)
            })
            .collect();
        match problems.is_empty() {
            true => Ok(()),
            false => Err(Error::NotSame {
                sample: self.sample.clone(),
                problems,
            }),
        }
    }
}

/// A manifest that was kept, and where it and its sample stand.
struct Kept {
    manifest: PathBuf,
    sample: PathBuf,
    drawn: Drawn,
}

impl Kept {
    /// Of the file `OUT.json`, or of its sample `OUT` with that beside it.
    fn read(path: &Path) -> Result<Kept, crate::Error> {
        let is_manifest = path.extension().is_some_and(|ending| ending == "json");
        let manifest = if is_manifest {
            path.to_owned()
        } else {
            beside(path)
        };
        let drawn: Drawn = json::read(&manifest, KIND, SCHEMA)?;
        let there = manifest.with_extension("");
        let sample = match (&drawn.sample, there.is_file()) {
            _ if !is_manifest => path.to_owned(),
            (Some(named), false) => self::near(Path::new(named), &manifest),
            _ => there,
        };
        Ok(Kept {
            manifest,
            sample,
            drawn,
        })
    }

    fn name(&self) -> String {
        self.manifest.display().to_string()
    }
}

/// A file where its path says; or else, if one stands there, under its name beside the manifest.
fn near(path: &Path, manifest: &Path) -> PathBuf {
    let beside = path.file_name().map(|name| manifest.with_file_name(name));
    match beside {
        Some(beside) if !path.exists() && beside.exists() => beside,
        _ => path.to_owned(),
    }
}

/// Draws again from the list in `data` as the manifest of `sample` says, and compares. `sample` is the
/// sample's file with its manifest beside it, or the manifest.
///
/// # Errors
///
/// [`Error::Older`] if the manifest does not hold all that was asked for; [`Error::OtherFile`] if a file that
/// the draw went by is not what it was; else what files, list and drawing methods run into. That something
/// differs is no error: [`Verified::holds`] tells it.
///
/// # Example
///
/// ```
/// use canvass::bare::{self, Many, Moved, Request};
/// use canvass::{progress::Silent, random::Seed};
///
/// # let folder = tempfile::tempdir().expect("a folder");
/// # let (list, out) = (folder.path().join("town.csv"), folder.path().join("sample.csv"));
/// std::fs::write(&list, "id,side\n1,north\n2,south\n3,north\n4,north\n").expect("a list");
/// let seed = Seed::new("the evening draw").expect("not blank");
/// let request = Request::new(list.clone(), "id", Many::All(2), seed);
/// bare::draw(&request, &Silent)?.keep(&out)?;
/// let found = bare::verify(&list, &out, &Moved::default(), &Silent)?.value;
/// assert!(found.holds().is_ok());
///
/// std::fs::write(&list, "id,side\n1,north\n2,south\n3,north\n5,north\n").expect("another list");
/// let found = bare::verify(&list, &out, &Moved::default(), &Silent)?.value;
/// assert!(found.holds().is_err());
/// # Ok::<(), canvass::Error>(())
/// ```
pub fn verify(
    data: &Path,
    sample: &Path,
    moved: &Moved,
    monitor: &dyn Monitor,
) -> Result<Done<Verified>, crate::Error> {
    let kept = Kept::read(sample)?;
    let request = again::request(&kept, data, moved)?;
    let again = draw(&request, monitor)?;
    let mut compared = compare::all(&kept, &request, &again)?;
    let mut read = vec![kept.name(), kept.sample.display().to_string()];
    let promise = commitment::beside(&kept.sample);
    if let Some(promised) = commitment::read(&promise)? {
        compared.push(compare::kept_to(&kept, &promise, &promised, &again)?);
        read.push(promise.display().to_string());
    } else if kept.drawn.commitment.is_some() {
        compared.push(Compared::absent(What::Commitment, &promise));
    }
    read.extend(again.read);
    Ok(Done {
        value: Verified {
            manifest: kept.name(),
            sample: kept.sample.display().to_string(),
            list: data.display().to_string(),
            version: kept.drawn.version,
            method: again.drawn.method,
            seed_key: again.drawn.seed_key,
            fingerprint: again.drawn.fingerprint,
            drawn: again.drawn.drawn,
            compared,
        },
        notices: again.notices,
        read,
        wrote: Vec::new(),
    })
}
