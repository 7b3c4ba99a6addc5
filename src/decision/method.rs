//! The decision methods in one table, which commands, pages, pictures and documents use. [`super::Scorer`] fits
//! them; the curves of a population calibrate their raw scores.

use serde::{Deserialize, Serialize};

/// How enrolled photos give a raw score for another face; centroid is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
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

/// The texts of a method: its name on the command line and in files, its name in a picture, and what it
/// does.
struct Said(&'static str, &'static str, &'static str);

impl Method {
    /// All methods, the default first.
    pub const ALL: [Self; 5] =
        [Self::Centroid, Self::Nearest, Self::Plda, Self::Svm, Self::Supervised];
    /// The default method. PLDA is as accurate on the people whom the population was estimated from, but accepts
    /// several times as many strangers among people of another kind; see docs/accuracy.md.
    pub const DEFAULT: Self = Self::Centroid;

    /// The table.
    const fn said(self) -> Said {
        match self {
            Self::Centroid => Said(
                "centroid",
                "cosine to the mean photo",
                "Cosine to the mean of the enrolled photos",
            ),
            Self::Nearest => Said(
                "nearest",
                "cosine to the closest photo",
                "Cosine to the closest enrolled photo",
            ),
            Self::Plda => Said(
                "plda",
                "PLDA",
                "Probabilistic linear discriminant analysis against people in general",
            ),
            Self::Svm => Said("svm", "one-class SVM", "One-class support vector machine"),
            Self::Supervised => Said(
                "supervised",
                "SVM against others",
                "Support vector machine between the enrolled photos and those of --negatives",
            ),
        }
    }

    /// The method's name on the command line and in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.said().0
    }

    /// Its name in pictures.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.said().1
    }

    /// What it does, for `--help`.
    #[must_use]
    pub const fn about(self) -> &'static str {
        self.said().2
    }

    /// The method with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_has_one_name_in_files_and_everywhere_else() {
        for method in Method::ALL {
            assert_eq!(serde_json::to_value(method).unwrap(), method.name());
            assert_eq!(
                (Method::named(method.name()), method.to_string()),
                (Some(method), method.name().into())
            );
        }
        assert_eq!((Method::ALL[0], Method::named("fusion")), (Method::DEFAULT, None));
    }

    /// Python's types are written by hand.
    #[test]
    fn python_knows_the_same_methods() {
        let home = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let names = Method::ALL.map(Method::name);
        let python = std::fs::read_to_string(home.join("python/sameface/_profile.py")).unwrap();
        let literal = format!("Method = Literal[\"{}\"]", names.join("\", \""));
        assert!(python.contains(&literal), "{literal}");
    }
}
