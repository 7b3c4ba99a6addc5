//! How a profile stands among others: the people of its kind in the population, and the strangers at
//! hand.

use ndarray::ArrayView2;
use serde::Serialize;

use crate::decision::{Population, Strangers};
use crate::error::Result;
use crate::profile::Profile;

/// Faces of strangers without which no threshold is set unasked.
const ENOUGH_FACES: usize = 200;
/// Faces, or photos, that are enough to learn from.
pub const MOST_FACES: usize = 20_000;

/// What the strangers among unlabelled faces reach by `profile`; `embeddings` are the numbers of one
/// face after another, and may be the person's own too. `None` if there are fewer than twenty strangers.
///
/// # Errors
/// If the profile's method cannot be fitted.
pub(super) fn learn_strangers(
    profile: &Profile,
    population: &Population,
    embeddings: &[f32],
) -> Result<Option<Strangers>> {
    let decision = profile.decision(population)?;
    let dimensions = population.mean.len();
    let faces = ArrayView2::from_shape((embeddings.len() / dimensions, dimensions), embeddings);
    Ok(faces.ok().and_then(|faces| Strangers::learn(&decision, faces)))
}

/// The profile with its threshold set by the faces that were seen, if they say more than is known.
///
/// # Errors
/// If the profile's method cannot be fitted.
pub fn with_seen(profile: Profile, population: &Population, faces: &[f32]) -> Result<Profile> {
    let learnt = learn_strangers(&profile, population, faces)?;
    let strangers = better_known(profile.strangers.clone(), learnt);
    Ok(Profile { strangers, ..profile })
}

/// Of what is `known` of the strangers at hand and what was `learnt` of those that turned up since: the
/// latter, if it rests on enough faces and on half as many as the former.
fn better_known(known: Option<Strangers>, learnt: Option<Strangers>) -> Option<Strangers> {
    let least = known.as_ref().map_or(0, |known| known.faces / 2).max(ENOUGH_FACES);
    learnt.filter(|learnt| learnt.faces >= least).or(known)
}

/// How the person's kind stands in the population.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Standing {
    /// By how much scores are lowered because people of the person's kind look more alike than most.
    pub crowding: f64,
    /// Whether the population has few people like the person, so that the rate is less certain.
    pub rare: bool,
}

impl Standing {
    /// Of the person of `profile`.
    #[must_use]
    pub fn of(profile: &Profile, population: &Population) -> Self {
        let embeddings = profile.embeddings();
        Self {
            crowding: population.kinds.crowding(&embeddings),
            rare: population.kinds.is_rare(&embeddings, population.mean.view()),
        }
    }
}
