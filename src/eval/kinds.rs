//! Finds the kinds of people in a population: groups of similar people, by k-means over each person's mean embedding.
//! Only the means of whole groups are kept.

use ndarray::{Array1, Array2, ArrayView1, Axis};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::decision::{Kinds, template};

/// The number of kinds to find. With fewer, a crowded kind is not separated from its neighbours; with more, nothing
/// improves (16 to 100 were tried).
const MOST_KINDS: usize = 32;
/// The fewest people in a kind, so that it reveals nothing about any one of them.
const LEAST_PEOPLE: usize = 10;
/// Rounds of k-means; more do not change the result noticeably.
const ROUNDS: usize = 30;
/// How often k-means starts again from other people; the tightest groups win. A single start easily misses a small
/// group of very similar people.
const STARTS: usize = 10;
/// The seed of the people that k-means starts from.
const SEED: u64 = 16;
/// The share of people whose cosine to their nearest kind is below the limit for a familiar kind.
const RARE: f64 = 0.05;

/// The kinds of `people`, each with one or more embeddings; none if there are fewer than twenty people.
pub(super) fn find_kinds(people: &[Vec<&[f32]>]) -> Kinds {
    let people: Vec<_> = people.iter().filter(|photos| !photos.is_empty()).collect();
    let dimensions = people.first().map_or(0, |photos| photos[0].len());
    if people.len() < 2 * LEAST_PEOPLE {
        return Kinds::none(dimensions);
    }
    let mut templates = Array2::zeros((people.len(), dimensions));
    let mut means = Array2::zeros((people.len(), dimensions));
    for ((photos, mut template_row), mut mean) in
        people.iter().zip(templates.rows_mut()).zip(means.rows_mut())
    {
        template_row.assign(&template(photos));
        for photo in photos.iter() {
            mean.zip_mut_with(&ArrayView1::from(*photo), |sum, x| *sum += f64::from(*x));
        }
        mean /= photos.len() as f64;
    }
    let groups = grouped(&templates);
    let everybody = mean_of(&means, 0..people.len());
    let rows: Vec<f64> = groups
        .iter()
        .flat_map(|group| mean_of(&means, group.iter().copied()) - &everybody)
        .collect();
    let Ok(rows) = Array2::from_shape_vec((groups.len(), dimensions), rows) else {
        return Kinds::none(dimensions);
    };
    let mut kinds = Kinds { means: rows.into_shared(), ..Kinds::none(dimensions) };
    let sorted = |of: &dyn Fn(&Array1<f64>) -> f64| {
        let mut values: Vec<f64> =
            templates.rows().into_iter().map(|t| of(&t.to_owned())).collect();
        values.sort_by(f64::total_cmp);
        move |share: f64| values[((values.len() - 1) as f64 * share).round() as usize]
    };
    let nearness = sorted(&|template| kinds.nearness(template));
    let likeness = sorted(&|template| kinds.likeness(template, everybody.view()));
    let typical = nearness(0.5);
    let spread = (nearness(0.75) - typical).max(f64::EPSILON);
    kinds = Kinds { typical, spread, familiar: likeness(RARE), ..kinds };
    kinds
}

/// The mean of some rows.
fn mean_of(rows: &Array2<f64>, which: impl ExactSizeIterator<Item = usize>) -> Array1<f64> {
    let count = which.len() as f64;
    let sum = which.fold(Array1::zeros(rows.ncols()), |sum: Array1<f64>, at| sum + rows.row(at));
    sum / count
}

/// Groups of similar rows of length 1, each of [`LEAST_PEOPLE`] or more: k-means by the cosine, then the smallest
/// group is dissolved until none is too small.
fn grouped(templates: &Array2<f64>) -> Vec<Vec<usize>> {
    let wanted = MOST_KINDS.min(templates.nrows() / (2 * LEAST_PEOPLE));
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let starts = (0..STARTS).map(|_| settled(templates, begin(templates, wanted, &mut random)));
    let best = starts.max_by(|(a, _), (b, _)| a.total_cmp(b));
    let Some((_, mut centres)) = best else { return Vec::new() };
    loop {
        let groups = nearest(templates, &centres);
        let smallest = (0..groups.len()).min_by_key(|&at| groups[at].len());
        match smallest {
            Some(at) if groups[at].len() < LEAST_PEOPLE => {
                let rest: Vec<usize> = (0..groups.len()).filter(|other| *other != at).collect();
                centres = centres.select(Axis(0), &rest);
            }
            _ => return groups,
        }
    }
}

/// The rows to start from: the less similar a row is to those already drawn, the likelier it is drawn (k-means++).
fn begin(templates: &Array2<f64>, wanted: usize, random: &mut Xoshiro256PlusPlus) -> Array2<f64> {
    let mut chosen = vec![random.random_range(0..templates.nrows())];
    let mut distances = vec![f64::INFINITY; templates.nrows()];
    while chosen.len() < wanted {
        let cosines = templates.dot(&templates.row(chosen[chosen.len() - 1]));
        for (distance, cosine) in distances.iter_mut().zip(&cosines) {
            *distance = distance.min((1.0 - cosine).max(0.0));
        }
        let mut left = random.random_range(0.0..1.0) * distances.iter().sum::<f64>();
        let drawn = distances.iter().position(|distance| {
            left -= distance;
            left < 0.0
        });
        chosen.push(drawn.unwrap_or(0));
    }
    templates.select(Axis(0), &chosen)
}

/// The centres that k-means converges to, and how tight their groups are: the sum of all cosines.
fn settled(templates: &Array2<f64>, mut centres: Array2<f64>) -> (f64, Array2<f64>) {
    for _ in 0..ROUNDS {
        let groups = nearest(templates, &centres);
        for (mut centre, group) in centres.rows_mut().into_iter().zip(&groups) {
            // A centre without people stays for now; it is dissolved later.
            if !group.is_empty() {
                let mean = mean_of(templates, group.iter().copied());
                centre.assign(&(&mean / mean.dot(&mean).sqrt().max(f64::MIN_POSITIVE)));
            }
        }
    }
    let cosines = templates.dot(&centres.t());
    let best = |row: ArrayView1<f64>| row.fold(f64::NEG_INFINITY, |most, &cosine| most.max(cosine));
    (cosines.rows().into_iter().map(best).sum(), centres)
}

/// For each of `centres`, the rows of `templates` nearest to it.
fn nearest(templates: &Array2<f64>, centres: &Array2<f64>) -> Vec<Vec<usize>> {
    let mut groups = vec![Vec::new(); centres.nrows()];
    for (at, cosines) in templates.dot(&centres.t()).rows().into_iter().enumerate() {
        let best = (0..cosines.len()).max_by(|&a, &b| cosines[a].total_cmp(&cosines[b]));
        if let Some(best) = best {
            groups[best].push(at);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::toy_population;

    /// People drawn from a population; the last `alike` of them share a direction.
    fn people(count: usize, alike: usize) -> Vec<Vec<Vec<f32>>> {
        let population = toy_population(16);
        let shared = population.strangers(1, 99).remove(0);
        let strangers = population.strangers(count, 5);
        let mix = |at: usize, own: &Vec<f32>| {
            let part = if at + alike < count { 0.0 } else { 1.5 };
            let mixed: Vec<f32> = own.iter().zip(&shared).map(|(a, b)| a + part * b).collect();
            vec![crate::model::unit(&mixed)]
        };
        strangers.iter().enumerate().map(|(at, own)| mix(at, own)).collect()
    }

    fn borrowed(people: &[Vec<Vec<f32>>]) -> Vec<Vec<&[f32]>> {
        people.iter().map(|photos| photos.iter().map(Vec::as_slice).collect()).collect()
    }

    #[test]
    fn people_of_a_kind_that_is_alike_are_crowded() {
        let people = people(600, 60);
        let kinds = find_kinds(&borrowed(&people));
        assert_eq!(kinds, find_kinds(&borrowed(&people)), "repeatable");
        let mean = |people: &[Vec<Vec<f32>>]| {
            people.iter().map(|p| kinds.crowding(p)).sum::<f64>() / people.len() as f64
        };
        let (ordinary, alike) = (mean(&people[..540]), mean(&people[540..]));
        assert!(alike > ordinary + 0.5, "{alike} {ordinary}");
    }

    #[test]
    fn no_kind_is_of_fewer_than_ten_people_and_everybody_has_one() {
        let people = people(130, 7);
        let templates: Vec<f64> = people.iter().flat_map(|p| template(p).into_iter()).collect();
        let groups = grouped(&Array2::from_shape_vec((130, 16), templates).unwrap());
        assert!(groups.len() > 1 && groups.iter().all(|group| group.len() >= LEAST_PEOPLE));
        let mut all: Vec<usize> = groups.concat();
        all.sort_unstable();
        assert_eq!(all, (0..130).collect::<Vec<_>>());
        assert!(find_kinds(&borrowed(&people[..19])).means.is_empty());
    }
}
