//! The protocol of the published tables: every method with several numbers of enrolled photos, over a folder of
//! people. Each person is enrolled in turn, and all others are impostors.

use std::collections::BTreeMap;

use serde::Serialize;

use super::at_hand::trials_at_hand;
use super::interval::interval_by_people;
use super::measures::{Comparisons, Measures, TestCrew, Zoo};
use super::metrics::{Scores, expected_calibration_error};
use super::spread::Spread;
use super::{People, Protocol, Trials, check_labels, estimate_population};
use crate::decision::{Calibration, Method, Population, threshold_for};
use crate::error::{Error, Result};

/// The false accept rates of the table, with their names there.
pub const RATES: [(&str, f64); 4] =
    [("1e-2", 1e-2), ("1e-3", 1e-3), ("1e-4", 1e-4), ("1e-5", 1e-5)];
/// The rates at which calibration is measured: at 1e-5 too few impostors are left to count.
const CALIBRATED_RATES: usize = 3;

/// What is measured.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The methods; each has a row for every number of photos.
    pub methods: Vec<Method>,
    /// Numbers of enrolled photos.
    pub enrolled: Vec<usize>,
    /// The fewest enrolments in a row: if there are fewer people, they are enrolled again with other photos.
    pub enrolments: usize,
    /// Whether thresholds are learned from local strangers: the unlabelled photos of half of the others and half of
    /// the person's own. The trials are the rest of both.
    pub at_hand: bool,
    /// What is known about the people apart from their faces.
    pub crew: TestCrew,
    /// The number of threads.
    pub threads: usize,
}

/// The results of one method with one number of enrolled photos.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The method.
    pub method: Method,
    /// Photos enrolled of each person.
    pub enrolled: usize,
    /// People enrolled.
    pub people: usize,
    /// Genuine trials.
    pub genuine: usize,
    /// Impostor trials.
    pub impostor: usize,
    /// True accept rates at the thresholds that give the named false accept rates on these people; null if there are
    /// too few impostor trials.
    pub tar: BTreeMap<&'static str, Option<f64>>,
    /// The rates at the thresholds that enrolment sets for the named false accept rates.
    pub calibrated: BTreeMap<&'static str, Rates>,
    /// The equal error rate.
    pub eer: f64,
    /// The expected calibration error of the probabilities, at even prior odds.
    pub ece: f64,
    /// How the false accepts are distributed over the enrolled people.
    pub spread: Spread,
    /// The standard measures; null with local strangers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measures: Option<Measures>,
}

/// A false and a true accept rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rates {
    /// The share of impostors accepted.
    pub far: f64,
    /// Its 95 % interval over the choice of enrolled people.
    pub far_interval: [f64; 2],
    /// The share of genuine trials accepted.
    pub tar: f64,
}

/// Populations, each with the people to try on it, who are not part of it.
pub type Parts = Vec<(Population, People)>;

/// The people split into `parts`, each with a population estimated from everybody else without wrong labels
/// ([`check_labels`]).
///
/// # Errors
/// If there are too few people to estimate a population.
pub fn refitted_parts(
    people: &People,
    parts: usize,
    methods: &[Method],
    threads: usize,
    mut progress: impl FnMut(usize, usize),
) -> Result<Parts> {
    let mut fitted = Vec::new();
    for (others, part) in people.parts(parts) {
        progress(fitted.len(), parts);
        let others = check_labels(&others).people;
        fitted.push((estimate_population(&[others], methods, threads)?, part));
    }
    Ok(fitted)
}

/// Measure `plan`, and call `take` with each row as soon as it is done, with the scores of its trials.
///
/// # Errors
/// If nobody has enough photos for any row ([`Error::Value`]) or a method cannot be fitted, and the first error of
/// `take`.
pub fn measure(
    parts: &Parts,
    plan: &Plan,
    mut take: impl FnMut(Row, &Scores) -> Result<()>,
) -> Result<()> {
    let mut rows = 0;
    for &method in &plan.methods {
        for &enrolled in &plan.enrolled {
            if let Some((row, scores)) = row(parts, method, enrolled, plan)? {
                take(row, &scores)?;
                rows += 1;
            }
        }
    }
    if rows == 0 {
        let problem =
            "nobody has enough photos for that; give a smaller number or more photos per person";
        return Err(Error::value("--enrolled", problem));
    }
    Ok(())
}

/// One row; `None` if nobody has enough photos.
fn row(
    parts: &Parts,
    method: Method,
    enrolled: usize,
    plan: &Plan,
) -> Result<Option<(Row, Scores)>> {
    let (mut trials, mut comparisons) = (Trials::default(), Comparisons::default());
    let (mut genuine, mut impostor) = (Vec::new(), Vec::new());
    for (population, people) in parts {
        let protocol = Protocol::published(enrolled).with_enrolments(people, plan.enrolments);
        let calibration = population.calibration(method, enrolled)?;
        let judged = if plan.at_hand {
            trials_at_hand(people, population, method, protocol, plan.threads)?
        } else {
            Trials::run(people, population, method, protocol, plan.threads)?.map(
                |enrolment, raw| {
                    Calibration { crowding: enrolment.crowding, ..calibration }.score(raw)
                },
            )
        };
        let probability = |score: &f32| calibration.probability(f64::from(*score), 0.5);
        genuine.extend(judged.genuine.iter().map(probability));
        impostor.extend(judged.impostor.iter().map(probability));
        if !plan.at_hand {
            comparisons.add(people, &judged, &calibration);
        }
        trials.extend(judged);
    }
    if trials.genuine.is_empty() {
        return Ok(None);
    }
    let scores = Scores::new(&trials.genuine, &trials.impostor);
    let calibrated = |(name, far): (&'static str, f64)| {
        let threshold = threshold_for(far);
        let far_interval = interval_by_people(&trials, threshold);
        (name, Rates { far: scores.far(threshold), far_interval, tar: scores.tar(threshold) })
    };
    let row = Row {
        method,
        enrolled,
        people: trials.people,
        genuine: trials.genuine.len(),
        impostor: trials.impostor.len(),
        tar: RATES.into_iter().map(|(name, far)| (name, scores.tar_at(far))).collect(),
        calibrated: RATES.into_iter().take(CALIBRATED_RATES).map(calibrated).collect(),
        eer: scores.eer(),
        ece: expected_calibration_error(&genuine, &impostor),
        spread: Spread::of(&trials),
        measures: measures(&comparisons, &plan.crew),
    };
    Ok(Some((row, scores)))
}

/// The standard measures; `None` without comparisons of both kinds.
fn measures(comparisons: &Comparisons, crew: &TestCrew) -> Option<Measures> {
    if comparisons.genuine.is_empty() || comparisons.impostor.is_empty() {
        return None;
    }
    let failures = crew.attempts.failures();
    let measures = Measures::of(comparisons, failures, [failures.fta; 2], &crew.groupings);
    Some(Measures { zoo: Zoo::of(comparisons), ..measures })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::people::tests::made_up;

    #[test]
    fn a_row_has_the_documented_fields() {
        let people = made_up(60, 8);
        let parts = vec![(crate::decision::toy_population(8), people)];
        let plan = Plan {
            methods: vec![Method::Plda],
            enrolled: vec![1, 3, 40],
            enrolments: 0,
            at_hand: false,
            crew: TestCrew::default(),
            threads: 2,
        };
        let mut rows = Vec::new();
        measure(&parts, &plan, |row, scores| {
            assert_eq!(
                (scores.genuine().len(), scores.impostor().len()),
                (row.genuine, row.impostor)
            );
            rows.push(serde_json::to_value(row).unwrap());
            Ok(())
        })
        .unwrap();
        assert_eq!(rows.len(), 2, "nobody has 40 photos");
        let row = &rows[0];
        assert_eq!((&row["method"], &row["enrolled"]), (&"plda".into(), &1.into()));
        for name in ["1e-2", "1e-3", "1e-4"] {
            assert!((0.0..=1.0).contains(&row["tar"][name].as_f64().unwrap()));
            assert!((0.0..=1.0).contains(&row["calibrated"][name]["far"].as_f64().unwrap()));
            assert!((0.0..=1.0).contains(&row["calibrated"][name]["tar"].as_f64().unwrap()));
        }
        assert!(
            row["spread"]["median"].as_f64().unwrap() <= row["spread"]["p90"].as_f64().unwrap()
        );
        let none = Plan { enrolled: vec![40], ..plan };
        assert!(measure(&parts, &none, |_, _| Ok(())).is_err());
    }

    #[test]
    fn thresholds_set_on_others_hold_on_people_never_seen() {
        let parts = refitted_parts(&made_up(240, 6), 2, &[Method::Plda], 2, |_, _| ()).unwrap();
        let plan = Plan {
            methods: vec![Method::Plda],
            enrolled: vec![1, 3],
            enrolments: 0,
            at_hand: false,
            crew: TestCrew::default(),
            threads: 2,
        };
        measure(&parts, &plan, |row, _| {
            let far = row.calibrated["1e-2"].far;
            assert!((0.005..0.02).contains(&far), "{} photos: {far}", row.enrolled);
            Ok(())
        })
        .unwrap();
    }
}
