//! Where the photos for tests are.

use std::path::{Path, PathBuf};

/// The folder of photos for tests, below that named by `VERIFY_TEST_DATA` or else below
/// `../shared/data`; `None`, said plainly, if it is absent.
pub fn folder(name: &str) -> Option<PathBuf> {
    let data = std::env::var_os("VERIFY_TEST_DATA").map(PathBuf::from);
    let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = data.unwrap_or_else(usual).join(name);
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}
