//! Error rates by groups of people, such as by origin, sex or age, and how much they differ.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::bootstrap::{ByPerson, share};
use super::{Comparison, Comparisons, SET};
use crate::decision::threshold_for;
use crate::eval::Estimate;

/// The most people in no group who are named.
const NAMED: usize = 5;

/// Labels of people: one way to sort them into groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grouping {
    /// What the groups are by, such as sex.
    pub name: String,
    /// The group of each person, by name.
    pub labels: BTreeMap<String, String>,
}

/// The rates of all groups.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ByGroup {
    /// What the groups are by, such as sex.
    pub by: String,
    /// Each group, by its label.
    pub groups: Vec<Group>,
    /// How much the groups differ, at the threshold set for each false match rate.
    pub ratios: BTreeMap<&'static str, Ratios>,
    /// The number of enrolled people in no group.
    pub ungrouped: usize,
    /// The names of the first of them.
    pub ungrouped_names: Vec<String>,
}

/// The rates of the people with one label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// The label.
    pub label: String,
    /// People enrolled.
    pub people: usize,
    /// Comparisons with photos of the enrolled person.
    pub genuine: usize,
    /// Comparisons with photos of anybody else.
    pub impostor: usize,
    /// Comparisons with photos of anybody else in the same group.
    pub within: usize,
    /// The rates at the thresholds set for the named false match rates.
    pub set: BTreeMap<&'static str, GroupRates>,
}

/// The rates of one group at one threshold; null for a rate without comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GroupRates {
    /// The share of the people's own photos that do not match.
    pub fnmr: Option<Estimate>,
    /// The share of all strangers' photos that match.
    pub fmr: Option<Estimate>,
    /// The share of strangers' photos of the same group that match.
    pub fmr_within: Option<Estimate>,
}

/// How much groups differ in each rate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ratios {
    /// In the false non-match rate.
    pub fnmr: Option<Ratio>,
    /// In the false match rate among all strangers.
    pub fmr: Option<Ratio>,
    /// In the false match rate among strangers of the same group.
    pub fmr_within: Option<Ratio>,
}

/// How much the groups' rates differ, as NIST's face recognition tests report it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ratio {
    /// The group with the highest rate.
    pub highest: String,
    /// The group with the lowest one.
    pub lowest: String,
    /// The highest rate divided by the lowest; null if the lowest is 0.
    pub to_lowest: Option<f64>,
    /// The highest rate divided by the geometric mean of all; null if one of them is 0.
    pub to_mean: Option<f64>,
}

impl ByGroup {
    /// The groups of the people in `comparisons` by `grouping`.
    #[must_use]
    pub fn of(comparisons: &Comparisons, grouping: &Grouping) -> Self {
        let labels: Vec<Option<&str>> = comparisons
            .people
            .iter()
            .map(|name| grouping.labels.get(name).map(String::as_str))
            .collect();
        let both = comparisons.genuine.iter().chain(&comparisons.impostor);
        let enrolled: BTreeSet<u32> = both.map(|one| one.enrolled).collect();
        let names: BTreeSet<&str> =
            enrolled.iter().filter_map(|person| labels[*person as usize]).collect();
        let group = |label: &str| group(comparisons, &labels, label, &enrolled);
        let groups: Vec<Group> = names.into_iter().map(group).collect();
        let ungrouped = enrolled.iter().filter(|person| labels[**person as usize].is_none());
        let ungrouped: Vec<&String> =
            ungrouped.map(|person| &comparisons.people[*person as usize]).collect();
        Self {
            by: grouping.name.clone(),
            ratios: SET.into_iter().map(|(name, _)| (name, Ratios::of(&groups, name))).collect(),
            groups,
            ungrouped: ungrouped.len(),
            ungrouped_names: ungrouped.into_iter().take(NAMED).cloned().collect(),
        }
    }
}

/// The rates of the people with `label`.
fn group(
    comparisons: &Comparisons,
    labels: &[Option<&str>],
    label: &str,
    enrolled: &BTreeSet<u32>,
) -> Group {
    let has = |person: u32| labels[person as usize] == Some(label);
    let of = |side: &[Comparison]| -> Vec<Comparison> {
        side.iter().filter(|one| has(one.enrolled)).copied().collect()
    };
    let (genuine, impostor) = (of(&comparisons.genuine), of(&comparisons.impostor));
    let within: Vec<Comparison> = impostor.iter().filter(|one| has(one.tried)).copied().collect();
    let thresholds = SET.map(|(_, rate)| threshold_for(rate));
    let rates = |genuine: &[Comparison], impostor: &[Comparison], which: usize| {
        let of = if which == 0 { impostor.len() } else { genuine.len() };
        let by_person = ByPerson::of(genuine.iter(), impostor.iter(), &thresholds);
        let (whole, resampled) = (by_person.whole(), by_person.resampled());
        let at = |at: usize| {
            let drawn = resampled.iter().map(|errors| errors[at][which]);
            (of > 0).then(|| share(whole[at][which], of, drawn))
        };
        [0, 1, 2].map(at)
    };
    let (fnmr, fmr) = (rates(&genuine, &[], 1), rates(&[], &impostor, 0));
    let fmr_within = rates(&[], &within, 0);
    let set = SET.into_iter().enumerate().map(|(at, (name, _))| {
        (name, GroupRates { fnmr: fnmr[at], fmr: fmr[at], fmr_within: fmr_within[at] })
    });
    Group {
        label: label.to_owned(),
        people: enrolled.iter().filter(|person| has(**person)).count(),
        genuine: genuine.len(),
        impostor: impostor.len(),
        within: within.len(),
        set: set.collect(),
    }
}

impl Ratios {
    fn of(groups: &[Group], rate: &str) -> Self {
        let ratio = |which: fn(&GroupRates) -> Option<Estimate>| {
            let rates = groups.iter().filter_map(|group| {
                Some((group.label.as_str(), which(group.set.get(rate)?)?.value))
            });
            Ratio::of(&rates.collect::<Vec<_>>())
        };
        Self {
            fnmr: ratio(|rates| rates.fnmr),
            fmr: ratio(|rates| rates.fmr),
            fmr_within: ratio(|rates| rates.fmr_within),
        }
    }
}

impl Ratio {
    /// Takes rates with the labels of their groups; `None` for fewer than two.
    fn of(rates: &[(&str, f64)]) -> Option<Self> {
        let by_rate = |a: &&(&str, f64), b: &&(&str, f64)| a.1.total_cmp(&b.1);
        let (highest, lowest) = (rates.iter().max_by(by_rate)?, rates.iter().min_by(by_rate)?);
        let logarithms: f64 = rates.iter().map(|(_, rate)| rate.ln()).sum();
        let mean = (logarithms / rates.len() as f64).exp();
        let by = |divisor: f64| (divisor > 0.0).then(|| highest.1 / divisor);
        (rates.len() > 1).then(|| Self {
            highest: highest.0.to_owned(),
            lowest: lowest.0.to_owned(),
            to_lowest: by(lowest.1),
            to_mean: by(mean),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(enrolled: u32, tried: u32, score: f32) -> Comparison {
        Comparison { enrolled, tried, score, log_ratio: 0.0 }
    }

    /// Two people in group a, one in b, one in none; those in a match each other.
    fn by_group() -> ByGroup {
        let comparisons = Comparisons {
            people: ["ann", "bea", "cyd", "dan"].map(str::to_owned).into(),
            genuine: (0..4).flat_map(|i| [one(i, i, 5.0), one(i, i, 2.5)]).collect(),
            impostor: vec![
                one(0, 1, 3.0),
                one(1, 0, 3.5),
                one(0, 2, 0.0),
                one(1, 3, 0.0),
                one(2, 0, 2.0),
                one(2, 1, 0.0),
                one(3, 0, 9.0),
            ],
        };
        let label = |name: &str, label: &str| (name.to_owned(), label.to_owned());
        let labels = [label("ann", "a"), label("bea", "a"), label("cyd", "b"), label("eve", "b")];
        ByGroup::of(&comparisons, &Grouping { name: "letter".into(), labels: labels.into() })
    }

    #[test]
    fn each_comparison_counts_for_the_group_of_who_is_enrolled() {
        let found = by_group();
        let [a, b] = &found.groups[..] else { panic!("{found:?}") };
        assert_eq!(
            (a.label.as_str(), a.people, a.genuine, a.impostor, a.within),
            ("a", 2, 4, 4, 2)
        );
        assert_eq!(
            (b.label.as_str(), b.people, b.genuine, b.impostor, b.within),
            ("b", 1, 2, 2, 0)
        );
        let value = |estimate: Option<Estimate>| estimate.map(|estimate| estimate.value);
        let rates = a.set["1e-3"];
        assert_eq!([rates.fnmr, rates.fmr, rates.fmr_within].map(value), [0.5, 0.5, 1.0].map(Some));
        let rates = b.set["1e-2"];
        assert_eq!(
            [rates.fnmr, rates.fmr, rates.fmr_within].map(value),
            [Some(0.0), Some(0.5), None]
        );
        assert!(rates.fnmr.unwrap().high > 0.5, "none of two says little");
        assert_eq!((found.ungrouped, found.ungrouped_names), (1, vec!["dan".to_owned()]));
    }

    #[test]
    fn ratios_are_of_the_highest_to_the_lowest_and_to_the_geometric_mean() {
        let ratio = Ratio::of(&[("a", 0.02), ("b", 0.005), ("c", 0.01)]).unwrap();
        assert_eq!((ratio.highest.as_str(), ratio.lowest.as_str()), ("a", "b"));
        assert!((ratio.to_lowest.unwrap() - 4.0).abs() < 1e-12);
        assert!((ratio.to_mean.unwrap() - 2.0).abs() < 1e-12);
        let none = Ratio::of(&[("a", 0.02), ("b", 0.0)]).unwrap();
        assert_eq!((none.to_lowest, none.to_mean), (None, None));
        assert_eq!(Ratio::of(&[("a", 0.02)]), None);
        let ratios = &by_group().ratios["1e-2"];
        assert_eq!(ratios.fmr.as_ref().unwrap().to_lowest, Some(1.0));
        assert_eq!(ratios.fmr_within, None, "one group alone has strangers of its own");
    }
}
