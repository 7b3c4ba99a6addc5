//! The index's lock: every program that has the index open holds a shared lock on a file beside it, and creating
//! or removing the index needs an exclusive lock. SQLite locks a file's content, not its name: removing a
//! database while another program writes to it would corrupt the log of the next one.

use std::fs::{DirBuilder, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::file::folder_of;

/// A lock on an index, released when dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// The lock of the index at `path`, not yet acquired.
    pub fn open(path: &Path) -> Result<Self> {
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(beside(path, "lock")).map_err(|e| Error::index(path, e))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Acquire it shared, instead of exclusively; waits while another program holds it exclusively.
    pub fn share(&self) -> Result<()> {
        self.give_back();
        self.file.lock_shared().map_err(|e| Error::index(&self.path, e))
    }

    /// Acquire it exclusively, if no other program holds it.
    pub fn try_own(&self) -> Result<bool> {
        self.give_back();
        match self.file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(e)) => Err(Error::index(&self.path, e)),
        }
    }

    /// Release the lock if held, because not every system converts between both kinds. Windows would hold both,
    /// and releasing an unheld lock is an error there.
    fn give_back(&self) {
        let _ = self.file.unlock();
    }
}

/// The file beside an index with its name plus `ending`.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(if ending.starts_with('-') { "" } else { "." });
    name.push(ending);
    name.into()
}

/// Create the folder of the index at `path`, accessible only to its owner.
pub(super) fn make_folder(path: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder_of(path)).map_err(|e| Error::index(path, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_had_it_alone_shares_it_with_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.sqlite");
        let (one, other) = (Lock::open(&path).unwrap(), Lock::open(&path).unwrap());
        assert!(one.try_own().unwrap(), "nothing was held");
        assert!(!other.try_own().unwrap());
        one.share().unwrap();
        other.share().unwrap();
        assert!(!one.try_own().unwrap(), "it is shared");
        drop(other);
        assert!(one.try_own().unwrap());
    }
}
