//! The scores that strangers reach, smoothed over evidence and the number of enrolled photos.
//!
//! A quantile far out in the tail rests on few trials, and few people have enough photos for the
//! larger enrolments; but the true quantiles change smoothly with both. One low polynomial over
//! both, weighted by how well each quantile is known, is steadier than any one of them.

use linfa_linalg::qr::LeastSquaresQr;
use ndarray::{Array1, Array2};

use super::Trials;
use crate::decision::calibration::EVIDENCE;
use crate::error::{Error, Result};

/// Powers of √evidence and of 1/√n in the polynomial. The tail of a normal distribution falls
/// about as √evidence, and the scores of strangers are nearly normal.
const EVIDENCE_POWERS: i32 = 5;
const ENROLLED_POWERS: i32 = 3;

/// How much the share of strangers that a profile accepts varies from person to person, relative to
/// its mean (1.6 to 2.6 at a mean of 1e-3, over methods and numbers of photos). What was measured on
/// few people is taken one standard error of that mean to the safe side.
const SPREAD: f64 = 2.0;

/// The polynomial of one method.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    coefficients: Array1<f64>,
}

impl Surface {
    /// Fit to the impostor scores of trials with several numbers of enrolled photos.
    ///
    /// # Errors
    /// [`Error::Numeric`] where there are too few trials.
    pub fn fit(trials: &[(usize, Trials)]) -> Result<Self> {
        let (mut rows, mut scores) = (Vec::new(), Vec::new());
        for (enrolled, trials) in trials {
            let mut impostor = trials.impostor.clone();
            impostor.sort_by(|a, b| b.total_cmp(a));
            let margin = 1.0 + SPREAD / (trials.people as f64).sqrt();
            for evidence in EVIDENCE {
                let above = 10f64.powf(-evidence) * impostor.len() as f64 / margin;
                // The lowest of the scores that are to be accepted.
                let lowest = (above.round() as usize).checked_sub(1);
                let Some(score) = lowest.and_then(|at| impostor.get(at)) else { continue };
                // The variance of a quantile: of the trials beyond it and of the people enrolled.
                let weight = (1.0 / above + 1.0 / trials.people as f64).recip().sqrt();
                rows.extend(terms(evidence, *enrolled).map(|term| weight * term));
                scores.push(weight * f64::from(*score));
            }
        }
        let failed = |reason: &dyn std::fmt::Display| Error::Numeric {
            what: "smoothing the strangers' scores",
            reason: reason.to_string(),
        };
        let columns = (EVIDENCE_POWERS * ENROLLED_POWERS) as usize;
        if scores.len() < 2 * columns {
            return Err(failed(&"there are too few people with enough photos"));
        }
        let matrix =
            Array2::from_shape_vec((scores.len(), columns), rows).map_err(|e| failed(&e))?;
        let goal = Array2::from_shape_vec((scores.len(), 1), scores).map_err(|e| failed(&e))?;
        let coefficients = matrix.least_squares(&goal).map_err(|e| failed(&e))?;
        Ok(Self { coefficients: coefficients.column(0).to_owned() })
    }

    /// The score at each of [`EVIDENCE`] after `enrolled` photos, rising.
    #[must_use]
    pub fn scores(&self, enrolled: usize) -> [f64; EVIDENCE.len()] {
        let mut least = f64::NEG_INFINITY;
        EVIDENCE.map(|evidence| {
            let terms = terms(evidence, enrolled).zip(&self.coefficients);
            least = terms.map(|(term, factor)| term * factor).sum::<f64>().max(least);
            least
        })
    }
}

fn terms(evidence: f64, enrolled: usize) -> impl Iterator<Item = f64> {
    let few = 1.0 / (enrolled as f64).sqrt();
    (0..EVIDENCE_POWERS)
        .flat_map(move |i| (0..ENROLLED_POWERS).map(move |j| evidence.sqrt().powi(i) * few.powi(j)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Strangers whose score of evidence e is 3e − 4 after any number of photos, plus 2 / √n.
    fn trials(enrolled: usize, count: usize) -> (usize, Trials) {
        let score = |i: usize| {
            let share = (i as f64 + 0.5) / count as f64;
            (3.0 * -share.log10() - 4.0 + 2.0 / (enrolled as f64).sqrt()) as f32
        };
        let impostor = (0..count).map(score).collect();
        (enrolled, Trials { people: 1_000_000, impostor, ..Trials::default() })
    }

    #[test]
    fn a_smooth_truth_is_found_also_between_and_beyond_the_trials() {
        let surface =
            Surface::fit(&[trials(1, 1_000_000), trials(3, 600_000), trials(10, 300_000)]).unwrap();
        for enrolled in [1, 2, 5, 10] {
            let scores = surface.scores(enrolled);
            for (evidence, found) in EVIDENCE.iter().zip(scores) {
                let expected = 3.0 * evidence - 4.0 + 2.0 / (enrolled as f64).sqrt();
                assert!(
                    (found - expected).abs() < 0.2,
                    "{enrolled} {evidence}: {found} {expected}"
                );
            }
        }
    }

    #[test]
    fn too_few_trials_are_an_error() {
        assert!(Surface::fit(&[trials(1, 50)]).is_err());
    }
}
