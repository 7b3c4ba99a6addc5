//! `/api/people/{id}/review`: the faces that a scan found, answers to them, and pictures of them.

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::describe::{Bytes, Guarded, OfBody, OfLearning, OfPerson};
use super::{Id, aside, made};
use crate::people::Person;
use crate::plot::{jpeg, portrait};
use crate::review::{Answer as Said, List, Review};
use crate::serve::Shared;
use crate::serve::analysis::PORTRAIT;
use crate::serve::problem::{Answer, Problem};

/// The part of the list that is requested.
#[derive(Debug, Default, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Part {
    /// The most faces to list; all by default.
    #[param(nullable = false)]
    limit: Option<usize>,
}

/// A face.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// The face's id, as in the review.
    face: String,
}

/// Answers to faces.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// The answers, which are undone together.
    #[schema(min_items = 1)]
    answers: Vec<Answered>,
}

/// The answer to a face.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// The face's id, as in the review.
    face: String,
    answer: Said,
}

/// The result of undoing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Undone {
    /// The faces whose answers were undone; none if nothing was answered.
    undone: Vec<String>,
    #[serde(flatten)]
    review: List,
}

/// List the faces to review
///
/// The faces that are or may be the person's, the most doubtful first, each with the enrolled photos most
/// like it. `verify scan` on this machine finds them.
#[utoipa::path(
    get, path = "/api/people/{id}/review", operation_id = "review",
    params(Id, Part),
    responses(
        (status = 200, description = "The faces to review.", body = List),
        Guarded, OfPerson
    )
)]
pub async fn review(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    Query(part): Query<Part>,
) -> Answer<Json<List>> {
    aside(&server, move |server| {
        let (person, review) = made(server.people.review(&id))?;
        Ok(Json(listed(&person, &review, part)))
    })
    .await
}

/// Answer faces
///
/// `yes` enrols the photo, `no` keeps the face's person apart, and neither face is listed again; `unsure` lists the
/// face last. The profile and the order of the faces are updated.
#[utoipa::path(
    post, path = "/api/people/{id}/review", operation_id = "answer",
    params(Id, Part),
    request_body(content = Answers),
    responses(
        (status = 200, description = "The faces left to review.", body = List),
        Guarded, OfPerson, OfBody, OfLearning
    )
)]
pub async fn answer(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    Query(part): Query<Part>,
    request: Request,
) -> Answer<Json<List>> {
    let Answers { answers } = server.budget.json(request).await?;
    if answers.is_empty() {
        return Err(Problem::wrong("answers: the list is empty; send at least one"));
    }
    let answers: Vec<(String, Said)> =
        answers.into_iter().map(|answered| (answered.face, answered.answer)).collect();
    aside(&server, move |server| {
        let (person, review) = made(server.people.answer(&id, &answers))?;
        Ok(Json(listed(&person, &review, part)))
    })
    .await
}

/// Undo the last answers
///
/// Answers that were given together are undone together.
#[utoipa::path(
    post, path = "/api/people/{id}/review/undo", operation_id = "undoAnswer",
    params(Id, Part),
    responses(
        (status = 200, description = "The faces to review, with those whose answers were undone.", body = Undone),
        Guarded, OfPerson, OfLearning
    )
)]
pub async fn undo(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    Query(part): Query<Part>,
) -> Answer<Json<Undone>> {
    aside(&server, move |server| {
        let (person, review, undone) = made(server.people.undo(&id))?;
        Ok(Json(Undone { undone, review: listed(&person, &review, part) }))
    })
    .await
}

/// A small picture of a face that a scan found
#[utoipa::path(
    get, path = "/api/people/{id}/review/face", operation_id = "foundFace",
    params(Id, Named),
    responses(
        (status = 200, description = "A JPEG.", body = inline(Bytes), content_type = "image/jpeg"),
        Guarded, OfPerson
    )
)]
pub async fn face(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    Query(Named { face }): Query<Named>,
) -> Answer<Response> {
    let picture = aside(&server, move |server| {
        let (_, review) = made(server.people.review(&id))?;
        let missing = || Problem::missing("no picture of this face is available");
        let found = review.finding(&face).map_err(|_| missing())?;
        let template = &server.pack.description.crop;
        let cut = portrait(&found.photo, &found.sha256, &found.face.face, template, PORTRAIT);
        cut.and_then(|cut| jpeg(&cut).ok()).ok_or_else(missing)
    });
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], picture.await?).into_response())
}

fn listed(person: &Person, review: &Review, part: Part) -> List {
    let mut list = review.list(&person.profile, &person.decision);
    list.faces.truncate(part.limit.unwrap_or(usize::MAX));
    list
}
