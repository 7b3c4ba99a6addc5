//! A program's one connection for writing: new photos are collected and written in short transactions, so that
//! other programs need not wait, and a kill loses at most a second's work.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::key_of;
use super::row::{PhotoRow, from_hex};
use crate::pipeline::{AnalysedPhoto, News, Stamp};

/// Waiting photos are written when there are this many, or after this time.
const MOST_WAITING: usize = 256;
const LONGEST_WAIT: Duration = Duration::from_secs(1);

const PUT_PHOTO: &str = "
    INSERT INTO photos (sha256, analysis, width, height, faces, embeddings, missing, taken, checksum)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    ON CONFLICT (sha256, analysis) DO UPDATE SET width = ?3, height = ?4, faces = ?5,
        embeddings = ?6, missing = ?7, taken = ?8, checksum = ?9";
const PUT_FILE: &str = "
    INSERT INTO files (path, size, modified, changed, inode, sha256, photo)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT max(id) FROM photos WHERE sha256 = ?6))
    ON CONFLICT (path) DO UPDATE SET size = ?2, modified = ?3, changed = ?4, inode = ?5, sha256 = ?6,
        photo = excluded.photo";

/// The writing connection and the photos that wait for it.
#[derive(Debug)]
pub(super) struct Writer {
    pub connection: Connection,
    analyses: HashMap<String, i64>,
    waiting: Vec<Entry>,
    pub flushed: Instant,
    /// Whether writing failed; then no more is tried.
    given_up: bool,
}

/// A photo's file, if it came from one, and its faces if they are new.
#[derive(Debug)]
struct Entry {
    file: Option<(Vec<u8>, Stamp)>,
    sha256: [u8; 32],
    faces: Option<(String, PhotoRow)>,
}

impl Writer {
    pub fn new(connection: Connection) -> Self {
        let (analyses, waiting) = (HashMap::new(), Vec::new());
        Self { connection, analyses, waiting, flushed: Instant::now(), given_up: false }
    }

    /// The number of an analysis, assigned if it has none.
    pub fn analysis(&mut self, identity: &str) -> rusqlite::Result<i64> {
        if let Some(id) = self.analyses.get(identity) {
            return Ok(*id);
        }
        let find = "SELECT id FROM analyses WHERE identity = ?1";
        let find = || self.connection.query_row(find, [identity], |row| row.get(0)).optional();
        let id = match find()? {
            Some(id) => id,
            None => {
                let add = "INSERT OR IGNORE INTO analyses (identity) VALUES (?1)";
                self.connection.execute(add, [identity])?;
                find()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?
            }
        };
        self.analyses.insert(identity.to_owned(), id);
        Ok(id)
    }

    /// Queue a photo to be written.
    pub fn add(&mut self, analysis: &str, photo: &AnalysedPhoto, news: &News) {
        let Some(sha256) = from_hex(&photo.sha256).filter(|_| !self.given_up) else { return };
        let row = || PhotoRow::of(photo);
        let (stamp, faces) = match news {
            News::File(stamp) => (Some(*stamp), None),
            News::Faces(stamp) => (*stamp, row().map(|row| (analysis.to_owned(), row))),
        };
        let file = stamp.map(|stamp| (key_of(&photo.path, None), stamp));
        self.waiting.push(Entry { file, sha256, faces });
    }

    /// Whether it is time to [`Self::flush`].
    pub fn is_due(&self) -> bool {
        self.waiting.len() >= MOST_WAITING || self.flushed.elapsed() >= LONGEST_WAIT
    }

    /// Write what waits, all of it or nothing.
    pub fn flush(&mut self) -> rusqlite::Result<()> {
        let entries = std::mem::take(&mut self.waiting);
        let written = if entries.is_empty() { Ok(()) } else { self.write(&entries) };
        self.given_up |= written.is_err();
        self.flushed = Instant::now();
        written
    }

    fn write(&mut self, entries: &[Entry]) -> rusqlite::Result<()> {
        for (analysis, _) in entries.iter().filter_map(|entry| entry.faces.as_ref()) {
            self.analysis(analysis)?;
        }
        let all = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for entry in entries {
            if let Some((analysis, row)) = &entry.faces
                && let Some(id) = self.analyses.get(analysis)
            {
                let PhotoRow { sha256, width, height, faces, embeddings, missing, taken } = row;
                let checksum = row.checksum(*id);
                let values =
                    (sha256, id, width, height, faces, embeddings, missing, taken, checksum);
                all.prepare_cached(PUT_PHOTO)?.execute(values)?;
            }
            let Some((path, stamp)) = &entry.file else { continue };
            // A stamp that may not change with the file is replaced by one that no file has: then `prune` knows the
            // file, and the file is read again.
            let Stamp { size, modified, changed, inode, settled } = *stamp;
            let size = if settled { size } else { -1 };
            let values = (path, size, modified, changed, inode, entry.sha256);
            all.prepare_cached(PUT_FILE)?.execute(values)?;
        }
        all.commit()
    }
}
