//! Measures relatives as impostors: how often they are accepted as the person, and how often if other photos of them
//! were given to keep them apart.

use std::collections::BTreeMap;

use serde::Serialize;

use super::trials::{Draw, draws};
use super::{People, Person, Protocol};
use crate::decision::{Decision, Method, Population, threshold_for};
use crate::error::Result;
use crate::model::Embedding;
use crate::pipeline::in_order;

/// The false accept rate that the threshold is set for.
pub const ASKED: f64 = 1e-3;

/// The results for one kinship with one number of enrolled photos.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kin {
    /// What the relatives are to the enrolled person, such as `parent`.
    pub kinship: String,
    /// Photos enrolled of each person.
    pub enrolled: usize,
    /// Pairs of people.
    pub pairs: usize,
    /// Photos of relatives tried: half of each relative's.
    pub photos: usize,
    /// The share of them accepted at the threshold set for 1e-3.
    pub far: f64,
    /// The same if the other half was given to keep the relative apart.
    pub far_kept_apart: f64,
    /// The share of pairs that enrolment would report as look-alikes, if both were enrolled.
    pub noticed: f64,
    /// The share of the person's own photos accepted.
    pub tar: f64,
    /// The same with the relative kept apart.
    pub tar_kept_apart: f64,
}

/// The accepted photos, without and with the relative kept apart, and the number of all photos.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    accepted: [usize; 2],
    photos: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.accepted[0] += other.accepted[0];
        self.accepted[1] += other.accepted[1];
        self.photos += other.photos;
    }

    fn share(self, which: usize) -> f64 {
        self.accepted[which] as f64 / self.photos.max(1) as f64
    }
}

/// The kinship of a stranger: each person is paired with one, to compare relatives with.
const STRANGER: &str = "stranger";

/// One pair.
struct Pair {
    kinship: String,
    /// Counts for the other's photos; `own` has those for the person's.
    theirs: Counts,
    own: Counts,
    /// Whether an enrolled photo of one would match the other.
    noticed: bool,
}

/// All pairs of one kinship.
#[derive(Debug, Clone, Copy, Default)]
struct Pairs {
    pairs: usize,
    theirs: Counts,
    own: Counts,
    noticed: usize,
}

/// A row for each kinship among `people` with `enrolled` photos, sorted by kinship.
///
/// # Errors
/// If the method cannot be fitted.
pub fn measure_relatives(
    people: &People,
    population: &Population,
    method: Method,
    enrolled: usize,
    threads: usize,
) -> Result<Vec<Kin>> {
    let draws = draws(people, Protocol::published(enrolled));
    let mut found: BTreeMap<String, Pairs> = BTreeMap::new();
    in_order(
        &draws,
        threads,
        || Ok(()),
        |(), draw| pairs(people, population, method, draw),
        |_, pairs: Result<Vec<Pair>>| {
            for pair in pairs? {
                let all = found.entry(pair.kinship).or_default();
                all.pairs += 1;
                all.theirs.add(pair.theirs);
                all.own.add(pair.own);
                all.noticed += usize::from(pair.noticed);
            }
            Ok(())
        },
    )?;
    let kin = |(kinship, Pairs { pairs, theirs, own, noticed }): (String, Pairs)| Kin {
        noticed: noticed as f64 / pairs.max(1) as f64,
        kinship,
        enrolled,
        pairs,
        photos: theirs.photos,
        far: theirs.share(0),
        far_kept_apart: theirs.share(1),
        tar: own.share(0),
        tar_kept_apart: own.share(1),
    };
    Ok(found.into_iter().map(kin).collect())
}

/// The pairs of one enrolled person with each relative who has two photos or more, and with one stranger.
fn pairs(
    people: &People,
    population: &Population,
    method: Method,
    draw: &Draw,
) -> Result<Vec<Pair>> {
    let person = &people.0[draw.person];
    let enrolled: Vec<_> = draw.enrolled.iter().map(|&i| person.enrolling[i].clone()).collect();
    let own: Vec<&Embedding> = draw.tried.iter().map(|&i| &person.embeddings[i]).collect();
    let enough = |other: &&Person| other.embeddings.len() >= 2;
    let after = people.0[draw.person + 1..].iter().chain(&people.0[..draw.person]);
    let stranger = after.filter(enough).find(|other| person.is_stranger(other));
    let related = people.0.iter().filter(enough);
    let related =
        related.filter_map(|other| Some((other, person.relatives.get(&other.name)?.as_str())));
    let mut pairs = Vec::new();
    for (other, kinship) in related.chain(stranger.map(|other| (other, STRANGER))) {
        let half = other.embeddings.len() / 2;
        let known = [other.enrolling[..half].to_vec()];
        let tried: Vec<&Embedding> = other.embeddings[half..].iter().collect();
        let (mut theirs, mut of_person) = (Counts::default(), Counts::default());
        let threshold = threshold_for(ASKED);
        let fit = |photos: &[Embedding], apart: &[Vec<Embedding>]| {
            Decision::fit(method, population, photos, &[], apart, threshold)
        };
        for (which, kept_apart) in [&[][..], &known[..]].into_iter().enumerate() {
            let decision = fit(&enrolled, kept_apart)?;
            let accepted = |photos: &[&Embedding]| {
                photos.iter().filter(|face| decision.score(face) >= threshold).count()
            };
            theirs.accepted[which] = accepted(&tried);
            of_person.accepted[which] = accepted(&own);
        }
        (theirs.photos, of_person.photos) = (tried.len(), own.len());
        let passes = |judge: &Decision, photos: &[Embedding]| {
            photos.iter().any(|face| judge.score(face) >= threshold)
        };
        let noticed =
            passes(&fit(&enrolled, &[])?, &known[0]) || passes(&fit(&known[0], &[])?, &enrolled);
        let kinship = kinship.to_owned();
        pairs.push(Pair { kinship, theirs, own: of_person, noticed });
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enroll::tests::{POPULATION, embedding};

    /// Ten photos of a person; the higher `of_first`, the more they resemble person 1.
    fn person(name: &str, who: u64, of_first: f32) -> Person {
        let photo = |seed: u64| {
            let own = embedding(&POPULATION, who, seed);
            let first = embedding(&POPULATION, 1, 50 + seed);
            let mixed: Vec<f32> = own.iter().zip(&first).map(|(a, b)| a + of_first * b).collect();
            crate::model::unit(&mixed)
        };
        let embeddings: Vec<_> = (0..10).map(photo).collect();
        let photos = (0..10).map(|i| format!("{name}/{i}.jpg").into()).collect();
        let enrolling = embeddings.clone();
        Person { name: name.into(), embeddings, enrolling, photos, ..Person::default() }
    }

    #[test]
    fn a_relative_who_looks_the_same_is_accepted_until_kept_apart() {
        let mut people =
            People(vec![person("Ann", 1, 0.0), person("Bea", 2, 1.5), person("Cy", 3, 0.0)]);
        people.0[0].relatives.insert("Bea".into(), "sibling".into());
        people.0[0].relatives.insert("Nobody".into(), "parent".into());
        let kin = measure_relatives(&people, &POPULATION, Method::Centroid, 3, 2).unwrap();
        let [kin, stranger] = &kin[..] else { panic!("{kin:?}") };
        assert_eq!((stranger.kinship.as_str(), stranger.pairs), (STRANGER, 3));
        assert!(stranger.far < 0.1 && stranger.noticed < 0.7, "{stranger:?}");
        assert_eq!(kin.noticed, 1.0);
        assert_eq!((kin.kinship.as_str(), kin.pairs, kin.enrolled), ("sibling", 1, 3));
        assert_eq!(kin.photos, 5, "half of her photos are given");
        assert!(kin.far > 0.9 && kin.far_kept_apart < 0.3, "{kin:?}");
        assert!(kin.tar > 0.9 && kin.tar_kept_apart > 0.7, "{kin:?}");
    }
}
