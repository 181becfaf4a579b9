//! Studies to start from. They are files under `config/surveys/`, and the binary carries them.

use std::path::Path;

use super::folder::{REHEARSAL, SURVEY};
use super::{Error, Study};
use crate::files;
use crate::random::{entropy, seed::hex};

/// A study to start from.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// What a person types.
    pub name: &'static str,
    /// The survey.toml.
    pub survey: &'static str,
    /// The rehearsal.toml, if it can be rehearsed.
    pub rehearsal: Option<&'static str>,
    /// Further files of the study, by name.
    pub files: &'static [(&'static str, &'static str)],
}

/// All templates.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "chongqing-2016",
        survey: include_str!("../../config/surveys/chongqing-2016.toml"),
        rehearsal: Some(include_str!(
            "../../config/surveys/chongqing-2016.rehearsal.toml"
        )),
        files: &[],
    },
    Template {
        name: "chongqing-numbers",
        survey: include_str!("../../config/surveys/chongqing-numbers.toml"),
        rehearsal: Some(include_str!(
            "../../config/surveys/chongqing-numbers.rehearsal.toml"
        )),
        files: &[(
            "number_blocks.csv",
            include_str!("../../config/chongqing/number_blocks_2023.csv"),
        )],
    },
    Template {
        name: "simple",
        survey: include_str!("../../config/surveys/simple.toml"),
        rehearsal: None,
        files: &[],
    },
    Template {
        name: "sizes",
        survey: include_str!("../../config/surveys/sizes.toml"),
        rehearsal: None,
        files: &[],
    },
    Template {
        name: "stratified",
        survey: include_str!("../../config/surveys/stratified.toml"),
        rehearsal: None,
        files: &[],
    },
    Template {
        name: "two-stage",
        survey: include_str!("../../config/surveys/two-stage.toml"),
        rehearsal: None,
        files: &[],
    },
];

/// Which seed a new study is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewSeed {
    /// This text.
    Text(String),
    /// Thirty-two random bytes from the system, written down.
    Fresh,
    /// The template's own, so that everyone's rehearsal is the same.
    Template,
}

impl Template {
    /// The template with this name.
    ///
    /// # Errors
    ///
    /// [`Error::NoTemplate`] lists those there are.
    pub fn find(name: &str) -> Result<&'static Template, Error> {
        TEMPLATES
            .iter()
            .find(|template| template.name == name)
            .ok_or_else(|| Error::NoTemplate {
                name: name.to_owned(),
                known: TEMPLATES.iter().map(|t| t.name.to_owned()).collect(),
            })
    }

    /// Makes a study of it in `folder`. Tells which files were written.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] if there is a study already; [`Error::NoEntropy`] if a fresh seed cannot be
    /// had; [`files::Error::Write`].
    pub fn init(&self, folder: &Path, seed: &NewSeed) -> Result<Vec<String>, crate::Error> {
        if folder.join(SURVEY).exists() {
            return Err(Error::Exists {
                folder: folder.display().to_string(),
            }
            .into());
        }
        let survey = match seed {
            NewSeed::Template => self.survey.to_owned(),
            NewSeed::Text(text) => with_seed(self.survey, text),
            NewSeed::Fresh => {
                let bytes = entropy().map_err(|why| Error::NoEntropy { why })?;
                with_seed(self.survey, &hex(&bytes))
            }
        };
        let mut written = vec![(SURVEY, survey.as_str())];
        written.extend(self.rehearsal.map(|text| (REHEARSAL, text)));
        written.extend_from_slice(self.files);
        for (name, text) in &written {
            files::write_text(&folder.join(name), text)?;
        }
        Study::open(folder)?;
        Ok(written
            .into_iter()
            .map(|(name, _)| name.to_owned())
            .collect())
    }
}

/// The text of a survey.toml with another seed; everything else stays as its author wrote it.
fn with_seed(survey: &str, seed: &str) -> String {
    let quoted = format!("seed = {}", serde_json::Value::from(seed));
    let mut replaced = false;
    let lines: Vec<&str> = survey
        .lines()
        .map(|line| {
            let is_seed = line
                .split('=')
                .next()
                .is_some_and(|key| key.trim() == "seed");
            if is_seed && !replaced {
                replaced = true;
                quoted.as_str()
            } else {
                line
            }
        })
        .collect();
    assert!(replaced, "every template has a line with its seed");
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::with_seed;

    #[test]
    fn only_the_seed_changes() {
        let survey =
            "# a survey\nsurvey = \"x\"\nseed   = \"old\"  # here\n[list]\nfile = \"seed\"\n";
        let with = with_seed(survey, "a \"new\" one");
        assert_eq!(
            with,
            "# a survey\nsurvey = \"x\"\nseed = \"a \\\"new\\\" one\"\n[list]\nfile = \"seed\"\n"
        );
    }
}
