//! How probable it is that two groups of faces are one person.

use crate::decision::{Calibration, Population};

/// How much a photo with a face of both groups lowers the log odds: one person is seldom twice in a photo,
/// as in a mirror or a collage.
const TOGETHER: f64 = 4.6;
/// How much each face of the smaller group outside such photos raises them again.
const APART: f64 = 0.1;
/// The least number of faces assumed, because a few photos may show anybody.
const FEWEST: usize = 100;
/// The largest group that a round of links is meant to find; the least likeness of linked faces follows from it.
const REACH: f64 = 100.0;
/// The least score of linked faces: one pair of strangers in a hundred is as similar.
const LEAST: f64 = 2.0;

/// The meaning of cosines in a library of a given size.
#[derive(Debug, Clone, Copy)]
pub struct Likeness {
    calibration: Calibration,
    faces: f64,
}

/// Two groups that are compared.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// The mean cosine of a face of one and a face of the other.
    pub cosine: f64,
    /// The faces of the larger.
    pub larger: usize,
    /// The faces of the smaller.
    pub smaller: usize,
    /// The mean score that their faces lose because their kinds are crowded.
    pub crowding: f64,
    /// The number of photos with a face of both.
    pub together: usize,
}

impl Likeness {
    /// For a library with this number of `faces`.
    pub fn new(population: &Population, faces: usize) -> Self {
        Self { calibration: population.likeness(1), faces: faces.max(FEWEST) as f64 }
    }

    /// The logarithm of the odds that both groups are one person: the odds from their likeness (as for one face
    /// and one photo) times the prior odds. A face belongs to one group of n faces among N with probability n/N,
    /// so the more faces there are, the more alike two must be.
    pub fn log_odds(&self, pair: Pair) -> f64 {
        let calibration = Calibration { crowding: pair.crowding, ..self.calibration };
        let seen = calibration.log_odds(calibration.score(pair.cosine));
        let prior = (pair.larger as f64 / self.faces).ln();
        let apart = pair.smaller.saturating_sub(pair.together) as f64 * APART;
        seen + prior + (apart - pair.together as f64 * TOGETHER).min(0.0)
    }

    /// The least cosine of two groups that may be one person, if the largest group has this many faces.
    pub fn least(&self, largest: usize) -> f64 {
        let [constant, slope] = self.calibration.odds;
        let needed = ((self.faces / REACH.max(largest as f64)).ln() - constant) / slope;
        self.calibration.raw_score(needed.max(LEAST))
    }

    /// The score of a face whose embedding has this `cosine` with the mean of `others` faces.
    pub fn score(population: &Population, others: usize, cosine: f64) -> f64 {
        population.likeness(others).score(cosine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enroll::tests::POPULATION;

    fn pair(cosine: f64) -> Pair {
        Pair { cosine, larger: 1, smaller: 1, crowding: 0.0, together: 0 }
    }

    #[test]
    fn the_more_faces_the_more_alike_two_must_be() {
        let odds = |faces| Likeness::new(&POPULATION, faces).log_odds(pair(0.5));
        assert!((odds(100) - odds(10_000) - 100f64.ln()).abs() < 1e-9);
        let least = |faces| Likeness::new(&POPULATION, faces).least(1);
        assert!(least(1_000_000) > least(10_000));
        assert!((least(10) - least(2)).abs() < 1e-12 && (odds(100) - odds(3)).abs() < 1e-12);
    }

    #[test]
    fn a_larger_group_is_likelier_and_a_crowded_kind_less() {
        let likeness = Likeness::new(&POPULATION, 1_000);
        let plain = likeness.log_odds(pair(0.5));
        assert!((likeness.log_odds(Pair { larger: 10, ..pair(0.5) }) - plain - 10f64.ln()) < 1e-9);
        assert!(likeness.log_odds(Pair { crowding: 1.0, ..pair(0.5) }) < plain);
        assert!(likeness.log_odds(pair(0.6)) > plain);
    }

    /// Two who are always together are two; a collage among many photos changes nothing.
    #[test]
    fn faces_of_one_photo_are_seldom_one_person() {
        let likeness = Likeness::new(&POPULATION, 1_000);
        let odds = |smaller, together| {
            likeness.log_odds(Pair { larger: 200, smaller, together, ..pair(0.5) })
        };
        assert!(odds(1, 1) < odds(1, 0) - 4.5);
        assert!(odds(20, 10) < odds(20, 0) - 40.0);
        assert!((odds(200, 4) - odds(200, 0)).abs() < 1e-9);
    }
}
