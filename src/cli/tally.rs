//! Counts of photos and videos by verdict, and the summary line.

use super::Exit;
use super::output::{count, grouped, strangers};
use crate::decision::Verdict;
use crate::profile::Profile;

/// The verdicts besides a match, in the order of the summary.
const OTHERS: [Verdict; 4] =
    [Verdict::Uncertain, Verdict::NoMatch, Verdict::NoFace, Verdict::Error];

/// Photos and videos by verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    matches: usize,
    /// In the order of [`OTHERS`].
    others: [usize; OTHERS.len()],
    /// How many of all are videos.
    videos: usize,
}

impl Tally {
    /// Count a video.
    pub fn add_video(&mut self, verdict: Verdict) {
        self.add(verdict);
        self.videos += 1;
    }

    /// Count a photo.
    pub fn add(&mut self, verdict: Verdict) {
        match OTHERS.iter().position(|other| *other == verdict) {
            Some(at) => self.others[at] += 1,
            None => self.matches += 1,
        }
    }

    /// How many have this verdict.
    fn of(&self, verdict: Verdict) -> usize {
        let other = OTHERS.iter().position(|other| *other == verdict);
        other.map_or(self.matches, |at| self.others[at])
    }

    /// Whether the person is, or may be, in a photo.
    #[must_use]
    pub fn suspects(&self) -> bool {
        self.matches + self.of(Verdict::Uncertain) > 0
    }

    /// Photos in which the person may be.
    #[must_use]
    pub fn uncertain(&self) -> usize {
        self.of(Verdict::Uncertain)
    }

    /// The exit code: the worst verdict decides.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self.photos() - self.matches {
            _ if self.errors() > 0 || self.photos() == 0 => Exit::Error,
            0 => Exit::Success,
            _ => Exit::NoMatch,
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
        self.of(Verdict::Error)
    }

    /// All photos.
    #[must_use]
    pub fn photos(&self) -> usize {
        self.matches + self.others.iter().sum::<usize>()
    }

    /// All photos and videos, in words.
    #[must_use]
    pub fn seen(&self) -> String {
        photos_and_videos(self.photos() - self.videos, self.videos)
    }

    /// All photos in one line.
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
            self.seen(),
            strangers(profile.far()),
        )
    }
}

/// As in "3 photos", "2 videos" and "3 photos and 1 video".
pub fn photos_and_videos(photos: usize, videos: usize) -> String {
    match (photos, videos) {
        (_, 0) => count(photos, "photo"),
        (0, _) => count(videos, "video"),
        _ => format!("{} and {}", count(photos, "photo"), count(videos, "video")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(verdicts: &[Verdict]) -> Tally {
        let mut tally = Tally::default();
        verdicts.iter().for_each(|verdict| tally.add(*verdict));
        tally
    }

    #[test]
    fn every_verdict_is_counted_once() {
        let tally = tally(&[Verdict::Match, Verdict::Error, Verdict::Match, Verdict::NoFace]);
        assert_eq!((tally.matches(), tally.photos()), (2, 4));
        assert_eq!(tally.others, [0, 0, 1, 1]);
        let (mut all, counted) = (tally, |photos, videos| photos_and_videos(photos, videos));
        all.add_video(Verdict::Match);
        assert_eq!((all.matches(), all.photos(), all.videos), (3, 5, 1));
        assert_eq!(
            [counted(2, 0), counted(0, 1), counted(1, 2)],
            ["2 photos", "1 video", "1 photo and 2 videos"]
        );
    }

    #[test]
    fn the_worst_verdict_decides_how_the_program_ends() {
        assert_eq!(tally(&[Verdict::Match, Verdict::Match]).exit(), Exit::Success);
        for verdict in [Verdict::Uncertain, Verdict::NoMatch, Verdict::NoFace] {
            let tally = tally(&[Verdict::Match, verdict]);
            assert!(tally.exit() == Exit::NoMatch && tally.suspects());
        }
        assert_eq!(tally(&[Verdict::Error, Verdict::NoMatch, Verdict::Match]).exit(), Exit::Error);
        assert!(!tally(&[Verdict::NoMatch]).suspects() && tally(&[Verdict::Uncertain]).suspects());
        assert_eq!(tally(&[]).exit(), Exit::Error);
    }
}
