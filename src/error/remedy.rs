//! How to fix an error, in the words of the front end: the command line has flags, Python has arguments, a
//! client of the server has neither.

use super::{Error, Examples};

/// A front end, which decides the words in which an error says the fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Front {
    /// The command line.
    Command,
    /// A client of the server.
    Client,
    /// The Python module.
    Python,
}

impl Error {
    /// The error in one line that ends with the fix for this front end. `Display` has only the fixes that are the
    /// same for all front ends.
    #[must_use]
    pub fn told(&self, front: Front) -> String {
        match (self, self.remedy(front)) {
            // The value of this flag is what is wrong.
            (Self::Device { .. }, _) if front == Front::Command => format!("--{self}"),
            // Other front ends have no flags.
            (Self::Value { .. }, _) if front != Front::Command => {
                self.to_string().trim_start_matches("--").to_owned()
            }
            (_, Some(remedy)) => format!("{self}; {remedy}"),
            (_, None) => self.to_string(),
        }
    }

    /// The fix, if it differs between front ends.
    fn remedy(&self, front: Front) -> Option<String> {
        if let Self::TwoPeople { examples, .. } = self {
            return Some(examples.remedy(front));
        }
        if let Self::WhichFace { path, .. } = self {
            let photo = path.display();
            return Some(match front {
                Front::Command => {
                    format!(
                        "choose one with --face {photo}:N (counted from the left), or crop the photo"
                    )
                }
                Front::Client => {
                    "send the number of one as its \"face\" (counted from the left)".to_owned()
                }
                Front::Python => format!(
                    "choose one with face={{\"{photo}\": N}} (counted from the left), or crop the photo"
                ),
            });
        }
        let [command, client, python] = self.remedies()?;
        let remedy = match front {
            Front::Command => command,
            Front::Client => client,
            Front::Python => python,
        };
        Some(remedy.to_owned())
    }

    /// The fixes that do not depend on the error's fields, in the order of [`Front`].
    fn remedies(&self) -> Option<[&'static str; 3]> {
        Some(match self {
            Self::Model { .. } => ["run `verify doctor` to see what is wrong"; 3],
            Self::Pack { .. } => [
                "examine it with `verify pack check`, or choose another with --pack",
                "examine it with `verify pack check`",
                "examine it with `verify pack check`, or choose another with pack=",
            ],
            Self::NoProfile { .. } => [
                "make one with `verify enroll DIR`, or name another with --profile",
                "enrol somebody with POST /api/people",
                "make one with Profile.enroll and save it, or name another file",
            ],
            Self::NoPerson { .. } => [
                "`verify people` lists everybody enrolled, `verify enroll DIR --name NAME` adds somebody",
                "GET /api/people lists everybody enrolled",
                "People.list lists everybody enrolled, People.enroll adds somebody",
            ],
            Self::SeveralPeople { .. } => [
                "name one by the id that `verify people` shows",
                "name one by the id",
                "name one by the id",
            ],
            Self::WhichPerson { .. } => ["choose one with --person", "choose one", "choose one"],
            Self::DamagedProfile { .. } => {
                ["enrol again with `verify enroll DIR`", "enrol again", "enrol again"]
            }
            Self::Encrypted { .. } => [
                "name a file that holds it with --key-file",
                "start `verify serve` with --key-file",
                "give it as passphrase=",
            ],
            Self::OtherModels { .. } => [
                "choose that pack with --pack, or enrol again with `verify enroll DIR`",
                "start `verify serve` with that pack, or enrol again",
                "choose that pack with pack=, or enrol again",
            ],
            Self::NotAProfile { .. } => {
                ["name another file with --profile", "name another file", "name another file"]
            }
            Self::Review { .. } => [
                "scan again with `verify scan DIR`",
                "scan again with `verify scan`",
                "scan again with `verify scan`",
            ],
            Self::Index { .. } => [
                "name another with --index, or use none with --no-index",
                "start `verify serve` with another --index",
                "name another file",
            ],
            Self::NotAnIndex { .. } => {
                ["name another file with --index", "name another file", "name another file"]
            }
            Self::NoCurve { .. } => [
                "choose another --method, or estimate a new population with `verify population`",
                "choose another method",
                "choose another method=, or estimate a new population with `verify population`",
            ],
            Self::Numeric { .. } => [
                "check the photos with `verify check`, or choose another --method",
                "check the photos, or choose another method",
                "check the photos, or choose another method=",
            ],
            _ => return None,
        })
    }
}

impl Examples {
    /// How to choose one of the two people.
    fn remedy(&self, front: Front) -> String {
        let (photo, first, second) = match self {
            Self::Apart(first, second) => {
                return format!(
                    "{} shows one of them, {} the other: keep only the photos of one person",
                    first.display(),
                    second.display()
                );
            }
            Self::Together(photo, first, second) => (photo.display(), first, second),
        };
        match front {
            Front::Command => format!(
                "choose one with --face {photo}:{first} or --face {photo}:{second} (counted from the left), or crop some \
                photos to the person"
            ),
            Front::Client => format!(
                "send {first} or {second} as the \"face\" of {photo} (counted from the left) to choose one"
            ),
            Front::Python => format!(
                "choose one with face={{\"{photo}\": {first}}} or face={{\"{photo}\": {second}}} (counted from the left), or \
                crop some photos to the person"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_front_end_says_what_to_do_in_its_own_words() {
        let error = Error::Encrypted { path: "anna.json".into() };
        let problem = "anna.json: encrypted, and no passphrase was given";
        assert_eq!(error.to_string(), problem);
        for (front, remedy) in [
            (Front::Command, "name a file that holds it with --key-file"),
            (Front::Client, "start `verify serve` with --key-file"),
            (Front::Python, "give it as passphrase="),
        ] {
            assert_eq!(error.told(front), format!("{problem}; {remedy}"));
        }
    }

    #[test]
    fn a_face_is_named_as_each_front_end_names_one() {
        let error = Error::TwoPeople {
            path: "party".into(),
            first: 2,
            second: 2,
            examples: Examples::Together("a.jpg".into(), 1, 3),
        };
        assert!(error.told(Front::Command).contains("--face a.jpg:1 or --face a.jpg:3"));
        assert!(error.told(Front::Client).contains("send 1 or 3 as the \"face\" of a.jpg"));
        assert!(error.told(Front::Python).contains("face={\"a.jpg\": 1} or face={\"a.jpg\": 3}"));
    }

    #[test]
    fn python_and_programs_are_told_of_no_flag() {
        let path = || "x".into();
        let text = || "y".to_owned();
        let errors = [
            Error::NoProfile { path: path() },
            Error::NoPerson { name: text(), folder: path() },
            Error::WhichPerson { folder: path(), first: text(), second: text() },
            Error::WhichFace { path: path(), faces: 2 },
            Error::DamagedProfile { path: path(), reason: text() },
            Error::OtherModels { path: path(), found: text(), here: text() },
            Error::NotAProfile { path: path() },
            Error::Pack { place: text(), reason: text() },
            Error::Device { device: "cuda", reason: text(), remedy: "install it" },
            Error::NoCurve { method: "plda" },
            Error::Numeric { what: "fitting", reason: text() },
        ];
        for error in errors {
            let [program, python] = [error.to_string(), error.told(Front::Python)];
            assert!(!program.contains("--") && !python.contains("--"), "{program}\n{python}");
            let command = error.told(Front::Command);
            assert!(command.contains("--") || command.contains("`verify "), "{command}");
        }
    }
}
