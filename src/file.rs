//! Atomic writing of files: a file is never left half-written.

use std::fs::{DirEntry, File};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// The suffix of an unfinished file's name.
const DRAFT: &str = ".draft";

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Only its owner, for files that identify people.
    Owner,
    /// Everybody who may read new files in the folder.
    Everybody,
}

/// The folder that a file is in.
#[must_use]
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether `name` is valid for a file or folder on every system, also on Windows, which is the strictest.
#[must_use]
pub fn is_name_anywhere(name: &str) -> bool {
    // With any extension, and ignoring case.
    const DEVICES: [&str; 22] = [
        "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
        "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
    ];
    let special = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    !name.is_empty()
        && !name.contains(special)
        && !name.ends_with(['.', ' '])
        && !DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device))
}

/// Replace the file at `path` by `bytes`: written beside it, flushed to disk, renamed over it. A crash leaves the
/// old file or the new one.
///
/// # Errors
/// [`Error::Write`]; the old file is then unchanged.
pub fn replace(path: &Path, bytes: &[u8], readers: Readers) -> Result<()> {
    let mut draft = Draft::new(path, readers)?;
    draft.write_all(bytes).map_err(|e| Error::write(path, e))?;
    draft.finish()
}

/// A file that is written piece by piece and gets its name only when it is finished. Dropping it earlier removes
/// it.
#[derive(Debug)]
pub struct Draft {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl Draft {
    /// A draft of the file at `path`.
    ///
    /// # Errors
    /// [`Error::Write`] with the reason.
    pub fn new(path: &Path, readers: Readers) -> Result<Self> {
        if path.is_dir() {
            return Err(Error::write(path, std::io::ErrorKind::IsADirectory.into()));
        }
        Ok(Self { file: BufWriter::new(beside(path, readers)?), path: path.to_owned() })
    }

    /// The file's name once it is finished.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Flush it to disk and rename it over the old file.
    ///
    /// # Errors
    /// [`Error::Write`]; the old file is then unchanged.
    pub fn finish(self) -> Result<()> {
        let fail = |e| Error::write(&self.path, e);
        let file = self.file.into_inner().map_err(|e| fail(e.into_error()))?;
        file.as_file().sync_all().map_err(fail)?;
        persist(file, &self.path).map_err(fail)?;
        // The rename is durable only once the folder is on disk. If a folder cannot be flushed (on some network
        // drives), the file is complete anyway.
        if let Ok(folder) = File::open(folder_of(&self.path)) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Draft {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.file.seek(to)
    }
}

/// How long to retry replacing a file that other programs have open.
const PATIENCE: Duration = Duration::from_secs(2);

/// Rename a draft over the file at `path`. Windows refuses that while another program has the file open, such as one
/// that reads a profile, or a virus scanner.
fn persist(mut draft: NamedTempFile, path: &Path) -> std::io::Result<()> {
    let begun = Instant::now();
    loop {
        draft = match draft.persist(path) {
            Ok(_) => return Ok(()),
            Err(refused) if is_in_use(&refused.error) && begun.elapsed() < PATIENCE => refused.file,
            Err(refused) => return Err(refused.error),
        };
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Whether the error may mean that another program has the file open.
fn is_in_use(error: &std::io::Error) -> bool {
    const ACCESS_DENIED: i32 = 5;
    const SHARING_VIOLATION: i32 = 32;
    cfg!(windows) && matches!(error.raw_os_error(), Some(ACCESS_DENIED | SHARING_VIOLATION))
}

/// Copy the file `from` to `to` with its modification time: written beside `to` and then renamed.
///
/// # Errors
/// [`Error::Read`] if `from` cannot be read, [`Error::Write`] if `to` exists or cannot be created.
pub fn copy_beside(from: &Path, to: &Path, readers: Readers) -> Result<()> {
    let mut original = File::open(from).map_err(|e| Error::read(from, e))?;
    if std::fs::symlink_metadata(to).is_ok() {
        return Err(Error::write(to, std::io::ErrorKind::AlreadyExists.into()));
    }
    let mut file = beside(to, readers)?;
    std::io::copy(&mut original, &mut file).map_err(|e| Error::write(to, e))?;
    // Programs sort photos by their times; if these cannot be set, the copy is still valid.
    if let Ok(modified) = original.metadata().and_then(|original| original.modified()) {
        let _ = file.as_file().set_modified(modified);
    }
    file.persist_noclobber(to).map_err(|e| Error::write(to, e.error))?;
    Ok(())
}

/// Check, before long work, that a file can be written at `path`.
///
/// # Errors
/// [`Error::Write`] with the reason.
pub fn check_replaceable(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Err(Error::write(path, std::io::ErrorKind::IsADirectory.into()));
    }
    beside(path, Readers::Owner).map(drop)
}

/// Remove the drafts of the file at `path` that have not changed for `age`, because a killed program cannot remove
/// its own. Errors are ignored.
pub fn sweep(path: &Path, age: Duration) {
    let prefix = draft_prefix(path);
    let old = |entry: &DirEntry| {
        let name = entry.file_name();
        let draft = || name.to_str()?.strip_prefix(&prefix)?.ends_with(DRAFT).then_some(());
        let written = || entry.metadata().and_then(|m| m.modified()).ok();
        // A draft from the future, after a clock was set back, counts as new.
        draft().and_then(|()| written()).is_some_and(|t| t.elapsed().unwrap_or_default() >= age)
    };
    let Ok(entries) = std::fs::read_dir(folder_of(path)) else { return };
    for entry in entries.flatten().filter(old) {
        let _ = std::fs::remove_file(entry.path());
    }
}

/// The prefix of drafts' names for the file at `path`: hidden, with its name, and short enough for a file name.
fn draft_prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let start: String = name.chars().filter(|c| *c != '\u{FFFD}').take(40).collect();
    format!(".{start}.")
}

/// A temporary file in the folder of `path`, which is removed unless it is renamed.
fn beside(path: &Path, readers: Readers) -> Result<NamedTempFile> {
    let folder = folder_of(path);
    std::fs::metadata(folder).map_err(|e| Error::write(path, e))?;
    // By default, tempfile creates files that only their owner may read.
    let mut builder = tempfile::Builder::new();
    let prefix = draft_prefix(path);
    builder.prefix(&prefix).suffix(DRAFT);
    // On Windows a file inherits its folder's permissions, and only the user can read a user's own folder.
    #[cfg(not(unix))]
    let _ = readers;
    #[cfg(unix)]
    if readers == Readers::Everybody {
        use std::os::unix::fs::PermissionsExt;
        // The user's umask restricts this further.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder).map_err(|e| {
        // Drop the path of the temporary file that tempfile adds to the message.
        Error::write(path, e.kind().into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for (text, readers) in [("one", Readers::Owner), ("two", Readers::Everybody)] {
            replace(&path, text.as_bytes(), readers).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
                assert_eq!(mode == 0o600, readers == Readers::Owner, "{mode:o}");
            }
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn names_that_some_system_refuses_are_known() {
        for name in ["Anna", "Zoë 写真", "a.b.jpg", "console", "com", "com10", ".hidden"] {
            assert!(is_name_anywhere(name), "{name}");
        }
        for name in ["", "..", "a/b", "a\\b", "c:", "who?", "\"Al\"", "a.", "a ", "NUL", "con.json"]
        {
            assert!(!is_name_anywhere(name), "{name}");
        }
    }

    /// On Windows this is what takes patience.
    #[test]
    fn a_file_is_replaced_while_others_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "old").unwrap();
        let reader = File::open(&path).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(300));
                drop(reader);
            });
            replace(&path, b"new", Readers::Owner).unwrap();
        });
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn drafts_that_were_left_behind_are_swept_up_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["a", ".a.Xy12Zw.draft", ".b.Xy12Zw.draft", ".a.Xy12Zw", ".a.draft"] {
            std::fs::write(at(name), b"x").unwrap();
        }
        sweep(&at("a"), Duration::from_secs(60));
        assert!(at(".a.Xy12Zw.draft").exists(), "it may still be written to");
        sweep(&at("a"), Duration::ZERO);
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        assert!(!at(".a.Xy12Zw.draft").exists() && left == 4, "{left}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_of_any_name_is_written() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        for name in [
            &b"\xFF\x1b[2J\n"[..],
            "\u{FFFD}写".as_bytes(),
            &[b'x'; 255][..],
            "写".repeat(85).as_bytes(),
        ] {
            let path = folder.path().join(std::ffi::OsStr::from_bytes(name));
            replace(&path, b"x", Readers::Owner).unwrap();
            assert!(path.exists(), "{path:?}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
    }

    #[test]
    fn what_is_in_the_way_is_said_before_the_work() {
        let folder = tempfile::tempdir().unwrap();
        check_replaceable(&folder.path().join("new")).unwrap();
        assert!(matches!(check_replaceable(folder.path()), Err(Error::Write { .. })));
        let missing = folder.path().join("gone/new");
        assert!(matches!(check_replaceable(&missing), Err(Error::Write { .. })));
        assert!(matches!(replace(&missing, b"x", Readers::Owner), Err(Error::Write { .. })));
    }

    #[test]
    fn a_copy_has_the_bytes_and_the_times_of_the_photo_and_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("photo"), b"taken long ago").unwrap();
        let taken = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let photo = File::options().write(true).open(at("photo")).unwrap();
        photo.set_modified(taken).unwrap();
        copy_beside(&at("photo"), &at("copy"), Readers::Everybody).unwrap();
        assert_eq!(std::fs::read(at("copy")).unwrap(), b"taken long ago");
        assert_eq!(std::fs::metadata(at("copy")).unwrap().modified().unwrap(), taken);
        std::fs::write(at("other"), b"another").unwrap();
        let refused = copy_beside(&at("photo"), &at("other"), Readers::Everybody);
        assert!(matches!(refused, Err(Error::Write { .. })));
        assert_eq!(std::fs::read(at("other")).unwrap(), b"another");
        let gone = copy_beside(&at("gone"), &at("new"), Readers::Everybody);
        assert!(matches!(gone, Err(Error::Read { .. })));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "no draft is left");
    }

    #[test]
    fn a_draft_that_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, b"old").unwrap();
        let mut draft = Draft::new(&path, Readers::Owner).unwrap();
        draft.write_all(b"half of it").unwrap();
        draft.flush().unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
        drop(draft);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
    }
}
