//! What users do with the index itself: look at it, drop what is no longer needed, remove it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};
use serde::Serialize;

use super::lock::{Lock, beside};
use super::schema::{self, State, examine};
use super::{Index, PAUSE, Place, TRIES};
use crate::error::{Error, Result};
use crate::file::folder_of;
use crate::profile::path_as_text;

/// Files looked for at a time by [`Index::prune`].
const CHUNK: usize = 10_000;

const COUNTS: &str = "
    SELECT count(*), coalesce(sum(length(faces)), 0) / ?1, (SELECT count(*) FROM files) FROM photos";

/// What an index holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Info {
    /// The index's file.
    #[serde(serialize_with = "path_as_text")]
    pub index: PathBuf,
    /// Whether there is one.
    pub exists: bool,
    /// What it takes on the disk, in bytes.
    pub bytes: u64,
    /// Photos, by content; one that was looked at in two ways counts twice.
    pub photos: u64,
    /// Faces in them.
    pub faces: u64,
    /// Files that are known to hold these photos.
    pub files: u64,
}

/// What [`Index::prune`] dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// Files that are no longer there.
    pub files: u64,
    /// Photos that no file holds any more, or that were looked at as this program no longer does.
    pub photos: u64,
    /// Files that are kept although they are not there, since their folder is not there or is empty: the
    /// drive that they are on may only be unplugged.
    pub away: u64,
}

/// What becomes of files whose folder is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folders {
    /// They stay: the drive may come back.
    MayComeBack,
    /// They are dropped too.
    AreGone,
}

/// Whether a file is where it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whereabouts {
    There,
    Gone,
    /// It is not there, nor is anything else of its folder.
    Away,
}

/// Look at the index at `place`, which need not exist.
///
/// # Errors
/// [`Error::NotAnIndex`], or [`Error::Index`] where it is damaged or cannot be read.
pub fn info(place: &Place) -> Result<Info> {
    let path = &place.path;
    let nothing =
        Info { index: path.clone(), exists: false, bytes: 0, photos: 0, faces: 0, files: 0 };
    if !path.exists() {
        return Ok(nothing);
    }
    // Nobody removes it meanwhile.
    let lock = Lock::open(path)?;
    lock.share()?;
    let connection = match examine(place)? {
        State::Good(connection) => connection,
        State::Missing => return Ok(nothing),
        State::Bad(why) => return Err(Error::index(path, format!("{why} by the next command"))),
    };
    let count = |row: &rusqlite::Row, at| row.get(at).map(|count: i64| count as u64);
    let counts = |row: &rusqlite::Row| Ok((count(row, 0)?, count(row, 1)?, count(row, 2)?));
    let (photos, faces, files) = connection
        .query_row(COUNTS, [super::row::FACE_BYTES as i64], counts)
        .map_err(|e| Error::index(path, e))?;
    let bytes = [path.clone(), beside(path, "-wal")].iter().map(|file| size_of(file)).sum();
    Ok(Info { index: path.clone(), exists: true, bytes, photos, faces, files })
}

/// Remove the index at `place`; whether there was one.
///
/// # Errors
/// [`Error::NotAnIndex`], or [`Error::Index`] where it cannot be removed, among others because
/// another program is using it.
pub fn clear(place: &Place) -> Result<bool> {
    let path = &place.path;
    if !path.exists() {
        return Ok(false);
    }
    let lock = Lock::open(path)?;
    for _ in 0..TRIES {
        if lock.try_own()? {
            return match examine(place)? {
                State::Missing => Ok(false),
                State::Good(_) | State::Bad(_) => schema::remove(path).map(|()| true),
            };
        }
        std::thread::sleep(PAUSE);
    }
    Err(Error::index(path, "another verify is using it; end it, or wait until it is done"))
}

impl Index {
    /// Drop the files that are no longer there, the photos that no file holds, and those that were
    /// looked at in a way that is none of `analyses`; then give the room back to the disk. Of files whose
    /// folder is not there `folders` says what becomes.
    ///
    /// # Errors
    /// [`Error::Index`] where the index cannot be read or written.
    pub fn prune(&self, analyses: &[String], folders: Folders) -> Result<Pruned> {
        let mut writer = self.writer();
        let failed = |e: rusqlite::Error| Error::index(&self.path, e);
        let Some(writer) = writer.as_mut() else {
            return Err(Error::index(&self.path, "it is damaged"));
        };
        let connection = &mut writer.connection;
        let (files, away) = prune_files(connection, folders).map_err(failed)?;
        let photos = prune_photos(connection, analyses).map_err(failed)?;
        // Others may be reading: then the room is given back another time.
        let _ = connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
        Ok(Pruned { files, photos, away })
    }
}

/// The files that were dropped, and those that are away.
fn prune_files(connection: &mut Connection, folders: Folders) -> rusqlite::Result<(u64, u64)> {
    let (mut after, mut dropped, mut away) = (Vec::new(), 0, 0);
    let mut looked = Looked::default();
    loop {
        let chunk: Vec<Vec<u8>> = connection
            .prepare_cached("SELECT path FROM files WHERE path > ?1 ORDER BY path LIMIT ?2")?
            .query_map((&after, CHUNK as i64), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let Some(last) = chunk.last() else { return Ok((dropped, away)) };
        after.clone_from(last);
        let all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for path in &chunk {
            match looked.whereabouts(path) {
                Whereabouts::There => continue,
                Whereabouts::Away if folders == Folders::MayComeBack => away += 1,
                Whereabouts::Away | Whereabouts::Gone => {
                    let delete = "DELETE FROM files WHERE path = ?1";
                    dropped += all.prepare_cached(delete)?.execute([path])? as u64;
                }
            }
        }
        all.commit()?;
    }
}

fn prune_photos(connection: &mut Connection, analyses: &[String]) -> rusqlite::Result<u64> {
    let all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut dropped =
        all.execute("DELETE FROM photos WHERE sha256 NOT IN (SELECT sha256 FROM files)", [])?;
    let known: Vec<(i64, String)> = all
        .prepare("SELECT id, identity FROM analyses")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    // The names stay, so that no number ever comes to mean another way of looking.
    for (id, _) in known.iter().filter(|(_, identity)| !analyses.contains(identity)) {
        dropped += all.execute("DELETE FROM photos WHERE analysis = ?1", [id])?;
    }
    all.commit()?;
    Ok(dropped as u64)
}

/// Looks for files, most of which lie in the folder of the one before.
#[derive(Default)]
struct Looked {
    /// A folder, and whether it is there and has something in it.
    folder: Option<(PathBuf, bool)>,
}

impl Looked {
    /// Where the file of a key is. What the system cannot say counts as there.
    fn whereabouts(&mut self, key: &[u8]) -> Whereabouts {
        use std::io::ErrorKind::{NotADirectory, NotFound};
        #[cfg(unix)]
        let path: &Path =
            <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(key).as_ref();
        #[cfg(not(unix))]
        let Ok(path) = std::str::from_utf8(key).map(Path::new) else { return Whereabouts::There };
        match std::fs::metadata(path).map_err(|e| e.kind()) {
            // What was a folder is a file now.
            Err(NotADirectory) => Whereabouts::Gone,
            Err(NotFound) if self.is_lived_in(folder_of(path)) => Whereabouts::Gone,
            Err(NotFound) => Whereabouts::Away,
            _ => Whereabouts::There,
        }
    }

    /// Whether a folder is there and has something in it. Where a drive is put in, an empty folder is left.
    fn is_lived_in(&mut self, folder: &Path) -> bool {
        if let Some((known, lived_in)) = &self.folder
            && known == folder
        {
            return *lived_in;
        }
        let lived_in = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        self.folder = Some((folder.to_owned(), lived_in));
        lived_in
    }
}

fn size_of(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |file| file.len())
}
