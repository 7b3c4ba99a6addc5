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
use crate::decision::{TwoCovariances, cosine};

/// The population is estimated without the photos least like their folders, then again from all but
/// what the first one found.
const PASSES: usize = 2;
/// The share of the photos that the first estimate leaves out. If it did not, it would take the
/// difference between a person and a wrong photo for what photos of one person differ by.
const TRIMMED: f64 = 0.05;

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
/// say what chance does (fewer than fifteen, or than a hundred photos) only pictures under
/// two names are found.
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

/// The people without the photos that are least like the others of their folder.
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

/// The mean cosine of a photo and the others of its folder; 0 if there is none.
fn belongs(person: &Person, photo: usize) -> f64 {
    let others = person.embeddings.iter().enumerate().filter(|(other, _)| *other != photo);
    let cosines = others.map(|(_, e)| cosine(e, &person.embeddings[photo]));
    cosines.sum::<f64>() / (person.embeddings.len() - 1).max(1) as f64
}

/// The people with the photos that `keep` says, given a person's number and a photo's; nobody
/// without any.
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
