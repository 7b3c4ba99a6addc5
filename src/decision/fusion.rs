//! PLDA and the one-class support vector machine together: what a face is like on the whole, and
//! how close it lies to the photos there are.

use ndarray::Array1;

use super::{OneClassSvm, Plda, Population, Probe, Probes};
use crate::error::Result;

/// What the machine's score counts for beside PLDA's nats, with many photos. Chosen by
/// cross-validation over people, where anything from 100 to 300 does about as well, and with one
/// person's photos of thirty years in view; see docs/accuracy.md.
const SVM_WEIGHT: f64 = 200.0;

/// Both methods fitted to the same photos.
pub struct Fusion {
    plda: Plda,
    svm: OneClassSvm,
    svm_weight: f64,
}

impl Fusion {
    /// Fit to `embeddings`, of which there is at least one. A single photo has no spread that the
    /// machine could learn, so its weight is that times 1 − 1/n.
    ///
    /// # Errors
    /// [`crate::Error::Numeric`] where the machine's solver fails.
    pub fn fit(population: &Population, embeddings: &[Vec<f32>]) -> Result<Self> {
        Ok(Self {
            plda: Plda::fit(population, embeddings),
            svm: OneClassSvm::fit(embeddings)?,
            svm_weight: SVM_WEIGHT * (1.0 - 1.0 / embeddings.len() as f64),
        })
    }

    /// The weighted sum of both scores, in nats.
    #[must_use]
    pub fn score(&self, probe: &Probe) -> f64 {
        self.plda.score(&probe.diagonal) + self.svm_weight * self.svm.score(&probe.embedding)
    }

    /// The scores of many faces.
    #[must_use]
    pub fn scores(&self, probes: &Probes) -> Array1<f64> {
        let svm = self.svm.scores(&probes.embeddings) * self.svm_weight;
        self.plda.scores(&probes.diagonal) + svm
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::toy_population;

    #[test]
    fn with_one_photo_it_is_plda_and_with_more_the_machine_adds() {
        let population = toy_population(6);
        let photos = population.strangers(4, 1);
        let probe = population.probe(&population.strangers(1, 2)[0]);
        let score = |n: usize| Fusion::fit(&population, &photos[..n]).unwrap().score(&probe);
        let plda = |n: usize| Plda::fit(&population, &photos[..n]).score(&probe.diagonal);
        assert!((score(1) - plda(1)).abs() < 1e-9);
        let svm = OneClassSvm::fit(&photos).unwrap().score(&probe.embedding);
        assert!((score(4) - plda(4) - 150.0 * svm).abs() < 1e-9);
    }
}
