//! Whose files these are: keys, signatures, and whether they hold. No study is needed for it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::study::{SCHEMA, write_secret};
use super::{Done, Error, SignatureError};
use crate::files::signature::{PublicKey, SecretKey, Signature};
use crate::files::{self, sha256_of};

/// A pair of keys that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysMade {
    /// The public key: 64 hex digits, to be published.
    pub public_key: String,
    /// The file of the secret one, which stays with whoever signs.
    pub secret_file: String,
    /// The file of the public one.
    pub public_file: String,
}

/// A file with a signature that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedFile {
    /// The file.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
    /// The file with the signature.
    pub signature_file: String,
    /// Whose signature it is.
    pub public_key: String,
}

/// Files that were signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Whose signature it is.
    pub public_key: String,
    /// The files.
    pub files: Vec<SignedFile>,
}

/// Makes a pair of keys: `name`.key, which only its owner can read, and `name`.pub.
///
/// # Errors
///
/// [`SignatureError::KeysExist`] rather than overwrite a key; [`Error::NoEntropy`].
pub fn make_keys(name: &Path) -> Result<Done<KeysMade>, crate::Error> {
    let [secret, public] = [".key", ".pub"].map(|ending| with_ending(name, ending));
    if let Some(there) = [&secret, &public].into_iter().find(|path| path.exists()) {
        return Err(SignatureError::KeysExist {
            file: there.display().to_string(),
        }
        .into());
    }
    let bytes = crate::random::entropy().map_err(|why| Error::NoEntropy { why })?;
    let key = SecretKey::new(bytes);
    let public_key = key.public().hex();
    write_secret(&secret, &key.hex())?;
    files::write_text(&public, &format!("{public_key}\n"))?;
    let [secret_file, public_file] = [&secret, &public].map(|path| path.display().to_string());
    let wrote = vec![secret_file.clone(), public_file.clone()];
    let made = KeysMade {
        public_key,
        secret_file,
        public_file,
    };
    Ok(Done {
        value: made,
        notices: Vec::new(),
        read: Vec::new(),
        wrote,
    })
}

/// Signs files with the key in a file; each signature stands beside its file, as `FILE.sig`.
///
/// # Errors
///
/// [`SignatureError::NoKey`] if the key file holds no secret key; [`files::Error`] if a file cannot be read.
/// Then nothing is signed.
pub fn sign(paths: &[PathBuf], key: &Path) -> Result<Done<Signed>, crate::Error> {
    let secret = read_secret(key)?;
    let hashes: Vec<String> = paths
        .iter()
        .map(|path| sha256_of(path))
        .collect::<Result<_, _>>()?;
    let public_key = secret.public().hex();
    let mut signed = Vec::new();
    for (path, sha256) in paths.iter().zip(hashes) {
        let beside = with_ending(path, ".sig");
        let signature = Signature::new(&secret, &sha256);
        files::json::write(&beside, "signature", SCHEMA, &signature)?;
        signed.push(SignedFile {
            file: path.display().to_string(),
            sha256,
            signature_file: beside.display().to_string(),
            public_key: public_key.clone(),
        });
    }
    let names = |name: fn(&SignedFile) -> &String| signed.iter().map(name).cloned();
    let key = key.display().to_string();
    Ok(Done {
        notices: Vec::new(),
        read: names(|signed| &signed.file).chain([key]).collect(),
        wrote: names(|signed| &signed.signature_file).collect(),
        value: Signed {
            public_key,
            files: signed,
        },
    })
}

/// Whether the holder of a public key signed a file. `key` is the path of a .pub file, or its 64 hex
/// digits.
///
/// # Errors
///
/// [`SignatureError::NotThatFile`] if the file was changed since, [`SignatureError::NotSignedBy`] if
/// somebody else signed; [`Error::Missing`] if there is no signature.
pub fn verify_signed(path: &Path, key: &str) -> Result<Done<SignedFile>, crate::Error> {
    let public = read_public(key)?;
    let file = path.display().to_string();
    let found = sha256_of(path)?;
    let (signature_file, signature) = read_signature(path)?;
    if !signature.is_by(&public) {
        return Err(SignatureError::NotSignedBy {
            file,
            key: public.hex(),
            names: signature.public_key,
        }
        .into());
    }
    if signature.sha256 != found {
        return Err(SignatureError::NotThatFile {
            file,
            found,
            signed: signature.sha256,
        }
        .into());
    }
    let read = vec![file.clone(), signature_file.clone()];
    let value = SignedFile {
        file,
        sha256: found,
        signature_file,
        public_key: public.hex(),
    };
    Ok(Done {
        value,
        notices: Vec::new(),
        read,
        wrote: Vec::new(),
    })
}

/// The signature beside a file, and the name of its own file.
fn read_signature(path: &Path) -> Result<(String, Signature), crate::Error> {
    let beside = with_ending(path, ".sig");
    let file = beside.display().to_string();
    if !beside.exists() {
        let [step, writer] = ["verify", "sign"].map(str::to_owned);
        return Err(Error::Missing { file, step, writer }.into());
    }
    Ok((file, files::json::read(&beside, "signature", SCHEMA)?))
}

fn read_secret(key: &Path) -> Result<SecretKey, crate::Error> {
    let no_key = || SignatureError::NoKey {
        key: key.display().to_string(),
        secret: true,
    };
    // Any 64 hex digits are a secret key, those of a public one too.
    if key.extension().is_some_and(|ending| ending == "pub") {
        return Err(no_key().into());
    }
    Ok(SecretKey::from_hex(&files::read_text(key)?).ok_or_else(no_key)?)
}

fn read_public(key: &str) -> Result<PublicKey, crate::Error> {
    if let Some(public) = PublicKey::from_hex(key) {
        return Ok(public);
    }
    let text = files::read_text(Path::new(key))?;
    let no_key = || SignatureError::NoKey {
        key: key.to_owned(),
        secret: false,
    };
    Ok(PublicKey::from_hex(&text).ok_or_else(no_key)?)
}

/// The path with an ending behind its own.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::{make_keys, sign, verify_signed};

    #[test]
    fn a_signed_file_is_known_again_and_a_changed_one_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let keys = make_keys(&at("office")).expect("keys").value;
        make_keys(&at("office")).expect_err("keys are not overwritten");
        let file = at("3-draw.json");
        std::fs::write(&file, "{}").expect("writes");
        let missing = verify_signed(&file, &keys.public_key).expect_err("not signed yet");
        assert!(missing.to_string().contains("3-draw.json.sig"), "{missing}");
        sign(std::slice::from_ref(&file), &at("office.pub"))
            .expect_err("a public key signs nothing");
        sign(std::slice::from_ref(&file), &at("office.key")).expect("signs");
        verify_signed(&file, &keys.public_file).expect("the key's file");
        verify_signed(&file, &keys.public_key).expect("the key's digits");

        let other = make_keys(&at("other")).expect("keys").value;
        let error = verify_signed(&file, &other.public_key).expect_err("another key");
        assert!(error.to_string().contains(&keys.public_key), "{error}");
        std::fs::write(&file, "{ }").expect("writes");
        let error = verify_signed(&file, &keys.public_key).expect_err("another file");
        assert!(
            error
                .to_string()
                .contains("is not the file that was signed"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_can_read_a_secret_key() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let keys = make_keys(&folder.path().join("office"))
            .expect("keys")
            .value;
        let mode = std::fs::metadata(&keys.secret_file)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
