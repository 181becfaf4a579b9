//! SHA-256 of a file, however long.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::Error;
use crate::random::seed::hex;

/// SHA-256 of a file as 64 hex digits: what `sha256sum` prints. Memory does not grow with the file.
///
/// # Errors
///
/// [`Error::Read`] if it cannot be read.
///
/// # Source
///
/// FIPS 180-4.
pub fn sha256_of(path: &Path) -> Result<String, Error> {
    let mut file = File::open(path).map_err(|why| Error::read(path, why))?;
    let mut all = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let got = file
            .read(&mut buffer)
            .map_err(|why| Error::read(path, why))?;
        if got == 0 {
            return Ok(hex(&all.finalize()));
        }
        all.update(&buffer[..got]);
    }
}

#[cfg(test)]
mod tests {
    use super::sha256_of;

    #[test]
    fn a_file_has_the_hash_that_a_shell_finds() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").expect("writes");
        // FIPS 180-2, appendix B.1
        assert_eq!(
            sha256_of(&path).expect("reads"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
