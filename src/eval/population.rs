//! A population from people: mean and covariances, and what each method's scores mean, measured on
//! people whom the covariances were not estimated from.

use super::odds::fit_odds;
use super::surface::Surface;
use super::{People, Protocol, Trials};
use crate::decision::calibration::{Calibration, Curve};
use crate::decision::{Method, Population, TwoCovariances};
use crate::error::Result;

/// Numbers of enrolled photos with a curve each.
const ENROLLED: [usize; 6] = [1, 2, 3, 5, 10, 20];
/// Parts of the people, each tried with a population of the others.
const PARTS: usize = 5;
/// The most enrolments of one part for one curve.
const MOST_ENROLMENTS: usize = 250;
/// The most enrolments of one person with different photos.
const MOST_REPEATS: usize = 4;
/// The seed of the enrolments, another than that of the published protocol.
const SEED: u64 = 77;

/// Estimate a population: covariances from all `people`, and by cross-validation over them the curves
/// of `methods`; a score of another method means nothing by it. Enrolment needs the default method's.
///
/// # Errors
/// [`crate::Error::Numeric`] where there are too few people or photos of them.
pub fn estimate_population(
    people: &People,
    methods: &[Method],
    threads: usize,
) -> Result<Population> {
    let mut population = TwoCovariances::estimate(&people.embeddings())?.diagonalise()?;
    let parts: Vec<(Population, People)> = people
        .parts(PARTS)
        .into_iter()
        .map(|(others, part)| {
            Ok((TwoCovariances::estimate(&others.embeddings())?.diagonalise()?, part))
        })
        .collect::<Result<_>>()?;
    for &method in methods {
        population.curves.push((method, curves(method, &parts, threads)?));
    }
    Ok(population)
}

/// The curves of one method at all of [`ENROLLED`].
fn curves(method: Method, parts: &[(Population, People)], threads: usize) -> Result<Vec<Curve>> {
    // Whoever has enough photos to be enrolled shows what strangers score; only those with photos
    // to spare show what the person does.
    let mut by_enrolled = Vec::new();
    for enrolled in ENROLLED {
        let mut all = Trials::default();
        for (population, part) in parts {
            let repeats = enrolled.min(MOST_REPEATS);
            let most = MOST_ENROLMENTS * repeats;
            let protocol = Protocol { enrolled, spare: 0, most, repeats, seed: SEED };
            all.extend(Trials::run(part, population, method, protocol, threads)?);
        }
        by_enrolled.push((enrolled, all));
    }
    let surface = Surface::fit(&by_enrolled)?;
    let curve = |(enrolled, trials): (usize, Trials)| {
        let scores = surface.scores(enrolled);
        let odds = fit_odds(&trials.map(|s| Calibration { scores, odds: [0.0, 1.0] }.evidence(s)));
        Curve { enrolled: enrolled as f64, scores, odds }
    };
    Ok(by_enrolled.into_iter().map(curve).collect())
}
