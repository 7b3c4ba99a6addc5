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
    fn embed(&mut self, crops: &[&RgbImage]) -> Result<Vec<Embedding>>;
}

/// The pack's embedding network.
pub struct Embedder {
    network: Network,
    description: EmbedderDescription,
    side: u32,
}

/// Crops in one run: larger batches are no faster and take more memory.
const BATCH: usize = 8;

impl Embedder {
    /// An embedder of crops of `side` × `side` pixels.
    #[must_use]
    pub fn new(network: Network, description: EmbedderDescription, side: u32) -> Self {
        Self { network, description, side }
    }

    /// RGB pixels to three planes.
    fn planes(&self, crop: &RgbImage, input: &mut Vec<f32>) {
        for channel in 0..3 {
            let (mean, scale) = (self.description.mean[channel], self.description.scale);
            input.extend(crop.pixels().map(|p| (f32::from(p[channel]) - mean) * scale));
        }
    }
}

impl EmbedFace for Embedder {
    fn embed(&mut self, crops: &[&RgbImage]) -> Result<Vec<Embedding>> {
        let side = self.side as usize;
        let mut embeddings = Vec::with_capacity(crops.len());
        for batch in crops.chunks(BATCH) {
            let mut input = Vec::with_capacity(batch.len() * 3 * side * side);
            for crop in batch {
                self.planes(crop, &mut input);
            }
            let shape = [batch.len(), 3, side, side];
            let [output] = self.network.run(shape, &input, [&self.description.output])?;
            embeddings.extend(output.values.chunks_exact(self.description.dimensions).map(unit));
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
