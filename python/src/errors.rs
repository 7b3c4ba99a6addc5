//! The library's errors as Python's exceptions: files and values have Python's own, all else is a
//! `VerifyError`. The text says what to do in the words of Python.

use std::io::{self, ErrorKind};

use pyo3::PyErr;
use pyo3::exceptions::{
    PyException, PyFileNotFoundError, PyIsADirectoryError, PyOSError, PyPermissionError,
    PyValueError,
};
use sameface::Error;
use sameface::error::Front;

pyo3::create_exception!(
    sameface,
    VerifyError,
    PyException,
    "What went wrong, and what to do, in one line."
);

// That nobody is called so is a `KeyError` too, which only Python can say.
pyo3::import_exception!(sameface._errors, NoPersonError);

/// The exception for an error.
pub fn raised(error: Error) -> PyErr {
    let text = error.told(Front::Python);
    match error {
        Error::NoPerson { .. } => NoPersonError::new_err(text),
        Error::NoProfile { .. } => PyFileNotFoundError::new_err(text),
        Error::Read { source, .. } | Error::Write { source, .. } | Error::Output { source } => {
            of_system(&source, text)
        }
        Error::Value { .. } => PyValueError::new_err(text),
        _ => VerifyError::new_err(text),
    }
}

fn of_system(source: &io::Error, text: String) -> PyErr {
    match source.kind() {
        ErrorKind::NotFound => PyFileNotFoundError::new_err(text),
        ErrorKind::PermissionDenied => PyPermissionError::new_err(text),
        ErrorKind::IsADirectory => PyIsADirectoryError::new_err(text),
        _ => PyOSError::new_err(text),
    }
}
