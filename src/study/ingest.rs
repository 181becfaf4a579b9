//! Step 5: calls and answers come home.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::folder::{CALLS, DRAW, FIELD, OUTCOMES, RETURNS, SAMPLE, SURVEY};
use super::in_use::in_use;
use super::{Done, Error, Study};
use crate::draw::Sample;
use crate::field::{
    self, Almanac, Answers, Attempt, Basis, Calendar, CellRates, Class, Day, DayKind, Hours, Item,
    Outcomes, Rules,
};
use crate::files::{self, Column, Columns, parquet, returns};
use crate::language::Language;
use crate::report::InUse;
use crate::settings::{self, CalendarFile};

/// What became of the numbers, and what was wrong with the returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldResult {
    /// Calls that were taken in.
    pub attempts: u64,
    /// Rows of answers that were taken in.
    pub answers: u64,
    /// Counts and rates by cell, the whole first.
    pub rates: Vec<CellRates>,
    /// How many of the numbers are in use: the whole first, then by cell.
    pub in_use: Vec<InUse>,
    /// What was wrong with the files.
    pub findings: Vec<FoundLine>,
}

/// Something that was wrong with the returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundLine {
    /// What, in English.
    pub en: String,
    /// What, in Chinese.
    pub zh: String,
    /// How many lines.
    pub count: u64,
    /// The first of them.
    pub rows: Vec<u64>,
}

impl FoundLine {
    /// What was wrong, in a language.
    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }
}

impl Study {
    /// Takes in files of calls and of answers, beside those taken in before. A file taken in twice
    /// changes nothing.
    ///
    /// # Errors
    ///
    /// If a file cannot be read as such (all its problems at once), or nothing has come back at all.
    /// What is wrong *in* them is a finding.
    pub fn ingest(
        &self,
        attempts: &[PathBuf],
        answers: &[PathBuf],
    ) -> Result<Done<FieldResult>, crate::Error> {
        let sample = self.sample("ingest")?;
        self.trust("draw", &[SAMPLE, DRAW])?;
        // All are read before any is kept: a file that cannot be understood changes nothing.
        for path in attempts {
            returns::read_attempts(path)?;
        }
        for path in answers {
            returns::read_answers(path)?;
        }
        for (kind, paths) in [("attempts", attempts), ("answers", answers)] {
            for path in paths {
                self.keep_return(kind, path)?;
            }
        }
        if !self.has_returns() {
            return Err(Error::NoReturns.into());
        }
        let (attempts, answers) = (self.all_attempts()?, self.all_answers()?);
        let released = sample.called(self.released()?);
        let calendar = self.calendar()?;
        let rules = Rules::default();
        let ingested = field::ingest(
            &sample.id, &released, &attempts, &answers, &calendar, &rules,
        );
        let notices = ingested.notices();
        parquet::write(&self.path(OUTCOMES), &table(&sample, &ingested.outcomes))?;
        let result = FieldResult {
            attempts: attempts.len() as u64,
            answers: answers.rows.len() as u64,
            rates: field::rates_by(&sample.cell, &ingested.outcomes, None, &Basis::default()),
            in_use: in_use(&sample, &ingested.outcomes, self.settings().plan.confidence),
            findings: ingested.findings.iter().map(line).collect(),
        };
        self.write(FIELD, "field", field::CARDS, &notices, &result)?;
        let mut read = vec![SURVEY, SAMPLE, DRAW, RETURNS];
        // A further release makes more of what has come back.
        read.extend((!self.releases()?.is_empty()).then_some(CALLS));
        self.done("ingest", &read, field::CARDS, notices, result)
    }

    /// What became of every drawn unit.
    pub(super) fn outcomes(&self, sample: &Sample, step: &str) -> Result<Outcomes, crate::Error> {
        self.need(OUTCOMES, step)?;
        let path = self.path(OUTCOMES);
        let table = parquet::read(&path)?;
        outcomes_of(&table, sample).ok_or_else(|| {
            files::Error::Kind {
                path: path.display().to_string(),
                found: "a table of other cases".to_owned(),
                wanted: format!("the outcomes of {SAMPLE}"),
            }
            .into()
        })
    }

    /// Files that came back, in the order of their names.
    pub(super) fn returns(&self, kind: &str) -> Result<Vec<PathBuf>, crate::Error> {
        let folder = self.path(RETURNS);
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
            .and_then(|entries| entries.map(|entry| entry.map(|e| e.path())).collect())
            .map_err(|why| files::Error::read(&folder, why))?;
        paths.retain(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(kind))
        });
        paths.sort_unstable();
        Ok(paths)
    }

    /// Whether any calls have come back.
    pub(super) fn has_returns(&self) -> bool {
        self.returns("attempts")
            .is_ok_and(|paths| !paths.is_empty())
    }

    /// Keeps a file as it came, under a name made of its content.
    fn keep_return(&self, kind: &str, path: &Path) -> Result<(), crate::Error> {
        let print = self.print_of(path)?;
        let to = self
            .path(RETURNS)
            .join(format!("{kind}-{}.csv", &print[..16]));
        if !to.exists() {
            let bytes = std::fs::read(path).map_err(|why| files::Error::read(path, why))?;
            files::write_bytes(&to, &bytes)?;
        }
        Ok(())
    }

    fn all_attempts(&self) -> Result<Vec<Attempt>, crate::Error> {
        let mut all = Vec::new();
        for path in self.returns("attempts")? {
            all.extend(returns::read_attempts(&path)?);
        }
        Ok(all)
    }

    /// All answers; items that a file lacks are blank there.
    fn all_answers(&self) -> Result<Answers, crate::Error> {
        let mut all = Answers::default();
        for path in self.returns("answers")? {
            let more = returns::read_answers(&path)?;
            for item in &more.items {
                if !all.items.contains(item) {
                    all.items.push(item.clone());
                    for row in &mut all.rows {
                        row.values.push(None);
                    }
                }
            }
            let places: Vec<Option<usize>> = all
                .items
                .iter()
                .map(|item| more.items.iter().position(|m| m == item))
                .collect();
            for mut row in more.rows {
                row.values = places
                    .iter()
                    .map(|place| place.and_then(|p| row.values[p]))
                    .collect();
                all.rows.push(row);
            }
        }
        Ok(all)
    }

    /// When calls may be made.
    pub(super) fn calendar(&self) -> Result<Calendar, crate::Error> {
        let Some(window) = &self.settings().field.window else {
            return Ok(Calendar::open("", Date::MIN, Date::MAX)?);
        };
        let (zone, start, end) = (window.time_zone.as_str(), window.start, window.end);
        let Some(name) = &window.calendar else {
            return Ok(Calendar::open(zone, start, end)?);
        };
        let text = match CalendarFile::embedded(name) {
            Some(text) => text.to_owned(),
            None => {
                let path = self.home().join(name);
                if !path.exists() {
                    return Err(Error::NoCalendar { name: name.clone() }.into());
                }
                files::read_text(&path)?
            }
        };
        Ok(Calendar::new(
            almanac(CalendarFile::read(&text, name)?),
            zone,
            start,
            end,
        )?)
    }
}

fn line(finding: &field::Finding) -> FoundLine {
    let words = finding.kind.words();
    FoundLine {
        en: words.en.to_owned(),
        zh: words.zh.to_owned(),
        count: finding.count,
        rows: finding.rows.clone(),
    }
}

/// A calendar file's values as the field room's.
fn almanac(file: CalendarFile) -> Almanac {
    let hours = |spans: Vec<settings::Hours>| {
        spans
            .into_iter()
            .map(|(from, to)| Hours { from, to })
            .collect()
    };
    let day = |day: settings::CalendarDay| Day {
        date: day.date,
        name: day.name,
        kind: match day.kind {
            settings::DayKind::Holiday => DayKind::Holiday,
            settings::DayKind::NoCalls => DayKind::NoCalls,
            settings::DayKind::Workday => DayKind::Workday,
        },
    };
    Almanac {
        name: file.name,
        source: file.source,
        hours: hours(file.hours),
        weekend_hours: hours(file.weekend_hours),
        days: file.days.into_iter().map(day).collect(),
    }
}

/// Names of the items' columns begin with this.
const ITEM: &str = "item.";

fn table(sample: &Sample, outcomes: &Outcomes) -> Columns {
    let mut table = Columns::default();
    let class = outcomes
        .class
        .iter()
        .map(|class| class.letters().to_owned())
        .collect();
    table.push("case_id", Column::Text(sample.id.clone()));
    table.push("class", Column::Text(class));
    table.push("code", Column::Maybe(outcomes.code.clone()));
    table.push(
        "attempts",
        Column::Whole(outcomes.attempts.iter().map(|&n| u64::from(n)).collect()),
    );
    for item in &outcomes.items {
        table.push(
            format!("{ITEM}{}", item.name),
            Column::Real(item.values.clone()),
        );
    }
    table
}

fn outcomes_of(table: &Columns, sample: &Sample) -> Option<Outcomes> {
    match table.get("case_id")? {
        Column::Text(ids) if *ids == sample.id => {}
        _ => return None,
    }
    let Column::Text(class) = table.get("class")? else {
        return None;
    };
    let code = match table.get("code")? {
        Column::Maybe(code) => code.clone(),
        Column::Text(code) => code.iter().cloned().map(Some).collect(),
        _ => return None,
    };
    let Column::Whole(attempts) = table.get("attempts")? else {
        return None;
    };
    let items = table.0.iter().filter_map(|(name, column)| match column {
        Column::Real(values) => {
            let name = name.strip_prefix(ITEM)?.to_owned();
            Some(Item {
                name,
                values: values.clone(),
            })
        }
        _ => None,
    });
    Some(Outcomes {
        class: class
            .iter()
            .map(|letters| Class::from_letters(letters))
            .collect::<Option<_>>()?,
        code,
        attempts: attempts.iter().map(|&n| n as u32).collect(),
        items: items.collect(),
    })
}
