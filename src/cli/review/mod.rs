//! `verify review`: confirm or reject the faces that a scan found, on a page or in the terminal.

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
  verify scan ~/Pictures                find the person, and keep the findings
  verify review                         review them on a page
  verify review --person Anna
  verify review --list                  list them in the terminal
  verify review --list --limit 20 --json
  verify review --yes 3f9c01a2b7-1 party.jpg --no 77ab01c2d3-2
  verify review --undo

The most doubtful faces come first, each with the enrolled photos most like it. \"Yes\" enrols the \
photo, \"no\" keeps that person apart from now on; neither face is asked about again. After each \
answer the profile and the order of the faces are updated, until further answers would not change \
another face's verdict. Name a face by its id, or by its photo's path or file name if only one \
face of the photo is listed. The photos themselves are never changed. Frames of videos are not \
reviewed.
Exit status: 0 there are faces to review, or the answers were accepted, 1 there are none, 2 \
something could not be done.")]
pub struct ReviewArgs {
    /// List the faces in the terminal instead of opening the page
    #[arg(long)]
    list: bool,
    /// These faces are the person's: enrol their photos
    #[arg(long, value_name = "FACE", num_args = 1..)]
    yes: Vec<String>,
    /// These faces are somebody else's: keep them apart
    #[arg(long, value_name = "FACE", num_args = 1..)]
    no: Vec<String>,
    /// You are not sure about these faces: ask about them last
    #[arg(long, value_name = "FACE", num_args = 1..)]
    unsure: Vec<String>,
    /// Undo the last answers that were given together
    #[arg(long, conflicts_with_all = ["yes", "no", "unsure"])]
    undo: bool,
    /// List at most this many faces
    #[arg(long, value_name = "N", value_parser = super::values::photos)]
    limit: Option<NonZero<usize>>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// The page's port; 0 chooses a free one
    #[arg(long, default_value = "0")]
    port: u16,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
}

/// What is printed in JSON: the answers, and the list after them.
#[derive(Serialize)]
struct Printed<'a> {
    /// The faces that were answered, and those whose answer was undone.
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
        return Err(Error::value("--undo", "there is no answer to undo"));
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
    /// Whether the review takes place in the terminal.
    fn is_here(&self) -> bool {
        let answers = self.yes.len() + self.no.len() + self.unsure.len();
        self.list || self.undo || self.json || answers > 0
    }

    /// The answers on the command line, with the faces' ids.
    ///
    /// # Errors
    /// [`Error::Value`] for a face that is not known or whose name is ambiguous.
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

/// The id of the face called `name`: its id, its photo's path, or its photo's file name.
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
            let problem = "no face to review has this id or photo; --list shows those that do";
            Err(Error::value(format!("{name:?}"), problem))
        }
        [first, second, ..] => {
            let (first, second) = (&first.face, &second.face);
            let problem = format!(
                "several faces of this photo are listed; give the id of one, such as {first} or {second}"
            );
            Err(Error::value(format!("{name:?}"), problem))
        }
    }
}

/// Open the page with the findings.
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

/// A build without the server has no page.
#[cfg(not(feature = "serve"))]
fn open(_: &ReviewArgs, _: &Context, _: &str) -> Result<Exit> {
    Err(Error::value("review", "this program was built without the page; use --list"))
}
