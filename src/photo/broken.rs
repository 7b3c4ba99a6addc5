//! What is said of a photo that its decoder cannot read.

use std::path::Path;

use crate::error::{Error, one_line};

/// A photo that its decoder cannot read, and why.
pub(super) fn damaged(path: &Path, reason: &dyn std::fmt::Display) -> Error {
    Error::DamagedPhoto { path: path.to_owned(), reason: one_line(&reason.to_string()) }
}

/// A rare kind of a format that is read otherwise.
pub(super) fn unsupported(path: &Path, format: &str) -> Error {
    let remedy = "convert it to JPEG or PNG first, for example with `magick IN OUT.png`";
    Error::UnsupportedFormat {
        path: path.to_owned(),
        format: format!("this kind of {format}"),
        remedy,
    }
}
