//! A population from folders of people: mean, covariances and kinds, and what each method's scores
//! mean, measured on people whom these were not estimated from.

use super::kinds::find_kinds;
use super::odds::fit_odds;
use super::surface::Surface;
use super::{People, Protocol, Trials};
use crate::decision::calibration::{Calibration, Curve};
use crate::decision::{Method, Population, TwoCovariances};
use crate::error::Result;

/// Numbers of enrolled photos with a curve each.
const ENROLLED: [usize; 6] = [1, 2, 3, 5, 10, 20];
/// Parts of a folder's people, each tried with a population of everybody else.
const PARTS: usize = 5;
/// A folder of fewer people than this is one part: its people are the strangers of each other.
const FEW_PEOPLE: usize = 100;
/// The most enrolments of one part for one curve.
const MOST_ENROLMENTS: usize = 250;
/// The least of a folder, if repeats can make it up.
const LEAST_ENROLMENTS: usize = 100;
/// The most enrolments of one person with different photos.
const MOST_REPEATS: usize = 4;
/// The seed of the enrolments, another than that of the published protocol.
const SEED: u64 = 77;

/// People of one folder with a population that knows none of them.
struct Part {
    folder: usize,
    population: Population,
    people: People,
}

/// Estimate a population from `folders`, each of people who are strangers of a kind to each other:
/// covariances and kinds from everybody, and by cross-validation the curves of `methods`, in which
/// each folder counts alike; a score of another method means nothing by it. Enrolment needs the
/// default method's.
///
/// # Errors
/// [`crate::Error::Numeric`] if there are too few people or photos of them.
pub fn estimate_population(
    folders: &[People],
    methods: &[Method],
    threads: usize,
) -> Result<Population> {
    let mut population = without_curves(folders.iter())?;
    let mut parts = Vec::new();
    for (folder, people) in folders.iter().enumerate() {
        // Among a single folder's few people, parts are better than nobody else.
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
    // Whoever has enough photos to be enrolled shows what strangers score; only those with photos
    // to spare show what the person does.
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
        let scores = surface.scores(enrolled);
        let general = Calibration { scores, odds: [0.0, 1.0], crowding: 0.0 };
        let mut all = Trials::default();
        by_folder.into_iter().for_each(|trials| all.extend(trials));
        let odds = fit_odds(&all.map(|_, score| general.evidence(score)));
        Curve { enrolled: enrolled as f64, scores, odds }
    };
    Ok(by_enrolled.into_iter().map(curve).collect())
}
