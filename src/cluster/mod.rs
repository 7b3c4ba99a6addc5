//! Who else is there: the faces of a library that are nobody's of the enrolled people, gathered into people.
//! Two groups of faces become one if they are likelier one person than two: by what their likeness says of
//! people in general, and by how many faces there are.

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

/// The faces of a library, gathered into people.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Gathered {
    /// The identity of the pack whose embeddings were compared.
    pub models: String,
    /// Photos that were looked at.
    pub photos: usize,
    /// Photos that are another one's copy, byte by byte, and were left out.
    pub copies: usize,
    /// Faces in the others.
    pub faces: usize,
    /// Faces of people who are enrolled, which were left out.
    pub known: usize,
    /// Faces that are in no group.
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
    /// The id of the enrolled person that it shows, all faces taken together; null if it is nobody's.
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
    /// Its photo, as it was named.
    #[serde(serialize_with = "path_as_text")]
    #[cfg_attr(feature = "serve", schema(value_type = String))]
    pub photo: PathBuf,
    /// The SHA-256 of that file.
    pub sha256: String,
    /// Which of the photo's faces it is, counted from the left from 1.
    pub number: usize,
    /// How well the others of the group recognise it: −log₁₀ of the share of strangers at least as alike.
    pub score: f64,
    /// Where it is.
    #[serde(flatten)]
    pub face: Face,
}

#[cfg(test)]
mod tests;
