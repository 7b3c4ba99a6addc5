//! Error rates of a verifier, from the scores of genuine and impostor trials.

/// The sorted scores of one verifier; higher means more alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// In rising order.
    genuine: Vec<f32>,
    /// In rising order.
    impostor: Vec<f32>,
}

/// A point of the receiver operating characteristic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RocPoint {
    /// Scores at or above this are accepted.
    pub threshold: f64,
    /// The share of impostors accepted.
    pub far: f64,
    /// The share of genuine trials accepted.
    pub tar: f64,
}

impl Scores {
    /// Takes the scores in any order; NaNs are left out.
    #[must_use]
    pub fn new(genuine: &[f32], impostor: &[f32]) -> Self {
        let sorted = |scores: &[f32]| {
            let mut scores: Vec<f32> = scores.iter().copied().filter(|s| !s.is_nan()).collect();
            scores.sort_by(f32::total_cmp);
            scores
        };
        Self { genuine: sorted(genuine), impostor: sorted(impostor) }
    }

    /// The scores of genuine trials, in rising order.
    #[must_use]
    pub fn genuine(&self) -> &[f32] {
        &self.genuine
    }

    /// The scores of impostor trials, in rising order.
    #[must_use]
    pub fn impostor(&self) -> &[f32] {
        &self.impostor
    }

    /// The share of impostors at or above `threshold`.
    #[must_use]
    pub fn far(&self, threshold: f64) -> f64 {
        share_from(&self.impostor, threshold)
    }

    /// The share of genuine trials at or above `threshold`.
    #[must_use]
    pub fn tar(&self, threshold: f64) -> f64 {
        share_from(&self.genuine, threshold)
    }

    /// The threshold that accepts the share `far` of the impostors and no more; `None` if that is less than one
    /// impostor.
    #[must_use]
    pub fn threshold_at(&self, far: f64) -> Option<f64> {
        let accepted = (far * self.impostor.len() as f64).round() as usize;
        let at = self.impostor.len().checked_sub(accepted)?;
        self.impostor.get(at).map(|score| f64::from(*score))
    }

    /// The share of genuine trials accepted at the threshold that accepts the share `far` of the impostors; `None` if
    /// that is less than one impostor.
    #[must_use]
    pub fn tar_at(&self, far: f64) -> Option<f64> {
        self.threshold_at(far).map(|threshold| self.tar(threshold))
    }

    /// The area under the receiver operating characteristic: how often a genuine trial scores
    /// above an impostor (Mann–Whitney); ties count half.
    #[must_use]
    pub fn auc(&self) -> f64 {
        let below = |s: f32| self.impostor.partition_point(|i| *i < s);
        let up_to = |s: f32| self.impostor.partition_point(|i| *i <= s);
        let won: usize = self.genuine.iter().map(|&s| below(s) + up_to(s)).sum();
        won as f64 / (2.0 * self.genuine.len() as f64 * self.impostor.len() as f64)
    }

    /// The equal error rate, at which the share of accepted impostors equals the share of rejected genuine trials:
    /// the mean of both rates at the threshold that brings them closest.
    #[must_use]
    pub fn eer(&self) -> f64 {
        let gap = |p: &RocPoint| (p.far - (1.0 - p.tar)).abs();
        let closest = self.roc().into_iter().min_by(|a, b| gap(a).total_cmp(&gap(b)));
        closest.map_or(f64::NAN, |p| f64::midpoint(p.far, 1.0 - p.tar))
    }

    /// The receiver operating characteristic at the score of every genuine trial, from the strictest threshold to the
    /// loosest.
    #[must_use]
    pub fn roc(&self) -> Vec<RocPoint> {
        let mut thresholds = self.genuine.clone();
        thresholds.dedup();
        let point = |t: &f32| {
            let threshold = f64::from(*t);
            RocPoint { threshold, far: self.far(threshold), tar: self.tar(threshold) }
        };
        thresholds.iter().rev().map(point).collect()
    }
}

/// The share of `scores`, in rising order, at or above `threshold`.
fn share_from(scores: &[f32], threshold: f64) -> f64 {
    let below = scores.partition_point(|s| f64::from(*s) < threshold);
    (scores.len() - below) as f64 / scores.len() as f64
}

/// The expected calibration error of probabilities: the distance between the mean probability and the share of
/// genuine trials in each of ten bins of equal width, weighted by the trials in the bin. Genuine and impostor trials
/// have the same total weight, as at even odds.
///
/// Naeini, Cooper, Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning",
/// AAAI 2015.
#[must_use]
pub fn expected_calibration_error(genuine: &[f64], impostor: &[f64]) -> f64 {
    const BINS: usize = 10;
    let (mut mass, mut claimed, mut true_mass) = ([0.0; BINS], [0.0; BINS], [0.0; BINS]);
    for (probabilities, is_genuine) in [(genuine, true), (impostor, false)] {
        let weight = 0.5 / probabilities.len() as f64;
        for p in probabilities {
            let bin = ((p * BINS as f64) as usize).min(BINS - 1);
            mass[bin] += weight;
            claimed[bin] += weight * p;
            true_mass[bin] += if is_genuine { weight } else { 0.0 };
        }
    }
    claimed.iter().zip(true_mass).map(|(claimed, share): (&f64, f64)| (claimed - share).abs()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores() -> Scores {
        Scores::new(&[0.9, 0.8, 0.7, 0.2], &[0.1, 0.3, 0.75, 0.05, 0.15])
    }

    #[test]
    fn rates_count_scores_from_the_threshold_on() {
        assert_eq!(scores().far(0.3), 0.4);
        assert_eq!(scores().tar(0.6), 0.75);
        assert_eq!(scores().tar(f64::INFINITY), 0.0);
    }

    #[test]
    fn the_threshold_accepts_the_share_asked_for() {
        assert_eq!(scores().threshold_at(0.2), Some(0.75));
        assert_eq!(scores().tar_at(0.2), Some(0.5));
        assert_eq!(scores().tar_at(1e-9), None);
        assert_eq!(scores().tar_at(1.0), Some(1.0));
    }

    #[test]
    fn area_and_equal_error_rate_agree_with_scikit_learn() {
        // scikit-learn 1.9.1: roc_auc_score([1]*4 + [0]*5,
        //     [.9, .8, .7, .2, .1, .3, .75, .05, .15]) == 0.85
        assert!((scores().auc() - 0.85).abs() < 1e-9);
        // Its roc_curve passes (0.2, 0.75): 0.2 accepted, 0.25 rejected.
        assert!((scores().eer() - 0.225).abs() < 1e-9);
    }

    #[test]
    fn perfect_probabilities_have_no_calibration_error() {
        assert_eq!(expected_calibration_error(&[1.0; 5], &[0.0; 9]), 0.0);
        assert!((expected_calibration_error(&[0.5; 5], &[0.5; 9])).abs() < 1e-12);
        assert!((expected_calibration_error(&[0.8; 4], &[0.8; 4]) - 0.3).abs() < 1e-12);
    }
}
