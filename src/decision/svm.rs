//! Support vector machines by `linfa-svm`: one-class, and between the person and others.

use linfa::DatasetBase;
use linfa::dataset::Pr;
use linfa::traits::Fit;
use linfa_svm::Svm;
use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::Population;
use crate::error::{Error, Result};

/// The width of the Gaussian kernel exp(−‖x − y‖² / width): gamma = 2 for unit vectors.
const KERNEL_WIDTH: f64 = 0.5;
/// The share of enrolled photos that may lie outside the one-class border. The border itself is
/// not used, only the raw score.
const NU: f64 = 0.1;
/// Simulated strangers, added to the user's photos of others so that a face like neither side counts as
/// another person's.
const STRANGERS: usize = 300;
/// The seed of those strangers.
const STRANGERS_SEED: u64 = 20_031;

/// A one-class support vector machine with a Gaussian kernel.
#[derive(Debug, Clone)]
pub struct OneClassSvm {
    svm: Svm<f64, bool>,
    supports: Supports,
}

impl OneClassSvm {
    /// Fit to `embeddings`, of which there is at least one.
    ///
    /// # Errors
    /// [`Error::Numeric`] if the solver fails.
    pub fn fit(embeddings: &[Vec<f32>]) -> Result<Self> {
        let records = matrix(embeddings)?;
        let targets = Array1::from_elem(embeddings.len(), ());
        let photos = DatasetBase::new(records, targets);
        let params = Svm::<f64, Pr>::params().nu_weight(NU).gaussian_kernel(KERNEL_WIDTH);
        let svm = params.fit(&photos).map_err(failed)?;
        Ok(Self { supports: Supports::of(&svm, photos.records.view()), svm })
    }

    /// The signed distance to the border over the border's offset: 0 on the border, −1 far away.
    #[must_use]
    pub fn raw_score(&self, embedding: &[f32]) -> f64 {
        decision_function(&self.svm, embedding) / self.scale()
    }

    /// The raw scores of many faces, a row each.
    #[must_use]
    pub fn raw_scores(&self, embeddings: &Array2<f64>) -> Array1<f64> {
        (self.supports.weighted_sums(embeddings) - self.svm.rho) / self.scale()
    }

    fn scale(&self) -> f64 {
        self.svm.rho.abs().max(1e-12)
    }
}

/// A machine's support vectors, for many faces at once.
#[derive(Debug, Clone)]
struct Supports {
    /// One vector a row.
    vectors: Array2<f64>,
    /// The square of each one's length.
    squares: Array1<f64>,
    weights: Array1<f64>,
}

impl Supports {
    /// The support vectors of a machine fitted to `records`: those of weight, as linfa-svm counts.
    fn of(svm: &Svm<f64, bool>, records: ArrayView2<f64>) -> Self {
        let counts = |weight: &f64| weight.abs() > 100.0 * f64::EPSILON;
        let chosen: Vec<usize> =
            svm.alpha.iter().enumerate().filter(|(_, w)| counts(w)).map(|(i, _)| i).collect();
        let vectors = records.select(Axis(0), &chosen);
        Self {
            squares: squares(&vectors),
            weights: chosen.iter().map(|i| svm.alpha[*i]).collect(),
            vectors,
        }
    }

    /// For each row of `embeddings`, the weighted sum of its kernel with every support vector: the
    /// same as the machine's own, by one matrix product.
    fn weighted_sums(&self, embeddings: &Array2<f64>) -> Array1<f64> {
        let mut kernel = embeddings.dot(&self.vectors.t());
        let lengths = squares(embeddings);
        for (mut row, length) in kernel.rows_mut().into_iter().zip(&lengths) {
            let sides = row.iter_mut().zip(&self.squares);
            sides.for_each(|(value, square)| {
                let distance = (length + square - 2.0 * *value).max(0.0);
                *value = (-distance / KERNEL_WIDTH).exp();
            });
        }
        kernel.dot(&self.weights)
    }
}

fn squares(rows: &Array2<f64>) -> Array1<f64> {
    rows.rows().into_iter().map(|row| row.dot(&row)).collect()
}

/// A support vector machine between enrolled photos and photos of others.
#[derive(Debug, Clone)]
pub struct Supervised {
    svm: Svm<f64, bool>,
    supports: Supports,
    /// How much lower the raw scores of strangers are because of the photos of others.
    shift: f64,
}

impl Supervised {
    /// Fit to the person's `embeddings` and to `others`, which may be empty, together with strangers drawn from the
    /// population.
    ///
    /// More photos of others lower everybody's raw scores. Calibration needs raw scores that mean the same with
    /// and without them, so they are raised by the amount that other simulated strangers were lowered.
    ///
    /// # Errors
    /// [`Error::Numeric`] if the solver fails.
    pub fn fit(
        population: &Population,
        embeddings: &[Vec<f32>],
        others: &[Vec<f32>],
    ) -> Result<Self> {
        let mut strangers = population.strangers(2 * STRANGERS, STRANGERS_SEED);
        let further = strangers.split_off(STRANGERS);
        let (svm, supports) = Self::machine(embeddings, &[others, &strangers].concat())?;
        let shift = if others.is_empty() {
            0.0
        } else {
            mean_raw_score(&svm, &further)
                - mean_raw_score(&Self::machine(embeddings, &strangers)?.0, &further)
        };
        Ok(Self { svm, supports, shift })
    }

    fn machine(person: &[Vec<f32>], others: &[Vec<f32>]) -> Result<(Svm<f64, bool>, Supports)> {
        let all = [person, others].concat();
        let targets = Array1::from_iter((0..all.len()).map(|i| i < person.len()));
        // Each side has the same weight, however many photos it has.
        let weight = others.len() as f64 / person.len() as f64;
        let photos = DatasetBase::new(matrix(&all)?, targets);
        let params = Svm::<f64, bool>::params().pos_neg_weights(weight, 1.0);
        let svm = params.gaussian_kernel(KERNEL_WIDTH).fit(&photos).map_err(failed)?;
        let supports = Supports::of(&svm, photos.records.view());
        Ok((svm, supports))
    }

    /// The decision function: high on the person's side.
    #[must_use]
    pub fn raw_score(&self, embedding: &[f32]) -> f64 {
        decision_function(&self.svm, embedding) - self.shift
    }

    /// The decision function of many faces, a row each.
    #[must_use]
    pub fn raw_scores(&self, embeddings: &Array2<f64>) -> Array1<f64> {
        self.supports.weighted_sums(embeddings) - self.svm.rho - self.shift
    }
}

fn decision_function(svm: &Svm<f64, bool>, embedding: &[f32]) -> f64 {
    svm.weighted_sum(&row(embedding)) - svm.rho
}

fn mean_raw_score(svm: &Svm<f64, bool>, embeddings: &[Vec<f32>]) -> f64 {
    let sum: f64 = embeddings.iter().map(|e| decision_function(svm, e)).sum();
    sum / embeddings.len().max(1) as f64
}

fn row(embedding: &[f32]) -> Array1<f64> {
    embedding.iter().map(|v| f64::from(*v)).collect()
}

fn matrix(embeddings: &[Vec<f32>]) -> Result<Array2<f64>> {
    let width = embeddings.first().map_or(0, Vec::len);
    let values = embeddings.iter().flatten().map(|v| f64::from(*v)).collect();
    Array2::from_shape_vec((embeddings.len(), width), values).map_err(failed)
}

fn failed(reason: impl std::fmt::Display) -> Error {
    Error::Numeric { what: "fitting a support vector machine", reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::toy_population;

    /// Points on the unit sphere's surroundings, the same in `tests/data/make_svm_reference.py`.
    fn spiral(count: usize, step: f64) -> Vec<Vec<f32>> {
        (0..count)
            .map(|i| {
                let i = i as f64;
                let angle = 0.13 * i * i % 1.1 + step;
                let point = [angle.cos(), angle.sin(), (0.2 * angle).sin(), (1.7 * i).cos() / 3.0];
                point.map(|v| v as f32).to_vec()
            })
            .collect()
    }

    #[test]
    fn one_class_raw_scores_agree_with_scikit_learn() {
        // scikit-learn 1.9.1: m = OneClassSVM(gamma=2.0, nu=0.1, tol=1e-9).fit(spiral(25, 0));
        // m.decision_function(spiral(6, 0.4)) / abs(m.offset_)
        let expected = include!("../../tests/data/svm_reference.in");
        let svm = OneClassSvm::fit(&spiral(25, 0.0)).unwrap();
        for (point, expected) in spiral(6, 0.4).iter().zip(expected) {
            let found: f64 = svm.raw_score(point);
            assert!((found - expected).abs() < 1e-3, "{found} {expected}");
        }
    }

    #[test]
    fn one_photo_is_enough() {
        let svm = OneClassSvm::fit(&spiral(1, 0.0)).unwrap();
        let photos = spiral(2, 0.5);
        assert!(svm.raw_score(&spiral(1, 0.0)[0]) > svm.raw_score(&photos[1]));
    }

    #[test]
    fn a_supervised_machine_tells_the_person_from_the_others_shown() {
        let population = toy_population(8);
        let person = population.strangers(6, 1);
        let others = population.strangers(12, 2);
        let svm = Supervised::fit(&population, &person, &others).unwrap();
        let worst = person.iter().map(|p| svm.raw_score(p)).fold(f64::INFINITY, f64::min);
        let best = others.iter().map(|p| svm.raw_score(p)).fold(f64::NEG_INFINITY, f64::max);
        assert!(worst > best, "{worst} {best}");
    }
}
