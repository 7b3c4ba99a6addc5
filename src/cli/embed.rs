//! `verify embed`: the embeddings of a photo library, for other programs.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::intake::{Aside, ListArgs};
use super::library::{BadRoot, Ended, Library, Stop};
use super::output::{count, print, print_json, problem, shown};
use super::videos::Next;
use super::{Context, Exit};
use crate::decision::Decision;
use crate::error::{Error, Result};
use crate::export::{Export, FaceRow, Layout, create};
use crate::photo::Passed;
use crate::pipeline::AnalysedPhoto;
use crate::profile::Profile;

/// The most unreadable photos that are named.
const MOST_PROBLEMS: usize = 1_000;

/// The arguments of `verify embed`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify embed ~/Pictures --out faces.parquet
  verify embed lfw/ --out lfw.npy        read by numpy.load(\"lfw.npy\"), with the rest in lfw.csv
  verify embed party.jpg --out party.jsonl

Each face is a row: the photo's file and sha256, the face's number in the photo (0 is the \
largest), its box and confidence, its embedding (128 numbers with the default pack) and, if a \
person is enrolled, its score. The .npy file has only the embeddings, float32, one row per face; \
the .csv file beside it has the rest in the same order (a name that a spreadsheet would run as a \
formula begins with an apostrophe). Embeddings identify people, so only their owner can read the \
files.
Exit status: 0 success, 2 something could not be done, or was stopped. Unreadable photos are named \
at the end.")]
pub struct EmbedArgs {
    /// Folders with photos, or photos; - is a photo on standard input
    #[arg(required_unless_present = "files_from", value_name = "DIR")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    list: ListArgs,
    /// The file to write; its ending, .npy, .parquet or .jsonl, decides the format
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print a summary as one JSON object
    #[arg(long)]
    json: bool,
}

/// What was written, as printed in JSON.
#[derive(Debug, Default, Serialize)]
struct EmbedReport {
    out: String,
    photos: usize,
    faces: usize,
    unreadable: usize,
    /// Skipped files that are not photos, by kind.
    passed_over: Passed,
    scores: bool,
}

/// Write the embeddings.
///
/// # Errors
/// If a folder cannot be read or holds no photo, the models do not load, or the file cannot be written.
pub fn run(args: &EmbedArgs, context: &Context) -> Result<Exit> {
    let profile = enrolled(context)?;
    let decision =
        profile.as_ref().map(|profile| profile.decision(&context.population()?)).transpose()?;
    let layout = Layout {
        dimensions: context.pack.dimensions(),
        scores: decision.is_some(),
        models: context.pack.identity(),
    };
    let mut export = create(&args.out, &layout)?;
    let mut report = EmbedReport {
        out: args.out.to_string_lossy().into_owned(),
        scores: layout.scores,
        ..EmbedReport::default()
    };
    let mut problems = Vec::new();
    let stop = Stop::on_signals()?;
    let aside = Aside::default();
    let library = Library {
        roots: &args.paths,
        list: &args.list,
        without: &[],
        aside: &aside,
        bad: BadRoot::Ends,
        only: None,
    };
    let ended = library.analyse(context, &stop, |_, _, next| {
        let Next::Photo(photo) = next else { return Ok(()) };
        report.photos += 1;
        match photo {
            Ok(photo) => {
                report.faces += photo.faces.len();
                return write(export.as_mut(), decision.as_ref(), photo);
            }
            Err(error) if problems.len() < MOST_PROBLEMS => problems.push(error.to_string()),
            Err(_) => {}
        }
        report.unreadable += 1;
        Ok(())
    })?;
    if ended == Ended::Stopped {
        let photos = count(report.photos, "photo");
        problem(&format!(
            "stopped after {photos}, nothing was written; run the same command again"
        ));
        return Ok(Exit::Error);
    }
    export.finish()?;
    problems.iter().for_each(|said| problem(said));
    aside.note();
    report.passed_over = aside.passed();
    if args.json { print_json(&report) } else { print(&text(&report, args)) }?;
    Ok(Exit::Success)
}

/// The profile; `None` if nobody is enrolled and none was chosen.
fn enrolled(context: &Context) -> Result<Option<Profile>> {
    match context.profile() {
        Err(Error::NoProfile { .. }) if context.names_nobody() => Ok(None),
        profile => profile.map(Some),
    }
}

/// Write a photo's faces.
fn write(export: &mut dyn Export, decision: Option<&Decision>, photo: AnalysedPhoto) -> Result<()> {
    let path = photo.path.to_string_lossy();
    for (number, found) in photo.faces.into_iter().enumerate() {
        export.add(&FaceRow {
            photo: path.clone().into_owned(),
            sha256: photo.sha256.clone(),
            face: number as u32,
            bounds: found.face.bounds,
            confidence: found.face.confidence,
            score: decision.map(|decision| decision.score(&found.embedding)),
            embedding: found.embedding,
        })?;
    }
    Ok(())
}

fn text(report: &EmbedReport, args: &EmbedArgs) -> String {
    let unreadable = match report.unreadable {
        0 => String::new(),
        photos => format!(", {} unreadable", count(photos, "photo")),
    };
    let (faces, photos) = (count(report.faces, "face"), count(report.photos, "photo"));
    format!("wrote {faces} of {photos} to {}{unreadable}\n", shown(&args.out))
}
