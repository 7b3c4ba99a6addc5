//! A pack: the models that belong together and how to use them, described by one file.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::runtime::Runtime;
use super::{Embedder, Network};
use crate::error::{Error, Result};
use crate::face::{CropTemplate, Mtcnn, MtcnnSettings};

/// The default pack's files, carried by the executable.
const EMBEDDED: [(&str, &[u8]); 5] = [
    ("pnet.onnx", include_bytes!("../../models/pnet.onnx")),
    ("rnet.onnx", include_bytes!("../../models/rnet.onnx")),
    ("onet.onnx", include_bytes!("../../models/onet.onnx")),
    ("dlib_resnet_v1.onnx", include_bytes!("../../models/dlib_resnet_v1.onnx")),
    ("population.safetensors", include_bytes!("../../models/population.safetensors")),
];
const DESCRIPTION: &str = include_str!("../../models/pack.json");

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
    /// The three networks of [`Mtcnn`].
    Mtcnn {
        /// The proposal network.
        pnet: ModelFile,
        /// The refinement network.
        rnet: ModelFile,
        /// The output network.
        onet: ModelFile,
    },
}

/// The embedder of a pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmbedderDescription {
    /// The network: crops (N, 3, size, size) RGB to embeddings (N, dimensions).
    #[serde(flatten)]
    pub model: ModelFile,
    /// The name of its output.
    pub output: String,
    /// The length of an embedding.
    pub dimensions: usize,
    /// What is subtracted from each channel's 0 to 255 before the network.
    pub mean: [f32; 3],
    /// What the difference is multiplied by.
    pub scale: f32,
}

/// Models that belong together: detector, crop, embedder and the population that its embeddings
/// were measured on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pack {
    /// The pack's name.
    pub name: String,
    /// The licences of its parts.
    pub licence: String,
    /// The face detector.
    pub detector: DetectorDescription,
    /// Where the landmarks belong in the embedder's crop.
    pub crop: CropTemplate,
    /// The embedder.
    pub embedder: EmbedderDescription,
    /// Mean, covariances and score tables of many people's embeddings.
    pub population: ModelFile,
}

impl Pack {
    /// The pack that the executable carries.
    ///
    /// # Errors
    /// [`Error::Model`] where its description is damaged.
    pub fn default_pack() -> Result<Self> {
        serde_json::from_str(DESCRIPTION).map_err(|e| Error::model("pack.json", e))
    }

    /// Every model file of the pack.
    #[must_use]
    pub fn files(&self) -> Vec<&ModelFile> {
        let DetectorDescription::Mtcnn { pnet, rnet, onet } = &self.detector;
        vec![pnet, rnet, onet, &self.embedder.model, &self.population]
    }

    /// What embeddings of this pack are comparable by: a hash over detector, crop and embedder.
    /// The population is no part of it, for it does not change an embedding.
    #[must_use]
    pub fn identity(&self) -> String {
        let parts = (&self.detector, &self.crop, &self.embedder);
        let described = serde_json::to_vec(&parts).unwrap_or_default();
        let digest = format!("{:x}", Sha256::digest(described));
        format!("{}-{}", self.name, &digest[..12])
    }

    /// The bytes of one of the pack's files, checked against its hash.
    ///
    /// # Errors
    /// [`Error::Model`] where the file is not carried or is not the one described.
    pub fn bytes(&self, file: &ModelFile) -> Result<&'static [u8]> {
        let (_, bytes) = EMBEDDED
            .iter()
            .find(|(name, _)| *name == file.file)
            .ok_or_else(|| Error::model(&file.file, "the executable does not carry it"))?;
        let found = format!("{:x}", Sha256::digest(bytes));
        if found == file.sha256 {
            Ok(bytes)
        } else {
            Err(Error::model(&file.file, format!("its sha256 is {found}, not {}", file.sha256)))
        }
    }

    /// Load the detector.
    ///
    /// # Errors
    /// [`Error::Model`] where a network does not load.
    pub fn detector(&self, runtime: &Runtime) -> Result<Mtcnn> {
        let DetectorDescription::Mtcnn { pnet, rnet, onet } = &self.detector;
        let load = |file: &ModelFile| Network::load(runtime, &file.file, self.bytes(file)?);
        Ok(Mtcnn::new([load(pnet)?, load(rnet)?, load(onet)?], MtcnnSettings::default()))
    }

    /// Load the embedder.
    ///
    /// # Errors
    /// [`Error::Model`] where the network does not load.
    pub fn embedder(&self, runtime: &Runtime) -> Result<Embedder> {
        let file = &self.embedder.model;
        let network = Network::load(runtime, &file.file, self.bytes(file)?)?;
        Ok(Embedder::new(network, self.embedder.clone(), self.crop.size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_pack_holds_what_it_describes() {
        let pack = Pack::default_pack().unwrap();
        for file in pack.files() {
            pack.bytes(file).unwrap();
        }
        assert_eq!(pack.embedder.dimensions, 128);
    }

    #[test]
    fn a_file_of_another_content_is_refused() {
        let pack = Pack::default_pack().unwrap();
        let wrong = ModelFile { file: "pnet.onnx".into(), sha256: "00".into() };
        assert!(matches!(pack.bytes(&wrong), Err(Error::Model { .. })));
    }

    #[test]
    fn another_crop_is_another_identity() {
        let pack = Pack::default_pack().unwrap();
        let mut other = pack.clone();
        other.crop.weights[0] = 0.5;
        assert_ne!(pack.identity(), other.identity());
    }
}
