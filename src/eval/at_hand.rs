//! Trials of a threshold learned from local strangers: the library is the unlabelled photos of half of the other
//! people and half of the person's own; the remaining photos are the trials.

use std::collections::HashSet;

use ndarray::Array2;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::trials::{Draw, Enrolment, draws};
use super::{People, Person, Protocol, Trials};
use crate::decision::{Decision, Method, Population, Strangers};
use crate::error::Result;
use crate::model::Embedding;
use crate::pipeline::in_order;

/// The seed that decides whose photos are in the library.
const SEED: u64 = 404;

/// The trials of `method` over `people`, scored with a threshold from the local strangers.
///
/// # Errors
/// If the method cannot be fitted.
pub(super) fn trials_at_hand(
    people: &People,
    population: &Population,
    method: Method,
    protocol: Protocol,
    threads: usize,
) -> Result<Trials> {
    let draws: Vec<(usize, Draw)> = draws(people, protocol).into_iter().enumerate().collect();
    let people_enrolled: HashSet<usize> = draws.iter().map(|(_, draw)| draw.person).collect();
    let mut trials = Trials { people: people_enrolled.len(), ..Trials::default() };
    in_order(
        &draws,
        threads,
        || Ok(()),
        |(), (number, draw)| tried(people, population, method, draw, SEED + *number as u64),
        |(_, draw), scored: Result<_>| {
            let (genuine, impostor): (Vec<f32>, Vec<f32>) = scored?;
            trials.enrolments.push(Enrolment {
                name: people.0[draw.person].name.clone(),
                genuine: genuine.len(),
                impostors: impostor.len(),
                crowding: 0.0,
            });
            trials.genuine.extend(genuine);
            trials.impostor.extend(impostor);
            Ok(())
        },
    )?;
    Ok(trials)
}

/// The scores of one enrolment's genuine and impostor trials.
fn tried(
    people: &People,
    population: &Population,
    method: Method,
    draw: &Draw,
    seed: u64,
) -> Result<(Vec<f32>, Vec<f32>)> {
    let person = &people.0[draw.person];
    let enrolled: Vec<_> = draw.enrolled.iter().map(|&i| person.enrolling[i].clone()).collect();
    let decision = Decision::fit(method, population, &enrolled, &[], &[], f64::INFINITY)?;
    let mut others: Vec<&Person> = people.0.iter().filter(|o| person.is_stranger(o)).collect();
    others.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    let (at_hand, strangers) = others.split_at(others.len().div_ceil(2));
    let (own_at_hand, own) = draw.tried.split_at(draw.tried.len() / 2);
    let own_at_hand = own_at_hand.iter().map(|&i| &person.embeddings[i]);
    let library = at_hand.iter().flat_map(|other| &other.embeddings).chain(own_at_hand);
    let learnt = Strangers::learn(&decision, rows(library).view());
    let judge = |face: &Embedding| {
        let score = decision.score(face);
        learnt.as_ref().map_or(score, |learnt| learnt.among(score)) as f32
    };
    let genuine = own.iter().map(|&i| judge(&person.embeddings[i])).collect();
    let impostor = strangers.iter().flat_map(|other| &other.embeddings).map(judge).collect();
    Ok((genuine, impostor))
}

/// Embeddings as rows.
fn rows<'a>(embeddings: impl Iterator<Item = &'a Embedding>) -> Array2<f32> {
    let embeddings: Vec<&Embedding> = embeddings.collect();
    let dimensions = embeddings.first().map_or(0, |e| e.len());
    Array2::from_shape_fn((embeddings.len(), dimensions), |(row, at)| embeddings[row][at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::toy_population;
    use crate::eval::people::tests::made_up;

    #[test]
    fn half_of_the_others_are_tried_and_the_same_ones_every_time() {
        let people = made_up(60, 8);
        let population = toy_population(8);
        let run = |threads| {
            let protocol = Protocol::published(3);
            trials_at_hand(&people, &population, Method::Centroid, protocol, threads).unwrap()
        };
        let trials = run(2);
        assert_eq!(trials, run(1));
        let all =
            Trials::run(&people, &population, Method::Centroid, Protocol::published(3), 2).unwrap();
        assert_eq!(trials.people, all.people);
        for (half, whole) in trials.enrolments.iter().zip(&all.enrolments) {
            assert!(half.name == whole.name && half.genuine == whole.genuine.div_ceil(2));
            assert!(half.impostors > whole.impostors / 3 && half.impostors < whole.impostors);
        }
    }
}
