//! Principal components of one person's photos together with strangers.

use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::{Array1, Array2, Axis};

use super::{Place, Projection};
use crate::error::{Error, Result, one_line};

/// The least number of rows for each side, so that one photo of a person has the same weight as many strangers.
const LEAST_ROWS: usize = 200;

/// The plane on which a person and strangers differ most.
///
/// Fitted only to the person's photos, it would show how they differ among themselves, and strangers would lie in the
/// middle of them. So it is fitted to the photos and to strangers, both sides with the same weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Pca {
    mean: Array1<f64>,
    /// Two rows: the horizontal and the vertical direction, of length 1.
    components: Array2<f64>,
    /// The explained share of the variance along each direction.
    pub explained: [f64; 2],
}

impl Pca {
    /// Fit to the embeddings of `person` and to those that `strangers` gives for a number. The person is placed to the
    /// right of the strangers.
    ///
    /// # Errors
    /// [`Error::Numeric`] if `person` is empty or the components cannot be found.
    pub fn fit(
        person: &[Vec<f32>],
        strangers: impl FnOnce(usize) -> Vec<Vec<f32>>,
    ) -> Result<Self> {
        let failed = |reason: String| Error::Numeric { what: "the projection", reason };
        if person.is_empty() {
            return Err(failed("there is no photo to project".into()));
        }
        // Repeating the photos gives them exactly the weight of the strangers.
        let repeats = LEAST_ROWS.div_ceil(person.len());
        let strangers = strangers(person.len() * repeats);
        let repeated = (0..repeats).flat_map(|_| person);
        let dimensions = person[0].len();
        let numbers: Vec<f64> =
            repeated.chain(&strangers).flatten().map(|value| f64::from(*value)).collect();
        let rows = Array2::from_shape_vec((numbers.len() / dimensions, dimensions), numbers)
            .map_err(|e| failed(e.to_string()))?;
        let fitted = linfa_reduction::Pca::params(2)
            .fit(&DatasetBase::from(rows.view()))
            .map_err(|e| failed(one_line(&e.to_string())))?;
        let (mean, mut components) = (fitted.mean().clone(), fitted.components().clone());
        if components.iter().any(|value| !value.is_finite()) {
            return Err(failed("the photos do not differ".into()));
        }
        turn(&mut components, &person_mean(person, dimensions), &mean);
        // linfa's ratio is relative to the computed components, not to the total variance.
        let centred = rows - &mean;
        let whole = centred.mapv(|v| v * v).sum();
        let along = centred.dot(&components.t()).mapv(|v| v * v).sum_axis(Axis(0));
        Ok(Self { mean, components, explained: [along[0] / whole, along[1] / whole] })
    }
}

/// The mean of the person's embeddings.
fn person_mean(person: &[Vec<f32>], dimensions: usize) -> Array1<f64> {
    let mut mean = Array1::zeros(dimensions);
    for embedding in person {
        mean += &embedding.iter().map(|v| f64::from(*v)).collect::<Array1<f64>>();
    }
    mean / person.len() as f64
}

/// Fix the components' arbitrary signs: the person is on the right, and the second component's largest number is
/// positive.
fn turn(components: &mut Array2<f64>, person: &Array1<f64>, mean: &Array1<f64>) {
    if components.row(0).dot(&(person - mean)) < 0.0 {
        components.row_mut(0).mapv_inplace(|v| -v);
    }
    let largest =
        components.row(1).iter().fold(0.0f64, |w, v| if v.abs() > w.abs() { *v } else { w });
    if largest < 0.0 {
        components.row_mut(1).mapv_inplace(|v| -v);
    }
}

impl Projection for Pca {
    fn place(&self, embedding: &[f32]) -> Place {
        let mut place = [0.0; 2];
        for ((value, mean), axes) in
            embedding.iter().zip(&self.mean).zip(self.components.axis_iter(Axis(1)))
        {
            let centred = f64::from(*value) - mean;
            place[0] += centred * axes[0];
            place[1] += centred * axes[1];
        }
        place
    }

    fn moved(&self, embedding: &[f32], by: Place) -> Vec<f32> {
        let moved: Vec<f32> = embedding
            .iter()
            .zip(self.components.axis_iter(Axis(1)))
            .map(|(value, axes)| (f64::from(*value) + by[0] * axes[0] + by[1] * axes[1]) as f32)
            .collect();
        crate::model::unit(&moved)
    }

    fn axes(&self) -> [String; 2] {
        let [first, second] = self.explained.map(|share| 100.0 * share);
        [
            format!("Component 1: {first:.0} % of the variance of photos and strangers"),
            format!("Component 2: {second:.0} %"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{Population, toy_population};

    fn fitted(population: &Population, photos: usize) -> (Pca, Vec<Vec<f32>>) {
        let identity = population.diagonal(&population.strangers(1, 5)[0]) * 2.0;
        let person: Vec<_> = population
            .strangers(photos, 6)
            .iter()
            .map(|s| population.embedding((&identity + &(population.diagonal(s) * 0.3)).view()))
            .collect();
        (Pca::fit(&person, |count| population.strangers(count, 1)).unwrap(), person)
    }

    #[test]
    fn the_person_is_right_of_the_strangers_and_it_is_repeatable() {
        let population = toy_population(12);
        for photos in [1, 2, 30, 300] {
            let (pca, person) = fitted(&population, photos);
            assert_eq!(pca, fitted(&population, photos).0);
            let strangers = population.strangers(200, 9);
            let across = |faces: &[Vec<f32>]| {
                faces.iter().map(|f| pca.place(f)[0]).sum::<f64>() / faces.len() as f64
            };
            assert!(across(&person) > 0.0, "{photos}");
            assert!(across(&strangers) < 0.0, "{photos}");
        }
    }

    #[test]
    fn explained_variance_is_a_share_of_the_whole_not_of_the_plane() {
        let (pca, _) = fitted(&toy_population(12), 30);
        let [first, second] = pca.explained;
        assert!(first > second && second > 0.0);
        assert!(first + second < 0.9, "{first} {second}");
        let (plane, _) = fitted(&toy_population(2), 30);
        assert!((plane.explained[0] + plane.explained[1] - 1.0).abs() < 1e-6);
        assert!(plane.axes()[0].starts_with("Component 1: "));
    }

    #[test]
    fn components_agree_with_the_eigenvectors_of_the_covariance() {
        use linfa_linalg::eigh::{EigSort, Eigh};
        let population = toy_population(12);
        let (pca, person) = fitted(&population, 200);
        let rows: Vec<f64> = person
            .iter()
            .chain(&population.strangers(200, 1))
            .flatten()
            .map(|v| f64::from(*v))
            .collect();
        let rows = Array2::from_shape_vec((400, 12), rows).unwrap();
        let centred = &rows - &rows.mean_axis(Axis(0)).unwrap();
        let (_, axes) = centred.t().dot(&centred).eigh().unwrap().sort_eig_desc();
        for i in 0..2 {
            let alike = axes.column(i).dot(&pca.components.row(i)).abs();
            assert!(alike > 1.0 - 1e-4, "component {i}: {alike}");
        }
    }

    #[test]
    fn a_moved_face_lands_where_it_was_sent_and_keeps_its_length() {
        let population = toy_population(12);
        let (pca, person) = fitted(&population, 30);
        let from = pca.place(&person[0]);
        let moved = pca.moved(&person[0], [0.02, -0.03]);
        let to = pca.place(&moved);
        assert!((to[0] - from[0] - 0.02).abs() < 0.01, "{from:?} {to:?}");
        assert!((to[1] - from[1] + 0.03).abs() < 0.01, "{from:?} {to:?}");
        assert!((crate::decision::cosine(&moved, &moved) - 1.0).abs() < 1e-5);
    }

    #[test]
    fn nobody_is_an_error() {
        assert!(Pca::fit(&[], |count| toy_population(4).strangers(count, 1)).is_err());
    }
}
