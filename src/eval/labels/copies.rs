//! Finds pictures that are in two people's folders.

use ndarray::{ArrayView2, Axis};

use super::{Finding, belongs, kept};
use crate::eval::People;

/// At this cosine or above, two photos are the same picture: no embedder finds two people so similar.
const SAME_PICTURE: f32 = 0.99;

/// The people without the second copy of each picture that two of them have.
pub(super) fn without(people: &People) -> (People, Vec<Finding>) {
    let mut left_out: Vec<(usize, usize)> = Vec::new();
    let mut findings = Vec::new();
    for (pair, cosine) in copies(people) {
        if pair.iter().any(|photo| left_out.contains(photo)) {
            continue;
        }
        let [first, second] = pair.map(|(person, photo)| belongs(&people.0[person], photo));
        let [stays, copy] = if second > first { [pair[1], pair[0]] } else { pair };
        let path = |(person, photo): (usize, usize)| people.0[person].photos[photo].clone();
        findings.push(Finding::SamePicture { left_out: path(copy), stays: path(stays), cosine });
        left_out.push(copy);
    }
    (kept(people, |person, photo| !left_out.contains(&(person, photo))), findings)
}

/// Pairs of photos of two people that are the same picture, with their cosine. Each photo is
/// given as a person's number and a photo's number.
fn copies(people: &People) -> Vec<([(usize, usize); 2], f64)> {
    let owners: Vec<(usize, usize)> = (0..people.0.len())
        .flat_map(|person| (0..people.0[person].embeddings.len()).map(move |photo| (person, photo)))
        .collect();
    let numbers: Vec<f32> = people.0.iter().flat_map(|p| p.embeddings.concat()).collect();
    let dimensions = numbers.len() / owners.len().max(1);
    let Ok(all) = ArrayView2::from_shape((owners.len(), dimensions), &numbers) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut before = 0;
    for (person, photos) in people.0.iter().map(|p| p.embeddings.len()).enumerate() {
        let (own, later) = all.split_at(Axis(0), before + photos);
        let (_, own) = own.split_at(Axis(0), before);
        before += photos;
        for ((photo, other), cosine) in own.dot(&later.t()).indexed_iter() {
            if *cosine >= SAME_PICTURE {
                found.push(([(person, photo), owners[before + other]], f64::from(*cosine)));
            }
        }
    }
    found
}
