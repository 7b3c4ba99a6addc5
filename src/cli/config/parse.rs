//! The command line with the values of variables and the settings file. Values are inserted as flags, so
//! that the command line's own parser checks them.

use std::error::Error as _;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, ColorChoice, Command, CommandFactory, FromArgMatches};

use super::candidates::{Candidate, Origin, candidates, named, that_count};
use super::{Place, file};
use crate::cli::{Cli, version};
use crate::error::{Error, Result, one_line};

/// Commands that must work even if the settings file is not valid, or that do not need it.
const WITHOUT: [&[&str]; 3] = [&["completions"], &["man"], &["config", "path"]];

/// Parse the command line. Ends the program if it asks for help or is not valid.
///
/// # Errors
/// If a variable or the settings file is not valid.
pub fn parse(given: Vec<OsString>) -> Result<Cli> {
    let mut command = Cli::command().color(color(&given));
    if given.iter().any(|word| word == "--version") {
        // Only now, because it loads ONNX Runtime. The parser needs it for as long as the program runs.
        let long: &'static str = Box::leak(version::long().into_boxed_str());
        command = command.long_version(long);
    }
    // `verify decode` is started by another verify, which has read all values already.
    if given.get(1).is_some_and(|word| word == "decode") {
        return Ok(of(&without_variables(command).get_matches_from(given)));
    }
    if !may_be_added(&given) {
        return Ok(of(&command.get_matches_from(given)));
    }
    let plain = without_variables(command.clone());
    let Some(matches) = glance(&plain, &given) else {
        // This prints the help, which names the variables, and ends the program.
        return Ok(of(&command.get_matches_from(given)));
    };
    match added(command, &plain, &given, &matches)? {
        None => Ok(of(&plain.get_matches_from(given))),
        Some(added) => added.cli(plain, &given),
    }
}

/// Whether any variable or settings file exists.
fn may_be_added(given: &[OsString]) -> bool {
    let begins = |word: &OsString, with: &str| word.to_string_lossy().starts_with(with);
    std::env::vars_os().any(|(name, _)| begins(&name, "VERIFY_"))
        || given.iter().any(|word| begins(word, "--config"))
        || Place::of(None, false).path().is_some_and(|path| path.exists())
}

fn of(matches: &ArgMatches) -> Cli {
    Cli::from_arg_matches(matches).unwrap_or_else(|error| error.exit())
}

/// What is added to a command line.
struct Added {
    candidates: Vec<Candidate>,
    /// The flags in variables and in the file, whether or not their values are used.
    spoken_of: Vec<String>,
    /// The index of the word before which flags are inserted.
    at: usize,
    /// Values for flags of all commands that this command replaces by its own.
    displaced: Vec<Candidate>,
}

/// What variables and the file add, if anything.
fn added(
    mut command: Command,
    plain: &Command,
    given: &[OsString],
    matches: &ArgMatches,
) -> Result<Option<Added>> {
    let path = path_of(matches);
    if path.is_empty()
        || WITHOUT.contains(&&path.iter().map(String::as_str).collect::<Vec<_>>()[..])
    {
        return Ok(None);
    }
    let place = place(matches);
    command.build();
    let entries = file::read(&place, &command)?;
    let all = candidates(&command, &path, &entries, &place);
    let (Some(leaf), false) = (named(&command, &path), all.is_empty()) else { return Ok(None) };
    let candidates: Vec<_> =
        that_count(leaf, leaf_of(matches), &all).into_iter().cloned().collect();
    // The last one applied takes precedence.
    let displaced = all.iter().filter(|one| one.displaced).rev().cloned().collect();
    let spoken_of = all.iter().map(|one| one.flag.clone()).collect();
    Ok(Some(Added { candidates, spoken_of, at: place_in(plain, given, &path), displaced }))
}

impl Added {
    fn cli(self, plain: Command, given: &[OsString]) -> Result<Cli> {
        let plain = self.with_values(plain);
        let all = self.candidates.iter().flat_map(|candidate| candidate.words.clone());
        let mut cli = match plain.clone().try_get_matches_from(self.line(given, all)) {
            Ok(matches) => of(&matches),
            Err(error) => return Err(self.fault(&plain, given, &error)),
        };
        for candidate in &self.displaced {
            let path = candidate.words.first().and_then(|word| word.to_str()?.split_once('='));
            match (candidate.flag.as_str(), path) {
                ("people", Some((_, path))) => cli.common.people = Some(PathBuf::from(path)),
                ("pack", Some((_, pack))) if cli.common.pack.is_none() => {
                    cli.common.pack = Some(pack.to_owned());
                }
                _ => {}
            }
        }
        Ok(cli)
    }

    /// The command line with `words` inserted.
    fn line(&self, given: &[OsString], words: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
        let (before, behind) = given.split_at(self.at.min(given.len()));
        before.iter().cloned().chain(words).chain(behind.iter().cloned()).collect()
    }

    /// The command, with switches from the file accepting a value, so that `--json=false` turns one off again.
    fn with_values(&self, command: Command) -> Command {
        let on: Vec<&str> = self.spoken_of.iter().map(String::as_str).collect();
        switches(command, Some(&on))
    }

    /// The error of a variable or of the file. An error of the command line itself ends the program.
    fn fault(&self, plain: &Command, given: &[OsString], error: &clap::Error) -> Error {
        let tried = |words: Vec<OsString>| {
            plain.clone().try_get_matches_from(self.line(given, words)).err()
        };
        let own = tried(Vec::new());
        for candidate in &self.candidates {
            // The command line alone may be incomplete without another candidate.
            match tried(candidate.words.clone()) {
                Some(error) if own.is_none() || names(&error, &candidate.flag) => {
                    return candidate.fault(&error);
                }
                _ => {}
            }
        }
        if let Some(own) = own {
            own.exit();
        }
        match self.candidates.iter().rev().find(|candidate| names(error, &candidate.flag)) {
            Some(candidate) => candidate.fault(error),
            None => Error::value("the command line", first_line(error)),
        }
    }
}

impl Candidate {
    /// The error of the value, in a line that says where the value comes from.
    fn fault(&self, error: &clap::Error) -> Error {
        let reason = match (error.get(ContextKind::ValidValue), error.source()) {
            (Some(ContextValue::Strings(values)), _) if !values.is_empty() => {
                format!("give one of {}", values.join(", "))
            }
            (_, Some(source)) => one_line(&source.to_string()),
            _ => first_line(error),
        };
        match &self.origin {
            Origin::Variable(name) => Error::value(name, format!("{:?}: {reason}", self.value)),
            Origin::File(path) => {
                let problem = format!("{} = {:?}: {reason}", self.flag, self.value);
                Error::value(path.to_string_lossy(), problem)
            }
            Origin::Flag | Origin::Default => Error::value(&self.flag, reason),
        }
    }
}

/// Whether an error is about the flag of this name.
fn names(error: &clap::Error, flag: &str) -> bool {
    let is = |text: &str| {
        text.strip_prefix("--").is_some_and(|text| text.split([' ', '=', '[']).next() == Some(flag))
    };
    [ContextKind::InvalidArg, ContextKind::PriorArg].into_iter().any(|kind| match error.get(kind) {
        Some(ContextValue::String(text)) => is(text),
        Some(ContextValue::Strings(texts)) => texts.iter().any(|text| is(text)),
        _ => false,
    })
}

fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}

/// The command without environment variables, which are added as flags instead.
fn without_variables(command: Command) -> Command {
    let command = command.mut_args(|arg| arg.env(None::<&'static str>));
    command.mut_subcommands(without_variables)
}

/// The command with its switches, all or those that are `on`, accepting a value.
fn switches(command: Command, on: Option<&[&str]>) -> Command {
    let command = command.mut_args(|arg| {
        let is_on = arg.get_long().is_some_and(|long| on.is_none_or(|on| on.contains(&long)));
        if !is_on || !matches!(arg.get_action(), ArgAction::SetTrue) {
            return arg;
        }
        let id = arg.get_id().clone();
        arg.action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .default_value("false")
            .overrides_with(id)
    });
    command.mut_subcommands(|below| switches(below, on))
}

/// The command line as far as it can be parsed, valid or not; `None` if it asks for help.
pub(super) fn glance(plain: &Command, given: &[OsString]) -> Option<ArgMatches> {
    switches(plain.clone(), None).ignore_errors(true).try_get_matches_from(given).ok()
}

/// The names of the command that is run.
fn path_of(matches: &ArgMatches) -> Vec<String> {
    let mut path = Vec::new();
    let mut matches = matches;
    while let Some((name, below)) = matches.subcommand() {
        path.push(name.to_owned());
        matches = below;
    }
    path
}

/// The matches of the command that is run.
fn leaf_of(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, below)| leaf_of(below))
}

/// The settings file that is read.
fn place(matches: &ArgMatches) -> Place {
    let on = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let named = if on("config") { matches.get_one::<PathBuf>("config").cloned() } else { None };
    Place::of(named, on("no_config"))
}

/// The index at which flags are inserted: after the name of the command that is run.
fn place_in(plain: &Command, given: &[OsString], path: &[String]) -> usize {
    let Some(name) = path.last() else { return given.len() };
    let is_there = |at: &usize| {
        let matches = glance(plain, &given[..=*at]);
        given[*at] == **name && matches.is_some_and(|matches| path_of(&matches) == path)
    };
    (1..given.len()).find(is_there).map_or(given.len(), |at| at + 1)
}

/// The colours of the parser's own messages, before --color is parsed.
fn color(given: &[OsString]) -> ColorChoice {
    let word = |at: usize| given.get(at).and_then(|word| word.to_str());
    let asked = (1..given.len()).find_map(|at| match word(at)? {
        "--color" => word(at + 1),
        other => other.strip_prefix("--color="),
    });
    match asked {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}
