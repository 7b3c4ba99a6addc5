//! `verify people`: lists, renames and removes enrolled people, and keeps two of them apart.

mod xmp;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{count, note, print, print_json, printable, shown};
use super::profile::{agreed, note_index};
use super::walk::WalkArgs;
use super::{Context, Exit};
use crate::error::{Error, Front, Result};
use crate::people::Person;
use crate::profile::{Lock, Profile, path_as_text};

/// The most look-alikes that are named in a line.
const MOST_NAMED: usize = 3;

/// The arguments of `verify people`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify people                        list everybody enrolled
  verify people use Anna               let commands mean Anna from now on
  verify people rename Anna Annabel
  verify people apart Anna Ben         keep two people who look alike apart
  verify people remove Ben
  verify people --from-xmp ~/Pictures  enrol everybody whom digiKam, Lightroom or Picasa named

`verify enroll DIR --name NAME` enrols somebody, or enrols them again. Commands mean the person \
enrolled last, or the one given with --person NAME.")]
pub struct PeopleArgs {
    #[command(subcommand)]
    action: Option<Action>,
    /// Enrol everybody whom other programs named in XMP (in photos or sidecars), or add photos to those already
    /// enrolled (repeatable)
    #[arg(long, value_name = "DIR")]
    from_xmp: Vec<PathBuf>,
    /// Only print whom --from-xmp would enrol
    #[arg(long, requires = "from_xmp")]
    dry_run: bool,
    #[command(flatten)]
    walk: WalkArgs,
    /// Print one JSON object
    #[arg(long, global = true)]
    json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// List everybody enrolled (the default)
    List,
    /// Let commands mean this person, as if enrolled last
    Use {
        /// The person's name
        name: String,
    },
    /// Rename a person
    Rename {
        /// The person's name now
        name: String,
        /// The new name
        new: String,
    },
    /// Keep two people who look alike apart, using the photos that they are enrolled with
    Apart {
        /// The name of one of them
        one: String,
        /// The name of the other
        other: String,
    },
    /// Delete a person's profile and the pictures kept with it, after asking
    Remove {
        /// The person's name
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// A person in the list; the field names are stable.
#[derive(Debug, Serialize)]
struct Line {
    id: String,
    name: Option<String>,
    #[serde(serialize_with = "path_as_text")]
    profile: PathBuf,
    photos: usize,
    kept: usize,
    threshold: Option<f64>,
    far: Option<f64>,
    pack: Option<String>,
    look_alikes: Vec<String>,
    encrypted: bool,
    usable: bool,
    last: bool,
    error: Option<String>,
}

#[derive(Serialize)]
struct Listed {
    people: Vec<Line>,
}

/// The person that was changed.
#[derive(Serialize)]
struct Changed<'a> {
    person: &'a str,
    name: &'a str,
}

/// List the people, or change one.
///
/// # Errors
/// If nobody has the name, or a profile cannot be read or written.
pub fn run(args: &PeopleArgs, context: &Context) -> Result<Exit> {
    if !args.from_xmp.is_empty() {
        if args.action.is_some() {
            return Err(Error::value(
                "--from-xmp",
                "cannot be combined with a subcommand; leave one out",
            ));
        }
        return xmp::learn(args, context);
    }
    match &args.action {
        None | Some(Action::List) => list(args, context),
        Some(Action::Use { name }) => use_person(args, context, name),
        Some(Action::Rename { name, new }) => rename(args, context, name, new),
        Some(Action::Apart { one, other }) => apart(args, context, one, other),
        Some(Action::Remove { name, yes }) => remove(args, context, name, *yes),
    }?;
    Ok(Exit::Success)
}

fn list(args: &PeopleArgs, context: &Context) -> Result<()> {
    let last = context.folder.last().ok().flatten();
    let files = context.folder.files().into_iter();
    let people: Vec<Line> = files
        .map(|(id, path)| Line { last: last.as_ref() == Some(&id), ..line(context, id, path) })
        .collect();
    if args.json {
        return print_json(&Listed { people });
    }
    if people.is_empty() {
        note("nobody is enrolled; `verify enroll DIR --name NAME` adds somebody");
    }
    let width = people.iter().map(|line| called(line).chars().count()).max().unwrap_or(0);
    print(&people.iter().map(|line| text(line, width)).collect::<String>())
}

fn line(context: &Context, id: String, path: PathBuf) -> Line {
    let passphrase = || context.passphrases.without_asking(&path);
    let (profile, error) = match Profile::read(&path, passphrase) {
        Ok(profile) => (Some(profile), None),
        Err(error) => (None, Some(error)),
    };
    let of_pack = |profile: &Profile| profile.models == context.pack.identity();
    Line {
        id,
        name: profile.as_ref().map(|profile| profile.name.clone()),
        photos: profile.as_ref().map_or(0, |profile| profile.photos.len()),
        kept: profile.as_ref().map_or(0, |profile| profile.kept().count()),
        threshold: profile.as_ref().map(Profile::threshold),
        far: profile.as_ref().map(Profile::far),
        pack: profile.as_ref().map(|profile| profile.models.clone()),
        look_alikes: profile.iter().flat_map(|p| &p.look_alikes).map(|o| o.name.clone()).collect(),
        encrypted: matches!(error, Some(Error::Encrypted { .. } | Error::WrongPassphrase { .. })),
        usable: profile.as_ref().is_some_and(of_pack),
        last: false,
        error: error.map(|error| error.told(Front::Command)),
        profile: path,
    }
}

/// The person's name in the list.
fn called(line: &Line) -> String {
    printable(line.name.as_ref().unwrap_or(&line.id))
}

fn text(line: &Line, width: usize) -> String {
    let mark = if line.last { "*" } else { " " };
    let name = called(line);
    let name = format!("{mark} {name}{}", " ".repeat(width - name.chars().count()));
    let (Some(threshold), Some(pack)) = (line.threshold, &line.pack) else {
        let state = if line.encrypted {
            "encrypted; name a file with its passphrase with --key-file".to_owned()
        } else {
            printable(line.error.as_deref().unwrap_or_default())
        };
        return format!("{name}  {state}\n");
    };
    let others = match line.look_alikes.len() {
        0 => String::new(),
        // A review may keep dozens apart.
        more if more > MOST_NAMED + 1 => {
            let named = printable(&line.look_alikes[..MOST_NAMED].join(", "));
            format!(", kept apart from {named} and {} others", more - MOST_NAMED)
        }
        _ => format!(", kept apart from {}", printable(&line.look_alikes.join(", "))),
    };
    let state = if line.usable { "" } else { "  made with another pack; choose it with --pack" };
    let photos = count(line.kept, "photo");
    format!("{name}  {photos:>12}  threshold {threshold:.2}  {}{others}{state}\n", printable(pack))
}

fn use_person(args: &PeopleArgs, context: &Context, name: &str) -> Result<()> {
    let id = context.folder.find(name)?;
    context.folder.note_last(&id)?;
    say(args, &id, name, &format!("commands now mean {}", printable(name)))
}

fn rename(args: &PeopleArgs, context: &Context, name: &str, new: &str) -> Result<()> {
    let person = context.people()?.rename(name, new)?;
    let (name, new) = (printable(name), printable(&person.profile.name));
    say(args, &person.id, &person.profile.name, &format!("renamed {name} to {new}"))
}

fn apart(args: &PeopleArgs, context: &Context, one: &str, other: &str) -> Result<()> {
    let [one, other] = [context.folder.find(one)?, context.folder.find(other)?];
    let people = context.people()?;
    let [one, other] = people.tell_apart(&one, &other)?;
    let [a, b] = [&one, &other].map(|person| printable(&person.profile.name));
    if args.json {
        let changed = |person: &Person| {
            print_json(&Changed { person: &person.id, name: &person.profile.name })
        };
        changed(&one)?;
        return changed(&other);
    }
    print(&format!("{a} and {b} are now kept apart\n"))
}

fn remove(args: &PeopleArgs, context: &Context, name: &str, yes: bool) -> Result<()> {
    let id = context.folder.find(name)?;
    let path = context.folder.file(&id)?;
    if !yes && !agreed(&format!("Remove {}, {}? [y/N] ", printable(name), shown(&path))) {
        return Err(Error::value("people remove", "nobody was removed; answer y, or give --yes"));
    }
    let lock = Lock::wait(&path);
    context.folder.delete(&id)?;
    drop(lock);
    say(args, &id, name, &format!("removed {}", printable(name)))?;
    note_index(context);
    Ok(())
}

/// Print what was done to a person.
fn say(args: &PeopleArgs, person: &str, name: &str, text: &str) -> Result<()> {
    if args.json { print_json(&Changed { person, name }) } else { print(&format!("{text}\n")) }
}
