//! Photos to embeddings: read, find faces, crop, embed; one photo after another on each core. What a
//! [`Memory`] knows of is neither read nor worked out again.

mod memory;
mod parallel;
mod worker;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::face::{CropTemplate, Face, Mtcnn, Quality, crop, find_faces};
use crate::model::{EmbedFace, Embedder, Embedding, Pack, Runtime, mean_direction};
use crate::photo::{Limits, Photo};

pub use memory::{Found, Memory, Recall, Remembered, Stamp};
pub use parallel::in_order;
use worker::Worker;

/// Raised whenever a photo's faces or their embeddings come out otherwise than before: what was
/// remembered of photos is then worked out anew.
pub const PIPELINE_VERSION: u32 = 1;

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
pub struct Settings<'a> {
    /// Photos worked on at a time.
    pub threads: usize,
    /// One view of each face in place of all that the pack describes.
    pub fast: bool,
    /// What one photo may cost.
    pub limits: Limits,
    /// Who knows photos that were analysed before.
    pub memory: Option<&'a dyn Memory>,
}

impl Default for Settings<'_> {
    /// As many threads as cores, nobody who remembers.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { threads, fast: false, limits: Limits::default(), memory: None }
    }
}

/// What two analyses of the same photo must share to have the same result: the pack, the views of a
/// face, and the program's way of looking. (Another version of ONNX Runtime, or another kind of
/// processor, changes an embedding in the seventh digit, which is not counted.)
#[must_use]
pub fn analysis_identity(pack: &Pack, settings: &Settings) -> String {
    let views = if settings.fast { "one view" } else { "all views" };
    format!("{}, {views}, version {PIPELINE_VERSION}", pack.identity())
}

/// The models of one thread.
pub struct Analyser {
    detector: Mtcnn,
    embedder: Embedder,
    template: CropTemplate,
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
        Ok(Self { detector: detector?, embedder: embedder?, template })
    }

    /// Embed all faces of a photo.
    ///
    /// # Errors
    /// [`Error::Model`] where a model fails.
    pub fn analyse(&mut self, photo: Photo) -> Result<AnalysedPhoto> {
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
/// each as soon as it and all before it are done. A path is asked for only when it is about to be
/// looked at, and the models are loaded for the first photo that is not remembered.
///
/// # Errors
/// Where the models do not load, or the first error of `take`, which ends the work. A photo's own
/// error goes to `take`.
pub fn analyse_all<P: AsRef<Path> + Send>(
    pack: &Pack,
    settings: &Settings,
    paths: impl IntoIterator<Item = P, IntoIter: Send>,
    mut take: impl FnMut(&Path, Result<AnalysedPhoto>) -> Result<()>,
) -> Result<()> {
    let analysis = analysis_identity(pack, settings);
    let done = in_order(
        paths,
        settings.threads,
        || Ok(Worker::new(pack, settings, &analysis)),
        |worker, path| worker.look_at(path.as_ref()),
        |path, outcome| {
            let outcome = outcome?;
            if let (Some(memory), Ok(photo), Some((stamp, found))) =
                (settings.memory, &outcome.photo, &outcome.news)
            {
                memory.keep(&analysis, photo, stamp, *found);
            }
            take(path.as_ref(), outcome.photo)
        },
    );
    if let Some(memory) = settings.memory {
        memory.settle();
    }
    done
}
