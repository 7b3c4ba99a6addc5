//! `verify identify`: which of the enrolled people are in each photo.

mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;

use super::intake::{Aside, ListArgs};
use super::library::{BadRoot, Library};
use super::output::{note, print, print_json, printable, problem};
use super::sidecars::{Sidecars, WithSidecar, Written, XmpArgs, check_not_piped};
use super::tally::photos_and_videos;
use super::values::{self, Prior, ThresholdArgs};
use super::videos::{self, Next, People, Timed};
use super::{Context, Exit, VideoArgs};
use crate::check::CheckSettings;
use crate::error::{Front, Result};
use crate::identify::{Gallery, Identified, identify};
use crate::profile::ThresholdChoice;

pub(super) use text::{line, line_at, line_of_video};

/// The arguments of `verify identify`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify identify party.jpg
  verify identify album/ --json | jq -r 'select(.faces[].name == \"Anna\").photo'
  verify identify album/ --xmp          write the names into XMP sidecars for other programs
  verify identify --far 1e-3 album/     name more faces, with more errors

Each face is given the name of one of the people in `verify people`, or `unknown`. However many \
people are enrolled, a stranger is given a name at most as often as --far says: with ten times as \
many people, each threshold is about 1 higher. At most one face in a photo is given the same name.

In a video (with ffmpeg), one frame a second is analysed. A line is printed whenever the people in \
it change (--json prints every frame), and then one that says when each person is in it.
Exit status: 0 every photo shows somebody enrolled, 1 at least one does not, 2 something could not \
be read or done.")]
pub struct IdentifyArgs {
    /// Photos and videos, or folders with them; - is a photo on standard input
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    list: ListArgs,
    /// Print one JSON object per line
    #[arg(long)]
    json: bool,
    /// Say no-match instead of uncertain
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    threshold: ThresholdArgs,
    /// How probable it is, before a photo is analysed, that a face is that of somebody enrolled; changes only
    /// the probability
    #[arg(long, value_name = "P", value_parser = values::prior, default_value = "0.5")]
    prior: Prior,
    #[command(flatten)]
    videos: VideoArgs,
    #[command(flatten)]
    xmp: XmpArgs,
    /// Only print what --xmp would write
    #[arg(long, requires = "xmp", help_heading = "XMP")]
    dry_run: bool,
}

/// Print who is in photos.
///
/// # Errors
/// If nobody is enrolled who can be recognised, or the models do not load. An error of a photo is in its line.
pub fn run(args: &IdentifyArgs, context: &Context) -> Result<Exit> {
    check_not_piped(&args.xmp, &args.paths)?;
    let gallery = gallery(context, args.threshold.choice())?;
    let settings = CheckSettings { prior: args.prior.0, strict: args.strict };
    let aside = Aside::new(args.json).taking_videos(args.videos.asked(context));
    let library = Library {
        roots: &args.paths,
        list: &args.list,
        without: &[],
        aside: &aside,
        bad: BadRoot::IsTold,
        only: None,
    };
    let (mut summary, mut people) = (Summary::default(), People::default());
    let mut sidecars = Sidecars::of(&args.xmp, args.dry_run);
    library.analyse_gathered(context, library.gathered()?, |progress, path, next| {
        let json = args.json;
        match next {
            Next::Photo(photo) => {
                let unread = videos::is_unread_video(&photo);
                let size = photo.as_ref().ok().map(|photo| (photo.width, photo.height));
                let found = identify(&gallery, settings, path, photo);
                if unread {
                    summary.add_video(&found)
                } else {
                    summary.add(&found)
                }
                let xmp = sidecars.of_people(&found, size);
                progress.aside(|| say(json, &found, xmp.as_ref()))
            }
            Next::Frame(time, photo) => {
                let found = identify(&gallery, settings, path, Ok(photo));
                let changed = people.add(time, &found);
                progress.aside(|| match (json, changed) {
                    (true, _) => print_json(&Timed { said: &found, time }),
                    (false, true) => print(&line_at(&found, Some(time))),
                    (false, false) => Ok(()),
                })
            }
            Next::Ended(ending) => {
                let video = people.end(&ending);
                summary.add_video(&video.found);
                progress.aside(|| {
                    videos::not_read(&ending).iter().for_each(|said| problem(said));
                    if json { print_json(&video) } else { print(&line_of_video(&video)) }
                })
            }
        }
    })?;
    if !args.json && summary.photos + summary.videos > 1 {
        note(&summary.text(&gallery));
    }
    sidecars.note();
    aside.note();
    summary.note_alike();
    Ok(if sidecars.all_done() { summary.exit() } else { Exit::Error })
}

/// Print who is in a photo, and what would be written into its sidecar.
fn say(json: bool, found: &Identified, xmp: Option<&Written>) -> Result<()> {
    if json {
        return print_json(&WithSidecar { line: found, xmp });
    }
    let lines = xmp.map(Written::lines).unwrap_or_default();
    print(&lines.iter().fold(line(found), |text, line| format!("{text}    {line}\n")))
}

/// Everybody who is enrolled, at their own threshold or the requested one. People whose profile cannot be used
/// are left out, with a message.
///
/// # Errors
/// As [`Gallery::of`].
pub(super) fn gallery(context: &Context, asked: Option<ThresholdChoice>) -> Result<Gallery> {
    let (gallery, left_out) = Gallery::of(&context.people()?, asked)?;
    left_out.iter().for_each(|error| problem(&format!("{}; left out", error.told(Front::Command))));
    Ok(gallery)
}

/// Counts over all photos.
#[derive(Debug, Default)]
pub(super) struct Summary {
    photos: usize,
    videos: usize,
    /// Photos of each person.
    people: BTreeMap<String, usize>,
    nobody: usize,
    errors: usize,
    /// Pairs of people whom one face matched both.
    alike: BTreeSet<[String; 2]>,
}

impl Summary {
    /// Count a video, with the best face of each person in it.
    pub fn add_video(&mut self, video: &Identified) {
        self.add(video);
        self.photos -= 1;
        self.videos += 1;
    }

    /// Count a photo.
    pub fn add(&mut self, photo: &Identified) {
        self.photos += 1;
        self.errors += usize::from(photo.error.is_some());
        self.nobody += usize::from(photo.error.is_none() && !photo.shows_somebody());
        for face in &photo.faces {
            if face.person.is_some() {
                *self.people.entry(face.name.clone()).or_default() += 1;
                let pair = |other: &str| {
                    let mut pair = [face.name.clone(), other.to_owned()];
                    pair.sort();
                    pair
                };
                self.alike.extend(face.also().map(|other| pair(&other.name)));
            }
        }
    }

    /// All photos and videos, in words.
    pub fn seen(&self) -> String {
        photos_and_videos(self.photos, self.videos)
    }

    /// Whether anybody was recognised.
    pub fn found(&self) -> bool {
        !self.people.is_empty()
    }

    /// All photos in one line.
    pub fn text(&self, gallery: &Gallery) -> String {
        text::summary(self, gallery)
    }

    /// Print which people look alike, and what helps.
    pub fn note_alike(&self) {
        for [one, other] in self.alike.iter().take(text::MOST_PAIRS) {
            let [one, other] = [one, other].map(String::as_str).map(printable);
            note(&format!(
                "{one} and {other} look alike, so a face may be either; keep them apart with `verify people apart {one:?} \
                 {other:?}`"
            ));
        }
    }

    /// The exit code.
    pub fn exit(&self) -> Exit {
        match (self.errors, self.nobody) {
            (1.., _) => Exit::Error,
            (0, 0) if self.photos + self.videos == 0 => Exit::Error,
            (0, 0) => Exit::Success,
            (0, _) => Exit::NoMatch,
        }
    }
}
