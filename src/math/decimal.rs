//! Rounding as a printed table does it: in decimals, halves up.

/// Digits at which the noise of binary sums is cut off before a half is looked for.
const NOISE: usize = 9;

/// Rounds `x` to `places` decimals, halves away from zero, as a person with a pencil would.
///
/// 89.995 is not a binary number; the nearest one lies a little below, and rounding *it* gives
/// 89.99. A published band begins at 90.00, so the decimal that was meant must decide. The number is
/// first written with nine decimals, which removes the noise of sums, and then rounded as text.
///
/// # Arguments
///
/// `x` must be finite; `places` at most 8.
///
/// # Source
///
/// GB/T 8170 (2008), but halves always up as the notice's bands require.
///
/// # Example
///
/// ```
/// use canvass::math::decimal::round;
/// assert_eq!(round(89.995, 2), "90.00");
/// assert_eq!(round(89.994, 2), "89.99");
/// assert_eq!(round(-0.001, 2), "0.00");
/// ```
#[must_use]
pub fn round(x: f64, places: usize) -> String {
    assert!(x.is_finite(), "only finite numbers can be rounded, got {x}");
    assert!(
        places < NOISE,
        "at most {} decimals, got {places}",
        NOISE - 1
    );
    let written = format!("{:.NOISE$}", x.abs());
    let cut = written.len() - (NOISE - places);
    let up = written.as_bytes()[cut] >= b'5';
    let mut digits: Vec<u8> = written.as_bytes()[..cut].to_vec();
    if up {
        carry(&mut digits);
    }
    if digits.last() == Some(&b'.') {
        digits.pop();
    }
    let text = String::from_utf8(digits).expect("digits are ASCII");
    let zero = text.bytes().all(|b| b == b'0' || b == b'.');
    if x < 0.0 && !zero {
        format!("-{text}")
    } else {
        text
    }
}

/// [`round`], as a number again.
#[must_use]
pub fn rounded(x: f64, places: usize) -> f64 {
    round(x, places)
        .parse()
        .expect("a rounded number is a number")
}

/// Adds one to the last digit.
fn carry(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        match digit {
            b'.' => {}
            b'9' => *digit = b'0',
            _ => {
                *digit += 1;
                return;
            }
        }
    }
    digits.insert(0, b'1');
}

#[cfg(test)]
mod tests {
    use super::{round, rounded};

    #[test]
    fn halves_go_up_at_every_band() {
        for (x, said) in [
            (89.995, "90.00"),
            (79.995, "80.00"),
            (69.995, "70.00"),
            (29.994_999, "29.99"),
        ] {
            assert_eq!(round(x, 2), said);
        }
    }

    #[test]
    fn the_noise_of_a_sum_does_not_decide() {
        let x = 89.995 - 1e-12;
        assert_eq!(round(x, 2), "90.00");
        assert_eq!(round(89.9949, 2), "89.99");
    }

    #[test]
    fn nines_carry_into_a_new_place() {
        assert_eq!(round(99.999, 2), "100.00");
        assert_eq!(round(9.5, 0), "10");
        assert_eq!(round(-2.345, 2), "-2.35");
    }

    #[test]
    fn rounding_twice_is_rounding_once() {
        for i in 0..10_000 {
            let x = f64::from(i) * 0.001_37;
            assert_eq!(rounded(rounded(x, 2), 2).to_bits(), rounded(x, 2).to_bits());
        }
    }
}
