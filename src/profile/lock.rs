//! Who changes a profile. Whoever reads one to save it changed, or deletes it, has its folder's lock
//! meanwhile: of two programs that change a profile, neither loses what the other saved.

use std::fs::File;
use std::path::Path;

use crate::file::folder_of;

/// The lock on the profiles of one folder, given back when it is dropped. It is on the folder itself:
/// a file beside a profile would be left when the profile is deleted.
#[derive(Debug)]
#[must_use = "the lock is given back when it is dropped"]
pub struct Lock {
    _folder: Option<File>,
}

impl Lock {
    /// The lock on the profile at `path`, once nobody has it any more: a caller that still has it waits
    /// for ever. Where folders cannot be locked (Windows, some network drives) a profile is changed
    /// without.
    pub fn wait(path: &Path) -> Self {
        let folder = File::open(folder_of(path)).ok();
        Self { _folder: folder.filter(|folder| folder.lock().is_ok()) }
    }
}
