//! How a test says that it cannot run here.

use std::fs::File;
use std::io::Write;

/// Say that the test that calls this is skipped, once for each test, and why. Tests of the same
/// `why` are counted together at the end of `make test`, which names the file of the count in
/// `VERIFY_SKIPPED`: what a test prints is shown only if it fails.
pub fn skipped(why: &str) {
    eprintln!("skipped: {why}");
    let Some(list) = std::env::var_os("VERIFY_SKIPPED") else { return };
    let mut list = File::options().create(true).append(true).open(list).unwrap();
    // In one piece, since other tests write there at the same time.
    list.write_all(format!("{why}\n").as_bytes()).unwrap();
}
