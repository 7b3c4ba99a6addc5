//! The library's errors as Python exceptions: built-in ones for files and values, otherwise
//! `VerifyError`. The messages use Python's names for arguments.

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
    "An error of sameface; its message says in one line what is wrong and how to fix it."
);

// This error is a `KeyError` too, which only Python can declare.
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
