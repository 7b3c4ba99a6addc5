//! Where the passphrase of a profile comes from: a file, or the user at the terminal.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::output::shown;
#[cfg(unix)]
use super::unseen::Unseen;
use crate::error::{Error, Result};
use crate::profile::Passphrase;

/// The fewest characters of a new passphrase that is typed.
const SHORTEST: usize = 8;

/// The passphrase of a command, asked for at most once.
#[derive(Debug, Default)]
pub struct Passphrases {
    file: Option<PathBuf>,
    known: OnceLock<Passphrase>,
    /// Held while it is asked for, because profiles are read on several threads.
    asking: Mutex<()>,
}

impl Passphrases {
    /// The passphrase in `file`, or the one that is typed if `file` is `None`.
    pub fn new(file: Option<PathBuf>) -> Self {
        Self { file, ..Self::default() }
    }

    /// The passphrase, if it was needed already.
    pub fn known(&self) -> Option<&Passphrase> {
        self.known.get()
    }

    /// The passphrase that opens the profile at `path`.
    ///
    /// # Errors
    /// If the file cannot be read; [`Error::Encrypted`] if there is no terminal to ask at.
    pub fn of(&self, path: &Path) -> Result<Passphrase> {
        let nobody = || Error::Encrypted { path: path.to_owned() };
        let question = format!("Passphrase of {}: ", shown(path));
        self.keep(|| Unseen::terminal().and_then(|t| t.answer(&question)).ok_or_else(nobody))
    }

    /// The same, if it is known or in a file; does not ask.
    ///
    /// # Errors
    /// [`Error::Encrypted`]; if the file cannot be read.
    pub fn without_asking(&self, path: &Path) -> Result<Passphrase> {
        match self.known() {
            Some(known) => Ok(known.clone()),
            None if self.is_from_file() => self.of(path),
            None => Err(Error::Encrypted { path: path.to_owned() }),
        }
    }

    /// The passphrase to encrypt a profile with: the known one, or a new one, typed twice.
    ///
    /// # Errors
    /// If the file cannot be read, there is no terminal to ask at, or the typed passphrase is too short or not
    /// the same twice.
    pub fn for_new(&self) -> Result<Passphrase> {
        let wrong = |problem: &str| Error::value("the passphrase", problem);
        let nobody = || {
            wrong(
                "cannot be asked for without a terminal; name a file that holds it with --key-file",
            )
        };
        self.keep(|| {
            let terminal = Unseen::terminal().ok_or_else(nobody)?;
            let passphrase = terminal.answer("New passphrase: ").ok_or_else(nobody)?;
            if passphrase.chars().count() < SHORTEST {
                return Err(wrong(&format!("too short; use {SHORTEST} characters or more")));
            }
            if terminal.answer("Repeat the passphrase: ").ok_or_else(nobody)? != passphrase {
                return Err(wrong(
                    "typed differently the second time; nothing was changed, try again",
                ));
            }
            Ok(passphrase)
        })
    }

    /// Whether --key-file is given, so that every saved profile is encrypted.
    pub fn is_from_file(&self) -> bool {
        self.file.is_some()
    }

    fn keep(&self, ask: impl FnOnce() -> Result<String>) -> Result<Passphrase> {
        let _asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.known.get() {
            return Ok(known.clone());
        }
        let passphrase = match &self.file {
            Some(file) => Passphrase::from_file(file)?,
            None => Passphrase::new(ask()?).map_err(|e| Error::value("the passphrase", e))?,
        };
        Ok(self.known.get_or_init(|| passphrase).clone())
    }
}

/// The same on other systems, as far as `rpassword` supports it.
#[cfg(not(unix))]
struct Unseen;

#[cfg(not(unix))]
impl Unseen {
    fn terminal() -> Option<Self> {
        use std::io::IsTerminal;
        (std::io::stdin().is_terminal() && std::io::stderr().is_terminal()).then_some(Self)
    }

    fn answer(&self, question: &str) -> Option<String> {
        rpassword::prompt_password(question).ok()
    }
}
