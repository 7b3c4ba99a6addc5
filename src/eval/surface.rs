//! Smooths the raw scores that strangers reach, as a function of the score and the number of enrolled photos.
//!
//! A quantile far out in the tail depends on few trials, and few people have enough photos for the larger enrolments.
//! The true quantiles change smoothly with both. One polynomial of low degree in both, weighted by how well each
//! quantile is known, is therefore more stable than any single quantile.

use linfa_linalg::qr::LeastSquaresQr;
use ndarray::{Array1, Array2};

use super::Trials;
use crate::decision::calibration::SCORES;
use crate::decision::{Reading, Tail};
use crate::error::{Error, Result};

/// Powers of √score and of 1/√n in the polynomial. The quantiles of a normal distribution grow about as √score, and
/// the raw scores of strangers are nearly normal.
const SCORE_POWERS: i32 = 5;
const ENROLLED_POWERS: i32 = 3;

/// How much the share of strangers that a profile accepts varies from person to person, relative to
/// its mean (1.6 to 2.6 at a mean of 1e-3, over methods and numbers of photos). A share measured on few people is
/// raised by one standard error of that mean, to be safe.
const SPREAD: f64 = 2.0;

/// The exponent of the power mean over the shares of several folders.
const POWER: f64 = 0.25;
/// The number of bisections, after which an interval of raw scores is as narrow as rounding allows.
const HALVINGS: usize = 50;

/// How the tail of a folder's raw impostor scores is evaluated.
const TAIL: Reading = Reading { counted: 8, share: 1e-3, fitted: 8, most: f64::INFINITY };

/// The polynomial of one method.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    coefficients: Array1<f64>,
}

impl Surface {
    /// Fit to the raw impostor scores of trials in one or more folders of people, with several numbers of enrolled
    /// photos.
    ///
    /// # Errors
    /// [`Error::Numeric`] if there are too few trials.
    pub fn fit(trials: &[(usize, Vec<Trials>)]) -> Result<Self> {
        let (mut rows, mut raw_scores) = (Vec::new(), Vec::new());
        for (enrolled, folders) in trials {
            let tails: Vec<Tail> =
                folders.iter().filter_map(|trials| Tail::new(&trials.impostor, TAIL)).collect();
            let people = folders.iter().map(|trials| trials.people).sum::<usize>() as f64;
            let impostors: usize = folders.iter().map(|trials| trials.impostor.len()).sum();
            let margin = 1.0 + SPREAD / people.sqrt();
            for score in SCORES {
                let share = 10f64.powf(-score) / margin;
                let above = share * impostors as f64;
                if tails.is_empty() || above < 1.0 {
                    continue;
                }
                // The variance of a quantile, from the trials beyond it and from the enrolled people.
                let weight = (1.0 / above + 1.0 / people).recip().sqrt();
                rows.extend(terms(score, *enrolled).map(|term| weight * term));
                raw_scores.push(weight * raw_score_at(&tails, share));
            }
        }
        let failed = |reason: &dyn std::fmt::Display| Error::Numeric {
            what: "smoothing the strangers' scores",
            reason: reason.to_string(),
        };
        let columns = (SCORE_POWERS * ENROLLED_POWERS) as usize;
        if raw_scores.len() < 2 * columns {
            return Err(failed(&"there are too few people with enough photos"));
        }
        let matrix =
            Array2::from_shape_vec((raw_scores.len(), columns), rows).map_err(|e| failed(&e))?;
        let goal =
            Array2::from_shape_vec((raw_scores.len(), 1), raw_scores).map_err(|e| failed(&e))?;
        let coefficients = matrix.least_squares(&goal).map_err(|e| failed(&e))?;
        Ok(Self { coefficients: coefficients.column(0).to_owned() })
    }

    /// The raw score at each of [`SCORES`] with `enrolled` photos, in rising order.
    #[must_use]
    pub fn raw_scores(&self, enrolled: usize) -> [f64; SCORES.len()] {
        let mut least = f64::NEG_INFINITY;
        SCORES.map(|score| {
            let terms = terms(score, enrolled).zip(&self.coefficients);
            least = terms.map(|(term, factor)| term * factor).sum::<f64>().max(least);
            least
        })
    }
}

/// The raw score at or above which the share of impostors is `share`, with equal weight for every folder.
///
/// The shares are averaged by a power mean. It lies between the arithmetic mean (exponent 1), which the folder with
/// the most alike people dominates, and the geometric mean (exponent 0), in which that folder is one of many. See
/// docs/calibration.md.
fn raw_score_at(tails: &[Tail], share: f64) -> f64 {
    let mean = |raw: f64| {
        let powers: f64 = tails.iter().map(|tail| tail.share(raw).powf(POWER)).sum();
        (powers / tails.len() as f64).powf(1.0 / POWER)
    };
    let each = || tails.iter().map(|tail| tail.value(share));
    let (mut low, mut high) =
        (each().fold(f64::INFINITY, f64::min), each().fold(f64::NEG_INFINITY, f64::max));
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if mean(middle) > share { low = middle } else { high = middle }
    }
    high
}

fn terms(score: f64, enrolled: usize) -> impl Iterator<Item = f64> {
    let few = 1.0 / (enrolled as f64).sqrt();
    (0..SCORE_POWERS)
        .flat_map(move |i| (0..ENROLLED_POWERS).map(move |j| score.sqrt().powi(i) * few.powi(j)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Strangers whose raw score at the score e is 3e − 4 + 2 / √n after n photos.
    fn trials(enrolled: usize, count: usize) -> (usize, Vec<Trials>) {
        let raw_score = |i: usize| {
            let share = (i as f64 + 0.5) / count as f64;
            (3.0 * -share.log10() - 4.0 + 2.0 / (enrolled as f64).sqrt()) as f32
        };
        let impostor = (0..count).map(raw_score).collect();
        (enrolled, vec![Trials { people: 1_000_000, impostor, ..Trials::default() }])
    }

    #[test]
    fn a_smooth_truth_is_found_also_between_and_beyond_the_trials() {
        let surface =
            Surface::fit(&[trials(1, 1_000_000), trials(3, 600_000), trials(10, 300_000)]).unwrap();
        for enrolled in [1, 2, 5, 10] {
            let raw_scores = surface.raw_scores(enrolled);
            for (score, found) in SCORES.iter().zip(raw_scores) {
                let expected = 3.0 * score - 4.0 + 2.0 / (enrolled as f64).sqrt();
                assert!((found - expected).abs() < 0.2, "{enrolled} {score}: {found} {expected}");
            }
        }
    }

    #[test]
    fn folders_count_alike_whatever_their_size() {
        // In one folder one in a hundred reaches a raw score of 2, in the other one in four.
        let folder = |count: usize, above: usize| {
            let values: Vec<f32> = (0..count)
                .map(|i| if i < above { 2.0 + i as f32 / count as f32 } else { 0.0 })
                .collect();
            Tail::new(&values, TAIL).unwrap()
        };
        let tails = [folder(100_000, 1_000), folder(2_000, 500)];
        // ((0.01^¼ + 0.25^¼) / 2)⁴ = 0.0685
        let raw = raw_score_at(&tails, 0.0684);
        assert!((raw - 2.0).abs() < 0.01, "{raw}");
        // A mean over all trials would give 0.015, and the larger folder alone 0.01.
        assert!(raw_score_at(&tails, 0.0687) < 1e-6 && raw_score_at(&tails, 0.02) > 2.0);
    }

    #[test]
    fn too_few_trials_are_an_error() {
        assert!(Surface::fit(&[trials(1, 50)]).is_err());
    }
}
