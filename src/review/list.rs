//! The list to review: the faces that are or may be the person's and have no answer, the most doubtful first.

use std::path::PathBuf;

use ndarray::{Array2, Axis};
use serde::Serialize;

use super::settled::settled;
use super::{Answer, Finding, Review};
use crate::check::{CheckSettings, Judgement, Nearest, nearest};
use crate::decision::{Decision, Verdict};
use crate::face::Concern;
use crate::profile::{Profile, path_as_text};

/// An enrolled photo beside a face.
pub type Near = Nearest;

/// A face to be answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = Finding))]
pub struct Listed {
    /// The face's id, for an answer.
    pub face: String,
    /// The photo's file.
    #[serde(serialize_with = "path_as_text")]
    #[cfg_attr(feature = "serve", schema(value_type = String))]
    pub photo: PathBuf,
    /// Which of the photo's faces it is, counted from the left from 1.
    pub number: usize,
    /// How many faces the photo has.
    pub faces: usize,
    /// The profile's judgement on it.
    #[serde(flatten)]
    pub judgement: Judgement,
    /// What makes it hard to judge.
    pub concerns: Vec<Concern>,
    /// The enrolled photos most like it, with their cosine.
    pub nearest: Vec<Near>,
    /// Whether it was answered with "not sure".
    pub unsure: bool,
}

/// The faces to review, with counts of the answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = Review))]
pub struct List {
    /// The person's name.
    pub name: String,
    /// The score from which a face is a match.
    pub threshold: f64,
    /// Faces that have no answer yet.
    pub open: usize,
    /// Faces that were answered with yes.
    pub yes: usize,
    /// Faces that were answered with no.
    pub no: usize,
    /// Faces that were answered with "not sure".
    pub unsure: usize,
    /// The number of steps that can be undone; answers given together are one step.
    pub steps: usize,
    /// Whether no answer to the most doubtful faces would change another face's verdict.
    pub settled: bool,
    /// The faces, the most doubtful first and those of "not sure" last.
    pub faces: Vec<Listed>,
}

impl Review {
    /// The faces to review, by the person's `profile` and `decision`.
    #[must_use]
    pub fn list(&self, profile: &Profile, decision: &Decision) -> List {
        let mut answered = [0; 3];
        let mut open: Vec<(&Finding, bool)> = Vec::new();
        for finding in &self.findings {
            match self.answer_to(profile, finding) {
                Some(Answer::Yes) => answered[0] += 1,
                Some(Answer::No) => answered[1] += 1,
                // Another face of the photo is enrolled, or the photo was set aside by hand.
                _ if Self::is_enrolled(profile, finding) => {}
                Some(Answer::Unsure) => open.push((finding, true)),
                None => open.push((finding, false)),
            }
        }
        answered[2] = open.iter().filter(|(_, unsure)| *unsure).count();
        let scores = scores(decision, &open);
        let mut faces: Vec<(f64, &Finding, bool)> = scores
            .iter()
            .zip(&open)
            .map(|(score, (finding, unsure))| (*score, *finding, *unsure))
            .collect();
        let doubt = |score: f64| (score - decision.threshold).abs();
        faces.sort_by(|(a, _, ua), (b, _, ub)| ua.cmp(ub).then(doubt(*a).total_cmp(&doubt(*b))));
        // Faces that are not listed may become matches.
        let open: Vec<&Finding> = faces.iter().filter(|face| !face.2).map(|face| face.1).collect();
        let settled = settled(profile, decision, &open);
        let listed = |(score, finding, unsure): (f64, &Finding, bool)| {
            let judgement = CheckSettings::default().judge(decision, score);
            let shown = matches!(judgement.verdict, Verdict::Match | Verdict::Uncertain);
            shown.then(|| listed(profile, finding, judgement, unsure))
        };
        let faces: Vec<Listed> = faces.into_iter().filter_map(listed).collect();
        List {
            name: profile.name.clone(),
            threshold: decision.threshold,
            open: faces.iter().filter(|face| !face.unsure).count(),
            yes: answered[0],
            no: answered[1],
            unsure: answered[2],
            steps: self.steps(),
            settled,
            faces,
        }
    }
}

fn listed(profile: &Profile, finding: &Finding, judgement: Judgement, unsure: bool) -> Listed {
    Listed {
        face: finding.id(),
        photo: finding.photo.clone(),
        number: finding.number,
        faces: finding.faces,
        judgement,
        concerns: finding.face.quality.concerns.clone(),
        nearest: nearest(profile, &finding.face.embedding),
        unsure,
    }
}

/// The score of each face.
fn scores(decision: &Decision, faces: &[(&Finding, bool)]) -> Vec<f64> {
    let faces: Vec<&Finding> = faces.iter().map(|(finding, _)| *finding).collect();
    decision.scores(rows(decision, &faces).view())
}

/// The embeddings of faces, a row each.
pub(super) fn rows(decision: &Decision, faces: &[&Finding]) -> Array2<f32> {
    let mut rows = Array2::zeros((faces.len(), decision.population.mean.len()));
    for (mut row, face) in rows.axis_iter_mut(Axis(0)).zip(faces) {
        row.iter_mut().zip(&face.face.embedding).for_each(|(to, from)| *to = *from);
    }
    rows
}
