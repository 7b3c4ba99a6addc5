//! Whether a look-alike is kept out who was named, and what that costs the person.

use sameface::decision::{Method, Population, cosine};
use sameface::profile::LookAlike;

use crate::data::{Photo, Photos};
use crate::trials::{Probes, Tally, candidates, enrolled, order};

/// Photos given of the look-alike.
const GIVEN: usize = 3;
/// Photos enrolled of a person at most; at least two are left to be tried.
const ENROLLED: usize = 5;

/// Rates before and after the look-alike is named.
#[derive(Default)]
pub struct Outcome {
    pub pairs: usize,
    /// Trials of the person's own photos and of the look-alike's.
    pub doubles: [Tally; 2],
    /// Trials of the person's own photos and of everybody else's.
    pub strangers: [Tally; 2],
}

/// The closest `pairs` of people, no person twice on the first side.
pub fn closest(population: &Population, photos: &Photos, pairs: usize) -> Vec<(usize, usize)> {
    let centre = |photos: &[Photo]| {
        let mut sum = vec![0.0f64; population.psi.len()];
        for photo in photos {
            let point = population.diagonal(photo.embedding());
            sum.iter_mut().zip(&point).for_each(|(sum, x)| *sum += x);
        }
        let length = sum.iter().map(|x| x * x).sum::<f64>().sqrt();
        sum.into_iter().map(|x| (x / length) as f32).collect::<Vec<f32>>()
    };
    let people = &photos.people;
    let centres: Vec<Vec<f32>> = people.iter().map(|(_, photos)| centre(photos)).collect();
    let several = |least: usize| (0..people.len()).filter(move |&i| people[i].1.len() >= least);
    let mut found: Vec<(f64, usize, usize)> = several(ENROLLED + 2)
        .filter_map(|a| {
            several(GIVEN + 1)
                .filter(|&b| b != a)
                .map(|b| (cosine(&centres[a], &centres[b]), a, b))
                .max_by(|x, y| x.0.total_cmp(&y.0))
        })
        .collect();
    found.sort_by(|x, y| y.0.total_cmp(&x.0));
    found.into_iter().take(pairs).map(|(_, a, b)| (a, b)).collect()
}

pub fn measure(
    outcome: &mut Outcome,
    far: f64,
    population: &Population,
    photos: &Photos,
    pairs: usize,
) {
    let probes = Probes::of(population, photos);
    for (a, b) in closest(population, photos, pairs) {
        let (own, other) = (&photos.people[a].1, &photos.people[b].1);
        let order = order(own.len(), 1_000 + a as u64);
        let folder = candidates(order[..ENROLLED].iter().map(|&i| &own[i]));
        // A person whose photos do not agree is none of this measurement's.
        let Ok(mut profile) = enrolled(population, folder, far) else { continue };
        outcome.pairs += 1;
        let given: Vec<Vec<f32>> =
            other[..GIVEN].iter().map(|photo| photo.embedding().to_vec()).collect();
        for after in [0, 1] {
            if after == 1 {
                let embeddings = given.clone();
                profile.look_alikes = vec![LookAlike { name: "double".into(), embeddings }];
            }
            let decision = profile.decision_by(Method::DEFAULT, population).unwrap();
            let tried = || order[ENROLLED..].iter().map(|&i| &probes.0[a][i]);
            outcome.doubles[after].add(&decision, tried(), probes.0[b][GIVEN..].iter());
            let others = probes.0.iter().enumerate().filter(|(i, _)| *i != a && *i != b);
            outcome.strangers[after].add(&decision, tried(), others.flat_map(|(_, p)| p));
        }
    }
}
