//! The two methods that need no model of people: cosine to the mean of the enrolled photos, and cosine to the
//! nearest of them.

use ndarray::{Array1, Array2};

use super::cosine;
use crate::model::mean_direction;

/// The mean direction of the enrolled photos. All of them count: enrolment has set wrong photos aside already,
/// and leaving out the least alike ones too would cost people who look unlike most of their photos; see
/// docs/accuracy.md.
#[derive(Debug, Clone, PartialEq)]
pub struct Centroid {
    mean: Vec<f32>,
}

impl Centroid {
    /// Fit to `embeddings`, of which there is at least one.
    #[must_use]
    pub fn fit(embeddings: &[Vec<f32>]) -> Self {
        Self { mean: mean_direction(embeddings) }
    }

    /// The mean direction, of length 1.
    #[must_use]
    pub fn mean(&self) -> &[f32] {
        &self.mean
    }

    /// The cosine of `embedding` and the mean, −1 to 1.
    #[must_use]
    pub fn raw_score(&self, embedding: &[f32]) -> f64 {
        cosine(&self.mean, embedding)
    }

    /// The cosines of many faces, a row each.
    #[must_use]
    pub fn raw_scores(&self, embeddings: &Array2<f64>) -> Array1<f64> {
        embeddings.dot(&wide(&self.mean))
    }
}

/// The enrolled photos themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    embeddings: Vec<Vec<f32>>,
}

impl Nearest {
    /// Fit to `embeddings`.
    #[must_use]
    pub fn fit(embeddings: &[Vec<f32>]) -> Self {
        Self { embeddings: embeddings.to_vec() }
    }

    /// The largest cosine of `embedding` and an enrolled photo, −1 to 1.
    #[must_use]
    pub fn raw_score(&self, embedding: &[f32]) -> f64 {
        self.embeddings.iter().map(|e| cosine(e, embedding)).fold(-1.0, f64::max)
    }

    /// The largest cosines of many faces, a row each.
    #[must_use]
    pub fn raw_scores(&self, embeddings: &Array2<f64>) -> Array1<f64> {
        let mut largest = Array1::from_elem(embeddings.nrows(), -1.0);
        for photo in &self.embeddings {
            let cosines = embeddings.dot(&wide(photo));
            largest.zip_mut_with(&cosines, |largest, cosine| *largest = cosine.max(*largest));
        }
        largest
    }
}

fn wide(embedding: &[f32]) -> Array1<f64> {
    embedding.iter().map(|value| f64::from(*value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_photo_counts_for_the_mean() {
        let centroid = Centroid::fit(&[vec![1.0, 0.0], vec![1.0, 0.0], vec![0.0, 1.0]]);
        assert!((centroid.raw_score(&[2.0 / 5f32.sqrt(), 1.0 / 5f32.sqrt()]) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn nearest_is_the_closest_of_all() {
        let nearest = Nearest::fit(&[vec![1.0, 0.0], vec![0.0, 1.0]]);
        assert!((nearest.raw_score(&[0.6, 0.8]) - 0.8).abs() < 1e-6);
    }
}
