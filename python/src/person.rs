//! An enrolled person: the profile and the decision fitted to it.

use std::path::PathBuf;

use numpy::{PyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use verify::decision::{Decision, Method, Population};
use verify::enroll::{Request, enroll, learn_strangers};
use verify::pack::Pack;
use verify::profile::{Calibrate, Passphrase, Profile, Status, ThresholdChoice};
use verify::{Error, Result};

use crate::errors::raised;
use crate::packs::OpenedPack;
use crate::photos::Seen;
use crate::scores::evidences;

/// A profile, the pack that its embeddings are of, and the decision fitted to it.
#[pyclass(frozen, module = "verify._verify")]
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
}

/// A path, its status, why it was set aside, its evidence.
type Record = (String, &'static str, Option<String>, Option<f64>);

/// What a person is made from again: the file's bytes, and their pack.
type Content<'py> = (Bound<'py, PyBytes>, Py<OpenedPack>);

#[pymethods]
impl Person {
    #[staticmethod]
    fn enroll(
        py: Python<'_>,
        photos: Vec<Bound<'_, Seen>>,
        folder: PathBuf,
        name: String,
        method: &str,
        far: f64,
        pack: Py<OpenedPack>,
    ) -> PyResult<Self> {
        let candidates = photos.iter().map(|photo| photo.get().candidate()).collect();
        let (method, threshold) = (method_called(method)?, choice_of(far)?);
        let enrolled = || {
            let models: &Pack = &pack.get().pack;
            let duplicates = models.description.duplicates;
            let identity = models.identity();
            let request = Request { name, method, threshold, models: identity, duplicates, folder };
            let profile = enroll(&request, &Population::of(models)?, candidates)?;
            let json = profile.to_json()?;
            Self::new(pack, profile, json)
        };
        py.detach(enrolled).map_err(raised)
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

    /// The same person with the threshold set by unlabelled faces, or by the population alone.
    #[pyo3(signature = (embeddings))]
    fn with_strangers(
        &self,
        py: Python<'_>,
        embeddings: Option<PyReadonlyArray2<'_, f32>>,
    ) -> PyResult<Self> {
        let rows = embeddings.map(|rows| rows.as_array().iter().copied().collect::<Vec<f32>>());
        let pack = self.pack.clone_ref(py);
        let learnt = || {
            let population = Population::of(&pack.get().pack)?;
            let few = "they are fewer than 20 strangers' faces; give more of them";
            let strangers = rows
                .map(|rows| {
                    learn_strangers(&self.profile, &population, &rows)?
                        .ok_or_else(|| Error::value("strangers", few))
                })
                .transpose()?;
            let calibrate = if strangers.is_some() { Calibrate::Given } else { Calibrate::Auto };
            let profile = Profile { strangers, calibrate, ..self.profile.clone() };
            let json = profile.to_json()?;
            Self::new(pack, profile, json)
        };
        py.detach(learnt).map_err(raised)
    }

    fn score<'py>(
        &self,
        py: Python<'py>,
        embeddings: PyReadonlyArray2<'py, f32>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        evidences(py, &self.decision, &embeddings, threads)
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

    /// The faces of strangers that the threshold was set by.
    #[getter]
    fn strangers(&self) -> Option<usize> {
        self.profile.strangers.as_ref().map(|strangers| strangers.faces)
    }

    #[getter]
    fn photos(&self) -> Vec<Record> {
        let record = |photo: &verify::profile::PhotoRecord| {
            let (status, reason) = match &photo.status {
                Status::Kept => ("kept", None),
                Status::Duplicate { of } => {
                    ("duplicate", Some(format!("the same as {}", of.to_string_lossy())))
                }
                Status::SetAside { reason } => ("set-aside", Some(reason.to_string())),
            };
            (photo.path.to_string_lossy().into_owned(), status, reason, photo.evidence)
        };
        self.profile.photos.iter().map(record).collect()
    }
}

/// The threshold for a false accept rate.
#[pyfunction]
pub fn threshold_of(far: f64) -> PyResult<f64> {
    choice_of(far).map(ThresholdChoice::evidence)
}

fn choice_of(far: f64) -> PyResult<ThresholdChoice> {
    ThresholdChoice::of_far(far).map_err(|problem| raised(Error::value("far", problem)))
}

fn passphrase_of(text: String) -> PyResult<Passphrase> {
    Passphrase::new(text).map_err(|problem| raised(Error::value("passphrase", problem)))
}

/// The method of this name.
pub fn method_called(name: &str) -> PyResult<Method> {
    let found = Method::ALL.into_iter().find(|method| method.name() == name);
    found.ok_or_else(|| {
        let names = Method::ALL.map(Method::name).join(", ");
        raised(Error::value("method", format!("there is no {name:?}; choose one of {names}")))
    })
}
