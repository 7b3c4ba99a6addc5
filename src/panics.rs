//! Which panics are caught and which end a program. Whether a panic is printed is up to the program's panic hook; this
//! library installs none.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How a panic on this thread is handled, so that a panic hook prints no more than needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panics {
    /// It is not caught: the thread's work is lost.
    End,
    /// It becomes an error, which is reported like all others.
    BecomeErrors,
    /// It ends one request of a server, which continues.
    EndRequests,
}

thread_local! {
    static HERE: Cell<Panics> = const { Cell::new(Panics::End) };
}

impl Panics {
    /// How panics on this thread are handled now.
    #[must_use]
    pub fn here() -> Self {
        HERE.get()
    }

    /// Set what happens to panics on this thread from now on.
    #[cfg(feature = "serve")]
    pub(crate) fn set_here(self) {
        HERE.set(self);
    }
}

/// The result of `work`, or `None` if it panics, which the caller reports.
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
