//! Measures what harms a decision: photos changed in many ways, copies of photos, swapped faces, the most
//! similar strangers, and a stranger's photo among the enrolled ones.

mod change;
mod copy;
mod cover;
mod frame;
mod light;
mod shape;
mod slipped;
mod strangers;
mod swap;
mod trials;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Serialize;

use super::{Parts, People, Person};
use crate::decision::{Decision, Method, Population, threshold_for};
use crate::error::{Error, Result};
use crate::model::Embedding;
use crate::pack::Pack;
use crate::pipeline::Settings;

pub use slipped::Slipped;
pub use strangers::LookAlike;
pub use trials::Changed;

/// Photos enrolled of each person.
const ENROLLED: usize = 5;
/// The most other photos tried of each person.
const TRIED: usize = 2;
/// The false accept rate that the threshold is set for.
const FAR: f64 = 1e-4;

/// What is measured.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The method.
    pub method: Method,
    /// The most people to enrol.
    pub people: usize,
    /// The seed for the choice of people and photos, and for everything random in a change.
    pub seed: u64,
}

/// What was done to a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The person's photo was made worse: accepting it is right.
    Distorted,
    /// A copy is before the camera instead of the person: accepting it is wrong, and nothing in the program prevents
    /// it.
    Copy,
    /// Two people's faces were mixed.
    Swap,
}

/// A row of one of the tables.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "table", rename_all = "kebab-case")]
pub enum Row {
    /// Changed photos of the enrolled people.
    Changed(Changed),
    /// The most alike strangers.
    LookAlike(LookAlike),
    /// A stranger's photo among the enrolled ones.
    Slipped(Slipped),
}

/// A person enrolled with a few photos, and the other photos to try.
struct Enrolled<'a> {
    part: usize,
    number: usize,
    person: &'a Person,
    decision: Decision,
    tried: Vec<usize>,
}

/// Measure everything, and call `take` with each row as soon as it is known. `progress` is called with the numbers of
/// photos done and of all photos.
///
/// # Errors
/// If nobody has enough photos ([`Error::Value`]) or the models do not load, and the first error of `take`.
pub fn stress(
    parts: &Parts,
    pack: &Pack,
    settings: &Settings,
    plan: &Plan,
    progress: impl FnMut(usize, usize),
    mut take: impl FnMut(Row) -> Result<()>,
) -> Result<()> {
    let enrolled = enrolled(parts, plan)?;
    for changed in trials::run(parts, &enrolled, pack, settings, plan, progress)? {
        take(Row::Changed(changed))?;
    }
    take(Row::LookAlike(strangers::search(parts, &enrolled)))?;
    slipped::run(parts, pack, settings, plan, |slipped| take(Row::Slipped(slipped)))
}

/// Enrol as many people with enough photos as planned.
fn enrolled<'a>(parts: &'a Parts, plan: &Plan) -> Result<Vec<Enrolled<'a>>> {
    let enough = drawn(parts, ENROLLED + 1, plan);
    if enough.is_empty() {
        let problem = format!("nobody has {} photos with a face", ENROLLED + 1);
        return Err(Error::value("--people", problem));
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(plan.seed);
    let enrol = |(part, number): (usize, usize)| {
        let (population, People(people)) = &parts[part];
        let person = &people[number];
        let mut order: Vec<usize> = (0..person.embeddings.len()).collect();
        order.shuffle(&mut random);
        let tried = order.iter().skip(ENROLLED).take(TRIED).copied().collect();
        let faces: Vec<Embedding> =
            order[..ENROLLED].iter().map(|&i| person.enrolling[i].clone()).collect();
        let decision = decision(population, plan.method, &faces)?;
        Ok(Enrolled { part, number, person, decision, tried })
    };
    enough.into_iter().map(enrol).collect()
}

/// People with at least `photos` photos, at most as many as planned: their part and number.
fn drawn(parts: &Parts, photos: usize, plan: &Plan) -> Vec<(usize, usize)> {
    let of_part = |(part, (_, people)): (usize, &(Population, People))| {
        let enough = people.0.iter().enumerate().filter(|(_, p)| p.embeddings.len() >= photos);
        enough.map(|(number, _)| (part, number)).collect::<Vec<_>>()
    };
    let mut people: Vec<_> = parts.iter().enumerate().flat_map(of_part).collect();
    people.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(plan.seed));
    people.truncate(plan.people);
    people
}

/// The decision of an enrolment of these faces at the default threshold.
fn decision(population: &Population, method: Method, faces: &[Embedding]) -> Result<Decision> {
    Decision::fit(method, population, faces, &[], &[], threshold_for(FAR))
}

/// `some` as a share of `all`; 0 if `all` is 0.
fn share(some: usize, all: usize) -> f64 {
    some as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::toy_population;
    use crate::eval::people::tests::made_up;

    #[test]
    fn nobody_is_tried_with_a_photo_that_is_enrolled() {
        let parts = vec![(toy_population(6), made_up(40, 6))];
        let plan = Plan { method: Method::Plda, people: 9, seed: 1 };
        let enrolled = enrolled(&parts, &plan).unwrap();
        assert_eq!(enrolled.len(), 9);
        for one in &enrolled {
            assert!((1..=TRIED).contains(&one.tried.len()));
            assert!(one.tried.iter().all(|&i| i < one.person.embeddings.len()));
        }
        let many = Plan { people: 1000, ..plan };
        assert_eq!(drawn(&parts, 6, &many).len(), 20, "half of them have six photos or more");
        assert!(drawn(&parts, 10, &many).is_empty());
    }

    #[test]
    fn the_most_alike_stranger_is_somebody_else() {
        let parts = vec![(toy_population(6), made_up(60, 6))];
        let plan = Plan { method: Method::Plda, people: 20, seed: 1 };
        let found = strangers::search(&parts, &enrolled(&parts, &plan).unwrap());
        assert_eq!(found.people, 20);
        assert!(found.median <= found.ninth && found.ninth <= found.most);
        assert!((0.0..=1.0).contains(&found.accepted));
    }
}
