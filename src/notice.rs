//! Things a statistician must hear, as values.
//!
//! A notice is not a log line. It is attached to the result it is about, shown on the screen,
//! printed in the report's methods chapter, and counted; `--strict` turns it into a failure.

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

    fn chinese(&self) -> String {
        match self {
            Notice::CellTooSmall {
                cell,
                population,
                asked,
            } => format!("“{cell}”的名单只有{population}个单位，计划需要{asked}个号码：全部抽取"),
            Notice::MalformedNumbers { count } => {
                format!("名单中有{count}个号码格式有误：可以抽取，但无法拨打")
            }
            Notice::SharedNumbers { numbers, units } => {
                format!("{numbers}个号码由{units}个单位共用：同一用户可能被重复抽取和拨打")
            }
            Notice::EmptyStrata { strata } => format!(
                "{}个抽样层没有单位：{}",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::NothingDrawn { strata } => format!(
                "{}个抽样层未分配样本，样本不能代表这些层：{}",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::WithoutSize { count } => {
                format!("{count}个单位的规模为0，不可能入样：样本不能代表这些单位")
            }
            Notice::Undialable { count } => {
                format!("抽中的单位中有{count}个号码格式有误，按原样列入拨打名单")
            }
            Notice::WithoutNumber { count } => {
                format!("抽中的单位中有{count}个没有电话号码，未列入任何拨打名单")
            }
            Notice::NothingSaid { item, domains } => format!(
                "“{item}”在{}个范围内无人作答，没有估计值：{}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::MissingAnswers { item, count } => {
                format!("{count}行没有“{item}”的回答：不计入其估计值，所在的群仍计入设计")
            }
            Notice::NoDomain { columns, count } => {
                format!(
                    "{count}行不属于任何范围：{}为空",
                    crate::advice::list(columns)
                )
            }
            Notice::LonelyStrata { strata } => format!(
                "有{}个层只抽中一个群，无法估计方差：{}；请指明处理方法：certainty、adjust、average 或 collapse；若该层已全部抽取，请给出总体数（fpc）",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::LonelyTaken { strata, rule } => format!(
                "有{}个层只抽中一个群，按规则“{rule}”处理：{}",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::SingleCluster { item, domains } => format!(
                "“{item}”在{}个范围内只有一个回答或全部来自同一个群，无法估计方差：{}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::MissingWeights { count } => format!("{count}行没有权数"),
            Notice::NegativeWeights { count } => {
                format!("{count}个权数为负：较小范围的总量也可能为负")
            }
            Notice::WeightsHeld { count } => {
                format!("{count}个权数取上限值：估计量的方差减小，但可能有少许偏差")
            }
            Notice::TotalsMissed { count, of } => format!("{of}个已知总量中有{count}个未满足"),
            Notice::Dominated { rows, domains } => format!(
                "有{rows}行在{}个范围内占权数的很大比例：{}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::WeightsDiffer { differing, apart } => {
                format!("{differing}条记录的权数不一致，{apart}条记录只出现在其中一个文件中")
            }
            Notice::FieldFindings { lines, kinds } => {
                format!("电话中心返回的文件有{lines}行需要核查，涉及{kinds}类问题：详见核查结果")
            }
            Notice::PoolBeyondList { pool, units } => {
                format!("号码总量限定为{pool}个，而名单只有{units}个单位：全部抽取")
            }
            Notice::PoolCut { asked, pool } => {
                format!("按精度目标需要{asked}个号码，号码总量限定为{pool}个")
            }
        }
    }
}
