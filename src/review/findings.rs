//! The faces that a scan comes across: those that are the person's, that may be, and that may become so when more
//! is known of the person.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::{Finding, Review};
use crate::file::folder_of;
use crate::pipeline::{AnalysedFace, AnalysedPhoto};

/// How far below the threshold a face is kept: what is one stranger in a hundred now, at the usual rate, may be
/// the person in a photo of another age, and rise as answers come.
pub const KEPT_BELOW: f64 = 2.0;
/// Faces that are kept at most, those closest to the threshold.
const MOST: usize = 5_000;

/// The faces that one scan found.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<(f64, Finding)>,
}

impl Findings {
    /// Take the faces of a photo, with the `evidence` of each and the `threshold` of the scan.
    pub fn add(&mut self, threshold: f64, photo: &AnalysedPhoto, evidence: &[f64]) {
        let least = threshold - KEPT_BELOW;
        for (at, evidence) in evidence.iter().enumerate().filter(|(_, e)| **e >= least) {
            if let Some(finding) = finding(photo, at) {
                self.found.push(((evidence - threshold).abs(), finding));
            }
        }
        if self.found.len() > 2 * MOST {
            self.cut();
        }
    }

    /// Keep those closest to the threshold.
    fn cut(&mut self) {
        self.found.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        self.found.truncate(MOST);
    }
}

/// A face of a photo that is a file, and is whole.
fn finding(photo: &AnalysedPhoto, at: usize) -> Option<Finding> {
    let face = photo.faces.get(at).filter(|_| photo.at.is_none() && photo.missing.is_none())?;
    let path = std::path::absolute(&photo.path).ok().filter(|path| path.is_file())?;
    let left = |face: &&AnalysedFace| face.face.bounds.x < photo.faces[at].face.bounds.x;
    // Of two that begin at the same place the first comes first, as in the enrolment.
    let same = |face: &&AnalysedFace| face.face.bounds.x == photo.faces[at].face.bounds.x;
    let before = photo.faces.iter().filter(left).count();
    let number = 1 + before + photo.faces[..at].iter().filter(same).count();
    Some(Finding {
        photo: path,
        sha256: photo.sha256.clone(),
        number,
        faces: photo.faces.len(),
        face: face.clone(),
        taken: photo.taken_on(),
    })
}

impl Review {
    /// Take what a scan found. What is known under the same id is replaced; of a photo that is another one now
    /// nothing stays, and neither of a file that is gone from a folder that is there.
    pub fn take(&mut self, found: Findings) {
        let mut found = found;
        found.cut();
        let mut seen = HashSet::new();
        let new: Vec<Finding> = found
            .found
            .into_iter()
            .map(|(_, finding)| finding)
            .filter(|finding| seen.insert(finding.id()))
            .collect();
        let now: HashMap<&Path, &str> =
            new.iter().map(|new| (new.photo.as_path(), new.sha256.as_str())).collect();
        let answered: HashSet<&str> = self.answers.iter().map(|a| a.face.as_str()).collect();
        let is_another =
            |old: &Finding| now.get(old.photo.as_path()).is_some_and(|new| *new != old.sha256);
        let is_gone = |path: &Path| folder_of(path).is_dir() && !path.is_file();
        self.findings.retain(|old| {
            let id = old.id();
            !seen.contains(&id)
                && (answered.contains(id.as_str()) || !(is_another(old) || is_gone(&old.photo)))
        });
        // A library has been left out, not forgotten: what other scans found comes after.
        self.findings.splice(0..0, new);
        let mut kept = 0;
        self.findings.retain(|finding| {
            kept += 1;
            kept <= MOST || answered.contains(finding.id().as_str())
        });
    }
}
