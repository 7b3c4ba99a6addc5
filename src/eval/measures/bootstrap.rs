//! Error rates at several thresholds with confidence intervals: a bootstrap that resamples the enrolled people, each
//! with all of their comparisons, instead of single trials.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::Comparison;
use crate::eval::Estimate;
use crate::eval::interval::{RESAMPLINGS, SEED, TAIL};

/// The false match rate and the false non-match rate at a threshold.
pub(super) type Errors = [f64; 2];

/// The errors of each enrolled person at each threshold.
pub(super) struct ByPerson {
    people: Vec<Counts>,
    thresholds: usize,
}

/// The comparisons with one person.
#[derive(Clone)]
struct Counts {
    /// Impostor comparisons that reach each threshold.
    matched: Vec<u32>,
    impostor: u32,
    /// Genuine comparisons that do not.
    missed: Vec<u32>,
    genuine: u32,
}

impl Counts {
    fn none(thresholds: usize) -> Self {
        let zeros = vec![0; thresholds];
        Self { matched: zeros.clone(), impostor: 0, missed: zeros, genuine: 0 }
    }

    fn add(&mut self, other: &Self) {
        let sum = |sums: &mut [u32], more: &[u32]| {
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        };
        sum(&mut self.matched, &other.matched);
        sum(&mut self.missed, &other.missed);
        self.impostor += other.impostor;
        self.genuine += other.genuine;
    }

    fn errors(&self) -> Vec<Errors> {
        let share = |count: u32, of: u32| f64::from(count) / f64::from(of.max(1));
        let both = self.matched.iter().zip(&self.missed);
        both.map(|(matched, missed)| [share(*matched, self.impostor), share(*missed, self.genuine)])
            .collect()
    }
}

impl ByPerson {
    /// Count the comparisons at `thresholds`, in rising order.
    pub fn of<'a>(
        genuine: impl Iterator<Item = &'a Comparison>,
        impostor: impl Iterator<Item = &'a Comparison>,
        thresholds: &[f64],
    ) -> Self {
        let reached = |one: &Comparison| {
            thresholds.partition_point(|threshold| *threshold <= f64::from(one.score))
        };
        let mut people: BTreeMap<u32, Counts> = BTreeMap::new();
        let none = || Counts::none(thresholds.len());
        for one in genuine {
            let counts = people.entry(one.enrolled).or_insert_with(none);
            counts.genuine += 1;
            counts.missed[reached(one)..].iter_mut().for_each(|missed| *missed += 1);
        }
        for one in impostor {
            let counts = people.entry(one.enrolled).or_insert_with(none);
            counts.impostor += 1;
            counts.matched[..reached(one)].iter_mut().for_each(|matched| *matched += 1);
        }
        Self { people: people.into_values().collect(), thresholds: thresholds.len() }
    }

    /// The errors at each threshold.
    pub fn whole(&self) -> Vec<Errors> {
        self.sum(self.people.iter()).errors()
    }

    /// The same for each resampling of the people.
    pub fn resampled(&self) -> Vec<Vec<Errors>> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
        let people = &self.people;
        let mut draw = || {
            let drawn = people.iter().map(|_| &people[random.random_range(0..people.len())]);
            self.sum(drawn).errors()
        };
        (0..RESAMPLINGS).map(|_| draw()).collect()
    }

    fn sum<'a>(&self, people: impl Iterator<Item = &'a Counts>) -> Counts {
        let mut sum = Counts::none(self.thresholds);
        people.for_each(|counts| sum.add(counts));
        sum
    }
}

/// A share `value` of `of` comparisons with its 95 % interval over the resamplings. It is no narrower than Wilson's
/// interval, because no errors among a few comparisons do not mean a rate of 0.
pub(super) fn share(value: f64, of: usize, resampled: impl Iterator<Item = f64>) -> Estimate {
    let Estimate { low, high, .. } = interval(value, resampled);
    let least = Estimate::of_rate(value, of);
    Estimate { value, low: low.min(least.low), high: high.max(least.high) }
}

/// `value` with the interval between the outer 2.5 % of the resamplings on either side.
pub(super) fn interval(value: f64, resampled: impl Iterator<Item = f64>) -> Estimate {
    let mut values: Vec<f64> = resampled.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1) as f64;
    let at = |share: f64| values.get((last * share).round() as usize).copied().unwrap_or(value);
    Estimate { value, low: at(TAIL).min(value), high: at(1.0 - TAIL).max(value) }
}

/// The false non-match rate at the false match rate `fmr`, interpolated between the two nearest thresholds.
pub(super) fn fnmr_at(errors: &[Errors], fmr: f64) -> f64 {
    let at = errors.partition_point(|[matched, _]| *matched > fmr);
    match (at.checked_sub(1).map(|before| errors[before]), errors.get(at).copied()) {
        (Some([m0, n0]), Some([m1, n1])) => n0 + (n1 - n0) * (m0 - fmr) / (m0 - m1),
        (None, Some([_, missed])) | (Some([_, missed]), None) => missed,
        (None, None) => f64::NAN,
    }
}

/// The rate at which both are equal, interpolated between the two nearest thresholds.
pub(super) fn equal(errors: &[Errors]) -> f64 {
    let at = errors.partition_point(|[matched, missed]| matched > missed);
    match (at.checked_sub(1).map(|before| errors[before]), errors.get(at).copied()) {
        (Some([m0, n0]), Some([m1, n1])) => {
            let (before, after) = (m0 - n0, n1 - m1);
            m0 + (m1 - m0) * before / (before + after).max(f64::MIN_POSITIVE)
        }
        (None, Some([m, n])) | (Some([m, n]), None) => f64::midpoint(m, n),
        (None, None) => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Comparisons with people 0, 1, …: the given number of each person's ten scores are 3, the others 1.
    fn comparisons(reaching: &[usize]) -> Vec<Comparison> {
        let person = |(number, reaching): (usize, &usize)| {
            let score = |i: usize| if i < *reaching { 3.0 } else { 1.0 };
            let enrolled = number as u32;
            let one = move |score| Comparison { enrolled, tried: 9, score, log_ratio: 0.0 };
            (0..10).map(|i| one(score(i))).collect::<Vec<_>>()
        };
        reaching.iter().enumerate().flat_map(person).collect()
    }

    #[test]
    fn errors_are_counted_at_each_threshold() {
        let (genuine, impostor) = (comparisons(&[10, 8]), comparisons(&[1, 0]));
        let by_person = ByPerson::of(genuine.iter(), impostor.iter(), &[0.5, 3.0, 3.5]);
        assert_eq!(by_person.whole(), [[1.0, 0.0], [0.05, 0.1], [0.0, 1.0]]);
    }

    #[test]
    fn an_interval_is_as_wide_as_people_differ_and_no_narrower_than_the_trials_allow() {
        let width = |reaching: &[usize]| {
            let impostor = comparisons(reaching);
            let by_person = ByPerson::of([].iter(), impostor.iter(), &[3.0]);
            let resampled = by_person.resampled();
            let rates = resampled.iter().map(|errors| errors[0][0]);
            share(by_person.whole()[0][0], impostor.len(), rates)
        };
        let (alike, unlike) = (width(&[1; 40]), width(&[[10; 4].as_slice(), &[0; 36]].concat()));
        assert_eq!((alike.value, unlike.value), (0.1, 0.1));
        // All people have the same rate, so Wilson's interval of 40 among 400 remains.
        assert_eq!(alike, Estimate::of_share(40, 400));
        // Resampling a share of four in forty people has a standard deviation of 0.047.
        assert!(unlike.low < 0.05 && (0.15..0.25).contains(&unlike.high), "{unlike:?}");
        assert!(width(&[0; 40]).high > 0.005, "none among 400 does not mean none");
    }

    #[test]
    fn between_two_thresholds_rates_lie_on_a_line() {
        let errors = [[1.0, 0.0], [0.3, 0.1], [0.1, 0.3], [0.0, 0.5]];
        assert!((fnmr_at(&errors, 0.2) - 0.2).abs() < 1e-12);
        assert!((fnmr_at(&errors, 0.05) - 0.4).abs() < 1e-12);
        assert_eq!(fnmr_at(&errors, 0.0), 0.5);
        assert!((equal(&errors) - 0.2).abs() < 1e-12);
        assert!(fnmr_at(&[], 0.1).is_nan() && equal(&[]).is_nan());
    }
}
