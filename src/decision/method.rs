//! The names of the decision methods.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// How enrolled photos become a score for another face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Cosine to the mean of the enrolled photos.
    Centroid,
    /// Cosine to the closest enrolled photo.
    Nearest,
    /// Probabilistic linear discriminant analysis over the population.
    Plda,
    /// One-class support vector machine.
    Svm,
    /// Support vector machine between the enrolled photos and photos of others.
    Supervised,
}

impl Method {
    /// All methods, the default first.
    pub const ALL: [Self; 5] =
        [Self::Centroid, Self::Nearest, Self::Plda, Self::Svm, Self::Supervised];
    /// The one that is used if none is named. PLDA is as accurate on the people whom the population
    /// was estimated from, and accepts several times as many strangers among people of another
    /// kind; see docs/accuracy.md.
    pub const DEFAULT: Self = Self::Centroid;

    /// The method's name on the command line and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
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
