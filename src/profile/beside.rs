//! The file beside a profile with the findings for its review: kept and deleted with the profile, and encrypted
//! whenever the profile is.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::Passphrase;
use super::encryption::{Fault, decrypt, encrypt, is_encrypted};
use crate::error::{Error, Result};
use crate::file::{Readers, replace};

/// The suffix of the profile's file name.
const ENDING: &str = ".review";
/// The largest such file that is read, in bytes.
const MOST_BYTES: u64 = 256 << 20;

/// The file beside the profile at `path`.
#[must_use]
pub fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ENDING);
    name.into()
}

/// The decrypted content of the file beside the profile at `path`; `None` if there is no such file.
///
/// # Errors
/// [`Error::Read`]; [`Error::Review`] if it was encrypted with another passphrase, or is damaged.
pub fn read_beside(
    path: &Path,
    passphrase: Option<&Passphrase>,
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let path = beside(path);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::read(&path, error)),
    };
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|e| Error::read(&path, e))?;
    let unusable = |reason: &str| Error::Review { path: path.clone(), reason: reason.to_owned() };
    if bytes.len() as u64 > MOST_BYTES {
        return Err(unusable("the file is too large"));
    }
    if !is_encrypted(&bytes) {
        return Ok(Some(bytes));
    }
    let passphrase =
        passphrase.ok_or_else(|| unusable("they are encrypted, but the profile is not"))?;
    let clear = decrypt(&bytes, passphrase).map_err(|fault| match fault {
        Fault::WrongPassphrase => unusable("they are encrypted with another passphrase"),
        _ => unusable("their encrypted content was changed or is incomplete"),
    })?;
    Ok(Some(clear))
}

/// Keep `bytes` beside the profile at `path`, readable by its owner alone, and encrypted if the profile is.
///
/// # Errors
/// [`Error::Write`].
pub fn keep_beside(path: &Path, bytes: &[u8], passphrase: Option<&Passphrase>) -> Result<()> {
    let path = beside(path);
    let encrypted = passphrase.map(|passphrase| encrypt(bytes, passphrase)).transpose();
    let encrypted = encrypted.map_err(|e| Error::write(&path, e))?;
    replace(&path, encrypted.as_deref().unwrap_or(bytes), Readers::Owner)
}

/// Save the file beside the profile at `path` with the profile's `new` passphrase, or unencrypted. If the `old`
/// passphrase does not open it, it is removed.
///
/// # Errors
/// [`Error::Write`].
pub fn relock_beside(
    path: &Path,
    old: Option<&Passphrase>,
    new: Option<&Passphrase>,
) -> Result<()> {
    match read_beside(path, old) {
        Ok(Some(bytes)) => keep_beside(path, &bytes, new),
        Ok(None) => Ok(()),
        Err(_) => remove_beside(path),
    }
}

/// Encrypt the file beside a profile that is now encrypted, unless it is encrypted already.
pub(super) fn encrypt_beside(path: &Path, passphrase: &Passphrase) -> Result<()> {
    let mut start = Vec::new();
    let read = File::open(beside(path)).and_then(|file| file.take(64).read_to_end(&mut start));
    if read.is_err() || is_encrypted(&start) {
        return Ok(());
    }
    relock_beside(path, None, Some(passphrase))
}

/// Remove the file beside the profile at `path`.
pub(super) fn remove_beside(path: &Path) -> Result<()> {
    let path = beside(path);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::write(&path, error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_encrypted_with_the_profile_and_goes_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anna.json");
        let pass = |text: &str| Passphrase::new(text.into()).unwrap();
        let (one, other) = (pass("one"), pass("other"));
        assert!(read_beside(&path, None).unwrap().is_none());
        keep_beside(&path, b"faces", None).unwrap();
        let on_disk = || std::fs::read(beside(&path)).unwrap();
        assert_eq!(on_disk(), b"faces");
        encrypt_beside(&path, &one).unwrap();
        assert!(!on_disk().windows(5).any(|bytes| bytes == b"faces"));
        assert_eq!(&**read_beside(&path, Some(&one)).unwrap().unwrap(), b"faces");
        for wrong in [None, Some(&other)] {
            assert!(matches!(read_beside(&path, wrong), Err(Error::Review { .. })));
        }
        relock_beside(&path, Some(&one), None).unwrap();
        assert_eq!(on_disk(), b"faces");
        keep_beside(&path, b"faces", Some(&one)).unwrap();
        relock_beside(&path, Some(&other), None).unwrap();
        assert!(!beside(&path).exists(), "what nobody can open is of no use");
        remove_beside(&path).unwrap();
    }
}
