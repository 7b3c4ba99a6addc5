//! `verify check`: one line for each photo, in order, as soon as it is judged.

mod annotate;
mod text;

use std::path::PathBuf;

use clap::Args;

use annotate::Annotator;

use super::intake::{Aside, ListArgs};
use super::library::{BadRoot, Library};
use super::output::{note, print, print_json, printable};
use super::values::{self, Prior, ThresholdArgs};
use super::{Context, Exit, Tally};
use crate::check::{CheckedFace, Settings, check};
use crate::decision::{Population, Verdict};
use crate::enroll::Standing;
use crate::error::Result;
use crate::profile::Profile;

pub(super) use text::line;

/// The arguments of `verify check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify check photo.jpg
  verify check album/ more/*.jpg
  verify check --json album/ | jq -r 'select(.verdict == \"match\").photo'
  verify check --far 1e-5 door.jpg    be stricter, this time only
  verify check party.jpg --annotate seen.jpg      draw in what was found
  verify check album/ --annotate seen/            the same of every photo
  curl -s https://example.org/a.jpg | verify check -
  find . -newer last -print0 | verify check --files-from - -0

The score is how rare such a likeness is: 4 means that one stranger in 10,000 is as alike, of
people like those it was measured on. Strangers at hand may set a higher threshold.
A score from the threshold on is a match; within ten times the accepted rate it is uncertain.
Exit status: 0 every photo matched, 1 one did not, 2 something could not be read or done.")]
pub struct CheckArgs {
    /// Photos, or folders with photos; - is a photo on standard input
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    list: ListArgs,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
    /// Draw boxes, scores and the verdict into a copy: a .jpg or .png file for one photo, otherwise a
    /// folder
    #[arg(long, value_name = "OUT")]
    annotate: Option<PathBuf>,
    /// Say no-match in place of uncertain
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    threshold: ThresholdArgs,
    /// How likely it was, before looking, that a face is the person's; moves the probability only
    #[arg(long, value_name = "P", value_parser = values::prior, default_value = "0.5")]
    prior: Prior,
}

/// Check photos against the profile.
///
/// # Errors
/// Where there is no profile or the models do not load. What is wrong with a photo is in its line.
pub fn run(args: &CheckArgs, context: &Context) -> Result<Exit> {
    let mut profile = context.profile()?;
    profile.threshold = args.threshold.choice().unwrap_or(profile.threshold);
    let population = context.population()?;
    let decision = profile.decision(&population)?;
    let settings = Settings { prior: args.prior.0, strict: args.strict };
    let aside = Aside::new(args.json).keeping_piped(args.annotate.is_some());
    let library = Library {
        roots: &args.paths,
        list: &args.list,
        without: &[],
        aside: &aside,
        bad: BadRoot::IsTold,
    };
    let photos = library.gathered()?;
    let mut annotator =
        args.annotate.as_ref().map(|out| Annotator::new(out, photos.count())).transpose()?;
    let (mut tally, mut several) = (Tally::default(), false);
    library.analyse_gathered(context, photos, |progress, path, photo| {
        let report = check(&profile, &decision, settings, path, photo);
        tally.add(report.verdict);
        let matching = |face: &&CheckedFace| face.judgement.verdict == Verdict::Match;
        several |= report.faces.iter().filter(matching).count() > 1;
        if let Some(annotator) = &mut annotator {
            annotator.write(&report, &profile.name, aside.kept(path))?;
        }
        progress.aside(|| if args.json { print_json(&report) } else { print(&text::line(&report)) })
    })?;
    if !args.json && tally.photos() > 1 {
        note(&tally.summary(&profile));
    }
    aside.note();
    if tally.suspects() {
        note_doubts(context, &profile, &population, several)?;
    }
    Ok(tally.exit())
}

/// Say what makes a match less certain than it says, and what settles it; `several` says whether more
/// than one face of a photo matched.
fn note_doubts(
    context: &Context,
    profile: &Profile,
    population: &Population,
    several: bool,
) -> Result<()> {
    let name = printable(&profile.name);
    if profile.strangers.is_none() && Standing::of(profile, population).rare {
        note(&format!(
            "few people like {name} are in the population, so a match is less certain than it says; photos of \
             strangers of the same kind settle it: verify enroll --strangers DIR"
        ));
    }
    let alike = context.alike_to_person()?;
    for other in &alike {
        let other = printable(&other.name);
        note(&format!(
            "{other}, who is enrolled too, looks like {name}; `verify people apart {name:?} {other:?}` tells them apart"
        ));
    }
    if several && alike.is_empty() {
        note(&format!(
            "several faces of one photo match {name}; photos of whoever looks alike tell them apart: verify enroll \
             --not-this-person DIR"
        ));
    }
    Ok(())
}
