//! The names of the decision methods.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// How enrolled photos become a score for another face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// PLDA and the one-class support vector machine together.
    Fusion,
    /// Probabilistic linear discriminant analysis over the population.
    Plda,
    /// Cosine to the trimmed mean of the enrolled photos.
    Centroid,
    /// Cosine to the closest enrolled photo.
    Nearest,
    /// One-class support vector machine.
    Svm,
    /// Support vector machine between the enrolled photos and photos of others.
    Supervised,
}

impl Method {
    /// All methods, the best first.
    pub const ALL: [Self; 6] =
        [Self::Fusion, Self::Plda, Self::Centroid, Self::Nearest, Self::Svm, Self::Supervised];
    /// The one that is used where none is named: as accurate as PLDA over many people, and kinder to
    /// a person's unusual photos; see docs/accuracy.md.
    pub const DEFAULT: Self = Self::Fusion;

    /// The method's name on the command line and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fusion => "fusion",
            Self::Plda => "plda",
            Self::Centroid => "centroid",
            Self::Nearest => "nearest",
            Self::Svm => "svm",
            Self::Supervised => "supervised",
        }
    }
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
