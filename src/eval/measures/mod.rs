//! The measures of biometric tests, by their standard names: false match and non-match rates, failures to
//! acquire and to enrol, DET, Cllr, the zoo, rates by group. docs/measures.md defines each.

mod bootstrap;
mod cllr;
mod comparisons;
mod crew;
mod groups;
mod zoo;

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Estimate, RATES};
use crate::decision::threshold_for;
use bootstrap::{ByPerson, Errors, equal, fnmr_at, interval, share};

pub use cllr::{Stretch, cllr, isotonic, min_cllr};
pub use comparisons::{Comparison, Comparisons};
pub use crew::{Attempts, Failures, TestCrew};
pub use groups::{ByGroup, Group, GroupRates, Grouping, Ratio, Ratios};
pub use zoo::{Animal, Resident, Scored, Zoo};

/// The false match rates that thresholds are set for. At 1e-5 too few impostors are left to count.
pub const SET: [(&str, f64); 3] = [RATES[0], RATES[1], RATES[2]];
/// Points of the DET in each decade of false match rates.
const A_DECADE: usize = 12;
/// The lowest false match rate of the DET, however many comparisons there are.
const LEAST: f64 = 1e-6;
/// Thresholds below and above all scores.
const BEYOND: f64 = f32::MAX as f64;

/// All measures of one method.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures {
    /// People enrolled.
    pub people: usize,
    /// Comparisons of a photo with its own person.
    pub genuine: usize,
    /// Comparisons of a photo with another person.
    pub impostor: usize,
    /// Photos without a face, and people who cannot be enrolled.
    pub failures: Failures,
    /// The rates at the thresholds set for the named false match rates.
    pub set: BTreeMap<&'static str, SetRates>,
    /// The false non-match rates at the thresholds that give the named false match rates on these comparisons; null
    /// if there are too few comparisons.
    pub fnmr_at_fmr: BTreeMap<&'static str, Option<Estimate>>,
    /// The equal error rate.
    pub eer: Estimate,
    /// The cost of the stated likelihood ratios, in bits.
    pub cllr: f64,
    /// The cost with the best calibration of the same scores, in bits.
    pub min_cllr: f64,
    /// The finite part of the best calibration.
    pub calibration: Vec<Calibrated>,
    /// The detection error trade-off, from the strictest threshold on.
    pub det: Vec<DetPoint>,
    /// Which people are missed and which are mistaken for others; null for few people, and for pairs.
    pub zoo: Option<Zoo>,
    /// The rates by group, for each grouping.
    pub groups: Vec<ByGroup>,
}

/// The rates at one threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SetRates {
    /// The threshold, as a score.
    pub threshold: f64,
    /// The false match rate: the share of comparisons with another person that match.
    pub fmr: Estimate,
    /// The false non-match rate: the share of comparisons with the right person that do not match.
    pub fnmr: Estimate,
    /// The false accept rate: the share of all attempts of others that are accepted, those without a face included.
    pub far: f64,
    /// The false reject rate: the share of all attempts of the person that are rejected, those without a face
    /// included.
    pub frr: f64,
}

/// A point of the DET with its 95 % band.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DetPoint {
    /// The false match rate.
    pub fmr: f64,
    /// The false non-match rate at that false match rate.
    pub fnmr: f64,
    /// The lower end of the band.
    pub low: f64,
    /// The upper end of the band.
    pub high: f64,
}

/// A range of stated likelihood ratios, and the one that the best calibration gives for them, as decimal logarithms.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Calibrated {
    /// The lowest and the highest stated.
    pub stated: [f64; 2],
    /// The one of the best calibration.
    pub best: f64,
}

impl Measures {
    /// Measure `comparisons`, which have at least one of each kind. `lost` are the shares of genuine and impostor
    /// attempts that could not be compared.
    #[must_use]
    pub fn of(
        comparisons: &Comparisons,
        failures: Failures,
        lost: [f64; 2],
        groupings: &[Grouping],
    ) -> Self {
        let scores = comparisons.scores();
        let (genuine, impostor) = (scores.genuine().len(), scores.impostor().len());
        let rates = det_rates(impostor);
        let mut thresholds: Vec<f64> = SET.iter().map(|(_, rate)| threshold_for(*rate)).collect();
        thresholds.extend(rates.iter().filter_map(|rate| scores.threshold_at(*rate)));
        thresholds.extend([f64::from(scores.impostor()[0]), BEYOND]);
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
        let by_person =
            ByPerson::of(comparisons.genuine.iter(), comparisons.impostor.iter(), &thresholds);
        let (whole, resampled) = (by_person.whole(), by_person.resampled());
        let fnmr = |fmr: f64| {
            let value = 1.0 - scores.tar_at(fmr)?;
            let resampled = resampled.iter().map(|errors| fnmr_at(errors, fmr));
            Some(share(value, genuine, resampled))
        };
        let det = rates.iter().filter_map(|fmr| {
            let Estimate { value, low, high } = fnmr(*fmr)?;
            Some(DetPoint { fmr: *fmr, fnmr: value, low, high })
        });
        let set = |(name, rate)| {
            let threshold = threshold_for(rate);
            let at = thresholds.partition_point(|t| *t < threshold);
            (name, SetRates::of(threshold, whole[at], &resampled, at, [impostor, genuine], lost))
        };
        let (cllr, min_cllr, calibration) = calibration(comparisons);
        let enrolled: std::collections::BTreeSet<u32> =
            comparisons.genuine.iter().map(|one| one.enrolled).collect();
        Self {
            people: enrolled.len(),
            genuine,
            impostor,
            failures,
            set: SET.into_iter().map(set).collect(),
            fnmr_at_fmr: RATES.into_iter().map(|(name, fmr)| (name, fnmr(fmr))).collect(),
            eer: interval(scores.eer(), resampled.iter().map(|errors| equal(errors))),
            cllr,
            min_cllr,
            calibration,
            det: det.collect(),
            zoo: None,
            groups: groupings.iter().map(|by| ByGroup::of(comparisons, by)).collect(),
        }
    }
}

impl SetRates {
    fn of(
        threshold: f64,
        [fmr, fnmr]: Errors,
        resampled: &[Vec<Errors>],
        at: usize,
        [impostor, genuine]: [usize; 2],
        lost: [f64; 2],
    ) -> Self {
        let drawn = |which: usize| resampled.iter().map(move |errors| errors[at][which]);
        Self {
            threshold,
            fmr: share(fmr, impostor, drawn(0)),
            fnmr: share(fnmr, genuine, drawn(1)),
            far: fmr * (1.0 - lost[1]),
            frr: lost[0] + fnmr * (1.0 - lost[0]),
        }
    }
}

/// The false match rates of the DET that this number of comparisons can show.
fn det_rates(impostor: usize) -> Vec<f64> {
    let least = (1.0 / impostor.max(1) as f64).max(LEAST);
    let rate = |step: usize| 10f64.powf(-(step as f64) / A_DECADE as f64);
    let mut rates: Vec<f64> = (1..).map(rate).take_while(|rate| *rate >= least).collect();
    rates.reverse();
    rates
}

/// Cllr, minCllr, and the finite part of the best calibration.
fn calibration(comparisons: &Comparisons) -> (f64, f64, Vec<Calibrated>) {
    let ratios = |side: &[Comparison]| side.iter().map(|one| one.log_ratio).collect::<Vec<_>>();
    let (genuine, impostor) = (ratios(&comparisons.genuine), ratios(&comparisons.impostor));
    let stretches = isotonic(&genuine, &impostor);
    let decimal = |natural: f64| natural / std::f64::consts::LN_10;
    let finite = stretches.iter().filter(|stretch| stretch.log_ratio().is_finite());
    let calibrated = finite.map(|stretch| Calibrated {
        stated: stretch.scores.map(|score| decimal(f64::from(score))),
        best: decimal(stretch.log_ratio()),
    });
    (cllr(&genuine, &impostor), min_cllr(&stretches), calibrated.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENUINE: [f32; 8] = [2.5, 0.7, 3.1, -0.4, 1.8, 4.0, 1.1, 2.2];
    const IMPOSTOR: [f32; 12] =
        [-3.0, -1.2, 0.9, -2.5, -0.4, -4.1, 0.1, -1.9, 1.1, -0.8, -2.2, -3.6];

    /// Two people; each has every second one of the scores, moved by `shift`.
    fn comparisons(shift: f32) -> Comparisons {
        let side = |scores: &[f32]| {
            let one = |(at, value): (usize, &f32)| {
                let enrolled = at as u32 % 2;
                Comparison { enrolled, tried: 2, score: value + shift, log_ratio: *value }
            };
            scores.iter().enumerate().map(one).collect()
        };
        let people = ["ann", "bea", "cyd"].map(str::to_owned).into();
        Comparisons { people, genuine: side(&GENUINE), impostor: side(&IMPOSTOR) }
    }

    /// scikit-learn 1.9.1, with the scores above in x and 1 for genuine ones in y: det_curve(y, x).
    #[test]
    fn errors_and_the_equal_error_rate_agree_with_scikit_learn() {
        const DET: [(f32, f64, f64); 6] = [
            (-0.4, 0.333_333, 0.0),
            (0.1, 0.25, 0.125),
            (0.7, 0.166_667, 0.125),
            (0.9, 0.166_667, 0.25),
            (1.1, 0.083_333, 0.25),
            (1.8, 0.0, 0.375),
        ];
        let comparisons = comparisons(0.0);
        let thresholds = DET.map(|(threshold, ..)| f64::from(threshold));
        let (genuine, impostor) = (comparisons.genuine.iter(), comparisons.impostor.iter());
        let errors = ByPerson::of(genuine, impostor, &thresholds).whole();
        for ([fmr, fnmr], (threshold, expected_fmr, expected_fnmr)) in errors.iter().zip(DET) {
            assert!((fmr - expected_fmr).abs() < 1e-6, "{threshold} {fmr}");
            assert!((fnmr - expected_fnmr).abs() < 1e-6, "{threshold} {fnmr}");
        }
        // The rates that are closest are 0.1667 and 0.125.
        let measures = Measures::of(&comparisons, Failures::default(), [0.0; 2], &[]);
        assert!((measures.eer.value - 0.145_833).abs() < 1e-6);
        assert!(
            (measures.cllr - 0.477_272).abs() < 1e-6
                && (measures.min_cllr - 0.345_960).abs() < 1e-6
        );
    }

    #[test]
    fn failures_are_attempts_that_match_nobody() {
        // At 2, the threshold for 1e-2, two impostors match and one genuine comparison does not.
        let measures = Measures::of(&comparisons(2.0 - 0.5), Failures::default(), [0.1, 0.2], &[]);
        let set = measures.set["1e-2"];
        assert_eq!((set.threshold, set.fmr.value, set.fnmr.value), (2.0, 2.0 / 12.0, 1.0 / 8.0));
        assert!((set.far - 0.8 * 2.0 / 12.0).abs() < 1e-12);
        assert!((set.frr - (0.1 + 0.9 / 8.0)).abs() < 1e-12);
        assert_eq!((measures.people, measures.genuine, measures.impostor), (2, 8, 12));
    }

    #[test]
    fn the_det_falls_within_its_band_as_far_as_there_are_comparisons() {
        let measures = Measures::of(&comparisons(0.0), Failures::default(), [0.0; 2], &[]);
        assert!(measures.det.len() > 8 && measures.det[0].fmr >= 1.0 / 12.0);
        for pair in measures.det.windows(2) {
            assert!(pair[0].fmr < pair[1].fmr && pair[0].fnmr >= pair[1].fnmr, "{pair:?}");
        }
        let within = |p: &DetPoint| p.low <= p.fnmr && p.fnmr <= p.high && p.high - p.low > 0.1;
        assert!(measures.det.iter().all(within), "{:?}", measures.det);
        assert_eq!(measures.fnmr_at_fmr["1e-3"], None, "twelve impostors cannot tell");
        let steps: Vec<f64> = measures.calibration.iter().map(|stretch| stretch.best).collect();
        // 3/7 and 3/5 with the same weight for both kinds.
        let expected = [0.75f64.log10(), 1.5f64.log10()];
        assert!(steps.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{steps:?}");
    }
}
