//! The golden embedding: the original embedder's embedding of a fixed picture, to test whether this
//! computer's ONNX Runtime computes the same.

use image::{Rgb, RgbImage};
use serde::{Deserialize, Serialize};

use super::Pack;
use crate::error::{Error, Result};
use crate::model::{Runtime, unit};

/// The largest difference in any of the embedding's numbers that rounding on another processor
/// explains; the verdicts of two embeddings this close are the same.
pub const GOLDEN_TOLERANCE: f64 = 1e-4;

/// A picture that any language can repeat to the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// Where the random numbers begin.
    pub seed: u32,
    /// Pixels between two knots of the noise; divides `side`.
    pub cell: u32,
    /// The side of the picture in pixels.
    pub side: u32,
}

/// A pattern and the embedding that the original model makes of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Golden {
    /// Whose numbers these are.
    pub reference: String,
    /// The picture, as large as the crop.
    pub pattern: Pattern,
    /// The embedding, at any length.
    pub embedding: Vec<f32>,
}

impl Golden {
    /// What is wrong with it, for a pack of these dimensions and this size of crop.
    pub(super) fn fault(&self, dimensions: usize, side: u32) -> Option<String> {
        let Pattern { cell, side: drawn, .. } = self.pattern;
        if drawn != side || cell == 0 || drawn % cell != 0 {
            return Some(format!(
                "golden.pattern must have {side} pixels a side and a cell size that divides {side}"
            ));
        }
        let found = self.embedding.len();
        (found != dimensions)
            .then(|| format!("golden.embedding has {found} numbers, not {dimensions}"))
    }
}

impl Pattern {
    /// Smooth value noise with grain, as `tests/data/patterns.py` describes it: for each channel a
    /// lattice of random bytes, then for each pixel the integer bilinear mean of the four bytes
    /// around it plus grain.
    #[must_use]
    pub fn draw(self) -> RgbImage {
        let Self { mut seed, cell, side } = self;
        let mut byte = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as i32
        };
        let knots = side / cell + 1;
        let mut image = RgbImage::new(side, side);
        for channel in 0..3 {
            let lattice: Vec<i32> = (0..knots * knots).map(|_| byte()).collect();
            for y in 0..side {
                for x in 0..side {
                    let knot = |dx, dy| lattice[((y / cell + dy) * knots + x / cell + dx) as usize];
                    let (right, down) = ((x % cell) as i32, (y % cell) as i32);
                    let whole = cell as i32;
                    let top = knot(0, 0) * (whole - right) + knot(1, 0) * right;
                    let bottom = knot(0, 1) * (whole - right) + knot(1, 1) * right;
                    let mean = (top * (whole - down) + bottom * down) / (whole * whole);
                    let value = (mean + byte() % 33 - 16).clamp(0, 255) as u8;
                    let Rgb(pixel) = image.get_pixel_mut(x, y);
                    pixel[channel] = value;
                }
            }
        }
        image
    }
}

/// The largest difference between the golden embedding and the one made here, both of length 1;
/// `None` if the pack has no golden embedding.
///
/// # Errors
/// [`Error::Model`] if the embedder does not load or run.
pub fn golden_difference(pack: &Pack, runtime: &Runtime) -> Result<Option<f64>> {
    let Some(golden) = &pack.description.golden else { return Ok(None) };
    let mut embedder = pack.embedder(runtime)?;
    let made = embedder.embed(&[&golden.pattern.draw()])?;
    let made = made.first().ok_or_else(|| {
        Error::model(&pack.description.embedder.model.file, "it made no embedding")
    })?;
    let differences = unit(&golden.embedding).into_iter().zip(made).map(|(a, b)| (a - b).abs());
    Ok(Some(f64::from(differences.fold(0.0, f32::max))))
}
