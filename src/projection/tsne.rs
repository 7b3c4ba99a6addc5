//! t-SNE: similar faces are placed together; distances between groups mean little.
//!
//! Van der Maaten, Hinton, "Visualizing Data using t-SNE", JMLR 9, 2008. The library's approximation for many points
//! uses a random generator that cannot be seeded, so its exact form is used for a limited number of faces; the others
//! are placed among the ones most like them.

use linfa::traits::Transformer;
use linfa_tsne::TSneParams;
use ndarray::Array2;

use super::Place;
use crate::decision::cosine;
use crate::error::{Error, Result, one_line};

/// The most faces that t-SNE itself places: its time grows with their square.
pub const MOST_FACES: usize = 800;
/// The perplexity: about how many neighbours each face is kept close to.
const PERPLEXITY: f32 = 30.0;
/// Steps of the descent.
const STEPS: usize = 500;
/// The fewest faces that make sense.
const FEWEST: usize = 4;
/// The number of neighbours that decide the place of a face beyond [`MOST_FACES`].
const NEIGHBOURS: usize = 3;

/// The place of each of `faces`. The same faces give the same places.
///
/// # Errors
/// [`Error::Numeric`] for fewer than four faces, or if the descent fails.
pub fn tsne(faces: &[&[f32]]) -> Result<Vec<Place>> {
    let failed = |reason: String| Error::Numeric { what: "t-SNE", reason };
    if faces.len() < FEWEST {
        return Err(failed(format!("it needs at least {FEWEST} faces; use --projection pca")));
    }
    let every = faces.len().div_ceil(MOST_FACES);
    let own: Vec<&[f32]> = faces.iter().step_by(every).copied().collect();
    let numbers: Vec<f32> = own.iter().flat_map(|face| face.iter().copied()).collect();
    let rows = Array2::from_shape_vec((own.len(), own[0].len()), numbers)
        .map_err(|e| failed(e.to_string()))?;
    // The library asks for three times as many other faces.
    let perplexity = PERPLEXITY.min((own.len() - 1) as f32 / 3.0 - 0.01).max(0.5);
    let laid: Array2<f32> = TSneParams::embedding_size(2)
        .perplexity(perplexity)
        .approx_threshold(0.0)
        .max_iter(STEPS)
        .transform(rows)
        .map_err(|e| failed(one_line(&e.to_string())))?;
    let places: Vec<Place> =
        laid.outer_iter().map(|row| [f64::from(row[0]), f64::from(row[1])]).collect();
    if places.iter().flatten().any(|v| !v.is_finite()) {
        return Err(failed("the faces do not differ".into()));
    }
    let place = |(i, face): (usize, &&[f32])| match i % every {
        0 => places[i / every],
        _ => among(face, &own, &places),
    };
    Ok(faces.iter().enumerate().map(place).collect())
}

/// The weighted mean of the places of the faces most like `face`.
fn among(face: &[f32], own: &[&[f32]], places: &[Place]) -> Place {
    let mut nearest = [(f64::NEG_INFINITY, 0); NEIGHBOURS];
    for (i, other) in own.iter().enumerate() {
        let alike = cosine(face, other);
        if alike > nearest[NEIGHBOURS - 1].0 {
            nearest[NEIGHBOURS - 1] = (alike, i);
            nearest.sort_by(|a, b| b.0.total_cmp(&a.0));
        }
    }
    let weights = nearest.map(|(alike, _)| 1.0 / (1.0 - alike).max(1e-6));
    let total: f64 = weights.iter().sum();
    [0, 1].map(|axis| {
        nearest.iter().zip(weights).map(|((_, i), w)| w * places[*i][axis]).sum::<f64>() / total
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::toy_population;

    /// Two people, `count` photos of each in turn.
    fn faces(count: usize) -> Vec<Vec<f32>> {
        let population = toy_population(16);
        let people = population.strangers(2, 5).map_points(&population);
        let noise = population.strangers(2 * count, 6);
        noise
            .iter()
            .enumerate()
            .map(|(i, n)| {
                let point = &people[i % 2] + &(population.diagonal(n) * 0.2);
                population.embedding(point.view())
            })
            .collect()
    }

    trait Points {
        fn map_points(self, population: &crate::decision::Population) -> Vec<ndarray::Array1<f64>>;
    }

    impl Points for Vec<Vec<f32>> {
        fn map_points(self, population: &crate::decision::Population) -> Vec<ndarray::Array1<f64>> {
            self.iter().map(|face| population.diagonal(face) * 3.0).collect()
        }
    }

    fn apart(places: &[Place]) -> bool {
        let mean = |person: usize| {
            let own: Vec<&Place> = places.iter().skip(person).step_by(2).collect();
            [0, 1].map(|i| own.iter().map(|p| p[i]).sum::<f64>() / own.len() as f64)
        };
        let means = [mean(0), mean(1)];
        let distance = |a: &Place, b: &Place| (a[0] - b[0]).hypot(a[1] - b[1]);
        places
            .iter()
            .enumerate()
            .all(|(i, place)| distance(place, &means[i % 2]) < distance(place, &means[1 - i % 2]))
    }

    #[test]
    fn people_land_apart_and_every_time_the_same() {
        let faces = faces(60);
        let rows: Vec<&[f32]> = faces.iter().map(Vec::as_slice).collect();
        let places = tsne(&rows).unwrap();
        assert!(apart(&places), "{places:?}");
        assert_eq!(places, tsne(&rows).unwrap());
        assert!(tsne(&rows[..3]).is_err());
        assert_eq!(tsne(&rows[..4]).unwrap().len(), 4);
    }

    #[test]
    fn a_face_without_a_place_of_its_own_lands_beside_the_ones_like_it() {
        let own: [&[f32]; 4] = [&[1.0, 0.0], &[0.99, 0.14], &[0.0, 1.0], &[-1.0, 0.0]];
        let places = [[0.0, 0.0], [1.0, 0.0], [50.0, 50.0], [90.0, 0.0]];
        let [x, y] = among(&[0.995, 0.0998], &own, &places);
        assert!((0.0..3.0).contains(&x) && (0.0..3.0).contains(&y), "{x} {y}");
    }
}
