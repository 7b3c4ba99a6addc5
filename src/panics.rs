//! Panics that somebody catches, told apart from those that end a program. Whether a panic is printed
//! is its hook's business, and a hook is the program's: this library has none of its own.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What comes of a panic on the thread that asks, for a panic hook to say no more than is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panics {
    /// Nobody catches it: the work that the thread does is lost.
    End,
    /// It becomes an error, which is reported as all others are.
    BecomeErrors,
    /// It ends one request of a server, which goes on.
    EndRequests,
}

thread_local! {
    static HERE: Cell<Panics> = const { Cell::new(Panics::End) };
}

impl Panics {
    /// What comes of them on this thread, now.
    #[must_use]
    pub fn here() -> Self {
        HERE.get()
    }

    /// Say what comes of them on this thread from now on.
    #[cfg(feature = "serve")]
    pub(crate) fn set_here(self) {
        HERE.set(self);
    }
}

/// What `work` returns, or `None` where it panics, which is for the caller to report.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = HERE.replace(Panics::BecomeErrors);
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    HERE.set(before);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_become_errors_within_what_is_caught_and_not_behind_it() {
        assert_eq!(Panics::here(), Panics::End);
        let inner = caught(|| {
            assert_eq!(caught(|| -> u8 { panic!("within") }), None);
            Panics::here()
        });
        assert_eq!(inner, Some(Panics::BecomeErrors), "still, behind one that was caught");
        assert_eq!(Panics::here(), Panics::End);
        assert_eq!(std::thread::spawn(Panics::here).join().unwrap(), Panics::End);
    }
}
