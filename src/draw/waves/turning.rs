//! What a wave wishes of the numbers that the wave before drew by, and the turn that comes of it.

use super::coordinate::Turn;

/// What is done to the numbers that an earlier wave drew by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Turning {
    /// Nothing: the same units, as far as can be.
    Same,
    /// They are turned round: other units, as far as can be.
    Reflect,
    /// They are moved on by this part of their circle.
    Shift(f64),
    /// They are moved by this share of each unit's chance, and that share of the sample is replaced.
    Rotate(f64),
}

impl Turning {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Turning::Same => "same",
            Turning::Reflect => "reflect",
            Turning::Shift(_) => "shift",
            Turning::Rotate(_) => "rotate",
        }
    }
}

impl Turn {
    /// What this wave does to numbers that the one before turned already, counted from those that nobody
    /// turned; none where that is no turn that could be stated, and followed, as one.
    ///
    /// ```
    /// use canvass::draw::waves::{coordinate::Turn, turning::Turning};
    /// assert_eq!(Turn::Reflect.followed_by(Turning::Reflect), Some(Turn::Same));
    /// assert_eq!(Turn::Reflect.followed_by(Turning::Shift(0.5)), None);
    /// ```
    #[must_use]
    pub fn followed_by(self, wish: Turning) -> Option<Turn> {
        Some(match (self, wish) {
            (before, Turning::Same) => before,
            (Turn::Same, Turning::Reflect) => Turn::Reflect,
            (Turn::Reflect, Turning::Reflect) => Turn::Same,
            (Turn::Same, Turning::Shift(by)) => Turn::Shift { by },
            (Turn::Shift { by: before }, Turning::Shift(by)) => Turn::Shift {
                by: (before + by) % 1.0,
            },
            (Turn::Same, Turning::Rotate(share)) => Turn::Rotate { share, waves: 1 },
            (Turn::Rotate { share, waves }, Turning::Rotate(again))
                if share.to_bits() == again.to_bits() =>
            {
                Turn::Rotate {
                    share,
                    waves: waves + 1,
                }
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Turn, Turning};

    #[test]
    fn a_wave_goes_on_from_where_the_one_before_was() {
        let third = |waves| Turn::Rotate { share: 0.25, waves };
        for (before, wish, turn) in [
            (third(2), Turning::Rotate(0.25), Some(third(3))),
            (third(2), Turning::Same, Some(third(2))),
            (third(2), Turning::Rotate(0.5), None),
            (third(2), Turning::Reflect, None),
            (Turn::Same, Turning::Rotate(0.25), Some(third(1))),
            (Turn::Reflect, Turning::Reflect, Some(Turn::Same)),
            (Turn::Reflect, Turning::Shift(0.5), None),
            (
                Turn::Shift { by: 0.75 },
                Turning::Shift(0.5),
                Some(Turn::Shift { by: 0.25 }),
            ),
        ] {
            assert_eq!(before.followed_by(wish), turn, "{before:?}, {wish:?}");
        }
    }
}
