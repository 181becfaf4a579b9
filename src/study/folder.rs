//! What lies where in a study's folder. The files tell the story by their numbers.

/// What was decided.
pub const SURVEY: &str = "survey.toml";
/// How a rehearsal invents its list, calls and answers.
pub const REHEARSAL: &str = "rehearsal.toml";
/// The key that makes case ids of unit ids: a secret, and never in a report.
pub const KEY: &str = "case.key";
/// Who did what, when.
pub const JOURNAL: &str = "journal.jsonl";
/// What the list holds and what is wrong with it.
pub const CHECK: &str = "1-check.json";
/// How many, and where.
pub const PLAN: &str = "2-plan.json";
/// What was promised before the draw, if anything was.
pub const COMMITMENT: &str = "3-commitment.json";
/// Who was drawn, by case id; no names, no numbers.
pub const SAMPLE: &str = "3-sample.parquet";
/// How they were drawn.
pub const DRAW: &str = "3-draw.json";
/// The call lists: the only files with telephone numbers.
pub const CALLS: &str = "4-calls";
/// What came back from the field, as it came.
pub const RETURNS: &str = "5-returns";
/// How every number ended, and what was answered.
pub const OUTCOMES: &str = "5-outcomes.parquet";
/// What became of the numbers, in counts and rates, and what was wrong with the returns.
pub const FIELD: &str = "5-field.json";
/// Who is followed up of those who did not answer, if anybody is.
pub const FOLLOWED: &str = "5-follow-up.parquet";
/// The call lists of those who are followed up.
pub const FOLLOW_UP: &str = "4-follow-up";
/// The weights, with one column for each factor, and who is counted.
pub const WEIGHTS: &str = "6-weights.parquet";
/// What each weighting step did.
pub const QUALITY: &str = "6-weights.json";
/// The figures.
pub const ESTIMATES: &str = "7-estimates.json";
/// The indices.
pub const INDICES: &str = "8-indices.json";
/// The report, as a page.
pub const REPORT: &str = "9-report.html";
/// The report, as a spreadsheet.
pub const BOOK: &str = "9-report.xlsx";
/// The notice, as a table.
pub const NOTICE: &str = "9-notice.csv";

/// A step of a study: its name, and what it does, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The command.
    pub name: &'static str,
    /// What it writes.
    pub writes: &'static [&'static str],
}

/// The steps of a study, in order.
pub const STEPS: &[Step] = &[
    Step {
        name: "check",
        writes: &[CHECK],
    },
    Step {
        name: "plan",
        writes: &[PLAN],
    },
    Step {
        name: "draw",
        writes: &[SAMPLE, DRAW],
    },
    Step {
        name: "field",
        writes: &[CALLS],
    },
    Step {
        name: "ingest",
        writes: &[OUTCOMES, FIELD],
    },
    Step {
        name: "weigh",
        writes: &[WEIGHTS, QUALITY],
    },
    Step {
        name: "estimate",
        writes: &[ESTIMATES],
    },
    Step {
        name: "index",
        writes: &[INDICES],
    },
    Step {
        name: "report",
        writes: &[REPORT, BOOK, NOTICE],
    },
];

/// What a person may do beside the steps; `run` never does it.
pub const OPTIONAL: &[Step] = &[
    Step {
        name: "commit",
        writes: &[COMMITMENT],
    },
    Step {
        name: "follow-up",
        writes: &[FOLLOWED, FOLLOW_UP],
    },
];

/// Artefacts that are handed out before the draw. They do not name the seed, which may be a secret
/// until then; nothing in them depends on it.
pub const BEFORE: &[&str] = &[CHECK, PLAN, COMMITMENT];

/// The step that writes an artefact.
#[must_use]
pub fn writer(file: &str) -> &'static str {
    all()
        .find(|step| step.writes.contains(&file))
        .map_or("init", |step| step.name)
}

/// What a step writes.
#[must_use]
pub fn writes(step: &str) -> &'static [&'static str] {
    all()
        .find(|known| known.name == step)
        .map_or(&[], |known| known.writes)
}

fn all() -> impl Iterator<Item = &'static Step> {
    STEPS.iter().chain(OPTIONAL)
}
