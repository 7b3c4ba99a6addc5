//! Profiles encrypted with a passphrase, in the format age-encryption.org/v1 (specified at c2sp.org/age), so that
//! any age program can open them. Only passphrases are supported, no other keys.

use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand::Rng;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Passphrase;

const VERSION_LINE: &str = "age-encryption.org/v1";
/// The prefix of a passphrase's salt.
const SALT_LABEL: &[u8] = b"age-encryption.org/v1/scrypt";
/// The bytes of the content that are encrypted at a time.
const CHUNK: usize = 64 << 10;
/// The bytes of a key.
const KEY: usize = 32;
/// The bytes by which encryption makes a chunk longer.
const TAG: usize = 16;
/// The binary logarithm of scrypt's N: 128 MiB of memory and a third of a second for each guess.
const WORK: u8 = 17;
/// The most work that a file may ask for, 1 GiB of memory.
const MOST_WORK: u8 = 20;
/// The nonce for encrypting the file key; each wrapping key is used only once.
const ONLY_NONCE: [u8; 12] = [0; 12];

/// Why content cannot be decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is encrypted with another kind of key, or in text form.
    Otherwise,
    /// It needs more work than [`MOST_WORK`].
    TooMuchWork,
    /// The passphrase is wrong.
    WrongPassphrase,
    /// The content was changed or is incomplete.
    Damaged,
}

/// A result whose error is a [`Fault`].
type Tried<T> = Result<T, Fault>;

/// Whether `bytes` are an age file, of a kind that [`decrypt`] supports or another.
pub(super) fn is_encrypted(bytes: &[u8]) -> bool {
    bytes.starts_with(b"age-encryption.org/") || bytes.starts_with(b"-----BEGIN AGE ")
}

/// Encrypt `content` as an age file.
///
/// # Errors
/// None in practice; the cipher's functions return errors.
pub(super) fn encrypt(content: &[u8], passphrase: &Passphrase) -> std::io::Result<Vec<u8>> {
    sealed(content, passphrase, WORK).map_err(|_| std::io::Error::other("it cannot be encrypted"))
}

fn sealed(content: &[u8], passphrase: &Passphrase, work: u8) -> Tried<Vec<u8>> {
    let mut random = rand::rng();
    let file_key = Zeroizing::new(random.random::<[u8; 16]>());
    let salt: [u8; 16] = random.random();
    let nonce: [u8; 16] = random.random();
    let wrapped = wrapping(passphrase, &salt, work)?
        .encrypt(&Nonce::from(ONLY_NONCE), &file_key[..])
        .map_err(|_| Fault::Damaged)?;
    let text = |bytes: &[u8]| BASE64_STANDARD_NO_PAD.encode(bytes);
    let head = format!("{VERSION_LINE}\n-> scrypt {} {work}\n{}\n---", text(&salt), text(&wrapped));
    let mac = authentication(&file_key[..], head.as_bytes())?.finalize().into_bytes();
    let mut file = format!("{head} {}\n", text(&mac)).into_bytes();
    file.extend(nonce);
    let cipher = ChaCha20Poly1305::new(&derived(&file_key[..], Some(&nonce), b"payload")?);
    // Empty content is one empty chunk.
    let last = content.len().saturating_sub(1) / CHUNK;
    for number in 0..=last {
        let chunk = &content[number * CHUNK..content.len().min((number + 1) * CHUNK)];
        let nonce = nonce_of(number, number == last);
        file.extend(cipher.encrypt(&nonce, chunk).map_err(|_| Fault::Damaged)?);
    }
    Ok(file)
}

/// The content of an age file.
pub(super) fn decrypt(file: &[u8], passphrase: &Passphrase) -> Tried<Zeroizing<Vec<u8>>> {
    let header = Header::of(file)?;
    let file_key = wrapping(passphrase, &header.salt, header.work)?
        .decrypt(&Nonce::from(ONLY_NONCE), &header.wrapped[..])
        .map(Zeroizing::new)
        .map_err(|_| Fault::WrongPassphrase)?;
    let mac = authentication(&file_key, header.authenticated)?;
    mac.verify_slice(&header.mac).map_err(|_| Fault::Damaged)?;
    let (nonce, chunks) = header.payload.split_at_checked(16).ok_or(Fault::Damaged)?;
    let cipher = ChaCha20Poly1305::new(&derived(&file_key, Some(nonce), b"payload")?);
    let count = chunks.len().div_ceil(CHUNK + TAG);
    let mut content = Zeroizing::new(Vec::with_capacity(chunks.len()));
    for (number, chunk) in chunks.chunks(CHUNK + TAG).enumerate() {
        // Only empty content has an empty chunk.
        if chunk.len() == TAG && number > 0 {
            return Err(Fault::Damaged);
        }
        let nonce = nonce_of(number, number + 1 == count);
        let plain = cipher.decrypt(&nonce, chunk).map_err(|_| Fault::Damaged)?;
        content.extend_from_slice(&Zeroizing::new(plain));
    }
    if count == 0 { Err(Fault::Damaged) } else { Ok(content) }
}

/// The header before the encrypted content.
struct Header<'a> {
    salt: Vec<u8>,
    work: u8,
    wrapped: Vec<u8>,
    /// The part that is authenticated.
    authenticated: &'a [u8],
    mac: Vec<u8>,
    payload: &'a [u8],
}

impl<'a> Header<'a> {
    fn of(file: &'a [u8]) -> Tried<Self> {
        let mut parts = file.splitn(5, |&byte| byte == b'\n');
        let mut line = || parts.next().and_then(|line| std::str::from_utf8(line).ok());
        let (Some(VERSION_LINE), Some(stanza)) = (line(), line()) else {
            return Err(Fault::Otherwise);
        };
        let arguments = stanza.strip_prefix("-> scrypt ").ok_or(Fault::Otherwise)?;
        let (salt, work) = arguments.split_once(' ').ok_or(Fault::Damaged)?;
        let (wrapped, end) = (line().ok_or(Fault::Damaged)?, line().ok_or(Fault::Damaged)?);
        let mac = end.strip_prefix("--- ").ok_or(Fault::Damaged)?;
        let bytes = |text: &str, length| match BASE64_STANDARD_NO_PAD.decode(text) {
            Ok(bytes) if bytes.len() == length => Ok(bytes),
            _ => Err(Fault::Damaged),
        };
        let payload = parts.next().ok_or(Fault::Damaged)?;
        let header = file.len() - payload.len();
        let number = work.parse().ok().filter(|number: &u8| number.to_string() == work);
        Ok(Self {
            salt: bytes(salt, 16)?,
            work: number.ok_or(Fault::Damaged)?,
            wrapped: bytes(wrapped, 16 + TAG)?,
            authenticated: &file[..header - " \n".len() - mac.len()],
            mac: bytes(mac, 32)?,
            payload,
        })
    }
}

/// The cipher for the file key, derived from the passphrase.
fn wrapping(passphrase: &Passphrase, salt: &[u8], work: u8) -> Tried<ChaCha20Poly1305> {
    if !(1..=MOST_WORK).contains(&work) {
        return Err(Fault::TooMuchWork);
    }
    let parameters = scrypt::Params::new(work, 8, 1, KEY).map_err(|_| Fault::TooMuchWork)?;
    let mut key = Zeroizing::new([0; KEY]);
    scrypt::scrypt(passphrase.as_bytes(), &[SALT_LABEL, salt].concat(), &parameters, &mut key[..])
        .map_err(|_| Fault::Damaged)?;
    Ok(ChaCha20Poly1305::new(&Key::from(*key)))
}

/// The authentication code of the header.
fn authentication(file_key: &[u8], header: &[u8]) -> Tried<Hmac<Sha256>> {
    let key = derived(file_key, None, b"header")?;
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&key).map_err(|_| Fault::Damaged)?;
    mac.update(header);
    Ok(mac)
}

/// A key derived from the file key for one purpose.
fn derived(file_key: &[u8], salt: Option<&[u8]>, usage: &[u8]) -> Tried<Key> {
    let mut key = Key::default();
    Hkdf::<Sha256>::new(salt, file_key).expand(usage, &mut key).map_err(|_| Fault::Damaged)?;
    Ok(key)
}

/// A chunk's nonce: its number in 11 bytes, and whether it is the last.
fn nonce_of(number: usize, last: bool) -> Nonce {
    let mut nonce = [0; 12];
    nonce[3..11].copy_from_slice(&(number as u64).to_be_bytes());
    nonce[11] = last.into();
    nonce.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned()).unwrap()
    }

    fn opened(file: &[u8], text: &str) -> Tried<Vec<u8>> {
        decrypt(file, &phrase(text)).map(|content| content.to_vec())
    }

    #[test]
    fn what_was_encrypted_comes_back_by_its_passphrase_alone() {
        for length in [0, 1, CHUNK, CHUNK + 1, 2 * CHUNK] {
            let content: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            let file = encrypt(&content, &phrase("correct horse")).unwrap();
            assert!(is_encrypted(&file));
            assert!(opened(&file, "correct horse") == Ok(content), "{length}");
        }
        let file = encrypt(b"secret", &phrase("correct horse")).unwrap();
        assert_eq!(opened(&file, "correct horse "), Err(Fault::WrongPassphrase));
        assert!(!file.windows(6).any(|window| window == b"secret"));
        assert_ne!(file, encrypt(b"secret", &phrase("correct horse")).unwrap());
    }

    /// `printf 'made by age 1.1.1\n' | age -p > made-by-age.age` wrote the file.
    #[test]
    fn what_age_encrypted_is_read() {
        let file = include_bytes!("../../tests/data/made-by-age.age");
        assert_eq!(opened(file, "correct horse"), Ok(b"made by age 1.1.1\n".to_vec()));
    }

    #[test]
    fn a_change_anywhere_is_noticed() {
        let file = sealed(b"secret", &phrase("correct horse"), 1).unwrap();
        assert_eq!(opened(&file, "correct horse"), Ok(b"secret".to_vec()));
        for place in 0..file.len() {
            let mut changed = file.clone();
            changed[place] ^= 1;
            assert!(opened(&changed, "correct horse").is_err(), "{place}");
            assert!(opened(&file[..place], "correct horse").is_err(), "{place}");
        }
    }

    #[test]
    fn what_would_take_long_or_is_of_another_kind_is_refused_at_once() {
        let file = encrypt(b"x", &phrase("a")).unwrap();
        let text = String::from_utf8_lossy(&file[..80]).into_owned();
        let with = |work: &str| [text.replace(" 17\n", work).as_bytes(), &file[80..]].concat();
        assert_eq!(opened(&with(" 30\n"), "a"), Err(Fault::TooMuchWork));
        for work in [" 017\n", " +17\n", " 17 \n", "\n", " 999\n"] {
            assert_eq!(opened(&with(work), "a"), Err(Fault::Damaged), "{work:?}");
        }
        let key = b"age-encryption.org/v1\n-> X25519 abc\nabc\n--- abc\n";
        assert_eq!(opened(key, "a"), Err(Fault::Otherwise));
        let armour = b"-----BEGIN AGE ENCRYPTED FILE-----\n";
        assert!(is_encrypted(armour));
        assert_eq!(opened(armour, "a"), Err(Fault::Otherwise));
        assert!(!is_encrypted(b"{\"version\":1"));
    }
}
