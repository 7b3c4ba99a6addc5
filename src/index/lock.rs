//! Who uses the index: everybody who has it open shares a lock on a file beside it, and whoever
//! removes or makes it needs that lock alone. SQLite locks what is in the file, not its name: a
//! database that is removed while another program writes to it would take the new one's log along.

use std::fs::{DirBuilder, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::file::folder_of;

/// A lock on an index, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// The lock of the index at `path`, not taken yet.
    pub fn open(path: &Path) -> Result<Self> {
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(beside(path, "lock")).map_err(|e| Error::index(path, e))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Share it with others, in place of having it alone; waits for whoever has it alone.
    pub fn share(&self) -> Result<()> {
        self.give_back();
        self.file.lock_shared().map_err(|e| Error::index(&self.path, e))
    }

    /// Have it alone, unless somebody else has it.
    pub fn try_own(&self) -> Result<bool> {
        self.give_back();
        match self.file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(e)) => Err(Error::index(&self.path, e)),
        }
    }

    /// Give back what is held, if anything is: not every system turns one kind into the other. Windows
    /// would hold both, and calls it an error to give back nothing.
    fn give_back(&self) {
        let _ = self.file.unlock();
    }
}

/// The file beside an index that is called as it and `ending`.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(if ending.starts_with('-') { "" } else { "." });
    name.push(ending);
    name.into()
}

/// Make the folder of the index at `path`, for its owner alone.
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
