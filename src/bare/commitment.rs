//! A promise before a draw from a bare file, published before anybody can know who is drawn.
//!
//! It holds all that decides: the list's fingerprint, the request, the numbers per stratum, the version and
//! the seal of the seed. With these there is one draw, so nobody can choose another without breaking it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Drawn, Error, Request, Sample, draw};
use crate::files::{self, json, sha256_of};
use crate::progress::Monitor;
use crate::random::Seed;
use crate::study::Done;

/// A promise that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BareCommitted {
    /// The line to be published.
    pub line: String,
    /// SHA-256 of the promise's file.
    pub sha256: String,
    /// What it promises: the fields of a manifest that are known before the draw, and the seed's seal.
    pub commitment: Value,
}

/// What stands in a promise: its kind, and the version of its fields.
const KIND: &str = "bare-commitment";
const SCHEMA: u32 = 1;

/// Promises the draw whose sample is to stand in `out`: writes `OUT.commitment.json`. Who would be drawn is
/// written nowhere.
///
/// The seed may stay a secret until the draw, if it is long: whoever guesses it can tell who will be drawn.
///
/// # Errors
///
/// [`Error::Broken`] if another promise stands there; those of [`draw`](super::draw()).
///
/// # Example
///
/// ```
/// use canvass::bare::{self, Many, Request};
/// use canvass::{progress::Silent, random::Seed};
///
/// # let folder = tempfile::tempdir().expect("a folder");
/// # let (list, out) = (folder.path().join("town.csv"), folder.path().join("sample.csv"));
/// std::fs::write(&list, "id,side\n1,north\n2,south\n3,north\n4,north\n").expect("a list");
/// let of = |seed| Request::new(list.clone(), "id", Many::All(2), Seed::new(seed).expect("not blank"));
/// let promised = bare::commit(&of("the evening draw"), &out, &Silent)?.value;
/// assert!(promised.line.ends_with(&promised.sha256));
/// assert!(bare::draw(&of("the morning draw"), &Silent)?.keep(&out).is_err());
/// assert!(bare::draw(&of("the evening draw"), &Silent)?.keep(&out).is_ok());
/// # Ok::<(), canvass::Error>(())
/// ```
pub fn commit(
    request: &Request,
    out: &Path,
    monitor: &dyn Monitor,
) -> Result<Done<BareCommitted>, crate::Error> {
    Sample::can_be_kept(request, out)?;
    // Who would be drawn is forgotten here.
    let sample = draw(request, monitor)?;
    let commitment = of(&sample.drawn);
    let path = beside(out);
    if let Some(there) = read(&path)? {
        agree(&path, &there, &commitment)?;
    }
    json::write(&path, KIND, SCHEMA, &commitment)?;
    let sha256 = sha256_of(&path)?;
    let version = &sample.drawn.version;
    let name = out.file_name().unwrap_or_default().display();
    Ok(Done {
        value: BareCommitted {
            line: format!("{name}: canvass {version} commitment {sha256}"),
            sha256,
            commitment,
        },
        notices: sample.notices,
        read: sample.read,
        wrote: vec![path.display().to_string()],
    })
}

/// Where the promise of the sample in `out` stands.
pub(super) fn beside(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".commitment.json");
    PathBuf::from(name)
}

/// A promise, if one stands there.
pub(super) fn read(path: &Path) -> Result<Option<Value>, files::Error> {
    match path.is_file() {
        true => json::read(path, KIND, SCHEMA).map(Some),
        false => Ok(None),
    }
}

/// SHA-256 of the promise that the sample in `out` was to keep to, if there is one.
///
/// # Errors
///
/// [`Error::Broken`] if the draw is another.
pub(super) fn kept(out: &Path, drawn: &Drawn) -> Result<Option<String>, crate::Error> {
    let path = beside(out);
    let Some(promised) = read(&path)? else {
        return Ok(None);
    };
    agree(&path, &promised, &of(drawn))?;
    Ok(Some(sha256_of(&path)?))
}

fn agree(path: &Path, promised: &Value, now: &Value) -> Result<(), Error> {
    let found = super::verify::promised(promised, now);
    match found.differ {
        0 => Ok(()),
        more => {
            let rest = (more as usize).saturating_sub(found.first.len());
            let mut problems = found.first;
            problems.extend((rest > 0).then(|| format!("and {rest} more")));
            Err(Error::Broken {
                promise: path.display().to_string(),
                problems,
            })
        }
    }
}

/// What is known of a draw before it is made. The seal is not the seed, nor its key.
pub(super) fn of(drawn: &Drawn) -> Value {
    const NOT_YET: [&str; 13] = [
        "seed",
        "seed_key",
        "says",
        "data",
        "format",
        "drawn",
        "hits",
        "balance",
        "sample",
        "sha256",
        "commitment",
        "pairs",
        "chances",
    ];
    let mut all = serde_json::to_value(drawn).unwrap_or_default();
    let Some(fields) = all.as_object_mut() else {
        return all;
    };
    // Where the table of an allocation stands is no part of a draw.
    let by_table = drawn.allocation_sha256.is_some();
    let is_known = |name: &str| !NOT_YET.contains(&name);
    fields.retain(|name, _| is_known(name) && (name != "asked" || !by_table));
    let only: [(&str, &[&str]); 5] = [
        ("strata", &["stratum", "units", "expected"]),
        ("stages", &["column", "method", "by", "take"]),
        ("one_call", &["number", "ask"]),
        ("coordination", &["sha256", "turn"]),
        ("rest", &["sha256"]),
    ];
    for (name, keys) in only {
        let each: Vec<&mut Value> = match fields.get_mut(name) {
            Some(Value::Array(all)) => all.iter_mut().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        for one in each.into_iter().filter_map(Value::as_object_mut) {
            one.retain(|key, _| keys.contains(&key.as_str()));
        }
    }
    let seal = Seed::new(&drawn.seed).map(|seed| seed.seal());
    fields.insert("seed_seal".to_owned(), seal.into());
    all
}
