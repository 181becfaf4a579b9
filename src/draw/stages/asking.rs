//! What is kept of calls beside a sample: who is asked, and with what chance. No telephone number is.

use super::one_call::Calls;

/// Which drawn units calls are about, one entry per drawn unit. Units that hold the same number have the
/// same call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asking {
    /// The call, from 1, in the order in which the sample first names its number.
    pub call: Vec<u32>,
    /// Whether the call is about this unit. If not, it stays in the sample with weight 0.
    pub asked: Vec<bool>,
    /// m, how many units of the list hold the number.
    pub held_by: Vec<u64>,
    /// P(k | s), the chance that the call is about it, given who was drawn.
    pub chance_asked: Vec<f64>,
    /// The chance that the number is called at all; unknown where the chances of its other units are.
    pub chance_called: Vec<Option<f64>>,
}

impl Asking {
    /// What calls make of the drawn units; `called` has the chance of each call, as far as it is known.
    ///
    /// ```
    /// use canvass::draw::stages::Asking;
    /// use canvass::draw::stages::one_call::{Choice, Rule, Unit, one_call};
    /// use canvass::random::Seed;
    /// let unit = |id, number| Unit { id, number, chance: 0.5 };
    /// let held = [(7, vec![0.5, 0.5]), (8, vec![0.5])].into();
    /// let seed = Seed::new("x").expect("not blank");
    /// let drawn = [unit("a", 7), unit("b", 8), unit("c", 7)];
    /// let calls = one_call(&drawn, &held, Rule::AskOne(Choice::Evenly), &seed)?;
    /// let asking = Asking::of(&calls, &[Some(0.75), Some(0.5)]);
    /// assert_eq!((asking.call.as_slice(), asking.calls()), (&[1, 2, 1][..], 2));
    /// assert_eq!((asking.shared(), asking.passed_over()), (1, 1));
    /// # Ok::<(), canvass::draw::Error>(())
    /// ```
    #[must_use]
    pub fn of(calls: &Calls, called: &[Option<f64>]) -> Asking {
        let units = &calls.units;
        Asking {
            call: units.iter().map(|unit| unit.call as u32 + 1).collect(),
            asked: units.iter().map(|unit| unit.asked).collect(),
            held_by: units.iter().map(|unit| unit.multiplicity).collect(),
            chance_asked: units.iter().map(|unit| unit.chance_asked).collect(),
            chance_called: units
                .iter()
                .map(|unit| called.get(unit.call).copied().flatten())
                .collect(),
        }
    }

    /// How many numbers are called.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.call.iter().max().map_or(0, |&last| u64::from(last))
    }

    /// How many of them several drawn units hold.
    #[must_use]
    pub fn shared(&self) -> u64 {
        let mut units = vec![0_u64; self.calls() as usize];
        for &call in &self.call {
            units[call as usize - 1] += 1;
        }
        units.iter().filter(|&&units| units > 1).count() as u64
    }

    /// How many drawn units are not asked about.
    #[must_use]
    pub fn passed_over(&self) -> u64 {
        self.asked.iter().filter(|asked| !**asked).count() as u64
    }
}
