//! Real photos, and what is found in them.

use std::path::{Path, PathBuf};

use sameface::decision::{Population, TwoCovariances};
use sameface::enroll::Candidate;
use sameface::eval::{People, Person};
use sameface::face::{Face, main_face};
use sameface::pack::Pack;
use sameface::photo;
use sameface::pipeline::{AnalysedFace, Settings, analyse_all};

/// An analysed photo.
#[derive(Debug, Clone)]
pub struct Photo {
    /// Its path below the folder that was analysed.
    pub path: PathBuf,
    pub sha256: String,
    pub width: u32,
    pub height: u32,
    pub faces: Vec<AnalysedFace>,
}

impl Photo {
    /// The face that the photo is of.
    pub fn main(&self) -> Option<&AnalysedFace> {
        let faces: Vec<Face> = self.faces.iter().map(|face| face.face.clone()).collect();
        Some(&self.faces[main_face(&faces, self.width, self.height)?])
    }

    pub fn embedding(&self) -> &[f32] {
        self.main().map_or(&[], |face| &face.embedding)
    }

    pub fn candidate(&self) -> Candidate {
        Candidate {
            path: self.path.clone(),
            sha256: self.sha256.clone(),
            faces: Ok(self.faces.clone()),
            bystanders: 0,
            number: None,
            choice: sameface::profile::Choice::Auto,
            sent: false,
            taken: None,
        }
    }
}

/// The photos below `folder`, those that cannot be read left out.
pub fn analyse(folder: &Path) -> Vec<Photo> {
    analyse_these(folder, &photo::find(folder).unwrap())
}

/// As [`analyse`], for some of the photos.
pub fn analyse_these(folder: &Path, paths: &[PathBuf]) -> Vec<Photo> {
    let mut photos = Vec::new();
    let pack = Pack::default_pack().unwrap();
    analyse_all(&pack, &Settings::default(), paths, |path, photo| {
        if let Ok(photo) = photo {
            photos.push(Photo {
                path: path.strip_prefix(folder).unwrap().to_owned(),
                sha256: photo.sha256,
                width: photo.width,
                height: photo.height,
                faces: photo.faces,
            });
        }
        Ok(())
    })
    .unwrap();
    photos
}

/// Everybody's photos that show a face, by person.
pub struct Photos {
    pub people: Vec<(String, Vec<Photo>)>,
}

impl Photos {
    /// From photos whose first folder is the person's name.
    pub fn by_person(photos: Vec<Photo>) -> Self {
        let mut people: Vec<(String, Vec<Photo>)> = Vec::new();
        for photo in photos.into_iter().filter(|photo| !photo.faces.is_empty()) {
            let name = photo.path.iter().next().unwrap().to_string_lossy().into_owned();
            match people.last_mut().filter(|(last, _)| *last == name) {
                Some((_, photos)) => photos.push(photo),
                None => people.push((name, vec![photo])),
            }
        }
        Self { people }
    }

    /// The people of two halves, each with a population whose mean and covariances come of the other
    /// half. What its scores mean is taken from the models' own, which was found by
    /// cross-validation over people.
    pub fn halves(&self) -> [(Population, Self); 2] {
        let curves = Population::of(&Pack::default_pack().unwrap()).unwrap().curves;
        let person = |(name, photos): &(String, Vec<Photo>)| Person {
            name: name.clone(),
            embeddings: photos.iter().map(|photo| photo.embedding().to_vec()).collect(),
            ..Person::default()
        };
        let people = People(self.people.iter().map(person).collect());
        let halves = people.parts(2).into_iter().map(|(others, half)| {
            let inside = |name: &str| half.0.iter().any(|person| person.name == name);
            let people = self.people.iter().filter(|(name, _)| inside(name)).cloned().collect();
            let covariances = TwoCovariances::estimate(&others.embeddings()).unwrap();
            let population = covariances.diagonalise().unwrap();
            (Population { curves: curves.clone(), ..population }, Self { people })
        });
        halves.collect::<Vec<_>>().try_into().map_err(|_| ()).unwrap()
    }
}
