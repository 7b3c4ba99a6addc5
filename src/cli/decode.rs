//! `verify decode`, which verify starts for each photo of a risky format: a process with limited memory and
//! time that decodes the photo on its standard input and ends (`photo::apart`).

use std::io::{stdin, stdout};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::Exit;
use crate::error::{Error, Result};
use crate::photo::{Limits, TOO_SLOW, answer};

/// The memory that the process needs besides the photo, in bytes.
const OTHERS: u64 = 16 << 20;

/// Answer one request.
///
/// # Errors
/// If the request is not valid, or the answer cannot be written.
pub fn run() -> Result<Exit> {
    // Ctrl-C reaches this process too, but the process that started it decides what to do.
    let _ =
        signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::new(AtomicBool::new(false)));
    answer(stdin().lock(), stdout().lock(), confine).map_err(Error::from)?;
    Ok(Exit::Success)
}

/// Limit the process to the memory and time that one photo may take.
fn confine(limits: &Limits) {
    limit_memory(limits.memory.saturating_add(OTHERS));
    let time = limits.time;
    let end = move || {
        std::thread::sleep(time);
        std::process::exit(TOO_SLOW);
    };
    // If the thread cannot start, the limits of size still hold.
    let _ = std::thread::Builder::new().stack_size(64 << 10).spawn(end);
}

/// Make the system refuse more than `bytes` of memory. (Windows has no such limit for a process outside a job.)
#[cfg(unix)]
fn limit_memory(bytes: u64) {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
    // If the system has no such limit, the estimates from file headers still apply.
    let _ = setrlimit(Resource::Data, limit);
}

#[cfg(not(unix))]
fn limit_memory(_bytes: u64) {}
