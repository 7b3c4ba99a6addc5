//! `verify check`: one line for each photo, in order, as soon as its verdict is known.

mod annotate;
mod text;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use annotate::Annotator;

use super::intake::{Aside, ListArgs};
use super::library::{BadRoot, Library};
use super::output::{note, print, print_json, printable, problem};
use super::values::{self, Prior, ThresholdArgs};
use super::videos::{self, Next, Timed, Watched};
use super::{Context, Exit, Progress, Tally, VideoArgs};
use crate::check::{CheckReport, CheckSettings, CheckedFace, check};
use crate::decision::{Population, Verdict};
use crate::enroll::Standing;
use crate::error::Result;
use crate::profile::Profile;
use crate::video::{Asked, Ending};

pub(super) use text::{line, line_at};

/// The arguments of `verify check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify check photo.jpg
  verify check album/ more/*.jpg
  verify check --json album/ | jq -r 'select(.verdict == \"match\").photo'
  verify check --far 1e-5 door.jpg                be stricter, this time only
  verify check party.jpg --annotate seen.jpg      write a copy with the faces marked
  verify check album/ --annotate seen/            the same for every photo
  curl -s https://example.org/a.jpg | verify check -
  find . -newer last -print0 | verify check --files-from - -0
  verify check clip.mp4 --every 500ms             when is she in a video? (with ffmpeg)

The score says how rare it is for a stranger to look this much like the person: 4 means one \
stranger in 10,000, among people like those it was measured on. Strangers in your own photos may \
raise the threshold. A score at the threshold or above is a match. One that would match at ten \
times the false accept rate is uncertain.

In a video, one frame a second is analysed, except those that repeat the frame before. A line is \
printed whenever the verdict changes (--json prints every frame), and then one for the whole \
video. A video matches if one of its frames does; --annotate writes its best frame.
Exit status: 0 every photo matched, 1 at least one did not, 2 something could not be read or done.")]
pub struct CheckArgs {
    /// Photos and videos, or folders with them; - is a photo on standard input
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    list: ListArgs,
    /// Print one JSON object per line
    #[arg(long)]
    json: bool,
    /// Write a copy with boxes, scores and the verdict drawn in: to a .jpg or .png file for one photo, otherwise
    /// to a folder
    #[arg(long, value_name = "OUT")]
    annotate: Option<PathBuf>,
    /// Say no-match instead of uncertain
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    threshold: ThresholdArgs,
    /// How probable it is, before a photo is analysed, that a face is the person's; changes only the probability
    #[arg(long, value_name = "P", value_parser = values::prior, default_value = "0.5")]
    prior: Prior,
    #[command(flatten)]
    videos: VideoArgs,
}

/// Check photos against the profile.
///
/// # Errors
/// If there is no profile or the models do not load. An error of a photo is in its line.
pub fn run(args: &CheckArgs, context: &Context) -> Result<Exit> {
    let mut profile = context.profile()?;
    profile.threshold = args.threshold.choice().unwrap_or(profile.threshold);
    let population = context.population()?;
    let decision = profile.decision(&population)?;
    let settings = CheckSettings { prior: args.prior.0, strict: args.strict };
    let aside = Aside::new(args.json).keeping_piped(args.annotate.is_some());
    let asked = args.videos.asked(context);
    let aside = aside.taking_videos(asked);
    let library = Library {
        roots: &args.paths,
        list: &args.list,
        without: &[],
        aside: &aside,
        bad: BadRoot::IsTold,
        only: None,
    };
    let photos = library.gathered()?;
    let annotator =
        args.annotate.as_ref().map(|out| Annotator::new(out, photos.count())).transpose()?;
    let mut done = Checked {
        args,
        profile: &profile,
        aside: &aside,
        asked,
        annotator,
        tally: Tally::default(),
        several: false,
        watched: Watched::default(),
    };
    library.analyse_gathered(context, photos, |progress, path, next| {
        let judge = |photo| check(&profile, &decision, settings, path, photo);
        match next {
            Next::Photo(photo) => {
                let unread = videos::is_unread_video(&photo);
                done.photo(progress, &judge(photo), unread)
            }
            Next::Frame(time, photo) => {
                let sha256 = photo.sha256.clone();
                done.frame(progress, time, judge(Ok(photo)), sha256)
            }
            Next::Ended(ending) => done.ended(progress, &ending),
        }
    })?;
    if !args.json && done.tally.photos() > 1 {
        note(&done.tally.summary(&profile));
    }
    aside.note();
    if done.tally.suspects() {
        note_doubts(context, &profile, &population, done.several)?;
    }
    Ok(done.tally.exit())
}

/// Prints each checked photo and video, and counts them.
struct Checked<'a> {
    args: &'a CheckArgs,
    profile: &'a Profile,
    aside: &'a Aside,
    asked: Asked,
    annotator: Option<Annotator>,
    tally: Tally,
    /// Whether several faces of one photo matched.
    several: bool,
    /// The video whose frames are being checked.
    watched: Watched,
}

impl Checked<'_> {
    fn look(&mut self, report: &CheckReport) {
        let matching = |face: &&CheckedFace| face.judgement.verdict == Verdict::Match;
        self.several |= report.faces.iter().filter(matching).count() > 1;
    }

    fn photo(&mut self, progress: &Progress, report: &CheckReport, is_video: bool) -> Result<()> {
        self.look(report);
        if is_video {
            self.tally.add_video(report.verdict);
        } else {
            self.tally.add(report.verdict);
        }
        if let Some(annotator) = &mut self.annotator {
            annotator.write(report, &self.profile.name, self.aside.kept(&report.photo))?;
        }
        let json = self.args.json;
        progress.aside(|| if json { print_json(report) } else { print(&text::line(report)) })
    }

    fn frame(
        &mut self,
        progress: &Progress,
        time: Duration,
        report: CheckReport,
        sha256: String,
    ) -> Result<()> {
        self.look(&report);
        let json = self.args.json;
        let said = if json {
            progress.aside(|| print_json(&Timed { said: &report, time }))
        } else if self.watched.is_new(report.verdict) {
            progress.aside(|| print(&text::line_at(&report, Some(time))))
        } else {
            Ok(())
        };
        self.watched.report(time, report, sha256);
        said
    }

    fn ended(&mut self, progress: &Progress, ending: &Ending) -> Result<()> {
        let Some(video) = self.watched.end(ending) else { return Ok(()) };
        self.tally.add_video(video.report.verdict);
        progress.aside(|| {
            if let Some(said) = videos::not_read(ending) {
                problem(&said);
            }
            if self.args.json {
                print_json(&video)
            } else {
                print(&videos::watched(&video, &self.profile.name))
            }
        })?;
        let Some(annotator) = &mut self.annotator else { return Ok(()) };
        let still = || self.asked.still(&video.report.photo, video.time);
        annotator.write_still(&video, &self.profile.name, still)
    }
}

/// Say why a match may be less certain than its score, and what helps; `several` is whether more than one
/// face of a photo matched.
fn note_doubts(
    context: &Context,
    profile: &Profile,
    population: &Population,
    several: bool,
) -> Result<()> {
    let name = printable(&profile.name);
    if profile.strangers.is_none() && Standing::of(profile, population).rare {
        note(&format!(
            "the population has few people like {name}, so a match is less certain than its score says; calibrate \
            with photos of strangers of the same kind: verify enroll --strangers DIR"
        ));
    }
    let alike = context.alike_to_person()?;
    for other in &alike {
        let other = printable(&other.name);
        note(&format!(
            "{other}, who is also enrolled, looks like {name}; keep them apart with `verify people apart {name:?} {other:?}`"
        ));
    }
    if several && alike.is_empty() {
        note(&format!(
            "several faces in one photo match {name}; keep a look-alike apart with photos of that person: verify enroll \
            --not-this-person DIR"
        ));
    }
    Ok(())
}
