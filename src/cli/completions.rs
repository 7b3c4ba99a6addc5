//! `verify completions`: shell completions, generated from the command line's definition.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::output::print;
use super::{Cli, Exit};
use crate::error::Result;

/// The arguments of `verify completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify completions bash > ~/.local/share/bash-completion/completions/verify
  verify completions zsh > \"${fpath[1]}/_verify\"
  verify completions fish > ~/.config/fish/completions/verify.fish")]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Print a shell's completions.
///
/// # Errors
/// If the output cannot be written.
pub fn completions(args: &CompletionsArgs) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "verify", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}
