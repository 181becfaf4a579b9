//! Step 9: telling it.

use serde::{Deserialize, Serialize};

use super::changes::Changed;
use super::check::Checked;
use super::estimate::Estimated;
use super::folder::{
    BOOK, CHECK, DRAW, ESTIMATES, FIELD, INDICES, NOTICE, PLAN, QUALITY, REPORT, SAMPLE, SURVEY,
    WEIGHTS,
};
use super::index::{Indexed, composite};
use super::ingest::FieldResult;
use super::regressions::Regressed;
use super::rehearse::INVENTED;
use super::weigh::Weighed;
use super::{Artefact, Done, Drawn, Study};
use crate::files::{self, render};
use crate::language::Language;
use crate::method::Card;
use crate::notice::Notice;
use crate::plan::Plan;
use crate::report::discretion::Discretion;
use crate::report::{
    Block, Document, Everything, Fieldwork, Finding, Index, Provenance, document, estimates_table,
    notice_tables,
};
use crate::settings::Standards;

/// A report that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its title.
    pub title: String,
    /// Its language.
    pub language: Language,
    /// Its chapters.
    pub chapters: Vec<String>,
}

/// All that there is to tell of.
struct Found {
    checked: Artefact<Checked>,
    plan: Artefact<Plan>,
    drawn: Artefact<Drawn>,
    field: Artefact<FieldResult>,
    weighed: Artefact<Weighed>,
    estimated: Artefact<Estimated>,
    indexed: Option<Artefact<Indexed>>,
}

impl Study {
    /// Writes the report as a page and as a spreadsheet, and the notice as a table, in the language
    /// of survey.toml.
    ///
    /// # Errors
    ///
    /// If an earlier step is missing or has changed since, or a file cannot be written.
    pub fn report(&self) -> Result<Done<Told>, crate::Error> {
        let found = self.found()?;
        let language = self.settings().survey.language;
        let composite = self.settings().index.as_ref().map(composite).transpose()?;
        let index = match (&found.indexed, &composite) {
            (Some(indexed), Some(composite)) => Some(Index {
                table: &indexed.content.table,
                composite,
                compared: indexed.content.compared.as_ref(),
            }),
            _ => None,
        };
        let cards = cards(&found);
        let notices = notices(&found);
        let findings = findings(&found.field.content, language);
        let window = self
            .settings()
            .field
            .window
            .as_ref()
            .map(|window| (window.start, window.end));
        let everything = Everything {
            survey: &self.settings().survey.name,
            language,
            rehearsal: self.is_rehearsed(),
            least: self.discretion().least,
            nchs: self.discretion().nchs,
            plan: Some(&found.plan.content),
            fieldwork: Some(Fieldwork {
                window,
                cells: &found.field.content.rates,
                in_use: &found.field.content.in_use,
                findings: &findings,
            }),
            weights: Some(&found.weighed.content.steps),
            balance: &found.weighed.content.balance,
            estimates: Some(&found.estimated.content.estimates),
            comparisons: &found.estimated.content.comparisons,
            changes: (found.estimated.content.changes.iter())
                .map(Changed::told)
                .collect(),
            tables: (found.estimated.content.tables.iter())
                .flat_map(|crossed| &crossed.tables)
                .collect(),
            regressions: (found.estimated.content.regressions.iter())
                .map(Regressed::told)
                .collect(),
            index,
            cards: cards.clone(),
            notices: &notices,
            provenance: Some(self.provenance(&found)?),
        };
        let document = document(&everything);
        self.write_report(&document, index, &found, language)?;
        let told = Told {
            title: document.title.clone(),
            language,
            chapters: chapters(&document),
        };
        let mut read = vec![
            SURVEY, CHECK, PLAN, SAMPLE, DRAW, FIELD, WEIGHTS, QUALITY, ESTIMATES,
        ];
        read.extend(found.indexed.is_some().then_some(INDICES));
        self.done("report", &read, &cards, Vec::new(), told)
    }

    /// What of the figures is not printed.
    #[must_use]
    pub fn discretion(&self) -> Discretion {
        let report = &self.settings().report;
        Discretion {
            least: report.least,
            nchs: report.standards == Some(Standards::Nchs),
        }
    }

    fn found(&self) -> Result<Found, crate::Error> {
        let found = Found {
            checked: self.read(CHECK, "check", "report")?,
            plan: self.read(PLAN, "plan", "report")?,
            drawn: self.read(DRAW, "draw", "report")?,
            field: self.read(FIELD, "field", "report")?,
            weighed: self.read(QUALITY, "weights", "report")?,
            estimated: self.read(ESTIMATES, "estimates", "report")?,
            indexed: match &self.settings().index {
                Some(_) => Some(self.read(INDICES, "indices", "report")?),
                None => None,
            },
        };
        self.trust("draw", &[CHECK, PLAN, SAMPLE, DRAW])?;
        self.trust("ingest", &[SAMPLE, DRAW, FIELD])?;
        self.trust("weigh", &[WEIGHTS, QUALITY])?;
        self.trust("estimate", &[SAMPLE, WEIGHTS, ESTIMATES])?;
        if found.indexed.is_some() {
            self.trust("index", &[SAMPLE, WEIGHTS, INDICES])?;
        }
        Ok(found)
    }

    /// Whether calls and answers were invented.
    fn is_rehearsed(&self) -> bool {
        INVENTED.iter().any(|name| self.path(name).exists())
    }

    fn provenance(&self, found: &Found) -> Result<Provenance, crate::Error> {
        let mut fingerprints = vec![(
            "the list".to_owned(),
            found.checked.content.census.fingerprint.clone(),
        )];
        fingerprints.push(("seed key".to_owned(), found.drawn.content.seed_key.clone()));
        if let Some(kept) = &found.drawn.content.commitment {
            fingerprints.push((
                "the commitment before the draw".to_owned(),
                kept.sha256.clone(),
            ));
        }
        for (name, print) in self.prints(&[SURVEY, SAMPLE, FIELD, WEIGHTS])? {
            fingerprints.push((name, print));
        }
        Ok(Provenance {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.settings().survey.seed.clone(),
            fingerprints,
        })
    }

    fn write_report(
        &self,
        document: &Document,
        index: Option<Index<'_>>,
        found: &Found,
        language: Language,
    ) -> Result<(), crate::Error> {
        let path = self.path(REPORT);
        let page = render::html::page(document).map_err(|why| files::Error::write(&path, why))?;
        files::write_text(&path, &page)?;
        let path = self.path(BOOK);
        let book =
            render::sheet::workbook(document).map_err(|why| files::Error::write(&path, why))?;
        files::write_bytes(&path, &book)?;
        let discretion = self.discretion();
        let notice = match index {
            Some(index) => notice_tables(index.table, index.compared, language)[0].clone(),
            None => estimates_table(&found.estimated.content.estimates, discretion, language),
        };
        // Excel and WPS know UTF-8 by its mark.
        let text = format!("\u{feff}{}", render::csv::table(&notice, language));
        Ok(files::write_text(&self.path(NOTICE), &text)?)
    }
}

/// The cards of the methods that the steps say they used, in the order of their use.
fn cards(found: &Found) -> Vec<&'static Card> {
    let indexed = found
        .indexed
        .iter()
        .flat_map(|indexed| &indexed.origin.methods);
    let keys = [
        &found.plan.origin,
        &found.drawn.origin,
        &found.field.origin,
        &found.weighed.origin,
        &found.estimated.origin,
    ]
    .into_iter()
    .flat_map(|origin| &origin.methods)
    .chain(indexed);
    let all = crate::cards();
    let mut cards: Vec<&'static Card> = Vec::new();
    for card in keys.filter_map(|key| all.iter().find(|card| card.key == *key)) {
        if !cards.contains(card) {
            cards.push(card);
        }
    }
    cards
}

fn notices(found: &Found) -> Vec<Notice> {
    let indexed = found.indexed.iter().flat_map(|indexed| &indexed.notices);
    [
        &found.checked.notices,
        &found.plan.notices,
        &found.drawn.notices,
        &found.field.notices,
        &found.weighed.notices,
        &found.estimated.notices,
    ]
    .into_iter()
    .flatten()
    .chain(indexed)
    .cloned()
    .collect()
}

fn findings(field: &FieldResult, language: Language) -> Vec<Finding> {
    let finding = |line: &super::ingest::FoundLine| Finding {
        text: line.say(language).to_owned(),
        count: line.count,
        rows: line.rows.clone(),
    };
    field.findings.iter().map(finding).collect()
}

fn chapters(document: &Document) -> Vec<String> {
    let heading = |block: &Block| match block {
        Block::Heading { level: 2, text } => Some(text.clone()),
        _ => None,
    };
    document.blocks.iter().filter_map(heading).collect()
}
