//! The process's threads with loaded models, started when the first photo comes, and where ONNX
//! Runtime is.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::pyfunction;
use verify::Result;
use verify::model::use_library;
use verify::pack::{Pack, Purpose};
use verify::pipeline::{Pool, Settings, analysis_identity};

/// A pool, and what it was started for.
struct Started {
    process: u32,
    threads: usize,
    /// Pools of the same analysis give the same results; so both purposes share one if their views
    /// are the same.
    analysis: String,
    pool: Arc<Pool>,
}

/// At most one pool for each analysis.
static STARTED: Mutex<Vec<Started>> = Mutex::new(Vec::new());

/// The pool of so many threads; the one before it with another number of threads ends.
///
/// # Errors
/// If the models do not load.
pub fn pool(pack: &Pack, purpose: Purpose, threads: usize) -> Result<Arc<Pool>> {
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if started.iter().any(|other| other.process != process) {
        // A fork copies no threads: nobody would ever answer, and nobody can be waited for.
        std::mem::forget(std::mem::take(&mut *started));
    }
    let settings = Settings { threads, purpose, ..Settings::default() };
    let analysis = analysis_identity(pack, &settings);
    if let Some(at) = started.iter().position(|other| other.analysis == analysis) {
        if started[at].threads == threads {
            return Ok(started[at].pool.clone());
        }
        started.remove(at);
    }
    let pool = Arc::new(Pool::start(pack, &settings)?);
    started.push(Started { process, threads, analysis, pool: pool.clone() });
    Ok(pool)
}

/// Load ONNX Runtime from this file, unless ORT_DYLIB_PATH names another.
#[pyfunction]
pub fn use_runtime(library: PathBuf) {
    use_library(library);
}
