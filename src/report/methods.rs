//! How it was done: the cards of the methods used, what must be known, and where it came from.

use super::document::{Block, Column, Table, Value};
use crate::language::{Language, Words};
use crate::method::Card;
use crate::notice::Notice;

/// Where a report came from: enough to make it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The program's version.
    pub version: String,
    /// The seed of all draws.
    pub seed: String,
    /// What was read and made, by name, with its fingerprint.
    pub fingerprints: Vec<(String, String)>,
}

/// The cards that were used, each once: what they do, their formula and their sources.
pub(super) fn cards(cards: &[&Card], language: Language) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for card in cards {
        if told.contains(&card.key) {
            continue;
        }
        told.push(card.key);
        blocks.push(Block::Heading {
            level: 3,
            text: card.title.say(language).to_owned(),
        });
        blocks.push(Block::Text(card.says.say(language).to_owned()));
        if !card.formula.is_empty() {
            blocks.push(Block::Formula(card.formula.to_owned()));
        }
        blocks.extend(sources(card, language).map(Block::Text));
    }
    blocks
}

fn sources(card: &Card, language: Language) -> Option<String> {
    let sources: Vec<String> = card.sources.iter().map(ToString::to_string).collect();
    if sources.is_empty() {
        return None;
    }
    Some(match language {
        Language::English => format!("Source: {}.", sources.join("; ")),
        Language::Chinese => format!("出处：{}。", sources.join("；")),
    })
}

/// Every notice as a sentence of its own.
pub(super) fn notices(notices: &[Notice], language: Language) -> Vec<Block> {
    let stop = Words::new(".", "。").say(language);
    notices
        .iter()
        .map(|notice| Block::Note(notice.say(language) + stop))
        .collect()
}

/// What has a fingerprint, in Chinese; files keep their names.
fn thing(name: &str) -> &str {
    match name {
        "the list" => "名单",
        "seed key" => "种子密钥",
        "the commitment before the draw" => "抽样前承诺",
        file => file,
    }
}

/// The table of seed, version and fingerprints.
pub(super) fn provenance(provenance: &Provenance, language: Language) -> Block {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("value", "内容")),
    ];
    let caption = say(
        "What this report was made from",
        "本报告的数据来源与校验信息",
    );
    let mut table = Table::new("provenance", caption, columns);
    table.push(vec![
        Value::text(say("program", "程序")),
        Value::text(format!("canvass {}", provenance.version)),
    ]);
    table.push(vec![
        Value::text(say("seed of all draws", "随机种子")),
        Value::text(&provenance.seed),
    ]);
    for (name, fingerprint) in &provenance.fingerprints {
        let name = match language {
            Language::English => format!("fingerprint of {name}"),
            Language::Chinese => format!("{}的指纹", thing(name)),
        };
        table.push(vec![Value::text(name), Value::text(fingerprint)]);
    }
    Block::Table(table)
}

#[cfg(test)]
mod tests {
    use super::{Provenance, cards, notices, provenance};
    use crate::index::CARDS;
    use crate::language::Language::{Chinese, English};
    use crate::notice::Notice;
    use crate::report::Block;

    #[test]
    fn a_method_used_twice_is_told_once() {
        let once = cards(CARDS, English);
        let twice: Vec<_> = CARDS.iter().chain(CARDS).copied().collect();
        assert_eq!(cards(&twice, English), once);
    }

    #[test]
    fn a_card_tells_title_use_formula_and_source() {
        let blocks = cards(&CARDS[..1], Chinese);
        assert!(
            matches!(&blocks[0], Block::Heading { level: 3, text } if text == "百分制满意度指数")
        );
        assert!(matches!(&blocks[2], Block::Formula(formula) if formula.contains("y_r")));
        assert_eq!(
            blocks[3],
            Block::Text("出处：Fornell et al. (1996)。".into())
        );
    }

    #[test]
    fn notices_are_sentences() {
        let blocks = notices(&[Notice::PoolCut { asked: 5, pool: 3 }], English);
        assert_eq!(
            blocks,
            [Block::Note(
                "the targets call for 5 numbers, and the pool has 3.".into()
            )]
        );
    }

    #[test]
    fn the_seed_and_every_fingerprint_are_printed() {
        let made = Provenance {
            version: "0.1.0".into(),
            seed: "a sentence read aloud".into(),
            fingerprints: vec![("list".into(), "ab12".into())],
        };
        let Block::Table(table) = provenance(&made, English) else {
            panic!("a table")
        };
        let said: Vec<String> = table.rows.iter().map(|row| row[1].say(English)).collect();
        assert_eq!(said, ["canvass 0.1.0", "a sentence read aloud", "ab12"]);
    }
}
