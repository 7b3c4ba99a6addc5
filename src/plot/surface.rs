//! The mean score over the plane, from which the decision border is drawn.

use linfa_linalg::cholesky::SolveC;
use ndarray::Array2;
use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::decision::{Decision, Population};
use crate::error::{Error, Result, one_line};
use crate::projection::{Place, Projection};

/// How many simulated faces are scored.
const FACES: usize = 4000;
/// The seed of these faces.
const SEED: u64 = 20;
/// How far faces are moved vertically, in standard deviations: beyond the edges of the picture.
const SPREAD: f64 = 5.0;
/// How far faces reach beyond the person, relative to the distance between the strangers' mean and the person's.
const BEYOND: f64 = 1.5;
/// How scores are smoothed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Smoothing {
    /// The bandwidth in standard deviations.
    pub bandwidth: f64,
    /// The slope has the weight of this many faces at the place.
    pub slope_weight: f64,
}

impl Smoothing {
    /// Scott's rule for the number of simulated faces.
    pub const WIDE: Self = Self { bandwidth: 0.25, slope_weight: 2.0 };
    /// For a plane on which a few similar faces lie among others that are not like them.
    pub const NARROW: Self = Self { bandwidth: 0.09, slope_weight: 0.3 };
}

/// Terms of the slope.
const TERMS: usize = 3;

/// The mean score of faces, by their place.
///
/// In 128 dimensions the border between match and no-match is not a line on the plane: of two faces at one place,
/// one may match and the other not. What can be drawn is the mean over the faces at a place. Real faces are too
/// few, especially between the person and the strangers, where the border is. So faces are simulated: all the way
/// from strangers to the person and somewhat beyond, and moved vertically over the picture, because a border
/// where no face lands would be an artefact. They are scored by the decision in use, whatever its method, and
/// smoothed: a slope over everything plus the local mean of the residuals.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// The places of the faces relative to the mean, in standard deviations of each axis.
    places: Vec<Place>,
    slope: [f64; TERMS],
    /// The residuals of the slope.
    left: Vec<f64>,
    mean: Place,
    deviation: [f64; 2],
    smoothing: Smoothing,
}

impl Surface {
    /// Simulate faces around the person with these `embeddings` (at least one), and score them.
    ///
    /// # Errors
    /// [`Error::Numeric`] if the scores are not finite.
    pub fn sample(
        decision: &Decision,
        embeddings: &[Vec<f32>],
        projection: &impl Projection,
    ) -> Result<Self> {
        let faces = spread(in_between(&decision.population, embeddings), projection);
        let places: Vec<Place> = faces.iter().map(|face| projection.place(face)).collect();
        let scores: Vec<f64> = faces.iter().map(|face| decision.score(face)).collect();
        Self::new(&places, &scores, Smoothing::WIDE)
    }

    /// From scored places.
    ///
    /// # Errors
    /// [`Error::Numeric`] if there are none, or they are not finite.
    pub fn new(places: &[Place], scores: &[f64], smoothing: Smoothing) -> Result<Self> {
        let n = places.len() as f64;
        let mean = [0, 1].map(|i| places.iter().map(|p| p[i]).sum::<f64>() / n);
        let deviation = [0, 1].map(|i| deviation(places, i).max(1e-9));
        let mut surface = Self {
            places: Vec::new(),
            slope: [0.0; TERMS],
            left: Vec::new(),
            mean,
            deviation,
            smoothing,
        };
        surface.places = places.iter().map(|place| surface.standard(*place)).collect();
        surface.slope = fit(&surface.places, scores)?;
        let slopes = surface.places.iter().map(|place| surface.sloping(*place));
        surface.left = scores.iter().zip(slopes).map(|(score, slope)| score - slope).collect();
        Ok(surface)
    }

    /// A place from the mean, in standard deviations.
    fn standard(&self, place: Place) -> Place {
        [0, 1].map(|i| (place[i] - self.mean[i]) / self.deviation[i])
    }

    fn sloping(&self, standard: Place) -> f64 {
        terms(standard).iter().zip(&self.slope).map(|(term, factor)| term * factor).sum()
    }

    /// The scores on a grid: a row for each of `up`, a column for each of `across`.
    #[must_use]
    pub fn grid(&self, across: &[f64], up: &[f64]) -> Array2<f64> {
        // The kernel is a product, so exponentials are needed only along the edges.
        let kernel = |axis: usize, ticks: &[f64]| {
            Array2::from_shape_fn((ticks.len(), self.places.len()), |(i, j)| {
                let tick = (ticks[i] - self.mean[axis]) / self.deviation[axis];
                let t = (tick - self.places[j][axis]) / self.smoothing.bandwidth;
                (-0.5 * t * t).exp()
            })
        };
        let (columns, rows) = (kernel(0, across), kernel(1, up));
        Array2::from_shape_fn((up.len(), across.len()), |(y, x)| {
            let (mut total, mut sum) = (self.smoothing.slope_weight, 0.0);
            let weights = columns.row(x).into_iter().zip(rows.row(y)).map(|(a, b)| a * b);
            for (weight, left) in weights.zip(&self.left) {
                total += weight;
                sum += weight * left;
            }
            self.sloping(self.standard([across[x], up[y]])) + sum / total
        })
    }
}

/// The standard deviation of places along an axis.
fn deviation(places: &[Place], axis: usize) -> f64 {
    let n = places.len() as f64;
    let mean = places.iter().map(|p| p[axis]).sum::<f64>() / n;
    (places.iter().map(|p| (p[axis] - mean).powi(2)).sum::<f64>() / n).sqrt()
}

fn terms([x, y]: Place) -> [f64; TERMS] {
    [1.0, x, y]
}

/// The least-squares factors of [`terms`].
fn fit(places: &[Place], scores: &[f64]) -> Result<[f64; TERMS]> {
    let failed = |reason: String| Error::Numeric { what: "the decision border", reason };
    // A small ridge makes the solution unique, for example if all places are on one line.
    let mut products: Array2<f64> = Array2::eye(TERMS) * 1e-9;
    let mut right: Array2<f64> = Array2::zeros((TERMS, 1));
    for (place, score) in places.iter().zip(scores) {
        let row = terms(*place);
        for i in 0..TERMS {
            right[(i, 0)] += row[i] * score / places.len() as f64;
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

/// `faces` moved vertically, otherwise unchanged.
fn spread(faces: Vec<Vec<f32>>, projection: &impl Projection) -> Vec<Vec<f32>> {
    let places: Vec<Place> = faces.iter().map(|face| projection.place(face)).collect();
    let reach = SPREAD * deviation(&places, 1);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED + 2);
    let moved = faces.iter().map(|face| {
        let up = reach * random.random_range(-1.0f64..1.0);
        projection.moved(face, [0.0, up])
    });
    moved.collect()
}

/// Faces from strangers (t = 0) to the person (t = 1) and beyond, in the population's diagonal space, where one
/// person's photos vary by 1 along each axis: the person's mean times t, plus a photo's deviation from it times √t,
/// plus a stranger times √(1 − t). The square roots keep faces in between as varied as real ones; a linear blend
/// would be half as varied.
fn in_between(population: &Population, embeddings: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let photos: Vec<_> = embeddings.iter().map(|e| population.diagonal(e)).collect();
    let n = photos.len() as f64;
    let Some(first) = photos.first() else { return Vec::new() };
    let mean = photos.iter().skip(1).fold(first.clone(), |sum, photo| sum + photo) / n;
    // Half of the variance is this person's own, as estimated from the photos, half the population's.
    let own = 0.5 * (1.0 - 1.0 / n);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let strangers = population.strangers(FACES, SEED + 1);
    let mut points = Array2::zeros((FACES, mean.len()));
    for (stranger, mut point) in strangers.iter().zip(points.rows_mut()) {
        let along: f64 = random.random_range(-0.25..BEYOND).max(0.0);
        let t = along.min(1.0);
        let photo = &photos[random.random_range(0..photos.len())];
        let noise = mean.mapv(|_| -> f64 { StandardNormal.sample(&mut random) });
        let deviation = (photo - &mean) * own.sqrt() + noise * (1.0 - own).sqrt();
        let stranger = population.diagonal(stranger) * (1.0 - t).sqrt();
        point.assign(&(&mean * along + deviation * t.sqrt() + stranger));
    }
    population.embeddings(points.view())
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
        let scores: Vec<f64> = places.iter().map(|p| 1.0 + 3.0 * p[0] - p[1]).collect();
        let surface = Surface::new(&places, &scores, Smoothing::WIDE).unwrap();
        let grid = surface.grid(&[0.3, 0.5], &[0.8, 1.2]);
        for ((y, x), expected) in [((0, 0), 1.1), ((0, 1), 1.7), ((1, 0), 0.7), ((1, 1), 1.3)] {
            assert!((grid[(y, x)] - expected).abs() < 1e-3, "{} {expected}", grid[(y, x)]);
        }
        let far = surface.grid(&[20.0], &[30.0])[(0, 0)];
        assert!((far - 31.0).abs() < 0.1, "{far}");
        assert!(Surface::new(&[], &[], Smoothing::WIDE).is_err());
        assert!(Surface::new(&[[0.0, 0.0]], &[f64::NAN], Smoothing::WIDE).is_err());
    }

    #[test]
    fn what_no_slope_can_follow_is_followed_where_faces_land() {
        let place = |i: i32| [f64::from(i % 60) / 60.0, f64::from(i / 60) / 60.0];
        let places: Vec<Place> = (0..3600).map(place).collect();
        let step = |p: &Place| if p[0] > 0.7 { 5.0 } else { 0.0 };
        let scores: Vec<f64> = places.iter().map(step).collect();
        let grid = Surface::new(&places, &scores, Smoothing::WIDE)
            .unwrap()
            .grid(&[0.3, 0.5, 0.7, 0.9], &[0.5]);
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
            let calibration = population.calibration(method, 12).unwrap();
            let population = population.clone();
            let decision = Decision {
                scorer,
                calibration,
                look_alikes,
                threshold: 0.0,
                strangers: None,
                population,
            };
            let surface = Surface::sample(&decision, &person, &pca).unwrap();
            let across: Vec<f64> = person.iter().map(|p| pca.place(p)[0]).collect();
            let right = across.iter().sum::<f64>() / across.len() as f64;
            let grid = surface.grid(&[-right, 0.0, right], &[0.0]);
            assert!(grid[(0, 0)] < grid[(0, 1)] && grid[(0, 1)] < grid[(0, 2)], "{method} {grid}");
        }
    }
}
