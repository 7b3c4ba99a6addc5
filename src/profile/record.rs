//! What a profile keeps of each photo.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

use crate::face::Concern;
use crate::photo::Date;
use crate::pipeline::AnalysedFace;

/// One photo that was given to enrol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhotoRecord {
    /// The file, as it was named.
    #[serde(serialize_with = "path_as_text")]
    pub path: PathBuf,
    /// The SHA-256 of its content; empty where it could not be read.
    pub sha256: String,
    /// Whether it counts.
    #[serde(flatten)]
    pub status: Status,
    /// The face that is, or comes closest to, the person's. Other faces are not kept.
    pub face: Option<AnalysedFace>,
    /// How many other faces the photo has.
    pub bystanders: usize,
    /// Which of its several faces that is, counted from the left from 1; absent if it is the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<usize>,
    /// How well the other kept photos recognise this face: −log₁₀ of the share of strangers at
    /// least as alike.
    pub evidence: Option<f64>,
    /// Whether it was sent by another program: its path is then a name, and no file of this machine.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sent: bool,
    /// What a human said of it, against what the enrolment would do.
    #[serde(default, skip_serializing_if = "Choice::is_auto")]
    pub choice: Choice,
    /// When it was taken, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Date>,
}

/// Who says whether a photo counts: the enrolment, or a human.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// The enrolment.
    #[default]
    Auto,
    /// A human: it counts, if it has a face and is no copy.
    Keep,
    /// A human: it does not count.
    Drop,
}

impl Choice {
    fn is_auto(&self) -> bool {
        *self == Self::Auto
    }
}

/// JSON has no bytes: what is not UTF-8 in a name is replaced.
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
    /// It shows what another photo shows already.
    Duplicate {
        /// The photo that counts in its place.
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
    /// Its faces do not look like the person in the other photos.
    SomebodyElse,
    /// Its face is too poor to learn from.
    Poor(Concern),
    /// A human took it out.
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
            Self::SomebodyElse => f.write_str("does not look like the person in the other photos"),
            Self::Poor(concern) => write!(f, "{concern}"),
            Self::Dropped => f.write_str("taken out by hand"),
        }
    }
}
