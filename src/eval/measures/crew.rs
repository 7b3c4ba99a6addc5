//! What is known about the people of a test apart from their faces: how many of their photos show no face, and which
//! groups they belong to.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Grouping;

/// The people of a test, which ISO/IEC 19795-1 calls the test crew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestCrew {
    /// The photos given of each person.
    pub attempts: Attempts,
    /// One or several ways to sort them into groups.
    pub groupings: Vec<Grouping>,
}

/// The photos given of each person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempts(BTreeMap<String, [usize; 2]>);

/// Photos and people that could not be compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Failures {
    /// Photos that were to be analysed.
    pub photos: usize,
    /// Photos that cannot be read or show no face.
    pub not_acquired: usize,
    /// Their share: the failure-to-acquire rate.
    pub fta: f64,
    /// People who were to be enrolled; for pairs, photos.
    pub enrolments: usize,
    /// People without a photo with a face.
    pub not_enrolled: usize,
    /// Their share: the failure-to-enrol rate.
    pub fte: f64,
}

impl Attempts {
    /// Count a photo of `person`, and whether it shows a face.
    pub fn count(&mut self, person: &str, acquired: bool) {
        let [photos, failed] = self.0.entry(person.to_owned()).or_default();
        *photos += 1;
        *failed += usize::from(!acquired);
    }

    /// The photos and people that could not be compared.
    #[must_use]
    pub fn failures(&self) -> Failures {
        let sum = |which: usize| self.0.values().map(|counts| counts[which]).sum();
        let not_enrolled = self.0.values().filter(|[photos, failed]| photos == failed).count();
        Failures::new([sum(0), sum(1)], [self.0.len(), not_enrolled])
    }
}

impl Failures {
    /// Takes the numbers of photos and of enrolments: all, and those that failed.
    #[must_use]
    pub fn new([photos, not_acquired]: [usize; 2], [enrolments, not_enrolled]: [usize; 2]) -> Self {
        let share = |some: usize, all: usize| some as f64 / all.max(1) as f64;
        let (fta, fte) = (share(not_acquired, photos), share(not_enrolled, enrolments));
        Self { photos, not_acquired, fta, enrolments, not_enrolled, fte }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_no_photo_with_a_face_cannot_be_enrolled() {
        let mut attempts = Attempts::default();
        for (person, acquired) in [("a", true), ("a", false), ("b", false), ("c", true)] {
            attempts.count(person, acquired);
        }
        let Failures { photos, not_acquired, fta, enrolments, not_enrolled, fte } =
            attempts.failures();
        assert_eq!((photos, not_acquired, fta), (4, 2, 0.5));
        assert_eq!((enrolments, not_enrolled), (3, 1));
        assert!((fte - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(Attempts::default().failures().fta, 0.0);
    }
}
