//! The process's threads with loaded models, started when the first photo comes, and where ONNX
//! Runtime is.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::{PyResult, Python, pyfunction};
use verify::model::{Device, Pack, Runtime, asked_device, use_device, use_library};
use verify::pipeline::{Pool, Settings};
use verify::{Error, Result};

use crate::errors::raised;

/// A pool, and what it was started for.
struct Started {
    process: u32,
    threads: usize,
    fast: bool,
    device: Device,
    pool: Arc<Pool>,
}

/// At most one pool for each way of looking at faces.
static STARTED: Mutex<Vec<Started>> = Mutex::new(Vec::new());

/// The pool of so many threads on the device that was asked for; the one before it with another number
/// of threads or on another device ends.
///
/// # Errors
/// Where the models do not load, or the device does not work.
pub fn pool(threads: usize, fast: bool) -> Result<Arc<Pool>> {
    let device = asked_device()?;
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if started.iter().any(|other| other.process != process) {
        // A fork copies no threads: nobody would ever answer, and nobody can be waited for.
        std::mem::forget(std::mem::take(&mut *started));
    }
    if let Some(at) = started.iter().position(|other| other.fast == fast) {
        if (started[at].threads, started[at].device) == (threads, device) {
            return Ok(started[at].pool.clone());
        }
        started.remove(at);
    }
    let settings = Settings { threads, fast, ..Settings::default() };
    let pool = Arc::new(Pool::start(&Pack::default_pack()?, &settings)?);
    started.push(Started { process, threads, fast, device, pool: pool.clone() });
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
