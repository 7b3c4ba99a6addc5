//! The settings file: its keys are flags, checked against the command line's definition.

use std::any::TypeId;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command};
use toml::{Table, Value};

use super::{NOT_IN_FILE, Place};
use crate::error::{Error, Result};

/// One flag's value in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The command that it applies to; empty for every command that has the flag.
    pub table: Vec<String>,
    /// The flag's long name.
    pub flag: String,
    /// The flag and its value as words of a command line.
    pub words: Vec<String>,
    /// The value, as it is shown.
    pub value: String,
}

/// The entries of the file at `place`; `command` is the built definition of the command line.
///
/// # Errors
/// [`Error::Read`]; [`Error::Value`] if it is not TOML, or has an unknown table or key or a value of the
/// wrong type.
pub(super) fn read(place: &Place, command: &Command) -> Result<Vec<Entry>> {
    let Some(path) = place.path() else { return Ok(Vec::new()) };
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound && matches!(place, Place::OfUser(_)) => {
            return Ok(Vec::new());
        }
        text => text.map_err(|error| Error::read(path, error))?,
    };
    let table = text.parse::<Table>().map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.lines().count().max(1);
        let what = error.message().lines().next().unwrap_or("not TOML").to_owned();
        wrong(path, &format!("line {line}: {what}; correct it, or use --config none"))
    })?;
    let mut entries = Vec::new();
    let mut reader = Reader { path, entries: &mut entries };
    reader.table(command, &mut Vec::new(), &table)?;
    Ok(entries)
}

fn wrong(path: &Path, problem: &str) -> Error {
    Error::value(path.to_string_lossy(), problem)
}

struct Reader<'a> {
    path: &'a Path,
    entries: &'a mut Vec<Entry>,
}

impl Reader<'_> {
    fn table(&mut self, command: &Command, name: &mut Vec<String>, table: &Table) -> Result<()> {
        for (key, value) in table {
            if let Value::Table(inner) = value {
                let known = command.find_subcommand(key).filter(|found| !found.is_hide_set());
                let known = known.ok_or_else(|| {
                    let all = name.iter().chain([key]).cloned().collect::<Vec<_>>().join(".");
                    let problem = format!(
                        "[{all}] is not a command; correct the name (`verify --help` lists them) or remove the table"
                    );
                    wrong(self.path, &problem)
                })?;
                name.push(key.clone());
                self.table(known, name, inner)?;
                name.pop();
                continue;
            }
            let Some(arg) = flag(command, key) else {
                return Err(self.unknown(name, key));
            };
            let words = words(arg, value).map_err(|right| {
                let problem = format!("{key} = {value}: {right}");
                wrong(self.path, &problem)
            })?;
            let value = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            self.entries.push(Entry { table: name.clone(), flag: key.clone(), words, value });
        }
        Ok(())
    }

    fn unknown(&self, table: &[String], key: &str) -> Error {
        let (of, help) = match table.join(" ") {
            all if all.is_empty() => ("any command".to_owned(), "--help".to_owned()),
            command => (format!("`verify {command}`"), format!("{command} --help")),
        };
        let problem = format!(
            "{key:?} is not a flag of {of}; correct the name (`verify {help}` lists them) or remove the line"
        );
        wrong(self.path, &problem)
    }
}

/// The flag with this long name, of the command or of one below it.
fn flag<'a>(command: &'a Command, long: &str) -> Option<&'a Arg> {
    if NOT_IN_FILE.contains(&long) {
        return None;
    }
    let own = command.get_arguments().find(|arg| arg.get_long() == Some(long));
    let shown = || command.get_subcommands().filter(|below| !below.is_hide_set());
    own.or_else(|| shown().find_map(|below| flag(below, long)))
}

/// A value as words of a command line; if it is of the wrong type, which values are valid.
fn words(arg: &Arg, value: &Value) -> std::result::Result<Vec<String>, String> {
    let long = arg.get_long().unwrap_or_default();
    match (arg.get_action(), value) {
        (ArgAction::SetTrue, Value::Boolean(on)) => {
            Ok(if *on { vec![format!("--{long}")] } else { Vec::new() })
        }
        (ArgAction::SetTrue, _) => Err("give true or false".to_owned()),
        (ArgAction::Count, Value::Integer(times @ 0..=9)) => {
            Ok((0..*times).map(|_| format!("--{long}")).collect())
        }
        (ArgAction::Count, _) => Err("give a number from 0 to 9".to_owned()),
        (ArgAction::Append, Value::Array(values)) => {
            values.iter().map(|value| word(arg, long, value)).collect()
        }
        (_, value) => Ok(vec![word(arg, long, value)?]),
    }
}

fn word(arg: &Arg, long: &str, value: &Value) -> std::result::Result<String, String> {
    let text = match value {
        Value::String(text) if arg.get_value_parser().type_id() == TypeId::of::<PathBuf>() => {
            at_home(text)
        }
        Value::String(text) => text.clone(),
        Value::Integer(_) | Value::Float(_) => value.to_string(),
        Value::Boolean(_) | Value::Datetime(_) | Value::Array(_) | Value::Table(_) => {
            let list = matches!(arg.get_action(), ArgAction::Append);
            let right =
                if list { "a text, a number or a list of them" } else { "a text or a number" };
            return Err(format!("give {right}, as the flag takes it"));
        }
    };
    Ok(format!("--{long}={text}"))
}

/// A path in which `~/` is the user's home, as in a shell.
fn at_home(text: &str) -> String {
    let home = || dirs::home_dir().map(|home| home.to_string_lossy().into_owned());
    let below = text.strip_prefix("~/").and_then(|below| Some(format!("{}/{below}", home()?)));
    below.unwrap_or_else(|| text.to_owned())
}
