//! The values that environment variables and the settings file give to a command's flags, in order of precedence.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use super::file::Entry;
use super::{NOT_IN_FILE, Place};

/// Flags whose variable is read elsewhere, so that an invalid value does not stop `verify doctor`, which
/// explains it.
const READ_ELSEWHERE: [&str; 1] = ["device"];

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// The command line.
    Flag,
    /// A variable of the environment.
    Variable(String),
    /// The file.
    File(PathBuf),
    /// None of these: the default.
    Default,
}

/// A value that a variable or the file gives to a flag.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// The flag's long name.
    pub flag: String,
    /// The flag and its value as words of a command line.
    pub words: Vec<OsString>,
    /// The value, as it is shown.
    pub value: String,
    pub origin: Origin,
    /// A lower rank takes precedence: 0 for variables, then the command's table, the one above it, the top level.
    pub rank: usize,
    /// Whether it is for a flag of all commands that this command replaces by one of its own.
    pub displaced: bool,
}

/// The flags of a command, its own and those of all commands.
pub(super) fn flags(command: &Command) -> impl Iterator<Item = &Arg> {
    let settable = |arg: &&Arg| arg.get_long().is_some_and(|long| !NOT_IN_FILE.contains(&long));
    command.get_arguments().filter(settable)
}

/// The command of these names below `command`.
pub(super) fn named<'a>(command: &'a Command, path: &[String]) -> Option<&'a Command> {
    path.iter().try_fold(command, |command, name| command.find_subcommand(name))
}

/// All values for flags of the command at `path`, those that take precedence first.
pub(super) fn candidates(
    command: &Command,
    path: &[String],
    entries: &[Entry],
    place: &Place,
) -> Vec<Candidate> {
    let Some(leaf) = named(command, path) else { return Vec::new() };
    // A command may have its own flag of the same name without a variable.
    let all = flags(leaf).chain(flags(command).filter(|arg| arg.is_global_set()));
    let mut found: Vec<Candidate> = all.filter_map(of_variable).collect();
    found.dedup_by(|one, other| one.flag == other.flag);
    let file = place.path().cloned().unwrap_or_default();
    let mut of_file: Vec<_> =
        entries.iter().filter(|entry| path.starts_with(&entry.table)).collect();
    // A command's table takes precedence over the levels above it.
    of_file.sort_by_key(|entry| std::cmp::Reverse(entry.table.len()));
    let given = of_file.into_iter().map(|entry| Candidate {
        flag: entry.flag.clone(),
        words: entry.words.iter().map(OsString::from).collect(),
        value: entry.value.clone(),
        origin: Origin::File(file.clone()),
        rank: 1 + path.len() - entry.table.len(),
        displaced: false,
    });
    found.extend(given);
    let is_global = |command: &Command, flag: &str| {
        flags(command).any(|arg| arg.get_long() == Some(flag) && arg.is_global_set())
    };
    for one in &mut found {
        let for_all = one.rank == 0 || one.rank == 1 + path.len();
        one.displaced = for_all && is_global(command, &one.flag) && !is_global(leaf, &one.flag);
    }
    found
}

fn of_variable(arg: &Arg) -> Option<Candidate> {
    let name = arg.get_env()?.to_str()?;
    let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
    let flag = arg.get_long()?.to_owned();
    let mut word = OsString::from(format!("--{flag}="));
    word.push(&value);
    let elsewhere = READ_ELSEWHERE.contains(&flag.as_str());
    let words = if elsewhere { Vec::new() } else { vec![word] };
    let value = value.to_string_lossy().into_owned();
    let origin = Origin::Variable(name.to_owned());
    Some(Candidate { flag, words, value, origin, rank: 0, displaced: false })
}

/// The `candidates` that are used with what the command line gives `leaf`. A candidate is not used if its flag,
/// or one that excludes it, is given on the command line or by a candidate that takes precedence.
pub(super) fn that_count<'a>(
    leaf: &Command,
    given: &ArgMatches,
    candidates: &'a [Candidate],
) -> Vec<&'a Candidate> {
    let is_given = |arg: &&Arg| {
        given.try_contains_id(arg.get_id().as_str()).unwrap_or(false)
            && given.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine)
    };
    let mut taken: Vec<(&Arg, Option<usize>)> =
        leaf.get_arguments().filter(is_given).map(|arg| (arg, None)).collect();
    let mut counting = Vec::new();
    for candidate in candidates.iter().filter(|candidate| !candidate.displaced) {
        let Some(arg) = flags(leaf).find(|arg| arg.get_long() == Some(&candidate.flag)) else {
            continue;
        };
        let stronger = |rank: Option<usize>| rank.is_none_or(|rank| rank < candidate.rank);
        let beaten = taken.iter().any(|(other, rank)| {
            other.get_id() == arg.get_id() || (stronger(*rank) && exclude(leaf, other, arg))
        });
        if !beaten {
            taken.push((arg, Some(candidate.rank)));
            counting.push(candidate);
        }
    }
    counting
}

/// Whether two flags exclude each other.
fn exclude(leaf: &Command, one: &Arg, other: &Arg) -> bool {
    let names = |one: &Arg, other: &Arg| {
        leaf.get_arg_conflicts_with(one).iter().any(|arg| arg.get_id() == other.get_id())
    };
    names(one, other) || names(other, one)
}
