//! How many photos got which verdict, and all of them in a line.

use super::output::{count, grouped, strangers};
use crate::decision::Verdict;
use crate::profile::Profile;

/// The verdicts that are told where there are any, besides the matches.
const OTHERS: [Verdict; 4] =
    [Verdict::Uncertain, Verdict::NoMatch, Verdict::NoFace, Verdict::Error];

/// Photos by verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    matches: usize,
    /// As [`OTHERS`] are.
    others: [usize; OTHERS.len()],
}

impl Tally {
    /// One photo more.
    pub fn add(&mut self, verdict: Verdict) {
        match OTHERS.iter().position(|other| *other == verdict) {
            Some(at) => self.others[at] += 1,
            None => self.matches += 1,
        }
    }

    /// Photos with the person in them.
    #[must_use]
    pub fn matches(&self) -> usize {
        self.matches
    }

    /// Photos that cannot be read.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.others[OTHERS.len() - 1]
    }

    /// All photos.
    #[must_use]
    pub fn photos(&self) -> usize {
        self.matches + self.others.iter().sum::<usize>()
    }

    /// All photos in a line.
    #[must_use]
    pub fn summary(&self, profile: &Profile) -> String {
        let told = OTHERS.iter().zip(self.others).filter(|(_, photos)| *photos > 0);
        let others: String = told
            .map(|(verdict, photos)| format!(", {} {verdict}", grouped(photos as u64)))
            .collect();
        format!(
            "{} in {} of {}{others}; the threshold accepts {}",
            profile.name,
            grouped(self.matches as u64),
            count(self.photos(), "photo"),
            strangers(profile.far()),
        )
    }
}

impl FromIterator<Verdict> for Tally {
    fn from_iter<T: IntoIterator<Item = Verdict>>(verdicts: T) -> Self {
        let mut tally = Self::default();
        verdicts.into_iter().for_each(|verdict| tally.add(verdict));
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_is_counted_once() {
        let verdicts = [Verdict::Match, Verdict::Error, Verdict::Match, Verdict::NoFace];
        let tally: Tally = verdicts.into_iter().collect();
        assert_eq!((tally.matches(), tally.photos()), (2, 4));
        assert_eq!(tally.others, [0, 0, 1, 1]);
    }
}
