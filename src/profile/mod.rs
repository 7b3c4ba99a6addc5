//! What is saved of an enrolled person, and how it is read back.

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
// The program's own, promised to nobody.
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

/// Where a profile's threshold comes from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThresholdChoice {
    /// The false accept rate asked for, between 0 and 1.
    Far(f64),
    /// The evidence itself.
    Evidence(f64),
}

impl ThresholdChoice {
    /// The choice of a false accept rate: a share of strangers, more than none and less than all.
    ///
    /// # Errors
    /// What would be right.
    pub fn of_far(far: f64) -> std::result::Result<Self, &'static str> {
        if !(far > 0.0 && far < 1.0) {
            return Err("give a share of strangers between 0 and 1, such as 1e-4 or 0.01%");
        }
        if threshold_for(far) >= LIMIT {
            return Err("no photo could pass; rates down to 1e-6 can be asked for");
        }
        Ok(Self::Far(far))
    }

    /// The threshold on evidence.
    #[must_use]
    pub fn evidence(self) -> f64 {
        match self {
            Self::Far(far) => threshold_for(far),
            Self::Evidence(evidence) => evidence,
        }
    }
}

/// Photos of somebody who must not be taken for the enrolled person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LookAlike {
    /// The name of the folder they came from.
    pub name: String,
    /// One embedding a photo.
    pub embeddings: Vec<Vec<f32>>,
}

/// One enrolled person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The format's version.
    pub version: u32,
    /// The person's name.
    pub name: String,
    /// The identity of the models whose embeddings these are.
    pub models: String,
    /// The decision method.
    pub method: Method,
    /// What the threshold was chosen by.
    pub threshold: ThresholdChoice,
    /// Every photo that was given, kept or not, in order.
    pub photos: Vec<PhotoRecord>,
    /// Embeddings of other people, for the methods that learn from them.
    pub negatives: Vec<Vec<f32>>,
    /// People to be kept apart.
    pub look_alikes: Vec<LookAlike>,
    /// What the strangers at hand reach, if any were learnt from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strangers: Option<Strangers>,
    /// Whether the threshold is set by the strangers that turn up.
    #[serde(default, skip_serializing_if = "Calibrate::is_auto")]
    pub calibrate: Calibrate,
    /// The year in which the person was born, if that was said: children change within years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<u16>,
}

/// Whether a threshold is set by the strangers that turn up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Calibrate {
    /// By the faces that were seen, only upwards.
    #[default]
    Auto,
    /// By those that were given for it, whatever else is seen.
    Given,
    /// By the population alone.
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

    /// The evidence from which on a face is a match: what was chosen, or what the strangers at hand ask
    /// for to keep the rate that was chosen.
    #[must_use]
    pub fn threshold(&self) -> f64 {
        self.threshold_at(self.threshold)
    }

    /// The same for another choice.
    #[must_use]
    pub fn threshold_at(&self, choice: ThresholdChoice) -> f64 {
        match (choice, &self.strangers) {
            (ThresholdChoice::Far(far), Some(strangers)) => strangers.threshold(far),
            (choice, _) => choice.evidence(),
        }
    }

    /// The share of strangers that the threshold accepts: of those at hand, or else of the person's own
    /// kind in the population.
    #[must_use]
    pub fn far(&self) -> f64 {
        match (self.threshold, &self.strangers) {
            (ThresholdChoice::Evidence(evidence), Some(strangers)) => {
                far_of(strangers.among(evidence))
            }
            (ThresholdChoice::Evidence(evidence), None) => far_of(evidence),
            (ThresholdChoice::Far(far), _) => far,
        }
    }

    /// The photos of which a human said that the person is in them, with the face that is meant.
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
    /// Where the method cannot be fitted.
    pub fn decision(&self, population: &Population) -> Result<Decision> {
        self.decision_by(self.method, population)
    }

    /// As [`Self::decision`], by another method.
    ///
    /// # Errors
    /// Where the method cannot be fitted.
    pub fn decision_by(&self, method: Method, population: &Population) -> Result<Decision> {
        self.decision_from(method, population, &self.embeddings())
    }

    /// As [`Self::decision_by`], fitted to `embeddings` in place of the profile's own.
    ///
    /// # Errors
    /// Where the method cannot be fitted.
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

    /// Read a profile in clear that belongs to the models `identity`.
    ///
    /// # Errors
    /// Missing, damaged, of a newer version, or of other models; [`crate::Error::Encrypted`].
    pub fn load(path: &Path, identity: &str) -> Result<Self> {
        Self::unlock(path, identity, || store::locked(path))
    }

    /// Read a profile that belongs to the models `identity`; where it is encrypted, `passphrase` is
    /// asked for.
    ///
    /// # Errors
    /// As [`Self::load`]; [`crate::Error::WrongPassphrase`], and what `passphrase` returns.
    pub fn unlock(
        path: &Path,
        identity: &str,
        passphrase: impl FnOnce() -> Result<Passphrase>,
    ) -> Result<Self> {
        store::of_models(store::read(path, passphrase)?, path, identity)
    }

    /// The profile in `json`, as [`Self::to_json`] gives it, that belongs to the models `identity`;
    /// `name` is what it is called in errors.
    ///
    /// # Errors
    /// Damaged, of a newer version, or of other models.
    pub fn from_json(json: &[u8], name: &Path, identity: &str) -> Result<Self> {
        store::of_models(store::parse(json, name)?, name, identity)
    }

    /// Read a profile of whatever models, to look at it; `passphrase` as for [`Self::unlock`].
    ///
    /// # Errors
    /// Missing, damaged, or of a newer version; [`crate::Error::WrongPassphrase`].
    pub fn read(path: &Path, passphrase: impl FnOnce() -> Result<Passphrase>) -> Result<Self> {
        store::read(path, passphrase)
    }

    /// The profile as it stands in its file, in clear.
    ///
    /// # Errors
    /// Only if JSON's writer fails, which nothing makes it do.
    pub fn to_json(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Remove the profile at `path`, a damaged one too, and what killed programs left of it. A file
    /// that is no profile is left alone.
    ///
    /// # Errors
    /// [`crate::Error::NoProfile`], [`crate::Error::NotAProfile`], [`crate::Error::Write`].
    pub fn delete(path: &Path) -> Result<()> {
        store::delete(path)
    }

    /// Write the profile so that only its owner can read it, and nobody without the `passphrase` if
    /// there is one; a crash leaves the old file or the new.
    ///
    /// # Errors
    /// [`crate::Error::Write`].
    pub fn save(&self, path: &Path, passphrase: Option<&Passphrase>) -> Result<()> {
        store::save(self, path, passphrase)
    }
}
