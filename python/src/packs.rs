//! Packs of models by the names that Python gives. Each is opened once in a process.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyType;
use sameface::error::Front;
use sameface::pack::{Pack, list};
use sameface::{Error, Result};

use crate::errors::raised;

/// The packs that were opened, by their names or folders.
static OPENED: Mutex<Vec<(String, Arc<Pack>)>> = Mutex::new(Vec::new());

/// A pack that was opened, and how to open it again in another process.
#[pyclass(frozen, name = "Pack", module = "sameface._sameface")]
pub struct OpenedPack {
    /// Its name or its folder, which does not depend on the working directory.
    called: String,
    pub pack: Arc<Pack>,
}

#[pymethods]
impl OpenedPack {
    /// The pack of this name or in this folder; without a name, the built-in pack.
    #[new]
    #[pyo3(signature = (name=None))]
    fn new(py: Python<'_>, name: Option<String>) -> PyResult<Self> {
        py.detach(|| opened(name.as_deref())).map_err(raised)
    }

    #[getter]
    fn called(&self) -> &str {
        &self.called
    }

    #[getter]
    fn identity(&self) -> String {
        self.pack.identity()
    }

    #[getter]
    fn dimensions(&self) -> usize {
        self.pack.dimensions()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (&str,)) {
        (py.get_type::<Self>(), (&self.called,))
    }
}

/// The pack that `name` stands for, as for the command's `--pack`.
fn opened(name: Option<&str>) -> Result<OpenedPack> {
    let built_in = Pack::default_pack()?;
    let name = name.unwrap_or(built_in.name());
    let called = if name != built_in.name() && Path::new(name).is_dir() {
        let folder = std::path::absolute(name).map_err(|e| Error::read(name.as_ref(), e))?;
        folder.to_string_lossy().into_owned()
    } else {
        name.to_owned()
    };
    let mut packs = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    let pack = match packs.iter().find(|(known, _)| *known == called) {
        Some((_, pack)) => pack.clone(),
        None => {
            let pack = Arc::new(Pack::named(&called).map_err(in_python)?);
            packs.push((called.clone(), pack.clone()));
            pack
        }
    };
    Ok(OpenedPack { called, pack })
}

/// An error that names the argument instead of the command's flag.
fn in_python(error: Error) -> Error {
    match error {
        Error::Value { problem, .. } => Error::value("pack", problem),
        other => other,
    }
}

/// A name, an identity, a folder, the length of an embedding, what is wrong.
type Line = (Option<String>, Option<String>, Option<PathBuf>, Option<usize>, Option<String>);

/// What `verify pack list` shows.
#[pyfunction]
pub fn packs(py: Python<'_>) -> Vec<Line> {
    let line = |listed: sameface::pack::Listed| match listed.pack {
        Ok(pack) => {
            let (name, identity) = (pack.name().to_owned(), pack.identity());
            (Some(name), Some(identity), listed.folder, Some(pack.dimensions()), None)
        }
        Err(error) => (None, None, listed.folder, None, Some(error.told(Front::Python))),
    };
    py.detach(|| list().into_iter().map(line).collect())
}
