//! Measures one person's decision on photos of that person and of others.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Serialize;

use super::RATES;
use super::metrics::Scores;

/// The number of resamplings for an interval.
const RESAMPLINGS: usize = 1000;
/// Their seed.
const SEED: u64 = 95;
/// The share of resamplings that an interval leaves out on either side.
const TAIL: f64 = 0.025;

/// A measured value with its 95 % interval: percentile bootstrap over photos (Efron, Tibshirani, "An Introduction to
/// the Bootstrap", 1993, chapter 13). For a share of photos it is no narrower than Wilson's interval (JASA 22, 1927),
/// because no errors among a few photos do not mean a rate of 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The measured value.
    pub value: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// The rates of one decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Photos of the person.
    pub genuine: usize,
    /// Photos of others.
    pub impostor: usize,
    /// The threshold for `far` and `frr`, as a score.
    pub threshold: f64,
    /// The share of others' photos accepted at the threshold.
    pub far: Estimate,
    /// The share of the person's photos rejected at the threshold.
    pub frr: Estimate,
    /// The equal error rate.
    pub eer: Estimate,
    /// The area under the receiver operating characteristic.
    pub auc: Estimate,
    /// The true accept rate at each false accept rate; null if there are too few photos of others.
    pub tar: BTreeMap<&'static str, Option<Estimate>>,
}

/// Evaluate the score of every photo, which is minus infinity if no face was detected.
#[must_use]
pub fn evaluate(genuine: &[f32], impostor: &[f32], threshold: f64) -> Evaluation {
    let whole = Scores::new(genuine, impostor);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let resampled: Vec<Scores> = (0..RESAMPLINGS)
        .map(|_| Scores::new(&drawn(genuine, &mut random), &drawn(impostor, &mut random)))
        .collect();
    let estimate = |measure: &dyn Fn(&Scores) -> f64| {
        let mut values: Vec<f64> = resampled.iter().map(measure).collect();
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
        Estimate { value: measure(&whole), low: at(TAIL), high: at(1.0 - TAIL) }
    };
    let share = |of: usize, measure: &dyn Fn(&Scores) -> f64| {
        let Estimate { value, low, high } = estimate(measure);
        let (least, most) = wilson(value, of);
        Estimate { value, low: low.min(least), high: high.max(most) }
    };
    let tar = |(name, far): (&'static str, f64)| {
        let enough = whole.tar_at(far).is_some();
        (name, enough.then(|| share(genuine.len(), &|s| s.tar_at(far).unwrap_or_default())))
    };
    Evaluation {
        genuine: genuine.len(),
        impostor: impostor.len(),
        threshold,
        far: share(impostor.len(), &|s| s.far(threshold)),
        frr: share(genuine.len(), &|s| 1.0 - s.tar(threshold)),
        eer: estimate(&Scores::eer),
        auc: estimate(&Scores::auc),
        tar: RATES.into_iter().map(tar).collect(),
    }
}

impl Estimate {
    /// `some` as a share of `all`, which is not 0, with Wilson's interval.
    #[must_use]
    pub fn of_share(some: usize, all: usize) -> Self {
        Self::of_rate(some as f64 / all as f64, all)
    }

    /// A share `value` of `all` with Wilson's interval.
    #[must_use]
    pub fn of_rate(value: f64, all: usize) -> Self {
        let (low, high) = wilson(value, all);
        Self { value, low, high }
    }
}

/// Wilson's 95 % interval of a share `value` of `of` photos.
fn wilson(value: f64, of: usize) -> (f64, f64) {
    const Z: f64 = 1.959_963_985;
    let n = of as f64;
    let middle = value + Z * Z / (2.0 * n);
    let half = Z * (value * (1.0 - value) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    (((middle - half) / whole).max(0.0), ((middle + half) / whole).min(1.0))
}

/// A bootstrap sample: as many values as `scores` has, drawn with replacement.
fn drawn(scores: &[f32], random: &mut Xoshiro256PlusPlus) -> Vec<f32> {
    scores.iter().map(|_| scores[random.random_range(0..scores.len())]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_hold_the_value_and_narrow_with_more_photos() {
        let genuine = |n: usize| (0..n).map(|i| (i % 10) as f32 + 2.5).collect::<Vec<_>>();
        let impostor = |n: usize| (0..n).map(|i| (i % 40) as f32 / 10.0).collect::<Vec<_>>();
        let width = |e: Estimate| e.high - e.low;
        let few = evaluate(&genuine(20), &impostor(200), 3.0);
        let many = evaluate(&genuine(2000), &impostor(2000), 3.0);
        for estimate in [few.far, few.frr, few.eer, few.auc, many.far, many.frr, many.auc] {
            assert!(estimate.low <= estimate.value && estimate.value <= estimate.high);
        }
        assert!((many.far.value - 0.25).abs() < 1e-9 && (many.frr.value - 0.1).abs() < 1e-9);
        assert!(width(many.frr) < 0.5 * width(few.frr));
        assert_eq!(few, evaluate(&genuine(20), &impostor(200), 3.0), "repeatable");
        assert!(few.tar["1e-2"].is_some() && few.tar["1e-5"].is_none());
    }

    #[test]
    fn none_seen_among_few_does_not_mean_none() {
        // statsmodels 0.15.0: proportion_confint(0, 43, method="wilson") == (0.0, 0.08201),
        // proportion_confint(10, 40, method="wilson") == (0.14187, 0.40194)
        let measured = evaluate(&[9.0; 43], &[0.1; 300], 4.0);
        assert_eq!((measured.frr.value, measured.frr.low), (0.0, 0.0));
        assert!((measured.frr.high - 0.0820).abs() < 1e-4, "{:?}", measured.frr);
        let (low, high) = wilson(0.25, 40);
        assert!((low - 0.14187).abs() < 1e-4 && (high - 0.40194).abs() < 1e-4, "{low} {high}");
    }

    #[test]
    fn a_photo_without_a_face_is_rejected() {
        let measured = evaluate(&[f32::NEG_INFINITY, 9.0], &[0.1, f32::NEG_INFINITY], 4.0);
        assert_eq!(measured.frr.value, 0.5);
        assert_eq!(measured.far.value, 0.0);
    }

    #[test]
    fn one_interval_in_twenty_may_miss_and_no_more() {
        // Half of the person's photos score above all others: like 400 coin tosses.
        let genuine: Vec<f32> = (0..400).map(|i| (2 * (i % 2)) as f32).collect();
        let Estimate { value, low, high } = evaluate(&genuine, &[1.0; 50], 3.0).auc;
        assert_eq!(value, 0.5);
        // An interval of 90 % is 0.082 wide.
        assert!((0.09..0.108).contains(&(high - low)), "{low} {high}");
        // statsmodels 0.15.0: proportion_confint(5, 10, method="wilson").
        let half = Estimate::of_share(5, 10);
        assert!((half.low - 0.236_593).abs() < 1e-6 && (half.high - 0.763_407).abs() < 1e-6);
    }
}
