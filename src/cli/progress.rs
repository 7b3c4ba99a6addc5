//! A progress bar over photos, on a terminal's standard error only.

use std::fmt::Write;
use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Fewer photos than this are done before a bar is read.
const FEWEST_PHOTOS: usize = 4;
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

fn target(photos: usize) -> ProgressDrawTarget {
    if photos >= FEWEST_PHOTOS && std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    }
}

fn style(template: &str) -> ProgressStyle {
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
        let _ = write!(out, "{:.0} a second", state.per_sec());
    })
}
