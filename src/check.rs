//! Is the person in this photo: a profile's decision on one analysed photo, with the reasons.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::decision::{Decision, Verdict, cosine};
use crate::error::Result;
use crate::face::{Concern, Face};
use crate::pipeline::AnalysedPhoto;
use crate::profile::{Profile, path_as_text};

/// Enrolled photos named beside a verdict.
const NEAREST: usize = 3;

/// How verdicts are given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The probability, before looking, that a face is the person's; between 0 and 1.
    pub prior: f64,
    /// Say no-match where it would be uncertain.
    pub strict: bool,
}

impl Default for Settings {
    /// Even odds, and uncertain is said.
    fn default() -> Self {
        Self { prior: 0.5, strict: false }
    }
}

/// One face of a checked photo.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckedFace {
    /// Where it is.
    #[serde(flatten)]
    pub face: Face,
    /// −log₁₀ of the share of strangers at least as alike.
    pub score: f64,
    /// The probability that it is the person.
    pub probability: f64,
    /// What makes it hard to judge.
    pub concerns: Vec<Concern>,
}

/// What is said of one photo.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The photo's file.
    #[serde(serialize_with = "path_as_text")]
    pub photo: PathBuf,
    /// The verdict on the photo: that on its best face.
    pub verdict: Verdict,
    /// The best face's score; absent without a face.
    pub score: Option<f64>,
    /// The score from which on a face is a match.
    pub threshold: f64,
    /// The best face's probability; 0 where there is no face, absent where there was an error.
    pub probability: Option<f64>,
    /// Every face, the best first.
    pub faces: Vec<CheckedFace>,
    /// The enrolled photos closest to the best face, with their cosine.
    pub nearest: Vec<Nearest>,
    /// Why the photo could not be checked.
    pub error: Option<String>,
}

impl Report {
    /// What is said of a photo that could not be read, because of `error`.
    #[must_use]
    pub fn unreadable(path: &Path, threshold: f64, error: String) -> Self {
        let (verdict, probability) = (Verdict::Error, None);
        Self { verdict, probability, error: Some(error), ..Self::of_no_face(path, threshold) }
    }

    fn of_no_face(path: &Path, threshold: f64) -> Self {
        Self {
            photo: path.to_owned(),
            verdict: Verdict::NoFace,
            score: None,
            threshold,
            probability: Some(0.0),
            faces: Vec::new(),
            nearest: Vec::new(),
            error: None,
        }
    }
}

/// An enrolled photo close to a checked face.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Nearest {
    /// The enrolled photo's file.
    #[serde(serialize_with = "path_as_text")]
    pub photo: PathBuf,
    /// The cosine of both embeddings, −1 to 1.
    pub cosine: f64,
}

/// Judge a photo: the verdict on its best face.
#[must_use]
pub fn check(
    profile: &Profile,
    decision: &Decision,
    settings: Settings,
    path: &Path,
    photo: Result<AnalysedPhoto>,
) -> Report {
    let analysed = match photo {
        Ok(analysed) => analysed,
        Err(error) => return Report::unreadable(path, decision.threshold, error.to_string()),
    };
    let mut report = Report::of_no_face(path, decision.threshold);
    let mut faces: Vec<_> = analysed
        .faces
        .into_iter()
        .map(|face| (decision.evidence(&face.embedding), face))
        .filter(|(score, _)| score.is_finite())
        .collect();
    faces.sort_by(|a, b| b.0.total_cmp(&a.0));
    let Some((best, face)) = faces.first() else {
        return report;
    };
    let probability = |score| decision.probability(score, settings.prior);
    report.verdict = match decision.verdict(*best) {
        Verdict::Uncertain if settings.strict => Verdict::NoMatch,
        verdict => verdict,
    };
    report.score = Some(*best);
    report.probability = Some(probability(*best));
    report.nearest = nearest(profile, &face.embedding);
    report.faces = faces
        .into_iter()
        .map(|(score, face)| CheckedFace {
            score,
            probability: probability(score),
            concerns: face.quality.concerns,
            face: face.face,
        })
        .collect();
    report
}

/// The kept photos closest to `embedding`.
fn nearest(profile: &Profile, embedding: &[f32]) -> Vec<Nearest> {
    let mut ranked: Vec<Nearest> = profile
        .kept()
        .filter_map(|record| {
            let cosine = cosine(&record.face.as_ref()?.embedding, embedding);
            Some(Nearest { photo: record.path.clone(), cosine })
        })
        .collect();
    ranked.sort_by(|a, b| b.cosine.total_cmp(&a.cosine));
    ranked.truncate(NEAREST);
    ranked
}
