//! Where the passphrase of a profile comes from: a file, or whoever sits at the terminal.

use std::cell::OnceCell;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::output::shown;
use crate::error::{Error, Result};
use crate::profile::Passphrase;

/// The fewest letters that a new passphrase has when it is typed.
const SHORTEST: usize = 8;

/// The passphrase of a command, asked for at most once.
#[derive(Debug, Default)]
pub struct Passphrases {
    file: Option<PathBuf>,
    known: OnceCell<Passphrase>,
}

impl Passphrases {
    /// The passphrase that `file` holds, or that is typed where there is none.
    pub fn new(file: Option<PathBuf>) -> Self {
        Self { file, known: OnceCell::new() }
    }

    /// The passphrase, if it was needed already.
    pub fn known(&self) -> Option<&Passphrase> {
        self.known.get()
    }

    /// The passphrase that opens the profile at `path`.
    ///
    /// # Errors
    /// Where the file cannot be read; [`Error::Encrypted`] where there is nobody to ask.
    pub fn of(&self, path: &Path) -> Result<Passphrase> {
        let nobody = || Error::Encrypted { path: path.to_owned() };
        let _unseen = Unseen::now();
        self.keep(|| typed(&format!("Passphrase of {}: ", shown(path))).ok_or_else(nobody))
    }

    /// The passphrase to encrypt a profile with: what is known, or a new one, typed twice.
    ///
    /// # Errors
    /// Where the file cannot be read or there is nobody to ask; where what is typed is short, or not
    /// the same twice.
    pub fn for_new(&self) -> Result<Passphrase> {
        let wrong = |problem: &str| Error::value("the passphrase", problem);
        let nobody =
            || wrong("there is nobody to type it; name a file that holds it with --key-file");
        let _unseen = Unseen::now();
        self.keep(|| {
            let passphrase = typed("New passphrase: ").ok_or_else(nobody)?;
            if passphrase.chars().count() < SHORTEST {
                return Err(wrong(&format!("is too short; take {SHORTEST} letters or more")));
            }
            if typed("The same again: ").ok_or_else(nobody)? != passphrase {
                return Err(wrong("was another the second time; nothing was changed, try again"));
            }
            Ok(passphrase)
        })
    }

    /// Whether profiles are to be encrypted without being told to each time.
    pub fn is_from_file(&self) -> bool {
        self.file.is_some()
    }

    fn keep(&self, ask: impl FnOnce() -> Result<String>) -> Result<Passphrase> {
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

/// What is typed, unseen; none where there is nobody to ask.
fn typed(question: &str) -> Option<String> {
    let asked = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    asked.then(|| rpassword::prompt_password(question).ok()).flatten()
}

/// A terminal that shows nothing of what is typed, until this is dropped. `rpassword` hides what is
/// typed after its question; what is typed at once, or between two questions, is hidden by this.
/// (After Ctrl-C it is the shell that restores the terminal, as it does for any program.)
struct Unseen {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

impl Unseen {
    #[cfg(unix)]
    fn now() -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        // Without a terminal nothing is asked.
        let before = tcgetattr(std::io::stdin()).ok();
        if let Some(mut unseen) = before.clone() {
            unseen.local_modes.remove(LocalModes::ECHO);
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &unseen);
        }
        Self { before }
    }

    #[cfg(not(unix))]
    fn now() -> Self {
        Self {}
    }
}

#[cfg(unix)]
impl Drop for Unseen {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some(before) = &self.before {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
        }
    }
}
