//! Whether further answers change anything: tries each answer to the most doubtful faces.

use super::Finding;
use super::list::rows;
use crate::check::CheckSettings;
use crate::decision::{Decision, LookAlikes, Probes, Verdict};
use crate::profile::Profile;

/// How many of the most doubtful faces are tried.
const TRIED: usize = 8;

/// Whether no answer to any of the first `open` faces would change whether another of them matches.
pub(super) fn settled(profile: &Profile, decision: &Decision, open: &[&Finding]) -> bool {
    if open.is_empty() {
        return true;
    }
    let probes = decision.population.probes(rows(decision, open).view());
    let now = scores(decision, &probes);
    let is_match = |score: f64| score >= decision.threshold;
    let is_shown = |at: &usize| {
        let verdict = CheckSettings::default().judge(decision, now[*at]).verdict;
        matches!(verdict, Verdict::Match | Verdict::Uncertain)
    };
    let embeddings = profile.embeddings();
    let others = || profile.look_alikes.iter().map(|other| other.embeddings.clone());
    (0..open.len()).filter(is_shown).take(TRIED).all(|at| {
        let face = &open[at].face.embedding;
        let with = [&embeddings[..], std::slice::from_ref(face)].concat();
        let yes = profile.decision_from(profile.method, &decision.population, &with).ok();
        let apart: Vec<_> = others().chain([vec![face.clone()]]).collect();
        let look_alikes = LookAlikes::fit(&decision.population, &embeddings, &apart);
        let no = Some(Decision { look_alikes, ..decision.clone() });
        [yes, no].into_iter().flatten().all(|then| {
            let then = scores(&then, &probes);
            let stays = |other| is_match(now[other]) == is_match(then[other]);
            (0..open.len()).all(|other| other == at || stays(other))
        })
    })
}

/// The score of each face.
fn scores(decision: &Decision, probes: &Probes) -> Vec<f64> {
    let raw_scores = decision.scorer.raw_scores(probes);
    let faces = raw_scores.iter().zip(probes.diagonal.rows());
    faces.map(|(raw, point)| decision.score_of(*raw, point)).collect()
}
