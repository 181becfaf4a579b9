//! The values that come from closed lists.

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// A value of which there are only a few, each with one word.
pub(super) trait Word: Copy + 'static {
    /// The words and what they mean.
    const WORDS: &'static [(&'static str, Self)];
}

impl Word for Language {
    const WORDS: &'static [(&'static str, Language)] =
        &[("en", Language::English), ("zh", Language::Chinese)];
}

/// What kind of list is drawn from, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KindWord {
    Register,
    Numbers,
}

impl Word for KindWord {
    const WORDS: &'static [(&'static str, KindWord)] = &[
        ("register", KindWord::Register),
        ("numbers", KindWord::Numbers),
    ];
}

/// How the text of a list is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListEncoding {
    /// Found from the file itself, and said.
    Auto,
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// GB18030, which contains GBK and GB2312.
    #[serde(rename = "gb18030")]
    Gb18030,
}

impl Word for ListEncoding {
    const WORDS: &'static [(&'static str, ListEncoding)] = &[
        ("auto", ListEncoding::Auto),
        ("utf-8", ListEncoding::Utf8),
        ("gb18030", ListEncoding::Gb18030),
    ];
}

/// How interviews are shared out over strata, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AllocationWord {
    Proportional,
    Neyman,
    Power,
}

impl Word for AllocationWord {
    const WORDS: &'static [(&'static str, AllocationWord)] = &[
        ("proportional", AllocationWord::Proportional),
        ("neyman", AllocationWord::Neyman),
        ("power", AllocationWord::Power),
    ];
}

/// How units are drawn within a stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DrawMethod {
    /// Every unit of a stratum with the same chance.
    Simple,
}

impl Word for DrawMethod {
    const WORDS: &'static [(&'static str, DrawMethod)] = &[("simple", DrawMethod::Simple)];
}

/// The kind of file a call list is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallFormat {
    /// Comma-separated text.
    Csv,
    /// A workbook.
    Xlsx,
    /// A Parquet file.
    Parquet,
}

impl Word for CallFormat {
    const WORDS: &'static [(&'static str, CallFormat)] = &[
        ("csv", CallFormat::Csv),
        ("xlsx", CallFormat::Xlsx),
        ("parquet", CallFormat::Parquet),
    ];
}

/// How the text of a call list is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallEncoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-8 with a byte order mark, by which spreadsheets know it.
    #[serde(rename = "utf-8-bom")]
    Utf8Bom,
    /// GB18030.
    #[serde(rename = "gb18030")]
    Gb18030,
}

impl Word for CallEncoding {
    const WORDS: &'static [(&'static str, CallEncoding)] = &[
        ("utf-8", CallEncoding::Utf8),
        ("utf-8-bom", CallEncoding::Utf8Bom),
        ("gb18030", CallEncoding::Gb18030),
    ];
}

/// A weighting step, as a word. Declared in the order in which steps are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum StepWord {
    Unknown,
    Nonresponse,
    Poststratify,
    Rake,
    Calibrate,
    Trim,
}

impl StepWord {
    /// Whether it meets known totals. A survey takes one such step: a second would break what the
    /// first met.
    pub fn meets_totals(self) -> bool {
        matches!(
            self,
            StepWord::Poststratify | StepWord::Rake | StepWord::Calibrate
        )
    }
}

impl Word for StepWord {
    const WORDS: &'static [(&'static str, StepWord)] = &[
        ("unknown", StepWord::Unknown),
        ("nonresponse", StepWord::Nonresponse),
        ("poststratify", StepWord::Poststratify),
        ("rake", StepWord::Rake),
        ("calibrate", StepWord::Calibrate),
        ("trim", StepWord::Trim),
    ];
}

/// How calibration counts the distance of weights, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DistanceWord {
    Linear,
    Raking,
    Logit,
    Truncated,
}

impl Word for DistanceWord {
    const WORDS: &'static [(&'static str, DistanceWord)] = &[
        ("linear", DistanceWord::Linear),
        ("raking", DistanceWord::Raking),
        ("logit", DistanceWord::Logit),
        ("truncated", DistanceWord::Truncated),
    ];
}

/// What a cap on weights is counted in, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CapWord {
    Weight,
    Median,
    Mean,
}

impl Word for CapWord {
    const WORDS: &'static [(&'static str, CapWord)] = &[
        ("weight", CapWord::Weight),
        ("median", CapWord::Median),
        ("mean", CapWord::Mean),
    ];
}

/// How what is cut off weights is shared out, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExcessWord {
    Equal,
    Proportional,
}

impl Word for ExcessWord {
    const WORDS: &'static [(&'static str, ExcessWord)] = &[
        ("equal", ExcessWord::Equal),
        ("proportional", ExcessWord::Proportional),
    ];
}

/// What is estimated, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatisticWord {
    Mean,
    Total,
    Share,
    Ratio,
}

impl Word for StatisticWord {
    const WORDS: &'static [(&'static str, StatisticWord)] = &[
        ("mean", StatisticWord::Mean),
        ("total", StatisticWord::Total),
        ("share", StatisticWord::Share),
        ("ratio", StatisticWord::Ratio),
    ];
}

/// What a day of the calendar is to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayKind {
    /// A public holiday: the hours of a weekend.
    Holiday,
    /// A day on which nobody is called.
    NoCalls,
    /// A weekend day worked in exchange for a holiday: the hours of a weekday.
    Workday,
}

impl Word for DayKind {
    const WORDS: &'static [(&'static str, DayKind)] = &[
        ("holiday", DayKind::Holiday),
        ("no-calls", DayKind::NoCalls),
        ("workday", DayKind::Workday),
    ];
}
