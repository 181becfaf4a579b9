//! In which encoding is a text written? Found, and said; never guessed.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::Error;

/// The encoding of a text file, and how it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A byte-order mark says so.
    Mark(&'static Encoding),
    /// Every byte fits UTF-8.
    Utf8,
    /// Not UTF-8, and every byte fits GB18030.
    Gb18030,
    /// The settings say so.
    Declared(&'static Encoding),
}

impl Found {
    /// The encoding itself.
    #[must_use]
    pub fn encoding(self) -> &'static Encoding {
        match self {
            Found::Mark(encoding) | Found::Declared(encoding) => encoding,
            Found::Utf8 => UTF_8,
            Found::Gb18030 => GB18030,
        }
    }

    /// What was found, for a person: "UTF-8 (byte-order mark)".
    #[must_use]
    pub fn says(self) -> String {
        let name = self.encoding().name();
        match self {
            Found::Mark(_) => format!("{name} (byte-order mark)"),
            Found::Utf8 => format!("{name} (every byte fits)"),
            Found::Gb18030 => "GB18030 (not UTF-8)".to_owned(),
            Found::Declared(_) => format!("{name} (as declared)"),
        }
    }
}

/// Finds the encoding of a file: its byte-order mark, else UTF-8 if every byte fits, else GB18030 if
/// every byte fits. `declared` is checked, not believed.
///
/// # Errors
///
/// [`Error::Encoding`] if it is neither, or not what was declared; [`Error::Read`] if it cannot be
/// read.
pub fn find(path: &Path, declared: Option<&'static Encoding>) -> Result<Found, Error> {
    let mut file = File::open(path).map_err(|why| Error::read(path, why))?;
    let mut head = [0; 3];
    let got = file.read(&mut head).map_err(|why| Error::read(path, why))?;
    if let Some((encoding, _)) = Encoding::for_bom(&head[..got]) {
        return Ok(Found::Mark(encoding));
    }
    let misfit = |byte| Error::Encoding {
        path: path.display().to_string(),
        byte,
    };
    if let Some(encoding) = declared {
        let first = first_misfit(&mut file, path, encoding)?;
        return first.map_or(Ok(Found::Declared(encoding)), |byte| Err(misfit(byte)));
    }
    match first_misfit(&mut file, path, UTF_8)? {
        None => Ok(Found::Utf8),
        Some(byte) => match first_misfit(&mut file, path, GB18030)? {
            None => Ok(Found::Gb18030),
            Some(_) => Err(misfit(byte)),
        },
    }
}

/// The first place, to within one buffer, that does not fit the encoding.
fn first_misfit(
    file: &mut File,
    path: &Path,
    encoding: &'static Encoding,
) -> Result<Option<u64>, Error> {
    file.rewind().map_err(|why| Error::read(path, why))?;
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = vec![0; 1 << 16];
    let mut text = String::with_capacity(1 << 18);
    let mut read = 0;
    loop {
        let got = file
            .read(&mut buffer)
            .map_err(|why| Error::read(path, why))?;
        let last = got == 0;
        let mut from = 0;
        loop {
            text.clear();
            let (result, used) =
                decoder.decode_to_string_without_replacement(&buffer[from..got], &mut text, last);
            from += used;
            match result {
                encoding_rs::DecoderResult::InputEmpty => break,
                encoding_rs::DecoderResult::OutputFull => {}
                encoding_rs::DecoderResult::Malformed(..) => {
                    return Ok(Some((read + from as u64).saturating_sub(1)));
                }
            }
        }
        read += got as u64;
        if last {
            return Ok(None);
        }
    }
}

/// Opens a text file as UTF-8, whatever it is written in.
///
/// # Errors
///
/// [`Error::Read`] if it cannot be opened.
pub fn open(path: &Path, found: Found) -> Result<impl Read + use<>, Error> {
    let file = File::open(path).map_err(|why| Error::read(path, why))?;
    Ok(DecodeReaderBytesBuilder::new()
        .encoding(Some(found.encoding()))
        .bom_sniffing(true)
        .strip_bom(true)
        .build(file))
}

/// `text` in the encoding, with a byte-order mark if asked for.
///
/// # Errors
///
/// [`Error::Unencodable`] names the first letter that the encoding lacks.
pub fn encode(
    path: &Path,
    text: &str,
    encoding: &'static Encoding,
    mark: bool,
) -> Result<Vec<u8>, Error> {
    assert!(
        encoding != UTF_16LE && encoding != UTF_16BE,
        "nobody asks for UTF-16"
    );
    let mut bytes = if mark {
        "\u{feff}".as_bytes().to_vec()
    } else {
        Vec::new()
    };
    let mut encoder = encoding.new_encoder();
    let room = encoder
        .max_buffer_length_from_utf8_without_replacement(text.len())
        .expect("a text that fits memory");
    let start = bytes.len();
    bytes.resize(start + room, 0);
    let (result, _, written) =
        encoder.encode_from_utf8_without_replacement(text, &mut bytes[start..], true);
    if let encoding_rs::EncoderResult::Unmappable(letter) = result {
        let encoding = encoding.name().to_owned();
        return Err(Error::Unencodable {
            path: path.display().to_string(),
            letter,
            encoding,
        });
    }
    bytes.truncate(start + written);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use encoding_rs::{GB18030, UTF_8};

    use super::{Found, encode, find, open};

    fn written(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.csv");
        std::fs::write(&path, bytes).expect("can be written");
        (folder, path)
    }

    #[test]
    fn the_same_text_is_read_from_every_encoding() {
        let text = "编号,区县\n1,渝中区\n";
        let utf16: Vec<u8> = "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        for (bytes, says) in [
            (text.as_bytes().to_vec(), "UTF-8 (every byte fits)"),
            (
                format!("\u{feff}{text}").into_bytes(),
                "UTF-8 (byte-order mark)",
            ),
            (GB18030.encode(text).0.into_owned(), "GB18030 (not UTF-8)"),
            (utf16, "UTF-16LE (byte-order mark)"),
        ] {
            let (_folder, path) = written(&bytes);
            let found = find(&path, None).expect("a known encoding");
            assert_eq!(found.says(), says);
            let mut back = String::new();
            open(&path, found)
                .expect("opens")
                .read_to_string(&mut back)
                .expect("reads");
            assert_eq!(back, text, "{says}");
        }
    }

    #[test]
    fn what_fits_nothing_is_refused_with_its_place() {
        let (_folder, path) = written(b"id,x\n1,\xff\xff\n");
        let error = find(&path, None).expect_err("neither");
        assert!(error.to_string().contains("byte 7"), "{error}");
    }

    #[test]
    fn a_declaration_is_checked() {
        let (_folder, path) = written(&GB18030.encode("渝中区").0);
        assert!(find(&path, Some(UTF_8)).is_err());
        assert_eq!(find(&path, Some(GB18030)), Ok(Found::Declared(GB18030)));
    }

    #[test]
    fn a_letter_that_an_encoding_lacks_is_named() {
        let path = std::path::Path::new("calls.csv");
        let error = encode(path, "𠮷", encoding_rs::GBK, false).expect_err("a rare letter");
        assert!(error.to_string().contains('𠮷'), "{error}");
        assert_eq!(
            encode(path, "a", UTF_8, true).expect("fits"),
            b"\xef\xbb\xbfa"
        );
    }
}
