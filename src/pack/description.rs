//! The content of `pack.json`: every fact that is about the models and not about the program.

use serde::{Deserialize, Serialize};

use super::golden::Golden;
use crate::face::{CropTemplate, MtcnnSettings, QualityLimits, Search, View, YunetSettings};
use crate::model::EmbedderSettings;

/// A file of a pack, known by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelFile {
    /// The file's name beside the description.
    pub file: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The detector of a pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum DetectorDescription {
    /// The three networks of [`crate::face::Mtcnn`].
    Mtcnn {
        /// The proposal network.
        pnet: ModelFile,
        /// The refinement network.
        rnet: ModelFile,
        /// The output network.
        onet: ModelFile,
        /// What it looks for.
        settings: MtcnnSettings,
    },
    /// The one network of [`crate::face::Yunet`].
    Yunet {
        /// The network.
        model: ModelFile,
        /// What it takes for a face.
        settings: YunetSettings,
    },
}

impl DetectorDescription {
    /// Its model files.
    #[must_use]
    pub fn files(&self) -> Vec<&ModelFile> {
        match self {
            Self::Mtcnn { pnet, rnet, onet, .. } => vec![pnet, rnet, onet],
            Self::Yunet { model, .. } => vec![model],
        }
    }
}

/// The embedder of a pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmbedderDescription {
    /// The network.
    #[serde(flatten)]
    pub model: ModelFile,
    /// What goes in and what comes out.
    #[serde(flatten)]
    pub settings: EmbedderSettings,
}

/// The views of a face, each one run of the embedder; a face's embedding is the mean of its views'.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Views {
    /// The views of a face that is enrolled, at least one.
    pub enrolling: Vec<View>,
    /// The views of a face that is checked, at least one.
    pub checking: Vec<View>,
}

/// The thresholds beyond which two faces are copies of one picture and not two photos of one person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuplicateLimits {
    /// The least cosine of their embeddings.
    pub same_look: f64,
    /// The largest distance between the shapes of their landmarks, whose squared distances from
    /// their middle sum to 1.
    pub same_shape: f32,
}

/// The purpose of an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// To enrol the person in it.
    Enrolling,
    /// To judge it.
    #[default]
    Checking,
}

impl Views {
    /// The views for a purpose.
    #[must_use]
    pub fn of(&self, purpose: Purpose) -> &[View] {
        match purpose {
            Purpose::Enrolling => &self.enrolling,
            Purpose::Checking => &self.checking,
        }
    }
}

/// The content of `pack.json`. Fields that are not listed here only describe the pack and are ignored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// The pack's name: letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// The licences of its parts.
    pub licence: String,
    /// The face detector.
    pub detector: DetectorDescription,
    /// How a photo is searched with it.
    pub search: Search,
    /// Where the landmarks belong in the embedder's crop.
    pub crop: CropTemplate,
    /// The views of a face.
    pub views: Views,
    /// The embedder.
    pub embedder: EmbedderDescription,
    /// The thresholds for a face that is small, blurred, turned away or doubtful.
    pub quality: QualityLimits,
    /// The thresholds beyond which two photos are copies of one picture.
    pub duplicates: DuplicateLimits,
    /// The original embedder's embedding of a fixed picture, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub golden: Option<Golden>,
}

impl Description {
    /// Every model file.
    #[must_use]
    pub fn files(&self) -> Vec<&ModelFile> {
        let mut files = self.detector.files();
        files.push(&self.embedder.model);
        files
    }

    /// What is wrong with it, in words that follow "pack.json: ".
    pub(super) fn fault(&self) -> Option<String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let inside = |v: f32| (0.0..self.crop.size as f32).contains(&v);
        let EmbedderSettings { dimensions, scale, mean, batch, .. } = &self.embedder.settings;
        let leads_out = |file: &&ModelFile| file.file.is_empty() || file.file.contains(['/', '\\']);
        if self.name.is_empty() || !self.name.chars().all(plain) {
            Some("name may only contain letters, digits, '-', '_' and '.'".to_owned())
        } else if let Some(file) = self.files().into_iter().find(leads_out) {
            Some(format!("file {:?} must lie beside pack.json", file.file))
        } else if !(16..=1024).contains(&self.crop.size) {
            Some(format!("crop.size is {}, not 16 to 1024 pixels", self.crop.size))
        } else if !self.crop.landmarks.iter().all(|p| inside(p.x) && inside(p.y)) {
            Some("crop.landmarks must lie inside the crop".to_owned())
        } else if !self.crop.weights.iter().all(|w| *w >= 0.0)
            || self.crop.weights.iter().sum::<f32>() <= 0.0
        {
            Some("crop.weights must be 0 or more, and not all 0".to_owned())
        } else if self.views.enrolling.is_empty() || self.views.checking.is_empty() {
            Some("views.enrolling and views.checking each need at least one view".to_owned())
        } else if !(2..=4096).contains(dimensions) {
            Some(format!("embedder.dimensions is {dimensions}, not 2 to 4096"))
        } else if !scale.iter().all(|s| s.is_normal()) || !mean.iter().all(|m| m.is_finite()) {
            Some("embedder.scale must not contain 0".to_owned())
        } else if !(1..=256).contains(batch) {
            Some(format!("embedder.batch is {batch}, not 1 to 256 crops"))
        } else {
            let search = self.search.fault().map(|fault| format!("search.{fault}"));
            let golden = self.golden.as_ref();
            search.or_else(|| golden.and_then(|g| g.fault(*dimensions, self.crop.size)))
        }
    }
}
