//! From interviews to numbers: working, reached, eligible, willing.

use serde::{Deserialize, Serialize};

use super::Error;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "funnel",
    title: Words::new("Yield of a number", "号码产出率"),
    says: Words::new(
        "Of the numbers dialled some work, of these some are answered, of these some reach an eligible \
         person, and of these some give an interview. Interviews divided by the product of the four \
         shares are the numbers to dial.",
        "所拨号码中一部分有效，其中一部分接通，其中一部分为合格对象，其中一部分接受访问；\
         所需号码数等于访问数除以四个比率的乘积。",
    ),
    formula: "numbers = interviews / (working · reached · eligible · willing)",
    sources: &[Source::at("Valliant, Dever, Kreuter (2018)", "§6.5")],
};

/// The shares that a number passes on its way to an interview; each in (0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Funnel {
    /// Numbers that work.
    pub working: f64,
    /// Of these, numbers at which somebody is reached.
    pub reached: f64,
    /// Of these, numbers with an eligible person.
    pub eligible: f64,
    /// Of these, people who give an interview.
    pub willing: f64,
}

impl Funnel {
    /// Four shares, each given that the ones before hold.
    ///
    /// # Errors
    ///
    /// [`Error::Share`] names one that is not above 0 and at most 1.
    pub fn new(working: f64, reached: f64, eligible: f64, willing: f64) -> Result<Funnel, Error> {
        let shares = [
            ("working", working),
            ("reached", reached),
            ("eligible", eligible),
            ("willing", willing),
        ];
        for (share, value) in shares {
            if !(value > 0.0 && value <= 1.0) {
                return Err(Error::Share { share, value });
            }
        }
        Ok(Funnel {
            working,
            reached,
            eligible,
            willing,
        })
    }

    /// Interviews per number dialled.
    ///
    /// ```
    /// use canvass::plan::Funnel;
    /// let funnel = Funnel::new(0.62, 0.48, 0.55, 0.71)?;
    /// assert!((funnel.interviews_per_number() - 0.116).abs() < 0.001);
    /// # Ok::<(), canvass::plan::Error>(())
    /// ```
    #[must_use]
    pub fn interviews_per_number(&self) -> f64 {
        self.working * self.reached * self.eligible * self.willing
    }

    /// Numbers to dial for so many interviews, rounded up.
    ///
    /// # Formula
    ///
    /// ```text
    /// numbers = ⌈ interviews / (working · reached · eligible · willing) ⌉
    /// ```
    ///
    /// # Source
    ///
    /// Valliant, Dever, Kreuter (2018), §6.5.
    #[must_use]
    pub fn numbers_for(&self, interviews: f64) -> u64 {
        super::size::ceil(interviews / self.interviews_per_number())
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Funnel};

    #[test]
    fn four_hundred_interviews_at_eight_percent_take_five_thousand_numbers() {
        let funnel = Funnel::new(0.8, 0.5, 0.5, 0.4).expect("shares");
        assert_eq!(funnel.numbers_for(400.0), 5_000);
        assert_eq!(funnel.numbers_for(400.1), 5_002);
        assert_eq!(funnel.numbers_for(0.0), 0);
    }

    #[test]
    fn a_share_of_nothing_is_refused_by_name() {
        let error = Funnel::new(0.8, 0.0, 0.5, 0.4);
        assert_eq!(
            error,
            Err(Error::Share {
                share: "reached",
                value: 0.0
            })
        );
        assert!(Funnel::new(0.8, f64::NAN, 0.5, 0.4).is_err());
        assert!(Funnel::new(0.8, 1.1, 0.5, 0.4).is_err());
    }
}
