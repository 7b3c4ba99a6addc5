//! `verify review`: what a scan found, looked through on a page or in the terminal, and learnt from.

mod text;

#[cfg(feature = "serve")]
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZero;
use std::path::Path;

use clap::Args;
use serde::Serialize;

#[cfg(feature = "serve")]
use super::output::note;
use super::output::{print, print_json};
use super::{Context, Exit};
use crate::error::{Error, Result};
use crate::people::Person;
use crate::review::{Answer, List, Listed, Review};
use crate::words::same_name;

/// The arguments of `verify review`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify scan ~/Pictures                find the person, and keep what was found
  verify review                         look through it on a page
  verify review --person Anna
  verify review --list                  look through it here
  verify review --list --limit 20 --json
  verify review --yes 3f9c01a2b7-1 party.jpg --no 77ab01c2d3-2
  verify review --undo

The faces come in order of doubt, with the enrolled photos most like each. A yes enrols the photo, a no
keeps whoever it is apart from now on, and neither is asked about again. Everything is learnt anew from
each answer and the faces are sorted anew, until more answers change no verdict on another face.
A face goes by its id, or by its photo's path or file name if only one face of it is listed. Photos
themselves are never changed. Frames of videos are not reviewed.
Exit status: 0 there are faces to look through, or the answers were taken, 1 there are none, 2 something
could not be done.")]
pub struct ReviewArgs {
    /// List the faces here instead of opening the page
    #[arg(long)]
    list: bool,
    /// These faces are the person's: enrol their photos
    #[arg(long, value_name = "FACE", num_args = 1..)]
    yes: Vec<String>,
    /// These faces are somebody else's: keep them apart
    #[arg(long, value_name = "FACE", num_args = 1..)]
    no: Vec<String>,
    /// These faces cannot be told: ask about them last
    #[arg(long, value_name = "FACE", num_args = 1..)]
    unsure: Vec<String>,
    /// Take back the last answers, those that were given together
    #[arg(long, conflicts_with_all = ["yes", "no", "unsure"])]
    undo: bool,
    /// List so many faces at most
    #[arg(long, value_name = "N", value_parser = super::values::photos)]
    limit: Option<NonZero<usize>>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// The page's port; 0 takes any that is free
    #[arg(long, default_value = "0")]
    port: u16,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
}

/// What is printed in JSON: the list, and what was answered before it.
#[derive(Serialize)]
struct Printed<'a> {
    /// The faces that the answers were to, or that have none any more.
    answered: &'a [String],
    undone: &'a [String],
    #[serde(flatten)]
    list: List,
}

/// Answer, undo, list, or open the page.
///
/// # Errors
/// If there is no profile, a face is not known, or something cannot be written.
pub fn run(args: &ReviewArgs, context: &Context) -> Result<Exit> {
    let path = context.profile_path()?;
    let id = context.folder.id_of_file(path);
    let id = id.ok_or_else(|| Error::NoProfile { path: path.to_owned() })?;
    if !args.is_here() {
        return open(args, context, &id);
    }
    let people = context.people()?;
    let (person, review) = people.review(&id)?;
    let answers = args.answers(&person, &review)?;
    let answered: Vec<String> = answers.iter().map(|(face, _)| face.clone()).collect();
    let (person, review, undone) = match args.undo {
        true => people.undo(&id)?,
        false if answers.is_empty() => (person, review, Vec::new()),
        false => {
            let (person, review) = people.answer(&id, &answers)?;
            (person, review, Vec::new())
        }
    };
    if args.undo && undone.is_empty() {
        return Err(Error::value("--undo", "nothing was answered that could be undone"));
    }
    let mut list = review.list(&person.profile, &person.decision);
    let done = !answered.is_empty() || !undone.is_empty();
    let exit = if done || list.open + list.unsure > 0 { Exit::Success } else { Exit::NoMatch };
    let limit = args.limit.map_or(usize::MAX, NonZero::get);
    list.faces.truncate(if args.list { limit } else { 0 });
    if args.json {
        print_json(&Printed { answered: &answered, undone: &undone, list })?;
    } else {
        print(&text::text(&list, &answers, &undone, args.list))?;
    }
    Ok(exit)
}

impl ReviewArgs {
    /// Whether everything is done in the terminal.
    fn is_here(&self) -> bool {
        let answers = self.yes.len() + self.no.len() + self.unsure.len();
        self.list || self.undo || self.json || answers > 0
    }

    /// What is said of which faces, by their ids.
    ///
    /// # Errors
    /// [`Error::Value`] for a face that is not known or is not the only one.
    fn answers(&self, person: &Person, review: &Review) -> Result<Vec<(String, Answer)>> {
        let said =
            [(&self.yes, Answer::Yes), (&self.no, Answer::No), (&self.unsure, Answer::Unsure)];
        let said: Vec<(&String, Answer)> = said
            .iter()
            .flat_map(|(faces, answer)| faces.iter().map(|face| (face, *answer)))
            .collect();
        if said.is_empty() {
            return Ok(Vec::new());
        }
        let listed = review.list(&person.profile, &person.decision).faces;
        said.into_iter().map(|(face, answer)| Ok((named(&listed, review, face)?, answer))).collect()
    }
}

/// The id of the face that goes by `name`: its id, its photo's path, or the name of its photo's file.
fn named(listed: &[Listed], review: &Review, name: &str) -> Result<String> {
    if review.finding(name).is_ok() {
        return Ok(name.to_owned());
    }
    let whole = std::path::absolute(name).unwrap_or_else(|_| name.into());
    let is = |path: &Path, name: &Path| same_name(&path.to_string_lossy(), &name.to_string_lossy());
    let is_it = |face: &&Listed| {
        let file = face.photo.file_name().map(Path::new);
        is(&face.photo, &whole) || file.is_some_and(|file| is(file, Path::new(name)))
    };
    let faces: Vec<&Listed> = listed.iter().filter(is_it).collect();
    match faces[..] {
        [face] => Ok(face.face.clone()),
        [] => {
            let problem =
                "no face of this id or photo is to be reviewed; --list shows those that are";
            Err(Error::value(format!("{name:?}"), problem))
        }
        [first, second, ..] => {
            let (first, second) = (&first.face, &second.face);
            let problem = format!(
                "is the photo of several faces; give the id of one, as {first} or {second}"
            );
            Err(Error::value(format!("{name:?}"), problem))
        }
    }
}

/// Open the page on what was found.
#[cfg(feature = "serve")]
fn open(args: &ReviewArgs, context: &Context, id: &str) -> Result<Exit> {
    let (person, review) = context.people()?.review(id)?;
    let list = review.list(&person.profile, &person.decision);
    if list.faces.is_empty() {
        note(&text::nothing(&list));
        return Ok(Exit::NoMatch);
    }
    let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), args.port);
    super::serve::review(context, address, &format!("#review/{id}"), !args.no_open)
}

/// A program without the page lists.
#[cfg(not(feature = "serve"))]
fn open(_: &ReviewArgs, _: &Context, _: &str) -> Result<Exit> {
    Err(Error::value("review", "this program was built without the page; give --list"))
}
