//! Probabilistic linear discriminant analysis with two covariances: the raw score, and how the
//! covariances are estimated.
//!
//! Embedding = mean + identity (covariance B) + within-person noise (covariance W), both Gaussian;
//! the raw score is the log-likelihood ratio of "the same identity as the enrolled photos" against
//! "another one". Ioffe, "Probabilistic Linear Discriminant Analysis", ECCV 2006; Brümmer and
//! De Villiers, "The speaker partitioning problem", Odyssey 2010 (the two-covariance form).

use linfa_linalg::eigh::{EigSort, Eigh};
use ndarray::{Array1, Array2, ArrayView1, Axis};

use super::{Kinds, Population};
use crate::error::{Error, Result};

/// How far W is shrunk towards a spherical covariance of the same trace. Chosen by cross-validation
/// over people; see docs/accuracy.md.
const WITHIN_SHRINKAGE: f64 = 0.6;
/// The same for B.
const BETWEEN_SHRINKAGE: f64 = 0.2;

/// The posterior of one person's identity, given the enrolled photos.
#[derive(Debug, Clone, PartialEq)]
pub struct Plda {
    /// The predicted mean of another photo along each axis of the diagonal space.
    mean: Array1<f64>,
    /// The predicted variance.
    variance: Array1<f64>,
    /// The variance of a stranger's photo, whose mean is 0.
    stranger: Array1<f64>,
}

impl Plda {
    /// The posterior after `embeddings`, of which there is at least one.
    ///
    /// Per axis, n photos with mean m give the identity the mean nψ/(nψ+1)·m and the variance ψ/(nψ+1), to which
    /// a new photo adds noise. The noise would have variance 1, as in the enrolled photos. But these are often
    /// from a few occasions, and the more certain the identity, the more it matters that a new photo differs more
    /// (other years, a beard, other light). So the variance is 2 − 1/n, also for strangers. On LFW, whose photos
    /// are from a few occasions themselves, this makes no significant difference; of one person's photos over
    /// thirty years, 70 of them enrolled, it accepts 99 % of the rest instead of 96 %. See docs/accuracy.md.
    #[must_use]
    pub fn fit(population: &Population, embeddings: &[Vec<f32>]) -> Self {
        let n = embeddings.len() as f64;
        let shrink = population.psi.mapv(|psi| psi / (n * psi + 1.0));
        let novelty = 2.0 - 1.0 / n;
        Self {
            mean: population.diagonal_sum(embeddings) * &shrink,
            variance: shrink.mapv(|s| novelty + s),
            stranger: population.psi.mapv(|psi| novelty + psi),
        }
    }

    /// The log density (natural logarithm, up to a constant) of a point of the diagonal space under this
    /// person's model.
    #[must_use]
    pub fn log_density(&self, diagonal: ArrayView1<f64>) -> f64 {
        let axes = diagonal.iter().zip(&self.mean).zip(&self.variance);
        axes.map(|((x, mean), v)| -0.5 * ((x - mean).powi(2) / v + v.ln())).sum()
    }

    /// The log-likelihood ratio (natural logarithm) of a point of the diagonal space.
    #[must_use]
    pub fn raw_score(&self, diagonal: &Array1<f64>) -> f64 {
        let axes = diagonal.iter().zip(&self.stranger);
        let stranger: f64 = axes.map(|(x, s)| -0.5 * (x * x / s + s.ln())).sum();
        self.log_density(diagonal.view()) - stranger
    }

    /// The log-likelihood ratios of many points of the diagonal space, a row each.
    #[must_use]
    pub fn raw_scores(&self, diagonal: &Array2<f64>) -> Array1<f64> {
        // Per axis −½·((x − m)²/v + ln v − x²/s − ln s) is a parabola in x.
        let (mean, own, other) = (&self.mean, &self.variance, &self.stranger);
        let square = (other.recip() - own.recip()) * 0.5;
        let linear = mean / own;
        let logarithms = other.mapv(f64::ln) - own.mapv(f64::ln);
        let constant = (logarithms - mean * mean / own).sum() * 0.5;
        let ratio = |row: ArrayView1<f64>| {
            let axes = row.into_iter().zip(&square).zip(&linear);
            constant + axes.map(|((x, square), linear)| x * (square * x + linear)).sum::<f64>()
        };
        diagonal.rows().into_iter().map(ratio).collect()
    }
}

/// Mean and both covariances of many people's embeddings.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoCovariances {
    /// The mean of the people's means.
    pub mean: Array1<f64>,
    /// B, between people.
    pub between: Array2<f64>,
    /// W, within a person.
    pub within: Array2<f64>,
}

impl TwoCovariances {
    /// Estimate from several people with one or more embeddings each: W from the deviations from each person's
    /// mean, B from the means, minus the share of W that remains in a mean of n photos (the unbiased analysis of
    /// variance).
    ///
    /// # Errors
    /// [`Error::Numeric`] if there are fewer than two people or nobody has two photos.
    pub fn estimate(people: &[Vec<&[f32]>]) -> Result<Self> {
        let photos: usize = people.iter().map(Vec::len).sum();
        if people.len() < 2 || photos <= people.len() {
            return Err(Error::Numeric {
                what: "estimating the population",
                reason: "it needs at least two people, some of them with two photos".into(),
            });
        }
        let wide = |v: &[f32]| v.iter().map(|x| f64::from(*x)).collect::<Array1<f64>>();
        let d = people[0][0].len();
        let (mut within, mut means) = (Array2::zeros((d, d)), Array2::zeros((people.len(), d)));
        let mut inverse_counts = 0.0;
        for (person, mut mean) in people.iter().zip(means.axis_iter_mut(Axis(0))) {
            let mut rows = Array2::zeros((person.len(), d));
            for (photo, mut row) in person.iter().zip(rows.axis_iter_mut(Axis(0))) {
                row.assign(&wide(photo));
            }
            mean.assign(&(rows.sum_axis(Axis(0)) / person.len() as f64));
            rows -= &mean;
            within += &rows.t().dot(&rows);
            inverse_counts += 1.0 / person.len() as f64;
        }
        within /= (photos - people.len()) as f64;
        let mean = means.sum_axis(Axis(0)) / people.len() as f64;
        means -= &mean;
        let spread = means.t().dot(&means) / (people.len() - 1) as f64;
        let between = spread - &within * (inverse_counts / people.len() as f64);
        Ok(Self { mean, between, within })
    }

    /// Shrink both covariances towards spherical ones, then diagonalise them simultaneously.
    ///
    /// # Errors
    /// [`Error::Numeric`] if the eigenvectors cannot be found.
    pub fn diagonalise(&self) -> Result<Population> {
        let failed = |e: linfa_linalg::LinalgError| Error::Numeric {
            what: "diagonalising the population",
            reason: e.to_string(),
        };
        let within = shrunk(&self.within, WITHIN_SHRINKAGE);
        let between = shrunk(&self.between, BETWEEN_SHRINKAGE);
        let (variances, axes) = within.eigh().map_err(failed)?;
        let deviations = variances.mapv(|v| v.max(1e-12).sqrt());
        // whiten · W · whitenᵀ = 1.
        let whiten = &axes.t() / &deviations.insert_axis(Axis(1));
        let whitened = whiten.dot(&between).dot(&whiten.t());
        let symmetric = (&whitened + &whitened.t()) / 2.0;
        let (psi, turn) = symmetric.eigh().map_err(failed)?.sort_eig_desc();
        Ok(Population {
            mean: self.mean.to_shared(),
            transform: turn.t().dot(&whiten).into_shared(),
            psi: psi.mapv(|v| v.max(1e-3)).into_shared(),
            kinds: Kinds::none(self.mean.len()),
            curves: Vec::new(),
        })
    }
}

/// `(1 − share)` of `covariance` plus `share` of a spherical one of the same trace.
fn shrunk(covariance: &Array2<f64>, share: f64) -> Array2<f64> {
    let d = covariance.nrows();
    covariance * (1.0 - share)
        + Array2::<f64>::eye(d) * (share * covariance.diag().sum() / d as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::toy_population;

    #[test]
    fn raw_scores_agree_with_the_joint_densities_in_numpy() {
        // tests/data/make_plda_reference.py
        let expected =
            [[1.960514678, -13.798562778, -0.089039224], [2.543381369, -12.60259882, -0.266162059]];
        let photos = [[0.9, 0.1, -0.2, 0.3], [0.8, 0.3, -0.1, 0.2], [0.95, 0.2, 0.1, 0.1]];
        let faces = [[0.85, 0.25, -0.05, 0.2], [0.6, -0.4, 0.5, -0.3], [1.0, 0.0, 0.0, 0.0]];
        let population = toy_population(4);
        for (count, expected) in [1, 3].into_iter().zip(expected) {
            let enrolled: Vec<Vec<f32>> = photos[..count].iter().map(|p| p.to_vec()).collect();
            let plda = Plda::fit(&population, &enrolled);
            for (face, expected) in faces.iter().zip(expected) {
                let found = plda.raw_score(&population.diagonal(face));
                assert!((found - expected).abs() < 1e-6, "{count}: {found} {expected}");
            }
        }
    }

    #[test]
    fn diagonalising_makes_the_shrunk_covariances_one_and_psi() {
        let population = toy_population(5);
        let people: Vec<Vec<Vec<f32>>> =
            (0..40).map(|seed| population.strangers(3 + seed as usize % 3, seed)).collect();
        let views: Vec<Vec<&[f32]>> =
            people.iter().map(|p| p.iter().map(Vec::as_slice).collect()).collect();
        let covariances = TwoCovariances::estimate(&views).unwrap();
        let diagonal = covariances.diagonalise().unwrap();
        let within = diagonal
            .transform
            .dot(&shrunk(&covariances.within, WITHIN_SHRINKAGE))
            .dot(&diagonal.transform.t());
        let error = (&within - &Array2::<f64>::eye(5)).iter().fold(0.0f64, |w, v| w.max(v.abs()));
        assert!(error < 1e-9, "{error}");
    }

    #[test]
    fn one_person_is_no_population() {
        let photo = [1.0f32, 0.0];
        assert!(TwoCovariances::estimate(&[vec![&photo, &photo]]).is_err());
    }
}
