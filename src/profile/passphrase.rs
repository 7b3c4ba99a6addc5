//! The passphrase of an encrypted profile.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// The largest passphrase file that is read, in bytes.
const LONGEST: u64 = 4096;

/// The passphrase of an encrypted profile; never empty, and wiped when dropped.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// `text` as a passphrase.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: String) -> std::result::Result<Self, &'static str> {
        let text = Zeroizing::new(text);
        if text.is_empty() { Err("a passphrase must not be empty") } else { Ok(Self(text)) }
    }

    /// The passphrase in the file at `path`, without its line end.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::Value`] if the file is empty, not text, or too long.
    pub fn from_file(path: &Path) -> Result<Self> {
        let mut text = Zeroizing::new(String::new());
        let file = File::open(path).map_err(|e| Error::read(path, e))?;
        let read = file.take(LONGEST + 1).read_to_string(&mut text);
        let holds = |problem| Error::value(path.display().to_string(), problem);
        match read {
            Err(e) if e.kind() == std::io::ErrorKind::InvalidData => {
                return Err(holds("not a text file; `openssl rand -base64 32` makes a passphrase"));
            }
            Err(e) => return Err(Error::read(path, e)),
            Ok(length) if length as u64 > LONGEST => {
                return Err(holds("too long for a passphrase; use at most 4096 bytes"));
            }
            Ok(_) => {}
        }
        Self::new(text.trim_end_matches(['\n', '\r']).to_owned()).map_err(holds)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gives_its_text_without_the_end_of_the_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            Passphrase::from_file(&path)
        };
        for bytes in [&b"correct horse"[..], b"correct horse\n", b"correct horse\r\n"] {
            assert_eq!(read(bytes).unwrap().as_bytes(), b"correct horse");
        }
        for bytes in [&b""[..], b"\n", b"\xFF\xFE", &[b'x'; 5000]] {
            let message = read(bytes).unwrap_err().to_string();
            assert!(message.starts_with(&path.display().to_string()), "{message}");
        }
        assert!(matches!(Passphrase::from_file(folder.path()), Err(Error::Read { .. })));
    }

    #[test]
    fn it_is_not_printed() {
        let passphrase = Passphrase::new("correct horse".into()).unwrap();
        assert_eq!(format!("{passphrase:?}"), "Passphrase(…)");
    }
}
