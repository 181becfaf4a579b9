//! What may be written of numbers that several units share, and of plans that are rounded.

use super::kinds::{names, word};
use super::origin::At;
use super::section::Section;
use super::words::{AskWord, NumberWord};
use crate::draw::stages::one_call::Choice;

/// `[draw.calls]`
pub(super) struct Calls {
    pub number: Option<At<NumberWord>>,
    pub ask: Option<At<AskWord>>,
    pub choice: Option<At<Choice>>,
}

impl Calls {
    pub fn read(calls: &mut Section<'_, '_>) -> Calls {
        Calls {
            number: calls.need("number", word),
            ask: calls.need("ask", word),
            choice: calls.need("choice", word),
        }
    }
}

/// `[plan] round`
pub(super) struct Round {
    pub rows: Option<At<Vec<At<String>>>>,
    pub columns: Option<At<Vec<At<String>>>>,
    pub layers: Option<At<Vec<At<String>>>>,
}

impl Round {
    pub fn read(round: &mut Section<'_, '_>) -> Round {
        Round {
            rows: round.need("rows", names),
            columns: round.need("columns", names),
            layers: round.may("layers", names),
        }
    }
}
