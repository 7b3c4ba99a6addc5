//! The biometric zoo: which people are easily missed, and which are easily mistaken for others.
//!
//! Goats, lambs and wolves are those of Doddington and others, "Sheep, goats, lambs and wolves", ICSLP
//! 1998; chameleons, phantoms, doves and worms those of Yager and Dunstone, "The biometric menagerie",
//! IEEE PAMI 32, 2010.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Comparison, Comparisons};

/// The most people who are named of each kind.
const NAMED: usize = 5;
/// The fewest people; with fewer, the quarters mean nothing.
const LEAST: usize = 12;

/// A kind of people whose two mean scores are both in the highest or lowest quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Animal {
    /// High scores against themselves and against strangers.
    Chameleon,
    /// Low scores against both.
    Phantom,
    /// High scores against themselves, low against strangers: the best case.
    Dove,
    /// Low scores against themselves, high against strangers: the worst case.
    Worm,
}

impl Animal {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Chameleon, Self::Phantom, Self::Dove, Self::Worm];

    /// The plural.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chameleon => "chameleons",
            Self::Phantom => "phantoms",
            Self::Dove => "doves",
            Self::Worm => "worms",
        }
    }
}

/// An enrolled person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resident {
    /// The person's name.
    pub name: String,
    /// The mean score of the person's own photos.
    pub genuine: f64,
    /// The mean score of strangers' photos.
    pub impostor: f64,
    /// The kind; null for people in no corner.
    pub animal: Option<Animal>,
}

/// A person with a mean score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scored {
    /// The person's name.
    pub name: String,
    /// The mean score.
    pub score: f64,
}

/// All people by their mean scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Zoo {
    /// All enrolled people.
    pub people: Vec<Resident>,
    /// The mean scores of own photos that a quarter of the people do not exceed, and that a quarter exceed.
    pub genuine_quarters: [f64; 2],
    /// The same for strangers' photos.
    pub impostor_quarters: [f64; 2],
    /// How many people are of each kind.
    pub animals: BTreeMap<&'static str, usize>,
    /// How many people would be of each kind if both scores were independent.
    pub expected: f64,
    /// The people with the lowest scores of their own photos: often missed.
    pub goats: Vec<Scored>,
    /// The people with the highest scores of strangers' photos: easily imitated.
    pub lambs: Vec<Scored>,
    /// The people with the highest scores against others' enrolments: easily mistaken for others.
    pub wolves: Vec<Scored>,
}

impl Zoo {
    /// Takes everybody with comparisons of both kinds; `None` if these are too few.
    #[must_use]
    pub fn of(comparisons: &Comparisons) -> Option<Self> {
        let names = &comparisons.people;
        let genuine = means(&comparisons.genuine, |one| one.enrolled);
        let impostor = means(&comparisons.impostor, |one| one.enrolled);
        let tried = means(&comparisons.impostor, |one| one.tried);
        let both: Vec<(u32, f64, f64)> = genuine
            .iter()
            .filter_map(|(person, own)| Some((*person, *own, *impostor.get(person)?)))
            .collect();
        if both.len() < LEAST {
            return None;
        }
        let genuine_quarters = quarters(both.iter().map(|(_, own, _)| *own).collect());
        let impostor_quarters = quarters(both.iter().map(|(_, _, others)| *others).collect());
        let resident = |(person, genuine, impostor): (u32, f64, f64)| Resident {
            name: names[person as usize].clone(),
            genuine,
            impostor,
            animal: animal([genuine, impostor], [genuine_quarters, impostor_quarters]),
        };
        let people: Vec<Resident> = both.iter().copied().map(resident).collect();
        let count = |kind| people.iter().filter(|one| one.animal == Some(kind)).count();
        let scored = |scores: Vec<(u32, f64)>| extreme(scores, names);
        Some(Self {
            animals: Animal::ALL.map(|kind| (kind.name(), count(kind))).into(),
            expected: people.len() as f64 / 16.0,
            goats: scored(both.iter().map(|(person, own, _)| (*person, -own)).collect())
                .into_iter()
                .map(|one| Scored { score: -one.score, ..one })
                .collect(),
            lambs: scored(both.iter().map(|(person, _, others)| (*person, *others)).collect()),
            wolves: scored(tried.into_iter().collect()),
            people,
            genuine_quarters,
            impostor_quarters,
        })
    }
}

/// The mean score of each person's comparisons; `who` gives the person of a comparison.
fn means(side: &[Comparison], who: impl Fn(&Comparison) -> u32) -> BTreeMap<u32, f64> {
    let mut sums: BTreeMap<u32, [f64; 2]> = BTreeMap::new();
    for one in side.iter().filter(|one| one.score.is_finite()) {
        let [sum, count] = sums.entry(who(one)).or_default();
        *sum += f64::from(one.score);
        *count += 1.0;
    }
    sums.into_iter().map(|(person, [sum, count])| (person, sum / count)).collect()
}

/// The lower and the upper quartile.
fn quarters(mut scores: Vec<f64>) -> [f64; 2] {
    scores.sort_by(f64::total_cmp);
    [0.25, 0.75].map(|part| scores[((scores.len() - 1) as f64 * part).round() as usize])
}

fn animal([own, others]: [f64; 2], [genuine, impostor]: [[f64; 2]; 2]) -> Option<Animal> {
    let side = |score: f64, [low, high]: [f64; 2]| match score {
        score if score >= high => Some(true),
        score if score <= low => Some(false),
        _ => None,
    };
    Some(match (side(own, genuine)?, side(others, impostor)?) {
        (true, true) => Animal::Chameleon,
        (false, false) => Animal::Phantom,
        (true, false) => Animal::Dove,
        (false, true) => Animal::Worm,
    })
}

/// The people with the highest scores, the highest first.
fn extreme(mut scores: Vec<(u32, f64)>, names: &[String]) -> Vec<Scored> {
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    let scored =
        |(person, score): (u32, f64)| Scored { name: names[person as usize].clone(), score };
    scores.into_iter().take(NAMED).map(scored).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Person i scores `own(i)` on own photos and `others(i)` on the photos of a stranger, person i + 1.
    fn zoo(people: u32, own: fn(u32) -> f32, others: fn(u32) -> f32) -> Option<Zoo> {
        let one = |enrolled, tried, score| Comparison { enrolled, tried, score, log_ratio: 0.0 };
        let both = |i| [one(i, i, own(i) - 1.0), one(i, i, own(i) + 1.0)];
        Zoo::of(&Comparisons {
            people: (0..people).map(|i| format!("p{i:02}")).collect(),
            genuine: (0..people).flat_map(both).collect(),
            impostor: (0..people).map(|i| one(i, (i + 1) % people, others(i))).collect(),
        })
    }

    #[test]
    fn whoever_scores_high_against_everybody_is_a_chameleon() {
        let zoo = zoo(16, |i| i as f32, |i| 0.1 * i as f32).unwrap();
        assert_eq!((zoo.animals["chameleons"], zoo.animals["phantoms"]), (5, 5));
        assert_eq!((zoo.animals["doves"], zoo.animals["worms"], zoo.expected), (0, 0, 1.0));
        assert_eq!(zoo.people[15].animal, Some(Animal::Chameleon));
        assert_eq!((zoo.people[8].animal, zoo.people[8].genuine), (None, 8.0));
        assert_eq!((zoo.goats[0].name.as_str(), zoo.goats[0].score), ("p00", 0.0));
        assert_eq!(zoo.lambs[0].name, "p15");
        // The first person is the stranger who is tried on the last one.
        assert_eq!(zoo.wolves[0].name, "p00");
    }

    #[test]
    fn the_other_corners_have_their_animals_and_few_people_none() {
        let zoo = zoo(16, |i| i as f32, |i| -(i as f32)).unwrap();
        assert_eq!((zoo.animals["doves"], zoo.animals["worms"]), (5, 5));
        assert_eq!(zoo.people[0].animal, Some(Animal::Worm));
        assert!(super::tests::zoo(11, |i| i as f32, |i| i as f32).is_none());
    }
}
