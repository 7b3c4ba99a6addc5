//! Finds copies: the same file twice, or the same picture in another size or quality.
//!
//! Two photos of one sitting are not copies: they show another expression and angle. Their embeddings can be as
//! similar as those of a photo and its re-encoded half (a cosine of 0.98 to 0.99), but their landmarks differ;
//! see docs/accuracy-enrolment.md.

use std::collections::HashMap;
use std::path::PathBuf;

use super::Candidate;
use crate::decision::cosine;
use crate::face::{Face, Point};
use crate::pack::DuplicateLimits;
use crate::pipeline::AnalysedFace;

/// The landmarks of a mirrored face, in the order of one that is not.
const MIRRORED: [usize; 5] = [1, 0, 2, 4, 3];

/// For every photo, the earlier photo that it is a copy of, if any.
pub(super) fn find(photos: &[Candidate], limits: DuplicateLimits) -> Vec<Option<PathBuf>> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut firsts: Vec<usize> = Vec::new();
    let mut repeats = Vec::with_capacity(photos.len());
    for (i, photo) in photos.iter().enumerate() {
        let same_file =
            seen.get(photo.sha256.as_str()).copied().filter(|_| !photo.sha256.is_empty());
        let earlier = same_file.or_else(|| {
            firsts.iter().copied().find(|&first| same_picture(&photos[first], photo, limits))
        });
        if earlier.is_none() {
            firsts.push(i);
            seen.insert(&photo.sha256, i);
        }
        repeats.push(earlier.map(|first| photos[first].path.clone()));
    }
    repeats
}

/// Whether two photos show the same faces and no others. Of a photo from an earlier enrolment only one face is
/// known, so only that one is compared.
fn same_picture(one: &Candidate, other: &Candidate, limits: DuplicateLimits) -> bool {
    let (Ok(a), Ok(b)) = (&one.faces, &other.faces) else { return false };
    let same_count = a.len() + one.bystanders == b.len() + other.bystanders;
    let (fewer, more) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    same_count
        && !fewer.is_empty()
        && fewer.iter().all(|face| more.iter().any(|like| same_face(face, like, limits)))
}

/// Whether two faces are the same picture of a face, possibly mirrored.
fn same_face(a: &AnalysedFace, b: &AnalysedFace, limits: DuplicateLimits) -> bool {
    if cosine(&a.embedding, &b.embedding) < limits.same_look {
        return false;
    }
    let (shape, other) = (shape(&a.face), shape(&b.face));
    let mirrored = MIRRORED.map(|at| Point { x: -other[at].x, ..other[at] });
    distance(&shape, &other).min(distance(&shape, &mirrored)) <= limits.same_shape
}

/// The landmarks normalised for position and size: their middle at (0, 0), the squares of their distances from
/// it summing to 1. The face's rotation in the plane stays part of its shape.
fn shape(face: &Face) -> [Point; 5] {
    let middle = |of: fn(&Point) -> f32| face.landmarks.iter().map(of).sum::<f32>() / 5.0;
    let (x, y) = (middle(|p| p.x), middle(|p| p.y));
    let centred = face.landmarks.map(|p| Point { x: p.x - x, y: p.y - y });
    let size = centred.iter().map(|p| p.x * p.x + p.y * p.y).sum::<f32>().sqrt();
    centred.map(|p| Point { x: p.x / size, y: p.y / size })
}

/// The root of the summed squared distances between two shapes' points.
fn distance(a: &[Point; 5], b: &[Point; 5]) -> f32 {
    let squares = a.iter().zip(b).map(|(p, q)| (p.x - q.x).powi(2) + (p.y - q.y).powi(2));
    squares.sum::<f32>().sqrt()
}
