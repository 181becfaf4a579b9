//! A page of chapters: what a door says of somebody's own data.

use super::document::{Block, Document};
use super::{methods, phrases};
use crate::language::{Language, Words};
use crate::method::Card;
use crate::notice::Notice;

/// Composes a page: what a reader must know first, then the chapters, numbered, without those that are
/// empty, and in the end the methods by their cards.
///
/// ```
/// use canvass::language::{Language, Words};
/// use canvass::report::{Block, page};
/// let chapters = vec![
///     (Words::new("Weights", "权数"), vec![Block::Text("All are 1.".into())]),
///     (Words::new("Replicates", "重复权数"), vec![]),
/// ];
/// let page = page("w.csv", &[], chapters, &[], Language::Chinese);
/// assert_eq!(page.blocks[0], Block::Heading { level: 2, text: "一、权数".into() });
/// assert_eq!(page.blocks.len(), 2);
/// ```
#[must_use]
pub fn page(
    title: &str,
    notices: &[Notice],
    chapters: Vec<(Words, Vec<Block>)>,
    cards: &[&Card],
    language: Language,
) -> Document {
    let mut blocks = methods::notices(notices, language);
    let methods = (
        Words::new("Methods", "方法说明"),
        methods::cards(cards, language),
    );
    let chapters = chapters.into_iter().chain([methods]);
    let told = chapters.filter(|(_, chapter)| !chapter.is_empty());
    for (number, (title, chapter)) in told.enumerate() {
        let text = phrases::chapter(number + 1, language) + title.say(language);
        blocks.push(Block::Heading { level: 2, text });
        blocks.extend(chapter);
    }
    Document {
        title: title.to_owned(),
        language,
        blocks,
    }
}
