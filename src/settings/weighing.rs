//! The weighting steps that a survey decided on, with all they need.

/// How many people each answer speaks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Weigh {
    /// The steps after the base weight, in the order in which they are taken.
    pub steps: Vec<WeighStep>,
    /// A file with known totals, as written; margins and amounts that it does not name are those of the
    /// list.
    pub controls: Option<String>,
    /// A file with covariances of these totals, as written.
    pub covariance: Option<String>,
}

/// One weighting step and all it needs.
#[derive(Debug, Clone, PartialEq)]
pub enum WeighStep {
    /// Numbers of unknown eligibility hand their weight to the known ones of their class.
    Unknown {
        /// Columns that make up the classes; none for one class.
        by: Vec<String>,
    },
    /// Those who were followed up speak for all who gave no interview at first.
    SecondPhase,
    /// Nonrespondents hand their weight to the respondents of their class.
    Nonresponse {
        /// Columns that make up the classes; none for one class.
        by: Vec<String>,
    },
    /// The weight is divided by the propensity to answer, or handed on in classes of propensities.
    Propensity {
        /// Columns of categories that the propensity is told from.
        by: Vec<String>,
        /// Columns of numbers.
        numbers: Vec<String>,
        /// How many classes of alike propensities; none to divide by the propensity itself.
        classes: Option<u32>,
        /// Whether a case counts by its weight in the regression.
        weighted: bool,
        /// A propensity below this is told of.
        least: f64,
    },
    /// Nonrespondents hand their weight to the respondents of their class, and a tree finds the classes.
    Tree {
        /// Columns whose levels may be put together at will.
        by: Vec<String>,
        /// Columns of which only neighbouring levels may be put together.
        ordered: Vec<String>,
        /// Fewest cases in a class.
        least: u64,
        /// The largest chance that a split is by chance.
        level: f64,
        /// Whether a case counts by its weight.
        weighted: bool,
    },
    /// Samples from two lists that share people are put together.
    Compose {
        /// The column that says from which list a unit was drawn.
        list: String,
        /// Its label for the first list.
        first: String,
        /// The answer or column that says whether somebody is on both.
        both: String,
        /// What it is if so.
        equals: f64,
        /// How they are put together.
        together: Together,
    },
    /// Weights are divided by the numbers of a person, or multiplied by the people behind a number.
    Counts {
        /// Whether people are counted, and not numbers.
        people: bool,
        /// The answer or column with the count.
        of: String,
        /// A count above it is taken for it.
        cap: Option<f64>,
        /// What is taken where nobody said.
        missing: Option<u64>,
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
        /// The smallest and the largest weight, if there are limits.
        limits: Option<(f64, f64)>,
        /// The largest misfit of a control, relative to 1 + its total.
        tolerance: f64,
        /// Most rounds.
        rounds: u32,
    },
    /// Known totals are met through other columns or answers.
    Instruments {
        /// The margins; each is crossed from one or more columns.
        margins: Vec<Vec<String>>,
        /// Columns of numbers whose totals are to be met.
        amounts: Vec<String>,
        /// Instruments that are categories: columns, or answers.
        by: Vec<String>,
        /// Instruments that are numbers.
        numbers: Vec<String>,
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

/// How the samples of two lists are put together, where people are on both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Together {
    /// The first counts for this share.
    Share(f64),
    /// By the effective numbers of interviews.
    Effective,
    /// By the chances to be drawn from the first list and from the second.
    Chances(f64, f64),
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
