//! Who made a file: a signature beside it.
//!
//! What is signed is a short text with the file's SHA-256, so that a long file is read once and never
//! held. The only file that names `ed25519_dalek`.

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::random::seed::hex;

/// The one algorithm there is.
pub const ALGORITHM: &str = "Ed25519";

/// What stands in `FILE.sig`.
///
/// Only the hash is signed. The version tells who wrote the signature, and proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The version of canvass that signed.
    pub version: String,
    /// "Ed25519".
    pub algorithm: String,
    /// Whose signature it is: 64 hex digits.
    pub public_key: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// The signature of [`message`]: 128 hex digits.
    pub signature: String,
}

impl Signature {
    /// The signature of a file with this SHA-256.
    ///
    /// # Formula
    ///
    /// ```text
    /// signature = Ed25519(secret key, "canvass1:signature:" + SHA-256 of the file)
    /// ```
    ///
    /// # Source
    ///
    /// Josefsson, Liusvaara (2017), RFC 8032, §5.1.6.
    ///
    /// # Example
    ///
    /// ```
    /// use canvass::files::signature::{SecretKey, Signature};
    /// let secret = SecretKey::new([7; 32]);
    /// let signature = Signature::new(&secret, "ba7816bf…");
    /// assert!(signature.is_by(&secret.public()));
    /// ```
    #[must_use]
    pub fn new(key: &SecretKey, sha256: &str) -> Signature {
        Signature {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            algorithm: ALGORITHM.to_owned(),
            public_key: key.public().hex(),
            sha256: sha256.to_owned(),
            signature: hex(&key.sign(message(sha256).as_bytes())),
        }
    }

    /// Whether this is what the holder of `key` signed. The key that the signature names itself does
    /// not count: a forger names his own.
    #[must_use]
    pub fn is_by(&self, key: &PublicKey) -> bool {
        let signed = bytes::<64>(&self.signature);
        self.algorithm == ALGORITHM
            && signed.is_some_and(|signed| key.holds(message(&self.sha256).as_bytes(), &signed))
    }
}

/// The text that is signed for a file with this SHA-256: of no other purpose, and made in any shell.
#[must_use]
pub fn message(sha256: &str) -> String {
    format!("canvass1:signature:{sha256}")
}

/// The secret half of a pair of keys. It never prints itself; [`SecretKey::hex`] writes it out for its
/// file.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// The key of 32 secret bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> SecretKey {
        SecretKey(SigningKey::from_bytes(&bytes))
    }

    /// The key from the 64 hex digits of its file; none if the text is anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<SecretKey> {
        bytes(text).map(SecretKey::new)
    }

    /// The key as 64 hex digits, for its file and nowhere else.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(self.0.as_bytes())
    }

    /// The other half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(secret)")
    }
}

/// The public half of a pair of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// The key from its 64 hex digits; none if they are no point of the curve, or one of the few that
    /// would let anybody sign.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<PublicKey> {
        let key = VerifyingKey::from_bytes(&bytes(text)?).ok()?;
        (!key.is_weak()).then_some(PublicKey(key))
    }

    /// The key as 64 hex digits.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(self.0.as_bytes())
    }

    /// Strictly: what one program accepts, every other must.
    fn holds(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).is_ok()
    }
}

/// The bytes of a text of hex digits; blanks around them do not matter.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits: Vec<u8> = text
        .trim()
        .chars()
        .map(|digit| digit.to_digit(16).map(|value| value as u8))
        .collect::<Option<_>>()?;
    let pairs: Vec<u8> = digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(16 * high + low),
            _ => None,
        })
        .collect::<Option<_>>()?;
    pairs.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::{PublicKey, SecretKey, Signature, bytes, message};
    use crate::random::seed::hex;

    /// RFC 8032, §7.1: secret key, public key, message, signature.
    const VECTORS: [[&str; 4]; 4] = [
        [
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
             5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ],
        [
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ],
        [
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
             18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ],
        // SHA(abc): the message is SHA-512 of "abc".
        [
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589\
             09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
        ],
    ];

    fn unhex(text: &str) -> Vec<u8> {
        let pairs = text.as_bytes().chunks(2);
        let byte = |pair| {
            bytes::<1>(std::str::from_utf8(pair).expect("ASCII")).expect("two hex digits")[0]
        };
        pairs.map(byte).collect()
    }

    #[test]
    fn keys_and_signatures_are_those_of_the_standard() {
        for [secret, public, text, signature] in VECTORS {
            let key = SecretKey::from_hex(secret).expect("a key");
            assert_eq!(key.public().hex(), public);
            let text = unhex(text);
            assert_eq!(hex(&key.sign(&text)), signature);
            let public = PublicKey::from_hex(public).expect("a key");
            let mut signed = bytes::<64>(signature).expect("a signature");
            assert!(public.holds(&text, &signed));
            signed[40] ^= 1;
            assert!(!public.holds(&text, &signed));
        }
    }

    #[test]
    fn a_signature_is_of_one_hash_by_one_key() {
        let (secret, other) = (SecretKey::new([1; 32]), SecretKey::new([2; 32]));
        let signature = Signature::new(&secret, "ab12");
        assert!(signature.is_by(&secret.public()));
        assert!(!signature.is_by(&other.public()));
        let moved = Signature {
            sha256: "ab13".into(),
            ..signature.clone()
        };
        assert!(!moved.is_by(&secret.public()));
        let cut = Signature {
            signature: signature.signature[2..].to_owned(),
            ..signature
        };
        assert!(!cut.is_by(&secret.public()));
        assert_eq!(message("ab12"), "canvass1:signature:ab12");
    }

    #[test]
    fn a_key_survives_its_file_and_does_not_print_itself() {
        let key = SecretKey::new([11; 32]);
        let read = SecretKey::from_hex(&format!("{}\n", key.hex())).expect("a key");
        assert_eq!(read.hex(), key.hex());
        let text = format!("{key:?}");
        assert!(!text.contains("0b"), "{text}");
        assert!(SecretKey::from_hex("0b0b").is_none());
        assert!(SecretKey::from_hex(&format!("+{}", &key.hex()[1..])).is_none());
    }

    #[test]
    fn a_key_that_lets_anybody_sign_is_refused() {
        // The neutral point: y = 1.
        let neutral = format!("01{}", "00".repeat(31));
        assert_eq!(PublicKey::from_hex(&neutral), None);
    }
}
