//! Why nothing can be signed, or a signature is not to be trusted.

use super::Error;
use crate::advice::Advise;
use crate::error::ExitClass;

/// Why nothing can be signed, or a signature is not to be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// There is a key already.
    #[error("{file} is there already, and a key is not overwritten")]
    KeysExist {
        /// The file.
        file: String,
    },
    /// A file, or a text, that is no key.
    #[error("{key} is no {} key", if *secret { "secret" } else { "public" })]
    NoKey {
        /// The file.
        key: String,
        /// Which half was wanted.
        secret: bool,
    },
    /// A file is not the one that was signed.
    #[error(
        "{file} is not the file that was signed: its SHA-256 is {found}, and {signed} was signed"
    )]
    NotThatFile {
        /// The file.
        file: String,
        /// Its SHA-256.
        found: String,
        /// The one that was signed.
        signed: String,
    },
    /// A signature by somebody else, or by nobody.
    #[error("the signature of {file} was not made with the key {key}; it names {names}")]
    NotSignedBy {
        /// The file.
        file: String,
        /// The public key asked for.
        key: String,
        /// The one that the signature names.
        names: String,
    },
}

impl SignatureError {
    pub(super) fn class(&self) -> ExitClass {
        match self {
            SignatureError::NotThatFile { .. } | SignatureError::NotSignedBy { .. } => {
                ExitClass::Data
            }
            _ => ExitClass::Request,
        }
    }
}

impl Advise for SignatureError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            SignatureError::KeysExist { .. } => {
                "choose another name with -o, and keep the old key".into()
            }
            SignatureError::NoKey { secret: true, .. } => {
                "give the .key file that canvass keys -o NAME made".into()
            }
            SignatureError::NoKey { secret: false, .. } => {
                "give the .pub file that canvass keys -o NAME made, or its 64 hex digits".into()
            }
            SignatureError::NotThatFile { .. } => {
                "ask whoever signed for the file as it was; do not trust this one".into()
            }
            SignatureError::NotSignedBy { .. } => {
                "compare the key with one that was published elsewhere; do not trust this file"
                    .into()
            }
        })
    }
}

impl From<SignatureError> for crate::Error {
    fn from(error: SignatureError) -> crate::Error {
        Error::Signature(error).into()
    }
}
