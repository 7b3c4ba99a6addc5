//! A person as JSON: the report of `verify enroll --json`, and every photo in order.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

use super::Server;
use crate::decision::Method;
use crate::enroll::Standing;
use crate::enroll::report::EnrolReport;
use crate::face::Concern;
use crate::people::Person;
use crate::profile::{Choice, PhotoRecord, Profile, Reason, Status};
use crate::words::accepted;

/// A person in the list of all.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed {
    /// The person's id, as in paths.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// How many photos there are.
    pub photos: usize,
    /// How many of them count.
    pub kept: usize,
    /// How many do not count.
    pub set_aside: usize,
    /// How many are copies of another.
    pub duplicates: usize,
    #[schema(required)]
    pub method: Option<Method>,
    /// The score from which a face is a match.
    #[schema(required)]
    pub threshold: Option<f64>,
    /// The share of strangers that the threshold accepts.
    #[schema(required)]
    pub far: Option<f64>,
    /// The false accept rate in words.
    #[schema(required)]
    pub accepts: Option<String>,
    /// Whether the profile can be used.
    pub usable: bool,
    /// Why not, if so.
    #[schema(required)]
    pub error: Option<String>,
    /// Whether this is the person that commands mean by default: the one enrolled last.
    pub command_line: bool,
}

/// A person in full.
#[derive(Serialize, ToSchema)]
pub struct Audit<'a> {
    /// The person's id, as in paths.
    pub id: &'a str,
    /// The false accept rate in words, as in "one stranger in 10,000 among people like those it was measured on".
    pub accepts: String,
    /// Whether small pictures of the faces are kept.
    pub keep_faces: bool,
    #[serde(flatten)]
    pub report: EnrolReport<'a>,
    /// Every photo, in order.
    pub photos: Vec<Photo<'a>>,
}

/// An enrolled photo.
#[derive(Serialize, ToSchema)]
pub struct Photo<'a> {
    /// The photo's name.
    pub photo: String,
    /// The SHA-256 of its file; empty if it could not be read.
    pub sha256: &'a str,
    pub status: Counting,
    /// Why it was set aside, if it was.
    #[schema(required, schema_with = reasons)]
    pub reason: Option<&'static str>,
    /// The reason in words.
    #[schema(required)]
    pub detail: Option<String>,
    /// The photo that it is a copy of, if it is one.
    #[schema(required)]
    pub of: Option<String>,
    /// The score by the other kept photos.
    #[schema(required)]
    pub score: Option<f64>,
    /// What makes its face hard to judge.
    pub concerns: Vec<Concern>,
    /// How many other faces it has.
    pub bystanders: usize,
    /// If it has several faces: which is the person's, counted from the left from 1.
    #[schema(required)]
    pub number: Option<usize>,
    pub choice: Choice,
    /// Whether it has a face.
    pub face: bool,
    /// Whether a picture of the face is available: a kept one, or the photo itself on this machine.
    pub picture: bool,
}

/// Whether a photo counts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Counting {
    Kept,
    Duplicate,
    SetAside,
}

/// The reasons for setting a photo aside, or null.
fn reasons() -> Object {
    let names = Reason::CODES.map(Some).into_iter().chain([None]);
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .enum_values(Some(names))
        .description(Some("Why it was set aside, if it was."))
        .build()
}

/// The false accept rate of a profile, in words.
fn accepted_by(profile: &Profile) -> String {
    accepted(profile.far(), profile.strangers.as_ref().map(|strangers| strangers.faces))
}

impl Listed {
    /// A person whose profile can be used.
    pub fn of(person: &Person, command_line: bool) -> Self {
        let profile = &person.profile;
        let summary = profile.summary();
        let threshold = profile.threshold();
        Self {
            id: person.id.clone(),
            name: profile.name.clone(),
            photos: profile.photos.len(),
            kept: summary.kept,
            set_aside: summary.set_aside.len(),
            duplicates: summary.duplicates,
            method: Some(profile.method),
            threshold: Some(threshold),
            far: Some(profile.far()),
            accepts: Some(accepted_by(profile)),
            usable: true,
            error: None,
            command_line,
        }
    }

    /// A profile that cannot be used.
    pub fn unusable(id: String, error: String, command_line: bool) -> Self {
        Self {
            name: id.clone(),
            command_line,
            id,
            photos: 0,
            kept: 0,
            set_aside: 0,
            duplicates: 0,
            method: None,
            threshold: None,
            far: None,
            accepts: None,
            usable: false,
            error: Some(error),
        }
    }
}

impl<'a> Audit<'a> {
    /// A person in full; the first call runs the self-test, which takes a while.
    pub fn of(server: &Server, person: &'a Person) -> Self {
        let people = &server.people;
        let test = person.test(&people.population, server.threads);
        let report = EnrolReport::new(
            &person.profile,
            &person.path,
            None,
            test.map_or(&[], std::slice::from_ref),
            Some(Standing::of(&person.profile, &people.population)),
            people.alike(person),
        );
        Self {
            id: &person.id,
            accepts: accepted_by(&person.profile),
            keep_faces: people.keeps_faces(&person.id),
            report,
            photos: person
                .profile
                .photos
                .iter()
                .map(|record| photo(server, &person.id, record))
                .collect(),
        }
    }
}

fn photo<'a>(server: &Server, id: &str, record: &'a PhotoRecord) -> Photo<'a> {
    let name = |path: &std::path::Path| path.to_string_lossy().into_owned();
    let (status, reason, of) = match &record.status {
        Status::Kept => (Counting::Kept, None, None),
        Status::Duplicate { of } => (Counting::Duplicate, None, Some(name(of))),
        Status::SetAside { reason } => (Counting::SetAside, Some(reason), None),
    };
    let concerns = record.face.as_ref().map(|face| face.quality.concerns.clone());
    Photo {
        photo: name(&record.path),
        sha256: &record.sha256,
        status,
        reason: reason.map(Reason::code),
        detail: reason.map(Reason::to_string),
        of,
        score: record.score,
        concerns: concerns.unwrap_or_default(),
        bystanders: record.bystanders,
        number: record.number,
        choice: record.choice,
        face: record.face.is_some(),
        picture: record.face.is_some()
            && (server.people.has_kept_face(id, &record.sha256)
                || (!record.sent && record.path.is_file())),
    }
}
