//! The embedder: aligned crops to unit vectors.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::{Network, Weights};
use crate::error::{Error, Result};

/// A face as the embedder sees it: a vector of length 1.
pub type Embedding = Vec<f32>;

/// An embedder of aligned crops, so that all behind it can be tested with a fake.
pub trait EmbedFace {
    /// One embedding for every crop, in order.
    ///
    /// # Errors
    /// [`crate::Error::Model`] if the model fails.
    fn embed(&mut self, crops: &[&RgbImage]) -> Result<Vec<Embedding>>;
}

/// The order of the colours in a network's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channels {
    /// Red first.
    Rgb,
    /// Blue first, as in OpenCV.
    Bgr,
}

impl Channels {
    /// For each plane of the input, the channel of an RGB pixel that it holds.
    #[must_use]
    pub fn order(self) -> [usize; 3] {
        match self {
            Self::Rgb => [0, 1, 2],
            Self::Bgr => [2, 1, 0],
        }
    }
}

/// The input of an embedding network, crops (N, 3, side, side), and its output, embeddings (N, dimensions).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmbedderSettings {
    /// The name of the network's output.
    pub output: String,
    /// The numbers of an embedding.
    pub dimensions: usize,
    /// The order of the colours.
    pub channels: Channels,
    /// The number that is subtracted from the values 0 to 255 of each plane.
    pub mean: [f32; 3],
    /// The number that the difference in each plane is multiplied by.
    pub scale: [f32; 3],
    /// Crops in one run, 1 or more: larger batches take more memory, and beyond some size more time.
    pub batch: usize,
    /// How weights in 8 bits are computed with.
    #[serde(default)]
    pub weights: Weights,
}

/// The embedder of a pack.
pub struct Embedder {
    network: Network,
    settings: EmbedderSettings,
    side: u32,
    batch: usize,
}

impl Embedder {
    /// An embedder of crops of `side` × `side` pixels.
    ///
    /// # Errors
    /// [`Error::Model`] if the network says that it takes other crops, or makes other embeddings.
    pub fn new(network: Network, settings: EmbedderSettings, side: u32) -> Result<Self> {
        let (input, output) = (network.input(), network.output(&settings.output)?);
        let fixed = |size: Option<&i64>| size.copied().filter(|size| *size > 0);
        let wanted = [3, i64::from(side), i64::from(side)];
        let fits = input.len() == 4
            && wanted
                .iter()
                .zip(&input[1..])
                .all(|(size, found)| fixed(Some(found)).is_none_or(|f| f == *size));
        if !fits {
            let reason = format!("its input is {input:?}, not crops of 3 × {side} × {side}");
            return Err(Error::model(network.name(), reason));
        }
        let made = fixed(output.last());
        if made.is_some_and(|made| made != settings.dimensions as i64) {
            let (found, said) = (made.unwrap_or_default(), settings.dimensions);
            let reason = format!("its embeddings have {found} numbers, but pack.json says {said}");
            return Err(Error::model(network.name(), reason));
        }
        // Many networks were exported for one crop at a time.
        let batch = fixed(input.first()).map_or(settings.batch, |only| only as usize);
        Ok(Self { network, settings, side, batch })
    }

    /// RGB pixels to three planes.
    fn planes(&self, crop: &RgbImage, input: &mut Vec<f32>) {
        for (plane, channel) in self.settings.channels.order().into_iter().enumerate() {
            let (mean, scale) = (self.settings.mean[plane], self.settings.scale[plane]);
            input.extend(crop.pixels().map(|p| (f32::from(p[channel]) - mean) * scale));
        }
    }
}

impl EmbedFace for Embedder {
    fn embed(&mut self, crops: &[&RgbImage]) -> Result<Vec<Embedding>> {
        let side = self.side as usize;
        let mut embeddings = Vec::with_capacity(crops.len());
        for batch in crops.chunks(self.batch) {
            let mut input = Vec::with_capacity(self.batch * 3 * side * side);
            for crop in batch {
                self.planes(crop, &mut input);
            }
            let shape = [batch.len(), 3, side, side];
            let [output] = self.network.run(shape, &input, [&self.settings.output])?;
            let dimensions = self.settings.dimensions;
            if output.values.len() != batch.len() * dimensions {
                let reason = format!(
                    "its embeddings do not have the {dimensions} numbers that pack.json says"
                );
                return Err(Error::model(self.network.name(), reason));
            }
            embeddings.extend(output.values.chunks_exact(dimensions).map(unit));
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
