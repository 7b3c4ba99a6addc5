//! Going through a photo library of any size: photos one by one, counted in the background for the progress
//! bar, until Ctrl-C ends the work cleanly.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::TERM_SIGNALS;
use signal_hook::flag;

use super::intake::{Aside, ListArgs, check_piped, is_piped, names};
use super::videos::{self, Next};
use super::{Context, Progress};
use crate::error::{Error, Result};
use crate::pack::Purpose;
use crate::photo::{Found, Kind, Passed, Source, Walk, is_video, walk};
use crate::pipeline::AnalysedPhoto;
use crate::video::Asked;

/// The exit code at the second Ctrl-C: a shell's code for an interrupted program.
const INTERRUPTED: i32 = 130;

/// If there are fewer photos than this, all are found before the first is analysed, except by a scan: threads
/// share few photos better if their number is known.
const FEW: usize = 1_000;

/// Sources one by one.
type Sources<'a> = Box<dyn Iterator<Item = Source> + Send + 'a>;

/// The folders and photos to go through.
pub struct Library<'a> {
    /// Folders and photos; `-` is a photo on standard input.
    pub roots: &'a [PathBuf],
    /// Further ones, listed in a file.
    pub list: &'a ListArgs,
    /// Folders that are not entered.
    pub without: &'a [PathBuf],
    /// The skipped files.
    pub aside: &'a Aside,
    /// What happens if a root cannot be read.
    pub bad: BadRoot,
    /// What is analysed there, if not everything: see [`Walk::only`].
    pub only: Option<Arc<BTreeSet<PathBuf>>>,
}

/// What happens if a root cannot be read or has no photo in it. A root listed in a file never ends the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadRoot {
    /// Nothing is analysed, because more than one photo is missing.
    Ends,
    /// The error takes its place in the results.
    IsTold,
}

/// The sources of a library, and their number, if known.
pub struct Photos<I> {
    first: Vec<Source>,
    rest: Option<I>,
}

impl<I> Photos<I> {
    /// How many there are; `None` for very many.
    pub fn count(&self) -> Option<usize> {
        self.rest.is_none().then_some(self.first.len())
    }
}

/// How going through a library ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Every photo was analysed.
    Through,
    /// Ctrl-C was pressed.
    Stopped,
}

/// A request to end the work.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Catch Ctrl-C and other termination signals: the first sets the request, the second ends the program
    /// at once.
    ///
    /// # Errors
    /// If the system does not allow catching the signals.
    pub fn on_signals() -> Result<Self> {
        let stop = Self::default();
        for signal in TERM_SIGNALS {
            // In this order, so that the first sees the flag as it was before this signal.
            flag::register_conditional_shutdown(*signal, INTERRUPTED, stop.0.clone())?;
            flag::register(*signal, stop.0.clone())?;
        }
        Ok(stop)
    }

    /// End the work once the photos being analysed are done.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the work is to end.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Library<'_> {
    /// All photos, in order; if a bad root ends all, each path of the roots once. What is no photo goes to `sift`, which may know
    /// better.
    ///
    /// # Errors
    /// The first root that cannot be read, if that ends all; a list that cannot be read; standard input
    /// twice.
    fn photos<'a>(
        &'a self,
        sift: impl Fn(Found) -> Option<PathBuf> + Clone + Send + 'a,
    ) -> Result<impl Iterator<Item = Source> + Send + 'a> {
        check_piped(self.roots, self.list)?;
        if self.bad == BadRoot::Ends {
            let mut named = self.roots.iter().filter(|root| !is_piped(root));
            named.try_for_each(|root| walk(root, &Walk::default()).map(drop))?;
        }
        let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let roots: Vec<PathBuf> = self.roots.iter().map(|root| whole(root)).collect();
        let of_list = sift.clone();
        let of_roots = self.roots.iter().enumerate().flat_map(move |(at, root)| {
            let earlier: Vec<PathBuf> = roots[..at].to_vec();
            let sift = sift.clone();
            let seen = move |path: &Path| {
                self.bad == BadRoot::Ends
                    && earlier.iter().any(|root| whole(path).starts_with(root))
            };
            self.below(root, move |found| sift(found).filter(|path| !seen(path)))
        });
        let names = names(self.list)?.into_iter().flatten();
        let of_names = names.flat_map(move |name| match name {
            // Most are photos; missing ones are noticed when they are read.
            Ok(name) if !name.is_dir() => Box::new(std::iter::once(Source::File(name))) as Sources,
            Ok(name) => self.below(&name, of_list.clone()),
            Err(error) => self.failed(&self.first_root(), error),
        });
        Ok(of_roots.chain(of_names))
    }

    /// The photos at `root`; if there is none, an error.
    fn below<'a>(
        &'a self,
        root: &Path,
        sift: impl Fn(Found) -> Option<PathBuf> + Send + 'a,
    ) -> Sources<'a> {
        if is_piped(root) {
            return Box::new(std::iter::once_with(|| self.aside.piped()));
        }
        let leave = Walk { only: self.only.clone(), ..self.list.walk.without(self.without) };
        let found = match walk(root, &leave) {
            Ok(found) => found,
            Err(error) => return self.failed(root, error),
        };
        let (root, mut here, mut some) = (root.to_owned(), Passed::default(), false);
        let mut photos = 0_u64;
        let mut found = found;
        let mut ended = false;
        Box::new(std::iter::from_fn(move || {
            for found in found.by_ref() {
                here.count(&found);
                some |= matches!(found, Found::Photo(_));
                if let Some(photo) = sift(found) {
                    some = true;
                    photos += 1;
                    return Some(Source::File(photo));
                }
            }
            if !ended {
                tracing::info!(photos, passed_over = %here, "walked a folder");
            }
            let empty = !some && !ended && self.bad == BadRoot::IsTold;
            ended = true;
            let error = || Error::NoPhotos { path: root.clone(), passed: here.to_string() };
            empty.then(|| Source::Failed { name: root.clone(), error: error() })
        }))
    }

    fn failed(&self, name: &Path, error: Error) -> Sources<'static> {
        Box::new(std::iter::once(Source::Failed { name: name.to_owned(), error }))
    }

    /// The first root, to name in an error.
    fn first_root(&self) -> PathBuf {
        self.roots.first().or(self.list.files_from.as_ref()).cloned().unwrap_or_default()
    }

    /// The photos; the first [`FEW`] are found at once, so that the number of few photos is known.
    ///
    /// # Errors
    /// As [`Self::photos`].
    pub fn gathered(&self) -> Result<Photos<impl Iterator<Item = Source> + Send>> {
        let mut photos = self.photos(|found| self.aside.sift(found))?;
        let first: Vec<Source> = photos.by_ref().take(FEW).collect();
        let rest = (first.len() == FEW).then_some(photos);
        Ok(Photos { first, rest })
    }

    /// Analyse photos with a progress bar and hand each to `take`, in order.
    ///
    /// # Errors
    /// If the models do not load, or the first error of `take`.
    pub fn analyse_gathered(
        &self,
        context: &Context,
        photos: Photos<impl Iterator<Item = Source> + Send>,
        take: impl FnMut(&Progress, &Path, Next) -> Result<()>,
    ) -> Result<()> {
        let progress = photos.count().map_or_else(Progress::uncounted, Progress::new);
        let has_video = |source: &Source| matches!(source, Source::File(path) if is_video(path));
        match (photos.rest, self.aside.videos()) {
            // Few photos are spread over the threads if their number is known.
            (None, Some(_)) if !photos.first.iter().any(has_video) => {
                self.go(context, &progress, photos.first, None, take)
            }
            (None, videos) => {
                let how = videos.map(|videos| (videos, Stop::default()));
                self.go(context, &progress, photos.first, how, take)
            }
            (Some(rest), videos) => {
                let how = videos.map(|videos| (videos, Stop::default()));
                let photos = photos.first.into_iter().chain(rest);
                self.behind(context, &progress, photos, how, take)
            }
        }
    }

    /// Analyse `photos` with a progress bar, counting them meanwhile if they can be found twice.
    fn behind(
        &self,
        context: &Context,
        progress: &Progress,
        photos: impl Iterator<Item = Source> + Send,
        videos: Option<(Asked, Stop)>,
        take: impl FnMut(&Progress, &Path, Next) -> Result<()>,
    ) -> Result<()> {
        let countable = self.list.files_from.is_none() && !self.roots.iter().any(|r| is_piped(r));
        let counting = (progress.is_seen() && countable).then(|| {
            self.photos(|found| match found {
                Found::Photo(path) => Some(path),
                Found::Video(path) => Some(path).filter(|_| self.aside.videos().is_some()),
                Found::Other(..) => None,
            })
        });
        let counting = counting.transpose()?;
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            if let Some(photos) = counting {
                let done = &done;
                scope.spawn(move || {
                    let photos = photos.take_while(|_| !done.load(Ordering::Relaxed)).count();
                    progress.counted(photos as u64);
                });
            }
            let result = self.go(context, progress, photos, videos, take);
            done.store(true, Ordering::Relaxed);
            result
        })
    }

    /// Analyse `photos`, and the frames of the videos among them if requested.
    fn go(
        &self,
        context: &Context,
        progress: &Progress,
        photos: impl IntoIterator<Item = Source, IntoIter: Send>,
        videos: Option<(Asked, Stop)>,
        mut take: impl FnMut(&Progress, &Path, Next) -> Result<()>,
    ) -> Result<()> {
        let take = |path: &Path, next: Next| match next {
            Next::Photo(photo) => match self.passed_over(path, photo) {
                Some(photo) => take(progress, path, Next::Photo(photo)),
                None => Ok(()),
            },
            of_video => take(progress, path, of_video),
        };
        match videos {
            Some((asked, stop)) => {
                videos::analyse(context, progress, photos.into_iter(), (asked, stop.0), take)
            }
            None => {
                let mut take = take;
                let take = |path: &Path, photo| take(path, Next::Photo(photo));
                context.analyse_behind(progress, photos, Purpose::Checking, take)
            }
        }
    }

    /// Analyse every photo with a progress bar, counting them meanwhile, and hand each to `take`, in
    /// order, until `stop` is set.
    ///
    /// # Errors
    /// If a root cannot be read, there is no photo at all or the models do not load; the first error of
    /// `take`.
    pub fn analyse(
        &self,
        context: &Context,
        stop: &Stop,
        mut take: impl FnMut(&Progress, &Path, Next) -> Result<()>,
    ) -> Result<Ended> {
        let progress = Progress::uncounted();
        let photos = self.photos(|found| match found {
            Found::Photo(path) => Some(path),
            other if self.aside.lists() => progress.aside(|| self.aside.sift(other)),
            other => self.aside.sift(other),
        })?;
        let photos = photos.take_while(|_| !stop.is_asked());
        let mut seen = false;
        let videos = self.aside.videos().map(|videos| (videos, stop.clone()));
        self.behind(context, &progress, photos, videos, |progress, path, next| {
            seen = true;
            take(progress, path, next)
        })?;
        if stop.is_asked() {
            return Ok(Ended::Stopped);
        }
        if !seen {
            self.aside.note_ffmpeg();
            let passed = self.aside.passed().to_string();
            return Err(Error::NoPhotos { path: self.first_root(), passed });
        }
        Ok(Ended::Through)
    }

    /// The photo, unless it was found in a folder and is a RAW file without a preview, which is skipped.
    fn passed_over(
        &self,
        path: &Path,
        photo: Result<AnalysedPhoto>,
    ) -> Option<Result<AnalysedPhoto>> {
        let named = || self.roots.iter().any(|root| root == path);
        if matches!(photo, Err(Error::NoPreview { .. })) && !named() {
            self.aside.pass(path, Kind::RawWithoutPreview);
            return None;
        }
        Some(photo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_below_two_roots_comes_once() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("a/b")).unwrap();
        for name in ["a/1.jpg", "a/b/2.jpg", "ab.jpg"] {
            std::fs::write(at(name), b"x").unwrap();
        }
        let (list, aside) = (ListArgs::default(), Aside::default());
        let photos = |roots: &[PathBuf]| {
            let library = Library {
                roots,
                list: &list,
                without: &[],
                aside: &aside,
                bad: BadRoot::Ends,
                only: None,
            };
            let photos = library.photos(|found| aside.sift(found)).unwrap();
            photos.map(|photo| photo.name().to_owned()).collect::<Vec<_>>()
        };
        let [one, two, beside] = [at("a/1.jpg"), at("a/b/2.jpg"), at("ab.jpg")];
        assert_eq!(
            photos(&[at("a"), at("a/b"), at("ab.jpg")]),
            [&one, &two, &beside].map(Clone::clone)
        );
        assert_eq!(photos(&[at("a/b"), at("a")]), [two, one]);
        let gone = [at("a"), at("gone")];
        let library = Library {
            roots: &gone,
            list: &list,
            without: &[],
            aside: &aside,
            bad: BadRoot::Ends,
            only: None,
        };
        let error = library.photos(|found| aside.sift(found)).err();
        assert!(error.is_some_and(|e| e.to_string().contains("gone")));
    }
}
