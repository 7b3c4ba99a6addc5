//! Photos to embeddings: read, find faces, crop, embed; one photo after another on each core.

mod parallel;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::face::{CropTemplate, Face, Mtcnn, Quality, crop, find_faces};
use crate::model::{EmbedFace, Embedder, Embedding, Pack, Runtime, mean_direction};
use crate::photo::{Limits, read};

pub use parallel::in_order;

/// A face with everything that a decision needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnalysedFace {
    /// Where it is.
    #[serde(flatten)]
    pub face: Face,
    /// What speaks for and against it.
    pub quality: Quality,
    /// Its embedding, of length 1.
    pub embedding: Embedding,
}

/// A photo with all its faces.
#[derive(Debug, Clone, PartialEq)]
pub struct AnalysedPhoto {
    /// The photo's file.
    pub path: PathBuf,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// The photo's width in pixels, upright.
    pub width: u32,
    /// The photo's height in pixels, upright.
    pub height: u32,
    /// Its faces, largest first.
    pub faces: Vec<AnalysedFace>,
}

/// How photos are analysed.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Photos worked on at a time.
    pub threads: usize,
    /// One view of each face in place of all that the pack describes.
    pub fast: bool,
    /// What one photo may cost.
    pub limits: Limits,
}

impl Default for Settings {
    /// As many threads as cores.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { threads, fast: false, limits: Limits::default() }
    }
}

/// The models of one thread.
pub struct Analyser {
    detector: Mtcnn,
    embedder: Embedder,
    template: CropTemplate,
    limits: Limits,
}

impl Analyser {
    /// Load a pack's models, detector and embedder side by side.
    ///
    /// # Errors
    /// [`Error::Model`] where a model does not load.
    pub fn load(runtime: &Runtime, pack: &Pack, settings: &Settings) -> Result<Self> {
        let (detector, embedder) = std::thread::scope(|scope| {
            let embedder = scope.spawn(|| pack.embedder(runtime));
            let detector = pack.detector(runtime);
            let embedder = embedder
                .join()
                .unwrap_or_else(|_| Err(Error::model(&pack.embedder.model.file, "it panicked")));
            (detector, embedder)
        });
        let mut template = pack.crop.clone();
        if settings.fast {
            template.views.truncate(1);
        }
        Ok(Self { detector: detector?, embedder: embedder?, template, limits: settings.limits })
    }

    /// Read the photo at `path` and embed all its faces. A panic in a decoder is the photo's error.
    ///
    /// # Errors
    /// Whatever makes the photo unusable; always with its path.
    pub fn analyse(&mut self, path: &Path) -> Result<AnalysedPhoto> {
        catch_unwind(AssertUnwindSafe(|| self.analyse_unguarded(path))).unwrap_or_else(|_| {
            let reason = "the decoder broke on it".to_owned();
            Err(Error::DamagedPhoto { path: path.to_owned(), reason })
        })
    }

    fn analyse_unguarded(&mut self, path: &Path) -> Result<AnalysedPhoto> {
        let photo = read(path, &self.limits)?;
        let (mut crops, mut faces) = (Vec::new(), Vec::new());
        for face in find_faces(&mut self.detector, &photo.pixels)? {
            let views = self.template.views.iter();
            let seen = views.map(|view| crop(&photo.pixels, &face, &self.template, *view));
            // Landmarks that coincide are no face.
            if let Ok(seen) = seen.collect::<Result<Vec<_>>>() {
                crops.extend(seen);
                faces.push(face);
            }
        }
        let views = self.template.views.len();
        let embeddings = self.embedder.embed(&crops)?;
        let seen = crops.chunks_exact(views).zip(embeddings.chunks_exact(views));
        let faces = faces.into_iter().zip(seen).map(|(face, (crops, embeddings))| AnalysedFace {
            quality: Quality::measure(&face, &crops[0]),
            embedding: mean_direction(embeddings),
            face,
        });
        Ok(AnalysedPhoto {
            path: photo.path,
            sha256: photo.sha256,
            width: photo.pixels.width(),
            height: photo.pixels.height(),
            faces: faces.collect(),
        })
    }
}

/// Analyse all `paths` on several threads and hand the results to `take` in the order of `paths`,
/// each as soon as it and all before it are done.
///
/// # Errors
/// Where the models do not load, or the first error of `take`, which ends the work. A photo's own
/// error goes to `take`.
pub fn analyse_all(
    pack: &Pack,
    settings: &Settings,
    paths: &[PathBuf],
    mut take: impl FnMut(&Path, Result<AnalysedPhoto>) -> Result<()>,
) -> Result<()> {
    let runtime = Runtime::get()?;
    in_order(
        paths,
        settings.threads,
        || Analyser::load(&runtime, pack, settings),
        |analyser, path| analyser.analyse(path),
        |path, result| take(path, result),
    )
}
