//! A file appears whole or not at all.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Error;

/// A file being written beside its place, under a name of its own; it goes there when kept, and
/// vanishes if it is dropped before, whatever the reason.
#[derive(Debug)]
pub struct Whole {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl Whole {
    /// Begins a file that will stand at `path`; its folder is made if need be.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if the folder cannot be made or written to.
    pub fn create(path: &Path) -> Result<Whole, Error> {
        let folder = path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|why| Error::write(path, why))?;
        let file = tempfile::Builder::new()
            .prefix(".canvass-")
            .tempfile_in(folder)
            .map_err(|why| Error::write(path, why))?;
        Ok(Whole {
            path: path.to_owned(),
            file: BufWriter::with_capacity(1 << 20, file),
        })
    }

    /// Another handle on the file, for writers that want one of their own.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if the system has none to give.
    pub fn handle(&self) -> Result<File, Error> {
        self.file
            .get_ref()
            .as_file()
            .try_clone()
            .map_err(|why| Error::write(&self.path, why))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if what was written cannot be kept.
    pub fn keep(self) -> Result<(), Error> {
        let path = self.path;
        let file = self
            .file
            .into_inner()
            .map_err(|why| Error::write(&path, why.error()))?;
        readable(file.as_file()).map_err(|why| Error::write(&path, why))?;
        file.persist(&path)
            .map_err(|why| Error::write(&path, why.error))?;
        Ok(())
    }
}

/// Temporary files are made for their owner alone; what is kept is a file like any other.
#[cfg(unix)]
fn readable(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &File) -> std::io::Result<()> {
    Ok(())
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Writes `text` to `path`, whole or not at all.
///
/// # Errors
///
/// [`Error::Write`] if it cannot be written.
pub fn write_text(path: &Path, text: &str) -> Result<(), Error> {
    write_bytes(path, text.as_bytes())
}

/// Writes `bytes` to `path`, whole or not at all.
///
/// # Errors
///
/// [`Error::Write`] if it cannot be written.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = Whole::create(path)?;
    file.write_all(bytes)
        .map_err(|why| Error::write(path, why))?;
    file.keep()
}

/// Reads a text file in UTF-8.
///
/// # Errors
///
/// [`Error::Read`] if it cannot be read or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|why| Error::read(path, why))
}

#[cfg(test)]
mod tests {
    use super::{Whole, read_text, write_text};
    use std::io::Write;

    #[test]
    fn a_file_that_is_not_kept_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.txt");
        let mut file = Whole::create(&path).expect("can be written");
        file.write_all(b"half").expect("can be written");
        drop(file);
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("a folder").count(),
            0
        );
    }

    #[test]
    fn what_is_kept_can_be_read_and_replaces_what_was_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/x.txt");
        write_text(&path, "one").expect("can be written");
        write_text(&path, "two").expect("can be written");
        assert_eq!(read_text(&path).expect("can be read"), "two");
    }
}
