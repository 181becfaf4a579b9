//! A whole study on an invented list, invented calls and invented answers.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::estimate::Estimated;
use super::folder::{
    BOOK, CALLS, CHECK, ESTIMATES, FIELD, INDICES, KEY, NOTICE, REHEARSAL, REPORT, RETURNS, SURVEY,
};
use super::index::Indexed;
use super::study::write_key;
use super::{Artefact, Checked, Done, Error, FieldResult, NewSeed, Study, TEMPLATES, Template};
use crate::estimate::Estimate;
use crate::estimate::compare::Compared;
use crate::field::{CaseKey, Class};
use crate::files::{self, parquet, returns, workers};
use crate::index::IndexTable;
use crate::progress::{Event, Monitor};
use crate::random::Seed;
use crate::rehearse::{Invented, Recipe, Register, Sheet, invent};
use crate::settings::ListKind;

/// What a rehearsal gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rehearsed {
    /// The study's folder.
    pub folder: String,
    /// Units of the list.
    pub list_rows: u64,
    /// Units drawn.
    pub drawn: u64,
    /// Invented calls.
    pub attempts: u64,
    /// Invented interviews that are complete.
    pub interviews: u64,
    /// The figures.
    pub estimated: Vec<Estimate>,
    /// The index, if the survey has one.
    pub index: Option<IndexTable>,
    /// The firms of each service beside one another, if the index compares them.
    pub compared: Option<Compared>,
    /// What was made, and where it is.
    pub made: Vec<(String, String)>,
}

/// The invented returns. Whoever finds them knows that nobody was called.
pub(super) const INVENTED: [&str; 2] = [
    "5-returns/attempts-invented.csv",
    "5-returns/answers-invented.csv",
];

/// What a made list was made from, beside its parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Making {
    /// A made list has this; a real one has not.
    made_by: String,
    scale: f64,
    seed: String,
    recipe: String,
}

/// The file that says of a list that it was made.
const MAKING: &str = "made.json";

/// Rehearses a study: makes its folder from `template` (or goes on in one that an earlier rehearsal
/// made, with whatever was changed there), makes the list, and takes every step on invented calls.
///
/// `scale` is the part of the full list that is made; none for what rehearsal.toml says.
///
/// # Errors
///
/// [`Error::NoRehearsal`] if the template does not say how; [`Error::Exists`], [`Error::NotInvented`]
/// or [`Error::NotMade`] rather than touch a study, returns or a list that no rehearsal made; what
/// any step runs into.
pub fn rehearse(
    template: &Template,
    folder: &Path,
    scale: Option<f64>,
    monitor: &dyn Monitor,
) -> Result<Done<Rehearsed>, crate::Error> {
    let study = prepare(template, folder)?;
    study.forget_invented()?;
    let recipe = Recipe::read(&files::read_text(&study.path(REHEARSAL))?)?;
    study.make_list(&recipe, scale, monitor)?;
    study.plain_key()?;
    let mut notices = Vec::new();
    for ran in study.run(monitor)? {
        notices.extend(ran.notices);
    }
    let attempts = study.invent(&recipe, monitor)?;
    for ran in study.run(monitor)? {
        if ran.taken {
            notices.extend(ran.notices);
        }
    }
    let rehearsed = study.rehearsed(attempts)?;
    let read = vec![
        study.path(SURVEY).display().to_string(),
        study.path(REHEARSAL).display().to_string(),
    ];
    let wrote = rehearsed
        .made
        .iter()
        .map(|(_, path)| path.clone())
        .collect();
    Ok(Done {
        value: rehearsed,
        notices,
        read,
        wrote,
    })
}

/// The study to rehearse in.
fn prepare(template: &Template, folder: &Path) -> Result<Study, crate::Error> {
    if template.rehearsal.is_none() {
        let known = TEMPLATES.iter().filter(|t| t.rehearsal.is_some());
        return Err(Error::NoRehearsal {
            name: template.name.to_owned(),
            known: known.map(|t| t.name.to_owned()).collect(),
        }
        .into());
    }
    if !folder.join(SURVEY).exists() {
        template.init(folder, &NewSeed::Template)?;
    } else if !folder.join(REHEARSAL).exists() {
        return Err(Error::Exists {
            folder: folder.display().to_string(),
        }
        .into());
    }
    Study::open(folder)
}

impl Study {
    /// Removes what an earlier rehearsal invented, and refuses if real returns lie beside it.
    fn forget_invented(&self) -> Result<(), crate::Error> {
        let invented: Vec<PathBuf> = INVENTED.iter().map(|name| self.path(name)).collect();
        for kind in ["attempts", "answers"] {
            for path in self.returns(kind)? {
                if !invented.contains(&path) {
                    return Err(Error::NotInvented {
                        file: path.display().to_string(),
                    }
                    .into());
                }
            }
        }
        for path in invented.iter().filter(|path| path.exists()) {
            std::fs::remove_file(path).map_err(|why| files::Error::write(path, why))?;
        }
        Ok(())
    }

    /// Makes the list that the recipe describes, unless it is there already.
    fn make_list(
        &self,
        recipe: &Recipe,
        scale: Option<f64>,
        monitor: &dyn Monitor,
    ) -> Result<(), crate::Error> {
        let Some(described) = &recipe.register else {
            return if scale.is_some() {
                Err(crate::rehearse::Error::NoRegister.into())
            } else {
                Ok(())
            };
        };
        let scale = scale.unwrap_or(described.scale);
        let making = Making {
            made_by: format!("canvass {}", env!("CARGO_PKG_VERSION")),
            scale,
            seed: self.settings().survey.seed.clone(),
            recipe: self.print_of(&self.path(REHEARSAL))?,
        };
        let place = self.list_path();
        if place.exists() {
            let known = place.join(MAKING);
            if !known.exists() {
                return Err(Error::NotMade {
                    list: place.display().to_string(),
                }
                .into());
            }
            if files::json::read::<Making>(&known, "made-list", 1)
                .is_ok_and(|known| known == making)
            {
                return Ok(());
            }
        }
        let register = Register::new(recipe, scale, &self.seed())?;
        write_list(&register, &making, &place, monitor)
    }

    /// A made list has nobody's numbers, so its case ids need no secret: the same seed gives the same
    /// ones to everybody who rehearses.
    fn plain_key(&self) -> Result<(), crate::Error> {
        let path = self.path(KEY);
        if path.exists() || !self.settings().list.fictional {
            return Ok(());
        }
        let seed: Seed = self.seed().purpose("rehearse/case-key");
        write_key(
            &path,
            &CaseKey::new(Sha256::digest(seed.text().as_bytes()).into()),
        )
    }

    /// Invents what comes back from the field, and tells how many calls there were.
    fn invent(&self, recipe: &Recipe, monitor: &dyn Monitor) -> Result<u64, crate::Error> {
        const TASK: &str = "inventing calls and answers";
        let sample = self.sample("rehearse")?;
        let released = sample.called(self.released()?);
        let sheet = Sheet {
            case: &sample.id,
            key: &sample.row,
            columns: &sample.columns,
            released: &released,
        };
        monitor.hear(Event::Began {
            task: TASK,
            of: None,
        });
        let Invented { attempts, answers } =
            invent(recipe, &sheet, &self.calendar()?, &self.seed())?;
        returns::write_attempts(&self.path(INVENTED[0]), &attempts)?;
        returns::write_answers(&self.path(INVENTED[1]), &answers)?;
        monitor.hear(Event::Ended { task: TASK });
        Ok(attempts.len() as u64)
    }

    fn rehearsed(&self, attempts: u64) -> Result<Rehearsed, crate::Error> {
        let checked: Artefact<Checked> = self.read(CHECK, "check", "rehearse")?;
        let field: Artefact<FieldResult> = self.read(FIELD, "field", "rehearse")?;
        let estimated: Artefact<Estimated> = self.read(ESTIMATES, "estimates", "rehearse")?;
        let indexed: Option<Artefact<Indexed>> = match &self.settings().index {
            Some(_) => Some(self.read(INDICES, "indices", "rehearse")?),
            None => None,
        };
        let parts = indexed.map(|indexed| (indexed.content.table, indexed.content.compared));
        let (index, compared) = parts.unzip();
        let tally = field
            .content
            .rates
            .first()
            .map_or([0; 9], |whole| whole.tally);
        let mut made = Vec::new();
        if matches!(self.settings().list.kind, ListKind::Register { .. }) {
            made.push(("list".to_owned(), self.list_path().display().to_string()));
        }
        for (what, file) in [
            ("call lists", CALLS),
            ("calls and answers", RETURNS),
            ("report", REPORT),
            ("spreadsheet", BOOK),
            ("notice", NOTICE),
        ] {
            made.push((what.to_owned(), self.path(file).display().to_string()));
        }
        made.push(("study".to_owned(), self.folder().display().to_string()));
        Ok(Rehearsed {
            folder: self.folder().display().to_string(),
            list_rows: checked.content.census.rows,
            drawn: tally.iter().sum(),
            attempts,
            interviews: tally[Class::Interview as usize],
            estimated: estimated.content.estimates,
            index,
            compared: compared.flatten(),
            made,
        })
    }
}

/// Writes a made list part by part, beside its place, and puts it there when it is whole.
fn write_list(
    register: &Register,
    making: &Making,
    place: &Path,
    monitor: &dyn Monitor,
) -> Result<(), crate::Error> {
    const TASK: &str = "making the list";
    let parent = place.parent().unwrap_or(Path::new("."));
    let fail = |why: std::io::Error| files::Error::write(place, why);
    let beside = tempfile::Builder::new()
        .prefix(".canvass-list-")
        .tempdir_in(parent)
        .map_err(fail)?;
    monitor.hear(Event::Began {
        task: TASK,
        of: Some(register.rows()),
    });
    let done = std::sync::atomic::AtomicU64::new(0);
    let chunks: Vec<u64> = (0..register.chunks()).collect();
    workers::each(&chunks, |&chunk| {
        if monitor.wants_stop() {
            return Err(crate::Error::from(Error::Stopped));
        }
        let columns = register.chunk(chunk);
        parquet::write(
            &beside.path().join(format!("part-{chunk:04}.parquet")),
            &columns,
        )?;
        let rows = columns.rows() as u64;
        let done = done.fetch_add(rows, std::sync::atomic::Ordering::Relaxed) + rows;
        monitor.hear(Event::Reached { task: TASK, done });
        Ok(())
    })?;
    files::json::write(&beside.path().join(MAKING), "made-list", 1, making)?;
    if place.exists() {
        std::fs::remove_dir_all(place).map_err(fail)?;
    }
    let beside = beside.keep();
    readable(&beside).map_err(fail)?;
    std::fs::rename(&beside, place).map_err(fail)?;
    monitor.hear(Event::Ended { task: TASK });
    Ok(())
}

/// Temporary folders are made for their owner alone; what is kept is a folder like any other.
#[cfg(unix)]
fn readable(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> std::io::Result<()> {
    Ok(())
}
