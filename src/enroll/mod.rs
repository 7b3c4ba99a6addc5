//! Enrolment: from analysed photos to a profile. Copies count once, the person is the one in most photos,
//! photos of others are set aside with the reason, and the profile is tested by leaving out each photo.

mod alike;
mod change;
mod consensus;
mod duplicates;
mod leave_out;
mod records;
pub mod report;
mod strangers;
mod years;

use std::path::{Path, PathBuf};

use crate::decision::{Centroid, Method, Population};
use crate::error::{Error, Result};
use crate::pack::DuplicateLimits;
use crate::photo::Date;
use crate::pipeline::{AnalysedFace, AnalysedPhoto};
use crate::profile::{
    Calibrate, Choice, LookAlike, PhotoRecord, Profile, Reason, Status, ThresholdChoice, VERSION,
};
use crate::words::count;
pub use alike::{Alike, alike};
pub use change::{Change, SetBy, Setting};
use consensus::Consensus;
pub use leave_out::{LeaveOut, by_others, leave_out};
pub use strangers::Standing;
use strangers::learn_strangers;
pub use years::{Apart, Gap, Year, Years, apart};
// Used by the program; not part of the stable API.
#[doc(hidden)]
pub use {
    change::NAMELESS,
    records::enrolled_path,
    strangers::{MOST_FACES, with_seen},
};

/// With at least this many good photos, poor ones are set aside; with fewer, every photo is needed.
const ENOUGH_GOOD_PHOTOS: usize = 5;
/// A kept photo whose score by the others is below this is weak.
const WEAK_SCORE: f64 = 4.0;

/// What is to be enrolled, besides the photos.
#[derive(Debug, Clone)]
pub struct Request {
    /// The person's name.
    pub name: String,
    /// The decision method.
    pub method: Method,
    /// How the threshold is chosen.
    pub threshold: ThresholdChoice,
    /// The identity of the pack.
    pub models: String,
    /// When two photos count as copies, with this pack.
    pub duplicates: DuplicateLimits,
    /// The folder, to be named in errors.
    pub folder: PathBuf,
}

/// A photo given to the enrolment, with its faces or the error of reading it.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The file.
    pub path: PathBuf,
    /// The SHA-256 of its content, in hexadecimal; empty if it could not be read.
    pub sha256: String,
    /// Its faces, or the error of reading it.
    pub faces: std::result::Result<Vec<AnalysedFace>, String>,
    /// The number of its other faces, which an earlier enrolment did not keep.
    pub bystanders: usize,
    /// The number of the only face in `faces` among all its faces, counted from the left from 1; `None` if not
    /// known or the only one.
    pub number: Option<usize>,
    /// A human's choice about it.
    pub choice: Choice,
    /// Whether it was sent by another program, so that its path is not a file on this machine.
    pub sent: bool,
    /// The day on which it was taken, if known.
    pub taken: Option<Date>,
}

impl Candidate {
    /// From the analysis of the photo at `path`.
    #[must_use]
    pub fn new(path: &Path, analysed: Result<AnalysedPhoto>) -> Self {
        let (bystanders, number, choice, sent) = (0, None, Choice::Auto, false);
        match analysed.and_then(AnalysedPhoto::whole) {
            Ok(photo) => {
                let taken = photo.taken_on();
                let AnalysedPhoto { path, sha256, faces, .. } = photo;
                Self { path, sha256, faces: Ok(faces), bystanders, number, choice, sent, taken }
            }
            Err(error) => {
                let (path, sha256, faces) =
                    (path.to_owned(), String::new(), Err(error.to_string()));
                Self { path, sha256, faces, bystanders, number, choice, sent, taken: None }
            }
        }
    }

    /// The photo with only the face of this number, counted from the left from 1, which a human chose.
    ///
    /// # Errors
    /// [`Error::Value`] if it has no such face. An unreadable photo is returned as it is.
    pub fn with_face(self, number: usize) -> Result<Self> {
        let Ok(faces) = &self.faces else { return Ok(self) };
        let order = from_left(faces);
        let Some(at) = number.checked_sub(1).and_then(|place| order.get(place)) else {
            let found = count(faces.len(), "face");
            let problem = format!("has {found}; give the number of one, counted from the left");
            return Err(Error::value(format!("{}:{number}", self.path.display()), problem));
        };
        let at = *at;
        Ok(Self { choice: Choice::Keep, ..self.only(Some(at)) })
    }

    /// The photo with only the face at this index, or with no face.
    #[must_use]
    pub fn only(mut self, face: Option<usize>) -> Self {
        let Ok(faces) = &mut self.faces else { return self };
        let face = face.filter(|at| *at < faces.len());
        self.number = face.and_then(|at| number_from_left(faces, at));
        let own: Vec<AnalysedFace> = face.map(|at| faces.swap_remove(at)).into_iter().collect();
        self.bystanders += faces.len();
        self.number = self.number.filter(|_| self.bystanders > 0);
        *faces = own;
        self
    }

    /// From the record of an earlier enrolment.
    #[must_use]
    pub fn from_record(record: PhotoRecord) -> Self {
        let faces = match (record.face.clone(), &record.status) {
            (Some(face), _) => Ok(vec![face]),
            (None, Status::SetAside { reason: Reason::Unreadable(message) }) => {
                Err(message.clone())
            }
            (None, _) => Ok(Vec::new()),
        };
        let PhotoRecord { path, sha256, bystanders, number, choice, sent, taken, .. } = record;
        Self { path, sha256, faces, bystanders, number, choice, sent, taken }
    }
}

/// Enrol the person in most of `photos`. A human's choices take precedence: dropped photos do not count in
/// finding the person.
///
/// # Errors
/// [`Error::NoFaces`], [`Error::TwoPeople`] or [`Error::NoMajority`] if the photos do not show one clear
/// person, [`Error::Value`] if there are no photos.
pub fn enroll(
    request: &Request,
    population: &Population,
    photos: Vec<Candidate>,
) -> Result<Profile> {
    let mut records = audited(request, population, photos)?;
    set_poor_aside(&mut records);
    let mut profile = Profile {
        version: VERSION,
        name: request.name.clone(),
        models: request.models.clone(),
        method: request.method,
        threshold: request.threshold,
        photos: records,
        negatives: Vec::new(),
        look_alikes: Vec::new(),
        strangers: None,
        calibrate: Calibrate::Auto,
        born: None,
    };
    test_by_leaving_out(population, &mut profile);
    Ok(profile)
}

/// A record of each photo, in order, before quality and scores are taken into account.
fn audited(
    request: &Request,
    population: &Population,
    photos: Vec<Candidate>,
) -> Result<Vec<PhotoRecord>> {
    let (dropped, photos): (Vec<_>, Vec<_>) =
        photos.into_iter().enumerate().partition(|(_, photo)| photo.choice == Choice::Drop);
    if photos.is_empty() {
        return Err(Error::value("enrolment", "no photo is left to enrol; add some"));
    }
    let (places, photos): (Vec<usize>, Vec<Candidate>) = photos.into_iter().unzip();
    let duplicates = duplicates::find(&photos, request.duplicates);
    let consensus = Consensus::find(population, &photos, &duplicates);
    consensus.check(&request.folder, &photos, &duplicates)?;
    let mut records: Vec<(usize, PhotoRecord)> = places
        .into_iter()
        .zip(photos.into_iter().enumerate())
        .map(|(place, (i, photo))| (place, record(photo, duplicates[i].as_ref(), consensus.of(i))))
        .collect();
    records.extend(dropped.into_iter().map(|(place, photo)| (place, record_of_dropped(photo))));
    records.sort_by_key(|(place, _)| *place);
    Ok(records.into_iter().map(|(_, record)| record).collect())
}

/// The record of a photo that a human dropped, with its first face.
fn record_of_dropped(photo: Candidate) -> PhotoRecord {
    let face = photo.faces.as_ref().ok().filter(|faces| !faces.is_empty()).map(|_| 0);
    let status = Status::SetAside { reason: Reason::Dropped };
    PhotoRecord { status, ..record(photo, None, (face, false)) }
}

/// A look-alike, the person in most of `photos`: one embedding for each photo that shows them.
fn look_alike(
    name: &str,
    photos: &[Candidate],
    population: &Population,
    limits: DuplicateLimits,
) -> LookAlike {
    let duplicates = duplicates::find(photos, limits);
    let consensus = Consensus::find(population, photos, &duplicates);
    let embeddings = (0..photos.len())
        .filter_map(|i| match consensus.of(i) {
            (Some(face), true) => Some(photos[i].faces.as_ref().ok()?.get(face)?.embedding.clone()),
            _ => None,
        })
        .collect();
    LookAlike { name: name.to_owned(), embeddings }
}

/// The embedding of every face in photos of other people.
#[must_use]
pub fn embeddings_of_others(photos: &[Candidate]) -> Vec<Vec<f32>> {
    let faces = photos.iter().filter_map(|photo| photo.faces.as_ref().ok()).flatten();
    faces.map(|face| face.embedding.clone()).collect()
}

/// The record of one photo with the chosen `face`, which is the person's if `member`.
fn record(
    photo: Candidate,
    duplicate: Option<&PathBuf>,
    (face, member): (Option<usize>, bool),
) -> PhotoRecord {
    let status = match (&photo.faces, duplicate) {
        (Err(message), _) => Status::SetAside { reason: Reason::Unreadable(message.clone()) },
        (Ok(_), Some(of)) => Status::Duplicate { of: of.clone() },
        (Ok(faces), None) if faces.is_empty() => Status::SetAside { reason: Reason::NoFace },
        (Ok(_), None) if member || photo.choice == Choice::Keep => Status::Kept,
        (Ok(_), None) => Status::SetAside { reason: Reason::SomebodyElse },
    };
    let Candidate { path, sha256, faces, bystanders, number, choice, sent, taken } = photo;
    let mut faces = faces.unwrap_or_default();
    let face = face.filter(|at| *at < faces.len());
    let own = face.and_then(|at| number_from_left(&faces, at));
    let number = number.or(own.filter(|_| faces.len() > 1));
    let face = face.map(|at| faces.swap_remove(at));
    let bystanders = faces.len() + bystanders;
    let score = None;
    PhotoRecord { path, sha256, status, face, bystanders, number, score, sent, choice, taken }
}

/// The number of a photo's face, counted from the left from 1.
fn number_from_left(faces: &[AnalysedFace], face: usize) -> Option<usize> {
    from_left(faces).iter().position(|at| *at == face).map(|place| place + 1)
}

/// The indices of a photo's faces, from the left.
pub(crate) fn from_left(faces: &[AnalysedFace]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..faces.len()).collect();
    let left = |at: usize| faces[at].face.bounds.x;
    order.sort_by(|a, b| left(*a).total_cmp(&left(*b)));
    order
}

/// Set aside the kept photos whose face is so poor that it does harm, if enough good ones remain.
fn set_poor_aside(records: &mut [PhotoRecord]) {
    let concern = |record: &PhotoRecord| {
        let counts = record.status == Status::Kept && record.choice != Choice::Keep;
        let face = record.face.as_ref().filter(|_| counts)?;
        face.quality.concerns.iter().copied().find(|concern| concern.harms())
    };
    let good = records.iter().filter(|r| r.status == Status::Kept && concern(r).is_none()).count();
    if good < ENOUGH_GOOD_PHOTOS {
        return;
    }
    for record in records {
        if let Some(concern) = concern(record) {
            record.status = Status::SetAside { reason: Reason::Poor(concern) };
        }
    }
}

/// Score every photo's face by the other kept photos. This always uses the default method, so that photos can be
/// compared.
fn test_by_leaving_out(population: &Population, profile: &mut Profile) {
    let kept: Vec<(usize, Vec<f32>)> = profile
        .photos
        .iter()
        .enumerate()
        .filter(|(_, photo)| photo.status == Status::Kept)
        .filter_map(|(i, photo)| Some((i, photo.face.as_ref()?.embedding.clone())))
        .collect();
    for (i, photo) in profile.photos.iter_mut().enumerate() {
        let Some(face) = &photo.face else { continue };
        let others: Vec<Vec<f32>> = kept
            .iter()
            .filter(|(at, _)| *at != i)
            .map(|(_, embedding)| embedding.clone())
            .collect();
        if !others.is_empty() {
            let raw = Centroid::fit(&others).raw_score(&face.embedding);
            photo.score = Some(population.likeness(others.len()).score(raw));
        }
    }
}

/// A summary of an enrolment.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary<'a> {
    /// Photos that count.
    pub kept: usize,
    /// Photos that are copies of another.
    pub duplicates: usize,
    /// Photos set aside.
    pub set_aside: Vec<(&'a PhotoRecord, &'a Reason)>,
    /// Kept photos that would match a profile made from the others.
    pub accepted: usize,
    /// Kept photos with a low score by the others, the lowest first.
    pub weak: Vec<&'a PhotoRecord>,
}

impl Profile {
    /// The summary of the enrolment.
    #[must_use]
    pub fn summary(&self) -> Summary<'_> {
        let score = |photo: &PhotoRecord| photo.score.unwrap_or(f64::INFINITY);
        let mut weak: Vec<_> = self.kept().filter(|photo| score(photo) < WEAK_SCORE).collect();
        weak.sort_by(|a, b| score(a).total_cmp(&score(b)));
        Summary {
            kept: self.kept().count(),
            duplicates: self
                .photos
                .iter()
                .filter(|p| matches!(p.status, Status::Duplicate { .. }))
                .count(),
            set_aside: self
                .photos
                .iter()
                .filter_map(|photo| match &photo.status {
                    Status::SetAside { reason } => Some((photo, reason)),
                    _ => None,
                })
                .collect(),
            accepted: self.kept().filter(|p| score(p) >= self.threshold()).count(),
            weak,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
