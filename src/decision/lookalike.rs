//! Look-alikes: people such as a sibling or a twin who must not match as the enrolled person.

use ndarray::ArrayView1;

use super::{Plda, Population};

/// How much score one nat of the likelihood ratio between two people counts for: PLDA's log-likelihood ratios are
/// too large by about a factor of three on the population's people.
const SCORE_PER_NAT: f64 = 0.15;

/// The people to be kept apart, each as a PLDA model.
#[derive(Debug, Clone)]
pub struct LookAlikes {
    /// The person and the look-alikes; `None` if there are no look-alikes.
    apart: Option<(Plda, Vec<Plda>)>,
}

impl LookAlikes {
    /// The border between the person's `embeddings` and each other person's.
    #[must_use]
    pub fn fit(population: &Population, embeddings: &[Vec<f32>], others: &[Vec<Vec<f32>>]) -> Self {
        let others: Vec<Plda> = others
            .iter()
            .filter(|photos| !photos.is_empty())
            .map(|photos| Plda::fit(population, photos))
            .collect();
        let apart = (!others.is_empty()).then(|| (Plda::fit(population, embeddings), others));
        Self { apart }
    }

    /// Whether there are no look-alikes.
    #[must_use]
    pub fn are_none(&self) -> bool {
        self.apart.is_none()
    }

    /// `score`, lowered for a face at `point` of the diagonal space: to at most `threshold` if the face is as
    /// probably a look-alike's as the person's, and below if it is more probably a look-alike's. It is never
    /// raised, so that the border does not move elsewhere.
    #[must_use]
    pub fn limit(&self, point: ArrayView1<f64>, score: f64, threshold: f64) -> f64 {
        let Some((person, others)) = &self.apart else { return score };
        let own = person.log_density(point);
        let contrast =
            others.iter().map(|other| own - other.log_density(point)).fold(f64::INFINITY, f64::min);
        score.min(threshold + contrast * SCORE_PER_NAT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::toy_population;

    #[test]
    fn a_look_alike_falls_below_the_threshold_and_nobody_rises() {
        let population = toy_population(16);
        let person = population.strangers(1, 1);
        let twin = population.strangers(1, 2);
        let border = LookAlikes::fit(&population, &person, std::slice::from_ref(&twin));
        let limited = |e: &[f32]| border.limit(population.diagonal(e).view(), 6.0, 4.0);
        assert!(limited(&twin[0]) < 4.0);
        assert!(limited(&person[0]) > 4.0);
        for stranger in population.strangers(20, 3) {
            assert!(limited(&stranger) <= 6.0);
        }
        let nobody = LookAlikes::fit(&population, &person, &[]);
        assert_eq!(nobody.limit(population.diagonal(&twin[0]).view(), 6.0, 4.0), 6.0);
    }

    /// A named twin must not pass because somebody else who was named looks less alike.
    #[test]
    fn of_several_look_alikes_the_likeliest_counts() {
        let population = toy_population(16);
        let person = population.strangers(1, 1);
        let others: Vec<_> = (2..5).map(|seed| population.strangers(1, seed)).collect();
        let border = LookAlikes::fit(&population, &person, &others);
        for twin in &others {
            let limited = border.limit(population.diagonal(&twin[0]).view(), 6.0, 4.0);
            assert!(limited < 4.0, "{limited}");
        }
    }
}
