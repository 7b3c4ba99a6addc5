//! The program: parses the command line, runs the command, prints an error in one line, sets the exit code.

use std::io::ErrorKind;
use std::process::ExitCode;

use sameface::Error;
use sameface::cli::{self, Exit};
use sameface::error::Front;

fn main() -> ExitCode {
    cli::panics::say_in_one_line();
    if let Ok(program) = std::env::current_exe() {
        sameface::photo::decode_apart(program);
    }
    let arguments = std::env::args_os().collect();
    match cli::parse(arguments).and_then(|cli| cli::run(&cli)) {
        Ok(exit) => exit.into(),
        // The reader of the output closed the pipe, as `head` does, which is not an error (as in ripgrep).
        Err(Error::Output { source }) if source.kind() == ErrorKind::BrokenPipe => {
            Exit::Success.into()
        }
        Err(error) => {
            cli::output::problem(&error.told(Front::Command));
            Exit::Error.into()
        }
    }
}
