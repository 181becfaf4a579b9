//! The chance of each pair of units to be drawn together.

/// π_kl for every pair of a pool's units, or of some of them; the diagonal holds π_k.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    units: usize,
    /// Row by row.
    table: Vec<f64>,
}

impl Joint {
    /// A table from a function of pairs k ≤ l; it is symmetric.
    #[must_use]
    pub fn from_fn(units: usize, chance: impl Fn(usize, usize) -> f64) -> Joint {
        let mut table = vec![0.0; units * units];
        for k in 0..units {
            for l in k..units {
                let both = chance(k, l);
                table[k * units + l] = both;
                table[l * units + k] = both;
            }
        }
        Joint { units, table }
    }

    /// How many units there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.units
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units == 0
    }

    /// The table of some of the units, in this order.
    #[must_use]
    pub fn among(&self, places: &[usize]) -> Joint {
        Joint::from_fn(places.len(), |k, l| self.of(places[k], places[l]))
    }

    /// π_kl.
    #[must_use]
    pub fn of(&self, k: usize, l: usize) -> f64 {
        self.table[k * self.units + l]
    }
}
