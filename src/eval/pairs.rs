//! Measures on pairs of photos: one photo is enrolled, the other checked, as in the protocol of Labeled Faces in the
//! Wild (Huang and others, University of Massachusetts, Amherst, Technical Report 07-49, 2007).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Serialize;

use super::Scores;
use super::measures::{Comparison, Comparisons, Failures, Measures, TestCrew};
use super::people::MainFaces;
use crate::decision::{Method, Population, Scorer};
use crate::error::{Error, Result};
use crate::pipeline::in_order;

/// Two photos, and whether they are labelled as one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The photo that is enrolled, and the one that is checked.
    pub photos: [PathBuf; 2],
    /// The person in each photo.
    pub people: [String; 2],
    /// Whether the label says that both are the same person.
    pub genuine: bool,
    /// The fold that the pair belongs to, from 0.
    pub fold: usize,
}

/// What was measured on pairs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairRow {
    /// The method.
    pub method: Method,
    /// The number of pairs.
    pub pairs: usize,
    /// Pairs with a photo that cannot be read or shows no face: genuine ones, and those of two people. They count as
    /// no match.
    pub failed: [usize; 2],
    /// The accuracy over the folds, if there are several.
    pub accuracy: Option<Accuracy>,
    /// The standard measures, on the pairs that have a face in both photos.
    pub measures: Measures,
}

/// The share of pairs that are classified correctly. The threshold of each fold is the best one on all other folds;
/// pairs without a face do not match.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Accuracy {
    /// The mean over the folds.
    pub mean: f64,
    /// The standard error of that mean.
    pub standard_error: f64,
    /// The share in each fold.
    pub folds: Vec<f64>,
}

/// Measure `method` on `pairs` with the faces of their photos. A pair uses the population of its fold; if there are
/// fewer populations than folds, they take turns.
///
/// # Errors
/// [`Error::Value`] if no pair of one label has a face in both photos, or if the method cannot be fitted.
pub fn measure_pairs(
    pairs: &[Pair],
    faces: &MainFaces,
    populations: &[Population],
    method: Method,
    crew: &TestCrew,
    threads: usize,
) -> Result<(PairRow, Scores)> {
    let mut tried = Vec::with_capacity(pairs.len());
    in_order(
        pairs,
        threads,
        || Ok(()),
        |(), pair| compared(pair, faces, &populations[pair.fold % populations.len()], method),
        |_, compared: Result<_>| {
            tried.push(compared?);
            Ok(())
        },
    )?;
    let comparisons = comparisons(pairs, &tried);
    for (genuine, side) in [(1, &comparisons.genuine), (0, &comparisons.impostor)] {
        if side.is_empty() {
            let problem = format!("no pair of label {genuine} has a face in both photos");
            return Err(Error::value("--pairs", problem));
        }
    }
    let failed = [true, false].map(|genuine| {
        let of = pairs.iter().zip(&tried).filter(|(pair, _)| pair.genuine == genuine);
        of.filter(|(_, tried)| tried.is_none()).count()
    });
    let all = [true, false].map(|kind| pairs.iter().filter(|pair| pair.genuine == kind).count());
    let lost = [0, 1].map(|kind| failed[kind] as f64 / all[kind] as f64);
    let measures = Measures::of(&comparisons, failures(pairs, faces), lost, &crew.groupings);
    let score = |tried: &Option<[f32; 2]>| tried.map_or(f32::NEG_INFINITY, |[score, _]| score);
    let scores: Vec<f32> = tried.iter().map(score).collect();
    let accuracy = Accuracy::of(pairs, &scores);
    let row = PairRow { method, pairs: pairs.len(), failed, accuracy, measures };
    Ok((row, comparisons.scores()))
}

/// The score of a pair and the natural logarithm of its likelihood ratio; `None` if a photo has no face.
fn compared(
    pair: &Pair,
    faces: &MainFaces,
    population: &Population,
    method: Method,
) -> Result<Option<[f32; 2]>> {
    let [enrolled, checked] = &pair.photos;
    let (Some(enrolled), Some(checked)) =
        (faces.enrolling.get(enrolled), faces.checking.get(checked))
    else {
        return Ok(None);
    };
    let enrolled = [enrolled.clone()];
    let scorer = Scorer::fit(method, population, &enrolled, &[])?;
    let calibration = population.calibration_of(method, &enrolled)?;
    let score = calibration.score(scorer.raw_score(&population.probe(checked)));
    Ok(Some([score as f32, calibration.log_odds(score) as f32]))
}

/// The pairs that were tried, with their people.
fn comparisons(pairs: &[Pair], tried: &[Option<[f32; 2]>]) -> Comparisons {
    let names: BTreeSet<&String> = pairs.iter().flat_map(|pair| &pair.people).collect();
    let numbers: BTreeMap<&String, u32> = names.iter().copied().zip(0..).collect();
    let mut comparisons =
        Comparisons { people: names.into_iter().cloned().collect(), ..Comparisons::default() };
    for (pair, tried) in pairs.iter().zip(tried) {
        let Some([score, log_ratio]) = *tried else { continue };
        let [enrolled, tried] = [0, 1].map(|which| numbers[&pair.people[which]]);
        let side = if pair.genuine { &mut comparisons.genuine } else { &mut comparisons.impostor };
        side.push(Comparison { enrolled, tried, score, log_ratio });
    }
    comparisons
}

/// Count the photos without a face; each one that was to be enrolled is a failure to enrol.
fn failures(pairs: &[Pair], faces: &MainFaces) -> Failures {
    let counted = |which: &[usize], has: &dyn Fn(&PathBuf) -> bool| {
        let photos: BTreeSet<&PathBuf> =
            pairs.iter().flat_map(|pair| which.iter().map(|at| &pair.photos[*at])).collect();
        [photos.len(), photos.iter().filter(|photo| !has(photo)).count()]
    };
    Failures::new(
        counted(&[0, 1], &|photo| faces.checking.contains_key(photo)),
        counted(&[0], &|photo| faces.enrolling.contains_key(photo)),
    )
}

impl Accuracy {
    /// The accuracy on pairs with their scores; `None` for fewer than two folds.
    fn of(pairs: &[Pair], scores: &[f32]) -> Option<Self> {
        let folds: BTreeSet<usize> = pairs.iter().map(|pair| pair.fold).collect();
        if folds.len() < 2 {
            return None;
        }
        let all: Vec<(usize, bool, f32)> =
            pairs.iter().zip(scores).map(|(pair, s)| (pair.fold, pair.genuine, *s)).collect();
        let right = |fold: &usize| {
            let others = all.iter().filter(|(of, ..)| of != fold);
            let threshold = best_threshold(others.map(|(_, genuine, s)| (*genuine, *s)).collect());
            let own: Vec<_> = all.iter().filter(|(of, ..)| of == fold).collect();
            let right = own.iter().filter(|(_, genuine, s)| (*s >= threshold) == *genuine).count();
            right as f64 / own.len() as f64
        };
        let folds: Vec<f64> = folds.iter().map(right).collect();
        let count = folds.len() as f64;
        let mean = folds.iter().sum::<f64>() / count;
        let squares: f64 = folds.iter().map(|accuracy| (accuracy - mean).powi(2)).sum();
        let standard_error = (squares / (count - 1.0) / count).sqrt();
        Some(Self { mean, standard_error, folds })
    }
}

/// The threshold that classifies the most pairs correctly.
fn best_threshold(mut pairs: Vec<(bool, f32)>) -> f32 {
    pairs.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (mut gained, mut best) = (0_i64, (0_i64, f32::INFINITY));
    for tied in pairs.chunk_by(|a, b| a.1 == b.1) {
        gained += tied.iter().map(|(genuine, _)| if *genuine { 1 } else { -1 }).sum::<i64>();
        // Pairs without a face match at no threshold.
        if gained > best.0 && tied[0].1 > f32::NEG_INFINITY {
            best = (gained, tied[0].1);
        }
    }
    best.1
}
