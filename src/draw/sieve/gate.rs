//! Which units of a long list are worth keeping: a threshold for their numbers.

use crate::random::Number;

/// Who is worth keeping.
#[derive(Debug, Clone, Copy)]
pub(super) enum Gate {
    /// Whoever has a size.
    Everyone,
    /// Whose number has a head up to this one.
    Head(u64),
    /// Whose head is up to `per` times the size.
    Size { per: f64 },
    /// Whose odds are up to `times` those of size / `low`.
    Odds { low: f64, times: f64 },
}

pub(super) const TWO_64: f64 = 18_446_744_073_709_551_616.0;

/// Thresholds are a little too high rather than too low.
pub(super) const SLACK: f64 = 1.0 + 1e-9;

impl Gate {
    /// Whether a unit is kept.
    pub(super) fn lets_through(self, head: u64, size: f64) -> bool {
        if size <= 0.0 {
            return false;
        }
        // A float beyond 2⁶⁴ becomes the largest whole number.
        let up_to = match self {
            Gate::Everyone => return true,
            Gate::Head(head) => head,
            Gate::Size { per } => (size * per) as u64,
            Gate::Odds { low, times } if size < low => {
                let p = size / low;
                (times * p / (1.0 - p + times * p) * SLACK * TWO_64) as u64
            }
            Gate::Odds { .. } => u64::MAX,
        };
        head <= up_to
    }

    /// Whether everybody who goes through the other goes through this one; of gates for equal chances.
    pub(super) fn is_as_wide_as(self, other: Gate) -> bool {
        match (self, other) {
            (Gate::Everyone, _) => true,
            (Gate::Head(mine), Gate::Head(other)) => mine >= other,
            _ => false,
        }
    }

    /// Whether a unit's key is so small that nobody who was kept out can have a smaller one. `key` is
    /// u (1 − π) / (π (1 − u)).
    pub(super) fn is_beyond_doubt(self, number: Number, size: f64, key: impl Fn() -> f64) -> bool {
        match self {
            // Whoever was kept out has a larger number, or no size.
            Gate::Everyone | Gate::Head(_) => true,
            // Whoever was kept out has u / x above `per`, but for roundings that are less than a tenth of
            // what is allowed for them here.
            Gate::Size { per } => (number.a() as f64 + 1.0) / TWO_64 <= size * per * (1.0 - 1e-12),
            Gate::Odds { times, .. } => key() * SLACK <= times,
        }
    }

    /// The gate for numbers below `share`, in equal chances.
    pub(super) fn share(share: f64) -> Gate {
        match share * SLACK {
            share if share >= 1.0 => Gate::Everyone,
            share => Gate::Head((share * TWO_64) as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;

    #[test]
    fn who_has_no_size_is_kept_out() {
        let gates = [
            Gate::Everyone,
            Gate::Head(9),
            Gate::Size { per: 1e30 },
            Gate::Odds {
                low: 1.0,
                times: 2.0,
            },
        ];
        assert!(gates.iter().all(|gate| !gate.lets_through(0, 0.0)));
        assert!(gates.iter().all(|gate| gate.lets_through(0, 2.0)));
    }

    #[test]
    fn thresholds_are_where_they_should_be() {
        let half = 1_u64 << 63;
        assert!(Gate::share(0.5).lets_through(half, 1.0));
        assert!(!Gate::share(0.5).lets_through(half + (half >> 20), 1.0));
        // A chance of ½ has the odds 1; three times that are the odds of ¾.
        let gate = Gate::Odds {
            low: 2.0,
            times: 3.0,
        };
        assert!(gate.lets_through(half + (half >> 1), 1.0));
        assert!(!gate.lets_through(half + (half >> 1) + (half >> 20), 1.0));
        assert!(gate.lets_through(u64::MAX, 2.0));
    }
}
