//! Kinds of people: those of one origin, sex and age look more alike than people in general, and some kinds
//! more than others.

use ndarray::{ArcArray2, Array1, ArrayView1};

/// A kind is crowded if its nearness exceeds the typical nearness by this many spreads.
const FREE: f64 = 0.5;
/// How much a score is lowered for each spread beyond that. Both numbers were chosen on folders of people that
/// the kinds were not estimated from; see docs/calibration.md.
const LOSS: f64 = 0.4;
/// The most that a score is lowered: for people whose kind the population knows well, more would cost true
/// accepts without keeping the rate any better.
const MOST_LOST: f64 = 1.25;

/// The kinds of people in a population, found by clustering embeddings. Each is an aggregate of at least
/// ten people.
#[derive(Debug, Clone, PartialEq)]
pub struct Kinds {
    /// The mean embedding of each kind minus that of everybody, one row per kind (kinds × d); may be empty.
    pub means: ArcArray2<f64>,
    /// The median nearness of the population's own people to their nearest kind.
    pub typical: f64,
    /// The upper quartile of that nearness minus its median.
    pub spread: f64,
    /// The expected cosine with their nearest kind that 19 of 20 of the population's people exceed.
    pub familiar: f64,
}

impl Kinds {
    /// No kinds, for embeddings with this many dimensions.
    #[must_use]
    pub fn none(dimensions: usize) -> Self {
        let means = ArcArray2::zeros((0, dimensions));
        Self { means, typical: 0.0, spread: 1.0, familiar: 0.0 }
    }

    /// How much more alike a person's nearest kind is than people in general: the expected cosine of
    /// their `template` with somebody of that kind, less that with anybody.
    #[must_use]
    pub fn nearness(&self, template: &Array1<f64>) -> f64 {
        self.means.dot(template).fold(f64::NEG_INFINITY, |most, &near| most.max(near))
    }

    /// How much scores are lowered because strangers of the person's own kind are more alike than strangers in
    /// general, 0 to 1.25. At 1, ten times as many of them would match otherwise.
    #[must_use]
    pub fn crowding(&self, embeddings: &[Vec<f32>]) -> f64 {
        if self.means.is_empty() {
            return 0.0;
        }
        let beyond = (self.nearness(&template(embeddings)) - self.typical) / self.spread - FREE;
        (LOSS * beyond).clamp(0.0, MOST_LOST)
    }

    /// Whether the population, whose mean embedding is `mean`, has few people like the person, who is less like
    /// the nearest kind than 19 of 20 of the population's people are.
    #[must_use]
    pub fn is_rare(&self, embeddings: &[Vec<f32>], mean: ArrayView1<f64>) -> bool {
        !self.means.is_empty() && self.likeness(&template(embeddings), mean) < self.familiar
    }

    /// The expected cosine of a `template` with somebody of the nearest kind, in a population whose
    /// mean embedding is `mean`.
    #[must_use]
    pub fn likeness(&self, template: &Array1<f64>, mean: ArrayView1<f64>) -> f64 {
        self.nearness(template) + mean.dot(template)
    }
}

/// The mean of a person's embeddings, of length 1.
#[must_use]
pub fn template<E: AsRef<[f32]>>(embeddings: &[E]) -> Array1<f64> {
    let dimensions = embeddings.first().map_or(0, |e| e.as_ref().len());
    let mut sum = Array1::<f64>::zeros(dimensions);
    for embedding in embeddings {
        sum.iter_mut().zip(embedding.as_ref()).for_each(|(sum, value)| *sum += f64::from(*value));
    }
    let length = sum.dot(&sum).sqrt().max(f64::MIN_POSITIVE);
    sum / length
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn kinds() -> Kinds {
        let means = array![[0.2, 0.0, 0.0], [0.0, 0.1, 0.0]].into_shared();
        Kinds { means, typical: 0.05, spread: 0.05, familiar: 0.1 }
    }

    #[test]
    fn who_is_near_a_crowded_kind_loses_score_and_nobody_gains_any() {
        let crowding = |e: [f32; 3]| kinds().crowding(&[e.to_vec()]);
        // Nearness 0.2 is three spreads above the typical one, 2.5 of which count.
        assert!((crowding([1.0, 0.0, 0.0]) - 1.0).abs() < 1e-9);
        // The length of the embeddings' mean does not matter.
        let twice = kinds().crowding(&[vec![1.0, 0.1, 0.0], vec![1.0, -0.1, 0.0]]);
        assert!((twice - 1.0).abs() < 1e-6);
        assert!((crowding([0.0, 1.0, 0.0]) - 0.2).abs() < 1e-9);
        assert_eq!(crowding([0.0, 0.0, 1.0]), 0.0);
        assert_eq!(crowding([-1.0, 0.0, 0.0]), 0.0);
        assert_eq!(Kinds::none(3).crowding(&[vec![1.0, 0.0, 0.0]]), 0.0);
        let near = Kinds { spread: 1e-9, ..kinds() };
        assert_eq!(near.crowding(&[vec![1.0, 0.0, 0.0]]), MOST_LOST);
    }

    #[test]
    fn who_is_like_no_kind_is_rare() {
        let mean = array![0.0, 0.05, 0.0];
        let rare = |e: [f32; 3]| kinds().is_rare(&[e.to_vec()], mean.view());
        assert!(!rare([1.0, 0.0, 0.0]) && !rare([0.0, 1.0, 0.0]));
        assert!(rare([0.0, 0.0, 1.0]) && rare([0.0, -1.0, 0.0]));
        assert!(!Kinds::none(3).is_rare(&[vec![0.0, 0.0, 1.0]], mean.view()));
    }
}
