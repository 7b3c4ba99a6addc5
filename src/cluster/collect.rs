//! Collects the faces of a library photo by photo, and groups them.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use ndarray::{ArrayView1, ArrayView2};

use super::likeness::Likeness;
use super::merge::{self, merge};
use super::{Gathered, Group, Member};
use crate::decision::Population;
use crate::enroll::from_left;
use crate::error::Result;
use crate::face::{Concern, Face};
use crate::identify::Gallery;
use crate::pipeline::AnalysedFace;

/// What happens to faces of enrolled people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Known {
    /// They are left out.
    #[default]
    LeftOut,
    /// They are grouped like all others.
    TakenIn,
}

/// Faces to be grouped. It keeps about 700 bytes for each (embedding and place), and needs as much again
/// for grouping.
pub struct Collection<'a> {
    population: &'a Population,
    gallery: Option<&'a Gallery>,
    enrolled: Known,
    /// The file of each photo that has faces here, and its SHA-256.
    photos: Vec<(PathBuf, String)>,
    faces: Vec<Found>,
    /// The faces' embeddings, one after another.
    embeddings: Vec<f32>,
    seen: HashSet<String>,
    counts: Gathered,
}

/// A face, without its embedding.
struct Found {
    photo: u32,
    number: usize,
    face: Face,
    poor: bool,
}

impl<'a> Collection<'a> {
    /// No faces yet. `enrolled` says what happens to faces of people in `gallery`.
    #[must_use]
    pub fn new(population: &'a Population, gallery: Option<&'a Gallery>, enrolled: Known) -> Self {
        Self {
            population,
            gallery,
            enrolled,
            photos: Vec::new(),
            faces: Vec::new(),
            embeddings: Vec::new(),
            seen: HashSet::new(),
            counts: Gathered::default(),
        }
    }

    /// Add the faces of a photo, unless a photo with this SHA-256 was added before.
    pub fn add(&mut self, photo: PathBuf, sha256: String, faces: Vec<AnalysedFace>) {
        self.counts.photos += 1;
        if !sha256.is_empty() && !self.seen.insert(sha256.clone()) {
            self.counts.copies += 1;
            return;
        }
        self.counts.faces += faces.len();
        let mut numbers = vec![0; faces.len()];
        (1..).zip(from_left(&faces)).for_each(|(number, face)| numbers[face] = number);
        let (at, before) = (self.photos.len() as u32, self.faces.len());
        for (found, number) in faces.into_iter().zip(numbers) {
            if self.enrolled == Known::LeftOut && self.whose(&found.embedding).is_some() {
                self.counts.known += 1;
                continue;
            }
            let spoils = |concern: &Concern| concern.harms() || *concern == Concern::Doubtful;
            let poor = found.quality.concerns.iter().any(spoils);
            self.embeddings.extend(&found.embedding);
            self.faces.push(Found { photo: at, number, face: found.face, poor });
        }
        if self.faces.len() > before {
            self.photos.push((photo, sha256));
        }
    }

    /// How many faces were collected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.faces.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    /// The member of the gallery whom a face matches, if any: the one whose threshold it exceeds most.
    fn whose(&self, embedding: &[f32]) -> Option<usize> {
        let gallery = self.gallery?;
        let row = ArrayView2::from_shape((1, embedding.len()), embedding).ok()?;
        let scores = gallery.scores(row);
        let members = gallery.members.iter().zip(scores.row(0)).enumerate();
        let margin = members.map(|(at, (member, score))| (at, score - member.decision.threshold));
        let best = margin.max_by(|a, b| a.1.total_cmp(&b.1));
        best.filter(|(_, margin)| *margin >= 0.0).map(|(at, _)| at)
    }

    /// Group the faces by person, on `threads` threads, into groups of at least `least` faces. The same faces in
    /// the same order give the same groups, whatever the number of threads.
    ///
    /// # Errors
    /// [`crate::Error::Numeric`] if an embedding does not have the population's dimensions.
    pub fn gather(self, models: &str, least: usize, threads: usize) -> Result<Gathered> {
        let shape = (self.faces.len(), self.population.mean.len());
        let rows = ArrayView2::from_shape(shape, &self.embeddings).map_err(|error| {
            crate::Error::Numeric { what: "grouping faces", reason: error.to_string() }
        })?;
        let known: Vec<merge::Known> =
            self.faces.iter().zip(rows.rows()).map(|(face, row)| self.known(face, row)).collect();
        let likeness = Likeness::new(self.population, self.faces.len());
        let mut members: HashMap<u32, Vec<usize>> = HashMap::new();
        for (face, group) in merge(rows, &known, &likeness, threads).into_iter().enumerate() {
            members.entry(group).or_default().push(face);
        }
        let mut groups: Vec<Vec<usize>> =
            members.into_values().filter(|faces| faces.len() >= least.max(1)).collect();
        groups.sort_by_key(|faces| (std::cmp::Reverse(faces.len()), faces[0]));
        let grouped: usize = groups.iter().map(Vec::len).sum();
        let groups = groups.iter().enumerate();
        let groups = groups.map(|(at, faces)| self.group(at + 1, faces, rows)).collect();
        let alone = self.faces.len() - grouped;
        Ok(Gathered { models: models.to_owned(), alone, groups, ..self.counts })
    }

    fn known(&self, face: &Found, embedding: ArrayView1<f32>) -> merge::Known {
        let crowding = self.population.kinds.crowding(&[embedding.to_vec()]) as f32;
        merge::Known { photo: face.photo, crowding, poor: face.poor }
    }

    /// The group of these faces.
    fn group(&self, number: usize, faces: &[usize], rows: ArrayView2<f32>) -> Group {
        let mut sum = ndarray::Array1::<f32>::zeros(rows.ncols());
        faces.iter().for_each(|face| sum += &rows.row(*face));
        let whose = self.whose(&crate::model::unit(&sum.to_vec()));
        let whose = whose.zip(self.gallery).map(|(at, gallery)| &gallery.members[at]);
        let mut members: Vec<(f64, usize)> = faces
            .iter()
            .map(|face| (self.score(rows.row(*face), &sum, faces.len()), *face))
            .collect();
        members.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        Group {
            group: number,
            person: whose.map(|member| member.id.clone()),
            name: whose.map(|member| member.name.clone()),
            faces: members.into_iter().map(|(score, face)| self.member(score, face)).collect(),
        }
    }

    /// The score of a face by the mean of the others in its group; `sum` is the sum of all embeddings.
    fn score(&self, face: ArrayView1<f32>, sum: &ndarray::Array1<f32>, faces: usize) -> f64 {
        let others = sum - &face;
        let length = others.dot(&others).sqrt().max(f32::MIN_POSITIVE);
        let cosine = f64::from(others.dot(&face) / length);
        let score = Likeness::score(self.population, faces - 1, cosine);
        (score * 1e4).round() / 1e4
    }

    fn member(&self, score: f64, face: usize) -> Member {
        let Found { photo, number, face, .. } = &self.faces[face];
        let (path, sha256) = &self.photos[*photo as usize];
        Member {
            photo: path.clone(),
            sha256: sha256.clone(),
            number: *number,
            score,
            face: face.clone(),
        }
    }
}
