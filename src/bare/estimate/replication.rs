//! Variances from replicates, which came with the table or are made from its design.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::table::Table;
use super::{Asked, Error, GivenWeights, Made, Replication};
use crate::estimate::variance::Rule;
use crate::estimate::variance::replicate::given::same;
use crate::estimate::variance::replicate::{
    Centre, Given, Kind, Maker, Replicated, Replicates, Units,
};
use crate::estimate::{self, Domain, Estimate, Joint, Statistic, Unknown};
use crate::field::Outcomes;
use crate::files::data::{self, Data};
use crate::files::labelled::{Labelled, Variable};
use crate::files::{json, read_text, tables};
use crate::method::Card;
use crate::random::Seed;

/// What stands beside exported replicates: its kind, and the version of its fields.
const KIND: &str = "replicates";
const SCHEMA: u32 = 1;

/// How replicates were made, and how a variance is made of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The key of the method's card: "bootstrap"; "replicate-weights" if they came with the table.
    pub method: String,
    /// How those that came with the table were made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// R.
    pub count: u64,
    /// The first of their columns, and the last.
    pub columns: [String; 2],
    /// c.
    pub scale: f64,
    /// c_r, where they are not all 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rscales: Vec<f64>,
    /// From where they are measured: "full" or "mean".
    pub centre: Centre,
    /// Whether columns are weights; else factors of the full weight.
    pub combined: bool,
    /// The text that chance came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// The file beside them, where it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<Stated>,
}

/// What the file beside exported replicates stated where nothing else was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// The file.
    pub path: String,
    /// What was taken from it.
    pub taken: Vec<Taken>,
}

/// What a file beside exported replicates decides, unless a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Taken {
    /// From where replicates are measured.
    Centre,
    /// Whether columns are weights.
    Combined,
    /// The constant before the sum.
    Scale,
}

/// The replicates that are asked for, if they are.
pub(super) fn replicates<'t>(
    asked: &Asked,
    known: Option<&Known>,
    table: &'t Table,
) -> Result<Option<Replicates<'t>>, crate::Error> {
    let Some(replication) = &asked.replication else {
        return Ok(None);
    };
    Ok(Some(match replication {
        Replication::Given(given) => {
            let known = known.expect("what came with the table was asked about");
            let columns = table.beside.replicates.iter();
            known.came(given, columns.map(Vec::as_slice).collect())?
        }
        Replication::Made(made) => {
            let units = Units::of(&table.design(asked)).map_err(Error::Replicates)?;
            // A method without chance asks for no seed, and takes nothing from it.
            let none = || Seed::new("none").expect("not blank");
            let seed = asked.seed.clone().unwrap_or_else(none);
            Replicates::made(made.resample.method().clone(), units, &seed)
                .map_err(Error::Replicates)?
                .centred(made.centre)
        }
    }))
}

/// What is known of replicate weights that came with the table: what a person asks for, and what a file
/// beside them states.
#[derive(Debug)]
pub(super) struct Known {
    pub combined: bool,
    pub centre: Centre,
    scale: Option<f64>,
    scales: Option<Vec<f64>>,
    stated: Option<Stated>,
}

impl Known {
    /// Of those that are asked for; nothing of those that are made.
    pub fn asked(asked: &Asked) -> Result<Option<Known>, crate::Error> {
        match &asked.replication {
            Some(Replication::Given(given)) => Known::of(given).map(Some),
            _ => Ok(None),
        }
    }

    /// Of these columns.
    ///
    /// # Errors
    ///
    /// [`Error::Contradicts`] names what is asked for against the word of the file: nobody knows which of
    /// the two is right, and each makes another variance.
    pub fn of(given: &GivenWeights) -> Result<Known, crate::Error> {
        let Some(path) = &given.scales else {
            return Ok(Known::plain(given, None));
        };
        if path.extension().is_none_or(|ending| ending != "json") {
            return Ok(Known::plain(given, Some(scales(path)?)));
        }
        let told: Told = json::read(path, KIND, SCHEMA)?;
        let path = path.display().to_string();
        contradicted(given, &told, &path)?;
        let taken = [
            (Taken::Centre, given.centre.is_none()),
            (Taken::Combined, given.combined.is_none()),
            (Taken::Scale, given.scale.is_none()),
        ];
        let taken = taken.into_iter().filter(|(_, taken)| *taken);
        Ok(Known {
            combined: told.combined,
            centre: told.centre,
            scale: Some(told.scale),
            scales: Some(match told.rscales.is_empty() {
                true => vec![1.0; told.count as usize],
                false => told.rscales,
            }),
            stated: Some(Stated {
                path,
                taken: taken.map(|(what, _)| what).collect(),
            }),
        })
    }

    /// What a person asks for, and else what is usual.
    fn plain(given: &GivenWeights, scales: Option<Vec<f64>>) -> Known {
        Known {
            combined: given.combined.unwrap_or(true),
            centre: given.centre.unwrap_or(Centre::Full),
            scale: given.scale,
            scales,
            stated: None,
        }
    }

    /// Replicates of these columns.
    pub fn came<'t>(
        &self,
        given: &GivenWeights,
        columns: Vec<&'t [f64]>,
    ) -> Result<Replicates<'t>, crate::Error> {
        self.fits(given.kind, columns.len())?;
        let found = Replicates::given(Given {
            kind: given.kind,
            columns,
            combined: self.combined,
            scale: self.scale,
            scales: self.scales.clone(),
            centre: self.centre,
            degrees: given.degrees,
        });
        Ok(found.map_err(Error::Replicates)?)
    }

    /// Whether the file states the constants that a kind has of itself, where it has some.
    fn fits(&self, kind: Kind, count: usize) -> Result<(), Error> {
        let Some(Stated { path, .. }) = &self.stated else {
            return Ok(());
        };
        let scales = self.scales.as_deref().unwrap_or_default();
        // Of too few columns, or another number of them, there is more to say than what their constants are.
        if count < 2 || scales.len() != count {
            return Ok(());
        }
        let (mut states, mut own) = (Vec::new(), Vec::new());
        let unlike = |(stated, own): &(f64, f64)| !same(*stated, *own);
        if let Some((stated, scale)) = self.scale.zip(kind.scale(count)).filter(unlike) {
            states.push(format!("scale {stated}"));
            own.push(format!("scale {scale}"));
        }
        if let Some(scale) = kind.unlike(scales) {
            states.push(format!("rscales such as {scale}"));
            own.push("rscales 1".to_owned());
        }
        match own.is_empty() {
            true => Ok(()),
            false => Err(Error::Contradicts {
                path: path.clone(),
                states,
                asked: vec![format!(
                    "--replicate-type {} with {}",
                    kind.word(),
                    own.join(", ")
                )],
            }),
        }
    }
}

/// Whether anything is asked for that the file beside the replicates states otherwise.
fn contradicted(given: &GivenWeights, told: &Told, path: &str) -> Result<(), Error> {
    let (mut states, mut asked) = (Vec::new(), Vec::new());
    if let Some(centre) = given.centre.filter(|centre| *centre != told.centre) {
        states.push(format!("centre {}", centre_word(told.centre)));
        asked.push(format!("--centre {}", centre_word(centre)));
    }
    if let Some(combined) = given.combined.filter(|combined| *combined != told.combined) {
        let word = |yes: bool| if yes { "yes" } else { "no" };
        states.push(format!("combined {}", word(told.combined)));
        asked.push(format!("--combined {}", word(combined)));
    }
    // A person who copies it may round; what is taken is the file's own.
    if let Some(scale) = given.scale.filter(|scale| !same(*scale, told.scale)) {
        states.push(format!("scale {}", told.scale));
        asked.push(format!("--scale {scale}"));
    }
    match asked.is_empty() {
        true => Ok(()),
        false => Err(Error::Contradicts {
            path: path.to_owned(),
            states,
            asked,
        }),
    }
}

fn centre_word(centre: Centre) -> &'static str {
    match centre {
        Centre::Full => "full",
        Centre::Mean => "mean",
    }
}

/// c_r: numbers apart by commas, blanks and lines.
fn scales(path: &Path) -> Result<Vec<f64>, crate::Error> {
    let text = read_text(path)?;
    let apart = |letter: char| letter.is_whitespace() || letter == ',';
    let words = text.split(apart).filter(|word| !word.is_empty());
    let number = |(place, word): (usize, &str)| match word.parse::<f64>() {
        Ok(number) => Some(Ok(number)),
        // The first word may be a heading.
        Err(_) if place == 0 => None,
        Err(_) => Some(Err(Error::BadScales {
            path: path.display().to_string(),
            found: word.to_owned(),
        })),
    };
    let numbers: Result<Vec<f64>, Error> = words.enumerate().filter_map(number).collect();
    Ok(numbers?)
}

/// What is told of replicates.
pub(super) fn told(asked: &Asked, known: Option<&Known>, replicates: &Replicates<'_>) -> Told {
    let count = replicates.count();
    let (kind, combined, seed) = match &asked.replication {
        Some(Replication::Given(given)) => {
            let known = known.expect("what came with the table was asked about");
            (Some(word(given.kind)), known.combined, None)
        }
        Some(Replication::Made(made)) if made.resample.is_chance() => {
            // Of a whole population there are no replicates, and nothing was left to chance.
            let seed = asked.seed.as_ref().filter(|_| count > 0);
            let seed = seed.map(|seed| seed.text().to_owned());
            (None, true, seed)
        }
        _ => (None, true, None),
    };
    let last = count.saturating_sub(1);
    let all = replicates.scales();
    let plain = all.iter().all(|scale| (scale - 1.0).abs() <= 0.0);
    Told {
        method: replicates.card().key.to_owned(),
        kind,
        count: count as u64,
        columns: [0, last].map(|place| replicates.name(place)),
        scale: replicates.scale(),
        rscales: if plain { Vec::new() } else { all.to_vec() },
        centre: replicates.centre(),
        combined,
        seed,
        stated: known.and_then(|known| known.stated.clone()),
    }
}

fn word(kind: Kind) -> String {
    match kind {
        Kind::Fay { rho } => format!("fay:{rho}"),
        kind => kind.word().to_owned(),
    }
}

/// Nothing is known of how answers came about.
pub(super) fn nothing() -> Outcomes {
    Outcomes {
        class: vec![],
        code: vec![],
        attempts: vec![],
        items: vec![],
    }
}

/// Figures that are made anew with every set of weights.
#[derive(Debug)]
pub(super) struct Anew<'a>(pub Replicated<'a>, pub &'static Card);

impl Rule for Anew<'_> {
    fn card(&self) -> &'static Card {
        self.1
    }

    /// Nobody asks for it: figures are made anew.
    fn variance(&self, _: &[f64], _: &[usize]) -> Result<f64, Unknown> {
        Err(Unknown::Still)
    }

    fn degrees(&self, _: &[usize]) -> u64 {
        0
    }

    fn anew(
        &self,
        statistic: &dyn Statistic,
        domain: &Domain<'_>,
    ) -> Option<Result<Estimate, estimate::Error>> {
        Some(self.0.estimate(statistic, domain))
    }

    fn is_anew(&self) -> bool {
        true
    }

    fn anew_jointly(
        &self,
        figures: &[(&dyn Statistic, &Domain<'_>)],
        maker: Option<Maker<'_>>,
    ) -> Option<Result<Joint, estimate::Error>> {
        Some(match maker {
            Some(maker) => self.0.made(figures, maker),
            None => self.0.jointly(figures),
        })
    }
}

/// Writes the table with its replicate weights, in the order in which it came, and beside it how they were
/// made; nothing if that is not asked for.
pub(super) fn export(
    asked: &Asked,
    table: &Table,
    replicates: Option<&Replicates<'_>>,
) -> Result<Vec<String>, crate::Error> {
    let made = match (&asked.replication, replicates) {
        (Some(Replication::Made(made)), Some(replicates)) => Some((made, replicates)),
        _ => None,
    };
    let Some((
        Made {
            export: Some(path), ..
        },
        replicates,
    )) = made
    else {
        return Ok(Vec::new());
    };
    let mut variables = variables(asked)?;
    let clash: Vec<String> = (0..replicates.count())
        .map(|place| replicates.name(place))
        .filter(|name| variables.iter().any(|there| there.name == *name))
        .collect();
    if !clash.is_empty() {
        let path = asked.data.display().to_string();
        let columns = clash;
        return Err(Error::Clash { path, columns }.into());
    }
    for place in 0..replicates.count() {
        let weights = replicates.weights(place, &table.weights);
        let mut column = vec![None; weights.len()];
        for (&row, weight) in table.order.iter().zip(weights) {
            column[row] = Some(weight);
        }
        let label = format!("Weights of replicate {}", place + 1);
        variables.push(Variable::numbers(&replicates.name(place), &label, column));
    }
    tables::write(path, &Labelled::of(variables))?;
    let beside = beside(path);
    json::write(&beside, KIND, SCHEMA, &told(asked, None, replicates))?;
    Ok([path, &beside]
        .map(|path| path.display().to_string())
        .to_vec())
}

/// Whether replicates can be written to `path`, before they are made.
pub(super) fn can_be_exported(asked: &Asked) -> Result<(), Error> {
    match &asked.replication {
        Some(Replication::Made(Made {
            export: Some(path), ..
        })) if tables::Ending::of(path).is_none() => {
            let path = path.display().to_string();
            Err(Error::NoFormat { path })
        }
        _ => Ok(()),
    }
}

/// "weights.csv.json", beside weights.csv.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".json");
    name.into()
}

/// All columns of the table, in its own order.
fn variables(asked: &Asked) -> Result<Vec<Variable>, crate::Error> {
    if let Some(labelled) = Labelled::read(&asked.data, &asked.choice, None)? {
        return Ok(labelled.variables().to_vec());
    }
    let there = data::columns_of(&asked.data, &asked.choice)?;
    let names: Vec<&str> = there.iter().map(String::as_str).collect();
    let table = Data::read_as(&asked.data, &names, &asked.choice)?;
    let mut variables = Vec::new();
    for name in names {
        // Codes such as 007 are texts, and stay so.
        let texts = table.texts(name)?;
        let zeros = |text: &String| text.len() > 1 && text.starts_with('0') && !text.contains('.');
        let long = |text: &String| text.len() > 15;
        let is_code = texts.iter().flatten().any(|text| zeros(text) || long(text));
        variables.push(match table.numbers_if_any(name)? {
            Some(numbers) if !is_code => Variable::numbers(name, "", numbers),
            _ => Variable::texts(name, "", texts),
        });
    }
    Ok(variables)
}
