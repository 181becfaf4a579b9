//! Things a statistician must hear, as values.
//!
//! A notice is not a log line. It is attached to the result it is about, shown on the screen,
//! printed in the report's methods chapter, and counted; `--strict` turns it into a failure.

mod english;

mod chinese;

mod reasons;

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// Something that a reader of the result must know. Add a variant, with the names and numbers that
/// disagree, and its sentence in both languages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Notice {
    /// A cell's list is shorter than what the plan asks of it.
    CellTooSmall {
        /// The cell.
        cell: String,
        /// Units in its list.
        population: u64,
        /// Numbers the plan asks for.
        asked: u64,
    },
    /// Some numbers of the list are not well formed.
    MalformedNumbers {
        /// How many.
        count: u64,
    },
    /// Some numbers are held by several units.
    SharedNumbers {
        /// How many numbers.
        numbers: u64,
        /// How many units hold them.
        units: u64,
    },
    /// Some numbers are held by several units, and each number is called once.
    SharedOnce {
        /// How many numbers.
        numbers: u64,
        /// How many units hold them.
        units: u64,
    },
    /// Drawn units share numbers, and each number is called once, about one of them.
    CalledOnce {
        /// How many numbers several drawn units share.
        numbers: u64,
        /// How many drawn units no call is about.
        passed_over: u64,
    },
    /// Drawn units share numbers, and each number is called once, about all of them.
    CalledForAll {
        /// How many numbers several drawn units share.
        numbers: u64,
    },
    /// Units to be drawn will share a number with others, and no call will be about them.
    PassedOver {
        /// About how many.
        units: u64,
        /// How many units are to be drawn.
        numbers: u64,
        /// Shared numbers of which nobody knows the strata: they are reckoned with the mean chance.
        #[serde(default)]
        by_mean: u64,
    },
    /// Strata hold fewer units than were asked for, and were taken whole.
    TakenWhole {
        /// Their labels.
        strata: Vec<String>,
    },
    /// Drawn clusters, or strata, hold fewer than were asked for at a stage, and were taken whole.
    DrawnWhole {
        /// What they hold.
        column: String,
        /// How many.
        count: u64,
    },
    /// Clusters, or strata, hold fewer than were asked for at a stage, and were taken whole if drawn.
    ClustersWhole {
        /// The column of what was to be drawn in them.
        column: String,
        /// How many of the list.
        count: u64,
    },
    /// Labels of clusters stand in several strata, or larger clusters.
    LabelsAgain {
        /// The column of the clusters' labels.
        column: String,
        /// How many labels.
        count: u64,
    },
    /// Some strata have no units.
    EmptyStrata {
        /// Their labels.
        strata: Vec<String>,
    },
    /// Some strata have units, and none is to be drawn: the sample says nothing of them.
    NothingDrawn {
        /// Their labels.
        strata: Vec<String>,
    },
    /// One unit is drawn in each cluster, which tells nothing of how units within a cluster differ.
    OneInEach {
        /// In how many strata.
        strata: u64,
    },
    /// Units of size 0 are never drawn.
    WithoutSize {
        /// How many.
        count: u64,
    },
    /// Units that rest are not drawn.
    Resting {
        /// How many.
        count: u64,
        /// Of how many.
        units: u64,
    },
    /// Units were drawn whose numbers cannot be dialled.
    Undialable {
        /// How many.
        count: u64,
    },
    /// Drawn units without any number: on no call list.
    WithoutNumber {
        /// How many.
        count: u64,
    },
    /// Nobody answered an item in some domains: they have no figure.
    NothingSaid {
        /// The item or items.
        item: String,
        /// The domains.
        domains: Vec<String>,
    },
    /// Rows of a table have no answer to an item: they are in the design, and not in its figures.
    MissingAnswers {
        /// The item or items.
        item: String,
        /// How many rows with a weight.
        count: u64,
    },
    /// Rows of a table are in no domain, because columns that decide it are blank.
    NoDomain {
        /// The columns.
        columns: Vec<String>,
        /// How many rows.
        count: u64,
    },
    /// Strata with a single cluster, of several: figures that they take part in have no variance.
    LonelyStrata {
        /// Their labels.
        strata: Vec<String>,
    },
    /// Strata with a single cluster, of several, and what they were taken for.
    LonelyTaken {
        /// Their labels.
        strata: Vec<String>,
        /// The rule's word.
        rule: String,
    },
    /// Figures that are the mean of one answer, or of one cluster: they have no variance.
    SingleCluster {
        /// The item or items.
        item: String,
        /// The domains.
        domains: Vec<String>,
    },
    /// Quantiles without a standard error: their interval reaches beyond every answer, or there are no
    /// degrees of freedom for one.
    OpenQuantile {
        /// The item.
        item: String,
        /// The domains.
        domains: Vec<String>,
    },
    /// Figures without a variance, because they cannot be had in some replicates.
    NotInReplicates {
        /// The item.
        item: String,
        /// The domains.
        domains: Vec<String>,
        /// In how many replicates.
        undefined: u64,
        /// Of how many.
        replicates: u64,
    },
    /// Figures without a variance, because weighting fails in some replicates.
    NotWeighedAnew {
        /// The item.
        item: String,
        /// In how many replicates.
        failed: u64,
        /// Of how many.
        replicates: u64,
        /// What a step runs into.
        reason: String,
    },
    /// Figures without a variance, because the formula for the design gives none.
    FormulaFailed {
        /// The item.
        item: String,
        /// The domains.
        domains: Vec<String>,
        /// Why: "negative", "pair_impossible", "too_few".
        reason: String,
    },
    /// A program that makes standard errors by another formula than the one that is wanted.
    OtherFormula {
        /// The program.
        program: String,
        /// The formula that it lacks.
        wanted: String,
        /// The one that it takes.
        taken: String,
    },
    /// Figures without a variance, because no replicate moves them.
    NothingMoves {
        /// The item.
        item: String,
        /// The domains.
        domains: Vec<String>,
    },
    /// A table or a fit without a test.
    NotTested {
        /// The questions.
        item: String,
        /// The domain.
        domain: String,
        /// Why: "one_category", "no_degrees", "nothing_varies", "shares", "unknown".
        reason: String,
        /// Why, in a sentence, and what may be done about it.
        why: String,
    },
    /// A model that cannot be fitted in a domain.
    NotFitted {
        /// The formula.
        item: String,
        /// The domain.
        domain: String,
        /// Why, in a sentence, and what may be done about it.
        why: String,
    },
    /// Figures that are not compared with others.
    NotCompared {
        /// The figure.
        item: String,
        /// The domains.
        domains: Vec<String>,
    },
    /// A share that standards of publication do not let pass without a word.
    Doubted {
        /// The item.
        item: String,
        /// The domain.
        domain: String,
        /// The standards: "nchs".
        standards: String,
        /// "publish", with a footnote; "review" or "suppress".
        verdict: String,
        /// What speaks against it: "few_answers", "wide".
        doubts: Vec<String>,
    },
    /// Some rows have no weight.
    MissingWeights {
        /// How many.
        count: u64,
    },
    /// Some weights are below 0.
    NegativeWeights {
        /// How many.
        count: u64,
    },
    /// The covariance of two waves is not known in full, and was taken to be what makes the variance of some
    /// changes greatest.
    ChangesBounded {
        /// The earlier study's folder.
        with: String,
        /// How many changes.
        changes: u64,
    },
    /// Some weights are 0.
    ZeroWeights {
        /// How many.
        count: u64,
        /// A column that may say who is counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counted: Option<String>,
        /// A column that may say who does not belong to the population.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_eligible: Option<String>,
    },
    /// Some rows that are counted weigh 0.
    CountedWeighNothing {
        /// How many.
        count: u64,
        /// The column that says who is counted.
        column: String,
    },
    /// Some rows that are not counted have a weight.
    UncountedWeigh {
        /// How many.
        count: u64,
        /// The column that says who is counted.
        column: String,
        /// A column that may say who does not belong to the population.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_eligible: Option<String>,
    },
    /// Some weights are not the product of the factors that are said to make them.
    FactorsDiffer {
        /// How many.
        count: u64,
    },
    /// Some things may be wrong with replicate weights.
    ReplicatesDoubtful {
        /// How many.
        doubts: u64,
    },
    /// Some weights are held at a cap.
    WeightsHeld {
        /// How many.
        count: u64,
    },
    /// Some propensities to answer are very small, and make large weights.
    ExtremePropensities {
        /// How many interviews have one.
        count: u64,
        /// Below what.
        least: f64,
        /// The smallest one.
        smallest: f64,
    },
    /// Some counts of numbers or people are above the cap, and taken for it.
    CountsCapped {
        /// The step's card key.
        step: String,
        /// How many.
        count: u64,
        /// The cap.
        cap: f64,
    },
    /// Weights do not meet totals that are known.
    TotalsMissed {
        /// How many.
        count: u64,
        /// Of how many.
        of: u64,
    },
    /// Rows that make up much of a domain's weight.
    Dominated {
        /// How many rows.
        rows: u64,
        /// The domains.
        domains: Vec<String>,
    },
    /// Two sets of weights are not the same.
    WeightsDiffer {
        /// Records with two weights that differ.
        differing: u64,
        /// Records that only one of them has.
        apart: u64,
    },
    /// The telephone centre's files have lines that need a look.
    FieldFindings {
        /// How many lines.
        lines: u64,
        /// How many kinds of fault.
        kinds: u64,
    },
    /// Numbers of strata were rounded, and some margins could not be kept.
    MarginsMissed {
        /// Directions and labels.
        margins: Vec<String>,
    },
    /// The pool is larger than the list.
    PoolBeyondList {
        /// Numbers in the pool.
        pool: u64,
        /// Units in the list.
        units: u64,
    },
    /// The pool's limit cut the plan.
    PoolCut {
        /// Numbers the targets call for.
        asked: u64,
        /// Numbers the pool allows.
        pool: u64,
    },
}

impl Notice {
    /// The sentence, without a full stop.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        match language {
            Language::English => self.english(),
            Language::Chinese => self.chinese(),
        }
    }
}
