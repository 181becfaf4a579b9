//! Numbers and texts out of bytes, in either order.

/// Where reading has come to.
#[derive(Debug, Clone)]
pub(super) struct Bytes<'b> {
    bytes: &'b [u8],
    pub at: usize,
    /// Whether the largest byte of a number stands first.
    pub big: bool,
}

/// What is said of a file that ends too soon.
pub(super) const CUT: &str = "it is cut off";

impl<'b> Bytes<'b> {
    pub fn of(bytes: &'b [u8], at: usize, big: bool) -> Bytes<'b> {
        Bytes { bytes, at, big }
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    pub fn take(&mut self, count: usize) -> Result<&'b [u8], String> {
        let end = self.at.checked_add(count).ok_or(CUT)?;
        let found = self.bytes.get(self.at..end).ok_or(CUT)?;
        self.at = end;
        Ok(found)
    }

    /// So many bytes, and more until a multiple of `unit` is full.
    pub fn padded(&mut self, count: usize, unit: usize) -> Result<&'b [u8], String> {
        let found = self.take(count)?;
        self.take(count.next_multiple_of(unit) - count)?;
        Ok(found)
    }

    pub fn eight(&mut self) -> Result<[u8; 8], String> {
        let found = self.take(8)?;
        found.try_into().map_err(|_| CUT.to_owned())
    }

    pub fn whole(&mut self) -> Result<i32, String> {
        let four = self.take(4)?.try_into().map_err(|_| CUT.to_owned())?;
        Ok(if self.big {
            i32::from_be_bytes(four)
        } else {
            i32::from_le_bytes(four)
        })
    }

    /// A number of things.
    pub fn count(&mut self) -> Result<usize, String> {
        usize::try_from(self.whole()?).map_err(|_| "it counts below 0".to_owned())
    }

    pub fn long(&mut self) -> Result<i64, String> {
        let eight = self.eight()?;
        Ok(if self.big {
            i64::from_be_bytes(eight)
        } else {
            i64::from_le_bytes(eight)
        })
    }

    pub fn real(&mut self) -> Result<f64, String> {
        Ok(real(self.eight()?, self.big))
    }
}

/// A number out of eight bytes.
pub(super) fn real(eight: [u8; 8], big: bool) -> f64 {
    if big {
        f64::from_be_bytes(eight)
    } else {
        f64::from_le_bytes(eight)
    }
}
