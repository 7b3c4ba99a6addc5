//! `/api/people/{id}/review`: what a scan found of a person, answers to it, and pictures of the faces.

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

/// How much of the list is asked for.
#[derive(Debug, Default, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Part {
    /// The most faces to list; all of them.
    #[param(nullable = false)]
    limit: Option<usize>,
}

/// A face that is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// The face, as the review names it.
    face: String,
}

/// What is said of faces.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// They are undone together.
    #[schema(min_items = 1)]
    answers: Vec<Answered>,
}

/// What is said of a face.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// The face, as the review names it.
    face: String,
    answer: Said,
}

/// What came of undoing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Undone {
    /// The faces that are without an answer again; none if nothing was answered.
    undone: Vec<String>,
    #[serde(flatten)]
    review: List,
}

/// What a scan found
///
/// The faces that are or may be the person's, the most doubtful first, with the enrolled photos most like
/// each. `verify scan` on this machine finds them.
#[utoipa::path(
    get, path = "/api/people/{id}/review", operation_id = "review",
    params(Id, Part),
    responses(
        (status = 200, description = "What is to be looked through.", body = List),
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
/// A yes enrols the photo, a no keeps whoever it is apart, and neither is listed again; `unsure` lists the
/// face last. The profile is learnt anew, and the faces are sorted anew.
#[utoipa::path(
    post, path = "/api/people/{id}/review", operation_id = "answer",
    params(Id, Part),
    request_body(content = Answers),
    responses(
        (status = 200, description = "What is left to be looked through.", body = List),
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
        return Err(Problem::wrong("answers: there is none"));
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
/// Those that were given together.
#[utoipa::path(
    post, path = "/api/people/{id}/review/undo", operation_id = "undoAnswer",
    params(Id, Part),
    responses(
        (status = 200, description = "What is to be looked through again.", body = Undone),
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
        let missing = || Problem::missing("no picture of this face is at hand");
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
