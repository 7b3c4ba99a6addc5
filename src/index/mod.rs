//! The index: the faces found in photos, by the photos' content, in one SQLite file, so that no photo is analysed
//! twice. It is a cache of biometric data: only its owner may read it, it may be removed at any time, and any
//! damage costs only time.
//!
//! One connection writes, in short transactions on the thread that takes results; every thread reads through its
//! own connection. SQLite's write-ahead log keeps the file intact if the program is killed, and lets several
//! programs use it at once.

mod care;
mod faces;
mod lock;
mod reader;
mod row;
mod schema;
mod writer;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Front, Result};
use crate::folders;
use crate::pipeline::{AnalysedPhoto, Cache, CacheReader, News};

pub use care::{Folders, Info, Pruned, clear, info};
use lock::Lock;
use reader::{Nobody, Reader};
use schema::{State, examine};
use writer::Writer;

/// How often to try for the exclusive lock, and the pause between tries: two seconds in all.
const TRIES: u32 = 100;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(20);

/// Where an index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// Whether the place is the program's own, where the user has no other files.
    own: bool,
}

impl Place {
    /// A file that the user named. If that file is not an index, it is not touched.
    #[must_use]
    pub fn named(path: PathBuf) -> Self {
        Self { path, own: false }
    }

    /// The file in the user's cache folder; `None` if the user has no such folder.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        let path = folders::cache()?.join("index.sqlite");
        Some(Self { path, own: true })
    }

    /// Whether it is the one in the user's cache folder.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.own
    }
}

/// Why an index was created again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remade {
    /// It could not be read.
    Damaged,
    /// Another version of the program made it.
    OtherVersion,
}

impl std::fmt::Display for Remade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Damaged => "the index is damaged and will be created again",
            Self::OtherVersion => {
                "the index was made by another version of verify and will be created again"
            }
        })
    }
}

/// An open index.
#[derive(Debug)]
pub struct Index {
    path: PathBuf,
    /// `None` after the index was found to be damaged.
    writer: Mutex<Option<Writer>>,
    /// Whether reading found damage.
    damaged: AtomicBool,
    /// The first message about it.
    notice: Mutex<Option<String>>,
    /// Dropped last, so that the file is closed before another program gets the exclusive lock.
    lock: Lock,
}

impl Index {
    /// Open the index at `place`. If it is missing, damaged or of another version it is created again; the returned
    /// [`Remade`] says why in the last two cases.
    ///
    /// # Errors
    /// [`Error::Index`] if it cannot be used, [`Error::NotAnIndex`] if another file is in its place.
    pub fn open(place: &Place) -> Result<(Self, Option<Remade>)> {
        let path = &place.path;
        let _opening = tracing::info_span!("open the index").entered();
        tracing::debug!(path = %path.display(), "index");
        lock::make_folder(path)?;
        let lock = Lock::open(path)?;
        let mut remade = None;
        for _ in 0..TRIES {
            lock.share()?;
            match examine(place)? {
                State::Good(connection) => {
                    let index = Self {
                        path: path.clone(),
                        writer: Mutex::new(Some(Writer::new(connection))),
                        damaged: AtomicBool::new(false),
                        notice: Mutex::new(None),
                        lock,
                    };
                    return Ok((index, remade));
                }
                State::Missing => {}
                State::Bad(why) => remade = Some(why),
            }
            if lock.try_own()? {
                // Another program may have created it meanwhile.
                if !matches!(examine(place)?, State::Good(_)) {
                    schema::remove(path)?;
                    schema::create(path)?;
                }
            } else {
                std::thread::sleep(PAUSE);
            }
        }
        Err(Error::index(path, "another verify is using it and it is damaged"))
    }

    /// The index's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What went wrong since the index was opened or since the last call, as a message for the user.
    #[must_use]
    pub fn notice(&self) -> Option<String> {
        self.notice.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn say(&self, text: String) {
        let mut notice = self.notice.lock().unwrap_or_else(PoisonError::into_inner);
        notice.get_or_insert(text);
    }

    fn writer(&self) -> MutexGuard<'_, Option<Writer>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A row could not be read.
    fn failed(&self, error: &rusqlite::Error) {
        if schema::is_damage(error) {
            self.damaged.store(true, Ordering::Relaxed);
        } else {
            self.say(Error::index(&self.path, error).told(Front::Command));
        }
    }

    /// Write what waits. After a failure nothing more is written, and the photos are analysed again later.
    fn write(&self, writer: &mut Writer) {
        if let Err(error) = writer.flush() {
            self.failed(&error);
        }
    }

    /// Remove the damaged index, unless other programs are using it.
    fn drop_damaged(&self) {
        // Closing the connection removes SQLite's own files.
        drop(self.writer().take());
        let removed = self.lock.try_own().unwrap_or(false) && schema::remove(&self.path).is_ok();
        let _ = self.lock.share();
        let reason = if removed { "it was damaged and has been removed" } else { "it is damaged" };
        self.say(Error::index(&self.path, reason).told(Front::Command));
    }
}

impl Cache for Index {
    fn reader(&self, analysis: &str) -> Box<dyn CacheReader + '_> {
        let mut writer = self.writer();
        let Some(writer) = writer.as_mut() else { return Box::new(Nobody) };
        let reader = writer.analysis(analysis).and_then(|id| Reader::open(self, id));
        match reader {
            Ok(reader) => Box::new(reader),
            Err(error) => {
                self.failed(&error);
                Box::new(Nobody)
            }
        }
    }

    fn keep(&self, analysis: &str, photo: &AnalysedPhoto, news: &News) {
        let mut writer = self.writer();
        let Some(writer) = writer.as_mut() else { return };
        writer.add(analysis, photo, news);
        if writer.is_due() {
            self.write(writer);
        }
    }

    fn flush(&self) {
        if let Some(writer) = self.writer().as_mut() {
            self.write(writer);
        }
    }

    fn settle(&self) {
        self.flush();
        if self.damaged.swap(false, Ordering::Relaxed) {
            self.drop_damaged();
        }
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.settle();
    }
}

/// A path as a key: absolute, with links not followed, so that the working folder does not matter. `folder` is the
/// working folder, if known, which saves asking the system.
fn key_of(path: &Path, folder: Option<&Path>) -> Vec<u8> {
    let path = folder.map_or_else(|| Cow::Borrowed(path), |folder| Cow::Owned(folder.join(path)));
    let whole = std::path::absolute(&path).unwrap_or_else(|_| path.into_owned());
    whole.into_os_string().into_encoded_bytes()
}

#[cfg(test)]
mod killed;
#[cfg(test)]
mod tests;
