//! The entries that a walk finds, and how many files of each kind it skips.

use std::fmt;
use std::path::PathBuf;

use serde::{Serialize, Serializer};

use super::kind::Kind;

/// The kind of a file: a photo, or a kind of skipped file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A photo, or a file with a photo's name.
    Photo(PathBuf),
    /// A video.
    Video(PathBuf),
    /// Something else.
    Other(PathBuf, Kind),
}

impl Found {
    /// The photo; `None` if it is something else, which is counted in `passed`.
    pub fn photo(self, passed: &mut Passed) -> Option<PathBuf> {
        passed.count(&self);
        match self {
            Self::Photo(path) => Some(path),
            Self::Video(_) | Self::Other(..) => None,
        }
    }
}

/// How many files were skipped, by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passed([u64; Kind::ALL.len()]);

impl Passed {
    /// The same without the files of a kind that were not skipped after all.
    #[must_use]
    pub fn without(mut self, kind: Kind) -> Self {
        let of_kind = Kind::ALL.iter().position(|other| *other == kind);
        of_kind.into_iter().for_each(|at| self.0[at] = 0);
        self
    }

    /// Count one more file.
    pub fn add(&mut self, kind: Kind) {
        if let Some(at) = Kind::ALL.iter().position(|other| *other == kind) {
            self.0[at] += 1;
        }
    }

    /// The kind of the file, if it is not a photo.
    pub fn count(&mut self, found: &Found) {
        match found {
            Found::Photo(_) => {}
            Found::Video(_) => self.add(Kind::Video),
            Found::Other(_, kind) => self.add(*kind),
        }
    }

    /// Those of `other` too.
    pub fn extend(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(count, more)| *count += more);
    }

    /// How many there are of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> u64 {
        Kind::ALL
            .iter()
            .zip(self.0)
            .find(|(other, _)| **other == kind)
            .map_or(0, |(_, count)| count)
    }

    /// How many there are in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}

impl Serialize for Passed {
    /// As in `{"video": 12, "pdf": 1}`, without kinds that do not occur.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let counted = Kind::ALL.iter().zip(self.0).filter(|(_, count)| *count > 0);
        serializer.collect_map(counted.map(|(kind, count)| (kind.name(), count)))
    }
}

impl fmt::Display for Passed {
    /// As in "12 videos, 1 PDF"; empty if nothing was skipped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = Kind::ALL.iter().zip(self.0).filter(|(_, count)| *count > 0);
        for (at, (kind, count)) in counted.enumerate() {
            let (_, one, several, _) = kind.said();
            let comma = if at > 0 { ", " } else { "" };
            let name = if count == 1 { one } else { several };
            write!(f, "{comma}{} {name}", crate::words::grouped(count))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_by_kind_and_in_words() {
        let mut passed = Passed::default();
        assert_eq!((passed.to_string(), passed.total()), (String::new(), 0));
        passed.add(Kind::Pdf);
        (0..12).for_each(|_| passed.add(Kind::Video));
        (0..3).for_each(|_| passed.add(Kind::RawWithoutPreview));
        assert_eq!(passed.to_string(), "12 videos, 3 RAW files without a preview, 1 PDF");
        let mut more = Passed::default();
        (0..1_200).for_each(|_| more.add(Kind::Other));
        more.extend(&passed);
        assert_eq!((more.total(), more.of(Kind::Video)), (1_216, 12));
        assert!(more.to_string().ends_with("1 PDF, 1,200 other files"), "{more}");
        assert_eq!(more.without(Kind::Other), passed);
    }
}
