//! Photos of rare encodings and broken files, as bug reports of other programs brought them: each is read
//! right or refused.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../common/skipped.rs"]
mod skipped;

mod grid;
#[cfg(feature = "heif")]
mod heic;
mod jpeg;
mod png;
mod raw;
mod same;
mod tiff;
mod webp;

use std::path::{Path, PathBuf};

/// A folder of the odd files, which are not part of the project; `None` if they are missing.
fn odd(folder: &str) -> Option<PathBuf> {
    let path = data().join("odd").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    skipped::skipped("no ../shared/data/odd");
    None
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data")
}
