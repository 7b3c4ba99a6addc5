//! Finds the person in the photos: the largest group of faces, one per photo, that match each other.

use std::path::{Path, PathBuf};

use super::{Candidate, number_from_left};
use crate::decision::{Centroid, Population, cosine};
use crate::error::{Error, Examples, Result};
use crate::profile::Choice;

/// Two faces are linked from this score: one stranger in a hundred is as similar.
const LINK_SCORE: f64 = 2.0;
/// A face belongs to a group's core from this score: one stranger in a thousand is as similar. Only the core
/// brings in other faces; otherwise one doubtful face of somebody else would bring in the rest.
const CORE_SCORE: f64 = 3.0;
/// A face belongs to a group from this score against the core.
const MEMBER_SCORE: f64 = 2.0;
/// Who is meant is unclear if the second person is in at least this share of as many photos as the first, counting
/// only photos without the other.
const EQUAL_SHARE: f64 = 0.6;
/// It is also unclear if the second person is in at least this share of as many photos as the first, counting
/// all photos.
const ALWAYS_BESIDE: f64 = 0.85;
/// The least share of photos that a person must be in.
const LEAST_SHARE: f64 = 0.25;
/// Two faces of one photo are of similar size if one is at least this many times as high as the other.
const LIKE_SIZE: f32 = 0.7;
/// The most rounds of fitting and choosing; two or three are usually enough.
const MOST_ROUNDS: usize = 10;
/// At most this many faces are compared with all others in the search for a first guess.
const MOST_SEEDS: usize = 400;

/// A face by the index of its photo and its place among the photo's faces.
type FaceIndex = (usize, usize);

/// The person found.
pub(super) struct Consensus {
    /// For every photo the face that is, or is most like, the person's, and whether it is.
    faces: Vec<(Option<usize>, bool)>,
    /// The photos of the person.
    group: Vec<FaceIndex>,
    /// The photos of the second most frequent person.
    second: Vec<FaceIndex>,
    /// Whether a human chose one of the two.
    said: bool,
}

impl Consensus {
    /// Find the person in most of `photos`; copies do not count.
    pub fn find(
        population: &Population,
        photos: &[Candidate],
        duplicates: &[Option<PathBuf>],
    ) -> Self {
        let voters: Vec<usize> = (0..photos.len()).filter(|&i| duplicates[i].is_none()).collect();
        let search = Search { population, photos };
        let group = search.largest_group(&voters, &[]);
        let second = search.largest_group(&voters, &group);
        let mut found = Self { faces: Vec::new(), group, second, said: false };
        if found.equal() {
            let [first, second] = [&found.group, &found.second].map(|g| chosen(g, photos));
            found.said = first != second;
            if second > first {
                std::mem::swap(&mut found.group, &mut found.second);
            }
        }
        let closest = search.closest(&found.group);
        found.faces = closest.into_iter().map(|face| (face, false)).collect();
        for &(photo, face) in &found.group {
            found.faces[photo] = (Some(face), true);
        }
        found
    }

    /// The chosen face of a photo, and whether it is the person's.
    pub fn of(&self, photo: usize) -> (Option<usize>, bool) {
        self.faces[photo]
    }

    /// Check that the person is clear; copies do not count.
    ///
    /// # Errors
    /// [`Error::NoFaces`], [`Error::TwoPeople`], [`Error::NoMajority`].
    pub fn check(
        &self,
        folder: &Path,
        photos: &[Candidate],
        duplicates: &[Option<PathBuf>],
    ) -> Result<()> {
        let path = folder.to_owned();
        let with_face = photos
            .iter()
            .zip(duplicates)
            .filter(|(photo, repeats)| {
                repeats.is_none() && photo.faces.as_ref().is_ok_and(|faces| !faces.is_empty())
            })
            .count();
        let (first, second) = (self.group.len(), self.second.len());
        if first == 0 {
            let unreadable: Vec<_> =
                photos.iter().filter_map(|photo| photo.faces.as_ref().err()).collect();
            return Err(match unreadable.first() {
                Some(&first) if unreadable.len() == photos.len() => {
                    Error::NoneReadable { path, photos: photos.len(), first: first.clone() }
                }
                _ => Error::NoFaces { path, photos: photos.len() - unreadable.len() },
            });
        }
        if with_face == 1 {
            check_face(&photos[self.group[0].0])?;
        }
        // Several strangers make groups of one; two photos of different people are two people.
        let clear = first == 1 || second <= 1;
        if (!clear || with_face == 2) && !self.said && self.equal() {
            return Err(Error::TwoPeople { path, first, second, examples: self.examples(photos) });
        }
        if with_face > 2 && (first == 1 || (first as f64) < LEAST_SHARE * with_face as f64) {
            return Err(Error::NoMajority { path, agreeing: first, photos: with_face });
        }
        Ok(())
    }
}

/// Check that the face is clear, if there is only one photo.
///
/// # Errors
/// [`Error::WhichFace`] if it has several faces of similar size.
fn check_face(photo: &Candidate) -> Result<()> {
    let heights = photo.faces.iter().flatten().map(|face| face.face.bounds.height);
    let mut heights: Vec<f32> = heights.collect();
    heights.sort_by(|a, b| b.total_cmp(a));
    match heights[..] {
        [first, second, ..] if second >= LIKE_SIZE * first => {
            Err(Error::WhichFace { path: photo.path.clone(), faces: heights.len() })
        }
        _ => Ok(()),
    }
}

/// How many faces of a group a human chose.
fn chosen(group: &[FaceIndex], photos: &[Candidate]) -> usize {
    let is_chosen = |photo: &Candidate| {
        photo.choice == Choice::Keep && photo.faces.as_ref().is_ok_and(|faces| faces.len() == 1)
    };
    group.iter().filter(|(photo, _)| is_chosen(&photos[*photo])).count()
}

/// The photos of one group without a face of the other.
fn without<'a>(
    group: &'a [FaceIndex],
    other: &'a [FaceIndex],
) -> impl Iterator<Item = usize> + use<'a> {
    let alone = |photo: &usize| other.iter().all(|(p, _)| p != photo);
    group.iter().map(|(photo, _)| *photo).filter(alone)
}

impl Consensus {
    /// Photos by which the user can choose one of the two: one of each without the other, or one of both.
    fn examples(&self, photos: &[Candidate]) -> Examples {
        let path = |photo: usize| photos[photo].path.clone();
        let first = without(&self.group, &self.second).next();
        let second = without(&self.second, &self.group).next();
        let both = self.group.iter().find_map(|&(photo, face)| {
            let (_, other) = self.second.iter().find(|(other, _)| *other == photo)?;
            let faces = photos[photo].faces.as_ref().ok()?;
            Some((photo, number_from_left(faces, face)?, number_from_left(faces, *other)?))
        });
        match (first, second, both) {
            (Some(first), Some(second), _) => Examples::Apart(path(first), path(second)),
            (_, _, Some((photo, one, other))) => Examples::Together(path(photo), one, other),
            _ => Examples::Apart(path(self.group[0].0), path(self.second[0].0)),
        }
    }

    /// Whether the second person is about as often in the photos as the first. Photos of both do not count:
    /// somebody who is beside the person in most photos is not the one.
    fn equal(&self) -> bool {
        let (first, second) = (self.group.len() as f64, self.second.len() as f64);
        let first_alone = without(&self.group, &self.second).count() as f64;
        let second_alone = without(&self.second, &self.group).count() as f64;
        second >= ALWAYS_BESIDE * first
            || (second_alone > 0.0 && second_alone >= EQUAL_SHARE * first_alone)
    }
}

/// The search for groups among the faces of the photos.
struct Search<'a> {
    population: &'a Population,
    photos: &'a [Candidate],
}

impl Search<'_> {
    fn embedding(&self, (photo, face): FaceIndex) -> &Vec<f32> {
        static NONE: Vec<f32> = Vec::new();
        self.photos[photo].faces.as_ref().map_or(&NONE, |faces| &faces[face].embedding)
    }

    fn height(&self, (photo, face): FaceIndex) -> f32 {
        self.photos[photo].faces.as_ref().map_or(0.0, |faces| faces[face].face.bounds.height)
    }

    /// All faces of the `voters` except those that are `taken`.
    fn faces(&self, voters: &[usize], taken: &[FaceIndex]) -> Vec<FaceIndex> {
        voters
            .iter()
            .flat_map(|&photo| {
                let count = self.photos[photo].faces.as_ref().map_or(0, Vec::len);
                (0..count).map(move |face| (photo, face))
            })
            .filter(|face| !taken.contains(face))
            .collect()
    }

    /// The largest group of faces that match each other, one per photo, among those not `taken`: from the best
    /// linked face to its core, then to the faces that match the core.
    fn largest_group(&self, voters: &[usize], taken: &[FaceIndex]) -> Vec<FaceIndex> {
        let faces = self.faces(voters, taken);
        let Some(seed) = self.best_linked(&faces) else { return Vec::new() };
        let mut group = vec![seed];
        for _ in 0..MOST_ROUNDS {
            let grown = self.members(&faces, &group, CORE_SCORE);
            if grown == group || grown.is_empty() {
                break;
            }
            group = grown;
        }
        self.members(&faces, &group, MEMBER_SCORE)
    }

    /// The face with links to the most other photos; of equals, the one most like its links, and then the
    /// largest. Faces of one photo are different people, however alike they are: small, blurred ones always are.
    fn best_linked(&self, faces: &[FaceIndex]) -> Option<FaceIndex> {
        let link = self.population.likeness(1).raw_score(LINK_SCORE);
        let every = faces.len().div_ceil(MOST_SEEDS).max(1);
        let rank = |seed: FaceIndex| {
            let (mut photos, mut closeness, mut last) = (0usize, 0.0, None);
            for &face in faces.iter().filter(|face| face.0 != seed.0) {
                let likeness = cosine(self.embedding(seed), self.embedding(face));
                if likeness >= link {
                    photos += usize::from(last != Some(face.0));
                    last = Some(face.0);
                    closeness += likeness;
                }
            }
            (photos, closeness, self.height(seed))
        };
        let seeds = faces.iter().step_by(every);
        seeds
            .map(|&seed| (rank(seed), seed))
            .max_by(|(a, at), (b, bt)| {
                let larger = a.2.total_cmp(&b.2);
                a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(larger).then(bt.cmp(at))
            })
            .map(|(_, seed)| seed)
    }

    /// The best face of each photo that has at least the score `least` against the group without that photo.
    fn members(&self, faces: &[FaceIndex], group: &[FaceIndex], least: f64) -> Vec<FaceIndex> {
        let whole = self.fit(group, None);
        let mut members: Vec<(FaceIndex, f64)> = Vec::new();
        for &face in faces {
            let inside = group.iter().any(|(photo, _)| *photo == face.0);
            // A group of one has no other faces to compare with.
            let score = if inside && group.len() == 1 {
                if group[0] == face { f64::INFINITY } else { f64::NEG_INFINITY }
            } else if inside {
                self.score(&self.fit(group, Some(face.0)), group.len() - 1, face)
            } else {
                self.score(&whole, group.len(), face)
            };
            match members.last_mut() {
                Some((last, best)) if last.0 == face.0 => {
                    if score > *best {
                        (*last, *best) = (face, score);
                    }
                }
                _ => members.push((face, score)),
            }
        }
        members.retain(|(_, score)| *score >= least);
        members.into_iter().map(|(face, _)| face).collect()
    }

    fn fit(&self, group: &[FaceIndex], without: Option<usize>) -> Centroid {
        let embeddings: Vec<Vec<f32>> = group
            .iter()
            .filter(|(photo, _)| Some(*photo) != without)
            .map(|&face| self.embedding(face).clone())
            .collect();
        Centroid::fit(&embeddings)
    }

    fn score(&self, person: &Centroid, enrolled: usize, face: FaceIndex) -> f64 {
        let raw = person.raw_score(self.embedding(face));
        self.population.likeness(enrolled).score(raw)
    }

    /// For every photo, its face most like the group.
    fn closest(&self, group: &[FaceIndex]) -> Vec<Option<usize>> {
        let person = self.fit(group, None);
        (0..self.photos.len())
            .map(|photo| {
                let raw = |&(_, face): &FaceIndex| person.raw_score(self.embedding((photo, face)));
                let faces = self.faces(&[photo], &[]);
                let best = faces.iter().max_by(|a, b| raw(a).total_cmp(&raw(b)))?;
                Some(best.1)
            })
            .collect()
    }
}
