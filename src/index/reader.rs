//! One thread's connection for reading the index.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Params};

use super::row::{PhotoRow, from_hex};
use super::{Index, key_of, schema};
use crate::pipeline::{CacheReader, CachedPhoto, Stamp};

/// Finds a photo by the row that the file's row names: rows of files found together are stored together.
const BY_ROW: &str = "
    SELECT p.sha256, p.width, p.height, p.faces, p.embeddings, p.missing, p.taken, p.checksum
    FROM files f JOIN photos p ON p.id = f.photo AND p.sha256 = f.sha256 AND p.analysis = ?1
    WHERE f.path = ?2 AND f.size = ?3 AND f.modified = ?4 AND f.changed = ?5 AND f.inode = ?6";
/// The same if that row is of another analysis.
const BY_FILE: &str = "
    SELECT p.sha256, p.width, p.height, p.faces, p.embeddings, p.missing, p.taken, p.checksum
    FROM files f JOIN photos p ON p.sha256 = f.sha256 AND p.analysis = ?1
    WHERE f.path = ?2 AND f.size = ?3 AND f.modified = ?4 AND f.changed = ?5 AND f.inode = ?6";
const BY_CONTENT: &str = "
    SELECT sha256, width, height, faces, embeddings, missing, taken, checksum
    FROM photos WHERE analysis = ?1 AND sha256 = ?2";

/// A connection that reads.
pub(super) struct Reader<'a> {
    index: &'a Index,
    connection: Connection,
    analysis: i64,
    /// The working folder, for paths that are not absolute.
    folder: Option<PathBuf>,
}

impl<'a> Reader<'a> {
    /// A reader for the analysis whose row in `analyses` is `analysis`.
    pub fn open(index: &'a Index, analysis: i64) -> rusqlite::Result<Self> {
        let connection = schema::connect(&index.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(Self { index, connection, analysis, folder: std::env::current_dir().ok() })
    }

    /// The photo that `query` finds. A photo whose row is broken counts as unknown, so it is analysed again and
    /// replaced.
    fn find(&self, query: &str, keys: impl Params) -> Option<CachedPhoto> {
        let row = self.connection.prepare_cached(query).and_then(|mut statement| {
            let row = |row: &rusqlite::Row| {
                let photo = PhotoRow {
                    sha256: row.get(0)?,
                    width: row.get(1)?,
                    height: row.get(2)?,
                    faces: row.get(3)?,
                    embeddings: row.get(4)?,
                    missing: row.get(5)?,
                    taken: row.get(6)?,
                };
                Ok((photo, row.get::<_, i64>(7)?))
            };
            statement.query_row(keys, row).optional()
        });
        match row {
            Ok(row) => {
                let (photo, checksum) = row?;
                (photo.checksum(self.analysis) == checksum).then(|| photo.photo()).flatten()
            }
            // A value of the wrong type is a broken row too.
            Err(error) if error.sqlite_error_code().is_none() => None,
            Err(error) => {
                self.index.failed(&error);
                None
            }
        }
    }
}

impl CacheReader for Reader<'_> {
    fn by_file(&mut self, path: &Path, stamp: &Stamp) -> Option<CachedPhoto> {
        let Stamp { size, modified, changed, inode, .. } = *stamp;
        let key = key_of(path, self.folder.as_deref());
        let keys = (self.analysis, &key, size, modified, changed, inode);
        self.find(BY_ROW, keys).or_else(|| self.find(BY_FILE, keys))
    }

    fn by_content(&mut self, sha256: &str) -> Option<CachedPhoto> {
        self.find(BY_CONTENT, (self.analysis, from_hex(sha256)?))
    }
}

/// A reader that knows no photo, for an index that cannot be read.
pub(super) struct Nobody;

impl CacheReader for Nobody {
    fn by_file(&mut self, _: &Path, _: &Stamp) -> Option<CachedPhoto> {
        None
    }

    fn by_content(&mut self, _: &str) -> Option<CachedPhoto> {
        None
    }
}
