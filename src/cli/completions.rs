//! What a shell and `man` are told of the command line, made from the command line itself.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::output::print;
use super::{Cli, Exit};
use crate::error::{Error, Result};

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

/// The arguments of `verify man`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify man > ~/.local/share/man/man1/verify.1
  verify man check | man -l -")]
pub struct ManArgs {
    /// The command that the page is about [default: all of them in short]
    command: Option<String>,
}

/// Print a shell's completions.
///
/// # Errors
/// Where the output cannot be written.
pub fn completions(args: &CompletionsArgs) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "verify", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}

/// Print the manual page.
///
/// # Errors
/// Where there is no such command or the output cannot be written.
pub fn man(args: &ManArgs) -> Result<Exit> {
    let mut all = Cli::command();
    all.build();
    let page = match &args.command {
        None => all,
        Some(name) => all
            .find_subcommand(name)
            .cloned()
            .ok_or_else(|| Error::value(name, "no such command; `verify --help` lists them"))?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Success)
}
