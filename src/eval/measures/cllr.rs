//! The cost of the stated likelihood ratios: Cllr, and its lowest value with the best calibration (minCllr).
//!
//! Brümmer, du Preez, "Application-independent evaluation of speaker detection", Computer Speech and
//! Language 20, 2006.

/// The cost in bits of likelihood ratios, given as natural logarithms: 0 if all are right and infinite, 1 if they say
/// nothing, more if they mislead.
#[must_use]
pub fn cllr(genuine: &[f32], impostor: &[f32]) -> f64 {
    // ln(1 + eˣ) without overflow.
    let cost = |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
    let mean = |side: &[f32], sign: f64| {
        side.iter().map(|ratio| cost(sign * f64::from(*ratio))).sum::<f64>() / side.len() as f64
    };
    (mean(genuine, -1.0) + mean(impostor, 1.0)) / (2.0 * std::f64::consts::LN_2)
}

/// A range of scores to which the best calibration gives one likelihood ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// The lowest and the highest score.
    pub scores: [f32; 2],
    /// The share of all genuine comparisons in this range.
    pub genuine: f64,
    /// The share of all impostor comparisons in this range.
    pub impostor: f64,
}

impl Stretch {
    /// The natural logarithm of the likelihood ratio; infinite if one kind is missing.
    #[must_use]
    pub fn log_ratio(&self) -> f64 {
        (self.genuine / self.impostor).ln()
    }

    fn with(self, next: Self) -> Self {
        let scores = [self.scores[0], next.scores[1]];
        let (genuine, impostor) = (self.genuine + next.genuine, self.impostor + next.impostor);
        Self { scores, genuine, impostor }
    }
}

/// The best calibration that keeps the order of the scores: isotonic regression by pooling adjacent violators
/// (Ayer and others, 1955), with the same total weight for both kinds. Equal scores stay together.
#[must_use]
pub fn isotonic(genuine: &[f32], impostor: &[f32]) -> Vec<Stretch> {
    let weights = [1.0 / genuine.len() as f64, 1.0 / impostor.len() as f64];
    let of = |side: &[f32], shares: [f64; 2]| {
        let one =
            move |s: &f32| Stretch { scores: [*s; 2], genuine: shares[0], impostor: shares[1] };
        side.iter().map(one).collect::<Vec<_>>()
    };
    let mut all = [of(genuine, [weights[0], 0.0]), of(impostor, [0.0, weights[1]])].concat();
    all.sort_by(|a, b| a.scores[0].total_cmp(&b.scores[0]));
    let mut stretches: Vec<Stretch> = Vec::new();
    for tied in all.chunk_by(|a, b| a.scores == b.scores) {
        let mut next = tied[1..].iter().fold(tied[0], |sum, one| sum.with(*one));
        // Merge as long as the ratio does not rise from one range to the next.
        while let Some(last) = stretches.last()
            && last.genuine * next.impostor >= next.genuine * last.impostor
        {
            next = last.with(next);
            stretches.pop();
        }
        stretches.push(next);
    }
    stretches
}

/// The Cllr of the best calibration.
#[must_use]
pub fn min_cllr(stretches: &[Stretch]) -> f64 {
    // A range with only one kind costs nothing.
    let cost = |own: f64, other: f64| if own > 0.0 { own * (other / own).ln_1p() } else { 0.0 };
    let of = |s: &Stretch| cost(s.genuine, s.impostor) + cost(s.impostor, s.genuine);
    stretches.iter().map(of).sum::<f64>() / (2.0 * std::f64::consts::LN_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENUINE: [f32; 8] = [2.5, 0.7, 3.1, -0.4, 1.8, 4.0, 1.1, 2.2];
    const IMPOSTOR: [f32; 12] =
        [-3.0, -1.2, 0.9, -2.5, -0.4, -4.1, 0.1, -1.9, 1.1, -0.8, -2.2, -3.6];

    #[test]
    fn ratios_that_say_nothing_cost_one_bit_and_right_ones_none() {
        assert!((cllr(&[0.0; 3], &[0.0; 5]) - 1.0).abs() < 1e-12);
        assert!(cllr(&[800.0; 3], &[-800.0; 5]) < 1e-12);
        assert!(cllr(&[-800.0], &[800.0]) > 1000.0 && cllr(&[-800.0], &[800.0]).is_finite());
    }

    /// scikit-learn 1.9.1, with g and i the arrays above:
    ///     x, y = np.r_[g, i], np.r_[np.ones(8), np.zeros(12)]
    ///     w = np.r_[np.full(8, 1 / 16), np.full(12, 1 / 24)]
    ///     log_loss(y, 1 / (1 + np.exp(-x)), sample_weight=w) / np.log(2)
    ///     q = IsotonicRegression(y_min=0, y_max=1).fit(x, y, sample_weight=w).predict(x)
    ///     -(w * np.log2(np.where(y == 1, q, 1 - q))).sum()
    #[test]
    fn both_costs_agree_with_scikit_learn() {
        assert!((cllr(&GENUINE, &IMPOSTOR) - 0.477_272_201).abs() < 1e-6);
        let stretches = isotonic(&GENUINE, &IMPOSTOR);
        assert!((min_cllr(&stretches) - 0.345_960_477).abs() < 1e-6);
        // q is 0 up to -0.8, then 3/7, 3/5, and 1 from 1.8 on.
        let posterior = |s: &Stretch| s.genuine / (s.genuine + s.impostor);
        let found: Vec<f64> = stretches.iter().map(posterior).collect();
        let expected = [0.0, 3.0 / 7.0, 0.6, 1.0];
        assert_eq!(found.len(), 4, "{stretches:?}");
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn ratios_rise_and_no_calibration_that_keeps_the_order_costs_less() {
        let stretches = isotonic(&GENUINE, &IMPOSTOR);
        assert!(stretches.windows(2).all(|pair| pair[0].log_ratio() < pair[1].log_ratio()));
        assert!(stretches.windows(2).all(|pair| pair[0].scores[1] < pair[1].scores[0]));
        let least = min_cllr(&stretches);
        for (factor, shift) in [(1.0, 0.0), (0.5, 0.0), (2.0, -1.0), (1.5, 0.3)] {
            let changed =
                |side: &[f32]| side.iter().map(|s| factor * s + shift).collect::<Vec<_>>();
            assert!(least <= cllr(&changed(&GENUINE), &changed(&IMPOSTOR)));
        }
        assert_eq!(min_cllr(&isotonic(&[2.0, 3.0], &[0.0, 1.0])), 0.0);
        assert!((min_cllr(&isotonic(&[1.0; 4], &[1.0; 9])) - 1.0).abs() < 1e-12, "all are tied");
    }
}
