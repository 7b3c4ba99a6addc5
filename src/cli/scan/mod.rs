//! `verify scan`: finds the person in a photo library of any size. Photos are taken one by one and scored in
//! blocks; only photos that wait to be sorted are kept in memory.

mod calibrate;
mod collect;
mod everyone;
mod findings;
mod judge;
mod listing;
mod tell;
mod watch;

use std::num::NonZero;
use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

use super::intake::{Aside, ListArgs, is_piped};
use super::library::{BadRoot, Ended, Library, Stop};
use super::output::{count, note, problem, shown};
use super::sidecars::{Sidecars, XmpArgs, check_not_piped};
use super::values::CalibrateChoice;
use super::videos::{Next, not_read};
use super::{Context, Exit, Progress, ThresholdArgs, VideoArgs, values};
use crate::decision::Verdict;
use crate::error::{Error, Front, Result, cut_off};
use collect::{Collector, Placed, sha256_of};
use judge::{Found, Judge};
use listing::{Form, Listing};
use tell::{Teller, WatchArgs};
use watch::Round;

/// Unreadable photos that are listed at the end.
const MOST_PROBLEMS: usize = 1_000;

/// The arguments of `verify scan`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify scan ~/Pictures                       list the photos with the person
  verify scan ~/Pictures /media/disk --copy-to found/
  verify scan ~/Pictures --sort score --limit 100 --link-to best/
  verify scan ~/Pictures --copy-to found/ --dry-run        print what would be copied
  verify scan ~/Pictures --exclude thumbs/ --exclude '*.gif'
  verify scan ~/Pictures --json | jq -r 'select(.verdict == \"match\").photo'
  find . -newer last -print0 | verify scan --files-from - -0
  verify scan ~/Pictures --watch --run 'notify-send \"Anna is in $VERIFY_PHOTO\"'
  verify scan ~/Pictures --everyone --link-to found/      found/Anna/, found/Ben/, …
  verify scan ~/Pictures --everyone --xmp                 write names for other photo programs
  verify scan ~/Pictures --all --csv > everything.csv

Analysed photos are kept in the index, so that a second scan, even for another person, takes \
seconds. Stop a scan with Ctrl-C and continue it with the same command. No photo is ever moved, \
changed or deleted; --xmp writes files beside the photos. --copy-to and --link-to add a number to \
a name that is taken, and skip a photo that is already there.

Videos need ffmpeg: one frame a second is analysed, except those that repeat the frame before. A \
video is listed once, with its best frame and the times at which the person is in it, and copied \
or linked as a whole.

Faces that are, or may be, the person's are kept beside the profile: `verify review` shows them, \
and learns from your answers.

If the strangers in these photos look more like the person than usual, the profile's threshold is \
raised for the next time, with a message.
Exit status: 0 the person is in at least one photo, 1 in none, 2 something could not be done or \
the scan was stopped. Unreadable photos are listed at the end and do not change the exit status.")]
#[command(group = ArgGroup::new("into").multiple(true))]
pub struct ScanArgs {
    /// Folders with photos and videos, or photos and videos; - is a photo on standard input
    #[arg(required_unless_present = "files_from", value_name = "DIR")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    list: ListArgs,
    /// Search for everybody who is enrolled, as `verify identify` does, and list who is in each photo; --copy-to
    /// and --link-to then use one folder per person
    #[arg(long, conflicts_with_all = ["person", "profile", "csv", "sort", "calibrate"])]
    everyone: bool,
    /// List every photo, not only those with the person
    #[arg(long)]
    all: bool,
    /// List the photos after all have been analysed, the best first
    #[arg(long, value_enum, value_name = "KEY")]
    sort: Option<Sort>,
    /// List at most this many photos; without --sort the scan ends there
    #[arg(long, value_name = "N", value_parser = values::photos)]
    limit: Option<NonZero<usize>>,
    /// Copy the photos with the person into this folder
    #[arg(long, value_name = "DIR", group = "into")]
    copy_to: Option<PathBuf>,
    /// Link the photos with the person into this folder: symbolic links if the system has them, otherwise hard
    /// links
    #[arg(long, value_name = "DIR", group = "into")]
    link_to: Option<PathBuf>,
    /// Only print what would be copied, linked or written; the profile does not change either
    #[arg(long, requires = "into")]
    dry_run: bool,
    /// Print one JSON object per line, as `verify check` does, or with --everyone as `verify identify` does
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print comma-separated values with a header; control characters in names are escaped, and text that a
    /// spreadsheet would run as a formula begins with an apostrophe
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    threshold: ThresholdArgs,
    /// Whether the strangers in these photos set the profile's threshold for the next time
    /// [default: as it was enrolled]
    #[arg(long, value_enum)]
    calibrate: Option<CalibrateChoice>,
    /// Do not keep the findings for `verify review`
    #[arg(long)]
    no_review: bool,
    #[command(flatten)]
    videos: VideoArgs,
    #[command(flatten)]
    watch: WatchArgs,
    #[command(flatten)]
    xmp: XmpArgs,
}

/// An order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// The highest score first
    Score,
}

/// Scan, and list the photos with the person.
///
/// # Errors
/// If there is no profile, a folder cannot be read or holds no photo, the models do not load, or a file of
/// `--copy-to` or `--link-to` cannot be written.
pub fn run(args: &ScanArgs, context: &Context) -> Result<Exit> {
    let stop = Stop::on_signals()?;
    let pass = if args.everyone { everyone::pass } else { pass };
    if args.watch.watch {
        return watch::stay(args, context, &stop, |round, teller| {
            pass(args, context, &stop, Some((round, teller)))
        });
    }
    pass(args, context, &stop, None)
}

/// One pass over the folders, or with --watch over what is due now.
///
/// # Errors
/// As [`run`].
fn pass(
    args: &ScanArgs,
    context: &Context,
    stop: &Stop,
    watched: Option<(&Round, &mut Teller)>,
) -> Result<Exit> {
    let (round, teller) = watched.unzip();
    let mut profile = context.profile()?;
    profile.threshold = args.threshold.choice().unwrap_or(profile.threshold);
    let population = context.population()?;
    let decision = profile.decision(&population)?;
    let form = match (args.json, args.csv) {
        (true, _) => Form::Json,
        (_, true) => Form::Csv,
        _ => Form::Text,
    };
    let collector = args.collector()?;
    let first = round.is_none_or(|round| *round == Round::First);
    let mut scan = Scan {
        args,
        teller,
        judge: Judge::new(&profile, &decision, args.all),
        listing: Listing::new(form, args.sort.is_some(), args.limit.map(NonZero::get)),
        collector,
        sidecars: Sidecars::of(&args.xmp, args.dry_run),
        problems: Vec::new(),
        cut_off: Vec::new(),
    };
    if first {
        scan.listing.begin()?;
    }
    let without: Vec<PathBuf> =
        [&args.copy_to, &args.link_to].into_iter().flatten().cloned().collect();
    let aside = Aside::new(args.json && first).taking_videos(args.videos.asked(context));
    let library = args.library(&without, &aside, round)?;
    let ended = library.analyse(context, stop, |progress, path, next| {
        if let Next::Ended(ending) = &next {
            not_read(ending).into_iter().for_each(|problem| scan.problems.push(problem));
        }
        let judged = scan.judge.add(path, next)?;
        scan.list(progress, judged)?;
        if scan.listing.is_full() {
            stop.stop();
        }
        Ok(())
    })?;
    let rest = scan.judge.finish()?;
    scan.list(&Progress::new(0), rest)?;
    scan.list_sorted()?;
    if round != Some(&Round::Everything) {
        scan.list_problems();
    }
    if first || !scan.sidecars.is_idle() {
        scan.sidecars.note();
    }
    findings::keep(args, context, scan.judge.take_findings());
    if first {
        aside.note();
    }
    let tally = scan.judge.tally();
    if ended == Ended::Stopped && !scan.listing.is_full() {
        let again = if context.index().is_some() { "continues from there" } else { "starts again" };
        problem(&format!("stopped after {}; the same command {again}", tally.seen()));
        return Ok(Exit::Error);
    }
    let exit = match tally.matches() {
        _ if !scan.sidecars.all_done() => Exit::Error,
        0 => Exit::NoMatch,
        _ => Exit::Success,
    };
    if !first {
        return Ok(exit);
    }
    note(&tally.summary(&profile));
    findings::hint(args, tally);
    if args.calibrate != Some(CalibrateChoice::Off) && !args.dry_run {
        // An error here is only printed, because the photos are already listed.
        let asked = args.calibrate.is_some();
        let calibrated = scan.judge.met().calibrate(context, &population, asked);
        calibrated.unwrap_or_else(|error| problem(&error.told(Front::Command)));
    }
    Ok(exit)
}

impl ScanArgs {
    /// Copies or links photos into the folders of the flags.
    ///
    /// # Errors
    /// [`Error::Write`].
    fn collector(&self) -> Result<Collector> {
        Collector::new(self.copy_to.as_deref(), self.link_to.as_deref(), self.dry_run)
    }

    /// The library to scan, except the folders `without`.
    ///
    /// # Errors
    /// If a photo on standard input is to be copied, linked or watched.
    fn library<'a>(
        &'a self,
        without: &'a [PathBuf],
        aside: &'a Aside,
        round: Option<&Round>,
    ) -> Result<Library<'a>> {
        check_not_piped(&self.xmp, &self.paths)?;
        if (!without.is_empty() || self.watch.watch) && self.paths.iter().any(|path| is_piped(path))
        {
            let problem =
                "standard input cannot be copied, linked or watched; save it as a file first";
            return Err(Error::value("-", problem));
        }
        let (roots, list) = (&self.paths[..], &self.list);
        let only = round.and_then(Round::only);
        Ok(Library { roots, list, without, aside, bad: BadRoot::Ends, only })
    }
}

/// A scan under way.
struct Scan<'a> {
    args: &'a ScanArgs,
    /// Reports matches with --watch.
    teller: Option<&'a mut Teller>,
    judge: Judge<'a>,
    listing: Listing,
    collector: Collector,
    sidecars: Sidecars,
    problems: Vec<String>,
    /// Messages about photos that are cut off and not listed.
    cut_off: Vec<String>,
}

impl Scan<'_> {
    /// List scored photos, or keep them to be sorted.
    fn list(&mut self, progress: &Progress, judged: Vec<Found>) -> Result<()> {
        for found in judged {
            let Found { report, .. } = &found;
            let failed = report.verdict == Verdict::Error;
            // Only a match is listed without --all.
            let listed = self.args.all || report.verdict == Verdict::Match;
            if self.problems.len() < MOST_PROBLEMS {
                self.problems.extend(report.error.clone());
            }
            if let Some(missing) = report.missing.filter(|_| !listed)
                && self.cut_off.len() < MOST_PROBLEMS
            {
                let said = format!("{}, {}", report.verdict, cut_off(missing));
                self.cut_off.push(format!("{}: {said}", shown(&report.photo)));
            }
            if !listed && (failed || report.truncated) {
                continue;
            }
            if let Some(found) = self.listing.add(found) {
                progress.aside(|| self.emit(found))?;
            }
        }
        Ok(())
    }

    fn list_sorted(&mut self) -> Result<()> {
        let sorted = self.listing.sorted();
        sorted.into_iter().try_for_each(|found| self.emit(found))
    }

    fn emit(&mut self, mut found: Found) -> Result<()> {
        let is_match = found.report.verdict == Verdict::Match;
        if is_match {
            found.xmp = self.sidecars.of_person(&found.report, self.judge.name(), found.size);
        }
        if self.args.dry_run {
            let placed = if is_match { self.put(&found)? } else { Placed::default() };
            return self.listing.print_dry(&found, &placed);
        }
        match (self.teller.take(), is_match) {
            (Some(teller), true) => {
                let told = self.tell(teller, &found);
                self.teller = Some(teller);
                told?
            }
            (teller, _) => {
                self.teller = teller;
                self.listing.print(&found)?;
            }
        }
        if is_match {
            self.put(&found)?;
        }
        Ok(())
    }

    /// Print a match of watched folders and report it as the flags say, once each.
    fn tell(&mut self, teller: &mut Teller, found: &Found) -> Result<()> {
        let sha256 = match self.sha256(found) {
            // The photo was removed meanwhile.
            Err(error @ Error::Read { .. }) => {
                self.problems.push(error.to_string());
                return Ok(());
            }
            sha256 => sha256?,
        };
        let json = found.json()?;
        teller.tell(&found.report.photo, (&sha256, ""), &json, || self.listing.print(found))
    }

    /// The SHA-256 of the photo's or the video's file, in hexadecimal.
    fn sha256(&self, found: &Found) -> Result<String> {
        match found.video {
            Some(_) => sha256_of(&found.report.photo),
            None => Ok(found.sha256.clone()),
        }
    }

    /// Copy or link a photo.
    fn put(&mut self, found: &Found) -> Result<Placed> {
        match self.collect(found) {
            // The photo was removed meanwhile.
            Err(error @ Error::Read { .. }) => {
                self.problems.push(error.to_string());
                Ok(Placed::default())
            }
            collected => collected,
        }
    }

    fn collect(&self, found: &Found) -> Result<Placed> {
        let sha256 =
            if self.args.copy_to.is_some() { self.sha256(found)? } else { found.sha256.clone() };
        self.collector.collect(&found.report.photo, &sha256)
    }

    /// Print the photos that could not be read, unless each has its line in the list.
    fn list_problems(&self) {
        if self.args.all {
            return;
        }
        self.problems.iter().chain(&self.cut_off).for_each(|said| problem(said));
        let more = self.judge.tally().errors().saturating_sub(self.problems.len());
        if more > 0 {
            problem(&format!("{} more cannot be read; --all lists them", count(more, "photo")));
        }
    }
}
