//! Setting the threshold by the strangers that a scan finds.

use super::super::Context;
use super::super::output::{count, note, printable};
use crate::decision::Population;
use crate::enroll::{MOST_FACES, with_seen};
use crate::error::Result;
use crate::profile::{Calibrate, Lock, Profile};

/// A smaller change of the threshold is not mentioned.
const WORTH_TELLING: f64 = 0.05;

/// Faces that a scan found, evenly sampled.
pub(super) struct Met {
    /// The embeddings, one after another.
    embeddings: Vec<f32>,
    dimensions: usize,
    /// One of this many faces is kept.
    every: usize,
    faces: usize,
    /// The scores of the photos that matched.
    matches: Vec<f64>,
}

impl Met {
    /// No faces yet, of embeddings with `dimensions` numbers.
    pub fn new(dimensions: usize) -> Self {
        Self { embeddings: Vec::new(), dimensions, every: 1, faces: 0, matches: Vec::new() }
    }

    /// Add the embeddings of some faces.
    pub fn add(&mut self, embeddings: &[f32]) {
        for face in embeddings.chunks_exact(self.dimensions) {
            if self.faces.is_multiple_of(self.every) {
                self.embeddings.extend(face);
            }
            self.faces += 1;
            if self.embeddings.len() > MOST_FACES * self.dimensions {
                let kept = self.embeddings.chunks_exact(self.dimensions).step_by(2);
                self.embeddings = kept.flatten().copied().collect();
                self.every *= 2;
            }
        }
    }

    /// Add the score of a photo that matched.
    pub fn add_match(&mut self, score: f64) {
        self.matches.push(score);
    }

    /// Set the saved profile's threshold by the strangers found, if they are better evidence than those known, and
    /// print the change. Does nothing if the user chose another way to set it, unless `asked` for in this scan.
    ///
    /// # Errors
    /// If the profile cannot be read again or written.
    pub fn calibrate(&self, context: &Context, population: &Population, asked: bool) -> Result<()> {
        // Another program may have changed it since the scan began.
        let path = context.profile_path()?;
        let _lock = Lock::wait(path);
        let old = context.profile()?;
        if old.calibrate != Calibrate::Auto && !asked {
            return Ok(());
        }
        let new = with_seen(old.clone(), population, &self.embeddings)?;
        if new == old {
            return Ok(());
        }
        new.save(path, context.passphrase_to_save(false)?.as_ref())?;
        let (before, now) = (old.threshold(), new.threshold());
        if (now - before).abs() >= WORTH_TELLING {
            note(&self.told(&new, before, now));
        }
        Ok(())
    }

    /// The message about a changed threshold.
    fn told(&self, profile: &Profile, before: f64, now: f64) -> String {
        let faces = profile.strangers.as_ref().map_or(0, |strangers| strangers.faces);
        let more = if now > before { "more" } else { "less" };
        let lost = self.matches.iter().filter(|score| **score < now).count();
        let rest = match lost {
            0 => String::new(),
            _ => format!("; {} listed above would no longer match", count(lost, "photo")),
        };
        format!(
            "threshold changed from {before:.2} to {now:.2}, because strangers in your photos look {more} like {} \
             than usual (measured on {}){rest}",
            printable(&profile.name),
            count(faces, "face"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faces_are_kept_evenly_spread_however_many_come() {
        let mut met = Met::new(2);
        for face in 0..100_000 {
            met.add(&[face as f32, 0.0]);
        }
        let kept: Vec<f32> = met.embeddings.chunks_exact(2).map(|face| face[0]).collect();
        assert!(kept.len() > MOST_FACES / 2 && kept.len() <= MOST_FACES, "{}", kept.len());
        assert!(kept.windows(2).all(|pair| (pair[1] - pair[0] - met.every as f32).abs() < 1e-3));
    }
}
