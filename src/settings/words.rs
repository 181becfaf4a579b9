//! The values that come from closed lists.

use serde::{Deserialize, Serialize};

use super::variance::VarianceWord;
use crate::draw::balance::lands::Lands;
use crate::draw::stages::one_call::Choice;
use crate::draw::walk::Turn;
use crate::estimate::ShareInterval;
use crate::estimate::compare::{Corrected, Correction, Order};
use crate::estimate::quantile::Rule;
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

impl Word for Turn {
    const WORDS: &'static [(&'static str, Turn)] =
        &[("nested", Turn::Nested), ("serpentine", Turn::Serpentine)];
}

impl Word for Lands {
    const WORDS: &'static [(&'static str, Lands)] = &Lands::WORDS;
}

/// What is done to the permanent numbers of an earlier study, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TurningWord {
    Same,
    Reflect,
    Shift,
    Rotate,
}

impl Word for TurningWord {
    const WORDS: &'static [(&'static str, TurningWord)] = &[
        ("same", TurningWord::Same),
        ("reflect", TurningWord::Reflect),
        ("shift", TurningWord::Shift),
        ("rotate", TurningWord::Rotate),
    ];
}

/// How often a telephone number is called, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberWord {
    Any,
    One,
}

impl Word for NumberWord {
    const WORDS: &'static [(&'static str, NumberWord)] =
        &[("any", NumberWord::Any), ("one", NumberWord::One)];
}

/// Which of the drawn units that share a number a call is about, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AskWord {
    One,
    All,
}

impl Word for AskWord {
    const WORDS: &'static [(&'static str, AskWord)] =
        &[("one", AskWord::One), ("all", AskWord::All)];
}

impl Word for Choice {
    const WORDS: &'static [(&'static str, Choice)] =
        &[("evenly", Choice::Evenly), ("by-weight", Choice::ByWeight)];
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
    SecondPhase,
    Nonresponse,
    Propensity,
    Tree,
    Compose,
    Multiplicity,
    Household,
    Poststratify,
    Rake,
    Calibrate,
    Instruments,
    Trim,
}

impl StepWord {
    /// Whether it may stand before another. Whoever was followed up was drawn from those who gave no
    /// interview, whether or not it is known what they are, so these two may change places.
    pub fn may_precede(self, other: StepWord) -> bool {
        self <= other || (self, other) == (StepWord::SecondPhase, StepWord::Unknown)
    }

    /// Whether it meets known totals. A survey takes one such step: a second would break what the
    /// first met.
    pub fn meets_totals(self) -> bool {
        matches!(
            self,
            StepWord::Poststratify | StepWord::Rake | StepWord::Calibrate | StepWord::Instruments
        )
    }

    /// Whether those who gave no interview hand their weight on in it. A survey takes one such step.
    pub fn adjusts_for_nonresponse(self) -> bool {
        matches!(
            self,
            StepWord::Nonresponse | StepWord::Propensity | StepWord::Tree
        )
    }
}

impl Word for StepWord {
    const WORDS: &'static [(&'static str, StepWord)] = &[
        ("unknown", StepWord::Unknown),
        ("second-phase", StepWord::SecondPhase),
        ("nonresponse", StepWord::Nonresponse),
        ("propensity", StepWord::Propensity),
        ("tree", StepWord::Tree),
        ("compose", StepWord::Compose),
        ("multiplicity", StepWord::Multiplicity),
        ("household", StepWord::Household),
        ("poststratify", StepWord::Poststratify),
        ("rake", StepWord::Rake),
        ("calibrate", StepWord::Calibrate),
        ("instruments", StepWord::Instruments),
        ("trim", StepWord::Trim),
    ];
}

/// What propensities are used for, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UseWord {
    Inverse,
    Classes,
}

impl Word for UseWord {
    const WORDS: &'static [(&'static str, UseWord)] =
        &[("inverse", UseWord::Inverse), ("classes", UseWord::Classes)];
}

/// How the samples of two lists are put together, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TogetherWord {
    Share,
    Effective,
    Chances,
}

impl Word for TogetherWord {
    const WORDS: &'static [(&'static str, TogetherWord)] = &[
        ("share", TogetherWord::Share),
        ("effective", TogetherWord::Effective),
        ("chances", TogetherWord::Chances),
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
    Quantile,
    Variance,
    Spread,
    Correlation,
    Function,
}

impl Word for StatisticWord {
    const WORDS: &'static [(&'static str, StatisticWord)] = &[
        ("mean", StatisticWord::Mean),
        ("total", StatisticWord::Total),
        ("share", StatisticWord::Share),
        ("ratio", StatisticWord::Ratio),
        ("quantile", StatisticWord::Quantile),
        ("variance", StatisticWord::Variance),
        ("sd", StatisticWord::Spread),
        ("correlation", StatisticWord::Correlation),
        ("function", StatisticWord::Function),
    ];
}

impl Word for Rule {
    const WORDS: &'static [(&'static str, Rule)] = &[
        ("hf1", Rule::Hf1),
        ("hf2", Rule::Hf2),
        ("hf3", Rule::Hf3),
        ("hf4", Rule::Hf4),
        ("hf5", Rule::Hf5),
        ("hf6", Rule::Hf6),
        ("hf7", Rule::Hf7),
        ("hf8", Rule::Hf8),
        ("hf9", Rule::Hf9),
        ("math", Rule::Hf1),
        ("school", Rule::Hf2),
    ];
}

impl Word for ShareInterval {
    const WORDS: &'static [(&'static str, ShareInterval)] = &[
        ("t", ShareInterval::Student),
        ("logit", ShareInterval::Logit),
        ("xlogit", ShareInterval::Logit),
        ("wilson", ShareInterval::Wilson),
        ("beta", ShareInterval::Beta),
        ("nchs", ShareInterval::Nchs),
        ("arcsine", ShareInterval::Arcsine),
        ("likelihood", ShareInterval::Likelihood),
    ];
}

impl Word for Corrected {
    const WORDS: &'static [(&'static str, Corrected)] = &[
        ("max-t", Corrected::LargestT),
        ("holm", Corrected::ByP(Correction::Holm)),
        ("bonferroni", Corrected::ByP(Correction::Bonferroni)),
        (
            "benjamini-hochberg",
            Corrected::ByP(Correction::BenjaminiHochberg),
        ),
    ];
}

impl Word for VarianceWord {
    const WORDS: &'static [(&'static str, VarianceWord)] = &[
        ("taylor", VarianceWord::Taylor),
        ("jkn", VarianceWord::Jackknife),
        ("bootstrap", VarianceWord::Bootstrap),
        ("generalised-bootstrap", VarianceWord::Generalised),
        ("random-groups", VarianceWord::Groups),
    ];
}

impl Word for Order {
    const WORDS: &'static [(&'static str, Order)] = &[
        ("largest", Order::LargestFirst),
        ("smallest", Order::SmallestFirst),
    ];
}

/// Standards by which shares are judged before they are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standards {
    /// Those of the National Center for Health Statistics of the United States.
    Nchs,
}

impl Word for Standards {
    const WORDS: &'static [(&'static str, Standards)] = &[("nchs", Standards::Nchs)];
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
