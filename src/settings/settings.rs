//! What a survey decided, as plain values that have been checked.

use jiff::civil::Date;

use super::change::ChangeSpec;
use super::compared::CompareSpec;
use super::figures::{FigureSpec, IndexSpec};
use super::regression::RegressionSpec;
use super::resolve::{Provenance, Source};
use super::rules::{FunnelRule, TargetRule};
use super::staging::Stages;
use super::table::TableSpec;
use super::variance::Variances;
use super::weighing::Weigh;
use super::words::{CallEncoding, CallFormat, ListEncoding, Standards};
use crate::draw::How;
use crate::draw::stages::one_call::Rule;
pub use crate::draw::waves::turning::Turning;
use crate::language::Language;

/// Every decision of a survey.
///
/// ```
/// use canvass::settings::Settings;
///
/// let text = r#"
/// survey = "Coffee 2025"
/// seed   = "the evening draw of 1 March 2025"
/// [list]
/// file   = "customers.csv"
/// unit   = "customer_id"
/// strata = ["region"]
/// [weigh]
/// steps = []
/// "#;
/// let settings = Settings::read(text, "survey.toml")?;
/// assert_eq!(settings.list.strata, ["region"]);
/// assert_eq!(settings.plan.pool, None);
///
/// let poorer = settings.with_flag("plan.pool", "5000")?;
/// assert_eq!(poorer.plan.pool, Some(5_000));
/// # Ok::<(), canvass::settings::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// What the survey is called and decided by.
    pub survey: Survey,
    /// Who could be called.
    pub list: List,
    /// How many, and where.
    pub plan: Plan,
    /// Wished precision: rules in the file's order, the later the stronger.
    pub targets: Vec<TargetRule>,
    /// Expected yield: rules in the file's order, the later the stronger.
    pub funnels: Vec<FunnelRule>,
    /// Which ones.
    pub draw: Draw,
    /// Calling them.
    pub field: Field,
    /// How many people each answer speaks for.
    pub weigh: Weigh,
    /// How variances are made.
    pub variances: Variances,
    /// What the population is asked to say.
    pub figures: Vec<FigureSpec>,
    /// Which of them are compared, all pairs at once.
    pub compares: Vec<CompareSpec>,
    /// Which are set beside those of an earlier study.
    pub changes: Vec<ChangeSpec>,
    /// Which questions are crossed.
    pub tables: Vec<TableSpec>,
    /// Which models are fitted.
    pub regressions: Vec<RegressionSpec>,
    /// Satisfaction in one figure, if wished.
    pub index: Option<IndexSpec>,
    /// Telling it.
    pub report: Report,
    pub(super) values: Vec<Provenance>,
    pub(super) source: Source,
}

impl Settings {
    /// Whether a file is of an earlier study that figures are set beside.
    pub(crate) fn brings(&self, file: &str) -> bool {
        self.changes.iter().any(|change| change.brings(file))
    }

    /// The columns that come along with every drawn unit beside strata: what is carried, and what the draw
    /// goes by.
    #[must_use]
    pub fn carried(&self) -> Vec<String> {
        let list = &self.list;
        let mut carried = list.carry.clone();
        let clusters = self.draw.stages.as_ref().map(Stages::columns);
        let clusters = clusters.unwrap_or_default();
        let goes_by = self.draw.how.columns().into_iter();
        for column in goes_by.chain(clusters.iter().map(String::as_str)) {
            let known = |name: &String| name == column;
            if !list.strata.iter().any(known) && !carried.iter().any(known) {
                carried.push(column.to_owned());
            }
        }
        carried
    }
}

/// What the survey is called and decided by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Its name, as published.
    pub name: String,
    /// The text that decides every draw.
    pub seed: String,
    /// The language of reports.
    pub language: Language,
}

/// Who could be called: a list and the roles of its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// One row per unit, or blocks of numbers.
    pub kind: ListKind,
    /// The file or folder, as written: relative to the study's folder.
    pub file: String,
    /// Columns that divide the list into strata.
    pub strata: Vec<String>,
    /// Columns that make up the reporting cells, all of them strata; none for one cell "all".
    pub cells: Vec<String>,
    /// Further columns to keep beside the sample.
    pub carry: Vec<String>,
    /// How the list's text is encoded.
    pub encoding: ListEncoding,
    /// Whether numbers that cannot be dialled are accepted, and no others.
    pub fictional: bool,
}

impl List {
    /// The columns that come along with every drawn unit: strata, then what is carried.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        self.strata
            .iter()
            .chain(&self.carry)
            .map(String::as_str)
            .collect()
    }
}

/// What the rows of the list are.
#[derive(Debug, Clone, PartialEq)]
pub enum ListKind {
    /// One row per unit.
    Register {
        /// The column of the unit's id.
        unit: String,
        /// The column of its telephone number; a list without one can be drawn, not called.
        phone: Option<String>,
    },
    /// One row per block of ten thousand numbers.
    Numbers {
        /// The column of the seven leading digits.
        block: String,
        /// Blocks left out.
        exclude: Vec<Exclude>,
    },
}

/// Blocks of numbers that are left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclude {
    /// The digits they begin with.
    pub prefixes: Vec<String>,
    /// Why.
    pub reason: String,
}

/// How many, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The confidence that margins and intervals are stated at.
    pub confidence: f64,
    /// How interviews are shared out over the strata of a cell.
    pub allocate: Allocation,
    /// Fewest interviews in a stratum.
    pub minimum: u64,
    /// Most numbers to draw, if there is a limit.
    pub pool: Option<u64>,
    /// Whether the whole pool is drawn even if the targets need fewer.
    pub exact_pool: bool,
    /// The directions whose margins are kept when numbers are rounded by chance; none if strata get the
    /// whole numbers that are best.
    pub round: Option<Round>,
}

/// The directions of a table of strata whose margins are kept when its cells are rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Columns of strata whose combinations are the rows.
    pub rows: Vec<String>,
    /// Columns of strata whose combinations are the columns.
    pub columns: Vec<String>,
    /// Columns of strata for a third direction; none for a table in two.
    pub layers: Vec<String>,
}

/// How interviews are shared out over the strata of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Allocation {
    /// By population alone.
    Proportional,
    /// By population and spread.
    Neyman,
    /// Between equal shares and proportional ones.
    Power {
        /// From 0, equal shares, to 1, proportional ones.
        power: f64,
    },
}

/// Which ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Draw {
    /// How units are drawn within a stratum: the method, and the columns that it goes by.
    pub how: How,
    /// The clusters that are drawn before units; `how` is then how units are drawn within the last of them.
    pub stages: Option<Stages>,
    /// Into how many random parts of equal composition the sample is cut.
    pub replicates: u32,
    /// Where each number is called once: which of the drawn units that share it a call is about. None if a
    /// number is called for every drawn unit that holds it.
    pub calls: Option<Rule>,
    /// The earlier study whose units are to be met again, or avoided.
    pub coordinate: Option<Coordinate>,
    /// Who is left in peace.
    pub rest: Option<Rest>,
}

impl Draw {
    /// Whether a file is one that the draw is brought from elsewhere: of an earlier study, or a list of
    /// those who rest.
    #[must_use]
    pub fn brings(&self, file: &str) -> bool {
        let of = |folder: &String| {
            file.strip_prefix(folder.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        };
        let rest = self.rest.as_ref();
        self.coordinate.as_ref().is_some_and(|wave| of(&wave.with))
            || rest.is_some_and(|rest| rest.with.iter().any(of))
            || rest.is_some_and(|rest| rest.file.as_deref() == Some(file))
    }
}

/// Who is left in peace, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// A file that names units, as written.
    pub file: Option<String>,
    /// Folders of earlier studies whose units rest, as written.
    pub with: Vec<String>,
    /// For how long, where the file or the earlier study says only from when.
    pub length: Option<Length>,
    /// The day that counts: the first of fieldwork, unless another is given.
    pub on: Date,
}

/// A length of time, by the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Days.
    Days(i32),
    /// Weeks.
    Weeks(i32),
    /// Months.
    Months(i32),
    /// Years.
    Years(i32),
}

impl Length {
    /// The day that is so long after another; none if the calendar does not reach so far.
    ///
    /// ```
    /// use canvass::settings::Length;
    /// use jiff::civil::date;
    /// assert_eq!(Length::Months(6).after(date(2025, 8, 31)), Some(date(2026, 2, 28)));
    /// ```
    #[must_use]
    pub fn after(self, day: Date) -> Option<Date> {
        use jiff::ToSpan;
        let span = match self {
            Length::Days(count) => count.days(),
            Length::Weeks(count) => count.weeks(),
            Length::Months(count) => count.months(),
            Length::Years(count) => count.years(),
        };
        day.checked_add(span).ok()
    }
}

/// An earlier study that a draw is coordinated with.
#[derive(Debug, Clone, PartialEq)]
pub struct Coordinate {
    /// Its folder, as written: relative to this study's folder.
    pub with: String,
    /// What is done to the numbers that it drew by.
    pub turn: Turning,
}

/// Calling them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// When calls are made; none for a list that is only drawn.
    pub window: Option<Window>,
    /// How many replicates are released: all, unless the file says fewer.
    pub released: u32,
    /// The kinds of file call lists are written as.
    pub formats: Vec<CallFormat>,
    /// How the text of call lists is encoded.
    pub encoding: CallEncoding,
}

/// When calls are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub start: Date,
    /// The last day.
    pub end: Date,
    /// The time zone of all times of fieldwork: "Asia/Shanghai".
    pub time_zone: String,
    /// Holidays and polite hours: the name of a calendar that ships with canvass, or a file.
    pub calendar: Option<String>,
}

/// Telling it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Completes below which a figure is not printed.
    pub least: u64,
    /// Standards by which shares are judged before they are printed, if wished.
    pub standards: Option<Standards>,
}
