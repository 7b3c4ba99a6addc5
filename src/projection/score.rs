//! The plane of the decision: horizontally the score; vertically the direction in which faces differ most after
//! removing what correlates with the score.

use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::{Array1, Array2, Axis};

use super::Place;
use crate::error::{Error, Result, one_line};

/// The projection of faces with known scores.
#[derive(Debug, Clone, PartialEq)]
pub struct ScorePlane {
    mean: Array1<f64>,
    mean_score: f64,
    /// How an embedding changes with the score, by least squares.
    along: Array1<f64>,
    /// The vertical direction, of length 1.
    up: Array1<f64>,
}

impl ScorePlane {
    /// Fit to faces and their scores.
    ///
    /// # Errors
    /// [`Error::Numeric`] if there are none, or the directions cannot be found.
    pub fn fit(faces: &[&[f32]], scores: &[f64]) -> Result<Self> {
        let failed = |reason: String| Error::Numeric { what: "the projection", reason };
        let dimensions = faces.first().map_or(0, |face| face.len());
        let numbers = faces.iter().flat_map(|face| face.iter().map(|v| f64::from(*v))).collect();
        let rows = Array2::from_shape_vec((faces.len(), dimensions), numbers)
            .map_err(|e| failed(e.to_string()))?;
        let mean =
            rows.mean_axis(Axis(0)).ok_or_else(|| failed("there is no photo to project".into()))?;
        let scores = Array1::from_vec(scores.to_vec());
        let mean_score = scores.mean().unwrap_or_default();
        let centred = rows - &mean;
        let spread = scores - mean_score;
        let along = spread.dot(&centred) / spread.dot(&spread).max(1e-12);
        let left = &centred - &spread.insert_axis(Axis(1)).dot(&along.view().insert_axis(Axis(0)));
        let fitted = linfa_reduction::Pca::params(1)
            .fit(&DatasetBase::from(left))
            .map_err(|e| failed(one_line(&e.to_string())))?;
        // If nothing remains, the library finds no direction.
        let first = fitted.components().outer_iter().next().map(|row| row.to_owned());
        let mut up = first.ok_or_else(|| failed("the photos do not differ".into()))?;
        let largest = up.iter().fold(0.0f64, |w, v| if v.abs() > w.abs() { *v } else { w });
        if !largest.is_normal() {
            return Err(failed("the photos do not differ".into()));
        }
        // A direction's sign is arbitrary.
        up *= largest.signum();
        Ok(Self { mean, mean_score, along, up })
    }

    /// The place of a face with this score.
    #[must_use]
    pub fn place(&self, embedding: &[f32], score: f64) -> Place {
        let off = score - self.mean_score;
        let up = embedding.iter().zip(&self.mean).zip(&self.along).zip(&self.up);
        let height =
            up.map(|(((v, mean), along), up)| (f64::from(*v) - mean - off * along) * up).sum();
        [score, height]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::toy_population;

    #[test]
    fn up_is_what_the_score_leaves() {
        let faces = toy_population(12).strangers(500, 3);
        // The score follows one axis; the strongest of the others is the first.
        let scores: Vec<f64> = faces.iter().map(|f| 3.0 * f64::from(f[1])).collect();
        let rows: Vec<&[f32]> = faces.iter().map(Vec::as_slice).collect();
        let plane = ScorePlane::fit(&rows, &scores).unwrap();
        let places: Vec<Place> =
            faces.iter().zip(&scores).map(|(face, score)| plane.place(face, *score)).collect();
        let mean = |i: usize| places.iter().map(|p| p[i]).sum::<f64>() / places.len() as f64;
        let (x, y) = (mean(0), mean(1));
        let product = places.iter().map(|p| (p[0] - x) * (p[1] - y)).sum::<f64>();
        assert!(product.abs() / 500.0 < 1e-9, "{product}");
        assert!(places.iter().zip(&scores).all(|(place, score)| place[0] == *score));
        let spread = places.iter().map(|p| (p[1] - y).powi(2)).sum::<f64>() / 500.0;
        assert!(spread > 1e-3, "{spread}");
        assert_eq!(plane, ScorePlane::fit(&rows, &scores).unwrap());
    }

    #[test]
    fn nobody_and_copies_alone_are_errors() {
        assert!(ScorePlane::fit(&[], &[]).is_err());
        let face = [0.6f32, 0.8];
        assert!(ScorePlane::fit(&[&face, &face, &face], &[1.0, 1.0, 1.0]).is_err());
    }
}
