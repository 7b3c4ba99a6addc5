//! The evidence over the plane: what the decision border is drawn from.

use ndarray::Array2;
use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::decision::{Decision, Population};
use crate::projection::{Place, Projection};

/// Made-up faces that are scored.
const FACES: usize = 4000;
/// Draws the same faces every time.
const SEED: u64 = 20;
/// A bandwidth that suits this many faces on a plane, in standard deviations (Scott's rule).
const BANDWIDTH: f64 = 0.25;
/// Added to the local spread of places, in squared bandwidths, so that where few faces land the
/// slope fades to a level instead of running away.
const RIDGE: f64 = 0.05;

/// The mean evidence of faces, by where they land.
///
/// In 128 dimensions the border between match and no match is no line of the plane: of two faces
/// that land on one spot, one may match and the other not. What can be drawn honestly is the mean
/// over the faces that land there. Real ones are too few, above all between the person and the
/// strangers, where the border is; so faces are made up all the way from strangers to the person,
/// scored by the decision in use whatever its method, and smoothed by local linear regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    places: Vec<Place>,
    evidence: Vec<f64>,
    bandwidth: [f64; 2],
}

impl Surface {
    /// Make up faces around the person with these `embeddings` (at least one), and score them.
    #[must_use]
    pub fn sample(
        decision: &Decision,
        embeddings: &[Vec<f32>],
        projection: &impl Projection,
    ) -> Self {
        let faces = in_between(&decision.population, embeddings);
        let places: Vec<Place> = faces.iter().map(|face| projection.place(face)).collect();
        let evidence = faces.iter().map(|face| decision.evidence(face)).collect();
        Self::new(places, evidence)
    }

    /// From scored places, of which there is at least one.
    #[must_use]
    pub fn new(places: Vec<Place>, evidence: Vec<f64>) -> Self {
        let bandwidth = std::array::from_fn(|axis| {
            let n = places.len() as f64;
            let mean = places.iter().map(|p| p[axis]).sum::<f64>() / n;
            let variance = places.iter().map(|p| (p[axis] - mean).powi(2)).sum::<f64>() / n;
            (BANDWIDTH * variance.sqrt()).max(1e-6)
        });
        Self { places, evidence, bandwidth }
    }

    /// The evidence on a grid: a row for each of `up`, a column for each of `across`.
    #[must_use]
    pub fn grid(&self, across: &[f64], up: &[f64]) -> Array2<f64> {
        let kernel = |axis: usize, ticks: &[f64]| {
            Array2::from_shape_fn((ticks.len(), self.places.len()), |(i, j)| {
                let t = (ticks[i] - self.places[j][axis]) / self.bandwidth[axis];
                (-0.5 * t * t).exp()
            })
        };
        let (columns, rows) = (kernel(0, across), kernel(1, up));
        Array2::from_shape_fn((up.len(), across.len()), |(y, x)| {
            let weights = columns.row(x).iter().zip(rows.row(y)).map(|(a, b)| a * b).collect();
            self.regress([across[x], up[y]], weights)
        })
    }

    /// The weighted least-squares plane through the evidence, at the place itself.
    fn regress(&self, at: Place, mut weights: Vec<f64>) -> f64 {
        if weights.iter().sum::<f64>() < 1e-100 {
            weights = self.nearest(at);
        }
        // Sums of weight, of weighted offsets (in bandwidths) and products, of evidence.
        let [mut w, mut wx, mut wy, mut wxx, mut wxy, mut wyy] = [0.0; 6];
        let [mut we, mut wxe, mut wye] = [0.0; 3];
        for ((place, evidence), weight) in self.places.iter().zip(&self.evidence).zip(weights) {
            let x = (place[0] - at[0]) / self.bandwidth[0];
            let y = (place[1] - at[1]) / self.bandwidth[1];
            w += weight;
            wx += weight * x;
            wy += weight * y;
            wxx += weight * x * x;
            wxy += weight * x * y;
            wyy += weight * y * y;
            we += weight * evidence;
            wxe += weight * x * evidence;
            wye += weight * y * evidence;
        }
        let (x, y, e) = (wx / w, wy / w, we / w);
        let (xx, yy) = (wxx / w - x * x + RIDGE, wyy / w - y * y + RIDGE);
        let (xy, xe, ye) = (wxy / w - x * y, wxe / w - x * e, wye / w - y * e);
        let determinant = xx * yy - xy * xy;
        let slope = [(xe * yy - ye * xy) / determinant, (ye * xx - xe * xy) / determinant];
        e - slope[0] * x - slope[1] * y
    }

    /// Weights far from every face, where the kernel is too small to compute with: relative to
    /// that of the nearest face.
    fn nearest(&self, at: Place) -> Vec<f64> {
        let squared = |place: &Place| {
            let [x, y] = [0, 1].map(|i| (place[i] - at[i]) / self.bandwidth[i]);
            x * x + y * y
        };
        let least = self.places.iter().map(squared).fold(f64::INFINITY, f64::min);
        self.places.iter().map(|place| (-0.5 * (squared(place) - least)).exp()).collect()
    }
}

/// Faces from strangers (t = 0) to the person (t = 1), in the population's diagonal space, where
/// one person's photos vary by 1 along each axis: the person's mean times t, plus a photo's
/// deviation from it times √t, plus a stranger times √(1 − t). The square roots keep faces in
/// between as varied as real ones, where a plain blend would be half as varied.
fn in_between(population: &Population, embeddings: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let photos: Vec<_> = embeddings.iter().map(|e| population.diagonal(e)).collect();
    let n = photos.len() as f64;
    let Some(first) = photos.first() else { return Vec::new() };
    let mean = photos.iter().skip(1).fold(first.clone(), |sum, photo| sum + photo) / n;
    // Half of the variance is this person's own, as far as the photos tell it, half the population's.
    let own = 0.5 * (1.0 - 1.0 / n);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let strangers = population.strangers(FACES, SEED + 1);
    let faces = strangers.iter().map(|stranger| {
        let t: f64 = random.random_range(-0.25f64..1.25).clamp(0.0, 1.0);
        let photo = &photos[random.random_range(0..photos.len())];
        let noise = mean.mapv(|_| -> f64 { StandardNormal.sample(&mut random) });
        let deviation = (photo - &mean) * own.sqrt() + noise * (1.0 - own).sqrt();
        let point =
            &mean * t + deviation * t.sqrt() + population.diagonal(stranger) * (1.0 - t).sqrt();
        population.embedding(point.view())
    });
    faces.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{LookAlikes, Method, Scorer, toy_population};
    use crate::projection::Pca;

    #[test]
    fn a_plane_is_met_exactly_and_far_away_stays_finite() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        let places: Vec<Place> = (0..3000)
            .map(|_| [random.random_range(0.0..1.0), random.random_range(0.0..2.0)])
            .collect();
        let evidence = places.iter().map(|p| 1.0 + 3.0 * p[0] - p[1]).collect();
        let surface = Surface::new(places, evidence);
        let grid = surface.grid(&[0.3, 0.5], &[0.8, 1.2]);
        for ((y, x), expected) in [((0, 0), 1.1), ((0, 1), 1.7), ((1, 0), 0.7), ((1, 1), 1.3)] {
            assert!((grid[(y, x)] - expected).abs() < 0.03, "{} {expected}", grid[(y, x)]);
        }
        assert!(surface.grid(&[-500.0, 500.0], &[900.0]).iter().all(|v| v.is_finite()));
    }

    #[test]
    fn the_border_lies_between_strangers_and_person_for_every_method() {
        let population = toy_population(32);
        let identity = population.diagonal(&population.strangers(1, 5)[0]) * 2.0;
        let person: Vec<Vec<f32>> = population
            .strangers(12, 6)
            .iter()
            .map(|s| population.embedding((&identity + &(population.diagonal(s) * 0.4)).view()))
            .collect();
        let pca = Pca::fit(&person, |count| population.strangers(count, 1)).unwrap();
        for method in [Method::Plda, Method::Centroid, Method::Nearest] {
            let scorer = Scorer::fit(method, &population, &person, &[]).unwrap();
            let look_alikes = LookAlikes::fit(&population, &person, &[]);
            let calibration = population.calibration(method, 12);
            let population = population.clone();
            let decision =
                Decision { scorer, calibration, look_alikes, threshold: 0.0, population };
            let surface = Surface::sample(&decision, &person, &pca);
            let across: Vec<f64> = person.iter().map(|p| pca.place(p)[0]).collect();
            let right = across.iter().sum::<f64>() / across.len() as f64;
            let grid = surface.grid(&[-right, 0.0, right], &[0.0]);
            assert!(grid[(0, 0)] < grid[(0, 1)] && grid[(0, 1)] < grid[(0, 2)], "{method} {grid}");
        }
    }
}
