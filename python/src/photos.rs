//! Photos as Python gives them, and the faces found in them.

use std::path::{Path, PathBuf};

use image::RgbImage;
use numpy::{PyArray1, PyArray2, PyReadonlyArray3, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use sameface::Error;
use sameface::check::{CheckSettings, check};
use sameface::enroll::Candidate;
use sameface::error::Front;
use sameface::identify::identify;
use sameface::pack::Purpose;
use sameface::photo::Date;
use sameface::photo::Source;
use sameface::pipeline::{AnalysedFace, AnalysedPhoto};
use sameface::profile::Choice;
use sameface::xmp::found;

use crate::errors::raised;
use crate::packs::OpenedPack;
use crate::people::Known;
use crate::person::Person;
use crate::pools::pool;
use crate::scores::rows;

/// What a photo is made of: a file's bytes, pixels of shape (height, width, 3), or a file's path.
#[derive(FromPyObject)]
pub enum Content<'py> {
    Bytes(Bound<'py, PyBytes>),
    Pixels(PyReadonlyArray3<'py, u8>),
    Path(PathBuf),
}

impl Content<'_> {
    fn source(self, name: PathBuf) -> PyResult<Source> {
        Ok(match self {
            Self::Bytes(bytes) => Source::Bytes { name, bytes: bytes.as_bytes().to_vec() },
            Self::Pixels(array) => {
                let &[height, width, _] = array.shape() else { return Err(not_rgb()) };
                let pixels = array.as_slice().map_err(|_| not_rgb())?.to_vec();
                let (width, height) = (u32::try_from(width)?, u32::try_from(height)?);
                let pixels = RgbImage::from_raw(width, height, pixels).ok_or_else(not_rgb)?;
                Source::Pixels { name, pixels, at: None }
            }
            Self::Path(path) => Source::File(path),
        })
    }
}

fn not_rgb() -> PyErr {
    PyValueError::new_err(
        "an array of pixels must have the shape (height, width, 3) and be contiguous",
    )
}

/// A photo that was analysed.
#[pyclass(frozen, module = "sameface._sameface")]
pub struct Seen {
    name: PathBuf,
    sha256: String,
    faces: Result<Vec<AnalysedFace>, String>,
    /// If its file is cut off: the error when it is enrolled.
    cut_off: Option<String>,
    taken: Option<Date>,
    /// The length of an embedding.
    dimensions: usize,
    report: Option<String>,
    /// The width and height of the upright photo.
    size: (u32, u32),
    /// The only face to enrol, or none, if something besides the photos chooses it.
    only: Option<Option<usize>>,
}

impl Seen {
    /// The photo as a candidate to enrol.
    pub fn candidate(&self) -> Candidate {
        let (path, sha256) = (self.name.clone(), self.sha256.clone());
        let faces = match &self.cut_off {
            Some(error) => Err(error.clone()),
            None => self.faces.clone(),
        };
        let candidate = Candidate {
            path,
            sha256,
            faces,
            bystanders: 0,
            number: None,
            choice: Choice::Auto,
            sent: false,
            taken: self.taken,
        };
        match self.only {
            Some(face) => candidate.only(face),
            None => candidate,
        }
    }

    fn faces(&self) -> &[AnalysedFace] {
        self.faces.as_deref().unwrap_or_default()
    }
}

#[pymethods]
impl Seen {
    #[getter]
    fn name(&self) -> String {
        self.name.to_string_lossy().into_owned()
    }

    #[getter]
    fn error(&self) -> Option<&str> {
        self.faces.as_ref().err().map(String::as_str)
    }

    /// The photo with only the face that its XMP gives this name, and whether it has one.
    fn of_person(&self, py: Python<'_>, name: &str) -> PyResult<(Self, bool)> {
        let found = py.detach(|| found(&self.name)).map_err(raised)?;
        let faces: Vec<_> = self.faces().iter().map(|face| face.face.bounds).collect();
        let face = found.face_of(name, self.size, &faces);
        let seen = Self {
            name: self.name.clone(),
            sha256: self.sha256.clone(),
            faces: self.faces.clone(),
            cut_off: self.cut_off.clone(),
            report: self.report.clone(),
            only: Some(face),
            ..*self
        };
        Ok((seen, face.is_some()))
    }

    #[getter]
    fn report(&self) -> Option<&str> {
        self.report.as_deref()
    }

    #[getter]
    fn embeddings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f32>>> {
        let values = self.faces().iter().flat_map(|face| face.embedding.iter().copied());
        rows(py, values.collect(), self.dimensions)
    }

    #[getter]
    fn boxes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f32>>> {
        let values = self.faces().iter().flat_map(|face| <[f32; 4]>::from(face.face.bounds));
        rows(py, values.collect(), 4)
    }

    #[getter]
    fn confidences<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f32>> {
        PyArray1::from_iter(py, self.faces().iter().map(|face| face.face.confidence))
    }
}

/// The person, or people, to check photos against.
#[derive(FromPyObject)]
pub enum Judge<'py> {
    Person(Bound<'py, Person>),
    People(Bound<'py, Known>),
}

/// Analyse named photos with a pack, to enrol or to check them, and report on them if `judge` is given,
/// which must be of the same pack.
#[pyfunction]
#[expect(clippy::too_many_arguments)]
pub fn analyse(
    py: Python<'_>,
    photos: Vec<(PathBuf, Content<'_>)>,
    threads: usize,
    pack: &Bound<'_, OpenedPack>,
    enrolling: bool,
    judge: Option<Judge<'_>>,
    prior: f64,
    strict: bool,
) -> PyResult<Vec<Seen>> {
    let pack = &pack.get().pack;
    let judge = judge.as_ref().map(|judge| match judge {
        Judge::Person(person) => Sought::Person(person.get()),
        Judge::People(known) => Sought::People(known.get()),
    });
    let purpose = if enrolling { Purpose::Enrolling } else { Purpose::Checking };
    let settings = CheckSettings { prior, strict };
    let names: Vec<PathBuf> = photos.iter().map(|(name, _)| name.clone()).collect();
    let sources = photos.into_iter().map(|(name, content)| content.source(name));
    let sources = sources.collect::<PyResult<Vec<_>>>()?;
    py.detach(|| {
        let photos = pool(pack, purpose, threads).map_err(raised)?.analyse(sources);
        let named = names.into_iter().zip(photos);
        let seen = |(name, photo)| seen(name, photo, pack.dimensions(), judge, settings);
        named.map(seen).collect()
    })
}

/// The person, or people, to check photos against.
#[derive(Clone, Copy)]
enum Sought<'a> {
    Person(&'a Person),
    People(&'a Known),
}

impl Sought<'_> {
    /// The result for a photo, as the command's JSON line.
    fn report(
        self,
        settings: CheckSettings,
        name: &Path,
        photo: sameface::Result<AnalysedPhoto>,
    ) -> serde_json::Result<String> {
        match self {
            Self::Person(person) => serde_json::to_string(&check(
                &person.profile,
                &person.decision,
                settings,
                name,
                photo,
            )),
            Self::People(known) => {
                serde_json::to_string(&identify(&known.gallery, settings, name, photo))
            }
        }
    }
}

fn seen(
    name: PathBuf,
    photo: sameface::Result<AnalysedPhoto>,
    dimensions: usize,
    sought: Option<Sought>,
    settings: CheckSettings,
) -> PyResult<Seen> {
    let (sha256, faces) = match &photo {
        Ok(photo) => (photo.sha256.clone(), Ok(photo.faces.clone())),
        Err(error) => (String::new(), Err(error.told(Front::Python))),
    };
    let taken = photo.as_ref().ok().and_then(AnalysedPhoto::taken_on);
    let size = photo.as_ref().map_or((0, 0), |photo| (photo.width, photo.height));
    let missing = photo.as_ref().ok().and_then(|photo| photo.missing);
    let cut_off = missing.map(|missing| Error::CutOff { path: name.clone(), missing }.to_string());
    let report = sought.map(|sought| sought.report(settings, &name, photo)).transpose();
    let report = report.map_err(|e| PyValueError::new_err(e.to_string()))?;
    Ok(Seen { report, name, sha256, faces, cut_off, taken, dimensions, size, only: None })
}

/// The photos at a path: the file itself, or all photos in the folder.
#[pyfunction]
pub fn find(py: Python<'_>, path: PathBuf) -> PyResult<Vec<PathBuf>> {
    py.detach(|| sameface::photo::find(&path)).map_err(raised)
}
