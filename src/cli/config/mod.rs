//! The values of flags that are not on the command line: environment variables and the user's settings
//! file. `file` reads it, `candidates` orders the values of both, `parse` adds them to the command line,
//! `show` prints them.

mod candidates;
mod file;
mod parse;
mod show;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Exit;
use super::output::{print, print_json, shown};
use crate::error::Result;
use crate::folders;
use crate::profile::path_as_text;

pub use parse::parse;

/// The variable that names another settings file.
const VARIABLE: &str = "VERIFY_CONFIG";
/// The name that means no file.
const NONE: &str = "none";
/// Flags that the file cannot give.
const NOT_IN_FILE: [&str; 4] = ["config", "no-config", "help", "version"];

/// The arguments of `verify config`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify config show                    the value of each flag, and where it comes from
  verify config show scan               the same for all flags of `verify scan`
  verify config path                    where the settings file is, or would be
  verify check a.jpg --config none      run without the file

The file is TOML. Its keys are the long names of flags: at the top for every command that has the \
flag, in a table for one command:

  threads = 4
  exclude = [\"thumbs/\", \"*.png\"]

  [scan]
  sort = \"score\"

  [people.list]
  json = true

The command line takes precedence over a variable, a variable over the file, a command's table \
over the top of the file. `--json=false` undoes what the file says.")]
pub struct ConfigArgs {
    #[command(subcommand)]
    action: Action,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the value of each flag and where it comes from: the command line, a variable, the file or the default
    Show {
        /// A command, such as `scan` or `people list` [default: the flags of every command, and all that are set]
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
    },
    /// Print where the settings file is, or would be
    Path,
}

/// Which file is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// None.
    Nowhere,
    /// This file, which must exist.
    Named(PathBuf),
    /// The user's, if it exists.
    OfUser(PathBuf),
}

impl Place {
    /// The file of --config or --no-config, otherwise of the variable, otherwise the user's.
    fn of(named: Option<PathBuf>, without: bool) -> Self {
        let variable = || {
            let path = std::env::var_os(VARIABLE).filter(|path| !path.is_empty());
            path.map(PathBuf::from)
        };
        match named.or_else(variable) {
            _ if without => Self::Nowhere,
            Some(path) if path.as_os_str() == NONE => Self::Nowhere,
            Some(path) => Self::Named(path),
            None => folders::config()
                .map_or(Self::Nowhere, |folder| Self::OfUser(folder.join("config.toml"))),
        }
    }

    fn path(&self) -> Option<&PathBuf> {
        match self {
            Self::Nowhere => None,
            Self::Named(path) | Self::OfUser(path) => Some(path),
        }
    }
}

/// The file's path, as printed in JSON.
#[derive(serde::Serialize)]
struct Printed {
    #[serde(serialize_with = "path_as_text")]
    path: PathBuf,
    exists: bool,
}

/// Show the values, or where the file is.
///
/// # Errors
/// If the file cannot be read or is not valid, or the output cannot be written.
pub fn run(args: &ConfigArgs, common: &super::CommonArgs) -> Result<Exit> {
    let place = Place::of(common.config.clone(), common.no_config);
    match &args.action {
        Action::Show { command } => show::show(&place, command, args.json)?,
        Action::Path => {
            let path = place.path().cloned().unwrap_or_default();
            let exists = path.is_file();
            if args.json {
                print_json(&Printed { path, exists })?;
            } else if path.as_os_str().is_empty() {
                print("none\n")?;
            } else {
                print(&format!("{}\n", shown(&path)))?;
            }
        }
    }
    Ok(Exit::Success)
}
