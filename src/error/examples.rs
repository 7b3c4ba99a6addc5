//! Photos that an error names, so that the user can follow its advice.

use std::path::PathBuf;

/// Photos that show the two people, by which the user can choose one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Examples {
    /// A photo of each person without the other.
    Apart(PathBuf, PathBuf),
    /// A photo of both, with the number of each one's face, counted from the left from 1.
    Together(PathBuf, usize, usize),
}
