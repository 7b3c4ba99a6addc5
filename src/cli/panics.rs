//! The program's panic hook: silent if the panic becomes an error, which is printed itself; otherwise one line
//! and exit status 2. With `RUST_BACKTRACE` set, Rust's own message comes before the line.

use std::panic::PanicHookInfo;

use super::Exit;
use super::output::problem;
use crate::error::one_line;
use crate::panics::Panics;

/// Install the hook for all threads. Only the program does this; other programs that use the library have
/// their own hooks.
pub fn say_in_one_line() {
    let rusts_own = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let fate = Panics::here();
        if fate == Panics::BecomeErrors {
            return;
        }
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|set| set != "0") {
            rusts_own(panic);
        }
        problem(&line(panic));
        if fate == Panics::End {
            // At once, without destructors that other threads at work may depend on.
            signal_hook::low_level::exit(Exit::Error as i32);
        }
    }));
}

fn line(panic: &PanicHookInfo) -> String {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let reason = one_line(panic.payload_as_str().unwrap_or("no reason is given"));
    format!("bug in verify at {place}: {reason}; set RUST_BACKTRACE=1 for details")
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::{Command, Output, Stdio};

    use super::*;
    use crate::panics::caught;
    use crate::pipeline::in_order;

    /// Which child this is to be.
    const CHILD: &str = "VERIFY_TEST_PANIC";

    #[test]
    #[ignore = "started by other tests"]
    fn child_that_panics() {
        let Some(kind) = std::env::var_os(CHILD) else { return };
        say_in_one_line();
        let work = |(): &mut (), item: &u32| match kind.to_str() {
            Some("caught") => assert!(caught(|| assert_ne!(*item, 7)).is_none() == (*item == 7)),
            Some("worker") => assert_ne!(*item, 7, "two\nlines"),
            _ => {}
        };
        in_order(0..20, 2, || Ok(()), work, |_, ()| Ok(())).unwrap();
        assert_ne!(kind, "main");
        let ended = std::thread::scope(|scope| {
            let panic = || {
                #[cfg(feature = "serve")]
                Panics::EndRequests.set_here();
                assert_ne!(kind, "request");
            };
            scope.spawn(panic).join().is_err()
        });
        assert_eq!(ended, kind == "request");
    }

    /// What comes of a child, and what it says on standard error.
    fn child(kind: &str, backtrace: &str) -> (Option<i32>, String) {
        let Output { status, stderr, .. } = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "--nocapture", "cli::panics::tests::child_that_panics"])
            .env(CHILD, kind)
            .env("RUST_BACKTRACE", backtrace)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        (status.code(), String::from_utf8(stderr).unwrap())
    }

    #[test]
    fn a_panic_that_becomes_an_error_is_not_printed() {
        assert_eq!(child("caught", "1"), (Some(0), String::new()));
    }

    #[test]
    fn a_panic_that_nobody_catches_is_one_line_and_ends_the_program() {
        let here = Path::new("src").join("cli").join("panics.rs");
        for kind in ["worker", "main"] {
            let (status, said) = child(kind, "0");
            assert_eq!(status, Some(2), "{kind}: {said}");
            let start = format!("verify: bug in verify at {}:", here.display());
            assert!(said.starts_with(&start), "{kind}: {said}");
            assert_eq!(said.lines().count(), 1, "{kind}: {said}");
        }
        let (status, said) = child("main", "1");
        assert_eq!(status, Some(2));
        assert!(
            said.contains("stack backtrace") && said.contains("\nverify: bug in verify"),
            "{said}"
        );
    }

    #[cfg(feature = "serve")]
    #[test]
    fn a_panic_that_ends_a_request_is_one_line_and_the_program_goes_on() {
        let (status, said) = child("request", "0");
        assert_eq!(status, Some(0), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}
