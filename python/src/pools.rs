//! The process's threads with loaded models, started with the first photo, and the choice of ONNX
//! Runtime's library and device.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::{PyResult, Python, pyfunction};
use sameface::model::{Device, Provider, Runtime, use_device, use_library};
use sameface::pack::{Pack, Purpose};
use sameface::pipeline::{Pool, Settings, analysis_identity};
use sameface::{Error, Result};

use crate::errors::raised;

/// A pool, and what it was started for.
struct Started {
    process: u32,
    threads: usize,
    provider: Provider,
    /// Pools of the same analysis give the same results; so both purposes share one if their views
    /// are the same.
    analysis: String,
    pool: Arc<Pool>,
}

/// At most one pool for each analysis.
static STARTED: Mutex<Vec<Started>> = Mutex::new(Vec::new());

/// The pool with this number of threads on the requested device; a pool with another number of threads
/// or on another device is stopped.
///
/// # Errors
/// If the models do not load, or the device does not work.
pub fn pool(pack: &Pack, purpose: Purpose, threads: usize) -> Result<Arc<Pool>> {
    let provider = Runtime::provider()?;
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if started.iter().any(|other| other.process != process) {
        // A fork copies no threads: the pool's threads do not exist here and would never answer.
        std::mem::forget(std::mem::take(&mut *started));
    }
    let settings = Settings { threads, purpose, ..Settings::default() };
    // The device is compared apart, so that the pool on another one ends.
    let analysis = analysis_identity(pack, &settings, Provider::Cpu);
    if let Some(at) = started.iter().position(|other| other.analysis == analysis) {
        if (started[at].threads, started[at].provider) == (threads, provider) {
            return Ok(started[at].pool.clone());
        }
        started.remove(at);
    }
    let pool = Arc::new(Pool::start(pack, &settings)?);
    started.push(Started { process, threads, provider, analysis, pool: pool.clone() });
    Ok(pool)
}

/// Load ONNX Runtime from this file, unless ORT_DYLIB_PATH names another.
#[pyfunction]
pub fn use_runtime(library: PathBuf) {
    use_library(library);
}

/// Run the networks on the device of this name from now on, if it works.
#[pyfunction]
pub fn set_device(py: Python<'_>, name: &str) -> PyResult<()> {
    let device: Device = name.parse().map_err(|problem| raised(Error::value("device", problem)))?;
    if !matches!(device, Device::Auto | Device::Cpu) {
        py.detach(|| Runtime::on(device)).map_err(raised)?;
    }
    use_device(device);
    Ok(())
}

/// The device that the networks run on.
#[pyfunction]
pub fn get_device(py: Python<'_>) -> PyResult<&'static str> {
    let runtime = py.detach(Runtime::get).map_err(raised)?;
    Ok(runtime.device.provider.device().name())
}
