//! Where the photos for tests are.

use std::path::{Path, PathBuf};

use crate::skipped::skipped;

/// The folders of photos for tests that have these names, below the folder that `VERIFY_TEST_DATA`
/// names or else below `../shared/data`; `None`, and the test is skipped, if one is absent.
pub fn folders<const N: usize>(names: [&str; N]) -> Option<[PathBuf; N]> {
    let data = std::env::var_os("VERIFY_TEST_DATA").unwrap_or_else(|| "../shared/data".into());
    let folders = names.map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join(&data).join(name));
    if !folders.iter().all(|folder| folder.is_dir()) {
        skipped(&format!("no photos at {}", data.display()));
        return None;
    }
    Some(folders)
}
