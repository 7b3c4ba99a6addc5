//! Photos that are named in an error so that its advice can be followed.

use std::path::PathBuf;

/// Photos that show which two people are meant, and by which one of them can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Examples {
    /// A photo of each without the other.
    Apart(PathBuf, PathBuf),
    /// Of both in one photo, with the number of the face of each, counted from the left from 1.
    Together(PathBuf, usize, usize),
}

impl Examples {
    /// How to say who is meant.
    pub(super) fn advice(&self) -> String {
        match self {
            Self::Apart(first, second) => format!(
                "{} shows one of them, {} the other: keep the photos of one of them",
                first.display(),
                second.display()
            ),
            Self::Together(photo, first, second) => format!(
                "say who is meant with --face {photo}:{first} or --face {photo}:{second}, counted from the left, or crop \
                 some photos to the person",
                photo = photo.display()
            ),
        }
    }
}
