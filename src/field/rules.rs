//! What it takes to believe a centre's codes.

/// The limits by which calls and answers become final classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// On how many different days the same message must be heard before a number counts as not
    /// working (4.30, 4.31, 4.32).
    pub dead_days: u32,
    /// How many calls must find a number temporarily out of service (4.33) before it counts as such …
    pub suspended_calls: u32,
    /// … and on how many different days.
    pub suspended_days: u32,
    /// Whether "not assigned" (4.31) and a person who answered, of whom nothing else is known, make
    /// the number unknown again.
    pub mixed_is_unknown: bool,
    /// From which share of items answered an interview is complete.
    pub complete_share: f64,
    /// From which share of items answered it is partial; below, it is broken off.
    pub partial_share: f64,
    /// Seconds of talk below which a complete interview is not credible.
    pub least_talk_seconds: u32,
}

impl Rules {
    /// The usual limits.
    ///
    /// | what                                            | limit                                |
    /// |-------------------------------------------------|--------------------------------------|
    /// | not in service, not assigned, disconnected      | the same message on 2 different days |
    /// | temporarily out of service                      | 3 calls on 2 different days          |
    /// | "not assigned", and answered by someone unknown | unknown again                        |
    /// | complete, partial                               | 80 %, 50 % of all items              |
    /// | least talk of a complete interview              | 60 seconds, an assumption            |
    ///
    /// All items count, also those that an answer made superfluous: lower the shares if the
    /// questionnaire skips much.
    ///
    /// # Source
    ///
    /// AAPOR (2016), Standard Definitions, for the shares, which it gives as an example. The other
    /// limits are ours.
    #[must_use]
    pub const fn usual() -> Rules {
        Rules {
            dead_days: 2,
            suspended_calls: 3,
            suspended_days: 2,
            mixed_is_unknown: true,
            complete_share: 0.8,
            partial_share: 0.5,
            least_talk_seconds: 60,
        }
    }

    /// The code of an interview of which this share of items was answered.
    pub(crate) fn code_of(&self, share: f64) -> &'static str {
        // A share of 4 in 5 is 0.8 in floats too, so no tolerance is needed for whole counts.
        if share >= self.complete_share {
            "1.1"
        } else if share >= self.partial_share {
            "1.2"
        } else {
            "2.12"
        }
    }
}

impl Default for Rules {
    fn default() -> Rules {
        Rules::usual()
    }
}

#[cfg(test)]
mod tests {
    use super::Rules;

    #[test]
    fn four_items_in_five_are_complete_and_half_are_partial() {
        let rules = Rules::usual();
        for items in 1..=200_u32 {
            for answered in 0..=items {
                let expected = match () {
                    () if 5 * answered >= 4 * items => "1.1",
                    () if 2 * answered >= items => "1.2",
                    () => "2.12",
                };
                let share = f64::from(answered) / f64::from(items);
                assert_eq!(rules.code_of(share), expected, "{answered} of {items}");
            }
        }
    }
}
