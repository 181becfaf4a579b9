//! Answers to one item, as statistics see them.

use crate::field::Item;
use crate::frame::Numbers;

/// The answers to one item, wherever they are kept: a number per drawn unit, or nothing where nothing
/// was said.
///
/// ```
/// use canvass::{estimate::Answers, field::Item, frame::Numbers};
/// let item = Item { name: "minutes".into(), values: vec![Some(2.0), None] };
/// let numbers = Numbers::from(vec![2.0, 4.0]);
/// assert_eq!(Answers::from(&item).of(1), None);
/// assert_eq!(Answers::from(("minutes", &numbers)).of(1), Some(4.0));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Answers<'a> {
    name: &'a str,
    cells: Cells<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Cells<'a> {
    Each(&'a [Option<f64>]),
    All(&'a [f64]),
    Some(&'a Numbers),
}

impl<'a> Answers<'a> {
    /// What the item is called.
    #[must_use]
    pub fn name(self) -> &'a str {
        self.name
    }

    /// What a drawn unit said, if it said anything.
    #[must_use]
    #[inline]
    pub fn of(self, unit: usize) -> Option<f64> {
        match self.cells {
            Cells::All(values) => Some(values[unit]),
            Cells::Each(values) => values[unit],
            Cells::Some(values) => values.get(unit),
        }
    }
}

impl<'a> From<&'a Item> for Answers<'a> {
    fn from(item: &'a Item) -> Answers<'a> {
        Answers {
            name: &item.name,
            cells: Cells::Each(&item.values),
        }
    }
}

impl<'a> From<(&'a str, &'a Numbers)> for Answers<'a> {
    fn from((name, numbers): (&'a str, &'a Numbers)) -> Answers<'a> {
        let cells = match numbers.all() {
            Some(values) => Cells::All(values),
            None => Cells::Some(numbers),
        };
        Answers { name, cells }
    }
}

impl<'a> From<(&'a str, &'a [f64])> for Answers<'a> {
    /// Every unit answered.
    fn from((name, values): (&'a str, &'a [f64])) -> Answers<'a> {
        let cells = Cells::All(values);
        Answers { name, cells }
    }
}
