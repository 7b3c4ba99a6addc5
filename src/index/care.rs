//! Maintenance of the index: showing, pruning and removing it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};
use serde::Serialize;

use super::lock::{Lock, beside};
use super::schema::{self, State, examine};
use super::{Index, PAUSE, Place, TRIES};
use crate::error::{Error, Result};
use crate::file::folder_of;
use crate::profile::path_as_text;

/// How many files [`Index::prune`] checks at a time.
const CHUNK: usize = 10_000;

const COUNTS: &str = "
    SELECT count(*), coalesce(sum(length(faces)), 0) / ?1, (SELECT count(*) FROM files) FROM photos";

/// What an index holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Info {
    /// The index's file.
    #[serde(serialize_with = "path_as_text")]
    pub index: PathBuf,
    /// Whether it exists.
    pub exists: bool,
    /// Its size on disk, in bytes.
    pub bytes: u64,
    /// The number of photos, by content; a photo analysed in two ways counts twice.
    pub photos: u64,
    /// The number of faces in them.
    pub faces: u64,
    /// The number of files with these photos.
    pub files: u64,
}

/// What [`Index::prune`] dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// Files that no longer exist.
    pub files: u64,
    /// Photos that no file holds any more, or that were analysed in a way that this program no longer uses.
    pub photos: u64,
    /// Missing files that were kept because their folder is missing or empty: their drive may only be
    /// unplugged.
    pub away: u64,
}

/// What happens to files whose folder is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folders {
    /// They are kept: the drive may come back.
    MayComeBack,
    /// They are dropped too.
    AreGone,
}

/// Whether a file is where it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whereabouts {
    There,
    Gone,
    /// It is missing, and so is everything else in its folder.
    Away,
}

/// What the index at `place` holds; it need not exist.
///
/// # Errors
/// [`Error::NotAnIndex`], or [`Error::Index`] if it is damaged or cannot be read.
pub fn info(place: &Place) -> Result<Info> {
    let path = &place.path;
    let nothing =
        Info { index: path.clone(), exists: false, bytes: 0, photos: 0, faces: 0, files: 0 };
    if !path.exists() {
        return Ok(nothing);
    }
    // So that no program removes it meanwhile.
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

/// Remove the index at `place`; returns whether there was one.
///
/// # Errors
/// [`Error::NotAnIndex`], or [`Error::Index`] if it cannot be removed, for example because another program is
/// using it.
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
    Err(Error::index(path, "another verify is using it; stop that one, or wait for it"))
}

impl Index {
    /// Drop files that no longer exist, photos that no file holds, and photos that were analysed in none of the ways
    /// `analyses`; then shrink the file. `folders` says what happens to files in missing folders.
    ///
    /// # Errors
    /// [`Error::Index`] if the index cannot be read or written.
    pub fn prune(&self, analyses: &[String], folders: Folders) -> Result<Pruned> {
        let mut writer = self.writer();
        let failed = |e: rusqlite::Error| Error::index(&self.path, e);
        let Some(writer) = writer.as_mut() else {
            return Err(Error::index(&self.path, "it is damaged"));
        };
        let connection = &mut writer.connection;
        let (files, away) = prune_files(connection, folders).map_err(failed)?;
        let photos = prune_photos(connection, analyses).map_err(failed)?;
        // While others are reading, the file cannot be shrunk; a later call does it.
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
    // The names stay, so that a number never comes to mean another analysis.
    for (id, _) in known.iter().filter(|(_, identity)| !analyses.contains(identity)) {
        dropped += all.execute("DELETE FROM photos WHERE analysis = ?1", [id])?;
    }
    all.commit()?;
    Ok(dropped as u64)
}

/// Checks for files, most of which are in the same folder as the one before.
#[derive(Default)]
struct Looked {
    /// A folder, and whether it exists and is not empty.
    folder: Option<(PathBuf, bool)>,
}

impl Looked {
    /// Whether the file of a key exists. If the system cannot tell, it counts as existing.
    fn whereabouts(&mut self, key: &[u8]) -> Whereabouts {
        use std::io::ErrorKind::{NotADirectory, NotFound};
        #[cfg(unix)]
        let path: &Path =
            <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(key).as_ref();
        #[cfg(not(unix))]
        let Ok(path) = std::str::from_utf8(key).map(Path::new) else { return Whereabouts::There };
        match std::fs::metadata(path).map_err(|e| e.kind()) {
            // A folder was replaced by a file.
            Err(NotADirectory) => Whereabouts::Gone,
            Err(NotFound) if self.is_lived_in(folder_of(path)) => Whereabouts::Gone,
            Err(NotFound) => Whereabouts::Away,
            _ => Whereabouts::There,
        }
    }

    /// Whether a folder exists and is not empty. An unplugged drive leaves an empty folder.
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
