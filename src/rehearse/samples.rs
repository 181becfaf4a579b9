//! What the tests of several files share.

/// The recipe of the study that makes its list.
pub const CHONGQING: &str = include_str!("../../config/surveys/chongqing-2016.rehearsal.toml");

/// The recipe of the study on a real list of blocks.
pub const NUMBERS: &str = include_str!("../../config/surveys/chongqing-numbers.rehearsal.toml");
