//! `/api/people`: the enrolled people and their photos.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::describe::{Bytes, Guarded, OfBody, OfLearning, OfPerson};
use super::embed::{Embedded, embedded};
use super::{Id, Terms, aside, made};
use crate::decision::Method;
use crate::enroll::{Candidate, Change, Setting};
use crate::error::Front;
use crate::pack::Purpose;
use crate::people::Person;
use crate::profile::Choice;
use crate::serve::analysis::Look;
use crate::serve::audit::{Audit, Listed};
use crate::serve::problem::{Answer, Problem};
use crate::serve::upload::is_json;
use crate::serve::{Server, Shared};

/// The largest picture of a face that is kept, in bytes.
const MOST_PICTURE: usize = 64 << 10;
/// The prefix of a picture's `data:` URL.
const PICTURE: &str = "data:image/jpeg;base64,";
/// The first bytes of a JPEG.
const JPEG: [u8; 3] = [0xff, 0xd8, 0xff];

/// Photos to enrol, with the terms of the profile.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// The photos in the answer of /api/embed.
    #[serde(default)]
    #[schema(required, min_items = 1)]
    pub photos: Vec<Embedded>,
    /// The person's name.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// The false accept rate: the share of strangers that match, such as 1e-4; more than 1e-7.
    #[schema(exclusive_minimum = 1.0000001e-7, exclusive_maximum = 1)]
    far: Option<f64>,
    method: Option<Method>,
    /// The year in which the person was born; a child's photos stay useful for fewer years.
    #[schema(minimum = 1800, maximum = 2200, format = Int32)]
    born: Option<u16>,
    /// Whether to keep small pictures of the faces, to show them later.
    #[serde(default)]
    keep_faces: bool,
}

/// Photos to enrol, with the terms of the profile, as a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a form is read field by field; this describes it")]
pub struct Form {
    /// Photos, as files.
    #[schema(inline, min_items = 1)]
    photo: Vec<Bytes>,
    /// The person's name.
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    name: Option<String>,
    /// The false accept rate: the share of strangers that match, such as 1e-4; more than 1e-7.
    #[schema(exclusive_minimum = 1.0000001e-7, exclusive_maximum = 1, nullable = false)]
    far: Option<f64>,
    #[schema(nullable = false)]
    method: Option<Method>,
    /// The year in which the person was born; a child's photos stay useful for fewer years.
    #[schema(minimum = 1800, maximum = 2200, format = Int32, nullable = false)]
    born: Option<u16>,
    /// Whether to keep small pictures of the faces, to show them later.
    #[schema(nullable = false)]
    keep_faces: Option<bool>,
}

impl Enrolment {
    /// The terms of the profile.
    pub fn terms(&self) -> Terms {
        Terms { name: self.name.clone(), far: self.far, method: self.method, born: self.born }
    }
}

/// A human's choice about a photo.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// The photo's name.
    photo: String,
    choice: Choice,
}

/// A photo.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// The photo's name.
    photo: String,
}

/// All people.
#[derive(Serialize, ToSchema)]
pub struct Everybody {
    people: Vec<Listed>,
}

/// The result of a deletion.
#[derive(Serialize, ToSchema)]
pub struct Deleted {
    deleted: bool,
}

/// List the enrolled people
#[utoipa::path(
    get, path = "/api/people", operation_id = "listPeople",
    responses(
        (status = 200, description = "Everybody.", body = Everybody),
        Guarded
    )
)]
pub async fn list(State(server): State<Shared>) -> Answer<Json<Everybody>> {
    let list = |server: &Shared| {
        let last = server.people.folder.last().ok().flatten();
        let people = server.people.everybody().into_iter().map(|(id, person)| {
            let is_last = last.as_ref() == Some(&id);
            match person {
                Ok(person) => Listed::of(&person, is_last),
                Err(error) => Listed::unusable(id, error.told(Front::Client), is_last),
            }
        });
        Ok(Everybody { people: people.collect() })
    };
    Ok(Json(aside(&server, list).await?))
}

/// Show a person
#[utoipa::path(
    get, path = "/api/people/{id}", operation_id = "showPerson",
    params(Id),
    responses(
        (status = 200, description = "The person.", body = Audit),
        Guarded, OfPerson
    )
)]
pub async fn show(State(server): State<Shared>, Path(Id { id }): Path<Id>) -> Answer<Json<Value>> {
    aside(&server, move |server| audit(server, &*server.people.person(&id)?)).await
}

/// Enrol somebody
///
/// Send photos, or the answer of /api/embed.
#[utoipa::path(
    post, path = "/api/people", operation_id = "createPerson",
    request_body(content((Enrolment = "application/json"), (Form = "multipart/form-data"))),
    responses(
        (status = 201, description = "The new person.", body = Audit),
        Guarded, OfBody, OfLearning
    )
)]
pub async fn create(State(server): State<Shared>, request: Request) -> Answer<impl IntoResponse> {
    let asked = photos(&server, request).await?;
    let create = move |server: &Shared| {
        let keep_faces = keeps(server, &asked)?;
        let photos = &asked.photos;
        let (add, faces) = (candidates(server, photos)?, faces(photos));
        let change = Change { add, faces, ..asked.terms().change()? };
        let profile = made(change.apply(None, &setting(server)))?;
        let person = made(server.people.create(profile))?;
        if keep_faces {
            keep(server, &person, photos)?;
        }
        audit(server, &person)
    };
    Ok((StatusCode::CREATED, aside(&server, create).await?))
}

/// Add photos
#[utoipa::path(
    post, path = "/api/people/{id}/photos", operation_id = "addPhotos",
    params(Id),
    request_body(content((Enrolment = "application/json"), (Form = "multipart/form-data"))),
    responses(
        (status = 200, description = "The person, after the change.", body = Audit),
        Guarded, OfPerson, OfBody, OfLearning
    )
)]
pub async fn add(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    request: Request,
) -> Answer<Json<Value>> {
    known(&server, &id).await?;
    let asked = photos(&server, request).await?;
    let add = move |server: &Shared| {
        let keep_faces = keeps(server, &asked)? || server.people.keeps_faces(&id);
        let new = candidates(server, &asked.photos)?;
        let change = Change { add: new, faces: faces(&asked.photos), ..Change::default() };
        let person = changed(server, &id, change)?;
        if keep_faces {
            keep(server, &person, &asked.photos)?;
        }
        audit(server, &person)
    };
    aside(&server, add).await
}

/// Change the name, the false accept rate or the method
#[utoipa::path(
    patch, path = "/api/people/{id}", operation_id = "changePerson",
    params(Id),
    request_body(content = Terms),
    responses(
        (status = 200, description = "The person, after the change.", body = Audit),
        Guarded, OfPerson, OfBody, OfLearning
    )
)]
pub async fn change(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    request: Request,
) -> Answer<Json<Value>> {
    let terms: Terms = server.budget.json(request).await?;
    after(&server, id, terms.change()?).await
}

/// Choose whether a photo counts
#[utoipa::path(
    patch, path = "/api/people/{id}/photos", operation_id = "choosePhoto",
    params(Id),
    request_body(content = Chosen),
    responses(
        (status = 200, description = "The person, after the change.", body = Audit),
        Guarded, OfPerson, OfBody, OfLearning
    )
)]
pub async fn choose(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    request: Request,
) -> Answer<Json<Value>> {
    let Chosen { photo, choice } = server.budget.json(request).await?;
    let choices = vec![(photo.into(), choice)];
    after(&server, id, Change { choices, ..Change::default() }).await
}

/// Remove a photo
#[utoipa::path(
    delete, path = "/api/people/{id}/photos", operation_id = "removePhoto",
    params(Id, Named),
    responses(
        (status = 200, description = "The person, after the change.", body = Audit),
        Guarded, OfPerson, OfLearning
    )
)]
pub async fn remove(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    Query(Named { photo }): Query<Named>,
) -> Answer<Json<Value>> {
    after(&server, id, Change { remove: vec![photo.into()], ..Change::default() }).await
}

/// Delete the profile and the pictures kept with it
#[utoipa::path(
    delete, path = "/api/people/{id}", operation_id = "deletePerson",
    params(Id),
    responses(
        (status = 200, description = "The profile was deleted.", body = Deleted),
        Guarded, OfPerson
    )
)]
pub async fn delete(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
) -> Answer<Json<Deleted>> {
    aside(&server, move |server| made(server.people.delete(&id))).await?;
    Ok(Json(Deleted { deleted: true }))
}

/// The profile's file
#[utoipa::path(
    get, path = "/api/people/{id}/export", operation_id = "exportPerson",
    params(Id),
    responses(
        (status = 200, description = "The profile, as `verify profile export` writes it.", body = Object),
        Guarded, OfPerson
    )
)]
pub async fn export(State(server): State<Shared>, Path(Id { id }): Path<Id>) -> Answer<Response> {
    let name = format!("attachment; filename=\"{id}.json\"");
    let bytes = aside(&server, move |server| {
        let bytes = server.people.person(&id)?.profile.to_json();
        bytes.map_err(|e| Problem::from(crate::Error::from(e)))
    });
    let bytes = bytes.await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

/// The person as JSON.
pub(super) fn audit(server: &Server, person: &Person) -> Answer<Json<Value>> {
    let audit = serde_json::to_value(Audit::of(server, person));
    audit.map(Json).map_err(|_| Problem::broken())
}

/// The photos of a request, analysed here or before by `/api/embed`.
pub(super) async fn photos(server: &Shared, request: Request) -> Answer<Enrolment> {
    if is_json(&request) {
        return server.budget.json(request).await;
    }
    let upload = server.budget.photos(request, None).await?;
    let field = |name| upload.field(name).filter(|text| !text.is_empty());
    let number = |text: &str| text.parse().map_err(|_| Problem::wrong("far: not a number"));
    let method = |text: &str| {
        Method::named(text).ok_or_else(|| Problem::wrong("method: unknown; /api/info lists them"))
    };
    let (name, far) = (field("name").map(str::to_owned), field("far").map(number).transpose()?);
    let method = field("method").map(method).transpose()?;
    let year =
        |text: &str| text.parse().map_err(|_| Problem::wrong("born: give a year, such as 2015"));
    let born = field("born").map(year).transpose()?;
    let keep_faces = field("keep_faces") == Some("true");
    let look = Look { portraits: keep_faces, purpose: Purpose::Enrolling };
    let seen = server.analysis.look(upload.photos, look).await?;
    Ok(Enrolment { photos: embedded(server, seen), name, far, method, born, keep_faces })
}

pub(super) fn candidates(server: &Server, photos: &[Embedded]) -> Answer<Vec<Candidate>> {
    if photos.is_empty() {
        return Err(Problem::wrong("photos: the list is empty; send at least one"));
    }
    let dimensions = server.pack.dimensions();
    photos.iter().map(|photo| photo.candidate(dimensions)).collect()
}

/// The faces that the client chose.
fn faces(photos: &[Embedded]) -> Vec<(PathBuf, usize)> {
    let said = photos.iter().filter_map(|photo| Some((photo.photo.clone(), photo.face?)));
    said.collect()
}

fn setting(server: &Server) -> Setting<'_> {
    Setting::of(&server.pack, &server.people.population)
}

/// Check that the person exists, before photos are analysed.
pub(super) async fn known(server: &Shared, id: &str) -> Answer<()> {
    let id = id.to_owned();
    aside(server, move |server| made(server.people.person(&id)).map(drop)).await
}

/// Save a change, and return the person as JSON.
pub(super) async fn after(server: &Shared, id: String, change: Change) -> Answer<Json<Value>> {
    aside(server, move |server| audit(server, &*changed(server, &id, change)?)).await
}

/// Save a change, and return the person.
fn changed(server: &Server, id: &str, change: Change) -> Answer<Arc<Person>> {
    let changed = server.people.change(id, |person| {
        let folder = person.profile.name.clone().into();
        Change { folder, ..change }.apply(Some(person.profile.clone()), &setting(server))
    });
    made(changed)
}

/// Whether a request asks to keep pictures; an error if that is not allowed.
fn keeps(server: &Server, asked: &Enrolment) -> Answer<bool> {
    if asked.keep_faces && server.people.encrypts() {
        let problem = "keep_faces: pictures are not kept if profiles are encrypted; leave it out";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, problem));
    }
    Ok(asked.keep_faces)
}

/// Keep the pictures of the person's faces that came with the photos.
fn keep(server: &Server, person: &Person, photos: &[Embedded]) -> Answer<()> {
    let pictures = photos.iter().filter_map(|photo| {
        let record = person.profile.photos.iter().find(|record| record.sha256 == photo.sha256)?;
        let own = record.face.as_ref()?;
        let face = photo.faces.iter().find(|face| face.face.embedding == own.embedding)?;
        let text = face.crop.as_deref()?.strip_prefix(PICTURE)?;
        let jpeg = BASE64_STANDARD.decode(text).ok()?;
        let is_picture = jpeg.starts_with(&JPEG) && jpeg.len() <= MOST_PICTURE;
        (is_picture && !photo.sha256.is_empty()).then_some((photo.sha256.as_str(), jpeg))
    });
    made(server.people.keep_faces(&person.id, pictures))
}
