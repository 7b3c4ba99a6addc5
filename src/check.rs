//! Checks one analysed photo against a profile: the verdict with the reasons.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::decision::{Decision, Verdict, cosine};
use crate::enroll::{Apart, apart};
use crate::error::Result;
use crate::face::{Concern, Face};
use crate::photo::Date;
use crate::pipeline::{AnalysedFace, AnalysedPhoto};
use crate::profile::{Profile, path_as_text};

/// How many of the nearest enrolled photos a report names.
const NEAREST: usize = 3;

/// How a photo is checked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CheckSettings {
    /// The prior probability that a face is the person's, between 0 and 1, both excluded.
    pub prior: f64,
    /// Say no-match instead of uncertain.
    pub strict: bool,
}

impl Default for CheckSettings {
    /// A prior of 0.5, with the verdict uncertain.
    fn default() -> Self {
        Self { prior: 0.5, strict: false }
    }
}

impl CheckSettings {
    /// The judgement on a face with this `score` by `decision`. Commands, server and Python all use it.
    #[must_use]
    pub fn judge(self, decision: &Decision, score: f64) -> Judgement {
        let verdict = match decision.verdict(score) {
            Verdict::Uncertain if self.strict => Verdict::NoMatch,
            verdict => verdict,
        };
        Judgement { score, probability: decision.probability(score, self.prior), verdict }
    }
}

/// The judgement on a face.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Judgement {
    /// −log₁₀ of the share of strangers who look at least as similar.
    pub score: f64,
    /// The probability that it is the person, 0 to 1.
    pub probability: f64,
    /// The verdict by the threshold: match, uncertain or no-match.
    pub verdict: Verdict,
}

/// One face of a checked photo.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct CheckedFace {
    /// Its place in the photo.
    #[serde(flatten)]
    pub face: Face,
    /// The judgement on it.
    #[serde(flatten)]
    pub judgement: Judgement,
    /// What makes it hard to judge.
    pub concerns: Vec<Concern>,
}

/// The report on one photo.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = CheckReport))]
pub struct CheckReport {
    /// The photo's file.
    #[serde(serialize_with = "path_as_text")]
    #[cfg_attr(feature = "serve", schema(value_type = String))]
    pub photo: PathBuf,
    /// The verdict on the photo, which is that on its best face.
    pub verdict: Verdict,
    /// The best face's score, −log₁₀ of the share of strangers who look at least as similar; null if there is no face.
    #[cfg_attr(feature = "serve", schema(required))]
    pub score: Option<f64>,
    /// The score from which a face is a match.
    pub threshold: f64,
    /// The best face's probability, 0 to 1; 0 if there is no face, null if there was an error.
    #[cfg_attr(feature = "serve", schema(required))]
    pub probability: Option<f64>,
    /// Every face, the best first.
    pub faces: Vec<CheckedFace>,
    /// The enrolled photos closest to the best face, with their cosine.
    pub nearest: Vec<Nearest>,
    /// Whether the photo's file is cut off, so that a part of the picture is missing.
    pub truncated: bool,
    /// How much of the picture is missing then, in percent; null if the file is whole.
    #[cfg_attr(feature = "serve", schema(required))]
    pub missing: Option<u8>,
    /// Whether it is a match, whatever the score, because this photo was enrolled and a human confirmed that the
    /// person is in it.
    pub by_hand: bool,
    /// The day on which the photo was taken, from its file or its name.
    #[cfg_attr(feature = "serve", schema(required, value_type = Option<String>))]
    pub taken: Option<Date>,
    /// How far it is from the enrolled photos in time, if a face changes in so many years.
    #[cfg_attr(feature = "serve", schema(required))]
    pub far_in_time: Option<Apart>,
    /// Why the photo could not be checked.
    #[cfg_attr(feature = "serve", schema(required))]
    pub error: Option<String>,
}

impl CheckReport {
    /// The report on a photo that could not be read because of `error`.
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
            truncated: false,
            missing: None,
            by_hand: false,
            taken: None,
            far_in_time: None,
            error: None,
        }
    }
}

/// An enrolled photo close to a checked face.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Nearest {
    /// The enrolled photo's file.
    #[serde(serialize_with = "path_as_text")]
    #[cfg_attr(feature = "serve", schema(value_type = String))]
    pub photo: PathBuf,
    /// The cosine of both embeddings, −1 to 1.
    pub cosine: f64,
}

/// Check a photo: the verdict is that on its best face.
#[must_use]
pub fn check(
    profile: &Profile,
    decision: &Decision,
    settings: CheckSettings,
    path: &Path,
    photo: Result<AnalysedPhoto>,
) -> CheckReport {
    let analysed = match photo {
        Ok(analysed) => analysed,
        Err(error) => return CheckReport::unreadable(path, decision.threshold, error.to_string()),
    };
    let mut report = CheckReport::of_no_face(path, decision.threshold);
    report.truncated = analysed.missing.is_some();
    report.missing = analysed.missing;
    report.taken = analysed.taken_on();
    report.far_in_time = report.taken.and_then(|taken| apart(profile, taken));
    let mut faces: Vec<_> = analysed
        .faces
        .into_iter()
        .map(|face| (settings.judge(decision, decision.score(&face.embedding)), face))
        .filter(|(judgement, _)| judgement.score.is_finite())
        .collect();
    faces.sort_by(|(a, _), (b, _)| b.score.total_cmp(&a.score));
    report.by_hand = settle_by_hand(profile, &analysed.sha256, &mut faces);
    let Some((best, face)) = faces.first() else {
        return report;
    };
    report.verdict = best.verdict;
    report.score = Some(best.score);
    report.probability = Some(best.probability);
    report.nearest = nearest(profile, &face.embedding);
    report.faces = faces
        .into_iter()
        .map(|(judgement, face)| CheckedFace {
            judgement,
            concerns: face.quality.concerns,
            face: face.face,
        })
        .collect();
    report
}

/// If a human confirmed that the person is in this photo and no face matches: make the confirmed face a match and
/// put it first. Returns whether it did.
fn settle_by_hand(
    profile: &Profile,
    sha256: &str,
    faces: &mut [(Judgement, AnalysedFace)],
) -> bool {
    if faces.first().is_none_or(|(best, _)| best.verdict == Verdict::Match) {
        return false;
    }
    let meant = profile.kept_by_hand().find(|(photo, _)| photo.sha256 == sha256);
    let at = meant.and_then(|(_, meant)| faces.iter().position(|(_, face)| face.face == *meant));
    let Some(at) = at else { return false };
    faces[at].0.verdict = Verdict::Match;
    faces[..=at].rotate_right(1);
    true
}

/// The enrolled photos most like `embedding`, the most alike first.
#[must_use]
pub fn nearest(profile: &Profile, embedding: &[f32]) -> Vec<Nearest> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{Method, Population};
    use crate::enroll::tests::{POPULATION, face};
    use crate::pipeline::AnalysedFace;
    use crate::profile::{Calibrate, Choice, PhotoRecord, Status, ThresholdChoice, VERSION};

    /// The profile of person 1 after four photos, of which the last is set aside.
    fn profile() -> Profile {
        let record = |seed: u64| PhotoRecord {
            path: format!("{seed}.jpg").into(),
            sha256: String::new(),
            status: if seed < 4 {
                Status::Kept
            } else {
                Status::SetAside { reason: crate::profile::Reason::Dropped }
            },
            face: Some(face(1, seed)),
            bystanders: 0,
            number: None,
            sent: false,
            choice: Choice::Auto,
            score: None,
            taken: None,
        };
        Profile {
            version: VERSION,
            name: "Ann".into(),
            models: "toy".into(),
            method: Method::Centroid,
            threshold: ThresholdChoice::Far(1e-2),
            photos: (0..5).map(record).collect(),
            negatives: Vec::new(),
            look_alikes: Vec::new(),
            strangers: None,
            calibrate: Calibrate::Off,
            born: None,
        }
    }

    fn checked(faces: Vec<AnalysedFace>, settings: CheckSettings) -> CheckReport {
        checked_by(&profile(), "", faces, settings)
    }

    /// By the decision of [`profile`], whatever else is in the `profile`.
    fn checked_by(
        by: &Profile,
        sha256: &str,
        faces: Vec<AnalysedFace>,
        settings: CheckSettings,
    ) -> CheckReport {
        let population: &Population = &POPULATION;
        let decision = profile().decision(population).unwrap();
        let path = Path::new("party.jpg");
        let (width, height, sha256) = (100, 100, sha256.to_owned());
        let photo = AnalysedPhoto {
            path: path.into(),
            at: None,
            sha256,
            width,
            height,
            faces,
            missing: None,
            taken: None,
        };
        check(by, &decision, settings, path, Ok(photo))
    }

    /// The larger stranger comes first in a photo; the verdict is that on the person beside them.
    #[test]
    fn the_person_is_found_beside_a_larger_stranger_and_comes_first() {
        let mut person = face(1, 50);
        person.quality.concerns = vec![Concern::Small];
        let strangers = [face(2, 0), face(3, 0)];
        let [first, last] = strangers;
        let report = checked(vec![first, person.clone(), last], CheckSettings::default());
        assert_eq!(report.verdict, Verdict::Match);
        assert_eq!(report.faces.len(), 3);
        assert!(
            report.faces.windows(2).all(|pair| pair[0].judgement.score >= pair[1].judgement.score)
        );
        assert_eq!(report.faces[0].concerns, [Concern::Small], "and what makes it hard to judge");
        assert!(report.faces[1].concerns.is_empty());
        assert_eq!(report.score, Some(report.faces[0].judgement.score));
        assert_eq!(report.probability, Some(report.faces[0].judgement.probability));
        assert!(report.faces[0].judgement.probability > report.faces[2].judgement.probability);
    }

    #[test]
    fn the_closest_enrolled_photos_are_named_best_first_and_none_that_was_set_aside() {
        // The very face of photo 2, and of the one that does not count.
        let report = checked(vec![face(1, 2)], CheckSettings::default());
        assert_eq!(report.nearest.len(), NEAREST);
        assert_eq!(report.nearest[0].photo, Path::new("2.jpg"));
        assert!((report.nearest[0].cosine - 1.0).abs() < 1e-5);
        assert!(report.nearest.windows(2).all(|pair| pair[0].cosine >= pair[1].cosine));
        let aside = checked(vec![face(1, 4)], CheckSettings::default());
        assert!(aside.nearest.iter().all(|near| near.photo != Path::new("4.jpg")));
    }

    #[test]
    fn strict_makes_no_match_of_uncertain_and_nothing_else() {
        let strict = CheckSettings { strict: true, ..CheckSettings::default() };
        let mut seen = std::collections::BTreeSet::new();
        for who in 2..400 {
            let faces = vec![face(who, 0)];
            let verdicts =
                [CheckSettings::default(), strict].map(|s| checked(faces.clone(), s).verdict);
            match verdicts {
                [Verdict::Uncertain, with] => assert_eq!(with, Verdict::NoMatch),
                [plain, with] => assert_eq!(plain, with),
            }
            seen.insert(verdicts[0].to_string());
        }
        assert!(seen.contains("uncertain") && seen.contains("no-match"), "{seen:?}");
        let person = vec![face(1, 60)];
        assert_eq!(checked(person, strict).verdict, Verdict::Match);
    }

    #[test]
    fn a_photo_that_a_human_put_in_is_a_match_whatever_its_score() {
        let (mut meant, other) = (face(900, 0), face(901, 0));
        meant.face.bounds.x += 7.0;
        let mut profile = profile();
        let put_in = |choice| PhotoRecord {
            sha256: "ab".into(),
            choice,
            face: Some(meant.clone()),
            ..profile.photos[0].clone()
        };
        let [auto, kept] = [put_in(Choice::Auto), put_in(Choice::Keep)];
        let faces = || vec![other.clone(), meant.clone()];
        let strict = CheckSettings { strict: true, ..CheckSettings::default() };
        profile.photos.push(auto);
        assert_ne!(checked_by(&profile, "ab", faces(), strict).verdict, Verdict::Match);
        profile.photos.push(kept);
        let report = checked_by(&profile, "ab", faces(), strict);
        assert_eq!((report.verdict, report.by_hand), (Verdict::Match, true));
        assert_eq!(report.faces[0].face, meant.face, "the face that was meant comes first");
        assert_eq!(report.score, Some(report.faces[0].judgement.score));
        assert!(report.score < Some(report.threshold));
        for (sha256, faces) in [("cd", faces()), ("ab", vec![other.clone()]), ("ab", Vec::new())] {
            let report = checked_by(&profile, sha256, faces, strict);
            assert!(report.verdict != Verdict::Match && !report.by_hand);
        }
        let plain = checked_by(&profile, "ab", vec![face(1, 60), meant.clone()], strict);
        assert!(plain.verdict == Verdict::Match && !plain.by_hand, "somebody matches anyway");
    }

    #[test]
    fn without_a_face_or_a_photo_nothing_is_made_up() {
        let empty = checked(Vec::new(), CheckSettings::default());
        assert_eq!((empty.verdict, empty.score), (Verdict::NoFace, None));
        assert_eq!(empty.probability, Some(0.0));
        let unreadable = CheckReport::unreadable(Path::new("x"), 2.0, "x: broken".into());
        assert_eq!((unreadable.verdict, unreadable.probability), (Verdict::Error, None));
        assert_eq!(unreadable.error.as_deref(), Some("x: broken"));
    }
}
