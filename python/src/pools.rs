//! The process's threads with loaded models, started when the first photo comes, and where ONNX
//! Runtime is.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::pyfunction;
use verify::Result;
use verify::model::{Pack, use_library};
use verify::pipeline::{Pool, Settings};

/// A pool, and what it was started for.
struct Started {
    process: u32,
    threads: usize,
    fast: bool,
    pool: Arc<Pool>,
}

/// At most one pool for each way of looking at faces.
static STARTED: Mutex<Vec<Started>> = Mutex::new(Vec::new());

/// The pool of so many threads; the one before it with another number of threads ends.
///
/// # Errors
/// Where the models do not load.
pub fn pool(threads: usize, fast: bool) -> Result<Arc<Pool>> {
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if started.iter().any(|other| other.process != process) {
        // A fork copies no threads: nobody would ever answer, and nobody can be waited for.
        std::mem::forget(std::mem::take(&mut *started));
    }
    if let Some(at) = started.iter().position(|other| other.fast == fast) {
        if started[at].threads == threads {
            return Ok(started[at].pool.clone());
        }
        started.remove(at);
    }
    let settings = Settings { threads, fast, ..Settings::default() };
    let pool = Arc::new(Pool::start(&Pack::default_pack()?, &settings)?);
    started.push(Started { process, threads, fast, pool: pool.clone() });
    Ok(pool)
}

/// Load ONNX Runtime from this file, unless ORT_DYLIB_PATH names another.
#[pyfunction]
pub fn use_runtime(library: PathBuf) {
    use_library(library);
}
