//! Embeddings for people's own notebooks: faces as rows of a NumPy, Parquet or JSON-lines file,
//! written one after another in memory that does not grow with them.

mod cell;
mod jsonl;
mod npy;
mod parquet;

use std::path::Path;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::face::FaceBox;

pub use cell::cell;
use jsonl::JsonLines;
use npy::Npy;
use parquet::Parquet;

/// A face as a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The photo's file.
    pub photo: String,
    /// The SHA-256 of that file, in hexadecimal.
    pub sha256: String,
    /// Which of the photo's faces it is, from 0, the largest first.
    pub face: u32,
    /// Where it is, in pixels of the upright photo.
    #[serde(rename = "box")]
    pub bounds: FaceBox,
    /// How sure the detector is that it is a face, 0 to 1.
    pub confidence: f32,
    /// −log₁₀ of the share of strangers at least as like the enrolled person, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// The embedding, of length 1.
    pub embedding: Vec<f32>,
}

/// What all rows of a file share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The length of an embedding.
    pub dimensions: usize,
    /// Whether rows have a score.
    pub scores: bool,
    /// The identity of the models, for formats that have a place for it.
    pub models: String,
}

/// A file that rows are written to. It appears under its name only when it is finished; only its
/// owner may read it.
pub trait Export {
    /// Write one row more.
    ///
    /// # Errors
    /// [`Error::Write`].
    fn add(&mut self, row: &Row) -> Result<()>;

    /// Give the file its name, in place of what was there.
    ///
    /// # Errors
    /// [`Error::Write`]; what was there is then untouched.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// Begin a file of the format that the ending of `path` names: `.npy`, `.parquet` or `.jsonl`.
/// NumPy's format holds numbers alone, so all else goes into a file beside it that ends in `.csv`.
///
/// # Errors
/// [`Error::Value`] for another ending, [`Error::Write`] where no file can be made there.
pub fn create(path: &Path, layout: &Layout) -> Result<Box<dyn Export>> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    Ok(match ending.as_deref() {
        Some("npy") => Box::new(Npy::create(path, layout)?),
        Some("parquet") => Box::new(Parquet::create(path, layout)?),
        Some("jsonl") => Box::new(JsonLines::create(path)?),
        _ => {
            let problem = "name a file that ends in .npy, .parquet or .jsonl";
            return Err(Error::value("--out", problem));
        }
    })
}

#[cfg(test)]
mod tests;
