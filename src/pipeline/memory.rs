//! What the pipeline may be told of photos that were analysed before. Who remembers, and where, is
//! not its business; see [`crate::index`].

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{AnalysedFace, AnalysedPhoto};
use crate::photo::{Date, Moment};

/// Something that remembers what was found in photos. It only saves time: whatever it cannot tell
/// or keep is worked out again.
pub trait Memory: std::fmt::Debug + Send + Sync {
    /// A way to ask, for one thread. `analysis` names how photos are looked at
    /// ([`super::analysis_identity`]): what was found in another way is not told.
    fn recall(&self, analysis: &str) -> Box<dyn Recall + '_>;

    /// Keep what is new about `photo`.
    fn keep(&self, analysis: &str, photo: &AnalysedPhoto, news: &News);

    /// Bring everything that was to be kept to its place, so that all who ask are told of it.
    fn flush(&self);

    /// The same at the end of the work, when nobody asks any more.
    fn settle(&self);
}

/// One thread's way to ask a [`Memory`].
pub trait Recall {
    /// The photo at `path`, if its file has this `stamp` still: without reading it.
    fn by_file(&mut self, path: &Path, stamp: &Stamp) -> Option<Remembered>;

    /// The photo whose file has this SHA-256, in hexadecimal.
    fn by_content(&mut self, sha256: &str) -> Option<Remembered>;
}

/// What is new about a photo. A stamp is the one that its file had before it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// The file: its content was known, under another name or time.
    File(Stamp),
    /// The faces, which were looked for; and the file, if it came from one.
    Faces(Option<Stamp>),
}

/// A memory that is asked and never added to.
#[derive(Debug)]
pub struct ReadOnly(pub Arc<dyn Memory>);

impl Memory for ReadOnly {
    fn recall(&self, analysis: &str) -> Box<dyn Recall + '_> {
        self.0.recall(analysis)
    }

    fn keep(&self, _: &str, _: &AnalysedPhoto, _: &News) {}

    fn flush(&self) {}

    fn settle(&self) {
        self.0.settle();
    }
}

/// What is remembered of a photo: all but where it lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
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

impl Remembered {
    /// The photo that lies or is called so, and comes from this moment of a stream, if from any.
    #[must_use]
    pub fn called(self, name: &Path, at: Option<Moment>) -> AnalysedPhoto {
        let Self { sha256, width, height, faces, missing, taken } = self;
        AnalysedPhoto { path: name.to_owned(), at, sha256, width, height, faces, missing, taken }
    }
}

/// What tells a file that has changed from one that has not, without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Its size in bytes.
    pub size: i64,
    /// When its content was changed last, in nanoseconds since 1970.
    pub modified: i64,
    /// When anything about it was changed last, where the system tells, otherwise 0.
    pub changed: i64,
    /// Its number in its file system, where there are such numbers, otherwise 0.
    pub inode: i64,
    /// Whether the stamp will be another once the file is changed again. A file that was changed a
    /// moment before the stamp was taken may change once more within the same tick of the clock and
    /// keep its size: what git calls "racily clean".
    pub settled: bool,
}

/// How old the last change must be, in nanoseconds, for times to tell whether there was another:
/// file systems count in steps of up to two seconds.
const SETTLED: i64 = 2_000_000_000;

impl Stamp {
    /// The stamp of the file at `path`, links followed; `None` where the system does not tell.
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

/// Whether a change at one time can be told from another that comes now.
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
