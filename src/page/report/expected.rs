//! The error rates that are expected of a profile on new photos.

use serde::Serialize;

use crate::decision::Decision;
use crate::enroll::Standing;
use crate::eval::{Estimate, Scores};
use crate::plot::{Kind, Scene, judged};
use crate::profile::Profile;

/// How many simulated strangers are drawn from the population.
const STRANGERS: usize = 50_000;
/// Their seed.
const SEED: u64 = 3;

/// The expected error rates of a profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expected {
    /// The person's name.
    pub name: String,
    /// Photos that the person was enrolled from.
    pub kept: usize,
    /// The score from which a face is a match.
    pub threshold: f64,
    /// Kept photos that would not match a profile made from the others.
    pub rejected: usize,
    /// Their share, with its 95 % interval; absent for a single photo.
    pub reject: Option<Estimate>,
    /// The number of local strangers' faces that set the threshold, if any.
    pub at_hand: Option<usize>,
    /// Whether the population has few people like the person.
    pub rare: bool,
    /// The false accept rate that the threshold was chosen for.
    pub far: f64,
    /// The number of simulated strangers drawn from the population.
    pub strangers: usize,
    /// How many of them match.
    pub accepted: usize,
    /// Their share, with its 95 % interval.
    pub accept: Estimate,
    /// The scores of kept photos and of strangers.
    #[serde(skip)]
    pub(super) scores: Scores,
}

impl Expected {
    /// Score the photos of `scene` (the scene of `profile`) by each other, and simulated strangers drawn from the
    /// population by `decision`.
    #[must_use]
    pub fn of(scene: &Scene, profile: &Profile, decision: &Decision) -> Self {
        let own: Vec<f32> = scene.of_kind(Kind::Kept).map(|face| face.score as f32).collect();
        let strangers = decision.population.strangers(STRANGERS, SEED);
        let others: Vec<f32> =
            judged(decision, &strangers).into_iter().map(|score| score as f32).collect();
        let at_least = |scores: &[f32]| {
            scores.iter().filter(|score| f64::from(**score) >= decision.threshold).count()
        };
        let (rejected, accepted) = (own.len() - at_least(&own), at_least(&others));
        Self {
            name: scene.name.clone(),
            kept: scene.kept,
            threshold: decision.threshold,
            rejected,
            reject: (own.len() > 1).then(|| Estimate::of_share(rejected, own.len())),
            at_hand: decision.strangers.as_ref().map(|strangers| strangers.faces),
            rare: Standing::of(profile, &decision.population).rare,
            far: decision.far(),
            strangers: others.len(),
            accepted,
            accept: Estimate::of_share(accepted, others.len()),
            scores: Scores::new(&own, &others),
        }
    }
}
