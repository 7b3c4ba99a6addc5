//! Reads a folder of people, one folder per person, as embeddings. Accuracy is measured on them, and populations are
//! estimated from them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::measures::Attempts;
use crate::error::{Error, Result};
use crate::face::main_face;
use crate::model::Embedding;
use crate::pack::{Pack, Purpose};
use crate::photo::{Passed, Walk, find_counting};
use crate::pipeline::{AnalysedPhoto, Settings, analyse_all};
use crate::words::count;

/// The seed that splits people into parts.
const SPLIT_SEED: u64 = 20_211;

/// One person with the main face of each photo.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Person {
    /// The folder's name.
    pub name: String,
    /// One embedding per photo, as for checking, in the order of the file names.
    pub embeddings: Vec<Embedding>,
    /// The same, as for enrolment: equal unless the pack has other views for enrolment.
    pub enrolling: Vec<Embedding>,
    /// The photo of each embedding.
    pub photos: Vec<PathBuf>,
    /// The relatives, by name, with what they are to this person, such as `parent`.
    pub relatives: BTreeMap<String, String>,
}

impl Person {
    /// Whether `other` is neither this person nor a relative.
    #[must_use]
    pub fn is_stranger(&self, other: &Self) -> bool {
        other.name != self.name && !self.relatives.contains_key(&other.name)
    }
}

/// Several people, sorted by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct People(pub Vec<Person>);

impl People {
    /// Read every person below `folder`, in which each folder holds one person's photos. The main face of each photo
    /// counts. Photos that cannot be read or show no face are left out and counted. Files that are no photos or that
    /// the walk skips are counted in `passed`. `looked_at` is called after each photo, with the number of all photos.
    ///
    /// # Errors
    /// If `folder` cannot be read or holds fewer than two people with a face, or the models fail.
    pub fn read(
        folder: &Path,
        pack: &Pack,
        settings: &Settings,
        (leave, passed): (&Walk, &mut Passed),
        looked_at: impl FnMut(usize),
    ) -> Result<(Self, Attempts)> {
        let paths = find_counting(folder, leave, passed)?;
        let MainFaces { checking, enrolling } = MainFaces::of(&paths, pack, settings, looked_at)?;
        let (mut people, mut attempts) = (Vec::<Person>::new(), Attempts::default());
        for path in &paths {
            let Some(name) = owner(folder, path) else { continue };
            let embeddings = checking.get(path).zip(enrolling.get(path));
            attempts.count(&name, embeddings.is_some());
            let Some((embedding, enrolled)) = embeddings else { continue };
            if people.last().is_none_or(|person| person.name != name) {
                people.push(Person { name, ..Person::default() });
            }
            if let Some(person) = people.last_mut() {
                person.embeddings.push(embedding.clone());
                person.enrolling.push(enrolled.clone());
                person.photos.push(path.clone());
            }
        }
        if people.len() < 2 {
            let problem = format!(
                "{} holds {} of photos with a face; give a folder with one folder of photos per person",
                folder.display(),
                count(people.len(), "folder")
            );
            return Err(Error::value("--people", problem));
        }
        Ok((Self(people), attempts))
    }

    /// All strangers of the person with this number, each with their own number.
    pub fn strangers_of(&self, person: usize) -> impl Iterator<Item = (usize, &Person)> {
        let enrolled = &self.0[person];
        self.0.iter().enumerate().filter(|(_, other)| enrolled.is_stranger(other))
    }

    /// The people split at random into `parts`, the same way every time: for each part, everybody else and the part
    /// itself.
    #[must_use]
    pub fn parts(&self, parts: usize) -> Vec<(Self, Self)> {
        let mut order: Vec<usize> = (0..self.0.len()).collect();
        order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(SPLIT_SEED));
        let part_of = |person: usize| order[person] % parts;
        (0..parts)
            .map(|part| {
                let pick = |inside: bool| {
                    let chosen = (0..self.0.len()).filter(|&i| (part_of(i) == part) == inside);
                    Self(chosen.map(|i| self.0[i].clone()).collect())
                };
                (pick(false), pick(true))
            })
            .collect()
    }

    /// Every person's embeddings, in the form that the estimate of a population takes.
    #[must_use]
    pub fn embeddings(&self) -> Vec<Vec<&[f32]>> {
        self.0.iter().map(|p| p.embeddings.iter().map(Vec::as_slice).collect()).collect()
    }
}

/// The embeddings of the main faces of photos that have one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MainFaces {
    /// The embeddings for checking.
    pub checking: HashMap<PathBuf, Embedding>,
    /// The embeddings for enrolment: equal unless the pack has other views for enrolment.
    pub enrolling: HashMap<PathBuf, Embedding>,
}

impl MainFaces {
    /// The main faces of `photos`. `looked_at` is called after each photo, with the number of all photos.
    ///
    /// # Errors
    /// If the models fail.
    pub fn of(
        photos: &[PathBuf],
        pack: &Pack,
        settings: &Settings,
        mut looked_at: impl FnMut(usize),
    ) -> Result<Self> {
        let views = &pack.description.views;
        let twice = views.enrolling != views.checking;
        let mut read = |purpose| -> Result<HashMap<PathBuf, Embedding>> {
            let settings = Settings { purpose, ..settings.clone() };
            let mut found = HashMap::new();
            analyse_all(pack, &settings, photos, |path, photo| {
                looked_at(if twice { 2 * photos.len() } else { photos.len() });
                found.extend(main_embedding(photo).map(|embedding| (path.to_owned(), embedding)));
                Ok(())
            })?;
            Ok(found)
        };
        let checking = read(Purpose::Checking)?;
        let enrolling = if twice { read(Purpose::Enrolling)? } else { checking.clone() };
        Ok(Self { checking, enrolling })
    }
}

/// The name of the folder directly below `root` that holds `path`; `None` for a file directly in `root`.
fn owner(root: &Path, path: &Path) -> Option<String> {
    let inside: PathBuf = path.strip_prefix(root).ok()?.to_owned();
    let mut parts = inside.components();
    let first = parts.next()?;
    parts.next()?;
    Some(first.as_os_str().to_string_lossy().into_owned())
}

fn main_embedding(photo: Result<AnalysedPhoto>) -> Option<Embedding> {
    let mut photo = photo.ok()?;
    let faces: Vec<_> = photo.faces.iter().map(|analysed| analysed.face.clone()).collect();
    let main = main_face(&faces, photo.width, photo.height)?;
    Some(photo.faces.swap_remove(main).embedding)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::decision::toy_population;

    /// `count` made-up people with two to nine photos each, of `dimensions` numbers.
    pub(crate) fn made_up(count: u64, dimensions: usize) -> People {
        let population = toy_population(dimensions);
        let person = |who: u64| {
            let identity = &population.diagonal(&population.strangers(1, who)[0]) * 2.0;
            let photos = population.strangers(2 + who as usize % 8, 10_000 + who);
            let embeddings: Vec<_> = photos
                .iter()
                .map(|p| population.embedding((&identity + population.diagonal(p)).view()))
                .collect();
            let photos = (0..embeddings.len()).map(|i| format!("{who}/{i}.jpg").into()).collect();
            Person {
                name: format!("{who}"),
                enrolling: embeddings.clone(),
                embeddings,
                photos,
                ..Person::default()
            }
        };
        People((0..count).map(person).collect())
    }

    #[test]
    fn parts_hold_everybody_once_and_never_a_person_on_both_sides() {
        let people = made_up(23, 4);
        let parts = people.parts(5);
        assert_eq!(parts, people.parts(5));
        let tested: usize = parts.iter().map(|(_, part)| part.0.len()).sum();
        assert_eq!(tested, 23);
        for (others, part) in parts {
            assert_eq!(others.0.len() + part.0.len(), 23);
            assert!(part.0.iter().all(|p| others.0.iter().all(|o| o.name != p.name)));
        }
    }

    #[test]
    fn a_photo_belongs_to_the_first_folder_below_the_root() {
        let root = Path::new("people");
        assert_eq!(owner(root, Path::new("people/Ann/2020/1.jpg")), Some("Ann".into()));
        assert_eq!(owner(root, Path::new("people/stray.jpg")), None);
    }
}
