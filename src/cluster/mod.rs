//! Groups the unknown faces of a library by person. Two groups of faces are joined if they more probably show
//! one person than two, given how alike people in general are and how many faces there are.

mod collect;
mod likeness;
mod links;
mod merge;
mod pick;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::face::Face;
use crate::profile::path_as_text;

pub use collect::{Collection, Known};

/// The faces of a library, grouped by person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Gathered {
    /// The identity of the pack whose embeddings were compared.
    pub models: String,
    /// The number of photos that were analysed.
    pub photos: usize,
    /// Photos that are byte-for-byte copies of another and were left out.
    pub copies: usize,
    /// Faces in the other photos.
    pub faces: usize,
    /// Faces of enrolled people, which were left out.
    pub known: usize,
    /// Faces that are not in any group.
    pub alone: usize,
    /// The groups, the largest first.
    pub groups: Vec<Group>,
}

/// The faces of one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Group {
    /// Its number, from 1.
    pub group: usize,
    /// The id of the enrolled person that it shows, judged by all its faces together; null if nobody's.
    #[cfg_attr(feature = "serve", schema(required))]
    pub person: Option<String>,
    /// That person's name.
    #[cfg_attr(feature = "serve", schema(required))]
    pub name: Option<String>,
    /// Its faces, the most typical first.
    pub faces: Vec<Member>,
}

/// A face of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Member {
    /// The photo's path, as given.
    #[serde(serialize_with = "path_as_text")]
    #[cfg_attr(feature = "serve", schema(value_type = String))]
    pub photo: PathBuf,
    /// The SHA-256 of that file.
    pub sha256: String,
    /// Which of the photo's faces it is, counted from the left from 1.
    pub number: usize,
    /// Its score by the other faces of the group: −log₁₀ of the share of strangers who look at least as similar.
    pub score: f64,
    /// Its place in the photo.
    #[serde(flatten)]
    pub face: Face,
}

#[cfg(test)]
mod tests;
