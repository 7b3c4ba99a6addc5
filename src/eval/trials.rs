//! Genuine and impostor trials: each person is enrolled in turn with a few photos, and tried with their other photos
//! and with everybody else's.

use std::collections::HashSet;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::People;
use crate::decision::{Method, Population, Probe, Scorer};
use crate::error::Result;
use crate::pipeline::in_order;

/// The most genuine trials of one person, so that people with hundreds of photos do not dominate.
const MOST_GENUINE: usize = 30;
/// The most enrolments of one person, if there are few people.
const MOST_REPEATS: usize = 50;

/// Which people are enrolled, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protocol {
    /// Photos enrolled of each person.
    pub enrolled: usize,
    /// The fewest further photos that a person must have to be enrolled.
    pub spare: usize,
    /// The most enrolments in all.
    pub most: usize,
    /// Enrolments of each person, each with other photos.
    pub repeats: usize,
    /// The seed of the random choices.
    pub seed: u64,
}

impl Protocol {
    /// The protocol of the published tables: each person is enrolled once who has at least two further photos, and at
    /// least half as many as are enrolled.
    #[must_use]
    pub fn published(enrolled: usize) -> Self {
        let spare = (enrolled / 2).max(2);
        Self { enrolled, spare, most: usize::MAX, repeats: 1, seed: 1 }
    }

    /// The same with enough repeats for `enrolments` enrolments of `people`, up to `MOST_REPEATS` each: with few
    /// people one enrolment each says little.
    #[must_use]
    pub fn with_enrolments(self, people: &People, enrolments: usize) -> Self {
        let enough = |photos: usize| photos >= self.enrolled + self.spare;
        let enough = people.0.iter().filter(|p| enough(p.embeddings.len())).count();
        let repeats = enrolments.div_ceil(enough.max(1)).clamp(1, MOST_REPEATS);
        Self { repeats: repeats.max(self.repeats), ..self }
    }
}

/// The trials of one method, with their raw scores; after [`Self::map`], with their scores.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trials {
    /// The number of people enrolled, each once or several times.
    pub people: usize,
    /// Scores of the enrolled people's other photos, enrolment by enrolment.
    pub genuine: Vec<f32>,
    /// Scores of strangers' photos, enrolment by enrolment: everybody else except relatives.
    pub impostor: Vec<f32>,
    /// The enrolments, in the order of [`Self::impostor`].
    pub enrolments: Vec<Enrolment>,
}

/// One enrolment among [`Trials`].
#[derive(Debug, Clone, PartialEq)]
pub struct Enrolment {
    /// The name of the person enrolled.
    pub name: String,
    /// The number of genuine trials of this enrolment.
    pub genuine: usize,
    /// The number of impostor trials of this enrolment.
    pub impostors: usize,
    /// How crowded the person's kind is: see [`crate::decision::Kinds::crowding`].
    pub crowding: f64,
}

impl Trials {
    /// The trials of `method` over `people`.
    ///
    /// # Errors
    /// If the method cannot be fitted.
    pub fn run(
        people: &People,
        population: &Population,
        method: Method,
        protocol: Protocol,
        threads: usize,
    ) -> Result<Self> {
        let probes: Vec<Vec<Probe>> = people
            .0
            .iter()
            .map(|person| person.embeddings.iter().map(|e| population.probe(e)).collect())
            .collect();
        let mut trials = Self::default();
        let draws = draws(people, protocol);
        trials.people = draws.iter().map(|draw| draw.person).collect::<HashSet<_>>().len();
        in_order(
            &draws,
            threads,
            || Ok(()),
            |(), draw| {
                let photos = &people.0[draw.person].enrolling;
                let enrolled: Vec<_> = draw.enrolled.iter().map(|&i| photos[i].clone()).collect();
                let scorer = Scorer::fit(method, population, &enrolled, &[])?;
                Ok((
                    population.kinds.crowding(&enrolled),
                    draw.raw_scores(&scorer, &probes, people),
                ))
            },
            |draw, scored: Result<_>| {
                let (crowding, (genuine, impostor)) = scored?;
                trials.enrolments.push(Enrolment {
                    name: people.0[draw.person].name.clone(),
                    genuine: genuine.len(),
                    impostors: impostor.len(),
                    crowding,
                });
                trials.genuine.extend(genuine);
                trials.impostor.extend(impostor);
                Ok(())
            },
        )?;
        Ok(trials)
    }

    /// Each enrolment, with its genuine and its impostor scores.
    pub fn by_enrolment(&self) -> impl Iterator<Item = (&Enrolment, &[f32], &[f32])> {
        let (mut genuine, mut impostor) = (self.genuine.as_slice(), self.impostor.as_slice());
        self.enrolments.iter().map(move |enrolment| {
            let (own, own_rest) = genuine.split_at(enrolment.genuine);
            let (others, others_rest) = impostor.split_at(enrolment.impostors);
            (genuine, impostor) = (own_rest, others_rest);
            (enrolment, own, others)
        })
    }

    /// The same trials with every score replaced.
    #[must_use]
    pub fn map(&self, change: impl Fn(&Enrolment, f64) -> f64) -> Self {
        let mut changed = Self { genuine: Vec::new(), impostor: Vec::new(), ..self.clone() };
        for (enrolment, genuine, impostor) in self.by_enrolment() {
            let change = |score: &f32| change(enrolment, f64::from(*score)) as f32;
            changed.genuine.extend(genuine.iter().map(change));
            changed.impostor.extend(impostor.iter().map(change));
        }
        changed
    }

    /// The trials of people whose kind is not crowded.
    #[must_use]
    pub fn uncrowded(&self) -> Self {
        let mut left = Self::default();
        for (enrolment, genuine, impostor) in self.by_enrolment() {
            if enrolment.crowding == 0.0 {
                left.genuine.extend(genuine);
                left.impostor.extend(impostor);
                left.enrolments.push(enrolment.clone());
            }
        }
        let names: HashSet<_> = left.enrolments.iter().map(|enrolment| &enrolment.name).collect();
        left.people = names.len();
        left
    }

    /// Add the trials of `others`.
    pub fn extend(&mut self, others: Self) {
        self.people += others.people;
        self.genuine.extend(others.genuine);
        self.impostor.extend(others.impostor);
        self.enrolments.extend(others.enrolments);
    }
}

/// One enrolment: a person, the photos that are enrolled and those that are tried.
pub(super) struct Draw {
    pub person: usize,
    pub enrolled: Vec<usize>,
    pub tried: Vec<usize>,
}

/// The enrolments of `people` according to a protocol.
pub(super) fn draws(people: &People, protocol: Protocol) -> Vec<Draw> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(protocol.seed);
    let mut draws = Vec::new();
    for (person, photos) in people.0.iter().map(|p| p.embeddings.len()).enumerate() {
        if photos < protocol.enrolled + protocol.spare {
            continue;
        }
        for _ in 0..protocol.repeats {
            let mut order: Vec<usize> = (0..photos).collect();
            order.shuffle(&mut random);
            let tried = order.iter().skip(protocol.enrolled).take(MOST_GENUINE).copied().collect();
            order.truncate(protocol.enrolled);
            draws.push(Draw { person, enrolled: order, tried });
        }
    }
    if draws.len() > protocol.most {
        draws.shuffle(&mut random);
        draws.truncate(protocol.most);
    }
    draws
}

impl Draw {
    /// The genuine and the impostor raw scores.
    fn raw_scores(
        &self,
        scorer: &Scorer,
        probes: &[Vec<Probe>],
        people: &People,
    ) -> (Vec<f32>, Vec<f32>) {
        let own = &probes[self.person];
        let genuine = self.tried.iter().map(|&i| scorer.raw_score(&own[i]) as f32).collect();
        let strangers = people.strangers_of(self.person).flat_map(|(at, _)| &probes[at]);
        let impostor = strangers.map(|probe| scorer.raw_score(probe) as f32);
        (genuine, impostor.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::toy_population;
    use crate::eval::people::tests::made_up;

    #[test]
    fn every_photo_is_tried_on_the_right_side() {
        let people = made_up(20, 6);
        let population = toy_population(6);
        let run = |threads| {
            Trials::run(&people, &population, Method::Centroid, Protocol::published(3), threads)
        };
        let trials = run(2).unwrap();
        assert_eq!(trials, run(1).unwrap());
        let photos: usize = people.0.iter().map(|p| p.embeddings.len()).sum();
        let enough: Vec<usize> =
            people.0.iter().map(|p| p.embeddings.len()).filter(|n| *n >= 5).collect();
        assert_eq!(trials.people, enough.len());
        assert_eq!(trials.genuine.len(), enough.iter().map(|n| n - 3).sum::<usize>());
        assert_eq!(trials.impostor.len(), enough.iter().map(|n| photos - n).sum::<usize>());
        let own: Vec<(&str, usize)> = trials
            .by_enrolment()
            .map(|(one, _, others)| (one.name.as_str(), others.len()))
            .collect();
        let expected = people.0.iter().filter(|p| p.embeddings.len() >= 5);
        let expected = expected.map(|p| (p.name.as_str(), photos - p.embeddings.len()));
        assert_eq!(own, expected.collect::<Vec<_>>());
        let mean = |scores: &[f32]| scores.iter().sum::<f32>() / scores.len() as f32;
        assert!(mean(&trials.genuine) > mean(&trials.impostor));
    }

    #[test]
    fn enrolments_are_limited_and_repeated_as_asked() {
        let people = made_up(20, 6);
        let protocol = Protocol { repeats: 3, ..Protocol::published(1) };
        let everybody = people.0.iter().filter(|p| p.embeddings.len() >= 3).count();
        assert_eq!(draws(&people, protocol).len(), 3 * everybody);
        assert_eq!(draws(&people, Protocol { most: 7, ..protocol }).len(), 7);
        let more = |enrolments| Protocol::published(1).with_enrolments(&people, enrolments).repeats;
        assert_eq!([0, everybody, everybody + 1, 1_000_000].map(more), [1, 1, 2, MOST_REPEATS]);
    }
}
