//! Things a statistician must hear, as values.
//!
//! A notice is not a log line. It is attached to the result it is about, shown on the screen,
//! printed in the report's methods chapter, and counted; `--strict` turns it into a failure.

mod chinese;

use serde::{Deserialize, Serialize};

use crate::language::{Language, Words};

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

    fn english(&self) -> String {
        match self {
            Notice::CellTooSmall {
                cell,
                population,
                asked,
            } => format!(
                "'{cell}' has {population} units in its list, and the plan asks for {asked} numbers: all of them are taken"
            ),
            Notice::MalformedNumbers { count } => {
                format!(
                    "{count} numbers of the list are not well formed; they can be drawn but not dialled"
                )
            }
            Notice::SharedNumbers { numbers, units } => format!(
                "{numbers} numbers are shared by {units} units: one person may be drawn, and called, more than once"
            ),
            Notice::SharedOnce { numbers, units } => format!(
                "{numbers} numbers are shared by {units} units: each number that is drawn is called once, about one unit"
            ),
            Notice::CalledOnce {
                numbers,
                passed_over,
            } => format!(
                "several drawn units share a number, for {numbers} numbers: each is called once, about a unit that chance chose; {passed_over} drawn units are not asked about, and weights allow for it"
            ),
            Notice::EmptyStrata { strata } => format!(
                "{} strata have no units: {}",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::NothingDrawn { strata } => format!(
                "{} strata have no draw, and the sample says nothing of them: {}",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::WithoutSize { count } => {
                format!(
                    "{count} units have size 0 and are never drawn: the sample says nothing of them"
                )
            }
            Notice::Resting { count, units } => format!(
                "{count} of {units} units rest and are not drawn: the sample speaks for the others, unless it is weighted to totals of all"
            ),
            Notice::Undialable { count } => format!(
                "{count} drawn units have a number that is not well formed; they are on the call list as they stand"
            ),
            Notice::WithoutNumber { count } => {
                format!("{count} drawn units have no telephone number: they are on no call list")
            }
            Notice::NothingSaid { item, domains } => format!(
                "'{item}' has no figure in {} domains, where nobody answered it: {}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::MissingAnswers { item, count } => format!(
                "{count} rows have no answer to '{item}': they are left out of its figures, and their clusters still count"
            ),
            Notice::NoDomain { columns, count } => format!(
                "{count} rows are in no domain, because {} is blank there",
                crate::advice::list(columns)
            ),
            Notice::LonelyStrata { strata } => format!(
                "no variance, because of {} strata with a single cluster: {}; say what they are to be taken for: certainty, adjust, average or collapse; or give the population (fpc), if they were taken whole",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::LonelyTaken { strata, rule } => format!(
                "{} strata with a single cluster were treated by the rule '{rule}': {}",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::SingleCluster { item, domains } => format!(
                "'{item}' has no variance in {} domains, where all answers are one, or from one cluster: {}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::OpenQuantile { item, domains } => format!(
                "a quantile of '{item}' has no standard error in {} domains, where its interval reaches beyond every answer: {}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::NotInReplicates {
                item,
                domains,
                undefined,
                replicates,
            } => format!(
                "'{item}' has no variance in {} domains, because it cannot be had in {undefined} of {replicates} replicates: {}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::NotWeighedAnew {
                item,
                failed,
                replicates,
                reason,
            } => format!(
                "'{item}' has no variance, because weighting fails in {failed} of {replicates} replicates: {reason}"
            ),
            Notice::NothingMoves { item, domains } => format!(
                "'{item}' has no variance in {} domains, because no replicate moves it there: {}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::NotTested {
                item, domain, why, ..
            } => format!("'{item}' is not tested in '{domain}': {why}"),
            Notice::NotFitted { item, domain, why } => {
                format!("'{item}' is not fitted in '{domain}': {why}")
            }
            Notice::NotCompared { item, domains } => format!(
                "the {item} is not compared in {} domains, which have no answers, no variance or no degrees of freedom: {}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::Doubted {
                item,
                domain,
                standards,
                verdict,
                doubts,
            } => {
                let verdict = match verdict.as_str() {
                    "suppress" => "is not to be published",
                    "review" => "needs a statistician's look before it is published",
                    _ => "needs a footnote",
                };
                let why: Vec<&str> = doubts.iter().map(|key| doubt(key).en).collect();
                format!(
                    "by the standards '{standards}' the share of '{item}' in '{domain}' {verdict}: {}",
                    why.join("; ")
                )
            }
            Notice::MissingWeights { count } => format!("{count} rows have no weight"),
            Notice::NegativeWeights { count } => {
                format!(
                    "{count} weights are below 0: totals of small domains may come out below 0 too"
                )
            }
            Notice::WeightsHeld { count } => {
                format!(
                    "{count} weights are held at a cap: figures vary less, and may be a little off"
                )
            }
            Notice::ExtremePropensities {
                count,
                least,
                smallest,
            } => format!(
                "{count} interviews have a propensity to answer below {least}, the smallest {smallest:.4}: their weights are large, and classes of propensities would be safer"
            ),
            Notice::CountsCapped { step, count, cap } => {
                format!("{step}: {count} counts are above the cap of {cap}, and were taken for it")
            }
            Notice::TotalsMissed { count, of } => {
                format!("{count} of {of} known totals are not met")
            }
            Notice::Dominated { rows, domains } => format!(
                "{rows} rows make up much of the weight of {} domains: {}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::WeightsDiffer { differing, apart } => {
                format!(
                    "the weights of {differing} records differ, and {apart} records stand in one file only"
                )
            }
            Notice::FieldFindings { lines, kinds } => format!(
                "{lines} lines of the telephone centre's files need a look, for {kinds} kinds of fault: see the findings"
            ),
            Notice::MarginsMissed { margins } => format!(
                "{} margins of the plan could not be kept when its numbers were rounded, because they go in too many directions: {}",
                margins.len(),
                crate::advice::list(margins)
            ),
            Notice::PoolBeyondList { pool, units } => {
                format!(
                    "the pool has {pool} numbers, and the list only {units} units: all are taken"
                )
            }
            Notice::PoolCut { asked, pool } => {
                format!("the targets call for {asked} numbers, and the pool has {pool}")
            }
        }
    }
}

/// Why there is no test, by its key.
fn untested(key: &str) -> Words {
    match key {
        "one_category" => Words::new(
            "fewer than two categories have answers",
            "有回答的类别不足两个",
        ),
        "no_degrees" => Words::new("there are no degrees of freedom", "没有自由度"),
        "nothing_varies" => Words::new(
            "what would be tested does not vary",
            "待检验的内容没有变动，或单元格为空",
        ),
        "shares" => Words::new(
            "not every category is expected to have a share",
            "并非每个类别都给出了大于零的预期比例",
        ),
        _ => Words::new("a cell has no variance", "某单元格没有方差"),
    }
}

/// What speaks against a share, by its key.
fn doubt(key: &str) -> Words {
    match key {
        "few_answers" => Words::new("fewer than 30 answered", "回答不足30个"),
        "few_effective" => Words::new(
            "the answers are worth fewer than 30 of a simple sample",
            "有效样本量不足30",
        ),
        "no_variance" => Words::new("its variance is unknown", "方差未知"),
        "no_interval" => Words::new("there are no degrees of freedom", "没有自由度"),
        "wide" => Words::new(
            "its interval is 30 points wide or wider",
            "置信区间宽度达30个百分点",
        ),
        "wide_beside" => Words::new(
            "its interval is wider than 130 % of it",
            "置信区间宽度超过比例本身的130%",
        ),
        "alike" => Words::new("everybody answered alike", "全部回答相同"),
        "few_degrees" => Words::new("there are fewer than 8 degrees of freedom", "自由度不足8"),
        "complement" => Words::new(
            "the share of the others is less sure",
            "其余部分的比例精度不足",
        ),
        _ => Words::new("there is a doubt about it", "存在疑问"),
    }
}
