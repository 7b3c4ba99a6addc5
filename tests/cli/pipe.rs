//! A pipe instead of a photo. The program waits there, with all before it done and nothing after
//! it begun, until the test has done what is to happen while the program runs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sandbox::Sandbox;
use crate::waiting::wait_until;

/// Make a pipe in the sandbox.
pub fn pipe(sandbox: &Sandbox, name: &str) -> PathBuf {
    let path = sandbox.path(name);
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

/// The end of the pipe at `path` to write to, once the program has come to read it.
pub fn reached(path: &Path) -> File {
    let path = path.to_owned();
    // One end opens when the other does.
    let opening = std::thread::spawn(move || File::options().write(true).open(path));
    wait_until("the program at the pipe", || opening.is_finished());
    opening.join().unwrap().unwrap()
}
