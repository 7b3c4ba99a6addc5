//! The program: parse, run, say in one line what went wrong, set the exit code.

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::Parser;
use sameface::Error;
use sameface::cli::{self, Cli, Exit};

fn main() -> ExitCode {
    cli::panics::say_in_one_line();
    if let Ok(program) = std::env::current_exe() {
        sameface::photo::decode_apart(program);
    }
    match cli::run(&Cli::parse()) {
        Ok(exit) => exit.into(),
        // Whoever reads the output has had enough of it, as `head` does.
        Err(Error::Output { source }) if source.kind() == ErrorKind::BrokenPipe => {
            Exit::Error.into()
        }
        Err(error) => {
            cli::output::note(&error.to_string());
            Exit::Error.into()
        }
    }
}
