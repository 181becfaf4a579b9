//! What may be wrong with replicate weights, in words.

use serde::{Deserialize, Serialize};

use crate::advice::list;
use crate::language::Language;

/// What may be wrong with replicate weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "doubt", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Doubt {
    /// A single column tells of no variance.
    Single,
    /// Columns with blanks where the full weight is above 0.
    Blank {
        /// The columns.
        columns: Vec<String>,
    },
    /// Columns with weights below 0.
    Negative {
        /// The columns.
        columns: Vec<String>,
    },
    /// Columns with a weight where the full weight is blank, 0 or less.
    Beyond {
        /// The columns.
        columns: Vec<String>,
    },
    /// Columns that are the full weight.
    AsFull {
        /// The columns.
        columns: Vec<String>,
    },
    /// Columns that are the same as one before.
    Alike {
        /// The columns, with the one that each repeats: "rw7 = rw3".
        columns: Vec<String>,
    },
    /// The columns add up to something of another size: they may be factors, or of other weights.
    Scale {
        /// The mean sum over that of the full weights.
        ratio: f64,
    },
    /// Columns whose sum is far from that of the full weights, and of the others.
    Sums {
        /// The columns.
        columns: Vec<String>,
    },
    /// The sum of the mean over replicates is not that of the full weights, beyond chance.
    MeanSum {
        /// The one over the other.
        ratio: f64,
    },
    /// Rows whose mean over replicates is not the full weight, though the kind would have it so.
    MeanRows {
        /// How many.
        rows: u64,
        /// The largest relative difference.
        largest: f64,
    },
    /// A number of columns that no matrix of half-samples has.
    NoMultiple {
        /// How many columns there are.
        count: u64,
        /// Of what it should be a multiple.
        of: u64,
    },
    /// Another number of columns than the kind has.
    Number {
        /// How many there are.
        count: u64,
        /// How many there should be.
        wanted: u64,
    },
    /// Fewer columns than the kind needs.
    Few {
        /// How many there are.
        count: u64,
        /// How many there should be at the least.
        least: u64,
    },
    /// No column leaves anybody out, though the kind would have it so.
    NobodyOut,
    /// Columns that leave rows out, though the kind leaves nobody out.
    SomebodyOut {
        /// The columns.
        columns: Vec<String>,
    },
}

impl Doubt {
    /// In a sentence.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        let (en, zh) = self.words();
        match language {
            Language::English => en,
            Language::Chinese => zh,
        }
    }

    fn words(&self) -> (String, String) {
        match self {
            Doubt::Single => (
                "a single column tells of no variance".into(),
                "仅一列，无法得到方差".into(),
            ),
            Doubt::Blank { columns } => named(
                columns,
                "hold blanks where there is a weight",
                "在有权数处为空",
            ),
            Doubt::Negative { columns } => named(columns, "hold weights below 0", "含负权数"),
            Doubt::Beyond { columns } => named(
                columns,
                "hold weights where the full weight is blank, 0 or less",
                "在主权数为空、零或负处有权数",
            ),
            Doubt::AsFull { columns } => named(columns, "are the full weight", "与主权数完全相同"),
            Doubt::Alike { columns } => named(columns, "are the same", "彼此相同"),
            Doubt::Sums { columns } => named(
                columns,
                "add up to something more than a tenth away from the full weights and from the other columns",
                "的合计与主权数及其他各列相差超过十分之一",
            ),
            Doubt::SomebodyOut { columns } => named(
                columns,
                "hold weights of 0, and this kind leaves nobody out",
                "含零权数，而该类型不应剔除任何行",
            ),
            _ => self.of_all(),
        }
    }

    /// A doubt that is about all columns together.
    fn of_all(&self) -> (String, String) {
        match self {
            Doubt::Scale { ratio } => (
                format!(
                    "columns add up to {ratio:.4} of the full weights: they may be factors, or replicates of another weight"
                ),
                format!("各列合计为主权数的{ratio:.4}倍：可能是因子，或属于另一权数"),
            ),
            Doubt::MeanSum { ratio } => (
                format!(
                    "the mean over replicates adds up to {ratio:.6} of the full weights, more than chance would have it"
                ),
                format!("重复权数均值的合计为主权数的{ratio:.6}倍，超出偶然范围"),
            ),
            Doubt::MeanRows { rows, largest } => (
                format!(
                    "the mean over replicates is not the weight in {rows} rows, by up to {largest:.3e}: columns are missing, are not in full balance, or each was adjusted anew"
                ),
                format!(
                    "{rows}行的重复权数均值不等于权数，最大相差{largest:.3e}：可能缺列、未完全平衡，或各列曾重新调整"
                ),
            ),
            Doubt::NoMultiple { count, of } => (
                format!("{count} columns are no multiple of {of}"),
                format!("{count}列不是{of}的倍数"),
            ),
            Doubt::Number { count, wanted } => (
                format!("there are {count} columns, and should be {wanted}"),
                format!("共{count}列，应为{wanted}列"),
            ),
            Doubt::Few { count, least } => (
                format!("there are {count} columns, and should be {least} or more"),
                format!("共{count}列，应不少于{least}列"),
            ),
            _ => (
                "no column leaves anybody out, and this kind does: they may be of another kind"
                    .into(),
                "没有任何一列剔除行，而该类型应剔除：可能属于另一类型".into(),
            ),
        }
    }
}

/// Some columns, and what is the matter with them.
fn named(columns: &[String], en: &str, zh: &str) -> (String, String) {
    (
        format!("{} columns {en}: {}", columns.len(), list(columns)),
        format!("{}列{zh}：{}", columns.len(), list(columns)),
    )
}
