//! `verify decode`, which verify runs itself for each photo of a risky kind: a process that has only so
//! much memory and time, decodes what comes on its standard input, and ends (`photo::apart`).

use std::io::{stdin, stdout};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::Exit;
use crate::error::{Error, Result};
use crate::photo::{Limits, TOO_SLOW, answer};

/// What the process takes beside the photo, in bytes.
const OTHERS: u64 = 24 << 20;

/// Answer one question.
///
/// # Errors
/// If it is none, or nobody takes the answer.
pub fn run() -> Result<Exit> {
    // Ctrl-C reaches this process too; who started it decides what it means.
    let _ =
        signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::new(AtomicBool::new(false)));
    answer(stdin().lock(), stdout().lock(), confine).map_err(Error::from)?;
    Ok(Exit::Success)
}

/// Take no more memory and no more time than a photo may.
fn confine(limits: &Limits, bytes: u64) {
    limit_memory(limits.memory.saturating_add(bytes).saturating_add(OTHERS));
    let time = limits.time;
    let end = move || {
        std::thread::sleep(time);
        std::process::exit(TOO_SLOW);
    };
    // Without the thread, for which there may be no room, the limits of size still hold.
    let _ = std::thread::Builder::new().stack_size(64 << 10).spawn(end);
}

/// Have the system refuse more than `bytes`. (Windows has no such limit for a process that is not in a
/// job.)
#[cfg(unix)]
fn limit_memory(bytes: u64) {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
    // A system that cannot do it leaves the estimates from heads.
    let _ = setrlimit(Resource::Data, limit);
}

#[cfg(not(unix))]
fn limit_memory(_bytes: u64) {}
