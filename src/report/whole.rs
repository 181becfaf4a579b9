//! The whole report, from whatever there is.

use super::changes::{self, Changes};
use super::discretion::Discretion;
use super::document::{Block, Document};
use super::fieldwork::{self, Fieldwork};
use super::methods::{self, Provenance};
use super::notice::{self, Index};
use super::regressions::{self, Model};
use super::tables::cells;
use super::{compared, phrases, planned, results, staging, tables, weights};
use crate::estimate::Estimate;
use crate::estimate::compare::Compared;
use crate::estimate::table::Tabled;
use crate::language::{Language, Words};
use crate::method::Card;
use crate::notice::Notice;
use crate::plan::Plan;
use crate::weigh::{Balance, Quality};

/// What a report can tell of. A chapter appears only if its part is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Everything<'a> {
    /// The survey's name, the report's title.
    pub survey: &'a str,
    /// The language to tell it in.
    pub language: Language,
    /// Whether calls and answers were invented; the report then says so first.
    pub rehearsal: bool,
    /// Completes below which a figure is not printed.
    pub least: u64,
    /// Whether shares must meet the presentation standards of the NCHS.
    pub nchs: bool,
    /// The plan.
    pub plan: Option<&'a Plan>,
    /// What became of the numbers.
    pub fieldwork: Option<Fieldwork<'a>>,
    /// One entry per weighting step.
    pub weights: Option<&'a [Quality]>,
    /// Known totals before and after the steps that meet them.
    pub balance: &'a [Balance],
    /// The figures.
    pub estimates: Option<&'a [Estimate]>,
    /// Figures that are compared, all pairs at once.
    pub comparisons: &'a [Compared],
    /// Figures less those of earlier surveys.
    pub changes: Vec<Changes<'a>>,
    /// Questions crossed with one another.
    pub tables: Vec<&'a Tabled>,
    /// Models that were fitted.
    pub regressions: Vec<Model<'a>>,
    /// The index.
    pub index: Option<Index<'a>>,
    /// The methods used, in the order of their use.
    pub cards: Vec<&'static Card>,
    /// What a reader must know.
    pub notices: &'a [Notice],
    /// Where it all came from.
    pub provenance: Option<Provenance>,
}

impl<'a> Everything<'a> {
    /// A report that tells of nothing yet.
    #[must_use]
    pub fn new(survey: &'a str, language: Language) -> Everything<'a> {
        Everything {
            survey,
            language,
            rehearsal: false,
            least: 0,
            nchs: false,
            plan: None,
            fieldwork: None,
            weights: None,
            balance: &[],
            estimates: None,
            comparisons: &[],
            changes: Vec::new(),
            tables: Vec::new(),
            regressions: Vec::new(),
            index: None,
            cards: Vec::new(),
            notices: &[],
            provenance: None,
        }
    }

    /// How many numbers were drawn, as far as is known.
    fn drawn(&self) -> Option<u64> {
        let field = self.fieldwork.as_ref().and_then(Fieldwork::interviews);
        field
            .map(|(_, drawn)| drawn)
            .or_else(|| self.plan.map(Plan::numbers))
    }
}

/// Composes the whole report: results first, then how they came about, long tables last.
#[must_use]
pub fn document(everything: &Everything<'_>) -> Document {
    let language = everything.language;
    let mut blocks = Vec::new();
    if everything.rehearsal {
        blocks.push(Block::Note(REHEARSAL.say(language).to_owned()));
    }
    let told = chapters(everything)
        .into_iter()
        .filter(|(_, chapter)| !chapter.is_empty());
    for (number, (title, chapter)) in told.enumerate() {
        let text = phrases::chapter(number + 1, language) + title.say(language);
        blocks.push(Block::Heading { level: 2, text });
        blocks.extend(chapter);
    }
    Document {
        title: everything.survey.to_owned(),
        language,
        blocks,
    }
}

const REHEARSAL: Words = Words::new(
    "A rehearsal: calls and answers were invented by the program. The figures say nothing about any firm.",
    "演练报告：通话记录与回答均由程序虚构，所列数值不反映任何企业的实际情况。",
);

/// Every chapter in order; an empty one is not told.
fn chapters(everything: &Everything<'_>) -> Vec<(Words, Vec<Block>)> {
    let language = everything.language;
    let field = everything.fieldwork.as_ref();
    let least = everything.least;
    let discretion = Discretion {
        least,
        nchs: everything.nchs,
    };
    let index = everything
        .index
        .map(|index| notice::chapter(&index, field, everything.drawn(), least, language));
    let estimates = everything
        .estimates
        .filter(|estimates| !estimates.is_empty());
    let weights = everything.weights.filter(|steps| !steps.is_empty());
    vec![
        (
            Words::new("Index of satisfaction", "用户满意度指数"),
            index.unwrap_or_default(),
        ),
        (
            Words::new("Estimates", "估计结果"),
            estimates
                .map(|estimates| results::chapter(estimates, discretion, language))
                .unwrap_or_default(),
        ),
        (
            Words::new("Comparisons", "比较"),
            compared::chapter(everything.comparisons, language),
        ),
        (
            Words::new("Changes", "变化"),
            changes::chapter(&everything.changes, discretion, language),
        ),
        (
            Words::new("Tables", "交叉表"),
            tables::chapter(&everything.tables, discretion, language),
        ),
        (
            Words::new("Regressions", "回归"),
            regressions::chapter(&everything.regressions, discretion, language),
        ),
        (
            Words::new("Fieldwork", "访问执行情况"),
            field
                .map(|field| fieldwork::chapter(field, language))
                .unwrap_or_default(),
        ),
        (
            Words::new("Weights", "加权"),
            weights
                .map(|steps| {
                    weights::chapter(steps, everything.balance, &everything.cards, language)
                })
                .unwrap_or_default(),
        ),
        (
            Words::new("Plan", "抽样计划"),
            everything
                .plan
                .map(|plan| planned::chapter(plan, language))
                .unwrap_or_default(),
        ),
        (
            Words::new("What must be known", "须说明的事项"),
            methods::notices(everything.notices, language),
        ),
        (
            Words::new("Methods", "方法说明"),
            staged(everything)
                .into_iter()
                .chain(methods::cards(&everything.cards, language))
                .collect(),
        ),
        (
            Words::new("Provenance", "数据来源与校验"),
            everything
                .provenance
                .iter()
                .map(|made| methods::provenance(made, language))
                .collect(),
        ),
        (Words::new("Annex", "附表"), annex(everything)),
    ]
}

/// The stages of the draw, if it had some.
fn staged(everything: &Everything<'_>) -> Vec<Block> {
    let staging = everything.plan.and_then(|plan| plan.staging.as_ref());
    staging
        .map(|staging| staging::sentences(staging, everything.language))
        .unwrap_or_default()
}

/// Tables too long for their chapters.
fn annex(everything: &Everything<'_>) -> Vec<Block> {
    let language = everything.language;
    let mut tables = Vec::new();
    for (place, tabled) in everything.tables.iter().enumerate() {
        let name = format!("table-{}-cells", place + 1);
        let discretion = Discretion {
            least: everything.least,
            nchs: everything.nchs,
        };
        tables.push(cells(tabled, name, discretion, language));
    }
    tables.extend(
        everything
            .index
            .map(|index| notice::chances(index.table, language)),
    );
    tables.extend(everything.plan.map(|plan| planned::strata(plan, language)));
    tables.extend(
        everything
            .fieldwork
            .map(|field| fieldwork::divisions(&field, language)),
    );
    tables
        .into_iter()
        .filter(|table| !table.rows.is_empty())
        .map(Block::Table)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Everything, document};
    use crate::language::Language::{Chinese, English};
    use crate::notice::Notice;
    use crate::report::{Block, Provenance};

    fn headings(everything: &Everything<'_>) -> Vec<String> {
        let blocks = document(everything).blocks;
        let heading = |block| match block {
            Block::Heading { level: 2, text } => Some(text),
            _ => None,
        };
        blocks.into_iter().filter_map(heading).collect()
    }

    #[test]
    fn a_report_of_nothing_has_no_chapters() {
        assert!(
            document(&Everything::new("Coffee", English))
                .blocks
                .is_empty()
        );
    }

    #[test]
    fn chapters_that_are_there_are_numbered_without_gaps() {
        let notices = [Notice::PoolCut { asked: 5, pool: 3 }];
        let mut everything = Everything::new("咖啡", Chinese);
        everything.notices = &notices;
        everything.cards = crate::index::CARDS.to_vec();
        everything.provenance = Some(Provenance {
            version: "0.1.0".into(),
            seed: "s".into(),
            fingerprints: vec![],
        });
        assert_eq!(
            headings(&everything),
            ["一、须说明的事项", "二、方法说明", "三、数据来源与校验"]
        );
    }

    #[test]
    fn a_rehearsal_says_so_before_anything_else() {
        let mut everything = Everything::new("Coffee", English);
        everything.rehearsal = true;
        let first = &document(&everything).blocks[0];
        assert!(matches!(first, Block::Note(text) if text.starts_with("A rehearsal")));
    }
}
