//! A photo library of any size: its photos one by one, counted beside the work for the bar, and a
//! Ctrl-C that ends the work cleanly.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::TERM_SIGNALS;
use signal_hook::flag;

use super::{Context, Progress};
use crate::error::{Error, Result};
use crate::pack::Purpose;
use crate::photo::walk;
use crate::pipeline::AnalysedPhoto;

/// How the program ends at the second Ctrl-C: as a shell counts a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Folders and photos that are gone through.
pub struct Library<'a> {
    /// Where the photos are.
    pub roots: &'a [PathBuf],
    /// Folders that are not entered.
    pub without: &'a [PathBuf],
}

/// How the way through a library ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Every photo was looked at.
    Through,
    /// Ctrl-C was pressed.
    Stopped,
}

/// Asks the work to end.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Ctrl-C, or another polite request to end: the first is remembered, the second ends the
    /// program on the spot.
    ///
    /// # Errors
    /// Where the system does not let the signals be caught.
    pub fn on_signals() -> Result<Self> {
        let stop = Self::default();
        for signal in TERM_SIGNALS {
            // In this order: the flag is seen as it was before this signal set it.
            flag::register_conditional_shutdown(*signal, INTERRUPTED, stop.0.clone())?;
            flag::register(*signal, stop.0.clone())?;
        }
        Ok(stop)
    }

    /// End the work after what is under way.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Library<'_> {
    /// All photos, in order, each path once.
    ///
    /// # Errors
    /// The first root that cannot be read.
    fn photos(&self) -> Result<impl Iterator<Item = PathBuf> + Send> {
        let walks = self.roots.iter().map(|root| walk(root, self.without));
        let walks: Vec<_> = walks.collect::<Result<_>>()?;
        let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let roots: Vec<PathBuf> = self.roots.iter().map(|root| whole(root)).collect();
        Ok(walks.into_iter().enumerate().flat_map(move |(at, walk)| {
            let earlier: Vec<PathBuf> = roots[..at].to_vec();
            walk.filter(move |photo| {
                earlier.is_empty() || !earlier.iter().any(|root| whole(photo).starts_with(root))
            })
        }))
    }

    /// Analyse every photo behind a bar that counts them meanwhile, and hand each to `take`, in
    /// order, until it is told to `stop`.
    ///
    /// # Errors
    /// Where a root cannot be read or there is no photo at all, the models do not load, or the first
    /// error of `take`.
    pub fn analyse(
        &self,
        context: &Context,
        purpose: Purpose,
        stop: &Stop,
        mut take: impl FnMut(&Progress, &Path, Result<AnalysedPhoto>) -> Result<()>,
    ) -> Result<Ended> {
        let progress = Progress::uncounted();
        let photos = self.photos()?.take_while(|_| !stop.is_asked());
        let counting = progress.is_seen().then(|| self.photos()).transpose()?;
        let done = AtomicBool::new(false);
        let mut seen = 0u64;
        std::thread::scope(|scope| {
            if let Some(photos) = counting {
                let (progress, done) = (&progress, &done);
                scope.spawn(move || {
                    let photos = photos.take_while(|_| !done.load(Ordering::Relaxed)).count();
                    progress.counted(photos as u64);
                });
            }
            let result = context.analyse_behind(&progress, photos, purpose, |path, photo| {
                seen += 1;
                take(&progress, path, photo)
            });
            done.store(true, Ordering::Relaxed);
            result
        })?;
        if stop.is_asked() {
            return Ok(Ended::Stopped);
        }
        match self.roots.first() {
            Some(root) if seen == 0 => Err(Error::NoPhotos { path: root.clone() }),
            _ => Ok(Ended::Through),
        }
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
        let photos = |roots: &[PathBuf]| {
            let library = Library { roots, without: &[] };
            library.photos().unwrap().collect::<Vec<_>>()
        };
        let [one, two, beside] = [at("a/1.jpg"), at("a/b/2.jpg"), at("ab.jpg")];
        assert_eq!(
            photos(&[at("a"), at("a/b"), at("ab.jpg")]),
            [&one, &two, &beside].map(Clone::clone)
        );
        assert_eq!(photos(&[at("a/b"), at("a")]), [two, one]);
        let gone = [at("a"), at("gone")];
        let library = Library { roots: &gone, without: &[] };
        assert!(library.photos().err().is_some_and(|e| e.to_string().contains("gone")));
    }
}
