//! `verify config show`: the value of each flag, and where it comes from.

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory};
use serde::Serialize;

use super::candidates::{Candidate, Origin, candidates, flags, named, that_count};
use super::parse::glance;
use super::{Place, file};
use crate::cli::Cli;
use crate::cli::output::{print, print_json, printable, shown};
use crate::error::{Error, Result};

/// A flag, as printed in JSON; the field names are stable.
#[derive(Debug, Serialize)]
struct Line {
    /// Its command; null for flags of every command.
    command: Option<String>,
    flag: String,
    /// Null if it has no value.
    value: Option<String>,
    /// `flag`, `variable`, `file` or `default`.
    source: &'static str,
    /// The variable or the file.
    from: Option<String>,
}

/// Print the flags of a command, or those of every command and the others that are set.
///
/// # Errors
/// If the file is not valid, there is no such command, or the output cannot be written.
pub(super) fn show(place: &Place, path: &[String], json: bool) -> Result<()> {
    let mut command = Cli::command();
    let given = glance(&command, &std::env::args_os().collect::<Vec<_>>());
    command.build();
    let given = given.ok_or_else(|| Error::value("config", "the command line cannot be read"))?;
    let entries = file::read(place, &command)?;
    let all = |path: &[String]| candidates(&command, path, &entries, place);
    let lines = if path.is_empty() {
        let mut lines = lines(&command, None, &given, &all(&[]));
        lines.retain(|line| line.command.is_none());
        for (below, path) in below(&command, &[]) {
            let of = lines_of(below, &path, &given, &all(&path));
            lines.extend(of.into_iter().filter(|line| line.command.is_some() && is_set(line)));
        }
        lines
    } else {
        let no_command = || {
            let problem = "no such command; `verify --help` lists them";
            Error::value(path.join(" "), problem)
        };
        let leaf = named(&command, path).ok_or_else(no_command)?;
        let mut lines = lines_of(leaf, path, &given, &all(path));
        // The flags of every command first.
        lines.sort_by_key(|line| line.command.is_some());
        lines
    };
    if json {
        return lines.iter().try_for_each(print_json);
    }
    print(&text(place, &lines))
}

fn is_set(line: &Line) -> bool {
    matches!(line.source, "variable" | "file")
}

/// All commands below `command`, with their full names.
fn below<'a>(command: &'a Command, above: &[String]) -> Vec<(&'a Command, Vec<String>)> {
    let mut all = Vec::new();
    for one in command.get_subcommands().filter(|one| !one.is_hide_set()) {
        let path: Vec<String> = above.iter().cloned().chain([one.get_name().to_owned()]).collect();
        all.push((one, path.clone()));
        all.extend(below(one, &path));
    }
    all
}

fn lines_of(
    leaf: &Command,
    path: &[String],
    given: &ArgMatches,
    candidates: &[Candidate],
) -> Vec<Line> {
    lines(leaf, Some(&path.join(" ")), given, candidates)
}

/// A line for each flag of `leaf`. Only flags of every command can be on the command line of `verify config show`.
fn lines(
    leaf: &Command,
    name: Option<&str>,
    given: &ArgMatches,
    candidates: &[Candidate],
) -> Vec<Line> {
    let counting = that_count(leaf, given, candidates);
    let line = |arg: &Arg| {
        let flag = arg.get_long().unwrap_or_default().to_owned();
        let command = name.filter(|_| !is_for_all(arg)).map(str::to_owned);
        let (value, origin) = match counting.iter().find(|one| one.flag == flag) {
            _ if is_given(arg, given) => (raw(arg, given), Origin::Flag),
            Some(one) => (Some(one.value.clone()), one.origin.clone()),
            None => (default(arg), Origin::Default),
        };
        let value =
            if arg.is_hide_env_values_set() { value.map(|_| "(hidden)".into()) } else { value };
        let (source, from) = match origin {
            Origin::Flag => ("flag", None),
            Origin::Variable(name) => ("variable", Some(name)),
            Origin::File(path) => ("file", Some(shown(&path))),
            Origin::Default => ("default", None),
        };
        Line { command, flag, value, source, from }
    };
    flags(leaf).map(line).collect()
}

/// Whether every command has this flag.
fn is_for_all(arg: &Arg) -> bool {
    arg.is_global_set() && arg.get_id() != "json"
}

fn is_given(arg: &Arg, given: &ArgMatches) -> bool {
    let id = arg.get_id().as_str();
    is_for_all(arg) && given.value_source(id) == Some(ValueSource::CommandLine)
}

/// The value on the command line.
fn raw(arg: &Arg, given: &ArgMatches) -> Option<String> {
    let id = arg.get_id().as_str();
    match arg.get_action() {
        ArgAction::SetTrue => Some("true".to_owned()),
        ArgAction::Count => Some(given.get_count(id).to_string()),
        _ => {
            let values = given.get_raw(id)?;
            Some(values.map(|value| value.to_string_lossy()).collect::<Vec<_>>().join(","))
        }
    }
}

fn default(arg: &Arg) -> Option<String> {
    let values = arg.get_default_values();
    let text = values.iter().map(|value| value.to_string_lossy()).collect::<Vec<_>>().join(",");
    match arg.get_action() {
        ArgAction::SetTrue => Some("false".to_owned()),
        ArgAction::Count => Some("0".to_owned()),
        _ => (!values.is_empty()).then_some(text),
    }
}

/// A line for each flag, below its command.
fn text(place: &Place, lines: &[Line]) -> String {
    let width = lines.iter().map(|line| line.flag.len()).max().unwrap_or(0);
    let of = |line: &Line| line.value.as_deref().map_or("-".to_owned(), printable);
    let values = lines.iter().map(|line| of(line).chars().count().min(32)).max().unwrap_or(0);
    let mut text = match place.path() {
        None => "no file is read\n".to_owned(),
        Some(path) if path.is_file() => format!("file: {}\n", shown(path)),
        Some(path) => format!("file: {} (does not exist)\n", shown(path)),
    };
    let mut command: Option<&str> = None;
    for line in lines {
        if line.command.as_deref() != command {
            command = line.command.as_deref();
            text += &format!("\n[{}]\n", command.unwrap_or_default());
        }
        // The file's path is in the first line.
        let variable = line.from.as_deref().filter(|_| line.source == "variable");
        let from = variable.map(|name| format!(" {name}")).unwrap_or_default();
        let value = of(line);
        text += &format!("{:<width$}  {value:<values$}  {}{from}\n", line.flag, line.source);
    }
    text
}
