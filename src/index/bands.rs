//! The word for an index.

use serde::{Deserialize, Serialize};

use crate::language::Words;
use crate::math::decimal;
use crate::method::{Card, Source};

/// The levels of satisfaction.
pub const CARD: Card = Card {
    key: "levels",
    title: Words::new("Levels of satisfaction", "满意度等级"),
    says: Words::new(
        "An index is rounded to two decimals, halves up, and then looked up in seven bands: very satisfied 90–100, satisfied 80–89.99, fairly satisfied 70–79.99, average 60–69.99, not very satisfied 50–59.99, dissatisfied 30–49.99, very dissatisfied below 30. Rounding comes first, so that the printed figure and its word never disagree.",
        "指数先按四舍五入保留两位小数，再对照七个等级区间确定等级：很满意（90–100）、满意（80–89.99）、较满意（70–79.99）、一般（60–69.99）、不太满意（50–59.99）、不满意（30–49.99）、很不满意（30以下）。先取舍后定级，以保证公布数值与等级用语一致。",
    ),
    formula: "k = max { k : c_k ≤ round(I, 2) }      c = 0, 30, 50, 60, 70, 80, 90",
    sources: &[Source::new("MII (2001)")],
};

/// Decimals at which an index is published, and looked up.
pub(super) const PLACES: usize = 2;

/// The seven levels, from the lowest up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Below 30.
    VeryDissatisfied,
    /// 30–49.99.
    Dissatisfied,
    /// 50–59.99.
    NotVerySatisfied,
    /// 60–69.99.
    Average,
    /// 70–79.99.
    FairlySatisfied,
    /// 80–89.99.
    Satisfied,
    /// 90–100.
    VerySatisfied,
}

impl Level {
    /// All levels, from the lowest up.
    pub const ALL: [Level; 7] = [
        Level::VeryDissatisfied,
        Level::Dissatisfied,
        Level::NotVerySatisfied,
        Level::Average,
        Level::FairlySatisfied,
        Level::Satisfied,
        Level::VerySatisfied,
    ];

    /// The least published index of this level.
    #[must_use]
    pub const fn floor(self) -> f64 {
        match self {
            Level::VeryDissatisfied => 0.0,
            Level::Dissatisfied => 30.0,
            Level::NotVerySatisfied => 50.0,
            Level::Average => 60.0,
            Level::FairlySatisfied => 70.0,
            Level::Satisfied => 80.0,
            Level::VerySatisfied => 90.0,
        }
    }

    /// What the notice calls it.
    #[must_use]
    pub const fn words(self) -> Words {
        match self {
            Level::VeryDissatisfied => Words::new("very dissatisfied", "很不满意"),
            Level::Dissatisfied => Words::new("dissatisfied", "不满意"),
            Level::NotVerySatisfied => Words::new("not very satisfied", "不太满意"),
            Level::Average => Words::new("average", "一般"),
            Level::FairlySatisfied => Words::new("fairly satisfied", "较满意"),
            Level::Satisfied => Words::new("satisfied", "满意"),
            Level::VerySatisfied => Words::new("very satisfied", "很满意"),
        }
    }
}

/// Gives the level of an index, as its two published decimals have it.
///
/// The ends of an interval may lie beyond 0 or 100; they belong to the outermost levels.
///
/// # Formula
///
/// ```text
/// k = max { k : c_k ≤ round(I, 2), halves up }     c = 0, 30, 50, 60, 70, 80, 90
/// ```
///
/// # Panics
///
/// If `index` is not finite: our own bug.
///
/// # Source
///
/// MII (2001).
///
/// # Example
///
/// ```
/// use canvass::index::{Level, level_of};
/// assert_eq!(level_of(89.994), Level::Satisfied); //     89.99
/// assert_eq!(level_of(89.995), Level::VerySatisfied); // 90.00
/// ```
#[must_use]
pub fn level_of(index: f64) -> Level {
    let published = decimal::rounded(index, PLACES);
    Level::ALL
        .into_iter()
        .rev()
        .find(|level| published >= level.floor())
        .unwrap_or(Level::VeryDissatisfied)
}

#[cfg(test)]
mod tests {
    use super::{Level, level_of};
    use crate::language::Language;

    #[test]
    fn a_half_hundredth_below_a_band_already_belongs_to_it() {
        let chinese = |index| level_of(index).words().say(Language::Chinese);
        assert_eq!(chinese(89.994), "满意"); //     89.99
        assert_eq!(chinese(89.995), "很满意"); //   90.00
        assert_eq!(chinese(29.994), "很不满意"); // 29.99
        assert_eq!(chinese(29.995), "不满意"); //   30.00
        assert_eq!(chinese(69.995), "较满意");
        assert_eq!(chinese(59.995), "一般");
        assert_eq!(chinese(49.995), "不太满意");
        assert_eq!(chinese(79.995), "满意");
    }

    #[test]
    fn every_floor_begins_its_own_level_and_a_hundredth_less_the_one_below() {
        for pair in Level::ALL.windows(2) {
            assert_eq!(level_of(pair[1].floor()), pair[1]);
            assert_eq!(level_of(pair[1].floor() - 0.01), pair[0]);
        }
    }

    #[test]
    fn levels_rise_with_the_index() {
        let levels: Vec<Level> = (0..=10_000)
            .map(|i| level_of(f64::from(i) / 100.0))
            .collect();
        assert!(levels.is_sorted());
        assert_eq!(
            (levels[0], levels[10_000]),
            (Level::VeryDissatisfied, Level::VerySatisfied)
        );
    }

    #[test]
    fn the_ends_of_an_interval_may_lie_beyond_the_scale() {
        assert_eq!(level_of(-3.0), Level::VeryDissatisfied);
        assert_eq!(level_of(101.2), Level::VerySatisfied);
    }
}
