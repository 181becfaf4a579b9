//! Square matrices of ones and minus ones whose rows are orthogonal.

/// A Hadamard matrix whose first row and first column are all ones. Its cells are found when they
/// are asked for: only the squares of a field are kept.
///
/// # Formula
///
/// ```text
/// H H′ = m I,   h = ±1
/// ```
///
/// # Source
///
/// Paley (1933), both constructions, over fields of p and p² elements; Sylvester (1867) for the
/// doubling of an order.
///
/// # Example
///
/// ```
/// use canvass::estimate::variance::replicate::Hadamard;
/// let matrix = Hadamard::at_least(9);
/// assert_eq!(matrix.order(), 12);
/// let product: i32 = (0..12).map(|k| i32::from(matrix.cell(3, k)) * i32::from(matrix.cell(7, k))).sum();
/// assert_eq!(product, 0);
/// ```
#[derive(Debug, Clone)]
pub struct Hadamard {
    seed: Core,
    order: usize,
}

/// The matrix that is doubled, and doubled again.
#[derive(Debug, Clone)]
enum Core {
    /// The matrix of a single 1.
    One,
    /// Order q + 1 from a field of q ≡ 3 (mod 4) elements.
    First(Field),
    /// Order 2 (q + 1) from a field of q ≡ 1 (mod 4) elements.
    Second(Field),
}

impl Hadamard {
    /// The smallest order of at least `least` that these constructions reach, and its matrix.
    #[must_use]
    pub fn at_least(least: usize) -> Hadamard {
        let mut order = match least {
            0..=2 => least.max(1),
            _ => least.next_multiple_of(4),
        };
        // Powers of 2 are always reached, so this ends.
        loop {
            if let Some(seed) = Core::of(order) {
                return Hadamard { seed, order };
            }
            order += 4;
        }
    }

    /// How many rows and columns it has.
    #[must_use]
    pub fn order(&self) -> usize {
        self.order
    }

    /// A cell: 1 or −1.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> i8 {
        let core = self.seed.order();
        // Each doubling turns the lower right quarter around.
        let turns = ((row / core) & (column / core)).count_ones();
        let sign = if turns.is_multiple_of(2) { 1 } else { -1 };
        sign * self.seed.normal(row % core, column % core)
    }
}

impl Core {
    /// A core that reaches the order by doubling alone.
    fn of(order: usize) -> Option<Core> {
        let mut core = order;
        loop {
            if core == 1 {
                return Some(Core::One);
            }
            if core.is_multiple_of(4) {
                if let Some(field) = Field::of(core - 1).filter(|field| field.size % 4 == 3) {
                    return Some(Core::First(field));
                }
                if let Some(field) = Field::of(core / 2 - 1).filter(|field| field.size % 4 == 1) {
                    return Some(Core::Second(field));
                }
            }
            if core % 2 == 1 {
                return None;
            }
            core /= 2;
        }
    }

    fn order(&self) -> usize {
        match self {
            Core::One => 1,
            Core::First(field) => field.size + 1,
            Core::Second(field) => 2 * (field.size + 1),
        }
    }

    /// A cell after signs of rows and columns were turned so that the first of each are ones.
    fn normal(&self, row: usize, column: usize) -> i8 {
        self.raw(row, column) * self.raw(row, 0) * self.raw(0, column) * self.raw(0, 0)
    }

    fn raw(&self, row: usize, column: usize) -> i8 {
        match self {
            Core::One => 1,
            Core::First(field) => match (row, column) {
                _ if row == column => 1,
                (0, _) => 1,
                (_, 0) => -1,
                _ => field.character(row - 1, column - 1),
            },
            Core::Second(field) => {
                let (above, left) = (row / 2, column / 2);
                let lower_right = row % 2 == 1 && column % 2 == 1;
                if above == left {
                    return if row.is_multiple_of(2) && column.is_multiple_of(2) {
                        1
                    } else {
                        -1
                    };
                }
                let cell = match (above, left) {
                    (0, _) | (_, 0) => 1,
                    _ => field.character(above - 1, left - 1),
                };
                if lower_right { -cell } else { cell }
            }
        }
    }
}

/// A field of p or p² elements: a + b √r is the number a + p b.
#[derive(Debug, Clone)]
struct Field {
    size: usize,
    prime: usize,
    /// Which elements but 0 are squares.
    square: Vec<bool>,
}

impl Field {
    fn of(size: usize) -> Option<Field> {
        let root = size.isqrt();
        let prime = match (is_prime(size), root * root == size && is_prime(root)) {
            (true, _) => size,
            (_, true) if root > 2 => root,
            _ => return None,
        };
        let mut square = vec![false; size];
        if prime == size {
            (1..prime).for_each(|a| square[a * a % prime] = true);
        } else {
            let other = Field::of(prime)?;
            // Of the prime field, a number that is no square: its root makes the larger field.
            let r = (1..prime).find(|&a| !other.square[a])?;
            for element in 1..size {
                let (a, b) = (element % prime, element / prime);
                let (real, imaginary) = ((a * a + b * b % prime * r) % prime, 2 * a * b % prime);
                square[real + prime * imaginary] = true;
            }
        }
        Some(Field {
            size,
            prime,
            square,
        })
    }

    /// Whether the difference of two elements is a square: 1, or −1; 0 for the same.
    fn character(&self, this: usize, other: usize) -> i8 {
        let minus = |x: usize, y: usize| (x + self.prime - y) % self.prime;
        let p = self.prime;
        let difference = minus(this % p, other % p) + p * minus(this / p, other / p);
        match difference {
            0 => 0,
            _ if self.square[difference] => 1,
            _ => -1,
        }
    }
}

fn is_prime(n: usize) -> bool {
    n > 1 && (2..=n.isqrt()).all(|d| !n.is_multiple_of(d))
}
