//! The golden embedding: what the original embedder made of a fixed picture, to see whether this
//! computer's ONNX Runtime makes the same of it.

use image::{Rgb, RgbImage};
use serde::Deserialize;

use super::{EmbedFace, Pack, Runtime, unit};
use crate::error::{Error, Result};

/// The original's numbers.
const GOLDEN: &str = include_str!("../../models/golden.json");

/// The largest difference in any of the embedding's numbers that rounding on another processor
/// explains; the verdicts of two embeddings this close are the same.
pub const GOLDEN_TOLERANCE: f64 = 1e-4;

/// A picture that any language can repeat to the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Pattern {
    /// Where the random numbers begin.
    pub seed: u32,
    /// Pixels between two knots of the noise; divides `side`.
    pub cell: u32,
    /// The side of the picture in pixels.
    pub side: u32,
}

#[derive(Deserialize)]
struct Golden {
    pattern: Pattern,
    embedding: Vec<f32>,
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

/// The largest difference between the golden embedding and the one made here, both of length 1.
///
/// # Errors
/// [`Error::Model`] where the embedder does not load or run.
pub fn golden_difference(pack: &Pack, runtime: &Runtime) -> Result<f64> {
    let golden: Golden =
        serde_json::from_str(GOLDEN).map_err(|e| Error::model("golden.json", e))?;
    let mut embedder = pack.embedder(runtime)?;
    let made = embedder.embed(&[&golden.pattern.draw()])?;
    let Some(made) = made.first().filter(|made| made.len() == golden.embedding.len()) else {
        return Err(Error::model(&pack.embedder.model.file, "it made no embedding of that size"));
    };
    let differences = unit(&golden.embedding).into_iter().zip(made).map(|(a, b)| (a - b).abs());
    Ok(f64::from(differences.fold(0.0, f32::max)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_golden_embedding_is_the_one_committed_with_its_script() {
        let golden: Golden = serde_json::from_str(GOLDEN).unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/dlib_embeddings.json");
        let reference: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let crop = &reference["crops"][0];
        let drawn = golden.pattern.draw();
        assert_eq!(crop["sha256"], format!("{:x}", Sha256::digest(drawn.as_raw())));
        let numbers: Vec<f32> = serde_json::from_value(crop["embedding"].clone()).unwrap();
        assert_eq!(numbers, golden.embedding);
    }

    #[test]
    fn the_embedder_makes_what_the_original_made() {
        let difference =
            golden_difference(&Pack::default_pack().unwrap(), &Runtime::get().unwrap()).unwrap();
        assert!(difference < 1e-5, "{difference}");
    }
}
