//! The report card of weights as a page, with pictures.

use canvass::bare::weights::{Checked, Compared};
use canvass::language::{Language, Words};
use canvass::method::Card;
use canvass::notice::Notice;
use canvass::report::{Block, Document, Figure, Kind, Range, Shift, Table, page};
use canvass::weigh::differ::Part;
use canvass::weigh::review::{Met, Spread};
use canvass::weigh::{chen_rust, factors::After, henry, quality, spencer};

use super::tables::labelled;

/// Most rows of a picture that an eye still tells apart.
const ROWS: usize = 40;

/// What can be seen of one set of weights: its tables in chapters, each with its picture.
pub(super) fn checked(
    title: &str,
    checked: &Checked,
    tables: Vec<Table>,
    notices: &[Notice],
    language: Language,
) -> Document {
    let mut chapters = Chapters {
        rows: Vec::new(),
        totals: Vec::new(),
        steps: Vec::new(),
        copies: Vec::new(),
        heavy: Vec::new(),
    };
    for table in tables {
        let chapter = match table.name.as_str() {
            "controls" => &mut chapters.totals,
            "factors" | "unequal" => &mut chapters.steps,
            "replicates" | "mean" | "doubts" => &mut chapters.copies,
            "heaviest" | "dominant" | "weighty" => &mut chapters.heavy,
            _ => &mut chapters.rows,
        };
        chapter.push(Block::Table(table));
    }
    chapters.rows.extend(spreads(checked, language));
    chapters.totals.extend(balance(checked, language));
    chapters.steps.extend(steps(checked, language));
    page(
        title,
        notices,
        chapters.in_order(),
        &cards(checked),
        language,
    )
}

/// What differs between two sets of weights.
pub(super) fn compared(
    title: &str,
    compared: &Compared,
    tables: Vec<Table>,
    notices: &[Notice],
    language: Language,
) -> Document {
    let mut all: Vec<Block> = tables.into_iter().map(Block::Table).collect();
    // Right behind the counts.
    let place = all.len().min(1);
    all.splice(place..place, ratios(&compared.differences.parts, language));
    let chapters = vec![(Words::new("Two sets of weights", "两组权数"), all)];
    page(title, notices, chapters, &[], language)
}

struct Chapters {
    rows: Vec<Block>,
    totals: Vec<Block>,
    steps: Vec<Block>,
    copies: Vec<Block>,
    heavy: Vec<Block>,
}

impl Chapters {
    fn in_order(self) -> Vec<(Words, Vec<Block>)> {
        vec![
            (Words::new("The weights", "权数"), self.rows),
            (Words::new("Known totals", "已知总量"), self.totals),
            (Words::new("Step by step", "逐步加权"), self.steps),
            (Words::new("Replicates", "重复权数"), self.copies),
            (
                Words::new("Rows that weigh most", "权数影响最大的行"),
                self.heavy,
            ),
        ]
    }
}

/// The methods that the numbers come from.
fn cards(checked: &Checked) -> Vec<&'static Card> {
    let spencers = checked.all.as_ref().and_then(|all| all.spencer);
    let found = [
        checked.all.as_ref().map(|_| &quality::CARD),
        spencers.map(|_| &spencer::CARD),
        checked.henry.map(|_| &henry::CARD),
        checked.chen_rust.as_ref().map(|_| &chen_rust::CARD),
    ];
    found.into_iter().flatten().collect()
}

/// A line from the smallest to the largest per row; none without weights above 0.
fn ranges(
    name: &str,
    caption: String,
    rows: impl IntoIterator<Item = (String, [f64; 5])>,
) -> Option<Block> {
    let positive = |(_, marks): &(String, [f64; 5])| marks[0] > 0.0 && marks[4].is_finite();
    let rows: Vec<Range> = rows
        .into_iter()
        .filter(positive)
        .map(|(label, marks)| Range { label, marks })
        .collect();
    (!rows.is_empty()).then(|| {
        Block::Figure(Figure {
            name: name.into(),
            caption,
            kind: Kind::Ranges { rows },
        })
    })
}

/// How weights spread: over all rows, by stratum and by domain.
fn spreads(checked: &Checked, language: Language) -> Option<Block> {
    let say = |en, zh| Words::new(en, zh).say(language);
    let row = |label: String, spread: &Spread| {
        let [quarter, half, most] = spread.quarters?;
        Some((
            label,
            [spread.smallest, quarter, half, most, spread.largest],
        ))
    };
    let all = checked.all.iter();
    let all = all.filter_map(|all| row(say("all", "合计").into(), all));
    let parts = checked.strata.iter().chain(&checked.domains);
    let count = checked.strata.len() + checked.domains.len();
    let parts = parts.take(ROWS).filter_map(|one| {
        let label = labelled(&one.label, language);
        row(label.to_owned(), one)
    });
    let whose = match checked.counted {
        None => say("Weights above 0", "大于零的权数"),
        Some(_) => say("Weights of rows that are counted", "计入各行的权数"),
    };
    let marks = say(
        ": smallest, middle half, largest",
        "：最小值、中间一半、最大值",
    );
    let cut = match (language, count > ROWS) {
        (_, false) => String::new(),
        (Language::English, true) => format!("; the first {ROWS} of {count} parts"),
        (Language::Chinese, true) => format!("；{count}个范围中的前{ROWS}个"),
    };
    let caption = format!("{whose}{marks}{cut}");
    ranges("distribution", caption, all.chain(parts))
}

/// How weights spread after each factor.
fn steps(checked: &Checked, language: Language) -> Option<Block> {
    let row = |step: &After| {
        let [quarter, half, most] = step.quarters?;
        let marks = [step.smallest?, quarter, half, most, step.largest?];
        Some((step.factor.clone(), marks))
    };
    let steps = checked.factors.iter().flat_map(|factors| &factors.steps);
    let caption = Words::new(
        "Weights after each factor: smallest, middle half, largest",
        "各因子之后的权数：最小值、中间一半、最大值",
    );
    ranges("steps", caption.say(language).into(), steps.filter_map(row))
}

/// How far known totals are missed by what was there at first, and by the weights.
fn balance(checked: &Checked, language: Language) -> Option<Block> {
    let row = |met: &Met| {
        // The sum of all weights has no level to stand for, and what it was before is on the same level.
        let (target, before, reached) = (met.target?, met.before?, met.reached?);
        let off = |held: f64| (held - target) / target.abs();
        let level = met.level.as_deref().map(|level| labelled(level, language));
        let shift = Shift {
            group: met.control.clone(),
            label: level.unwrap_or(&met.control).to_owned(),
            before: off(before),
            after: off(reached),
        };
        (shift.before.is_finite() && shift.after.is_finite()).then_some(shift)
    };
    let mut rows: Vec<(usize, Shift)> = checked
        .controls
        .iter()
        .filter_map(row)
        .enumerate()
        .collect();
    let all = rows.len();
    // Of many, those that are or were furthest off.
    let far = |shift: &Shift| shift.before.abs().max(shift.after.abs());
    rows.sort_by(|(_, a), (_, b)| far(b).total_cmp(&far(a)));
    rows.truncate(ROWS);
    rows.sort_by_key(|(place, _)| *place);
    let rows: Vec<Shift> = rows.into_iter().map(|(_, row)| row).collect();
    let first = checked.factors.as_ref().and_then(|told| told.steps.first());
    let name = first.map(|first| first.factor.as_str());
    (!rows.is_empty()).then(|| {
        Block::Figure(Figure {
            name: "balance".into(),
            caption: balanced(name, (rows.len(), all), language),
            kind: Kind::Shifts { rows },
        })
    })
}

fn balanced(first: Option<&str>, (shown, all): (usize, usize), language: Language) -> String {
    let more = shown < all;
    match language {
        Language::English => {
            let first = match first {
                Some(first) => format!("by '{first}' alone, scaled to the same sum"),
                None => "if all rows weighed the same".into(),
            };
            let cut = match more {
                true => format!("; the {shown} furthest off of {all}"),
                false => String::new(),
            };
            format!("Known totals: how far off {first} (open), and by the weights{cut}")
        }
        Language::Chinese => {
            let first = match first {
                Some(first) => format!("仅用“{first}”并调整到相同合计"),
                None => "各行权数相等".into(),
            };
            let cut = match more {
                true => format!("；{all}项中偏差最大的{shown}项"),
                false => String::new(),
            };
            format!("已知总量：{first}时（空心）与按权数（实心）的相对偏差{cut}")
        }
    }
}

/// Our weights over theirs, of all records and by domain.
fn ratios(parts: &[Part], language: Language) -> Option<Block> {
    let all = Words::new("all", "合计").say(language);
    let row = |(place, part): (usize, &Part)| {
        let label = match place {
            0 => all,
            _ => labelled(&part.label, language),
        };
        Some((label.to_owned(), part.ratios?))
    };
    let caption = Words::new(
        "Our weight over theirs: smallest, middle half, largest",
        "本方权数与对方权数之比：最小值、中间一半、最大值",
    );
    let parts = parts.iter().take(ROWS).enumerate().filter_map(row);
    ranges("ratios", caption.say(language).into(), parts)
}
