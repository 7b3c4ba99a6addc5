//! The record that a profile keeps of each photo.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

use crate::face::Concern;
use crate::photo::Date;
use crate::pipeline::AnalysedFace;

/// One photo that was given to enrol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhotoRecord {
    /// The photo's path, as given.
    #[serde(serialize_with = "path_as_text")]
    pub path: PathBuf,
    /// The SHA-256 of its content, in hexadecimal; empty if it could not be read.
    pub sha256: String,
    /// Whether it counts.
    #[serde(flatten)]
    pub status: Status,
    /// The face that is, or is most like, the person's. Other faces are not kept.
    pub face: Option<AnalysedFace>,
    /// How many other faces the photo has.
    pub bystanders: usize,
    /// The number of that face among all faces, counted from the left from 1; absent if it is the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<usize>,
    /// The face's score by the other kept photos: −log₁₀ of the share of strangers who look at least as similar.
    // Saved profiles and JSON have this name for scores; another one would make saved profiles unreadable.
    #[serde(rename = "evidence")]
    pub score: Option<f64>,
    /// Whether it was sent by another program, so that its path is not a file on this machine.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sent: bool,
    /// A human's choice about it, which overrides the enrolment's.
    #[serde(default, skip_serializing_if = "Choice::is_auto")]
    pub choice: Choice,
    /// The day on which it was taken, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Date>,
}

/// Who decides whether a photo counts: the enrolment, or a human.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// The enrolment decides.
    #[default]
    Auto,
    /// A human decided that it counts, if it has a face and is not a copy.
    Keep,
    /// A human decided that it does not count.
    Drop,
}

impl Choice {
    fn is_auto(&self) -> bool {
        *self == Self::Auto
    }
}

/// JSON strings are UTF-8, so other bytes in a name are replaced.
pub(crate) fn path_as_text<S: Serializer>(
    path: &Path,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

/// Whether a photo counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Status {
    /// It counts.
    Kept,
    /// It is a copy of another photo.
    Duplicate {
        /// The photo that it is a copy of.
        #[serde(serialize_with = "path_as_text")]
        of: PathBuf,
    },
    /// It does not count.
    SetAside {
        /// Why.
        reason: Reason,
    },
}

/// Why a photo was set aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It could not be read.
    Unreadable(String),
    /// There is no face in it.
    NoFace,
    /// Its faces are probably somebody else's.
    SomebodyElse,
    /// Its face is too poor to be enrolled.
    Poor(Concern),
    /// A human set it aside.
    Dropped,
}

impl Reason {
    /// The names of all reasons in JSON.
    pub const CODES: [&'static str; 5] =
        ["unreadable", "no-face", "somebody-else", "poor", "dropped"];

    /// Its name in JSON.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => Self::CODES[0],
            Self::NoFace => Self::CODES[1],
            Self::SomebodyElse => Self::CODES[2],
            Self::Poor(_) => Self::CODES[3],
            Self::Dropped => Self::CODES[4],
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(message) => write!(f, "unreadable: {message}"),
            Self::NoFace => f.write_str("no face found"),
            Self::SomebodyElse => f.write_str("probably somebody else"),
            Self::Poor(concern) => write!(f, "{concern}"),
            Self::Dropped => f.write_str("set aside by hand"),
        }
    }
}
