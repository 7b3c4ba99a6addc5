//! Review: the faces that a scan found and that are or may be the person's, a human's answers to them, and the
//! profile after each answer. It is kept beside the profile.
//!
//! | file | what is in it |
//! |---|---|
//! | `findings` | the faces that a scan finds |
//! | `answers` | yes, no and not sure, and undoing them: each is an [`crate::enroll::Change`] |
//! | `list` | the faces to review, the most doubtful first |
//! | `settled` | whether further answers change anything |

mod answers;
mod findings;
mod list;
mod settled;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::enroll::Candidate;
use crate::error::{Error, Result, one_line};
use crate::photo::Date;
use crate::pipeline::AnalysedFace;
use crate::profile::{
    Choice, Passphrase, Profile, is_unit, keep_beside, path_as_text, read_beside,
};

pub use findings::{Findings, KEPT_BELOW};
pub use list::{List, Listed, Near};

/// The version of the file's format that this program writes.
const VERSION: u32 = 1;
/// The number of digits of a photo's SHA-256 in a face's id.
const DIGITS: usize = 10;

/// One face that a scan found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The photo's absolute path.
    #[serde(serialize_with = "path_as_text")]
    pub photo: PathBuf,
    /// The SHA-256 of its content.
    pub sha256: String,
    /// Which of the photo's faces it is, counted from the left from 1.
    pub number: usize,
    /// How many faces the photo has.
    pub faces: usize,
    /// The face.
    pub face: AnalysedFace,
    /// The day on which the photo was taken, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Date>,
}

impl Finding {
    /// The face's id: the same for the same face of the same photo, wherever its file is.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}-{}", self.sha256.get(..DIGITS).unwrap_or(&self.sha256), self.number)
    }

    /// The photo with only this face, chosen by a human.
    fn candidate(&self) -> Candidate {
        Candidate {
            path: self.photo.clone(),
            sha256: self.sha256.clone(),
            faces: Ok(vec![self.face.clone()]),
            bystanders: self.faces.saturating_sub(1),
            number: (self.faces > 1).then_some(self.number),
            choice: Choice::Keep,
            sent: false,
            taken: self.taken,
        }
    }
}

/// A human's answer about a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// It is the person: the photo is enrolled.
    Yes,
    /// It is somebody else, who is kept apart from now on.
    No,
    /// The human is not sure; the face comes last from now on.
    Unsure,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Answered {
    /// The face, by its id.
    face: String,
    answer: Answer,
    /// For "no": the look-alike's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    apart: Option<String>,
    /// Answers with the same step are undone together.
    step: u64,
}

/// The review of one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    version: u32,
    /// The identity of the pack whose embeddings these are.
    models: String,
    findings: Vec<Finding>,
    /// Every answer, in order. The last one to a face counts.
    answers: Vec<Answered>,
}

impl Review {
    /// An empty review for the pack `identity`.
    #[must_use]
    pub fn new(identity: &str) -> Self {
        let models = identity.to_owned();
        Self { version: VERSION, models, findings: Vec::new(), answers: Vec::new() }
    }

    /// The review beside the profile at `path`, if it is of the pack `identity`; an empty one if there is none.
    /// `passphrase` is that of the profile.
    ///
    /// # Errors
    /// [`Error::Read`], or [`Error::Review`] if it cannot be used.
    pub fn load(path: &Path, identity: &str, passphrase: Option<&Passphrase>) -> Result<Self> {
        let Some(bytes) = read_beside(path, passphrase)? else { return Ok(Self::new(identity)) };
        let unusable =
            |reason: String| Error::Review { path: crate::profile::beside(path), reason };
        let broken = |e: serde_json::Error| unusable(one_line(&e.to_string()));
        let review: Self = serde_json::from_slice(&bytes).map_err(broken)?;
        if review.version > VERSION {
            let (found, known) = (review.version, VERSION);
            return Err(unusable(format!(
                "version {found} is newer than this program can read ({known})"
            )));
        }
        if review.models != identity {
            return Ok(Self::new(identity));
        }
        let dimensions = review.findings.first().map_or(0, |first| first.face.embedding.len());
        let sound = |finding: &Finding| {
            let embedding = &finding.face.embedding;
            embedding.len() == dimensions && is_unit(embedding)
        };
        if !review.findings.iter().all(sound) {
            return Err(unusable("an embedding is not a unit vector of the right size".into()));
        }
        Ok(review)
    }

    /// Save it beside the profile at `path`, encrypted if there is a `passphrase`.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn save(&self, path: &Path, passphrase: Option<&Passphrase>) -> Result<()> {
        let bytes = serde_json::to_vec(self).map_err(|e| Error::write(path, e.into()))?;
        keep_beside(path, &bytes, passphrase)
    }

    /// The face with this id.
    ///
    /// # Errors
    /// [`Error::Value`].
    pub fn finding(&self, id: &str) -> Result<&Finding> {
        let unknown = || {
            let problem = "no face to review has this id; the list shows those that do";
            Error::value(format!("{id:?}"), problem)
        };
        self.findings.iter().find(|finding| finding.id() == id).ok_or_else(unknown)
    }

    /// Whether `profile` has this photo, so that the face is not to be answered.
    fn is_enrolled(profile: &Profile, finding: &Finding) -> bool {
        profile.photos.iter().any(|record| record.sha256 == finding.sha256)
    }
}

#[cfg(test)]
mod tests;
