//! A terminal that does not show what is typed. `rpassword` alone hides only what is typed after its question,
//! and leaves the terminal without echo if Ctrl-C ends the program.

use std::cell::Cell;
use std::fs::File;
use std::io::{ErrorKind, IsTerminal, Read, Result, Write};

use rpassword::{ConfigBuilder, prompt_password_with_config};
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};
use signal_hook::consts::SIGINT;
use signal_hook::low_level::emulate_default_handler;

/// Ctrl-C, on a terminal that sends no signal for it.
const CTRL_C: u8 = 3;

/// The user's terminal. Until this is dropped, nothing that is typed is shown, also between questions.
pub struct Unseen {
    terminal: File,
    before: Termios,
    /// Whether Ctrl-C was pressed.
    interrupted: Cell<bool>,
}

impl Unseen {
    /// `None` if there is no terminal.
    pub fn terminal() -> Option<Self> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return None;
        }
        let terminal = File::options().read(true).write(true).open("/dev/tty").ok()?;
        let before = tcgetattr(&terminal).ok()?;
        let mut unseen = before.clone();
        // Key by key, Ctrl-C among them.
        unseen.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        unseen.special_codes[SpecialCodeIndex::VMIN] = 1;
        unseen.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&terminal, OptionalActions::Now, &unseen).ok()?;
        Some(Self { terminal, before, interrupted: Cell::new(false) })
    }

    /// What is typed after `question`; `None` if Ctrl-C or Ctrl-D is pressed.
    pub fn answer(&self, question: &str) -> Option<String> {
        let keys = Keys(self.terminal.try_clone().ok()?);
        let config = ConfigBuilder::new().input_reader(keys).build();
        let typed = prompt_password_with_config(question, config);
        let _ = writeln!(&self.terminal);
        let pressed = typed.as_ref().is_err_and(|error| error.kind() == ErrorKind::Interrupted);
        self.interrupted.set(pressed);
        typed.ok()
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // Unread input may be the passphrase typed again, so it is discarded.
        let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
        if self.interrupted.get() {
            // Also if the signal is ignored, as in the background of a script.
            let _ = emulate_default_handler(SIGINT);
        }
    }
}

/// Reads what is typed. Ctrl-C is an error here, because `rpassword` would end the program at once.
struct Keys(File);

impl Read for Keys {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let read = self.0.read(into)?;
        if into[..read].contains(&CTRL_C) { Err(ErrorKind::Interrupted.into()) } else { Ok(read) }
    }
}
