//! Finds the most similar stranger for each enrolled person.

use serde::Serialize;

use super::{Enrolled, share};
use crate::eval::Parts;

/// The scores of each enrolled person's most similar stranger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LookAlike {
    /// People enrolled.
    pub people: usize,
    /// Photos of strangers that each was compared with, on average.
    pub strangers: usize,
    /// The share of people whose profile accepts a stranger.
    pub accepted: f64,
    /// The median over people of the most similar stranger's score.
    pub median: f64,
    /// The score that nine of ten of them do not exceed.
    pub ninth: f64,
    /// The highest score of all.
    pub most: f64,
}

pub(super) fn search(parts: &Parts, enrolled: &[Enrolled]) -> LookAlike {
    let (mut tops, mut compared) = (Vec::new(), 0);
    for one in enrolled {
        let mut top = f64::NEG_INFINITY;
        for (_, score) in others(parts, one) {
            top = top.max(score);
            compared += 1;
        }
        tops.push(top);
    }
    tops.sort_by(f64::total_cmp);
    let at = |part: f64| tops[((tops.len() - 1) as f64 * part).round() as usize];
    let threshold = enrolled[0].decision.threshold;
    LookAlike {
        people: enrolled.len(),
        strangers: compared / enrolled.len(),
        accepted: share(tops.iter().filter(|top| **top >= threshold).count(), tops.len()),
        median: at(0.5),
        ninth: at(0.9),
        most: at(1.0),
    }
}

/// Every photo of the other people in the same part: the person's number, and its score.
fn others<'a>(parts: &'a Parts, one: &'a Enrolled) -> impl Iterator<Item = (usize, f64)> + use<'a> {
    let people = parts[one.part].1.0.iter().enumerate();
    people.filter(|(number, _)| *number != one.number).flat_map(move |(number, person)| {
        person.embeddings.iter().map(move |face| (number, one.decision.score(face)))
    })
}
