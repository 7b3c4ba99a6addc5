//! Finds people who have two folders.

use super::Finding;
use super::likeness::Likeness;
use super::measure::Measure;
use super::names::{Kinship, Name};
use crate::decision::Population;
use crate::eval::People;

/// The people without the second folder of each person who has two.
pub(super) fn without(
    people: People,
    population: &Population,
    measure: &Measure,
) -> (People, Vec<Finding>) {
    let mut left_out: Vec<usize> = Vec::new();
    let mut findings = Vec::new();
    for (likeness, a, b) in found(&people, population, measure) {
        let photos = |person: usize| people.0[person].embeddings.len();
        // Leave out the one that is already left out, otherwise the one with fewer photos, otherwise the later one.
        let first = left_out.contains(&a) || (!left_out.contains(&b) && photos(a) < photos(b));
        let [out, stays] = if first { [a, b] } else { [b, a] };
        let name = |person: usize| people.0[person].name.clone();
        findings.push(Finding::SamePerson { left_out: name(out), stays: name(stays), likeness });
        left_out.push(out);
    }
    let mut rest = people;
    let mut number = 0;
    rest.0.retain(|_| {
        number += 1;
        !left_out.contains(&(number - 1))
    });
    (rest, findings)
}

/// Pairs of folders of one person, the most alike first.
fn found(people: &People, population: &Population, measure: &Measure) -> Vec<(f64, usize, usize)> {
    let likeness = Likeness::new(people, population);
    let names: Vec<Option<Name>> = people.0.iter().map(|p| Name::of(&p.name)).collect();
    let related = |a: usize, b: usize| match (&names[a], &names[b]) {
        (Some(one), Some(other)) => one.kinship(other),
        _ => Kinship::None,
    };
    let (mut alike, mut namesakes) = (Vec::new(), 0);
    for a in 0..people.0.len() {
        for (b, value) in likeness.of_folder(a).iter().enumerate().skip(a + 1) {
            let kinship = related(a, b);
            namesakes += usize::from(kinship == Kinship::Same);
            if *value >= measure.typical() {
                alike.push((*value, a, b, kinship));
            }
        }
    }
    let pairs = people.0.len() * people.0.len().saturating_sub(1) / 2;
    let mut found: Vec<(f64, usize, usize)> = alike
        .into_iter()
        .filter(|(value, _, _, kinship)| match kinship {
            Kinship::None => measure.is_one_person(*value, pairs, false),
            Kinship::Family => measure.is_one_person(*value, pairs, true),
            Kinship::Same => measure.is_one_person(*value, namesakes, false),
        })
        .map(|(value, a, b, _)| (value, a, b))
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found
}
