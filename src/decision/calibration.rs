//! Calibration: turns every method's raw score into a *score*, which is −log₁₀ of the share of strangers
//! whose raw score is at least as high. A score of 4 means one stranger in 10,000, whatever the method and
//! however many photos were enrolled, so the threshold for a false accept rate is −log₁₀ of that rate.

/// The scores at which the curves give raw scores.
pub const SCORES: [f64; 11] = [0.3, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0];

/// Every score is below this: one stranger in ten million is more than can be measured, given siblings and
/// other look-alikes.
pub const LIMIT: f64 = 7.0;

/// A score below the threshold by no more than this is uncertain: it would match at ten times the false accept
/// rate.
pub const UNCERTAIN_MARGIN: f64 = 1.0;

/// One method's calibration for a number of enrolled photos, measured on people it was not fitted to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// How many photos were enrolled.
    pub enrolled: f64,
    /// The raw score at each of [`SCORES`], rising.
    pub raw_scores: [f64; 11],
    /// The natural logarithm of the odds of being the person, at a prior of 0.5: `odds[0] + odds[1]` · score.
    pub odds: [f64; 2],
}

impl Curve {
    /// Numbers in a row of the population file.
    pub const NUMBERS: usize = 14;

    pub(super) fn from_numbers(numbers: &[f64]) -> Self {
        let mut raw_scores = [0.0; 11];
        raw_scores.copy_from_slice(&numbers[1..12]);
        Self { enrolled: numbers[0], raw_scores, odds: [numbers[12], numbers[13]] }
    }

    pub(super) fn to_numbers(self) -> Vec<f64> {
        let mut numbers = vec![self.enrolled];
        numbers.extend(self.raw_scores);
        numbers.extend(self.odds);
        numbers
    }
}

/// The calibration of one profile's raw scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// The raw score at each of [`SCORES`], rising.
    pub raw_scores: [f64; 11],
    /// The natural logarithm of the odds, at a prior of 0.5: `odds[0] + odds[1]` · score.
    pub odds: [f64; 2],
    /// How much the score is lowered because the person's kind is crowded; 0 for people in general. See
    /// [`super::Kinds::crowding`].
    pub crowding: f64,
}

impl Calibration {
    /// The calibration for `enrolled` photos, interpolated between the two nearest curves in log n. Beyond the
    /// last curve the last one is used, which makes thresholds stricter rather than laxer.
    #[must_use]
    pub fn at(curves: &[Curve], enrolled: usize) -> Self {
        let n = enrolled.max(1) as f64;
        let [first, .., last] = curves else {
            return Self { raw_scores: SCORES, odds: [0.0, 1.0], crowding: 0.0 };
        };
        let (low, high) = match curves.iter().position(|c| c.enrolled >= n) {
            Some(0) => (first, first),
            Some(at) => (&curves[at - 1], &curves[at]),
            None => (last, last),
        };
        let span = (high.enrolled / low.enrolled).ln();
        let t = if span > 0.0 { (n / low.enrolled).ln() / span } else { 0.0 };
        let mix = |a: f64, b: f64| a + t * (b - a);
        Self {
            raw_scores: std::array::from_fn(|i| mix(low.raw_scores[i], high.raw_scores[i])),
            odds: std::array::from_fn(|i| mix(low.odds[i], high.odds[i])),
            crowding: 0.0,
        }
    }

    /// The score of a raw score: linear between the measured points, and below them along the lowest line.
    ///
    /// Above the measured points the highest line would lead to one stranger in 10³⁰, which cannot be measured.
    /// So the line bends: it leaves the last point with the same slope and approaches [`LIMIT`]. A larger raw
    /// score still gives a larger score, and a threshold of 6 is as strict as 7 on the straight line: beyond
    /// what was measured, thresholds are stricter rather than laxer.
    #[must_use]
    pub fn score(&self, raw: f64) -> f64 {
        let last = SCORES.len() - 2;
        let at = (0..last).find(|&i| raw < self.raw_scores[i + 1]).unwrap_or(last);
        let width = (self.raw_scores[at + 1] - self.raw_scores[at]).max(f64::EPSILON);
        let t = (raw - self.raw_scores[at]) / width;
        bent(SCORES[at] + t * (SCORES[at + 1] - SCORES[at]) - self.crowding)
    }

    /// The raw score of a score: the inverse of [`Self::score`]; infinite from [`LIMIT`] on.
    #[must_use]
    pub fn raw_score(&self, score: f64) -> f64 {
        let straight = unbent(score) + self.crowding;
        let last = SCORES.len() - 2;
        let at = (0..last).find(|&i| straight < SCORES[i + 1]).unwrap_or(last);
        let t = (straight - SCORES[at]) / (SCORES[at + 1] - SCORES[at]);
        self.raw_scores[at] + t * (self.raw_scores[at + 1] - self.raw_scores[at])
    }

    /// The probability (0 to 1) that a face with this score is the person's, given the probability `prior`
    /// (0 to 1, both excluded).
    #[must_use]
    pub fn probability(&self, score: f64, prior: f64) -> f64 {
        let log_odds = self.log_odds(score) + (prior / (1.0 - prior)).ln();
        1.0 / (1.0 + (-log_odds).exp())
    }

    /// The natural logarithm of the odds that a face with this score is the person's, at a prior of 0.5.
    #[must_use]
    pub fn log_odds(&self, score: f64) -> f64 {
        self.odds[0] + self.odds[1] * score
    }
}

/// The highest score that was measured, and how far beyond it scores can reach.
const MEASURED: f64 = SCORES[SCORES.len() - 1];
const ROOM: f64 = LIMIT - MEASURED;

/// A score on the straight line to a score below [`LIMIT`].
pub(super) fn bent(straight: f64) -> f64 {
    let beyond = straight - MEASURED;
    if beyond <= 0.0 {
        straight
    } else if beyond.is_infinite() {
        LIMIT
    } else {
        MEASURED + ROOM * beyond / (ROOM + beyond)
    }
}

/// The inverse of [`bent`].
pub(super) fn unbent(score: f64) -> f64 {
    let beyond = score - MEASURED;
    if beyond <= 0.0 {
        score
    } else if beyond >= ROOM {
        f64::INFINITY
    } else {
        MEASURED + ROOM * beyond / (ROOM - beyond)
    }
}

/// The threshold for a false accept rate between 0 and 1.
#[must_use]
pub fn threshold_for(far: f64) -> f64 {
    -far.log10()
}

/// The threshold for each of a number of `people` at which the share of strangers who match any of them is at
/// most the share that `threshold` accepts for one person: each accepts that share divided by the number of
/// people (Bonferroni correction). The shares are those of the straight line beyond the measured scores.
#[must_use]
pub fn threshold_among(threshold: f64, people: usize) -> f64 {
    match people {
        0 | 1 => threshold,
        _ => bent(unbent(threshold) + (people as f64).log10()),
    }
}

/// The share of strangers with at least this score.
#[must_use]
pub fn far_of(score: f64) -> f64 {
    10f64.powf(-score).min(1.0)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Curves at 1 and 10 photos whose raw score is the score times 2 and times 4.
    pub(crate) fn curves() -> Vec<Curve> {
        [(1.0, 2.0), (10.0, 4.0)]
            .map(|(enrolled, factor)| Curve {
                enrolled,
                raw_scores: SCORES.map(|score| score * factor),
                odds: [-6.0, 3.0],
            })
            .to_vec()
    }

    #[test]
    fn score_and_raw_score_are_inverse_also_beyond_the_measured_points() {
        let calibration = Calibration::at(&curves(), 3);
        for score in [-3.0, 0.0, 0.4, 2.2, 4.9, 5.3, 6.9] {
            let back = calibration.score(calibration.raw_score(score));
            assert!((back - score).abs() < 1e-9, "{score} {back}");
            let crowded = Calibration { crowding: 1.25, ..calibration };
            let back = crowded.score(crowded.raw_score(score));
            assert!((back - score).abs() < 1e-9, "{score} {back}");
            let lost = calibration.score(crowded.raw_score(2.0));
            assert!((lost - 3.25).abs() < 1e-9, "a crowded kind asks for more: {lost}");
        }
    }

    /// Real curves bend at every point: each stretch has its own line.
    #[test]
    fn every_measured_point_has_its_score_and_the_middle_of_two_the_middle() {
        let raw_scores: [f64; 11] = std::array::from_fn(|i| (i * i) as f64);
        let calibration = Calibration { raw_scores, odds: [-6.0, 3.0], crowding: 0.0 };
        for (at, score) in SCORES.into_iter().enumerate() {
            assert!((calibration.score(raw_scores[at]) - score).abs() < 1e-9, "{score}");
            assert!((calibration.raw_score(score) - raw_scores[at]).abs() < 1e-9, "{score}");
        }
        for at in 0..10 {
            let [raw, score] =
                [raw_scores, SCORES].map(|points| f64::midpoint(points[at], points[at + 1]));
            assert!((calibration.score(raw) - score).abs() < 1e-9, "{score}");
            assert!((calibration.raw_score(score) - raw).abs() < 1e-9, "{score}");
        }
    }

    #[test]
    fn a_score_beyond_what_was_measured_grows_ever_slower_and_stays_below_the_limit() {
        let calibration = Calibration::at(&curves(), 1);
        // The raw score is twice the score, as far as it was measured.
        let at = |straight: f64| calibration.score(2.0 * straight);
        assert!((at(5.0) - 5.0).abs() < 1e-9 && (at(5.001) - 5.001).abs() < 1e-5);
        assert!((at(7.0) - 6.0).abs() < 1e-9);
        let steps: Vec<f64> = (8..60).map(|i| at(f64::from(i) / 2.0)).collect();
        assert!(steps.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(steps.windows(3).all(|s| s[2] - s[1] <= s[1] - s[0] + 1e-9));
        assert!(at(1e6) < LIMIT && at(f64::INFINITY) <= LIMIT);
        assert_eq!(calibration.raw_score(LIMIT), f64::INFINITY);
        let probable = |straight| calibration.probability(at(straight), 0.01);
        assert!(probable(6.0) < probable(9.0) && probable(1e9) <= 1.0);
    }

    #[test]
    fn curves_are_mixed_in_the_logarithm_of_photos_and_held_beyond_the_last() {
        let at = |n| Calibration::at(&curves(), n).raw_score(1.0);
        assert!((at(1) - 2.0).abs() < 1e-9 && (at(10) - 4.0).abs() < 1e-9);
        assert!((at(3) - (2.0 + 2.0 * 3f64.log10())).abs() < 1e-9);
        assert_eq!(at(10), at(500));
    }

    #[test]
    fn a_higher_score_is_more_probable_and_the_prior_counts() {
        let calibration = Calibration::at(&curves(), 1);
        assert!((calibration.probability(2.0, 0.5) - 0.5).abs() < 1e-9);
        assert!(calibration.probability(3.0, 0.5) > 0.9);
        assert!((calibration.probability(2.0, 0.01) - 0.01).abs() < 1e-9);
    }

    #[test]
    fn among_ten_times_as_many_people_a_face_needs_ten_times_as_rare_a_likeness() {
        assert_eq!(threshold_among(5.7, 1), 5.7);
        assert_eq!(threshold_among(2.0, 0), 2.0);
        assert!((threshold_among(2.0, 100) - 4.0).abs() < 1e-12);
        // Beyond what was measured as far as the straight line's 7 is bent.
        assert!((threshold_among(4.0, 1000) - 6.0).abs() < 1e-12);
        assert!((threshold_among(6.0, 10) - bent(8.0)).abs() < 1e-12);
        assert!(threshold_among(4.0, usize::MAX) < LIMIT);
    }

    #[test]
    fn a_threshold_is_minus_the_logarithm_of_its_rate() {
        assert!((threshold_for(1e-4) - 4.0).abs() < 1e-12);
        assert!((far_of(threshold_for(0.02)) - 0.02).abs() < 1e-12);
    }
}
