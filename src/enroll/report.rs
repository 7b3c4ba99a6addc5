//! The report on an enrolment: one JSON object, whose field names are stable.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Alike, LeaveOut, Standing, Years};
use crate::decision::{Method, Strangers};
use crate::face::Concern;
use crate::profile::{PhotoRecord, Profile, Reason, Status, path_as_text};

/// The result of `verify enroll`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = EnrolReport))]
pub struct EnrolReport<'a> {
    /// The person's name.
    pub name: &'a str,
    /// The profile's file.
    #[serde(serialize_with = "path_as_text")]
    #[cfg_attr(feature = "serve", schema(value_type = String))]
    pub profile: PathBuf,
    /// The decision method.
    pub method: Method,
    /// The score from which a face is a match.
    pub threshold: f64,
    /// The false accept rate of the threshold: the share of local strangers that match, or of people like those that
    /// the population was estimated from.
    pub far: f64,
    /// The scores of local strangers; null if not known.
    #[cfg_attr(feature = "serve", schema(required))]
    pub strangers: Option<&'a Strangers>,
    /// How the person's kind stands in the population; null if the profile is of another pack.
    #[cfg_attr(feature = "serve", schema(required))]
    pub standing: Option<Standing>,
    /// The numbers of photos.
    pub counts: Counts,
    /// The photos that count.
    pub kept: Vec<Kept>,
    /// The copies of these.
    pub duplicates: Vec<Duplicate>,
    /// The photos that do not count.
    pub set_aside: Vec<SetAside>,
    /// Kept photos with a low score by the others, the lowest first.
    pub weak: Vec<Kept>,
    /// How many photos match a profile made from the others, for each method tested.
    pub self_test: Vec<SelfTest>,
    /// The number of faces of other people for the supervised method.
    pub negatives: usize,
    /// People to be kept apart.
    pub look_alikes: Vec<LookAlike<'a>>,
    /// The other enrolled people who look like this one, the most alike first.
    pub alike: Vec<Alike>,
    /// The year of birth; null if not known.
    #[cfg_attr(feature = "serve", schema(required))]
    pub born: Option<u16>,
    /// The years of the photos that count; null if none has a date.
    #[cfg_attr(feature = "serve", schema(required))]
    pub years: Option<Years>,
    /// The name in the profile that was replaced; null if none was.
    #[cfg_attr(feature = "serve", schema(required))]
    pub replaced: Option<String>,
}

/// The numbers of photos.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Counts {
    /// All photos.
    pub photos: usize,
    /// Photos that count.
    pub kept: usize,
    /// Photos that are copies of another.
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

/// A photo that is a copy of another.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Duplicate {
    /// The photo's file.
    pub photo: String,
    /// The photo that it is a copy of.
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
    /// The reason in words; for an unreadable photo it names the photo.
    pub detail: String,
}

/// The self-test of one method.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct SelfTest {
    /// The decision method.
    pub method: Method,
    /// The number of photos that were left out in turn.
    pub photos: usize,
    /// How many of them match a profile made from the others.
    pub accepted: usize,
    /// How far the median photo is above the threshold.
    #[cfg_attr(feature = "serve", schema(required))]
    pub typical_margin: Option<f64>,
    /// How far the lowest photo is above the threshold; negative if below.
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

impl<'a> EnrolReport<'a> {
    /// The report on the profile saved at `path`, with its self-tests `tests`, its `standing` in the population, and
    /// the people who look `alike`.
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
        score: photo.score,
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
        photos: test.scores.len(),
        accepted: test.accepted(),
        typical_margin: test.typical_margin(),
        least_margin: test.least_margin(),
    }
}
