//! `verify man`: a manual page for each command, generated from the command line's definition, with the usual
//! sections EXIT STATUS, ENVIRONMENT, FILES and EXAMPLES.

use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::output::{count, note, print, shown};
use super::{Cli, Exit};
use crate::error::{Error, Result};

/// The exit status of a command whose help does not describe it.
const EXIT_STATUS: &str = "0 success, 2 something could not be done";
/// The exit statuses that all commands share.
const EVERYWHERE: &str = "An invalid command line ends with 2. A closed pipe, for example by head, is not an error: the \
                          program ends with 0.";

/// Variables that are not flags.
const VARIABLES: [(&str, &str); 4] = [
    ("ORT_DYLIB_PATH", "The file of ONNX Runtime's library, instead of the one that verify finds."),
    ("VERIFY_FFMPEG", "The file of ffmpeg, which reads videos, instead of the one on the PATH."),
    ("NO_COLOR", "If set, no colours are used unless --color asks for them."),
    (
        "RUST_LOG",
        "The log level if --verbose is not given: info, debug, or a list such as sameface=debug.",
    ),
];

/// The user's files, with their paths on Linux.
const FILES: [(&str, &str); 5] = [
    (
        "~/.config/sameface/config.toml",
        "Values for flags that are not given: see verify-config(1).",
    ),
    ("~/.local/share/sameface/people/", "A profile for each person who is enrolled."),
    ("~/.local/share/sameface/packs/", "Packs of models that --pack can name."),
    ("~/.local/share/sameface/onnxruntime/", "ONNX Runtime, if it was installed with the program."),
    (
        "~/.cache/sameface/index.sqlite",
        "The faces found in photos, so that no photo is analysed twice.",
    ),
];

/// The arguments of `verify man`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify man | man -l -
  verify man check | man -l -
  verify man --out ~/.local/share/man/man1      write all pages, so that `man verify-check` works")]
pub struct ManArgs {
    /// A command, such as `check` or `people list` [default: the program's overview]
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write the pages of all commands into this folder instead of printing one
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    out: Option<PathBuf>,
}

/// Print a manual page, or write all of them.
///
/// # Errors
/// If there is no such command or the output cannot be written.
pub fn run(args: &ManArgs) -> Result<Exit> {
    let mut all = Cli::command();
    all.build();
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder).map_err(|error| Error::write(folder, error))?;
        let pages = write_all(&all, folder)?;
        note(&format!("wrote {} to {}", count(pages, "page"), shown(folder)));
        return Ok(Exit::Success);
    }
    let found = args.command.iter().try_fold(&all, |command, name| command.find_subcommand(name));
    let command = found.ok_or_else(|| {
        Error::value(args.command.join(" "), "no such command; `verify --help` lists them")
    })?;
    print(&String::from_utf8_lossy(&page(command)?))?;
    Ok(Exit::Success)
}

/// Write the pages of a command and of all below it; returns their number.
fn write_all(command: &Command, folder: &Path) -> Result<usize> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let file = folder.join(format!("{name}.1"));
    std::fs::write(&file, page(command)?).map_err(|error| Error::write(&file, error))?;
    let below = command.get_subcommands().filter(|below| !below.is_hide_set());
    below.map(|below| write_all(below, folder)).try_fold(1, |sum, pages| Ok(sum + pages?))
}

/// The page of a command.
fn page(command: &Command) -> std::io::Result<Vec<u8>> {
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let after = After::of(&after);
    let man = Man::new(command.clone()).manual("sameface");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    let mut details = Roff::new();
    for paragraph in &after.details {
        details.control("PP", []).text([roman(paragraph.as_str())]);
    }
    page.extend(details.to_roff().bytes());
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    page.extend(last_sections(command, &after).to_roff().bytes());
    if command.get_version().is_some() {
        man.render_version_section(&mut page)?;
    }
    Ok(page)
}

/// The last sections of a command's page.
fn last_sections(command: &Command, after: &After) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    let status = after.exit_status.as_deref().unwrap_or(EXIT_STATUS);
    roff.text([roman(format!("{}.", status.trim_end_matches('.')))]);
    roff.control("PP", []).text([roman(EVERYWHERE)]);
    roff.control("SH", ["ENVIRONMENT"]);
    for arg in command.get_arguments() {
        if let (Some(name), Some(long)) =
            (arg.get_env().and_then(|name| name.to_str()), arg.get_long())
        {
            entry(&mut roff, name, &format!("The value of --{long}, if the flag is not given."));
        }
    }
    VARIABLES.iter().for_each(|(name, what)| entry(&mut roff, name, what));
    roff.control("SH", ["FILES"]);
    FILES.iter().for_each(|(name, what)| entry(&mut roff, name, what));
    if !after.examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]).control("nf", []);
        after.examples.iter().for_each(|line| {
            roff.text([roman(line.as_str())]);
        });
        roff.control("fi", []);
    }
    roff
}

/// A term with its meaning.
fn entry(roff: &mut Roff, name: &str, what: &str) {
    roff.control("TP", []).text([bold(name)]).text([roman(what)]);
}

/// The parts of the text after a command's help.
#[derive(Debug, Default, PartialEq, Eq)]
struct After {
    examples: Vec<String>,
    details: Vec<String>,
    exit_status: Option<String>,
}

impl After {
    /// Split a text that begins with the examples and may end with the exit status.
    fn of(text: &str) -> Self {
        let mut after = Self::default();
        let (text, status) = match text.split_once("Exit status: ") {
            Some((text, status)) => (text, Some(status)),
            None => (text, None),
        };
        after.exit_status =
            status.map(|status| status.split_whitespace().collect::<Vec<_>>().join(" "));
        for block in text.split("\n\n").filter(|block| !block.trim().is_empty()) {
            let mut lines = block.lines();
            match lines.next() {
                Some("Examples:" | "Example:") => {
                    after.examples = lines.map(|line| line.trim_start().to_owned()).collect();
                }
                // Indented text keeps its lines.
                Some(first) if first.starts_with("  ") => {
                    after.details.extend(block.lines().map(|line| line.trim_start().to_owned()));
                }
                _ => after.details.push(block.split_whitespace().collect::<Vec<_>>().join(" ")),
            }
        }
        after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_help_falls_into_its_parts() {
        let text = "Examples:\n  verify a\n  verify b    so\n\nOne\ntwo.\n\nThree.\nExit status: 0 well,\n2 not.";
        let after = After::of(text);
        assert_eq!(after.examples, ["verify a", "verify b    so"]);
        assert_eq!(after.details, ["One two.", "Three."]);
        assert_eq!(after.exit_status.as_deref(), Some("0 well, 2 not."));
        assert_eq!(After::of(""), After::default());
    }

    #[test]
    fn every_command_has_a_page_with_all_sections() {
        let mut all = Cli::command();
        all.build();
        let mut waiting = vec![&all];
        while let Some(command) = waiting.pop() {
            let page = String::from_utf8(page(command).unwrap()).unwrap();
            for section in ["NAME", "EXIT STATUS", "ENVIRONMENT", "FILES"] {
                assert!(
                    page.contains(&format!(".SH {section}"))
                        || page.contains(&format!(".SH \"{section}\"")),
                    "{section} of {}: {page}",
                    command.get_name()
                );
            }
            waiting.extend(command.get_subcommands().filter(|below| !below.is_hide_set()));
        }
    }
}
