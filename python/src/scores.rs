//! Rows of numbers on their way from and to NumPy.

use numpy::{PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use sameface::decision::Decision;

/// An array of rows.
pub fn rows(py: Python<'_>, values: Vec<f32>, width: usize) -> PyResult<Bound<'_, PyArray2<f32>>> {
    let count = values.len() / width;
    PyArray1::from_vec(py, values).reshape([count, width])
}

/// The numbers of an array of embeddings of `dimensions` numbers, row after row.
///
/// # Errors
/// A `ValueError` if they are no such embeddings.
pub fn embeddings<'a>(
    array: &'a PyReadonlyArray2<'_, f32>,
    dimensions: usize,
) -> PyResult<&'a [f32]> {
    if array.shape()[1] != dimensions {
        let (count, width) = (array.shape()[0], array.shape()[1]);
        let problem = format!("embeddings must have the shape (n, {dimensions})");
        return Err(PyValueError::new_err(format!("{problem}, not ({count}, {width})")));
    }
    let one_piece = "embeddings must be contiguous in memory; use numpy.ascontiguousarray";
    array.as_slice().map_err(|_| PyValueError::new_err(one_piece))
}

/// Embeddings as the library takes them to enrol a person.
pub fn vectors(array: &PyReadonlyArray2<'_, f32>, dimensions: usize) -> PyResult<Vec<Vec<f32>>> {
    let values = embeddings(array, dimensions)?;
    unit(values, dimensions)?;
    Ok(values.chunks_exact(dimensions).map(<[f32]>::to_vec).collect())
}

/// Check that every row has length 1, as every embedding has.
fn unit(values: &[f32], dimensions: usize) -> PyResult<()> {
    let squares = |row: &[f32]| {
        let mut lanes = [0f32; 16];
        let mut parts = row.chunks_exact(16);
        parts
            .by_ref()
            .for_each(|part| lanes.iter_mut().zip(part).for_each(|(sum, v)| *sum += v * v));
        lanes.iter().sum::<f32>() + parts.remainder().iter().map(|v| v * v).sum::<f32>()
    };
    let mut all = values.chunks_exact(dimensions).map(squares).enumerate();
    match all.find(|(_, length)| !(0.98..1.02).contains(length)) {
        None => Ok(()),
        Some((row, square)) => Err(PyValueError::new_err(format!(
            "embeddings must have length 1, but row {row} has length {:.3}; divide each row by its length",
            square.sqrt()
        ))),
    }
}

/// The score of every row.
pub fn scores<'py>(
    py: Python<'py>,
    decision: &Decision,
    array: &PyReadonlyArray2<'py, f32>,
    threads: usize,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let dimensions = decision.population.mean.len();
    let values = embeddings(array, dimensions)?;
    let scores = py.detach(|| {
        unit(values, dimensions)?;
        Ok::<_, PyErr>(decision.scores_by(values, threads))
    })?;
    Ok(PyArray1::from_vec(py, scores))
}
