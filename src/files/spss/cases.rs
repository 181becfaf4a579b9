//! Cases, one after another, however they are packed.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::bytes::{Bytes, CUT};
use super::dictionary::{Dictionary, Packing};

/// The cases of a file.
pub(super) struct Cases<'b> {
    packed: Cow<'b, [u8]>,
    at: usize,
    /// Codes of the numbers and parts that come next; none if cases are plain.
    codes: Option<([u8; 8], usize)>,
    bias: f64,
    big: bool,
    /// The last case that was read.
    case: Vec<u8>,
    read: usize,
    /// How many there must be, if the file says.
    all: Option<usize>,
    /// Whether what is read may end: not in the midst of a case.
    ended: bool,
}

impl<'b> Cases<'b> {
    pub fn of(bytes: &'b [u8], dictionary: &Dictionary) -> Result<Cases<'b>, String> {
        let packed = match dictionary.packing {
            Packing::Blocks => Cow::Owned(inflated(bytes, dictionary)?),
            _ => Cow::Borrowed(bytes.get(dictionary.data..).ok_or(CUT)?),
        };
        if dictionary.parts == 0 {
            return Err("it has no variables".to_owned());
        }
        Ok(Cases {
            packed,
            at: 0,
            codes: (dictionary.packing != Packing::Plain).then_some(([0; 8], 8)),
            bias: dictionary.bias,
            big: dictionary.big,
            case: vec![0; dictionary.parts.saturating_mul(8)],
            read: 0,
            all: dictionary.cases,
            ended: false,
        })
    }

    /// The next case; none after the last.
    pub fn next(&mut self) -> Result<Option<&[u8]>, String> {
        if self.ended || self.all == Some(self.read) {
            return Ok(None);
        }
        let mut case = std::mem::take(&mut self.case);
        for (place, part) in case.chunks_exact_mut(8).enumerate() {
            match self.part()? {
                Some(eight) => part.copy_from_slice(&eight),
                None if place == 0 && self.all.is_none() => {
                    self.ended = true;
                    return Ok(None);
                }
                None => return Err(self.cut()),
            }
        }
        self.case = case;
        self.read += 1;
        Ok(Some(&self.case))
    }

    fn cut(&self) -> String {
        match self.all {
            Some(all) => format!("{CUT}: it has {} of its {all} cases", self.read),
            None => format!("{CUT} in the midst of case {}", self.read + 1),
        }
    }

    /// The next number or part of a text; none at the end.
    fn part(&mut self) -> Result<Option<[u8; 8]>, String> {
        const MISSING: f64 = f64::MIN;
        let Some((codes, mut next)) = self.codes else {
            return Ok(self.eight());
        };
        let mut codes = codes;
        loop {
            if next == 8 {
                let Some(more) = self.eight() else {
                    return Ok(None);
                };
                (codes, next) = (more, 0);
            }
            let code = codes[next];
            next += 1;
            self.codes = Some((codes, next));
            let number = |x: f64| {
                if self.big {
                    x.to_be_bytes()
                } else {
                    x.to_le_bytes()
                }
            };
            return Ok(Some(match code {
                0 => continue,
                252 => return Ok(None),
                253 => self.eight().ok_or_else(|| self.cut())?,
                254 => [b' '; 8],
                255 => number(MISSING),
                code => number(f64::from(code) - self.bias),
            }));
        }
    }

    fn eight(&mut self) -> Option<[u8; 8]> {
        let found = self.packed.get(self.at..self.at + 8)?.try_into().ok()?;
        self.at += 8;
        Some(found)
    }
}

/// The blocks of a `.zsav` file, one after another.
fn inflated(bytes: &[u8], dictionary: &Dictionary) -> Result<Vec<u8>, String> {
    /// Blocks are of 4 MB; more than 64 is no file of SPSS.
    const LARGEST: usize = 1 << 26;
    let mut head = Bytes::of(bytes, dictionary.data, dictionary.big);
    head.long()?;
    let place = |long: i64| usize::try_from(long).map_err(|_| CUT.to_owned());
    let trailer = place(head.long()?)?;
    let mut from = Bytes::of(bytes, trailer, dictionary.big);
    from.take(16)?;
    from.whole()?;
    let mut whole = Vec::new();
    for _ in 0..from.count()? {
        from.long()?;
        let at = place(from.long()?)?;
        let (plain, packed) = (from.count()?, from.count()?);
        let block = at
            .checked_add(packed)
            .and_then(|end| bytes.get(at..end))
            .ok_or(CUT)?;
        if plain > LARGEST {
            return Err("it is damaged: a block is too large".to_owned());
        }
        let before = whole.len();
        ZlibDecoder::new(block)
            .take(plain as u64 + 1)
            .read_to_end(&mut whole)
            .map_err(|why| format!("a block is damaged: {why}"))?;
        if whole.len() - before != plain {
            return Err("it is damaged: a block is of another length than it says".to_owned());
        }
    }
    Ok(whole)
}
