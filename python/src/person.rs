//! An enrolled person: the profile and the decision fitted to it.

use std::path::PathBuf;

use numpy::{PyArray1, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use sameface::check::CheckSettings;
use sameface::decision::{Decision, Method, Population};
use sameface::enroll::{Change, SetBy, Setting};
use sameface::profile::{Passphrase, Profile, Status, ThresholdChoice};
use sameface::{Error, Result};

use crate::asked::Asked;
use crate::errors::raised;
use crate::packs::OpenedPack;
use crate::scores::scores;

/// A profile, the pack that its embeddings are of, and the decision fitted to it.
#[pyclass(frozen, module = "sameface._sameface")]
pub struct Person {
    pub profile: Profile,
    pub decision: Decision,
    pack: Py<OpenedPack>,
    /// The profile as its file holds it, the same bytes however often it travels.
    json: Vec<u8>,
}

impl Person {
    fn new(pack: Py<OpenedPack>, profile: Profile, json: Vec<u8>) -> Result<Self> {
        let decision = profile.decision(&Population::of(&pack.get().pack)?)?;
        Ok(Self { profile, decision, pack, json })
    }

    /// A person of this pack to whom a decision was fitted.
    pub fn fitted(pack: Py<OpenedPack>, profile: Profile, decision: Decision) -> Result<Self> {
        let json = profile.to_json()?;
        Ok(Self { profile, decision, pack, json })
    }

    fn changed(old: Option<Profile>, change: Change, pack: Py<OpenedPack>) -> Result<Self> {
        let population = Population::of(&pack.get().pack)?;
        let profile = change.apply(old, &Setting::of(&pack.get().pack, &population))?;
        let json = profile.to_json()?;
        Self::new(pack, profile, json)
    }
}

/// A photo's path, status, reason to be set aside, score, number of faces, number of the person's face, and
/// date.
type Record =
    (String, &'static str, Option<String>, Option<f64>, usize, Option<usize>, Option<String>);

/// The pickled content of a person: the file's bytes and the pack.
type Content<'py> = (Bound<'py, PyBytes>, Py<OpenedPack>);

#[pymethods]
impl Person {
    /// A new person, or `old` changed.
    #[staticmethod]
    fn apply(
        py: Python<'_>,
        old: Option<Bound<'_, Self>>,
        asked: Asked,
        pack: Py<OpenedPack>,
    ) -> PyResult<Self> {
        let (old, change) = (old.map(|old| old.get().profile.clone()), asked.change()?);
        py.detach(|| Self::changed(old, change, pack)).map_err(raised)
    }

    #[staticmethod]
    fn load(
        py: Python<'_>,
        path: PathBuf,
        passphrase: Option<String>,
        pack: Py<OpenedPack>,
    ) -> PyResult<Self> {
        let passphrase = passphrase.map(passphrase_of).transpose()?;
        let loaded = || {
            let known = || passphrase.ok_or(Error::Encrypted { path: path.clone() });
            let profile = Profile::unlock(&path, &pack.get().pack.identity(), known)?;
            let json = profile.to_json()?;
            Self::new(pack, profile, json)
        };
        py.detach(loaded).map_err(raised)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, json: &[u8], pack: Py<OpenedPack>) -> PyResult<Self> {
        let parsed = || {
            let identity = pack.get().pack.identity();
            let profile = Profile::from_json(json, "the profile".as_ref(), &identity)?;
            Self::new(pack, profile, json.to_vec())
        };
        py.detach(parsed).map_err(raised)
    }

    fn to_json<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.json)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Content<'py>)> {
        let make = py.get_type::<Self>().getattr("from_json")?;
        Ok((make, (self.to_json(py), self.pack(py))))
    }

    #[pyo3(signature = (path, passphrase=None))]
    fn save(&self, py: Python<'_>, path: PathBuf, passphrase: Option<String>) -> PyResult<()> {
        let passphrase = passphrase.map(passphrase_of).transpose()?;
        py.detach(|| self.profile.save(&path, passphrase.as_ref())).map_err(raised)
    }

    /// The same person with a threshold set by unlabelled faces, or by the population alone.
    #[pyo3(signature = (embeddings))]
    fn with_strangers(
        &self,
        py: Python<'_>,
        embeddings: Option<PyReadonlyArray2<'_, f32>>,
    ) -> PyResult<Self> {
        let faces = embeddings.map(|rows| rows.as_array().iter().copied().collect());
        let set_by = Some(faces.map_or(SetBy::Seen, SetBy::Faces));
        let (old, pack) = (Some(self.profile.clone()), self.pack.clone_ref(py));
        let change = Change { set_by, ..Change::default() };
        py.detach(|| Self::changed(old, change, pack)).map_err(raised)
    }

    fn score<'py>(
        &self,
        py: Python<'py>,
        embeddings: PyReadonlyArray2<'py, f32>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        scores(py, &self.decision, &embeddings, threads)
    }

    fn verdicts(&self, scores: PyReadonlyArray1<'_, f64>) -> Vec<String> {
        let judged = |score: &f64| CheckSettings::default().judge(&self.decision, *score);
        scores.as_array().iter().map(|score| judged(score).verdict.to_string()).collect()
    }

    #[getter]
    fn name(&self) -> &str {
        &self.profile.name
    }

    #[getter]
    fn method(&self) -> &'static str {
        self.profile.method.name()
    }

    #[getter]
    fn models(&self) -> &str {
        &self.profile.models
    }

    #[getter]
    fn pack(&self, py: Python<'_>) -> Py<OpenedPack> {
        self.pack.clone_ref(py)
    }

    #[getter]
    fn threshold(&self) -> f64 {
        self.decision.threshold
    }

    #[getter]
    fn far(&self) -> f64 {
        self.decision.far()
    }

    /// The year of birth, if given.
    #[getter]
    fn born(&self) -> Option<u16> {
        self.profile.born
    }

    /// How many faces of local strangers set the threshold.
    #[getter]
    fn strangers(&self) -> Option<usize> {
        self.profile.strangers.as_ref().map(|strangers| strangers.faces)
    }

    /// The names of the people kept apart.
    #[getter]
    fn look_alikes(&self) -> Vec<&str> {
        self.profile.look_alikes.iter().map(|other| other.name.as_str()).collect()
    }

    #[getter]
    fn photos(&self) -> Vec<Record> {
        let record = |photo: &sameface::profile::PhotoRecord| {
            let (status, reason) = match &photo.status {
                Status::Kept => ("kept", None),
                Status::Duplicate { of } => {
                    ("duplicate", Some(format!("the same as {}", of.to_string_lossy())))
                }
                Status::SetAside { reason } => ("set-aside", Some(reason.to_string())),
            };
            let path = photo.path.to_string_lossy().into_owned();
            let faces = photo.bystanders + usize::from(photo.face.is_some());
            let taken = photo.taken.map(String::from);
            (path, status, reason, photo.score, faces, photo.number, taken)
        };
        self.profile.photos.iter().map(record).collect()
    }
}

/// The threshold for a false accept rate.
#[pyfunction]
pub fn threshold_of(far: f64) -> PyResult<f64> {
    choice_of(far).map(ThresholdChoice::score)
}

pub fn choice_of(far: f64) -> PyResult<ThresholdChoice> {
    ThresholdChoice::of_far(far).map_err(|problem| raised(Error::value("far", problem)))
}

/// The passphrase of a profile.
pub fn passphrase_of(text: String) -> PyResult<Passphrase> {
    Passphrase::new(text).map_err(|problem| raised(Error::value("passphrase", problem)))
}

/// The method of this name.
pub fn method_called(name: &str) -> PyResult<Method> {
    Method::named(name).ok_or_else(|| {
        let names = Method::ALL.map(Method::name).join(", ");
        raised(Error::value("method", format!("{name:?} is not a method; choose one of {names}")))
    })
}
