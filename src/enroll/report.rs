//! What an enrolment came to, in numbers and names: one JSON object, whose field names stay.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Alike, LeaveOut, Standing, Years};
use crate::decision::{Method, Strangers};
use crate::face::Concern;
use crate::profile::{PhotoRecord, Profile, Reason, Status, path_as_text};

/// The result of `verify enroll`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = EnrolReport))]
pub struct Report<'a> {
    /// The person's name.
    pub name: &'a str,
    /// The profile's file.
    #[serde(serialize_with = "path_as_text")]
    #[cfg_attr(feature = "serve", schema(value_type = String))]
    pub profile: PathBuf,
    /// The decision method.
    pub method: Method,
    /// The score from which on a face is a match.
    pub threshold: f64,
    /// The share of strangers that the threshold accepts: of those at hand, or of people like those
    /// that the population was estimated from.
    pub far: f64,
    /// What the strangers at hand reach, if any were learnt from.
    #[cfg_attr(feature = "serve", schema(required))]
    pub strangers: Option<&'a Strangers>,
    /// How the person's kind stands in the population; null if it is of other models.
    #[cfg_attr(feature = "serve", schema(required))]
    pub standing: Option<Standing>,
    /// How many photos came to what.
    pub counts: Counts,
    /// The photos that count.
    pub kept: Vec<Kept>,
    /// Those that repeat one of these.
    pub duplicates: Vec<Duplicate>,
    /// Those that do not count.
    pub set_aside: Vec<SetAside>,
    /// Kept photos that the others hardly recognise, the weakest first.
    pub weak: Vec<Kept>,
    /// How methods judge each kept photo by the others alone.
    pub self_test: Vec<SelfTest>,
    /// Faces of other people that the supervised method learns from.
    pub negatives: usize,
    /// People to be kept apart.
    pub look_alikes: Vec<LookAlike<'a>>,
    /// The other enrolled people who look like this one, the most alike first.
    pub alike: Vec<Alike>,
    /// The year of birth, if it was said.
    #[cfg_attr(feature = "serve", schema(required))]
    pub born: Option<u16>,
    /// The years of the photos that count; null if none has a date.
    #[cfg_attr(feature = "serve", schema(required))]
    pub years: Option<Years>,
    /// Whose profile was there before.
    #[cfg_attr(feature = "serve", schema(required))]
    pub replaced: Option<String>,
}

/// How many photos came to what.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Counts {
    /// All photos.
    pub photos: usize,
    /// Photos that count.
    pub kept: usize,
    /// Photos that repeat another.
    pub duplicates: usize,
    /// Photos that do not count.
    pub set_aside: usize,
}

/// A photo that counts.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Kept {
    /// The photo's file.
    pub photo: String,
    /// Its score by the other kept photos; null if there are none.
    #[cfg_attr(feature = "serve", schema(required))]
    pub score: Option<f64>,
    /// What makes its face hard to judge.
    pub concerns: Vec<Concern>,
    /// How many faces the photo has.
    pub faces: usize,
    /// Which of several is the person's, counted from the left from 1; null if it is the only one.
    #[cfg_attr(feature = "serve", schema(required))]
    pub face: Option<usize>,
}

/// A photo that repeats another.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Duplicate {
    /// The photo's file.
    pub photo: String,
    /// The photo that counts in its place.
    pub of: String,
}

/// A photo that does not count.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct SetAside {
    /// The photo's file.
    pub photo: String,
    /// One of unreadable, no-face, somebody-else, poor and dropped.
    pub reason: &'static str,
    /// The reason for people; for an unreadable photo it names the photo.
    pub detail: String,
}

/// How one method judges the photos it was not shown.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct SelfTest {
    /// The decision method.
    pub method: Method,
    /// Photos left out, one after the other.
    pub photos: usize,
    /// How many of them the others accept.
    pub accepted: usize,
    /// How far the middle one is above the threshold.
    #[cfg_attr(feature = "serve", schema(required))]
    pub typical_margin: Option<f64>,
    /// How far the weakest is above the threshold.
    #[cfg_attr(feature = "serve", schema(required))]
    pub least_margin: Option<f64>,
}

/// A person to be kept apart.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct LookAlike<'a> {
    /// The person's name.
    pub name: &'a str,
    /// All photos.
    pub photos: usize,
}

impl<'a> Report<'a> {
    /// Of the profile saved at `path`, which tested itself with `tests`, and whose person stands so in
    /// the population and looks like these others.
    pub fn new(
        profile: &'a Profile,
        path: &Path,
        replaced: Option<String>,
        tests: &[LeaveOut],
        standing: Option<Standing>,
        alike: Vec<Alike>,
    ) -> Self {
        let summary = profile.summary();
        let duplicates: Vec<_> = profile.photos.iter().filter_map(duplicate).collect();
        let look_alike = |other: &'a crate::profile::LookAlike| LookAlike {
            name: &other.name,
            photos: other.embeddings.len(),
        };
        Self {
            name: &profile.name,
            profile: path.to_owned(),
            method: profile.method,
            threshold: profile.threshold(),
            far: profile.far(),
            strangers: profile.strangers.as_ref(),
            standing,
            counts: Counts {
                photos: profile.photos.len(),
                kept: summary.kept,
                duplicates: duplicates.len(),
                set_aside: summary.set_aside.len(),
            },
            kept: profile.kept().map(kept).collect(),
            duplicates,
            set_aside: summary.set_aside.iter().map(|(p, reason)| set_aside(p, reason)).collect(),
            weak: summary.weak.into_iter().map(kept).collect(),
            self_test: tests.iter().map(self_test).collect(),
            negatives: profile.negatives.len(),
            look_alikes: profile.look_alikes.iter().map(look_alike).collect(),
            alike,
            born: profile.born,
            years: Years::of(profile),
            replaced,
        }
    }
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn kept(photo: &PhotoRecord) -> Kept {
    let concerns = photo.face.as_ref().map(|face| face.quality.concerns.clone());
    Kept {
        photo: name(&photo.path),
        score: photo.evidence,
        concerns: concerns.unwrap_or_default(),
        faces: 1 + photo.bystanders,
        face: photo.number,
    }
}

fn duplicate(photo: &PhotoRecord) -> Option<Duplicate> {
    match &photo.status {
        Status::Duplicate { of } => Some(Duplicate { photo: name(&photo.path), of: name(of) }),
        _ => None,
    }
}

fn set_aside(photo: &PhotoRecord, reason: &Reason) -> SetAside {
    let detail = match reason {
        Reason::Unreadable(message) => message.clone(),
        other => other.to_string(),
    };
    SetAside { photo: name(&photo.path), reason: reason.code(), detail }
}

fn self_test(test: &LeaveOut) -> SelfTest {
    SelfTest {
        method: test.method,
        photos: test.evidence.len(),
        accepted: test.accepted(),
        typical_margin: test.typical_margin(),
        least_margin: test.least_margin(),
    }
}
