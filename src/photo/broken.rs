//! What is said of a photo that its decoder cannot read.

use std::path::Path;

use crate::error::{Error, one_line};

/// What to do with a photo of a kind that is not read.
pub(super) const REMEDY: &str =
    "convert it to JPEG or PNG first, for example with `magick IN OUT.png`";

/// A photo that its decoder cannot read, and why.
pub(super) fn damaged(path: &Path, reason: &dyn std::fmt::Display) -> Error {
    Error::DamagedPhoto { path: path.to_owned(), reason: one_line(&reason.to_string()) }
}

/// A rare kind of a format that is read otherwise.
pub(super) fn unsupported(path: &Path, format: &str) -> Error {
    Error::UnsupportedFormat {
        path: path.to_owned(),
        format: format!("this kind of {format}"),
        remedy: REMEDY,
    }
}
