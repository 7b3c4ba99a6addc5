//! The faces that pictures and pages show, each with its score.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::RgbImage;
use ndarray::ArrayView2;

use super::text::plain;
use crate::decision::{Decision, Method};
use crate::enroll::by_others;
use crate::error::Result;
use crate::face::{Concern, Face};
use crate::model::Embedding;
use crate::pipeline::{AnalysedFace, AnalysedPhoto};
use crate::profile::{PhotoRecord, Profile, Reason, Status};
use crate::words::count;

/// The kind of a group of faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Enrolled photos that count.
    Kept,
    /// Copies.
    Duplicate,
    /// Enrolled photos that do not count.
    SetAside,
    /// The faces of the folder of this number.
    Overlay(usize),
}

/// A face that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its photo.
    pub path: PathBuf,
    /// The SHA-256 of the photo's content.
    pub sha256: String,
    /// Whether it was sent by another program, so that its path is not a file on this machine.
    pub sent: bool,
    /// Its place in the photo.
    pub face: Face,
    /// What makes it hard to judge.
    pub concerns: Vec<Concern>,
    /// Its embedding, of length 1.
    pub embedding: Embedding,
    /// Its score by the method in use; for an enrolled photo, by the other photos.
    pub score: f64,
    /// Why it was set aside, or of which photo it is a copy, in full and in two words.
    pub remark: Option<[String; 2]>,
    /// For a copy: the index of its original among the kept photos.
    pub original: Option<usize>,
    /// The face's crop, if requested and its photo still exists.
    pub crop: Option<Arc<RgbImage>>,
}

impl Shown {
    /// The name of the photo's file, safe to draw.
    #[must_use]
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        plain(&name.to_string_lossy())
    }

    fn new(path: &Path, sha256: &str, face: &AnalysedFace, score: f64) -> Self {
        Self {
            path: path.to_owned(),
            sha256: sha256.to_owned(),
            sent: false,
            face: face.face.clone(),
            concerns: face.quality.concerns.clone(),
            embedding: face.embedding.clone(),
            score,
            remark: None,
            original: None,
            crop: None,
        }
    }
}

/// A group of faces with the same symbol.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownGroup {
    /// Their kind.
    pub kind: Kind,
    /// Their entry in the legend.
    pub name: String,
    /// The faces.
    pub faces: Vec<Shown>,
}

/// A folder of photos that are shown besides those of the person.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlay {
    /// Their name in the legend.
    pub name: String,
    /// The photos with all their faces.
    pub photos: Vec<AnalysedPhoto>,
}

impl Overlay {
    /// The analysed photos of `folder`.
    #[must_use]
    pub fn new(folder: &Path, photos: Vec<AnalysedPhoto>) -> Self {
        Self { name: folder_name(folder), photos }
    }
}

/// The name of a folder, also if it is given as `.`.
#[must_use]
pub fn folder_name(folder: &Path) -> String {
    let absolute = folder.canonicalize();
    let named = absolute.as_deref().unwrap_or(folder);
    named.file_name().unwrap_or(named.as_os_str()).to_string_lossy().into_owned()
}

/// All faces that are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The person's name, safe to draw.
    pub name: String,
    /// The method that decides.
    pub method: Method,
    /// The score from which a face is a match.
    pub threshold: f64,
    /// The number of photos that the person was enrolled from.
    pub kept: usize,
    /// The faces, in the order of drawing.
    pub groups: Vec<ShownGroup>,
}

impl Scene {
    /// The photos of `profile` with their scores by `decision`, and the faces of `overlays`.
    ///
    /// # Errors
    /// If the method cannot be fitted to a part of the photos.
    pub fn of(profile: &Profile, decision: &Decision, overlays: &[Overlay]) -> Result<Self> {
        let mut groups: Vec<ShownGroup> =
            overlays.iter().enumerate().map(|(i, o)| overlay(i, o, decision)).collect();
        groups.extend(enrolled(profile, decision)?);
        Ok(Self {
            name: plain(&profile.name),
            method: profile.method,
            threshold: decision.threshold,
            kept: profile.kept().count(),
            groups,
        })
    }

    /// The faces of all groups.
    pub fn faces(&self) -> impl Iterator<Item = (Kind, &Shown)> {
        self.groups.iter().flat_map(|group| group.faces.iter().map(|face| (group.kind, face)))
    }

    /// The faces of one kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Shown> {
        self.faces().filter(move |(of, _)| *of == kind).map(|(_, face)| face)
    }
}

/// The score of each of `faces`.
#[must_use]
pub fn judged(decision: &Decision, faces: &[Vec<f32>]) -> Vec<f64> {
    let flat = faces.concat();
    let columns = faces.first().map_or(0, Vec::len);
    match ArrayView2::from_shape((faces.len(), columns), &flat) {
        Ok(rows) => decision.scores(rows),
        // Embeddings of unequal lengths, which does not occur with one population.
        Err(_) => faces.iter().map(|face| decision.score(face)).collect(),
    }
}

fn overlay(number: usize, overlay: &Overlay, decision: &Decision) -> ShownGroup {
    let shown = |photo: &AnalysedPhoto, face: &AnalysedFace| {
        Shown::new(&photo.path, &photo.sha256, face, decision.score(&face.embedding))
    };
    let faces: Vec<Shown> = overlay
        .photos
        .iter()
        .flat_map(|photo| photo.faces.iter().map(move |face| shown(photo, face)))
        .filter(|face| face.score.is_finite())
        .collect();
    let name = format!("{} ({})", plain(&overlay.name), count(faces.len(), "face"));
    ShownGroup { kind: Kind::Overlay(number), name, faces }
}

/// The enrolled photos with a face: copies, kept ones, and those set aside, which are few, last.
fn enrolled(profile: &Profile, decision: &Decision) -> Result<Vec<ShownGroup>> {
    let scores = by_others(profile, &decision.population)?;
    let shown = |photo: &PhotoRecord, score: f64| {
        let shown = Shown::new(&photo.path, &photo.sha256, photo.face.as_ref()?, score);
        Some(Shown { sent: photo.sent, ..shown })
    };
    let of_face = |photo: &PhotoRecord| {
        photo.face.as_ref().map_or(0.0, |face| decision.score(&face.embedding))
    };
    let kept: Vec<Shown> = profile
        .kept()
        .enumerate()
        .filter_map(|(i, photo)| {
            shown(photo, scores.get(i).copied().unwrap_or_else(|| of_face(photo)))
        })
        .collect();
    let numbers: HashMap<&Path, usize> =
        kept.iter().enumerate().map(|(i, face)| (face.path.as_path(), i)).collect();
    let (mut copies, mut aside) = (Vec::new(), Vec::new());
    for photo in &profile.photos {
        match &photo.status {
            Status::Kept => {}
            Status::Duplicate { of } => {
                let original = numbers.get(of.as_path()).copied();
                // A copy of a kept photo would be scored by itself, so it gets its original's score.
                let score = original.map_or_else(|| of_face(photo), |i| kept[i].score);
                let name = of.file_name().unwrap_or(of.as_os_str()).to_string_lossy();
                let remark = Some([format!("same picture as {}", plain(&name)), "copy".into()]);
                copies.extend(shown(photo, score).map(|face| Shown { remark, original, ..face }));
            }
            Status::SetAside { reason } => {
                let remark = Some([plain(&reason.to_string()), short(reason)]);
                aside.extend(shown(photo, of_face(photo)).map(|face| Shown { remark, ..face }));
            }
        }
    }
    let named = |what: &str, kind, faces: Vec<Shown>| {
        let name = format!("{what} ({})", count(faces.len(), "photo"));
        ShownGroup { kind, name, faces }
    };
    let mut groups = vec![named("copies, joined", Kind::Duplicate, copies)];
    groups.push(named("enrolled", Kind::Kept, kept));
    groups.push(named("set aside", Kind::SetAside, aside));
    groups.retain(|group| group.kind == Kind::Kept || !group.faces.is_empty());
    Ok(groups)
}

/// A reason in two words.
fn short(reason: &Reason) -> String {
    match reason {
        Reason::Unreadable(_) => "unreadable".to_owned(),
        Reason::NoFace => "no face".to_owned(),
        Reason::SomebodyElse => "somebody else".to_owned(),
        Reason::Poor(concern) => concern.to_string(),
        Reason::Dropped => "by hand".to_owned(),
    }
}
