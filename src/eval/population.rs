//! Estimates a population from folders of people: mean, covariances and kinds, and each method's calibration curves,
//! measured on people who are not part of the estimate.

use super::kinds::find_kinds;
use super::odds::fit_odds;
use super::surface::Surface;
use super::{People, Protocol, Trials};
use crate::decision::calibration::{Calibration, Curve};
use crate::decision::{Method, Population, TwoCovariances};
use crate::error::Result;

/// The numbers of enrolled photos, each with a curve of its own.
const ENROLLED: [usize; 6] = [1, 2, 3, 5, 10, 20];
/// The number of parts that a folder's people are split into; each is tried with a population of everybody else.
const PARTS: usize = 5;
/// A folder of fewer people than this stays in one part, so that its people are strangers to each other.
const FEW_PEOPLE: usize = 100;
/// The most enrolments of one part for one curve.
const MOST_ENROLMENTS: usize = 250;
/// The fewest enrolments of a folder, if repeats can reach it.
const LEAST_ENROLMENTS: usize = 100;
/// The most enrolments of one person with different photos.
const MOST_REPEATS: usize = 4;
/// The seed of the enrolments, which differs from that of the published protocol.
const SEED: u64 = 77;

/// People of one folder, with a population estimated without them.
struct Part {
    folder: usize,
    population: Population,
    people: People,
}

/// Estimate a population from `folders`, each with people of one kind: covariances and kinds from everybody, and by
/// cross-validation the curves of `methods`, in which each folder has the same weight. Other methods stay
/// uncalibrated. Enrolment needs the curves of the default method.
///
/// # Errors
/// [`crate::Error::Numeric`] if there are too few people or photos.
pub fn estimate_population(
    folders: &[People],
    methods: &[Method],
    threads: usize,
) -> Result<Population> {
    let mut population = without_curves(folders.iter())?;
    let mut parts = Vec::new();
    for (folder, people) in folders.iter().enumerate() {
        // A single folder is split even if it is small: otherwise nobody would be left to estimate from.
        let whole = people.0.len() < FEW_PEOPLE && folders.len() > 1;
        for (rest, people) in people.parts(if whole { 1 } else { PARTS }) {
            let others = folders.iter().enumerate().filter(|(other, _)| *other != folder);
            let population = without_curves(others.map(|(_, people)| people).chain([&rest]))?;
            parts.push(Part { folder, population, people });
        }
    }
    for &method in methods {
        population.curves.push((method, curves(method, &parts, folders.len(), threads)?));
    }
    Ok(population)
}

/// Covariances and kinds of everybody in `folders`.
fn without_curves<'a>(folders: impl Iterator<Item = &'a People>) -> Result<Population> {
    let people: Vec<_> = folders.flat_map(People::embeddings).collect();
    let population = TwoCovariances::estimate(&people)?.diagonalise()?;
    Ok(Population { kinds: find_kinds(&people), ..population })
}

/// The curves of one method at all of [`ENROLLED`].
fn curves(method: Method, parts: &[Part], folders: usize, threads: usize) -> Result<Vec<Curve>> {
    // Everybody with enough photos to enrol gives impostor scores; only people with more photos give genuine ones.
    let mut by_enrolled = Vec::new();
    for enrolled in ENROLLED {
        let mut by_folder = vec![Trials::default(); folders];
        for Part { folder, population, people } in parts {
            let repeats = enrolled.min(MOST_REPEATS);
            let most = MOST_ENROLMENTS * repeats;
            let protocol = Protocol { enrolled, spare: 0, most, repeats, seed: SEED };
            let protocol = protocol.with_enrolments(people, LEAST_ENROLMENTS);
            let trials = Trials::run(people, population, method, protocol, threads)?;
            by_folder[*folder].extend(trials.uncrowded());
        }
        by_enrolled.push((enrolled, by_folder));
    }
    let surface = Surface::fit(&by_enrolled)?;
    let curve = |(enrolled, by_folder): (usize, Vec<Trials>)| {
        let raw_scores = surface.raw_scores(enrolled);
        let general = Calibration { raw_scores, odds: [0.0, 1.0], crowding: 0.0 };
        let mut all = Trials::default();
        by_folder.into_iter().for_each(|trials| all.extend(trials));
        let odds = fit_odds(&all.map(|_, raw| general.score(raw)));
        Curve { enrolled: enrolled as f64, raw_scores, odds }
    };
    Ok(by_enrolled.into_iter().map(curve).collect())
}
