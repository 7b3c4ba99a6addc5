//! The evidence over the plane: what the decision border is drawn from.

use linfa_linalg::cholesky::SolveC;
use ndarray::Array2;
use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::decision::{Decision, Population};
use crate::error::{Error, Result, one_line};
use crate::projection::{Place, Projection};

/// Made-up faces that are scored.
const FACES: usize = 2500;
/// Draws the same faces every time.
const SEED: u64 = 20;
/// Bandwidths of the smoothing, the coarse one first, in standard deviations. By Scott's rule 0.25
/// would suit this many faces on a plane; the border looks no different, only less steady.
const BANDWIDTHS: [f64; 2] = [1.0, 0.4];
/// What is smoothed more coarsely counts for as much as this many faces on the spot.
const COARSER_WEIGHT: f64 = 2.0;
/// Terms of the slope.
const TERMS: usize = 4;

/// The mean evidence of faces, by where they land.
///
/// In 128 dimensions the border between match and no match is no line of the plane: of two faces
/// that land on one spot, one may match and the other not. What can be drawn honestly is the mean
/// over the faces that land there. Real ones are too few, above all between the person and the
/// strangers, where the border is; so faces are made up all the way from strangers to the person,
/// scored by the decision in use whatever its method, and smoothed from coarse to fine: a slope
/// over everything, the mean of what that leaves in wide surroundings, the mean of what is left
/// then nearby. Where no face lands the coarser ones remain.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// Where the faces land, from the mean, in standard deviations of each axis.
    places: Vec<Place>,
    slope: [f64; TERMS],
    /// For each of [`BANDWIDTHS`], what all that is coarser leaves of each face's evidence.
    left: Vec<Vec<f64>>,
    mean: Place,
    deviation: [f64; 2],
}

impl Surface {
    /// Make up faces around the person with these `embeddings` (at least one), and score them.
    ///
    /// # Errors
    /// [`Error::Numeric`] where the scores are not numbers.
    pub fn sample(
        decision: &Decision,
        embeddings: &[Vec<f32>],
        projection: &impl Projection,
    ) -> Result<Self> {
        let faces = in_between(&decision.population, embeddings);
        let places: Vec<Place> = faces.iter().map(|face| projection.place(face)).collect();
        let evidence: Vec<f64> = faces.iter().map(|face| decision.evidence(face)).collect();
        Self::new(&places, &evidence)
    }

    /// From scored places.
    ///
    /// # Errors
    /// [`Error::Numeric`] where there are none, or they are not numbers.
    pub fn new(places: &[Place], evidence: &[f64]) -> Result<Self> {
        let n = places.len() as f64;
        let mean = [0, 1].map(|i| places.iter().map(|p| p[i]).sum::<f64>() / n);
        let deviation = [0, 1].map(|i| {
            let variance = places.iter().map(|p| (p[i] - mean[i]).powi(2)).sum::<f64>() / n;
            variance.sqrt().max(1e-9)
        });
        let mut surface =
            Self { places: Vec::new(), slope: [0.0; TERMS], left: Vec::new(), mean, deviation };
        surface.places = places.iter().map(|place| surface.standard(*place)).collect();
        surface.slope = fit(&surface.places, evidence)?;
        let slopes = surface.places.iter().map(|place| surface.sloping(*place));
        let mut left: Vec<f64> = evidence.iter().zip(slopes).map(|(e, slope)| e - slope).collect();
        for bandwidth in BANDWIDTHS {
            let smooth = |at: &Place| {
                let weight = |place: &Place| {
                    kernel((place[0] - at[0]) / bandwidth) * kernel((place[1] - at[1]) / bandwidth)
                };
                local_mean(surface.places.iter().map(weight), &left)
            };
            let smoothed: Vec<f64> = surface.places.iter().map(smooth).collect();
            let finer = left.iter().zip(smoothed).map(|(left, smooth)| left - smooth).collect();
            surface.left.push(std::mem::replace(&mut left, finer));
        }
        Ok(surface)
    }

    /// A place from the mean, in standard deviations.
    fn standard(&self, place: Place) -> Place {
        [0, 1].map(|i| (place[i] - self.mean[i]) / self.deviation[i])
    }

    fn sloping(&self, standard: Place) -> f64 {
        terms(standard).iter().zip(&self.slope).map(|(term, factor)| term * factor).sum()
    }

    /// The evidence on a grid: a row for each of `up`, a column for each of `across`.
    #[must_use]
    pub fn grid(&self, across: &[f64], up: &[f64]) -> Array2<f64> {
        let mut grid = Array2::from_shape_fn((up.len(), across.len()), |(y, x)| {
            self.sloping(self.standard([across[x], up[y]]))
        });
        for (bandwidth, left) in BANDWIDTHS.iter().zip(&self.left) {
            // The kernel is a product, so that its exponentials are needed along the edges only.
            let along = |axis: usize, ticks: &[f64]| {
                Array2::from_shape_fn((ticks.len(), self.places.len()), |(i, j)| {
                    let tick = (ticks[i] - self.mean[axis]) / self.deviation[axis];
                    kernel((tick - self.places[j][axis]) / bandwidth)
                })
            };
            let (columns, rows) = (along(0, across), along(1, up));
            for ((y, x), value) in grid.indexed_iter_mut() {
                let weights = columns.row(x).into_iter().zip(rows.row(y)).map(|(a, b)| a * b);
                *value += local_mean(weights, left);
            }
        }
        grid
    }
}

/// A bell without its constant factor.
fn kernel(t: f64) -> f64 {
    (-0.5 * t * t).exp()
}

/// The weighted mean, drawn towards nothing where the weights are small.
fn local_mean(weights: impl Iterator<Item = f64>, values: &[f64]) -> f64 {
    let (mut total, mut sum) = (COARSER_WEIGHT, 0.0);
    for (weight, value) in weights.zip(values) {
        total += weight;
        sum += weight * value;
    }
    sum / total
}

/// Straight from strangers to the person, so that it never turns around beyond them; bent across
/// that, because the farther a face is to the side, the less it is the person's.
fn terms([x, y]: Place) -> [f64; TERMS] {
    [1.0, x, y, y * y]
}

/// The least-squares factors of [`terms`].
fn fit(places: &[Place], evidence: &[f64]) -> Result<[f64; TERMS]> {
    let failed = |reason: String| Error::Numeric { what: "the decision border", reason };
    // A trace of ridge settles what the places leave open, such as all of them on one line.
    let mut products: Array2<f64> = Array2::eye(TERMS) * 1e-9;
    let mut right: Array2<f64> = Array2::zeros((TERMS, 1));
    for (place, evidence) in places.iter().zip(evidence) {
        let row = terms(*place);
        for i in 0..TERMS {
            right[(i, 0)] += row[i] * evidence / places.len() as f64;
            for j in 0..TERMS {
                products[(i, j)] += row[i] * row[j] / places.len() as f64;
            }
        }
    }
    let factors: Array2<f64> =
        products.solvec(&right).map_err(|e| failed(one_line(&e.to_string())))?;
    if places.is_empty() || factors.iter().any(|factor| !factor.is_finite()) {
        return Err(failed("the scores are not numbers".into()));
    }
    Ok(std::array::from_fn(|i| factors[(i, 0)]))
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
    fn a_plane_is_met_and_goes_on_far_away() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        let places: Vec<Place> = (0..3000)
            .map(|_| [random.random_range(0.0..1.0), random.random_range(0.0..2.0)])
            .collect();
        let evidence: Vec<f64> = places.iter().map(|p| 1.0 + 3.0 * p[0] - p[1]).collect();
        let surface = Surface::new(&places, &evidence).unwrap();
        let grid = surface.grid(&[0.3, 0.5], &[0.8, 1.2]);
        for ((y, x), expected) in [((0, 0), 1.1), ((0, 1), 1.7), ((1, 0), 0.7), ((1, 1), 1.3)] {
            assert!((grid[(y, x)] - expected).abs() < 1e-3, "{} {expected}", grid[(y, x)]);
        }
        let far = surface.grid(&[20.0], &[30.0])[(0, 0)];
        assert!((far - 31.0).abs() < 0.1, "{far}");
        assert!(Surface::new(&[], &[]).is_err());
        assert!(Surface::new(&[[0.0, 0.0]], &[f64::NAN]).is_err());
    }

    #[test]
    fn what_no_slope_can_follow_is_followed_where_faces_land() {
        let place = |i: i32| [f64::from(i % 60) / 60.0, f64::from(i / 60) / 60.0];
        let places: Vec<Place> = (0..3600).map(place).collect();
        let step = |p: &Place| if p[0] > 0.7 { 5.0 } else { 0.0 };
        let evidence: Vec<f64> = places.iter().map(step).collect();
        let grid = Surface::new(&places, &evidence).unwrap().grid(&[0.3, 0.5, 0.7, 0.9], &[0.5]);
        for (found, expected) in grid.iter().zip([0.0, 0.0, 2.5, 5.0]) {
            assert!((found - expected).abs() < 0.4, "{grid}");
        }
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
            let surface = Surface::sample(&decision, &person, &pca).unwrap();
            let across: Vec<f64> = person.iter().map(|p| pca.place(p)[0]).collect();
            let right = across.iter().sum::<f64>() / across.len() as f64;
            let grid = surface.grid(&[-right, 0.0, right], &[0.0]);
            assert!(grid[(0, 0)] < grid[(0, 1)] && grid[(0, 1)] < grid[(0, 2)], "{method} {grid}");
        }
    }
}
