//! The lock on a folder of profiles. A program holds it while it changes or deletes a profile, so that no
//! program loses another's change.

use std::fs::File;
use std::path::Path;

use crate::file::folder_of;

/// The lock on the profiles of one folder, released when dropped. A lock file would remain when the profile is
/// deleted, so the folder itself is locked; Windows cannot lock folders, but can delete a file when it is
/// closed.
#[derive(Debug)]
#[must_use = "the lock is released when it is dropped"]
pub struct Lock {
    _held: Option<File>,
}

impl Lock {
    /// Wait for the lock on the profile at `path`. A caller that already holds it waits forever. If the folder cannot
    /// be locked (on some network drives), profiles are changed without a lock.
    pub fn wait(path: &Path) -> Self {
        Self { _held: locked(folder_of(path)) }
    }
}

#[cfg(not(windows))]
fn locked(folder: &Path) -> Option<File> {
    File::open(folder).ok().filter(|folder| folder.lock().is_ok())
}

/// A file in the folder that only one program can have open, and that Windows removes when it is closed, also
/// if the program is killed.
#[cfg(windows)]
fn locked(folder: &Path) -> Option<File> {
    use std::os::windows::fs::OpenOptionsExt;

    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    const ACCESS_DENIED: i32 = 5;
    const SHARING_VIOLATION: i32 = 32;
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    options.share_mode(0).custom_flags(DELETE_ON_CLOSE);
    let mut denied = 0;
    loop {
        match options.open(folder.join(".changing")) {
            Ok(file) => return Some(file),
            Err(error) => match error.raw_os_error() {
                Some(SHARING_VIOLATION) => {}
                // The file is being removed; if this lasts, the folder does not allow new files.
                Some(ACCESS_DENIED) if denied < 50 => denied += 1,
                _ => return None,
            },
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn one_has_the_lock_at_a_time_and_it_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let profile = folder.path().join("profile.json");
        let (holders, times) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        let lock = Lock::wait(&profile);
                        assert!(lock._held.is_some());
                        assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                        std::thread::yield_now();
                        holders.fetch_sub(1, Ordering::SeqCst);
                        times.fetch_add(1, Ordering::SeqCst);
                        drop(lock);
                    }
                });
            }
        });
        assert_eq!(times.into_inner(), 40);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(Lock::wait(&folder.path().join("gone/profile.json"))._held.is_none());
    }
}
