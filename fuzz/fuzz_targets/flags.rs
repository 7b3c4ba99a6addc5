//! Any arguments, one a line, as the command line: all commands and the values of all flags.
#![no_main]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::sync::LazyLock;

use clap::{Command, CommandFactory, FromArgMatches};
use libfuzzer_sys::fuzz_target;
use sameface::cli::Cli;

/// Built once; each execution parses with a copy.
static COMMAND: LazyLock<Command> = LazyLock::new(|| {
    let mut command = Cli::command();
    command.build();
    command
});

fuzz_target!(|bytes: &[u8]| {
    let arguments = bytes.split(|byte| *byte == b'\n').map(OsStr::from_bytes);
    let arguments = std::iter::once(OsStr::new("verify")).chain(arguments);
    match COMMAND.clone().try_get_matches_from_mut(arguments) {
        Ok(matches) => {
            let parsed = Cli::from_arg_matches(&matches).expect("what was matched is a command");
            let _ = format!("{parsed:?}");
        }
        Err(error) => {
            let _ = error.render().to_string();
        }
    }
});
