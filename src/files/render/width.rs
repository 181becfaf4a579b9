//! How wide a text is, without asking a font.

/// The width of `text` in columns of a monospaced screen: Chinese characters take two.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// The width of `text` in pixels at `size`, rather too much than too little.
pub(super) fn pixels(text: &str, size: i32) -> i32 {
    let ems: f64 = text.chars().map(ems).sum();
    (ems * f64::from(size)).ceil() as i32
}

fn ems(c: char) -> f64 {
    match c {
        _ if is_wide(c) => 1.0,
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '|' | ' ' | '(' | ')' => {
            0.36
        }
        'm' | 'w' | 'M' | 'W' | '%' => 0.9,
        'A'..='Z' => 0.7,
        _ => 0.58,
    }
}

/// Whether a character fills a square, as Chinese characters and their punctuation do.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD)
}

#[cfg(test)]
mod tests {
    use super::{columns, pixels};

    #[test]
    fn chinese_characters_are_twice_as_wide() {
        assert_eq!(columns("中国电信 4G"), 11);
        assert_eq!(pixels("满意", 14), 28);
        assert!(pixels("satisfied", 14) < 14 * 9);
    }
}
