//! The cache interface of the pipeline: photos that were analysed before. [`crate::index`] implements it.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{AnalysedFace, AnalysedPhoto};
use crate::photo::{Date, Moment};

/// A cache of analysed photos. It only saves time: a photo that it does not have is analysed again.
pub trait Cache: std::fmt::Debug + Send + Sync {
    /// A reader for one thread. `analysis` is the identity of the analysis ([`super::analysis_identity`]); results of
    /// another analysis are not returned.
    fn reader(&self, analysis: &str) -> Box<dyn CacheReader + '_>;

    /// Keep what is new about `photo`.
    fn keep(&self, analysis: &str, photo: &AnalysedPhoto, news: &News);

    /// Write everything that waits, so that all readers see it.
    fn flush(&self);

    /// The same at the end of the work, when nothing is read any more.
    fn settle(&self);
}

/// One thread's reader of a [`Cache`].
pub trait CacheReader {
    /// The photo at `path`, if its file still has this `stamp`; the file is not read.
    fn by_file(&mut self, path: &Path, stamp: &Stamp) -> Option<CachedPhoto>;

    /// The photo whose file has this SHA-256, in hexadecimal.
    fn by_content(&mut self, sha256: &str) -> Option<CachedPhoto>;
}

/// The new facts about a photo. The stamp is that of its file before it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Only the file: its content was known under another name or time.
    File(Stamp),
    /// The faces, and the file if the photo came from one.
    Faces(Option<Stamp>),
}

/// A cache that is read and never added to.
#[derive(Debug)]
pub struct ReadOnly(pub Arc<dyn Cache>);

impl Cache for ReadOnly {
    fn reader(&self, analysis: &str) -> Box<dyn CacheReader + '_> {
        self.0.reader(analysis)
    }

    fn keep(&self, _: &str, _: &AnalysedPhoto, _: &News) {}

    fn flush(&self) {}

    fn settle(&self) {
        self.0.settle();
    }
}

/// A cached photo: everything except its path.
#[derive(Debug, Clone, PartialEq)]
pub struct CachedPhoto {
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// The photo's width in pixels, upright.
    pub width: u32,
    /// The photo's height in pixels, upright.
    pub height: u32,
    /// Its faces, largest first.
    pub faces: Vec<AnalysedFace>,
    /// If its file is cut off: how much of the picture is missing and therefore grey, in percent.
    pub missing: Option<u8>,
    /// When it was taken, if its file says so.
    pub taken: Option<Date>,
}

impl CachedPhoto {
    /// The photo with this path or name, from this moment of a stream, if any.
    #[must_use]
    pub fn called(self, name: &Path, at: Option<Moment>) -> AnalysedPhoto {
        let Self { sha256, width, height, faces, missing, taken } = self;
        AnalysedPhoto { path: name.to_owned(), at, sha256, width, height, faces, missing, taken }
    }
}

/// A stamp that changes with a file, to notice changes without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Its size in bytes.
    pub size: i64,
    /// When its content was last changed, in nanoseconds since 1970.
    pub modified: i64,
    /// When anything about it was last changed, in nanoseconds since 1970; 0 if the system does not tell.
    pub changed: i64,
    /// Its inode number; 0 if the system has none.
    pub inode: i64,
    /// Whether another change would change the stamp. A file that was changed just before the stamp was taken may
    /// change again within the same clock tick and keep its size, which git calls "racily clean".
    pub settled: bool,
}

/// How old the last change must be, in nanoseconds, to notice another one by its time: file systems count in steps of
/// up to two seconds.
const SETTLED: i64 = 2_000_000_000;

impl Stamp {
    /// The stamp of the file at `path`, with links followed; `None` if the system does not tell.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let file = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
        let modified = since_1970(file.modified().ok()?)?;
        #[cfg(unix)]
        let (changed, inode) = {
            use std::os::unix::fs::MetadataExt;
            (file.ctime() * 1_000_000_000 + file.ctime_nsec(), file.ino() as i64)
        };
        #[cfg(not(unix))]
        let (changed, inode) = (0, 0);
        let now = since_1970(SystemTime::now())?;
        let settled = is_settled(modified.max(changed), now);
        Some(Self { size: file.len() as i64, modified, changed, inode, settled })
    }
}

/// Whether a change at one time differs from a change now.
fn is_settled(changed: i64, now: i64) -> bool {
    changed < now.saturating_sub(SETTLED)
}

fn since_1970(time: SystemTime) -> Option<i64> {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).ok(),
        Err(before) => i64::try_from(before.duration().as_nanos()).ok().map(|nanos| -nanos),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_tells_a_change_and_is_settled_only_after_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        assert_eq!(Stamp::of(&path), None);
        assert_eq!(Stamp::of(folder.path()), None);
        std::fs::write(&path, b"one").unwrap();
        let first = Stamp::of(&path).unwrap();
        assert!(first.size == 3 && !first.settled, "{first:?}");
        assert_eq!(Stamp::of(&path), Some(first));
        std::fs::write(&path, b"three").unwrap();
        assert_ne!(Stamp::of(&path), Some(first));
        let ahead = SystemTime::now() + std::time::Duration::from_secs(3600);
        std::fs::File::options().append(true).open(&path).unwrap().set_modified(ahead).unwrap();
        assert!(!Stamp::of(&path).unwrap().settled, "a file of tomorrow");
        let now = since_1970(SystemTime::now()).unwrap();
        assert!(is_settled(now - SETTLED - 1, now) && !is_settled(now - SETTLED, now));
    }
}
