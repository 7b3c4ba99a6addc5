//! Measures identification with galleries of several sizes: other photos of enrolled people must get the right name,
//! photos of strangers none (ISO/IEC 19795-1: false negative and false positive identification rate).

use std::collections::BTreeMap;

use ndarray::ArrayView2;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Serialize;

use super::{People, RATES};
use crate::decision::{Decision, Method, Population, threshold_among, threshold_for};
use crate::error::{Error, Result};
use crate::identify::Gallery;
use crate::pipeline::in_order;

/// The false accept rates measured: at 1e-5 too few strangers are left to count.
const ASKED: usize = 3;
/// How many people all galleries of one size enrol together, if enough galleries can be drawn.
const ENROLLED: usize = 1000;
/// The most galleries of one size.
const MOST_DRAWS: usize = 200;
/// The most photos tried of one person, so that people with hundreds do not dominate.
const MOST_PROBES: usize = 10;
/// How many faces are compared with a gallery at a time.
const BLOCK: usize = 512;
const SEED: u64 = 18;

/// The results for galleries of one size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Identification {
    /// People in a gallery.
    pub gallery: usize,
    /// Photos enrolled of each person.
    pub enrolled: usize,
    /// Galleries that were drawn.
    pub draws: usize,
    /// Photos tried of people in the gallery.
    pub mated: usize,
    /// Photos tried of people who are not in the gallery.
    pub nonmated: usize,
    /// The rates at each false accept rate that was set.
    pub rates: BTreeMap<&'static str, Identified>,
}

/// The shares of photos that got a wrong name or none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Identified {
    /// Strangers' photos that got a name: the false positive identification rate.
    pub fpir: f64,
    /// The same with the threshold for a single person, however many are enrolled.
    pub fpir_alone: f64,
    /// Photos of enrolled people that did not get their name: the false negative identification rate.
    pub fnir: f64,
    /// Photos of enrolled people that got somebody else's name; they count in `fnir` too.
    pub misnamed: f64,
}

/// Counts of one or several galleries, for each of [`ASKED`] rates.
#[derive(Debug, Clone, Default)]
struct Counts {
    mated: usize,
    nonmated: usize,
    named: [usize; ASKED],
    named_alone: [usize; ASKED],
    missed: [usize; ASKED],
    misnamed: [usize; ASKED],
}

/// Measure `method` with galleries of `size` people with `enrolled` photos each, as many as possible of whom have
/// more photos. Strangers are all people who are not enrolled and not related to anybody enrolled.
///
/// # Errors
/// [`Error::Value`] if there are too few people for the gallery and one stranger, or if the method cannot be fitted.
pub fn measure_identification(
    people: &People,
    population: &Population,
    method: Method,
    (size, enrolled): (usize, usize),
    threads: usize,
) -> Result<Identification> {
    let draws = (ENROLLED / size.max(1)).clamp(1, MOST_DRAWS);
    let mut counts = Counts::default();
    let draw = |number: usize| draw(people, size, enrolled, number as u64);
    if draw(0).is_none() {
        let problem = format!(
            "there are fewer than {size} people with {enrolled} photos each, or no strangers besides; give a smaller number"
        );
        return Err(Error::value("--gallery", problem));
    }
    in_order(
        0..draws,
        threads,
        || Ok(()),
        |(), number| draw(*number).map(|drawn| tried(people, population, method, &drawn, enrolled)),
        |_, tried| {
            if let Some(tried) = tried {
                counts.add(&tried?);
            }
            Ok(())
        },
    )?;
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    let rates = RATES.into_iter().take(ASKED).enumerate().map(|(at, (name, _))| {
        let rates = Identified {
            fpir: share(counts.named[at], counts.nonmated),
            fpir_alone: share(counts.named_alone[at], counts.nonmated),
            fnir: share(counts.missed[at], counts.mated),
            misnamed: share(counts.misnamed[at], counts.mated),
        };
        (name, rates)
    });
    let (mated, nonmated) = (counts.mated, counts.nonmated);
    let rates = rates.collect();
    Ok(Identification { gallery: size, enrolled, draws, mated, nonmated, rates })
}

/// The people of one gallery, in the order of their columns; `None` if there are too few.
fn draw(people: &People, size: usize, enrolled: usize, number: u64) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = (0..people.0.len()).collect();
    order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(SEED + number));
    order.retain(|&at| people.0[at].embeddings.len() >= enrolled);
    // A stable sort: those with photos to try come first, in their random order.
    order.sort_by_key(|&at| people.0[at].embeddings.len() == enrolled);
    (order.len() >= size && people.0.len() > size).then(|| order[..size].to_vec())
}

/// Try one gallery.
fn tried(
    people: &People,
    population: &Population,
    method: Method,
    drawn: &[usize],
    enrolled: usize,
) -> Result<Counts> {
    let member = |at: &usize| {
        let person = &people.0[*at];
        let photos = &person.enrolling[..enrolled];
        let decision = Decision::fit(method, population, photos, &[], &[], 0.0)?;
        Ok((person.name.clone(), person.name.clone(), decision))
    };
    let members = drawn.iter().map(member).collect::<Result<Vec<_>>>()?;
    let gallery = Gallery::new(members, population);
    let mut probes: Vec<(Option<usize>, &[f32])> = Vec::new();
    for (at, person) in people.0.iter().enumerate() {
        let column = drawn.iter().position(|other| *other == at);
        let stranger = drawn.iter().all(|other| person.is_stranger(&people.0[*other]));
        let photos = match column {
            Some(_) => person.embeddings.get(enrolled..).unwrap_or_default(),
            None if stranger => &person.embeddings[..],
            None => &[],
        };
        probes.extend(photos.iter().take(MOST_PROBES).map(|photo| (column, photo.as_slice())));
    }
    let mut counts = Counts::default();
    for block in probes.chunks(BLOCK) {
        let numbers: Vec<f32> = block.iter().flat_map(|(_, photo)| photo.iter().copied()).collect();
        let shape = (block.len(), population.mean.len());
        let rows = ArrayView2::from_shape(shape, &numbers)
            .map_err(|e| Error::Numeric { what: "comparing faces", reason: e.to_string() })?;
        let scores = gallery.scores(rows);
        for ((column, _), scores) in block.iter().zip(scores.rows()) {
            counts.count(*column, scores.iter().copied(), drawn.len());
        }
    }
    Ok(counts)
}

impl Counts {
    /// Count one photo, of the member in the column `own` or of a stranger, given its score against each member.
    fn count(&mut self, own: Option<usize>, scores: impl Iterator<Item = f64>, members: usize) {
        let best = scores.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((first, highest)) = best else { return };
        for (at, (_, far)) in RATES.into_iter().take(ASKED).enumerate() {
            let alone = threshold_for(far);
            let passes = highest >= threshold_among(alone, members);
            match own {
                Some(own) => {
                    self.missed[at] += usize::from(!passes || first != own);
                    self.misnamed[at] += usize::from(passes && first != own);
                }
                None => {
                    self.named[at] += usize::from(passes);
                    self.named_alone[at] += usize::from(highest >= alone);
                }
            }
        }
        match own {
            Some(_) => self.mated += 1,
            None => self.nonmated += 1,
        }
    }

    fn add(&mut self, other: &Self) {
        self.mated += other.mated;
        self.nonmated += other.nonmated;
        let sums = [
            (&mut self.named, &other.named),
            (&mut self.named_alone, &other.named_alone),
            (&mut self.missed, &other.missed),
            (&mut self.misnamed, &other.misnamed),
        ];
        for (sum, more) in sums {
            sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::estimate_population;
    use crate::eval::people::tests::made_up;

    #[test]
    fn every_photo_is_counted_once_and_as_what_it_is() {
        let mut counts = Counts::default();
        counts.count(Some(1), [1.0, 5.0].into_iter(), 2);
        counts.count(Some(1), [5.0, 1.0].into_iter(), 2);
        counts.count(Some(0), [1.0, 0.5].into_iter(), 2);
        // Enough at 1e-2 for one person and not for two.
        counts.count(None, [2.1, 0.0].into_iter(), 2);
        assert_eq!((counts.mated, counts.nonmated), (3, 1));
        assert_eq!((counts.missed, counts.misnamed), ([2, 2, 2], [1, 1, 1]));
        assert_eq!((counts.named, counts.named_alone), ([0, 0, 0], [1, 0, 0]));
    }

    #[test]
    fn a_gallery_holds_whom_it_can_and_each_once() {
        let people = made_up(30, 4);
        let drawn = draw(&people, 10, 2, 0).unwrap();
        let mut each = drawn.clone();
        each.sort_unstable();
        each.dedup();
        assert_eq!(each.len(), 10);
        assert_ne!(draw(&people, 10, 2, 1), Some(drawn));
        assert!(draw(&people, 30, 2, 0).is_none(), "no stranger is left");
        assert!(draw(&people, 3, 20, 0).is_none(), "nobody has as many photos");
    }

    /// The rate that was set holds for many people as for one, because the threshold rises.
    #[test]
    fn however_many_are_enrolled_strangers_are_named_as_rarely() {
        let all = made_up(400, 6);
        let (others, people) = all.parts(2).swap_remove(0);
        let method = Method::Centroid;
        let population = estimate_population(&[others], &[method], 2).unwrap();
        for size in [1, 10, 50] {
            let measured =
                measure_identification(&people, &population, method, (size, 2), 2).unwrap();
            let rates = measured.rates["1e-2"];
            assert!(rates.fpir < 0.02, "{size}: {rates:?}");
            assert!(
                rates.fpir_alone > 0.3 * (1.0 - 0.99f64.powi(size as i32)),
                "{size}: {rates:?}"
            );
            assert!(rates.misnamed <= rates.fnir && measured.mated > 0);
        }
        let none = measure_identification(&people, &population, method, (5000, 2), 2);
        assert!(matches!(none, Err(Error::Value { .. })));
    }
}
