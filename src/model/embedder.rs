//! The embedder: aligned crops to unit vectors.

use image::RgbImage;

use super::Network;
use super::pack::EmbedderDescription;
use crate::error::Result;

/// A face as the embedder sees it: a vector of length 1.
pub type Embedding = Vec<f32>;

/// An embedder of aligned crops, so that all behind it can be tested with a fake.
pub trait EmbedFace {
    /// One embedding for every crop, in order.
    ///
    /// # Errors
    /// [`crate::Error::Model`] where the model fails.
    fn embed(&mut self, crops: &[RgbImage]) -> Result<Vec<Embedding>>;
}

/// The pack's embedding network.
pub struct Embedder {
    network: Network,
    description: EmbedderDescription,
    side: u32,
    mirrored: bool,
}

/// Crops in one run: larger batches are no faster and take more memory.
const BATCH: usize = 8;

impl Embedder {
    /// An embedder that averages a crop and its mirror image.
    #[must_use]
    pub fn new(network: Network, description: EmbedderDescription, side: u32) -> Self {
        Self { network, description, side, mirrored: true }
    }

    /// With `fast`, the crop alone: half the time, a little less accurate.
    #[must_use]
    pub fn fast(self, fast: bool) -> Self {
        Self { mirrored: !fast, ..self }
    }

    /// RGB pixels to three planes, from right to left where `mirror` says so.
    fn planes(&self, crop: &RgbImage, mirror: bool, input: &mut Vec<f32>) {
        let side = self.side as usize;
        for channel in 0..3 {
            let (mean, scale) = (self.description.mean[channel], self.description.scale);
            for row in crop.as_raw().chunks_exact(3 * side) {
                let values = row.chunks_exact(3).map(|p| (f32::from(p[channel]) - mean) * scale);
                if mirror {
                    input.extend(values.rev());
                } else {
                    input.extend(values);
                }
            }
        }
    }

    fn run(&mut self, images: usize, input: &[f32]) -> Result<Vec<Embedding>> {
        let side = self.side as usize;
        let output = self.description.output.clone();
        let [output] = self.network.run([images, 3, side, side], input, [&output])?;
        Ok(output.values.chunks_exact(self.description.dimensions).map(unit).collect())
    }
}

impl EmbedFace for Embedder {
    fn embed(&mut self, crops: &[RgbImage]) -> Result<Vec<Embedding>> {
        let views = if self.mirrored { 2 } else { 1 };
        let mut embeddings = Vec::with_capacity(crops.len());
        for batch in crops.chunks(BATCH / views) {
            let mut input = Vec::new();
            for crop in batch {
                self.planes(crop, false, &mut input);
                if self.mirrored {
                    self.planes(crop, true, &mut input);
                }
            }
            let seen = self.run(batch.len() * views, &input)?;
            embeddings.extend(seen.chunks_exact(views).map(mean_direction));
        }
        Ok(embeddings)
    }
}

/// `values` at length 1.
pub(crate) fn unit(values: &[f32]) -> Embedding {
    let length = values.iter().map(|v| v * v).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    values.iter().map(|v| v / length).collect()
}

/// The mean of unit vectors, at length 1.
pub(crate) fn mean_direction<V: AsRef<[f32]>>(vectors: &[V]) -> Embedding {
    let dimensions = vectors.first().map_or(0, |v| v.as_ref().len());
    let mut sum = vec![0.0; dimensions];
    for vector in vectors {
        for (total, value) in sum.iter_mut().zip(vector.as_ref()) {
            *total += value;
        }
    }
    unit(&sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_direction_has_length_one() {
        let mean = mean_direction(&[vec![1.0, 0.0], vec![0.0, 1.0]]);
        assert!((mean[0] - 0.5f32.sqrt()).abs() < 1e-6 && (mean[1] - mean[0]).abs() < 1e-6);
        assert!(unit(&[0.0, 0.0]).iter().all(|v| v.is_finite()));
    }
}
