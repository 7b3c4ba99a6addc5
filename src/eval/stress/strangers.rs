//! For everybody who is enrolled the stranger of all who looks most alike.

use serde::Serialize;

use super::{Enrolled, share};
use crate::eval::Parts;

/// The evidence of the most alike stranger of every enrolled person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LookAlike {
    /// People enrolled.
    pub people: usize,
    /// Photos of strangers that each was compared with, on average.
    pub strangers: usize,
    /// The share of people of whom a stranger was accepted.
    pub accepted: f64,
    /// The median over people of the most alike stranger's evidence.
    pub median: f64,
    /// What nine of ten of them stay below.
    pub ninth: f64,
    /// The most evidence of any.
    pub most: f64,
}

pub(super) fn search(parts: &Parts, enrolled: &[Enrolled]) -> LookAlike {
    let (mut tops, mut compared) = (Vec::new(), 0);
    for one in enrolled {
        let mut top = f64::NEG_INFINITY;
        for (_, evidence) in others(parts, one) {
            top = top.max(evidence);
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

/// Every photo of the other people of the same part: whose it is, and its evidence.
fn others<'a>(parts: &'a Parts, one: &'a Enrolled) -> impl Iterator<Item = (usize, f64)> + use<'a> {
    let people = parts[one.part].1.0.iter().enumerate();
    people.filter(|(number, _)| *number != one.number).flat_map(move |(number, person)| {
        person.embeddings.iter().map(move |face| (number, one.decision.evidence(face)))
    })
}
