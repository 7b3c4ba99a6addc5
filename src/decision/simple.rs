//! The two scores that need no model of people: cosine to a trimmed mean, cosine to the closest
//! photo.

use super::cosine;
use crate::model::mean_direction;

/// The share of the enrolled photos, the least alike ones, that the mean leaves out.
const TRIMMED_SHARE: f64 = 0.1;

/// The trimmed mean direction of the enrolled photos.
#[derive(Debug, Clone, PartialEq)]
pub struct Centroid {
    mean: Vec<f32>,
}

impl Centroid {
    /// Fit to `embeddings`, of which there is at least one.
    #[must_use]
    pub fn fit(embeddings: &[Vec<f32>]) -> Self {
        let mean = mean_direction(embeddings);
        let mut ranked: Vec<&Vec<f32>> = embeddings.iter().collect();
        ranked.sort_by(|a, b| cosine(b, &mean).total_cmp(&cosine(a, &mean)));
        ranked.truncate(ranked.len() - (ranked.len() as f64 * TRIMMED_SHARE) as usize);
        Self { mean: mean_direction(&ranked) }
    }

    /// The cosine of `embedding` and the mean, −1 to 1.
    #[must_use]
    pub fn score(&self, embedding: &[f32]) -> f64 {
        cosine(&self.mean, embedding)
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
    pub fn score(&self, embedding: &[f32]) -> f64 {
        self.embeddings.iter().map(|e| cosine(e, embedding)).fold(-1.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_outlier_is_trimmed_from_the_mean() {
        let mut photos = vec![vec![1.0, 0.0]; 10];
        photos[3] = vec![0.0, 1.0];
        assert!((Centroid::fit(&photos).score(&[1.0, 0.0]) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn nearest_is_the_closest_of_all() {
        let nearest = Nearest::fit(&[vec![1.0, 0.0], vec![0.0, 1.0]]);
        assert!((nearest.score(&[0.6, 0.8]) - 0.8).abs() < 1e-6);
    }
}
