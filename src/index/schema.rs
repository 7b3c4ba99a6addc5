//! The index's file: its tables, recognising, creating and removing it.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tempfile::TempPath;

use super::lock::beside;
use super::{Place, Remade};
use crate::error::{Error, Result};
use crate::file::folder_of;

/// The version of the tables. An index of any other version is created again.
pub(super) const VERSION: i32 = 3;
/// The application id that marks the file as an index: "vfyi".
const APPLICATION: i32 = 0x7666_7969;
/// How long to wait for another program that is writing.
const PATIENCE: Duration = Duration::from_secs(10);

/// `photos` has one row per content and analysis; `files` has one row per file, with the row of its photo by the last
/// analysis that added it, as a shortcut.
const TABLES: &str = "
    CREATE TABLE analyses (id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE);
    CREATE TABLE photos (
        id INTEGER PRIMARY KEY,
        sha256 BLOB NOT NULL,
        analysis INTEGER NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        faces BLOB NOT NULL,
        embeddings BLOB NOT NULL,
        missing INTEGER,
        taken INTEGER,
        checksum INTEGER NOT NULL,
        UNIQUE (sha256, analysis)
    );
    CREATE TABLE files (
        path BLOB PRIMARY KEY,
        size INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        sha256 BLOB NOT NULL,
        photo INTEGER
    ) WITHOUT ROWID;
";

/// The state of the file at an index's place.
pub(super) enum State {
    /// An index, open for writing.
    Good(Connection),
    /// Nothing.
    Missing,
    /// An index that cannot be used.
    Bad(Remade),
}

/// Examine what is at `place`.
///
/// # Errors
/// [`Error::NotAnIndex`] for another file, [`Error::Index`] if it cannot be opened.
pub(super) fn examine(place: &Place) -> Result<State> {
    let path = &place.path;
    match std::fs::metadata(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(State::Missing),
        Err(e) => return Err(Error::index(path, e)),
        Ok(file) if file.is_dir() => return Err(Error::NotAnIndex { path: path.clone() }),
        Ok(file) if file.len() == 0 => return Ok(State::Bad(Remade::Damaged)),
        Ok(_) => {}
    }
    let marks = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(|connection| {
        let mark = |name| connection.pragma_query_value(None, name, |row| row.get(0));
        let marks: (i32, i32) = (mark("application_id")?, mark("user_version")?);
        Ok((connection, marks))
    });
    let (connection, (application, version)) = match marks {
        Ok(known) => known,
        Err(error) if is_damage(&error) && place.own => return Ok(State::Bad(Remade::Damaged)),
        Err(error) if is_damage(&error) => return Err(Error::NotAnIndex { path: path.clone() }),
        Err(error) => return Err(Error::index(path, error)),
    };
    if application != APPLICATION && !place.own {
        return Err(Error::NotAnIndex { path: path.clone() });
    }
    if application != APPLICATION {
        return Ok(State::Bad(Remade::Damaged));
    }
    if version != VERSION {
        return Ok(State::Bad(Remade::OtherVersion));
    }
    let read = |table: &str| {
        let first = format!("SELECT * FROM {table} LIMIT 1");
        connection.prepare(&first)?.query([])?.next().map(drop)
    };
    match ["analyses", "photos", "files"].into_iter().try_for_each(read) {
        Ok(()) => Ok(State::Good(connection)),
        // A missing table is an error of the statement, not of the file.
        Err(error)
            if is_damage(&error) || error.sqlite_error_code() == Some(ErrorCode::Unknown) =>
        {
            Ok(State::Bad(Remade::Damaged))
        }
        Err(error) => Err(Error::index(path, error)),
    }
}

/// A connection with the settings that all connections share.
pub(super) fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    // Otherwise a statement is planned again for every value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Data lost in a power failure is analysed again; the file stays intact. Pages are checked when read, 8 MB of
    // them are cached, and deleted data is overwritten.
    connection.execute_batch(
        "PRAGMA synchronous = NORMAL; PRAGMA cell_size_check = ON; PRAGMA cache_size = -8000;
         PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;",
    )?;
    Ok(connection)
}

/// Create an empty index at `path`. It is written beside `path` and renamed, so that no program sees a partial
/// one.
pub(super) fn create(path: &Path) -> Result<()> {
    let fail = |e: &dyn std::fmt::Display| Error::index(path, e);
    let file: TempPath = tempfile::Builder::new()
        .prefix(".index-")
        .tempfile_in(folder_of(path))
        .map_err(|e| fail(&e.kind()))?
        .into_temp_path();
    let make = || {
        let connection = connect(&file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        // No other program uses the file yet, so it only has to be on disk before it gets its name.
        connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;")?;
        connection.pragma_update(None, "application_id", APPLICATION)?;
        connection.pragma_update(None, "user_version", VERSION)?;
        connection.execute_batch(&format!("BEGIN; {TABLES} COMMIT; PRAGMA journal_mode = WAL;"))?;
        connection.close().map_err(|(_, error)| error)
    };
    make().map_err(|e: rusqlite::Error| fail(&e))?;
    // Windows flushes only files opened for writing.
    let flushed = File::options().write(true).open(&file).and_then(|file| file.sync_all());
    flushed.map_err(|e| fail(&e))?;
    file.persist_noclobber(path).map_err(|e| fail(&e.error))
}

/// Remove the index at `path` and SQLite's files beside it. The lock file stays, because other programs may wait
/// for it.
pub(super) fn remove(path: &Path) -> Result<()> {
    // The database first: a log without its database is harmless, a database without its log could be incomplete.
    for file in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        match std::fs::remove_file(&file) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::index(path, e));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether an error means that the file's content is not what SQLite wrote.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}
