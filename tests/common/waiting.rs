//! Waiting for what comes sooner or later.

use std::time::{Duration, Instant};

/// How long something may take to come, on the slowest of machines.
const PATIENCE: Duration = Duration::from_secs(60);

/// Wait for `what`, until `done`; fail if that takes longer than it ever may.
pub fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
