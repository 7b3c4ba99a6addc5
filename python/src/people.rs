//! The people enrolled in a folder, and which of them are in photos.

use std::path::{Path, PathBuf};

use pyo3::prelude::*;
use sameface::cluster::{self, Collection};
use sameface::enroll::Candidate;
use sameface::error::Front;
use sameface::identify::Gallery;
use sameface::people::{APART, Folder, People, Person as Enrolled};
use sameface::profile::{Lock, Passphrase, Profile, ThresholdChoice, check_writable};
use sameface::review::Answer;
use sameface::{Error, Result};
use serde::Serialize;

use crate::errors::raised;
use crate::packs::OpenedPack;
use crate::person::{Person, choice_of, passphrase_of};
use crate::photos::Seen;

/// The people in a folder, of one pack.
#[pyclass(frozen, name = "People", module = "sameface._sameface")]
pub struct EnrolledPeople {
    people: People,
    pack: Py<OpenedPack>,
    /// Opens encrypted profiles, and encrypts profiles that are saved.
    passphrase: Option<Passphrase>,
}

/// The people that faces are compared with.
#[pyclass(frozen, module = "sameface._sameface")]
pub struct Known {
    pub gallery: Gallery,
    /// Why some enrolled people are not among them.
    left_out: Vec<String>,
}

#[pymethods]
impl Known {
    #[getter]
    fn left_out(&self) -> Vec<String> {
        self.left_out.clone()
    }
}

/// A list of findings as JSON.
fn text_of<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::from(std::io::Error::from(error)))
}

/// A person's id, name, number of kept photos, threshold, whether the profile is of this pack, and why the
/// profile cannot be read.
type Line = (String, Option<String>, usize, Option<f64>, bool, Option<String>);

impl EnrolledPeople {
    /// The passphrase for the profile at `path`.
    fn unlock(&self, path: &Path) -> Result<Passphrase> {
        self.passphrase.clone().ok_or_else(|| Error::Encrypted { path: path.to_owned() })
    }

    /// The identity of the pack.
    fn identity(&self) -> String {
        self.pack.get().pack.identity()
    }

    fn read(&self, path: &Path) -> Result<Profile> {
        Profile::read(path, || self.unlock(path))
    }

    fn line(&self, id: String, path: &Path) -> Line {
        match self.read(path) {
            Err(error) => (id, None, 0, None, false, Some(error.told(Front::Python))),
            Ok(profile) => {
                let usable = profile.models == self.identity();
                let (kept, threshold) = (profile.kept().count(), profile.threshold());
                (id, Some(profile.name), kept, Some(threshold), usable, None)
            }
        }
    }

    /// The id and file to save a person of this name to: those of the person who has the name, or new ones.
    fn place(&self, name: &str) -> Result<(String, PathBuf)> {
        let id = self.people.folder.id_for(name)?;
        let path = self.people.folder.file(&id)?;
        check_writable(&path)?;
        match self.read(&path) {
            // An encrypted profile is not replaced if it cannot be opened.
            Err(error @ (Error::Encrypted { .. } | Error::WrongPassphrase { .. })) => Err(error),
            _ => Ok((id, path)),
        }
    }

    fn saved(&self, profile: &Profile) -> Result<String> {
        let (folder, here) = (&self.people.folder, self.identity());
        if profile.models != here {
            let (path, found) = (PathBuf::from(&profile.name), profile.models.clone());
            return Err(Error::OtherModels { path, found, here });
        }
        folder.make()?;
        // Two programs must not choose the same new file.
        let _people = Lock::wait(&folder.path().join("new"));
        let (id, path) = self.place(&profile.name)?;
        let _apart = (id == APART).then(|| Lock::wait(&path));
        profile.save(&path, self.passphrase.as_ref())?;
        folder.note_last(&id)?;
        Ok(id)
    }

    /// Everybody whose profile can be used, with their own threshold or the one for a rate.
    fn known_at(&self, far: Option<ThresholdChoice>) -> Result<Known> {
        let (gallery, left_out) = Gallery::of(&self.people, far)?;
        Ok(Known { gallery, left_out: left_out.iter().map(Error::to_string).collect() })
    }

    fn person_of(&self, py: Python<'_>, found: &Enrolled) -> Result<Person> {
        let (profile, decision) = (found.profile.clone(), found.decision.clone());
        Person::fitted(self.pack.clone_ref(py), profile, decision)
    }
}

#[pymethods]
impl EnrolledPeople {
    /// The people in `folder`, or in the user's folder.
    #[new]
    fn new(
        py: Python<'_>,
        folder: Option<PathBuf>,
        passphrase: Option<String>,
        pack: Py<OpenedPack>,
    ) -> PyResult<Self> {
        let passphrase = passphrase.map(passphrase_of).transpose()?;
        let folder = folder.map_or_else(Folder::of_user, Folder::at);
        let (opens, models) = (passphrase.clone(), pack.get().pack.clone());
        let unlock = move |path: &Path| {
            opens.clone().ok_or_else(|| Error::Encrypted { path: path.to_owned() })
        };
        let encrypt = passphrase.clone();
        let people = py.detach(|| People::new(folder, &models, Box::new(unlock), encrypt));
        Ok(Self { people: people.map_err(raised)?, pack, passphrase })
    }

    #[getter]
    fn folder(&self) -> PathBuf {
        self.people.folder.path().to_owned()
    }

    #[getter]
    fn pack(&self, py: Python<'_>) -> Py<OpenedPack> {
        self.pack.clone_ref(py)
    }

    fn count(&self, py: Python<'_>) -> usize {
        py.detach(|| self.people.folder.files().len())
    }

    fn everybody(&self, py: Python<'_>) -> Vec<Line> {
        py.detach(|| {
            let files = self.people.folder.files().into_iter();
            files.map(|(id, path)| self.line(id, &path)).collect()
        })
    }

    /// The id of the person with this name or id.
    fn find(&self, py: Python<'_>, name: &str) -> PyResult<String> {
        py.detach(|| self.people.folder.find(name)).map_err(raised)
    }

    /// The person with this name or id.
    fn person(&self, py: Python<'_>, name: &str) -> PyResult<Person> {
        let found = py.detach(|| self.people.person(&self.people.folder.find(name)?));
        self.person_of(py, &*found.map_err(raised)?).map_err(raised)
    }

    /// Check, before minutes of work, that a person of this name can be saved.
    fn check_place(&self, py: Python<'_>, name: &str) -> PyResult<()> {
        py.detach(|| self.place(name)).map(drop).map_err(raised)
    }

    /// Save a person under the id of the person with the same name, or a new id; returns the id.
    fn save(&self, py: Python<'_>, person: &Bound<'_, Person>) -> PyResult<String> {
        let person = person.get();
        py.detach(|| self.saved(&person.profile)).map_err(raised)
    }

    fn rename(&self, py: Python<'_>, name: &str, new: &str) -> PyResult<Person> {
        let renamed = py.detach(|| self.people.rename(name, new)).map_err(raised)?;
        self.person_of(py, &renamed).map_err(raised)
    }

    fn remove(&self, py: Python<'_>, name: &str) -> PyResult<()> {
        py.detach(|| self.people.delete(&self.people.folder.find(name)?)).map_err(raised)
    }

    /// The id of the person enrolled last, and the name if it can be read.
    fn last(&self, py: Python<'_>) -> Option<(String, Option<String>)> {
        py.detach(|| {
            let id = self.people.folder.last().ok().flatten()?;
            let path = self.people.folder.file(&id).ok()?;
            Some((id, self.read(&path).ok().map(|profile| profile.name)))
        })
    }

    fn note_last(&self, py: Python<'_>, name: &str) -> PyResult<()> {
        let folder = &self.people.folder;
        py.detach(|| folder.note_last(&folder.find(name)?)).map_err(raised)
    }

    fn tell_apart(&self, py: Python<'_>, one: &str, other: &str) -> PyResult<(Person, Person)> {
        let folder = &self.people.folder;
        let apart = || self.people.tell_apart(&folder.find(one)?, &folder.find(other)?);
        let [one, other] = py.detach(apart).map_err(raised)?;
        let of = |person: &Enrolled| self.person_of(py, person).map_err(raised);
        Ok((of(&one)?, of(&other)?))
    }

    /// The others who look like a person: their ids, names and scores.
    fn alike(&self, py: Python<'_>, name: &str) -> PyResult<Vec<(String, String, f64)>> {
        let alike = || {
            let person = self.people.person(&self.people.folder.find(name)?)?;
            let others = self.people.alike(&person).into_iter();
            Ok(others.map(|other| (other.person, other.name, other.score)).collect())
        };
        py.detach(alike).map_err(raised)
    }

    /// The faces to review of a person, as JSON.
    fn review(&self, py: Python<'_>, name: &str) -> PyResult<String> {
        let review = || {
            let (person, review) = self.people.review(&self.people.folder.find(name)?)?;
            text_of(&review.list(&person.profile, &person.decision))
        };
        py.detach(review).map_err(raised)
    }

    /// Answer faces by their ids; returns the remaining faces as JSON.
    fn answer(
        &self,
        py: Python<'_>,
        name: &str,
        yes: Vec<String>,
        no: Vec<String>,
        unsure: Vec<String>,
    ) -> PyResult<String> {
        let said = [(yes, Answer::Yes), (no, Answer::No), (unsure, Answer::Unsure)];
        let each = said
            .into_iter()
            .flat_map(|(faces, answer)| faces.into_iter().map(move |face| (face, answer)));
        let answers: Vec<(String, Answer)> = each.collect();
        let answer = || {
            let id = self.people.folder.find(name)?;
            let (person, review) = self.people.answer(&id, &answers)?;
            text_of(&review.list(&person.profile, &person.decision))
        };
        py.detach(answer).map_err(raised)
    }

    /// Undo the last answers; returns the faces they were for, and the review as JSON.
    fn undo_answer(&self, py: Python<'_>, name: &str) -> PyResult<(Vec<String>, String)> {
        let undo = || {
            let id = self.people.folder.find(name)?;
            let (person, review, undone) = self.people.undo(&id)?;
            Ok((undone, text_of(&review.list(&person.profile, &person.decision))?))
        };
        py.detach(undo).map_err(raised)
    }

    /// The unknown faces of photos, or with `known` all faces, in groups of at least `least` faces, as in
    /// `verify faces --json`.
    fn gather(
        &self,
        py: Python<'_>,
        seen: Vec<Py<Seen>>,
        known: bool,
        least: usize,
        threads: usize,
    ) -> PyResult<String> {
        let gathered = py.detach(|| {
            // If no profile can be used, no faces are left out.
            let gallery = Gallery::of(&self.people, None).ok().map(|(gallery, _)| gallery);
            let enrolled = if known { cluster::Known::TakenIn } else { cluster::Known::LeftOut };
            let mut faces = Collection::new(&self.people.population, gallery.as_ref(), enrolled);
            for photo in &seen {
                let Candidate { path, sha256, faces: found, .. } = photo.get().candidate();
                faces.add(path, sha256, found.unwrap_or_default());
            }
            faces.gather(&self.identity(), least, threads)
        });
        let gathered = gathered.map_err(raised)?;
        text_of(&gathered).map_err(raised)
    }

    /// Everybody whose profile can be used, with thresholds for the rate `far` if given.
    #[pyo3(signature = (far))]
    fn known(&self, py: Python<'_>, far: Option<f64>) -> PyResult<Known> {
        let far = far.map(choice_of).transpose()?;
        py.detach(|| self.known_at(far)).map_err(raised)
    }
}
