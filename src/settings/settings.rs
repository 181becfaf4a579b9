//! What a survey decided, as plain values that have been checked.

use jiff::civil::Date;

use super::resolve::{Provenance, Source};
use super::rules::{FunnelRule, TargetRule};
use super::words::{CallEncoding, CallFormat, DrawMethod, ListEncoding};
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
    /// What the population is asked to say.
    pub figures: Vec<FigureSpec>,
    /// Satisfaction in one figure, if wished.
    pub index: Option<IndexSpec>,
    /// Telling it.
    pub report: Report,
    pub(super) values: Vec<Provenance>,
    pub(super) source: Source,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// How units are drawn within a stratum.
    pub method: DrawMethod,
    /// Into how many random parts of equal composition the sample is cut.
    pub replicates: u32,
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

/// How many people each answer speaks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Weigh {
    /// The steps after the base weight, in the order in which they are taken.
    pub steps: Vec<WeighStep>,
}

/// One weighting step and all it needs.
#[derive(Debug, Clone, PartialEq)]
pub enum WeighStep {
    /// Numbers of unknown eligibility hand their weight to the known ones of their class.
    Unknown {
        /// Columns that make up the classes; none for one class.
        by: Vec<String>,
    },
    /// Nonrespondents hand their weight to the respondents of their class.
    Nonresponse {
        /// Columns that make up the classes; none for one class.
        by: Vec<String>,
    },
    /// Weights are scaled to the list's counts, level by level.
    Poststratify {
        /// The margin, crossed from one or more columns.
        margin: Vec<String>,
    },
    /// Weights are raked to the list's counts.
    Rake {
        /// The margins; each is crossed from one or more columns.
        margins: Vec<Vec<String>>,
        /// The largest relative misfit of a margin.
        tolerance: f64,
        /// Most rounds.
        rounds: u32,
    },
    /// Weights are calibrated to the list's counts and to totals of its numbers.
    Calibrate {
        /// The margins; each is crossed from one or more columns.
        margins: Vec<Vec<String>>,
        /// Columns of numbers whose totals are to be met.
        amounts: Vec<String>,
        /// How distance is counted.
        method: Distance,
        /// The largest misfit of a control, relative to 1 + its total.
        tolerance: f64,
        /// Most rounds.
        rounds: u32,
    },
    /// Large weights are pulled in. After a step that meets known totals the two take turns.
    Trim {
        /// The largest weight.
        cap: Cap,
        /// Whether what is cut off is shared out in equal parts, once, and not in proportion until no
        /// weight is above the cap.
        equal: bool,
        /// By how much, relatively, a weight may be above the cap when the two take turns.
        tolerance: f64,
        /// Most turns.
        rounds: u32,
    },
}

/// How calibration counts the distance between a weight and the one before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distance {
    /// Squared changes.
    Linear,
    /// That of raking.
    Raking {
        /// The smallest and the largest factor, if there are limits.
        bounds: Option<(f64, f64)>,
    },
    /// One that approaches its bounds smoothly.
    Logit {
        /// The smallest and the largest factor.
        bounds: (f64, f64),
    },
    /// Squared changes, cut off at bounds.
    Truncated {
        /// The smallest and the largest factor.
        bounds: (f64, f64),
    },
}

/// The largest weight of an interview.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cap {
    /// This much.
    Weight(f64),
    /// So many times the median weight.
    Median(f64),
    /// So many times the mean weight.
    Mean(f64),
}

/// A figure to estimate, once for every combination of `by`.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureSpec {
    /// Of what.
    pub statistic: Statistic,
    /// Columns whose combinations are the domains; none for everybody.
    pub by: Vec<String>,
}

/// What is estimated of which answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Statistic {
    /// The mean of an item.
    Mean {
        /// The item.
        item: String,
    },
    /// The total of an item.
    Total {
        /// The item.
        item: String,
    },
    /// The share of people whose answer passes a test.
    Share {
        /// The item.
        item: String,
        /// The test.
        test: ShareTest,
    },
    /// The ratio of two totals.
    Ratio {
        /// The item above the line.
        numerator: String,
        /// The item below it.
        denominator: String,
    },
}

/// Which answers count towards a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ShareTest {
    /// This much or more.
    AtLeast(f64),
    /// This much or less.
    AtMost(f64),
    /// Exactly this.
    Equals(f64),
}

/// Satisfaction in one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexSpec {
    /// The items it is made of.
    pub items: Vec<String>,
    /// The low end of their scale.
    pub low: f64,
    /// The high end.
    pub high: f64,
    /// One weight per item; none for equal weights.
    pub weights: Option<Vec<f64>>,
    /// The column of the firm.
    pub firm: String,
    /// The service.
    pub service: ServiceName,
}

/// How the index knows the service of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceName {
    /// From this column.
    Column(String),
    /// All are of this service.
    Label(String),
}

/// Telling it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Completes below which a figure is not printed.
    pub least: u64,
}
