//! How a profile stands among other people: those of its kind in the population, and local strangers.

use ndarray::ArrayView2;
use serde::Serialize;

use crate::decision::{Population, Strangers};
use crate::error::Result;
use crate::profile::Profile;

/// The fewest faces of strangers that set a threshold automatically.
const ENOUGH_FACES: usize = 200;
/// The most faces that are used.
pub const MOST_FACES: usize = 20_000;

/// The scores by `profile` of the strangers among unlabelled faces. `embeddings` holds one face after another and
/// may include the person's own. `None` if there are fewer than twenty strangers.
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

/// The profile with its threshold set by `faces`, if they are better evidence than the known strangers.
///
/// # Errors
/// If the profile's method cannot be fitted.
pub fn with_seen(profile: Profile, population: &Population, faces: &[f32]) -> Result<Profile> {
    let learnt = learn_strangers(&profile, population, faces)?;
    let strangers = better_known(profile.strangers.clone(), learnt);
    Ok(Profile { strangers, ..profile })
}

/// The better of the `known` and the newly `learnt` local strangers: the new ones, if they are enough faces and at
/// least half as many as the known ones.
fn better_known(known: Option<Strangers>, learnt: Option<Strangers>) -> Option<Strangers> {
    let least = known.as_ref().map_or(0, |known| known.faces / 2).max(ENOUGH_FACES);
    learnt.filter(|learnt| learnt.faces >= least).or(known)
}

/// How the person's kind stands in the population.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Standing {
    /// How much scores are lowered because people of the person's kind look more alike than most, 0 to 1.25.
    pub crowding: f64,
    /// Whether the population has few people like the person, so that the false accept rate is less certain.
    pub rare: bool,
}

impl Standing {
    /// The standing of the person of `profile`.
    #[must_use]
    pub fn of(profile: &Profile, population: &Population) -> Self {
        let embeddings = profile.embeddings();
        Self {
            crowding: population.kinds.crowding(&embeddings),
            rare: population.kinds.is_rare(&embeddings, population.mean.view()),
        }
    }
}
