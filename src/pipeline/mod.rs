//! Photos to embeddings: read, find faces, crop, embed; a few photos at a time on each core. What a
//! [`Memory`] knows of is neither read nor worked out again. There is one way to do it (`worker`), for
//! folders ([`analyse_all`]) and for photos that come one by one ([`Pool`]).

mod analyser;
mod memory;
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
pub use memory::{Memory, News, ReadOnly, Recall, Remembered, Stamp};
use parallel::consume_in_order;
// The program's own, promised to nobody.
#[doc(hidden)]
pub use parallel::in_order;
pub use pool::{Pool, Ticket};
use worker::{Outcome, Worker};

/// Photos whose faces are embedded in one run: larger runs are no faster. A photo has about two crops.
const TOGETHER: usize = 4;
/// Photos that a thread takes at a time as long as all are known already: each takes microseconds, and asking
/// for one would be a good part of it.
const KNOWN_TOGETHER: usize = 32;

/// Raised whenever a photo's faces or their embeddings come out otherwise than before: what was
/// remembered of photos is then worked out anew.
pub const PIPELINE_VERSION: u32 = 4;

/// A face with everything that a decision needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct AnalysedFace {
    /// Where it is.
    #[serde(flatten)]
    pub face: Face,
    /// What speaks for and against it.
    pub quality: Quality,
    /// Its embedding, of length 1: 128 numbers by the packs that come along.
    #[cfg_attr(feature = "serve", schema(value_type = Vec<f32>))]
    pub embedding: Embedding,
}

/// A photo with all its faces.
#[derive(Debug, Clone, PartialEq)]
pub struct AnalysedPhoto {
    /// The photo's file, or what the photo is called.
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
    /// When it was taken, if its file says so.
    pub taken: Option<Date>,
}

impl AnalysedPhoto {
    /// When the photo was taken, as its file or else its name says.
    #[must_use]
    pub fn taken_on(&self) -> Option<Date> {
        self.taken.or_else(|| Date::in_name(&self.path))
    }

    /// The photo, to learn from.
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
    /// Photos worked on at a time.
    pub threads: usize,
    /// What the photos are analysed for, which decides by which views faces are seen.
    pub purpose: Purpose,
    /// What one photo may cost.
    pub limits: Limits,
    /// Who knows photos that were analysed before.
    pub memory: Option<Arc<dyn Memory>>,
}

impl Default for Settings {
    /// As many threads as cores, to check, nobody who remembers.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { threads, purpose: Purpose::default(), limits: Limits::default(), memory: None }
    }
}

/// What two analyses of the same photo must share to have the same result: the pack, how it searches
/// and measures, the views of a face, the program's way of looking, and the device: landmarks that
/// differ by a thousandth of a pixel make crops whose embeddings differ by up to 1e-4
/// (docs/performance.md). (Another version of ONNX Runtime or another kind of processor changes an
/// embedding in the seventh digit, which is not counted.)
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

/// Analyse all `sources` on several threads and hand the results to `take` with the sources' names, in
/// their order, each as soon as it and all before it are done. A source is asked for only when it is
/// about to be looked at, and the models are loaded for the first photo that is not remembered.
///
/// # Errors
/// Where the models do not load, the device that was named is not there, or the first error of `take`,
/// which ends the work: no thread begins with another photo. A photo's own error goes to `take`.
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
            // What is in memory already does not wait there for others.
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
    if let Some(memory) = &settings.memory {
        memory.settle();
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
