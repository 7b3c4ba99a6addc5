//! A progress bar over photos, and a spinner for other long work, only if standard error is a terminal.

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::logging;
use super::output::is_quiet;

/// No bar for fewer photos than this.
const FEWEST_PHOTOS: usize = 4;
/// No spinner for work that ends sooner.
const SOON: Duration = Duration::from_secs(1);
/// How often the spinner turns.
const TURN: Duration = Duration::from_millis(100);
const COUNTED: &str = "{wide_bar} {human_pos} of {human_len} photos, {rate}, {eta} left ";
const UNCOUNTED: &str = "{spinner} {human_pos} photos, {rate}, still counting ";

/// A bar with rate and time left; nothing if standard error is not a terminal. Dropping it removes it.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for `photos` photos.
    #[must_use]
    pub fn new(photos: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(photos as u64), target(photos));
        Self { bar: bar.with_style(style(COUNTED)) }
    }

    /// A bar for photos whose number is not known yet.
    #[must_use]
    pub fn uncounted() -> Self {
        let bar = ProgressBar::with_draw_target(None, target(usize::MAX));
        Self { bar: bar.with_style(style(UNCOUNTED)) }
    }

    /// Whether it is visible.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// Set the total number of photos.
    pub fn counted(&self, photos: u64) {
        self.bar.set_length(photos);
        self.bar.set_style(style(COUNTED));
    }

    /// Count a finished photo.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// Run `print` with the bar hidden.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Shows after a second what the program is doing, until it is dropped.
pub struct Working {
    bar: ProgressBar,
    done: Option<Sender<()>>,
    waiting: Option<JoinHandle<()>>,
}

impl Working {
    /// A spinner with the word `what`, as in "drawing".
    #[must_use]
    pub fn on(what: &'static str) -> Self {
        let bar = ProgressBar::hidden().with_style(ProgressStyle::default_spinner());
        if !is_seen() {
            return Self { bar, done: None, waiting: None };
        }
        let (done, news) = channel();
        let shown = bar.clone();
        let waiting = std::thread::spawn(move || {
            if news.recv_timeout(SOON) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.set_message(what);
                shown.enable_steady_tick(TURN);
            }
        });
        Self { bar, done: Some(done), waiting: Some(waiting) }
    }

    /// Run `print` with the spinner hidden.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(waiting) = self.waiting.take() {
            // The thread only waits, so it does not panic.
            let _ = waiting.join();
        }
        self.bar.finish_and_clear();
    }
}

fn target(photos: usize) -> ProgressDrawTarget {
    if photos >= FEWEST_PHOTOS && is_seen() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    }
}

/// Whether a bar is drawn: only on a terminal, and not with --verbose or --quiet.
fn is_seen() -> bool {
    std::io::stderr().is_terminal() && !is_quiet() && !logging::is_on()
}

fn style(template: &str) -> ProgressStyle {
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
        let _ = write!(out, "{:.0} per second", state.per_sec());
    })
}
