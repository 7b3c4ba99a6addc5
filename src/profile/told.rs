//! The list of matches that `verify scan --watch` has reported, so that each is reported once, also after a
//! restart.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// The suffix of the profile's file name.
const ENDING: &str = ".told";
/// The hexadecimal digits of an entry.
const DIGITS: usize = 32;

/// A list of reports, as one hash per line of what was reported and to whom, which reveals no photo's name or
/// content.
#[derive(Debug)]
pub struct Told {
    path: PathBuf,
    entries: HashSet<String>,
    /// `None` if nothing is kept once the program ends.
    file: Option<File>,
}

impl Told {
    /// The list beside the profile at `profile`.
    ///
    /// # Errors
    /// [`Error::Read`] or [`Error::Write`] if the list cannot be used.
    pub fn beside(profile: &Path) -> Result<Self> {
        let path = place(profile);
        let failed = |error| Error::write(&path, error);
        let mut options = File::options();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(failed)?;
        let text = std::fs::read_to_string(&path).map_err(|error| Error::read(&path, error))?;
        // The last line is incomplete: the program was killed, or the disk was full.
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n").map_err(failed)?;
        }
        let whole = |line: &&str| line.len() == DIGITS;
        let entries = text.lines().filter(whole).map(str::to_owned).collect();
        Ok(Self { path, entries, file: Some(file) })
    }

    /// A list that is not saved: beside an encrypted profile, hashes of photos would tell anybody with the photos
    /// which of them show the person.
    #[must_use]
    pub fn forgotten() -> Self {
        Self { path: PathBuf::new(), entries: HashSet::new(), file: None }
    }

    /// The entry for a report of `what` to `whom`.
    #[must_use]
    pub fn entry(whom: &str, what: &str) -> String {
        let mut entry = format!("{:x}", Sha256::digest(format!("{whom}\0{what}")));
        entry.truncate(DIGITS);
        entry
    }

    /// Whether the list has this entry.
    #[must_use]
    pub fn has(&self, entry: &str) -> bool {
        self.entries.contains(entry)
    }

    /// Add an entry; it is on disk when this returns.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn add(&mut self, entry: String) -> Result<()> {
        if let Some(file) = &mut self.file {
            // One call, so that lines of two programs do not mix.
            let written = file.write_all(format!("{entry}\n").as_bytes());
            written.and_then(|()| file.sync_data()).map_err(|e| Error::write(&self.path, e))?;
        }
        self.entries.insert(entry);
        Ok(())
    }
}

/// Remove the list beside a profile, if there is one.
///
/// # Errors
/// [`Error::Write`].
pub(super) fn forget(profile: &Path) -> Result<()> {
    let path = place(profile);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::write(&path, error))
        }
        _ => Ok(()),
    }
}

fn place(profile: &Path) -> PathBuf {
    let mut name = OsString::from(profile);
    name.push(ENDING);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_last_and_a_line_that_was_cut_off_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let profile = folder.path().join("anna.json");
        let [one, two, three] = ["one", "two", "three"].map(|what| Told::entry("list", what));
        assert_ne!(one, Told::entry("run", "one"));
        let mut told = Told::beside(&profile).unwrap();
        told.add(one.clone()).unwrap();
        std::fs::File::options()
            .append(true)
            .open(place(&profile))
            .unwrap()
            .write_all(&two.as_bytes()[..9])
            .unwrap();
        let mut told = Told::beside(&profile).unwrap();
        assert!(told.has(&one) && !told.has(&two));
        told.add(three.clone()).unwrap();
        let told = Told::beside(&profile).unwrap();
        assert!(told.has(&one) && !told.has(&two) && told.has(&three));
        forget(&profile).unwrap();
        forget(&profile).unwrap();
        assert!(!Told::beside(&profile).unwrap().has(&one));
    }

    #[test]
    fn what_is_not_to_be_kept_is_known_until_the_end() {
        let mut told = Told::forgotten();
        let entry = Told::entry("list", "one");
        assert!(!told.has(&entry));
        told.add(entry.clone()).unwrap();
        assert!(told.has(&entry));
    }
}
