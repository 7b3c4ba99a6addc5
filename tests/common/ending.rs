//! How a server that a test has started ends with it.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// How long a server may take to end, before it is killed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Ask `server` to end, as a system that shuts down does, and kill it if it does not. One that is
/// killed at once would leave no count of its lines to `make coverage`.
pub fn end(server: &mut Child) {
    if matches!(server.try_wait(), Ok(None)) {
        let _ = Command::new("kill").args(["-TERM", &server.id().to_string()]).status();
    }
    let began = Instant::now();
    while matches!(server.try_wait(), Ok(None)) && began.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = server.kill();
    let _ = server.wait();
}
