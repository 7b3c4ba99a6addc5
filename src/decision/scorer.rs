//! A fitted method with its calibration, and the verdict on a face.

use std::sync::{Mutex, PoisonError};

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

use super::calibration::{Calibration, UNCERTAIN_MARGIN, far_of};
use super::{
    Centroid, LookAlikes, Method, Nearest, OneClassSvm, Plda, Population, Probe, Probes, Strangers,
    Supervised,
};
use crate::error::{Error, Result};

/// Faces scored at a time, so that intermediate results stay in a core's cache.
const BLOCK: usize = 512;

/// A method fitted to one person's enrolled photos.
#[derive(Debug, Clone)]
pub enum Scorer {
    /// See [`Plda`].
    Plda(Plda),
    /// See [`Centroid`].
    Centroid(Centroid),
    /// See [`Nearest`].
    Nearest(Nearest),
    /// See [`OneClassSvm`].
    Svm(OneClassSvm),
    /// See [`Supervised`].
    Supervised(Supervised),
}

impl Scorer {
    /// Fit `method` to the person's `embeddings`, and to `negatives` if the method uses them.
    ///
    /// # Errors
    /// [`Error::Value`] if there is no embedding, [`Error::Numeric`] if fitting fails.
    pub fn fit(
        method: Method,
        population: &Population,
        embeddings: &[Vec<f32>],
        negatives: &[Vec<f32>],
    ) -> Result<Self> {
        if embeddings.is_empty() {
            return Err(Error::value("enrolment", "no photo is left to enrol; add some"));
        }
        Ok(match method {
            Method::Plda => Self::Plda(Plda::fit(population, embeddings)),
            Method::Centroid => Self::Centroid(Centroid::fit(embeddings)),
            Method::Nearest => Self::Nearest(Nearest::fit(embeddings)),
            Method::Svm => Self::Svm(OneClassSvm::fit(embeddings)?),
            Method::Supervised => {
                Self::Supervised(Supervised::fit(population, embeddings, negatives)?)
            }
        })
    }

    /// The method's raw score of a face; larger is more alike.
    #[must_use]
    pub fn raw_score(&self, probe: &Probe) -> f64 {
        match self {
            Self::Plda(plda) => plda.raw_score(&probe.diagonal),
            Self::Centroid(centroid) => centroid.raw_score(&probe.embedding),
            Self::Nearest(nearest) => nearest.raw_score(&probe.embedding),
            Self::Svm(svm) => svm.raw_score(&probe.embedding),
            Self::Supervised(svm) => svm.raw_score(&probe.embedding),
        }
    }

    /// The raw scores of many faces.
    #[must_use]
    pub fn raw_scores(&self, probes: &Probes) -> Array1<f64> {
        match self {
            Self::Plda(plda) => plda.raw_scores(&probes.diagonal),
            Self::Centroid(_) | Self::Nearest(_) | Self::Svm(_) | Self::Supervised(_) => {
                self.raw_scores_of(&probes.embeddings).unwrap_or_default()
            }
        }
    }

    /// The raw scores of many faces, one row each, if the method uses only embeddings; `None` for other methods.
    fn raw_scores_of(&self, embeddings: &Array2<f64>) -> Option<Array1<f64>> {
        match self {
            Self::Plda(_) => None,
            Self::Centroid(centroid) => Some(centroid.raw_scores(embeddings)),
            Self::Nearest(nearest) => Some(nearest.raw_scores(embeddings)),
            Self::Svm(svm) => Some(svm.raw_scores(embeddings)),
            Self::Supervised(svm) => Some(svm.raw_scores(embeddings)),
        }
    }
}

/// The verdict on a photo or a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The person is in the photo.
    Match,
    /// It would be a match at ten times the chosen false accept rate.
    Uncertain,
    /// The person is not in the photo.
    NoMatch,
    /// There is no face in the photo.
    NoFace,
    /// The photo could not be read.
    Error,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Match => "match",
            Self::Uncertain => "uncertain",
            Self::NoMatch => "no-match",
            Self::NoFace => "no-face",
            Self::Error => "error",
        })
    }
}

/// Everything needed to judge a face: population, fitted method, calibration, look-alikes, threshold. A clone
/// shares the population's numbers.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The population that scores are calibrated against.
    pub population: Population,
    /// The fitted method.
    pub scorer: Scorer,
    /// The calibration of its raw scores.
    pub calibration: Calibration,
    /// The people to be kept apart.
    pub look_alikes: LookAlikes,
    /// The score from which a face is a match.
    pub threshold: f64,
    /// The scores of local strangers, if known.
    pub strangers: Option<Strangers>,
}

impl Decision {
    /// Fit `method` to the person's `embeddings`, of which there is at least one. `negatives` are other people's
    /// embeddings, for methods that use them, and `look_alikes` those of people to be kept apart.
    ///
    /// # Errors
    /// [`Error::NoCurve`] if the population has no calibration for the method; as [`Scorer::fit`].
    pub fn fit(
        method: Method,
        population: &Population,
        embeddings: &[Vec<f32>],
        negatives: &[Vec<f32>],
        look_alikes: &[Vec<Vec<f32>>],
        threshold: f64,
    ) -> Result<Self> {
        let photos = embeddings.len();
        let _fitting = tracing::info_span!("fit", method = method.name(), photos).entered();
        Ok(Self {
            scorer: Scorer::fit(method, population, embeddings, negatives)?,
            calibration: population.calibration_of(method, embeddings)?,
            look_alikes: LookAlikes::fit(population, embeddings, look_alikes),
            threshold,
            strangers: None,
            population: population.clone(),
        })
    }

    /// The share of strangers that the threshold accepts: of local strangers if known, otherwise of the person's
    /// own kind in the population.
    #[must_use]
    pub fn far(&self) -> f64 {
        far_of(self.among(self.threshold))
    }

    /// The probability (0 to 1) that a face with this score is the person's, given the probability `prior` (0 to 1,
    /// both excluded).
    #[must_use]
    pub fn probability(&self, score: f64, prior: f64) -> f64 {
        self.calibration.probability(self.among(score), prior)
    }

    /// The natural logarithm of the odds that a face with this score is the person's, at a prior of 0.5.
    #[must_use]
    pub fn log_odds(&self, score: f64) -> f64 {
        self.calibration.log_odds(self.among(score))
    }

    /// The score among local strangers, if known, of a face with this score.
    fn among(&self, score: f64) -> f64 {
        self.strangers.as_ref().map_or(score, |strangers| strangers.among(score))
    }

    /// The score of `embedding`: −log₁₀ of the share of strangers who look at least as similar.
    #[must_use]
    pub fn score(&self, embedding: &[f32]) -> f64 {
        let probe = self.population.probe(embedding);
        self.score_of(self.scorer.raw_score(&probe), probe.diagonal.view())
    }

    /// The score of a face with the raw score `raw` at `point` of the population's diagonal space.
    #[must_use]
    pub fn score_of(&self, raw: f64, point: ArrayView1<f64>) -> f64 {
        let score = self.calibration.score(raw);
        self.look_alikes.limit(point, score, self.threshold)
    }

    /// The scores of many faces, one row of `embeddings` (faces × d) each: as [`Self::score`] up to rounding in
    /// the twelfth digit, but by a few matrix products.
    #[must_use]
    pub fn scores(&self, embeddings: ArrayView2<f32>) -> Vec<f64> {
        // Transforming faces into the population's diagonal space costs more than all the rest.
        if self.look_alikes.are_none()
            && let Some(raw_scores) = self.scorer.raw_scores_of(&embeddings.mapv(f64::from))
        {
            return raw_scores.iter().map(|raw| self.calibration.score(*raw)).collect();
        }
        let probes = self.population.probes(embeddings);
        let raw_scores = self.scorer.raw_scores(&probes);
        let faces = raw_scores.iter().zip(probes.diagonal.rows());
        faces.map(|(raw, point)| self.score_of(*raw, point)).collect()
    }

    /// As [`Self::scores`], on several threads, for any number of faces: `embeddings` holds their numbers, one
    /// face after another.
    #[must_use]
    pub fn scores_by(&self, embeddings: &[f32], threads: usize) -> Vec<f64> {
        let dimensions = self.population.mean.len();
        let mut scores = vec![f64::NAN; embeddings.len() / dimensions];
        let faces = embeddings.chunks(BLOCK * dimensions);
        let blocks = Mutex::new(scores.chunks_mut(BLOCK).zip(faces));
        let next = || blocks.lock().unwrap_or_else(PoisonError::into_inner).next();
        std::thread::scope(|scope| {
            for _ in 0..threads.clamp(1, embeddings.len().div_ceil(BLOCK * dimensions).max(1)) {
                scope.spawn(|| {
                    while let Some((scores, faces)) = next() {
                        let shape = (scores.len(), dimensions);
                        let Ok(rows) = ArrayView2::from_shape(shape, faces) else { continue };
                        scores.copy_from_slice(&self.scores(rows));
                    }
                });
            }
        });
        scores
    }

    /// The verdict on a face with this score.
    #[must_use]
    pub fn verdict(&self, score: f64) -> Verdict {
        if score >= self.threshold {
            Verdict::Match
        } else if score >= self.threshold - UNCERTAIN_MARGIN {
            Verdict::Uncertain
        } else {
            Verdict::NoMatch
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::toy_population;

    fn decision(method: Method) -> Decision {
        let population = toy_population(8);
        let photos = population.strangers(4, 1);
        Decision::fit(method, &population, &photos, &[], &[], 4.0).unwrap()
    }

    #[test]
    fn verdicts_follow_the_threshold_and_ten_times_the_rate() {
        let decision = decision(Method::Plda);
        assert_eq!(decision.verdict(4.0), Verdict::Match);
        assert_eq!(decision.verdict(3.99), Verdict::Uncertain);
        assert_eq!(decision.verdict(3.0), Verdict::Uncertain);
        assert_eq!(decision.verdict(2.99), Verdict::NoMatch);
        assert_eq!(decision.verdict(f64::NAN), Verdict::NoMatch);
    }

    #[test]
    fn every_method_prefers_an_enrolled_photo_to_a_stranger() {
        for method in Method::ALL {
            let decision = decision(method);
            let own = &decision.population.strangers(4, 1)[0];
            let strangers = decision.population.strangers(30, 9);
            let mean = strangers.iter().map(|s| decision.score(s)).sum::<f64>() / 30.0;
            assert!(decision.score(own) > mean, "{method}");
        }
    }

    #[test]
    fn many_faces_at_once_score_as_one_by_one() {
        for method in Method::ALL {
            let mut decision = decision(method);
            let faces = decision.population.strangers(70, 9);
            let flat: Vec<f32> = faces.concat();
            let rows = ArrayView2::from_shape((70, 8), &flat).unwrap();
            for others in [vec![], vec![faces[..3].to_vec(), faces[3..4].to_vec()]] {
                let population = &decision.population;
                decision.look_alikes = LookAlikes::fit(population, &faces[60..64], &others);
                let many = decision.scores(rows);
                for (face, found) in faces.iter().zip(many) {
                    let one = decision.score(face);
                    assert!((one - found).abs() < 1e-9, "{method}: {one} {found}");
                }
            }
        }
    }

    #[test]
    fn any_number_of_threads_gives_the_same_scores() {
        let decision = decision(Method::Centroid);
        let faces = decision.population.strangers(2 * BLOCK + 3, 9).concat();
        let rows = ArrayView2::from_shape((2 * BLOCK + 3, 8), &faces).unwrap();
        let expected = decision.scores(rows);
        for threads in [1, 2, 8] {
            let found = decision.scores_by(&faces, threads);
            assert_eq!(found.len(), expected.len());
            assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9), "{threads}");
        }
        assert!(decision.scores_by(&[], 3).is_empty());
    }

    #[test]
    fn a_threshold_is_said_as_the_share_of_strangers_that_it_accepts() {
        let decision = decision(Method::Centroid);
        assert!((decision.far() - 1e-4).abs() < 1e-12);
        let lower = Decision { threshold: 2.0, ..decision };
        assert!((lower.far() - 1e-2).abs() < 1e-12);
    }

    #[test]
    fn nothing_enrolled_is_an_error() {
        assert!(Scorer::fit(Method::Plda, &toy_population(4), &[], &[]).is_err());
    }
}
