//! `verify scan --everyone`: every photo with somebody who is enrolled, sorted by person.

use std::collections::{BTreeSet, HashMap};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::super::identify::{Summary, gallery, line, line_of_video};
use super::super::intake::Aside;
use super::super::library::{Ended, Stop};
use super::super::output::{note, print, print_json, problem, shown};
use super::super::sidecars::{Sidecars, WithSidecar, Written};
use super::super::videos::{Next, People, is_unread_video, not_read};
use super::super::{Context, Exit, Progress};
use super::collect::{Collector, Dry, Placed, sha256_of};
use super::findings::OfEverybody;
use super::tell::Teller;
use super::watch::Round;
use super::{MOST_PROBLEMS, ScanArgs};
use crate::check::CheckSettings;
use crate::error::{Error, Result, cut_off};
use crate::file::is_name_anywhere;
use crate::identify::{Gallery, Identified, identify};
use crate::pipeline::AnalysedPhoto;
use crate::video::Ending;

/// One pass over the folders for everybody, or with --watch over what is due now.
///
/// # Errors
/// As [`super::run`]; if nobody is enrolled.
pub(super) fn pass(
    args: &ScanArgs,
    context: &Context,
    stop: &Stop,
    watched: Option<(&Round, &mut Teller)>,
) -> Result<Exit> {
    let (round, teller) = watched.unzip();
    let first = round.is_none_or(|round| *round == Round::First);
    let gallery = gallery(context, args.threshold.choice())?;
    let collector = args.collector()?;
    let limit = args.limit.map_or(usize::MAX, NonZero::get);
    let folders = folders(&gallery);
    let mut scan = Scan {
        args,
        teller,
        gallery: &gallery,
        folders,
        collector,
        sidecars: Sidecars::of(&args.xmp, args.dry_run),
        summary: Summary::default(),
        people: People::default(),
        listed: 0,
        problems: Vec::new(),
        findings: OfEverybody::default(),
    };
    let without: Vec<PathBuf> =
        [&args.copy_to, &args.link_to].into_iter().flatten().cloned().collect();
    let aside = Aside::new(args.json && first).taking_videos(args.videos.asked(context));
    let library = args.library(&without, &aside, round)?;
    let ended = library.analyse(context, stop, |progress, path, next| {
        if scan.listed < limit {
            match next {
                Next::Photo(photo) => scan.take(progress, path, photo)?,
                Next::Frame(time, photo) => scan.frame(path, time, photo),
                Next::Ended(ending) => scan.ended(progress, &ending)?,
            }
        }
        if scan.listed >= limit {
            stop.stop();
        }
        Ok(())
    })?;
    if round != Some(&Round::Everything) {
        scan.problems.iter().for_each(|said| problem(said));
    }
    if first || !scan.sidecars.is_idle() {
        scan.sidecars.note();
    }
    std::mem::take(&mut scan.findings).keep(args, context);
    if first {
        aside.note();
    }
    if ended == Ended::Stopped && scan.listed < limit {
        let again = if context.index().is_some() { "continues from there" } else { "starts again" };
        let seen = scan.summary.seen();
        problem(&format!("stopped after {seen}; the same command {again}"));
        return Ok(Exit::Error);
    }
    if first {
        note(&scan.summary.text(&gallery));
        scan.summary.note_alike();
    }
    Ok(match scan.summary.found() {
        _ if !scan.sidecars.all_done() => Exit::Error,
        true => Exit::Success,
        false => Exit::NoMatch,
    })
}

/// A scan under way.
struct Scan<'a> {
    args: &'a ScanArgs,
    /// Reports matches with --watch.
    teller: Option<&'a mut Teller>,
    gallery: &'a Gallery,
    /// The folder of each person, by id.
    folders: HashMap<String, PathBuf>,
    collector: Collector,
    sidecars: Sidecars,
    summary: Summary,
    /// The video whose frames are being analysed.
    people: People,
    listed: usize,
    problems: Vec<String>,
    findings: OfEverybody,
}

impl Scan<'_> {
    /// Identify the people in a photo, list it, and copy or link it.
    fn take(
        &mut self,
        progress: &Progress,
        path: &Path,
        photo: Result<AnalysedPhoto>,
    ) -> Result<()> {
        let sha256 = photo.as_ref().map_or(String::new(), |photo| photo.sha256.clone());
        let size = photo.as_ref().ok().map(|photo| (photo.width, photo.height));
        let unread = is_unread_video(&photo);
        let seen = photo.as_ref().ok().cloned();
        let found = identify(self.gallery, CheckSettings::default(), path, photo);
        if let Some(seen) = seen {
            self.findings.add(self.gallery, &seen, &found);
        }
        let text = if self.args.json { String::new() } else { line(&found) };
        if unread {
            self.summary.add_video(&found)
        } else {
            self.summary.add(&found)
        }
        let xmp = self.sidecars.of_people(&found, size);
        self.list(progress, &found, (&sha256, xmp), (&found, text))
    }

    fn frame(&mut self, path: &Path, time: Duration, photo: AnalysedPhoto) {
        let found = identify(self.gallery, CheckSettings::default(), path, Ok(photo));
        self.people.add(time, &found);
    }

    fn ended(&mut self, progress: &Progress, ending: &Ending) -> Result<()> {
        self.problems.extend(not_read(ending));
        let video = self.people.end(ending);
        // A stopped video is analysed again when the scan continues.
        if ending.stopped {
            return Ok(());
        }
        let hashed = self.args.copy_to.is_some() || self.args.watch.watch;
        let hashed = hashed && video.found.shows_somebody();
        let sha256 = if hashed { sha256_of(&ending.path)? } else { String::new() };
        let text = if self.args.json { String::new() } else { line_of_video(&video) };
        self.summary.add_video(&video.found);
        self.list(progress, &video.found, (&sha256, None), (&video, text))
    }

    /// List who is in a photo or a video, as JSON or text, and copy or link it.
    fn list(
        &mut self,
        progress: &Progress,
        found: &Identified,
        (sha256, xmp): (&str, Option<Written>),
        (json, text): (&impl Serialize, String),
    ) -> Result<()> {
        let json = &WithSidecar { line: json, xmp: xmp.as_ref() };
        if !self.args.all && !found.shows_somebody() {
            if self.problems.len() < MOST_PROBLEMS {
                self.problems.extend(found.error.clone());
                let cut = found.missing;
                self.problems.extend(
                    cut.map(|missing| format!("{}: {}", shown(&found.photo), cut_off(missing))),
                );
            }
            return Ok(());
        }
        self.listed += 1;
        if self.args.dry_run {
            let placed = self.collect(found, sha256)?;
            let lines = placed.lines().into_iter().chain(xmp.iter().flat_map(Written::lines));
            let lines: String = lines.map(|line| format!("    {line}\n")).collect();
            let line = Dry { line: json, dry_run: &placed };
            return progress.aside(|| match self.args.json {
                true => print_json(&line),
                false => print(&(text + &lines)),
            });
        }
        let print = || if self.args.json { print_json(json) } else { print(&text) };
        match &mut self.teller {
            Some(teller) => {
                let people = found.faces.iter().filter_map(|face| face.person.as_deref());
                let people: BTreeSet<&str> = people.collect();
                let people = people.into_iter().collect::<Vec<_>>().join(" ");
                let value = serde_json::to_value(json).map_err(std::io::Error::from)?;
                let whose = (sha256, people.as_str());
                progress.aside(|| teller.tell(&found.photo, whose, &value, print))?;
            }
            None => progress.aside(print)?,
        }
        self.collect(found, sha256).map(drop)
    }

    fn collect(&mut self, found: &Identified, sha256: &str) -> Result<Placed> {
        let mut placed = Placed::default();
        let people: BTreeSet<&String> =
            found.faces.iter().filter_map(|face| face.person.as_ref()).collect();
        for folder in people.into_iter().filter_map(|id| self.folders.get(id)) {
            match self.collector.collect_in(folder, &found.photo, sha256) {
                // The photo was removed meanwhile.
                Err(error @ Error::Read { .. }) => self.problems.push(error.to_string()),
                collected => placed.extend(collected?),
            }
        }
        Ok(placed)
    }
}

/// The name of each person's folder: their own name if it is unique and valid for a folder, otherwise
/// their id.
fn folders(gallery: &Gallery) -> HashMap<String, PathBuf> {
    let named = |name: &str| gallery.members.iter().filter(|member| member.name == name).count();
    let folder = |name: &str, id: &str| {
        let own = is_name_anywhere(name) && !name.starts_with('.') && named(name) == 1;
        PathBuf::from(if own { name } else { id })
    };
    let members = gallery.members.iter();
    members.map(|member| (member.id.clone(), folder(&member.name, &member.id))).collect()
}
