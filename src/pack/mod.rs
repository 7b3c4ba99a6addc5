//! A pack: models that belong together, and everything that is needed to use them, in one folder that
//! `pack.json` describes. One pack is built into the program; any other is a folder. Nothing outside this
//! room knows which models there are.

mod description;
mod files;
mod golden;
mod identity;
mod names;

use std::borrow::Cow;
use std::path::Path;

use crate::error::{Error, Result};
use crate::face::{DetectFaces, Mtcnn, Yunet};
use crate::model::{EmbedFace, Embedder, Network, Runtime, Weights};

pub use description::{
    Description, DetectorDescription, DuplicateLimits, EmbedderDescription, ModelFile, Purpose,
    Views,
};
use files::Files;
pub use golden::{GOLDEN_TOLERANCE, Golden, Pattern, golden_difference};
pub use names::{Listed, folder_of_user, list};

/// The name of a pack's description in its folder.
pub const DESCRIPTION: &str = "pack.json";
/// The name of a pack's population in its folder.
pub const POPULATION: &str = "population.safetensors";

/// Models that belong together: detector, crop, embedder, and the population that their embeddings
/// were measured on.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    /// What `pack.json` says.
    pub description: Description,
    files: Files,
}

impl Pack {
    /// The pack that the executable carries.
    ///
    /// # Errors
    /// [`Error::Pack`] if its description is damaged.
    pub fn default_pack() -> Result<Self> {
        Self::of(Files::BuiltIn)
    }

    /// The pack in `folder`, which holds `pack.json`, the files that it names and, unless it is still
    /// to be estimated, the population. The description is checked; the models are when they load.
    ///
    /// # Errors
    /// [`Error::Pack`] if the description is missing or not valid, or a file is missing.
    pub fn open(folder: &Path) -> Result<Self> {
        Self::of(Files::Folder(folder.to_owned()))
    }

    /// The pack of this name: the one built in, one in the user's folder of packs, or the folder that
    /// `name` is the path of.
    ///
    /// # Errors
    /// [`Error::Value`] if there is none, and as [`Self::open`].
    pub fn named(name: &str) -> Result<Self> {
        names::find(name)
    }

    fn of(files: Files) -> Result<Self> {
        let fail = |reason: String| Error::pack(&files.place(), reason);
        let text = files.read(DESCRIPTION)?;
        let description: Description =
            serde_json::from_slice(&text).map_err(|e| fail(format!("{DESCRIPTION}: {e}")))?;
        if let Some(fault) = description.fault() {
            return Err(fail(format!("{DESCRIPTION}: {fault}")));
        }
        if let Some(missing) = description.files().into_iter().find(|f| !files.has(&f.file)) {
            return Err(fail(format!("{} is missing", missing.file)));
        }
        let (pack, built_in) = (&description.name, matches!(files, Files::BuiltIn));
        tracing::info!(pack, built_in, "opened the pack");
        Ok(Self { description, files })
    }

    /// The pack's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.description.name
    }

    /// Where the pack is, for people: its folder, or "built in".
    #[must_use]
    pub fn place(&self) -> String {
        self.files.place()
    }

    /// The pack's folder; none for the one that is built in.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.files.folder()
    }

    /// The numbers of an embedding.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.description.embedder.settings.dimensions
    }

    /// The identity: embeddings can be compared only if it is the same. It is the pack's name and a hash over
    /// the networks, the crop, the embedder's input, and the views. Descriptive fields and the population are
    /// not part of it, because they do not change an embedding.
    #[must_use]
    pub fn identity(&self) -> String {
        identity::identity(&self.description)
    }

    /// The bytes of one of the pack's files, checked against its hash. (Those that are built in are
    /// checked by a test and by `verify doctor`, not at every start.)
    ///
    /// # Errors
    /// [`Error::Pack`] if the file is missing or is not the one described.
    pub fn bytes(&self, file: &ModelFile) -> Result<Cow<'static, [u8]>> {
        let bytes = self.files.read(&file.file)?;
        if self.folder().is_some() {
            self.check_hash(file, &bytes)?;
        }
        Ok(bytes)
    }

    /// Read one of the pack's files and hold it against its hash, wherever it is.
    ///
    /// # Errors
    /// As [`Self::bytes`].
    pub fn check_file(&self, file: &ModelFile) -> Result<usize> {
        let bytes = self.files.read(&file.file)?;
        self.check_hash(file, &bytes)?;
        Ok(bytes.len())
    }

    fn check_hash(&self, file: &ModelFile, bytes: &[u8]) -> Result<()> {
        let found = files::sha256(bytes);
        if found == file.sha256 {
            return Ok(());
        }
        let reason =
            format!("{}: its sha256 is {found}, and {DESCRIPTION} says {}", file.file, file.sha256);
        Err(Error::pack(&self.place(), reason))
    }

    /// The bytes of the population; `None` if the pack has none yet.
    ///
    /// # Errors
    /// [`Error::Pack`] if it cannot be read.
    pub fn population(&self) -> Result<Option<Cow<'static, [u8]>>> {
        self.files.has(POPULATION).then(|| self.files.read(POPULATION)).transpose()
    }

    /// Load the detector.
    ///
    /// # Errors
    /// [`Error::Model`] if a network does not load.
    pub fn detector(&self, runtime: &Runtime) -> Result<Box<dyn DetectFaces + Send>> {
        let load = |file: &ModelFile| {
            Network::load(runtime, &file.file, &self.bytes(file)?, Weights::AsTheyAre)
        };
        Ok(match &self.description.detector {
            DetectorDescription::Mtcnn { pnet, rnet, onet, settings } => {
                Box::new(Mtcnn::new([load(pnet)?, load(rnet)?, load(onet)?], *settings))
            }
            DetectorDescription::Yunet { model, settings } => {
                Box::new(Yunet::new(load(model)?, *settings))
            }
        })
    }

    /// Load the embedder, and hold its input and output against the description.
    ///
    /// # Errors
    /// [`Error::Model`] if the network does not load or has other dimensions than described.
    pub fn embedder(&self, runtime: &Runtime) -> Result<Box<dyn EmbedFace + Send>> {
        let embedder = &self.description.embedder;
        let file = &embedder.model;
        let weights = embedder.settings.weights;
        let network = Network::load(runtime, &file.file, &self.bytes(file)?, weights)?;
        let side = self.description.crop.size;
        Ok(Box::new(Embedder::new(network, embedder.settings.clone(), side)?))
    }
}

#[cfg(test)]
mod tests;
