//! Whether two enrolled people look so much alike that photos of one match the other.

use serde::Serialize;

use crate::decision::Decision;
use crate::profile::Profile;

/// An enrolled person with the decision fitted to them.
type Fitted<'a> = (&'a Profile, &'a Decision);

/// Somebody who looks like a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Alike {
    /// The other's id among the people.
    pub person: String,
    /// The other's name.
    pub name: String,
    /// The highest score of a photo of one person as the other.
    pub score: f64,
}

/// The highest score of an enrolled photo of one person as the other, if that would be a match: such people
/// are confused sooner or later.
#[must_use]
pub fn alike(a: Fitted, b: Fitted) -> Option<f64> {
    let taken = |(_, judge): Fitted, (shown, _): Fitted| {
        let photos = shown.kept().filter_map(|photo| photo.face.as_ref());
        let scores = photos.map(|face| judge.score(&face.embedding));
        let most = scores.fold(f64::NEG_INFINITY, f64::max);
        (most >= judge.threshold).then_some(most)
    };
    [taken(a, b), taken(b, a)].into_iter().flatten().reduce(f64::max)
}
