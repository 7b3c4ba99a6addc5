//! `verify scan --everyone`: every photo with somebody who is enrolled, sorted by who it is.

use std::collections::{BTreeSet, HashMap};
use std::num::NonZero;
use std::path::{Component, Path, PathBuf};

use super::super::identify::{Summary, gallery, line};
use super::super::intake::Aside;
use super::super::library::{Ended, Stop};
use super::super::output::{count, note, print, print_json, shown};
use super::super::{Context, Exit, Progress};
use super::collect::Collector;
use super::{MOST_PROBLEMS, ScanArgs};
use crate::check::Settings;
use crate::error::{Error, Result, cut_off};
use crate::identify::{Gallery, Identified, identify};
use crate::pipeline::AnalysedPhoto;

/// Scan for everybody, and list who is where.
///
/// # Errors
/// As [`super::run`]; if nobody is enrolled.
pub(super) fn run(args: &ScanArgs, context: &Context) -> Result<Exit> {
    let gallery = gallery(context, args.threshold.choice())?;
    let collector = Collector::new(args.copy_to.as_deref(), args.link_to.as_deref())?;
    let stop = Stop::on_signals()?;
    let limit = args.limit.map_or(usize::MAX, NonZero::get);
    let folders = folders(&gallery);
    let mut scan = Scan {
        args,
        gallery: &gallery,
        folders,
        collector,
        summary: Summary::default(),
        listed: 0,
        problems: Vec::new(),
    };
    let without: Vec<PathBuf> =
        [&args.copy_to, &args.link_to].into_iter().flatten().cloned().collect();
    let aside = Aside::new(args.json);
    let library = args.library(&without, &aside)?;
    let ended = library.analyse(context, &stop, |progress, path, photo| {
        if scan.listed < limit {
            scan.take(progress, path, photo)?;
        }
        if scan.listed >= limit {
            stop.stop();
        }
        Ok(())
    })?;
    scan.problems.iter().for_each(|problem| note(problem));
    aside.note();
    if ended == Ended::Stopped && scan.listed < limit {
        let again = if context.index().is_some() { "goes on there" } else { "begins anew" };
        let photos = count(scan.summary.photos(), "photo");
        note(&format!("stopped after {photos}; the same command {again}"));
        return Ok(Exit::Error);
    }
    note(&scan.summary.text(&gallery));
    scan.summary.note_alike();
    Ok(if scan.summary.found() { Exit::Success } else { Exit::NoMatch })
}

/// A scan under way.
struct Scan<'a> {
    args: &'a ScanArgs,
    gallery: &'a Gallery,
    /// The folder of each person, by id.
    folders: HashMap<String, PathBuf>,
    collector: Collector,
    summary: Summary,
    listed: usize,
    problems: Vec<String>,
}

impl Scan<'_> {
    /// Look who is in a photo, list it and put it where it belongs.
    fn take(
        &mut self,
        progress: &Progress,
        path: &Path,
        photo: Result<AnalysedPhoto>,
    ) -> Result<()> {
        let sha256 = photo.as_ref().map_or(String::new(), |photo| photo.sha256.clone());
        let found = identify(self.gallery, Settings::default(), path, photo);
        self.summary.add(&found);
        if !self.args.all && !found.shows_somebody() {
            if self.problems.len() < MOST_PROBLEMS {
                self.problems.extend(found.error);
                let cut = found.missing;
                self.problems.extend(
                    cut.map(|missing| format!("{}: {}", shown(&found.photo), cut_off(missing))),
                );
            }
            return Ok(());
        }
        self.listed += 1;
        progress.aside(
            || {
                if self.args.json { print_json(&found) } else { print(&line(&found)) }
            },
        )?;
        self.collect(&found, &sha256)
    }

    fn collect(&mut self, found: &Identified, sha256: &str) -> Result<()> {
        let people: BTreeSet<&String> =
            found.faces.iter().filter_map(|face| face.person.as_ref()).collect();
        for folder in people.into_iter().filter_map(|id| self.folders.get(id)) {
            match self.collector.collect_in(folder, &found.photo, sha256) {
                // The photo has gone meanwhile.
                Err(error @ Error::Read { .. }) => self.problems.push(error.to_string()),
                collected => collected?,
            }
        }
        Ok(())
    }
}

/// The name of each person's folder: their own, if it is nobody else's and can be a folder's,
/// otherwise their id.
fn folders(gallery: &Gallery) -> HashMap<String, PathBuf> {
    let named = |name: &str| gallery.members.iter().filter(|member| member.name == name).count();
    let folder = |name: &str, id: &str| {
        let mut parts = Path::new(name).components();
        let plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
        let shown = !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
        let own = plain && shown && named(name) == 1;
        PathBuf::from(if own { name } else { id })
    };
    let members = gallery.members.iter();
    members.map(|member| (member.id.clone(), folder(&member.name, &member.id))).collect()
}
