//! Labels of a folder of people that cannot be right: one picture under two names, one person under
//! two names, somebody else's photo in a person's folder. They are found by likeness, named, and
//! left out, so that a population is not estimated from them.
//!
//! What counts as too alike is not fixed but comes of the folder itself. Two names are one person's
//! if their photos are about as alike as one person's own photos, and more alike than chance makes
//! any two of so many strangers. Whom nothing but a family's name tells from relatives must be more
//! alike than that. A photo is somebody else's if its own folder disowns it while another one claims
//! it, or if it is less alike its own folder than strangers are.

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
use crate::decision::TwoCovariances;

/// The population is estimated from everything, then again without what the first one found.
const PASSES: usize = 2;

/// A label that cannot be right. Likeness is the mean log-likelihood ratio of pairs of photos
/// (natural logarithm): "one person" against "two".
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "finding", rename_all = "kebab-case")]
pub enum Finding {
    /// One picture in two people's folders.
    SamePicture {
        /// The photo left out: the one that its own folder's other photos are less like.
        left_out: PathBuf,
        /// The photo that stays.
        stays: PathBuf,
        /// The cosine of both embeddings.
        cosine: f64,
    },
    /// A photo in a person's folder that is not of that person.
    WrongPerson {
        /// The name of the folder.
        name: String,
        /// The photo left out.
        left_out: PathBuf,
        /// Its likeness to the other photos of its folder.
        likeness: f64,
        /// The folder that claims it, and its likeness to that one's photos; none if it is merely
        /// less alike its own folder than strangers are.
        claimed: Option<(String, f64)>,
    },
    /// One person in two folders.
    SamePerson {
        /// The name left out: the one with fewer photos.
        left_out: String,
        /// The name that stays.
        stays: String,
        /// The likeness of both.
        likeness: f64,
    },
}

/// People without the labels that cannot be right.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// Those that are left.
    pub people: People,
    /// What was found, of each kind the surest first.
    pub findings: Vec<Finding>,
}

/// Find the labels of `people` that cannot be right, and leave them out. Of people who are too few to
/// say what chance does (fewer than fifteen, or hardly any with several photos) only pictures under
/// two names are found.
#[must_use]
pub fn check_labels(people: &People) -> Checked {
    let (distinct, pictures) = copies::without(people);
    let mut checked = Checked { people: distinct.clone(), findings: Vec::new() };
    for _ in 0..PASSES {
        let covariances = TwoCovariances::estimate(&checked.people.embeddings());
        let Ok(population) = covariances.and_then(|c| c.diagonalise()) else { break };
        let Some(measure) = Measure::new(&Likeness::new(&checked.people, &population)) else {
            break;
        };
        let (own, mut findings) = strangers::without(distinct.clone(), &population, &measure);
        let (people, doubles) = doubles::without(own, &population, &measure);
        findings.extend(doubles);
        checked = Checked { people, findings };
    }
    checked.findings.splice(0..0, pictures);
    checked
}

/// The people with the photos that `keep` says, given a person's number and a photo's; nobody
/// without any.
fn kept(people: &People, keep: impl Fn(usize, usize) -> bool) -> People {
    let mut rest = Vec::new();
    for (number, Person { name, embeddings, photos }) in people.0.iter().enumerate() {
        let stays = |photo: &usize| keep(number, *photo);
        let numbers: Vec<usize> = (0..embeddings.len()).filter(stays).collect();
        if !numbers.is_empty() {
            rest.push(Person {
                name: name.clone(),
                embeddings: numbers.iter().map(|&i| embeddings[i].clone()).collect(),
                photos: numbers.iter().map(|&i| photos[i].clone()).collect(),
            });
        }
    }
    People(rest)
}
