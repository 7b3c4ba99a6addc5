//! The faces that a scan finds: those that match, may match, or may match once more photos are enrolled.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::{Finding, Review};
use crate::file::folder_of;
use crate::pipeline::{AnalysedFace, AnalysedPhoto};

/// How far below the threshold a face is kept: the person at another age may have a low score now that rises with
/// further answers.
pub const KEPT_BELOW: f64 = 2.0;
/// The most faces that are kept: those closest to the threshold.
const MOST: usize = 5_000;

/// The faces that one scan found.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<(f64, Finding)>,
}

impl Findings {
    /// Add the faces of a photo, with the score of each and the `threshold` of the scan.
    pub fn add(&mut self, threshold: f64, photo: &AnalysedPhoto, scores: &[f64]) {
        let least = threshold - KEPT_BELOW;
        for (at, score) in scores.iter().enumerate().filter(|(_, score)| **score >= least) {
            if let Some(finding) = finding(photo, at) {
                self.found.push(((score - threshold).abs(), finding));
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

/// A face of a photo, if the photo is a complete file.
fn finding(photo: &AnalysedPhoto, at: usize) -> Option<Finding> {
    let face = photo.faces.get(at).filter(|_| photo.at.is_none() && photo.missing.is_none())?;
    let path = std::path::absolute(&photo.path).ok().filter(|path| path.is_file())?;
    let left = |face: &&AnalysedFace| face.face.bounds.x < photo.faces[at].face.bounds.x;
    // Of two faces with the same left edge, the first comes first, as in enrolment.
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
    /// Add a scan's findings. Findings with the same id are replaced; those of changed photos, and of files missing
    /// from existing folders, are dropped.
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
        // Keep other scans' findings, because another library may only not be part of this scan.
        self.findings.splice(0..0, new);
        let mut kept = 0;
        self.findings.retain(|finding| {
            kept += 1;
            kept <= MOST || answered.contains(finding.id().as_str())
        });
    }
}
