//! Measures how the false accepts are distributed over the enrolled people: a rate that holds on average may come
//! from a few people whose profiles accept many strangers.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Trials;
use crate::decision::threshold_for;

/// The false accept rate whose spread is measured.
pub const ASKED: f64 = 1e-3;
/// The number of people who are named.
const NAMED: usize = 5;

/// How the false accept rates of people are distributed, at the threshold set for `ASKED`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spread {
    /// The false accept rate that the threshold is set for.
    pub asked: f64,
    /// The median over people.
    pub median: f64,
    /// The rate that nine of ten people do not exceed.
    pub p90: f64,
    /// The rate that 99 of 100 people do not exceed.
    pub p99: f64,
    /// The share of people with more than three times `asked`.
    pub over_three_times: f64,
    /// The share of people with more than ten times `asked`.
    pub over_ten_times: f64,
    /// The people with the highest rates above 0, the highest first.
    pub worst: Vec<Worst>,
}

/// A person whose profile accepts many strangers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Worst {
    /// The person's name.
    pub name: String,
    /// The share of strangers accepted.
    pub far: f64,
}

impl Spread {
    /// Takes the scores of trials; all enrolments of a person count together.
    #[must_use]
    pub fn of(trials: &Trials) -> Self {
        let threshold = threshold_for(ASKED);
        let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
        for (enrolment, _, impostors) in trials.by_enrolment() {
            let accepted = impostors.iter().filter(|score| f64::from(**score) >= threshold).count();
            let [all_accepted, all] = counts.entry(&enrolment.name).or_default();
            *all_accepted += accepted;
            *all += impostors.len();
        }
        let rate = |[accepted, all]: [usize; 2]| accepted as f64 / all.max(1) as f64;
        let mut people: Vec<(&str, f64)> =
            counts.into_iter().map(|(name, counted)| (name, rate(counted))).collect();
        // The sort is stable: among equal rates the first name comes first.
        people.sort_by(|a, b| b.1.total_cmp(&a.1));
        let over = |times: f64| {
            let count = people.iter().filter(|(_, far)| *far > times * ASKED).count();
            count as f64 / people.len() as f64
        };
        // The lowest rate that the share `part` of people does not exceed.
        let quantile = |part: f64| {
            let above = people.len() - (part * people.len() as f64).ceil() as usize;
            people.get(above).map_or(f64::NAN, |(_, far)| *far)
        };
        let worst = people.iter().take(NAMED).filter(|(_, far)| *far > 0.0);
        Self {
            asked: ASKED,
            median: quantile(0.5),
            p90: quantile(0.9),
            p99: quantile(0.99),
            over_three_times: over(3.0),
            over_ten_times: over(10.0),
            worst: worst.map(|&(name, far)| Worst { name: name.to_owned(), far }).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::trials::Enrolment;

    /// People of whom person i accepts i of 2,000 strangers, in one enrolment each.
    fn trials(people: usize) -> Trials {
        let mut trials = Trials { people, ..Trials::default() };
        for accepted in 0..people {
            let scores = (0..2_000).map(|i| if i < accepted { 3.0 } else { 2.99 });
            trials.impostor.extend(scores);
            let name = format!("p{accepted}");
            trials.enrolments.push(Enrolment { name, genuine: 0, impostors: 2_000, crowding: 0.0 });
        }
        trials
    }

    #[test]
    fn rates_are_those_of_each_person() {
        // The rates are 0, 0.5e-3, ..., 49.5e-3.
        let spread = Spread::of(&trials(100));
        assert_eq!([spread.median, spread.p90, spread.p99], [0.0245, 0.0445, 0.049]);
        // More than 6 and more than 20 of 2,000.
        assert_eq!([spread.over_three_times, spread.over_ten_times], [0.93, 0.79]);
        assert_eq!(spread.worst.len(), 5);
        assert_eq!(spread.worst[0], Worst { name: "p99".into(), far: 0.0495 });
    }

    #[test]
    fn all_enrolments_of_a_person_count_together_and_who_accepts_nobody_is_not_named() {
        let mut twice = trials(3);
        twice.extend(trials(2));
        let spread = Spread::of(&twice);
        assert_eq!([spread.median, spread.p90], [0.0005, 0.001]);
        let named: Vec<_> = spread.worst.iter().map(|w| w.name.as_str()).collect();
        assert_eq!(named, ["p2", "p1"]);
    }
}
