//! Comparisons of photos with enrolled people, and the names of these people.

use std::collections::HashMap;

use crate::decision::Calibration;
use crate::eval::{People, Scores, Trials};

/// The comparison of one photo with one enrolled person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The number of the enrolled person in [`Comparisons::people`].
    pub enrolled: u32,
    /// The number of the person in the photo.
    pub tried: u32,
    /// The score.
    pub score: f32,
    /// The natural logarithm of the likelihood ratio that the program gives.
    pub log_ratio: f32,
}

/// Genuine and impostor comparisons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparisons {
    /// The names of all people.
    pub people: Vec<String>,
    /// Comparisons with photos of the enrolled person.
    pub genuine: Vec<Comparison>,
    /// Comparisons with photos of somebody else.
    pub impostor: Vec<Comparison>,
}

impl Comparisons {
    /// Add the trials over `people`, whose scores `calibration` turns into likelihood ratios. None of the people may
    /// have been added before.
    pub fn add(&mut self, people: &People, trials: &Trials, calibration: &Calibration) {
        let first = self.people.len();
        self.people.extend(people.0.iter().map(|person| person.name.clone()));
        let numbers: HashMap<&str, usize> =
            people.0.iter().enumerate().map(|(at, person)| (person.name.as_str(), at)).collect();
        let comparison = |enrolled: usize, tried: usize, score: f32| Comparison {
            enrolled: (first + enrolled) as u32,
            tried: (first + tried) as u32,
            score,
            log_ratio: calibration.log_odds(f64::from(score)) as f32,
        };
        for (enrolment, own, others) in trials.by_enrolment() {
            let Some(&person) = numbers.get(enrolment.name.as_str()) else { continue };
            self.genuine.extend(own.iter().map(|score| comparison(person, person, *score)));
            let photos = people
                .strangers_of(person)
                .flat_map(|(stranger, of)| std::iter::repeat_n(stranger, of.embeddings.len()));
            let others = photos.zip(others);
            self.impostor.extend(others.map(|(at, score)| comparison(person, at, *score)));
        }
    }

    /// The scores of all comparisons.
    #[must_use]
    pub fn scores(&self) -> Scores {
        let scores = |side: &[Comparison]| side.iter().map(|one| one.score).collect::<Vec<_>>();
        Scores::new(&scores(&self.genuine), &scores(&self.impostor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{Method, toy_population};
    use crate::eval::people::tests::made_up;
    use crate::eval::{Protocol, Trials};

    #[test]
    fn every_impostor_trial_has_the_person_in_its_photo() {
        let people = made_up(12, 6);
        let population = toy_population(6);
        let protocol = Protocol::published(1);
        let trials = Trials::run(&people, &population, Method::Centroid, protocol, 1).unwrap();
        let calibration = population.calibration(Method::Centroid, 1).unwrap();
        let mut comparisons = Comparisons::default();
        comparisons.add(&people, &trials, &calibration);
        assert_eq!(comparisons.genuine.len(), trials.genuine.len());
        assert_eq!(comparisons.impostor.len(), trials.impostor.len());
        assert!(comparisons.genuine.iter().all(|one| one.enrolled == one.tried));
        assert!(comparisons.impostor.iter().all(|one| one.enrolled != one.tried));
        // Everybody's photos are tried on each enrolment except their own, each photo once.
        let first = comparisons.impostor[0].enrolled;
        for (at, person) in people.0.iter().enumerate() {
            let tried = comparisons.impostor.iter().filter(|one| one.enrolled == first);
            let of = tried.filter(|one| one.tried as usize == at).count();
            let expected = if at == first as usize { 0 } else { person.embeddings.len() };
            assert_eq!(of, expected, "{at}");
        }
    }
}
