//! The command line, with what variables and the file add to it. Their values go where flags would
//! stand, so that the command line's own parser checks them.

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

/// Commands that must work beside a file that cannot be used, or need none.
const WITHOUT: [&[&str]; 3] = [&["completions"], &["man"], &["config", "path"]];

/// What the command line asks for; ends the program with the help, or with what is wrong with it.
///
/// # Errors
/// If a variable or the file says what cannot be.
pub fn parse(given: Vec<OsString>) -> Result<Cli> {
    let mut command = Cli::command().color(color(&given));
    if given.iter().any(|word| word == "--version") {
        // Only now, for it loads ONNX Runtime. The parser wants it for as long as the program runs.
        let long: &'static str = Box::leak(version::long().into_boxed_str());
        command = command.long_version(long);
    }
    // The process that decodes one photo is asked by another verify, which has all values.
    if given.get(1).is_some_and(|word| word == "decode") {
        return Ok(of(&without_variables(command).get_matches_from(given)));
    }
    if !may_be_added(&given) {
        return Ok(of(&command.get_matches_from(given)));
    }
    let plain = without_variables(command.clone());
    let Some(matches) = glance(&plain, &given) else {
        // It ends with the help, which names the variables.
        return Ok(of(&command.get_matches_from(given)));
    };
    match added(command, &plain, &given, &matches)? {
        None => Ok(of(&plain.get_matches_from(given))),
        Some(added) => added.cli(plain, &given),
    }
}

/// Whether there is a variable or a file at all, so that the command line is worth a second look.
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
    /// The flags that the file speaks of, whether or not it counts.
    spoken_of: Vec<String>,
    /// Where flags can be put in.
    at: usize,
    /// What is for the flags of every command in whose place this one has others.
    displaced: Vec<Candidate>,
}

/// What variables and the file add, if they add anything.
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
    // What counts more comes first, and last here.
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

    /// The command line with `words` put in.
    fn line(&self, given: &[OsString], words: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
        let (before, behind) = given.split_at(self.at.min(given.len()));
        before.iter().cloned().chain(words).chain(behind.iter().cloned()).collect()
    }

    /// The command whose switches that the file turns on can be turned off again: `--json=false`.
    fn with_values(&self, command: Command) -> Command {
        let on: Vec<&str> = self.spoken_of.iter().map(String::as_str).collect();
        switches(command, Some(&on))
    }

    /// What is wrong, if it is not the user's own command line, which then ends the program.
    fn fault(&self, plain: &Command, given: &[OsString], error: &clap::Error) -> Error {
        let tried = |words: Vec<OsString>| {
            plain.clone().try_get_matches_from(self.line(given, words)).err()
        };
        let own = tried(Vec::new());
        for candidate in &self.candidates {
            // The command line may lack what another candidate gives.
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
    /// What is wrong with the value, in a line that says where it stands.
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

/// The command that reads no variables: they are added as flags.
fn without_variables(command: Command) -> Command {
    let command = command.mut_args(|arg| arg.env(None::<&'static str>));
    command.mut_subcommands(without_variables)
}

/// The command whose switches, all or those that are `on`, may be given a value.
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

/// What the command line gives, whether or not it is right; `None` if it asks for the help.
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

/// What the command that is run is given.
fn leaf_of(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, below)| leaf_of(below))
}

/// The file that is read.
fn place(matches: &ArgMatches) -> Place {
    let on = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let named = if on("config") { matches.get_one::<PathBuf>("config").cloned() } else { None };
    Place::of(named, on("no_config"))
}

/// Where flags can be put in: behind the name of the command that is run.
fn place_in(plain: &Command, given: &[OsString], path: &[String]) -> usize {
    let Some(name) = path.last() else { return given.len() };
    let is_there = |at: &usize| {
        let matches = glance(plain, &given[..=*at]);
        given[*at] == **name && matches.is_some_and(|matches| path_of(&matches) == path)
    };
    (1..given.len()).find(is_there).map_or(given.len(), |at| at + 1)
}

/// The colours of the parser's own words, before it has parsed --color.
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
