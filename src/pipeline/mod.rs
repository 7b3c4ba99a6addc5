//! From photos to embeddings: read, find faces, crop, embed; a few photos at a time on each core. Photos in a
//! [`Cache`] are not analysed again. `worker` does the work, for folders ([`analyse_all`]) and for photos one by
//! one ([`Pool`]).

mod analyser;
mod cache;
mod parallel;
mod pool;
mod worker;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::face::{Face, Quality};
use crate::model::{Embedding, Provider, Runtime};
use crate::pack::{Pack, Purpose};
use crate::photo::{Date, Limits, Moment, Source};

pub use analyser::{Analyser, Cropped};
pub use cache::{Cache, CacheReader, CachedPhoto, News, ReadOnly, Stamp};
use parallel::consume_in_order;
// Used by the program; not part of the stable API.
#[doc(hidden)]
pub use parallel::in_order;
pub use pool::{Pool, Ticket};
use worker::{Outcome, Worker};

/// How many photos' faces are embedded in one run; larger runs are not faster. A photo has about two crops.
const TOGETHER: usize = 4;
/// How many photos a thread takes at a time while all are in the cache: each takes microseconds, so taking them
/// singly would cost a large part of the time.
const KNOWN_TOGETHER: usize = 32;

/// Raised whenever results change for the same photo, so that cached photos are analysed again.
pub const PIPELINE_VERSION: u32 = 4;

/// A face with everything that a decision needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct AnalysedFace {
    /// Its place in the photo.
    #[serde(flatten)]
    pub face: Face,
    /// Its quality.
    pub quality: Quality,
    /// Its embedding, of length 1: 128 numbers with the packs of this project.
    #[cfg_attr(feature = "serve", schema(value_type = Vec<f32>))]
    pub embedding: Embedding,
}

/// A photo with all its faces.
#[derive(Debug, Clone, PartialEq)]
pub struct AnalysedPhoto {
    /// The photo's path or name.
    pub path: PathBuf,
    /// Where in a stream it comes from, if its source says so.
    pub at: Option<Moment>,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// The photo's width in pixels, upright.
    pub width: u32,
    /// The photo's height in pixels, upright.
    pub height: u32,
    /// Its faces, largest first.
    pub faces: Vec<AnalysedFace>,
    /// If its file is cut off: how much of the picture is missing and therefore grey, in percent.
    pub missing: Option<u8>,
    /// The day on which it was taken, if its file says so.
    pub taken: Option<Date>,
}

impl AnalysedPhoto {
    /// The day on which the photo was taken, from its file or otherwise its name.
    #[must_use]
    pub fn taken_on(&self) -> Option<Date> {
        self.taken.or_else(|| Date::in_name(&self.path))
    }

    /// The photo, if it is complete, so that it can be enrolled.
    ///
    /// # Errors
    /// [`Error::CutOff`] if its file is cut off.
    pub fn whole(self) -> Result<Self> {
        match self.missing {
            None => Ok(self),
            Some(missing) => Err(Error::CutOff { path: self.path, missing }),
        }
    }
}

/// How photos are analysed.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How many photos are analysed at a time.
    pub threads: usize,
    /// The purpose, which decides the views of faces.
    pub purpose: Purpose,
    /// The limits for one photo.
    pub limits: Limits,
    /// The cache of photos that were analysed before.
    pub cache: Option<Arc<dyn Cache>>,
}

impl Default for Settings {
    /// As many threads as cores, for checking, without a cache.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { threads, purpose: Purpose::default(), limits: Limits::default(), cache: None }
    }
}

/// The identity of an analysis: two analyses of the same photo with the same identity have the same result. It
/// covers the pack, its search and quality settings, the views of a face, [`PIPELINE_VERSION`] and the device, whose
/// landmarks differ by a thousandth of a pixel, so that embeddings differ by up to 1e-4 (docs/performance.md).
/// (Another version of ONNX Runtime or another kind of processor changes an embedding in the seventh digit, which
/// is ignored.)
#[must_use]
pub fn analysis_identity(pack: &Pack, settings: &Settings, provider: Provider) -> String {
    let facts = serde_json::json!({
        "search": pack.description.search,
        "quality": pack.description.quality,
        "views": pack.description.views.of(settings.purpose),
    });
    let identity = format!("{}, {facts}, version {PIPELINE_VERSION}", pack.identity());
    if provider == Provider::Cpu { identity } else { format!("{identity}, {provider}") }
}

/// Analyse all `sources` on several threads and hand the results to `take` with the sources' names, in order, each
/// as soon as it and all before it are done. The next source is requested only when a thread is free, and models are
/// loaded for the first photo that is not in the cache.
///
/// # Errors
/// If the models do not load or the requested device does not work; the first error of `take`, which ends the work:
/// no thread starts another photo. A photo's own error goes to `take`.
pub fn analyse_all<S: Into<Source> + Send>(
    pack: &Pack,
    settings: &Settings,
    sources: impl IntoIterator<Item = S, IntoIter: Send>,
    mut take: impl FnMut(&Path, Result<AnalysedPhoto>) -> Result<()>,
) -> Result<()> {
    let analysis = analysis_identity(pack, settings, Runtime::provider()?);
    let mut sources = sources.into_iter();
    let photos = sources.size_hint().1.unwrap_or(usize::MAX);
    // Few photos are spread over the threads before any share a run.
    let together = (photos / (2 * settings.threads.max(1))).clamp(1, TOGETHER);
    let all_known = AtomicBool::new(false);
    let batches = std::iter::from_fn(|| {
        let mut batch = Vec::new();
        let known = all_known.load(Ordering::Relaxed) && together == TOGETHER;
        for source in sources.by_ref().take(if known { KNOWN_TOGETHER } else { together }) {
            let source = source.into();
            // Photos that are already in memory should not wait there for others.
            let heavy = !matches!(source, Source::File(_));
            batch.push(source);
            if heavy {
                break;
            }
        }
        (!batch.is_empty()).then_some(batch)
    });
    let ended = AtomicBool::new(false);
    let goes_on = |_: &Source| !ended.load(Ordering::Relaxed);
    let (mut seen, mut known) = (0_u64, 0_u64);
    let _analysing = tracing::info_span!("analyse photos").entered();
    let mut take_all = |outcomes: Result<Vec<Outcome>>| {
        let outcomes = outcomes?;
        all_known.store(outcomes.iter().all(|outcome| outcome.remembered), Ordering::Relaxed);
        for outcome in outcomes {
            seen += 1;
            known += u64::from(outcome.remembered);
            outcome.keep(settings, &analysis);
            take(&outcome.name, outcome.photo)?;
        }
        Ok(())
    };
    let done = consume_in_order(
        batches,
        settings.threads.min(photos),
        || Ok(Worker::new(pack, settings, &analysis, None)),
        |worker, batch| worker.look_at(batch.into_iter().take_while(goes_on)),
        |outcomes| take_all(outcomes).inspect_err(|_| ended.store(true, Ordering::Relaxed)),
    );
    if let Some(cache) = &settings.cache {
        cache.settle();
    }
    tracing::info!(
        photos = seen,
        known_before = known,
        threads = settings.threads,
        "photos analysed"
    );
    done
}

#[cfg(test)]
mod tests;
