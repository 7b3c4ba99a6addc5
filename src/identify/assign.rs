//! Assigns people to the faces of a photo, if several faces match one person or one face several people.

use ndarray::Array2;
use pathfinding::matrix::Matrix;
use pathfinding::prelude::kuhn_munkres;

use super::gallery::Gallery;

/// Steps per unit of score, because the assignment is computed in whole numbers.
const STEPS: f64 = 1e6;
/// The gain of a face assigned to a person it does not match: worse than leaving all faces without a name.
const NEVER: i64 = -1_000_000_000_000;

/// The member that each face is assigned to, by its `scores` (a row of scores for each face, a column for
/// each member): nobody twice, nobody below their threshold, and the sum by which scores exceed the thresholds
/// is maximal (the assignment problem, solved by Kuhn–Munkres).
pub(super) fn assign(gallery: &Gallery, scores: &Array2<f64>) -> Vec<Option<usize>> {
    let faces = scores.nrows();
    let margin = |face: usize, at: usize| {
        let margin = scores[[face, at]] - gallery.members[at].decision.threshold;
        (margin >= 0.0).then_some(margin)
    };
    let passed = |at: &usize| (0..faces).any(|face| margin(face, *at).is_some());
    let members: Vec<usize> = (0..gallery.members.len()).filter(passed).collect();
    if members.is_empty() {
        return vec![None; faces];
    }
    // After the people's columns, each face has a column that leaves it without a name.
    let gain = |(face, column): (usize, usize)| match members.get(column) {
        Some(at) => margin(face, *at).map_or(NEVER, |margin| 1 + (margin * STEPS).round() as i64),
        None => 0,
    };
    let gains = Matrix::from_fn(faces, members.len() + faces, gain);
    let (_, columns) = kuhn_munkres(&gains);
    columns.into_iter().map(|column| members.get(column).copied()).collect()
}
