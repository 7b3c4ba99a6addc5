//! A progress bar over photos, on a terminal's standard error only.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Fewer photos than this are done before a bar is read.
const FEWEST_PHOTOS: usize = 4;

/// A bar with rate and time left; nothing at all where standard error is no terminal. It goes
/// away when it is dropped.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for `photos` photos.
    #[must_use]
    pub fn new(photos: usize) -> Self {
        let seen = photos >= FEWEST_PHOTOS && std::io::stderr().is_terminal();
        let target = if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template(
            "{wide_bar} {pos} of {len} photos, {per_sec:.1}, {eta} left ",
        )
        .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(photos as u64), target).with_style(style);
        Self { bar }
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
