//! The profile: what is saved about an enrolled person, and reading and writing it.

mod beside;
mod encryption;
#[cfg(test)]
mod killed;
mod lock;
mod passphrase;
mod record;
mod store;
mod told;

pub use beside::{beside, keep_beside, read_beside, relock_beside};
pub use lock::Lock;
pub use passphrase::Passphrase;
pub(crate) use record::path_as_text;
pub use record::{Choice, PhotoRecord, Reason, Status};
pub use store::{check_writable, default_path, name_in};
pub use told::Told;
// Used by the program; not part of the stable API.
#[doc(hidden)]
pub use store::{check_deletable, is_unit};

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::decision::calibration::LIMIT;
use crate::decision::{Decision, Method, Population, Strangers, far_of, threshold_for};
use crate::error::Result;
use crate::face::Face;

/// The version of the profile's format that this program writes.
pub const VERSION: u32 = 1;

/// How a profile's threshold was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThresholdChoice {
    /// By a false accept rate, between 0 and 1, both excluded.
    Far(f64),
    /// By a score.
    #[serde(rename = "evidence")]
    Score(f64),
}

impl ThresholdChoice {
    /// The choice of a false accept rate: a share of strangers between 0 and 1, both excluded.
    ///
    /// # Errors
    /// A message with the valid values.
    pub fn of_far(far: f64) -> std::result::Result<Self, &'static str> {
        if !(far > 0.0 && far < 1.0) {
            return Err("give a share of strangers between 0 and 1, such as 1e-4 or 0.01%");
        }
        if threshold_for(far) >= LIMIT {
            return Err("too low for any photo to match; give 1e-6 or more");
        }
        Ok(Self::Far(far))
    }

    /// The threshold, a score.
    #[must_use]
    pub fn score(self) -> f64 {
        match self {
            Self::Far(far) => threshold_for(far),
            Self::Score(score) => score,
        }
    }
}

/// Photos of a look-alike, who must not match as the enrolled person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LookAlike {
    /// The name of the folder they came from.
    pub name: String,
    /// One embedding for each photo.
    pub embeddings: Vec<Vec<f32>>,
}

/// One enrolled person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The format's version.
    pub version: u32,
    /// The person's name.
    pub name: String,
    /// The identity of the pack whose embeddings these are.
    pub models: String,
    /// The decision method.
    pub method: Method,
    /// How the threshold was chosen.
    pub threshold: ThresholdChoice,
    /// Every photo that was given, kept or not, in order.
    pub photos: Vec<PhotoRecord>,
    /// Embeddings of other people, for methods that use them.
    pub negatives: Vec<Vec<f32>>,
    /// People to be kept apart.
    pub look_alikes: Vec<LookAlike>,
    /// The scores of local strangers, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strangers: Option<Strangers>,
    /// Whether local strangers set the threshold.
    #[serde(default, skip_serializing_if = "Calibrate::is_auto")]
    pub calibrate: Calibrate,
    /// The year in which the person was born, if known: children change within years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<u16>,
}

/// Whether local strangers set the threshold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Calibrate {
    /// Strangers in analysed photos can raise it.
    #[default]
    Auto,
    /// Only the strangers that were given for it can raise it.
    Given,
    /// Only the population sets it.
    Off,
}

impl Calibrate {
    fn is_auto(&self) -> bool {
        *self == Self::Auto
    }
}

impl Profile {
    /// The embeddings of the photos that count, in order.
    #[must_use]
    pub fn embeddings(&self) -> Vec<Vec<f32>> {
        self.kept().filter_map(|photo| Some(photo.face.as_ref()?.embedding.clone())).collect()
    }

    /// The score from which a face is a match: the chosen threshold, or the one that keeps the chosen rate among
    /// local strangers.
    #[must_use]
    pub fn threshold(&self) -> f64 {
        self.threshold_at(self.threshold)
    }

    /// The same for another choice.
    #[must_use]
    pub fn threshold_at(&self, choice: ThresholdChoice) -> f64 {
        match (choice, &self.strangers) {
            (ThresholdChoice::Far(far), Some(strangers)) => strangers.threshold(far),
            (choice, _) => choice.score(),
        }
    }

    /// The share of strangers that the threshold accepts: of local strangers if known, otherwise of the person's own
    /// kind in the population.
    #[must_use]
    pub fn far(&self) -> f64 {
        match (self.threshold, &self.strangers) {
            (ThresholdChoice::Score(score), Some(strangers)) => far_of(strangers.among(score)),
            (ThresholdChoice::Score(score), None) => far_of(score),
            (ThresholdChoice::Far(far), _) => far,
        }
    }

    /// The photos that a human confirmed, each with the confirmed face.
    pub fn kept_by_hand(&self) -> impl Iterator<Item = (&PhotoRecord, &Face)> {
        let by_hand = |photo: &&PhotoRecord| {
            photo.choice == Choice::Keep && photo.status == Status::Kept && !photo.sha256.is_empty()
        };
        let photos = self.photos.iter().filter(by_hand);
        photos.filter_map(|photo| Some((photo, &photo.face.as_ref()?.face)))
    }

    /// The photos that count.
    pub fn kept(&self) -> impl Iterator<Item = &PhotoRecord> {
        self.photos.iter().filter(|photo| photo.status == Status::Kept)
    }

    /// Fit the profile's method to its photos. The same profile gives the same decision.
    ///
    /// # Errors
    /// If the method cannot be fitted.
    pub fn decision(&self, population: &Population) -> Result<Decision> {
        self.decision_by(self.method, population)
    }

    /// As [`Self::decision`], by another method.
    ///
    /// # Errors
    /// If the method cannot be fitted.
    pub fn decision_by(&self, method: Method, population: &Population) -> Result<Decision> {
        self.decision_from(method, population, &self.embeddings())
    }

    /// As [`Self::decision_by`], fitted to `embeddings` instead of the profile's own.
    ///
    /// # Errors
    /// If the method cannot be fitted.
    pub fn decision_from(
        &self,
        method: Method,
        population: &Population,
        embeddings: &[Vec<f32>],
    ) -> Result<Decision> {
        let others: Vec<_> =
            self.look_alikes.iter().map(|other| other.embeddings.clone()).collect();
        let threshold = self.threshold();
        let decision =
            Decision::fit(method, population, embeddings, &self.negatives, &others, threshold)?;
        Ok(Decision { strangers: self.strangers.clone(), ..decision })
    }

    /// Read an unencrypted profile of the pack `identity`.
    ///
    /// # Errors
    /// If it is missing, damaged, of a newer version or of another pack; [`crate::Error::Encrypted`].
    pub fn load(path: &Path, identity: &str) -> Result<Self> {
        Self::unlock(path, identity, || store::locked(path))
    }

    /// Read a profile of the pack `identity`; if it is encrypted, `passphrase` is called.
    ///
    /// # Errors
    /// As [`Self::load`]; [`crate::Error::WrongPassphrase`], and the errors of `passphrase`.
    pub fn unlock(
        path: &Path,
        identity: &str,
        passphrase: impl FnOnce() -> Result<Passphrase>,
    ) -> Result<Self> {
        store::of_models(store::read(path, passphrase)?, path, identity)
    }

    /// The profile in `json`, as [`Self::to_json`] gives it, of the pack `identity`; errors call it `name`.
    ///
    /// # Errors
    /// If it is damaged, of a newer version or of another pack.
    pub fn from_json(json: &[u8], name: &Path, identity: &str) -> Result<Self> {
        store::of_models(store::parse(json, name)?, name, identity)
    }

    /// Read a profile of any pack, to show it; `passphrase` as for [`Self::unlock`].
    ///
    /// # Errors
    /// If it is missing, damaged or of a newer version; [`crate::Error::WrongPassphrase`].
    pub fn read(path: &Path, passphrase: impl FnOnce() -> Result<Passphrase>) -> Result<Self> {
        store::read(path, passphrase)
    }

    /// The profile as the JSON in its file, unencrypted.
    ///
    /// # Errors
    /// None in practice; the JSON writer returns errors.
    pub fn to_json(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Remove the profile at `path`, even a damaged one, and drafts that killed programs left. A file that is not a
    /// profile is not touched.
    ///
    /// # Errors
    /// [`crate::Error::NoProfile`], [`crate::Error::NotAProfile`], [`crate::Error::Write`].
    pub fn delete(path: &Path) -> Result<()> {
        store::delete(path)
    }

    /// Write the profile so that only its owner can read it, encrypted if there is a `passphrase`. A crash leaves
    /// either the old file or the new one.
    ///
    /// # Errors
    /// [`crate::Error::Write`].
    pub fn save(&self, path: &Path, passphrase: Option<&Passphrase>) -> Result<()> {
        store::save(self, path, passphrase)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::calibration::SCORES;

    /// Otherwise no saved profile could be read any more.
    #[test]
    fn scores_keep_their_name_in_saved_profiles() {
        let profile = Profile {
            threshold: ThresholdChoice::Score(3.5),
            strangers: Some(Strangers { faces: 20, own: 0, scores: SCORES }),
            ..store::tests::profile()
        };
        let saved = serde_json::to_value(profile).unwrap();
        assert_eq!(saved["threshold"]["evidence"], 3.5);
        assert_eq!(saved["photos"][0]["evidence"], 3.25);
        assert_eq!(saved["strangers"]["evidence"][10], 5.0);
    }
}
