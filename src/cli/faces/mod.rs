//! `verify faces`: groups the unknown faces of a photo library by person.

mod out;
mod text;

use std::num::NonZero;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::intake::{Aside, ListArgs};
use super::library::{BadRoot, Ended, Library, Stop};
use super::output::{count, print, print_json, problem};
use super::videos::Next;
use super::{Context, Exit, Working, identify, values};
use crate::cluster::{Collection, Gathered, Known};
use crate::error::{Error, Result};
use crate::identify::Gallery;
use crate::photo::Passed;

/// The most unreadable photos that are named.
const MOST_PROBLEMS: usize = 1_000;

/// The arguments of `verify faces`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify faces ~/Pictures                              who else is in these photos?
  verify faces ~/Pictures --out faces.html             write a page to choose groups from
  verify enroll --from-faces faces.html:3 --name Anna  enrol group 3 of that page as Anna
  verify faces ~/Pictures --json | jq '.groups[0].faces[].photo'

Faces of enrolled people are left out. The other faces are put into groups, one for each person, \
the largest first. Two groups are joined if they more probably show one person than two, given how \
alike people in general are and how many faces there are. One person may still be spread over two \
groups; enrol both: --from-faces faces.html:3 --from-faces faces.html:7.

Photos that were analysed before come from the index. The files that it writes name photos and \
show faces, so only their owner can read them.
Exit status: 0 at least one group, 1 none, 2 something could not be done, or was stopped. \
Unreadable photos are named at the end.")]
pub struct FacesArgs {
    /// Folders with photos, or photos; - is a photo on standard input
    #[arg(required_unless_present = "files_from", value_name = "DIR")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    list: ListArgs,
    /// The file to write: .html is a page to choose from, .json has only the groups
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The largest number of groups that the page shows
    #[arg(long, value_name = "N", value_parser = values::photos, default_value = "500")]
    limit: NonZero<usize>,
    /// Leave the faces out of the page
    #[arg(long)]
    no_thumbnails: bool,
    /// Include faces of enrolled people; their groups then have their names
    #[arg(long)]
    known: bool,
    /// Leave out groups with fewer faces than this
    #[arg(long, value_name = "N", value_parser = values::photos, default_value = "2")]
    least: NonZero<usize>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The groups, as printed in JSON.
#[derive(Serialize)]
struct FacesReport<'a> {
    #[serde(flatten)]
    gathered: &'a Gathered,
    /// Photos that could not be read.
    unreadable: usize,
    /// Skipped files that are not photos, by kind.
    passed_over: Passed,
}

/// Group the faces, and print or write the groups.
///
/// # Errors
/// If a folder cannot be read or holds no photo, the models do not load, or the file cannot be
/// written.
pub fn run(args: &FacesArgs, context: &Context) -> Result<Exit> {
    if let Some(out) = &args.out {
        out::check(out)?;
    }
    let (population, gallery) = (context.population()?, gallery(context)?);
    let enrolled = if args.known { Known::TakenIn } else { Known::LeftOut };
    let mut collection = Collection::new(&population, gallery.as_ref(), enrolled);
    let mut problems = Vec::new();
    let (stop, aside) = (Stop::on_signals()?, Aside::default());
    let library = Library {
        roots: &args.paths,
        list: &args.list,
        without: &[],
        aside: &aside,
        bad: BadRoot::Ends,
        only: None,
    };
    let (mut looked_at, mut unreadable) = (0, 0);
    let ended = library.analyse(context, &stop, |_, _, next| {
        let Next::Photo(photo) = next else { return Ok(()) };
        looked_at += 1;
        match photo {
            Ok(photo) => {
                // The groups may be read in another folder.
                let path = std::path::absolute(&photo.path).unwrap_or(photo.path);
                collection.add(path, photo.sha256, photo.faces);
            }
            Err(error) => {
                unreadable += 1;
                if problems.len() < MOST_PROBLEMS {
                    problems.push(error.to_string());
                }
            }
        }
        Ok(())
    })?;
    if ended == Ended::Stopped {
        let photos = count(looked_at, "photo");
        let again = if context.index().is_some() { "continues from there" } else { "starts again" };
        problem(&format!("stopped after {photos}; the same command {again}"));
        return Ok(Exit::Error);
    }
    let working = Working::on("grouping faces");
    let models = context.pack.identity();
    let gathered = collection.gather(&models, args.least.get(), context.threads)?;
    drop(working);
    problems.iter().for_each(|said| problem(said));
    aside.note();
    if let Some(out) = &args.out {
        out::write(args, &gathered, out, context)?;
    }
    if args.json {
        print_json(&FacesReport { gathered: &gathered, unreadable, passed_over: aside.passed() })?;
    } else {
        print(&text::text(&gathered, unreadable, args.out.as_deref()))?;
    }
    Ok(if gathered.groups.is_empty() { Exit::NoMatch } else { Exit::Success })
}

/// Everybody who is enrolled; `None` if nobody is.
fn gallery(context: &Context) -> Result<Option<Gallery>> {
    match identify::gallery(context, None) {
        Err(Error::NoProfile { .. }) => Ok(None),
        gallery => gallery.map(Some),
    }
}
