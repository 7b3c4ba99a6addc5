//! Constructors of errors.

use std::io;
use std::path::Path;

use super::{Error, foreign, one_line};

impl Error {
    /// An error of reading `path`; [`Self::Address`] if that is a web address.
    pub fn read(path: &Path, source: io::Error) -> Self {
        if foreign::is_address(path) {
            return Self::Address { path: path.to_owned() };
        }
        Self::Read { path: path.to_owned(), source }
    }

    /// An error of writing `path`.
    pub fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }

    /// A failure of `model`, with the reason in one line.
    pub fn model(model: &str, reason: impl std::fmt::Display) -> Self {
        Self::Model { model: model.to_owned(), reason: one_line(&reason.to_string()) }
    }

    /// A pack that cannot be used, with the reason in one line.
    pub fn pack(place: &str, reason: impl std::fmt::Display) -> Self {
        Self::Pack { place: place.to_owned(), reason: one_line(&reason.to_string()) }
    }

    /// An index that cannot be used, with the reason in one line.
    pub fn index(path: &Path, reason: impl std::fmt::Display) -> Self {
        Self::Index { path: path.to_owned(), reason: one_line(&reason.to_string()) }
    }

    /// A flag or argument out of its range.
    pub fn value(what: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Value { what: what.into(), problem: problem.into() }
    }
}

impl From<io::Error> for Error {
    /// An error without a path is one of writing the output; files' errors are made by [`Self::read`] and
    /// [`Self::write`].
    fn from(source: io::Error) -> Self {
        Self::Output { source }
    }
}

/// The message for a photo whose file is cut off, so that `missing` percent of the picture are missing.
#[must_use]
pub fn cut_off(missing: u8) -> String {
    match missing {
        0 => "the file is cut off and lacks detail".to_owned(),
        some => format!("the file is cut off and {some} % of the picture is missing"),
    }
}
