//! Export of embeddings: faces as rows of a NumPy, Parquet or JSON-lines file, written one after another in constant
//! memory.

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
pub struct FaceRow {
    /// The photo's file.
    pub photo: String,
    /// The SHA-256 of that file, in hexadecimal.
    pub sha256: String,
    /// Which of the photo's faces it is, from 0, the largest first.
    pub face: u32,
    /// Its box in pixels of the upright photo.
    #[serde(rename = "box")]
    pub bounds: FaceBox,
    /// How sure the detector is that it is a face, 0 to 1.
    pub confidence: f32,
    /// Its score, −log₁₀ of the share of strangers who look at least as like the enrolled person; `None` if nobody is
    /// enrolled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// The embedding, of length 1.
    pub embedding: Vec<f32>,
}

/// The layout that all rows of a file share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The length of an embedding.
    pub dimensions: usize,
    /// Whether rows have a score.
    pub scores: bool,
    /// The identity of the pack, for formats that can store it.
    pub models: String,
}

/// A file that rows are written to. It gets its name only when it is finished, and only its owner may read
/// it.
pub trait Export {
    /// Write a row.
    ///
    /// # Errors
    /// [`Error::Write`].
    fn add(&mut self, row: &FaceRow) -> Result<()>;

    /// Finish the file, replacing an existing one.
    ///
    /// # Errors
    /// [`Error::Write`]; an existing file is then unchanged.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// Create a file in the format of its ending: `.npy`, `.parquet` or `.jsonl`. NumPy's format holds only
/// numbers, so everything else goes into a `.csv` file beside it.
///
/// # Errors
/// [`Error::Value`] for another ending, [`Error::Write`] if no file can be created there.
pub fn create(path: &Path, layout: &Layout) -> Result<Box<dyn Export>> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    Ok(match ending.as_deref() {
        Some("npy") => Box::new(Npy::create(path, layout)?),
        Some("parquet") => Box::new(Parquet::create(path, layout)?),
        Some("jsonl") => Box::new(JsonLines::create(path)?),
        _ => {
            let problem = "choose a name that ends in .npy, .parquet or .jsonl";
            return Err(Error::value("--out", problem));
        }
    })
}

#[cfg(test)]
mod tests;
