//! How a profile is expected to do on new photos.

use serde::Serialize;

use crate::decision::Decision;
use crate::enroll::Standing;
use crate::eval::{Estimate, Scores};
use crate::plot::{Kind, Scene, judged};
use crate::profile::Profile;

/// Strangers that are drawn from the population and judged.
const STRANGERS: usize = 50_000;
/// Their seed.
const SEED: u64 = 3;

/// How a profile is expected to do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expected {
    /// The person's name.
    pub name: String,
    /// Photos that the person was learnt from.
    pub kept: usize,
    /// The score from which on a face is a match.
    pub threshold: f64,
    /// Kept photos that the others would reject.
    pub rejected: usize,
    /// The share of them, with its 95 % interval; absent for a single photo.
    pub reject: Option<Estimate>,
    /// Faces of strangers at hand that the threshold was set by, if it was.
    pub at_hand: Option<usize>,
    /// Whether the population has few people like the person.
    pub rare: bool,
    /// The share of strangers that the threshold asks for.
    pub far: f64,
    /// Strangers drawn from the population.
    pub strangers: usize,
    /// How many of them are accepted.
    pub accepted: usize,
    /// The share of them, with its 95 % interval.
    pub accept: Estimate,
    /// The scores of kept photos and of strangers.
    #[serde(skip)]
    pub(super) scores: Scores,
}

impl Expected {
    /// Judge the photos of `scene`, which is that of `profile`, by each other, and strangers drawn from the population by
    /// `decision`.
    #[must_use]
    pub fn of(scene: &Scene, profile: &Profile, decision: &Decision) -> Self {
        let own: Vec<f32> = scene.of_kind(Kind::Kept).map(|face| face.evidence as f32).collect();
        let strangers = decision.population.strangers(STRANGERS, SEED);
        let others: Vec<f32> =
            judged(decision, &strangers).into_iter().map(|evidence| evidence as f32).collect();
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
