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
                format!("{count} numbers of the list are not well formed; they can be drawn but not dialled")
            }
            Notice::SharedNumbers { numbers, units } => format!(
                "{numbers} numbers are shared by {units} units: one person may be drawn, and called, more than once"
            ),
            Notice::EmptyStrata { strata } => format!(
                "{} strata have no units: {}",
                strata.len(),
                crate::advice::list(strata)
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
            Notice::FieldFindings { lines, kinds } => format!(
                "{lines} lines of the telephone centre's files need a look, for {kinds} kinds of fault: see the findings"
            ),
            Notice::PoolBeyondList { pool, units } => {
                format!("the pool has {pool} numbers, and the list only {units} units: all are taken")
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
