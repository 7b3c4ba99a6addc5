//! The arguments of `Profile.enroll` and `Profile.changed` as a change for the library.

use std::path::PathBuf;

use pyo3::prelude::*;
use sameface::Error;
use sameface::enroll::{Candidate, Change, embeddings_of_others};
use sameface::profile::Choice;

use crate::errors::raised;
use crate::person::{choice_of, method_called};
use crate::photos::Seen;

type Photos = Vec<Py<Seen>>;

/// The arguments of `Profile.enroll` and `Profile.changed`, their photos analysed, as a dictionary.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Asked {
    folder: PathBuf,
    name: Option<String>,
    method: Option<String>,
    far: Option<f64>,
    born: Option<u16>,
    add: Photos,
    /// Which face of a photo is the person's.
    faces: Vec<(PathBuf, usize)>,
    remove: Vec<PathBuf>,
    keep: Vec<PathBuf>,
    drop: Vec<PathBuf>,
    keep_apart: Vec<(String, Photos)>,
    forget: Vec<String>,
    negatives: Photos,
}

impl Asked {
    /// The requested change.
    pub fn change(self) -> PyResult<Change> {
        if self.add.is_empty() && !self.faces.is_empty() {
            let problem =
                "no photo is added; give the photos in add, even if they are enrolled already";
            return Err(raised(Error::value("face", problem)));
        }
        let chosen = |photos: Vec<PathBuf>, choice: Choice| {
            photos.into_iter().map(move |photo| (photo, choice))
        };
        let apart = self.keep_apart.into_iter();
        Ok(Change {
            name: self.name,
            method: self.method.as_deref().map(method_called).transpose()?,
            threshold: self.far.map(choice_of).transpose()?,
            set_by: None,
            born: self.born,
            add: candidates(&self.add),
            faces: self.faces,
            remove: self.remove,
            choices: chosen(self.keep, Choice::Keep)
                .chain(chosen(self.drop, Choice::Drop))
                .collect(),
            keep_apart: apart.map(|(name, photos)| (name, candidates(&photos))).collect(),
            forget: self.forget,
            negatives: embeddings_of_others(&candidates(&self.negatives)),
            folder: self.folder,
        })
    }
}

fn candidates(photos: &[Py<Seen>]) -> Vec<Candidate> {
    photos.iter().map(|photo| photo.get().candidate()).collect()
}
