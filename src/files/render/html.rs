//! A document as one page, complete in itself.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Error, svg};
use crate::language::{Language, Words};
use crate::report::{Block, Column, Document, Figure, Table, Value};

/// How the page looks, on a screen and on paper.
const STYLE: &str = include_str!("style.css");

/// Tables with more columns than this are set smaller.
const WIDE: usize = 9;

/// Tables with more columns than this are set as small as can be read.
const WIDEST: usize = 14;

/// Tables with more rows than this are set closer.
const LONG: usize = 30;

/// Gives one HTML page with its style and pictures inside: no scripts, nothing from elsewhere.
///
/// # Errors
///
/// [`Error::Picture`] if a picture cannot be drawn.
pub fn page(document: &Document) -> Result<String, Error> {
    let language = document.language;
    let chapters = chapters(document);
    let mut body = Vec::with_capacity(document.blocks.len());
    let (mut number, mut note) = (0, Note::First);
    for (at, block) in document.blocks.iter().enumerate() {
        note = match block {
            Block::Note(_) => note,
            Block::Table(_) => Note::Foot,
            _ => Note::Aside,
        };
        number += usize::from(matches!(block, Block::Heading { level: 2, .. }));
        body.push(match block {
            Block::Heading { level: 2, text } => {
                let page = number > 1 && is_long(&document.blocks[at + 1..]);
                html! { h2 id={ "chapter-" (number) } class=[page.then_some("page")] { (text) } }
            }
            _ => one(block, note, language)?,
        });
    }
    let notes = document
        .blocks
        .iter()
        .take_while(|block| matches!(block, Block::Note(_)))
        .count();
    let (first, rest) = body.split_at(notes);
    let page = html! {
        (DOCTYPE)
        html lang=(tag(language)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (document.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (document.title) }
                    @for block in first { (block) }
                    @if chapters.len() > 1 { (contents(&chapters, language)) }
                    @for block in rest { (block) }
                }
            }
        }
    };
    Ok(page.into_string())
}

fn tag(language: Language) -> &'static str {
    Words::new("en", "zh-CN").say(language)
}

fn chapters(document: &Document) -> Vec<&str> {
    let heading = |block| match block {
        &Block::Heading { level: 2, ref text } => Some(text.as_str()),
        _ => None,
    };
    document.blocks.iter().filter_map(heading).collect()
}

fn contents(chapters: &[&str], language: Language) -> Markup {
    let label = Words::new("Contents", "目录").say(language);
    html! {
        nav aria-label=(label) {
            ul {
                @for (at, title) in chapters.iter().enumerate() {
                    li { a href={ "#chapter-" (at + 1) } { (title) } }
                }
            }
        }
    }
}

/// Where a note stands, which decides how loud it is.
#[derive(Debug, Clone, Copy)]
enum Note {
    /// Before everything else.
    First,
    /// In the text.
    Aside,
    /// At the foot of a table.
    Foot,
}

impl Note {
    fn class(self) -> &'static str {
        match self {
            Note::First => "note first",
            Note::Aside => "note",
            Note::Foot => "foot",
        }
    }
}

/// Whether the chapter that goes on with `rest` deserves a page of its own on paper.
fn is_long(rest: &[Block]) -> bool {
    rest.iter()
        .take_while(|block| !matches!(block, Block::Heading { level: 2, .. }))
        .any(|block| matches!(block, Block::Table(_) | Block::Figure(_)))
}

/// One block that is not a chapter's heading.
fn one(block: &Block, note: Note, language: Language) -> Result<Markup, Error> {
    Ok(match block {
        Block::Heading { text, .. } => html! { h3 { (text) } },
        Block::Text(text) => html! { p { (text) } },
        Block::Note(text) => html! { p class=(note.class()) role="note" { (text) } },
        Block::Formula(formula) => html! { pre { (formula) } },
        Block::Table(shown) => table(shown, language),
        Block::Figure(shown) => figure(shown)?,
    })
}

fn figure(shown: &Figure) -> Result<Markup, Error> {
    let picture = svg::picture(shown)?;
    Ok(html! {
        figure id={ "figure-" (shown.name) } {
            figcaption { (shown.caption) }
            (PreEscaped(picture))
        }
    })
}

fn table(shown: &Table, language: Language) -> Markup {
    let id = format!("table-{}", shown.name);
    html! {
        div.scroll role="region" tabindex="0" aria-labelledby=(id) {
            table class=[classes(shown)] {
                caption id=(id) { (shown.caption) }
                thead {
                    tr {
                        @for column in &shown.columns {
                            th scope="col" class=[column.right.then_some("right")] { (column.title) }
                        }
                    }
                }
                tbody {
                    @for row in &shown.rows {
                        tr { (cells(row, &shown.columns, language)) }
                    }
                }
            }
        }
    }
}

/// What the table's shape asks of its style.
fn classes(shown: &Table) -> Option<String> {
    let (columns, rows) = (shown.columns.len(), shown.rows.len());
    let wanted = [
        (columns > WIDE, "wide"),
        (columns > WIDEST, "widest"),
        (rows > LONG, "long"),
        (leads(shown), "lead"),
    ];
    let classes: Vec<&str> = wanted
        .iter()
        .filter(|(wanted, _)| *wanted)
        .map(|(_, class)| *class)
        .collect();
    (!classes.is_empty()).then(|| classes.join(" "))
}

/// Whether the table has cells of several lines.
fn leads(shown: &Table) -> bool {
    let several = |value: &Value| matches!(value, Value::Text(text) if text.contains('\n'));
    shown.rows.iter().flatten().any(several)
}

/// A row: its first cell is its heading.
fn cells(row: &[Value], columns: &[Column], language: Language) -> Markup {
    let mut cells = row.iter().zip(columns);
    html! {
        @if let Some((value, _)) = cells.next() {
            th scope="row" { (value.say(language)) }
        }
        @for (value, column) in cells { (cell(value, column.right, language)) }
    }
}

fn cell(value: &Value, right: bool, language: Language) -> Markup {
    let said = value.say(language);
    match value {
        Value::Absent | Value::Unknown => html! {
            td class=(if right { "absent right" } else { "absent" }) { (said) }
        },
        _ => match said.split_once('\n') {
            Some((first, rest)) => html! {
                td.lines {
                    b { (first) }
                    @for line in rest.lines() { span { (line) } }
                }
            },
            None => html! { td class=[right.then_some("right")] { (said) } },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::language::Language::{Chinese, English};
    use crate::report::{Block, Column, Document, Table, Value};

    fn document(language: crate::language::Language) -> Document {
        let columns = vec![Column::text("firm"), Column::number("index")];
        let mut table = Table::new("index", "The <index>", columns);
        table.push(vec![
            Value::text("A & B"),
            Value::text("78.35\nsatisfied †"),
        ]);
        table.push(vec![
            Value::text("<script>alert(1)</script>"),
            Value::Absent,
        ]);
        let blocks = vec![
            Block::Note("A rehearsal.".into()),
            Block::Heading {
                level: 2,
                text: "1. Index".into(),
            },
            Block::Table(table),
            Block::Note("† Remark.".into()),
            Block::Heading {
                level: 2,
                text: "2. Methods".into(),
            },
            Block::Formula("Σ w y / Σ w".into()),
        ];
        Document {
            title: "Coffee".into(),
            language,
            blocks,
        }
    }

    #[test]
    fn the_page_needs_nothing_from_elsewhere_and_runs_nothing() {
        let page = page(&document(English)).expect("a page");
        assert!(!page.contains("<script"));
        for elsewhere in ["src=", "<link", "@import", "url("] {
            assert!(!page.contains(elsewhere), "the page holds {elsewhere}");
        }
        assert!(page.contains("&lt;script&gt;alert(1)"));
    }

    #[test]
    fn tables_are_told_to_those_who_cannot_see_them() {
        let page = page(&document(Chinese)).expect("a page");
        assert!(page.contains("<html lang=\"zh-CN\">"));
        assert!(page.contains("<caption id=\"table-index\">The &lt;index&gt;</caption>"));
        assert!(page.contains("<th scope=\"col\" class=\"right\">index</th>"));
        assert!(page.contains("<th scope=\"row\">A &amp; B</th>"));
        assert!(page.contains("<td class=\"absent right\">不适用</td>"));
    }

    #[test]
    fn contents_lead_to_every_chapter() {
        let page = page(&document(English)).expect("a page");
        for number in 1..=2 {
            assert!(page.contains(&format!("href=\"#chapter-{number}\"")));
            assert!(page.contains(&format!("<h2 id=\"chapter-{number}\">")));
        }
    }

    #[test]
    fn what_stands_before_the_first_chapter_stands_out() {
        let page = page(&document(English)).expect("a page");
        assert_eq!(page.matches("class=\"note first\"").count(), 1);
        let (note, contents) = (page.find("A rehearsal."), page.find("<nav"));
        assert!(note.expect("the note") < contents.expect("the contents"));
    }
}
