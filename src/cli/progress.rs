//! A progress bar over photos, and a word for work that takes long, on a terminal's standard error only.

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::logging;
use super::output::is_quiet;

/// Fewer photos than this are done before a bar is read.
const FEWEST_PHOTOS: usize = 4;
/// Work that ends sooner is not spoken of.
const SOON: Duration = Duration::from_secs(1);
/// How often the spinner turns.
const TURN: Duration = Duration::from_millis(100);
const COUNTED: &str = "{wide_bar} {human_pos} of {human_len} photos, {rate}, {eta} left ";
const UNCOUNTED: &str = "{spinner} {human_pos} photos, {rate}, still counting them ";

/// A bar with rate and time left; nothing at all where standard error is no terminal. It goes
/// away when it is dropped.
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

    /// Whether anybody sees it.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// There are `photos` photos in all.
    pub fn counted(&self, photos: u64) {
        self.bar.set_length(photos);
        self.bar.set_style(style(COUNTED));
    }

    /// One photo more is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// Run `print` with the bar out of the way.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Says after a second what is worked on, until it is dropped.
pub struct Working {
    bar: ProgressBar,
    done: Option<Sender<()>>,
    waiting: Option<JoinHandle<()>>,
}

impl Working {
    /// On `what`, as in "drawing".
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

    /// Run `print` with the spinner out of the way.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(waiting) = self.waiting.take() {
            // A thread that only waits does not panic.
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

/// Whether a bar is drawn: for somebody at a terminal, not among the lines of --verbose, nor with --quiet.
fn is_seen() -> bool {
    std::io::stderr().is_terminal() && !is_quiet() && !logging::is_on()
}

fn style(template: &str) -> ProgressStyle {
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
        let _ = write!(out, "{:.0} a second", state.per_sec());
    })
}
