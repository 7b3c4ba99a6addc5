//! Photos scored in blocks: one matrix product shows which of them may be matches, and only these get a
//! report, the same that `verify check` gives.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ndarray::ArrayView2;

use super::super::sidecars::Written;
use super::super::tally::Tally;
use super::super::videos::{Frames, Next, Watched, WatchedVideo, is_unread_video};
use super::calibrate::Met;
use crate::check::{CheckReport, CheckSettings, check};
use crate::decision::{Decision, Verdict};
use crate::error::{Error, Result};
use crate::pipeline::AnalysedPhoto;
use crate::profile::Profile;
use crate::review::Findings;
use crate::video::Ending;

/// A block is scored when it has this many photos, or when the first has waited this long.
const BLOCK: usize = 512;
const LONGEST_WAIT: Duration = Duration::from_millis(50);
/// A generous bound on the rounding error of a score in a block.
const ROUNDING: f64 = 1e-6;

/// A photo that may be listed.
pub(super) struct Found {
    /// Its report.
    pub report: CheckReport,
    /// The SHA-256 of its file, in hexadecimal; empty if it cannot be read.
    pub sha256: String,
    /// The width and height of the upright photo, if it could be read.
    pub size: Option<(u32, u32)>,
    /// The result of writing its sidecar.
    pub xmp: Option<Written>,
    /// If it is a video: the time of its best frame, and its frames.
    pub video: Option<(Duration, Frames)>,
}

/// Scores photos in order.
pub(super) struct Judge<'a> {
    profile: &'a Profile,
    decision: &'a Decision,
    /// Whether every photo may be listed.
    all: bool,
    /// The photos that a human confirmed, by the SHA-256 of their file.
    by_hand: HashSet<&'a str>,
    block: Vec<(PathBuf, Next)>,
    /// The video whose frames are being analysed.
    watched: Watched,
    judged: Instant,
    tally: Tally,
    met: Met,
    findings: Findings,
}

impl<'a> Judge<'a> {
    pub fn new(profile: &'a Profile, decision: &'a Decision, all: bool) -> Self {
        let (block, tally) = (Vec::new(), Tally::default());
        let met = Met::new(decision.population.mean.len());
        let watched = Watched::default();
        let (judged, findings) = (Instant::now(), Findings::default());
        let by_hand = profile.kept_by_hand().map(|(photo, _)| photo.sha256.as_str()).collect();
        Self { profile, decision, all, by_hand, block, watched, judged, tally, met, findings }
    }

    /// Add what comes next; returns the photos and videos of a block that this completes.
    pub fn add(&mut self, path: &Path, next: Next) -> Result<Vec<Found>> {
        self.block.push((path.to_owned(), next));
        if self.block.len() >= BLOCK || self.judged.elapsed() >= LONGEST_WAIT {
            return self.finish();
        }
        Ok(Vec::new())
    }

    /// Score what waits; returns the photos and videos that may be listed, in order.
    pub fn finish(&mut self) -> Result<Vec<Found>> {
        self.judged = Instant::now();
        let block = std::mem::take(&mut self.block);
        let best = self.best(&block)?;
        let mut found = Vec::new();
        for ((path, next), best) in block.into_iter().zip(best) {
            match next {
                Next::Photo(photo) => found.extend(self.photo(&path, photo, best)),
                Next::Frame(time, photo) => self.frame(&path, time, photo, best),
                Next::Ended(ending) => found.extend(self.ended(&ending)),
            }
        }
        Ok(found)
    }

    /// The verdict on a photo whose best face has this score, if it is clear without a report.
    fn plain(&self, best: Option<f64>) -> Option<Verdict> {
        match best {
            Some(best) if best >= self.decision.threshold - ROUNDING => None,
            Some(best) => Some(CheckSettings::default().judge(self.decision, best).verdict),
            None => Some(Verdict::NoFace),
        }
    }

    fn report(&self, path: &Path, photo: Result<AnalysedPhoto>) -> CheckReport {
        check(self.profile, self.decision, CheckSettings::default(), path, photo)
    }

    fn photo(
        &mut self,
        path: &Path,
        photo: Result<AnalysedPhoto>,
        best: Option<f64>,
    ) -> Option<Found> {
        let is_whole = photo.as_ref().is_ok_and(|photo| photo.missing.is_none());
        let by_hand =
            photo.as_ref().is_ok_and(|photo| self.by_hand.contains(photo.sha256.as_str()));
        let plain = if self.all || !is_whole || by_hand { None } else { self.plain(best) };
        if let Some(verdict) = plain {
            self.tally.add(verdict);
            return None;
        }
        let sha256 = photo.as_ref().map_or(String::new(), |photo| photo.sha256.clone());
        let size = photo.as_ref().ok().map(|photo| (photo.width, photo.height));
        let unread = is_unread_video(&photo);
        let report = self.report(path, photo);
        self.listed(Found { report, sha256, size, xmp: None, video: None }, unread)
    }

    fn frame(&mut self, path: &Path, time: Duration, photo: AnalysedPhoto, best: Option<f64>) {
        match self.plain(best) {
            Some(verdict) if !self.watched.is_best(best) => self.watched.add(time, verdict),
            _ => {
                let report = self.report(path, Ok(photo));
                self.watched.report(time, report, String::new());
            }
        }
    }

    fn ended(&mut self, ending: &Ending) -> Option<Found> {
        let WatchedVideo { report, time, video, .. } = self.watched.end(ending)?;
        // A stopped video is analysed again when the scan continues.
        if ending.stopped {
            return None;
        }
        let (sha256, video) = (String::new(), Some((time, video)));
        self.listed(Found { report, sha256, size: None, xmp: None, video }, true)
    }

    /// Count what was found; returns it if it may be listed.
    fn listed(&mut self, found: Found, is_video: bool) -> Option<Found> {
        let verdict = found.report.verdict;
        if is_video {
            self.tally.add_video(verdict)
        } else {
            self.tally.add(verdict)
        }
        if verdict == Verdict::Match {
            found.report.score.into_iter().for_each(|score| self.met.add_match(score));
        }
        let is_told = matches!(verdict, Verdict::Match | Verdict::Error);
        let is_cut = found.report.truncated && !is_video;
        let listed = self.all || is_told || is_cut;
        listed.then_some(found)
    }

    /// The person's name.
    pub fn name(&self) -> &str {
        &self.profile.name
    }

    /// Take the findings for a review.
    pub fn take_findings(&mut self) -> Findings {
        std::mem::take(&mut self.findings)
    }

    /// The faces found so far.
    pub fn met(&self) -> &Met {
        &self.met
    }

    /// The counts by verdict so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The highest score of each photo's faces.
    fn best(&mut self, block: &[(PathBuf, Next)]) -> Result<Vec<Option<f64>>> {
        let faces = |next: &Next| match next {
            Next::Photo(Ok(photo)) | Next::Frame(_, photo) => photo.faces.len(),
            Next::Photo(Err(_)) | Next::Ended(_) => 0,
        };
        let (mut embeddings, mut count) = (Vec::new(), 0);
        for (_, next) in block {
            let from = embeddings.len();
            if let Next::Photo(Ok(photo)) | Next::Frame(_, photo) = next {
                photo.faces.iter().for_each(|face| embeddings.extend_from_slice(&face.embedding));
                count += photo.faces.len();
            }
            // A person in a video is there a thousand times and would count as a thousand strangers.
            if matches!(next, Next::Photo(_)) {
                self.met.add(&embeddings[from..]);
            }
        }
        let shape = (count, self.decision.population.mean.len());
        let rows = ArrayView2::from_shape(shape, &embeddings)
            .map_err(|e| Error::Numeric { what: "scoring faces", reason: e.to_string() })?;
        let scores = self.decision.scores(rows);
        let mut rest = &scores[..];
        let mut best = |(_, next): &(PathBuf, Next)| {
            let (own, others) = rest.split_at(faces(next));
            rest = others;
            if let Next::Photo(Ok(photo)) = next {
                self.findings.add(self.decision.threshold, photo, own);
            }
            own.iter().copied().filter(|score| score.is_finite()).reduce(f64::max)
        };
        Ok(block.iter().map(&mut best).collect())
    }
}
