//! Photos judged in blocks: one matrix product tells which of them may be matches, and only these
//! get a report of their own, the same that `verify check` gives.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ndarray::ArrayView2;

use super::super::tally::Tally;
use super::calibrate::Met;
use crate::check::{Report, Settings, check};
use crate::decision::{Decision, Verdict};
use crate::error::{Error, Result};
use crate::pipeline::AnalysedPhoto;
use crate::profile::Profile;

/// A block is judged when it has so many photos, or when the first has waited so long.
const BLOCK: usize = 512;
const LONGEST_WAIT: Duration = Duration::from_millis(50);
/// How far a score in a block may be off, generously.
const ROUNDING: f64 = 1e-6;

/// A photo that may be listed.
pub(super) struct Found {
    /// What is said of it.
    pub report: Report,
    /// The SHA-256 of its file, in hexadecimal; empty where it cannot be read.
    pub sha256: String,
}

/// Judges photos in the order in which they come.
pub(super) struct Judge<'a> {
    profile: &'a Profile,
    decision: &'a Decision,
    /// Whether every photo may be listed.
    all: bool,
    block: Vec<(PathBuf, Result<AnalysedPhoto>)>,
    judged: Instant,
    tally: Tally,
    met: Met,
}

impl<'a> Judge<'a> {
    pub fn new(profile: &'a Profile, decision: &'a Decision, all: bool) -> Self {
        let (block, tally) = (Vec::new(), Tally::default());
        let met = Met::new(decision.population.mean.len());
        Self { profile, decision, all, block, judged: Instant::now(), tally, met }
    }

    /// Take a photo; the photos of the block that it completes.
    pub fn add(&mut self, path: &Path, photo: Result<AnalysedPhoto>) -> Result<Vec<Found>> {
        self.block.push((path.to_owned(), photo));
        if self.block.len() >= BLOCK || self.judged.elapsed() >= LONGEST_WAIT {
            return self.finish();
        }
        Ok(Vec::new())
    }

    /// Judge what waits: the photos that may be listed, in order.
    pub fn finish(&mut self) -> Result<Vec<Found>> {
        self.judged = Instant::now();
        let block = std::mem::take(&mut self.block);
        let best = self.best(&block)?;
        let settings = Settings::default();
        let mut found = Vec::new();
        for ((path, photo), best) in block.into_iter().zip(best) {
            let (verdict, listed) = match best {
                _ if self.all || photo.is_err() => (None, true),
                _ if photo.as_ref().is_ok_and(|photo| photo.missing.is_some()) => (None, true),
                Some(best) if best >= self.decision.threshold - ROUNDING => (None, true),
                Some(best) => (Some(settings.judge(self.decision, best).verdict), false),
                None => (Some(Verdict::NoFace), false),
            };
            if listed {
                let sha256 = photo.as_ref().map_or(String::new(), |photo| photo.sha256.clone());
                let report = check(self.profile, self.decision, settings, &path, photo);
                self.tally.add(report.verdict);
                if report.verdict == Verdict::Match {
                    report.score.into_iter().for_each(|score| self.met.add_match(score));
                }
                let is_told = matches!(report.verdict, Verdict::Match | Verdict::Error);
                if self.all || is_told || report.truncated {
                    found.push(Found { report, sha256 });
                }
            }
            verdict.into_iter().for_each(|verdict| self.tally.add(verdict));
        }
        Ok(found)
    }

    /// The faces met so far.
    pub fn met(&self) -> &Met {
        &self.met
    }

    /// How many photos got which verdict so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The highest evidence of each photo's faces.
    fn best(&mut self, block: &[(PathBuf, Result<AnalysedPhoto>)]) -> Result<Vec<Option<f64>>> {
        let faces = |photo: &'_ Result<AnalysedPhoto>| photo.as_ref().map_or(0, |p| p.faces.len());
        let photos = block.iter().filter_map(|(_, photo)| photo.as_ref().ok());
        let embeddings: Vec<f32> =
            photos.flat_map(|p| &p.faces).flat_map(|face| face.embedding.iter().copied()).collect();
        self.met.add(&embeddings);
        let count = block.iter().map(|(_, photo)| faces(photo)).sum();
        let shape = (count, self.decision.population.mean.len());
        let rows = ArrayView2::from_shape(shape, &embeddings)
            .map_err(|e| Error::Numeric { what: "scoring faces", reason: e.to_string() })?;
        let mut evidence = self.decision.evidences(rows).into_iter();
        let best =
            |photo| evidence.by_ref().take(faces(photo)).filter(|e| e.is_finite()).reduce(f64::max);
        Ok(block.iter().map(|(_, photo)| photo).map(best).collect())
    }
}
