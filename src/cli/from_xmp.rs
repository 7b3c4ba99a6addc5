//! `--from-xmp` of `verify enroll` and `verify people`: the names of faces that other programs wrote into XMP.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::output::{count, printable, problem};
use super::{Context, Working};
use crate::enroll::Candidate;
use crate::error::{Error, Front, Result};
use crate::face::FaceBox;
use crate::pack::Purpose;
use crate::photo::Source;
use crate::pipeline::AnalysedPhoto;
use crate::words::same_in_any_case;
use crate::xmp::{Found, found};

/// The flag.
const FLAG: &str = "--from-xmp";
/// The most names that are given as examples.
const EXAMPLES: usize = 5;

/// Photos whose XMP names somebody.
pub struct NamedPhotos {
    /// The name that is wanted; `None` for all names.
    wanted: Option<String>,
    found: HashMap<PathBuf, Found>,
}

/// The photos to enrol a person from.
pub struct OfPerson {
    /// The name.
    pub name: String,
    /// The photos that name the person, each with only that face.
    pub photos: Vec<Candidate>,
    /// The photos in which no face was found at the named place.
    pub without_face: Vec<PathBuf>,
}

/// What JSON says about the photos that a person was enrolled from.
#[derive(Debug, Serialize)]
pub struct Said {
    /// How many photos name the person.
    photos: usize,
    /// The photos in which no face was found at the named place.
    without_face: Vec<String>,
}

impl NamedPhotos {
    /// Read the XMP of `photos`, and remove those that do not name `wanted`, or anybody if that is `None`.
    ///
    /// # Errors
    /// [`Error::Value`] if no photo is left, or one is not a file.
    pub fn read(photos: &mut Vec<Source>, wanted: Option<&str>) -> Result<Self> {
        let working = Working::on("reading XMP");
        let (mut names, mut problems) = (BTreeMap::new(), Vec::new());
        let mut named = Self { wanted: wanted.map(str::to_owned), found: HashMap::new() };
        if photos.iter().any(|photo| !matches!(photo, Source::File(_))) {
            return Err(Error::value(FLAG, "needs photos that are files; save the others first"));
        }
        photos.retain(|photo| match found(photo.name()) {
            Ok(mut found) => {
                problems.append(&mut found.problems);
                found
                    .names()
                    .into_iter()
                    .for_each(|name| *names.entry(name.to_owned()).or_default() += 1);
                let names_one = found.names().iter().any(|name| named.counts(name));
                if names_one {
                    named.found.insert(photo.name().to_owned(), found);
                }
                names_one
            }
            Err(error) => {
                problems.push(error);
                false
            }
        });
        drop(working);
        problems.iter().for_each(|error| problem(&error.told(Front::Command)));
        if photos.is_empty() {
            return Err(Error::value(FLAG, named.nobody(&names)));
        }
        Ok(named)
    }

    /// Whether this name is wanted.
    fn counts(&self, name: &str) -> bool {
        self.wanted.as_ref().is_none_or(|wanted| same_in_any_case(wanted, name))
    }

    /// The message that no photo names the wanted person, with names that the photos do have.
    fn nobody(&self, names: &BTreeMap<String, usize>) -> String {
        let mut known: Vec<(&String, &usize)> = names.iter().collect();
        known.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let known = known.iter().take(EXAMPLES);
        let known: Vec<String> = known.map(|(name, photos)| format!("{name} ({photos})")).collect();
        match (&self.wanted, known.is_empty()) {
            (Some(wanted), false) => {
                format!(
                    "no face in these photos is called {wanted:?}; give another name, such as {}",
                    known.join(", ")
                )
            }
            _ => "no face in these photos has a name in XMP; name faces in another program first"
                .to_owned(),
        }
    }

    /// How many photos name each person.
    pub fn people(&self) -> BTreeMap<String, usize> {
        let mut people: BTreeMap<String, usize> = BTreeMap::new();
        for name in self.found.values().flat_map(Found::names).filter(|name| self.counts(name)) {
            match people.iter_mut().find(|(known, _)| same_in_any_case(known, name)) {
                Some((_, photos)) => *photos += 1,
                None => {
                    people.insert(name.to_owned(), 1);
                }
            }
        }
        people
    }

    /// Analyse `photos` and give each named person the faces to enrol. A photo whose XMP is not known gives all
    /// its faces to everybody.
    ///
    /// # Errors
    /// If the models do not load.
    pub fn analysed(&self, context: &Context, photos: Vec<Source>) -> Result<Vec<OfPerson>> {
        let person = |name| OfPerson { name, photos: Vec::new(), without_face: Vec::new() };
        let mut people: Vec<OfPerson> = self.people().into_keys().map(person).collect();
        context.analyse(photos, Purpose::Enrolling, |_, path, photo| {
            self.give(path, photo, &mut people);
            Ok(())
        })?;
        for (person, photo) in
            people.iter().flat_map(|p| p.without_face.iter().map(move |w| (p, w)))
        {
            let name = printable(&person.name);
            problem(&format!("{}: no face found where its XMP names {name}", photo.display()));
        }
        Ok(people)
    }

    /// Give each person named in a photo their face.
    fn give(&self, path: &Path, photo: Result<AnalysedPhoto>, people: &mut [OfPerson]) {
        let size = photo.as_ref().map_or((0, 0), |photo| (photo.width, photo.height));
        let faces = photo.as_ref().map(|photo| photo.faces.iter().map(|face| face.face.bounds));
        let faces: Vec<FaceBox> = faces.map(Iterator::collect).unwrap_or_default();
        let candidate = Candidate::new(path, photo);
        let found = self.found.get(path);
        for person in people {
            let Some(found) = found else {
                person.photos.push(candidate.clone());
                continue;
            };
            if !found.names().iter().any(|name| same_in_any_case(name, &person.name)) {
                continue;
            }
            let face = found.face_of(&person.name, size, &faces);
            if face.is_none() && candidate.faces.is_ok() {
                person.without_face.push(path.to_owned());
            }
            person.photos.push(candidate.clone().only(face));
        }
    }
}

impl OfPerson {
    /// What JSON says about it.
    pub fn said(&self) -> Said {
        let name = |path: &PathBuf| path.to_string_lossy().into_owned();
        let without_face = self.without_face.iter().map(name).collect();
        Said { photos: self.photos.len(), without_face }
    }

    /// The number of photos, in words.
    pub fn counted(&self) -> String {
        count(self.photos.len(), "photo")
    }
}
