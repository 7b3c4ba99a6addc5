//! Finds wrong labels in a folder of people: one picture under two names, one person under two names, somebody else's
//! photo in a person's folder. They are found by likeness, reported and left out, so that no population is estimated
//! from them.
//!
//! The limits are not fixed but come from the folder itself. Two names are one person's if their photos are about as
//! alike as one person's own photos, and more alike than chance explains among so many strangers. Two people with the
//! same family name may be relatives, so they must be even more alike. A photo is somebody else's if it does not fit
//! its own folder but fits another, or if it is less like its own folder than strangers are.

mod copies;
mod doubles;
mod likeness;
mod measure;
mod names;
mod strangers;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use serde::Serialize;

use self::likeness::Likeness;
use self::measure::Measure;
use super::{People, Person};
use crate::decision::{TwoCovariances, cosine};

/// The number of estimates: the first leaves out the photos least like their folders, the second only the wrong
/// labels that the first one found.
const PASSES: usize = 2;
/// The share of photos that the first estimate leaves out. Otherwise it would count the difference between a person
/// and a wrong photo as variation within one person.
const TRIMMED: f64 = 0.05;

/// A wrong label. Likeness is the mean log-likelihood ratio (natural logarithm) of "one person" against "two people"
/// over pairs of photos.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "finding", rename_all = "kebab-case")]
pub enum Finding {
    /// One picture in two people's folders.
    SamePicture {
        /// The photo left out: the one that fits its own folder less.
        left_out: PathBuf,
        /// The photo that is kept.
        stays: PathBuf,
        /// The cosine of both embeddings.
        cosine: f64,
    },
    /// A photo in a person's folder that shows somebody else.
    WrongPerson {
        /// The name of the folder.
        name: String,
        /// The photo left out.
        left_out: PathBuf,
        /// Its likeness to the other photos of its folder.
        likeness: f64,
        /// The folder that it belongs to, and its likeness to that folder's photos; null if it is merely less like
        /// its own folder than strangers are.
        claimed: Option<(String, f64)>,
    },
    /// One person in two folders.
    SamePerson {
        /// The name left out: the one with fewer photos.
        left_out: String,
        /// The name that is kept.
        stays: String,
        /// The likeness of both folders.
        likeness: f64,
    },
}

/// People without the wrong labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The people and photos that are left.
    pub people: People,
    /// The wrong labels, of each kind the surest first.
    pub findings: Vec<Finding>,
}

/// Find the wrong labels of `people` and leave them out. With too few people to judge chance (fewer than fifteen, or
/// fewer than a hundred photos) only pictures under two names are found.
#[must_use]
pub fn check_labels(people: &People) -> Checked {
    let (distinct, pictures) = copies::without(people);
    let mut checked = Checked { people: distinct.clone(), findings: Vec::new() };
    let mut trusted = trimmed(&distinct);
    for _ in 0..PASSES {
        let covariances = TwoCovariances::estimate(&trusted.embeddings());
        let Ok(population) = covariances.and_then(|c| c.diagonalise()) else { break };
        let Some(measure) = Measure::new(&Likeness::new(&checked.people, &population)) else {
            break;
        };
        let (own, mut findings) = strangers::without(distinct.clone(), &population, &measure);
        let (people, doubles) = doubles::without(own, &population, &measure);
        findings.extend(doubles);
        trusted = people.clone();
        checked = Checked { people, findings };
    }
    checked.findings.splice(0..0, pictures);
    checked
}

/// The people without the photos that are least like the others in their folder.
fn trimmed(people: &People) -> People {
    let several = people.0.iter().filter(|person| person.embeddings.len() > 1);
    let photos = |person: &Person| 0..person.embeddings.len();
    let mut all: Vec<f64> =
        several.flat_map(|person| photos(person).map(|photo| belongs(person, photo))).collect();
    all.sort_by(f64::total_cmp);
    let Some(least) = all.get((all.len() as f64 * TRIMMED) as usize) else { return people.clone() };
    kept(people, |person, photo| {
        let person = &people.0[person];
        person.embeddings.len() < 2 || belongs(person, photo) >= *least
    })
}

/// The mean cosine of a photo and the others in its folder; 0 if there are no others.
fn belongs(person: &Person, photo: usize) -> f64 {
    let others = person.embeddings.iter().enumerate().filter(|(other, _)| *other != photo);
    let cosines = others.map(|(_, e)| cosine(e, &person.embeddings[photo]));
    cosines.sum::<f64>() / (person.embeddings.len() - 1).max(1) as f64
}

/// The people with the photos that `keep` chooses by the numbers of person and photo. People without photos are
/// dropped.
fn kept(people: &People, keep: impl Fn(usize, usize) -> bool) -> People {
    let mut rest = Vec::new();
    for (number, person) in people.0.iter().enumerate() {
        let Person { name, embeddings, enrolling, photos, relatives } = person;
        let stays = |photo: &usize| keep(number, *photo);
        let numbers: Vec<usize> = (0..embeddings.len()).filter(stays).collect();
        if !numbers.is_empty() {
            rest.push(Person {
                name: name.clone(),
                embeddings: numbers.iter().map(|&i| embeddings[i].clone()).collect(),
                enrolling: numbers.iter().map(|&i| enrolling[i].clone()).collect(),
                photos: numbers.iter().map(|&i| photos[i].clone()).collect(),
                relatives: relatives.clone(),
            });
        }
    }
    People(rest)
}
