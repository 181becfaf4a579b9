//! What every drawing method looks like from outside, so that one checker can try them all.

use super::{Error, Pool, joint::Joint};
use crate::method::Card;
use crate::random::Seed;

/// A way to draw from a pool.
#[derive(Debug, Clone, Copy)]
pub struct Method {
    /// What it says of itself.
    pub card: &'static Card,
    /// Whether as many units are drawn every time.
    pub size: Size,
    /// Whether the chances it is given are the chances that units have.
    pub chances: Accuracy,
    /// What it needs beside chances.
    pub needs: Needs,
    /// Draws: places in the pool, in order. With replacement, a place stands there once per hit.
    pub draw: fn(&Pool<'_>, &Seed) -> Result<Vec<usize>, Error>,
    /// The chance of each pair to be drawn together, where a formula is known.
    pub joint: Option<Pairs>,
}

/// Gives the chance of each pair of a pool's units.
pub type Pairs = fn(&Pool<'_>) -> Result<Joint, Error>;

/// How many units are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Always Σπ, if that is a whole number. Otherwise a method refuses, or draws the whole number below or
    /// above.
    Fixed,
    /// Σπ on average.
    Random,
    /// Always Σπ hits; a unit may be hit more than once.
    Hits,
}

/// Whether chances are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accuracy {
    /// π is the chance of being drawn.
    Exact,
    /// π is near the chance of being drawn; sample files say so.
    Approximate,
}

/// What a method needs beside chances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Chances,
    /// Equal chances.
    EqualChances,
    /// A place for each unit.
    Places,
    /// Amounts to balance on.
    Balance,
    /// Both.
    PlacesAndBalance,
}
