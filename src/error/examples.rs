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
