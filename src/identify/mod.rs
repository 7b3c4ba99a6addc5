//! Identification: each face of a photo gets the name of one of the enrolled people, or is unknown.

mod assign;
mod gallery;

use std::path::{Path, PathBuf};

use ndarray::ArrayView2;
use serde::Serialize;

use assign::assign;
pub use gallery::{Gallery, Member};

use crate::check::{CheckSettings, Judgement};
use crate::decision::Verdict;
use crate::error::Result;
use crate::face::{Concern, Face};
use crate::pipeline::{AnalysedFace, AnalysedPhoto};
use crate::profile::path_as_text;

/// The name of a face that is not an enrolled person's.
pub const UNKNOWN: &str = "unknown";
/// How many people the ranking of a face lists.
const RANKED: usize = 3;

/// The result for one photo.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Identified {
    /// The photo's file.
    #[serde(serialize_with = "path_as_text")]
    #[cfg_attr(feature = "serve", schema(value_type = String))]
    pub photo: PathBuf,
    /// Its faces, the largest first.
    pub faces: Vec<NamedFace>,
    /// Whether the photo's file is cut off, so that a part of the picture is missing.
    pub truncated: bool,
    /// How much of the picture is missing then, in percent; null if the file is whole.
    #[cfg_attr(feature = "serve", schema(required))]
    pub missing: Option<u8>,
    /// Why the photo could not be analysed.
    #[cfg_attr(feature = "serve", schema(required))]
    pub error: Option<String>,
}

/// A face and who it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct NamedFace {
    /// Its place in the photo.
    #[serde(flatten)]
    pub face: Face,
    /// The person's name, or `unknown`.
    pub name: String,
    /// The person's id; null if nobody was recognised.
    #[cfg_attr(feature = "serve", schema(required))]
    pub person: Option<String>,
    /// The judgement on the face as that person, or, if unknown, as the person it is most like.
    #[serde(flatten)]
    pub judgement: Judgement,
    /// The score from which it would be that person.
    pub threshold: f64,
    /// The people it is most like, the most alike first.
    pub ranking: Vec<Ranked>,
    /// What makes it hard to judge.
    pub concerns: Vec<Concern>,
}

/// One of the people that a face is most like.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Ranked {
    /// The person's id.
    pub person: String,
    /// The person's name.
    pub name: String,
    /// The face's score as this person.
    pub score: f64,
    /// Whether that is a match.
    #[serde(skip)]
    pub passes: bool,
}

impl Identified {
    /// Whether an enrolled person is in the photo.
    #[must_use]
    pub fn shows_somebody(&self) -> bool {
        self.faces.iter().any(|face| face.person.is_some())
    }
}

impl NamedFace {
    /// The other people that it matches too.
    pub fn also(&self) -> impl Iterator<Item = &Ranked> {
        self.ranking
            .iter()
            .filter(|other| other.passes && Some(&other.person) != self.person.as_ref())
    }
}

/// Identify the people in a photo. At most one face is given to each person, and at most one person to each
/// face; the names are assigned so that the sum by which scores exceed thresholds is maximal.
#[must_use]
pub fn identify(
    gallery: &Gallery,
    settings: CheckSettings,
    path: &Path,
    photo: Result<AnalysedPhoto>,
) -> Identified {
    let photo = match photo {
        Ok(photo) => photo,
        Err(error) => return unreadable(path, error.to_string()),
    };
    let missing = photo.missing;
    let mut faces = photo.faces;
    faces.retain(|face| face.embedding.iter().all(|value| value.is_finite()));
    let numbers: Vec<f32> = faces.iter().flat_map(|face| face.embedding.iter().copied()).collect();
    let shape = (faces.len(), numbers.len() / faces.len().max(1));
    let Ok(rows) = ArrayView2::from_shape(shape, &numbers) else {
        return unreadable(
            path,
            format!("{}: its faces were analysed with another pack", path.display()),
        );
    };
    if faces.is_empty() {
        return of_faces(path, Vec::new(), missing);
    }
    let scores = gallery.scores(rows);
    let mut people = assign(gallery, &scores);
    settle_by_hand(gallery, &photo.sha256, &faces, &mut people);
    let named = faces.into_iter().zip(scores.rows()).zip(people);
    let named = named
        .map(|((face, scores), person)| name(gallery, settings, face, &scores.to_vec(), person));
    of_faces(path, named.collect(), missing)
}

/// If a human confirmed that a person is in this photo, assign the confirmed face to that person, unless the
/// face or the person is already assigned.
fn settle_by_hand(
    gallery: &Gallery,
    sha256: &str,
    faces: &[AnalysedFace],
    people: &mut [Option<usize>],
) {
    for (at, member) in gallery.members.iter().enumerate() {
        let Some(meant) = member.by_hand.get(sha256).filter(|_| !people.contains(&Some(at))) else {
            continue;
        };
        let mut free = faces.iter().zip(people.iter_mut()).filter(|(_, person)| person.is_none());
        if let Some((_, person)) = free.find(|(face, _)| face.face == *meant) {
            *person = Some(at);
        }
    }
}

fn of_faces(path: &Path, faces: Vec<NamedFace>, missing: Option<u8>) -> Identified {
    let truncated = missing.is_some();
    Identified { photo: path.to_owned(), faces, truncated, missing, error: None }
}

/// The result for a photo that could not be analysed because of `error`.
#[must_use]
pub fn unreadable(path: &Path, error: String) -> Identified {
    Identified { error: Some(error), ..of_faces(path, Vec::new(), None) }
}

/// A face with its score as each member, one of whom may have been assigned.
fn name(
    gallery: &Gallery,
    settings: CheckSettings,
    face: AnalysedFace,
    scores: &[f64],
    person: Option<usize>,
) -> NamedFace {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let ranked = |at: &usize| {
        let Member { id, name, decision, .. } = &gallery.members[*at];
        let (score, passes) = (scores[*at], scores[*at] >= decision.threshold);
        Ranked { person: id.clone(), name: name.clone(), score, passes }
    };
    let shown = person.or(order.first().copied());
    let (judgement, threshold) = match shown {
        Some(at) => {
            let decision = &gallery.members[at].decision;
            let probability = gallery.probabilities(scores, settings)[at];
            let judged = settings.judge(decision, scores[at]);
            let verdict = match judged.verdict {
                // By the score, or confirmed by a human.
                _ if person.is_some() => Verdict::Match,
                // That person is another face of the photo.
                Verdict::Match if settings.strict => Verdict::NoMatch,
                Verdict::Match => Verdict::Uncertain,
                verdict => verdict,
            };
            (Judgement { probability, verdict, ..judged }, decision.threshold)
        }
        None => nobody(),
    };
    NamedFace {
        name: person.map_or(UNKNOWN.to_owned(), |at| gallery.members[at].name.clone()),
        person: person.map(|at| gallery.members[at].id.clone()),
        judgement,
        threshold,
        ranking: order.iter().take(RANKED).map(ranked).collect(),
        concerns: face.quality.concerns,
        face: face.face,
    }
}

/// The judgement on a face if nobody is enrolled.
fn nobody() -> (Judgement, f64) {
    let judgement = Judgement { score: 0.0, probability: 0.0, verdict: Verdict::NoMatch };
    (judgement, crate::decision::calibration::LIMIT)
}

#[cfg(test)]
mod tests;
