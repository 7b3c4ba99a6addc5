//! Confidence intervals of rates by resampling people, since the trials of one person are not independent.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::Trials;

/// The number of resamplings, and their seed.
pub(super) const RESAMPLINGS: usize = 500;
pub(super) const SEED: u64 = 95;
/// The share outside a 95 % interval on either side.
pub(super) const TAIL: f64 = 0.025;

/// The 95 % interval of the share of impostors whose score reaches `threshold`: a bootstrap that resamples the
/// enrolled people, each with all of their trials.
#[must_use]
pub fn interval_by_people(trials: &Trials, threshold: f64) -> [f64; 2] {
    let mut people: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (enrolment, _, impostors) in trials.by_enrolment() {
        let counts = people.entry(&enrolment.name).or_default();
        counts[0] += impostors.iter().filter(|score| f64::from(**score) >= threshold).count();
        counts[1] += impostors.len();
    }
    let people: Vec<[usize; 2]> = people.into_values().collect();
    if people.is_empty() {
        return [0.0, 1.0];
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let mut rates: Vec<f64> = (0..RESAMPLINGS)
        .map(|_| {
            let drawn = (0..people.len()).map(|_| people[random.random_range(0..people.len())]);
            let [accepted, all] = drawn.fold([0, 0], |[a, b], [c, d]| [a + c, b + d]);
            accepted as f64 / all.max(1) as f64
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    let at = |share: f64| rates[((RESAMPLINGS - 1) as f64 * share).round() as usize];
    [at(TAIL), at(1.0 - TAIL)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Enrolment;

    /// One enrolment per person with 100 impostors each; the given number of them reach a score of 3.
    fn trials(accepted: &[usize]) -> Trials {
        let mut trials = Trials { people: accepted.len(), ..Trials::default() };
        for (person, accepted) in accepted.iter().enumerate() {
            trials.impostor.extend((0..100).map(|i| if i < *accepted { 3.0 } else { 1.0 }));
            let name = person.to_string();
            trials.enrolments.push(Enrolment { name, genuine: 0, impostors: 100, crowding: 0.0 });
        }
        trials
    }

    #[test]
    fn an_interval_is_as_wide_as_people_differ() {
        let alike = interval_by_people(&trials(&[10; 40]), 3.0);
        assert_eq!(alike, [0.1, 0.1]);
        let mut accepted = [0; 40];
        accepted[..4].fill(100);
        let [low, high] = interval_by_people(&trials(&accepted), 3.0);
        // Resampling a share of four in forty people has a standard deviation of 0.047.
        assert!((0.0..0.05).contains(&low) && (0.15..0.25).contains(&high), "{low} {high}");
        assert_eq!(interval_by_people(&trials(&accepted), 3.5), [0.0, 0.0]);
        assert_eq!(interval_by_people(&Trials::default(), 3.0), [0.0, 1.0]);
    }

    #[test]
    fn one_interval_in_twenty_may_miss_and_no_more() {
        // The mean of 400 coin tosses is 0.5 with a standard error of 0.025: 1.96 times that on either side.
        let coins: Vec<usize> = (0..400).map(|person| 100 * (person % 2)).collect();
        let [low, high] = interval_by_people(&trials(&coins), 3.0);
        assert!((low - 0.451).abs() < 0.004 && (high - 0.549).abs() < 0.004, "{low} {high}");
    }
}
